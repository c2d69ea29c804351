//! The command line: arguments, and the commands that need no screen.

pub mod batch;
mod export;
mod format_args;
mod import;
pub mod invocation;
mod lines;
mod out;
mod products;
mod repair;
mod sample;
mod screen;
mod show;
mod verify;
mod view_state;
mod why;

use crate::cli::invocation::{GlobalArgs, Invocation};
use crate::config::Places;
use crate::model::author::may_sign;
use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

pub use batch::Batch;

#[derive(Parser, Debug)]
#[command(name = "whyhow", bin_name = "whyhow", version, about, long_about = None, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub wide: GlobalArgs,
    #[command(subcommand)]
    pub command: Option<CliCommand>,
}

#[derive(Subcommand, Debug)]
pub enum CliCommand {
    /// The screen on the sample product, in a scratch folder that is deleted on exit
    Demo,
    /// Bring in what another tool wrote; --dry-run looks first
    Import(import::Import),
    /// Write the product as JSON, Markdown or another format
    Export(export::Export),
    /// Print a view as text or JSON
    Show(show::Show),
    /// The chain from a story up to the vision
    Why(why::Why),
    /// Edits as JSON Lines, one acknowledgement per durable edit
    Batch(Batch),
    /// Do the files open, and hold every acknowledged edit?
    Verify(verify::Verify),
    /// Make a sound copy of a damaged product; touches nothing else
    Repair(repair::Repair),
    /// List the products
    Products(products::Listing),
    /// Where the data lies
    Path,
    /// Completions for a shell
    Completions { shell: clap_complete::Shell },
    /// The manual page, in roff
    Man,
}

/// Runs the program; the exit code is as documented: 0 done, 1 refused or failed, 2 wrong usage.
pub fn run() -> ExitCode {
    outlive_full_files();
    tell_faults_plainly();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                // It quotes what was typed.
                out::message(error.render().to_string().trim_end());
            } else {
                // Help and version hold words of our own alone. They go to standard output and are no failure.
                let _ = error.print();
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            out::message(&format!("whyhow: {error:#}"));
            ExitCode::from(1)
        }
    }
}

/// A file that may not grow any more is an error of the write, told like a full disk; unheard, the signal that comes with
/// it ends the program.
fn outlive_full_files() {
    #[cfg(unix)]
    {
        // Where it cannot be heard, the write still answers on most systems.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    }
}

/// A fault of our own says where it was, and quotes no text raw. The screen has words of its own for it.
fn tell_faults_plainly() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        out::message(&format!(
            "whyhow stopped on a fault of its own{place}. Every edit that was acknowledged is on disk; whyhow verify looks."
        ));
    }));
}

fn dispatch(cli: Cli) -> Result<u8> {
    if let Some(name) = &cli.wide.by {
        may_sign(name)?;
    }
    let places = Places::find(cli.wide.data.as_deref())?;
    let invocation = Invocation { wide: cli.wide, places };
    match cli.command {
        None => screen::run(&invocation),
        Some(CliCommand::Demo) => screen::demo(&invocation),
        Some(CliCommand::Import(import)) => import.run(&invocation),
        Some(CliCommand::Export(export)) => export.run(&invocation),
        Some(CliCommand::Show(show)) => show.run(&invocation),
        Some(CliCommand::Why(why)) => why.run(&invocation),
        Some(CliCommand::Batch(batch)) => batch.run(&invocation),
        Some(CliCommand::Verify(verify)) => verify.run(&invocation),
        Some(CliCommand::Repair(repair)) => repair.run(&invocation),
        Some(CliCommand::Products(listing)) => products::list(&invocation, &listing),
        Some(CliCommand::Path) => Ok(out::line(&invocation.places.data.0.display().to_string())),
        Some(CliCommand::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "whyhow", &mut script);
            Ok(out::bytes(&script))
        }
        Some(CliCommand::Man) => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            Ok(out::bytes(&page))
        }
    }
}

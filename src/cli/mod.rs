//! The command line: arguments, and the commands that work without a screen.

pub mod batch;
pub mod batch_line;
mod export;
mod format_args;
mod import;
mod import_target;
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
use crate::model::author::may_be_called;
use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
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
    /// Import data from another tool; --dry-run looks first
    Import(import::Import),
    /// Write the product as JSON, Markdown or another format
    Export(export::Export),
    /// Print a view as text or JSON
    Show(show::Show),
    /// Print the chain from a story up to the vision
    Why(why::Why),
    /// Run edits given as JSON Lines; each is acknowledged once it is on disk
    Batch(Batch),
    /// Check that the files open and contain every acknowledged edit
    Verify(verify::Verify),
    /// Make a sound copy of a damaged product; changes nothing else
    Repair(repair::Repair),
    /// List the products
    Products(products::Listing),
    /// Print the folder of all products
    Path,
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page, in roff
    Man,
}

/// Runs the program and returns the documented exit code: 0 for success, 1 if refused or failed, 2 for a usage error.
pub fn run() -> ExitCode {
    outlive_full_files();
    tell_faults_plainly();
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                // The error quotes user input.
                out::message(error.render().to_string().trim_end());
            } else {
                // Help and version contain only our own text. They go to standard output and are not failures.
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

/// The arguments. An empty variable counts as unset.
fn parsed() -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if std::env::var_os("WHYHOW_DATA").is_some_and(|folder| folder.is_empty()) {
        command = command.mut_arg("data", |folder| folder.env(clap::builder::Resettable::Reset));
    }
    Cli::from_arg_matches(&command.try_get_matches()?)
}

/// Makes a file size limit an error of the write, reported like a full disk. Without a handler, the signal that comes
/// with it would end the program.
fn outlive_full_files() {
    #[cfg(unix)]
    {
        // If no handler can be installed, the write still returns an error on most systems.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    }
}

/// Reports a panic with its location and without quoting any text. The screen has its own message for it.
fn tell_faults_plainly() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        out::message(&format!(
            "whyhow has crashed{place}. Every acknowledged edit is on disk; whyhow verify checks them."
        ));
    }));
}

fn dispatch(cli: Cli) -> Result<u8> {
    if let Some(name) = &cli.wide.by {
        may_be_called(name)?;
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

//! `whyhow repair`: makes a sound copy of a damaged product. The old folder is only read; the copy is beside it.

use crate::cli::invocation::{Invocation, now};
use crate::cli::out;
use crate::model::grammar::count;
use crate::model::id::IdSource;
use crate::store::create::Founder;
use crate::store::damage_report::Lost;
use crate::store::folder::Folder;
use crate::store::kept_steps;
use crate::store::open::{self, Opened};
use crate::store::products::Listed;
use crate::store::recover::recover;
use crate::store::repair;
use crate::store::writer::Writer;
use anyhow::Result;
use std::io::Write;

#[derive(clap::Args, Debug)]
pub struct Repair {
    /// Make a copy even if nothing is damaged
    #[arg(long)]
    anyway: bool,
    /// Make no copy, but bring back the saved steps that replaced files lack (backup/steps-*)
    #[arg(long, conflicts_with = "anyway")]
    steps: bool,
}

impl Repair {
    /// Returns 0 if there is a sound copy or none is needed, and 1 if nothing is readable.
    pub fn run(&self, invocation: &Invocation) -> Result<u8> {
        let listed = invocation.product()?;
        if self.steps {
            return bring_back(listed);
        }
        let opens = open::open(&listed.folder).is_ok_and(|opened| is_sound(&opened, &listed.folder));
        let mut found = recover(&listed.folder)?;
        if opens && found.lost.is_empty() && !self.anyway {
            out::message(&format!("{}: nothing is damaged, so no copy was made.", listed.name));
            return Ok(0);
        }
        let mut ids = IdSource::new(fastrand::u64(..), 0);
        let founder = Founder::new(invocation.by(), invocation.role(), now(), &mut ids);
        let data = &invocation.places.data;
        let meant = repair::Meant::repaired(data, &listed, &found);
        let copied = repair::write(data, &mut found, &meant, &founder)?;
        let left_out = left_out(&found.lost);
        let newest = copied.product.items().len();
        out::message(&format!(
            "A sound copy is in {}: {newest} stories, {} steps, taken from {}. {} in {} was changed.",
            copied.folder.0.display(),
            copied.steps,
            found.from,
            "Nothing",
            listed.folder.0.display(),
        ));
        out::message(&format!(
            "{} Open it with: whyhow --product {:?}. Once it has what you want, the old folder can go.",
            match found.lost.iter().filter(|one| !one.is_kept).count() {
                0 if !found.lost.is_empty() =>
                    "Nothing was left out; standard output names what is kept as text.".to_string(),
                0 => "Nothing was left out.".to_string(),
                1 => "One thing was left out, named on standard output.".to_string(),
                n => format!("{n} things were left out, named on standard output."),
            },
            copied.name
        ));
        Ok(left_out)
    }
}

/// Returns 0 if every kept step is in the product, else 1.
fn bring_back(listed: Listed) -> Result<u8> {
    let mut writer = Writer::open(listed.folder)?;
    let done = kept_steps::bring_back(&mut writer)?;
    if done.taken == 0 && done.refused.is_empty() {
        out::message(&format!("{}: no saved step is missing, so nothing was changed.", listed.name));
        return Ok(0);
    }
    // The steps are in the journal; the screen or the next batch writes the file as well.
    let _ = writer.checkpoint(false);
    let taken = count(done.taken, "step was", "steps were");
    out::message(&format!("{}: {taken} brought back. Values that were changed since stay as they are.", listed.name));
    for one in &done.refused {
        out::message(&format!("Not taken: {one}"));
    }
    Ok(u8::from(!done.refused.is_empty()))
}

/// True if the product opens whole, and product.json and the journal belong together.
fn is_sound(opened: &Opened, folder: &Folder) -> bool {
    let history = opened.history(folder);
    let belongs = history.missing().is_empty() && opened.differs(&history).is_empty();
    opened.read_only.is_none() && opened.torn == 0 && belongs
}

/// Prints one line for each thing missing from the copy, with the reason.
fn left_out(lost: &[Lost]) -> u8 {
    let mut stdout = std::io::stdout().lock();
    let mut written = Ok(());
    for one in lost {
        let line = crate::tui::term::text::clean(&one.to_string()).into_owned();
        written = written.and_then(|()| writeln!(stdout, "{line}"));
    }
    out::code(written.and_then(|()| stdout.flush()))
}

//! What a person chose for the files of one source (what milestones become, whether mail comes in), kept for the next
//! import of it: without that, the same file again would change what it brought.

use crate::import::asked::{shape_of, takes_mapping};
use crate::import::format::{ImportFormat, Progress};
use crate::import::github::SITE;
use crate::import::table::MAPPING;
use crate::import::{self, Found, Identity, SourceFile};
use crate::model::refusal::Refusal;
use crate::options::{FormatOption, Options};
use crate::tui::settings::write::replace;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The choices that are not the usual ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportChoices {
    pub options: BTreeMap<String, String>,
    pub without_mail: bool,
}

impl ImportChoices {
    pub fn value_of(&self, option: &FormatOption) -> Option<&str> {
        self.options.get(option.name).map(String::as_str).filter(|value| option.accepts(value))
    }

    /// As the command line takes it: `milestones=sprint, without mail addresses`.
    pub fn told(&self) -> String {
        let options = self.options.iter().map(|(name, value)| format!("{name}={value}"));
        options.chain(self.without_mail.then(|| "without mail addresses".to_string())).collect::<Vec<_>>().join(", ")
    }

    /// What is chosen by these options, and what of the kept choices they leave.
    fn in_force(format: &ImportFormat, options: &Options, without_mail: bool) -> ImportChoices {
        let chosen = choices_of(format).map(|option| (option, options.text(option)));
        let chosen = chosen.filter(|(option, value)| *value != option.default);
        let options = chosen.map(|(option, value)| (option.name.to_string(), value.to_string())).collect();
        ImportChoices { options, without_mail }
    }
}

/// The options of a format that are kept here: what columns and words mean is kept with the other tables like it.
fn choices_of(format: &ImportFormat) -> impl Iterator<Item = &'static FormatOption> {
    format.options.iter().copied().filter(|option| option.name != MAPPING.name)
}

/// What counted when a file was read, said now or at an earlier import.
#[derive(Clone, Debug, Default)]
pub struct ChoicesInForce {
    pub choices: ImportChoices,
    /// The names under which choices for this source are kept.
    sources: Vec<String>,
    /// Something counted that was said at an earlier import.
    pub from_before: bool,
}

impl ChoicesInForce {
    /// Keeps the choices for the next file of the same source; the usual ones are forgotten.
    ///
    /// # Errors
    ///
    /// They cannot be written: the next import begins with the usual ones.
    pub fn keep(&self, folder: &Path) -> std::io::Result<()> {
        keep(folder, &self.sources, &self.choices)
    }
}

/// Reads a file with the options given now, and where none is given with what was chosen for its source before.
///
/// # Errors
///
/// The file does not read, or not with these options.
pub fn read_as_chosen(
    file: &SourceFile,
    format: &'static ImportFormat,
    given: &Options,
    without_mail: Option<bool>,
    folder: Option<&Path>,
    progress: Progress,
) -> Result<(Found, ChoicesInForce), Refusal> {
    let first = import::read(file, Some(format.name), given, progress)?;
    let sources = sources_of(file, format, given, &first);
    let kept = folder.and_then(|folder| kept(folder, &sources)).unwrap_or_default();
    let mut options = given.clone();
    for option in choices_of(format).filter(|option| !given.names().any(|name| name == option.name)) {
        if let Some(value) = kept.value_of(option) {
            options.set(option, value)?;
        }
    }
    let mail = without_mail.unwrap_or(kept.without_mail);
    let from_before = options != *given || (without_mail.is_none() && kept.without_mail);
    let mut found = match options == *given {
        true => first,
        false => import::read(file, Some(format.name), &options, &mut |_, _| {})?,
    };
    if mail {
        found.take_mail_out();
    }
    let choices = ImportChoices::in_force(format, &options, mail);
    Ok((found, ChoicesInForce { choices, sources, from_before }))
}

/// The names of the source of a file: the system and the site that it names, else its own path.
fn sources_of(file: &SourceFile, format: &'static ImportFormat, given: &Options, found: &Found) -> Vec<String> {
    if format.options.is_empty() {
        return Vec::new();
    }
    let named = |site: &str| format!("{}-{:08x}", format.name, crc32fast::hash(site.as_bytes()));
    let site_of = |found: &Found| {
        found.records.iter().find_map(|record| match &record.identity {
            Identity::Foreign { site, .. } if !site.is_empty() => Some(named(site)),
            _ => None,
        })
    };
    let takes_site = |name: &str| name == SITE.name;
    let own = match given.names().any(takes_site) {
        // The next one may come without the word that named it.
        true => import::read(file, Some(format.name), &Options::default(), &mut |_, _| {}).ok(),
        false => None,
    };
    if let Some(site) = site_of(own.as_ref().unwrap_or(found)) {
        return vec![site];
    }
    let path = std::fs::canonicalize(&file.name).ok().map(|path| named(&format!("file {}", path.display())));
    // Issues without a repository may be of any; tables are told by their columns, and a list of tasks is one's own.
    let any = match takes_mapping(format) {
        true => Some(shape_of(format, file)),
        false => (!format.options.iter().any(|option| takes_site(option.name))).then(|| named("")),
    };
    path.into_iter().chain(any).collect()
}

fn file_of(folder: &Path, source: &str) -> PathBuf {
    folder.join("mappings").join(format!("choices-{source}.json"))
}

fn kept(folder: &Path, sources: &[String]) -> Option<ImportChoices> {
    sources.iter().find_map(|source| {
        let text = std::fs::read_to_string(file_of(folder, source)).ok()?;
        serde_json::from_str(&text).ok()
    })
}

fn keep(folder: &Path, sources: &[String], choices: &ImportChoices) -> std::io::Result<()> {
    for source in sources {
        let path = file_of(folder, source);
        if *choices != ImportChoices::default() {
            let text = serde_json::to_string_pretty(choices).map_err(std::io::Error::other)?;
            replace(&path, &format!("{text}\n"))?;
        } else if let Err(cause) = std::fs::remove_file(&path)
            && cause.kind() != ErrorKind::NotFound
        {
            return Err(cause);
        }
    }
    Ok(())
}

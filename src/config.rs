//! Where data, settings and state are on this machine, and what is remembered between runs.

use crate::model::author::{NO_NAME, may_be_called};
use crate::model::role::Role;
use crate::store::error::StoreError;
use crate::store::file::{make_folder, read_file};
use crate::store::products::Data;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The program's folders and files.
#[derive(Clone, Debug)]
pub struct Places {
    pub data: Data,
    pub state: PathBuf,
    /// The settings file, which may not exist.
    pub settings: PathBuf,
}

const SETTINGS: &str = "config.toml";

/// A settings file is a page of text; anything longer is something else.
const LONGEST_SETTINGS: u64 = 1 << 20;

impl Places {
    /// The folder given with `--data` or `WHYHOW_DATA`, which then also holds state and settings, or else the
    /// platform's folders.
    pub fn find(data: Option<&Path>) -> Result<Places> {
        if let Some(data) = data {
            let data = std::path::absolute(data).with_context(|| format!("{} is not a path.", data.display()))?;
            return Ok(Places { state: data.join("state"), settings: data.join(SETTINGS), data: Data(data) });
        }
        let ours = directories::ProjectDirs::from("", "", "whyhow")
            .context("There is no home folder for the data. Name a folder with --data DIR.")?;
        anyhow::ensure!(
            ours.data_dir().is_absolute(),
            "The home folder is not an absolute path, so the data would be in another place each time. Set HOME, or name a folder with --data DIR."
        );
        let state = ours.state_dir().unwrap_or_else(|| ours.data_local_dir()).to_path_buf();
        Ok(Places { data: Data(ours.data_dir().to_path_buf()), state, settings: ours.config_dir().join(SETTINGS) })
    }

    /// Where a copy can go when nothing can be saved in the data folder: the home and temporary folders, those on
    /// another disk first.
    pub fn spares(&self) -> Vec<PathBuf> {
        let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf());
        let mut all: Vec<PathBuf> = home.into_iter().chain([std::env::temp_dir()]).collect();
        let here = disk_of(&self.data.0);
        all.sort_by_key(|path| here.is_some() && disk_of(path) == here);
        all.into_iter().map(|path| path.join("whyhow-copy")).collect()
    }

    fn state_file(&self) -> PathBuf {
        self.state.join("state.json")
    }

    /// Returns the remembered state; empty if the file is missing or unreadable, because it is never essential.
    pub fn remembered(&self) -> State {
        let bytes = read_file(&self.state_file()).ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Returns the text of the settings file; empty if there is none.
    pub fn settings_text(&self) -> Result<String, String> {
        let longer = std::fs::metadata(&self.settings).is_ok_and(|file| file.len() > LONGEST_SETTINGS);
        if longer {
            return Err("it is longer than 1 MiB. The default settings apply.".to_string());
        }
        let unread = |why: &str| format!("it is unreadable ({why}). The default settings apply.");
        match read_file(&self.settings) {
            Ok(bytes) => String::from_utf8(bytes.unwrap_or_default()).map_err(|_| unread("it is not UTF-8")),
            Err(StoreError::Damaged { why, .. }) => Err(unread(&why)),
            Err(error) => Err(unread(&error.short())),
        }
    }

    pub fn remember(&self, state: &State) -> Result<()> {
        make_folder(&self.state)?;
        let path = self.state_file();
        let fresh = self.state.join(format!("state.json.{}", std::process::id()));
        std::fs::write(&fresh, serde_json::to_vec_pretty(state)?)
            .with_context(|| format!("Could not write {}.", fresh.display()))?;
        std::fs::rename(&fresh, &path).with_context(|| format!("Could not replace {}.", path.display()))
    }
}

/// Returns the disk that holds a folder, or its nearest existing ancestor.
#[cfg(unix)]
fn disk_of(path: &Path) -> Option<u64> {
    let meta = path.ancestors().find_map(|path| std::fs::metadata(path).ok());
    meta.map(|meta| std::os::unix::fs::MetadataExt::dev(&meta))
}

#[cfg(not(unix))]
fn disk_of(_: &Path) -> Option<u64> {
    None
}

/// Where somebody was. Nothing in here is essential.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The id of the last open product.
    pub last: String,
    /// The id of the sample product, if it was ever opened.
    pub sample: String,
    /// The name given when a product was created here.
    pub name: String,
    /// How many popups after a prefix key have been opened; people who know them are spared the flash.
    pub boxes: u32,
    /// Who sat there last in each product, and where.
    pub products: BTreeMap<String, PersonState>,
    /// Where each person was, by product and name: two people may share a folder.
    pub people: BTreeMap<String, BTreeMap<String, PersonState>>,
}

impl State {
    /// Where somebody was in a product. Who is here for the first time begins afresh, with the filters that are kept.
    pub fn place_of(&self, product: &str, name: &str) -> PersonState {
        let last = self.products.get(product);
        let own = self.people.get(product).and_then(|people| people.get(name));
        match (own, last) {
            (Some(own), _) => own.clone(),
            (None, Some(last)) if last.name == name || last.name.is_empty() => last.clone(),
            (None, Some(last)) => PersonState { filters: last.filters.clone(), ..PersonState::default() },
            (None, None) => PersonState::default(),
        }
    }
}

/// One person's state in one product.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonState {
    pub role: Role,
    pub name: String,
    pub view: String,
    /// The state of each view, by the view's name.
    pub places: BTreeMap<String, SavedView>,
    pub zoom: bool,
    /// The step of the guided tour, from 1; 0 without a tour.
    pub tour: usize,
    /// When the product was last open on this screen.
    pub left: Option<String>,
    /// The ids of proposals, questions and remarks whose answer was read.
    pub read_answers: Vec<String>,
    /// Filters saved under a name.
    pub filters: BTreeMap<String, SavedFilter>,
    /// Text that was being typed when the program ended.
    pub draft: Option<SavedText>,
}

/// What a list was narrowed to when somebody saved it under a name.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedFilter {
    pub filters: Vec<String>,
    pub sort: String,
    pub find: String,
    pub closed: bool,
}

/// One person's state in one view.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedView {
    /// The id of the chosen row.
    pub chosen: String,
    /// `list`, `why` or `how`.
    pub focus: String,
    pub top: usize,
    pub column: usize,
    pub turn: usize,
    /// The sprint that a review is of.
    pub sprint: String,
    pub closed: bool,
    pub find: String,
    /// Filters and sort, by their words.
    pub filters: Vec<String>,
    pub sort: String,
    /// The ids of folded rows of a tree.
    pub folded: Vec<String>,
    /// The why pane's share of both panes, in percent.
    pub share: u16,
}

/// A text that has not been saved yet.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct SavedText {
    /// The program that was typing it.
    #[serde(default)]
    pub process: u32,
    pub record: String,
    pub field: String,
    pub text: String,
}

/// The user's name, as the operating system knows it.
pub fn login_name() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|key| std::env::var(key).ok().filter(|name| !name.trim().is_empty() && may_be_called(name).is_ok()))
        .unwrap_or_else(|| NO_NAME.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_comes_back_to_their_own_place() {
        let at =
            |name: &str, view: &str| PersonState { name: name.into(), view: view.into(), ..PersonState::default() };
        let mut state = State::default();
        state.products.insert("p".into(), at("Petra", "inbox"));
        assert_eq!(state.place_of("p", "Petra").view, "inbox", "as an earlier version stored it");
        assert_eq!(state.place_of("p", "Omar").view, "", "another person's place is not taken over");
        state.people.entry("p".into()).or_default().insert("Omar".into(), at("Omar", "review"));
        assert_eq!(state.place_of("p", "Omar").view, "review");
        assert_eq!(state.place_of("p", "Petra").view, "inbox");
        assert_eq!(state.place_of("q", "Petra"), PersonState::default());
    }
}

//! Where data, settings and state lie on this machine, and what is remembered between runs.

use crate::model::author::may_sign;
use crate::model::role::Role;
use crate::store::error::StoreError;
use crate::store::file::{make_folder, read_file};
use crate::store::products::Data;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the program keeps what.
#[derive(Clone, Debug)]
pub struct Places {
    pub data: Data,
    pub state: PathBuf,
    /// The file of settings; it need not be there.
    pub settings: PathBuf,
}

const SETTINGS: &str = "config.toml";

/// A file of settings is a page of text; what is longer is something else.
const LONGEST_SETTINGS: u64 = 1 << 20;

impl Places {
    /// `--data` or `WHYHOW_DATA`, else the platform's folders. With a data folder of its own the state and the
    /// settings lie in it.
    pub fn find(data: Option<&Path>) -> Result<Places> {
        if let Some(data) = data {
            let data = std::path::absolute(data).with_context(|| format!("{} is no path.", data.display()))?;
            return Ok(Places { state: data.join("state"), settings: data.join(SETTINGS), data: Data(data) });
        }
        let ours = directories::ProjectDirs::from("", "", "whyhow")
            .context("There is no home folder to keep data in. Name a folder with --data DIR.")?;
        let state = ours.state_dir().unwrap_or_else(|| ours.data_local_dir()).to_path_buf();
        Ok(Places { data: Data(ours.data_dir().to_path_buf()), state, settings: ours.config_dir().join(SETTINGS) })
    }

    /// Where a copy can go when nothing can be saved in the data folder: home and the folder for scratch files, another
    /// disk first.
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

    /// What was remembered; nothing where the file is gone or does not read, since it can always be done without.
    pub fn remembered(&self) -> State {
        let bytes = read_file(&self.state_file()).ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// The text of the settings; empty where there is no file.
    pub fn settings_text(&self) -> Result<String, String> {
        let longer = std::fs::metadata(&self.settings).is_ok_and(|file| file.len() > LONGEST_SETTINGS);
        if longer {
            return Err("it is longer than 1 MiB. The usual settings are in force.".to_string());
        }
        let unread = |why: &str| format!("it cannot be read ({why}). The usual settings are in force.");
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

/// Which disk a folder, or the nearest one above it that exists, lies on.
#[cfg(unix)]
fn disk_of(path: &Path) -> Option<u64> {
    let meta = path.ancestors().find_map(|path| std::fs::metadata(path).ok());
    meta.map(|meta| std::os::unix::fs::MetadataExt::dev(&meta))
}

#[cfg(not(unix))]
fn disk_of(_: &Path) -> Option<u64> {
    None
}

/// Where somebody was. Nothing in here is needed.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The id of the product that was open last.
    pub last: String,
    /// The id of the sample product, where it was opened once.
    pub sample: String,
    /// The name that was given when a product was made here.
    pub name: String,
    /// How many boxes after a prefix key were opened: those who know them are spared the flash.
    pub boxes: u32,
    pub products: BTreeMap<String, PersonState>,
}

/// One person's place in one product.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonState {
    pub role: Role,
    pub name: String,
    pub view: String,
    /// Where in each view, by the view's name.
    pub places: BTreeMap<String, SavedView>,
    pub zoom: bool,
    /// The act of the sample's strip, counted from one; 0 without a strip.
    pub tour: usize,
    /// When the product was last on a screen here.
    pub left: Option<String>,
    /// Text that was being typed when the program ended.
    pub draft: Option<SavedText>,
}

/// One person's place in one view.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedView {
    /// The id of the chosen row.
    pub chosen: String,
    /// list, why or how.
    pub focus: String,
    pub top: usize,
    pub column: usize,
    pub turn: usize,
    pub closed: bool,
    pub find: String,
    /// What part of the two panes is the why's, in percent.
    pub share: u16,
}

/// A text that was not kept yet.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct SavedText {
    /// The program that was typing it.
    #[serde(default)]
    pub process: u32,
    pub record: String,
    pub field: String,
    pub text: String,
}

/// The name of whoever runs the program, as the system knows it.
pub fn login_name() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|key| std::env::var(key).ok().filter(|name| !name.trim().is_empty() && may_sign(name).is_ok()))
        .unwrap_or_else(|| "me".to_string())
}

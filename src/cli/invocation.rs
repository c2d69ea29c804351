//! What every command knows: the arguments before its own, the folders, who acts, and the clock.

use crate::config::{Places, login_name};
use crate::model::role::Role;
use crate::model::value::When;
use crate::store::error::StoreError;
use crate::store::products::Listed;
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Options of every command.
#[derive(Args, Debug, Clone, Default)]
pub struct GlobalArgs {
    /// The folder of all products
    #[arg(long, global = true, value_name = "DIR", env = "WHYHOW_DATA", hide_env_values = true)]
    pub data: Option<PathBuf>,
    /// The product, by name, slug or id
    #[arg(long, global = true, value_name = "NAME", value_parser = product_name)]
    pub product: Option<String>,
    /// The role for this run
    #[arg(long = "as", global = true, value_name = "ROLE")]
    pub role: Option<RoleArg>,
    /// Your name for this run
    #[arg(long, global = true, value_name = "NAME")]
    pub by: Option<String>,
    /// One pane at a time and no borders, for screen readers
    #[arg(long)]
    pub plain: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum RoleArg {
    Pm,
    Po,
    Both,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Role {
        match role {
            RoleArg::Pm => Role::Pm,
            RoleArg::Po => Role::Po,
            RoleArg::Both => Role::Both,
        }
    }
}

/// What a command knows about its invocation.
#[derive(Clone)]
pub struct Invocation {
    pub wide: GlobalArgs,
    pub places: Places,
}

impl Invocation {
    /// Returns the product that the arguments refer to: the one named, the last open, or the only one.
    pub fn product(&self) -> Result<Listed, StoreError> {
        match &self.wide.product {
            Some(name) => self.places.data.find(Some(name)),
            None => {
                let last = self.places.remembered().last;
                let known = (!last.is_empty()).then(|| self.places.data.find(Some(&last)).ok()).flatten();
                known.map_or_else(|| self.places.data.find(None), Ok)
            }
        }
    }

    pub fn by(&self) -> String {
        self.wide.by.clone().unwrap_or_else(login_name)
    }

    pub fn role(&self) -> Role {
        self.wide.role.map_or(Role::Both, Role::from)
    }
}

/// The longest name of a product, in characters.
const LONGEST_NAME: usize = 1000;

/// The name of a product as an argument. An unset variable of a shell gives an empty one, which would make a product of
/// its own each time.
pub fn product_name(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("a product needs a name".to_string());
    }
    if text.contains(['\n', '\r']) {
        return Err("the name of a product is one line of text".to_string());
    }
    if text.chars().count() > LONGEST_NAME {
        return Err(format!("the name of a product has at most {LONGEST_NAME} characters"));
    }
    Ok(text.to_string())
}

/// The current local time.
pub fn now() -> When {
    When(chrono::Local::now().fixed_offset())
}

/// The clock of a command, which a script can set.
pub fn clock(given: Option<&String>) -> Result<When> {
    given.map_or_else(|| Ok(now()), |text| When::parse(text).map_err(anyhow::Error::msg))
}

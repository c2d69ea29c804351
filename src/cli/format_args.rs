//! `--set NAME=VALUE` and the flags that stand for it: options of a format, checked against the rows of its table.

use crate::options::{FormatOption, Options};

/// A row of a table of formats, as far as the command line needs it.
pub struct FormatRow {
    pub name: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub options: &'static [&'static FormatOption],
}

/// The options given, in the order in which they count: flags first, then each `--set`.
#[derive(Clone, Debug, Default)]
pub struct Given(Vec<(String, String)>);

impl Given {
    /// # Errors
    ///
    /// A `--set` without `=`; the message shows what was typed and the right form.
    pub fn new(flags: &[(&FormatOption, Option<&str>)], set: &[String]) -> Result<Given, String> {
        let flags =
            flags.iter().filter_map(|(option, value)| Some((option.name.to_string(), value.as_ref()?.to_string())));
        let mut all: Vec<(String, String)> = flags.collect();
        for one in set {
            match one.split_once('=') {
                Some((name, value)) => all.push((name.trim().to_string(), value.to_string())),
                None => return Err(format!("--set {one:?} is not NAME=VALUE.")),
            }
        }
        Ok(Given(all))
    }

    /// The names of the options given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks before anything is read that each name is an option of one of these formats and accepts its value.
    ///
    /// # Errors
    ///
    /// A message about the first invalid one, with the alternatives.
    pub fn check(&self, rows: &[FormatRow]) -> Result<(), String> {
        for (name, value) in &self.0 {
            let known = || rows.iter().flat_map(|row| row.options).filter(|option| option.name == name);
            if known().next().is_none() {
                let formats: Vec<&str> = rows.iter().map(|row| row.name).collect();
                let names: Vec<&str> = rows.iter().flat_map(|row| row.options).map(|option| option.name).collect();
                let names = if names.is_empty() { String::new() } else { format!(" Options: {}.", names.join(", ")) };
                return Err(format!("{} has no option {name:?}.{names}", formats.join(" or ")));
            }
            let refused = known().map(|option| Options::default().set(option, value)).collect::<Result<Vec<()>, _>>();
            if let Err(refusal) = refused {
                return Err(refusal.to_string());
            }
        }
        Ok(())
    }

    /// The options of one format; those of other formats are ignored.
    pub fn of(&self, options: &[&'static FormatOption]) -> Result<Options, crate::model::rules::Refusal> {
        let mut out = Options::default();
        for (name, value) in &self.0 {
            if let Some(option) = options.iter().find(|option| option.name == name) {
                out.set(option, value)?;
            }
        }
        Ok(out)
    }
}

/// The formats by name and title, for the help of `--from` and `--to`.
pub fn names(rows: &[FormatRow]) -> String {
    rows.iter().map(|row| format!("{} ({})", row.name, row.title)).collect::<Vec<_>>().join(", ")
}

/// What `--help` says below the flags: the options of each format.
pub fn options_help(rows: &[FormatRow]) -> String {
    let mut out = String::from("Options of the formats, set with --set NAME=VALUE:\n");
    let same = |a: &FormatRow, b: &FormatRow| {
        a.options.iter().map(|one| (one.name, one.help)).eq(b.options.iter().map(|one| (one.name, one.help)))
    };
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.options.is_empty()) {
        if rows.iter().take(at).any(|earlier| same(earlier, row)) {
            continue;
        }
        let alike: Vec<&str> = rows.iter().filter(|other| same(other, row)).map(|one| one.name).collect();
        match alike.as_slice() {
            [_] => out.push_str(&format!("  {}, {}\n", row.name, row.about.replace('`', ""))),
            alike => out.push_str(&format!("  {}\n", alike.join(", "))),
        }
        for option in row.options {
            let default =
                if option.default.is_empty() { String::new() } else { format!(" [default: {}]", option.default) };
            out.push_str(&format!("    {}: {}\n        {}{default}\n", option.name, option.takes(), option.help));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OptionKind;

    const DEEP: FormatOption = FormatOption { name: "deep", help: "All.", kind: OptionKind::Switch, default: "no" };
    const ROWS: &[FormatRow] = &[FormatRow { name: "csv", title: "CSV", about: "lines", options: &[&DEEP] }];

    #[test]
    fn what_is_set_is_checked_against_the_rows() {
        let given = |set: &[&str]| Given::new(&[], &set.iter().map(|one| one.to_string()).collect::<Vec<_>>());
        assert_eq!(given(&["deep"]).unwrap_err(), "--set \"deep\" is not NAME=VALUE.");
        let check = |set: &[&str]| given(set).unwrap().check(ROWS);
        assert_eq!(check(&["wide=1"]).unwrap_err(), "csv has no option \"wide\". Options: deep.");
        assert!(check(&["deep=maybe"]).unwrap_err().contains("Choose one of yes, no."));
        assert!(check(&["deep=yes"]).is_ok());
        let both = Given::new(&[(&DEEP, Some("yes"))], &["deep=no".to_string()]).unwrap();
        assert!(!both.of(&[&DEEP]).unwrap().is_on(&DEEP), "--set counts last");
        assert!(both.of(&[]).unwrap().names().next().is_none());
    }
}

//! Options of a file format: declared once beside the format, set by name on the command line, checked against the
//! declaration.

use crate::model::rules::Refusal;

/// One option of a format.
#[derive(Debug)]
pub struct FormatOption {
    /// Its name for `--set NAME=VALUE`.
    pub name: &'static str,
    /// One sentence for `--help` and docs/FORMAT.md.
    pub help: &'static str,
    pub kind: OptionKind,
    /// The default; empty if there is none.
    pub default: &'static str,
}

/// The values that an option accepts.
#[derive(Debug)]
pub enum OptionKind {
    /// One of a list. The word names the list, as in: There is no VIEW "x".
    Choice(&'static str, fn() -> Vec<&'static str>),
    /// `yes` or `no`.
    Switch,
    /// Any text. The word is its placeholder, such as `NUMBER`.
    Text(&'static str),
}

impl FormatOption {
    /// The accepted values, for people: `label, sprint, roadmap`.
    pub fn takes(&self) -> String {
        match &self.kind {
            OptionKind::Choice(_, values) => values().join(", "),
            OptionKind::Switch => "yes, no".to_string(),
            OptionKind::Text(what) => what.to_string(),
        }
    }

    /// The value after this one, or before it, going round; `None` for a text, which is typed. An option without a default
    /// can also be left out.
    pub fn next(&self, value: &str, forward: bool) -> Option<&'static str> {
        let mut all = match &self.kind {
            OptionKind::Choice(_, values) => values(),
            OptionKind::Switch => vec!["yes", "no"],
            OptionKind::Text(_) => return None,
        };
        if self.default.is_empty() {
            all.push("");
        }
        let at = all.iter().position(|one| *one == value).unwrap_or(0);
        let next = match forward {
            true => all.get(at.saturating_add(1)).or_else(|| all.first()),
            false => at.checked_sub(1).and_then(|at| all.get(at)).or_else(|| all.last()),
        };
        next.copied()
    }

    /// Whether it accepts this value.
    pub fn accepts(&self, text: &str) -> bool {
        self.accept(text).is_some()
    }

    /// Parses a value, in the option's spelling.
    fn accept(&self, text: &str) -> Option<String> {
        let text = text.trim();
        match &self.kind {
            OptionKind::Choice(_, values) => {
                values().into_iter().find(|known| known.eq_ignore_ascii_case(text)).map(str::to_string)
            }
            OptionKind::Switch => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "on" | "1" => Some("yes".to_string()),
                "no" | "false" | "off" | "0" => Some("no".to_string()),
                _ => None,
            },
            OptionKind::Text(_) => Some(text.to_string()),
        }
    }
}

/// The options that were set; all others have their defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(Vec<(&'static str, String)>);

impl Options {
    /// Sets an option; a second value replaces the first.
    ///
    /// # Errors
    ///
    /// The option does not accept the value. What was set before stays.
    pub fn set(&mut self, option: &FormatOption, text: &str) -> Result<(), Refusal> {
        let Some(value) = option.accept(text) else {
            let what = match &option.kind {
                OptionKind::Choice(what, _) => format!("There is no {what} {text:?}."),
                _ => format!("{text:?} is not a value of {}.", option.name),
            };
            return Err(Refusal::new(what, format!("Choose one of {}.", option.takes())));
        };
        self.0.retain(|(name, _)| *name != option.name);
        self.0.push((option.name, value));
        Ok(())
    }

    /// The value of an option, or its default.
    pub fn text<'a>(&'a self, option: &'a FormatOption) -> &'a str {
        let set = self.0.iter().find(|(name, _)| *name == option.name);
        set.map_or(option.default, |(_, value)| value)
    }

    /// True if a switch is on.
    pub fn is_on(&self, option: &FormatOption) -> bool {
        self.text(option) == "yes"
    }

    /// The names of the options that are set.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: FormatOption = FormatOption {
        name: "side",
        help: "Which side.",
        kind: OptionKind::Choice("side", || vec!["why", "how"]),
        default: "why",
    };
    const DEEP: FormatOption =
        FormatOption { name: "deep", help: "All of it.", kind: OptionKind::Switch, default: "no" };

    #[test]
    fn values_go_round_and_a_text_is_typed() {
        assert_eq!((SIDE.next("why", true), SIDE.next("how", true)), (Some("how"), Some("why")));
        assert_eq!((SIDE.next("why", false), DEEP.next("yes", true)), (Some("how"), Some("no")));
        let part = FormatOption { default: "", ..SIDE };
        assert_eq!((part.next("how", true), part.next("", true)), (Some(""), Some("why")), "it can be left out");
        assert_eq!(FormatOption { kind: OptionKind::Text("NAME"), ..SIDE }.next("why", true), None);
    }

    #[test]
    fn an_option_has_its_default_until_it_is_set() {
        let mut options = Options::default();
        assert_eq!((options.text(&SIDE), options.is_on(&DEEP)), ("why", false));
        options.set(&SIDE, " HOW ").unwrap();
        options.set(&DEEP, "on").unwrap();
        assert_eq!((options.text(&SIDE), options.is_on(&DEEP)), ("how", true));
        assert_eq!(
            options.set(&SIDE, "when").unwrap_err().to_string(),
            "There is no side \"when\". Choose one of why, how."
        );
        assert_eq!(options.text(&SIDE), "how", "a refused value changes nothing");
        options.set(&DEEP, "no").unwrap();
        assert_eq!(options.names().collect::<Vec<_>>(), ["side", "deep"]);
    }
}

//! The names under which steps are written.

use crate::model::refusal::Refusal;

/// The longest name of a person, in characters.
const LONGEST_NAME: usize = 200;

/// What people call themselves who have not said who they are.
pub const NO_NAME: &str = "me";

/// The author of edits made in the file itself.
pub const OUTSIDE: &str = "outside";

/// Checks that a person may act under this name.
///
/// # Errors
///
/// Refuses the name reserved for edits of the file itself, in any case and with surrounding spaces.
pub fn may_sign(name: &str) -> Result<(), Refusal> {
    if !name.trim().eq_ignore_ascii_case(OUTSIDE) {
        return Ok(());
    }
    Err(Refusal::new(
        format!("The name {:?} is reserved for edits of the file itself.", name.trim()),
        "Choose another name; nothing was changed.",
    ))
}

/// Checks a name that somebody gives: each change will carry it, and each line of the history show it.
///
/// # Errors
///
/// Refuses what [`may_sign`] refuses, and what is not one line of at most 200 characters.
pub fn may_be_called(name: &str) -> Result<(), Refusal> {
    if name.chars().any(char::is_control) || name.chars().count() > LONGEST_NAME {
        let what = format!("A person's name is one line of at most {LONGEST_NAME} characters.");
        return Err(Refusal::new(what, "Choose another name; nothing was changed."));
    }
    may_sign(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_signs_for_the_file() {
        let long = "x".repeat(LONGEST_NAME + 1);
        for name in ["outside", " Outside ", "OUTSIDE", "Ann\n2026-01-01 Bob", "A\u{1b}[2J", &long] {
            assert!(may_be_called(name).is_err(), "{name}");
        }
        for name in ["Omar", "outsider", ""] {
            assert_eq!(may_sign(name), Ok(()), "{name}");
        }
    }
}

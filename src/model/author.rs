//! The names under which steps are written.

use crate::model::refusal::Refusal;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_signs_for_the_file() {
        for name in ["outside", " Outside ", "OUTSIDE"] {
            assert!(may_sign(name).is_err(), "{name}");
        }
        for name in ["Omar", "outsider", ""] {
            assert_eq!(may_sign(name), Ok(()), "{name}");
        }
    }
}

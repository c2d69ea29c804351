//! Estimates as people write them.

use crate::model::value::Amount;

/// An estimate, as far as the field takes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Estimate {
    pub amount: Amount,
    /// It was rounded: the field has two decimals.
    pub is_rounded: bool,
}

/// Reads `5.0`, `0,5`, `3 pts`. `None` for sizes such as `M`, for what is below zero and for what is no number.
pub fn estimate(text: &str) -> Option<Estimate> {
    let lower = text.trim().to_lowercase();
    let units = ["points", "point", "pts", "pt", "sp", "p"];
    let number = units.iter().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower).trim();
    if !number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'+')) {
        return None;
    }
    let decimals = number.rsplit_once(['.', ',']).map_or("", |(_, decimals)| decimals).trim_end_matches('0');
    // A number with three zeros after its comma is a whole one here.
    let plain = number.strip_suffix(".000").unwrap_or(number);
    let amount = Amount::parse(plain).ok().filter(|amount| *amount >= Amount::default())?;
    Some(Estimate { amount, is_rounded: decimals.len() > 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_sizes_are_not() {
        let said = |text: &str| estimate(text).map(|one| one.amount.to_string());
        for (text, number) in [
            ("5.0", "5"),
            ("0,5", "0.5"),
            ("79", "79"),
            ("100", "100"),
            ("3 pts", "3"),
            (" 8SP ", "8"),
            ("2.000", "2"),
            ("0", "0"),
        ] {
            assert_eq!(said(text).as_deref(), Some(number), "{text}");
        }
        for text in ["", "M", "XL", "-3", "1,000", "?", "3h", "inf", "nan", "1e3", "two", "p"] {
            assert_eq!(said(text), None, "{text}");
        }
        assert!(estimate("0.125").is_some_and(|one| one.is_rounded && one.amount == Amount::hundredths(13)));
        assert!(!estimate("0.500").unwrap().is_rounded);
    }
}

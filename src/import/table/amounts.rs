//! Estimates as people write them.

use crate::model::value::Amount;

/// What parts the whole from its decimals in a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecimalSign {
    Point,
    Comma,
}

impl DecimalSign {
    fn letter(self) -> char {
        match self {
            DecimalSign::Point => '.',
            DecimalSign::Comma => ',',
        }
    }
}

/// An estimate, as far as the field takes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Estimate {
    pub amount: Amount,
    /// It was rounded: the field has two decimals.
    pub is_rounded: bool,
    /// It may also be a number of thousands.
    pub is_open: bool,
}

/// A number in two parts; the digits after its only sign may also be thousands.
struct Parts {
    whole: String,
    decimals: String,
    sign: Option<DecimalSign>,
    is_open: bool,
}

/// Reads `5.0`, `0,5`, `3 pts`, `1.250,5`. `None` for sizes such as `M`, for what is below zero, for what is no number, and
/// for `1,250` where the column does not say what its comma is.
pub fn estimate(text: &str, column: Option<DecimalSign>) -> Option<Estimate> {
    let parts = parts(text)?;
    let is_group = |sign: DecimalSign| match column {
        Some(column) => column != sign,
        None => false,
    };
    let (whole, decimals, is_open) = match parts.sign {
        Some(sign) if parts.is_open && is_group(sign) => (format!("{}{}", parts.whole, parts.decimals), "", false),
        Some(DecimalSign::Comma) if parts.is_open && column.is_none() => return None,
        _ => (parts.whole, parts.decimals.as_str(), parts.is_open && column.is_none()),
    };
    let amount = Amount::parse(&format!("{whole}.{decimals}")).ok()?;
    Some(Estimate { amount, is_rounded: decimals.trim_end_matches('0').len() > 2, is_open })
}

/// What the numbers of a column say about their sign; without a word from them, what the file's delimiter says: where cells
/// are parted by semicolons, the comma is in the numbers. `None` if it is not plain.
pub fn decimal_sign<'a>(cells: impl Iterator<Item = &'a str>, by_semicolon: bool) -> Option<DecimalSign> {
    let (mut point, mut comma) = (false, false);
    for parts in cells.filter_map(parts).filter(|parts| !parts.is_open) {
        point |= parts.sign == Some(DecimalSign::Point);
        comma |= parts.sign == Some(DecimalSign::Comma);
    }
    match (point, comma) {
        (true, false) => Some(DecimalSign::Point),
        (false, true) => Some(DecimalSign::Comma),
        (false, false) if by_semicolon => Some(DecimalSign::Comma),
        _ => None,
    }
}

fn parts(text: &str) -> Option<Parts> {
    let lower = text.trim().to_lowercase();
    let units = ["points", "point", "pts", "pt", "sp", "p"];
    let number = units.iter().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower).trim();
    let number = number.strip_prefix('+').unwrap_or(number);
    let number = without_blanks(number)?;
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let signs: Vec<char> = number.chars().filter(|c| matches!(c, '.' | ',')).collect();
    let last = signs.last().copied();
    let one_kind = signs.iter().all(|sign| Some(*sign) == last);
    let Some((whole, decimals)) = number.rsplit_once(['.', ',']) else {
        let is_number = !number.is_empty() && is_digits(&number);
        return is_number.then(|| Parts { whole: number, decimals: String::new(), sign: None, is_open: false });
    };
    let of = |letter: Option<char>| {
        [DecimalSign::Point, DecimalSign::Comma].into_iter().find(|s| Some(s.letter()) == letter)
    };
    let other = |sign: DecimalSign| if sign == DecimalSign::Point { DecimalSign::Comma } else { DecimalSign::Point };
    if signs.len() > 1 {
        let groups = if one_kind { number.as_str() } else { whole };
        let mark = if one_kind { last } else { of(last).map(other).map(DecimalSign::letter) }?;
        let plain = ungrouped(groups, mark)?;
        let decimals = if one_kind { String::new() } else { decimals.to_string() };
        let sign = of(last).map(|sign| if one_kind { other(sign) } else { sign });
        return is_digits(&decimals).then_some(Parts { whole: plain, decimals, sign, is_open: false });
    }
    if !is_digits(whole) || !is_digits(decimals) || whole.len().saturating_add(decimals.len()) == 0 {
        return None;
    }
    let is_open = decimals.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    Some(Parts { whole: whole.to_string(), decimals: decimals.to_string(), sign: of(last), is_open })
}

/// Without the blanks and apostrophes that part thousands.
fn without_blanks(number: &str) -> Option<String> {
    let is_blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}');
    if !number.contains(is_blank) {
        return Some(number.to_string());
    }
    let at = number.find(['.', ',']).unwrap_or(number.len());
    let (whole, rest) = number.split_at_checked(at)?;
    let even: String = whole.chars().map(|c| if is_blank(c) { ' ' } else { c }).collect();
    (!rest.contains(is_blank)).then_some(())?;
    Some(format!("{}{rest}", ungrouped(&even, ' ')?))
}

/// `1.250.000` → `1250000`; `None` where the groups are not those of thousands.
fn ungrouped(text: &str, mark: char) -> Option<String> {
    let mut groups = text.split(mark);
    let first = groups.next()?;
    let is_group = |group: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
    };
    let rest: Vec<&str> = groups.collect();
    let fits = is_group(first, 1..=3) && rest.iter().all(|group| is_group(group, 3..=3));
    fits.then(|| format!("{first}{}", rest.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, column: Option<DecimalSign>) -> Option<String> {
        estimate(text, column).map(|one| one.amount.to_string())
    }

    #[test]
    fn numbers_are_read_and_sizes_are_not() {
        for (text, number) in [
            ("5.0", "5"),
            ("0,5", "0.5"),
            ("79", "79"),
            ("100", "100"),
            ("3 pts", "3"),
            (" 8SP ", "8"),
            ("2.000", "2"),
            ("0", "0"),
            ("3,5", "3.5"),
            ("1.250,5", "1250.5"),
            ("1,250.5", "1250.5"),
            ("1 250,5", "1250.5"),
            ("1\u{a0}250", "1250"),
            ("1'250.5", "1250.5"),
            ("1.250.000", "1250000"),
            ("0,125", "0.13"),
        ] {
            assert_eq!(said(text, None).as_deref(), Some(number), "{text}");
        }
        for text in
            ["", "M", "XL", "-3", "1,000", "?", "3h", "inf", "nan", "1e3", "two", "p", ".", "1 2", "1.25.5", "1,2,3"]
        {
            assert_eq!(said(text, None), None, "{text}");
        }
        let one = |text: &str| estimate(text, None).unwrap();
        assert!(one("0.125").is_rounded && one("0.125").amount == Amount::hundredths(13));
        assert!(!one("0.500").is_rounded && !one("0.500").is_open);
        assert!(one("1.250").is_open, "it may be a thousand and more");
    }

    #[test]
    fn a_column_says_what_its_signs_mean() {
        let of = |cells: &[&str]| decimal_sign(cells.iter().copied(), false);
        assert_eq!(of(&["1.250", "3,5"]), Some(DecimalSign::Comma));
        assert_eq!(of(&["1.250", "1.250.000"]), Some(DecimalSign::Comma));
        assert_eq!(of(&["1,250", "0.5"]), Some(DecimalSign::Point));
        assert_eq!(of(&["1.250", "7"]), None);
        assert_eq!(of(&["1.5", "1,5"]), None);
        assert_eq!(decimal_sign(["7"].into_iter(), true), Some(DecimalSign::Comma));
        assert_eq!(said("1.250", Some(DecimalSign::Comma)).as_deref(), Some("1250"));
        assert_eq!(said("1,250", Some(DecimalSign::Comma)).as_deref(), Some("1.25"));
        assert_eq!(said("1,250", Some(DecimalSign::Point)).as_deref(), Some("1250"));
        assert_eq!(said("1.25", Some(DecimalSign::Comma)).as_deref(), Some("1.25"));
    }
}

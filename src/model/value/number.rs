//! Numbers with up to two decimals.

use crate::model::saturating::nearest;
use crate::model::value::cell::{Cell, Shape, Value};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A number with up to two decimals, stored as hundredths so that sums are exact. `3` or `0.5` in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Amount(i64);

impl Amount {
    const LARGEST: f64 = 1e12;

    pub const fn whole(n: i64) -> Self {
        Amount(n.saturating_mul(100))
    }

    pub const fn hundredths(n: i64) -> Self {
        Amount(n)
    }

    pub const fn in_hundredths(self) -> i64 {
        self.0
    }

    pub const fn plus(self, other: Amount) -> Self {
        Amount(self.0.saturating_add(other.0))
    }

    pub const fn minus(self, other: Amount) -> Self {
        Amount(self.0.saturating_sub(other.0))
    }

    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }

    fn from_f64(number: f64) -> Result<Self, String> {
        if !number.is_finite() || number.abs() > Self::LARGEST {
            return Err(format!("{number} is out of range"));
        }
        Ok(Amount(nearest(number * 100.0)))
    }

    /// Parses `3`, `0.5`, `0,5` or `-2`.
    ///
    /// # Errors
    ///
    /// It is not a number, or could be two: `1,000` is a thousand in one place and one in another.
    pub fn parse(text: &str) -> Result<Self, String> {
        let groups = text.trim().split(',').skip(1).map(str::trim);
        if groups.clone().any(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(format!("\u{201c}{text}\u{201d} could be thousands or decimals; write it as 1000 or 1.0"));
        }
        let text = text.trim().replace(',', ".").replace('−', "-");
        match text.parse::<f64>() {
            Ok(number) => Self::from_f64(number),
            Err(_) => Err(format!("\u{201c}{text}\u{201d} is not a number")),
        }
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(all: I) -> Self {
        all.fold(Amount::default(), Amount::plus)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let text = match rest {
            0 => format!("{sign}{whole}"),
            r if r % 10 == 0 => format!("{sign}{whole}.{}", r / 10),
            r => format!("{sign}{whole}.{r:02}"),
        };
        f.pad(&text)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 { serializer.serialize_i64(self.0 / 100) } else { serializer.serialize_f64(self.as_f64()) }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<Amount, E> {
                Amount::from_f64(n as f64).map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Amount, E> {
                Amount::from_f64(n as f64).map_err(E::custom)
            }
            fn visit_f64<E: serde::de::Error>(self, n: f64) -> Result<Amount, E> {
                Amount::from_f64(n).map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Amount, E> {
                Amount::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Number)
    }
}

impl Cell for Option<Amount> {
    const SHAPE: Shape = Shape::Amount;
    fn to_text(&self) -> String {
        self.map(|amount| amount.to_string()).unwrap_or_default()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" | "?" | "-" => Ok(None),
            text => Amount::parse(text).map(Some),
        }
    }
    fn to_value(&self) -> Value {
        let number = |amount: Amount| match amount.0 % 100 {
            0 => Value::from(amount.0 / 100),
            _ => Value::from(amount.as_f64()),
        };
        self.map(number).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for text in ["3", "0.5", "-2", "12.25", "0", "1000000"] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Amount::parse("0,5").unwrap(), Amount::hundredths(50));
        for text in ["1,000", "1,000,000", "0,125"] {
            assert!(Amount::parse(text).is_err(), "{text}");
        }
        assert!(Amount::parse("1e999").is_err());
        assert!(Amount::parse("x").is_err());
        assert_eq!(serde_json::to_string(&Amount::whole(3)).unwrap(), "3");
        assert_eq!(serde_json::to_string(&Amount::hundredths(50)).unwrap(), "0.5");
    }
}

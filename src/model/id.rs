//! Ids: random numbers that never change, never determine an order and never appear on screen.
//!
//! The seed is passed in, so that the same script produces the same ids.

use crate::model::json::Value;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The identity of a record or of a step: 64 random bits, written as 13 characters of Crockford's base 32.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Id(u64);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Id {
    pub const fn from_bits(bits: u64) -> Self {
        Id(bits)
    }

    pub const fn bits(self) -> u64 {
        self.0
    }

    fn letters(self) -> [u8; 13] {
        let mut out = [b'0'; 13];
        let mut rest = self.0;
        for place in out.iter_mut().rev() {
            let digit = (rest & 31) as usize;
            *place = ALPHABET.get(digit).copied().unwrap_or(b'0');
            rest >>= 5;
        }
        out
    }

    /// Parses the 13 characters, in either case. Anything else is not an id.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 13 {
            return None;
        }
        let mut bits: u64 = 0;
        for (place, letter) in text.bytes().enumerate() {
            let digit = ALPHABET.iter().position(|known| *known == letter.to_ascii_uppercase())? as u64;
            if place == 0 && digit > 15 {
                return None;
            }
            bits = (bits << 5) | digit;
        }
        Some(Id(bits))
    }

    /// The ids in the value of a link: one, or a list of them. Anything else is skipped.
    pub fn all_in(value: &Value) -> impl Iterator<Item = Id> + '_ {
        let all = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        all.iter().filter_map(|one| Id::parse(one.as_str()?))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.letters()).unwrap_or("?"))
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Value {
        Value::from(std::str::from_utf8(&id.letters()).unwrap_or("?"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.letters()).unwrap_or("?"))
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Letters;
        impl Visitor<'_> for Letters {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id of 13 characters")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Id, E> {
                Id::parse(text).ok_or_else(|| E::custom(format!("{text:?} is not an id of 13 characters")))
            }
        }
        deserializer.deserialize_str(Letters).map_err(D::Error::custom)
    }
}

/// The source of new ids: a random sequence determined by a seed and a salt. Two sources with the same seed and
/// different salts produce different ids.
#[derive(Clone, Debug)]
pub struct IdSource {
    state: u64,
}

impl IdSource {
    pub fn new(seed: u64, salt: u64) -> Self {
        let mut source = IdSource { state: seed ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15) };
        // One round decouples neighbouring seeds, whose first ids would otherwise be related.
        source.state = source.round();
        source
    }

    /// Returns the next id that is not taken.
    pub fn fresh(&mut self, taken: impl Fn(Id) -> bool) -> Id {
        loop {
            let id = Id(self.round());
            if id.0 != 0 && !taken(id) {
                return id;
            }
        }
    }

    // SplitMix64 (Steele, Lea, Flood 2014): every seed gives a full-period, well-mixed sequence.
    fn round(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_read_back() {
        for bits in [0, 1, 31, 32, u64::MAX, 0x0123_4567_89AB_CDEF] {
            let id = Id(bits);
            assert_eq!(Id::parse(&id.to_string()), Some(id));
            assert_eq!(Id::parse(&id.to_string().to_lowercase()), Some(id));
        }
        assert_eq!(Id::parse("Z000000000000"), None);
        assert_eq!(Id::parse("short"), None);
        assert_eq!(Id::parse("äääääää"), None);
    }

    #[test]
    fn the_same_seed_draws_the_same_ids() {
        let draw = || {
            let mut source = IdSource::new(7, 3);
            (0..5).map(|_| source.fresh(|_| false)).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
        let first = IdSource::new(7, 4).fresh(|_| false);
        assert!(!draw().contains(&first));
    }
}

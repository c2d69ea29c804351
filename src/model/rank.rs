//! Manual order: a short string between two others, so that moving one record writes one cell.
//!
//! A rank is read as a fraction in base 62 (`0`–`9`, `A`–`Z`, `a`–`z`, which byte order sorts), without trailing
//! zeros. Records order by (rank, id), so two equal ranks still have one order everywhere.

use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;

/// A place in a manual order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize)]
pub struct Rank(Arc<str>);

/// No longer ranks are created: the neighbourhood gets new ones instead.
pub const LONGEST: usize = 64;
const BASE: u32 = 62;
/// A new last place is one unit of this digit after the old one, which leaves room in between and 900 million places.
const STEP_DIGITS: usize = 5;

fn value(letter: u8) -> Option<u32> {
    match letter {
        b'0'..=b'9' => Some(u32::from(letter.wrapping_sub(b'0'))),
        b'A'..=b'Z' => Some(u32::from(letter.wrapping_sub(b'A')).wrapping_add(10)),
        b'a'..=b'z' => Some(u32::from(letter.wrapping_sub(b'a')).wrapping_add(36)),
        _ => None,
    }
}

fn letter(digit: u32) -> char {
    const LETTERS: &[u8; BASE as usize] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    LETTERS.get(digit as usize).map_or('z', |letter| char::from(*letter))
}

impl Rank {
    /// Parses a rank; refuses other characters and overlong text. A trailing zero is tolerated.
    pub fn parse(text: &str) -> Option<Rank> {
        let good = text.len() <= LONGEST * 2 && text.bytes().all(|b| value(b).is_some());
        good.then(|| Rank(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if the neighbourhood needs new ranks.
    pub fn is_long(&self) -> bool {
        self.0.len() > LONGEST
    }

    /// The first eight bytes as a number, which decide nearly every comparison.
    pub fn prefix(&self) -> u64 {
        let mut bytes = [0u8; 8];
        for (to, from) in bytes.iter_mut().zip(self.0.bytes()) {
            *to = from;
        }
        u64::from_be_bytes(bytes)
    }

    fn digits(&self) -> Vec<u32> {
        self.0.bytes().filter_map(value).collect()
    }

    fn from_digits(mut digits: Vec<u32>) -> Rank {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let text: String = digits.into_iter().map(letter).collect();
        Rank(text.into())
    }

    /// Returns a rank between two others; `None` is the open end. If `after >= before` there is nothing in between, and
    /// the result is just after `after`.
    pub fn between(after: Option<&Rank>, before: Option<&Rank>) -> Rank {
        match (after, before) {
            (None, None) => Rank::from_digits(vec![BASE / 2]),
            (Some(a), None) => Rank::stepped(&a.digits(), true).unwrap_or_else(|| Rank::middle(&a.digits(), None)),
            (None, Some(b)) => {
                Rank::stepped(&b.digits(), false).unwrap_or_else(|| Rank::middle(&[], Some(&b.digits())))
            }
            (Some(a), Some(b)) => {
                let (low, high) = (a.digits(), b.digits());
                if low < high { Rank::middle(&low, Some(&high)) } else { Rank::middle(&low, None) }
            }
        }
    }

    /// One unit of digit `STEP_DIGITS` further, or `None` at the ends of the number line.
    fn stepped(digits: &[u32], up: bool) -> Option<Rank> {
        let mut out: Vec<u32> = (0..STEP_DIGITS).map(|i| digits.get(i).copied().unwrap_or(0)).collect();
        for place in out.iter_mut().rev() {
            if up && *place < BASE - 1 {
                *place = place.saturating_add(1);
                let rank = Rank::from_digits(out);
                return Some(rank);
            } else if !up && *place > 0 {
                *place = place.saturating_sub(1);
                let rank = Rank::from_digits(out);
                return (!rank.is_empty()).then_some(rank);
            }
            *place = if up { 0 } else { BASE - 1 };
        }
        None
    }

    /// Halfway between two fractions; an absent upper end is 1.
    fn middle(low: &[u32], high: Option<&[u32]>) -> Rank {
        let mut out = Vec::new();
        let mut open = high.is_none();
        for i in 0.. {
            let a = low.get(i).copied().unwrap_or(0);
            let b = if open { BASE } else { high.and_then(|h| h.get(i)).copied().unwrap_or(0) };
            let next = a.saturating_add(1);
            if b > next {
                out.push(a.midpoint(b));
                return Rank::from_digits(out);
            }
            out.push(a);
            if b == next {
                // Nothing fits in this digit: the rest only has to be above `low`.
                open = true;
            }
            if i > LONGEST * 4 {
                break;
            }
        }
        Rank::from_digits(out)
    }

    /// Returns `count` ranks in order between two others, as short as possible.
    pub fn spread(after: Option<&Rank>, before: Option<&Rank>, count: usize) -> Vec<Rank> {
        if before.is_none() {
            let mut out = Vec::with_capacity(count);
            let mut last = after.cloned();
            for _ in 0..count {
                let next = Rank::between(last.as_ref(), None);
                out.push(next.clone());
                last = Some(next);
            }
            return out;
        }
        let mut out = vec![Rank::default(); count];
        Rank::halve(after, before, &mut out);
        out
    }

    fn halve(after: Option<&Rank>, before: Option<&Rank>, out: &mut [Rank]) {
        let Some((left, rest)) = out.split_at_mut_checked(out.len() / 2) else { return };
        let Some((place, right)) = rest.split_first_mut() else { return };
        let low = after.map(Rank::digits).unwrap_or_default();
        let high = before.map(Rank::digits);
        *place = Rank::middle(&low, high.as_deref());
        Rank::halve(after, Some(place), left);
        Rank::halve(Some(place), before, right);
    }
}

impl<'de> Deserialize<'de> for Rank {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Rank;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a rank of up to 128 letters and digits")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Rank, E> {
                Rank::parse(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_fits_between_any_two() {
        let mut all = vec![Rank::between(None, None)];
        let mut at = 0usize;
        for round in 0..2000usize {
            at = (at.wrapping_mul(7919).wrapping_add(round)) % (all.len() + 1);
            let after = at.checked_sub(1).and_then(|i| all.get(i));
            let rank = Rank::between(after, all.get(at));
            assert!(after.is_none_or(|a| *a < rank), "{after:?} < {rank:?}");
            assert!(all.get(at).is_none_or(|b| rank < *b), "{rank:?} < {:?}", all.get(at));
            all.insert(at, rank);
        }
    }

    #[test]
    fn a_hundred_thousand_at_the_end_stay_short() {
        let mut last = None;
        for _ in 0..100_000 {
            let next = Rank::between(last.as_ref(), None);
            assert!(last.is_none_or(|l| l < next));
            assert!(next.as_str().len() <= STEP_DIGITS);
            last = Some(next);
        }
    }

    #[test]
    fn spread_is_in_order_and_inside() {
        let (low, high) = (Rank::between(None, None), Rank::between(Some(&Rank::between(None, None)), None));
        let all = Rank::spread(Some(&low), Some(&high), 500);
        assert_eq!(all.len(), 500);
        assert!(all.windows(2).all(|w| w[0] < w[1]));
        assert!(low < all[0] && all[499] < high);
        assert!(all.iter().all(|r| !r.is_long()));
    }

    #[test]
    fn forged_text_is_refused() {
        assert!(Rank::parse("a b").is_none());
        assert!(Rank::parse(&"z".repeat(1000)).is_none());
        assert!(Rank::parse("").is_some());
    }
}

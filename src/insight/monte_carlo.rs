//! Seeded random numbers for the Monte Carlo simulation, so that equal figures give equal forecasts.

use crate::model::saturating::small;

/// SplitMix64 (Steele, Lea, Flood 2014): every seed gives a full-period, well-mixed sequence.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Seeded with figures: equal figures in equal order give the same sequence.
    pub fn seeded(figures: impl Iterator<Item = i64>) -> Chance {
        let mut chance = Chance(0x5EED);
        for figure in figures {
            chance.0 = chance.next() ^ figure.cast_unsigned();
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Draws one of these, all equally likely; 0 if there are none.
    pub fn one_of(&mut self, all: &[i64]) -> i64 {
        // Half of the bits, and a count that fits into the other half.
        let place = (self.next() >> 32).wrapping_mul(all.len() as u64) >> 32;
        usize::try_from(place).ok().and_then(|place| all.get(place)).copied().unwrap_or_default()
    }
}

/// How many sums are precomputed for each power of two.
const DRAWN: usize = 512;

/// Fast sums of many draws from the same sizes: sums of 2, 4, 8 … draws are precomputed, and any other sum is composed
/// of one for each power of two in its count.
#[derive(Clone, Debug)]
pub struct SumsOfDraws {
    /// The sizes themselves, then sums of 2, of 4, and so on.
    levels: Vec<Vec<i64>>,
}

impl SumsOfDraws {
    /// Prepares sums of up to `most` draws.
    pub fn of(sizes: &[i64], most: u32, chance: &mut Chance) -> SumsOfDraws {
        let mut levels = vec![sizes.to_vec()];
        while most.checked_ilog2().is_some_and(|highest| small(levels.len()) <= highest) {
            let below = levels.last().map(Vec::as_slice).unwrap_or_default();
            let drawn = (0..DRAWN).map(|_| chance.one_of(below).saturating_add(chance.one_of(below))).collect();
            levels.push(drawn);
        }
        SumsOfDraws { levels }
    }

    /// Returns the sum of that many draws.
    pub fn draw(&self, count: u32, chance: &mut Chance) -> i64 {
        let mut left = count;
        let mut sum = 0i64;
        for level in &self.levels {
            if left == 0 {
                break;
            }
            if left & 1 == 1 {
                sum = sum.saturating_add(chance.one_of(level));
            }
            left >>= 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_many_draws_has_the_mean_of_many_draws() {
        let mut chance = Chance::seeded([1, 2, 3].into_iter());
        let sums = SumsOfDraws::of(&[100, 300, 800], 100, &mut chance);
        let (runs, count) = (20_000i64, 37u32);
        let total: i64 = (0..runs).map(|_| sums.draw(count, &mut chance)).sum();
        let mean = total as f64 / runs as f64 / f64::from(count);
        assert!((mean - 400.0).abs() < 8.0, "{mean}");
        assert_eq!(sums.draw(0, &mut chance), 0);
        assert_eq!(SumsOfDraws::of(&[200], 1000, &mut chance).draw(999, &mut chance), 199_800);
    }
}

//! How wide the rows of a list are, so that the window can be divided between it and the panes.

/// So many rows are measured at most: the others are about as long.
const SAMPLE: usize = 200;

/// A list of so many rows is seen at a glance.
const SHORT: usize = 40;

/// The columns of a list's rows, as far as they were measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowWidths {
    /// The turn of the view in which they were measured.
    turn: usize,
    /// What all rows of a short list need; in a long one, one in ten may be cut.
    needed: usize,
}

impl RowWidths {
    /// What the rows need in this turn of the view; 0 if that is not known.
    pub fn needed(&self, turn: usize) -> usize {
        if self.turn == turn { self.needed } else { 0 }
    }

    /// With the rows as they are now. What they need only grows, and a find or a filter does not change it: panes that
    /// move while somebody types are worse than a title that is cut.
    pub fn measured(self, turn: usize, is_narrowed: bool, rows: usize, columns: impl Fn(usize) -> usize) -> RowWidths {
        let before = self.needed(turn);
        if is_narrowed && before > 0 {
            return self;
        }
        let step = rows.div_ceil(SAMPLE).max(1);
        let mut all: Vec<usize> = (0..rows).filter(|at| at.is_multiple_of(step)).map(columns).collect();
        all.sort_unstable();
        let spared = if all.len() > SHORT { all.len() / 10 } else { 0 };
        let most = all.len().saturating_sub(1).saturating_sub(spared);
        RowWidths { turn, needed: all.get(most).copied().unwrap_or_default().max(before) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_measured_once_and_grows_until_it_is_turned() {
        let new = RowWidths::default().measured(0, false, 3, |at| [40, 60, 50][at]);
        assert_eq!((new.needed(0), new.needed(1)), (60, 0));
        assert_eq!(new.measured(0, false, 1, |_| 30).needed(0), 60, "fewer rows do not move the panes");
        assert_eq!(new.measured(0, true, 1, |_| 90).needed(0), 60, "nor does a find");
        assert_eq!(new.measured(0, false, 1, |_| 90).needed(0), 90);
        assert_eq!(new.measured(1, false, 1, |_| 30).needed(1), 30);
        assert_eq!(RowWidths::default().measured(0, true, 1, |_| 30).needed(0), 30, "a list that opens narrowed");
    }

    #[test]
    fn a_long_list_is_sampled_and_its_longest_titles_may_be_cut() {
        let asked = std::cell::Cell::new(0);
        let columns = |at: usize| {
            asked.set(asked.get() + 1);
            if at.is_multiple_of(5_000) { 500 } else { 60 }
        };
        assert_eq!(RowWidths::default().measured(0, false, 100_000, columns).needed(0), 60);
        assert_eq!(asked.get(), 200);
    }
}

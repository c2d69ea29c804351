//! Saturating arithmetic and bounds-checked list operations: overflow stops at the limit, a missing element is `None`.
//!
//! clippy.toml refuses the methods of the standard library that panic instead; use these.

/// Removes and returns the element at an index; `None` if there is none.
pub fn take_at<T>(all: &mut Vec<T>, at: usize) -> Option<T> {
    #[allow(clippy::disallowed_methods, reason = "the place was looked at")]
    (at < all.len()).then(|| all.remove(at))
}

/// Inserts an element at an index, or at the end if the list is shorter.
pub fn put_at<T>(all: &mut Vec<T>, at: usize, one: T) {
    #[allow(clippy::disallowed_methods, reason = "the place is cut to the length")]
    all.insert(at.min(all.len()), one);
}

/// Inserts elements at an index in order, or at the end if the list is shorter.
pub fn put_all_at<T>(all: &mut Vec<T>, at: usize, more: impl IntoIterator<Item = T>) {
    let at = at.min(all.len());
    #[allow(clippy::disallowed_methods, reason = "the place is cut to the length")]
    drop(all.splice(at..at, more));
}

/// Removes the first elements, or all if there are fewer.
pub fn drop_first<T>(all: &mut Vec<T>, count: usize) {
    #[allow(clippy::disallowed_methods, reason = "the count is cut to the length")]
    drop(all.drain(..count.min(all.len())));
}

/// Removes and returns the elements from an index on; none if the list is shorter.
pub fn split_from<T>(all: &mut Vec<T>, at: usize) -> Vec<T> {
    #[allow(clippy::disallowed_methods, reason = "the place is cut to the length")]
    all.split_off(at.min(all.len()))
}

/// The next index in a circular list of that length.
pub fn next_in_circle(at: usize, all: usize) -> usize {
    at.saturating_add(1).checked_rem(all).unwrap_or_default()
}

/// The previous index in a circular list of that length.
pub fn previous_in_circle(at: usize, all: usize) -> usize {
    at.checked_sub(1).unwrap_or(all.saturating_sub(1))
}

/// Converts to `u32`, saturating at `u32::MAX`.
pub fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Converts a count to a signed number, saturating.
pub fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Rounds to the nearest integer; NaN becomes 0.
pub fn nearest(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "`as` stops at the ends of the range")]
    (number.round() as i64)
}

/// Rounds to the nearest count; negative numbers become 0.
pub fn nearest_count(number: f64) -> usize {
    usize::try_from(nearest(number)).unwrap_or_default()
}

/// Converts a fraction to percent, from 0 to 100.
pub fn percent(part: f64) -> u8 {
    u8::try_from(nearest(part * 100.0).clamp(0, 100)).unwrap_or_default()
}

/// Returns the whole percentage of `all` that is reached, from 0 to 100.
pub fn reached(done: i64, all: i64) -> u8 {
    let percent = done.saturating_mul(100).checked_div(all).unwrap_or_default();
    u8::try_from(percent.clamp(0, 100)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_is_too_far() {
        let mut all = vec![1, 2, 3];
        assert_eq!((take_at(&mut all, 3), take_at(&mut all, 0)), (None, Some(1)));
        put_at(&mut all, 9, 4);
        put_all_at(&mut all, 1, [7, 8]);
        assert_eq!(all, [2, 7, 8, 3, 4]);
        assert_eq!((split_from(&mut all, 9), split_from(&mut all, 3)), (vec![], vec![3, 4]));
        drop_first(&mut all, 2);
        assert_eq!(all, [8]);
        drop_first(&mut all, 9);
        assert!(all.is_empty());
    }

    #[test]
    fn a_circle_has_no_end() {
        assert_eq!([0, 1, 2].map(|at| next_in_circle(at, 3)), [1, 2, 0]);
        assert_eq!([0, 1, 2].map(|at| previous_in_circle(at, 3)), [2, 0, 1]);
        assert_eq!((next_in_circle(0, 0), previous_in_circle(0, 0)), (0, 0));
    }

    #[test]
    fn no_number_is_too_large() {
        assert_eq!((nearest(1e300), nearest(-1e300), nearest(f64::NAN), nearest(-2.5)), (i64::MAX, i64::MIN, 0, -3));
        assert_eq!((nearest_count(2.4), nearest_count(-2.4), nearest_count(f64::NAN)), (2, 0, 0));
        assert_eq!((percent(0.126), percent(-1.0), percent(7.0), percent(f64::NAN)), (13, 0, 100, 0));
        assert_eq!((reached(1, 3), reached(9, 3), reached(1, 0), reached(i64::MAX, -1)), (33, 100, 0, 0));
        assert_eq!((small(7), small(usize::MAX), signed(usize::MAX)), (7, u32::MAX, i64::MAX));
    }
}

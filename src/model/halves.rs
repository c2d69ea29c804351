//! Long lists of independent work, done half here and half on a second thread.

/// Does the work on a list: in two halves at once if `is_long`, else in one go. `job` gets the place of the first element
/// and the elements; its results come in the order of the list.
pub fn in_halves<'a, T: Sync, R: Send>(
    all: &'a [T],
    is_long: bool,
    job: impl Fn(usize, &'a [T]) -> R + Sync,
) -> (R, Option<R>) {
    let halves = all.split_at_checked(all.len() / 2).filter(|_| is_long);
    let Some((one, two)) = halves else { return (job(0, all), None) };
    let job = &job;
    at_once(|| job(0, one), || job(one.len(), two))
}

/// The same for a list that is used up.
pub fn in_owned_halves<T: Send, R: Send>(
    all: Vec<T>,
    is_long: bool,
    job: impl Fn(Vec<T>) -> R + Sync,
) -> (R, Option<R>) {
    if !is_long {
        return (job(all), None);
    }
    let (half, mut rest) = (all.len() / 2, all.into_iter());
    let one = rest.by_ref().take(half).collect();
    let job = &job;
    at_once(|| job(one), || job(rest.collect()))
}

fn at_once<R: Send>(here: impl FnOnce() -> R, there: impl FnOnce() -> R + Send) -> (R, Option<R>) {
    std::thread::scope(|scope| {
        let other = scope.spawn(there);
        let one = here();
        match other.join() {
            Ok(two) => (one, Some(two)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_make_the_whole() {
        let all: Vec<usize> = (0..1001).collect();
        for is_long in [false, true] {
            let (one, two) =
                in_halves(&all, is_long, |first, part| part.iter().enumerate().all(|(at, n)| first + at == *n));
            assert!(one && two.unwrap_or(true));
            let (one, two) = in_owned_halves(all.clone(), is_long, |part| part);
            assert_eq!(two.is_some(), is_long);
            assert_eq!([one, two.unwrap_or_default()].concat(), all);
        }
        assert_eq!(in_halves(&[] as &[u8], true, |_, part| part.len()), (0, Some(0)));
    }
}

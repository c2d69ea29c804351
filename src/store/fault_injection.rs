//! Faults and lacks of other systems, for tests. Compiled out of release builds.

/// Panics in development builds if `WHYHOW_REHEARSE` is `place=FILE` and that file exists.
pub fn inject_fault(place: &str) {
    #[cfg(debug_assertions)]
    if let Ok(wanted) = std::env::var("WHYHOW_REHEARSE")
        && let Some((at, file)) = wanted.split_once('=')
        && at == place
        && std::path::Path::new(file).exists()
    {
        #[allow(clippy::panic, reason = "it is what was asked for")]
        std::panic::panic_any(format!("rehearsed in the {place}, with the Secret title"));
    }
    #[cfg(not(debug_assertions))]
    let _ = place;
}

/// True in development builds if `WHYHOW_LACKS`, a list with commas, names this: `identity` (files without a number of their
/// own), `replace` (a file that this program has open cannot be replaced), `exchange` (files cannot change places).
pub fn lacks(what: &str) -> bool {
    #[cfg(debug_assertions)]
    {
        static LACKS: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        LACKS.get_or_init(|| std::env::var("WHYHOW_LACKS").unwrap_or_default()).split(',').any(|one| one == what)
    }
    #[cfg(not(debug_assertions))]
    {
        let _ = what;
        false
    }
}

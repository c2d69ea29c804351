//! Fault injection for tests. Compiled out of release builds.

/// In development builds, panics if `WHYHOW_REHEARSE` is `place=FILE` and that file exists.
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

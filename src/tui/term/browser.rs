//! Opens a web address in the person's browser.

use crate::tui::term::clipboard::Environment;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program that fails does so by then; a browser that runs on is one that opened.
const PATIENCE: Duration = Duration::from_millis(400);

/// The programs that may open a page here, best first, each with the arguments before the address.
fn openers(read: Environment<'_>) -> Vec<(String, Vec<&'static str>)> {
    let set = |key: &str| read(key).filter(|value| !value.is_empty());
    let remote = set("SSH_CONNECTION").is_some() || set("SSH_TTY").is_some();
    let mut out = Vec::new();
    // It is set where somebody thought about it, also over ssh: an editor's terminal opens pages on the near machine.
    if let Some(chosen) = set("BROWSER").and_then(|list| list.split(':').next().map(str::to_string)) {
        out.push((chosen, Vec::new()));
    }
    if set("WAYLAND_DISPLAY").is_some() || set("DISPLAY").is_some() {
        out.push(("xdg-open".to_string(), Vec::new()));
    }
    if set("WSL_DISTRO_NAME").is_some() && !remote {
        out.push(("wslview".to_string(), Vec::new()));
    }
    if cfg!(target_os = "macos") && !remote {
        out.push(("open".to_string(), Vec::new()));
    }
    if cfg!(windows) && !remote {
        // No shell reads the address this way.
        out.push(("rundll32".to_string(), vec!["url.dll,FileProtocolHandler"]));
    }
    out
}

/// Opens the address. Returns false if no program here does.
pub fn open(address: &str, read: Environment<'_>) -> bool {
    openers(read).into_iter().any(|(name, arguments)| {
        let mut command = Command::new(name);
        command.args(arguments).arg(address);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().is_ok_and(opened)
    })
}

/// Waits for a failure; who runs on is left to run, and reaped.
fn opened(mut child: Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(_) => return false,
        }
    }
    let _ = std::thread::Builder::new().spawn(move || child.wait());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_opens_only_where_a_browser_can_be_seen() {
        let names = |set: &'static [&'static str]| {
            let read = move |key: &str| set.contains(&key).then(|| "mine:other".to_string());
            openers(&read).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        if cfg!(target_os = "linux") {
            assert!(names(&[]).is_empty());
            assert_eq!(names(&["DISPLAY", "SSH_TTY"]), ["xdg-open"]);
            assert_eq!(names(&["BROWSER", "WAYLAND_DISPLAY"]), ["mine", "xdg-open"]);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_no_browser() {
        let with = |program: &'static str| move |key: &str| (key == "BROWSER").then(|| program.to_string());
        assert!(open("https://example.org", &with("true")));
        assert!(!open("https://example.org", &with("false")));
        assert!(!open("https://example.org", &with("no-such-program-anywhere")));
    }
}

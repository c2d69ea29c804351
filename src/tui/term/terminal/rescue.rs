//! Restores the terminal if the program cannot: out of memory, ended by `kill -9`. A shell waits at the end of a pipe
//! and does nothing if it is dismissed with a line; if the pipe closes without one, the program is gone.

#[cfg(unix)]
use std::io::Write;
#[cfg(unix)]
use std::process::{Child, Command, Stdio};
#[cfg(unix)]
use std::sync::Mutex;

/// `TTOU` above all: whoever started the program has the terminal back by then and would stop the shell.
#[cfg(unix)]
const SCRIPT: &str = r#"trap '' HUP INT QUIT TERM TSTP TTIN TTOU
read -r line || { printf "$1"; stty sane <&1; printf '%s\n' "$2"; }"#;

/// Mouse and paste reports off, the usual screen, the cursor.
#[cfg(unix)]
const MODES: &str = r"\030\033[?2026l\033[?1006l\033[?1002l\033[?1000l\033[?2004l\033[?1049l\033[?25h";

#[cfg(unix)]
const WORDS: &str = "whyhow was killed or ran out of memory. Everything shown as saved is on disk.";

#[cfg(unix)]
static SHELL: Mutex<Option<Child>> = Mutex::new(None);

/// The shell starts to wait. Without one the terminal is not restored in such a case, and nothing else changes.
#[cfg(unix)]
pub fn stand_by() {
    let Ok(mut shell) = SHELL.try_lock() else { return };
    if shell.is_none() {
        *shell = Command::new("sh")
            .args(["-c", SCRIPT, "whyhow", MODES, WORDS])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok();
    }
}

/// The terminal is restored by the program itself.
#[cfg(unix)]
pub fn dismiss() {
    let Ok(mut shell) = SHELL.try_lock() else { return };
    if let Some(mut shell) = shell.take() {
        if let Some(mut pipe) = shell.stdin.take() {
            let _ = pipe.write_all(b"\n");
        }
        let _ = shell.wait();
    }
}

#[cfg(not(unix))]
pub fn stand_by() {}

#[cfg(not(unix))]
pub fn dismiss() {}

//! Standard input of its own. The reader of events asks for more as long as a sequence is incomplete, and with an input
//! that waits, half a sequence would stop the whole program: no news, no saving, no signal. The terminal is opened once
//! more, so that not waiting is a property of our input alone and not of what the shell and its programs use.

#[cfg(unix)]
use rustix::fs::{Mode, OFlags, open};
#[cfg(unix)]
use rustix::stdio::{dup2_stdin, stdin};
#[cfg(unix)]
use std::os::fd::OwnedFd;

pub struct OwnInput {
    /// What standard input was, and what it is while the program has the terminal. `None` where the terminal cannot be
    /// opened again: reading waits then.
    #[cfg(unix)]
    both: Option<(OwnedFd, OwnedFd)>,
}

#[cfg(unix)]
impl OwnInput {
    pub fn take() -> OwnInput {
        let input = OwnInput { both: opened() };
        input.take_again();
        input
    }

    /// For other programs, and at the end: standard input as it was.
    pub fn give_back(&self) {
        if let Some((before, _)) = &self.both {
            let _ = dup2_stdin(before);
        }
    }

    pub fn take_again(&self) {
        if let Some((_, own)) = &self.both {
            let _ = dup2_stdin(own);
        }
    }
}

/// Standard input, and the terminal behind it opened once more.
#[cfg(unix)]
fn opened() -> Option<(OwnedFd, OwnedFd)> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let name = rustix::termios::ttyname(stdin(), Vec::new());
    if !rustix::termios::isatty(stdin()) {
        return None;
    }
    let by_name = name.ok().and_then(|name| open(&name, flags, Mode::empty()).ok());
    let own = by_name.or_else(|| open("/dev/tty", flags, Mode::empty()).ok())?;
    Some((stdin().try_clone_to_owned().ok()?, own))
}

#[cfg(not(unix))]
impl OwnInput {
    pub fn take() -> OwnInput {
        OwnInput {}
    }

    pub fn give_back(&self) {}

    pub fn take_again(&self) {}
}

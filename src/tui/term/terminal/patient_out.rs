//! Output to a terminal that may not read: a stopped multiplexer, a connection that hangs. Writing waits a moment, then
//! leaves the rest out, so that news, saving and signals go on; the next frame is drawn completely once it reads again.

use std::io::{self, Write};
#[cfg(unix)]
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a frame waits for a terminal that does not read.
const PATIENCE: Duration = Duration::from_millis(500);

/// Standard output, opened once more so that not waiting is a property of ours alone.
#[derive(Clone, Debug)]
pub struct PatientOut {
    #[cfg(unix)]
    own: Option<Arc<OwnedFd>>,
    /// A signal asked to end: nothing is waited for any more.
    ended: Arc<AtomicUsize>,
    behind: Arc<AtomicBool>,
}

impl PatientOut {
    pub fn new(ended: Arc<AtomicUsize>) -> PatientOut {
        PatientOut {
            #[cfg(unix)]
            own: opened().map(Arc::new),
            ended,
            behind: Arc::default(),
        }
    }

    /// True if something was left out: what the terminal shows is not known.
    pub fn is_behind(&self) -> bool {
        self.behind.load(Ordering::Relaxed)
    }

    /// Returns true if the terminal reads again; what follows is written.
    pub fn catches_up(&self) -> bool {
        let does = self.is_behind() && self.is_ready(Duration::ZERO);
        if does {
            self.behind.store(false, Ordering::Relaxed);
        }
        does
    }

    #[cfg(unix)]
    fn is_ready(&self, limit: Duration) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let Some(own) = &self.own else { return true };
        let limit = Timespec { tv_sec: 0, tv_nsec: i64::from(limit.subsec_nanos()) };
        let mut asked = [PollFd::new(&**own, PollFlags::OUT)];
        poll(&mut asked, Some(&limit)).is_ok_and(|ready| ready > 0)
    }

    #[cfg(not(unix))]
    fn is_ready(&self, _: Duration) -> bool {
        true
    }

    #[cfg(unix)]
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.own {
            Some(own) => rustix::io::write(&**own, bytes).map_err(io::Error::from),
            None => io::stdout().write(bytes),
        }
    }

    #[cfg(not(unix))]
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().write(bytes)
    }
}

impl Write for PatientOut {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let begun = Instant::now();
        while !self.is_behind() {
            match self.try_write(bytes) {
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {
                    let is_late = begun.elapsed() >= PATIENCE || self.ended.load(Ordering::Relaxed) != 0;
                    let waited = if is_late { Duration::ZERO } else { Duration::from_millis(20) };
                    if !self.is_ready(waited) && is_late {
                        self.behind.store(true, Ordering::Relaxed);
                    }
                }
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

/// The terminal behind standard output, for writing without waiting. `None` if it is no terminal, or cannot be opened.
#[cfg(unix)]
fn opened() -> Option<OwnedFd> {
    use rustix::fs::{Mode, OFlags, open};
    use rustix::stdio::stdout;
    if !rustix::termios::isatty(stdout()) {
        return None;
    }
    let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let name = rustix::termios::ttyname(stdout(), Vec::new());
    name.ok().and_then(|name| open(&name, flags, Mode::empty()).ok())
}

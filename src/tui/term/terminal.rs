//! The terminal: taken over, restored whatever happens, and drawn on with one write per frame.

pub mod own_input;
pub mod patient_out;
mod rescue;
pub mod steady;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use own_input::OwnInput;
use patient_out::PatientOut;
use ratatui::layout::Rect;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use steady::Steady;

type Inner = ratatui::Terminal<Steady<BufWriter<PatientOut>>>;

/// Clicks, drags and the wheel, with positions beyond column 223. Plain movement is not requested: it would wake the
/// program all the time.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// Holds the terminal and restores it when dropped.
pub struct Terminal {
    inner: Inner,
    out: PatientOut,
    input: OwnInput,
}

/// Leaves every mode, whatever errors the others return: a half-restored terminal is worse than an error.
pub fn give_back() {
    let mut out = PatientOut::new(Arc::default());
    let _ = execute!(out, Print(MOUSE_OFF), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
    rescue::dismiss();
}

/// The same modes, in the other order.
fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    rescue::stand_by();
    execute!(PatientOut::new(Arc::default()), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
}

impl Terminal {
    /// Takes the terminal over. Once `ended` holds a signal, nothing waits for it any more.
    pub fn take(ended: Arc<AtomicUsize>) -> io::Result<Terminal> {
        let input = OwnInput::take();
        enter()?;
        // 64 KiB: a whole frame in one write, so that no half frame is ever seen.
        let out = PatientOut::new(ended);
        let backend = Steady::new(BufWriter::with_capacity(64 << 10, out.clone()));
        Ok(Terminal { inner: Inner::new(backend)?, out, input })
    }

    /// Captures the mouse, or leaves it to the terminal.
    pub fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.send(if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes())
    }

    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.inner.size().map(|size| (size.width, size.height))
    }

    /// True if the terminal has not read a whole frame: the next one has to be drawn completely.
    pub fn is_behind(&self) -> bool {
        self.out.is_behind()
    }

    /// Draws a frame; `paint` returns the cursor position. A terminal that does not read gets none.
    pub fn draw(&mut self, paint: impl FnOnce(&mut ratatui::buffer::Buffer) -> Option<(u16, u16)>) -> io::Result<()> {
        if self.out.catches_up() {
            // CAN ends a sequence that was left in its middle.
            self.send(b"\x18")?;
            self.clear()?;
        }
        queue!(self.inner.backend_mut(), BeginSynchronizedUpdate)?;
        self.inner.draw(|frame| {
            if let Some(at) = paint(frame.buffer_mut()) {
                frame.set_cursor_position(at);
            }
        })?;
        queue!(self.inner.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.inner.backend_mut())
    }

    /// Lends the terminal in its original state, and takes it back in whatever state it is: keys typed meanwhile are
    /// discarded, and the next frame is drawn completely.
    pub fn lend<T>(&mut self, act: impl FnOnce() -> T) -> io::Result<T> {
        give_back();
        let line = Line::remembered();
        self.input.give_back();
        let done = act();
        self.input.take_again();
        line.restore();
        self.take_back()?;
        Ok(done)
    }

    /// Sets every mode again and draws the next frame completely, because another program may have used the terminal.
    pub fn take_back(&mut self) -> io::Result<()> {
        // Raw mode is not set again if it is believed to be on.
        let _ = disable_raw_mode();
        enter()?;
        self.clear()
    }

    /// Draws the next frame completely. The terminal is not asked for its cursor position: some answer late, some
    /// never.
    pub fn clear(&mut self) -> io::Result<()> {
        let (width, height) = self.size()?;
        self.inner.resize(Rect { x: 0, y: 0, width, height })
    }

    /// Sends bytes that are not a frame, in one write.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let backend = self.inner.backend_mut();
        backend.write_all(bytes)?;
        Write::flush(backend)
    }
}

/// The terminal settings outside raw mode. A crashed program may leave others behind.
#[cfg(unix)]
struct Line(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Line {
    fn remembered() -> Line {
        Line(rustix::termios::tcgetattr(rustix::stdio::stdin()).ok())
    }

    fn restore(self) {
        use rustix::termios::{OptionalActions, QueueSelector, tcflush, tcsetattr};
        let stdin = rustix::stdio::stdin();
        if let Some(before) = self.0 {
            let _ = tcsetattr(stdin, OptionalActions::Now, &before);
        }
        let _ = tcflush(stdin, QueueSelector::IFlush);
    }
}

#[cfg(not(unix))]
struct Line;

#[cfg(not(unix))]
impl Line {
    fn remembered() -> Line {
        Line
    }

    fn restore(self) {}
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
        self.input.give_back();
    }
}

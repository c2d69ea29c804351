//! The terminal: taken over, given back whatever happens, and drawn on with one write a frame.

pub mod steady;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::layout::Rect;
use std::io::{self, BufWriter, Stdout, Write};
use steady::Steady;

type Inner = ratatui::Terminal<Steady<BufWriter<Stdout>>>;

/// Clicks, drags and the wheel, with places beyond column 223. Bare movement is not asked for: it would wake the program
/// at every touch.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// Holds the terminal; gives it back when dropped.
pub struct Terminal {
    inner: Inner,
}

/// Every mode is left, whatever the others answer: a terminal left half way is worse than an error.
pub fn give_back() {
    let _ = execute!(io::stdout(), Print(MOUSE_OFF), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}

/// The same modes, in the other order.
fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
}

impl Terminal {
    pub fn take() -> io::Result<Terminal> {
        enter()?;
        // 64 KiB: a whole frame in one write, so that no half frame is ever seen.
        let backend = Steady::new(BufWriter::with_capacity(64 << 10, io::stdout()));
        Ok(Terminal { inner: Inner::new(backend)? })
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub fn mouse(&mut self, on: bool) -> io::Result<()> {
        execute!(io::stdout(), Print(if on { MOUSE_ON } else { MOUSE_OFF }))
    }

    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.inner.size().map(|size| (size.width, size.height))
    }

    /// Draws a frame; `paint` says where the cursor stands.
    pub fn draw(&mut self, paint: impl FnOnce(&mut ratatui::buffer::Buffer) -> Option<(u16, u16)>) -> io::Result<()> {
        queue!(self.inner.backend_mut(), BeginSynchronizedUpdate)?;
        self.inner.draw(|frame| {
            if let Some(at) = paint(frame.buffer_mut()) {
                frame.set_cursor_position(at);
            }
        })?;
        queue!(self.inner.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.inner.backend_mut())
    }

    /// Lends the terminal as the shell had it, and takes it back whatever state it comes back in: what was typed
    /// meanwhile is gone, and the next frame is drawn whole.
    pub fn lend<T>(&mut self, act: impl FnOnce() -> T) -> io::Result<T> {
        give_back();
        let line = Line::remembered();
        let done = act();
        line.restore();
        self.take_back()?;
        Ok(done)
    }

    /// Sets every mode anew and draws the next frame whole: somebody else may have had the terminal.
    pub fn take_back(&mut self) -> io::Result<()> {
        // Raw mode that is thought to be on is not set again.
        let _ = disable_raw_mode();
        enter()?;
        self.clear()
    }

    /// Makes the next frame a whole one. The terminal is not asked where its cursor is: some answer late, some never.
    pub fn clear(&mut self) -> io::Result<()> {
        let (width, height) = self.size()?;
        self.inner.resize(Rect { x: 0, y: 0, width, height })
    }

    /// Sends bytes that are no frame, in one write.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let backend = self.inner.backend_mut();
        backend.write_all(bytes)?;
        Write::flush(backend)
    }
}

/// How the line to the terminal is set when nobody has it raw. A program that ends badly may leave it otherwise.
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
    }
}

//! The program in a real terminal, for the tests that press its keys there.

use crate::harness::load::{SAMPLE, load_file};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use whyhow::model::schema::BacklogItem;
use whyhow::store::open::open;
use whyhow::store::products::Data;

/// One window: keys in, the screen as a terminal would show it.
pub struct Window {
    pub child: Box<dyn Child + Send + Sync>,
    pub master: Box<dyn MasterPty + Send>,
    pub keys: Box<dyn Write + Send>,
    pub screen: Arc<Mutex<vt100::Parser>>,
    /// Everything the program wrote.
    pub bytes: Arc<Mutex<Vec<u8>>>,
    /// Nobody looks any more once this is set.
    closed: Arc<AtomicBool>,
    ears: std::thread::JoinHandle<()>,
}

impl Window {
    pub fn open(data: &Path, by: &str) -> Window {
        Window::open_with(data, by, &[])
    }

    /// With these settings of the environment; an empty one is not set.
    pub fn open_with(data: &Path, by: &str, settings: &[(&str, &str)]) -> Window {
        Window::open_until(data, by, settings, " saved")
    }

    /// The same, where the first screen says something else than saved.
    pub fn open_until(data: &Path, by: &str, settings: &[(&str, &str)], word: &str) -> Window {
        Window::run(&["--data", data.to_str().unwrap(), "--by", by], settings, word)
    }

    /// The program with these arguments, until its screen says a word.
    pub fn run(args: &[&str], settings: &[(&str, &str)], word: &str) -> Window {
        let size = PtySize { rows: 30, cols: 110, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_whyhow"));
        command.args(args);
        command.env("LANG", "C.UTF-8");
        command.env("TERM", "xterm-256color");
        for key in ["NO_COLOR", "COLORTERM", "COLORFGBG", "WHYHOW_GLYPHS", "WHYHOW_MOUSE", "WHYHOW_DATA"] {
            command.env_remove(key);
        }
        for (key, value) in settings {
            if value.is_empty() { command.env_remove(key) } else { command.env(key, value) }
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(30, 110, 0)));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (into_screen, into_bytes) = (Arc::clone(&screen), Arc::clone(&bytes));
        let closed = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&closed);
        let ears = std::thread::spawn(move || {
            let (mut buffer, mut held) = ([0u8; 65536], Vec::new());
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || until.load(Ordering::Relaxed) {
                    break;
                }
                into_bytes.lock().unwrap().extend_from_slice(&buffer[..n]);
                held.extend_from_slice(&buffer[..n]);
                let whole = whole_frames(&held);
                into_screen.lock().unwrap().process(&shown(&held[..whole]));
                held.drain(..whole);
            }
            into_screen.lock().unwrap().process(&held);
        });
        let mut window = Window { child, master: pair.master, keys, screen, bytes, closed, ears };
        window.wait_for(word);
        window
    }

    /// Presses keys as a person does who has read the screen: not in one burst with what came before.
    pub fn press(&mut self, keys: &str) {
        std::thread::sleep(Duration::from_millis(130));
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Bytes that are no text: halves of letters and sequences.
    pub fn send(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    pub fn wait_for(&mut self, what: &str) -> Duration {
        self.wait_until(what, |screen| screen.contains(what))
    }

    pub fn wait_until(&mut self, what: &str, found: impl Fn(&str) -> bool) -> Duration {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if found(&self.text()) {
                return begun.elapsed();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("never saw {what:?}:\n{}", self.text());
    }

    pub fn wrote(&self, what: &str) -> bool {
        let bytes = self.bytes.lock().unwrap();
        bytes.windows(what.len()).any(|window| window == what.as_bytes())
    }

    pub fn frames(&self) -> usize {
        // Each frame is wrapped into a synchronized update.
        let bytes = self.bytes.lock().unwrap();
        bytes.windows(8).filter(|window| *window == b"\x1b[?2026h").count()
    }

    /// Closes the terminal, as when a window is closed or a line breaks.
    pub fn hang_up(mut self) -> Box<dyn Child + Send + Sync> {
        self.closed.store(true, Ordering::Relaxed);
        // A frame to wake who listens; it is thrown away.
        self.press("j");
        self.ears.join().unwrap();
        drop((self.master, self.keys));
        self.child
    }

    pub fn end(mut self) -> u32 {
        self.child.wait().unwrap().exit_code()
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: i32) {
        let pid = self.child.process_id().unwrap();
        let done = std::process::Command::new("kill").args([format!("-{signal}"), pid.to_string()]).status().unwrap();
        assert!(done.success());
    }
}

/// How many of these bytes end in a whole frame: what comes between the marks of a synchronized update is shown at once
/// or not at all, as a terminal does it. Half a frame would show a new title beside the old word of the status line.
fn whole_frames(bytes: &[u8]) -> usize {
    const BEGIN: &[u8] = b"\x1b[?2026h";
    const END: &[u8] = b"\x1b[?2026l";
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    match (last(BEGIN), last(END)) {
        (Some(begin), None) => begin,
        (Some(begin), Some(end)) if end < begin => begin,
        // The mark itself may come in two pieces.
        _ => (1..BEGIN.len()).find(|n| bytes.ends_with(&BEGIN[..*n])).map_or(bytes.len(), |n| bytes.len() - n),
    }
}

pub fn sample() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    load_file(data.path(), SAMPLE);
    data
}

pub fn folder(data: &Path) -> PathBuf {
    Data(data.to_path_buf()).list().remove(0).folder.0
}

pub fn titles(data: &Path) -> Vec<String> {
    let opened = open(&whyhow::store::folder::Folder(folder(data))).unwrap();
    opened.product.all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

/// The screen of these tests knows no replacement character, which every terminal shows in one column.
fn shown(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(bytes).replace('\u{fffd}', "?").into_bytes()
}

/// A command that ends by itself, run in a terminal: all that it wrote, and its exit code.
pub fn typed(data: &Path, args: &[&str], settings: &[(&str, &str)]) -> (Vec<u8>, u32) {
    let size = PtySize { rows: 30, cols: 110, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_whyhow"));
    command.args([&["--data", data.to_str().unwrap()], args].concat());
    for (key, value) in [("LANG", "C.UTF-8"), ("TERM", "xterm-256color")].iter().chain(settings) {
        command.env(key, value);
    }
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut bytes = Vec::new();
    // A terminal that nobody holds any more ends in an error, after all that was written.
    let _ = reader.read_to_end(&mut bytes);
    (bytes, child.wait().unwrap().exit_code())
}

/// No tool of the system can run: a copy goes through the terminal.
pub const NO_TOOLS: [(&str, &str); 5] =
    [("DISPLAY", ""), ("WAYLAND_DISPLAY", ""), ("WSL_DISTRO_NAME", ""), ("STY", ""), ("TMUX", "")];

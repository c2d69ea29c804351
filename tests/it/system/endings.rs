//! How the program ends, in a real terminal: by a fault of its own, by signals, by losing the terminal.

use crate::harness::window::{Window, folder, sample, titles};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use whyhow::store::folder::Folder;
use whyhow::store::open::open;

fn given_back(bytes: &[u8]) -> bool {
    let has = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
    has(b"\x1b[?1049l") && has(b"\x1b[?2004l") && has(b"\x1b[?25h") && has(b"\x1b[?1000l")
}

fn is_cooked(window: &Window) -> bool {
    let modes = format!("{:?}", window.master.get_termios().unwrap().local_flags);
    modes.contains("ICANON") && modes.contains("ECHO")
}

/// Row 56: a fault of our own. The terminal is whole, what was saved and what was typed is there, the report is private and
/// quotes nobody.
#[test]
fn a_fault_of_our_own_gives_the_terminal_back_and_keeps_what_was_typed() {
    let data = sample();
    let trigger = data.path().join("now");
    let rehearse = format!("screen={}", trigger.display());
    let mut window = Window::open_with(data.path(), "Omar", &[("WHYHOW_REHEARSE", &rehearse)]);
    window.press("3");
    window.wait_for("▸BACKLOG");
    window.press("aBefore the fault\r");
    window.wait_until("it is saved", |screen| screen.contains("Added S") && screen.contains(" saved"));
    window.press("je and not kept yet");
    window.wait_for("and not kept yet");
    std::fs::write(&trigger, "").unwrap();
    let (bytes, screen) = (Arc::clone(&window.bytes), Arc::clone(&window.screen));
    assert_eq!(window.end(), 101);
    std::thread::sleep(Duration::from_millis(100));
    assert!(given_back(&bytes.lock().unwrap()));
    let said = screen.lock().unwrap().screen().contents();
    assert!(said.contains("stopped on a fault of its own") && said.contains("is on disk"), "{said}");
    assert!(!said.contains("Secret title"), "{said}");
    assert!(titles(data.path()).contains(&"Before the fault".to_string()));
    let reports: Vec<_> = std::fs::read_dir(data.path().join("state"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("fault-"))
        .collect();
    assert_eq!(reports.len(), 1);
    let report = std::fs::read_to_string(&reports[0]).unwrap();
    assert!(report.contains("at src/") && !report.contains("Secret title") && !report.contains("Before the fault"));
    assert_eq!(std::fs::metadata(&reports[0]).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::remove_file(&trigger).unwrap();
    let mut again = Window::open(data.path(), "Omar");
    again.wait_for("The text you were typing is back");
    again.wait_for("and not kept yet");
    again.signal(9);
    again.end();
}

/// Row 57: the thread that writes ends on a fault. The screen says so, takes no edit it could not save, and what is on no
/// disk goes to another place.
#[test]
fn a_fault_of_the_writer_is_a_state_of_the_screen() {
    let data = sample();
    let trigger = data.path().join("now");
    let rehearse = format!("writer={}", trigger.display());
    let mut window = Window::open_with(data.path(), "Omar", &[("WHYHOW_REHEARSE", &rehearse)]);
    window.press("3");
    window.wait_for("▸BACKLOG");
    std::fs::write(&trigger, "").unwrap();
    window.wait_for("The background writer has stopped");
    window.wait_for("read-only");
    window.press("aNobody would save this\r");
    window.wait_for("This product is read-only");
    window.press("\x1b\x1b");
    let copy = data.path().join("copy");
    window.press("Z");
    window.wait_for("Save everything in which folder?");
    window.press(&format!("\x15{}\r", copy.display()));
    window.wait_for("Everything you see is saved in");
    window.press("qq");
    assert_eq!(window.end(), 0);
    assert!(titles(&copy).len() > 8);
    let old = open(&Folder(folder(data.path()))).unwrap();
    assert!(old.read_only.is_none(), "the old folder opens as ever");
}

/// Row 58: every signal that ends a program from outside: what is typed is kept, the terminal is whole, within a second.
#[test]
fn each_signal_from_outside_keeps_what_is_typed_and_ends_within_a_second() {
    for (signal, code) in [(1, 129), (2, 130), (15, 143)] {
        let data = sample();
        let mut window = Window::open(data.path(), "Omar");
        window.press("3");
        window.wait_for("▸BACKLOG");
        window.press("aIn the middle of it");
        window.wait_for("In the middle of it");
        let bytes = Arc::clone(&window.bytes);
        let begun = Instant::now();
        window.signal(signal);
        assert_eq!(window.end(), code);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(3), "signal {signal} took {took:?}");
        std::thread::sleep(Duration::from_millis(100));
        assert!(given_back(&bytes.lock().unwrap()), "signal {signal}");
        assert!(titles(data.path()).contains(&"In the middle of it".to_string()), "signal {signal}");
    }
}

/// Row 59: stopped from outside the terminal is the shell's; gone on, it is ours again and drawn whole.
#[test]
fn stopped_and_gone_on_the_screen_is_whole() {
    let data = sample();
    for stop in [20, 19] {
        let mut window = Window::open(data.path(), "Omar");
        window.press("3");
        window.wait_for("▸BACKLOG");
        let frames = window.frames();
        window.signal(stop);
        std::thread::sleep(Duration::from_millis(700));
        if stop == 20 {
            assert!(given_back(&window.bytes.lock().unwrap()), "left whole before it stops");
            assert!(is_cooked(&window));
        }
        window.signal(18);
        window.wait_until("a new frame", |screen| screen.contains("▸BACKLOG"));
        let begun = Instant::now();
        while window.frames() == frames && begun.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(window.frames() > frames, "drawn anew after signal {stop}");
        assert!(!is_cooked(&window), "keys come one by one again");
        window.press("aAfter the pause\r");
        window.wait_for("Added S");
        window.press("uqq");
        assert_eq!(window.end(), 0);
    }
}

/// Row 60: the terminal is gone. What was typed is kept, and the program ends instead of running on unseen.
#[test]
fn without_its_terminal_the_program_saves_and_ends() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("▸BACKLOG");
    window.press("aTyped before the line broke\r");
    window.wait_for("Added S");
    let mut child = window.hang_up();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it runs on without a terminal");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(titles(data.path()).contains(&"Typed before the line broke".to_string()));
}

/// A file that somebody sent is looked at in a product made for it. Who goes back leaves none behind.
#[test]
fn going_back_from_a_sent_file_leaves_no_product() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path().join("data"), dir.path().join("plan.csv"));
    std::fs::write(&file, "Title,Status\nMoor in fog,To Do\nSell tickets,Done\n").unwrap();
    let products = || whyhow::store::products::Data(data.clone()).list().len();
    let mut window = Window::open_until(&data, "Omar", &[], "Open or import a file");
    window.press("3");
    window.press(&format!("{}\r", file.display()));
    window.wait_for("2 stories: 2 new");
    assert_eq!(products(), 1);
    window.press("\x1b");
    window.wait_for("Open or import a file");
    assert_eq!(products(), 0, "it is gone while the first box asks again");
    // Its path is still there. Taken, it stays.
    window.press("\r");
    window.wait_for("2 stories: 2 new");
    window.press("\r");
    window
        .wait_until("the stories, saved", |screen| screen.contains("Imported 2 stories") && screen.contains(" saved"));
    assert_eq!(products(), 1);
    window.signal(15);
    window.end();
    assert_eq!(products(), 1);
}

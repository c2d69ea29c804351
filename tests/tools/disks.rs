//! Disks that are full or read-only, made for the test: the screen opens, says so, and what was typed is safe.

use crate::harness::load::{SAMPLE, load_file};
use crate::harness::scratch::contents;
use crate::harness::window::{Window, folder, titles};
use crate::needs::{Mounted, small_disk, tests};

tests! {
    Mount:
        a_disk_that_is_read_only_is_shown_and_no_edit_is_taken,
        a_disk_that_is_full_in_the_middle_of_typing_loses_nothing;
}

/// A process that another test starts at this moment holds the files of this one open until it has become another
/// program, and the disk is busy that long.
fn remount(disk: &Mounted, how: &str) -> bool {
    (0..50).any(|_| {
        let mut mount = std::process::Command::new("mount");
        mount.args(["-o", &format!("remount,{how}")]).arg(&disk.0);
        let done = mount.output().is_ok_and(|output| output.status.success());
        if !done {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        done
    })
}

/// Row 21: a disk that is read-only. The screen opens, says so, refuses edits in words, and can save a copy elsewhere.
fn a_disk_that_is_read_only_is_shown_and_no_edit_is_taken() {
    let data = tempfile::tempdir().unwrap();
    let disk = small_disk(data.path(), 1024).unwrap();
    load_file(data.path(), SAMPLE);
    assert!(remount(&disk, "ro"));
    let before = contents(&folder(data.path()));
    let mut window = Window::open_until(data.path(), "Omar", &[], "read-only");
    window.press("3");
    window.wait_for("▸BACKLOG");
    window.press("aNot to be had\r");
    window.wait_for("This product is read-only");
    let shown = window.text();
    assert!(shown.contains("the disk is read-only"), "{shown}");
    window.press("\x1b\x1b");
    let spare = tempfile::tempdir().unwrap();
    window.press("Z");
    window.wait_for("Save everything in which folder?");
    window.press(&format!("\x15{}\r", spare.path().display()));
    window.wait_for("Everything you see is saved in");
    window.press("qq");
    assert_eq!(window.end(), 0);
    assert!(titles(spare.path()).len() > 8);
    assert_eq!(contents(&folder(data.path())), before);
    assert!(remount(&disk, "rw"));
}

/// Row 14: a disk that is really full in the middle of typing. Nothing typed is lost; with room again it is saved by
/// itself.
fn a_disk_that_is_full_in_the_middle_of_typing_loses_nothing() {
    let data = tempfile::tempdir().unwrap();
    let _disk = small_disk(data.path(), 256).unwrap();
    load_file(data.path(), SAMPLE);
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("▸BACKLOG");
    // Somebody else takes what room is left.
    let ballast = data.path().join("ballast");
    let mut size = 256 << 10;
    let mut taken = Vec::new();
    while size > 0 {
        let before = taken.len();
        taken.resize(before + size, b'x');
        if std::fs::write(&ballast, &taken).is_err() {
            taken.truncate(before);
            size /= 2;
        }
    }
    let _ = std::fs::write(&ballast, &taken);
    let mut typed = Vec::new();
    for nth in 0..60 {
        let title = format!("Typed on a full disk {nth} {}", "x".repeat(60));
        window.press(&format!("a{title}\r"));
        window.wait_for(&format!("full disk {nth} "));
        typed.push(title);
        if window.text().contains("NOT SAVED: the disk is full") {
            break;
        }
    }
    window.wait_for("NOT SAVED: the disk is full");
    let found = titles(data.path());
    assert!(found.iter().all(|title| !title.starts_with("Typed") || typed.contains(title)), "no half line: {found:?}");
    window.press("aOne more\r");
    window.wait_for("One more");
    std::fs::remove_file(&ballast).unwrap();
    window.wait_for("Everything is on disk again.");
    window.wait_for(" saved");
    window.signal(9);
    window.end();
    let found = titles(data.path());
    typed.push("One more".to_string());
    assert!(typed.iter().all(|title| found.contains(title)), "{found:?}");
}

//! When the disk refuses, in a real terminal: nothing typed is lost, the screen says so, and there is a way out.

use crate::harness::window::{Window, folder, sample, titles};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use whyhow::store::folder::Folder;
use whyhow::store::lock::Lock;
use whyhow::store::products::Data;

/// A window whose product's folder was just taken away, with a story in it that is on no disk.
fn without_a_folder() -> (tempfile::TempDir, PathBuf, Window) {
    let data = sample();
    let home = folder(data.path());
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("▸BACKLOG");
    std::fs::rename(&home, data.path().join("away")).unwrap();
    window.press("aWritten into the void\r");
    window.wait_for("NOT SAVED");
    (data, home, window)
}

/// Rows 11, 14 and 23: the reason stands on the screen, quitting asks first, and the write is retried automatically.
#[test]
fn what_is_on_no_disk_is_said_and_saved_by_itself_once_it_can_be() {
    let (data, home, mut window) = without_a_folder();
    window.wait_for("Written into the void");
    window.press("q");
    window.wait_for("Leave without saving?");
    let shown = window.text();
    assert!(shown.contains("Your last change is not on disk: its folder is gone."), "{shown}");
    // Stay here.
    window.press("\r");
    window.press("aA second one\r");
    window.wait_for("A second one");
    std::fs::rename(data.path().join("away"), &home).unwrap();
    window.wait_for("Everything is on disk again.");
    window.wait_for(" saved");
    window.press("qq");
    assert_eq!(window.end(), 0);
    let found = titles(data.path());
    assert!(["Written into the void", "A second one"].iter().all(|title| found.contains(&title.to_string())));
}

/// Row 23: the folder that is gone is made again with everything in it, the history too, and work goes on there.
#[test]
fn a_folder_that_is_gone_is_made_again_with_everything_in_it() {
    let (data, home, mut window) = without_a_folder();
    std::fs::remove_dir_all(data.path().join("away")).unwrap();
    window.press("Z");
    window.wait_for("Save everything in which folder?");
    window.press("\r");
    window.wait_for("The folder was recreated");
    window.wait_for(" saved");
    assert!(home.is_dir());
    window.press("aAnd on it goes\r");
    window.wait_until("the next story, saved", |screen| screen.contains("And on it goes") && screen.contains(" saved"));
    window.press("qq");
    assert_eq!(window.end(), 0);
    let found = titles(data.path());
    for title in ["Written into the void", "And on it goes"] {
        assert_eq!(found.iter().filter(|one| *one == title).count(), 1, "{title} in {found:?}");
    }
    assert!(found.len() > 8, "the stories of before are there: {found:?}");
}

/// Rows 14 and 17: everything goes to another folder; a part of a path is refused; then leaving loses nothing.
#[test]
fn everything_can_be_saved_in_another_folder() {
    let (data, _, mut window) = without_a_folder();
    let spare = tempfile::tempdir().unwrap();
    window.press("q");
    window.wait_for("Leave without saving?");
    window.press("2");
    window.wait_for("Save everything in which folder?");
    window.press("\x15copy\r");
    window.wait_for("is not a complete path");
    window.press(&format!("\x15{}\r", spare.path().join("copy").display()));
    window.wait_for("Everything you see is saved in");
    window.wait_for("NOT SAVED");
    window.press("q");
    // Nothing is in danger any more: no question, but the exit code and a word in the shell.
    assert_eq!(window.end(), 1);
    let copy = Data(spare.path().join("copy")).list().remove(0);
    assert_eq!(copy.name, "Bike Doctor");
    let stories = titles(&spare.path().join("copy"));
    assert!(stories.contains(&"Written into the void".to_string()) && stories.len() > 8, "{stories:?}");
    assert!(!data.path().join("copy").exists());
}

/// Rows 17 and 58: ended from outside with acts on no disk, the program puts them where a place takes them.
#[test]
fn a_signal_with_acts_on_no_disk_saves_them_in_a_spare_place() {
    let home = tempfile::tempdir().unwrap();
    let data = sample();
    let path = home.path().to_str().unwrap();
    let mut window = Window::open_with(data.path(), "Omar", &[("HOME", path), ("TMPDIR", path)]);
    window.press("3");
    window.wait_for("▸BACKLOG");
    std::fs::rename(folder(data.path()), data.path().join("away")).unwrap();
    window.press("aNowhere to go\r");
    window.wait_for("NOT SAVED");
    window.press("ahalf a tit");
    window.wait_for("half a tit");
    window.signal(15);
    let shown = window.screen.clone();
    window.end();
    std::thread::sleep(Duration::from_millis(100));
    let said = shown.lock().unwrap().screen().contents();
    assert!(said.contains("The last 2 acts are saved in") && said.contains("whyhow-copy"), "{said}");
    let stories = titles(&home.path().join("whyhow-copy"));
    assert!(["Nowhere to go", "half a tit"].iter().all(|title| stories.contains(&title.to_string())), "{stories:?}");
}

/// Row 111: another window holds the lock. The program ends within a second, says so, and what was typed is offered at the
/// next start.
#[test]
fn a_signal_with_acts_that_wait_for_the_lock_keeps_them_beside_the_product() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("▸BACKLOG");
    let place = Folder(folder(data.path()));
    let lock = Lock::open(&place.lock()).unwrap();
    let held = lock.take().unwrap();
    window.press("aWaiting for its turn\r");
    window.wait_for("saving");
    let begun = Instant::now();
    window.signal(15);
    let shown = window.screen.clone();
    assert_eq!(window.end(), 143);
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    std::thread::sleep(Duration::from_millis(100));
    let said = shown.lock().unwrap().screen().contents();
    assert!(said.contains("kept in its folder backup"), "{said}");
    drop(held);
    assert!(!titles(data.path()).contains(&"Waiting for its turn".to_string()));
    let mut window = Window::open_until(data.path(), "Omar", &[], "1 change was not on disk");
    window.press("\x1b");
    window.press(":bring back\r");
    window.wait_for("Brought back: 1 step.");
    window.wait_for("saved");
    window.press("qq");
    assert_eq!(window.end(), 0);
    assert!(titles(data.path()).contains(&"Waiting for its turn".to_string()));
    let window = Window::open(data.path(), "Omar");
    assert!(!window.text().contains("was not on disk"), "{}", window.text());
}

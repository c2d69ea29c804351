//! Folders and disks that may not be written or not even read, and files that are gone, as a person meets them.

use crate::harness::scratch::{Hand, contents, founded, noon};
use crate::harness::window::{Mounted, Window, folder, sample, small_disk, titles};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use whyhow::model::schema::{Goal, Kind};
use whyhow::model::value::When;
use whyhow::store::open::open;
use whyhow::store::write_request::WriteOutcome;
use whyhow::store::writer::Writer;

fn remount(disk: &Mounted, how: &str) -> bool {
    let mut mount = std::process::Command::new("mount");
    mount.args(["-o", &format!("remount,{how}")]).arg(&disk.0).status().is_ok_and(|status| status.success())
}

/// Row 21: a disk that is read-only. The screen opens, says so, refuses edits in words, and can save a copy elsewhere.
#[test]
fn a_disk_that_is_read_only_is_shown_and_no_edit_is_taken() {
    let data = tempfile::tempdir().unwrap();
    let Some(disk) = small_disk(data.path(), 1024) else {
        eprintln!("no small disk can be mounted here: not tried");
        return;
    };
    crate::harness::stage::batch(
        data.path(),
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/bike-doctor.jsonl"),
    );
    assert!(remount(&disk, "ro"));
    let before = contents(&folder(data.path()));
    let mut window = Window::open_until(data.path(), "Omar", &[], "read only");
    window.press("3");
    window.wait_for("▸BACKLOG");
    window.press("aNot to be had\r");
    window.wait_for("open for reading only");
    let shown = window.text();
    assert!(shown.contains("the disk is read-only"), "{shown}");
    window.press("\x1b\x1b");
    let spare = tempfile::tempdir().unwrap();
    window.press("Z");
    window.wait_for("Save it all in which folder?");
    window.press(&format!("\x15{}\r", spare.path().display()));
    window.wait_for("All you see is saved in");
    window.press("qq");
    assert_eq!(window.end(), 0);
    assert!(titles(spare.path()).len() > 8);
    assert_eq!(contents(&folder(data.path())), before);
    assert!(remount(&disk, "rw"));
}

/// Everything a program writes to a terminal until it ends, and its exit code.
fn in_a_terminal(command: CommandBuilder) -> (String, u32) {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let ears = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // The end of a terminal is an error of the read.
        let _ = reader.read_to_end(&mut bytes);
        bytes
    });
    let code = child.wait().unwrap().exit_code();
    drop(pair.master);
    (String::from_utf8_lossy(&ears.join().unwrap()).into_owned(), code)
}

/// Row 22: a folder that may not be read: path and reason, exit 1, and the terminal was never touched.
#[test]
fn a_folder_that_may_not_be_read_is_said_and_the_terminal_never_touched() {
    let data = sample();
    let product = folder(data.path());
    std::fs::set_permissions(data.path(), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::set_permissions(&product, PermissionsExt::from_mode(0o000)).unwrap();
    let is_root = std::os::unix::fs::MetadataExt::uid(&data.path().metadata().unwrap()) == 0;
    let mut command = CommandBuilder::new(if is_root { "setpriv" } else { env!("CARGO_BIN_EXE_whyhow") });
    if is_root {
        // Rights do not bind the superuser: the program runs as nobody.
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", env!("CARGO_BIN_EXE_whyhow")]);
    }
    command.args(["--data", data.path().to_str().unwrap()]);
    let (said, code) = in_a_terminal(command);
    std::fs::set_permissions(&product, PermissionsExt::from_mode(0o700)).unwrap();
    if said.contains("failed to execute") || said.contains("not found") {
        eprintln!("nobody else may run the program from where it was built: not tried");
        return;
    }
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("permission denied") && said.contains("bike-doctor"), "{said}");
    assert!(!said.contains('\x1b'), "{said:?}");
}

/// Row 5: what a power cut leaves of a file whose length was written and its bytes were not.
#[test]
fn nul_bytes_at_the_end_are_put_aside() {
    for zeros in [1usize, 512, 4096] {
        let scratch = founded();
        let mut writer = scratch.writer();
        Hand::new(1, "Omar").added(&mut writer, Kind::Goal, &[("title", "Before the cut".into())]);
        drop(writer);
        let journal = std::fs::read(scratch.folder.journal()).unwrap();
        std::fs::write(scratch.folder.journal(), [journal.clone(), vec![0; zeros]].concat()).unwrap();
        assert_eq!(scratch.read().all::<Goal>().count(), 1);
        let mut writer = scratch.writer();
        assert!(writer.take_notices().iter().any(|notice| notice.contains("journal.torn-")));
        assert!(std::fs::read(scratch.folder.journal()).unwrap().starts_with(&journal));
        let aside = contents(&scratch.folder.0).into_iter().find(|(path, _)| path.to_string_lossy().contains("torn-"));
        assert_eq!(aside.unwrap().1, vec![0; zeros]);
        Hand::new(2, "Omar").added(&mut writer, Kind::Goal, &[("title", "Goes on".into())]);
        assert_eq!(scratch.read().all::<Goal>().count(), 2);
    }
}

/// Row 9: both files gone, a backup left. Nothing is made on its own, and the ways on are named.
#[test]
fn with_both_files_gone_and_traces_left_nothing_is_made_and_repair_is_named() {
    let scratch = founded();
    let mut writer = scratch.writer();
    Hand::new(1, "Omar").added(&mut writer, Kind::Goal, &[("title", "In the backup".into())]);
    writer.checkpoint(false).unwrap();
    Hand::new(2, "Omar").added(&mut writer, Kind::Goal, &[("title", "Later".into())]);
    writer.checkpoint(false).unwrap();
    drop(writer);
    std::fs::remove_file(scratch.folder.product_json()).unwrap();
    std::fs::remove_file(scratch.folder.journal()).unwrap();
    let before = contents(&scratch.folder.0);
    let said = open(&scratch.folder).unwrap_err().to_string();
    assert!(said.contains("whyhow repair") && said.contains("Older versions in backup:"), "{said}");
    assert!(Writer::open(scratch.folder.clone()).is_err());
    // Under its name the folder is found, and no second product is made beside it.
    let (code, answers, _) = crate::harness::scratch::batch(
        scratch.dir.path(),
        &["--product", "Ferry"],
        "{\"do\":\"add\",\"kind\":\"goal\",\"set\":{\"title\":\"New\"}}\n",
    );
    assert_eq!(code, 1, "{answers:?}");
    assert_eq!(contents(&scratch.folder.0), before);
    let repaired = crate::harness::scratch::whyhow(scratch.dir.path()).arg("repair").output().unwrap();
    assert_eq!(repaired.status.code(), Some(0), "{}", String::from_utf8_lossy(&repaired.stderr));
    assert_eq!(contents(&scratch.folder.0), before, "repair writes beside it");
}

/// Row 32: broken by hand while a session has it open. The session goes on; the broken file is kept before it is replaced.
#[test]
fn a_product_json_broken_by_hand_while_open_stops_nothing_and_is_kept() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    hand.added(&mut writer, Kind::Goal, &[("title", "Before".into())]);
    writer.checkpoint(false).unwrap();
    let broken = scratch.json().replacen("\"goals\": [", "\"goals\": [ oops", 1);
    std::fs::write(scratch.folder.product_json(), &broken).unwrap();
    hand.added(&mut writer, Kind::Goal, &[("title", "After".into())]);
    assert!(writer.take_notices().iter().any(|notice| notice.contains("cannot be read")));
    assert_eq!(std::fs::read_to_string(scratch.folder.product_json()).unwrap(), broken, "not written over yet");
    writer.checkpoint(false).unwrap();
    assert!(scratch.json().contains("After"));
    let kept = contents(&scratch.folder.backups()).values().any(|bytes| *bytes == broken.as_bytes());
    assert!(kept, "the broken file is in backup");
    assert_eq!(scratch.read().all::<Goal>().count(), 2);
}

/// Row 29: the clock goes back a year in the middle: the order of steps and undo look at the file, not at the clock.
#[test]
fn a_clock_that_goes_back_reorders_nothing() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let goal = hand.added(&mut writer, Kind::Goal, &[("title", "One".into())]);
    for (title, year) in [("Two", 2027), ("Three", 2019), ("Four", 2026)] {
        let step = whyhow::actions::edit::set(
            writer.product(),
            &[goal],
            crate::harness::scratch::field(Kind::Goal, "title"),
            &title.into(),
        );
        let mut act = hand.act(step.unwrap());
        act.time = When::parse(&format!("{year}-03-02T12:00:00+01:00")).unwrap();
        assert!(matches!(writer.commit(&[act]).as_slice(), [WriteOutcome::Saved { .. }]));
    }
    assert_eq!(&*scratch.read().get::<Goal>(goal).unwrap().title, "Four");
    writer.checkpoint(true).unwrap();
    drop(writer);
    let (mut session, _) =
        whyhow::store::session::Session::start(scratch.writer(), "Omar", whyhow::model::role::Role::Both);
    session.set_clock(noon);
    for title in ["Three", "Two", "One"] {
        session.undo().unwrap();
        assert_eq!(&*session.product().get::<Goal>(goal).unwrap().title, title);
    }
    assert!(session.close());
}

/// Row 6: on the screen. The line is named with what was opened instead and how old it is, older versions with their dates;
/// a key makes a sound copy, opens it and lists what it lacks.
#[test]
fn a_damaged_product_says_so_on_the_screen_and_a_sound_copy_is_one_key_away() {
    let data = sample();
    let home = folder(data.path());
    let add = "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"Later\"}}\n";
    assert_eq!(crate::harness::scratch::batch(data.path(), &["--checkpoint", "1"], add).0, 0);
    let journal = std::fs::read_to_string(home.join("journal.jsonl")).unwrap();
    let damaged = journal.replacen("Text when the bike is done", "Text when the bike is dime", 1);
    std::fs::write(home.join("journal.jsonl"), &damaged).unwrap();
    let line = damaged.lines().position(|line| line.contains("dime")).unwrap() + 1;
    let before = contents(&home);
    let mut window = Window::open_until(data.path(), "Omar", &[], "A part of the files cannot be read");
    let shown = window.text().replace(['┃', '\n'], " ");
    let words: Vec<&str> = shown.split_whitespace().collect();
    let shown = words.join(" ");
    assert!(shown.contains(&format!("Line {line} of the journal cannot be read")), "{shown}");
    assert!(shown.contains("nothing is written") && shown.contains("000001.json"), "{shown}");
    window.press("2");
    window.wait_for("(repaired) is open");
    let shown = window.text();
    assert!(shown.contains(&format!("line {line}: its checksum does not fit")), "{shown}");
    assert!(shown.contains("Added the story \"Text when the bike is"), "{shown}");
    window.press("\r3");
    window.wait_for("▸BACKLOG");
    window.press("aInto the copy\r");
    window.wait_until("saved there", |screen| screen.contains("Added S") && screen.contains(" saved"));
    window.press("qq");
    assert_eq!(window.end(), 0);
    assert_eq!(contents(&home), before, "the damaged folder is as it was");
}

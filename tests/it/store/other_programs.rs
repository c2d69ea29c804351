//! Other programs write to the files of an open product, without its lock and in the middle of its writes: editors, slow
//! copies, a content that was there before. Nothing of theirs is lost, and nothing of ours that was acknowledged.

use crate::harness::scratch::{Hand, Scratch, contents, copy_folder, field, founded, not_here, whyhow};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};
use whyhow::actions::edit;
use whyhow::json;
use whyhow::model::id::Id;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::model::strict::MOST_NESTED;
use whyhow::store::folder::Folder;
use whyhow::store::notice::NoticeKind;
use whyhow::store::open::open;
use whyhow::store::products::Data;
use whyhow::store::write_request::WriteOutcome;
use whyhow::store::writer::Writer;

/// Puts a file in the place of another, as editors do.
fn put(path: &Path, text: impl AsRef<[u8]>) {
    let beside = path.with_extension("by-hand");
    std::fs::write(&beside, text).unwrap();
    std::fs::rename(&beside, path).unwrap();
}

fn title(writer: &Writer, id: Id) -> String {
    writer.product().get::<BacklogItem>(id).unwrap().title.to_string()
}

fn edits_by_outside(scratch: &Scratch) -> usize {
    scratch.history().entries.iter().filter(|entry| entry.by == "outside").count()
}

/// A product with one story and a checkpoint.
fn one_story() -> (Scratch, Writer, Hand, Id) {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(3, "Omar");
    let id = hand.added(&mut writer, Kind::BacklogItem, &[("title", "Two".into())]);
    writer.checkpoint(false).unwrap();
    (scratch, writer, hand, id)
}

/// Row 98: while a session has the product open, the earlier content is an edit like any other.
#[test]
fn an_edit_that_gives_an_earlier_content_back_is_taken_in() {
    let (scratch, mut writer, mut hand, id) = one_story();
    let before = scratch.json();
    put(&scratch.folder.product_json(), before.replace("\"Two\"", "\"Two h\""));
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(3));
    assert_eq!(title(&writer, id), "Two h");
    writer.checkpoint(false).unwrap();
    put(&scratch.folder.product_json(), &before);
    writer.follow().unwrap();
    assert_eq!(title(&writer, id), "Two");
    assert_eq!(writer.product().get::<BacklogItem>(id).unwrap().points, None, "the whole file is as it was");
    assert_eq!(edits_by_outside(&scratch), 2);
    assert!(writer.take_notices().iter().any(|notice| notice.kind == NoticeKind::EditedOutside));
    drop(writer);
    let writer = scratch.writer();
    assert_eq!((title(&writer, id).as_str(), edits_by_outside(&scratch)), ("Two", 2), "once");
    assert!(scratch.history().fold(None).unwrap() == scratch.read());
}

/// Row 98: without a session nobody knows how it came there; it is told and kept.
#[test]
fn an_older_checkpoint_in_the_place_of_a_newer_one_is_told_and_kept() {
    if not_here("identity") {
        return;
    }
    let (scratch, mut writer, mut hand, id) = one_story();
    let before = scratch.json();
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(3));
    writer.checkpoint(false).unwrap();
    drop(writer);
    put(&scratch.folder.product_json(), &before);
    let mut writer = scratch.writer();
    let told = writer.take_notices();
    assert!(told.iter().any(|notice| notice.kind == NoticeKind::OlderDocument), "{told:?}");
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(5));
    writer.checkpoint(false).unwrap();
    assert!(contents(&scratch.folder.backup_folder()).values().any(|bytes| *bytes == before.as_bytes()));
}

/// A crash between the line of a checkpoint and its file is no edit.
#[test]
fn a_checkpoint_that_never_took_its_place_is_not_told() {
    let (scratch, mut writer, mut hand, id) = one_story();
    let (json, mark) = (scratch.folder.product_json(), std::fs::read(scratch.folder.product_json()).unwrap());
    let away = scratch.dir.path().join("kept");
    std::fs::hard_link(&json, &away).unwrap();
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(3));
    writer.checkpoint(false).unwrap();
    drop(writer);
    // As if the rename had not happened: the very same file is still there.
    std::fs::rename(&away, &json).unwrap();
    assert_eq!(std::fs::read(&json).unwrap(), mark);
    assert_eq!(scratch.writer().take_notices(), []);
}

/// Row 99: an editor that saves at any moment of a checkpoint.
#[test]
fn no_edit_is_lost_between_the_look_and_the_rename_of_a_checkpoint() {
    // Without identities, an edit of the same length in the same tick of the clock looks like the checkpoint (row 113).
    if not_here("exchange") || not_here("identity") {
        return;
    }
    let (scratch, mut writer, mut hand, id) = one_story();
    let (shown, over) = (Arc::new(Mutex::new(String::new())), Arc::new(AtomicBool::new(false)));
    let (json, seen, done) = (scratch.folder.product_json(), Arc::clone(&shown), Arc::clone(&over));
    let editor = std::thread::spawn(move || {
        let mut lost = Vec::new();
        for nth in 0..60 {
            std::thread::sleep(Duration::from_micros(fastrand::u64(0..6000)));
            let wanted = format!("By hand {nth}");
            let text = std::fs::read_to_string(&json).unwrap();
            let line = text.lines().find(|line| line.trim().starts_with("\"title\": ")).unwrap();
            put(&json, text.replace(line, &format!("      \"title\": {wanted:?},")));
            let begun = Instant::now();
            while *seen.lock().unwrap() != wanted {
                if begun.elapsed() > Duration::from_secs(5) {
                    lost.push(wanted);
                    break;
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        done.store(true, Ordering::Relaxed);
        lost
    });
    let mut points = 0;
    while !over.load(Ordering::Relaxed) {
        points = points % 90 + 1;
        hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(points));
        writer.checkpoint(points % 8 == 0).unwrap();
        *shown.lock().unwrap() = title(&writer, id);
    }
    let lost = editor.join().unwrap();
    assert_eq!(lost, Vec::<String>::new());
    assert!(scratch.history().fold(None).unwrap() == *writer.product());
}

/// Row 99: the journal is replaced between the look and the sync of a line.
#[test]
fn a_line_in_a_journal_without_a_name_is_not_acknowledged() {
    let (scratch, mut writer, mut hand, id) = one_story();
    let journal = scratch.folder.journal();
    let step = edit::set(writer.product(), &[id], field(Kind::BacklogItem, "points"), &json!(8)).unwrap();
    let act = hand.act(step);
    let mut acts = vec![act.clone()];
    let refused = writer.commit_each(&mut |_| {
        let act = acts.pop()?;
        put(&journal, std::fs::read(&journal).unwrap());
        Some(act)
    });
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(writer.product().get::<BacklogItem>(id).unwrap().points, None);
    let again = writer.commit(&[act]).pop();
    assert!(matches!(again, Some(WriteOutcome::Saved { .. })), "{again:?}");
    drop(writer);
    assert!(scratch.read().get::<BacklogItem>(id).unwrap().points.is_some());
    assert!(scratch.history().fold(None).unwrap() == scratch.read());
}

/// Row 100: a copy that stops in the middle of a line, for as long as it likes.
#[test]
fn a_journal_that_is_still_being_copied_is_left_alone() {
    let (scratch, mut writer, mut hand, id) = one_story();
    let old = tempfile::tempdir().unwrap();
    copy_folder(&scratch.folder.0, old.path());
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(3));
    hand.set(&mut writer, Kind::BacklogItem, id, "title", json!("Later"));
    let whole = std::fs::read(old.path().join("journal.jsonl")).unwrap();
    let half = &whole[..whole.len() - 40];
    let journal = scratch.folder.journal();
    std::fs::write(&journal, half).unwrap();
    for _ in 0..3 {
        assert!(writer.follow().is_err());
        let step = edit::set(writer.product(), &[id], field(Kind::BacklogItem, "points"), &json!(8)).unwrap();
        let answer = writer.commit(&[hand.act(step)]).pop();
        assert!(matches!(answer, Some(WriteOutcome::NotSaved(_))), "{answer:?}");
        assert_eq!(std::fs::read(&journal).unwrap(), half, "nothing is cut off and nothing appended");
    }
    assert_eq!(writer.read_only(), None);
    // The copy goes on in the same file.
    let mut file = std::fs::OpenOptions::new().append(true).open(&journal).unwrap();
    std::io::Write::write_all(&mut file, &whole[half.len()..]).unwrap();
    writer.follow().unwrap();
    assert!(writer.take_replacement().is_some());
    assert_eq!(title(&writer, id), "Two");
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(8));
    let kept = contents(&scratch.folder.backup_folder()).into_iter();
    let steps: Vec<_> = kept.filter(|(path, _)| path.to_string_lossy().contains("steps-")).collect();
    assert!(String::from_utf8_lossy(&steps[0].1).contains("Later"), "what was acknowledged is kept");
    drop(writer);
    assert!(scratch.writer().take_notices().is_empty());
    assert!(scratch.history().fold(None).unwrap() == scratch.read());
}

/// Row 100: a copy that was given up. The half line is put aside, and whoever holds the old file cannot reach ours.
#[test]
fn half_a_line_that_stands_still_is_put_aside() {
    if not_here("replace") {
        return;
    }
    let (scratch, mut writer, mut hand, id) = one_story();
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(3));
    let journal = scratch.folder.journal();
    let whole = std::fs::read(&journal).unwrap();
    let mut copier = std::fs::OpenOptions::new().write(true).truncate(true).open(&journal).unwrap();
    std::io::Write::write_all(&mut copier, &whole[..whole.len() - 40]).unwrap();
    copier.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
    writer.follow().unwrap();
    std::io::Write::write_all(&mut copier, b"the rest, much later").unwrap();
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(8));
    drop(writer);
    let mut writer = scratch.writer();
    assert_eq!((writer.take_notices(), title(&writer, id)), (vec![], "Two".to_string()));
    let aside = std::fs::read_dir(&scratch.folder.0).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(aside.filter(|name| name.to_string_lossy().starts_with("journal.torn-")).count() == 1);
}

/// Row 100: other content of the same length in the same file.
#[test]
fn another_journal_of_the_same_length_is_noticed() {
    let (scratch, mut writer, mut hand, id) = one_story();
    let fork = tempfile::tempdir().unwrap();
    copy_folder(&scratch.folder.0, fork.path());
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(3));
    let theirs = {
        let mut writer = Writer::open(whyhow::store::folder::Folder(fork.path().to_path_buf())).unwrap();
        hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(5));
        std::fs::read(fork.path().join("journal.jsonl")).unwrap()
    };
    assert_eq!(theirs.len(), std::fs::read(scratch.folder.journal()).unwrap().len());
    std::fs::write(scratch.folder.journal(), &theirs).unwrap();
    hand.set(&mut writer, Kind::BacklogItem, id, "title", json!("Next"));
    assert!(writer.take_replacement().is_some());
    drop(writer);
    assert_eq!(json!(scratch.read().get::<BacklogItem>(id).unwrap().points), json!(5));
}

/// Row 97: by hand, where no rule refuses anything as a whole.
#[test]
fn values_that_no_field_can_have_are_left_out_of_an_edit_by_hand() {
    let nest = format!("{}1{}", "[".repeat(MOST_NESTED + 5), "]".repeat(MOST_NESTED + 5));
    for bad in
        [format!("\"deep\": {nest}"), "\"points\": -3".to_string(), format!("\"story\": {:?}", "x".repeat(2 << 20))]
    {
        let (scratch, mut writer, _, id) = one_story();
        let edited = scratch.json().replace("\"title\": \"Two\"", &format!("\"title\": \"Two h\",\n      {bad}"));
        put(&scratch.folder.product_json(), &edited);
        writer.follow().unwrap();
        assert_eq!(title(&writer, id), "Two h", "the rest is taken in");
        assert!(writer.take_notices().iter().any(|notice| notice.text.contains("left out")));
        drop(writer);
        assert!(scratch.history().fold(None).unwrap() == scratch.read());
        let kept = contents(&scratch.folder.backup_folder());
        assert!(kept.values().any(|bytes| *bytes == edited.as_bytes()), "the file is kept");
    }
}

/// Row 101: what `verify` says of a product.
fn verified(scratch: &Scratch) -> (Option<i32>, String) {
    let output = whyhow(scratch.dir.path()).arg("verify").output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Row 101: a merge that takes all lines of both journals and one side's product.json.
#[test]
fn a_product_json_that_is_not_what_the_journal_leads_to_is_no_sound_product() {
    let (scratch, mut writer, mut hand, id) = one_story();
    let theirs = tempfile::tempdir().unwrap();
    drop(writer);
    copy_folder(&scratch.folder.0, theirs.path());
    writer = scratch.writer();
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(8));
    let ours = std::fs::read_to_string(scratch.folder.journal()).unwrap();
    drop(writer);
    let folder = Folder(theirs.path().to_path_buf());
    let mut other = Writer::open(folder.clone()).unwrap();
    let mut mia = Hand::new(9, "Mia");
    mia.set(&mut other, Kind::BacklogItem, id, "title", json!("Theirs"));
    other.checkpoint(false).unwrap();
    drop(other);
    // The union of the lines, and product.json from the other side.
    let their = std::fs::read_to_string(folder.journal()).unwrap();
    let new: String = ours.lines().filter(|line| !their.contains(line)).map(|line| format!("{line}\n")).collect();
    // Git puts our lines before theirs.
    let at = their.find("Theirs").and_then(|at| their[..at].rfind('\n')).unwrap() + 1;
    put(&scratch.folder.journal(), format!("{}{new}{}", &their[..at], &their[at..]));
    put(&scratch.folder.product_json(), std::fs::read(folder.product_json()).unwrap());
    let (code, said) = verified(&scratch);
    assert!(code == Some(2) && said.contains("is not what the journal leads to"), "{code:?} {said}");
    assert!(said.contains("the points of S1"), "{said}");
    // The copy has what both of them did.
    let output = whyhow(scratch.dir.path()).arg("repair").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let copy =
        Data(scratch.dir.path().to_path_buf()).list().into_iter().find(|one| one.folder.0 != scratch.folder.0).unwrap();
    let story = open(&copy.folder).unwrap().product.get::<BacklogItem>(id).unwrap().clone();
    assert_eq!((&*story.title, story.points.map(|points| points.to_string())), ("Theirs", Some("8".to_string())));
}

/// Row 101: the closed segments are gone, as after a copy without the folder `journal`.
#[test]
fn a_product_without_its_older_segments_is_no_sound_product() {
    let (scratch, mut writer, mut hand, id) = one_story();
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(8));
    writer.checkpoint(true).unwrap();
    hand.set(&mut writer, Kind::BacklogItem, id, "points", json!(5));
    drop(writer);
    assert_eq!(verified(&scratch).0, Some(0), "{}", verified(&scratch).1);
    for path in scratch.folder.closed_segments() {
        std::fs::remove_file(path).unwrap();
    }
    let (code, said) = verified(&scratch);
    assert!(code == Some(2) && said.contains("Older parts of the journal are missing"), "{code:?} {said}");
    let output = whyhow(scratch.dir.path()).arg("repair").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(Data(scratch.dir.path().to_path_buf()).list().len(), 2, "{}", String::from_utf8_lossy(&output.stderr));
}

//! Files that were cut, damaged, emptied, edited or written by a newer program: they open or say why not, what was
//! saved is there, and reading changes nothing.

use crate::harness::scratch::{Hand, Scratch, contents, copy_folder, founded, noon, not_here};
use std::path::Path;
use whyhow::json;
use whyhow::model::change::Step;
use whyhow::model::product::Product;
use whyhow::model::schema::{BacklogItem, Goal, Kind};
use whyhow::model::value::Life;
use whyhow::store::folder::Folder;
use whyhow::store::journal::{JournalLine, scan};
use whyhow::store::open::open;
use whyhow::store::snapshot;
use whyhow::store::write_request::{WriteOutcome, WriteRequest};
use whyhow::store::writer::Writer;

/// A few kB: two checkpoints, one closed segment, steps behind the last checkpoint.
fn lived_in() -> (Scratch, Product) {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let goal = hand.added(&mut writer, Kind::Goal, &[("title", "More riders".into())]);
    let story = hand.added(
        &mut writer,
        Kind::BacklogItem,
        &[("title", "See the price".into()), ("serves", goal.to_string().into())],
    );
    writer.checkpoint(false).unwrap();
    hand.set(&mut writer, Kind::BacklogItem, story, "points", json!(3));
    writer.checkpoint(true).unwrap();
    hand.set(&mut writer, Kind::BacklogItem, story, "points", json!(5));
    hand.added(&mut writer, Kind::BacklogItem, &[("title", "Cancel – ünïcode \u{202e}\u{1b}".into())]);
    hand.set(&mut writer, Kind::Goal, goal, "why", json!("Empty seats\ncost the same"));
    hand.set(&mut writer, Kind::BacklogItem, story, "labels", json!(["web", "price"]));
    let product = writer.product().clone();
    (scratch, product)
}

/// The same product in a folder of its own, to be damaged.
fn copied(scratch: &Scratch) -> (tempfile::TempDir, Folder) {
    let dir = tempfile::tempdir().unwrap();
    copy_folder(&scratch.folder.0, dir.path());
    let folder = Folder(dir.path().to_path_buf());
    (dir, folder)
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

/// Reads, and makes sure that reading left every file as it was.
fn read(folder: &Folder) -> Result<(Product, Vec<String>, Option<String>), String> {
    let before = contents(&folder.0);
    let opened = open(folder).map_err(|error| error.to_string());
    assert_eq!(contents(&folder.0), before, "reading writes nothing");
    opened.map(|opened| {
        let read_only = opened.read_only.clone();
        let (product, notices) = opened.shown(noon());
        assert!(product.index_is_sound());
        (product, notices.into_iter().map(|notice| notice.text).collect(), read_only)
    })
}

/// An edit can be made, and is there after opening again.
fn goes_on(folder: &Folder) {
    let mut writer = Writer::open(folder.clone()).unwrap();
    assert_eq!(writer.read_only(), None);
    let id = Hand::new(77, "Omar").added(&mut writer, Kind::BacklogItem, &[("title", "Goes on".into())]);
    let now = writer.product().clone();
    drop(writer);
    let (product, ..) = read(folder).unwrap();
    assert_eq!(&*product.get::<BacklogItem>(id).unwrap().title, "Goes on");
    assert!(product == now);
    let mut writer = Writer::open(folder.clone()).unwrap();
    writer.checkpoint(true).unwrap();
    assert!(read(folder).unwrap().0 == now);
}

/// Row 4: at every byte.
#[test]
fn a_journal_cut_at_any_byte_keeps_every_whole_step() {
    let (scratch, _) = lived_in();
    let (_dir, folder) = copied(&scratch);
    let whole = std::fs::read(folder.journal()).unwrap();
    let document = std::fs::read(folder.product_json()).unwrap();
    let (at_checkpoint, _) = snapshot::from_json(&document).unwrap();
    let first_line = whole.iter().position(|b| *b == b'\n').unwrap() + 1;
    for cut in 0..whole.len() {
        write(&folder.journal(), &whole[..cut]);
        let kept = scan(&whole[..cut]);
        let (product, ..) = read(&folder).unwrap_or_else(|why| panic!("cut at {cut}: {why}"));
        let mut want = at_checkpoint.clone();
        for line in &kept.lines {
            if let JournalLine::Step(entry) = line {
                want.apply(&entry.step).unwrap();
            }
        }
        assert!(product == want, "cut at byte {cut}");
        if cut % 7 == 0 || cut < first_line {
            let writer = Writer::open(folder.clone()).unwrap_or_else(|why| panic!("cut at {cut}: {why}"));
            assert!(*writer.product() == want);
            drop(writer);
            let torn: Vec<u8> = whole[kept.good..cut].to_vec();
            let aside = std::fs::read_dir(&folder.0)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("journal.torn-"));
            assert_eq!(aside.as_ref().map(|path| std::fs::read(path).unwrap()), (!torn.is_empty()).then_some(torn));
            aside.iter().for_each(|path| std::fs::remove_file(path).unwrap());
            assert!(read(&folder).unwrap().0 == want);
        }
    }
    write(&folder.journal(), &whole[..whole.len() - 9]);
    goes_on(&folder);
}

#[test]
fn a_line_taken_out_or_doubled_never_stops_the_product_from_opening() {
    let (scratch, all) = lived_in();
    let whole = std::fs::read(scratch.folder.journal()).unwrap();
    let lines: Vec<&[u8]> = whole.split_inclusive(|b| *b == b'\n').collect();
    assert!(lines.len() >= 5);
    for at in 0..lines.len() {
        let (_dir, folder) = copied(&scratch);
        let mut doubled = lines.clone();
        doubled.insert(at, lines[at]);
        write(&folder.journal(), &doubled.concat());
        assert!(read(&folder).unwrap().0 == all, "line {at} doubled");
        goes_on(&folder);

        let (_dir, folder) = copied(&scratch);
        let mut removed = lines.clone();
        removed.remove(at);
        write(&folder.journal(), &removed.concat());
        read(&folder).unwrap_or_else(|why| panic!("line {at} removed: {why}"));
        goes_on(&folder);

        // Damage between good lines: everything else is shown, nothing is written until it is looked at.
        let (_dir, folder) = copied(&scratch);
        let mut damaged: Vec<Vec<u8>> = lines.iter().map(|line| line.to_vec()).collect();
        damaged[at][3] ^= 1;
        write(&folder.journal(), &damaged.concat());
        let (_, notices, read_only) = read(&folder).unwrap();
        if at + 1 < lines.len() {
            assert!(read_only.is_some() && !notices.is_empty(), "damage in line {at} is told");
            let before = contents(&folder.0);
            let mut writer = Writer::open(folder.clone()).unwrap();
            assert!(writer.commit(&[]).is_empty());
            writer.checkpoint(true).unwrap();
            assert_eq!(contents(&folder.0), before);
        }
    }
}

/// Rows 8, 34, 79, 77, 81 and 82: broken in every way we could think of, as our own product.json.
#[test]
fn without_a_readable_product_json_the_journal_has_everything() {
    let (scratch, all) = lived_in();
    let good = std::fs::read(scratch.folder.product_json()).unwrap();
    let text = String::from_utf8(good.clone()).unwrap();
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let merged = text.replacen("  \"items\"", "<<<<<<< ours\n  \"items\"", 1);
    let twice = text.replacen("\"format\": \"1.0\",", "\"format\": \"1.0\",\n  \"format\": \"1.0\",", 1);
    let damages: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("garbage", b"}{ nothing".to_vec()),
        ("utf-16", utf16),
        ("nul", vec![0; 512]),
        ("cut", good[..good.len() / 2].to_vec()),
        (
            "latin-1",
            text.replace("price", "pr\u{0}ce")
                .into_bytes()
                .into_iter()
                .map(|b| if b == 0 { 0xE9 } else { b })
                .collect(),
        ),
        ("merge marks", merged.into_bytes()),
        ("a key twice", twice.into_bytes()),
        ("another document", b"[1, 2]".to_vec()),
        ("deep", "[".repeat(100_000).into_bytes()),
    ];
    for (name, bytes) in damages {
        let (_dir, folder) = copied(&scratch);
        write(&folder.product_json(), &bytes);
        let (product, notices, _) = read(&folder).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(product == all, "{name}");
        assert!(!notices.is_empty(), "{name} is told");
        let writer = Writer::open(folder.clone()).unwrap();
        assert_eq!(std::fs::read(folder.product_json()).unwrap(), bytes, "{name}: opening overwrites nothing");
        drop(writer);
        goes_on(&folder);
        if !bytes.is_empty() {
            let kept = contents(&folder.backup_folder()).values().any(|kept| *kept == bytes);
            assert!(kept, "{name}: the damaged file is kept before it is replaced");
        }
    }
    let (_dir, folder) = copied(&scratch);
    std::fs::remove_file(folder.product_json()).unwrap();
    assert!(read(&folder).unwrap().0 == all);
    goes_on(&folder);
    // With a byte order mark in front, and with Windows line ends, it is the same product.
    for bytes in [[b"\xEF\xBB\xBF", &good[..]].concat(), text.replace('\n', "\r\n").into_bytes()] {
        let (_dir, folder) = copied(&scratch);
        write(&folder.product_json(), &bytes);
        assert!(read(&folder).unwrap().0 == all);
        goes_on(&folder);
    }
}

/// Row 7: with a journal that is empty, and with none.
#[test]
fn without_its_journal_product_json_is_taken_as_it_stands() {
    let (scratch, _) = lived_in();
    for empty in [false, true] {
        let (_dir, folder) = copied(&scratch);
        let document = std::fs::read(folder.product_json()).unwrap();
        if empty {
            write(&folder.journal(), b"")
        } else {
            std::fs::remove_file(folder.journal()).unwrap()
        }
        let (product, notices, _) = read(&folder).unwrap();
        assert!(product == snapshot::from_json(&document).unwrap().0);
        assert!(!notices.is_empty());
        goes_on(&folder);
    }
}

#[test]
fn neither_file_readable_is_said_and_nothing_is_written() {
    let scratch = founded();
    write(&scratch.folder.product_json(), b"nonsense");
    write(&scratch.folder.journal(), b"nonsense\n");
    let before = contents(&scratch.folder.0);
    assert!(read(&scratch.folder).unwrap_err().contains("product.json"));
    assert!(Writer::open(scratch.folder.clone()).is_err());
    assert_eq!(contents(&scratch.folder.0), before);
}

/// Rows 31 and 37: what nobody here knows stays in the file.
#[test]
fn an_edit_of_the_file_is_taken_in_as_a_step_and_can_be_taken_back() {
    let (scratch, all) = lived_in();
    let text = scratch.json();
    let edited = text.replacen("See the price", "See the price first", 1).replacen(
        "  \"product\": {",
        "  \"from_another_tool\": {\"kept\": [1, 2]},\n  \"product\": {\n    \"colour\": \"blue\",",
        1,
    );
    assert_ne!(text, edited);
    write(&scratch.folder.product_json(), edited.as_bytes());
    let (shown, notices, _) = read(&scratch.folder).unwrap();
    assert!(shown.all::<BacklogItem>().any(|item| &*item.title == "See the price first"));
    assert!(
        shown.all::<BacklogItem>().any(|item| item.points.is_some_and(|p| p.to_string() == "5")),
        "later steps stay"
    );
    assert!(notices.iter().any(|notice| notice.contains("outside")));

    let mut writer = scratch.writer();
    assert!(*writer.product() == shown);
    let entry = writer.entries().last().unwrap().clone();
    assert_eq!(entry.by, "outside");
    writer.checkpoint(true).unwrap();
    for kept in ["from_another_tool", "\"colour\": \"blue\"", "See the price first"] {
        assert!(scratch.json().contains(kept), "{kept} survives a checkpoint");
    }
    Hand::new(8, "Omar").added(&mut writer, Kind::Goal, &[("title", "Another".into())]);
    writer.checkpoint(false).unwrap();
    assert!(scratch.json().contains("from_another_tool") && scratch.json().contains("colour"));

    let mut back: WriteRequest = Hand::new(9, "Mia").act(entry.step.invert());
    back.way = whyhow::model::change::Origin::Undo;
    back.undoes = Some(entry.id);
    assert!(matches!(writer.commit(&[back]).as_slice(), [WriteOutcome::Saved { left, .. }] if left.is_empty()));
    assert_eq!(writer.product().all::<BacklogItem>().count(), all.all::<BacklogItem>().count());
    assert!(writer.product().all::<BacklogItem>().all(|item| &*item.title != "See the price first"));
}

/// Row 31: while a writer has it open.
#[test]
fn an_edit_of_the_file_while_we_run_meets_ours() {
    let (scratch, _) = lived_in();
    let mut writer = scratch.writer();
    writer.checkpoint(false).unwrap();
    let mut hand = Hand::new(8, "Omar");
    let story = writer.product().all::<BacklogItem>().next().unwrap().id;
    let edited = scratch.json().replacen("See the price", "Read the price", 1);
    write(&scratch.folder.product_json(), edited.as_bytes());
    hand.set(&mut writer, Kind::BacklogItem, story, "points", json!(8));
    let item = writer.product().get::<BacklogItem>(story).unwrap();
    assert_eq!((&*item.title, item.points.unwrap().to_string()), ("Read the price", "8".to_string()));
    // Taken out of the file by hand is deleted, and comes back as any deleted record does.
    writer.checkpoint(false).unwrap();
    let mut document: whyhow::model::value::Value = serde_json::from_str(&scratch.json()).unwrap();
    document["items"].as_array_mut().unwrap().retain(|item| item["id"] != story.to_string());
    write(&scratch.folder.product_json(), serde_json::to_string_pretty(&document).unwrap().as_bytes());
    writer.follow().unwrap();
    assert_eq!(writer.product().get::<BacklogItem>(story).unwrap().alive, Life::Deleted);
    let now = writer.product().clone();
    drop(writer);
    assert!(read(&scratch.folder).unwrap().0 == now);
}

#[test]
fn the_journal_gone_and_the_file_edited_loses_no_later_step() {
    let (scratch, _) = lived_in();
    std::fs::remove_file(scratch.folder.journal()).unwrap();
    std::fs::remove_dir_all(scratch.folder.segment_folder()).unwrap();
    std::fs::remove_dir_all(scratch.folder.backup_folder()).unwrap();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(8, "Omar");
    let goal = hand.added(&mut writer, Kind::Goal, &[("title", "Saved after that".into())]);
    drop(writer);
    let edited = scratch.json().replacen("See the price", "Read the price", 1);
    write(&scratch.folder.product_json(), edited.as_bytes());
    for _ in 0..3 {
        let writer = scratch.writer();
        assert!(writer.product().get::<Goal>(goal).is_some(), "an acknowledged step is there");
        assert!(writer.product().all::<BacklogItem>().any(|item| &*item.title == "Read the price"));
        drop(writer);
        let (product, ..) = read(&scratch.folder).unwrap();
        assert!(product.get::<Goal>(goal).is_some());
    }
    goes_on(&scratch.folder);
}

/// Rows 35, 36 and 37: formats, fields and kinds that this program does not know.
#[test]
fn what_a_newer_whyhow_wrote_is_shown_and_not_touched() {
    let (scratch, _) = lived_in();
    let sealed = |json: &str| {
        let body = json.strip_suffix('}').unwrap();
        format!("{body},\"crc\":\"{:08x}\"}}\n", crc32fast::hash(body.as_bytes()))
    };
    let whole = std::fs::read_to_string(scratch.folder.journal()).unwrap();
    let last = whole.lines().last().unwrap();
    let body = format!("{}}}", last.rsplit_once(",\"crc\":").unwrap().0);
    let strange = [
        body.replacen("\"labels\"", "\"mood\"", 1),
        body.replacen("\"item\"", "\"persona\"", 1),
        r#"{"note":{"by":"a newer one"}}"#.to_string(),
    ];
    for line in &strange {
        assert_ne!(*line, body);
        let (_dir, folder) = copied(&scratch);
        write(&folder.journal(), [whole.as_str(), &sealed(line)].concat().as_bytes());
        refuses_to_write(&folder, line);
    }
    let (_dir, folder) = copied(&scratch);
    write(&folder.product_json(), scratch.json().replacen("\"1.0\"", "\"1.1\"", 1).as_bytes());
    refuses_to_write(&folder, "format 1.1");
    std::fs::remove_file(folder.journal()).unwrap();
    refuses_to_write(&folder, "format 1.1 without a journal");

    // One that begins while we run stops us as well.
    let (_dir, folder) = copied(&scratch);
    let mut writer = Writer::open(folder.clone()).unwrap();
    write(&folder.journal(), [whole.as_str(), &sealed(&strange[0])].concat().as_bytes());
    let before = contents(&folder.0);
    let (step, _) = Hand::new(4, "Omar").add(writer.product(), Kind::Goal, &[("title", "No".into())]);
    let answers = writer.commit(&[Hand::new(5, "Omar").act(step)]);
    assert!(matches!(answers.as_slice(), [WriteOutcome::NotSaved(_)]), "{answers:?}");
    assert!(writer.read_only().is_some());
    assert_eq!(contents(&folder.0), before);

    let (_dir, folder) = copied(&scratch);
    write(&folder.product_json(), scratch.json().replacen("\"1.0\"", "\"2.0\"", 1).as_bytes());
    let before = contents(&folder.0);
    assert!(read(&folder).unwrap_err().contains("newer"));
    assert!(Writer::open(folder.clone()).is_err());
    assert_eq!(contents(&folder.0), before);
}

fn refuses_to_write(folder: &Folder, what: &str) {
    let (product, _, read_only) = read(folder).unwrap_or_else(|why| panic!("{what}: {why}"));
    assert!(read_only.is_some(), "{what}");
    assert!(product.all::<BacklogItem>().count() > 0, "{what} is shown");
    let before = contents(&folder.0);
    let mut writer = Writer::open(folder.clone()).unwrap_or_else(|why| panic!("{what}: {why}"));
    let act = Hand::new(5, "Omar").act(Step::new("Nothing"));
    assert!(matches!(writer.commit(&[act]).as_slice(), [WriteOutcome::NotSaved(_)]), "{what}");
    writer.checkpoint(true).unwrap();
    writer.follow().unwrap();
    assert_eq!(contents(&folder.0), before, "{what}");
}

/// Rows 3 and 4: at the seam of two segments.
#[test]
fn half_a_line_by_whoever_closed_the_segment_swallows_no_later_step() {
    if not_here("replace") {
        return;
    }
    let (scratch, _) = lived_in();
    let mut ours = scratch.writer();
    let mut other = scratch.writer();
    let mut hand = Hand::new(8, "Mia");
    hand.added(&mut other, Kind::Goal, &[("title", "Theirs".into())]);
    other.checkpoint(true).unwrap();
    hand.added(&mut other, Kind::Goal, &[("title", "Theirs, later".into())]);
    drop(other);
    let mut bytes = std::fs::read(scratch.folder.journal()).unwrap();
    bytes.extend_from_slice(b"{\"id\":\"000");
    write(&scratch.folder.journal(), &bytes);
    let goal = Hand::new(9, "Omar").added(&mut ours, Kind::Goal, &[("title", "Ours".into())]);
    let now = ours.product().clone();
    drop(ours);
    let (product, _, read_only) = read(&scratch.folder).unwrap();
    assert_eq!(read_only, None);
    assert!(product.get::<Goal>(goal).is_some() && product == now);
}

/// Row 33: as git does it.
#[test]
fn files_replaced_while_we_run_are_read_anew_and_what_they_lack_is_kept() {
    let (scratch, _) = lived_in();
    let (old, _folder) = copied(&scratch);
    let mut writer = scratch.writer();
    let mut hand = Hand::new(8, "Omar");
    hand.added(&mut writer, Kind::Goal, &[("title", "Written after the copy".into())]);
    // As git does: new files in the place of the old ones.
    for name in ["product.json", "journal.jsonl"] {
        let fresh = scratch.folder.0.join("fresh");
        std::fs::copy(old.path().join(name), &fresh).unwrap();
        std::fs::rename(&fresh, scratch.folder.0.join(name)).unwrap();
    }
    let goal = hand.added(&mut writer, Kind::Goal, &[("title", "Written later".into())]);
    assert!(writer.take_replacement().is_some());
    assert!(writer.product().all::<Goal>().all(|goal| &*goal.title != "Written after the copy"));
    let kept = contents(&scratch.folder.backup_folder());
    let kept = kept.iter().find(|(path, _)| path.to_string_lossy().contains("steps-")).expect("the step is kept");
    assert!(String::from_utf8_lossy(kept.1).contains("Written after the copy"));
    assert!(writer.take_notices().iter().any(|notice| notice.text.contains("steps-")));
    assert!(read(&scratch.folder).unwrap().0.get::<Goal>(goal).is_some());
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
        assert!(writer.take_notices().iter().any(|notice| notice.text.contains("journal.torn-")));
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
    assert!(writer.take_notices().iter().any(|notice| notice.text.contains("cannot be read")));
    assert_eq!(std::fs::read_to_string(scratch.folder.product_json()).unwrap(), broken, "not written over yet");
    writer.checkpoint(false).unwrap();
    assert!(scratch.json().contains("After"));
    let kept = contents(&scratch.folder.backup_folder()).values().any(|bytes| *bytes == broken.as_bytes());
    assert!(kept, "the broken file is in backup");
    assert_eq!(scratch.read().all::<Goal>().count(), 2);
}

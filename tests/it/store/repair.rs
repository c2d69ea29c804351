//! Damaged files: every byte, every line. They open with a sentence or are refused with one, nothing is overwritten, and
//! `repair` makes a sound copy of what the other files still hold.

use crate::harness::scratch::{Hand, Scratch, batch, contents, copy_folder, founded, noon, whyhow as program};
use std::path::{Path, PathBuf};
use whyhow::json;
use whyhow::model::id::IdSource;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::store::create::Founder;
use whyhow::store::error::StoreError;
use whyhow::store::folder::Folder;
use whyhow::store::open::open;
use whyhow::store::products::{Data, Listed};
use whyhow::store::recover::recover;
use whyhow::store::repair::{self, Meant};
use whyhow::store::snapshot;
use whyhow::store::writer::Writer;

/// Two checkpoints, a closed segment, steps behind the last checkpoint, a record that was taken back.
fn lived_in() -> (Scratch, Product) {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let goal = hand.added(&mut writer, Kind::Goal, &[("title", "More riders".into())]);
    let cells = [("title", "See the price".into()), ("serves", goal.to_string().into())];
    let story = hand.added(&mut writer, Kind::BacklogItem, &cells);
    writer.checkpoint(false).unwrap();
    hand.set(&mut writer, Kind::BacklogItem, story, "points", json!(3));
    writer.checkpoint(true).unwrap();
    hand.set(&mut writer, Kind::BacklogItem, story, "points", json!(5));
    hand.added(&mut writer, Kind::BacklogItem, &[("title", "Cancel \u{202e}\u{1b}".into())]);
    hand.set(&mut writer, Kind::Goal, goal, "why", json!("Empty seats\ncost the same"));
    let product = writer.product().clone();
    (scratch, product)
}

fn founder(seed: u64) -> Founder {
    Founder::new("Omar".into(), Role::Both, noon(), &mut IdSource::new(seed, 0))
}

/// The damaged folder as it lies in a data folder of its own.
struct Scene {
    data: tempfile::TempDir,
    folder: Folder,
}

fn scene(scratch: &Scratch) -> Scene {
    let data = tempfile::tempdir().unwrap();
    let folder = Folder(data.path().join("ferry-000000000000B"));
    copy_folder(&scratch.folder.0, &folder.0);
    Scene { data, folder }
}

impl Scene {
    fn listed(&self) -> Listed {
        Data(self.data.path().to_path_buf()).list().into_iter().find(|one| one.folder == self.folder).unwrap()
    }

    /// Makes a copy, and sees that it is sound and the old folder untouched. The products are equal but for the name.
    fn repaired(&self, seed: u64) -> Result<(Product, usize), String> {
        let before = contents(&self.folder.0);
        let mut found = recover(&self.folder).map_err(|error| error.to_string())?;
        let data = Data(self.data.path().to_path_buf());
        let meant = Meant::repaired(&data, &self.listed(), &found);
        let copied = repair::write(&data, &mut found, &meant, &founder(seed))
            .unwrap_or_else(|error| panic!("what was recovered is not written: {error}"));
        assert_eq!(contents(&self.folder.0), before, "repair only reads the old folder");
        let opened = open(&copied.folder).unwrap();
        assert!(opened.read_only.is_none() && opened.notices.is_empty(), "{:?}", opened.notices);
        assert!(opened.history(&copied.folder).fold(None).unwrap() == opened.product);
        let mut writer = Writer::open(copied.folder.clone()).unwrap();
        Hand::new(seed + 1000, "Omar").added(&mut writer, Kind::BacklogItem, &[("title", "Goes on".into())]);
        drop(writer);
        std::fs::remove_dir_all(&copied.folder.0).unwrap();
        Ok((opened.product, found.lost.len()))
    }
}

fn same_but_name(a: &Product, b: &Product) -> bool {
    let unnamed = |product: &Product| {
        let mut product = product.clone();
        let board = product.vision().unwrap().id;
        let step = product.edit::<whyhow::model::schema::VisionBoard>(board, "", |one| one.name = "x".into());
        product.apply(&step).unwrap();
        product
    };
    unnamed(a) == unnamed(b)
}

/// The files whose bytes matter, by what still has everything when they are gone.
fn files(scratch: &Scratch) -> Vec<PathBuf> {
    let inside = |path: PathBuf| path.strip_prefix(&scratch.folder.0).unwrap().to_path_buf();
    let closed = scratch.folder.closed_segments().into_iter().map(inside);
    [PathBuf::from("product.json"), PathBuf::from("journal.jsonl")].into_iter().chain(closed).collect()
}

/// Opening says what is wrong or shows what was there; nobody writes over anything.
fn opens_or_says_why(folder: &Folder, all: &Product, what: &str, seen: bool) {
    let before = contents(&folder.0);
    match open(folder) {
        Ok(opened) => {
            let same = opened.product == *all && opened.outside.is_none();
            let (shown, notices) = opened.shown(noon());
            assert!(shown.index_is_sound(), "{what}");
            assert!(same || !seen || !notices.is_empty(), "{what}: another product is shown without a word");
            assert!(notices.iter().all(|notice| notice.text.trim_end().ends_with('.')), "{what}: {notices:?}");
        }
        Err(error) => assert!(error.to_string().ends_with('.'), "{what}: {error}"),
    }
    assert_eq!(contents(&folder.0), before, "{what}: reading writes nothing");
}

/// A writer may put a torn end aside and take an edit in; what was there is then in another file.
fn nothing_is_overwritten(folder: &Folder, what: &str) {
    let before = contents(&folder.0);
    if let Ok(mut writer) = Writer::open(folder.clone()) {
        let _ = writer.checkpoint(true);
    }
    let after = contents(&folder.0);
    for (path, bytes) in &before {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let kept = after.values().any(|now| now == bytes);
        let torn: Vec<&Vec<u8>> =
            after.iter().filter(|(path, _)| path.to_string_lossy().contains("torn-")).map(|(_, bytes)| bytes).collect();
        let whole = |now: &Vec<u8>| {
            torn.iter().any(|torn| bytes.ends_with(torn) && now.starts_with(&bytes[..bytes.len() - torn.len()]))
        };
        let grown = after.values().any(|now| now.starts_with(bytes) || whole(now));
        assert!(kept || grown, "{what}: {name} is in no file any more");
    }
}

/// Runs one damage through everything; `writes` also tries a writer and a repair on the disk.
fn case(scene: &Scene, file: &Path, bytes: &[u8], all: &Product, what: &str, writes: bool) {
    std::fs::write(scene.folder.0.join(file), bytes).unwrap();
    // A sound line that is gone or moved leaves no trace in a file of sound lines.
    let seen = !(what.contains(".jsonl") && (what.ends_with("removed") || what.ends_with("swapped")));
    opens_or_says_why(&scene.folder, all, what, seen);
    let found = match recover(&scene.folder) {
        // A format that reads as a later one is nobody's to repair but a later program's.
        Err(StoreError::Newer { .. }) => return,
        found => found.unwrap_or_else(|error| panic!("{what}: {error}")),
    };
    let is_document = file == Path::new("product.json");
    // The journal reaches back to the beginning, so no damage of the document costs anything; a damaged line costs
    // itself, if it is not behind a checkpoint.
    assert!(found.product.index_is_sound(), "{what}");
    assert!(!is_document || found.product == *all, "{what}: the journal has everything");
    if writes {
        let (copy, _) = scene.repaired(7).unwrap();
        assert!(!is_document || same_but_name(&copy, all), "{what}");
        let again = tempfile::tempdir().unwrap();
        let folder = Folder(again.path().to_path_buf());
        copy_folder(&scene.folder.0, &folder.0);
        nothing_is_overwritten(&folder, what);
    }
}

/// Every cut, every byte flipped, every line removed, doubled and swapped; each `step`th of the bytes.
fn damages(every: usize, writes: usize) -> usize {
    let (scratch, all) = lived_in();
    let scene = scene(&scratch);
    let mut cases = 0;
    for file in files(&scratch) {
        let whole = std::fs::read(scratch.folder.0.join(&file)).unwrap();
        let mut run = |bytes: &[u8], what: String| {
            cases += 1;
            case(&scene, &file, bytes, &all, &format!("{}, {what}", file.display()), cases % writes == 0);
            std::fs::write(scene.folder.0.join(&file), &whole).unwrap();
        };
        for at in (0..whole.len()).step_by(every) {
            // Between two lines nothing is cut in half.
            let between = if at > 0 && whole[at - 1] == b'\n' { ", between two lines: removed" } else { "" };
            run(&whole[..at], format!("cut at byte {at}{between}"));
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            run(&flipped, format!("byte {at} flipped"));
        }
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for at in 0..lines.len() {
            let mut removed = lines.clone();
            removed.remove(at);
            run(&removed.concat(), format!("line {at} removed"));
            let mut doubled = lines.clone();
            doubled.insert(at, lines[at]);
            run(&doubled.concat(), format!("line {at} doubled"));
            let mut swapped = lines.clone();
            swapped.swap(at, (at + 1) % lines.len());
            run(&swapped.concat(), format!("line {at} swapped"));
        }
    }
    cases
}

/// Rows 4, 6, 8, 83: all files of a small product, damaged in every way. A tenth of the bytes; all of them below.
#[test]
fn files_damaged_anywhere_open_with_a_sentence_or_are_refused_with_one() {
    assert!(damages(11, 23) > 1000);
}

#[test]
#[ignore = "every byte of every file, some minutes"]
fn files_damaged_at_every_byte_open_with_a_sentence_or_are_refused_with_one() {
    let cases = damages(1, 1);
    assert!(cases > 5_000, "{cases}");
    eprintln!("{cases} damages");
}

/// Row 6: one line in the middle. It is named, everything else is there, and the copy is what the file still says.
#[test]
fn repair_leaves_out_the_damaged_line_and_names_it() {
    let data = tempfile::tempdir().unwrap();
    let lines = (1..=8).map(|n| format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"Story {n}\"}}}}\n"));
    let (code, ..) = batch(data.path(), &[], &lines.collect::<String>());
    assert_eq!(code, 0);
    let listed = Data(data.path().to_path_buf()).list().remove(0);
    let journal = std::fs::read_to_string(listed.folder.journal()).unwrap();
    let at = journal.lines().position(|line| line.contains("Story 4")).unwrap();
    std::fs::write(listed.folder.journal(), journal.replacen("Story 4", "Story \u{1b}", 1)).unwrap();
    let run = |args: &[&str]| {
        let done = program(data.path()).args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
    };
    let before = contents(&listed.folder.0);
    // verify names the line and does not call the product sound.
    let (code, said, words) = run(&["verify"]);
    assert_eq!((code, said.as_str()), (2, ""), "{words}");
    assert!(words.contains(&format!("line {}", at + 1)) && words.contains("whyhow repair"), "{words}");
    let (code, said, words) = run(&["repair"]);
    assert_eq!(code, 0, "{words}");
    assert!(said.starts_with(&format!("journal.jsonl, line {}: its checksum does not fit.", at + 1)), "{said}");
    assert!(said.lines().count() == 1 && !said.contains('\u{1b}'), "{said:?}");
    assert!(words.contains("Product (repaired)"), "{words}");
    assert_eq!(contents(&listed.folder.0), before, "the old folder is as it was");
    // product.json held the story already, so nothing but the line itself is lost.
    let (code, shown, _) = run(&["--product", "Product (repaired)", "show", "backlog", "--json"]);
    assert_eq!(code, 0);
    assert_eq!(shown.matches("\"Story ").count(), 8, "{shown}");
    assert_eq!(run(&["--product", "Product (repaired)", "verify"]).0, 0);
    let (code, said, words) = run(&["--product", "Product (repaired)", "repair"]);
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(words.contains("nothing is damaged"), "{words}");
    // A second copy gets a name of its own.
    assert_eq!(run(&["--product", &listed.id, "repair"]).0, 0);
    assert!(run(&["products"]).1.contains("Product (repaired 2)"));
}

/// Row 8: no journal reaches back, product.json is broken: its single records, and the backup for the others.
#[test]
fn repair_puts_single_records_together_where_no_whole_state_reads() {
    let (scratch, _) = lived_in();
    let mut writer = scratch.writer();
    writer.checkpoint(true).unwrap();
    let all = writer.product().clone();
    drop(writer);
    let scene = scene(&scratch);
    std::fs::remove_dir_all(scene.folder.segment_folder()).unwrap();
    std::fs::write(scene.folder.journal(), b"").unwrap();
    let text = std::fs::read_to_string(scene.folder.product_json()).unwrap();
    let broken = text.replacen("\"title\": \"See the price\"", "\"title\": \"See the pr", 1);
    assert_ne!(text, broken);
    std::fs::write(scene.folder.product_json(), &broken).unwrap();
    // A backup reads: it gives the one story that product.json does not.
    let (copy, lost) = scene.repaired(3).unwrap();
    assert_eq!(lost, 2, "the file and its record");
    assert_eq!(copy.all::<BacklogItem>().count(), all.all::<BacklogItem>().count());
    assert!(copy.all::<BacklogItem>().any(|item| &*item.title == "See the price"));
    // Without one, the other records are there.
    std::fs::remove_dir_all(scene.folder.backup_folder()).unwrap();
    let (copy, _) = scene.repaired(4).unwrap();
    assert_eq!(copy.all::<BacklogItem>().count(), all.all::<BacklogItem>().count() - 1);
    // Nothing at all is said, and makes no folder.
    std::fs::write(scene.folder.product_json(), b"nothing here").unwrap();
    let why = scene.repaired(5).unwrap_err();
    assert!(why.contains("holds a record that reads"), "{why}");
    assert_eq!(Data(scene.data.path().to_path_buf()).list().len(), 1);
}

/// Row 6: what was written into a record whose first line is lost is not lost with it.
#[test]
fn repair_brings_back_a_record_whose_first_line_is_lost() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let story = hand.added(&mut writer, Kind::BacklogItem, &[("title", "Story".into())]);
    hand.set(&mut writer, Kind::BacklogItem, story, "notes", "Long thought about".into());
    drop(writer);
    let scene = scene(&scratch);
    let journal = std::fs::read_to_string(scene.folder.journal()).unwrap();
    let lines: Vec<&str> = journal.lines().collect();
    let damaged: Vec<String> = lines
        .iter()
        .map(|line| if line.contains("Added") { line.replace("Added", "Addex") } else { line.to_string() })
        .collect();
    std::fs::write(scene.folder.journal(), damaged.join("\n") + "\n").unwrap();
    let (copy, lost) = scene.repaired(3).unwrap();
    assert_eq!(lost, 1);
    let item = copy.get::<BacklogItem>(story).unwrap();
    assert_eq!((&*item.notes, &*item.title), ("Long thought about", "A story whose first line was lost"));
}

/// Row 6 and 8: the first sentence names the line, what is safe, what was opened instead and how old it is.
#[test]
fn the_opening_sentence_names_the_damage_what_was_opened_and_the_ways_on() {
    let (scratch, _) = lived_in();
    let damaged = scene(&scratch);
    let text = std::fs::read_to_string(damaged.folder.product_json()).unwrap();
    std::fs::write(damaged.folder.product_json(), text.replacen("\"goals\": [", "\"goals\": ]", 1)).unwrap();
    let told = open(&damaged.folder).unwrap().notices.remove(0).text;
    for part in [
        "product.json (line ",
        "read from the journal instead, up to 2026-03-02",
        "ago;",
        "whyhow repair",
        "000001.json of ",
    ] {
        assert!(told.contains(part), "{part:?} is not in {told:?}");
    }
    let damaged = scene(&scratch);
    let journal = std::fs::read_to_string(damaged.folder.journal()).unwrap();
    std::fs::write(damaged.folder.journal(), journal.replacen("\"n\":", "\"m\":", 1)).unwrap();
    let told = open(&damaged.folder).unwrap().notices.remove(0).text;
    for part in
        ["Line ", "All other lines are in what you see, up to 2026-03-02", "nothing is written", "whyhow repair"]
    {
        assert!(told.contains(part), "{part:?} is not in {told:?}");
    }
    // Where nothing opens, the error has the ways on as well.
    std::fs::write(damaged.folder.product_json(), b"").unwrap();
    std::fs::write(damaged.folder.journal(), b"").unwrap();
    std::fs::remove_dir_all(damaged.folder.segment_folder()).unwrap();
    let told = open(&damaged.folder).unwrap_err().to_string();
    assert!(told.contains("whyhow repair") && told.contains("000001.json of "), "{told}");
    let (product, _) = damaged.repaired(1).unwrap();
    assert!(product.all::<BacklogItem>().count() > 0, "the backup opens by repair");
}

/// What a newer program wrote is no damage, and nobody older repairs it.
#[test]
fn repair_leaves_what_a_newer_program_wrote_to_it() {
    let (scratch, _) = lived_in();
    let scene = scene(&scratch);
    let text = std::fs::read_to_string(scene.folder.product_json()).unwrap();
    std::fs::write(scene.folder.product_json(), text.replacen("\"1.0\"", "\"1.9\"", 1)).unwrap();
    assert!(scene.repaired(1).unwrap_err().contains("newer"));
    assert!(snapshot::newer_format(text.as_bytes()).is_none());
    assert_eq!(snapshot::newer_format(b"{\"x\": [1], \"format\": \"2.0\", \"broken").as_deref(), Some("2.0"));
}

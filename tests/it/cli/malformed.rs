//! Files that are not what they seem: broken, nested, endless, in other encodings, forged; to import, and as our own.

use crate::harness::scratch::{Hand, batch, fed, field, founded, whyhow};
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};
use whyhow::json;
use whyhow::model::rank::LONGEST;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::model::value::Value;
use whyhow::store::folder::Folder;
use whyhow::store::open::open;
use whyhow::store::products::Data;
use whyhow::store::writer::Writer;

fn import(data: &Path, file: &Path) -> Output {
    let begun = Instant::now();
    let output = whyhow(data).args(["--product", "Ferry", "import"]).arg(file).output().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10), "{} takes too long", file.display());
    assert_ne!(output.status.code(), Some(101), "{}", said(&output));
    output
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A data folder with a small product, and a file beside it.
fn with_file(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let data = tempfile::tempdir().unwrap();
    let lines = "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"Mine\"}}\n";
    assert_eq!(batch(data.path(), &["--product", "Ferry"], lines).0, 0);
    let file = data.path().join("theirs.json");
    std::fs::write(&file, bytes).unwrap();
    (data, file)
}

fn titles(data: &Path) -> Vec<String> {
    let folder = Data(data.to_path_buf()).list().remove(0).folder;
    open(&folder).unwrap().product.all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

/// What the import says; nothing came in.
fn refused(bytes: &[u8]) -> String {
    let (data, file) = with_file(bytes);
    let output = import(data.path(), &file);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(titles(data.path()), ["Mine"], "{said}");
    said
}

/// What the import says; these titles came in.
fn taken(bytes: &[u8], wanted: &[&str]) -> String {
    let (data, file) = with_file(bytes);
    let output = import(data.path(), &file);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(titles(data.path())[1..], *wanted, "{said}");
    said
}

/// Row 74: what a product is called never becomes a path.
#[test]
fn a_product_of_any_name_lies_in_a_plain_folder_and_is_found_again() {
    let long = "x".repeat(300);
    let names =
        ["../../x", "/etc/x", "CON", ".", "..", "trailing ", "dot.", "日本", "-rf", "a/b\\c:d*?", &long, "\u{202e}"];
    let data = tempfile::tempdir().unwrap();
    let line = "{\"do\":\"add\",\"kind\":\"goal\",\"set\":{\"title\":\"x\"}}\n";
    for name in names {
        let mut command = whyhow(&data.path().join("data"));
        command.arg(format!("--product={name}")).arg("batch");
        let output = fed(command, line);
        assert_eq!(output.status.code(), Some(0), "{name:?}: {}", said(&output));
    }
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 1, "nothing lies beside the data folder");
    let listed = Data(data.path().join("data")).list();
    assert_eq!(listed.len(), names.len());
    for one in &listed {
        let name = one.folder.0.file_name().unwrap().to_str().unwrap();
        let plain =
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-');
        // The id at the end keeps a name that some system reserves from being one.
        assert!(plain && name.len() <= 60 && name.contains('-') && !name.starts_with('-'), "{name}");
    }
    for name in names {
        let found = Data(data.path().join("data")).find(Some(name)).unwrap();
        assert_eq!(found.name, name.trim());
    }
    // In a batch a name may hold a NUL too; a product is renamed by its vision board.
    let lines = "{\"do\":\"set\",\"on\":\"product\",\"set\":{\"name\":\"a\\u0000b\"}}\n";
    let mut command = whyhow(&data.path().join("data"));
    command.args(["--product", "CON", "batch"]);
    assert_eq!(fed(command, lines).status.code(), Some(0));
    assert!(Data(data.path().join("data")).list().iter().any(|one| one.name == "a\0b"));
    let nameless = whyhow(data.path()).args(["--product", "  ", "batch"]).output().unwrap();
    assert_ne!(nameless.status.code(), Some(101));
}

/// Row 75: what is no plain file is refused in words and in no time, and an endless one ends.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_imported_and_what_has_no_end_is_not_waited_for() {
    let (data, _) = with_file(b"");
    let fifo = data.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for (path, word) in [
        (data.path(), "is a folder without tasks of Backlog.md"),
        (Path::new("/dev/zero"), "is not a plain file"),
        (&fifo, "is not a plain file"),
        (&data.path().join("missing.json"), "There is no file"),
    ] {
        let output = import(data.path(), path);
        assert!(output.status.code() == Some(1) && said(&output).contains(word), "{}", said(&output));
    }
    let zero = || std::fs::File::open("/dev/zero").unwrap();
    let begun = Instant::now();
    let output = whyhow(data.path()).args(["import", "-"]).stdin(zero()).output().unwrap();
    assert!(output.status.code() == Some(1) && said(&output).contains("larger than 64 MB"), "{}", said(&output));
    let output = whyhow(data.path()).arg("batch").stdin(zero()).output().unwrap();
    assert!(output.status.code() == Some(1) && said(&output).contains("longer than 64 MB"), "{}", said(&output));
    let output = whyhow(data.path()).args(["verify", "--acks", "/dev/zero"]).output().unwrap();
    assert!(output.status.code() == Some(1) && said(&output).contains("longer than 64 MB"), "{}", said(&output));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(titles(data.path()), ["Mine"]);
}

/// Row 76: a file of a gigabyte, of which nothing is on disk, is refused by its size, unread; a title of many megabytes
/// is left out with its size, and the rest comes in.
#[test]
fn files_and_texts_that_are_too_large_are_refused_with_the_number() {
    let (data, file) = with_file(b"");
    std::fs::File::options().write(true).open(&file).unwrap().set_len(1 << 30).unwrap();
    let begun = Instant::now();
    let output = import(data.path(), &file);
    let words = said(&output);
    assert!(output.status.code() == Some(1) && words.contains("larger than 64 MB (1024.0 MB)"), "{words}");
    assert!(begun.elapsed() < Duration::from_secs(2), "it was not read");
    let title = "x".repeat(20 << 20);
    let issues =
        json!([{"number": 1, "title": title, "state": "OPEN"}, {"number": 2, "title": "Small", "state": "OPEN"}]);
    std::fs::write(&file, issues.to_string()).unwrap();
    let output = import(data.path(), &file);
    let words = said(&output);
    assert!(
        output.status.code() == Some(0) && words.contains("Title longer than 1,048,576 bytes"),
        "{}",
        words.chars().take(2000).collect::<String>()
    );
    assert!(titles(data.path()).contains(&"Small".to_string()));
    assert!(titles(data.path()).iter().all(|title| title.len() <= 1 << 20));
}

/// Rows 77 and 78: nesting without an end, in a place that is known and in one that is not.
#[test]
fn a_file_nested_without_an_end_is_refused_wherever_the_nest_is() {
    let nest = "[".repeat(100_000);
    let maps = "{\"a\":".repeat(100_000);
    for deep in [&nest, &maps] {
        let files = [
            deep.clone(),
            format!("[{{\"number\":1,\"state\":\"OPEN\",\"title\":{deep}"),
            format!("[{{\"number\":1,\"state\":\"OPEN\",\"title\":\"x\",\"anything\":{deep}"),
            format!("{{\"format\":\"1.0\",\"items\":{deep}"),
            format!("{{\"format\":\"1.0\",\"items\":[],\"colour\":{deep}"),
        ];
        for file in files {
            let said = refused(file.as_bytes());
            assert!(said.contains("nested more than 64 levels") || said.contains("ends too early"), "{said}");
        }
        let (_, answers, _) = batch(tempfile::tempdir().unwrap().path(), &[], &format!("{deep}\n{{\"do\":{deep}\n"));
        assert!(answers.len() == 2 && answers.iter().all(|one| one["error"].as_str().unwrap().contains("levels deep")));
        // As our own file: the journal has everything.
        for (key, place) in [("items", "known"), ("colour", "unknown")] {
            own_file(
                &|document| document.replacen("\"format\"", &format!("\"{key}\": {deep},\n  \"format\""), 1),
                place,
            );
        }
    }
}

/// Makes a product, spoils its product.json, and looks that everything is read from the journal, that it is said, and that
/// the spoilt file is kept in backup before a fresh one takes its place. Gives what is said.
fn own_file(spoil: &dyn Fn(&str) -> String, what: &str) -> String {
    own_bytes(&|document| spoil(document).into_bytes(), what)
}

fn own_bytes(spoil: &dyn Fn(&str) -> Vec<u8>, what: &str) -> String {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let cells = [("title", "Kept".into()), ("points", json!(3)), ("labels", json!(["a"]))];
    hand.added(&mut writer, Kind::BacklogItem, &cells);
    writer.checkpoint(false).unwrap();
    let all = writer.product().clone();
    drop(writer);
    let spoilt = spoil(&scratch.json());
    assert_ne!(spoilt, scratch.json().into_bytes(), "{what}");
    std::fs::write(scratch.folder.product_json(), &spoilt).unwrap();
    let opened = open(&scratch.folder).unwrap();
    assert!(opened.product == all, "{what}");
    let notice = opened.notices.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" ");
    assert!(notice.contains("cannot be read") && notice.contains("read from the journal instead"), "{what}: {notice}");
    let mut writer = scratch.writer();
    writer.checkpoint(true).unwrap();
    assert!(open(&scratch.folder).unwrap().product == all, "{what}");
    let kept = std::fs::read_dir(scratch.folder.backup_folder()).unwrap();
    assert!(
        kept.map(|one| std::fs::read(one.unwrap().path()).unwrap()).any(|bytes| bytes == spoilt),
        "{what}: not kept"
    );
    notice
}

/// Row 79: of two keys that are the same none is chosen silently, in a record, in a map of any shape and at the top.
#[test]
fn a_key_that_stands_twice_is_told_and_never_the_last_one_wins() {
    for (old, new) in [
        ("\"points\": 3", "\"points\": 3, \"points\": 5"),
        ("\"points\": 3", "\"mood\": 3, \"mood\": 5, \"points\": 3"),
        ("\"points\": 3", "\"mood\": {\"a\": [{\"b\": 1, \"b\": 2}]}, \"points\": 3"),
        ("\"points\": 3", "\"extra\": {\"github\": {\"x\": 1, \"x\": 2}}, \"points\": 3"),
        (
            "\"points\": 3",
            "\"source\": {\"system\": \"s\", \"key\": \"k\", \"base\": {\"x\": 1, \"x\": 2}}, \"points\": 3",
        ),
        ("\"format\"", "\"mood\": {\"x\": 1, \"x\": 2}, \"format\""),
        ("\"format\"", "\"items\": [], \"format\""),
    ] {
        let notice = own_file(&|document| document.replacen(old, new, 1), new);
        assert!(notice.contains("twice") || notice.contains("duplicate field"), "{new}: {notice}");
    }
    let said = refused(b"[{\"number\":1,\"state\":\"OPEN\",\"title\":\"one\",\"title\":\"two\"}]");
    assert!(said.contains("the key \"title\" occurs twice") && said.contains("line 1, column"), "{said}");
    let said = refused(b"{\"format\":\"1.0\",\"items\":[{\"id\":\"0000000000014\",\"title\":\"a\",\"title\":\"b\"}]}");
    assert!(said.contains("occurs twice"), "{said}");
    let lines = "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"a\",\"title\":\"b\"}}\n";
    let (code, answers, _) = batch(tempfile::tempdir().unwrap().path(), &[], lines);
    assert!(code == 1 && answers[0]["error"].as_str().unwrap().contains("occurs twice"), "{answers:?}");
}

/// Row 80: numbers that are none, too large, below zero or broken, where a whole one is asked for.
#[test]
fn numbers_that_do_not_fit_are_named_with_their_line_and_never_written() {
    for number in ["NaN", "Infinity", "1e999", "-1", "4294967296", "1.5", "\"1\"", "1e400"] {
        let notice =
            own_file(&|document| document.replacen("\"number\": 1,", &format!("\"number\": {number},"), 1), number);
        assert!(notice.contains("product.json (line "), "{number}: {notice}");
        if number.starts_with('"') || !number.contains('-') && number.parse::<f64>().is_ok_and(f64::is_finite) {
            continue;
        }
        let data = tempfile::tempdir().unwrap();
        let add = format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"x\",\"points\":{number}}}}}\n");
        let (code, answers, _) = batch(data.path(), &[], &add);
        assert!(number == "-1" || code == 1, "{number}: {answers:?}");
    }
    for number in ["NaN", "1e999"] {
        let said =
            refused(format!("[{{\"number\":1,\"state\":\"OPEN\",\"title\":\"x\",\"points\":{number}}}]").as_bytes());
        assert!(said.contains("line 1, column"), "{said}");
    }
    // No number that could be typed or given becomes nothing on its way to the file.
    let data = tempfile::tempdir().unwrap();
    let lines: String = [json!(1e15), json!("1e999"), json!("inf"), json!("NaN"), json!(1e308), json!(-1e13)]
        .iter()
        .map(|number| json!({"do": "add", "kind": "item", "set": {"title": "x", "points": number}}).to_string() + "\n")
        .collect();
    let (_, answers, _) = batch(data.path(), &[], &lines);
    assert!(answers.iter().all(|one| one["ok"] == false), "{answers:?}");
}

/// Row 81: bytes that are no text, and half letters: in our own file an error in words; a foreign one comes in with
/// marks for what was broken, and says so.
#[test]
fn broken_letters_are_told_in_our_file_and_marked_in_a_foreign_one() {
    let notice = own_bytes(
        &|document| document.replacen("Kept", "K@pt", 1).bytes().map(|b| if b == b'@' { 0xff } else { b }).collect(),
        "ff",
    );
    assert!(notice.contains("bytes that are not UTF-8"), "{notice}");
    for half in ["\\ud800", "\\udc00x", "\\ud800\\ud800"] {
        let notice = own_file(&|document| document.replacen("Kept", half, 1), half);
        assert!(notice.contains("surrogate") || notice.contains("hex escape"), "{notice}");
    }
    let notice =
        own_file(&|document| document.replacen("\"format\"", "\"mood\": \"\\ud800\", \"format\"", 1), "unknown key");
    assert!(notice.contains("(line "), "{notice}");
    let issue = |title: &str| format!("[{{\"number\":1,\"state\":\"OPEN\",\"title\":\"{title}\"}}]");
    let said = taken(issue("a\\ud83db").as_bytes(), &["a\u{fffd}b"]);
    assert!(said.contains("the file contains half a character"), "{said}");
    let mut bytes = issue("caf@").into_bytes();
    bytes.iter_mut().filter(|b| **b == b'@').for_each(|b| *b = 0xe9);
    let said = taken(&bytes, &["café"]);
    assert!(said.contains("read as Windows-1252"), "{said}");
    let mut line = b"{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"caf@\"}}\n".to_vec();
    line.iter_mut().filter(|b| **b == b'@').for_each(|b| *b = 0xe9);
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("lines");
    std::fs::write(&file, line).unwrap();
    let output = whyhow(data.path()).arg("batch").arg(&file).output().unwrap();
    assert!(output.status.code() == Some(1) && self::said(&output).contains("not UTF-8"), "{}", self::said(&output));
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Row 82: a mark at the beginning, line ends of Windows, UTF-16.
#[test]
fn other_encodings_are_read_or_named() {
    let list = "[{\"number\":1,\"state\":\"OPEN\",\"title\":\"Straße\",\"body\":\"a\\r\\nb\"}]";
    taken(format!("\u{feff}{list}").as_bytes(), &["Straße"]);
    taken(list.replace(',', ",\r\n").as_bytes(), &["Straße"]);
    taken(&utf16(list), &["Straße"]);
    let notice = own_bytes(&|document| utf16(document), "UTF-16");
    assert!(notice.contains("written in UTF-16; save it as UTF-8"), "{notice}");
    // Our own file with a mark and other line ends holds the same.
    let scratch = founded();
    let mut writer = scratch.writer();
    Hand::new(1, "Omar").added(&mut writer, Kind::BacklogItem, &[("title", "Kept".into())]);
    writer.checkpoint(true).unwrap();
    let all = writer.product().clone();
    drop(writer);
    std::fs::write(scratch.folder.product_json(), format!("\u{feff}{}", scratch.json().replace('\n', "\r\n"))).unwrap();
    let opened = open(&scratch.folder).unwrap();
    assert!(opened.product == all && opened.read_only.is_none(), "{:?}", opened.notices);
    let settings = scratch.dir.path().join("config.toml");
    for text in ["\u{feff}hints = \"off\"\r\n", "hints = \"off\"\r\n"] {
        let (read, _) = whyhow::tui::state::config_file::read(
            text,
            whyhow::tui::settings::Settings::default(),
            &whyhow::tui::registry::REGISTRY,
        );
        assert!(read.troubles.is_empty() && read.hints == whyhow::tui::settings::Hints::Off, "{:?}", read.troubles);
    }
    std::fs::write(settings, utf16("hints = \"off\"")).unwrap();
}

/// Row 83: what stands behind the end is never cut off silently.
#[test]
fn two_documents_in_one_file_are_an_error() {
    for (what, more) in
        [("words", "garbage"), ("a second document", "{\"format\":\"1.0\"}"), ("a bracket", "]"), ("a NUL", "\0")]
    {
        let notice = own_file(&|document| format!("{document}{more}"), what);
        assert!(notice.contains("trailing characters") || notice.contains("(line "), "{what}: {notice}");
    }
    let product = "{\"format\":\"1.0\",\"items\":[{\"id\":\"0000000000014\",\"title\":\"a\"}]}";
    assert!(refused(format!("{product}\n{product}").as_bytes()).contains("is not a single product"));
    assert!(refused(format!("{product} garbage").as_bytes()).contains("is not JSON at line 1"));
    // Pages of issues behind each other are what the download tool writes.
    let page = |n: u32| format!("[{{\"number\":{n},\"state\":\"OPEN\",\"title\":\"t{n}\"}}]");
    taken(format!("{}{}", page(1), page(2)).as_bytes(), &["t1", "t2"]);
}

/// Row 84: ranks that nobody made.
#[test]
fn forged_ranks_are_refused_or_ordered_and_moving_between_them_works() {
    for rank in ["[]", "[0]", "[255]", "0", "\"a b\"", "\"é\"", "null", "{}"] {
        own_file(&|document| document.replacen("\"rank\": \"", &format!("\"rank\": {rank}, \"was\": \""), 1), rank);
    }
    own_file(&|document| document.replacen("\"rank\": \"", &format!("\"rank\": \"{}", "z".repeat(1000)), 1), "long");
    // Those that may be: empty, equal, zeros at the end, the very last and the longest.
    let ranks = ["", "0", "00", "zzzzzzzz", &"z".repeat(128), "V", "V", "V0", &"0".repeat(128)];
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    for nth in 0..ranks.len() {
        hand.added(&mut writer, Kind::BacklogItem, &[("title", format!("t{nth}").into())]);
    }
    writer.checkpoint(true).unwrap();
    drop(writer);
    let mut document: Value = serde_json::from_str(&scratch.json()).unwrap();
    for (item, rank) in document["items"].as_array_mut().unwrap().iter_mut().zip(ranks) {
        item["rank"] = rank.into();
    }
    std::fs::write(scratch.folder.product_json(), document.to_string()).unwrap();
    let mut writer = scratch.writer();
    for nth in 0..40 {
        let order: Vec<_> = writer.product().all::<BacklogItem>().map(|item| item.id).collect();
        let (one, before) = (order[nth * 5 % order.len()], order[nth * 3 % order.len()]);
        if one == before {
            continue;
        }
        let place = whyhow::actions::edit::Place::Before(before);
        let Ok(step) = whyhow::actions::edit::reorder(writer.product(), Kind::BacklogItem, &[one], place) else {
            continue;
        };
        if !step.is_empty() {
            hand.saved(&mut writer, step);
        }
        let order: Vec<_> = writer.product().all::<BacklogItem>().map(|item| item.id).collect();
        let at = |id| order.iter().position(|one| *one == id).unwrap();
        assert_eq!(at(one) + 1, at(before), "move {nth}");
    }
    assert!(writer.product().index_is_sound());
    assert!(scratch.read() == *writer.product());
}

/// Row 31, until a fresh file takes the edited one's place: what is written over an edit from outside stays, for whoever
/// reads meanwhile and after a sudden end.
#[test]
fn an_edit_from_outside_is_taken_in_once() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let id = hand.added(&mut writer, Kind::BacklogItem, &[("title", "Story".into())]);
    writer.checkpoint(true).unwrap();
    drop(writer);
    std::fs::write(scratch.folder.product_json(), scratch.json().replacen("Story", "By hand", 1)).unwrap();
    let mut writer = scratch.writer();
    hand.set(&mut writer, Kind::BacklogItem, id, "title", "Acknowledged".into());
    let title = |product: &whyhow::model::product::Product| product.get::<BacklogItem>(id).unwrap().title.to_string();
    assert_eq!(title(&scratch.read()), "Acknowledged");
    drop(writer);
    let mut writer = scratch.writer();
    assert_eq!((title(writer.product()), writer.take_notices()), ("Acknowledged".to_string(), Vec::new()));
    writer.checkpoint(false).unwrap();
    assert_eq!(title(&scratch.read()), "Acknowledged");
    assert_eq!(scratch.read().table(Kind::Conflict).order().len(), 0);
}

/// Row 85: a thousand stories put into the same gap, at its lower end, at its upper end and at both in turn.
#[test]
fn a_thousand_stories_in_one_gap_keep_their_order_and_ranks_stay_short() {
    for way in 0..3 {
        let scratch = founded();
        let mut product = scratch.read();
        let mut hand = Hand::new(7, "Omar");
        for title in ["first", "last"] {
            let (step, _) = hand.add(&product, Kind::BacklogItem, &[("title", title.into())]);
            product.apply(&step).unwrap();
        }
        let ends: Vec<_> = product.all::<BacklogItem>().map(|item| item.id).collect();
        let (mut low, mut high) = (ends[0], ends[1]);
        let mut moved = 0;
        for nth in 0..1000 {
            let (step, id) = hand.add(&product, Kind::BacklogItem, &[("title", format!("{nth}").into())]);
            product.apply(&step).unwrap();
            let step = whyhow::actions::edit::reorder(
                &product,
                Kind::BacklogItem,
                &[id],
                whyhow::actions::edit::Place::Before(high),
            )
            .unwrap();
            // A neighbourhood that gets new ranks gets them in the same step.
            moved += step.changes.iter().filter(|change| change.field == field(Kind::BacklogItem, "rank")).count();
            product.apply(&step).unwrap();
            let order: Vec<_> = product.all::<BacklogItem>().map(|item| item.id).collect();
            let at = |id| order.iter().position(|one| *one == id).unwrap();
            assert!(at(low) < at(id) && at(id) + 1 == at(high), "story {nth}");
            match (way, nth % 2) {
                (0, _) | (2, 0) => high = id,
                _ => low = id,
            }
        }
        let longest = product.all::<BacklogItem>().map(|item| item.rank.as_str().len()).max().unwrap();
        assert!(longest <= LONGEST, "a rank of {longest} letters");
        assert!(moved < 12_000, "{moved} ranks were written for a thousand moves");
    }
}

/// Row 37: keys and kinds that this program does not know stay as they are, in the file and through an edit beside them.
#[test]
fn what_is_not_known_here_is_kept_through_an_edit() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let id = hand.added(&mut writer, Kind::BacklogItem, &[("title", "Story".into())]);
    writer.checkpoint(true).unwrap();
    drop(writer);
    let unknown = "\"mood\": {\"deep\": [1, 0.25, \"\\u202e\", null, {\"b\": 1, \"a\": 2}]}";
    let kind = "\"weather\": [{\"id\": \"x\", \"sun\": true}]";
    let edited = scratch
        .json()
        .replacen("\"title\": \"Story\"", &format!("{unknown},\n      \"title\": \"Story\""), 1)
        .replacen("\"format\"", &format!("{kind},\n  \"format\""), 1);
    std::fs::write(scratch.folder.product_json(), edited).unwrap();
    let mut writer = scratch.writer();
    hand.set(&mut writer, Kind::BacklogItem, id, "title", "Renamed".into());
    writer.checkpoint(true).unwrap();
    drop(writer);
    let document: Value = serde_json::from_str(&scratch.json()).unwrap();
    assert_eq!(document["items"][0]["title"], "Renamed");
    let mood = serde_json::to_string(&document["items"][0]["mood"]).unwrap();
    assert_eq!(mood, "{\"deep\":[1,0.25,\"\u{202e}\",null,{\"b\":1,\"a\":2}]}", "in its own order");
    assert_eq!(document["weather"], json!([{"id": "x", "sun": true}]));
    let done = whyhow(scratch.dir.path()).arg("verify").output().unwrap();
    assert_eq!(done.status.code(), Some(0));
    let words = said(&done);
    assert!(words.contains("weather") && words.contains("1 record has keys"), "what is not known is counted: {words}");
}

/// Row 36: there is one format so far. A file of another first number is not taken for ours, and nothing is written.
#[test]
fn a_file_of_another_first_number_is_left_alone() {
    for format in ["0.9", "2.0", "10.0"] {
        let scratch = founded();
        let text = scratch.json().replacen("\"1.0\"", &format!("{format:?}"), 1);
        std::fs::write(scratch.folder.product_json(), &text).unwrap();
        let before = crate::harness::scratch::contents(&scratch.folder.0);
        let done = whyhow(scratch.dir.path()).args(["show", "vision"]).output().unwrap();
        let words = said(&done);
        assert!(done.status.code() == Some(1) && words.contains(&format!("has format {format}")), "{words}");
        assert!(Writer::open(Folder(scratch.folder.0.clone())).is_err());
        assert_eq!(crate::harness::scratch::contents(&scratch.folder.0), before, "{format}");
    }
}

/// What is no table or list at all is named as what it is, and leaves no product.
#[test]
fn a_workbook_a_page_and_an_error_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for (name, bytes, words) in [
        ("plan.csv", &b"PK\x03\x04\x14\0\0\0"[..], "save the sheet as CSV"),
        ("plan.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save the sheet as CSV"),
        ("issues.json", b"<!DOCTYPE html><title>Sign in</title>", "is a web page"),
        ("answer.json", b"{\"message\": \"Bad credentials\", \"status\": \"401\"}", "an error: Bad credentials."),
        ("jira.json", b"{\"errorMessages\": [\"No such filter\"], \"errors\": {}}", "an error: No such filter."),
    ] {
        let file = dir.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let output = whyhow(&data).args(["import", "--into", "New"]).arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && said.contains(words), "{name}: {said}");
        assert!(said.contains("Nothing was imported"), "{said}");
        assert!(!data.exists() || std::fs::read_dir(&data).unwrap().count() == 0, "{name} left a product");
    }
}

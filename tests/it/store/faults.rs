//! What the disk, the system and other programs do to a product that is open, and to the folder it lies in.

use crate::harness::scratch::{Hand, batch, contents, copy_folder, founded, noon, not_here, whyhow as program};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, Instant};
use whyhow::json;
use whyhow::model::schema::{BacklogItem, Goal, Kind};
use whyhow::store::error::StoreError;
use whyhow::store::folder::Folder;
use whyhow::store::journal::{JournalLine, scan};
use whyhow::store::lock::Lock;
use whyhow::store::open::open;
use whyhow::store::write_request::WriteOutcome;
use whyhow::store::writer::Writer;

/// Row 38: another session holds the lock; row 39: the file under it was deleted.
#[test]
fn a_lock_is_waited_for_and_a_deleted_lock_file_keeps_nobody_apart() {
    if not_here("identity") {
        return;
    }
    let scratch = founded();
    let path = scratch.folder.lock();
    let (first, second) = (Lock::open(&path).unwrap(), Lock::open(&path).unwrap());
    let held = first.take().unwrap();
    let begun = Instant::now();
    assert!(matches!(second.take(), Err(StoreError::Busy { .. })));
    assert!(begun.elapsed() >= Duration::from_secs(2) && begun.elapsed() < Duration::from_secs(5));
    drop(held);
    drop(second.take().unwrap());
    // Somebody tidies the file away. Who comes now locks another one; who was here before has to notice.
    std::fs::remove_file(&path).unwrap();
    let newcomer = Lock::open(&path).unwrap();
    let held = newcomer.take().unwrap();
    assert!(matches!(first.take(), Err(StoreError::Busy { .. })), "both would write at once");
    drop(held);
    drop(first.take().unwrap());
}

/// Row 39 with writers: both lines are there and no number is given twice.
#[test]
fn two_writers_stay_apart_when_the_lock_file_is_deleted_between_them() {
    let scratch = founded();
    let mut old = scratch.writer();
    std::fs::remove_file(scratch.folder.lock()).unwrap();
    let mut new = scratch.writer();
    let (mut omar, mut mia) = (Hand::new(1, "Omar"), Hand::new(2, "Mia"));
    for _ in 0..3 {
        omar.added(&mut old, Kind::BacklogItem, &[("title", "Omar's".into())]);
        mia.added(&mut new, Kind::BacklogItem, &[("title", "Mia's".into())]);
    }
    let mut numbers: Vec<u32> = scratch.read().all::<BacklogItem>().map(|item| item.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
}

/// Row 35, while we run: a newer program makes a checkpoint, and names it in the journal.
#[test]
fn a_product_json_of_a_newer_program_is_not_written_over() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    hand.added(&mut writer, Kind::Goal, &[("title", "Before".into())]);
    writer.checkpoint(false).unwrap();
    let newer =
        scratch.json().replacen("\"1.0\"", "\"1.7\"", 1).replacen("\"title\"", "\"mood\": 3,\n      \"title\"", 1);
    std::fs::write(scratch.folder.product_json(), &newer).unwrap();
    let line = JournalLine::Snapshot { crc: crc32fast::hash(newer.as_bytes()), through: writer.last_step() };
    let journal = [std::fs::read(scratch.folder.journal()).unwrap(), line.encode().unwrap()].concat();
    std::fs::write(scratch.folder.journal(), journal).unwrap();
    let before = contents(&scratch.folder.0);
    let (step, _) = hand.add(writer.product(), Kind::Goal, &[("title", "After".into())]);
    let answer = writer.commit(&[hand.act(step)]).pop().unwrap();
    let WriteOutcome::NotSaved(why) = answer else { panic!("{answer:?}") };
    assert!(why.contains("newer whyhow (format 1.7)"), "{why}");
    writer.checkpoint(true).unwrap();
    assert_eq!(contents(&scratch.folder.0), before);
    assert!(writer.read_only().is_some());
}

/// Row 76: the limit of a text holds however deep the text stands.
#[test]
fn a_criterion_of_more_than_a_mebibyte_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let long = "x".repeat((1 << 20) + 1);
    let add = |value: whyhow::model::value::Value| {
        let set = json!({"title": "Story", "criteria": value});
        json!({"do": "add", "kind": "item", "set": set}).to_string() + "\n"
    };
    let (code, answers, _) =
        batch(data.path(), &[], &(add(json!([{"text": long}])) + &add(json!([{"text": "short"}]))));
    assert_eq!(code, 1);
    assert!(answers[0]["error"].as_str().unwrap().contains("longer than 1 MiB"), "{}", answers[0]);
    assert_eq!(answers[1]["ok"], true);
    assert!(std::fs::metadata(Path::new(&data.path()).join("lock")).is_ok());
}

/// Row 7: an empty journal beside a good product.json that knows it should not be empty.
/// Row 10: what a dead session left behind is never the product, and goes after a day.
#[test]
fn files_of_dead_sessions_are_ignored_and_go_after_a_day() {
    let scratch = founded();
    let mut writer = scratch.writer();
    Hand::new(1, "Omar").added(&mut writer, Kind::Goal, &[("title", "Goal".into())]);
    drop(writer);
    let (fresh, old) = (
        scratch.folder.0.join(".product-00000000000000aa.tmp"),
        scratch.folder.0.join(".product-00000000000000bb.tmp"),
    );
    for path in [&fresh, &old, &scratch.folder.0.join("journal.new")] {
        std::fs::write(path, b"{\"format\": \"1.0\"}").unwrap();
    }
    let yesterday = std::time::SystemTime::now() - Duration::from_secs(100_000);
    std::fs::File::options().write(true).open(&old).unwrap().set_modified(yesterday).unwrap();
    assert_eq!(scratch.read().all::<Goal>().count(), 1);
    // They are cleared where the files are made sound anyway, under the lock.
    let journal = std::fs::read(scratch.folder.journal()).unwrap();
    std::fs::write(scratch.folder.journal(), [&journal[..], b"{\"id\""].concat()).unwrap();
    let writer = scratch.writer();
    assert_eq!(writer.product().all::<Goal>().count(), 1);
    assert!(!old.exists() && fresh.exists(), "a session that lives may be writing the fresh one");
}

/// Rows 19 and 13: product.json cannot be replaced, or its draft not written: the old one and the journal stand.
#[test]
fn a_checkpoint_that_fails_takes_nothing_away() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    hand.added(&mut writer, Kind::Goal, &[("title", "Goal".into())]);
    let before = scratch.json();
    // A folder in the place of the backups: the old file cannot be kept, so it is not replaced.
    std::fs::write(scratch.folder.backup_folder(), b"in the way").unwrap();
    assert!(writer.checkpoint(true).is_err());
    assert_eq!(scratch.json(), before);
    let drafts = || contents(&scratch.folder.0).keys().filter(|path| path.to_string_lossy().ends_with(".tmp")).count();
    assert_eq!(drafts(), 0, "the draft is gone");
    hand.added(&mut writer, Kind::Goal, &[("title", "Goes on".into())]);
    assert_eq!(scratch.read().all::<Goal>().count(), 2);
    std::fs::remove_file(scratch.folder.backup_folder()).unwrap();
    writer.checkpoint(true).unwrap();
    assert!(scratch.json().contains("Goes on"));
}

/// Row 25: a link stays a link.
#[test]
fn a_product_json_that_is_a_link_stays_one_and_its_target_is_replaced() {
    let scratch = founded();
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("the real one.json");
    std::fs::rename(scratch.folder.product_json(), &target).unwrap();
    symlink(&target, scratch.folder.product_json()).unwrap();
    let mut writer = scratch.writer();
    Hand::new(1, "Omar").added(&mut writer, Kind::Goal, &[("title", "Through the link".into())]);
    writer.checkpoint(false).unwrap();
    assert!(scratch.folder.product_json().is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().contains("Through the link"));
    assert_eq!(scratch.read().all::<Goal>().count(), 1);
}

fn fifo(path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Row 26: what is no plain file is refused in words and in no time.
#[test]
fn what_is_no_plain_file_is_refused_without_waiting() {
    type Place = fn(&Path);
    let strange: [(&str, Place); 4] = [
        ("a link to nothing", |path| symlink("/no/such/file", path).unwrap()),
        ("a link to itself", |path| symlink(path, path).unwrap()),
        ("a pipe", fifo),
        ("a folder", |path| std::fs::create_dir(path).unwrap()),
    ];
    for (what, place) in strange {
        for name in ["product.json", "journal.jsonl"] {
            let scratch = founded();
            let path = scratch.folder.0.join(name);
            std::fs::remove_file(&path).unwrap();
            place(&path);
            let begun = Instant::now();
            let said = open(&scratch.folder).map(|_| ()).unwrap_err().to_string();
            assert!(said.contains(name) && said.ends_with('.'), "{what}: {said}");
            assert!(Writer::open(scratch.folder.clone()).is_err(), "{what}");
            let done = program(scratch.dir.path()).args(["show", "backlog"]).output().unwrap();
            assert_eq!(done.status.code(), Some(1), "{what} as {name}");
            assert!(begun.elapsed() < Duration::from_secs(5), "{what} as {name} is waited for");
            assert!(path.is_symlink() || path.is_dir() || !path.is_file(), "{what} is still there");
        }
    }
}

/// Row 27: a draft follows no link that somebody laid in its way.
#[test]
fn a_link_in_the_place_of_the_new_journal_is_not_followed() {
    let scratch = founded();
    let victim = scratch.dir.path().join("victim");
    std::fs::write(&victim, "precious").unwrap();
    let mut writer = scratch.writer();
    Hand::new(1, "Omar").added(&mut writer, Kind::Goal, &[("title", "Goal".into())]);
    symlink(&victim, scratch.folder.0.join("journal.new")).unwrap();
    writer.checkpoint(true).unwrap();
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "precious");
    assert!(!scratch.folder.journal().is_symlink() && scratch.read().all::<Goal>().count() == 1);
}

/// Row 48: the same record twice, in two segments and in a copied line; row 46: the same rank twice.
#[test]
fn a_record_met_twice_counts_once_and_equal_ranks_have_one_order() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    for title in ["a", "b", "c"] {
        hand.added(&mut writer, Kind::BacklogItem, &[("title", title.into())]);
    }
    let all = writer.product().clone();
    drop(writer);
    let journal = std::fs::read(scratch.folder.journal()).unwrap();
    std::fs::create_dir(scratch.folder.segment_folder()).unwrap();
    std::fs::write(scratch.folder.segment_folder().join("000001.jsonl"), &journal).unwrap();
    std::fs::write(scratch.folder.journal(), [&journal[..], &journal[..]].concat()).unwrap();
    assert!(scratch.read() == all);
    assert_eq!(scratch.history().entries.len(), 4);
    let mut writer = scratch.writer();
    let rank = whyhow::model::value::Value::from("V");
    for item in all.all::<BacklogItem>() {
        let field = crate::harness::scratch::field(Kind::BacklogItem, "rank");
        let from = writer.product().value(item.id, field);
        let change = whyhow::model::change::Change { id: item.id, field, from, to: rank.clone() };
        let step = whyhow::model::change::Step { label: "Same place".into(), changes: vec![change] };
        let act = hand.act(step);
        assert!(!matches!(writer.commit(&[act]).pop(), Some(WriteOutcome::NotSaved(_) | WriteOutcome::Refused(_))));
    }
    let order: Vec<_> = writer.product().all::<BacklogItem>().map(|item| item.id).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(order, sorted, "equal ranks go by id, everywhere the same");
    assert!(scratch.read().all::<BacklogItem>().map(|item| item.id).eq(order.iter().copied()));
}

/// Row 49: the same id twice in product.json: nothing is chosen silently; the journal says what is true.
#[test]
fn an_id_that_stands_twice_in_product_json_is_told_and_never_the_last_one_wins() {
    let scratch = founded();
    let mut writer = scratch.writer();
    Hand::new(1, "Omar").added(&mut writer, Kind::Goal, &[("title", "The true one".into())]);
    writer.checkpoint(false).unwrap();
    let all = writer.product().clone();
    drop(writer);
    let mut document: whyhow::model::value::Value = serde_json::from_str(&scratch.json()).unwrap();
    let mut twin = document["goals"][0].clone();
    twin["title"] = "Another".into();
    document["goals"].as_array_mut().unwrap().push(twin);
    std::fs::write(scratch.folder.product_json(), document.to_string()).unwrap();
    let opened = open(&scratch.folder).unwrap();
    assert!(opened.notices.iter().any(|notice| notice.text.contains("duplicate id")), "{:?}", opened.notices);
    assert!(opened.product == all);
}

/// Row 86: links to nothing, to oneself and in circles, as a file edited by hand may have them.
#[test]
fn links_that_lead_nowhere_are_shown_and_listed_by_verify() {
    let data = tempfile::tempdir().unwrap();
    let add = |n: u32| format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"S{n}\"}}}}\n");
    batch(data.path(), &[], &(1..=3).map(add).collect::<String>());
    let folder = whyhow::store::products::Data(data.path().to_path_buf()).list().remove(0).folder;
    let mut document: whyhow::model::value::Value =
        serde_json::from_slice(&std::fs::read(folder.product_json()).unwrap()).unwrap();
    let by_number = |document: &whyhow::model::value::Value, n: u64| {
        document["items"].as_array().unwrap().iter().position(|item| item["number"] == n).unwrap()
    };
    let id = |document: &whyhow::model::value::Value, n: u64| document["items"][by_number(document, n)]["id"].clone();
    let (one, two, three) = (id(&document, 1), id(&document, 2), id(&document, 3));
    for (n, key, to) in [
        (1, "depends_on", json!([two])),
        (2, "depends_on", json!([one])),
        (3, "parent", three.clone()),
        (3, "serves", json!("0000000000ZZZ")),
    ] {
        let at = by_number(&document, n);
        document["items"].get_mut(at).unwrap()[key] = to;
    }
    std::fs::write(folder.product_json(), document.to_string()).unwrap();
    let done = program(data.path()).args(["verify"]).output().unwrap();
    let words = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(0), "{words}");
    for part in ["leads back to itself", "S3, Part of: it links to itself", "links to a missing record (0000000000ZZZ)"]
    {
        assert!(words.contains(part), "{part:?} is not in {words}");
    }
    for view in ["backlog", "roadmap", "forecast"] {
        let done = program(data.path()).args(["show", view]).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{view}");
    }
    // What a writer takes in stays readable.
    drop(Writer::open(folder.clone()).unwrap());
    assert!(open(&folder).unwrap().shown(noon()).0.index_is_sound());
}

/// Rows 88 and 89: our files are their owner's only, whatever the umask; a mode that somebody chose stays.
#[test]
fn files_are_private_and_a_chosen_mode_stays() {
    let data = tempfile::tempdir().unwrap();
    let lines: String =
        (1..=20).map(|n| format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"S{n}\"}}}}\n")).collect();
    let input = data.path().join("in.jsonl");
    std::fs::write(&input, lines).unwrap();
    let inside = data.path().join("data");
    let script = format!(
        "umask 000; exec '{}' --data '{}' batch --checkpoint 4 '{}'",
        env!("CARGO_BIN_EXE_whyhow"),
        inside.display(),
        input.display()
    );
    assert!(std::process::Command::new("sh").args(["-c", &script]).output().unwrap().status.success());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = whyhow::store::products::Data(inside.clone()).list().remove(0).folder;
    let (mut open_ones, mut all) = (vec![inside.clone()], 0);
    while let Some(path) = open_ones.pop() {
        all += 1;
        assert_eq!(mode(&path), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        if path.is_dir() {
            open_ones.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    assert!(all > 8, "{all} files and folders");
    std::fs::set_permissions(folder.product_json(), std::fs::Permissions::from_mode(0o640)).unwrap();
    let mut writer = Writer::open(folder.clone()).unwrap();
    Hand::new(1, "Omar").added(&mut writer, Kind::Goal, &[("title", "Goal".into())]);
    writer.checkpoint(false).unwrap();
    assert_eq!(mode(&folder.product_json()), 0o640);
}

/// Row 96: many readers at once; none fails, none writes.
#[test]
fn fifty_readers_at_once_read_and_write_nothing() {
    let data = tempfile::tempdir().unwrap();
    batch(data.path(), &[], "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"Story\"}}\n");
    let before = contents(data.path());
    let views = ["show backlog", "show roadmap", "verify", "products", "why S1"];
    let running: Vec<_> = (0..50)
        .map(|n| {
            let mut command = program(data.path());
            command.args(views[n % views.len()].split(' '));
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for one in running {
        let done = one.wait_with_output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    assert_eq!(contents(data.path()), before);
}

/// Row 34: a merge that nobody finished is recognised in both files and never read as records.
#[test]
fn marks_of_an_unfinished_merge_are_named_and_repair_is_offered() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    hand.added(&mut writer, Kind::Goal, &[("title", "One".into())]);
    hand.added(&mut writer, Kind::Goal, &[("title", "Two".into())]);
    drop(writer);
    let journal = std::fs::read_to_string(scratch.folder.journal()).unwrap();
    let lines: Vec<&str> = journal.lines().collect();
    let (last, head) = lines.split_last().unwrap();
    let merged = format!("{}\n<<<<<<< HEAD\n=======\n{last}\n>>>>>>> theirs\n{last}\n", head.join("\n"));
    std::fs::write(scratch.folder.journal(), merged).unwrap();
    let opened = open(&scratch.folder).unwrap();
    assert!(opened.read_only.is_some());
    assert!(opened.notices[0].text.contains("unfinished merge") && opened.notices[0].text.contains("whyhow repair"));
    assert_eq!(opened.product.all::<Goal>().count(), 2);
}

/// Row 20: no file handle is left. What was acknowledged stays, nothing falls over.
#[test]
fn without_a_free_file_handle_an_edit_is_not_saved_and_the_next_one_is() {
    let data = tempfile::tempdir().unwrap();
    batch(data.path(), &[], "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"Story\"}}\n");
    let binary = env!("CARGO_BIN_EXE_whyhow");
    let run = |limit: u32| {
        let script = format!(
            "ulimit -n {limit}; exec '{binary}' --data '{}' batch <<'END'\n{{\"do\":\"set\",\"on\":\"S1\",\"set\":{{\"points\":{limit}}}}}\nEND",
            data.path().display()
        );
        std::process::Command::new("sh").args(["-c", &script]).output().unwrap()
    };
    let mut failed = 0;
    for limit in 3..14 {
        let done = run(limit);
        assert_ne!(done.status.code(), Some(101), "{}", String::from_utf8_lossy(&done.stderr));
        failed += usize::from(!done.status.success());
        let verified = program(data.path()).arg("verify").output().unwrap();
        assert_eq!(verified.status.code(), Some(0), "with {limit} handles");
    }
    assert!(failed > 0, "some limit is too low");
    assert!(run(64).status.success());
}

/// Rows 11, 12 and 15: the file may not grow any more. What was answered as saved is there, no half line stays, and
/// with room again the same lines go in.
#[test]
fn a_file_that_may_not_grow_keeps_whole_lines_and_goes_on_later() {
    let add =
        |n: usize| format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"{n} {}\"}}}}\n", "x".repeat(400));
    let lines: String = (0..60).map(add).collect();
    let binary = env!("CARGO_BIN_EXE_whyhow");
    for blocks in [8, 20, 40] {
        let data = tempfile::tempdir().unwrap();
        let input = data.path().join("in");
        std::fs::write(&input, &lines).unwrap();
        let script = format!(
            "ulimit -f {blocks}; exec '{binary}' --data '{}' batch --checkpoint 1000 '{}'",
            data.path().join("d").display(),
            input.display()
        );
        let done = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(done.status.code(), Some(1), "a signal did not kill it: {:?}", done.status);
        let answers = String::from_utf8(done.stdout).unwrap();
        assert!(answers.contains("would exceed the size that the system allows"), "{answers}");
        let folder = whyhow::store::products::Data(data.path().join("d")).list().remove(0).folder;
        let found = scan(&std::fs::read(folder.journal()).unwrap());
        assert_eq!((found.torn, found.damaged.len()), (0, 0), "no half line stays");
        let acks = data.path().join("acks");
        std::fs::write(&acks, &answers).unwrap();
        let verified = program(&data.path().join("d")).args(["verify", "--acks"]).arg(&acks).output().unwrap();
        assert_eq!(verified.status.code(), Some(0));
        let (code, again, _) = batch(&data.path().join("d"), &[], &lines);
        assert!(code == 0 && again.len() == 60);
    }
}

/// Rows 23, 24 and 94: the folder goes, or another one takes its place. Nothing is written into what is not ours any more.
#[test]
fn a_folder_that_goes_or_is_replaced_is_noticed_before_the_next_edit() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    hand.added(&mut writer, Kind::Goal, &[("title", "Kept".into())]);
    let away = Folder(scratch.dir.path().join("away"));
    std::fs::rename(&scratch.folder.0, &away.0).unwrap();
    let before = contents(&away.0);
    let (step, _) = hand.add(writer.product(), Kind::Goal, &[("title", "Later".into())]);
    let act = hand.act(step);
    let answer = writer.commit(std::slice::from_ref(&act)).pop().unwrap();
    assert!(matches!(&answer, WriteOutcome::NotSaved(why) if why.contains("its folder is gone")), "{answer:?}");
    assert_eq!(contents(&away.0), before, "nothing goes into the folder that lost its name");
    assert!(!scratch.folder.0.exists(), "and none is made in its place");
    // Another product in its place: nothing goes into it, and what is shown stays what it was.
    let other = tempfile::tempdir().unwrap();
    let add = "{\"do\":\"add\",\"kind\":\"goal\",\"set\":{\"title\":\"Theirs\"}}\n";
    assert_eq!(batch(other.path(), &["--product", "Other"], add).0, 0);
    copy_folder(
        &whyhow::store::products::Data(other.path().to_path_buf()).list().remove(0).folder.0,
        &scratch.folder.0,
    );
    let theirs = contents(&scratch.folder.0);
    let answer = writer.commit(std::slice::from_ref(&act)).pop().unwrap();
    assert!(matches!(&answer, WriteOutcome::NotSaved(why) if why.contains("another product (Other)")), "{answer:?}");
    assert_eq!(contents(&scratch.folder.0), theirs);
    assert_eq!(writer.product().name(), "Ferry");
    // An older state of the same product is read anew, and what it lacks is kept beside it.
    std::fs::remove_dir_all(&scratch.folder.0).unwrap();
    copy_folder(&founded().folder.0, &scratch.folder.0);
    assert!(matches!(writer.commit(&[act]).as_slice(), [WriteOutcome::Saved { .. }]));
    assert!(writer.take_replacement().is_some());
    let notices = writer.take_notices().iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" ");
    assert!(notices.contains("replaced from outside") && notices.contains("backup/steps-"), "{notices}");
    assert_eq!(scratch.read().all::<Goal>().count(), 1);
    assert_eq!(contents(&away.0), before);
}

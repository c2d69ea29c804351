//! Files that somebody puts in the place of ours while a screen shows them: a git checkout, a copy put back. What is
//! shown, the history and what can be undone are those of the new files.

use crate::harness::scratch::{
    Hand, Scratch, batch, check_out, contents, copy_back, copy_folder, field, founded, not_here, whyhow,
};
use std::time::{Duration, Instant};
use whyhow::actions::edit;
use whyhow::json;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::store::session::{News, Saved, Session};

const LONG: Duration = Duration::from_secs(20);

fn story(hand: &mut Hand, session: &mut Session, title: &str) -> Id {
    let (step, id) = hand.add(session.product(), Kind::BacklogItem, &[("title", title.into())]);
    session.commit(step, false).unwrap();
    id
}

/// Lets the session look at the files until what it shows is as wanted; answers with what it told.
fn until(session: &mut Session, wanted: impl Fn(&Session) -> bool) -> Vec<News> {
    let (begun, mut news) = (Instant::now(), Vec::new());
    while !wanted(session) {
        assert!(begun.elapsed() < LONG, "{news:?}");
        session.look();
        std::thread::sleep(Duration::from_millis(5));
        news.extend(session.poll());
    }
    news
}

fn titles(product: &Product) -> Vec<String> {
    product.all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

fn labels(session: &Session) -> Vec<String> {
    session.history().entries().iter().map(|entry| entry.step.label.clone()).collect()
}

fn texts(news: &[News]) -> String {
    let text = |one: &News| match one {
        News::Notice(notice) => notice.text.clone(),
        News::Refused(why) => why.to_string(),
        _ => String::new(),
    };
    news.iter().map(text).collect::<Vec<_>>().join(" | ")
}

/// A session with four stories, and a copy of the files from when there were two.
fn four_stories() -> (Scratch, tempfile::TempDir, Session, Hand) {
    let desk = founded();
    let (mut session, _) = Session::start(desk.writer(), "Omar", Role::Both);
    let mut hand = Hand::new(5, "Omar");
    story(&mut hand, &mut session, "One");
    story(&mut hand, &mut session, "Two");
    session.wait_saved(LONG);
    let old = tempfile::tempdir().unwrap();
    copy_folder(&desk.folder.0, old.path());
    story(&mut hand, &mut session, "Three");
    story(&mut hand, &mut session, "Four");
    session.wait_saved(LONG);
    assert_eq!(session.saved(), Saved::Yes);
    (desk, old, session, hand)
}

/// Row 33: git, on an open screen.
#[test]
fn a_session_shows_the_files_that_were_checked_out_with_their_history_and_undo() {
    for replace in [check_out, copy_back] {
        let (desk, old, mut session, _) = four_stories();
        let before = session.product().rev();
        // What was taken back before is forgotten as well: it was of the old files.
        session.undo().unwrap();
        session.wait_saved(LONG);
        let all = labels(&session);
        let newest = session.product().rev();
        assert!(newest > before);
        replace(old.path(), &desk.folder.0);
        let news = texts(&until(&mut session, |session| titles(session.product()).len() == 2));
        assert!(news.contains("replaced from outside") && news.contains("backup/steps-"), "{news}");
        assert!(news.contains("put the old files back"), "{news}");
        assert!(session.product().rev() > newest, "nothing derived from the old records fits");
        assert_eq!(titles(session.product()), ["One", "Two"]);
        assert_eq!(labels(&session), all[..3], "the history is that of the files");
        let why = session.redo().unwrap_err();
        assert!(why.what.contains("Nothing is left to redo"), "{why}");
        let (label, step) = session.undo().unwrap();
        assert!(label.contains("Two") && !step.is_empty(), "{label}");
        session.wait_saved(LONG);
        assert_eq!(titles(session.product()), ["One"]);
        assert!(session.close());
        assert_eq!(titles(&desk.read()), ["One"]);
        assert!(desk.history().fold(None).unwrap() == desk.read());
    }
}

#[test]
fn what_was_not_saved_is_laid_over_the_new_files_or_refused_by_name() {
    let (desk, old, mut session, mut hand) = four_stories();
    let four = session.product().all::<BacklogItem>().last().unwrap().id;
    let one = session.product().all::<BacklogItem>().next().unwrap().id;
    // The folder is gone for a while, so that nothing can be saved.
    let away = desk.dir.path().join(".away");
    std::fs::rename(&desk.folder.0, &away).unwrap();
    session.undo().unwrap();
    let points = edit::set(session.product(), &[one], field(Kind::BacklogItem, "points"), &json!(5)).unwrap();
    session.commit(points, false).unwrap();
    let three = session.product().all::<BacklogItem>().last().unwrap().id;
    let lost = edit::set(session.product(), &[three], field(Kind::BacklogItem, "points"), &json!(8)).unwrap();
    let label = lost.label.clone();
    session.commit(lost, false).unwrap();
    story(&mut hand, &mut session, "Five");
    until(&mut session, |session| matches!(session.saved(), Saved::No(_)));
    assert_eq!(session.waiting(), 4);
    copy_folder(old.path(), &desk.folder.0);
    let news = until(&mut session, |session| session.saved() == Saved::Yes);
    let refused: Vec<&News> = news.iter().filter(|one| matches!(one, News::Refused(_))).collect();
    let said = texts(&news);
    assert_eq!(refused.len(), 2, "{news:?}");
    assert!(said.contains("\"Four\": It is not in the files"), "the undo of what is not there: {said}");
    assert!(said.contains(&label), "{said}");
    assert_eq!(titles(session.product()), ["One", "Two", "Five"]);
    assert!(session.product().find(four).is_none() && session.product().find(three).is_none());
    let there = session.product().get::<BacklogItem>(one).unwrap();
    assert_eq!(there.points.unwrap().to_string(), "5");
    for want in ["Five", "5", "Two"] {
        let (label, step) = session.undo().unwrap();
        assert!(label.contains(want) && !step.is_empty(), "{label}");
    }
    session.wait_saved(LONG);
    assert!(session.close());
    assert_eq!(titles(&desk.read()), ["One"]);
}

/// The copy that is put back is longer than what lies there, since a segment was closed meanwhile.
#[test]
fn a_longer_journal_in_the_same_file_is_seen_as_another_one() {
    if not_here("replace") {
        return;
    }
    let desk = founded();
    let (mut session, _) = Session::start(desk.writer(), "Omar", Role::Both);
    let mut hand = Hand::new(5, "Omar");
    for n in 0..9 {
        story(&mut hand, &mut session, &format!("Story {n}"));
    }
    session.wait_saved(LONG);
    let old = tempfile::tempdir().unwrap();
    copy_folder(&desk.folder.0, old.path());
    desk.writer().checkpoint(true).unwrap();
    story(&mut hand, &mut session, "Later");
    session.wait_saved(LONG);
    copy_back(old.path(), &desk.folder.0);
    let news = texts(&until(&mut session, |session| titles(session.product()).len() == 9));
    assert!(news.contains("replaced from outside"), "{news}");
    let (label, _) = session.undo().unwrap();
    assert!(label.contains("Story 8"), "{label}");
    session.wait_saved(LONG);
    assert_eq!((session.saved(), session.read_only()), (Saved::Yes, None));
    drop(session);
    assert_eq!(titles(&desk.read()).len(), 8);
}

/// Row 105: what was acknowledged and is missing from other files comes back, once, by whichever way.
#[test]
fn saved_steps_that_replaced_files_lack_come_back() {
    for by_screen in [true, false] {
        let (desk, old, mut session, _) = four_stories();
        let acknowledged: Vec<String> =
            desk.history().entries.iter().map(|step| format!("{{\"ok\":true,\"id\":\"{}\"}}", step.id)).collect();
        check_out(old.path(), &desk.folder.0);
        until(&mut session, |session| titles(session.product()).len() == 2);
        if by_screen {
            assert_eq!(session.bring_back(), Ok(2));
            session.wait_saved(LONG);
            assert_eq!(session.undo().unwrap().0, "Added the story \"Four\"");
            session.redo().unwrap();
            assert!(session.bring_back().is_err(), "there is nothing more to bring back");
            assert!(session.close());
        } else {
            assert!(session.close());
            let repair = || whyhow(desk.dir.path()).args(["repair", "--steps"]).output().unwrap();
            let first = repair();
            assert!(String::from_utf8_lossy(&first.stderr).contains("2 steps were brought back"), "{first:?}");
            assert!(String::from_utf8_lossy(&repair().stderr).contains("no saved step is missing"));
        }
        assert_eq!(titles(&desk.read()), ["One", "Two", "Three", "Four"]);
        assert!(desk.history().fold(None).unwrap() == desk.read());
        let acks = desk.dir.path().join("acks");
        std::fs::write(&acks, acknowledged.join("\n")).unwrap();
        let verified = whyhow(desk.dir.path()).args(["verify", "--acks"]).arg(&acks).output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}

/// Row 105: older files are put over ours, but closed segments go on behind them. What only those have is kept, the rest is a
/// sound product, and what comes back stands at the end.
#[test]
fn closed_segments_that_go_on_behind_older_files_are_cut() {
    let (desk, old, mut session, mut hand) = four_stories();
    let steps = desk.history().entries.len();
    let mut other = desk.writer();
    other.checkpoint(true).unwrap();
    drop(other);
    story(&mut hand, &mut session, "Five");
    session.wait_saved(LONG);
    for name in ["product.json", "journal.jsonl"] {
        std::fs::copy(old.path().join(name), desk.folder.0.join("fresh")).unwrap();
        std::fs::rename(desk.folder.0.join("fresh"), desk.folder.0.join(name)).unwrap();
    }
    let news = texts(&until(&mut session, |session| titles(session.product()).len() == 2));
    assert!(news.contains("saved here before are missing"), "{news}");
    story(&mut hand, &mut session, "Six");
    session.wait_saved(LONG);
    let sound = || whyhow(desk.dir.path()).arg("verify").output().unwrap();
    let checked = sound();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    assert_eq!(session.bring_back(), Ok(3));
    session.wait_saved(LONG);
    assert!(session.close());
    // Each has the place that it had.
    assert_eq!(titles(&desk.read()), ["One", "Two", "Three", "Six", "Four", "Five"]);
    let checked = sound();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    assert_eq!(desk.history().entries.len(), steps + 2);
}

/// Row 115: an older state brings another closed segment of the same number. The steps of the one it replaces are on no
/// screen; a copy of it has them.
#[test]
fn a_closed_segment_that_another_one_replaces_comes_back_from_its_copy() {
    let (desk, old, session, _) = four_stories();
    assert!(session.close());
    // In the older state, the first segment was closed with two stories in it; in ours, with four.
    let mut states = Vec::new();
    for files in [Some(old.path()), None] {
        let (state, folder) = (tempfile::tempdir().unwrap(), desk.folder.0.clone());
        let here = tempfile::tempdir().unwrap();
        copy_folder(&folder, here.path());
        if let Some(files) = files {
            check_out(files, &folder);
        }
        desk.writer().checkpoint(true).unwrap();
        copy_folder(&folder, state.path());
        if files.is_some() {
            std::fs::remove_dir_all(&folder).unwrap();
            copy_folder(here.path(), &folder);
        }
        states.push(state);
    }
    let older = states.remove(0);
    let (mut session, _) = Session::start(desk.writer(), "Mia", Role::Both);
    story(&mut Hand::new(9, "Mia"), &mut session, "Five");
    session.wait_saved(LONG);
    // As `git checkout OLD -- .` does it: files that the older state lacks stay.
    for (path, bytes) in contents(older.path()) {
        let to = desk.folder.0.join(path.strip_prefix(older.path()).unwrap());
        let _ = std::fs::remove_file(&to);
        std::fs::write(to, bytes).unwrap();
    }
    let news = texts(&until(&mut session, |session| titles(session.product()).len() == 2));
    assert!(news.contains("3 steps saved here before are missing"), "{news}");
    assert_eq!(session.bring_back(), Ok(3));
    session.wait_saved(LONG);
    assert!(session.close());
    assert_eq!(titles(&desk.read()), ["One", "Two", "Three", "Four", "Five"]);
    let checked = whyhow(desk.dir.path()).arg("verify").output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

/// Row 105: a kept step that a rule forbids now is named, and the others come back.
#[test]
fn a_kept_step_that_does_not_fit_any_more_is_named() {
    let (desk, old, mut session, mut hand) = four_stories();
    let [one, two] = [0, 1].map(|at| session.product().all::<BacklogItem>().nth(at).unwrap().id);
    let behind = |product: &Product, one: Id, other: Id| {
        edit::set(product, &[one], field(Kind::BacklogItem, "depends_on"), &json!([other])).unwrap()
    };
    let step = behind(session.product(), one, two);
    session.commit(step, false).unwrap();
    session.wait_saved(LONG);
    assert!(session.close());
    let kept = std::fs::read(desk.folder.journal()).unwrap();
    check_out(old.path(), &desk.folder.0);
    let mut writer = desk.writer();
    let step = behind(writer.product(), two, one);
    hand.saved(&mut writer, step);
    drop(writer);
    std::fs::create_dir_all(desk.folder.backup_folder()).unwrap();
    std::fs::write(desk.folder.backup_folder().join("steps-1.jsonl"), kept).unwrap();
    let done = whyhow(desk.dir.path()).args(["repair", "--steps"]).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.code() == Some(1) && said.contains("2 steps were brought back"), "{said}");
    assert!(said.contains("Not taken: Changed what S1 depends on: S1 would depend on itself"), "{said}");
    assert_eq!(titles(&desk.read()), ["One", "Two", "Three", "Four"]);
}

/// Row 106: the session knows it although nothing was being written, and takes no change that can never be saved.
#[test]
fn a_journal_that_becomes_unreadable_stops_an_idle_session() {
    let (desk, _, mut session, mut hand) = four_stories();
    let journal = desk.folder.journal();
    let mut text = std::fs::read_to_string(&journal).unwrap();
    let last = text.lines().last().unwrap().to_string();
    text.push_str(&format!("{}\n{last}\n", last.replace("\"crc\":\"", "\"crc\":\"x")));
    std::fs::write(&journal, text).unwrap();
    let news = texts(&until(&mut session, |session| session.read_only().is_some()));
    assert!(news.contains("read-only") && news.contains("cannot be read"), "{news}");
    let (step, _) = hand.add(session.product(), Kind::BacklogItem, &[("title", "Later".into())]);
    assert!(session.commit(step, false).is_err());
    assert_eq!((session.saved(), session.waiting()), (Saved::Yes, 0));
}

/// Row 107: nothing that is shown needs it, so work goes on; screen and batch say it.
#[test]
fn a_damaged_closed_segment_is_told() {
    let (desk, _, session, _) = four_stories();
    assert!(session.close());
    let mut writer = desk.writer();
    writer.checkpoint(true).unwrap();
    drop(writer);
    let segment = desk.folder.closed_segments().pop().unwrap();
    let text = std::fs::read_to_string(&segment).unwrap();
    std::fs::write(&segment, text.replacen("Two", "Twx", 1)).unwrap();
    let (mut session, _) = Session::start(desk.writer(), "Omar", Role::Both);
    let told =
        |news: &[News]| texts(news).contains("An older part of the journal is damaged: journal/000001.jsonl, line 4");
    let (begun, mut news) = (Instant::now(), Vec::new());
    while !told(&news) {
        assert!(begun.elapsed() < LONG, "{news:?}");
        std::thread::sleep(Duration::from_millis(20));
        news.extend(session.poll());
    }
    assert!(session.close());
    let (code, answers, said) = batch(desk.dir.path(), &[], r#"{"do":"set","on":"S1","set":{"points":8}}"#);
    assert!(code == 0 && answers[0]["ok"] == true && said.contains("journal/000001.jsonl, line 4"), "{said}");
}

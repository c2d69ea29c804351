//! Files that somebody puts in the place of ours while a screen shows them: a git checkout, a copy put back. What is
//! shown, the history and what can be undone are those of the new files.

use crate::desk::{Desk, Hand, contents, copy_folder, field, founded};
use crate::stage::Stage;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};
use whyhow::actions::edit;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::store::folder::Data;
use whyhow::store::session::{News, Saved, Session};

const LONG: Duration = Duration::from_secs(20);

/// As git does it: new files under the old names, and those that the old state lacks are removed.
fn check_out(old: &Path, into: &Path) {
    for (path, bytes) in contents(old) {
        let to = into.join(path.strip_prefix(old).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let _ = std::fs::remove_file(&to);
        std::fs::write(to, bytes).unwrap();
    }
    remove_others(old, into);
}

/// As `cp` does it: other content in the same files.
fn copy_back(old: &Path, into: &Path) {
    for (path, bytes) in contents(old) {
        std::fs::write(into.join(path.strip_prefix(old).unwrap()), bytes).unwrap();
    }
}

fn remove_others(old: &Path, into: &Path) {
    for path in contents(into).into_keys() {
        if !old.join(path.strip_prefix(into).unwrap()).exists() {
            std::fs::remove_file(path).unwrap();
        }
    }
}

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
    session.past().entries().iter().map(|entry| entry.step.label.clone()).collect()
}

fn texts(news: &[News]) -> String {
    let text = |one: &News| match one {
        News::Notice(text) => text.clone(),
        News::Refused(why) => why.to_string(),
        _ => String::new(),
    };
    news.iter().map(text).collect::<Vec<_>>().join(" | ")
}

/// A session with four stories, and a copy of the files from when there were two.
fn four_stories() -> (Desk, tempfile::TempDir, Session, Hand) {
    let desk = founded();
    let (mut session, _) = Session::start(desk.writer(), "Omar", Role::Both);
    let mut hand = Hand::new(5, "Omar");
    story(&mut hand, &mut session, "One");
    story(&mut hand, &mut session, "Two");
    session.settle(LONG);
    let old = tempfile::tempdir().unwrap();
    copy_folder(&desk.folder.0, old.path());
    story(&mut hand, &mut session, "Three");
    story(&mut hand, &mut session, "Four");
    session.settle(LONG);
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
        session.settle(LONG);
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
        assert!(why.what.contains("Nothing is left to do again"), "{why}");
        let (label, step) = session.undo().unwrap();
        assert!(label.contains("Two") && !step.is_empty(), "{label}");
        session.settle(LONG);
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
    session.settle(LONG);
    assert!(session.close());
    assert_eq!(titles(&desk.read()), ["One"]);
}

/// The copy that is put back is longer than what lies there, since a segment was closed meanwhile.
#[test]
fn a_longer_journal_in_the_same_file_is_seen_as_another_one() {
    let desk = founded();
    let (mut session, _) = Session::start(desk.writer(), "Omar", Role::Both);
    let mut hand = Hand::new(5, "Omar");
    for n in 0..9 {
        story(&mut hand, &mut session, &format!("Story {n}"));
    }
    session.settle(LONG);
    let old = tempfile::tempdir().unwrap();
    copy_folder(&desk.folder.0, old.path());
    desk.writer().checkpoint(true).unwrap();
    story(&mut hand, &mut session, "Later");
    session.settle(LONG);
    copy_back(old.path(), &desk.folder.0);
    let news = texts(&until(&mut session, |session| titles(session.product()).len() == 9));
    assert!(news.contains("replaced from outside"), "{news}");
    let (label, _) = session.undo().unwrap();
    assert!(label.contains("Story 8"), "{label}");
    session.settle(LONG);
    assert_eq!((session.saved(), session.read_only()), (Saved::Yes, None));
    drop(session);
    assert_eq!(titles(&desk.read()).len(), 8);
}

/// The screen with files of its past put in the place of what it shows.
struct Replaced {
    stage: Stage,
    old: tempfile::TempDir,
}

impl Replaced {
    /// Two stories more than the copy holds, both ticked.
    fn set_up() -> Replaced {
        let mut stage = Stage::new(110, 34, Role::Po);
        let old = tempfile::tempdir().unwrap();
        stage.keys("3Ga“Not ghostly”<enter>").settle();
        let listed = Data(stage.data.path().to_path_buf()).find(Some("Bike Doctor")).unwrap();
        copy_folder(&listed.folder.0, old.path());
        stage.keys("Ga“Ghost one”<enter>Ga“Ghost two”<enter>").settle();
        Replaced { stage, old }
    }

    fn replace(&mut self) -> &mut Stage {
        let listed = Data(self.stage.data.path().to_path_buf()).find(Some("Bike Doctor")).unwrap();
        check_out(self.old.path(), &listed.folder.0);
        let begun = Instant::now();
        while self.stage.app().session.product().all::<BacklogItem>().any(|item| item.title.starts_with("Ghost")) {
            assert!(begun.elapsed() < LONG);
            self.stage.app().session.look();
            std::thread::sleep(Duration::from_millis(5));
            self.stage.app().poll();
        }
        &mut self.stage
    }
}

/// Row 33: rows, ticks, the history and undo on the screen.
#[test]
fn a_screen_shows_no_ghosts_of_files_that_were_replaced() {
    let mut scene = Replaced::set_up();
    let stage = &mut scene.stage;
    let screen = stage.screen();
    assert!(screen.contains("Ghost two"), "{screen}");
    stage.keys("k <space> <space>");
    let ticked = stage.app().ui.ticked.len();
    assert_eq!(ticked, 2, "{}", stage.screen());
    let stage = scene.replace();
    let screen = stage.screen();
    assert!(screen.contains("replaced from outside"), "{screen}");
    assert!(!screen.contains("Ghost"), "{screen}");
    assert!(stage.app().ui.ticked.is_empty(), "no tick stays on what is not there");
    let app = stage.app();
    let (product, rows) = (app.session.product(), &app.ui.rows.rows);
    assert!(rows.iter().all(|row| product.find(row.id).is_some()), "each row is a record");
    assert_eq!(rows.last().and_then(|row| product.find(row.id)).map(|one| one.title()).as_deref(), Some("Not ghostly"));
    stage.keys("9");
    let screen = stage.screen();
    assert!(!screen.contains("Ghost") && screen.contains("Not ghostly"), "{screen}");
    stage.keys("3u");
    let screen = stage.screen();
    assert!(screen.contains("Undone") && screen.contains("Not ghostly"), "{screen}");
    assert!(!screen.contains("It was so already"), "{screen}");
    assert!(!stage.app().session.product().all::<BacklogItem>().any(|item| &*item.title == "Not ghostly"));
    assert!(stage.app().session.product().index_is_sound());
}

#[test]
fn the_history_that_is_open_follows_files_that_were_replaced() {
    let mut scene = Replaced::set_up();
    scene.stage.keys("9");
    let screen = scene.stage.screen();
    assert!(screen.contains("Ghost two"), "{screen}");
    let screen = scene.replace().screen();
    assert!(!screen.contains("Ghost") && screen.contains("Not ghostly"), "{screen}");
}

/// A box that is open on a record which the new files do not have.
#[test]
fn a_text_on_a_record_that_is_gone_is_kept_and_refused() {
    let mut scene = Replaced::set_up();
    scene.stage.keys("e“ and what was typed”");
    let stage = scene.replace();
    let screen = stage.screen();
    assert!(screen.contains("what was typed"), "{screen}");
    stage.keys("<c-s>");
    let screen = stage.screen();
    assert!(screen.contains("taken back") || screen.contains("gone"), "{screen}");
    assert!(screen.contains("what was typed"), "the text is still there: {screen}");
    assert!(!stage.app().session.product().all::<BacklogItem>().any(|item| item.title.contains("what was typed")));
    assert!(!stage.app().session.is_busy());
}

/// Boxes of every kind, open while the record they are about goes; then they are used, and nothing comes of it.
#[test]
fn boxes_on_a_record_that_is_gone_change_nothing() {
    for keys in ["p", "s", "w", "E", "D", "m", "<enter>", "n", ".", "T", "gw"] {
        let mut scene = Replaced::set_up();
        scene.stage.keys(keys);
        let stage = scene.replace();
        let before = stage.app().session.product().clone();
        stage.screen();
        stage.keys("5<enter>").settle();
        stage.keys("<enter>").settle();
        stage.screen();
        let product = stage.app().session.product();
        assert!(product.index_is_sound(), "{keys}");
        assert!(!product.all::<BacklogItem>().any(|item| item.title.starts_with("Ghost")), "{keys}");
        assert_eq!(product.items().len(), before.items().len(), "{keys} makes no record of what is gone");
    }
}

//! Files replaced under an open screen, as by a git checkout: no view shows, ticks or undoes what the new files lack.

use crate::harness::scratch::{check_out, copy_folder};
use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::time::{Duration, Instant};
use whyhow::model::role::Role;
use whyhow::model::schema::BacklogItem;
use whyhow::store::products::Data;

const LONG: Duration = Duration::from_secs(20);

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
            assert!(begun.elapsed() < LONG, "{}", self.stage.screen());
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
    assert!(!screen.contains("It was already so"), "{screen}");
    assert!(!stage.app().session.product().all::<BacklogItem>().any(|item| &*item.title == "Not ghostly"));
    assert!(stage.app().session.product().index_is_sound());
}

/// What is told between two keys is seen, also while an older message is about to go.
#[test]
fn the_notice_outlives_a_message_that_is_about_to_go() {
    let mut scene = Replaced::set_up();
    scene.stage.app().ui.patience = Duration::from_millis(300);
    scene.stage.keys("p5<enter>").settle();
    scene.stage.keys("j");
    let stage = scene.replace();
    std::thread::sleep(Duration::from_millis(400));
    stage.app().poll();
    let screen = stage.screen();
    assert!(screen.contains("replaced from outside"), "{screen}");
    assert!(stage.app().ui.messages.iter().any(|one| one.contains("replaced from outside")));
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
        // What was not on disk yet would be laid over the new files.
        scene.stage.keys(keys).settle();
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

/// An editor whose record is gone lets go, and its text can be pasted elsewhere.
#[test]
fn an_editor_of_a_record_that_is_gone_lets_the_text_go() {
    for end in ["<esc>", "<enter>", "<tab>"] {
        let mut scene = Replaced::set_up();
        scene.stage.keys("e").keys("“ and more”");
        let stage = scene.replace();
        assert!(stage.screen().contains("The record is gone."), "{}", stage.screen());
        stage.keys("“!”").keys(end);
        assert!(stage.app().ui.layers.is_empty(), "{end}: {}", stage.screen());
        assert!(stage.screen().contains("nothing was changed"), "{end}: {}", stage.screen());
        stage.keys("3a").press(KeyEvent::new(KeyCode::Char('v'), KeyModifiers::CONTROL));
        stage.keys("<enter>").settle();
        let product = stage.app().session.product();
        let title =
            product.all::<BacklogItem>().map(|item| item.title.to_string()).find(|title| title.ends_with("and more!"));
        assert_eq!(title.as_deref(), Some("Ghost two and more!"), "{end}");
    }
}

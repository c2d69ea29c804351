//! Keys that came too late: on a row that another window has taken away, after a refusal, below an input that was over.

use crate::harness::scratch::batch;
use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::time::Duration;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Proposal};

fn stories(stage: &mut Stage) -> Vec<String> {
    stage.settle();
    let product = stage.app().session.product();
    product.all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

/// Another window deletes a record, and this one hears of it.
fn deleted_elsewhere(stage: &mut Stage, name: &str) {
    let line = format!("{{\"do\":\"delete\",\"on\":\"{name}\"}}\n");
    assert_eq!(batch(stage.data.path(), &["--by", "Zoe"], &line).0, 0);
    for _ in 0..200 {
        stage.app().session.look();
        stage.app().poll();
        stage.settle();
        if stage.app().ui.rows.rows.len() == 2 {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{name} is still shown: {}", stage.screen());
}

fn three() -> Stage {
    let mut stage = Stage::empty(110, 30, Role::Both);
    stage.keys("3 a“Keep me”<enter> a“Keep me too”<enter> a“Going”<enter> <end>");
    assert_eq!(stories(&mut stage), ["Keep me", "Keep me too", "Going"]);
    stage
}

#[test]
fn what_began_on_a_record_acts_on_it_or_on_nothing() {
    for (before, after) in [("d", "d"), (":“delete”", "<enter>"), ("<space>d", "d"), ("s", "t"), ("m", "t")] {
        let mut stage = three();
        stage.keys(before);
        deleted_elsewhere(&mut stage, "S3");
        stage.keys(after);
        let screen = stage.screen();
        assert_eq!(stories(&mut stage), ["Keep me", "Keep me too"], "{before} {after}: {screen}");
        assert!(screen.contains("no longer here"), "{before} {after}: {screen}");
    }
}

#[test]
fn what_is_typed_after_a_refusal_runs_as_no_command() {
    let mut stage = three();
    stage.app().ignore_bursts(Duration::from_secs(5));
    // No roadmap item is chosen: a list without rows refuses, and the words that follow delete nothing and open nothing.
    stage.keys("4").keys("<esc>");
    stage.keys("3<home>");
    let before = (stories(&mut stage), stage.app().ui.view, stage.app().session.product().rev());
    stage.keys("s m"); // A story has no measure: refused at once.
    assert!(stage.app().ui.refused, "{}", stage.screen());
    stage.keys("“dd 70, 20 nov done”<enter>");
    let screen = stage.screen();
    assert_eq!((stories(&mut stage), stage.app().ui.view, stage.app().session.product().rev()), before, "{screen}");
    assert!(stage.app().ui.layers.is_empty() && screen.contains("ignored"), "{screen}");
    // Esc ends it, and keys are keys again.
    stage.keys("<esc>1");
    assert_eq!(stage.app().ui.screen().name, "vision");
}

/// A hand that types a sentence pauses for a fifth of a second between the letters, and longer before the first.
#[test]
fn a_sentence_typed_by_hand_after_a_refusal_runs_as_no_command() {
    let mut stage = three();
    stage.app().ignore_bursts(Duration::from_millis(60));
    for (there, refused) in [("3<home>", "s m"), ("3<home>", "S s"), ("3<home>", "s w"), ("4<home>", "S x"), ("2", "D")]
    {
        stage.keys("<esc><esc>").keys(there);
        let before = (stories(&mut stage), stage.app().ui.screen().name, stage.app().session.product().rev());
        stage.keys(refused);
        assert!(stage.app().ui.refused, "{refused}: {}", stage.screen());
        std::thread::sleep(Duration::from_millis(300));
        for letter in "the team must add it".chars() {
            stage.press(KeyEvent::from(KeyCode::Char(letter)));
            std::thread::sleep(Duration::from_millis(90));
        }
        let screen = stage.screen();
        let after = (stories(&mut stage), stage.app().ui.screen().name, stage.app().session.product().rev());
        assert_eq!(after, before, "{refused}: {screen}");
        assert!(stage.app().ui.layers.is_empty(), "{refused}: {screen}");
    }
    // The key that a refusal advises works as soon as it has been read.
    stage.keys("3<home>S s");
    std::thread::sleep(Duration::from_millis(300));
    stage.keys("4");
    assert_eq!(stage.app().ui.screen().name, "plan");
}

/// The first letter means nothing in the list, the second would open the title.
#[test]
fn a_sentence_whose_first_letter_means_nothing_changes_nothing() {
    let mut stage = three();
    stage.app().ignore_bursts(Duration::from_secs(5));
    stage.keys("<home>“ready for review”");
    let screen = stage.screen();
    assert_eq!(stories(&mut stage), ["Keep me", "Keep me too", "Going"], "{screen}");
    assert!(stage.app().ui.layers.is_empty() && screen.contains("What you typed after that was ignored"), "{screen}");
}

#[test]
fn what_follows_a_choice_by_its_digit_is_heard() {
    let mut stage = Stage::new(110, 30, Role::Po);
    stage.app().ignore_bursts(Duration::from_secs(5));
    stage.keys("3f t");
    stage.keys("2");
    assert!(stage.app().ui.layers.is_empty() && stage.app().ui.place().sort.is_some(), "{}", stage.screen());
    stage.keys("f x");
    assert!(stage.app().ui.place().sort.is_none(), "{}", stage.screen());
}

#[test]
fn what_was_said_in_one_view_does_not_cover_the_next() {
    let mut stage = Stage::new(110, 30, Role::Po);
    stage.app().ui.patience = Duration::from_secs(60);
    stage.keys("3f c");
    assert!(stage.screen().contains("losed ones are"), "{}", stage.screen());
    stage.keys("4");
    assert!(!stage.screen().contains("losed ones are"), "{}", stage.screen());
}

#[test]
fn enter_that_ends_an_input_reaches_nothing_below() {
    let mut stage = three();
    stage.keys("<home>p8<enter>jp5");
    stage.settle();
    let product = stage.app().session.product();
    let points: Vec<String> =
        product.all::<BacklogItem>().filter_map(|item| item.points).map(|points| points.to_string()).collect();
    assert_eq!(points, ["8", "5"], "two stories were sized");
}

#[test]
fn a_key_with_a_modifier_is_another_key() {
    let alt = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::ALT);
    let mut stage = three();
    for _ in 0..4 {
        stage.press(alt('d'));
    }
    assert_eq!(stories(&mut stage).len(), 3, "{}", stage.screen());
    // Esc and a letter that moves, read as one.
    stage.keys("<esc><home>e");
    assert!(!stage.app().ui.layers.is_empty());
    stage.press(alt('j'));
    assert!(stage.app().ui.layers.is_empty() && stage.app().ui.place().at == 1, "{}", stage.screen());
}

/// Tab after a proposal opens the line for the reason: what is typed there at once belongs to it.
#[test]
fn a_reason_typed_right_after_tab_is_kept() {
    let mut stage = Stage::new(110, 30, Role::Pm);
    stage.app().ignore_bursts(Duration::from_secs(5));
    stage.keys("3ggj<tab><tab>e“!”<tab>“two riders asked”<esc>");
    let product = stage.app().session.product();
    let made: Vec<String> = product.all::<Proposal>().map(|one| one.because.to_string()).collect();
    assert_eq!(made, ["two riders asked"], "{}", stage.screen());
}

/// Whoever opens a box by one key types into it at once, and so does whoever moved or ticked a moment before.
#[test]
fn a_text_typed_right_after_the_key_that_asks_for_it_is_taken() {
    let mut stage = three();
    stage.app().ignore_bursts(Duration::from_secs(5));
    stage.keys("<home>e“!”<enter>");
    assert_eq!(stories(&mut stage)[0], "Keep me!", "{}", stage.screen());
    stage.keys("<home>je“!”<enter>");
    assert_eq!(stories(&mut stage)[1], "Keep me too!", "{}", stage.screen());
    stage.keys("<home>Vp5<enter>");
    let product = stage.app().session.product();
    let sized = product.items().iter().filter(|item| item.points.is_some()).count();
    assert_eq!(sized, 3, "{}", stage.screen());
}

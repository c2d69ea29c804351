//! Boxes of choices on the board: the form that closes a sprint and the done check. A sentence typed into them does nothing.

use crate::harness::stage::Stage;
use crate::screens::board::{board, choose, rev, sprint, status, story};
use whyhow::model::role::Role;
use whyhow::model::schema::{ItemStatus, SprintResult, SprintState};

#[test]
fn the_form_that_closes_a_sprint_guesses_no_result_and_takes_no_text() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc<enter>");
    assert!(stage.screen().contains("Was the Sprint Goal met? 1 met, 2 partly met, 3 not met."), "{}", stage.screen());
    let before = rev(&mut stage);
    stage.keys("“We met 2 of 3 goals, * all for > the next = sprint”<enter>");
    assert!(stage.screen().contains("Letters do nothing here"), "{}", stage.screen());
    assert_eq!((rev(&mut stage), stage.app().ui.layers.len()), (before, 1), "no sentence closes it");
    let screen = stage.screen();
    assert!(!screen.contains("→ sprint 5") && screen.contains(" 2 partly met "), "nothing was set: {screen}");
    stage.keys("<up>1<enter>");
    let four = sprint(&mut stage, 4);
    assert_eq!((four.state, four.result), (SprintState::Closed, SprintResult::Met));
}

#[test]
fn after_a_pause_a_digit_answers_again() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc“ab”2");
    assert!(stage.screen().contains("Letters do nothing here") && stage.screen().contains(" 2 partly met "));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    stage.keys("2");
    let screen = stage.screen();
    assert!(screen.contains("[2 partly met]") && !screen.contains("Letters do nothing here"), "{screen}");
}

#[test]
fn what_the_review_said_of_the_goal_is_in_the_form_that_closes_the_sprint() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("6e“not met”<enter>5Sc<enter>");
    let four = sprint(&mut stage, 4);
    assert_eq!((four.state, four.result), (SprintState::Closed, SprintResult::Not));
}

#[test]
fn a_sentence_typed_into_the_done_check_ticks_nothing() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Shop phone");
    let checks = story(&mut stage, "Shop phone").checks.len();
    stage.keys("do“we tested + it - Very well”<enter>");
    assert!(stage.screen().contains("Letters do nothing here"), "{}", stage.screen());
    stage.keys("<esc>");
    assert_eq!(story(&mut stage, "Shop phone").checks.len(), checks);
    assert_eq!(status(&mut stage, "Shop phone"), ItemStatus::ToAccept);
}

#[test]
fn a_blocked_story_that_is_done_is_blocked_no_longer_and_the_screen_says_so() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Refund rules");
    stage.keys("do");
    assert!(stage.screen().contains("It is blocked: Waits for"), "{}", stage.screen());
    stage.keys("+<enter>");
    let done = story(&mut stage, "Refund rules");
    assert_eq!((done.status, &*done.blocked), (ItemStatus::Done, ""));
    assert!(stage.screen().contains("S15 is done and no longer blocked"), "{}", stage.screen());
    stage.keys("u");
    assert!(story(&mut stage, "Refund rules").blocked.starts_with("Waits for"), "one undo");
}

#[test]
fn the_check_of_a_story_that_is_done_is_read_and_its_keys_reach_nothing_else() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Shop phone");
    stage.keys("do+<enter>");
    let before = rev(&mut stage);
    stage.keys("do");
    assert!(stage.screen().contains("Shop phone is hidden is done"), "{}", stage.screen());
    stage.keys("V<space>");
    assert!(stage.screen().contains("is done, so its check stays"), "{}", stage.screen());
    stage.keys("<esc>");
    assert_eq!((rev(&mut stage), stage.app().ui.ticked.len()), (before, 0), "{}", stage.screen());
}

/// What was delivered and is asked for once more is the usual duplicate.
#[test]
fn a_story_may_be_closed_as_a_duplicate_of_one_that_is_done() {
    let mut stage = Stage::empty(110, 30, Role::Po);
    stage.keys("3a“Ring the bell at noon”<enter>a“Paint the hull”<enter>a“Ring the bell at noon twice”<enter>a“Gone”<enter><esc>");
    stage.keys("<home>s s“done”<enter>").settle();
    let open = stage.app().ui.rows.rows.len();
    stage.keys("<end>s s“dropped”<enter>").keys("<esc><esc>").settle();
    assert!(open >= 3, "{}", stage.screen());
    stage.keys("<home>");
    while !stage.screen().contains("▸ 2 S3") && !stage.screen().contains("S3 Ring the bell at noon twice ═") {
        stage.keys("j");
    }
    let screen = stage.keys("d u").screen();
    assert!(screen.contains("S1 Ring the bell at noon  done") && !screen.contains("S4 Gone"), "{screen}");
    stage.keys("<enter>").settle();
    let product = stage.app().session.product();
    let (_, id) = product.named("S3").unwrap();
    let of = product.items().get(id).and_then(|item| item.duplicate_of);
    assert_eq!(of, product.named("S1").map(|(_, id)| id), "{}", stage.screen());
}

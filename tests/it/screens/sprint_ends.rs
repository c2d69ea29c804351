//! How a sprint ends and the next one begins: every figure says the same before and after, and every key is answered.

use crate::harness::stage::Stage;
use crate::screens::board::{board, choose, sprint, story};
use whyhow::insight::burndown::pulse;
use whyhow::insight::review_text::done_of;
use whyhow::insight::sprint::{burndown, figures, works};
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, ItemStatus, Sprint};
use whyhow::model::value::Day;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn a_story_dropped_at_the_close_was_planned_and_is_not_done_everywhere() {
    let mut stage = board(120, 35, Role::Po);
    let before = figures(&sprint(&mut stage, 4).entries, false);
    stage.keys("Sc");
    assert!(stage.screen().contains(&done_of(&before)), "{}", stage.screen());
    stage.keys("14<enter>");
    let closed = sprint(&mut stage, 4);
    let after = figures(&closed.entries, true);
    assert_eq!((done_of(&after), after.dropped_at_end.stories), (done_of(&before), 1));
    let now = pulse(&closed, &closed.entries, day("2026-12-01"));
    let last = burndown(&closed, &closed.entries, day("2026-12-01")).pop().unwrap();
    assert_eq!(last.remaining, Some(now.left), "the bar is what the caption says");
    stage.keys("5t");
    let (screen, words) = (stage.screen(), format!("closed 1 Dec: {} points not done.", now.left));
    assert!(screen.contains(&words) && !screen.contains("ahead"), "{words}: {screen}");
    stage.keys("6");
    let (done, all) = (after.completed.points, after.scope().points);
    assert!(stage.screen().contains(&format!("Points  {done} of {all}")), "{}", stage.screen());
}

#[test]
fn the_close_form_says_what_fits_and_what_does_not() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc=");
    assert!(stage.screen().contains("fit into sprint 5."), "{}", stage.screen());
    stage.keys("<esc>3");
    choose(&mut stage, "Price from a photo");
    stage.keys("p21<enter>ms2 5 Sc=");
    assert!(stage.screen().contains("Nothing fits: Sprint 5 holds "), "{}", stage.screen());
}

#[test]
fn in_a_low_window_the_close_form_can_be_read_to_its_end() {
    let mut stage = board(60, 14, Role::Po);
    let screen = stage.keys("Sc").screen();
    assert!(!screen.contains("No credit for half-done work") && screen.contains(" more "), "{screen}");
    let screen = stage.keys(&"<down>".repeat(30)).screen();
    assert!(screen.contains("safe 19.") && !screen.contains(" more "), "{screen}");
    let screen = stage.keys("<esc>Sc<pgdn><pgdn><pgdn><pgdn><pgdn>").screen();
    assert!(!screen.contains(" more "), "{screen}");
}

#[test]
fn after_an_early_close_the_next_sprint_follows_the_day_of_the_close() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("4Sx 5 Sc*2<enter>");
    let next = sprint(&mut stage, 6);
    assert_eq!(next.start, Some(day("2026-12-02")), "{}", stage.screen());
    assert!(next.end.is_some_and(works), "{:?}", next.end);
}

#[test]
fn a_sprint_that_begins_later_is_not_said_to_run() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc*2<enter>4Ss");
    assert!(stage.screen().contains("still to come: Enter starts it early"), "{}", stage.screen());
    stage.keys("“Riders pay in the app.”<enter>");
    let screen = stage.screen();
    assert!(
        screen.contains("Sprint 5 is started early; its days are ") && !screen.contains("is running and"),
        "{screen}"
    );
    stage.keys("6");
    assert!(stage.screen().contains(", starts "), "{}", stage.screen());
}

#[test]
fn a_new_size_stands_beside_the_one_that_counts() {
    let mut stage = board(120, 35, Role::Po);
    let was = story(&mut stage, "Price list").points.unwrap();
    choose(&mut stage, "Price list");
    stage.keys("p21<enter>");
    let words = format!("{was} (now 21)");
    let screen = stage.screen();
    assert!(screen.contains(&words) && screen.contains(&format!("The sprint counts {was},")), "{words}: {screen}");
    stage.keys("Sc");
    let screen = stage.screen();
    assert!(screen.contains(&words) && screen.contains("counts the size a story had when it came in"), "{screen}");
}

#[test]
fn the_board_opens_on_a_card() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Shop phone");
    stage.keys("3");
    choose(&mut stage, "Shop phone");
    stage.keys("ms");
    stage.click("None: out of its sprint");
    stage.keys("“Not now”<enter>5");
    assert!(stage.app().ui.chosen_row().is_some(), "{}", stage.screen());
}

#[test]
fn closing_a_sprint_leads_to_its_review() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("6 t");
    assert!(stage.screen().contains("REVIEW OF SPRINT 3"), "{}", stage.screen());
    stage.keys("5 Sc2<enter>");
    assert!(stage.screen().contains("6 leads through its review."), "{}", stage.screen());
    stage.keys("6");
    assert!(stage.screen().contains("REVIEW OF SPRINT 4"), "{}", stage.screen());
}

#[test]
fn a_measure_that_the_review_shows_is_read_there() {
    let mut stage = board(120, 35, Role::Pm);
    stage.keys("6").settle();
    let at = stage.screen().lines().position(|line| line.contains("Effect on the roadmap"));
    assert!(at.is_some(), "{}", stage.screen());
    stage.click("Effect on the roadmap");
    assert!(stage.screen().contains("s m read a measure"), "{}", stage.screen());
    stage.keys("sm");
    let screen = stage.screen();
    assert!(screen.contains("Which measure?") || screen.contains("No-shows: "), "{screen}");
}

#[test]
fn what_is_done_is_not_blocked() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Sign in by code");
    assert_eq!(story(&mut stage, "Sign in by code").status, ItemStatus::Done);
    stage.keys("sb");
    assert!(stage.screen().contains("is done, so nothing blocks it any more."), "{}", stage.screen());
}

#[test]
fn filling_says_what_came_in_and_what_was_there() {
    let mut stage = Stage::empty(120, 35, Role::Both);
    stage.keys("2a“Faster”<enter> A“One”<down>“Two”<down>“Three”<down>“Four”<enter>");
    stage.keys("3ggp3<enter><down>p5<enter><down>p5<enter><down>p5<enter>");
    stage.keys("4gg<space>F");
    assert!(stage.screen().contains("how many points fit"), "{}", stage.screen());
    stage.keys("“15”<enter>");
    assert!(stage.screen().contains("2 more stories, 10 points: 13 of 15 points, 2 free."), "{}", stage.screen());
    let selected = |stage: &mut Stage| {
        let product = stage.settle().app().session.product();
        product.all::<BacklogItem>().filter(|item| item.sprint.is_some()).count()
    };
    assert_eq!(selected(&mut stage), 3);
    stage.keys("sk“5”<enter>4F");
    assert!(stage.screen().contains("Nothing added: 13 points are in already, 8 more than 5."), "{}", stage.screen());
}

#[test]
fn in_a_small_window_there_is_room_for_the_number_and_the_day() {
    let mut stage = Stage::empty(60, 20, Role::Both);
    stage.keys("3a“One”<down>“Two”<enter>4F");
    let screen = stage.screen();
    assert!(screen.contains("No story is ready. How many from the top?") && !screen.contains("top? …"), "{screen}");
    stage.keys("“2”<enter>Ss“Go”<enter>5<esc>");
    let status = |stage: &mut Stage| stage.screen().lines().rev().nth(1).unwrap_or_default().to_string();
    stage.keys("z<esc>");
    assert!(!status(&mut stage).contains('…'), "{}", stage.screen());
}

#[test]
fn what_needs_another_story_first_says_so() {
    let mut stage = Stage::empty(120, 35, Role::Both);
    stage.keys("2a“Faster”<enter> A“One”<down>“Two”<enter> 3ggp8<enter><down>p5<enter>");
    stage.keys("sd“S1”<enter><esc>4F“10”<enter>u4F“6”<enter>");
    let screen = stage.screen();
    assert!(screen.contains("S2 (5) needs S1 first"), "{screen}");
}

#[test]
fn the_product_manager_reads_what_the_product_manager_can_do() {
    let mut stage = Stage::after("closed-sprints.jsonl", "", 120, 35, Role::Pm);
    stage.keys("4");
    let screen = stage.screen();
    assert!(
        screen.contains("S n proposes one") && !screen.contains("makes one") && !screen.contains("creates and fills"),
        "{screen}"
    );
    stage.keys("<space>");
    let screen = stage.screen();
    assert!(screen.contains("No sprint is in planning; S n proposes one.") && !screen.contains("tick:"), "{screen}");
    assert_eq!(stage.app().session.product().all::<Sprint>().filter(|one| one.entries.is_empty()).count(), 0);
}

#[test]
fn nothing_is_cut_in_the_head_of_a_plan_and_in_the_status_of_a_sprint() {
    let mut stage = Stage::after("closed-sprints.jsonl", "", 120, 35, Role::Po);
    stage.keys("4");
    let screen = stage.screen();
    let head =
        screen.lines().find(|line| line.contains("NEXT SPRINT")).unwrap_or_else(|| panic!("{screen}")).to_string();
    assert!(!head.contains('…'), "{head}");
    let mut stage = board(60, 20, Role::Po);
    stage.keys("Sc*2<enter>4Ss“Riders pay.”<enter>5<esc>");
    assert!(!stage.screen().contains("left  "), "{}", stage.screen());
}

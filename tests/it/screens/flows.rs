//! What people do, key by key. Where keys are counted and promised, the flow stands in `counted_flows.rs`.

use crate::harness::load::load;
use crate::harness::stage::Stage;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Goal, Horizon, RoadmapItem};
use whyhow::tui::app::LoopRequest;

/// Presses the keys of a flow and holds them against the count; typed text is free.
fn flow(stage: &mut Stage, keys: &str, most: usize) {
    stage.pressed = 0;
    stage.keys(keys).settle();
    assert!(stage.pressed <= most, "{keys} took {} keys, {most} were promised", stage.pressed);
}

fn titles(stage: &mut Stage) -> Vec<String> {
    stage.settle();
    stage.app().session.product().all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

fn roadmap(stage: &mut Stage, title: &str) -> RoadmapItem {
    let product = stage.app().session.product();
    let found = product.all::<RoadmapItem>().find(|item| &*item.title == title);
    RoadmapItem::clone(found.unwrap_or_else(|| panic!("no roadmap item {title:?}")))
}

#[test]
fn now_asks_for_its_reasons() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2l<");
    let screen = stage.screen();
    assert!(screen.contains("NOW asks for 4 more: outcome, measure, who, why now."), "{screen}");
    assert_eq!(roadmap(&mut stage, "Repair status by text").horizon, Horizon::Next);
}

#[test]
fn order_by_hand() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3jjjj");
    flow(&mut stage, "+++", 3);
    assert_eq!(titles(&mut stage)[2], "Price from a photo");
    flow(&mut stage, "mt", 2);
    assert_eq!(titles(&mut stage)[1], "Price from a photo", "the done story above it is hidden");
    flow(&mut stage, "m7<enter>", 3);
    stage.keys("<home><space><space><space><space><space>");
    flow(&mut stage, "mb", 7);
    let all = titles(&mut stage);
    stage.keys("u");
    assert_ne!(titles(&mut stage), all);
}

#[test]
fn points_on_six_neighbours_are_one_act() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3");
    let before = stage.screen();
    flow(&mut stage, "<space><space><space><space><space><space>p3", 8);
    let threes = |stage: &mut Stage| {
        let product = stage.app().session.product();
        product.all::<BacklogItem>().filter(|item| item.points.is_some_and(|p| p.to_string() == "3")).count()
    };
    assert!(threes(&mut stage) >= 6);
    flow(&mut stage, "u", 1);
    stage.keys("<esc><home>");
    assert_eq!(before.lines().nth(4), stage.screen().lines().nth(4));
}

#[test]
fn find_narrows_as_it_is_typed() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3");
    flow(&mut stage, "/can<enter>", 5);
    let screen = stage.screen();
    assert!(screen.contains("Cancel without a phone call") && !screen.contains("Slot held"), "{screen}");
    stage.keys("<esc>");
    assert!(stage.screen().contains("Slot held"));
    stage.keys("/zzz");
    assert!(stage.screen().contains("Nothing here has \u{201c}zzz\u{201d} in it."));
}

#[test]
fn undo_goes_on_after_a_restart_and_redo_too() {
    let mut stage = Stage::new(80, 24, Role::Both);
    stage.keys("3a“Fresh story”<enter>p5");
    assert!(titles(&mut stage).contains(&"Fresh story".to_string()));
    stage.reopen().keys("uu");
    assert!(!titles(&mut stage).contains(&"Fresh story".to_string()));
    stage.reopen().keys("U");
    assert!(titles(&mut stage).contains(&"Fresh story".to_string()));
}

#[test]
fn esc_keeps_a_text_and_ctrl_c_throws_it_away() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2<tab>j<enter>“ Kept.”<esc>");
    assert!(roadmap(&mut stage, "Book in two taps").problem.ends_with("Kept."));
    stage.keys("<enter>“ Gone.”<c-c>");
    assert!(!roadmap(&mut stage, "Book in two taps").problem.contains("Gone."));
}

#[test]
fn boxes_flip_where_they_stand() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3j<tab><tab>jjj<space><space>");
    stage.settle();
    let product = stage.app().session.product();
    let item = product.all::<BacklogItem>().find(|item| &*item.title == "Cancel without a phone call").unwrap();
    let met: Vec<bool> = item.criteria.iter().map(|criterion| criterion.met).collect();
    assert_eq!(met, [true, true, false]);
}

#[test]
fn done_asks_for_the_criteria_first() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3jdo");
    assert!(stage.screen().contains("Acceptance criteria  0 of 3 met"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(stage.screen().contains("3 criteria to go."), "{}", stage.screen());
}

#[test]
fn q_asks_once_and_hammering_it_stops_at_the_warning() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3<space><tab>");
    let q = || crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char('q'));
    assert_eq!(stage.press(q()), LoopRequest::Nothing);
    assert_eq!(stage.press(q()), LoopRequest::Nothing);
    assert_eq!(stage.press(q()), LoopRequest::Nothing);
    assert!(stage.screen().contains("q again to quit"));
    stage.keys("j");
    assert_eq!(stage.press(q()), LoopRequest::Nothing);
    assert_eq!(stage.press(q()), LoopRequest::Quit);
}

#[test]
fn pasted_commands_in_a_list_change_nothing() {
    let mut stage = Stage::new(120, 35, Role::Po);
    let before = {
        stage.keys("3");
        titles(&mut stage)
    };
    stage.paste("q q d d u a x");
    assert_eq!(before, titles(&mut stage));
}

#[test]
fn a_why_that_moves_marks_what_hangs_on_it_directly_until_confirmed() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3");
    let marked = |screen: &str, title: &str| {
        screen.lines().any(|l| l.contains(title) && l.split('│').nth(1).is_some_and(|l| l.contains(" ! ")))
    };
    let screen = stage.screen();
    assert!(marked(&screen, "Price for several"), "{screen}");
    assert!(!marked(&screen, "Cancel without"), "a goal's why is not the story's own: {screen}");
    stage.keys("C");
    assert!(!marked(&stage.screen(), "Price for several"));
    // Undo of the confirmation brings the mark back: it is worked out, not stored.
    stage.keys("u");
    assert!(marked(&stage.screen(), "Price for several"));
}

#[test]
fn a_goal_is_added_with_its_why() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("1<esc>ja“Fewer phone calls”<tab>“They cost an hour a day.”<esc>").settle();
    let product = stage.app().session.product();
    let goal = product.all::<Goal>().find(|goal| &*goal.title == "Fewer phone calls").unwrap();
    assert_eq!(&*goal.why, "They cost an hour a day.");
}

#[test]
fn two_people_in_one_field_keep_both_values_and_one_key_chooses() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3j e“ by Omar”");
    let line =
        "{\"do\":\"as\",\"by\":\"Priya\"}\n{\"do\":\"set\",\"on\":\"S3\",\"set\":{\"title\":\"Cancel by Priya\"}}\n";
    load(stage.data.path(), "Bike Doctor", line);
    stage.keys("<enter>");
    let screen = stage.screen();
    assert!(screen.contains("Both values are kept"), "{screen}");
    assert!(screen.contains("Cancel without a phone call by Omar"), "the later line stands: {screen}");
    stage.keys("<esc><tab><tab>");
    assert!(stage.screen().contains("Priya wrote another value"), "{}", stage.screen());
    stage.keys("<esc>sc<down><enter>");
    assert!(titles(&mut stage).contains(&"Cancel by Priya".to_string()));
    assert!(!stage.screen().contains("wrote another value"));
}

#[test]
fn a_reading_moves_the_bar_of_a_goal_and_no_how_asks_again() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("1<esc>j");
    let marks = |screen: &str| screen.matches(" ! ").count();
    stage.keys("2");
    let before = marks(&stage.screen());
    stage.keys("1sm“49”<enter>");
    let screen = stage.screen();
    assert!(screen.contains(" 50 %"), "38 to 60 is half way at 49: {screen}");
    stage.keys("2");
    assert_eq!(marks(&stage.screen()), before, "news about a why is not another why");
}

#[test]
fn a_product_goal_is_added_from_the_vision() {
    let mut stage = Stage::empty(120, 35, Role::Pm);
    stage.keys("1<esc>A“Six in ten the same day”<enter>");
    assert!(stage.screen().contains("T1 Six in ten the same day"), "{}", stage.screen());
}

#[test]
fn acts_in_a_pane_are_about_its_rows() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3j<tab><tab>jjj<del>");
    let criteria = |stage: &mut Stage| {
        stage.settle();
        let product = stage.app().session.product();
        let item = product.all::<BacklogItem>().find(|item| item.title.starts_with("Cancel")).unwrap();
        item.criteria.iter().map(|criterion| criterion.text.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(criteria(&mut stage).len(), 2);
    let first = criteria(&mut stage)[0].clone();
    stage.keys("-");
    assert_eq!(criteria(&mut stage)[1], first);
    stage.keys("a“A fourth sentence”<esc>");
    assert_eq!(criteria(&mut stage)[2], "A fourth sentence");
}

#[test]
fn deleting_what_others_hang_on_is_asked_once() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("2dd");
    assert!(
        stage.screen().contains("3 stories depend on R1 \"Book in two taps\". d d again deletes"),
        "{}",
        stage.screen()
    );
    stage.keys("dd").settle();
    assert!(stage.app().session.product().all::<RoadmapItem>().all(|item| &*item.title != "Book in two taps"));
}

#[test]
fn a_title_that_was_asked_for_before_is_shown_while_it_is_typed() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3a“Cancel by phone call”");
    let screen = stage.screen();
    assert!(screen.contains("S3 has a similar title: Cancel without a phone call"), "{screen}");
    // It is closed as a duplicate once it is there, and its voices go to the other one.
    stage.keys("<enter>du“phone call”<enter>");
    let screen = stage.screen();
    assert!(screen.contains("is a duplicate of S3"), "{screen}");
    assert!(!screen.contains("Cancel by phone call"), "{screen}");
}

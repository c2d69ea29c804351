//! What the general keys do on the roadmap: ticked items move and are decided on together.

use crate::harness::stage::Stage;
use whyhow::model::role::Role;
use whyhow::model::schema::{Horizon, RoadmapItem, RoadmapResult};

fn of<T>(stage: &mut Stage, read: impl Fn(&RoadmapItem) -> T) -> Vec<T> {
    stage.app().session.product().all::<RoadmapItem>().map(|item| read(item)).collect()
}

/// How many items stand in a column, or have come to something.
fn count<T: PartialEq>(all: &[T], one: T) -> usize {
    all.iter().filter(|other| **other == one).count()
}

#[test]
fn ticked_items_go_a_column_later_and_back_together() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2").settle();
    let before = of(&mut stage, |item| item.horizon);
    let now = count(&before, Horizon::Now);
    assert!(now > 1, "the sample has several items in NOW");
    stage.keys(&"<space>".repeat(now)).keys(">").settle();
    let after = of(&mut stage, |item| item.horizon);
    assert_eq!((count(&after, Horizon::Now), count(&after, Horizon::Next)), (0, count(&before, Horizon::Next) + now));
    assert!(stage.screen().contains("takes it back"), "{}", stage.screen());
    stage.keys("u").settle();
    assert_eq!(of(&mut stage, |item| item.horizon), before);
}

#[test]
fn ticked_items_are_declined_with_one_reason() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2<right><right>").settle();
    let later = count(&of(&mut stage, |item| item.horizon), Horizon::Later);
    assert!(later > 1, "the sample has several items in LATER");
    stage.keys(&"<space>".repeat(later)).keys("ss").settle();
    stage.keys("“decl”<enter>").settle();
    let screen = stage.screen();
    assert!(
        screen.contains("Result of these 2 roadmap items: declined") && screen.contains("Why it is declined."),
        "{screen}"
    );
    stage.keys("<enter>");
    assert!(stage.screen().contains("Nothing has been changed yet."), "{}", stage.screen());
    stage.keys("“Nobody asked for it”<enter>").settle();
    let all = of(&mut stage, |item| (item.result, item.reason.to_string()));
    assert_eq!(count(&all, (RoadmapResult::Declined, "Nobody asked for it".to_string())), later, "{}", stage.screen());
    stage.keys("u").settle();
    assert_eq!(count(&of(&mut stage, |item| item.result), RoadmapResult::Declined), 0);
}

#[test]
fn what_is_launched_says_so_on_its_card() {
    let mut stage = Stage::empty(120, 35, Role::Pm);
    stage.keys("2a“No waiting”<enter><esc>ss");
    stage.keys("“launched”<enter>");
    let screen = stage.screen();
    assert!(screen.contains("   launched "), "{screen}");
}

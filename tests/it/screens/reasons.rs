//! Why something is here, and what people said about it: each record has a thread of its own.

use crate::harness::stage::Stage;
use whyhow::insight::review::{Topic, review, reviewable};
use whyhow::insight::trace::{asks_again, thread};
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, DoneRule, Feedback, FeedbackState, Sprint};
use whyhow::model::value::When;

fn product(stage: &mut Stage) -> Product {
    stage.settle();
    stage.app().session.product().clone()
}

/// The names from a record up to the vision, and the breaks.
fn up(product: &Product, id: Id) -> (Vec<String>, Vec<String>) {
    let thread = thread(product, id);
    (thread.knots.into_iter().map(|knot| knot.name).collect(), thread.breaks)
}

fn board() -> Stage {
    let tuesday = || When::parse("2026-12-01T10:00:00+01:00").unwrap();
    Stage::of("running-sprint.jsonl", tuesday, 120, 35, Role::Both)
}

#[test]
fn a_story_made_from_feedback_is_tied_to_it() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("8a“The bill was higher than the price”<enter>").keys("A<enter>");
    let product = product(&mut stage);
    let story = product.all::<BacklogItem>().last().unwrap();
    let said = product.all::<Feedback>().last().unwrap();
    assert_eq!(&*story.title, "The bill was higher than the price");
    assert_eq!((said.links.as_slice(), said.state), ([story.id].as_slice(), FeedbackState::Linked));
    // One act: undo takes back the story and the tie.
    stage.keys("u");
    let product = self::product(&mut stage);
    let said = product.all::<Feedback>().last().unwrap();
    assert!(said.links.is_empty() && said.state == FeedbackState::New);
}

#[test]
fn a_rule_a_sprint_and_feedback_have_a_thread_of_their_own() {
    let mut stage = board();
    stage.keys("7a“Reviewed by a second pair of eyes”<enter>").keys("8a“It is too slow”<enter>");
    let product = product(&mut stage);
    let (rule, said) = (product.all::<DoneRule>().last().unwrap(), product.all::<Feedback>().last().unwrap());
    let sprint = product.all::<Sprint>().last().unwrap();
    let vision = product.vision().unwrap().id;
    for id in [rule.id, sprint.id] {
        let (names, breaks) = up(&product, id);
        assert_eq!(thread(&product, id).knots.last().map(|knot| knot.id), Some(vision), "{names:?} {breaks:?}");
        assert!(!breaks.iter().any(|one| one.contains("serves nothing")), "{breaks:?}");
    }
    let (names, breaks) = up(&product, said.id);
    assert_eq!(names.len(), 1);
    assert!(breaks[0].contains("is about nothing yet"), "{breaks:?}");
    // Once it is about a story, its thread is the story's.
    stage.keys("A<enter>");
    let product = self::product(&mut stage);
    let said = product.all::<Feedback>().find(|one| &*one.quote == "It is too slow").unwrap();
    let story = product.get::<BacklogItem>(said.links[0]).unwrap();
    assert_eq!(up(&product, said.id).0[1..], up(&product, story.id).0);
}

#[test]
fn a_why_that_was_put_aside_is_a_break() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let before = product(&mut stage);
    let first =
        before.all::<BacklogItem>().find(|item| item.serves.is_some_and(|id| before.name_of(id) == "R1")).unwrap();
    let why = "R1";
    assert!(!up(&product(&mut stage), first.id).1.iter().any(|one| one.contains(why)));
    stage.keys("2ss“parked”<enter>");
    let (_, breaks) = up(&product(&mut stage), first.id);
    assert!(breaks.contains(&format!("{why} is parked.")), "{breaks:?}: {}", stage.screen());
}

#[test]
fn new_feedback_without_a_day_is_in_the_latest_review() {
    let mut stage = board();
    stage.keys("8a“No day on it”<enter>");
    let product = product(&mut stage);
    let said = product.all::<Feedback>().last().unwrap().id;
    let now = When::parse("2026-12-01T10:00:00+01:00").unwrap();
    let latest = reviewable(&product)[0];
    let review = review(&product, latest, now).unwrap();
    let voices = review.steps.iter().find_map(|step| match &step.topic {
        Topic::Voices(ids) => Some(ids.clone()),
        _ => None,
    });
    assert!(voices.unwrap_or_default().contains(&said));
}

#[test]
fn a_story_that_becomes_part_of_another_is_told_in_words_that_can_be_read() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3j<enter>");
    for _ in 0..40 {
        if stage.screen().contains("▸Part of") {
            break;
        }
        stage.keys("j");
    }
    // The harness reads what is said.
    stage.keys("<enter>“S2”<enter>");
    let said = stage.app().ui.messages.back().cloned().unwrap_or_default();
    assert!(said.starts_with("What S3 is part of: none → S2"), "{said}: {}", stage.screen());
}

/// One person in both roles who fills in an empty why is not asked about it; for a team's PO it is news.
#[test]
fn an_empty_why_that_is_filled_in_asks_the_other_role_alone() {
    const LINES: &str = r#"{"do":"add","kind":"roadmap","ref":"r","set":{"title":"Winter tyres"}}
{"do":"add","kind":"item","ref":"a","set":{"title":"Order tyres by phone","serves":"r","points":3}}
"#;
    for (role, asks) in [(Role::Both, false), (Role::Pm, true)] {
        let mut stage = Stage::after("closed-sprints.jsonl", LINES, 120, 40, role);
        let asking = |stage: &mut Stage| {
            let product = product(stage);
            let story = product.all::<BacklogItem>().find(|one| &*one.title == "Order tyres by phone").unwrap().clone();
            !asks_again(&product, &*story).is_empty()
        };
        stage.keys("2/“Winter tyres”<enter><tab>");
        while !stage.screen().contains("▸Problem") {
            stage.keys("j");
        }
        stage.keys("e“Nobody books in snow.”<esc>");
        assert_eq!(asking(&mut stage), asks, "{role:?}: {}", stage.screen());
        // Another why is asked about, whoever wrote it.
        stage.keys("e“ Really.”<esc>");
        assert!(asking(&mut stage), "{role:?}: {}", stage.screen());
    }
}

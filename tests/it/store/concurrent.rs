//! Deletions that meet what their author had not seen, and redo behind a closed segment.

use crate::harness::scratch::{Hand, Scratch, field, founded};
use std::time::Duration;
use whyhow::actions::edit;
use whyhow::json;
use whyhow::model::change::Change;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Goal, Kind};
use whyhow::model::value::Value;
use whyhow::store::session::{News, Session};
use whyhow::store::write_request::{WriteOutcome, WriteRequest};
use whyhow::store::writer::Writer;

const LONG: Duration = Duration::from_secs(20);

/// An act as a screen hands it in that shows the file up to this step.
fn on_sight(hand: &mut Hand, seen: Option<Id>, step: whyhow::model::change::Step) -> WriteRequest {
    WriteRequest { seen, meets_later: true, ..hand.act(step) }
}

fn two() -> (Scratch, Writer, Writer, Hand, Hand) {
    let scratch = founded();
    let (one, two) = (scratch.writer(), scratch.writer());
    (scratch, one, two, Hand::new(1, "Omar"), Hand::new(2, "Mia"))
}

/// Row 43, the deletion second.
#[test]
fn a_deletion_gives_way_to_an_edit_it_had_not_seen() {
    let (scratch, mut one, mut other, mut omar, mut mia) = two();
    let story = omar.added(&mut one, Kind::BacklogItem, &[("title", "Story".into())]);
    let (seen, product) = (one.last_step(), one.product().clone());
    other.follow().unwrap();
    mia.set(&mut other, Kind::BacklogItem, story, "points", json!(5));
    let deletion = edit::delete(&product, &[story]).unwrap();
    let answer = one.commit(&[on_sight(&mut omar, seen, deletion.clone())]).pop().unwrap();
    let WriteOutcome::Refused(why) = answer else { panic!("{answer:?}") };
    assert!(why.what.contains("Mia") && why.what.contains("S1"), "{why}");
    assert!(one.product().get::<BacklogItem>(story).unwrap().points.is_some(), "what Mia wrote is seen");
    assert_eq!(scratch.read().all::<BacklogItem>().count(), 1);
    // Somebody who has seen it may delete it; a move in the order is no reason to keep it.
    let (seen, now) = (one.last_step(), one.product().clone());
    other.follow().unwrap();
    mia.added(&mut other, Kind::BacklogItem, &[("title", "Another".into())]);
    let moved = edit::reorder(other.product(), Kind::BacklogItem, &[story], edit::Place::Bottom).unwrap();
    mia.saved(&mut other, moved);
    let deletion = edit::delete(&now, &[story]).unwrap();
    assert!(matches!(one.commit(&[on_sight(&mut omar, seen, deletion)]).as_slice(), [WriteOutcome::Saved { .. }]));
    assert_eq!(scratch.read().all::<BacklogItem>().count(), 1);
}

/// Row 43 on a screen: the record stays, and why is said.
#[test]
fn a_screen_that_deletes_what_another_window_edits_says_so_and_keeps_it() {
    let scratch = founded();
    let mut mia = scratch.writer();
    let mut hand = Hand::new(2, "Mia");
    let story = hand.added(&mut mia, Kind::BacklogItem, &[("title", "Story".into())]);
    let mut omar = Session::start(scratch.writer(), "Omar", Role::Both).0;
    hand.set(&mut mia, Kind::BacklogItem, story, "notes", "Half the talk".into());
    let deletion = edit::delete(omar.product(), &[story]).unwrap();
    omar.commit(deletion.clone(), false).unwrap();
    let news = omar.wait_saved(LONG);
    assert!(news.iter().any(|one| matches!(one, News::Refused(why) if why.what.contains("Mia"))), "{news:?}");
    assert_eq!(&*omar.product().get::<BacklogItem>(story).unwrap().notes, "Half the talk");
    assert_eq!(omar.product().all::<BacklogItem>().count(), 1);
    // Now it has been seen.
    omar.commit(deletion, false).unwrap();
    assert!(omar.wait_saved(LONG).iter().all(|one| !matches!(one, News::Refused(_))));
    assert!(omar.close());
    assert_eq!(scratch.read().all::<BacklogItem>().count(), 0);
}

/// Row 44, either order.
#[test]
fn a_child_is_kept_whatever_becomes_of_its_parent_meanwhile() {
    let (scratch, mut one, mut other, mut omar, mut mia) = two();
    let goal = omar.added(&mut one, Kind::Goal, &[("title", "Goal".into())]);
    let child = |hand: &mut Hand, product: &Product| {
        hand.add(product, Kind::BacklogItem, &[("title", "Child".into()), ("serves", goal.to_string().into())])
    };
    // The child came first: the parent is not deleted under it.
    let (seen, product) = (one.last_step(), one.product().clone());
    other.follow().unwrap();
    let (step, first) = child(&mut mia, &product);
    mia.saved(&mut other, step);
    let deletion = edit::delete(&product, &[goal]).unwrap();
    let answer = one.commit(&[on_sight(&mut omar, seen, deletion)]).pop().unwrap();
    assert!(matches!(answer, WriteOutcome::Refused(_)), "{answer:?}");
    assert_eq!(scratch.read().all::<Goal>().count(), 1);
    // The deletion came first: the child is kept without its link, which is said.
    let (seen, product) = (other.last_step(), other.product().clone());
    omar.saved(&mut one, edit::delete(&product, &[goal]).unwrap());
    let (step, second) = child(&mut mia, &product);
    let answer = other.commit(&[on_sight(&mut mia, seen, step)]).pop().unwrap();
    let WriteOutcome::Saved { left, .. } = answer else { panic!("{answer:?}") };
    assert!(left.iter().any(|word| word.contains("deleted")), "{left:?}");
    let now = scratch.read();
    assert_eq!(now.get::<BacklogItem>(second).unwrap().serves, None);
    // The first child's link leads to a deleted goal: told, not followed.
    assert_eq!(now.get::<BacklogItem>(first).unwrap().serves, Some(goal));
    assert_eq!(whyhow::insight::broken_links::loose_links(&now), ["S1, Serves: G1 was deleted."]);
}

fn points(product: &Product, story: Id) -> Option<String> {
    product.get::<BacklogItem>(story).and_then(|item| item.points).map(|points| points.to_string())
}

/// Row 95: redo behind a closed segment and over a restart.
#[test]
fn redo_reaches_over_a_closed_segment_until_the_next_act() {
    let scratch = founded();
    let begin = || Session::start(scratch.writer(), "Omar", Role::Both).0;
    let set = |session: &mut Session, story: Id, to: Value| {
        let step = edit::set(session.product(), &[story], field(Kind::BacklogItem, "points"), &to).unwrap();
        session.commit(step, false).unwrap();
    };
    let mut omar = begin();
    let (step, story) = Hand::new(9, "x").add(omar.product(), Kind::BacklogItem, &[("title", "Story".into())]);
    omar.commit(step, false).unwrap();
    for n in [1, 2, 3] {
        set(&mut omar, story, json!(n));
    }
    omar.undo().unwrap();
    assert!(omar.close());
    scratch.writer().checkpoint(true).unwrap();
    let mut again = begin();
    again.undo().unwrap();
    assert_eq!(points(again.product(), story).as_deref(), Some("1"));
    assert!(again.close());
    scratch.writer().checkpoint(true).unwrap();

    let mut third = begin();
    third.redo().unwrap();
    assert_eq!(points(third.product(), story).as_deref(), Some("2"));
    assert!(third.close());
    scratch.writer().checkpoint(true).unwrap();
    let mut fourth = begin();
    fourth.redo().unwrap();
    assert_eq!(points(fourth.product(), story).as_deref(), Some("3"));
    assert!(fourth.redo().is_err(), "all of it is done again");
    fourth.undo().unwrap();
    assert!(fourth.close());
    scratch.writer().checkpoint(true).unwrap();
    // A new act is the end of what could be done again, also for a later start.
    let mut fifth = begin();
    set(&mut fifth, story, json!(8));
    assert!(fifth.redo().is_err());
    assert!(fifth.close());
    scratch.writer().checkpoint(true).unwrap();
    let mut sixth = begin();
    assert!(sixth.redo().is_err());
    assert_eq!(points(sixth.product(), story).as_deref(), Some("8"));
    assert!(sixth.close());
}

/// Row 95: undo goes on where what it points at again is gone: the link is as it was, and leads somewhere once that is back.
#[test]
fn undo_does_not_stop_at_a_link_to_something_that_is_gone() {
    let scratch = founded();
    let mut omar = Session::start(scratch.writer(), "Omar", Role::Both).0;
    let id = |session: &mut Session| session.fresh_id();
    let add = |session: &mut Session, title: &str| {
        let new = id(session);
        let mut step = whyhow::model::change::Step::new(format!("Added {title}"));
        for (key, to) in [("alive", json!(true)), ("title", json!(title))] {
            step.changes.push(Change { id: new, field: field(Kind::RoadmapItem, key), from: Value::Null, to });
        }
        session.commit(step, false).unwrap();
        new
    };
    let (first, second) = (add(&mut omar, "First"), add(&mut omar, "Second"));
    let story = id(&mut omar);
    let mut step = whyhow::model::change::Step::new("Added a story");
    for (key, to) in [("alive", json!(true)), ("title", json!("Story")), ("serves", json!(first.to_string()))] {
        step.changes.push(Change { id: story, field: field(Kind::BacklogItem, key), from: Value::Null, to });
    }
    omar.commit(step, false).unwrap();
    let turn = |session: &mut Session, id: Id, kind: Kind, key: &str, from: Value, to: Value| {
        let change = Change { id, field: field(kind, key), from, to };
        let step = whyhow::model::change::Step { label: format!("Changed {key}"), changes: vec![change] };
        session.commit(step, false).unwrap();
    };
    turn(&mut omar, first, Kind::RoadmapItem, "alive", json!(true), json!(false));
    let (from, to) = (json!(first.to_string()), json!(second.to_string()));
    turn(&mut omar, story, Kind::BacklogItem, "serves", from, to);
    // Back to the item that is gone, as it was; then the item comes back.
    omar.undo().unwrap();
    assert_eq!(omar.product().get::<BacklogItem>(story).unwrap().serves, Some(first));
    omar.undo().unwrap();
    assert!(omar.product().find(first).is_some_and(|record| record.is_alive()));
    for _ in 0..3 {
        omar.undo().unwrap();
    }
    assert!(omar.close());
    assert!(scratch.read().all::<BacklogItem>().next().is_none());
}

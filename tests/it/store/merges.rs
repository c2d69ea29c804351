//! One plain example for each way in which two people's work meets, and for each that once went wrong.

use crate::harness::scratch::{Hand, Scratch, field, founded};
use std::time::Duration;
use whyhow::actions::edit::{self, Place};
use whyhow::insight::broken_links::loose_links;
use whyhow::json;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Conflict, Goal, Kind};
use whyhow::model::value::Value;
use whyhow::store::session::{News, Session};

const LONG: Duration = Duration::from_secs(20);

/// Two screens on one product with a story, and neither has heard of what the other does from here on.
fn two() -> (Scratch, Session, Session, Id) {
    let scratch = founded();
    let mut writer = scratch.writer();
    let story = Hand::new(1, "Founder").added(&mut writer, Kind::BacklogItem, &[("title", "Story".into())]);
    let begin = |by: &str| Session::start(scratch.writer(), by, Role::Both).0;
    let (omar, mia) = (begin("Omar"), begin("Mia"));
    (scratch, omar, mia, story)
}

fn set(session: &mut Session, id: Id, key: &str, to: Value) -> Vec<News> {
    let kind = session.product().find(id).unwrap().kind();
    let step = edit::set(session.product(), &[id], field(kind, key), &to).unwrap();
    session.commit(step, false).unwrap();
    session.wait_saved(LONG)
}

fn add(session: &mut Session, kind: Kind, title: &str) -> Id {
    let mut hand = Hand::new(session.fresh_id().bits(), "x");
    let (step, id) = hand.add(session.product(), kind, &[("title", title.into())]);
    session.commit(step, false).unwrap();
    session.wait_saved(LONG);
    id
}

/// Until both show what the file holds.
fn agree(scratch: &Scratch, one: &mut Session, two: &mut Session) -> Vec<News> {
    let mut news = Vec::new();
    for _ in 0..2000 {
        for session in [&mut *one, &mut *two] {
            news.extend(session.wait_saved(LONG));
            session.look();
            news.extend(session.poll());
        }
        let now = scratch.read();
        if *one.product() == now && *two.product() == now {
            return news;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("the two sessions do not show the same");
}

fn cell(product: &Product, id: Id, key: &str) -> Value {
    product.value(id, field(Kind::BacklogItem, key))
}

fn refused(news: &[News]) -> Vec<&str> {
    fn why(one: &News) -> Option<&str> {
        if let News::Refused(why) = one { Some(&why.what) } else { None }
    }
    news.iter().filter_map(why).collect()
}

/// Row 40: two fields of one record.
#[test]
fn different_fields_of_one_story_are_both_kept() {
    let (scratch, mut omar, mut mia, story) = two();
    set(&mut omar, story, "points", json!(5));
    assert!(set(&mut mia, story, "assignee", "Ada".into()).iter().all(|one| matches!(one, News::Others(_))));
    agree(&scratch, &mut omar, &mut mia);
    let now = scratch.read();
    assert_eq!((cell(&now, story, "points"), cell(&now, story, "assignee")), (json!(5), json!("Ada")));
    assert_eq!(now.all::<Conflict>().count(), 0);
}

/// Row 41: one field, two values: the later line stands, the other is kept until somebody chooses, and both are told.
#[test]
fn one_field_written_twice_keeps_both_values_until_one_is_chosen() {
    let (scratch, mut omar, mut mia, story) = two();
    set(&mut omar, story, "points", json!(5));
    let news = set(&mut mia, story, "points", json!(8));
    assert!(news.iter().any(|one| matches!(one, News::Conflict(_))), "who wrote last is told: {news:?}");
    agree(&scratch, &mut omar, &mut mia);
    for session in [&omar, &mia] {
        let product = session.product();
        assert_eq!(cell(product, story, "points"), json!(8));
        let conflict = product.all::<Conflict>().next().expect("both screens can show it");
        assert_eq!((&conflict.lost.0, &*conflict.by, &*conflict.field), (&json!(5), "Omar", "points"));
    }
    let choice = whyhow::actions::conflict::choose(omar.product(), story, "points", "lost").unwrap();
    omar.commit(choice, false).unwrap();
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!((cell(mia.product(), story, "points"), mia.product().all::<Conflict>().count()), (json!(5), 0));
    assert_eq!(scratch.history().entries.iter().filter(|one| one.step.label.contains("Points of S1")).count(), 2);
}

/// Row 42: the same value twice is no conflict, and only who wrote it takes it back.
#[test]
fn the_same_value_from_two_people_is_written_once_and_belongs_to_the_first() {
    let (scratch, mut omar, mut mia, story) = two();
    set(&mut omar, story, "points", json!(5));
    set(&mut mia, story, "points", json!(5));
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(scratch.read().all::<Conflict>().count(), 0);
    assert!(mia.undo().is_err(), "nothing of Mia's was written");
    omar.undo().unwrap();
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(cell(mia.product(), story, "points"), Value::Null);
}

/// Row 42: the same, where the second takes it back before she has heard that it was so already.
#[test]
fn an_undo_in_a_hurry_takes_back_nothing_of_others() {
    let (scratch, mut omar, mut mia, story) = two();
    set(&mut omar, story, "points", json!(5));
    let step = edit::set(mia.product(), &[story], field(Kind::BacklogItem, "points"), &json!(5)).unwrap();
    mia.commit(step, false).unwrap();
    mia.undo().unwrap();
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(cell(&scratch.read(), story, "points"), json!(5));
    assert!(mia.undo().is_err() && mia.redo().is_err());
}

/// Row 41: an undo before the answer gives the field what it held in the file, not what the screen showed.
#[test]
fn an_undo_in_a_hurry_gives_back_what_the_other_wrote() {
    let (scratch, mut omar, mut mia, story) = two();
    set(&mut omar, story, "points", json!(5));
    let step = edit::set(mia.product(), &[story], field(Kind::BacklogItem, "points"), &json!(8)).unwrap();
    mia.commit(step, false).unwrap();
    mia.undo().unwrap();
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!((cell(&scratch.read(), story, "points"), scratch.read().all::<Conflict>().count()), (json!(5), 0));
    mia.redo().unwrap();
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(cell(&scratch.read(), story, "points"), json!(8));
}

/// Row 41: undo of the later value takes the conflict with it, whole, and redo brings both back.
#[test]
fn the_conflict_goes_with_the_act_that_made_it() {
    let (scratch, mut omar, mut mia, story) = two();
    set(&mut omar, story, "points", json!(5));
    set(&mut mia, story, "points", json!(8));
    mia.undo().unwrap();
    agree(&scratch, &mut omar, &mut mia);
    let now = scratch.read();
    let shelf = now.table(Kind::Conflict);
    assert!(shelf.slots().filter_map(|slot| shelf.record(slot)).all(|one| now.find(one.id()).is_none()), "no husk");
    mia.redo().unwrap();
    agree(&scratch, &mut omar, &mut mia);
    let now = scratch.read();
    let conflict = now.all::<Conflict>().next().unwrap();
    assert_eq!((cell(&now, story, "points"), &conflict.lost.0, conflict.number), (json!(8), &json!(5), 1));
}

/// Row 45: two moves that make a circle: the later line is refused and told, whoever wrote it.
#[test]
fn of_two_moves_that_make_a_circle_the_later_is_refused_and_told() {
    for key in ["parent", "depends_on"] {
        let (scratch, mut omar, mut mia, first) = two();
        let second = add(&mut omar, Kind::BacklogItem, "Second");
        agree(&scratch, &mut omar, &mut mia);
        let link = |to: Id| if key == "parent" { json!(to.to_string()) } else { json!([to.to_string()]) };
        assert!(refused(&set(&mut omar, first, key, link(second))).is_empty());
        let news = set(&mut mia, second, key, link(first));
        assert!(refused(&news).iter().any(|why| why.contains("depend on itself")), "{news:?}");
        agree(&scratch, &mut omar, &mut mia);
        let now = scratch.read();
        assert_eq!((cell(&now, first, key), cell(&now, second, key)), (link(second), Value::Null));
        assert!(whyhow::insight::broken_links::loose_links(&now).is_empty());
        assert!(mia.undo().is_err(), "what was refused is not there to be taken back");
    }
}

/// Row 46: two that were put in the same place have one order everywhere, and a third fits between them.
#[test]
fn two_at_the_same_place_have_one_order_and_a_third_fits_between() {
    let (scratch, mut omar, mut mia, first) = two();
    let one = add(&mut omar, Kind::BacklogItem, "Omar's");
    let other = add(&mut mia, Kind::BacklogItem, "Mia's");
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(cell(omar.product(), one, "rank"), cell(omar.product(), other, "rank"), "put in the same place");
    let order = |product: &Product| product.all::<BacklogItem>().map(|item| item.id).collect::<Vec<Id>>();
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    for product in [omar.product(), mia.product(), &scratch.read()] {
        assert_eq!(order(product), [first, low, high]);
    }
    let step = edit::reorder(mia.product(), Kind::BacklogItem, &[first], Place::After(low)).unwrap();
    mia.commit(step, false).unwrap();
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(order(omar.product()), [low, first, high]);
}

fn left(news: &[News]) -> Vec<&str> {
    fn cells(one: &News) -> Vec<&str> {
        if let News::Left(cells) = one { cells.iter().map(String::as_str).collect() } else { Vec::new() }
    }
    news.iter().flat_map(cells).collect()
}

/// Row 47: taken back here, edited there since: what moved stays and is named, the rest of the act goes back.
#[test]
fn undo_leaves_what_others_edited_since_and_names_it() {
    let (scratch, mut omar, mut mia, story) = two();
    let mut step = edit::set(omar.product(), &[story], field(Kind::BacklogItem, "points"), &json!(5)).unwrap();
    step.join(edit::set(omar.product(), &[story], field(Kind::BacklogItem, "assignee"), &json!("Ada")).unwrap());
    omar.commit(step, false).unwrap();
    agree(&scratch, &mut omar, &mut mia);
    set(&mut mia, story, "points", json!(8));
    // Omar has not heard of it: the writer tells.
    omar.undo().unwrap();
    let news = omar.wait_saved(LONG);
    assert_eq!(left(&news), ["the points of S1"]);
    agree(&scratch, &mut omar, &mut mia);
    let now = scratch.read();
    assert_eq!((cell(&now, story, "points"), cell(&now, story, "assignee")), (json!(8), Value::Null));
}

/// Row 47: where everything has moved since, nothing is written, and it is named all the same.
#[test]
fn undo_of_what_has_moved_altogether_writes_nothing_and_names_it() {
    let (scratch, mut omar, mut mia, story) = two();
    set(&mut omar, story, "points", json!(5));
    agree(&scratch, &mut omar, &mut mia);
    set(&mut mia, story, "points", json!(8));
    agree(&scratch, &mut omar, &mut mia);
    let lines = scratch.history().entries.len();
    assert!(omar.undo().unwrap().1.is_empty());
    assert_eq!(left(&omar.poll()), ["the points of S1"]);
    assert_eq!(scratch.history().entries.len(), lines);
    assert_eq!(cell(&scratch.read(), story, "points"), json!(8));
}

/// Row 44: an undo that leads to what somebody deleted meanwhile gives the link back as it was, and it is told as one that
/// leads nowhere; once the record is back, so is the link.
#[test]
fn undo_of_a_taken_out_link_to_what_is_gone_leads_there_again() {
    let (scratch, mut omar, mut mia, story) = two();
    let goal = add(&mut omar, Kind::Goal, "Fewer calls");
    set(&mut omar, story, "serves", goal.to_string().into());
    set(&mut omar, story, "serves", Value::Null);
    agree(&scratch, &mut omar, &mut mia);
    let step = edit::delete(mia.product(), &[goal]).unwrap();
    mia.commit(step, false).unwrap();
    agree(&scratch, &mut omar, &mut mia);
    omar.undo().unwrap();
    omar.wait_saved(LONG);
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(cell(&scratch.read(), story, "serves"), Value::from(goal.to_string()));
    assert!(!loose_links(&scratch.read()).is_empty());
    mia.undo().unwrap();
    mia.wait_saved(LONG);
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(loose_links(&scratch.read()), Vec::<String>::new());
}

/// Row 47: an undo that is refused is still there to be done, once one has looked.
#[test]
fn an_undo_that_was_refused_can_be_asked_for_again() {
    let (scratch, mut omar, mut mia, _) = two();
    let goal = add(&mut omar, Kind::Goal, "Fewer calls");
    agree(&scratch, &mut omar, &mut mia);
    set(&mut mia, goal, "title", "Far fewer calls".into());
    omar.undo().unwrap();
    let news = omar.wait_saved(LONG);
    assert!(refused(&news).iter().any(|why| why.contains("Mia")), "{news:?}");
    assert!(omar.product().get::<Goal>(goal).is_some_and(|goal| goal.title.starts_with("Far")));
    omar.undo().unwrap();
    assert!(refused(&omar.wait_saved(LONG)).is_empty());
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(scratch.read().all::<Goal>().count(), 0);
    omar.redo().unwrap();
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(scratch.read().all::<Goal>().count(), 1);
}

/// Row 31: an edit of the file is taken in once, also by who opens it after it was taken back or written over.
#[test]
fn an_edit_of_the_file_is_taken_in_once() {
    let (scratch, mut omar, mut mia, story) = two();
    drop(scratch.writer().checkpoint(false));
    // With a line end more than we write, so that no checkpoint of ours has the same bytes.
    let edited = || format!("{}\n", scratch.json().replacen("\"Story\"", "\"By hand\"", 1));
    std::fs::write(scratch.folder.product_json(), edited()).unwrap();
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(cell(omar.product(), story, "title"), json!("By hand"));
    omar.undo().unwrap();
    omar.wait_saved(LONG);
    let lines = scratch.history().entries.len();
    // Another window, opened now.
    drop(scratch.writer());
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!((cell(omar.product(), story, "title"), scratch.history().entries.len()), (json!("Story"), lines));
    // The very same edit again is a new one.
    scratch.writer().checkpoint(false).unwrap();
    std::fs::write(scratch.folder.product_json(), edited()).unwrap();
    drop(scratch.writer());
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(cell(omar.product(), story, "title"), json!("By hand"));
    set(&mut mia, story, "title", "Otherwise".into());
    drop(scratch.writer());
    agree(&scratch, &mut omar, &mut mia);
    assert_eq!(cell(&scratch.read(), story, "title"), json!("Otherwise"));
    assert_eq!(scratch.read().all::<Conflict>().count(), 0);
}

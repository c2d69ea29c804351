//! Laws of several people at one product, whatever they do in whatever order: all see the same, nothing acknowledged is
//! lost, undo takes back one's own, the order is one order.

use crate::harness::play::{Asked, Does, Move, Table, play, wanted};
use crate::harness::scratch::{Hand, founded};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use whyhow::insight::broken_links::loose_links;
use whyhow::json;
use whyhow::model::change::Change;
use whyhow::model::field::Field;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::rank::LONGEST;
use whyhow::model::role::{Owner, Role};
use whyhow::model::schema::Kind;
use whyhow::model::value::Value;
use whyhow::model::value::{Shape, element_name};
use whyhow::store::journal::{LoggedStep, OUTSIDE};
use whyhow::store::session::Session;
use whyhow::store::snapshot;

fn config(cases: u32) -> Config {
    let failure_persistence = None::<Box<FileFailurePersistence>>.map(|one| one as _);
    Config { cases, failure_persistence, max_shrink_iters: 400, ..Config::default() }
}

/// Cells that no person writes and that follow from what persons wrote; and those of which the later line stands
/// without a word.
fn follows(field: &Field) -> bool {
    let own_way = ["rank", "alive", "number", "last_numbers", "unknown", "why_rev", "confirmed", "promised_on"];
    own_way.contains(&field.key) || field.shape == Shape::Entries || field.kind == Kind::Conflict
}

/// What a list or a text consists of; nothing for a single value.
fn parts(shape: Shape, value: &Value) -> Option<Vec<Value>> {
    match shape {
        Shape::Prose => Some(value.as_str().unwrap_or_default().lines().map(Value::from).collect()),
        Shape::Labels | Shape::Links | Shape::Criteria | Shape::Tasks | Shape::Measures => {
            Some(value.as_array().cloned().unwrap_or_default())
        }
        _ => None,
    }
}

/// By what an element is known when its words or its tick change.
fn name_of(part: &Value) -> Value {
    match (part.get("id"), part.get("text").and_then(Value::as_str)) {
        (Some(id), _) => id.clone(),
        (None, Some(text)) => element_name(text).into(),
        (None, None) => part.clone(),
    }
}

/// Whether the change of a list or text from `was` to `is` can still be read in `now`: what it brought is there, and
/// each key of an element that it wrote.
fn is_joined(shape: Shape, was: &Value, is: &Value, now: &Value) -> bool {
    let (Some(was), Some(is), Some(now)) = (parts(shape, was), parts(shape, is), parts(shape, now)) else {
        return false;
    };
    is.iter().filter(|part| !was.contains(part)).all(|part| {
        let Some(there) = now.iter().find(|one| name_of(one) == name_of(part)) else { return false };
        let before = was.iter().find(|one| name_of(one) == name_of(part));
        let Some(keys) = part.as_object() else { return there == part };
        let wrote = |key: &str| before.is_none_or(|before| before.get(key) != part.get(key));
        keys.iter().all(|(key, value)| **key == *"id" || !wrote(key) || there.get(key) == Some(value))
    })
}

/// The file as it was written, step by step.
struct Story {
    entries: Vec<Arc<LoggedStep>>,
    place: HashMap<Id, usize>,
    saw: HashMap<Id, usize>,
}

impl Story {
    fn of(table: &Table) -> Story {
        let entries = table.scratch.history().entries;
        let place: HashMap<Id, usize> = entries.iter().enumerate().map(|(at, entry)| (entry.id, at)).collect();
        let mut saw = HashMap::new();
        for (at, entry) in entries.iter().enumerate() {
            // What was edited after this was taken in, was edited on a file with this in it.
            let bases = || table.outside.iter().filter_map(|id| place.get(id).copied()).filter(|base| *base < at);
            let seen = match entry.by.as_str() {
                OUTSIDE => bases().max(),
                _ => table.saw.get(&entry.id).and_then(|id| place.get(id).copied()),
            };
            if let Some(seen) = seen {
                assert_eq!(entry.seen, Some(entries[seen].id), "{:?} says what its author had seen", entry.step.label);
            }
            saw.insert(entry.id, seen.unwrap_or(0));
        }
        Story { entries, place, saw }
    }

    fn had_seen(&self, author: usize, other: usize) -> bool {
        let (author, other) = (&self.entries[author], &self.entries[other]);
        author.session == other.session || self.saw[&author.id] >= self.place[&other.id]
    }

    /// The act as it stood before this line: done first, taken back, done again.
    fn turned(&self, at: usize) -> Option<&LoggedStep> {
        let entry = &self.entries[at];
        let act = entry.undoes.or(entry.redoes)?;
        let of = |one: &&Arc<LoggedStep>| one.id == act || one.undoes == Some(act) || one.redoes == Some(act);
        self.entries[..at].iter().rev().find(of).map(|one| &**one)
    }
}

/// Tells the story of a play that fails, where LAWS_TELL is set.
struct Tell<'a>(&'a Story);

impl Drop for Tell<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() || std::env::var_os("LAWS_TELL").is_none() {
            return;
        }
        for (at, entry) in self.0.entries.iter().enumerate() {
            let turns = (entry.undoes.is_some(), entry.redoes.is_some());
            eprintln!("{at}: {} saw {}, {turns:?} {:?}", entry.by, self.0.saw[&entry.id], entry.step.label);
            for one in &entry.step.changes {
                eprintln!("      {}.{} {} → {}", one.id, one.field.key, one.from, one.to);
            }
        }
    }
}

fn same_cell(a: &Change, b: &Change) -> bool {
    a.id == b.id && a.field == b.field
}

/// Law 2, first half: what somebody asked for and was told to be saved stands in the file, as asked, or joined with
/// what the cell held, or it held it already.
fn what_was_asked_is_written(story: &Story, asked: &HashMap<String, Asked>) {
    let mut product = Product::default();
    let mut written: HashMap<&str, ()> = HashMap::new();
    for entry in &story.entries {
        let turned = entry.undoes.is_some() || entry.redoes.is_some();
        if let (false, Some(one)) = (turned, asked.get(&entry.step.label)) {
            assert_eq!(one.by, entry.by);
            assert!(written.insert(&entry.step.label, ()).is_none(), "{:?} is written once", entry.step.label);
            one.step.changes.iter().for_each(|change| is_taken(&product, entry, change));
        }
        product.apply(&entry.step).unwrap();
    }
    for (label, one) in asked {
        assert!(!one.unchanged || !written.contains_key(&**label), "{label} was not written, and is in the file");
    }
}

fn is_taken(before: &Product, entry: &LoggedStep, asked: &Change) {
    if matches!(asked.field.key, "number" | "last_numbers") {
        return;
    }
    let wrote = entry.step.changes.iter().find(|one| same_cell(one, asked));
    let now = wrote.map_or_else(|| before.value(asked.id, asked.field), |one| one.to.clone());
    let joined = now == asked.to || is_joined(asked.field.shape, &asked.from, &asked.to, &now);
    let target = asked.to.as_str().and_then(Id::parse).and_then(|id| before.find(id));
    let unlinked = wrote.is_none() && target.is_some_and(|record| !record.is_alive());
    // The settling of a conflict, and tokens, are made anew on what the file holds.
    let computed = asked.field.owner == Owner::System && follows(asked.field);
    assert!(joined || unlinked || computed, "{asked:?} was saved as {now} by {:?}", entry.step.label);
}

/// Law 2, second half: a value gives way only to somebody who had seen it or had that very value before their eyes, to
/// its own undo, or it is joined into what follows, or it is kept in a conflict record.
fn what_gives_way_was_seen_or_is_kept(story: &Story, asked: &HashMap<String, Asked>) {
    let mut last: HashMap<(Id, &str), (usize, Change)> = HashMap::new();
    for (at, entry) in story.entries.iter().enumerate() {
        for change in &entry.step.changes {
            if let Some((before, lost)) = last.get(&(change.id, change.field.key)) {
                assert_eq!(lost.to, change.from, "{:?} begins where the line before it ended", entry.step.label);
                if !follows(change.field) {
                    gives_way(story, asked, (*before, lost), (at, change));
                }
            }
        }
        deletes_only_what_was_seen(story, at);
        for change in &entry.step.changes {
            last.insert((change.id, change.field.key), (at, change.clone()));
        }
    }
}

fn gives_way(
    story: &Story,
    asked: &HashMap<String, Asked>,
    (before, lost): (usize, &Change),
    (at, won): (usize, &Change),
) {
    let entry = &story.entries[at];
    // What stood on the screen, also where it came from an own act that said what was so already.
    let eyes = || {
        let own = asked.get(&entry.step.label).and_then(|one| one.step.changes.iter().find(|one| same_cell(one, won)));
        let known = story.entries[..=story.saw[&entry.id]].iter().rev().flat_map(|entry| entry.step.changes.iter());
        own.map(|one| one.from.clone())
            .or_else(|| known.into_iter().find(|one| same_cell(one, won)).map(|one| one.to.clone()))
    };
    let kept = || {
        let cell = |key: &str, value: &Value| {
            entry
                .step
                .changes
                .iter()
                .any(|one| one.field.kind == Kind::Conflict && one.field.key == key && one.to == *value)
        };
        // Nothing is kept as nothing.
        (lost.to.is_null() || cell("lost", &lost.to))
            && cell("record", &lost.id.to_string().into())
            && cell("field", &lost.field.key.into())
    };
    let good = story.had_seen(at, before)
        || story
            .turned(at)
            .is_some_and(|own| own.step.changes.iter().any(|one| same_cell(one, won) && one.to == lost.to))
        || eyes().unwrap_or_default() == lost.to
        || is_joined(lost.field.shape, &lost.from, &lost.to, &won.to)
        // Done and taken back is nothing done, for who saw neither.
        || is_joined(lost.field.shape, &eyes().unwrap_or_default(), &lost.to, &won.to)
        || kept();
    assert!(
        good,
        "{} by {} ({:?}) is lost to {} by {} ({:?}), who had not seen it",
        lost.to, story.entries[before].by, story.entries[before].step.label, won.to, entry.by, entry.step.label
    );
}

/// A record is deleted by somebody who has seen everything that persons wrote into it.
fn deletes_only_what_was_seen(story: &Story, at: usize) {
    let entry = &story.entries[at];
    let gone = |change: &&Change| {
        change.field.key == "alive" && change.to != json!(true) && change.field.kind != Kind::Conflict
    };
    for deleted in entry.step.changes.iter().filter(gone) {
        let unseen = (0..at).filter(|place| !story.had_seen(at, *place));
        for change in unseen.flat_map(|place| story.entries[place].step.changes.iter()) {
            let about = change.id == deleted.id && change.field.owner != Owner::System && !change.field.is_head();
            assert!(!about, "{} deletes what {change:?} had been written into unseen", entry.by);
        }
    }
}

/// The value before a change; a link that comes back does not lead to what never was, by now.
fn to_the_living(product: &Product, change: &Change) -> Value {
    let lives = |one: &Value| {
        let id = one.as_str().and_then(Id::parse);
        id.and_then(|id| product.find(id)).is_some()
    };
    match (change.field.shape, &change.from) {
        (Shape::Link, one) if !lives(one) => Value::Null,
        (Shape::Links, Value::Array(all)) => {
            let living: Vec<Value> = all.iter().filter(|one| lives(one)).cloned().collect();
            if living.is_empty() { Value::Null } else { living.into() }
        }
        (_, one) => one.clone(),
    }
}

/// Law 3: an undo or a redo gives each cell of the act the value it had before, where nobody has touched it since, and
/// leaves the others as they are.
fn undo_gives_back_and_takes_nothing_else(story: &Story) {
    let mut product = Product::default();
    for (at, entry) in story.entries.iter().enumerate() {
        let before = product.clone();
        product.apply(&entry.step).unwrap();
        if entry.undoes.is_none() && entry.redoes.is_none() {
            continue;
        }
        let own = story.turned(at).unwrap_or_else(|| panic!("{:?} takes back what is not there", entry.step.label));
        let act = entry.undoes.or(entry.redoes).and_then(|act| story.place.get(&act)).map(|at| &story.entries[*at]);
        // An edit of the file itself is nobody's, so anybody may take it back.
        let by = act.map_or("nobody", |act| act.by.as_str());
        assert!(by == entry.by || by == OUTSIDE, "{} takes back an act of {by}", entry.by);
        assert_eq!(own.undoes.is_some(), entry.redoes.is_some(), "an act is done again where it was taken back");
        // A record that others built on is deleted instead of unmade.
        let kept = |id: Id| entry.step.changes.iter().any(|one| one.id == id && one.is_deletion());
        for change in own.step.changes.iter().filter(|change| !follows(change.field)) {
            let (was, is) = (before.value(change.id, change.field), product.value(change.id, change.field));
            let stays_out = change.field.key == "sprint" || change.field.key == "last_numbers";
            if was != change.to {
                assert_eq!(is, was, "{change:?} had moved, and {:?} touches it", entry.step.label);
            } else if !kept(change.id) && !stays_out {
                let back = to_the_living(&product, change);
                assert_eq!(is, back, "{change:?} is given back by the undo of {:?}", own.step.label);
            }
        }
    }
}

/// Laws 4 and 5 of one product.
fn is_sound(product: &Product) {
    assert!(product.index_is_sound());
    for kind in Kind::ALL {
        let shelf = product.table(*kind);
        let order: Vec<_> = shelf.order().iter().filter_map(|slot| shelf.record(*slot)).collect();
        let keys: Vec<_> = order.iter().map(|one| (one.rank().clone(), one.id())).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "one order by rank and id");
        assert!(keys.iter().all(|(rank, _)| rank.as_str().len() <= LONGEST), "ranks stay short");
        let mut numbers: Vec<String> = Vec::new();
        for record in shelf.slots().filter_map(|slot| shelf.record(slot)).filter(|one| product.find(one.id()).is_some())
        {
            numbers.push(record.name());
        }
        let all = numbers.len();
        numbers.sort();
        numbers.dedup();
        assert!(numbers.len() == all || *kind == Kind::VisionBoard, "a number was given twice: {numbers:?}");
    }
    for word in loose_links(product) {
        assert!(word.contains("was deleted"), "{word}");
    }
}

fn text(product: &Product) -> String {
    String::from_utf8(snapshot::to_json(product)).unwrap()
}

/// Tells which play failed, before it is made shorter.
struct Played<'a>(&'a [crate::harness::play::Move]);

impl Drop for Played<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() && std::env::var_os("LAWS_TELL").is_some() {
            eprintln!("{:#?}", self.0);
        }
    }
}

/// Plays, and judges what it left behind. Answers how many steps there are.
fn judge(moves: &[crate::harness::play::Move]) -> usize {
    let _played = Played(moves);
    let mut table = Table::laid();
    table.play(moves);
    let story = Story::of(&table);
    let _tell = Tell(&story);
    let folded = table.scratch.history().fold(None).unwrap();
    let good = text(&folded);
    for (name, shown) in table.shown() {
        assert!(text(&shown) == good, "{name} shows something else than the file holds");
        is_sound(&shown);
    }
    assert_eq!(text(&table.scratch.read()), good, "a fresh reader");
    assert_eq!(text(table.scratch.writer().product()), good, "a fresh writer");
    is_sound(&folded);
    what_was_asked_is_written(&story, &table.asked);
    what_gives_way_was_seen_or_is_kept(&story, &table.asked);
    undo_gives_back_and_takes_nothing_else(&story);
    let scratch = table.rise();
    assert_eq!(text(&scratch.read()), good, "after all have left");
    let (read, newer) = snapshot::from_json(scratch.json().as_bytes()).unwrap();
    assert!(!newer && text(&read) == good, "product.json is the product");
    story.entries.len()
}

proptest! {
    #![proptest_config(config(40))]

    /// Rows 40 to 48: whatever three people do at one product.
    #[test]
    fn whatever_people_do_all_see_the_same_and_nothing_is_lost(moves in play(40)) {
        judge(&moves);
    }
}

/// Rows 40 to 48: longer plays, for as many seconds as LAWS_SECONDS says (600).
#[test]
#[ignore = "the long version of the test above, ten minutes"]
fn whatever_people_do_all_see_the_same_and_nothing_is_lost_at_length() {
    let seconds = std::env::var("LAWS_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(600);
    let begun = Instant::now();
    let (mut plays, mut steps) = (0u32, 0usize);
    while begun.elapsed() < Duration::from_secs(seconds) {
        let mut runner = proptest::test_runner::TestRunner::new(config(20));
        let most = if plays.is_multiple_of(40) { 150 } else { 60 };
        let counted = std::cell::Cell::new(0);
        let done = runner.run(&play(most), |moves| {
            counted.set(counted.get() + judge(&moves));
            Ok(())
        });
        if let Err(why) = done {
            panic!("after {plays} plays: {why}");
        }
        plays += 20;
        steps += counted.get();
    }
    eprintln!("{plays} plays, {steps} steps, {} s", begun.elapsed().as_secs());
}

/// What persons wrote, but for goals, which are somebody else's here. Numbers that were given are not given again.
fn own_state(product: &Product) -> String {
    let mut document: Value = serde_json::from_str(&text(product)).unwrap();
    let all = document.as_object_mut().unwrap();
    all.remove(Kind::Goal.plural());
    all.insert("product", product.name().into());
    document.to_string()
}

/// Undoes and redoes at random over restarts and closed segments, while somebody else writes: each is one step and one
/// state.
fn back_and_forth(turns: usize) {
    let scratch = founded();
    let mut random = fastrand::Rng::with_seed(turns as u64);
    let begin = || Session::start(scratch.writer(), "Omar", Role::Both).0;
    let (mut other, mut mia) = (scratch.writer(), Hand::new(3, "Mia"));
    let goal = mia.added(&mut other, Kind::Goal, &[("title", "Fewer calls".into())]);
    let mut omar = begin();
    let mut states = vec![own_state(omar.product())];
    let acts = [
        Does::Add(2),
        Does::Add(3),
        Does::Points(0, 3),
        Does::Prose(0, 2, 0),
        Does::Add(4),
        Does::Criteria(1, 3, 0),
        Does::Order(0, 1, 0),
        Does::Prose(0, 0, 0),
        Does::Criteria(1, 2, 0),
        Does::Parent(0, 2),
        Does::Labels(2, 1),
        Does::Needs(1, 2),
        Does::Word(2, 0, 1),
        Does::Sprint(0, 0),
        Does::Sprint(1, 1),
        Does::Delete(0),
        Does::Points(1, 2),
    ];
    let mut hand = Hand::new(4, "Omar");
    for (n, does) in acts.iter().enumerate() {
        let step = wanted(does, omar.product(), &mut hand, n).unwrap_or_else(|| panic!("{does:?} makes no step"));
        omar.commit(step, false).unwrap();
        states.push(own_state(omar.product()));
    }
    omar.wait_saved(Duration::from_secs(30));
    let mut at = acts.len();
    for turn in 0..turns {
        if turn % 40 == 39 {
            assert!(omar.close());
            scratch.writer().checkpoint(random.bool()).unwrap();
            omar = begin();
        }
        if turn % 15 == 0 {
            other.follow().unwrap();
            mia.set(&mut other, Kind::Goal, goal, "title", format!("Fewer calls {turn}").into());
        }
        let back = at > 0 && (at == acts.len() || random.bool());
        let known = omar.history().entries().len();
        let (_, step) = if back { omar.undo() } else { omar.redo() }.unwrap();
        at = if back { at - 1 } else { at + 1 };
        assert!(!step.is_empty());
        omar.wait_saved(Duration::from_secs(30));
        let own = omar.history().entries().iter().skip(known).filter(|entry| entry.by == "Omar").count();
        assert_eq!(own, 1, "one line for turn {turn}");
        assert!(own_state(omar.product()) == states[at], "turn {turn} is at act {at}");
    }
    while at > 0 {
        omar.undo().unwrap();
        at -= 1;
    }
    assert_eq!(own_state(omar.product()), states[0]);
    assert!(omar.undo().is_err(), "the product itself stays");
    assert!(omar.close());
    assert_eq!(own_state(&scratch.read()), states[0]);
}

/// Row 95: over restarts and closed segments, with others at work.
#[test]
fn a_thousand_undos_and_redos_over_restarts_are_one_step_each() {
    back_and_forth(1000);
}

/// Row 95: ten thousand.
#[test]
#[ignore = "the long version of the test above, a minute"]
fn ten_thousand_undos_and_redos_over_restarts_are_one_step_each_at_length() {
    back_and_forth(10_000);
}

/// A redone story keeps its link to a parent that somebody deleted meanwhile: the link works again once the parent is
/// restored.
#[test]
fn a_redo_gives_back_a_link_to_what_was_deleted_meanwhile() {
    use crate::harness::play::Does::{Add, Delete, Exchange, Redo, Undo};
    let acts = [(0, Add(2)), (0, Add(2)), (1, Exchange), (1, Add(5)), (1, Undo), (0, Delete(5)), (1, Redo)];
    let moves: Vec<Move> = acts.into_iter().map(|(who, does)| Move { who, does, hastily: false }).collect();
    judge(&moves);
}

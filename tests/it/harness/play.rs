//! People at one product: two screens and a script, what each does on what it has before its eyes, and what it had seen
//! of the file when it did so. Laws are not here; they judge what a play leaves behind.

use crate::harness::scratch::{Hand, Scratch, field, founded, run_deed};
use proptest::prelude::*;
use std::collections::HashMap;
use std::time::Duration;
use whyhow::actions::edit::{self, Place};
use whyhow::json;
use whyhow::model::change::{Origin, Step};
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Conflict, Kind, Sprint};
use whyhow::model::value::Value;
use whyhow::store::session::{News, Saved, Session};
use whyhow::store::undo::UndoStack;
use whyhow::store::write_request::{WriteOutcome, WriteRequest};
use whyhow::store::writer::Writer;

/// One act, by what it is about. Small numbers, so that people meet.
#[derive(Clone, Debug)]
pub enum Does {
    Points(u8, u8),
    Word(u8, u8, u8),
    /// A line of a text is written anew, taken out, or put behind another.
    Prose(u8, u8, u8),
    /// A criterion comes, goes, is ticked or said in other words.
    Criteria(u8, u8, u8),
    Labels(u8, u8),
    Add(u8),
    Delete(u8),
    Order(u8, u8, u8),
    Parent(u8, u8),
    Needs(u8, u8),
    Serves(u8, u8),
    Undo,
    Redo,
    Choose(u8, bool),
    Sprint(u8, u8),
    /// Takes in what the writer has told by now.
    Hear,
    /// Looks for what others wrote and waits for the answer.
    Exchange,
    Checkpoint(bool),
    Leave,
    /// Somebody edits product.json in a text editor.
    Outside(u8, u8),
}

#[derive(Clone)]
pub struct Move {
    pub who: usize,
    pub does: Does,
    /// On to the next move before the answer is there.
    pub hastily: bool,
}

impl std::fmt::Debug for Move {
    /// On one line, so that a play that fails can be read.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}{}", NAMES[self.who], self.does, if self.hastily { ", hastily" } else { "" })
    }
}

fn does() -> impl Strategy<Value = Does> {
    let n = || 0..5u8;
    prop_oneof![
        6 => (n(), 0..4u8).prop_map(|(s, to)| Does::Points(s, to)),
        4 => (n(), 0..3u8, 0..3u8).prop_map(|(s, key, to)| Does::Word(s, key, to)),
        6 => (n(), 0..3u8, 0..5u8).prop_map(|(s, way, at)| Does::Prose(s, way, at)),
        6 => (n(), 0..4u8, 0..4u8).prop_map(|(s, way, at)| Does::Criteria(s, way, at)),
        3 => (n(), 0..4u8).prop_map(|(s, label)| Does::Labels(s, label)),
        5 => (0..6u8).prop_map(Does::Add),
        3 => (0..9u8).prop_map(Does::Delete),
        5 => (n(), 0..4u8, n()).prop_map(|(s, way, to)| Does::Order(s, way, to)),
        3 => (n(), n()).prop_map(|(s, on)| Does::Parent(s, on)),
        2 => (n(), n()).prop_map(|(s, on)| Does::Needs(s, on)),
        3 => (n(), n()).prop_map(|(s, on)| Does::Serves(s, on)),
        8 => Just(Does::Undo),
        5 => Just(Does::Redo),
        3 => (n(), any::<bool>()).prop_map(|(nth, lost)| Does::Choose(nth, lost)),
        5 => (0..8u8, n()).prop_map(|(way, s)| Does::Sprint(way, s)),
        2 => Just(Does::Hear),
        4 => Just(Does::Exchange),
        2 => any::<bool>().prop_map(Does::Checkpoint),
        2 => Just(Does::Leave),
        1 => (n(), 0..4u8).prop_map(|(s, way)| Does::Outside(s, way)),
    ]
}

pub fn play(most: usize) -> impl Strategy<Value = Vec<Move>> {
    // The third is a script, which always stands on the file as it is.
    let who = prop_oneof![5 => Just(0usize), 5 => Just(1usize), 1 => Just(2usize)];
    let one = (who, does(), prop::bool::weighted(0.2));
    prop::collection::vec(one.prop_map(|(who, does, hastily)| Move { who, does, hastily }), 5..most)
}

const LONG: Duration = Duration::from_secs(30);

/// A step that somebody asked for and that was shown, and the newest step of the file they had seen.
pub struct Asked {
    pub by: String,
    pub step: Step,
    pub seen: Id,
    /// The only one under way, and nothing came of it but "it is so already".
    pub unchanged: bool,
    pub refused: bool,
}

enum Seat {
    Screen(Box<Session>),
    Script(Box<Writer>, Box<UndoStack>, Hand),
}

struct Person {
    name: &'static str,
    seat: Option<Seat>,
    seen: Id,
    /// How many of the session's entries were looked through.
    read: usize,
}

pub struct Table {
    pub scratch: Scratch,
    people: Vec<Person>,
    /// By the label of the step, which is made unique.
    pub asked: HashMap<String, Asked>,
    /// For each step of the file the newest one that its author had seen.
    pub saw: HashMap<Id, Id>,
    /// What an edit of product.json was made on, oldest first.
    pub outside: Vec<Id>,
    n: usize,
}

const NAMES: [&str; 3] = ["Omar", "Mia", "Ada"];

impl Table {
    /// A product with four stories, a goal and a sprint, and everybody at it.
    pub fn laid() -> Table {
        let scratch = founded();
        let mut writer = scratch.writer();
        let mut hand = Hand::new(77, "Founder");
        for n in 0..4 {
            let criteria = json!([{"text": "first"}, {"text": "second"}]);
            let cells = [("title", format!("Story {n}").into()), ("criteria", criteria), ("story", "a\nb\nc".into())];
            hand.added(&mut writer, Kind::BacklogItem, &cells);
        }
        hand.added(&mut writer, Kind::Goal, &[("title", "Fewer calls".into())]);
        drop(writer);
        let mut table = Table {
            scratch,
            people: Vec::new(),
            asked: HashMap::new(),
            saw: HashMap::new(),
            outside: Vec::new(),
            n: 0,
        };
        for name in NAMES {
            table.people.push(Person { name, seat: None, seen: Id::default(), read: 0 });
        }
        (0..NAMES.len()).for_each(|who| table.sit_down(who));
        table
    }

    fn sit_down(&mut self, who: usize) {
        let writer = self.scratch.writer();
        let person = &mut self.people[who];
        person.seen = writer.last_step().unwrap_or_default();
        person.seat = Some(if who == 2 {
            let acts = UndoStack::of(person.name, writer.entries(), writer.folder());
            self.n += 1;
            Seat::Script(Box::new(writer), Box::new(acts), Hand::new(1000 + self.n as u64, person.name))
        } else {
            let (session, _) = Session::start(writer, person.name, Role::Both);
            person.read = session.history().entries().len();
            Seat::Screen(Box::new(session))
        });
    }

    pub fn play(&mut self, moves: &[Move]) {
        for one in moves {
            self.make(one);
        }
        self.agree();
    }

    fn make(&mut self, one: &Move) {
        match one.does {
            Does::Checkpoint(close) => self.scratch.writer().checkpoint(close).unwrap(),
            Does::Outside(nth, way) => self.edit_outside(nth, way),
            Does::Leave => self.leave(one.who),
            _ if one.who == 2 => self.script(&one.does),
            Does::Hear => self.hear(one.who, false),
            Does::Exchange => self.exchange(one.who),
            Does::Undo | Does::Redo => self.turn(one.who, matches!(one.does, Does::Undo)),
            _ => self.act(one),
        }
        for person in &self.people {
            if let Some(Seat::Screen(session)) = &person.seat {
                assert!(session.product().index_is_sound());
            }
        }
    }

    fn session(&mut self, who: usize) -> &mut Session {
        match self.people[who].seat.as_mut().unwrap() {
            Seat::Screen(session) => session,
            Seat::Script(..) => panic!("a script has no screen"),
        }
    }

    /// Steps that are new on a screen tell what it has seen by now, and which of its own acts were written.
    fn note(&mut self, who: usize, back_on: Option<Id>) {
        let past = self.session(who).history().entries();
        let person = &mut self.people[who];
        let name = person.name;
        let mut back_on = back_on;
        for entry in past.iter().skip(person.read).filter(|entry| entry.by == name) {
            let turned = entry.undoes.is_some() || entry.redoes.is_some();
            let seen = if turned { back_on.take() } else { self.asked.get(&entry.step.label).map(|one| one.seen) };
            self.saw.insert(entry.id, seen.unwrap_or_else(|| panic!("{name} never did {:?}", entry.step.label)));
        }
        person.read = past.len();
        person.seen = past.last().map_or(person.seen, |entry| entry.id);
    }

    /// Takes in what was told; with `all` also waits until every own act has its answer.
    fn hear(&mut self, who: usize, all: bool) {
        let session = self.session(who);
        let mut news = session.poll();
        if all {
            news.extend(session.wait_saved(LONG));
            assert_eq!(session.saved(), Saved::Yes);
        }
        self.note(who, None);
        self.told(who, &news, None);
    }

    fn told(&mut self, who: usize, news: &[News], label: Option<&str>) {
        let name = self.people[who].name;
        let refused = news.iter().filter(|one| matches!(one, News::Refused(_))).count();
        match label {
            Some(label) if !self.saw_label(label) => {
                let one = self.asked.get_mut(label).unwrap();
                (one.refused, one.unchanged) = (refused > 0, refused == 0);
            }
            Some(_) => assert_eq!(refused, 0, "{name} is told no and it is written all the same: {news:?}"),
            // Which of several under way was refused is not said by name.
            None => {}
        }
    }

    fn saw_label(&self, label: &str) -> bool {
        self.scratch.history().entries.iter().any(|entry| entry.step.label == label)
    }

    fn act(&mut self, one: &Move) {
        self.n += 1;
        let n = self.n;
        let (name, seen) = (self.people[one.who].name, self.people[one.who].seen);
        let session = self.session(one.who);
        let busy = session.is_busy();
        let mut hand = Hand::new(session.fresh_id().bits(), name);
        let Some(mut step) = wanted(&one.does, session.product(), &mut hand, n) else { return };
        step.label = format!("{} #{n}", step.label);
        let label = step.label.clone();
        // Refused where a rule is against it, which is as good an answer.
        let Ok(shown) = session.commit(step.clone(), false) else { return };
        if shown.is_empty() {
            return;
        }
        let asked = Asked { by: name.into(), step, seen, unchanged: false, refused: false };
        self.asked.insert(label.clone(), asked);
        if one.hastily {
            return;
        }
        let session = self.session(one.who);
        let news = session.wait_saved(LONG);
        assert_eq!(session.saved(), Saved::Yes);
        self.note(one.who, None);
        self.told(one.who, &news, (!busy).then_some(&*label));
    }

    fn turn(&mut self, who: usize, undo: bool) {
        let seen = self.people[who].seen;
        let session = self.session(who);
        let done = if undo { session.undo() } else { session.redo() };
        let news = session.wait_saved(LONG);
        assert_eq!(session.saved(), Saved::Yes);
        self.note(who, done.is_ok().then_some(seen));
        self.told(who, &news, None);
    }

    fn exchange(&mut self, who: usize) {
        // With every own act answered: what comes behind the last step from here on is somebody else's.
        self.hear(who, true);
        let last = self.scratch.history().entries.last().map(|entry| entry.id).unwrap_or_default();
        for _ in 0..3000 {
            self.hear(who, true);
            // It may be further by now: others have acts under way.
            let past = self.session(who).history().entries();
            if self.people[who].seen == last || past.iter().rev().any(|entry| entry.id == last) {
                return;
            }
            self.session(who).look();
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("{} never hears of the last step", self.people[who].name);
    }

    fn leave(&mut self, who: usize) {
        if who < 2 {
            self.hear(who, true);
        }
        match self.people[who].seat.take() {
            Some(Seat::Screen(session)) => assert!(session.close(), "everything was saved"),
            Some(Seat::Script(mut writer, ..)) => writer.checkpoint(false).unwrap(),
            None => {}
        }
        self.sit_down(who);
    }

    /// A line of a batch: on the file as it is, under the lock.
    fn script(&mut self, does: &Does) {
        self.n += 1;
        let n = self.n;
        let name = self.people[2].name;
        let Some(Seat::Script(mut writer, mut acts, mut hand)) = self.people[2].seat.take() else { return };
        let mut before = Id::default();
        if matches!(does, Does::Undo | Does::Redo) {
            writer.follow().unwrap();
            let undo = matches!(does, Does::Undo);
            let done = if undo { acts.last() } else { acts.last_undone() };
            if let Ok(done) = done {
                let mut act = hand.act(done.step.invert());
                act.way = Origin::Undo;
                if undo {
                    act.undoes = Some(done.act)
                } else {
                    act.redoes = Some(done.act)
                }
                // What it has seen is known under the lock: others have acts under way.
                let mut act = Some(act);
                let answers = writer.commit_each(&mut |staged| {
                    before = staged.last.filter(|_| act.is_some()).unwrap_or(before);
                    act.take()
                });
                match answers.unwrap().pop() {
                    Some(WriteOutcome::Saved { entry, .. }) => {
                        acts.note(&entry);
                        self.saw.insert(entry.id, before);
                    }
                    Some(WriteOutcome::Unchanged) => acts.correct(done.act, None),
                    other => assert!(matches!(other, Some(WriteOutcome::Refused(_))), "{other:?}"),
                }
            }
        } else {
            let mut asked = None;
            let answers = writer.commit_each(&mut |staged| {
                if asked.is_some() {
                    return None;
                }
                before = staged.last.unwrap_or_default();
                let mut step = wanted(does, staged.product, &mut hand, n)?;
                step.label = format!("{} #{n}", step.label);
                asked = Some(step.clone());
                Some::<WriteRequest>(hand.act(step))
            });
            if let (Some(step), Some(answer)) = (asked, answers.unwrap().pop()) {
                let (unchanged, refused) =
                    (matches!(answer, WriteOutcome::Unchanged), matches!(answer, WriteOutcome::Refused(_)));
                let one = Asked { by: name.into(), step: step.clone(), seen: before, unchanged, refused };
                self.asked.insert(step.label, one);
                if let WriteOutcome::Saved { entry, .. } = answer {
                    acts.note(&entry);
                    self.saw.insert(entry.id, before);
                }
            }
        }
        self.people[2].seat = Some(Seat::Script(writer, acts, hand));
    }

    fn edit_outside(&mut self, nth: u8, way: u8) {
        (0..2).for_each(|who| self.hear(who, true));
        let path = self.scratch.folder.product_json();
        let opened = whyhow::store::open::open(&self.scratch.folder).unwrap();
        let base = opened.snapshots.last().and_then(|(_, through)| *through).unwrap_or_default();
        let mut document: Value = serde_json::from_str(&self.scratch.json()).unwrap();
        let Some(items) = document["items"].as_array_mut().filter(|all| !all.is_empty()) else { return };
        self.n += 1;
        let count = items.len();
        let item = &mut items[usize::from(nth) % count];
        match way {
            0 => item["title"] = format!("By hand {}", self.n).into(),
            1 => item["points"] = json!(way + nth + 20),
            2 => item["notes"] = format!("{}\nby hand {}", item["notes"].as_str().unwrap_or_default(), self.n).into(),
            _ => item["labels"] = json!(["hand"]),
        }
        std::fs::write(path, serde_json::to_vec_pretty(&document).unwrap()).unwrap();
        self.outside.push(base);
    }

    /// Until all screens show what the file holds.
    pub fn agree(&mut self) {
        (0..2).for_each(|who| self.hear(who, true));
        // Takes in what was edited from outside, if nobody has yet.
        drop(self.scratch.writer());
        (0..2).for_each(|who| self.exchange(who));
        if let Some(Seat::Script(writer, ..)) = &mut self.people[2].seat {
            writer.follow().unwrap();
        }
    }

    /// What each has before its eyes.
    pub fn shown(&self) -> Vec<(&'static str, Product)> {
        let shown = |person: &Person| match person.seat.as_ref().unwrap() {
            Seat::Screen(session) => session.product().clone(),
            Seat::Script(writer, ..) => writer.product().clone(),
        };
        self.people.iter().map(|person| (person.name, shown(person))).collect()
    }

    /// Everybody goes home; all is saved.
    pub fn rise(mut self) -> Scratch {
        for person in &mut self.people {
            if let Some(Seat::Screen(session)) = person.seat.take() {
                assert!(session.close());
            }
        }
        self.scratch
    }
}

fn nth<T>(all: &[T], nth: u8) -> Option<&T> {
    all.get(usize::from(nth) % all.len().max(1))
}

/// The step that somebody wants who sees this product; nothing where it makes no sense there.
pub fn wanted(does: &Does, product: &Product, hand: &mut Hand, n: usize) -> Option<Step> {
    let stories: Vec<Id> = product.all::<BacklogItem>().map(|item| item.id).collect();
    let story = |which: u8| nth(&stories, which).copied();
    let set = |id: Id, key: &str, to: Value| edit::set(product, &[id], field(Kind::BacklogItem, key), &to).ok();
    let value = |id: Id, key: &str| product.value(id, field(Kind::BacklogItem, key));
    let step = match *does {
        Does::Points(s, to) => set(story(s)?, "points", json!(to)),
        Does::Word(s, key, to) => {
            let key = ["title", "assignee", "blocked"][usize::from(key)];
            set(story(s)?, key, format!("{key} {to}").into())
        }
        Does::Prose(s, way, at) => {
            let (id, key) = (story(s)?, if at > 3 { "notes" } else { "story" });
            let text = value(id, key);
            let mut lines: Vec<String> = text.as_str().unwrap_or_default().lines().map(String::from).collect();
            let place = usize::from(at).min(lines.len());
            match way {
                0 if place < lines.len() => lines[place] = format!("line {n}"),
                1 if place < lines.len() => drop(lines.remove(place)),
                _ => lines.insert(place, format!("line {n}")),
            }
            set(id, key, lines.join("\n").into())
        }
        Does::Criteria(s, way, at) => {
            let id = story(s)?;
            let mut all = value(id, "criteria").as_array().cloned().unwrap_or_default();
            let place = usize::from(at).min(all.len());
            match (way, all.get_mut(place)) {
                (0, Some(one)) => one["met"] = (one["met"] != json!(true)).into(),
                (1, Some(_)) => drop(all.remove(place)),
                (2, Some(one)) => {
                    let named = whyhow::model::value::element_name(one["text"].as_str().unwrap_or_default());
                    one["id"] = one.get("id").cloned().unwrap_or(named.into());
                    one["text"] = format!("criterion {n}").into();
                }
                _ => all.insert(place, json!({"text": format!("criterion {n}")})),
            }
            set(id, "criteria", all.into())
        }
        Does::Labels(s, label) => {
            let id = story(s)?;
            let mut all = value(id, "labels").as_array().cloned().unwrap_or_default();
            let label = json!(format!("l{label}"));
            match all.iter().position(|one| *one == label) {
                Some(at) => drop(all.remove(at)),
                None => all.push(label),
            }
            set(id, "labels", all.into())
        }
        Does::Add(0) => Some(hand.add(product, Kind::Goal, &[("title", format!("Goal {n}").into())]).0),
        Does::Add(1) => Some(hand.add(product, Kind::RoadmapItem, &[("title", format!("Item {n}").into())]).0),
        Does::Add(way) => {
            let mut cells = vec![("title", format!("Story {n}").into())];
            if way > 3 {
                cells.push(("parent", story(way)?.to_string().into()));
            }
            Some(hand.add(product, Kind::BacklogItem, &cells).0)
        }
        Does::Delete(which) => {
            let others = [Kind::Goal, Kind::RoadmapItem, Kind::Sprint].map(|kind| product.table(kind));
            let mut all = stories.clone();
            for shelf in others {
                all.extend(shelf.order().iter().filter_map(|slot| shelf.record(*slot)).map(|one| one.id()));
            }
            edit::delete(product, &[*nth(&all, which)?]).ok()
        }
        Does::Order(s, way, to) => {
            let place = [Place::Top, Place::Bottom, Place::Before(story(to)?), Place::After(story(to)?)];
            edit::reorder(product, Kind::BacklogItem, &[story(s)?], place[usize::from(way)]).ok()
        }
        Does::Parent(s, on) => {
            let to = if s == on { Value::Null } else { story(on)?.to_string().into() };
            set(story(s)?, "parent", to)
        }
        Does::Needs(s, on) => {
            let id = story(s)?;
            let mut all = value(id, "depends_on").as_array().cloned().unwrap_or_default();
            let on = json!(story(on)?.to_string());
            match all.iter().position(|one| *one == on) {
                Some(at) => drop(all.remove(at)),
                None => all.push(on),
            }
            set(id, "depends_on", all.into())
        }
        Does::Serves(s, on) => {
            let goals: Vec<Id> = [Kind::Goal, Kind::RoadmapItem]
                .iter()
                .flat_map(|kind| {
                    let shelf = product.table(*kind);
                    shelf.order().iter().filter_map(|slot| shelf.record(*slot)).map(|one| one.id()).collect::<Vec<_>>()
                })
                .collect();
            set(story(s)?, "serves", nth(&goals, on)?.to_string().into())
        }
        Does::Choose(which, lost) => {
            let all: Vec<_> = product.all::<Conflict>().cloned().collect();
            let conflict = nth(&all, which)?;
            let keep = if lost { "lost" } else { "won" };
            whyhow::actions::conflict::choose(product, conflict.record?, &conflict.field, keep).ok()
        }
        Does::Sprint(way, s) => sprint_act(product, way, s, &story, hand),
        _ => None,
    }?;
    (!step.is_empty()).then_some(step)
}

fn sprint_act(product: &Product, way: u8, s: u8, story: &dyn Fn(u8) -> Option<Id>, hand: &mut Hand) -> Option<Step> {
    let item = || story(s).map(|id| product.name_of(id));
    let run = |name: &str, with: Value| run_deed(product, name, with).ok();
    match way {
        0 => {
            let made = product.all::<Sprint>().len();
            let day = |n: usize| format!("2026-04-{:02}", (n % 28) + 1);
            let cells = [("goal", "Go".into()), ("start", day(made).into()), ("end", day(made).into())];
            (made < 3).then(|| hand.add(product, Kind::Sprint, &cells).0)
        }
        1 | 2 => run("sprint.plan", json!({"items": [item()?], "reason": "needed"})),
        3 => run("sprint.unplan", json!({"items": [item()?], "reason": "too much"})),
        4 => run("sprint.start", json!({})),
        5 => run("sprint.close", json!({"result": "met", "unfinished": "backlog-top"})),
        _ => {
            let to = ["to_do", "doing", "done", "dropped"][usize::from(way + s) % 4];
            run("item.status", json!({"on": item()?, "to": to, "tick": "all"}))
        }
    }
}

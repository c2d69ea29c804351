//! Two sessions on one folder: whatever is acknowledged stays, both see the same, and what met is merged or kept.

use crate::harness::scratch::{Hand, Scratch, field, founded, noon, not_here, whyhow};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::Duration;
use whyhow::actions::edit::{self, Place};
use whyhow::json;
use whyhow::model::change::{Change, Step};
use whyhow::model::id::{Id, IdSource};
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Conflict, Goal, Kind};
use whyhow::model::value::Value;
use whyhow::model::value::When;
use whyhow::store::fault_injection::lacks;
use whyhow::store::journal::LoggedStep;
use whyhow::store::session::{News, Saved, Session};
use whyhow::store::write_request::{WriteOutcome, WriteRequest};
use whyhow::store::writer::Writer;

/// A small source of chance with a seed, so that a schedule that fails can be played again.
struct Dice(IdSource);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(IdSource::new(seed, 1))
    }
    fn roll(&mut self, sides: usize) -> usize {
        (self.0.fresh(|_| false).bits() >> 20) as usize % sides
    }
}

const TITLES: [&str; 3] = ["title", "assignee", "story"];

/// A step made on what somebody saw a while ago.
fn some_step(dice: &mut Dice, hand: &mut Hand, seen: &Product) -> Option<Step> {
    let all: Vec<Id> = seen.all::<BacklogItem>().map(|item| item.id).collect();
    let one = |dice: &mut Dice| all.get(dice.roll(all.len().max(1))).copied();
    Some(match dice.roll(8) {
        0 | 1 => hand.add(seen, Kind::BacklogItem, &[("title", format!("Story {}", dice.roll(1000)).into())]).0,
        2 => edit::set(seen, &[one(dice)?], field(Kind::BacklogItem, "points"), &dice.roll(20).into()).ok()?,
        3 => edit::delete(seen, &[one(dice)?]).ok()?,
        4 => edit::reorder(seen, Kind::BacklogItem, &[one(dice)?], Place::Top).ok()?,
        5 => edit::reorder(seen, Kind::BacklogItem, &[one(dice)?], Place::After(one(dice)?)).ok()?,
        6 => edit::set(seen, &[one(dice)?], field(Kind::BacklogItem, "labels"), &json!([format!("l{}", dice.roll(5))]))
            .ok()?,
        _ => {
            let key = TITLES[dice.roll(3)];
            edit::set(seen, &[one(dice)?], field(Kind::BacklogItem, key), &format!("{key}\n{}", dice.roll(50)).into())
                .ok()?
        }
    })
}

/// Every cell that an acknowledged step wrote is as it was written, or a later line of the file wrote it with this one
/// in view, or it is kept as a conflict.
fn nothing_is_lost(scratch: &Scratch, acked: &[Arc<LoggedStep>], now: &Product) {
    let history = scratch.history();
    for entry in acked {
        let at =
            history.entries.iter().position(|one| one.id == entry.id).expect("an acknowledged step is in the file");
        assert_eq!(history.entries[at].step, entry.step);
        for change in &entry.step.changes {
            let last = history.entries.iter().skip(at).rev().flat_map(|later| later.step.changes.iter().rev());
            let last = last.into_iter().find(|c| c.id == change.id && c.field == change.field).unwrap();
            assert_eq!(
                now.value(change.id, change.field),
                last.to,
                "{:?} holds what the last line wrote",
                change.field
            );
        }
    }
    // Each line began where the line before it ended: no line was written blind over another.
    let mut product = Product::default();
    for entry in &history.entries {
        for change in &entry.step.changes {
            assert_eq!(product.value(change.id, change.field), change.from, "{:?} in {:?}", change, entry.step.label);
        }
        product.apply(&entry.step).unwrap();
    }
    assert!(product == *now, "the folded file is the product");
}

fn numbers_are_unique(scratch: &Scratch) {
    let mut given = std::collections::BTreeMap::new();
    for entry in &scratch.history().entries {
        for change in entry.step.changes.iter().filter(|change| change.field.key == "number" && !change.to.is_null()) {
            let known = given.insert((change.kind(), change.to.to_string()), change.id);
            assert!(known.is_none_or(|id| id == change.id), "the number {} was given twice", change.to);
        }
    }
}

#[test]
fn two_writers_in_any_order_lose_nothing_and_end_alike() {
    for seed in 0..12 {
        let scratch = founded();
        let mut dice = Dice::new(seed);
        let mut writers = [scratch.writer(), scratch.writer()];
        let mut hands = [Hand::new(seed * 2 + 100, "Omar"), Hand::new(seed * 2 + 101, "Mia")];
        // What each has on the screen: it may be old.
        let mut seen = [writers[0].product().clone(), writers[1].product().clone()];
        let mut acked: Vec<Arc<LoggedStep>> = Vec::new();
        for _ in 0..120 {
            let who = dice.roll(2);
            match dice.roll(12) {
                0 => writers[who].checkpoint(false).unwrap(),
                1 => writers[who].checkpoint(true).unwrap(),
                2 => {
                    writers[who].follow().unwrap();
                    seen[who] = writers[who].product().clone();
                }
                3 => writers[who] = scratch.writer(),
                _ => {
                    let group: Vec<WriteRequest> = (0..dice.roll(3) + 1)
                        .filter_map(|_| {
                            let step = some_step(&mut dice, &mut hands[who], &seen[who])?;
                            Some(hands[who].act(step))
                        })
                        .collect();
                    for answer in writers[who].commit(&group) {
                        match answer {
                            WriteOutcome::Saved { entry, .. } => acked.push(entry),
                            WriteOutcome::NotSaved(why) => panic!("not saved: {why}"),
                            WriteOutcome::Unchanged | WriteOutcome::Refused(_) => {}
                        }
                    }
                    if dice.roll(2) == 0 {
                        seen[who] = writers[who].product().clone();
                    }
                }
            }
            assert!(writers[who].product().index_is_sound());
        }
        for writer in &mut writers {
            writer.follow().unwrap();
            assert_eq!(writer.read_only(), None);
        }
        assert!(acked.len() > 50, "seed {seed} wrote something");
        assert!(writers[0].product() == writers[1].product(), "seed {seed}");
        nothing_is_lost(&scratch, &acked, writers[0].product());
        numbers_are_unique(&scratch);
        assert!(scratch.read() == *writers[0].product());
        assert!(lacks("replace") || !scratch.folder.closed_segments().is_empty());
    }
}

#[test]
fn a_draft_that_was_overtaken_by_a_closed_segment_hides_no_step() {
    if not_here("replace") {
        return;
    }
    let scratch = founded();
    let (mut ours, mut theirs) = (scratch.writer(), scratch.writer());
    let (mut omar, mut mia) = (Hand::new(1, "Omar"), Hand::new(2, "Mia"));
    for (close, follows) in [(true, true), (true, false), (false, true), (false, false)] {
        omar.added(&mut ours, Kind::Goal, &[("title", "Ours".into())]);
        // As a session's background thread does it: the draft is made, and then it takes a while.
        let draft = whyhow::store::checkpoint::draft(ours.folder(), ours.product(), ours.last_step()).unwrap();
        mia.added(&mut theirs, Kind::Goal, &[("title", "Theirs, checkpointed".into())]);
        theirs.checkpoint(true).unwrap();
        mia.added(&mut theirs, Kind::Goal, &[("title", "Theirs, later".into())]);
        if follows {
            ours.follow().unwrap();
        }
        ours.place(draft, close).unwrap();
        ours.follow().unwrap();
        theirs.follow().unwrap();
        assert!(ours.product() == theirs.product());
        assert!(scratch.read() == *ours.product(), "what opens now is what both have, close: {close}");
    }
}

fn two_on_one_story() -> (Scratch, Writer, Writer, Hand, Hand, Id) {
    let scratch = founded();
    let mut one = scratch.writer();
    let mut omar = Hand::new(1, "Omar");
    let story = omar.added(&mut one, Kind::BacklogItem, &[("title", "Story".into()), ("story", "a\nb\nc".into())]);
    let two = scratch.writer();
    (scratch, one, two, omar, Hand::new(2, "Mia"), story)
}

/// An edit made on what was on the screen, not on what is in the file by now.
fn late(writer: &mut Writer, hand: &mut Hand, seen: &Product, story: Id, key: &str, to: Value) -> WriteOutcome {
    let step = edit::set(seen, &[story], field(Kind::BacklogItem, key), &to).unwrap();
    writer.commit(&[hand.act(step)]).pop().unwrap()
}

#[test]
fn prose_written_by_two_is_merged_and_a_number_becomes_a_conflict() {
    let (scratch, mut one, mut two, mut omar, mut mia, story) = two_on_one_story();
    let seen = two.product().clone();
    omar.set(&mut one, Kind::BacklogItem, story, "story", "a, by Omar\nb\nc".into());
    omar.set(&mut one, Kind::BacklogItem, story, "points", json!(3));
    let answer = late(&mut two, &mut mia, &seen, story, "story", "a\nb\nc\nd, by Mia".into());
    assert!(matches!(answer, WriteOutcome::Saved { conflicts: 0, .. }), "{answer:?}");
    let item = two.product().get::<BacklogItem>(story).unwrap();
    assert_eq!(&*item.story, "a, by Omar\nb\nc\nd, by Mia");

    let answer = late(&mut two, &mut mia, &seen, story, "points", json!(8));
    assert!(matches!(answer, WriteOutcome::Saved { conflicts: 1, .. }), "{answer:?}");
    let conflict = two.product().all::<Conflict>().next().unwrap();
    assert_eq!((conflict.record, &*conflict.field, &*conflict.by), (Some(story), "points", "Omar"));
    assert_eq!(conflict.lost.0, json!(3));
    assert_eq!(two.product().get::<BacklogItem>(story).unwrap().points.unwrap().to_string(), "8");

    one.follow().unwrap();
    assert!(one.product() == two.product());
    let choose = crate::harness::scratch::run_deed(
        one.product(),
        "conflict.choose",
        json!({"on": "S1", "field": "points", "keep": "lost"}),
    );
    omar.saved(&mut one, choose.unwrap());
    assert_eq!(one.product().get::<BacklogItem>(story).unwrap().points.unwrap().to_string(), "3");
    assert_eq!(one.product().all::<Conflict>().count(), 0);
    assert!(scratch.read() == *one.product());
}

#[test]
fn a_conflict_is_over_when_the_winner_takes_his_act_back() {
    let (_desk, mut one, mut two, mut omar, mut mia, story) = two_on_one_story();
    let seen = two.product().clone();
    omar.set(&mut one, Kind::BacklogItem, story, "points", json!(3));
    let WriteOutcome::Saved { entry, .. } = late(&mut two, &mut mia, &seen, story, "points", json!(8)) else {
        panic!()
    };
    let mut back = mia.act(entry.step.invert());
    (back.way, back.undoes) = (whyhow::model::change::Origin::Undo, Some(entry.id));
    assert!(matches!(two.commit(&[back]).as_slice(), [WriteOutcome::Saved { .. }]));
    assert_eq!(two.product().get::<BacklogItem>(story).unwrap().points.unwrap().to_string(), "3");
    assert_eq!(two.product().all::<Conflict>().count(), 0);
}

#[test]
fn an_edit_beats_a_deletion_and_a_deletion_of_an_edited_story_stands() {
    let (_desk, mut one, mut two, mut omar, mut mia, story) = two_on_one_story();
    let seen = two.product().clone();
    omar.saved(&mut one, edit::delete(&seen, &[story]).unwrap());
    let answer = late(&mut two, &mut mia, &seen, story, "title", "Still wanted".into());
    assert!(matches!(answer, WriteOutcome::Saved { .. }), "{answer:?}");
    assert_eq!(
        two.product().all::<BacklogItem>().map(|item| item.title.to_string()).collect::<Vec<_>>(),
        ["Still wanted"]
    );
    one.follow().unwrap();
    let seen = one.product().clone();
    mia.set(&mut two, Kind::BacklogItem, story, "points", json!(2));
    omar.saved(&mut one, edit::delete(&seen, &[story]).unwrap());
    assert_eq!(one.product().all::<BacklogItem>().count(), 0);
    assert_eq!(one.product().get::<BacklogItem>(story).unwrap().points.unwrap().to_string(), "2");
}

#[test]
fn an_edit_of_what_was_taken_back_is_refused_with_its_reason() {
    let (_desk, mut one, mut two, mut omar, mut mia, _) = two_on_one_story();
    let (step, id) = omar.add(one.product(), Kind::BacklogItem, &[("title", "Fleeting".into())]);
    let WriteOutcome::Saved { entry, .. } = one.commit(&[omar.act(step)]).pop().unwrap() else { panic!() };
    two.follow().unwrap();
    let seen = two.product().clone();
    let mut back = omar.act(entry.step.invert());
    (back.way, back.undoes) = (whyhow::model::change::Origin::Undo, Some(entry.id));
    assert!(matches!(one.commit(&[back]).as_slice(), [WriteOutcome::Saved { .. }]));
    assert!(one.product().get::<BacklogItem>(id).is_none());
    let answer = late(&mut two, &mut mia, &seen, id, "points", json!(2));
    assert!(matches!(&answer, WriteOutcome::Refused(why) if why.what.contains("has been undone")), "{answer:?}");
    // Its number is not given again.
    let next = mia.added(&mut two, Kind::BacklogItem, &[("title", "Next".into())]);
    assert_eq!(two.product().get::<BacklogItem>(next).unwrap().number, 3);
}

#[test]
fn undoing_a_creation_that_others_built_on_only_deletes() {
    let (_desk, mut one, mut two, mut omar, mut mia, _) = two_on_one_story();
    let (step, goal) = omar.add(one.product(), Kind::Goal, &[("title", "Fewer calls".into())]);
    let WriteOutcome::Saved { entry, .. } = one.commit(&[omar.act(step)]).pop().unwrap() else { panic!() };
    two.follow().unwrap();
    let rule =
        mia.added(&mut two, Kind::DoneRule, &[("text", "It rings nobody".into()), ("serves", goal.to_string().into())]);
    let mut back = omar.act(entry.step.invert());
    (back.way, back.undoes) = (whyhow::model::change::Origin::Undo, Some(entry.id));
    assert!(matches!(one.commit(&[back]).as_slice(), [WriteOutcome::Saved { .. }]));
    let goal = one.product().get::<Goal>(goal).expect("a rule points at it, so it can come back");
    assert_eq!((goal.alive, &*goal.title), (whyhow::model::value::Life::Deleted, "Fewer calls"));
    assert!(one.product().find(rule).is_some());
}

const LONG: Duration = Duration::from_secs(20);

fn session(scratch: &Scratch, by: &str) -> Session {
    Session::start(scratch.writer(), by, Role::Both).0
}

fn set_by(session: &mut Session, id: Id, key: &str, to: Value) {
    let kind = session.product().find(id).unwrap().kind();
    let step = edit::set(session.product(), &[id], field(kind, key), &to).unwrap();
    session.commit(step, false).unwrap();
}

fn add_by(session: &mut Session, title: &str) -> Id {
    let (step, id) =
        Hand::new(session.fresh_id().bits(), "x").add(session.product(), Kind::BacklogItem, &[("title", title.into())]);
    session.commit(step, false).unwrap();
    id
}

/// Until both show the same, or a good while has passed.
fn agree(one: &mut Session, two: &mut Session) {
    for _ in 0..500 {
        for session in [&mut *one, &mut *two] {
            session.wait_saved(LONG);
            session.look();
            session.poll();
        }
        if one.product() == two.product() && !one.is_busy() && !two.is_busy() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the two sessions do not show the same");
}

#[test]
fn two_sessions_show_the_same_after_any_play() {
    for seed in 0..4 {
        let scratch = founded();
        let mut dice = Dice::new(seed + 50);
        let mut both = [session(&scratch, "Omar"), session(&scratch, "Mia")];
        let mut hands = [Hand::new(seed + 300, "Omar"), Hand::new(seed + 400, "Mia")];
        for _ in 0..80 {
            let who = dice.roll(2);
            match dice.roll(8) {
                0 => drop(both[who].undo()),
                1 => drop(both[who].redo()),
                2 => both[who].look(),
                3 => drop(both[who].poll()),
                _ => {
                    let seen = both[who].product().clone();
                    if let Some(step) = some_step(&mut dice, &mut hands[who], &seen) {
                        // Refused where a rule is against it, which is as good an answer.
                        let _ = both[who].commit(step, false);
                    }
                }
            }
            assert!(both[who].product().index_is_sound());
        }
        let [one, two] = &mut both;
        agree(one, two);
        assert_eq!(one.saved(), Saved::Yes);
        let shown = one.product().clone();
        assert!(scratch.read() == shown, "seed {seed}");
        nothing_is_lost(&scratch, &[], &shown);
        numbers_are_unique(&scratch);
        for session in both {
            assert!(session.close());
        }
        assert!(scratch.read() == shown && scratch.writer().is_fresh());
    }
}

#[test]
fn undo_and_redo_reach_over_a_restart_and_a_closed_segment() {
    let scratch = founded();
    let mut omar = session(&scratch, "Omar");
    let story = add_by(&mut omar, "Story");
    for points in [1, 2, 3, 5] {
        set_by(&mut omar, story, "points", json!(points));
    }
    assert!(omar.close());
    scratch.writer().checkpoint(true).unwrap();
    let points =
        |product: &Product| product.get::<BacklogItem>(story).and_then(|item| item.points).map(|p| p.to_string());
    let mut again = session(&scratch, "Omar");
    again.undo().unwrap();
    again.undo().unwrap();
    assert_eq!(points(again.product()).as_deref(), Some("2"));
    assert!(again.close());
    scratch.writer().checkpoint(true).unwrap();

    let mut third = session(&scratch, "Omar");
    third.undo().unwrap();
    assert_eq!(points(third.product()).as_deref(), Some("1"));
    third.redo().unwrap();
    assert_eq!(points(third.product()).as_deref(), Some("2"));
    // What was taken back before the segment was closed does not come up again.
    set_by(&mut third, story, "title", "Another title".into());
    third.undo().unwrap();
    third.undo().unwrap();
    assert_eq!(points(third.product()).as_deref(), Some("1"));
    third.undo().unwrap();
    assert_eq!(points(third.product()), None);
    third.undo().unwrap();
    assert!(third.product().get::<BacklogItem>(story).is_none(), "the creation too");
    assert!(third.undo().is_err(), "the product itself stays");
    assert!(third.close());
    assert!(scratch.read().get::<BacklogItem>(story).is_none());
}

#[test]
fn undo_takes_back_my_acts_and_leaves_what_others_changed_since() {
    let scratch = founded();
    let (mut omar, mut mia) = (session(&scratch, "Omar"), session(&scratch, "Mia"));
    let story = add_by(&mut omar, "Story");
    set_by(&mut omar, story, "points", json!(3));
    agree(&mut omar, &mut mia);
    set_by(&mut mia, story, "points", json!(8));
    agree(&mut omar, &mut mia);
    let (_, taken) = omar.undo().unwrap();
    assert!(taken.is_empty(), "Mia's eight stays");
    assert!(mia.undo().is_ok());
    agree(&mut omar, &mut mia);
    assert_eq!(omar.product().get::<BacklogItem>(story).unwrap().points.unwrap().to_string(), "3");
    assert!(mia.undo().is_err(), "the rest is Omar's");
    assert!(omar.close() && mia.close());
}

#[test]
fn an_edit_of_the_file_while_a_session_runs_is_told_and_u_takes_it_back() {
    let scratch = founded();
    let mut omar = session(&scratch, "Omar");
    let story = add_by(&mut omar, "Story");
    omar.wait_saved(LONG);
    assert!(omar.close());
    let mut omar = session(&scratch, "Omar");
    let edited = scratch.json().replacen("\"Story\"", "\"Edited by hand\"", 1);
    std::fs::write(scratch.folder.product_json(), edited).unwrap();
    let mut told = Vec::new();
    for _ in 0..500 {
        omar.look();
        told.extend(omar.poll());
        if told.iter().any(|news| matches!(news, News::Others(entry) if entry.by == "outside")) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let title = |session: &Session| session.product().get::<BacklogItem>(story).unwrap().title.to_string();
    assert_eq!(title(&omar), "Edited by hand");
    omar.undo().unwrap();
    assert_eq!(title(&omar), "Story");
    assert!(omar.close());
    assert_eq!(&*scratch.read().get::<BacklogItem>(story).unwrap().title, "Story");
}

#[test]
fn a_step_that_cannot_be_written_is_shown_as_not_saved_and_is_saved_later() {
    let scratch = founded();
    let mut omar = session(&scratch, "Omar");
    let (away, home) = (scratch.dir.path().join("away"), scratch.folder.0.clone());
    std::fs::rename(&home, &away).unwrap();
    let story = add_by(&mut omar, "Written while the disk was gone");
    let mut refused = false;
    for _ in 0..300 {
        omar.poll();
        refused |= matches!(omar.saved(), Saved::No(_));
        if refused {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(refused, "it says that it is not saved");
    assert!(omar.product().get::<BacklogItem>(story).is_some(), "and still shows it");
    std::fs::rename(&away, &home).unwrap();
    set_by(&mut omar, story, "points", json!(1));
    omar.wait_saved(LONG);
    assert_eq!(omar.saved(), Saved::Yes);
    assert!(omar.close());
    assert_eq!(scratch.read().get::<BacklogItem>(story).unwrap().points.unwrap().to_string(), "1");
}

/// A running batch that is fed lines without end, and what it acknowledged.
struct Running {
    child: Child,
    feeder: std::thread::JoinHandle<()>,
    ears: std::thread::JoinHandle<Vec<String>>,
}

fn batch_without_end(scratch: &Scratch, by: &str, first: usize, checkpoint: bool) -> Running {
    let mut command = whyhow(scratch.dir.path());
    command.args(["--by", by, "batch"]);
    if checkpoint {
        command.args(["--checkpoint", "5"]);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let by = by.to_string();
    let feeder = std::thread::spawn(move || {
        for n in first.. {
            let line = match n % 4 {
                0 => {
                    format!("{{\"do\":\"add\",\"kind\":\"item\",\"ref\":\"{n}\",\"set\":{{\"title\":\"{by} {n}\"}}}}\n")
                }
                1 => format!("{{\"do\":\"set\",\"on\":\"{}\",\"set\":{{\"points\":{n}}}}}\n", n - 1),
                2 => format!("{{\"do\":\"set\",\"on\":\"S1\",\"set\":{{\"notes\":\"{by} {n}\"}}}}\n"),
                _ => "{\"do\":\"undo\"}\n".to_string(),
            };
            if stdin.write_all(line.as_bytes()).is_err() {
                return;
            }
        }
    });
    let ears = std::thread::spawn(move || BufReader::new(stdout).lines().map_while(Result::ok).collect());
    Running { child, feeder, ears }
}

/// Two programs write to one product and are killed at some moment; everything they acknowledged is there.
fn killed(rounds: u64) {
    let scratch = founded();
    let mut dice = Dice::new(rounds);
    let mut acks: Vec<String> = Vec::new();
    for round in 0..rounds {
        let running: Vec<Running> = ["Omar", "Mia"]
            .into_iter()
            .map(|by| batch_without_end(&scratch, by, round as usize * 4000, dice.roll(2) == 0))
            .collect();
        let mut running = running;
        std::thread::sleep(Duration::from_millis(20 + dice.roll(120) as u64));
        let first = dice.roll(2);
        running[first].child.kill().unwrap();
        std::thread::sleep(Duration::from_millis(dice.roll(40) as u64));
        running[1 - first].child.kill().unwrap();
        for mut one in running {
            one.child.wait().unwrap();
            one.feeder.join().unwrap();
            acks.extend(one.ears.join().unwrap());
        }
        let path = scratch.dir.path().join("acks");
        std::fs::write(&path, acks.join("\n")).unwrap();
        let output =
            whyhow(scratch.dir.path()).args(["--product", "Ferry", "verify", "--acks"]).arg(&path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "round {round}: {said}");
        let (one, two) = (scratch.writer(), scratch.writer());
        assert_eq!(one.read_only(), None, "round {round}");
        assert!(one.product() == two.product() && *one.product() == scratch.read(), "round {round}");
    }
    let good = acks.iter().filter(|ack| ack.contains("\"step\"")).count();
    // How many get through before the kill is the machine's affair; that some do is what makes this a test.
    assert!(good as u64 >= rounds, "only {good} steps in {rounds} rounds");
    let busy = acks.iter().find(|ack| ack.contains("Not saved"));
    assert_eq!(busy, None, "nobody is kept waiting until it gives up");
    nothing_is_lost(&scratch, &[], &scratch.read());
    numbers_are_unique(&scratch);
}

/// Row 1: two at once, at any moment.
#[test]
fn what_two_killed_programs_acknowledged_is_there() {
    killed(20);
}

#[test]
#[ignore = "the long version of the test above, some minutes"]
fn what_two_killed_programs_acknowledged_is_there_at_length() {
    killed(200);
}

#[test]
fn a_change_of_a_record_nobody_knows_is_refused() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let step = Step {
        label: "Of nothing".into(),
        changes: vec![Change {
            id: Id::from_bits(999),
            field: field(Kind::Goal, "title"),
            from: Value::Null,
            to: "x".into(),
        }],
    };
    let answer = writer.commit(&[Hand::new(1, "Omar").act(step)]).pop().unwrap();
    assert!(matches!(answer, WriteOutcome::Refused(_)));
    assert_eq!(scratch.history().entries.len(), 1);
}

/// Row 29: the clock goes back a year in the middle: the order of steps and undo look at the file, not at the clock.
#[test]
fn a_clock_that_goes_back_reorders_nothing() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let goal = hand.added(&mut writer, Kind::Goal, &[("title", "One".into())]);
    for (title, year) in [("Two", 2027), ("Three", 2019), ("Four", 2026)] {
        let step = whyhow::actions::edit::set(
            writer.product(),
            &[goal],
            crate::harness::scratch::field(Kind::Goal, "title"),
            &title.into(),
        );
        let mut act = hand.act(step.unwrap());
        act.time = When::parse(&format!("{year}-03-02T12:00:00+01:00")).unwrap();
        assert!(matches!(writer.commit(&[act]).as_slice(), [WriteOutcome::Saved { .. }]));
    }
    assert_eq!(&*scratch.read().get::<Goal>(goal).unwrap().title, "Four");
    writer.checkpoint(true).unwrap();
    drop(writer);
    let (mut session, _) =
        whyhow::store::session::Session::start(scratch.writer(), "Omar", whyhow::model::role::Role::Both);
    session.set_clock(noon);
    for title in ["Three", "Two", "One"] {
        session.undo().unwrap();
        assert_eq!(&*session.product().get::<Goal>(goal).unwrap().title, title);
    }
    assert!(session.close());
}

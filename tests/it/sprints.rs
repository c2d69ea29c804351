//! Sprints as scripts rely on them: half a year played through the program, figures against a plain reckoning, what two
//! people do at the same moment, and laws that hold for any order of deeds.

use crate::desk::{batch, contents, noon, run_deed, whyhow};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use whyhow::insight::forecast::forecast;
use whyhow::insight::plan::{Lack, fill, plan};
use whyhow::insight::sprint::{figures, is_over};
use whyhow::insight::{done, review, velocity};
use whyhow::model::change::Step;
use whyhow::model::complete::Stamp;
use whyhow::model::fence::fence;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::rebase::{Way, rebase};
use whyhow::model::rules::{Refusal, hold};
use whyhow::model::schema::{BacklogItem, ItemStatus, Kind, RoadmapVersion, Sprint, SprintState};
use whyhow::model::value::{Amount, Day};

fn show(dir: &Path, args: &[&str]) -> Value {
    let output = whyhow(dir).arg("show").args(args).args(["--json", "--now", "2026-12-24T09:00:00Z"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn said(dir: &Path, lines: &[Value]) -> Vec<Value> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let (_, answers, said) = batch(dir, &["--product", "Ferry"], &text);
    assert_eq!(answers.len(), lines.len(), "{said}");
    answers
}

fn all_well(dir: &Path, lines: &[Value]) {
    for (line, answer) in lines.iter().zip(said(dir, lines)) {
        assert_eq!(answer["ok"], true, "{line}: {answer}");
    }
}

fn at(time: &str) -> Value {
    json!({"do": "at", "time": time, "seed": 7})
}

fn run(command: &str, with: Value) -> Value {
    json!({"do": "run", "command": command, "with": with})
}

fn story(name: &str, points: Option<i64>) -> Value {
    json!({"do": "add", "kind": "item", "ref": name, "set": {"title": name, "points": points}})
}

/// A small sprint, reckoned by hand.
#[test]
fn the_figures_and_the_burndown_of_a_sprint() {
    let dir = tempfile::tempdir().unwrap();
    let lines = [
        at("2026-03-02T08:00:00Z"),
        story("a", Some(3)),
        story("b", Some(5)),
        story("c", Some(8)),
        story("d", Some(2)),
        story("e", Some(1)),
        run(
            "sprint.new",
            json!({"goal": "Riders see the price first.", "start": "2026-03-02", "end": "2026-03-08", "capacity": 20}),
        ),
        run("sprint.plan", json!({"items": ["a", "b", "c"]})),
        run("sprint.start", json!({})),
        at("2026-03-03T10:00:00Z"),
        // The size as at the start counts, whatever it becomes.
        json!({"do": "set", "on": "a", "set": {"points": 13}}),
        run("item.status", json!({"on": "a", "to": "done"})),
        at("2026-03-04T10:00:00Z"),
        run("sprint.plan", json!({"sprint": "1", "items": ["d", "e"], "reason": "a customer waits"})),
        at("2026-03-05T10:00:00Z"),
        run("sprint.unplan", json!({"items": ["b"], "reason": "the supplier is late"})),
        run("item.status", json!({"on": "e", "to": "dropped"})),
        at("2026-03-06T10:00:00Z"),
        run("item.status", json!({"on": "d", "to": "done"})),
        at("2026-03-08T18:00:00Z"),
        run("sprint.close", json!({"result": "partly"})),
    ];
    all_well(dir.path(), &lines);
    let shown = show(dir.path(), &["sprint", "1"]);
    let figures = ["planned", "added", "removed", "completed", "carried", "dropped", "remaining"];
    assert_eq!(figures.map(|key| shown[key].as_i64().unwrap()), [16, 3, 5, 5, 8, 1, 0]);
    assert_eq!((&shown["number"], &shown["state"], &shown["result"]), (&json!(1), &json!("closed"), &json!("partly")));
    assert_eq!((&shown["start"], &shown["capacity"]), (&json!("2026-03-02"), &json!(20)));
    let rows: Vec<(i64, i64, f64)> = shown["burndown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["remaining"].as_i64().unwrap(), row["scope"].as_i64().unwrap(), row["ideal"].as_f64().unwrap()))
        .collect();
    let expected =
        [(16, 16, 16.0), (13, 16, 12.0), (16, 19, 8.0), (10, 13, 4.0), (8, 13, 0.0), (8, 13, 0.0), (8, 13, 0.0)];
    assert_eq!(rows, expected);
    assert_eq!(shown["burndown"][0]["day"], "2026-03-02");
    let backlog = show(dir.path(), &["backlog"]);
    let top = &backlog["items"][0];
    assert_eq!((&top["title"], &top["carried"], top.get("sprint")), (&json!("c"), &json!(1), None));
    let none = show(dir.path(), &["forecast"]);
    assert_eq!(
        (&none["likely"], &none["why"], &none["velocity"]),
        (&Value::Null, &json!("needs 3 sprints"), &json!([5]))
    );
    let bare = show(dir.path(), &["sprint"]);
    assert_eq!(bare, shown, "the one that ended last is the one that is meant");
}

/// What a sprint was in the script, kept beside it by the plainest means.
#[derive(Default, Clone)]
struct Reckoned {
    planned: i64,
    added: i64,
    removed: i64,
    completed: i64,
    carried: i64,
    dropped: i64,
}

/// Twelve sprints of two weeks, and what must come out. Every number is drawn from a small sum, no chance in it.
fn half_year() -> (Vec<Value>, Vec<Reckoned>) {
    let mut lines = vec![
        at("2026-01-05T08:00:00Z"),
        json!({"do": "add", "kind": "goal", "ref": "g", "set": {"title": "More riders"}}),
        json!({"do": "add", "kind": "roadmap", "ref": "r1", "set": {"title": "Price first", "serves": ["g"]}}),
        json!({"do": "add", "kind": "roadmap", "ref": "r2", "set": {"title": "Change plans", "serves": ["g"]}}),
        json!({"do": "add", "kind": "rule", "set": {"text": "Tests pass"}}),
    ];
    let mut reckoned = Vec::new();
    for n in 0i64..12 {
        let day = |plus: i64| {
            let start = Day::parse("2026-01-05").unwrap().0 + chrono::Duration::days(14 * n + plus);
            start.format("%Y-%m-%d").to_string()
        };
        let time = |plus: i64| at(&format!("{}T09:00:00Z", day(plus)));
        let mut sums = Reckoned::default();
        let size = |k: i64| (n * 5 + k * 3) % 8 + 1;
        lines.push(time(0));
        let names: Vec<String> = (0..8).map(|k| format!("s{n}-{k}")).collect();
        for (k, name) in names.iter().enumerate() {
            let why = if k % 2 == 0 { "r1" } else { "r2" };
            lines.push(json!({"do": "add", "kind": "item", "ref": name,
                "set": {"title": name, "points": size(k as i64), "serves": why}}));
        }
        let new = json!({"goal": format!("Goal {n}"), "start": day(0), "end": day(11), "capacity": 30});
        lines.push(run("sprint.new", new));
        lines.push(run("sprint.plan", json!({"items": &names[..6]})));
        sums.planned = (0..6).map(size).sum();
        lines.push(run("sprint.start", json!({})));
        lines.push(time(2));
        lines
            .push(run("sprint.plan", json!({"sprint": (n + 1).to_string(), "items": [&names[6]], "reason": "urgent"})));
        sums.added = size(6);
        for (k, name) in names.iter().enumerate().take(3) {
            lines.push(run("item.status", json!({"on": name, "to": "doing"})));
            lines.push(run("item.status", json!({"on": name, "to": "done", "tick": "all"})));
            sums.completed += size(k as i64);
        }
        lines.push(time(5));
        if n % 3 == 0 {
            lines.push(run("sprint.unplan", json!({"items": [&names[3]], "reason": "too large"})));
            sums.removed += size(3);
        } else {
            lines.push(run("item.status", json!({"on": &names[3], "to": "done", "tick": [1]})));
            sums.completed += size(3);
        }
        if n % 4 == 1 {
            lines.push(run("item.status", json!({"on": &names[4], "to": "dropped"})));
            sums.dropped += size(4);
        } else {
            sums.carried += size(4);
        }
        sums.carried += size(5) + size(6);
        lines.push(time(11));
        let unfinished =
            if n % 2 == 0 { json!("backlog-top") } else { json!({&names[5]: "in-place", &names[6]: "drop"}) };
        if n % 2 == 1 {
            sums.carried -= size(6);
            sums.dropped += size(6);
        }
        lines.push(run("sprint.close", json!({"result": "met", "unfinished": unfinished})));
        reckoned.push(sums);
    }
    (lines, reckoned)
}

#[test]
fn half_a_year_has_the_figures_of_a_plain_reckoning_and_the_same_bytes_twice() {
    let (lines, reckoned) = half_year();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    all_well(one.path(), &lines);
    all_well(two.path(), &lines);
    let named = |dir: &Path| -> BTreeMap<_, _> {
        contents(dir).into_iter().map(|(path, bytes)| (path.strip_prefix(dir).unwrap().to_path_buf(), bytes)).collect()
    };
    assert_eq!(named(one.path()), named(two.path()));
    for (n, sums) in reckoned.iter().enumerate() {
        let shown = show(one.path(), &["sprint", &(n + 1).to_string()]);
        let number = |key: &str| shown[key].as_i64().unwrap();
        assert_eq!(number("planned"), sums.planned, "sprint {}", n + 1);
        assert_eq!((number("added"), number("removed")), (sums.added, sums.removed), "sprint {}", n + 1);
        assert_eq!(
            (number("completed"), number("carried"), number("dropped")),
            (sums.completed, sums.carried, sums.dropped),
            "sprint {}",
            n + 1
        );
        let rows = shown["burndown"].as_array().unwrap();
        assert_eq!(rows.len(), 12);
        let last = rows.last().unwrap();
        let late = if n % 2 == 1 { (n as i64 * 5 + 6 * 3) % 8 + 1 } else { 0 };
        assert_eq!(
            last["remaining"].as_i64().unwrap(),
            sums.carried + late,
            "what was given up at the close was open till then"
        );
        assert_eq!((rows[0]["ideal"].as_f64(), last["ideal"].as_f64()), (Some(sums.planned as f64), Some(0.0)));
    }
    let shown = show(one.path(), &["forecast"]);
    let velocity: Vec<i64> = reckoned.iter().skip(2).map(|sums| sums.completed).collect();
    assert_eq!(shown["velocity"], json!(velocity));
    let reached = |share: usize| {
        let enough =
            |least: &&i64| velocity.iter().filter(|one| *one >= *least).count() * 100 >= share * velocity.len();
        *velocity.iter().filter(enough).max().unwrap()
    };
    assert_eq!((&shown["likely"], &shown["safe"]), (&json!(reached(50)), &json!(reached(85))));
    assert_eq!(shown["basis"], "10 sprints");
    check_forecast(one.path(), &shown, &velocity);
}

/// The chance that so many sprints are enough, exactly: every sum of sprints with its probability.
fn chance(velocity: &[i64], need: i64, sprints: usize) -> f64 {
    let mut sums = BTreeMap::from([(0i64, 1.0f64)]);
    for _ in 0..sprints {
        let mut next = BTreeMap::new();
        for (sum, share) in sums {
            for one in velocity {
                *next.entry(sum + one).or_insert(0.0) += share / velocity.len() as f64;
            }
        }
        sums = next;
    }
    sums.into_iter().filter(|(sum, _)| *sum >= need).map(|(_, share)| share).sum()
}

fn check_forecast(dir: &Path, shown: &Value, velocity: &[i64]) {
    let items = show(dir, &["backlog"])["items"].as_array().unwrap().clone();
    let open = |item: &&Value| !matches!(item["status"].as_str().unwrap(), "done" | "dropped");
    for row in shown["roadmap"].as_array().unwrap() {
        let (mut all, mut mine, mut need) = (0, 0, 0);
        for item in items.iter().filter(open) {
            all += item["points"].as_i64().unwrap();
            if item["serves"] == row["number"] {
                mine += item["points"].as_i64().unwrap();
                need = all;
            }
        }
        assert_eq!((&row["remaining"], &row["ahead"]), (&json!(mine), &json!(need - mine)));
        for (key, share) in [("likely", 0.5), ("safe", 0.85)] {
            let sprints = row[key]["sprints"].as_u64().unwrap() as usize;
            assert!(chance(velocity, need, sprints) > share - 0.02, "{row}: {sprints} sprints are not enough");
            assert!(chance(velocity, need, sprints - 1) < share + 0.02, "{row}: fewer than {sprints} do");
            // Today lies long after the last sprint: the first one begins today, each lasts as the others did.
            let day = Day::parse("2026-12-24").unwrap().0 + chrono::Duration::days(14 * sprints as i64 - 1);
            assert_eq!(row[key]["date"], day.format("%Y-%m-%d").to_string());
        }
    }
}

#[test]
fn undo_stops_at_a_fence_and_names_the_way_on() {
    let dir = tempfile::tempdir().unwrap();
    let reasons = json!({"title": "Price", "problem": "p", "outcome": "o", "measure": "m", "who": "w", "why_now": "n", "serves": ["g"], "horizon": "now"});
    all_well(
        dir.path(),
        &[
            at("2026-03-02T08:00:00Z"),
            json!({"do": "add", "kind": "goal", "ref": "g", "set": {"title": "More riders"}}),
            json!({"do": "add", "kind": "roadmap", "set": reasons}),
            story("a", Some(3)),
            run("sprint.new", json!({"goal": "Go"})),
            run("sprint.plan", json!({"items": "a"})),
            run("sprint.start", json!({})),
        ],
    );
    let undo = json!({"do": "undo"});
    let stopped = |answers: &[Value], what: &str, hint: &str| {
        let last = answers.last().unwrap();
        assert_eq!((&last["ok"], &last["error"], &last["hint"]), (&json!(false), &json!(what), &json!(hint)));
    };
    stopped(
        &said(dir.path(), std::slice::from_ref(&undo)),
        "That was starting sprint 1.",
        "sprint.cancel ends it and sprint.unplan takes stories out, as acts of their own.",
    );
    // What comes after the fence is undone, the fence is not, also not by a later run.
    all_well(
        dir.path(),
        &[at("2026-03-03T08:00:00Z"), run("item.status", json!({"on": "S1", "to": "done"})), undo.clone()],
    );
    assert_eq!(show(dir.path(), &["sprint"])["completed"], 0);
    let close = run("sprint.close", json!({"result": "not"}));
    stopped(
        &said(dir.path(), &[close, undo.clone()]),
        "That was closing sprint 1.",
        "sprint.reopen reopens it, as an act of its own.",
    );
    stopped(
        &said(dir.path(), &[run("roadmap.ratify", json!({"note": "First"})), undo.clone()]),
        "That was ratifying the roadmap, version 1.",
        "Change the roadmap and ratify it again: roadmap.ratify makes a new version.",
    );
    // The way on is an act like any other, and can be taken back.
    all_well(dir.path(), &[run("sprint.reopen", json!({"reason": "closed too early"}))]);
    assert_eq!(show(dir.path(), &["sprint"])["state"], "active");
    all_well(dir.path(), &[undo]);
    assert_eq!(show(dir.path(), &["sprint"])["state"], "closed");
}

/// A product in memory, changed as the writer changes it.
#[derive(Clone, Default)]
struct Played {
    product: Product,
    steps: u64,
}

impl Played {
    fn take(&mut self, step: &Step, way: Way) -> Result<(Step, usize), Refusal> {
        self.steps += 1;
        let stamp = Stamp { step: Id::from_bits(1 << 40 | self.steps), by: "Omar".into(), at: noon() };
        let rebased = rebase(&self.product, step, way, &stamp, &|_, _| "Mia".to_string())?;
        self.product.apply(&rebased.step).unwrap();
        if let Err(refusal) = hold(&self.product, &rebased.step) {
            self.product.apply(&rebased.step.invert()).unwrap();
            return Err(refusal);
        }
        Ok((rebased.step, rebased.conflicts))
    }

    fn add(&mut self, kind: Kind, bits: u64, set: Value) {
        let id = Id::from_bits(bits);
        let mut step = Step::new("Added");
        let cells = [("alive", json!(true)), ("rank", json!(format!("V{bits:04}")))];
        let set = set.as_object().unwrap().clone();
        for (key, value) in cells.into_iter().chain(set.iter().map(|(key, value)| (key.as_str(), value.clone()))) {
            step.changes.extend(self.product.set(id, kind.field(key).unwrap(), &value).unwrap());
        }
        self.take(&step, Way::Act).unwrap();
    }

    fn deed(&self, name: &str, with: Value) -> Result<Step, Refusal> {
        run_deed(&self.product, name, with)
    }

    fn run(&mut self, name: &str, with: Value) -> Result<Step, Refusal> {
        let step = self.deed(name, with)?;
        self.take(&step, Way::Act).map(|(step, _)| step)
    }

    fn sprint(&self, number: u32) -> &Sprint {
        self.product.all::<Sprint>().find(|sprint| sprint.number == number).unwrap()
    }

    /// Stories 1 to 6 with 1 to 6 points, and a running sprint with the first four.
    fn running() -> Played {
        let mut played = Played::default();
        played.add(Kind::VisionBoard, 100, json!({"name": "Ferry"}));
        for n in 1..=6u64 {
            played.add(Kind::BacklogItem, n, json!({"title": format!("story {n}"), "points": n}));
        }
        played.run("sprint.new", json!({"goal": "Go", "start": "2026-03-02", "end": "2026-03-13"})).unwrap();
        played.run("sprint.plan", json!({"items": ["S1", "S2", "S3", "S4"]})).unwrap();
        played.run("sprint.start", json!({})).unwrap();
        played
    }
}

#[test]
fn two_people_who_finish_stories_at_once_lose_nothing() {
    let mut played = Played::running();
    let mine = played.deed("item.status", json!({"on": "S1", "to": "done"})).unwrap();
    let theirs = played.deed("item.status", json!({"on": "S2", "to": "done"})).unwrap();
    let more = played.deed("sprint.plan", json!({"sprint": "1", "items": ["S5"], "reason": "urgent"})).unwrap();
    let (mine, _) = played.take(&mine, Way::Act).unwrap();
    let (_, conflicts) = played.take(&theirs, Way::Act).unwrap();
    played.take(&more, Way::Act).unwrap();
    assert_eq!(conflicts, 0);
    let sums = |played: &Played| {
        let now = figures(&played.sprint(1).entries, false);
        [now.completed.points, now.added.points, now.remaining.points].map(|one| one.in_hundredths() / 100)
    };
    assert_eq!(sums(&played), [3, 5, 12]);
    // Taking one's own back leaves the other's.
    played.take(&mine.invert(), Way::Back).unwrap();
    assert_eq!(sums(&played), [2, 5, 13]);
}

#[test]
fn an_act_that_a_start_or_a_close_overtook_is_refused_in_words() {
    // Somebody finishes a story while somebody else closes.
    let mut played = Played::running();
    let done = played.deed("item.status", json!({"on": "S1", "to": "done"})).unwrap();
    let close = played.deed("sprint.close", json!({"result": "met"})).unwrap();
    let mut other = played.clone();
    played.take(&close, Way::Act).unwrap();
    let before = played.sprint(1).clone();
    assert_eq!(played.take(&done, Way::Act).unwrap_err().what, "A closed sprint keeps its figures.");
    assert_eq!(*played.sprint(1), before);
    other.take(&done, Way::Act).unwrap();
    assert_eq!(other.take(&close, Way::Act).unwrap_err().what, "S1 moved while sprint 1 was being closed.");
    // Somebody selects while somebody else starts, and the other way round.
    let mut played = Played::running();
    played.run("sprint.close", json!({"result": "met", "unfinished": "drop"})).unwrap();
    played.run("sprint.new", json!({"goal": "Next"})).unwrap();
    played.run("sprint.plan", json!({"items": ["S5"]})).unwrap();
    let select = played.deed("sprint.plan", json!({"items": ["S6"]})).unwrap();
    let start = played.deed("sprint.start", json!({})).unwrap();
    let mut other = played.clone();
    played.take(&start, Way::Act).unwrap();
    assert!(played.take(&select, Way::Act).unwrap_err().what.starts_with("Sprint 2 is running, and S6 is not in it"));
    other.take(&select, Way::Act).unwrap();
    assert_eq!(other.take(&start, Way::Act).unwrap_err().what, "S6 was selected for sprint 2 in the meantime.");
}

#[test]
fn a_closed_sprint_keeps_its_figures_until_it_is_reopened() {
    let mut played = Played::running();
    let done = played.run("item.status", json!({"on": "S1", "to": "done"})).unwrap();
    played
        .run("sprint.close", json!({"result": "met", "unfinished": {"S2": "next", "S3": "in-place", "S4": "drop"}}))
        .unwrap();
    let closed = played.sprint(1).clone();
    // Taking back what the close froze.
    assert_eq!(played.take(&done.invert(), Way::Back).unwrap_err().what, "A closed sprint keeps its figures.");
    let back = played.deed("item.status", json!({"on": "S1", "to": "to_do"})).unwrap_err();
    assert_eq!(back.what, "S1 was done in sprint 1, which is closed.");
    let delete = whyhow::deeds::edit::delete(&played.product, &[closed.id]).unwrap();
    assert!(played.take(&delete, Way::Act).unwrap_err().what.contains("part of the velocity"));
    for (key, to) in [("end", json!("2026-03-20")), ("capacity", json!(3)), ("entries", Value::Null)] {
        let change = played.product.set(closed.id, Kind::Sprint.field(key).unwrap(), &to).unwrap().or_else(|| {
            let field = Kind::Sprint.field(key).unwrap();
            Some(whyhow::model::change::Change {
                id: closed.id,
                field,
                from: played.product.value(closed.id, field),
                to: json!(1),
            })
        });
        let step = Step { label: String::new(), changes: change.into_iter().collect() };
        assert!(played.take(&step, Way::Act).is_err(), "{key}");
    }
    let item = |played: &Played, n: u64| played.product.get::<BacklogItem>(Id::from_bits(n)).unwrap().clone();
    let next = played.sprint(2).clone();
    assert_eq!((item(&played, 2).sprint, item(&played, 2).carried), (Some(next.id), 1));
    assert_eq!((item(&played, 3).sprint, item(&played, 3).carried), (None, 1));
    assert_eq!((item(&played, 4).status, item(&played, 4).carried), (ItemStatus::Dropped, 0));
    assert_eq!(
        (next.start, next.end),
        (Some(Day::parse("2026-03-16").unwrap()), Some(Day::parse("2026-03-27").unwrap()))
    );
    played.run("sprint.reopen", json!({"reason": "closed too early"})).unwrap();
    let open = played.sprint(1);
    assert_eq!(figures(&open.entries, false).remaining.points, Amount::whole(9));
    assert_eq!((item(&played, 2).sprint, item(&played, 2).carried), (Some(open.id), 0));
    assert_eq!((item(&played, 4).sprint, item(&played, 4).status), (Some(open.id), ItemStatus::ToDo));
    // Closed again as it was, it has the figures it had.
    played.run("item.status", json!({"on": "S4", "to": "dropped"})).unwrap();
    played.run("sprint.close", json!({"result": "met"})).unwrap();
    let again = figures(&played.sprint(1).entries, true);
    assert_eq!((again.completed, again.carried, again.dropped), {
        let was = figures(&closed.entries, true);
        (was.completed, was.carried, was.dropped)
    });
}

#[test]
fn done_asks_the_rules_that_the_sprint_began_with() {
    let mut played = Played::running();
    played.run("sprint.close", json!({"result": "met"})).unwrap();
    for (n, text) in ["Tests pass", "Read by another"].into_iter().enumerate() {
        played.add(Kind::DoneRule, 200 + n as u64, json!({"text": text}));
    }
    played.run("sprint.new", json!({"goal": "Next"})).unwrap();
    played.run("sprint.plan", json!({"items": ["S1", "S2", "S3"]})).unwrap();
    played.run("sprint.start", json!({})).unwrap();
    played.add(Kind::DoneRule, 202, json!({"text": "The help page says it"}));
    let refused = played.deed("item.status", json!({"on": "S1", "to": "done"})).unwrap_err();
    assert_eq!(refused.what, "S1 has 2 of 2 rules to go: 1, 2.");
    // Rules are ticked on the way, and stay ticked.
    played.run("item.status", json!({"on": "S1", "to": "to_accept", "tick": [2]})).unwrap();
    let refused = played.deed("item.status", json!({"on": "S1", "to": "done"})).unwrap_err();
    assert_eq!(refused.what, "S1 has 1 of 2 rules to go: 1.");
    assert!(played.deed("item.status", json!({"on": "S1", "to": "done", "waive": {"1": " "}})).is_err());
    assert!(played.deed("item.status", json!({"on": "S1", "to": "done", "tick": [3]})).is_err());
    played.run("item.status", json!({"on": "S1", "to": "done", "waive": {"1": "hot fix"}})).unwrap();
    played.run("item.status", json!({"on": "S2", "to": "done", "tick": "all"})).unwrap();
    let item = played.product.get::<BacklogItem>(Id::from_bits(1)).unwrap();
    assert_eq!((&*item.accepted_by, item.checks.len()), ("Omar", 2));
    let field = Kind::BacklogItem.field("criteria").unwrap();
    let open = whyhow::deeds::edit::set(&played.product, &[Id::from_bits(3)], field, &json!(["Opens in two seconds"]))
        .unwrap();
    played.take(&open, Way::Act).unwrap();
    assert!(played.deed("item.status", json!({"on": "S3", "to": "done", "tick": [1, 2]})).is_err());
    played
        .run(
            "item.status",
            json!({"on": "S3", "to": "done", "tick": [1, 2], "waive": {"criteria": "measured by hand"}}),
        )
        .unwrap();
    played.run("sprint.close", json!({"result": "met"})).unwrap();
    let held = done::held(&played.product, 3);
    assert_eq!((held[0].stories, held[0].waived, held[0].percent()), (3, 1, Some(67)));
    assert_eq!((held[0].reasons.as_slice(), held[2].percent()), (&["hot fix".to_string()][..], None));
    assert_eq!(done::versions(&played.product), [(2, played.sprint(2).done_rules.clone())]);
}

#[test]
fn a_start_says_what_it_lacks() {
    let mut played = Played::default();
    played.add(Kind::VisionBoard, 100, json!({"name": "Ferry"}));
    played.add(Kind::BacklogItem, 1, json!({"title": "story", "points": 1}));
    let what = |played: &Played, name: &str, with: Value| played.deed(name, with).unwrap_err().what;
    assert_eq!(what(&played, "sprint.plan", json!({"items": ["S1"]})), "No sprint is in planning.");
    assert_eq!(what(&played, "sprint.close", json!({"result": "met"})), "No sprint is running.");
    let long = json!({"start": "2026-03-02", "end": "2026-04-30"});
    assert!(what(&played, "sprint.new", long).contains("more than a month"));
    played.run("sprint.new", json!({})).unwrap();
    assert_eq!(played.sprint(1).end, Some(Day::parse("2026-03-15").unwrap()), "two weeks from today");
    assert_eq!(what(&played, "sprint.start", json!({})), "Sprint 1 has no Sprint Goal yet.");
    assert_eq!(what(&played, "sprint.start", json!({"goal": "Go"})), "Sprint 1 has no open story.");
    played.run("sprint.plan", json!({"items": ["S1"]})).unwrap();
    played.run("sprint.new", json!({})).unwrap();
    assert!(what(&played, "sprint.start", json!({"goal": "Go"})).starts_with("sprint 1 and sprint 2 are in planning"));
    played.run("sprint.start", json!({"sprint": "1", "goal": "Go"})).unwrap();
    assert_eq!(what(&played, "sprint.start", json!({"sprint": "2", "goal": "Go"})), "Sprint 1 is running.");
    assert!(what(&played, "sprint.unplan", json!({"items": ["S1"]})).contains("asks for a reason"));
    assert!(what(&played, "sprint.cancel", json!({})).contains("asks for a reason"));
    played.run("sprint.cancel", json!({"reason": "the law changed"})).unwrap();
    assert_eq!(velocity::closed(&played.product).len(), 0, "a cancelled sprint counts for no velocity");
    assert_eq!(played.product.get::<BacklogItem>(Id::from_bits(1)).unwrap().carried, 1);
}

#[test]
fn a_plan_says_what_is_ready_what_fits_and_what_to_look_at() {
    let mut played = Played::default();
    played.add(Kind::VisionBoard, 100, json!({"name": "Ferry"}));
    played.add(Kind::Goal, 101, json!({"title": "More riders"}));
    played.add(
        Kind::RoadmapItem,
        102,
        json!({"title": "Price", "serves": [Id::from_bits(101).to_string()], "horizon": "now"}),
    );
    for (n, points) in [8i64, 13, 5, 3].into_iter().enumerate() {
        let why = Id::from_bits(if n == 3 { 101 } else { 102 }).to_string();
        let set = json!({"title": "story", "points": points, "criteria": ["it works"], "serves": why});
        played.add(Kind::BacklogItem, n as u64 + 1, set);
    }
    played.add(Kind::BacklogItem, 9, json!({"title": "bare"}));
    played.run("sprint.new", json!({"goal": "Go", "capacity": 14})).unwrap();
    let sprint = played.sprint(1).id;
    let today = Day::parse("2026-03-02").unwrap();
    let empty = plan(&played.product, Some(sprint), today);
    let sums: Vec<i64> = empty.ready.iter().map(|one| one.sum.in_hundredths() / 100).collect();
    assert_eq!(sums, [8, 21, 26, 29]);
    assert_eq!(empty.not_ready[0].lacks, [Lack::Size, Lack::Criteria, Lack::Why]);
    let fits: Vec<Id> = fill(&empty);
    assert_eq!(fits, [Id::from_bits(1), Id::from_bits(3)], "13 does not fit behind 8, 5 does");
    played.run("sprint.plan", json!({"items": ["S1", "S2", "S4"]})).unwrap();
    let full = plan(&played.product, Some(sprint), today);
    assert_eq!((full.selected.points, full.proposal), (Amount::whole(24), None));
    assert_eq!(full.warnings, ["24 of 14, 10 too many.", "3 points serve no roadmap item. Fine if you mean it."]);
    let serves: Vec<(bool, Amount)> = full.serves.iter().map(|(why, sum)| (why.is_some(), sum.points)).collect();
    assert_eq!(serves, [(true, Amount::whole(21)), (false, Amount::whole(3))]);
}

#[test]
fn capacity_is_the_likely_velocity_less_absent_days_and_a_review_walks_through_the_sprint() {
    let mut played = Played::running();
    for n in 2..=4 {
        played.run("item.status", json!({"on": format!("S{n}"), "to": "done"})).unwrap();
        played.run("sprint.close", json!({"result": "met", "unfinished": "next"})).unwrap();
        played.run("sprint.start", json!({"goal": "Go on"})).unwrap();
    }
    // 2, 3 and 4 points in three sprints.
    let sprint = played.sprint(4).clone();
    assert_eq!(sprint.capacity, Some(Amount::whole(3)), "nobody set it, so it became the proposed one");
    let set = |key: &str, to: i64| {
        whyhow::deeds::edit::set(&played.product, &[sprint.id], Kind::Sprint.field(key).unwrap(), &json!(to)).unwrap()
    };
    let steps = [set("person_days", 30), set("absent_days", 12)];
    for step in &steps {
        played.take(step, Way::Act).unwrap();
    }
    let proposal = plan(&played.product, Some(sprint.id), Day::parse("2026-03-02").unwrap()).proposal.unwrap();
    assert_eq!(
        (proposal.likely, proposal.safe, proposal.points),
        (Amount::whole(3), Amount::whole(2), Amount::whole(1))
    );
    let first = review::review(&played.product, played.sprint(1).id, noon()).unwrap();
    let titles: Vec<&str> = first.steps.iter().map(|step| step.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Goal: was it met?",
            "S2 story 2",
            "Not done: S1, S3, S4",
            "Effect on the roadmap",
            "What changes next",
            "What do we keep?",
            "What got in the way?",
            "What do we try?"
        ]
    );
}

#[test]
fn a_team_without_sprints_is_forecast_by_the_week() {
    let mut played = Played::default();
    played.add(Kind::VisionBoard, 100, json!({"name": "Ferry"}));
    played.add(Kind::RoadmapItem, 102, json!({"title": "Price"}));
    let why = Id::from_bits(102).to_string();
    // Two stories in each of three weeks, no points; four to go.
    for n in 0..6u64 {
        let day = 9 + 7 * (n / 2);
        played.add(
            Kind::BacklogItem,
            n + 1,
            json!({"title": "done", "serves": why, "status": "done", "closed": format!("2026-02-{day:02}T09:00:00Z")}),
        );
    }
    for n in 6..10u64 {
        played.add(Kind::BacklogItem, n + 1, json!({"title": "open", "serves": why}));
    }
    let seen = forecast(&played.product, Day::parse("2026-03-02").unwrap());
    assert_eq!((seen.pace.unit, seen.pace.basis()), (velocity::Unit::Stories, "3 weeks, thin".to_string()));
    let likely = seen.rows[0].likely.unwrap();
    assert_eq!((likely.periods, likely.day), (2, Day::parse("2026-03-16").unwrap()));
    let early = forecast(&played.product, Day::parse("2026-02-20").unwrap());
    assert_eq!(early.why.as_deref(), Some("needs 3 sprints"));
}

#[test]
fn a_ratified_roadmap_stays_as_it_was() {
    let mut played = Played::default();
    played.add(Kind::VisionBoard, 100, json!({"name": "Ferry"}));
    played.add(Kind::RoadmapItem, 102, json!({"title": "Price", "horizon": "next"}));
    assert!(played.deed("roadmap.ratify", json!({"note": "First"})).unwrap_err().what.contains("Nothing"));
    let now =
        played.product.set(Id::from_bits(102), Kind::RoadmapItem.field("horizon").unwrap(), &json!("now")).unwrap();
    played.take(&Step { label: String::new(), changes: now.into_iter().collect() }, Way::Act).unwrap();
    let step = played.run("roadmap.ratify", json!({"note": "First"})).unwrap();
    assert!(fence(&step).is_some());
    let version = played.product.all::<RoadmapVersion>().next().unwrap().clone();
    assert_eq!((version.number, &*version.note, &*version.by), (1, "First", "Omar"));
    assert_eq!(version.items.0[0]["title"], "Price");
    let rename = whyhow::deeds::edit::set(
        &played.product,
        &[Id::from_bits(102)],
        Kind::RoadmapItem.field("title").unwrap(),
        &json!("Later"),
    )
    .unwrap();
    played.take(&rename, Way::Act).unwrap();
    assert_eq!(played.product.all::<RoadmapVersion>().next().unwrap().items.0[0]["title"], "Price");
    let field = Kind::RoadmapVersion.field("note").unwrap();
    let change = played.product.set(version.id, field, &json!("Other")).unwrap();
    let step = Step { label: String::new(), changes: change.into_iter().collect() };
    assert!(played.take(&step, Way::Act).unwrap_err().what.contains("stays as it is"));
}

/// One act of somebody, by what it is about.
#[derive(Clone, Debug)]
enum Does {
    New,
    Plan(u8, bool),
    Unplan(u8, bool),
    Start,
    Status(u8, u8),
    Close(u8),
    Reopen,
    Cancel,
    Points(u8, u8),
    Delete(u8),
    /// The last act, or one that others have built on since: another person's stack.
    Undo(u8),
}

fn does() -> impl Strategy<Value = Does> {
    prop_oneof![
        2 => Just(Does::New),
        6 => (0..9u8, any::<bool>()).prop_map(|(n, why)| Does::Plan(n, why)),
        2 => (0..9u8, any::<bool>()).prop_map(|(n, why)| Does::Unplan(n, why)),
        4 => Just(Does::Start),
        8 => (0..9u8, 0..5u8).prop_map(|(n, to)| Does::Status(n, to)),
        3 => (0..4u8).prop_map(Does::Close),
        1 => Just(Does::Reopen),
        1 => Just(Does::Cancel),
        2 => (0..9u8, 0..14u8).prop_map(|(n, points)| Does::Points(n, points)),
        1 => (0..9u8).prop_map(Does::Delete),
        3 => prop_oneof![2 => Just(0u8), 1 => 0..9u8].prop_map(Does::Undo),
    ]
}

fn asked(played: &Played, does: &Does) -> Result<Step, Refusal> {
    let reason = |why: &bool| if *why { json!("a reason") } else { Value::Null };
    let item = |n: &u8| format!("S{}", n + 1);
    let id = |n: &u8| Id::from_bits(u64::from(*n) + 1);
    match does {
        Does::New => played.deed("sprint.new", json!({"goal": "Go"})),
        Does::Plan(n, why) => played.deed("sprint.plan", json!({"items": [item(n)], "reason": reason(why)})),
        Does::Unplan(n, why) => played.deed("sprint.unplan", json!({"items": [item(n)], "reason": reason(why)})),
        Does::Start => {
            let first = whyhow::insight::sprint::in_planning(&played.product).first().map(|one| one.number.to_string());
            played.deed("sprint.start", json!({"sprint": first}))
        }
        Does::Status(n, to) => played
            .deed("item.status", json!({"on": item(n), "to": ItemStatus::ALL[usize::from(*to)].key(), "tick": "all"})),
        Does::Close(way) => {
            let way = ["backlog-top", "in-place", "next", "drop"][usize::from(*way)];
            played.deed("sprint.close", json!({"result": "met", "unfinished": way}))
        }
        Does::Reopen => played.deed("sprint.reopen", json!({"reason": "a reason"})),
        Does::Cancel => played.deed("sprint.cancel", json!({"reason": "a reason"})),
        Does::Points(n, points) => whyhow::deeds::edit::set(
            &played.product,
            &[id(n)],
            Kind::BacklogItem.field("points").unwrap(),
            &json!(points),
        ),
        Does::Delete(n) => whyhow::deeds::edit::delete(&played.product, &[id(n)]),
        Does::Undo(_) => Ok(Step::default()),
    }
}

fn sound(played: &Played) {
    let product = &played.product;
    let running: Vec<_> = product.all::<Sprint>().filter(|one| one.state == SprintState::Active).collect();
    assert!(running.len() <= 1, "two sprints run");
    for sprint in product.all::<Sprint>() {
        let sums = figures(&sprint.entries, is_over(sprint));
        let total = |all: &[whyhow::insight::sprint::Sum]| all.iter().map(|one| one.points).sum::<Amount>();
        let came = total(&[sums.planned, sums.added]);
        let went = total(&[sums.removed, sums.dropped, sums.completed, sums.carried, sums.remaining]);
        assert_eq!(came, went, "points got lost in {:?}", sprint.entries);
        assert!(!is_over(sprint) || sums.remaining.stories == 0);
    }
    // A story is in the running sprint when the sprint's entries say so. Given up, it may keep its place or not.
    for sprint in running {
        for item in product.all::<BacklogItem>() {
            let line = |wanted: bool| sprint.entries.iter().any(|one| one.item == item.id && one.is_in() == wanted);
            let inside = item.sprint == Some(sprint.id);
            assert!(inside || !line(true), "{} left and the entries do not know", item.number);
            assert!(
                !inside || line(true) || item.status == ItemStatus::Dropped,
                "{} came and the entries do not know",
                item.number
            );
        }
    }
    assert!(product.index_is_sound());
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn whatever_people_do_no_point_gets_lost_and_what_is_closed_stays(all in prop::collection::vec(does(), 1..60)) {
        let mut played = Played::default();
        played.add(Kind::VisionBoard, 100, json!({"name": "Ferry"}));
        for n in 1..=9u64 {
            played.add(Kind::BacklogItem, n, json!({"title": "story", "points": n}));
        }
        let mut done: Vec<Step> = Vec::new();
        for one in &all {
            let before: Vec<Sprint> = played.product.all::<Sprint>().filter(|one| one.state == SprintState::Closed).map(|one| (**one).clone()).collect();
            let mut opened = matches!(one, Does::Reopen);
            if let Does::Undo(back) = one {
                let Some(at) = done.len().checked_sub(1 + usize::from(*back)) else { continue };
                // A fence is where a stack ends.
                if fence(&done[at]).is_some() { continue }
                let step = done[at].clone();
                opened = step.changes.iter().any(|change| change.kind() == Kind::Sprint && change.field.key == "state");
                if played.take(&step.invert(), Way::Back).is_ok() {
                    done.remove(at);
                }
            } else if let Ok(step) = asked(&played, one)
                && let Ok((step, _)) = played.take(&step, Way::Act)
                && !step.is_empty()
            {
                done.push(step);
            }
            sound(&played);
            for was in before.iter().filter(|_| !opened) {
                prop_assert_eq!(&**played.product.get::<Sprint>(was.id).unwrap(), was, "{:?} changed a closed sprint", one);
            }
        }
    }

    #[test]
    fn equal_figures_give_equal_forecasts_whatever_the_ids(sizes in prop::collection::vec(prop::option::of(1..14i64), 1..20), shift in 1..1_000_000u64) {
        let build = |shift: u64| {
            let mut played = Played::running();
            for n in 1..=3 {
                played.run("item.status", json!({"on": format!("S{n}"), "to": "done"})).unwrap();
                played.run("sprint.close", json!({"result": "met", "unfinished": "next"})).unwrap();
                played.run("sprint.start", json!({"goal": "Go on"})).unwrap();
            }
            let why = Id::from_bits(2000 + shift);
            played.add(Kind::RoadmapItem, why.bits(), json!({"title": "Price"}));
            for (n, points) in sizes.iter().enumerate() {
                played.add(Kind::BacklogItem, 5_000_000 + shift + n as u64, json!({"title": "open", "points": points, "serves": why.to_string()}));
            }
            let seen = forecast(&played.product, Day::parse("2026-03-02").unwrap());
            (seen.pace, seen.rows.iter().map(|row| (row.remaining, row.unsized_items, row.likely, row.safe)).collect::<Vec<_>>())
        };
        let one = build(0);
        let (likely, safe) = (one.1[0].2.unwrap(), one.1[0].3.unwrap());
        prop_assert!(likely.periods <= safe.periods && likely.day <= safe.day);
        prop_assert_eq!(one, build(shift));
    }
}

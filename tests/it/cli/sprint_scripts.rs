//! Sprints as scripts rely on them: half a year played through the program, its figures against a plain reckoning, and
//! where undo stops.

use crate::harness::scratch::{batch, contents, whyhow};
use std::collections::BTreeMap;
use std::path::Path;
use whyhow::json;
use whyhow::model::value::Day;
use whyhow::model::value::Value;

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
        [(16, 16, 16.0), (13, 16, 12.0), (16, 19, 8.0), (10, 13, 2.75), (8, 13, 0.0), (8, 13, 0.0), (8, 13, 0.0)];
    assert_eq!(rows, expected);
    assert_eq!(shown["burndown"][0]["day"], "2026-03-02");
    let backlog = show(dir.path(), &["backlog"]);
    let top = &backlog["items"][0];
    assert_eq!((&top["title"], &top["carried"], top.get("sprint")), (&json!("c"), &json!(1), None));
    let none = show(dir.path(), &["forecast"]);
    assert_eq!(
        (&none["likely"], &none["why"], &none["velocity"]),
        (&Value::Null, &json!("needs 3 closed sprints"), &json!([5]))
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
        let hint =
            format!("{hint} What came before it can be taken back one change at a time in the history (go.history).");
        assert_eq!((&last["ok"], &last["error"], &last["hint"]), (&json!(false), &json!(what), &json!(hint)));
    };
    stopped(
        &said(dir.path(), std::slice::from_ref(&undo)),
        "Undo stops at “Started sprint 1”.",
        "sprint.cancel ends it, and sprint.unplan takes stories out.",
    );
    // What comes after the fence is undone, the fence is not, also not by a later run.
    all_well(
        dir.path(),
        &[at("2026-03-03T08:00:00Z"), run("item.status", json!({"on": "S1", "to": "done"})), undo.clone()],
    );
    assert_eq!(show(dir.path(), &["sprint"])["completed"], 0);
    let close = run("sprint.close", json!({"result": "not"}));
    stopped(&said(dir.path(), &[close, undo.clone()]), "Undo stops at “Closed sprint 1”.", "sprint.reopen reopens it.");
    stopped(
        &said(dir.path(), &[run("roadmap.ratify", json!({"note": "First"})), undo.clone()]),
        "Undo stops at “Ratified the roadmap, version 1”.",
        "Change the roadmap and ratify it again, which stores a new version (roadmap.ratify).",
    );
    // The way on is an act like any other, and can be taken back.
    all_well(dir.path(), &[run("sprint.reopen", json!({"reason": "closed too early"}))]);
    assert_eq!(show(dir.path(), &["sprint"])["state"], "active");
    all_well(dir.path(), &[undo]);
    assert_eq!(show(dir.path(), &["sprint"])["state"], "closed");
}

/// A plain simulation beside the program's: each run walks sprint by sprint, each story without points takes a size drawn
/// from what was done. Gives how many sprints are enough for a share of the runs.
fn simulated(velocity: &[i64], sizes: &[i64], (need, unsized_items): (i64, i64), share: f64) -> usize {
    let mut random = fastrand::Rng::with_seed(99);
    let mut runs: Vec<usize> = (0..4000)
        .map(|_| {
            let guessed: i64 = (0..unsized_items).map(|_| sizes[random.usize(..sizes.len())]).sum();
            let (mut left, mut sprints) = (need + guessed, 0);
            while left > 0 {
                left -= velocity[random.usize(..velocity.len())];
                sprints += 1;
            }
            sprints
        })
        .collect();
    runs.sort_unstable();
    runs[((runs.len() as f64 * share).ceil() as usize).saturating_sub(1)]
}

#[test]
fn a_cancelled_sprint_and_a_rest_without_points_are_forecast_as_a_plain_simulation_says() {
    let (mut lines, reckoned) = half_year();
    lines.push(at("2026-06-22T09:00:00Z"));
    for n in 3..=8 {
        lines.push(
            json!({"do": "add", "kind": "roadmap", "ref": format!("r{n}"), "set": {"title": format!("Item {n}"), "serves": ["g"]}}),
        );
    }
    for n in 0..204i64 {
        let points = if n % 5 == 0 { Value::Null } else { json!(n % 8 + 1) };
        lines.push(json!({"do": "add", "kind": "item", "ref": format!("m{n}"),
            "set": {"title": format!("Later {n}"), "points": points, "serves": format!("r{}", n % 6 + 3)}}));
    }
    lines.push(run("sprint.new", json!({"goal": "Lost its sense", "start": "2026-06-22", "end": "2026-07-03"})));
    lines.push(run("sprint.plan", json!({"items": ["m1", "m2"]})));
    lines.push(run("sprint.start", json!({})));
    lines.push(at("2026-06-24T09:00:00Z"));
    lines.push(run("sprint.cancel", json!({"reason": "The rival did it first."})));
    let dir = tempfile::tempdir().unwrap();
    all_well(dir.path(), &lines);
    assert_eq!(show(dir.path(), &["sprint", "13"])["state"], "cancelled");
    let items = show(dir.path(), &["backlog"])["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 300);
    let shown = show(dir.path(), &["forecast"]);
    let velocity: Vec<i64> = reckoned.iter().skip(2).map(|sums| sums.completed).collect();
    assert_eq!(shown["velocity"], json!(velocity), "a cancelled sprint has no velocity");
    let open = |item: &&Value| !matches!(item["status"].as_str().unwrap(), "done" | "dropped");
    let sizes: Vec<i64> =
        items.iter().filter(|item| item["status"] == "done").filter_map(|item| item["points"].as_i64()).collect();
    assert_eq!(shown["roadmap"].as_array().unwrap().len(), 8);
    for row in shown["roadmap"].as_array().unwrap() {
        let (mut all, mut mine, mut need) = ((0, 0), (0, 0), (0, 0));
        for item in items.iter().filter(open) {
            let one = item["points"].as_i64().map_or((0, 1), |points| (points, 0));
            all = (all.0 + one.0, all.1 + one.1);
            if item["serves"] == row["number"] {
                mine = (mine.0 + one.0, mine.1 + one.1);
                need = all;
            }
        }
        assert_eq!((&row["remaining"], &row["unsized"]), (&json!(mine.0), &json!(mine.1)), "{row}");
        for (key, share) in [("likely", 0.5), ("safe", 0.85)] {
            let plain = simulated(&velocity, &sizes, need, share) as i64;
            let ours = row[key]["sprints"].as_i64().unwrap();
            assert!((ours - plain).abs() <= 1, "{key} of {row}: {plain} by the plain way");
        }
    }
}

/// A review that was held does not open again: what is written down after the close came too late for it.
#[test]
fn a_voice_after_the_close_is_no_part_of_that_review() {
    let dir = tempfile::tempdir().unwrap();
    let voice = |quote: &str| json!({"do": "add", "kind": "feedback", "set": {"quote": quote, "date": "2026-03-04"}});
    all_well(
        dir.path(),
        &[
            at("2026-03-02T08:00:00Z"),
            story("a", Some(3)),
            run("sprint.new", json!({"goal": "Go", "start": "2026-03-02", "end": "2026-03-06", "capacity": 20})),
            run("sprint.plan", json!({"items": ["a"]})),
            run("sprint.start", json!({})),
            at("2026-03-04T09:00:00Z"),
            voice("early"),
            at("2026-03-04T10:00:00Z"),
            run("sprint.close", json!({"result": "met", "unfinished": "drop"})),
            at("2026-03-04T11:00:00Z"),
            voice("late"),
            voice("later"),
        ],
    );
    let review = show(dir.path(), &["review", "1"]);
    let steps = review["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["about"] == "voices").unwrap();
    assert_eq!((&step["title"], &step["items"]), (&json!("Feedback: 1"), &json!(["F1"])));
}

#[test]
fn a_promise_that_was_kept_is_told_as_kept() {
    let dir = tempfile::tempdir().unwrap();
    let item = json!({"do": "add", "kind": "roadmap", "ref": "r", "set": {"title": "No waiting", "horizon": "later",
        "promised": "2026-03-31", "promised_to": "Anna"}});
    let story = json!({"do": "add", "kind": "item", "ref": "a", "set": {"title": "a", "serves": "r"}});
    all_well(
        dir.path(),
        &[
            at("2026-03-02T08:00:00Z"),
            item,
            story,
            run("sprint.new", json!({"goal": "Go", "start": "2026-03-02", "end": "2026-03-06", "capacity": 20})),
            run("sprint.plan", json!({"items": ["a"]})),
            run("sprint.start", json!({})),
            at("2026-03-04T09:00:00Z"),
            run("item.status", json!({"on": "a", "to": "done"})),
        ],
    );
    let promise = show(dir.path(), &["forecast"])["roadmap"][0]["promise"].clone();
    let wanted = json!({"date": "2026-03-31", "to": "Anna", "made": "2026-03-02", "holds": true, "spare": 27,
        "finished": "2026-03-04"});
    assert_eq!(promise, wanted);
    let page = whyhow(dir.path())
        .args(["export", "--to", "markdown", "--view", "review", "--now", "2026-03-05T09:00:00Z"])
        .output()
        .unwrap();
    let page = String::from_utf8(page.stdout).unwrap();
    let words = "all stories are done (4 Mar), before the promise of 31 Mar to Anna";
    assert!(page.contains(words) && !page.contains("cannot be checked"), "{page}");
}

//! A sprint has one set of figures: what the board, the sheet that closes it, the review and the command line say of it is
//! the same to the digit.

use crate::harness::load::load;
use crate::harness::scratch::whyhow;
use crate::harness::stage::{Stage, open};
use whyhow::insight::burndown::pulse;
use whyhow::insight::sprint::{figures, running};
use whyhow::model::role::Role;
use whyhow::model::value::Value;
use whyhow::model::value::When;
use whyhow::tui::term::theme::Theme;

const NOW: &str = "2026-12-01T10:00:00+01:00";

fn tuesday() -> When {
    When::parse(NOW).unwrap()
}

fn show(stage: &mut Stage, args: &[&str]) -> String {
    stage.settle();
    let mut command = whyhow(stage.data.path());
    let output = command.args(["--product", "Bike Doctor", "show"]).args(args).args(["--now", NOW]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is read of a sprint: done of all, planned and added, and the day.
#[derive(PartialEq, Debug, Clone)]
struct Told {
    done: String,
    scope: String,
    day: String,
}

/// The texts as they follow from the JSON of a view.
fn of_json(json: &Value, in_points: bool) -> Told {
    let stories = &json["stories"];
    let sum = |key: &str| if in_points { &json[key] } else { &stories[key] };
    let unsized_items = json["unsized"].as_u64().unwrap();
    let unsized_words =
        if in_points && unsized_items > 0 { format!(", {unsized_items} unsized") } else { String::new() };
    let of_stories = format!("{} of {} stories{unsized_words}", stories["completed"], stories["scope"]);
    let done = match in_points {
        true => format!("{} of {} points, {of_stories}", json["completed"], json["scope"]),
        false => of_stories,
    };
    let left = if in_points {
        json["removed"].as_f64().unwrap() + json["dropped"].as_f64().unwrap()
    } else {
        (stories["removed"].as_u64().unwrap() + stories["dropped"].as_u64().unwrap()) as f64
    };
    let left = if left > 0.0 { format!(" -{left}") } else { String::new() };
    Told {
        done,
        scope: format!("{} planned, +{}{left} since the start", sum("planned"), sum("added")),
        day: format!("day {} of {}", json["day"], json["days"]),
    }
}

/// Every place says the same of the running sprint.
fn all_agree(lines: &str, in_points: bool) -> Told {
    let mut stage = Stage::of("running-sprint.jsonl", tuesday, 120, 35, Role::Po);
    assert!(stage.app.take().unwrap().session.close());
    load(stage.data.path(), "Bike Doctor", lines);
    stage.app = Some(open(stage.data.path(), Role::Po, 120, 35, Theme::plain()));
    stage.app().session.set_clock(tuesday);
    stage.keys("5<esc>").settle();

    let json: Value = serde_json::from_str(&show(&mut stage, &["review", "--json"])).unwrap();
    let told = of_json(&json, in_points);
    let board: Value = serde_json::from_str(&show(&mut stage, &["board", "--json"])).unwrap();
    assert_eq!(of_json(&board, in_points), told, "show board --json");

    let text = show(&mut stage, &["review"]);
    for words in [&told.done, &told.scope, &told.day] {
        assert!(text.contains(words.as_str()), "show review: {words:?}\n{text}");
    }

    let product = stage.app().session.product();
    let sprint = running(product).unwrap();
    let (now, sums) = (pulse(sprint, &sprint.entries, tuesday().day()), figures(&sprint.entries, false));
    assert_eq!(now.day_words(), told.day, "the pulse");
    assert_eq!((now.stories_done, now.stories_left), (sums.completed.stories, sums.remaining.stories));
    let counted = |sum: whyhow::insight::sprint::Sum| match now.sized {
        true => sum.points,
        false => whyhow::model::value::Amount::whole(i64::from(sum.stories)),
    };
    assert_eq!((now.done, now.left), (counted(sums.completed), counted(sums.remaining)));

    let screen = stage.keys("j").screen();
    let progress = told.done.split(", ").next().unwrap();
    assert!(screen.contains(&format!("{progress} done")), "the board: {progress:?}\n{screen}");
    assert!(screen.contains(&told.day), "the board\n{screen}");
    let screen = stage.keys("t").screen();
    for words in [&told.scope, &told.day] {
        assert!(screen.contains(words.as_str()), "the burndown: {words:?}\n{screen}");
    }

    let screen = stage.keys("tt Sc").screen();
    for words in [&told.done, &told.scope, &told.day] {
        assert!(screen.contains(words.as_str()), "the close sheet: {words:?}\n{screen}");
    }

    let screen = stage.keys("<esc>6").screen();
    // The narrow list breaks its lines.
    let list: Vec<String> = screen.lines().map(|line| line.chars().skip(1).take(43).collect::<String>()).collect();
    let list = list.iter().flat_map(|line| line.split_whitespace()).collect::<Vec<_>>().join(" ");
    assert!(list.contains(&told.scope) && list.contains(&told.day), "the review\n{list}");
    assert!(screen.contains(&told.done), "the review\n{screen}");
    let is_in_points = list.contains("Points ");
    assert_eq!(is_in_points, in_points, "the review counts what the board counts\n{list}");
    told
}

#[test]
fn the_figures_of_a_sprint_are_the_same_wherever_they_stand() {
    let told = all_agree(
        concat!(
            r#"{"do": "at", "time": "2026-12-01T09:00:00+01:00", "seed": 7}"#,
            "\n",
            r#"{"do": "as", "role": "po", "by": "Omar"}"#,
            "\n",
            r#"{"do": "add", "kind": "item", "ref": "n1", "set": {"title": "Not sized yet"}}"#,
            "\n",
            r#"{"do": "run", "command": "sprint.plan", "with": {"items": ["n1"], "sprint": "sprint 4", "reason": "asked for"}}"#,
            "\n",
            r#"{"do": "run", "command": "sprint.unplan", "with": {"items": ["S14"], "reason": "later"}}"#
        ),
        true,
    );
    assert_eq!(told.done, "12 of 24 points, 3 of 7 stories, 1 unsized");
    assert_eq!(told.scope, "25 planned, +2 -3 since the start");
    assert_eq!(told.day, "day 7 of 10");
}

#[test]
fn a_sprint_without_points_is_counted_in_stories_everywhere() {
    let told = all_agree(
        concat!(
            r#"{"do": "at", "time": "2026-12-01T09:00:00+01:00", "seed": 7}"#,
            "\n",
            r#"{"do": "as", "role": "po", "by": "Omar"}"#,
            "\n",
            r#"{"do": "run", "command": "sprint.close", "with": {"result": "met"}}"#,
            "\n",
            r#"{"do": "add", "kind": "item", "ref": "n1", "set": {"title": "One", "serves": "R1"}}"#,
            "\n",
            r#"{"do": "add", "kind": "item", "ref": "n2", "set": {"title": "Two", "serves": "R1"}}"#,
            "\n",
            r#"{"do": "add", "kind": "item", "ref": "n3", "set": {"title": "Three", "serves": "R1"}}"#,
            "\n",
            r#"{"do": "run", "command": "sprint.new", "with": {"goal": "No points at all.", "start": "2026-12-01", "end": "2026-12-11"}}"#,
            "\n",
            r#"{"do": "run", "command": "sprint.plan", "with": {"items": ["n1", "n2"], "sprint": "sprint 6"}}"#,
            "\n",
            r#"{"do": "run", "command": "sprint.start", "with": {"sprint": "sprint 6"}}"#,
            "\n",
            r#"{"do": "run", "command": "sprint.plan", "with": {"items": ["n3"], "sprint": "sprint 6", "reason": "asked for"}}"#,
            "\n",
            r#"{"do": "run", "command": "item.status", "with": {"on": "n1", "to": "done", "tick": "all"}}"#
        ),
        false,
    );
    assert_eq!(told.done, "1 of 3 stories");
    assert_eq!(told.scope, "2 planned, +1 since the start");
}

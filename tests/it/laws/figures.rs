//! The figures of a sprint, reckoned a second time from what people did, without the entries that whyhow keeps: they have
//! to be the same on every surface, for whatever people do on whatever day.

use crate::harness::scratch::whyhow;
use crate::harness::stage::{open, text};
use proptest::prelude::*;
use proptest::test_runner::Config;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::Path;
use whyhow::cli::batch::play;
use whyhow::cli::invocation::{GlobalArgs, Invocation};
use whyhow::config::Places;
use whyhow::insight::burndown::pulse;
use whyhow::insight::review_text::done_of;
use whyhow::insight::sprint::{Unit, burndown, figures, running};
use whyhow::insight::velocity::{closed, velocity};
use whyhow::json;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::Sprint;
use whyhow::model::value::Value;
use whyhow::model::value::{Amount, Day, When};
use whyhow::store::products::Data;
use whyhow::tui::term::theme::Theme;

/// A Monday. The sprint takes two weeks.
const FIRST: &str = "2026-03-02";
const STORIES: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    NextDay,
    Done(usize),
    Doing(usize),
    Drop(usize),
    Size(usize, i64),
    Add(usize),
    Remove(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let story = || 0..STORIES;
    prop_oneof![
        6 => Just(Act::NextDay),
        6 => story().prop_map(Act::Done),
        3 => story().prop_map(Act::Doing),
        1 => story().prop_map(Act::Drop),
        4 => (story(), 1..14i64).prop_map(|(story, points)| Act::Size(story, points)),
        2 => story().prop_map(Act::Add),
        2 => story().prop_map(Act::Remove),
    ]
}

/// A story's time in the sprint, in days from the first one.
#[derive(Clone, Debug)]
struct Visit {
    planned: bool,
    from: i64,
    until: Option<i64>,
    size: Option<(i64, i64)>,
    dropped: bool,
    done: Vec<(i64, Option<i64>)>,
}

#[derive(Clone, Debug, Default)]
struct Story {
    size: Option<i64>,
    visits: Vec<Visit>,
}

impl Visit {
    fn is_there(&self, day: i64) -> bool {
        (self.planned || self.from <= day) && self.until.is_none_or(|until| day < until)
    }

    fn size_on(&self, day: i64) -> i64 {
        self.size.filter(|(_, since)| *since <= day).map_or(0, |(points, _)| points)
    }

    fn is_done(&self, day: i64) -> bool {
        self.done.iter().any(|(from, until)| *from <= day && until.is_none_or(|until| day < until))
    }

    /// Done again on the day on which it was taken up: that was a correction.
    fn finish(&mut self, day: i64) {
        match self.done.last_mut() {
            Some((_, None)) => {}
            Some((_, until)) if *until == Some(day) => *until = None,
            _ => self.done.push((day, None)),
        }
    }

    fn reopen(&mut self, day: i64) {
        if let Some((_, until @ None)) = self.done.last_mut() {
            *until = Some(day);
        }
    }
}

/// What happened, without any entry.
struct Reckoning {
    stories: Vec<Story>,
    day: i64,
}

impl Reckoning {
    fn take(&mut self, act: Act) {
        let day = self.day;
        let (Act::Done(nth) | Act::Doing(nth) | Act::Drop(nth) | Act::Size(nth, _) | Act::Add(nth) | Act::Remove(nth)) =
            act
        else {
            return;
        };
        let story = &mut self.stories[nth];
        if let Act::Size(_, points) = act {
            // The same size again changes nothing.
            if story.size.replace(points) == Some(points) {
                return;
            }
        }
        let size = story.size;
        let inside = story.visits.last().is_some_and(|visit| visit.until.is_none());
        if let Act::Add(_) = act
            && !inside
        {
            let size = size.map(|points| (points, day));
            story.visits.push(Visit { planned: false, from: day, until: None, size, dropped: false, done: vec![] });
            return;
        }
        // Out of the sprint for good, or only dropped: then it can be taken up again.
        let Some(visit) = story.visits.last_mut().filter(|visit| visit.until.is_none() || visit.dropped) else {
            return;
        };
        match act {
            Act::Done(_) => {
                (visit.dropped, visit.until) = (false, None);
                visit.finish(day);
            }
            Act::Doing(_) => {
                (visit.dropped, visit.until) = (false, None);
                visit.reopen(day);
            }
            Act::Drop(_) => {
                visit.reopen(day);
                visit.until = visit.until.or(Some(day));
                visit.dropped = true;
            }
            Act::Size(_, points) if visit.until.is_none() && visit.size.is_none() => visit.size = Some((points, day)),
            Act::Remove(_) => visit.until = Some(day),
            _ => {}
        }
    }

    fn is_dropped(&self, nth: usize) -> bool {
        self.stories[nth].visits.last().is_some_and(|visit| visit.dropped)
    }

    /// Points and stories of the visits that are like this today.
    fn sum(&self, wanted: impl Fn(&Visit) -> bool) -> (Amount, u32) {
        let all = self.stories.iter().flat_map(|story| &story.visits).filter(|visit| wanted(visit));
        let (points, count) = all.fold((0, 0), |(points, count), visit| (points + visit.size_on(i64::MAX), count + 1));
        (Amount::whole(points), count)
    }

    /// A burndown counts stories if none of them ever had a size.
    fn counts(&self, visit: &Visit, day: i64) -> i64 {
        let mut all = self.stories.iter().flat_map(|story| &story.visits);
        if all.any(|visit| visit.size.is_some()) { visit.size_on(day) } else { 1 }
    }

    fn scope_on(&self, day: i64) -> Amount {
        let there = self.stories.iter().flat_map(|story| &story.visits).filter(|visit| visit.is_there(day));
        Amount::whole(there.map(|visit| self.counts(visit, day)).sum())
    }

    fn left_on(&self, day: i64) -> Amount {
        let there = self.stories.iter().flat_map(|story| &story.visits).filter(|visit| visit.is_there(day));
        Amount::whole(there.filter(|visit| !visit.is_done(day)).map(|visit| self.counts(visit, day)).sum())
    }
}

fn line(act: Act) -> Value {
    let name = |nth: usize| format!("S{}", nth + 1);
    let run = |command: &str, with: Value| json!({"do": "run", "command": command, "with": with});
    match act {
        Act::NextDay => Value::Null,
        Act::Done(nth) => run("item.status", json!({"on": name(nth), "to": "done", "tick": "all"})),
        Act::Doing(nth) => run("item.status", json!({"on": name(nth), "to": "doing"})),
        Act::Drop(nth) => run("item.status", json!({"on": name(nth), "to": "dropped"})),
        Act::Size(nth, points) => json!({"do": "set", "on": name(nth), "set": {"points": points}}),
        Act::Add(nth) => run("sprint.plan", json!({"items": [name(nth)], "reason": "asked for"})),
        Act::Remove(nth) => run("sprint.unplan", json!({"items": [name(nth)], "reason": "not now"})),
    }
}

fn played(data: &Path, lines: &[Value]) -> Vec<bool> {
    let wide = GlobalArgs { product: Some("Bike Doctor".into()), ..GlobalArgs::default() };
    let invocation = Invocation { wide, places: Places::find(Some(data)).unwrap() };
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    play(&invocation, &lines).iter().map(|answer| answer["ok"] == true).collect()
}

fn day(offset: i64) -> Day {
    Day::parse(FIRST).unwrap().plus(offset)
}

fn at(offset: i64, seed: i64) -> Value {
    json!({"do": "at", "time": format!("{}T{:02}:{:02}:00+01:00", day(offset), 9 + seed / 60 % 12, seed % 60), "seed": seed})
}

fn product(data: &Path) -> Product {
    let folder = Data(data.to_path_buf()).list().remove(0).folder;
    whyhow::store::writer::Writer::open(folder).unwrap().product().clone()
}

fn in_points(sum: whyhow::insight::sprint::Sum) -> (Amount, u32) {
    (sum.points, sum.stories)
}

/// Every figure of the sprint and every row of its burndown, as far as the day has come.
fn same_figures(told: &Reckoning, sprint: &Sprint, over: bool) {
    let now = figures(&sprint.entries, over);
    let is_open = |visit: &Visit| visit.until.is_none() && !visit.is_done(told.day);
    let left = told.sum(|visit| is_open(visit));
    assert_eq!(in_points(now.planned), told.sum(|visit| visit.planned));
    assert_eq!(in_points(now.added), told.sum(|visit| !visit.planned));
    assert_eq!(in_points(now.dropped), told.sum(|visit| visit.dropped));
    assert_eq!(in_points(now.removed), told.sum(|visit| visit.until.is_some() && !visit.dropped));
    assert_eq!(in_points(now.completed), told.sum(|visit| visit.until.is_none() && visit.is_done(told.day)));
    assert_eq!(in_points(if over { now.carried } else { now.remaining }), left);
    assert_eq!(in_points(now.scope()), told.sum(|visit| visit.until.is_none()));
    let rows = burndown(sprint, &sprint.entries, day(told.day));
    for row in rows.iter().filter(|row| row.day <= day(told.day)) {
        let offset = row.day.days_since(day(0));
        let told = (Some(told.scope_on(offset)), Some(told.left_on(offset)));
        assert_eq!((row.scope, row.remaining), told, "{} of {rows:?}", row.day);
    }
    let last = rows.iter().rfind(|row| row.remaining.is_some()).unwrap();
    assert_eq!(last.day, day(told.day), "the rows go to today");
    assert_eq!((last.remaining, last.scope), (Some(told.left_on(told.day)), Some(told.scope_on(told.day))));
    if now.unit() == Unit::Points {
        assert_eq!((last.remaining, last.scope), (Some(left.0), Some(now.scope().points)));
    }
}

/// What the screen, `show` and the Markdown page say of the closed sprint.
fn same_words(data: &Path, told: &Reckoning, sprint: &Sprint) {
    let words = done_of(&figures(&sprint.entries, true));
    let said = |args: &[&str]| String::from_utf8(whyhow(data).args(args).output().unwrap().stdout).unwrap();
    let shown: Value = serde_json::from_str(&said(&["show", "sprint", "1", "--json"])).unwrap();
    let (points, stories) = told.sum(|visit| visit.until.is_none() && visit.is_done(told.day));
    let (all, all_stories) = told.sum(|visit| visit.until.is_none());
    assert_eq!((&shown["completed"], &shown["scope"]), (&json!(points), &json!(all)));
    assert_eq!(shown["stories"]["completed"], json!(stories));
    let review: Value = serde_json::from_str(&said(&["show", "review", "1", "--json"])).unwrap();
    assert_eq!((&review["completed"], &review["scope"]), (&json!(points), &json!(all)));
    assert!(said(&["show", "review", "1"]).contains(&words), "{words}");
    assert!(said(&["export", "--to", "markdown", "--set", "view=review"]).contains(&words), "{words}");
    let mut app = open(data, Role::Po, 120, 35, Theme::plain());
    app.key(crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char('6')));
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 35));
    app.draw(&mut buffer);
    let screen = text(&buffer);
    // Without any size, points are not counted.
    let is_sized = told.stories.iter().flat_map(|story| &story.visits).any(|visit| visit.size.is_some());
    assert_eq!(screen.contains(&format!("Points  {points} of {all}")), is_sized, "{screen}");
    assert!(screen.contains(&format!("Stories {stories} of {all_stories}")), "{screen}");
}

proptest! {
    #![proptest_config(Config { cases: 60, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_surface_shows_what_a_second_reckoning_gives(
        sizes in prop::collection::vec(prop::option::of(1..14i64), STORIES),
        acts in prop::collection::vec(act(), 1..40),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut lines = vec![at(0, 1)];
        for (nth, size) in sizes.iter().enumerate() {
            lines.push(json!({"do": "add", "kind": "item", "set": {"title": format!("Story {}", nth + 1), "points": size}}));
        }
        let new = json!({"goal": "Go", "start": FIRST, "end": day(11)});
        lines.push(json!({"do": "run", "command": "sprint.new", "with": new}));
        lines.push(json!({"do": "run", "command": "sprint.plan", "with": {"items": ["S1", "S2", "S3"]}}));
        lines.push(json!({"do": "run", "command": "sprint.start", "with": {}}));
        prop_assert!(played(dir.path(), &lines).iter().all(|ok| *ok));
        let visit = |size: Option<i64>| Visit {
            planned: true, from: 0, until: None, size: size.map(|points| (points, 0)), dropped: false, done: vec![],
        };
        let stories = sizes.iter().enumerate();
        let stories = stories.map(|(nth, size)| Story { size: *size, visits: if nth < 3 { vec![visit(*size)] } else { vec![] } });
        let mut told = Reckoning { stories: stories.collect(), day: 0 };
        for (nth, one) in acts.iter().enumerate() {
            match one {
                Act::NextDay => told.day += 1,
                // What was dropped in the sprint is taken up again, not added or removed.
                Act::Add(story) | Act::Remove(story) if told.is_dropped(*story) => {}
                one => {
                    let ok = played(dir.path(), &[at(told.day, 10 + nth as i64), line(*one)]);
                    if ok.last() == Some(&true) {
                        told.take(*one);
                    }
                }
            }
        }
        let running_now = product(dir.path());
        let sprint = running(&running_now).unwrap();
        same_figures(&told, sprint, false);
        let now = pulse(sprint, &sprint.entries, day(told.day));
        let done = figures(&sprint.entries, false).completed;
        let done = if now.sized { done.points } else { Amount::whole(i64::from(done.stories)) };
        prop_assert_eq!((now.done, now.left), (done, told.left_on(told.day)));
        let close = json!({"do": "run", "command": "sprint.close", "with": {"result": "met"}});
        prop_assert!(played(dir.path(), &[at(told.day, 90), close]).iter().all(|ok| *ok));
        let over = product(dir.path());
        let sprint = closed(&over)[0];
        prop_assert_eq!(sprint.ended.map(When::day), Some(day(told.day)));
        same_figures(&told, sprint, true);
        let points = told.sum(|visit| visit.until.is_none() && visit.is_done(told.day)).0;
        prop_assert_eq!(velocity(&sprint.entries, Unit::Points), points);
        same_words(dir.path(), &told, sprint);
    }
}

//! What people do with sprints, in memory: what each deed asks, and what two people do at the same moment.

use crate::harness::scratch::{Hand, founded, noon, run_deed};
use whyhow::actions::edit;
use whyhow::insight::forecast::forecast;
use whyhow::insight::plan::{PassedOver, fill, plan};
use whyhow::insight::ready::Lack;
use whyhow::insight::sprint::figures;
use whyhow::insight::{done, review, velocity};
use whyhow::json;
use whyhow::model::admit::{Submission, admit};
use whyhow::model::change::{Change, Origin, Step};
use whyhow::model::derived_cells::Stamp;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::rules::Refusal;
use whyhow::model::schema::{BacklogItem, ItemStatus, Kind, RoadmapVersion, Sprint};
use whyhow::model::undo_barrier::fence;
use whyhow::model::value::Value;
use whyhow::model::value::{Amount, Day};
use whyhow::store::session::Session;

/// A product in memory, changed as the writer changes it.
#[derive(Clone, Default)]
pub struct Played {
    pub product: Product,
    steps: u64,
}

impl Played {
    pub fn take(&mut self, step: &Step, way: Origin) -> Result<(Step, usize), Refusal> {
        self.steps += 1;
        let stamp = Stamp { step: Id::from_bits(1 << 40 | self.steps), by: "Omar".into(), at: noon() };
        let submission = Submission { step, origin: way, role: Role::Both, stamp: &stamp };
        let rebased = admit(&mut self.product, submission, &|_, _| "Mia".to_string())?;
        Ok((rebased.step, rebased.conflicts))
    }

    pub fn add(&mut self, kind: Kind, bits: u64, set: Value) {
        let id = Id::from_bits(bits);
        let mut step = Step::new("Added");
        let cells = [("alive", json!(true)), ("rank", json!(format!("V{bits:04}")))];
        let set = set.as_object().unwrap().clone();
        for (key, value) in cells.into_iter().chain(set.iter().map(|(key, value)| (&**key, value.clone()))) {
            step.changes.extend(self.product.set(id, kind.field(key).unwrap(), &value).unwrap());
        }
        self.take(&step, Origin::Edit).unwrap();
    }

    pub fn deed(&self, name: &str, with: Value) -> Result<Step, Refusal> {
        run_deed(&self.product, name, with)
    }

    pub fn run(&mut self, name: &str, with: Value) -> Result<Step, Refusal> {
        let step = self.deed(name, with)?;
        self.take(&step, Origin::Edit).map(|(step, _)| step)
    }

    fn sprint(&self, number: u32) -> &Sprint {
        self.product.all::<Sprint>().find(|sprint| sprint.number == number).unwrap()
    }

    /// Stories 1 to 6 with 1 to 6 points, and a running sprint with the first four.
    pub fn running() -> Played {
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
    let (mine, _) = played.take(&mine, Origin::Edit).unwrap();
    let (_, conflicts) = played.take(&theirs, Origin::Edit).unwrap();
    played.take(&more, Origin::Edit).unwrap();
    assert_eq!(conflicts, 0);
    let sums = |played: &Played| {
        let now = figures(&played.sprint(1).entries, false);
        [now.completed.points, now.added.points, now.remaining.points].map(|one| one.in_hundredths() / 100)
    };
    assert_eq!(sums(&played), [3, 5, 12]);
    // Taking one's own back leaves the other's.
    played.take(&mine.invert(), Origin::Undo).unwrap();
    assert_eq!(sums(&played), [2, 5, 13]);
}

#[test]
fn an_act_that_a_start_or_a_close_overtook_is_refused_in_words() {
    // Somebody finishes a story while somebody else closes.
    let mut played = Played::running();
    let done = played.deed("item.status", json!({"on": "S1", "to": "done"})).unwrap();
    let close = played.deed("sprint.close", json!({"result": "met"})).unwrap();
    let mut other = played.clone();
    played.take(&close, Origin::Edit).unwrap();
    let before = played.sprint(1).clone();
    assert_eq!(played.take(&done, Origin::Edit).unwrap_err().what, "The figures of a closed sprint cannot be changed.");
    assert_eq!(*played.sprint(1), before);
    other.take(&done, Origin::Edit).unwrap();
    assert_eq!(other.take(&close, Origin::Edit).unwrap_err().what, "S1 changed while sprint 1 was being closed.");
    // Somebody selects while somebody else starts, and the other way round.
    let mut played = Played::running();
    played.run("sprint.close", json!({"result": "met", "unfinished": "drop"})).unwrap();
    played.run("sprint.new", json!({"goal": "Next"})).unwrap();
    played.run("sprint.plan", json!({"items": ["S5"]})).unwrap();
    let select = played.deed("sprint.plan", json!({"items": ["S6"]})).unwrap();
    let start = played.deed("sprint.start", json!({})).unwrap();
    let mut other = played.clone();
    played.take(&start, Origin::Edit).unwrap();
    assert!(
        played.take(&select, Origin::Edit).unwrap_err().what.starts_with("Sprint 2 is running, and S6 is not in it")
    );
    other.take(&select, Origin::Edit).unwrap();
    assert_eq!(other.take(&start, Origin::Edit).unwrap_err().what, "S6 was selected for sprint 2 in the meantime.");
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
    assert_eq!(
        played.take(&done.invert(), Origin::Undo).unwrap_err().what,
        "The figures of a closed sprint cannot be changed."
    );
    let back = played.deed("item.status", json!({"on": "S1", "to": "to_do"})).unwrap_err();
    assert_eq!(back.what, "S1 was done in sprint 1, which is closed.");
    let delete = edit::delete(&played.product, &[closed.id]).unwrap();
    assert!(played.take(&delete, Origin::Edit).unwrap_err().what.contains("part of the velocity"));
    for (key, to) in [("end", json!("2026-03-20")), ("capacity", json!(3)), ("entries", Value::Null)] {
        let change = played.product.set(closed.id, Kind::Sprint.field(key).unwrap(), &to).unwrap().or_else(|| {
            let field = Kind::Sprint.field(key).unwrap();
            Some(Change { id: closed.id, field, from: played.product.value(closed.id, field), to: json!(1) })
        });
        let step = Step { label: String::new(), changes: change.into_iter().collect() };
        assert!(played.take(&step, Origin::Edit).is_err(), "{key}");
    }
    let item = |played: &Played, n: u64| played.product.get::<BacklogItem>(Id::from_bits(n)).unwrap().clone();
    let next = played.sprint(2).clone();
    assert_eq!((item(&played, 2).sprint, item(&played, 2).carried), (Some(next.id), 1));
    assert_eq!((item(&played, 3).sprint, item(&played, 3).carried), (None, 1));
    assert_eq!((item(&played, 4).status, item(&played, 4).carried), (ItemStatus::Dropped, 0));
    assert_eq!(
        (next.start, next.end),
        (Some(Day::parse("2026-03-03").unwrap()), Some(Day::parse("2026-03-16").unwrap())),
        "from the day after the close, with as many working days"
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
    assert_eq!(refused.what, "S1 has 2 of 2 rules open: 1, 2.");
    // Rules are ticked on the way, and stay ticked.
    played.run("item.status", json!({"on": "S1", "to": "to_accept", "tick": [2]})).unwrap();
    let refused = played.deed("item.status", json!({"on": "S1", "to": "done"})).unwrap_err();
    assert_eq!(refused.what, "S1 has 1 of 2 rules open: 1.");
    assert!(played.deed("item.status", json!({"on": "S1", "to": "done", "waive": {"1": " "}})).is_err());
    assert!(played.deed("item.status", json!({"on": "S1", "to": "done", "tick": [3]})).is_err());
    played.run("item.status", json!({"on": "S1", "to": "done", "waive": {"1": "hot fix"}})).unwrap();
    played.run("item.status", json!({"on": "S2", "to": "done", "tick": "all"})).unwrap();
    let item = played.product.get::<BacklogItem>(Id::from_bits(1)).unwrap();
    assert_eq!((&*item.accepted_by, item.checks.len()), ("Omar", 2));
    let field = Kind::BacklogItem.field("criteria").unwrap();
    let open = edit::set(&played.product, &[Id::from_bits(3)], field, &json!(["Opens in two seconds"])).unwrap();
    played.take(&open, Origin::Edit).unwrap();
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
    assert_eq!(
        played.sprint(1).end,
        Some(Day::parse("2026-03-13").unwrap()),
        "two weeks from today, to their last working day"
    );
    assert_eq!(what(&played, "sprint.start", json!({})), "Sprint 1 has no Sprint Goal yet.");
    assert_eq!(what(&played, "sprint.start", json!({"goal": "Go"})), "Sprint 1 has no open story.");
    played.run("sprint.plan", json!({"items": ["S1"]})).unwrap();
    played.run("sprint.new", json!({})).unwrap();
    assert!(what(&played, "sprint.start", json!({"goal": "Go"})).starts_with("sprint 1 and sprint 2 are in planning"));
    played.run("sprint.start", json!({"sprint": "1", "goal": "Go"})).unwrap();
    assert_eq!(what(&played, "sprint.start", json!({"sprint": "2", "goal": "Go"})), "Sprint 1 is running.");
    assert!(what(&played, "sprint.unplan", json!({"items": ["S1"]})).contains("requires a reason"));
    assert!(what(&played, "sprint.cancel", json!({})).contains("requires a reason"));
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
    assert_eq!(empty.not_ready[0].lacks, [Lack::Size, Lack::Why]);
    let fits = fill(&played.product, &empty);
    assert_eq!(fits.takes, [Id::from_bits(1), Id::from_bits(3)], "13 does not fit behind 8, 5 does");
    let large = |id: u64, points: i64| {
        (Id::from_bits(id), PassedOver::Large { points: Some(Amount::whole(points)), with: None })
    };
    assert_eq!(fits.passed, [large(2, 13), large(4, 3)], "and it says what it passed over");
    played.run("sprint.plan", json!({"items": ["S1", "S2", "S4"]})).unwrap();
    let full = plan(&played.product, Some(sprint), today);
    assert_eq!((full.selected.points, full.suggestion), (Amount::whole(24), None));
    assert_eq!(
        full.warnings,
        [
            "24 of 14, 10 too many.",
            "3 points of the selection serve no roadmap item, which may be what you want.",
            "S1 alone is 8 of 14: smaller stories reduce the risk.",
            "S2 alone is 13 of 14: smaller stories reduce the risk.",
        ]
    );
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
        edit::set(&played.product, &[sprint.id], Kind::Sprint.field(key).unwrap(), &json!(to)).unwrap()
    };
    let steps = [set("person_days", 30), set("absent_days", 12)];
    for step in &steps {
        played.take(step, Origin::Edit).unwrap();
    }
    let suggested = plan(&played.product, Some(sprint.id), Day::parse("2026-03-02").unwrap()).suggestion.unwrap();
    assert_eq!(
        (suggested.likely, suggested.safe, suggested.points),
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
    assert_eq!(early.why.as_deref(), Some("needs 3 closed sprints"));
}

#[test]
fn a_ratified_roadmap_stays_as_it_was() {
    let mut played = Played::default();
    played.add(Kind::VisionBoard, 100, json!({"name": "Ferry"}));
    played.add(Kind::RoadmapItem, 102, json!({"title": "Price", "horizon": "next"}));
    assert!(played.deed("roadmap.ratify", json!({"note": "First"})).unwrap_err().what.contains("Nothing"));
    let now =
        played.product.set(Id::from_bits(102), Kind::RoadmapItem.field("horizon").unwrap(), &json!("now")).unwrap();
    played.take(&Step { label: String::new(), changes: now.into_iter().collect() }, Origin::Edit).unwrap();
    let step = played.run("roadmap.ratify", json!({"note": "First"})).unwrap();
    assert!(fence(&step).is_some());
    let version = played.product.all::<RoadmapVersion>().next().unwrap().clone();
    assert_eq!((version.number, &*version.note, &*version.by), (1, "First", "Omar"));
    assert_eq!(version.items.0[0]["title"], "Price");
    let rename =
        edit::set(&played.product, &[Id::from_bits(102)], Kind::RoadmapItem.field("title").unwrap(), &json!("Later"))
            .unwrap();
    played.take(&rename, Origin::Edit).unwrap();
    assert_eq!(played.product.all::<RoadmapVersion>().next().unwrap().items.0[0]["title"], "Price");
    let field = Kind::RoadmapVersion.field("note").unwrap();
    let change = played.product.set(version.id, field, &json!("Other")).unwrap();
    let step = Step { label: String::new(), changes: change.into_iter().collect() };
    assert!(played.take(&step, Origin::Edit).unwrap_err().what.contains("cannot be changed"));
}

#[test]
fn a_screen_stops_undo_at_a_fence_too() {
    let place = founded();
    let (mut session, _) = Session::start(place.writer(), "Omar", Role::Both);
    let (item, _) = Hand::new(3, "Omar").add(session.product(), Kind::BacklogItem, &[("title", json!("story"))]);
    session.commit(item, false).unwrap();
    for (name, with) in [
        ("sprint.new", json!({"goal": "Go"})),
        ("sprint.plan", json!({"items": ["S1"]})),
        ("sprint.start", json!({})),
        ("item.status", json!({"on": "S1", "to": "doing"})),
    ] {
        let step = run_deed(session.product(), name, with).unwrap();
        session.commit(step, false).unwrap();
    }
    assert_eq!(session.undo().unwrap().0, "S1 is in progress");
    assert_eq!(session.undo().unwrap_err().what, "Undo stops at “Started sprint 1”.");
    assert!(session.close());
}

//! Laws of sprints: whatever people do in whatever order, no point gets lost, one sprint runs, and what is closed stays.

use crate::laws::sprint_actions::Played;
use proptest::prelude::*;
use proptest::test_runner::Config;
use whyhow::actions::edit;
use whyhow::insight::forecast::forecast;
use whyhow::insight::sprint::{Sum, figures, in_planning, is_over};
use whyhow::json;
use whyhow::model::change::{Origin, Step};
use whyhow::model::id::Id;
use whyhow::model::rules::Refusal;
use whyhow::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use whyhow::model::undo_barrier::fence;
use whyhow::model::value::Value;
use whyhow::model::value::{Amount, Day};

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
            let first = in_planning(&played.product).first().map(|one| one.number.to_string());
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
        Does::Points(n, points) => {
            edit::set(&played.product, &[id(n)], Kind::BacklogItem.field("points").unwrap(), &json!(points))
        }
        Does::Delete(n) => edit::delete(&played.product, &[id(n)]),
        Does::Undo(_) => Ok(Step::default()),
    }
}

fn sound(played: &Played) {
    let product = &played.product;
    let running: Vec<_> = product.all::<Sprint>().filter(|one| one.state == SprintState::Active).collect();
    assert!(running.len() <= 1, "two sprints run");
    for sprint in product.all::<Sprint>() {
        let sums = figures(&sprint.entries, is_over(sprint));
        let total = |all: &[Sum]| all.iter().map(|one| one.points).sum::<Amount>();
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
                if played.take(&step.invert(), Origin::Undo).is_ok() {
                    done.remove(at);
                }
            } else if let Ok(step) = asked(&played, one)
                && let Ok((step, _)) = played.take(&step, Origin::Edit)
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

//! The flows that were counted when the keys were chosen: each is played, its keys are held against the promised number,
//! and what it is for is looked up in the product. `cargo test flows_table -- --nocapture` prints promised and counted.

use crate::harness::stage::Stage;
use crate::screens::timeline::day_of_the_review;
use whyhow::insight::trace::is_suspect;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Feedback, Horizon, Kind, RoadmapItem, Sprint, SprintResult, VisionBoard};
use whyhow::tui::state::contract::LayerKind;

/// One flow. `there` leads to where it begins and is not counted, `“…”` is typed text and `<paste>` a paste.
struct Flow {
    told: &'static str,
    promised: usize,
    role: Role,
    there: &'static str,
    keys: &'static str,
    holds: fn(&mut Stage),
}

const LIST: &str = "- [ ] one\n* two\n\nthree\t\n";

impl Flow {
    /// Plays it and gives the keys it took.
    fn play(&self) -> usize {
        let mut stage = Stage::new(120, 35, self.role);
        stage.clip = LIST.to_string();
        stage.keys(self.there).settle();
        stage.pressed = 0;
        stage.keys(self.keys).settle();
        let pressed = stage.pressed;
        (self.holds)(&mut stage);
        pressed
    }
}

macro_rules! flows {
    ($($name:ident: $promised:literal keys, $role:ident, $there:literal then $keys:literal, $holds:expr;)*) => {
        const FLOWS: &[Flow] = &[$(Flow {
            told: stringify!($name),
            promised: $promised,
            role: Role::$role,
            there: $there,
            keys: $keys,
            holds: $holds,
        }),*];
        $(
            #[test]
            fn $name() {
                let flow = FLOWS.iter().find(|flow| flow.told == stringify!($name)).unwrap();
                let counted = flow.play();
                assert!(counted <= flow.promised, "{} took {counted} keys, {} were promised", flow.keys, flow.promised);
            }
        )*
    };
}

#[test]
fn flows_table() {
    let told = |flow: &Flow| flow.told.replace('_', " ");
    let widest = FLOWS.iter().map(|flow| told(flow).len()).max().unwrap();
    let mut over = Vec::new();
    eprintln!("{:<widest$}  promised  counted  keys", "flow");
    for flow in FLOWS {
        let counted = flow.play();
        eprintln!("{:<widest$}  {:>8}  {counted:>7}  {}", told(flow), flow.promised, flow.keys);
        if counted > flow.promised {
            over.push(told(flow));
        }
    }
    assert!(over.is_empty(), "longer than promised: {over:?}");
}

fn board(stage: &mut Stage) -> VisionBoard {
    VisionBoard::clone(stage.app().session.product().vision().unwrap())
}

fn item(stage: &mut Stage, title: &str) -> RoadmapItem {
    let product = stage.app().session.product();
    let found = product.all::<RoadmapItem>().find(|item| &*item.title == title);
    RoadmapItem::clone(found.unwrap_or_else(|| panic!("no roadmap item {title:?}")))
}

fn story(stage: &mut Stage, title: &str) -> BacklogItem {
    let product = stage.app().session.product();
    let found = product.all::<BacklogItem>().find(|item| &*item.title == title);
    BacklogItem::clone(found.unwrap_or_else(|| panic!("no story {title:?}")))
}

/// The titles of the list, as it stands on the screen.
fn shown(stage: &mut Stage) -> Vec<String> {
    let app = stage.app();
    let product = app.session.product();
    app.ui.rows.rows.iter().map(|row| product.find(row.id).unwrap().title()).collect()
}

/// Three stories in this order, under the same roadmap item.
fn one_two_three(stage: &mut Stage, criteria: usize) {
    let why = item(stage, "Book in two taps").id;
    let product = stage.app().session.product();
    let under: Vec<_> = product.all::<BacklogItem>().filter(|story| story.serves == Some(why)).collect();
    let made = &under[under.len() - 3..];
    assert_eq!(made.iter().map(|story| &*story.title).collect::<Vec<_>>(), ["one", "two", "three"]);
    assert!(made.iter().all(|story| story.criteria.len() == criteria));
}

flows! {
    the_vision_in_five_parts: 7 keys, Pm, "3" then "1<enter>“one”<tab>“two”<tab>“three”<tab>“four”<tab>“five”<esc>",
        |stage| {
            let board = board(stage);
            assert_eq!((&*board.vision, &*board.target_group, &*board.needs), ("one", "two", "three"));
            assert_eq!((&*board.product, &*board.not_doing), ("four", "five"));
        };
    the_vision_in_one_sentence: 3 keys, Pm, "3" then "1<enter>“Nobody walks home.”<esc>",
        |stage| assert_eq!(&*board(stage).vision, "Nobody walks home.");
    a_roadmap_item_with_its_title_only: 3 keys, Pm, "3" then "2a“Tandems”<enter>",
        // A bare title cannot be in NOW yet.
        |stage| assert_eq!(item(stage, "Tandems").horizon, Horizon::Next);
    a_roadmap_item_with_problem_outcome_and_measure: 6 keys, Pm,
        "3" then "2a“Tandems”<tab>“Two ride alone.”<tab>“They ride as one.”<tab>“Rides, 1 → 2”<esc>",
        |stage| {
            let item = item(stage, "Tandems");
            assert_eq!((&*item.problem, &*item.outcome), ("Two ride alone.", "They ride as one."));
            assert_eq!(&*item.measure.name, "Rides");
        };
    a_roadmap_item_with_one_reason: 4 keys, Pm, "3" then "2a“Tandems”<tab>“Two ride alone.”<esc>",
        |stage| assert_eq!(&*item(stage, "Tandems").problem, "Two ride alone.");
    a_roadmap_item_with_all_that_now_asks: 9 keys, Pm, "3" then
        "2a“Tandems”<tab>“problem”<tab>“outcome”<tab>“Rides, 1 → 2”<tab>“who”<tab>“why now”<tab>“same-day”<enter>",
        |stage| {
            let made = item(stage, "Tandems");
            assert_eq!((&*made.problem, &*made.outcome), ("problem", "outcome"));
            assert_eq!((&*made.who, &*made.why_now, made.serves.len()), ("who", "why now", 1));
            stage.keys("<");
            assert_eq!(item(stage, "Tandems").horizon, Horizon::Now, "NOW has nothing more to ask");
        };
    three_stories_with_two_criteria_each: 10 keys, Po, "2" then
        "A“one”<tab>“a”<enter>“b”<tab>“two”<tab>“c”<enter>“d”<tab>“three”<tab>“e”<enter>“f”<esc>",
        |stage| one_two_three(stage, 2);
    three_stories_with_titles_only: 4 keys, Po, "2" then "A“one”<down>“two”<down>“three”<enter>",
        |stage| one_two_three(stage, 0);
    three_stories_pasted_from_a_list: 3 keys, Po, "2" then "A<paste><enter>",
        |stage| {
            one_two_three(stage, 0);
            stage.keys("u");
            assert!(!shown(stage).contains(&"two".to_string()), "one act, one undo");
        };
    one_story_up_three: 3 keys, Po, "3jjjj" then "+++",
        |stage| assert_eq!(shown(stage)[1], "Price from a photo");
    one_story_to_the_top: 2 keys, Po, "3jjjj" then "mt",
        |stage| assert_eq!(shown(stage)[0], "Price from a photo");
    five_neighbours_to_the_top: 7 keys, Po, "3jj" then "<space><space><space><space><space>mt",
        |stage| {
            let all = shown(stage);
            assert_eq!((&*all[0], &*all[4]), ("Slot held for ten minutes", "Text if the price changes"));
            assert_eq!(all[5], "Price for several repairs at once");
        };
    one_story_to_place_seven: 3 keys, Po, "3" then "m7<enter>",
        |stage| assert_eq!(shown(stage)[6], "Price for several repairs at once");
    feedback_on_a_roadmap_item: 2 keys, Po, "2" then "c“? Does a mechanic need two taps too”<enter>",
        |stage| {
            let on = item(stage, "Book in two taps").id;
            let product = stage.app().session.product();
            let said = product.all::<Feedback>().last().unwrap();
            assert!(said.links.contains(&on) && said.quote.contains("Does a mechanic"));
        };
    the_next_doubtful_how_is_confirmed: 2 keys, Po, "2" then "nC",
        |stage| {
            let doubtful = story(stage, "Price for several repairs at once");
            assert!(!is_suspect(stage.app().session.product(), &doubtful));
            // It was doubtful before, and the key meant that one.
            stage.keys("u");
            let doubtful = story(stage, "Price for several repairs at once");
            assert!(is_suspect(stage.app().session.product(), &doubtful));
        };
    why_does_this_story_exist: 1 keys, Po, "3j" then "w",
        |stage| {
            assert!(stage.app().ui.top().map(|top| top.kind()) == Some(LayerKind::Trail));
            let screen = stage.screen();
            for one in ["Why S3?", "R1", "G1", "Vision", "Break: The vision is not written yet"] {
                assert!(screen.contains(one), "{one} is missing:\n{screen}");
            }
        };
    undo: 1 keys, Po, "3jjjjmt" then "u",
        |stage| assert_eq!(shown(stage)[4], "Price from a photo");
    // The text is the value and its day; Enter ends it.
    a_reading_with_its_day: 3 keys, Pm, "1<esc>j" then "sm“49, 20 nov”<enter>",
        |stage| {
            let product = stage.app().session.product().clone();
            let goal = product.all::<whyhow::model::schema::Goal>().next().unwrap();
            let last = goal.measures[0].readings.last().unwrap();
            assert_eq!((last.value.to_string(), last.day.0.format("%d %m").to_string()), ("49".into(), "20 11".into()));
            assert!(stage.screen().contains("now 49"), "{}", stage.screen());
        };
    a_story_of_six_criteria_in_three_parts: 9 keys, Po, "3a“Return a bike”<tab>“a”<enter>“b”<enter>“c”<enter>“d”<enter>“e”<enter>“f”<esc><esc>"
        then "x112233<enter>",
        |stage| {
            let whole = story(stage, "Return a bike");
            assert!(whole.criteria.is_empty(), "{}", stage.screen());
            for (title, second) in [("a", "b"), ("c", "d"), ("e", "f")] {
                let part = story(stage, title);
                assert_eq!((part.parent, part.criteria.len()), (Some(whole.id), 2));
                assert_eq!(&*part.criteria[1].text, second);
            }
            stage.keys("u");
            assert_eq!(story(stage, "Return a bike").criteria.len(), 6, "one act, one undo");
        };
    points_on_six_neighbours: 8 keys, Po, "3" then "<space><space><space><space><space><space>p3",
        |stage| {
            for title in shown(stage).iter().take(6) {
                assert_eq!(story(stage, title).points.unwrap().to_string(), "3", "{title}");
            }
            stage.keys("u");
            assert_eq!(story(stage, "Price for several repairs at once").points.unwrap().to_string(), "8", "one act");
        };
    find_in_this_list: 5 keys, Po, "3" then "/can<enter>",
        |stage| assert_eq!(shown(stage), ["Cancel without a phone call"]);
    find_anywhere: 6 keys, Po, "3" then "//fle<enter>",
        |stage| {
            let ui = &stage.app().ui;
            assert_eq!(ui.screen().name, "roadmap");
            let chosen = ui.chosen_row().unwrap();
            assert_eq!(chosen.kind, Kind::RoadmapItem);
            assert_eq!(stage.app().session.product().find(chosen.id).unwrap().title(), "Fleet accounts");
        };
}

/// Ten steps, each written where it stands: one key opens the first, one key each keeps a text and opens the next.
#[test]
fn all_steps_of_a_review_are_written_with_one_key_each() {
    let mut stage = Stage::of_day("review.jsonl", day_of_the_review, 120, 35, Role::Po);
    stage.keys("6").settle();
    let steps = stage.app().ui.rows.rows.len();
    let before = stage.app().session.product().all::<Feedback>().count();
    stage.pressed = 0;
    stage.keys("e “partly” <tab>");
    for step in 2..=steps {
        assert_eq!(stage.app().ui.screen().name, "review");
        stage.keys(&format!("“Text of step {step}”<tab>")).settle();
    }
    assert!(stage.pressed <= steps + 1, "{} keys for {steps} steps", stage.pressed);
    assert!(stage.app().ui.layers.is_empty(), "{}", stage.screen());
    let product = stage.app().session.product();
    let sprint = product.all::<Sprint>().find(|one| one.number == 4).unwrap();
    assert_eq!(sprint.result, SprintResult::Partly);
    let kept = [&*sprint.decisions, &*sprint.keep, &*sprint.problem, &*sprint.tried[0].text];
    assert_eq!(kept, [7, 8, 9, 10].map(|step| format!("Text of step {step}")));
    let said: Vec<String> = product.all::<Feedback>().skip(before).map(|one| one.quote.to_string()).collect();
    assert_eq!(said, [2, 3, 4, 5, 6].map(|step| format!("Text of step {step}")), "the other steps take feedback");
}

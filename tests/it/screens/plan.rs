//! Planning a sprint on the screen: what goes in, what fits, and its start.

use crate::harness::scratch::batch;
use crate::harness::stage::Stage;
use whyhow::insight::sprint::{in_planning, running};
use whyhow::json;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Proposal, Sprint};
use whyhow::tui::term::theme::Theme;

const CLOSED: &str = "closed-sprints.jsonl";
/// A plan with its days, far enough ahead that no clock moves them.
const PLANNED: &str = r#"{"do":"as","role":"both","by":"Omar"}
{"do":"run","command":"sprint.new","with":{"goal":"A rider can change plans without phoning.","start":"2031-01-06","end":"2031-01-19"}}
{"do":"set","on":"sprint 4","set":{"serves":["R1"],"person_days":30,"absent_days":3,"capacity":21}}
{"do":"run","command":"sprint.plan","with":{"items":["S3","S4","S7","S14"]}}
"#;

fn stage(columns: u16, rows: u16, role: Role) -> Stage {
    Stage::after(CLOSED, "", columns, rows, role)
}

fn planned(columns: u16, rows: u16, role: Role) -> Stage {
    Stage::after(CLOSED, PLANNED, columns, rows, role)
}

fn flow(stage: &mut Stage, keys: &str, most: usize) {
    stage.pressed = 0;
    stage.keys(keys).settle();
    assert!(stage.pressed <= most, "{keys} took {} keys, {most} were promised", stage.pressed);
}

/// Numbers of the stories that are in a sprint, in backlog order.
fn inside(stage: &mut Stage, number: u32) -> Vec<u32> {
    stage.settle();
    let product = stage.app().session.product();
    let sprint = product.all::<Sprint>().find(|sprint| sprint.number == number).unwrap().id;
    product.all::<BacklogItem>().filter(|item| item.sprint == Some(sprint)).map(|item| item.number).collect()
}

#[test]
fn filled_to_capacity_and_started() {
    let mut stage = stage(120, 35, Role::Po);
    flow(&mut stage, "4FSs“A rider can change plans without phoning.”<enter>", 5);
    let screen = stage.screen();
    let product = stage.app().session.product();
    let sprint = running(product).unwrap_or_else(|| panic!("{screen}"));
    assert_eq!(&*sprint.goal, "A rider can change plans without phoning.");
    assert_eq!(sprint.capacity.unwrap().to_string(), "21");
    let points: i64 = sprint.entries.iter().filter_map(|one| one.points).map(|one| one.in_hundredths() / 100).sum();
    assert_eq!((points, sprint.entries.len()), (21, 7), "the 13 and the 5 were passed over");
    let served: Vec<String> = sprint.serves.iter().map(|id| product.name_of(*id)).collect();
    assert_eq!(served, ["R1"], "what is in Now and has stories in it is proposed");
    assert!(screen.contains("Sprint 4 is running and ends"), "{screen}");
    // A start is where undo stops.
    stage.keys("u");
    assert!(running(stage.app().session.product()).is_some());
}

#[test]
fn eight_neighbours_by_hand_and_started() {
    let mut stage = stage(120, 35, Role::Both);
    let spaces = "<space>".repeat(8);
    flow(&mut stage, &format!("4{spaces}Ss“Go”<enter>"), 12);
    let product = stage.app().session.product();
    assert_eq!(running(product).unwrap().entries.len(), 8);
}

#[test]
fn the_first_story_makes_the_sprint_in_the_same_act() {
    let mut stage = stage(120, 35, Role::Po);
    stage.keys("4<space>").settle();
    assert!(stage.screen().contains("Added sprint 4 with S3"), "{}", stage.screen());
    assert_eq!(inside(&mut stage, 4), [3]);
    stage.keys("u").settle();
    assert!(in_planning(stage.app().session.product()).is_empty(), "one act, one undo");
    let free = stage.app().session.product().all::<BacklogItem>().all(|item| item.number != 3 || item.sprint.is_none());
    assert!(free);
}

#[test]
fn over_capacity_is_said_and_allowed() {
    let mut stage = planned(120, 35, Role::Po);
    stage.keys("4<space>");
    assert_eq!(inside(&mut stage, 4), [4, 7, 14], "the box was ticked: it goes out");
    stage.keys("V").settle();
    assert!(inside(&mut stage, 4).is_empty());
    stage.keys("V").settle();
    let screen = stage.screen();
    assert!(screen.contains("41 of 21. 20 too many. Space takes stories out, or leave it."), "{screen}");
    stage.keys("Ss<enter>").settle();
    assert!(running(stage.app().session.product()).is_some(), "{}", stage.screen());
}

#[test]
fn what_is_not_ready_can_be_planned_all_the_same() {
    let mut stage = planned(120, 35, Role::Po);
    stage.keys("4G");
    let screen = stage.screen();
    assert!(screen.contains("Not ready: no why."), "{screen}");
    stage.keys("<up><space>");
    assert!(stage.screen().contains("S9 has no points. Planned anyway; p sets them."), "{}", stage.screen());
}

#[test]
fn two_sprints_are_planned_in_turn() {
    let mut stage = planned(120, 35, Role::Po);
    stage.keys("4Sn").settle();
    let screen = stage.screen();
    assert!(screen.contains("Added sprint 5, 20 Jan – 2 Feb 2031."), "{screen}");
    assert!(screen.contains("plan 2 of 2"), "{screen}");
    // What the other sprint has is not offered here.
    assert!(!screen.contains("S3 Cancel"), "{screen}");
    stage.keys("<space>");
    assert_eq!(inside(&mut stage, 5), [5]);
    stage.keys("t");
    let screen = stage.screen();
    assert!(screen.contains("plan 1 of 2") && screen.contains("S3 Cancel") && !screen.contains("S5 Shop"), "{screen}");
    stage.keys("tSx").settle();
    assert_eq!(in_planning(stage.app().session.product()).len(), 1, "{}", stage.screen());
    stage.keys("u").settle();
    assert_eq!(inside(&mut stage, 5), [5], "and it comes back with its story");
}

#[test]
fn goal_days_and_capacity_are_fields_of_the_sprint() {
    let mut stage = planned(120, 35, Role::Po);
    stage.keys("4sk<c-u>“18”<tab><c-u>“20”<tab><c-u>“5”<enter>").settle();
    let product = stage.app().session.product();
    let sprint = in_planning(product)[0].clone();
    assert_eq!(sprint.capacity.unwrap().to_string(), "18", "{}", stage.screen());
    assert_eq!(sprint.absent_days.unwrap().to_string(), "5");
    stage.keys("Sg<c-u>“Nobody phones.”<enter>Sd<c-u>“8 jan 2031”<tab><c-u>“+2w”<esc>").settle();
    let product = stage.app().session.product();
    let sprint = in_planning(product)[0].clone();
    assert_eq!((&*sprint.goal, sprint.start.unwrap().to_string()), ("Nobody phones.", "2031-01-08".to_string()));
}

#[test]
fn a_goal_before_the_sprint_makes_the_sprint() {
    let mut stage = stage(80, 24, Role::Po);
    stage.keys("4Sg“Nobody phones.”<enter>").settle();
    let product = stage.app().session.product();
    assert_eq!(&*in_planning(product)[0].goal, "Nobody phones.");
}

#[test]
fn the_start_asks_for_a_goal_and_says_what_is_no_day() {
    let mut stage = stage(80, 24, Role::Po);
    stage.keys("4FSs<enter>");
    assert!(stage.screen().contains("A sprint needs a goal"), "{}", stage.screen());
    stage.keys("“Go”<tab><tab><c-u>“3rd of never”<enter>");
    assert!(stage.screen().contains("is not a date I know"), "{}", stage.screen());
    stage.keys("<esc>").settle();
    assert!(running(stage.app().session.product()).is_none());
    // What was typed comes back.
    stage.keys("<esc>Ss<up><enter>").settle();
    assert_eq!(&*running(stage.app().session.product()).unwrap().goal, "Go");
    stage.keys("4<space>").settle();
    stage.keys("Ss");
    assert!(stage.screen().contains("Close it before the next one starts."), "{}", stage.screen());
}

#[test]
fn what_is_served_is_ticked_in_the_box() {
    let mut stage = planned(120, 35, Role::Po);
    stage.keys("4Ss<tab><right><space><enter>").settle();
    let product = stage.app().session.product();
    let served: Vec<String> = running(product).unwrap().serves.iter().map(|id| product.name_of(*id)).collect();
    assert_eq!(served, ["R1", "R3"]);
}

/// A start cannot be proposed: it records who began what, and when.
#[test]
fn the_product_manager_is_told_who_starts_the_sprint() {
    let mut stage = planned(120, 35, Role::Pm);
    stage.keys("4").settle();
    let before = stage.app().session.product().rev();
    let screen = stage.keys("Ss").screen();
    assert!(screen.contains("owns what goes into a sprint. You are PM"), "{screen}");
    assert_eq!(stage.app().session.product().rev(), before, "nothing was changed");
}

/// What goes into a sprint that is in planning can be proposed.
#[test]
fn the_product_manager_proposes_what_goes_into_a_sprint() {
    let mut stage = planned(120, 35, Role::Pm);
    stage.keys("4gg<space>").settle();
    assert!(stage.screen().contains("roposed to the PO"), "{}", stage.screen());
    assert_eq!(stage.app().session.product().all::<Proposal>().count(), 1);
}

#[test]
fn a_mouse_hand_plans_and_starts() {
    let mut stage = stage(120, 35, Role::Po);
    stage.click("4 Plan").click("[ ]▸ 1 S3");
    assert_eq!(inside(&mut stage, 4), [3]);
    stage.click("F fill");
    assert_eq!(inside(&mut stage, 4).len(), 7);
    stage.click("S s start sprint").keys("“Go”").click("Enter starts it");
    assert!(running(stage.app().session.product()).is_some(), "{}", stage.screen());
}

#[test]
fn the_box_and_the_line_are_buttons() {
    let mut stage = planned(120, 35, Role::Po);
    stage.keys("4").click("──── capacity 21").keys("<c-u>“5”<enter>");
    assert!(stage.screen().contains("13 of 5. 8 too many."), "{}", stage.screen());
    stage.click("A rider can change plans").keys("<c-u>“Go”<enter>").settle();
    assert_eq!(&*in_planning(stage.app().session.product())[0].goal, "Go");
}

#[test]
fn words_in_a_goal_stay_as_they_were_written() {
    let mut stage = planned(120, 35, Role::Po);
    stage.keys("4Sg<c-u>“Say {undo} twice”<enter>");
    assert!(stage.screen().contains("Goal     Say {undo} twice"), "{}", stage.screen());
}

#[test]
fn before_there_is_a_sprint_its_days_are_proposed() {
    let mut stage = stage(120, 35, Role::Po);
    assert!(stage.keys("4").screen().contains("not created yet"), "{}", stage.screen());
    stage.keys("F<space><space>").settle();
    assert_eq!(inside(&mut stage, 4).len(), 5, "two of seven went out again");
}

#[test]
fn an_empty_plan_says_what_goes_here() {
    let mut stage = Stage::empty(80, 24, Role::Po);
    assert!(stage.keys("4").screen().contains("No open story is left to plan. a adds one here"), "{}", stage.screen());
    stage.keys("a“Ring the bell”<enter>");
    assert!(
        stage.screen().contains("1 story, none ready. Ready means: points, a why that still applies"),
        "{}",
        stage.screen()
    );
    stage.keys("F");
    assert!(stage.screen().contains("How many from the top?"), "{}", stage.screen());
}

#[test]
fn sized_stories_that_lack_a_why_are_planned_by_points() {
    let mut stage = Stage::empty(100, 30, Role::Both);
    stage.keys("3a“One”<enter>“Two”<enter>“Three”<enter><esc>ggp5<enter><down>p3<enter><down>p8<enter>4F");
    assert!(stage.screen().contains("How many points from the top?"), "{}", stage.screen());
    stage.keys("“10”<enter>").settle();
    let product = stage.app().session.product();
    let inside = product.all::<BacklogItem>().filter(|item| item.sprint.is_some());
    assert!(inside.filter_map(|item| item.points).map(|points| points.as_f64()).sum::<f64>() <= 10.0);
    assert!(product.all::<BacklogItem>().any(|item| item.sprint.is_some()), "{}", stage.screen());
}

#[test]
fn order_and_carrying_stay_among_what_is_ready() {
    let mut stage = planned(120, 35, Role::Po);
    stage.keys("4+");
    assert!(stage.screen().contains("It is already at the top."), "{}", stage.screen());
    stage.keys("-").settle();
    let order = |stage: &mut Stage| -> Vec<u32> {
        let product = stage.app().session.product();
        product.all::<BacklogItem>().map(|item| item.number).filter(|number| [3, 4].contains(number)).collect()
    };
    assert_eq!(order(&mut stage), [4, 3]);
    stage.keys("m<up><enter>").settle();
    assert_eq!(order(&mut stage), [3, 4]);
}

#[test]
fn heard_it_is_sentences() {
    let mut stage = planned(80, 24, Role::Po);
    stage.app().ui.settings.accessible = true;
    stage.app().ui.theme.bare = true;
    stage.keys("4");
    assert!(stage.screen().contains("here capacity 21 is reached"), "{}", stage.screen());
    stage.keys("<tab><tab>");
    let screen = stage.screen();
    assert!(screen.contains("13 of 21 points, 8 free") && screen.contains("likely 21, safe 19"), "{screen}");
    assert!(!screen.contains('#') && !screen.contains('█'), "{screen}");
}

#[test]
fn in_ascii_the_bars_are_told_apart() {
    let mut stage = planned(120, 35, Role::Po).with_theme(Theme::plain().with_ascii());
    stage.keys("4V V").settle();
    insta::assert_snapshot!(stage.screen());
}

macro_rules! screens {
    ($($name:ident: $columns:literal x $rows:literal, $role:ident, $keys:literal;)*) => { $(
        #[test]
        fn $name() {
            let mut stage = planned($columns, $rows, Role::$role);
            stage.keys($keys);
            insta::assert_snapshot!(stage.styled());
        }
    )* };
}

screens! {
    plan_120x35: 120 x 35, Po, "4";
    plan_pm_120x35: 120 x 35, Pm, "4 jj";
    plan_80x24: 80 x 24, Po, "4";
    plan_how_80x24: 80 x 24, Both, "4 G <tab><tab>";
    plan_60x20: 60 x 20, Po, "4 jjj";
    plan_40x10: 40 x 10, Po, "4 jjjjjjjj";
    plan_start_120x35: 120 x 35, Po, "4 S s";
    plan_start_80x24: 80 x 24, Po, "4 S s <tab><tab>";
    plan_start_40x10: 40 x 10, Po, "4 S s";
}

/// One meaning of ready: the filter of the backlog, the list of the plan, and the mark in the backlog's rows.
#[test]
fn ready_means_the_same_in_the_backlog_and_in_the_plan() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3fr").settle();
    let filtered: Vec<_> = stage.app().ui.rows.rows.iter().map(|row| row.id).collect();
    assert!(filtered.len() > 2, "{}", stage.screen());
    let marked = stage.screen().lines().filter(|line| line.contains(" ✓ ")).count();
    assert_eq!(marked, filtered.len(), "{}", stage.screen());
    stage.keys("<esc>4").settle();
    let planned: Vec<_> = stage.app().ui.rows.rows.iter().map(|row| row.id).collect();
    assert!(stage.screen().contains(&format!("{} ready", filtered.len())), "{}", stage.screen());
    assert_eq!(planned[..filtered.len()], filtered[..]);
}

/// What the points go to is never cut off silently: the last line sums up the rest.
#[test]
fn all_that_the_points_go_to_is_told() {
    let mut stage = Stage::empty(120, 35, Role::Both);
    let mut lines = String::from("{\"do\":\"as\",\"role\":\"both\",\"by\":\"Zoe\"}\n");
    for n in 1..=7 {
        lines.push_str(&format!(
            "{{\"do\":\"add\",\"kind\":\"roadmap\",\"ref\":\"r{n}\",\"set\":{{\"title\":\"Why {n}\"}}}}\n"
        ));
        lines.push_str(&format!(
            "{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"Story {n}\",\"points\":2,\"serves\":\"r{n}\",\"criteria\":[\"It works\"]}}}}\n"
        ));
    }
    assert_eq!(batch(stage.data.path(), &[], &lines).0, 0);
    let begun = std::time::Instant::now();
    while stage.app().session.product().items().len() < 7 {
        assert!(begun.elapsed() < std::time::Duration::from_secs(20));
        stage.app().session.look();
        stage.app().poll();
    }
    stage.keys("4").settle();
    for _ in 0..7 {
        stage.keys("<space>").settle();
    }
    let screen = stage.screen();
    assert!(screen.contains("Goes to") && screen.contains("and 4 more: 8"), "{screen}");
}

/// A backlog imported an hour ago has no points, no criteria and no whys. It can be planned all the same.
#[test]
fn a_backlog_in_which_nothing_is_ready_is_planned_in_a_few_keys() {
    let issue = |number: u32| {
        json!({"number": number, "title": format!("Ferry {number}"), "state": "open", "body": "Late.",
        "user": {"login": "ines"}, "labels": [], "created_at": "2026-01-02T03:04:05Z",
        "html_url": format!("https://github.com/acme/ferry/issues/{number}")})
    };
    let mut stage = Stage::imported(&(1..188).map(issue).collect(), 100, 30, Role::Po);
    stage.keys("4");
    let screen = stage.screen();
    assert!(screen.contains("187 stories, none ready") && screen.contains("plans a story all the same"), "{screen}");
    stage.pressed = 0;
    stage.keys("F");
    assert!(stage.screen().contains("No story is ready (no points: 187, no why: 187)"), "{}", stage.screen());
    stage.keys("“5”<enter>");
    assert_eq!(stage.pressed, 2);
    assert_eq!(in_the_sprint(&mut stage), 5, "{}", stage.screen());
    stage.keys("u");
    assert_eq!(in_the_sprint(&mut stage), 0, "one act, one undo");
    // A team that asks for less says so once: then all of them are ready.
    stage.keys("7");
    let screen = stage.screen();
    assert!(screen.contains("Definition of Ready") && screen.contains("not asked for"), "{screen}");
    let lines = "{\"do\":\"set\",\"on\":\"product\",\"set\":{\"ready_points\":\"no\",\"ready_why\":\"no\"}}\n";
    let (code, _, said) = batch(stage.data.path(), &["--as", "po", "--by", "Omar"], lines);
    assert_eq!(code, 0, "{said}");
    let mut stage = stage_again(stage);
    stage.keys("4");
    assert!(stage.screen().contains("187 ready"), "{}", stage.screen());
    stage.keys("F“3”<enter>");
    assert_eq!(in_the_sprint(&mut stage), 3, "a team without sizes counts stories: {}", stage.screen());
}

fn stage_again(mut stage: Stage) -> Stage {
    stage.reopen();
    stage
}

fn in_the_sprint(stage: &mut Stage) -> usize {
    stage.settle();
    stage.app().session.product().all::<BacklogItem>().filter(|item| item.sprint.is_some()).count()
}

#[test]
fn fill_asks_for_a_capacity_and_says_what_it_passed_over() {
    let mut stage = Stage::empty(120, 35, Role::Both);
    stage.keys("2a“Faster”<enter> A“One”<down>“Two”<down>“Three”<enter> 3gg p8<down>p5<down>p13<enter>");
    stage.keys("4F");
    assert!(stage.screen().contains("how many points fit"), "{}", stage.screen());
    stage.keys("“10”<enter>");
    assert_eq!(in_the_sprint(&mut stage), 1);
    let screen = stage.screen();
    assert!(screen.contains("Passed over: S2 (5) does not fit, S3 (13) does not fit"), "{screen}");
    stage.keys("u");
    assert_eq!(in_the_sprint(&mut stage), 0, "capacity and stories are one act: {}", stage.screen());
    assert_eq!(stage.app().session.product().all::<Sprint>().count(), 0);
}

/// The Definition of Ready is edited where the Definition of Done is, and the marks follow it.
#[test]
fn the_definition_of_ready_is_the_teams() {
    let mut stage = Stage::empty(120, 35, Role::Both);
    stage.keys("2a“Faster”<enter> A“One”<enter> 3gg p8");
    let is_ready = |stage: &mut Stage| {
        stage.keys("3gg");
        stage.screen().lines().find(|line| line.contains("1 S1 One")).unwrap().contains("8 ✓")
    };
    assert!(is_ready(&mut stage), "{}", stage.screen());
    for (row, keys) in [("Criterion", "<enter>1"), ("Size limit", "<enter>“5”<enter>")] {
        stage.keys("7<esc><tab><tab>gg");
        let mut moves = 0;
        while !stage.screen().contains(&format!("▸{row}")) {
            stage.keys("j");
            moves += 1;
            assert!(moves < 30, "{row}: {}", stage.screen());
        }
        stage.keys(keys);
        assert!(!is_ready(&mut stage), "{row}: {}", stage.screen());
        stage.keys("u");
        assert!(is_ready(&mut stage), "{row}: {}", stage.screen());
    }
}

/// One closed sprint is no velocity yet, so a number is asked for: what the last sprint had stands there, and typing
/// replaces it.
#[test]
fn the_capacity_of_the_last_sprint_is_proposed() {
    const ONE: &str = r#"{"do":"as","role":"both","by":"Omar"}
{"do":"run","command":"sprint.new","with":{"goal":"Cancel alone","start":"2026-11-02","end":"2026-11-06","capacity":13}}
{"do":"run","command":"sprint.plan","with":{"items":["S3"]}}
{"do":"run","command":"sprint.start","with":{}}
{"do":"run","command":"sprint.close","with":{"result":"not"}}
"#;
    let mut stage = Stage::after("bike-doctor.jsonl", ONE, 120, 35, Role::Both);
    stage.keys("4F");
    let screen = stage.screen();
    assert!(screen.contains("how many points fit into the sprint (as in sprint 1)? 13"), "{screen}");
    stage.keys("<enter>").settle();
    let screen = stage.screen();
    assert!(screen.contains("for 13 points"), "{screen}");
    stage.keys("uF“5”<enter>").settle();
    let screen = stage.screen();
    assert!(screen.contains("for 5 points"), "{screen}");
}

/// No number is asked for where none would change anything, and no hint names a key that does nothing.
#[test]
fn with_nothing_left_the_plan_says_where_to_go() {
    let mut stage = Stage::empty(120, 35, Role::Both);
    stage.keys("4");
    let screen = stage.screen();
    assert!(screen.contains("No open story is left to plan. a adds one here"), "{screen}");
    assert!(
        !screen.contains("F fill") && !screen.contains("Space makes one") && !screen.contains("F creates"),
        "{screen}"
    );
    stage.keys("F");
    let screen = stage.screen();
    assert!(
        !screen.contains("how many points") && screen.contains("No open story is left to plan. a adds"),
        "{screen}"
    );
    // All that is ready is in, and no capacity is known.
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("4VF").settle();
    let screen = stage.screen();
    assert!(!screen.contains("how many points") && screen.contains("no other story is ready"), "{screen}");
}

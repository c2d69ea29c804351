//! The roadmap on a line of weeks: what is drawn, what a promise is held against, what moves with the keys.

use crate::harness::stage::Stage;
use whyhow::model::role::Role;
use whyhow::model::value::When;
use whyhow::tui::term::theme::Theme;

pub fn day_of_the_review() -> When {
    When::parse("2026-11-20T16:00:00+01:00").unwrap()
}

fn stage(columns: u16, rows: u16, role: Role) -> Stage {
    Stage::of_day("review.jsonl", day_of_the_review, columns, rows, role)
}

macro_rules! screens {
    ($($name:ident: $columns:literal x $rows:literal, $role:ident, $keys:literal;)*) => { $(
        #[test]
        fn $name() {
            let mut stage = stage($columns, $rows, Role::$role);
            stage.keys($keys);
            insta::assert_snapshot!(stage.styled());
        }
    )* };
}

screens! {
    timeline_120x35: 120 x 35, Pm, "2 t j";
    timeline_80x24: 80 x 24, Po, "2 t j";
    timeline_60x20: 60 x 20, Pm, "2 t j";
    timeline_40x10: 40 x 10, Pm, "2 t j";
}

#[test]
fn the_timeline_is_told_apart_without_colours_and_without_signs_beyond_ascii() {
    let mut stage = stage(100, 28, Role::Pm).with_theme(Theme::plain().with_ascii());
    stage.keys("2 t");
    let screen = stage.screen();
    assert!(
        screen.lines().filter(|line| line.contains('|')).all(|line| !line.contains(['█', '▓', '░', '◆'])),
        "{screen}"
    );
    insta::assert_snapshot!(screen);
}

#[test]
fn the_timeline_is_two_keys_away_and_turns_back_to_the_columns() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("2 j t");
    assert_eq!(stage.pressed, 3);
    let screen = stage.screen();
    assert!(screen.contains("R2 forecast") && screen.contains("The promise of 19 Dec"), "{screen}");
}

#[test]
fn weeks_scroll_and_an_item_goes_to_another_horizon() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("2 t");
    let before = stage.screen();
    let months = |screen: &str| screen.lines().nth(2).unwrap_or_default().to_string();
    stage.keys("<right>");
    assert_ne!(months(&stage.screen()), months(&before));
    stage.keys("<left>");
    assert_eq!(months(&stage.screen()), months(&before));
    stage.click("→");
    assert_ne!(months(&stage.screen()), months(&before), "the arrow is a button");
    stage.keys("j >");
    let screen = stage.screen();
    assert!(screen.contains("R2 Now → Next"), "{screen}");
}

#[test]
fn a_promise_is_typed_in_words_and_held_against_the_safe_forecast() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("2 t jj s d “+2w” <enter>");
    let screen = stage.screen();
    assert!(screen.contains("The promise of 4 Dec does not hold"), "{screen}");
    assert!(screen.contains("Promise  4 Dec 2026"), "{screen}");
    let product = stage.app().session.product();
    let item = product.all::<whyhow::model::schema::RoadmapItem>().find(|item| item.number == 3).unwrap();
    assert_eq!(item.promised_on.unwrap().to_string(), "2026-11-20", "when it was made is written beside it");
    stage.keys("u");
    assert!(!stage.screen().contains("The promise of 4 Dec"), "undo takes the promise and its day back");
    stage.keys("3 s d");
    let screen = stage.screen();
    assert!(screen.contains(" depends on ━"), "of a story it is what comes before it: {screen}");
}

#[test]
fn a_promise_and_its_verdict_are_read_in_every_window() {
    for (columns, rows) in [(120, 35), (80, 24), (60, 20)] {
        let mut stage = stage(columns, rows, Role::Pm);
        stage.keys("2 t jj s d “+2w” <enter> t t a“Ferry”<enter><esc>").settle();
        let screen = stage.screen();
        assert!(screen.contains("does not hold"), "{columns}x{rows}: {screen}");
    }
}

#[test]
fn who_hears_the_screen_is_told_in_sentences() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.app().ui.settings.accessible = true;
    stage.app().ui.theme.bare = true;
    stage.keys("2 t");
    let screen = stage.screen();
    assert!(
        screen.contains("Book in two taps, Now, 100 % of points, 6 of 6 stories, 0 points left, nothing is open"),
        "{screen}"
    );
    assert!(screen.contains("likely sprint 6, ends 18 Dec, "), "{screen}");
}

#[test]
fn scripts_read_the_promise_beside_the_forecast() {
    let mut stage = stage(80, 24, Role::Pm);
    stage.settle();
    let output = crate::harness::scratch::whyhow(stage.data.path())
        .args(["--product", "Bike Doctor", "show", "forecast", "--json", "--now", "2026-11-20T16:00:00+01:00"])
        .output()
        .unwrap();
    let shown: whyhow::model::value::Value = serde_json::from_slice(&output.stdout).unwrap();
    let row = shown["roadmap"].as_array().unwrap().iter().find(|row| row["number"] == "R2").unwrap();
    assert_eq!(row["promise"]["date"], "2026-12-19");
    assert_eq!((&row["promise"]["to"], &row["promise"]["made"]), (&"the pilot shops".into(), &"2026-11-11".into()));
    let spare = row["promise"]["spare"].as_i64().unwrap();
    assert_eq!(row["promise"]["holds"], spare >= 0);
}

screens! {
    changes_120x35: 120 x 35, Pm, "2 t t jjj";
    changes_80x24: 80 x 24, Po, "2 t t jjj";
    changes_60x20: 60 x 20, Pm, "2 t t";
    changes_40x10: 40 x 10, Pm, "2 t t";
}

#[test]
fn what_moved_since_the_last_version_is_three_keys_away() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("2 t t");
    assert_eq!(stage.pressed, 3);
    let screen = stage.screen();
    for words in [
        "since version 2, ratified 6 Nov",
        "WHY  R2  Measure target 50 → 55 %",
        "HOW  R2  grew 21 → 27 points (S8, S17)",
        "HOW  R2  Risk Six of 24 shops",
        "DATE R2  safe forecast 18 Dec → 1 Jan 2027",
        "HOW  R1  done 23 → 34 of 34 points (S5, S",
        "WHY  R1  Measure read 17 → 9 %",
        "WHY  R2  Promise 19 Dec to the pilot shops",
        "WHY  R5  Serves: G1 → G2",
        "WHY  R5  Horizon: Next → Later",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    stage.keys("f p");
    let screen = stage.screen();
    assert!(
        screen.contains("since the close of sprint 3"),
        "the close before a review that is still to come: {screen}"
    );
    stage.keys("f d “16 nov” <enter>");
    let screen = stage.screen();
    assert!(!screen.contains("Measure target") && screen.contains("grew 21 → 27"), "{screen}");
    stage.keys("f v");
    assert!(stage.screen().contains("Measure target"));
}

/// An item that changed its place in its column has changed, too.
#[test]
fn the_order_of_the_roadmap_is_among_what_moved() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("2gg j +").settle();
    let screen = stage.keys("t t").screen();
    assert!(screen.contains("Order: 2nd → 1st in Now"), "{screen}");
}

#[test]
fn the_panes_compare_and_the_stories_are_confirmed_from_here() {
    let mut stage = stage(120, 35, Role::Both);
    stage.keys("2 t t");
    let at = whyhow::tui::view::roadmap::changes::moved_now(&stage.app().ui)
        .iter()
        .position(|one| one.what.starts_with("Measure target"))
        .unwrap();
    stage.keys(&"j".repeat(at));
    let screen = stage.screen();
    assert!(screen.contains("- Bookings made, 38 → 50 %") && screen.contains("+ Bookings made, 38 → 55 %"), "{screen}");
    assert!(screen.contains("S7 !") && screen.contains("Agreed before this why"), "{screen}");
    stage.keys("C");
    let screen = stage.screen();
    assert!(screen.contains("No story asks for another look"), "{screen}");
    match stage.keys("y").press(crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char('m'))) {
        whyhow::tui::app::LoopRequest::Copy(clip) => assert!(format!("{clip:?}").contains("changes on the roadmap")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn ratifying_freezes_a_version_and_nothing_has_moved_since() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("2 t t : “ratify” <enter> “Prices for several repairs.” <enter>");
    let screen = stage.screen();
    assert!(screen.contains("Version 3 is ratified and keeps 6 items with their forecasts"), "{screen}");
    assert!(screen.contains("Nothing has changed since version 3"), "{screen}");
    stage.keys("u");
    assert!(stage.screen().contains("Undo stops at “Ratified"), "undo stops there: {}", stage.screen());
    stage.keys("2 t t : “ratify” <enter> <esc>");
    let mut po = crate::screens::timeline::stage(120, 35, Role::Po);
    po.keys(": “ratify” <enter>");
    assert!(po.screen().contains("owns the roadmap"), "{}", po.screen());
}

#[test]
fn the_first_ratify_works_too_and_asks_for_something_in_now() {
    let mut stage = Stage::empty(100, 28, Role::Pm);
    stage.keys("2 a “One” <enter> : “ratify” <enter> <enter>");
    assert!(stage.screen().contains("Nothing on the roadmap is in Now"), "{}", stage.screen());
    stage.keys("<esc> <esc>");
    let mut stage = Stage::new(100, 28, Role::Pm);
    stage.keys("2 t t");
    assert!(stage.screen().contains("the beginning (nothing is ratified yet)"), "{}", stage.screen());
    stage.keys(": “ratify” <enter> <enter>");
    assert!(stage.screen().contains("Version 1 is ratified"), "{}", stage.screen());
}

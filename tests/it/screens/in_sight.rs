//! What is in force stays in sight, and what is not on the screen is not acted on.

use crate::harness::stage::Stage;
use whyhow::model::product::Product;
use whyhow::model::role::{Owner, Role};
use whyhow::model::schema::{BacklogItem, RoadmapItem, RoadmapResult, Stage as LifeStage};
use whyhow::model::value::When;

fn three(width: u16) -> Stage {
    let mut stage = Stage::empty(width, 30, Role::Both);
    stage.keys("3 a“One”<enter> a“Two”<enter> a“Three”<enter> <home>");
    stage.settle();
    stage
}

/// A product with a running sprint.
fn board(columns: u16, rows: u16) -> Stage {
    let tuesday = || When::parse("2026-12-01T10:00:00+01:00").unwrap();
    Stage::of("running-sprint.jsonl", tuesday, columns, rows, Role::Both)
}

fn product(stage: &mut Stage) -> Product {
    stage.settle();
    stage.app().session.product().clone()
}

fn points(stage: &mut Stage) -> Vec<Option<String>> {
    product(stage).all::<BacklogItem>().map(|item| item.points.map(|points| points.to_string())).collect()
}

#[test]
fn ticks_stay_through_acts_and_filters_and_only_what_is_shown_is_changed() {
    let mut stage = three(120);
    stage.keys("<space><space>p3");
    assert_eq!(points(&mut stage), [Some("3".into()), Some("3".into()), None]);
    assert!(stage.screen().contains("2 ticked"), "{}", stage.screen());
    // A find hides one of them: the act is about the other alone.
    stage.keys("/“Two”<enter>");
    assert!(stage.screen().contains("2 ticked, 1 hidden · find: Two"), "{}", stage.screen());
    stage.keys("p5");
    assert_eq!(points(&mut stage), [Some("3".into()), Some("5".into()), None]);
    // With both hidden, the act is about the selected row.
    stage.keys("/“Three”<enter>");
    assert!(stage.screen().contains("2 ticked, all hidden"), "{}", stage.screen());
    stage.keys("p8");
    assert_eq!(points(&mut stage), [Some("3".into()), Some("5".into()), Some("8".into())]);
    // One key drops the ticks, the next one the find.
    stage.keys("<esc>");
    assert!(
        !stage.screen().contains("2 ticked, all hidden") && stage.screen().contains("find: Three"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>");
    assert!(!stage.screen().contains("find:"), "{}", stage.screen());
}

#[test]
fn tick_all_takes_the_rest_before_it_takes_them_away() {
    let mut stage = three(120);
    stage.keys("<space>V");
    assert!(stage.screen().contains("3 ticked"), "{}", stage.screen());
    stage.keys("V");
    assert_eq!(stage.app().ui.ticked.len(), 0);
}

#[test]
fn filters_and_ticks_are_shown_where_room_is_short_and_in_columns() {
    let mut stage = three(60);
    stage.keys("<space>fe/“o”<enter>");
    assert!(stage.screen().contains("1 ticked · no points"), "{}", stage.screen());
    let mut stage = board(80, 24);
    for view in ["2", "5"] {
        stage.keys(view).keys("<space>/“a”<enter>");
        let screen = stage.screen();
        assert!(screen.contains("1 ticked") && screen.contains("find: a"), "{screen}");
        stage.keys("<esc><esc>");
    }
}

#[test]
fn beside_a_chart_in_full_size_nothing_is_selected() {
    let mut stage = board(120, 35);
    stage.keys("5");
    let (before, chosen) = (product(&mut stage), stage.app().ui.place().chosen);
    stage.keys("t");
    assert!(stage.screen().contains("BURNDOWN"), "{}", stage.screen());
    for keys in ["V", "<space>", "v", "p", "dd", "dn", "sb", ">", "<", "e", "<enter>", "ms", "c"] {
        stage.keys(keys).keys("<esc>");
        assert!(stage.app().ui.layers.is_empty(), "{keys}: {}", stage.screen());
        assert_eq!(stage.app().ui.ticked.len(), 0, "{keys}");
        let now = stage.app().ui.place().chosen;
        assert_eq!(now, chosen, "{keys}: {}", stage.screen());
        assert!(product(&mut stage) == before, "{keys} changed something: {}", stage.screen());
    }
    stage.keys("tt");
    assert_eq!(stage.app().ui.place().chosen, chosen, "the card is still the selected one");
}

#[test]
fn turning_from_a_pane_shows_what_was_asked_for() {
    for (view, want) in [("5", "BURNDOWN"), ("2", "timeline"), ("3", "BACKLOG")] {
        let mut stage = board(60, 17);
        stage.keys(view).keys("<tab>t");
        assert!(stage.screen().contains(want), "{view}: {}", stage.screen());
    }
}

#[test]
fn the_line_under_a_story_stands_where_the_part_will() {
    let mut stage = three(120);
    stage.keys("A“First part”<enter>").keys("<home>").keys("A“Second part”");
    let screen = stage.screen();
    let rows: Vec<&str> = screen.lines().filter(|line| line.starts_with('│')).collect();
    let at =
        |words: &str| rows.iter().position(|row| row.contains(words)).unwrap_or_else(|| panic!("{words}: {screen}"));
    assert_eq!((at("First part"), at("Second part"), at("Two")), (at("One") + 1, at("One") + 2, at("One") + 3));
    stage.keys("<enter>");
    let product = product(&mut stage);
    let all: Vec<_> = product.all::<BacklogItem>().map(|item| (item.title.to_string(), item.parent)).collect();
    let one = product.all::<BacklogItem>().next().unwrap().id;
    let titles: Vec<&str> = all.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, ["One", "First part", "Second part", "Two", "Three"]);
    assert_eq!(all[1].1.zip(all[2].1), Some((one, one)));
}

#[test]
fn retiring_asks_first_and_can_be_taken_back() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let life = |stage: &mut Stage| product(stage).vision().unwrap().stage;
    let before = life(&mut stage);
    stage.keys("1<home>");
    for _ in 0..30 {
        if stage.screen().lines().any(|line| line.contains("▸Stage")) {
            break;
        }
        stage.keys("j");
    }
    stage.keys("<enter>“retired”<enter>");
    assert!(stage.screen().contains("A retired product is kept"), "{}", stage.screen());
    stage.keys("<enter>");
    assert_eq!(life(&mut stage), before, "Enter twice does not retire a product");
    stage.keys("<enter>“retired”<enter>2");
    assert_eq!(life(&mut stage), LifeStage::Retired, "{}", stage.screen());
    stage.keys("3a“Too late”<enter>");
    assert!(stage.screen().contains("is retired"), "{}", stage.screen());
    stage.keys("<esc>u");
    assert_eq!(life(&mut stage), before, "{}", stage.screen());
}

#[test]
fn an_undo_barrier_says_how_to_go_on() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys(":“ratify”<enter>“first”<enter>");
    stage.keys("u");
    let screen = stage.screen();
    assert!(screen.contains("Undo stops at “Ratified the roadmap"), "{screen}");
    let said = stage.app().ui.messages.back().cloned().unwrap();
    assert!(said.contains("taken back one change at a time in the history ({go.history})"), "{said}");
    // In the history, the change before it is undone by a change of its own.
    stage.keys("9j").settle();
}

#[test]
fn several_roadmap_items_are_declined_with_one_reason() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2<space><space>ss4");
    // Without its reason the box stays, and what is typed is the reason.
    stage.keys("<enter>");
    assert_eq!(stage.app().ui.layers.len(), 1, "{}", stage.screen());
    stage.keys("“Not this year”<enter>");
    let declined: Vec<String> = product(&mut stage)
        .all::<RoadmapItem>()
        .filter(|item| item.result == RoadmapResult::Declined)
        .map(|item| item.reason.to_string())
        .collect();
    assert_eq!(declined, ["Not this year", "Not this year"], "{}", stage.screen());
}

/// What whyhow computes is no field to edit: no pane of no view has a row for it.
#[test]
fn what_is_computed_is_no_field() {
    let mut stage = board(120, 35);
    let mut seen = 0;
    for view in "1234567".chars() {
        stage.keys(&view.to_string());
        for pane in 0..2 {
            stage.keys("<tab>");
            for _ in 0..40 {
                let app = stage.app();
                let row = whyhow::tui::widget::pane::row_under_cursor(&app.ui, app.session.product());
                if let Some((_, field)) = row.and_then(|row| row.field()) {
                    assert!(field.owner != Owner::System, "view {view}, pane {pane}: {}", field.key);
                    seen += 1;
                }
                stage.keys("j");
            }
        }
        stage.keys("<esc><esc>");
    }
    assert!(seen > 100, "{seen} rows were looked at");
}

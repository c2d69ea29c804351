//! Writing the product as a file at the keyboard: the report, other forms, the view that is open.

use crate::harness::stage::Stage;
use std::time::{Duration, Instant};
use whyhow::model::role::Role;
use whyhow::store::products::Data;

/// The stage with a home folder of its own.
fn stage(columns: u16, rows: u16) -> (Stage, tempfile::TempDir) {
    let mut stage = Stage::new(columns, rows, Role::Both);
    let home = tempfile::tempdir().unwrap();
    let data = Data(stage.data.path().to_path_buf());
    let here = data.find(Some("Bike Doctor")).unwrap().id;
    let app = stage.app();
    app.ui.elsewhere.data = Some(data);
    app.ui.elsewhere.here = here;
    app.ui.elsewhere.home = Some(home.path().to_path_buf());
    (stage, home)
}

/// Waits until the file is written.
fn written(stage: &mut Stage) -> String {
    let begun = Instant::now();
    while stage.app().refreshes_in().is_some() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it was never written");
        std::thread::sleep(Duration::from_millis(2));
    }
    stage.screen()
}

#[test]
fn the_report_is_two_enters_away_and_says_what_it_leaves_out() {
    let (mut stage, home) = stage(80, 24);
    let screen = stage.keys(":“report”<enter>").screen();
    assert!(screen.contains("~/bike-doctor.html") && screen.contains("For           team"), "{screen}");
    stage.keys("<enter>");
    let screen = written(&mut stage);
    assert!(screen.contains("Written: "), "{screen}");
    let report = std::fs::read_to_string(home.path().join("bike-doctor.html")).unwrap();
    assert!(report.contains("Bike Doctor") && report.contains("Cancel without a phone call"));
    stage.keys("<enter>");
    assert!(stage.app().ui.layers.is_empty(), "Enter closes it");
    // For readers outside, and over the older file only when asked for twice.
    stage.keys(":“report”<enter>jj<space><space>");
    assert!(stage.screen().contains("For           outside"), "{}", stage.screen());
    let screen = stage.keys("<enter>").screen();
    assert!(screen.contains("That file exists already"), "{screen}");
    stage.keys("<enter>");
    let screen = written(&mut stage);
    assert!(screen.to_lowercase().contains("left out"), "{screen}");
}

/// What was left out scrolls where the box is too low for it.
#[test]
fn what_is_said_of_an_export_can_be_read_to_its_end() {
    let (mut stage, _home) = stage(60, 16);
    stage.keys(":“report”<enter>jj<space><space><enter>");
    let screen = written(&mut stage);
    assert!(screen.contains(" more ") && screen.contains("Written: "), "{screen}");
    for _ in 0..40 {
        stage.keys("j");
    }
    let end = stage.screen();
    assert!(!end.contains(" more ") && end != screen, "{end}");
    assert_ne!(stage.keys("k").screen(), end, "one key goes back");
}

#[test]
fn the_ending_of_the_file_sets_the_format_unless_somebody_chose_one() {
    let (mut stage, home) = stage(80, 24);
    stage.keys(":“export”<enter><space><c-u>“~/out.csv”<enter>");
    assert!(stage.screen().contains("Format        CSV"), "{}", stage.screen());
    stage.keys("<enter>");
    written(&mut stage);
    let text = std::fs::read_to_string(home.path().join("out.csv")).unwrap();
    assert!(text.lines().next().unwrap().contains(','), "a table: {text}");
    stage.keys("<enter>:“export”<enter>j<space>k<space><c-u>“~/out.json”<enter>");
    let screen = stage.screen();
    assert!(screen.contains("The ending of the file means"), "{screen}");
}

#[test]
fn another_form_and_another_place_are_typed_and_refusals_stay() {
    let (mut stage, home) = stage(100, 30);
    stage.keys(":“export”<enter>");
    stage.keys("<space><c-u>“~/none/backlog.csv”<enter>j");
    while !stage.screen().contains("Format        CSV\u{20}") && !stage.screen().contains("Format        CSV ") {
        stage.keys("<right>");
        assert!(stage.pressed < 100, "{}", stage.screen());
    }
    stage.keys("<enter>");
    let screen = written(&mut stage);
    assert!(screen.contains("does not exist"), "{screen}");
    stage.keys("“somewords”");
    assert!(stage.screen().contains("~/none/backlog.csv"), "it stays open: {}", stage.screen());
    stage.keys("<home><space><c-u>“~/back”<enter><enter>");
    let screen = written(&mut stage);
    assert!(screen.contains("Written: "), "{screen}");
    let table = std::fs::read_to_string(home.path().join("back")).unwrap();
    assert!(table.lines().next().unwrap().contains("title"), "{table}");
}

#[test]
fn the_open_view_is_exported_as_its_page() {
    let (mut stage, home) = stage(100, 30);
    stage.keys("2:“export this”<enter>");
    assert!(stage.screen().contains("View          roadmap"), "{}", stage.screen());
    stage.keys("<enter>");
    written(&mut stage);
    let page = std::fs::read_to_string(home.path().join("bike-doctor-roadmap.md")).unwrap();
    assert!(page.contains("R1") && !page.contains("Definition of Done"), "{page}");
    // What is typed at the box that is done lands in no row.
    stage.keys("“: export this”");
    assert!(stage.screen().contains("Enter or Esc closes this box"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(stage.app().ui.layers.is_empty());
    // The changes are written as they are shown.
    stage.keys("tt:“export this”<enter>");
    assert!(stage.screen().contains("~/bike-doctor-changes.md"), "{}", stage.screen());
    stage.keys("<enter>");
    written(&mut stage);
    let page = std::fs::read_to_string(home.path().join("bike-doctor-changes.md")).unwrap();
    assert!(page.contains("changes on the roadmap since"), "{page}");
    // The history has no page.
    let screen = stage.keys("<esc>9:“export this”<enter>").screen();
    assert!(screen.contains("no page of its own"), "{screen}");
}

/// A day that is none is said while it is typed, and the line stays open; a view stays chosen while the formats go by.
#[test]
fn what_is_typed_is_checked_at_once_and_the_view_stays() {
    let (mut stage, _home) = stage(100, 30);
    stage.keys(":“report”<enter>jjj<space>“2026-13”");
    assert!(stage.screen().contains("\"2026-13\" is not a day"), "{}", stage.screen());
    let screen = stage.keys("<enter>").screen();
    assert!(screen.contains("is not a day"), "{screen}");
    let screen = stage.keys("<c-u>“2026-03-02”<enter>").screen();
    assert!(screen.contains("Since         2026-03-02"), "{screen}");
    stage.keys("<esc><esc>3:“export this”<enter>");
    let view = |stage: &mut Stage| stage.screen().contains("View          backlog");
    assert!(view(&mut stage), "{}", stage.screen());
    stage.keys("j<right>");
    assert!(!view(&mut stage), "another format: {}", stage.screen());
    stage.keys("<left>");
    assert!(view(&mut stage), "{}", stage.screen());
    for _ in 0..12 {
        stage.keys("<right>");
        if stage.screen().contains("Mermaid") {
            stage.keys("j<space>k");
            break;
        }
    }
    for _ in 0..12 {
        stage.keys("<left>");
        if view(&mut stage) {
            return;
        }
    }
    panic!("the view is gone: {}", stage.screen());
}

/// What the page cannot tell is said with the keys that fill it.
#[test]
fn the_sheet_says_what_is_missing_on_the_page_and_what_fills_it() {
    let mut stage = Stage::empty(100, 40, Role::Both);
    let home = tempfile::tempdir().unwrap();
    let data = Data(stage.data.path().to_path_buf());
    let app = stage.app();
    app.ui.elsewhere.here = data.list()[0].id.clone();
    app.ui.elsewhere.data = Some(data);
    app.ui.elsewhere.home = Some(home.path().to_path_buf());
    stage.keys(":“report”<enter><enter>");
    let screen = written(&mut stage);
    assert!(screen.contains("Not on the page: goals. On the screen, 1, then a adds a goal."), "{screen}");
    assert!(!screen.contains('{'), "{screen}");
}

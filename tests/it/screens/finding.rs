//! Finding: by number, by any text, in a tree, everywhere, and from there to the page of the tool it came from.

use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde_json::{Value, json};
use whyhow::model::role::Role;
use whyhow::model::schema::BacklogItem;
use whyhow::tui::app::LoopRequest;

/// Fifty open issues. Every tenth speaks of a lighthouse, and number 2265 mentions number 2250.
fn issues() -> Value {
    let issue = |number: u32| {
        let body = match number {
            2265 => "Like #2250, but for boats.".to_string(),
            _ if number.is_multiple_of(10) => "Seen from the LIGHTHOUSE.".to_string(),
            _ => "Nothing to say.".to_string(),
        };
        let labels: Vec<Value> = if number.is_multiple_of(7) { vec![json!({"name": "harbour"})] } else { Vec::new() };
        json!({"number": number, "title": format!("Ferry {}", number * 3), "state": "open", "body": body,
            "user": {"login": "ines"}, "labels": labels, "created_at": "2026-01-02T03:04:05Z",
            "html_url": format!("https://github.com/acme/ferry/issues/{number}")})
    };
    Value::Array((2241..2291).map(issue).collect())
}

fn stage() -> Stage {
    Stage::imported(&issues(), 100, 30, Role::Po)
}

fn titles(stage: &mut Stage) -> Vec<String> {
    let app = stage.app();
    let product = app.session.product();
    app.ui.rows.rows.iter().map(|row| product.find(row.id).unwrap().title()).collect()
}

fn chosen_key(stage: &mut Stage) -> String {
    let app = stage.app();
    let id = app.ui.place().chosen.unwrap();
    app.session.product().get::<BacklogItem>(id).unwrap().source.as_ref().unwrap().key.clone()
}

fn ctrl(letter: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)
}

#[test]
fn an_imported_issue_is_found_by_its_number_and_its_page_opens_with_two_keys() {
    let mut stage = stage();
    stage.keys("3");
    stage.pressed = 0;
    stage.keys("/“2250”");
    assert_eq!(chosen_key(&mut stage), "2250", "the number means the issue, not the one that mentions it");
    assert_eq!(titles(&mut stage).len(), 2);
    let LoopRequest::Browse(clip) = stage.press(ctrl('o')) else { panic!("no page opened: {}", stage.screen()) };
    assert_eq!(stage.pressed, 2);
    assert_eq!(clip.text, "https://github.com/acme/ferry/issues/2250");
    // The find line is still open, and the number may be written as GitHub writes it.
    stage.keys("<esc>/“#2251”");
    assert_eq!(chosen_key(&mut stage), "2251");
    stage.keys("<enter>");
    let LoopRequest::Browse(clip) = stage.press(KeyEvent::from(KeyCode::Char('o'))) else {
        panic!("no page opened: {}", stage.screen())
    };
    assert!(clip.text.ends_with("/2251"));
    stage.keys("y");
    let LoopRequest::Copy(clip) = stage.press(KeyEvent::from(KeyCode::Char('u'))) else { panic!("nothing copied") };
    assert!(clip.text.ends_with("/2251"));
}

#[test]
fn a_find_reads_every_text_and_says_where_the_hit_lies() {
    let mut stage = stage();
    stage.keys("3/“lighthouse”");
    assert_eq!(titles(&mut stage).len(), 5);
    assert!(stage.screen().contains("· in notes"), "{}", stage.screen());
    // A capital makes case matter, in every text.
    stage.keys("<esc>/“Lighthouse”");
    assert_eq!(titles(&mut stage).len(), 0);
    stage.keys("<esc>/“LIGHTHOUSE”");
    assert_eq!(titles(&mut stage).len(), 5);
    for (words, found) in [("ines", 50), ("acme/ferry", 50), ("harbour ferry", 7), ("ferry lighthouse", 5)] {
        stage.keys(&format!("<esc>/“{words}”"));
        assert_eq!(titles(&mut stage).len(), found, "{words}");
    }
    // An edit is found at once.
    stage.keys("<esc>a“Moor at the new pier”<enter>/“PIER”<esc>/“new pier”");
    assert_eq!(titles(&mut stage), ["Moor at the new pier"]);
}

#[test]
fn a_find_in_a_tree_keeps_the_rows_above_a_hit() {
    let mut stage = Stage::new(100, 30, Role::Po);
    stage.keys("3t/“photo”");
    let titles = titles(&mut stage);
    let screen = stage.screen();
    let hit = titles.iter().position(|title| title.contains("photo")).unwrap();
    let app = stage.app();
    let rows = &app.ui.rows.rows;
    assert!(rows[hit].depth == 1 && rows[..hit].iter().any(|row| row.depth == 0), "{screen}");
    let heads = rows.iter().filter(|row| row.depth == 0).count();
    let all = app.session.product().all::<whyhow::model::schema::RoadmapItem>().count();
    assert!(heads < all, "a branch without a hit is left out\n{screen}");
}

#[test]
fn find_everywhere_reads_every_text_of_every_kind() {
    let mut stage = stage();
    stage.keys("1//“lighthouse”");
    assert!(stage.screen().contains("· in notes"), "{}", stage.screen());
    stage.keys("<esc>:“2263”<enter>");
    assert_eq!(chosen_key(&mut stage), "2263", "{}", stage.screen());
    let mut stage = Stage::new(100, 30, Role::Pm);
    stage.keys("3//“two taps”");
    assert!(stage.screen().contains("Book in two taps"));
}

#[test]
fn what_did_not_come_from_elsewhere_has_no_page() {
    let mut stage = Stage::new(100, 30, Role::Po);
    stage.keys("3");
    assert_eq!(stage.press(KeyEvent::from(KeyCode::Char('o'))), LoopRequest::Nothing);
    assert!(stage.screen().contains("only what came from another tool has one"), "{}", stage.screen());
}

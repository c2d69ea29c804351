//! The mouse: a hand that types nothing but text gets everywhere.

use crate::harness::stage::Stage;
use crossterm::event::MouseEventKind;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Horizon, RoadmapItem};
use whyhow::tui::term::layout::Focus;

fn titles(stage: &mut Stage) -> Vec<String> {
    stage.settle();
    stage.app().session.product().all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

#[test]
fn a_mouse_hand_adds_a_story_gives_it_points_and_takes_it_back() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.click("3 Backlog").click("a add").keys("“Ring the bell”").click("Enter adds it");
    assert!(titles(&mut stage).contains(&"Ring the bell".to_string()));
    stage.click("p points").keys("“5”");
    assert!(stage.screen().contains("Ring the bell"));
    let points = |stage: &mut Stage| {
        let product = stage.app().session.product();
        product.all::<BacklogItem>().find(|item| &*item.title == "Ring the bell").and_then(|item| item.points)
    };
    assert!(points(&mut stage).is_some());
    stage.click("u undo");
    assert!(points(&mut stage).is_none());
    stage.click("u undo");
    assert!(!titles(&mut stage).contains(&"Ring the bell".to_string()));
}

#[test]
fn a_click_chooses_a_double_click_goes_in_and_boxes_tick() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3").click("S5 Shop sees");
    assert!(
        stage.screen().contains("S5 Shop sees today at a glance ═") || stage.screen().contains("HOW  S5 Shop sees")
    );
    stage.double_click("S4 Slot held");
    assert_eq!(stage.app().ui.focus(), Focus::How);
    stage.keys("<esc>").click("[ ]  1 S2");
    assert_eq!(stage.app().ui.ticked.len(), 1);
    stage.click("2 Roadmap");
    assert_eq!(stage.app().ui.screen().name, "roadmap");
    stage.click("PO Omar");
    assert!(stage.screen().contains("role"), "{}", stage.screen());
}

#[test]
fn rows_are_dragged_to_another_place_and_cards_to_another_column() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3").drag("4 S5 Shop", "1 S2 Price");
    let open: Vec<String> = titles(&mut stage);
    let at = |title: &str| open.iter().position(|one| one.starts_with(title)).unwrap();
    assert!(at("Shop sees") < at("Price for several"));
    stage.keys("2").drag("R3 Repair", "LATER");
    stage.settle();
    let item = |stage: &mut Stage| {
        stage.app().session.product().all::<RoadmapItem>().find(|one| one.number == 3).unwrap().horizon
    };
    assert_eq!(item(&mut stage), Horizon::Later);
    stage.click("{undo} takes".replace("{undo}", "u").as_str());
    assert_eq!(item(&mut stage), Horizon::Next);
}

#[test]
fn the_wheel_walks_and_a_right_click_opens_what_can_be_done() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3gg");
    let place = stage.find("S4 Slot held");
    stage.mouse(MouseEventKind::ScrollDown, place);
    assert_eq!(stage.app().ui.place().at, 3);
    stage.mouse(MouseEventKind::ScrollUp, place);
    assert_eq!(stage.app().ui.place().at, 0);
    stage.mouse(MouseEventKind::Down(crossterm::event::MouseButton::Right), place);
    assert!(stage.screen().contains("Keys here"));
    stage.click("Delete. ");
    assert!(!titles(&mut stage).iter().any(|title| title.starts_with("Slot held")));
}

#[test]
fn a_drag_over_text_says_how_text_is_selected() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3").drag("WHY", "HOW");
    assert!(stage.screen().contains("hold Shift while dragging"), "{}", stage.screen());
}

#[test]
fn whatever_can_be_clicked_has_a_key() {
    use whyhow::tui::term::paint::Zone;
    for keys in ["1", "2", "3", "5", "7", "9"] {
        let mut stage = Stage::new(120, 35, Role::Both);
        stage.keys(keys);
        let mut buffer = stage.buffer();
        let zones = stage.app().draw(&mut buffer);
        for (_, zone) in zones.all() {
            if let Zone::Command(name) = zone {
                let keymap = &stage.app().ui.keymap;
                assert!(!keymap.keys_of(name).is_empty(), "{name} can be clicked and has no key");
            }
        }
    }
}

//! Where an import goes, and which keys make it.

use crate::harness::stage::Stage;
use crate::screens::importing::{begin, go_to, issue, product, titled, write};
use whyhow::model::role::Role;
use whyhow::tui::app::LoopRequest;
use whyhow::tui::state::contract::Opening;

#[test]
fn a_row_that_only_tells_imports_nothing_by_enter_and_ctrl_s_imports_anywhere() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let file = stage.data.path().join("issues.json");
    write(&file, &[issue(7, "Moor in fog", "")]);
    begin(&mut stage, &file);
    go_to(&mut stage, "1 story: 1 new");
    let screen = stage.keys("<enter>").settle().screen();
    assert!(screen.contains("Ctrl-S imports from any row"), "{screen}");
    assert_eq!(titled(product(&mut stage), "Moor in fog"), 0);
    stage.keys("<c-s>").settle();
    assert_eq!(titled(product(&mut stage), "Moor in fog"), 1);
}

#[test]
fn a_file_looked_at_from_the_list_of_products_begins_a_new_one() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("0:“import”<enter>“issues.json”");
    let event = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Enter);
    assert_eq!(stage.press(event), LoopRequest::Open(Opening::File("issues.json".into())));
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys(":“new product”");
    assert_eq!(stage.press(event), LoopRequest::Open(Opening::New));
}

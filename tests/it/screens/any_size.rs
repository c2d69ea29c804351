//! Sentences that were promised and stand nowhere else: nothing of any size or order of sizes breaks the screen, what is
//! chosen is the record and not the row, Esc keeps what was written in every field there is, and any text fits its row.

use crate::harness::load::load;
use crate::harness::stage::Stage;
use proptest::prelude::*;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::model::value::Shape;
use whyhow::tui::overlay::editor::{After, Editor};
use whyhow::tui::registry::SCREENS;
use whyhow::tui::state::contract::LayerKind;
use whyhow::tui::term::layout::Focus;
use whyhow::tui::term::text::{clean, cut, fit, width, wrap};

/// A window size, with many small ones among them.
fn sizes() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![(1..=300u16, 1..=100u16), (1..=60u16, 1..=30u16), (38..=42u16, 8..=12u16), Just((80, 24))]
}

/// What lies open while the window changes: nothing, a text, a box, a menu, a question.
const OPEN: [&str; 8] = ["", "e“some words”", "a“a title”", ":", "?", "m", "/“pri”", "<tab><tab>z"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_sizes_loses_the_focus_the_choice_or_a_text(
        all in proptest::collection::vec(sizes(), 1..40), view in 0..SCREENS.len(), open in 0..OPEN.len()
    ) {
        let mut stage = Stage::new(120, 35, Role::Both);
        stage.app().ui.go(view);
        stage.keys("<esc>").keys(OPEN[open]).settle();
        let (focus, chosen) = (stage.app().ui.focus(), stage.app().ui.place().chosen);
        let (layers, draft) = (stage.app().ui.layers.len(), stage.app().draft());
        for (columns, rows) in all {
            stage.resize(columns, rows);
            let buffer = stage.buffer();
            prop_assert_eq!(buffer.area.width, columns);
            let ui = &stage.app().ui;
            prop_assert_eq!((ui.focus(), ui.place().chosen), (focus, chosen));
            // What has the keys is seen, from the smallest window up that can be worked in.
            let seen = ui.areas().is_none_or(|areas| areas.of(focus).is_some());
            prop_assert!(seen && (ui.areas().is_some() || columns < 40 || rows < 10), "{}x{}", columns, rows);
        }
        prop_assert_eq!((stage.app().ui.layers.len(), stage.app().draft()), (layers, draft));
    }
}

proptest! {
    #[test]
    fn any_text_is_cut_and_filled_to_the_column(text in "\\PC{0,40}|[日本語👩‍🔧é\u{301}שלום العربية\u{202e}\u{200d}a ]{0,30}", columns in 0..60usize) {
        let shown = clean(&text);
        prop_assert!(width(&cut(&shown, columns)) <= columns);
        prop_assert_eq!(width(&fit(&shown, columns)), columns);
        // A row of one column cannot hold a wide letter.
        for line in wrap(&shown, columns.max(2), 20) {
            prop_assert!(width(&line) <= columns.max(2), "{:?} in {}", line, columns);
        }
    }
}

#[test]
fn every_view_shows_the_why_and_the_how_at_once_from_80x24_up() {
    for (columns, rows) in [(80, 24), (100, 30), (120, 35), (300, 100)] {
        for (view, screen) in SCREENS.iter().enumerate() {
            let mut stage = Stage::new(columns, rows, Role::Pm);
            stage.app().ui.go(view);
            stage.keys("<esc>");
            let shown = stage.screen();
            assert!(shown.contains("WHY") && shown.contains("HOW"), "{} at {columns}x{rows}:\n{shown}", screen.name);
        }
    }
}

fn chosen(stage: &mut Stage) -> String {
    stage.settle();
    let app = stage.app();
    let id = app.ui.place().chosen.unwrap();
    assert_eq!(app.ui.rows.rows[app.ui.place().at].id, id, "the row under the cursor is what is chosen");
    app.session.product().find(id).unwrap().title()
}

#[test]
fn what_is_chosen_is_the_record_through_moves_turns_filters_and_other_views() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3jj");
    let title = chosen(&mut stage);
    for keys in ["mb", "mt", "m5<enter>", "--", "+", "t", "t", "/slot<enter>", "<esc>", "fr", "fx", "fc", "fc", "123"] {
        stage.keys(keys);
        assert_eq!(chosen(&mut stage), title, "after {keys}");
    }
}

#[test]
fn what_is_chosen_is_the_record_when_another_window_moves_it() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3jj");
    let title = chosen(&mut stage);
    let lines = "{\"do\":\"as\",\"by\":\"Omar\"}\n{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"Mine\"}}\n{\"do\":\"move\",\"on\":\"S11\",\"to\":\"top\"}\n";
    load(stage.data.path(), "Bike Doctor", lines);
    for _ in 0..400 {
        stage.app().session.look();
        stage.app().poll();
        if stage.app().session.product().all::<BacklogItem>().any(|item| &*item.title == "Mine") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(stage.app().session.product().all::<BacklogItem>().any(|item| &*item.title == "Mine"));
    assert_eq!(chosen(&mut stage), title);
}

#[test]
fn where_the_chosen_one_is_gone_its_neighbour_is_chosen_and_undo_chooses_it_again() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3jj");
    let title = chosen(&mut stage);
    stage.keys("jk<del>");
    assert_ne!(chosen(&mut stage), title);
    assert!(stage.screen().contains("brings it back"), "{}", stage.screen());
    assert_eq!(stage.app().ui.place().at, 2, "its neighbour");
    stage.keys("u");
    assert_eq!(chosen(&mut stage), title);
}

#[test]
fn esc_keeps_what_was_typed_in_every_field_that_is_typed_as_words() {
    let mut tried = 0;
    for kind in Kind::ALL {
        let mut stage = Stage::new(120, 35, Role::Both);
        stage.settle();
        let app = stage.app();
        let shelf = app.session.product().table(*kind);
        let Some(id) = shelf.order().first().and_then(|slot| shelf.record(*slot)).map(|record| record.id()) else {
            continue;
        };
        for field in kind.typed_fields() {
            if !matches!(field.shape, Shape::Line | Shape::Prose) {
                continue;
            }
            let app = stage.app();
            let ui = &mut app.ui;
            let before = app.session.product().value(id, field);
            Editor::open(ui, app.session.product(), id, field, After::Next);
            if ui.top().map(|top| top.kind()) != Some(LayerKind::Editor) {
                // People are chosen from a list.
                assert!(
                    ui.layers.pop().map(|top| top.kind()) == Some(LayerKind::Picker),
                    "{} {}",
                    kind.key(),
                    field.key
                );
                continue;
            }
            stage.keys("<c-e>“ and more”<esc>").settle();
            let after = stage.app().session.product().value(id, field);
            assert_ne!(after, before, "{} {}", kind.key(), field.key);
            assert!(after.as_str().unwrap().ends_with("and more"), "{} {}: {after}", kind.key(), field.key);
            stage.keys("u").settle();
            assert_eq!(stage.app().session.product().value(id, field), before);
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried}");
}

#[test]
fn esc_never_quits_and_loses_no_text_however_often_it_is_pressed() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3v<space>/“pri”<enter>z<tab>e“words”");
    for _ in 0..30 {
        let wish = stage.press(crossterm::event::KeyCode::Esc.into());
        assert_eq!(wish, whyhow::tui::app::LoopRequest::Nothing);
    }
    assert_eq!(stage.app().ui.focus(), Focus::List);
    assert!(stage.screen().contains("q q quits"), "{}", stage.screen());
}

#[test]
fn the_match_before_is_found_from_a_column_that_find_left_empty() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("2ll/“two taps”<enter>");
    assert_eq!(stage.app().ui.rows.rows.len(), 1);
    stage.keys("ll");
    assert_eq!(stage.app().ui.place().chosen, None);
    stage.keys("N");
    assert_eq!(chosen(&mut stage), "Book in two taps");
    assert!(stage.screen().contains("Match 1 of 1"), "{}", stage.screen());
}

//! What a list, a picker or the palette offers: only what is possible, and the best hit first.

use crate::harness::stage::Stage;
use whyhow::model::role::Role;
use whyhow::model::schema::ItemKind;
use whyhow::model::value::When;
use whyhow::tui::state::filter::Filter;

fn stage() -> Stage {
    Stage::of_day("review.jsonl", || When::parse("2026-11-20T16:00:00+01:00").unwrap(), 120, 35, Role::Both)
}

#[test]
fn a_range_that_is_ticked_says_how_many() {
    let mut stage = stage();
    stage.keys("3v<down><down>v");
    let screen = stage.screen();
    assert!(screen.contains("3 ticked.") && !screen.contains("other end"), "{screen}");
}

#[test]
fn filters_that_do_not_all_fit_leave_the_ticks_in_sight() {
    let mut stage = Stage::empty(80, 24, Role::Both);
    stage.keys("3a“One”<enter><esc>st“bug”<enter><space>");
    let filters = [Filter::Serves(None), Filter::Unsized, Filter::NoCriterion, Filter::OfKind(ItemKind::Bug)];
    stage.app().ui.place_mut().filters = filters.into();
    stage.keys("<home>").settle();
    let screen = stage.screen();
    let title = screen.lines().find(|line| line.contains("BACKLOG")).unwrap();
    assert!(title.contains("1 ticked · serves nothing · no points"), "{screen}");
}

#[test]
fn a_roadmap_item_is_offered_only_what_it_can_become() {
    let mut stage = stage();
    stage.keys("2ss");
    let screen = stage.screen();
    assert!(screen.contains("launched") && !screen.contains("achieved"), "{screen}");
}

#[test]
fn the_definition_of_ready_is_found_and_has_room_for_its_names() {
    let mut stage = stage();
    for word in ["ready", "definition"] {
        stage.keys(&format!(":“{word}”"));
        assert!(stage.screen().contains("Done and of Ready"), "{word}: {}", stage.screen());
        stage.keys("<esc>");
    }
    stage.keys("7<tab><tab>z");
    let screen = stage.screen();
    assert!(screen.contains("Size limit") && !screen.contains("Ready: "), "{screen}");
}

#[test]
fn a_number_stands_in_the_palette_without_an_empty_heading() {
    let mut stage = stage();
    stage.keys(":“S7”");
    assert!(stage.screen().contains("S7 ") && !stage.screen().contains("── items"), "{}", stage.screen());
}

#[test]
fn the_palette_takes_a_word_at_its_word() {
    let mut stage = stage();
    stage.keys("3:“import”");
    let screen = stage.screen();
    assert!(screen.contains("import") && !screen.contains("to top"), "{screen}");
}

#[test]
fn the_keys_begin_on_the_best_hit() {
    let mut stage = stage();
    stage.keys("3?“tick”");
    let screen = stage.screen();
    let chosen = screen.lines().find(|line| line.contains("▸ ")).unwrap_or_default();
    assert!(chosen.contains("Space"), "{screen}");
}

/// The changes in between may not name the item.
#[test]
fn an_item_stays_selected_through_all_layouts() {
    for nth in 0..5 {
        let mut stage = stage();
        stage.keys("2t").keys(&"j".repeat(nth)).settle();
        let chosen = stage.app().ui.chosen_row().map(|row| row.id);
        stage.keys("t").settle();
        stage.keys("t").settle();
        assert_eq!(stage.app().ui.chosen_row().map(|row| row.id), chosen, "{nth}: {}", stage.screen());
    }
}

//! What is typed and pasted: sheets of lines, days in words, editors, pickers, copies.

use crate::harness::load::load;
use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use whyhow::model::id::Id;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Goal, Kind, Proposal, RoadmapItem};
use whyhow::tui::app::LoopRequest;
use whyhow::tui::overlay::editor::{After, Editor};

fn stories(stage: &mut Stage) -> Vec<BacklogItem> {
    stage.settle();
    stage.app().session.product().all::<BacklogItem>().map(|item| BacklogItem::clone(item)).collect()
}

fn titles(stage: &mut Stage) -> Vec<String> {
    stories(stage).iter().map(|item| item.title.to_string()).collect()
}

const OUTLINE: &str = "Slot is held\n- for ten minutes\n- [x] by name\nMail is sent\n- at once\n- with the price\n3 bays\n  1. free\n  2) taken\n";

#[test]
fn pasted_lines_are_shown_before_they_are_added() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("2").paste(OUTLINE);
    let before = titles(&mut stage);
    stage.keys("<esc>A").paste(OUTLINE);
    let screen = stage.screen();
    assert!(screen.contains("Add 3 stories with 6 criteria under R1? Enter adds them, Esc adds nothing"), "{screen}");
    assert!(screen.contains("+ Slot is held") && screen.contains("    [ ] for ten minutes"), "{screen}");
    assert!(screen.contains("[✓] by name") && screen.contains("+ 3 bays"), "{screen}");
    stage.pressed = 0;
    stage.keys("<enter>");
    let all = stories(&mut stage);
    let at = all.iter().position(|item| &*item.title == "Slot is held").unwrap();
    let sizes: Vec<(String, usize)> =
        all[at..at + 3].iter().map(|item| (item.title.to_string(), item.criteria.len())).collect();
    assert_eq!(sizes, [("Slot is held".into(), 2), ("Mail is sent".into(), 2), ("3 bays".into(), 2)]);
    assert!(all[at].criteria[1].met && !all[at].criteria[0].met);
    assert!(all[at..at + 3].iter().all(|item| item.serves == all[at].serves && item.serves.is_some()));
    assert!(stage.screen().contains("3 stories with 6 criteria added. u takes them back."), "{}", stage.screen());
    stage.keys("u");
    assert_eq!(titles(&mut stage), before, "one act, one undo");
}

#[test]
fn three_stories_pasted_cost_three_keys_and_esc_costs_nothing() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("2");
    let before = titles(&mut stage);
    stage.keys("A“Be”").paste("gun\nSecond\n");
    assert!(stage.screen().contains("+ Begun"), "{}", stage.screen());
    stage.keys("<esc>");
    assert!(
        stage.screen().contains("Nothing was added.") && stage.screen().contains("+ story: Be"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>");
    assert_eq!(titles(&mut stage), before);
    stage.pressed = 0;
    stage.keys("A").paste("one\ntwo\nthree").keys("<enter>");
    assert_eq!(stage.pressed + 1, 3, "A, the paste, Enter");
    assert!(titles(&mut stage).contains(&"two".to_string()));
}

#[test]
fn lines_pasted_in_a_list_open_the_sheet_by_themselves() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3").paste("One pasted line");
    assert!(stage.screen().contains("Nothing was pasted: a opens a line to paste into."));
    stage.paste("First\nSecond").keys("<enter>");
    assert!(stage.screen().contains("2 stories added."), "{}", stage.screen());
    stage.paste("# Whole\n- part\n- part two").keys("<tab>");
    assert!(stage.screen().contains("Add 3 stories"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(titles(&mut stage).contains(&"part two".to_string()));
    // The other role's list is left alone: each of them is proposed.
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("3").paste("First\nSecond").keys("<enter>");
    assert!(stage.screen().contains("2 changes proposed to the PO"), "{}", stage.screen());
    assert!(!titles(&mut stage).contains(&"First".to_string()));
}

#[test]
fn a_sheet_makes_whatever_a_adds() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("1<esc>j").paste("Fewer calls\n  They cost an hour a day.\n  Every day.\nMore rides");
    assert!(stage.screen().contains("Add 2 goals with 2 lines of Why?"), "{}", stage.screen());
    stage.keys("<enter>").settle();
    let product = stage.app().session.product();
    let goal = product.all::<Goal>().find(|goal| &*goal.title == "Fewer calls").unwrap();
    assert_eq!(&*goal.why, "They cost an hour a day.\nEvery day.");
    // In both roles an outline of the roadmap brings its stories with their criteria.
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("2").paste("Tandems\n  Book a tandem\n    - two names\n  Return it\nCargo bikes");
    let screen = stage.screen();
    assert!(screen.contains("Add 2 roadmap items with 2 stories and 1 criterion?"), "{screen}");
    stage.keys("<enter>");
    let all = stories(&mut stage);
    let story = all.iter().find(|item| &*item.title == "Book a tandem").unwrap();
    let product = stage.app().session.product();
    let tandems = product.all::<RoadmapItem>().find(|item| &*item.title == "Tandems").unwrap();
    assert_eq!((story.serves, story.criteria.len()), (Some(tandems.id), 1));
    stage.keys("2").paste("Tandems again\n  Nobody rides alone.").keys("<tab>");
    assert!(stage.screen().contains("1 line of Problem"), "{}", stage.screen());
}

#[test]
fn lines_pasted_on_criteria_go_into_the_list() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3j<tab><tab>jjj").paste("A fourth\nA fifth").keys("<esc>");
    let item = stories(&mut stage).into_iter().find(|item| item.title.starts_with("Cancel")).unwrap();
    let texts: Vec<&str> = item.criteria.iter().map(|one| &*one.text).collect();
    assert_eq!(texts[3..], ["A fourth", "A fifth"]);
}

#[test]
fn too_many_lines_are_refused_and_a_sheet_fits_any_window() {
    let mut stage = Stage::new(40, 10, Role::Both);
    stage.keys("3").paste(&"line\n".repeat(3000));
    assert!(stage.screen().contains("3000 lines are too"), "{}", stage.screen());
    stage.keys("<esc>").paste(&"a long line that has more words than fit here\n".repeat(2000));
    stage.keys("<pgdn><down><up><pgup><end>").screen();
    stage.keys("<enter>");
    assert_eq!(titles(&mut stage).iter().filter(|title| title.starts_with("a long")).count(), 2000);
}

/// A piece of feedback and a sprint, which no view shows yet, and the field's editor on top.
fn edit(stage: &mut Stage, line: &str, kind: Kind, key: &str) -> Id {
    load(stage.data.path(), "Bike Doctor", line);
    stage.reopen();
    let app = stage.app();
    let shelf = app.session.product().table(kind);
    let id = shelf.order().iter().filter_map(|slot| shelf.record(*slot)).last().unwrap().id();
    Editor::open(&mut app.ui, app.session.product(), id, kind.field(key).unwrap(), After::Next);
    id
}

fn day_of(stage: &mut Stage, id: Id, key: &str) -> String {
    stage.settle();
    let product = stage.app().session.product();
    let record = product.find(id).unwrap();
    record.text(record.kind().field(key).unwrap())
}

#[test]
fn a_day_is_typed_in_words_and_read_beside_them() {
    let mut stage = Stage::new(120, 35, Role::Po);
    let line = "{\"do\":\"add\",\"kind\":\"sprint\",\"set\":{\"goal\":\"Bookable\",\"start\":\"2031-03-03\"}}";
    let id = edit(&mut stage, line, Kind::Sprint, "end");
    stage.keys("“14 mar 2031”");
    assert!(stage.screen().contains("14 mar 2031   →  Fri 14 Mar 2031"), "{}", stage.screen());
    stage.keys("<down><down><pgdn><up>");
    assert!(stage.screen().contains("2031-03-22   →  Sat 22 Mar 2031"), "{}", stage.screen());
    stage.keys("<enter>");
    assert_eq!(day_of(&mut stage, id, "end"), "2031-03-22");
    stage.keys("u");
    assert_eq!(day_of(&mut stage, id, "end"), "");
}

#[test]
fn a_day_that_is_none_is_refused_and_loses_nothing() {
    let mut stage = Stage::new(80, 24, Role::Both);
    let line = "{\"do\":\"add\",\"kind\":\"feedback\",\"set\":{\"quote\":\"Too slow\",\"date\":\"2026-03-02\"}}";
    let id = edit(&mut stage, line, Kind::Feedback, "date");
    stage.keys("<c-u>“3rd of never”");
    assert!(stage.screen().contains("no date yet"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(
        stage.screen().contains("\u{201c}3rd of never\u{201d} is not a date I know. Try fri, 28 nov, +2w."),
        "{}",
        stage.screen()
    );
    stage.keys("<down>").keys("<c-u>“yesterday”<esc>");
    let yesterday = stage.app().ui.today.0.pred_opt().unwrap().to_string();
    assert_eq!(day_of(&mut stage, id, "date"), yesterday);
}

#[test]
fn a_question_mark_opens_a_month_to_walk_in() {
    let mut stage = Stage::new(40, 10, Role::Po);
    let line = "{\"do\":\"add\",\"kind\":\"sprint\",\"set\":{\"start\":\"2031-03-03\"}}";
    let id = edit(&mut stage, line, Kind::Sprint, "start");
    stage.keys("?");
    assert!(stage.screen().contains("March 2031"), "{}", stage.screen());
    stage.keys("<down><right><pgdn><enter><enter>");
    assert_eq!(day_of(&mut stage, id, "start"), "2031-04-11");
}

/// What a copy holds, and under which name.
fn copied(stage: &mut Stage, keys: &str) -> (String, String) {
    let (last, first) = (keys.chars().last().unwrap(), &keys[..keys.len() - 1]);
    match stage.keys(first).press(KeyEvent::from(KeyCode::Char(last))) {
        LoopRequest::Copy(clip) => (clip.what, clip.text),
        other => panic!("{keys} gave {other:?}"),
    }
}

#[test]
fn copies_hold_what_they_say() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3j");
    assert_eq!(copied(&mut stage, "yy"), ("S3".into(), "S3 Cancel without a phone call".into()));
    assert_eq!(copied(&mut stage, "yi"), ("S3, the number".into(), "S3".into()));
    let (what, text) = copied(&mut stage, "ym");
    assert_eq!(what, "S3 as Markdown");
    assert!(text.starts_with("## S3 Cancel without a phone call\n\n### Why\n\n"), "{text}");
    assert!(text.contains("**Serves** R1 Book in two taps") && text.contains("- **Points:** 3"), "{text}");
    assert!(text.contains("**Acceptance criteria**\n\n- [ ] A held slot can be cancelled"), "{text}");
    let (_, why) = copied(&mut stage, "yw");
    assert!(why.contains("**Problem**\n\nRiders who must phone") && !why.contains("Points"), "{why}");
    let (_, how) = copied(&mut stage, "yh");
    assert!(how.contains("**Story**") && !how.contains("Problem"), "{how}");
    let (what, text) = copied(&mut stage, "<space><space>yy");
    assert_eq!((what.as_str(), text.lines().count()), ("2 records", 2));
    let (_, view) = copied(&mut stage, "2yv");
    assert!(view.starts_with("# Bike Doctor: Roadmap\n\n## Now\n\n- R1 Book in two taps"), "{view}");
    let (_, view) = copied(&mut stage, "3yv");
    assert!(view.contains("- S3 Cancel without a phone call (3 points, to do)"), "{view}");
    stage.keys(":“copy help”<enter>");
    assert!(stage.screen().contains("Where nothing arrives"), "{}", stage.screen());
}

fn with(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
    KeyEvent::new(code, modifiers)
}

fn outcome_of(stage: &mut Stage, number: u32) -> String {
    stage.settle();
    let product = stage.app().session.product();
    product.all::<RoadmapItem>().find(|item| item.number == number).unwrap().outcome.to_string()
}

#[test]
fn what_is_killed_in_one_text_is_pasted_in_another() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2<tab>jj<enter>");
    stage.press(with(KeyCode::Left, KeyModifiers::CONTROL));
    stage.press(with(KeyCode::Char('x'), KeyModifiers::ALT));
    stage.keys("<c-g><c-o><c-r><c-w><c-z><c-u><esc>");
    let killed = outcome_of(&mut stage, 1);
    assert_eq!(killed, "minute.", "all before the last word went, and no unknown chord did anything");
    stage.keys("j<enter>“Calls, ”<c-v><esc>").settle();
    let product = stage.app().session.product();
    let measure = product.all::<RoadmapItem>().next().unwrap().measure.name.to_string();
    assert!(measure.ends_with("Calls, A slot nobody wants goes back on sale within a"), "{measure}");
    stage.keys("u");
    stage.keys("u");
    assert!(outcome_of(&mut stage, 1).starts_with("A slot nobody wants"));
}

#[test]
fn ctrl_c_copies_what_is_selected_and_else_throws_away_without_losing_it() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2<tab>jj<enter>");
    let before = outcome_of(&mut stage, 1);
    for _ in 0..7 {
        stage.press(with(KeyCode::Left, KeyModifiers::SHIFT));
    }
    stage.keys("<c-c><end><c-v><c-v>“ Gone.”<c-c>");
    assert!(
        stage.screen().contains("Outcome is as it was. Ctrl-V in a text brings back what you typed."),
        "{}",
        stage.screen()
    );
    assert_eq!(outcome_of(&mut stage, 1), before);
    stage.keys("<enter>");
    stage.press(with(KeyCode::Home, KeyModifiers::CONTROL));
    stage.press(with(KeyCode::End, KeyModifiers::CONTROL | KeyModifiers::SHIFT));
    stage.keys("<c-v><esc>");
    assert_eq!(outcome_of(&mut stage, 1), format!("{before}minute.minute. Gone."));
}

#[test]
fn lists_go_on_and_end_in_a_prose() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2<tab>jj<enter><c-u><c-u>“- one”<enter>“two”<enter><enter>“after”<esc>");
    assert!(outcome_of(&mut stage, 1).ends_with("- one\n- two\nafter"), "{}", outcome_of(&mut stage, 1));
}

#[test]
fn lines_remember_what_was_typed_into_them() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3a“Cancelled title”<esc>a“Added title”<enter>a<up>");
    assert!(stage.screen().contains("+ Added title"), "{}", stage.screen());
    stage.keys("<up>");
    assert!(stage.screen().contains("+ Cancelled title"), "{}", stage.screen());
    stage.keys("<up><enter>");
    assert!(titles(&mut stage).contains(&"Cancelled title".to_string()));
    // A title that was thrown away is under ↑ in titles.
    stage.keys("e“ with more”<c-c>e<up>");
    assert!(stage.screen().contains("Cancelled title with more"), "{}", stage.screen());
    stage.keys("<esc>/“slot”<enter><esc>/<up>");
    assert!(stage.screen().contains("find: slot"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(stage.screen().contains("Slot held for ten minutes") && !stage.screen().contains("Export bookings"));
}

#[test]
fn a_long_text_is_warned_about_and_a_huge_one_refused() {
    let mut stage = Stage::new(80, 24, Role::Pm);
    stage.keys("2<tab>jj<enter>");
    stage.paste(&"word ".repeat(4500));
    assert!(stage.screen().contains("letters, long for one field · Esc keeps"), "{}", stage.screen());
    stage.paste(&"x".repeat(1 << 20));
    assert!(stage.screen().contains("A field is limited to 1 MiB. Nothing was inserted"), "{}", stage.screen());
    stage.paste(&"\n".repeat(70_000));
    assert!(stage.screen().contains("more lines than fit"), "{}", stage.screen());
    stage.keys("<c-z>“ the end”<esc>");
    assert!(outcome_of(&mut stage, 1).ends_with("the end"));
}

fn story(stage: &mut Stage, number: u32) -> BacklogItem {
    stories(stage).into_iter().find(|item| item.number == number).unwrap()
}

#[test]
fn somebody_new_is_the_last_row_of_a_picker() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3jso“Zoë”");
    assert!(stage.screen().contains("+ new \u{201c}Zoë\u{201d}"), "{}", stage.screen());
    stage.keys("<enter>");
    assert_eq!(&*story(&mut stage, 3).assignee, "Zoë");
    // Then she is known, and another story finds her by a part of her name.
    stage.keys("jso“zo”");
    assert!(
        stage.screen().contains("▸ Zoë") && stage.screen().contains("+ new \u{201c}zo\u{201d}"),
        "{}",
        stage.screen()
    );
    stage.keys("<enter>");
    assert_eq!(&*story(&mut stage, 4).assignee, "Zoë");
    stage.keys("so“nobody”<enter>");
    assert_eq!(&*story(&mut stage, 4).assignee, "");
}

#[test]
fn labels_are_ticked_and_new_ones_typed() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3j");
    let labels = |stage: &mut Stage, number| story(stage, number).labels.join(",");
    assert_eq!(labels(&mut stage, 3), "web,booking");
    stage.keys("sl“urgent”<enter>");
    assert_eq!(labels(&mut stage, 3), "web,booking,urgent");
    stage.keys("sl“web, later, ”<enter>").settle();
    let all = labels(&mut stage, 3);
    assert!(all.contains("later") && all.contains("web"), "{all}");
    // A label may have blanks in it, and the message says what came.
    stage.keys("sl“good first issue”<enter>").settle();
    let all = labels(&mut stage, 3);
    assert!(all.ends_with("good first issue") && all.contains("web"), "{all}");
    assert!(stage.screen().contains("Labels of S3: + good first issue"), "{}", stage.screen());
    stage.keys("u").settle();
    // Of several stories each keeps what it has.
    stage.keys("<home>j<space><space>");
    let other = stories(&mut stage)[2].number;
    let before = labels(&mut stage, other);
    stage.keys("sl“both”<enter>");
    assert!(labels(&mut stage, 3).ends_with("both") && labels(&mut stage, 3).contains("urgent"));
    assert_eq!(labels(&mut stage, other), if before.is_empty() { "both".into() } else { format!("{before},both") });
    stage.keys("u");
    assert_eq!(labels(&mut stage, other), before, "one act, one undo");
}

#[test]
fn a_reason_that_is_not_there_yet_is_made_where_the_role_may() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3jsg“Fewer no-shows”");
    assert!(stage.screen().contains("+ new roadmap item \u{201c}Fewer no-shows\u{201d}"), "{}", stage.screen());
    stage.keys("<enter>");
    let screen = stage.screen();
    assert!(screen.contains("Added R7: S3 serves it now. u takes it back."), "{screen}");
    let serves = story(&mut stage, 3).serves.unwrap();
    assert_eq!(stage.app().session.product().name_of(serves), "R7");
    stage.keys("u");
    assert_ne!(story(&mut stage, 3).serves, Some(serves));
    assert!(stage.app().session.product().all::<RoadmapItem>().all(|item| item.id != serves), "one act, one undo");
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3jsg“Fewer no-shows”");
    assert!(stage.screen().contains("+ new roadmap item \u{201c}Fewer no-shows\u{201d}"), "{}", stage.screen());
    stage.keys("<enter>").settle();
    let screen = stage.screen();
    assert!(screen.contains("Proposed to the PM, see the Inbox: New roadmap item"), "{screen}");
    assert!(screen.contains("Serves → new: Fewer no-shows") && !screen.contains("gone"), "{screen}");
    let id = stage.app().session.product().all::<Proposal>().last().unwrap().id;
    stage.keys("R1<enter>8");
    assert!(stage.app().ui.choose_id(id), "{}", stage.screen());
    stage.keys("C").settle();
    let serves = story(&mut stage, 3).serves.unwrap();
    assert_eq!(stage.app().session.product().name_of(serves), "R7", "{}", stage.screen());
}

#[test]
fn few_choices_have_digits() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3jst");
    assert!(stage.screen().contains("2 bug"), "{}", stage.screen());
    stage.keys("2");
    assert_eq!(story(&mut stage, 3).kind, whyhow::model::schema::ItemKind::Bug);
}

/// A measure in a free sentence is kept, and the message says how its numbers would be read.
#[test]
fn a_measure_without_numbers_to_read_is_said() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2<tab>");
    while !stage.screen().contains("▸Measure") {
        stage.keys("j");
    }
    let screen = stage.keys("e<c-u>“6 min, soon under 2 min”<esc>").settle().screen();
    assert!(screen.contains("its numbers could not be read"), "{screen}");
    let screen = stage.keys("e<c-u>“Waiting, 6 to 2 min”<esc>").settle().screen();
    assert!(!screen.contains("its numbers could not be read") && screen.contains("6 → 2 min"), "{screen}");
}

/// What was dealt before Esc is not lost: the same key on the same story goes on with it.
#[test]
fn a_split_left_by_esc_goes_on_where_it_was() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3gg x<tab>“One half”<tab>“3”<esc>");
    assert!(stage.screen().contains("Your parts are kept: x on it goes on."), "{}", stage.screen());
    stage.keys("x");
    assert!(stage.screen().contains("1 One half") && stage.screen().contains("3 in the parts"), "{}", stage.screen());
    stage.keys("<esc>jx");
    assert!(!stage.screen().contains("One half"), "another story begins anew: {}", stage.screen());
}

/// Every part has a title before anything is typed; Enter goes from field to field, and splits in the last one.
#[test]
fn enter_in_a_split_goes_on_to_the_next_field() {
    for end in ["<enter><enter>", "<c-s>"] {
        let mut stage = Stage::empty(110, 30, Role::Po);
        stage.keys("3a“Big”<enter><esc>x");
        assert!(
            stage.screen().contains("1 Big, part 1") && stage.screen().contains("2 Big, part 2"),
            "{}",
            stage.screen()
        );
        stage.keys("“One half”<enter>“3”<enter>“The other”");
        let count = |stage: &mut Stage| stage.settle().app().session.product().items().len();
        assert_eq!(count(&mut stage), 1, "{}", stage.screen());
        stage.keys(end);
        let product = stage.settle().app().session.product();
        let mut titles: Vec<String> = product.all::<BacklogItem>().map(|item| item.title.to_string()).collect();
        titles.sort();
        assert_eq!(titles, ["Big", "One half", "The other"], "{end}");
    }
}

/// A roadmap item ticked among stories: the key is for the stories, and the screen says what stayed as it was.
#[test]
fn a_bulk_key_in_the_tree_is_for_the_stories_and_names_what_it_left_alone() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3t gg<space><space><space>");
    let kinds: Vec<Kind> = {
        let app = stage.app();
        let ticked: Vec<Id> = app.ui.ticked.iter().copied().collect();
        ticked.iter().map(|id| app.session.product().find(*id).unwrap().kind()).collect()
    };
    let stories = kinds.iter().filter(|kind| **kind == Kind::BacklogItem).count();
    assert_eq!((stories, kinds.len()), (2, 3), "{kinds:?}");
    for keys in ["sg“R3”<enter>", "p5", "sl“quay”<enter>", "so“Lena”<enter>", "sb“Waits”<enter>"] {
        stage.keys(keys).settle();
        let screen = stage.screen();
        assert!(screen.contains(" was left alone."), "{keys}: {screen}");
    }
}

//! The running sprint on the screen: its board, the done check, what comes in, its end. Keys are counted.

use crate::harness::stage::Stage;
use whyhow::insight::sprint::{figures, running};
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, ItemStatus, Sprint, SprintResult, SprintState};
use whyhow::model::value::{Amount, When};
use whyhow::tui::term::theme::Theme;

/// Tuesday, the seventh working day of ten.
pub fn tuesday() -> When {
    When::parse("2026-12-01T10:00:00+01:00").unwrap()
}

pub fn board(columns: u16, rows: u16, role: Role) -> Stage {
    let mut stage = Stage::of("running-sprint.jsonl", tuesday, columns, rows, role);
    stage.keys("5");
    stage
}

/// Presses the keys of a flow and holds them against the count; typed text is free.
fn flow(stage: &mut Stage, keys: &str, most: usize) {
    stage.pressed = 0;
    stage.keys(keys).settle();
    assert_eq!(stage.pressed, most, "{keys}");
}

pub fn story(stage: &mut Stage, title: &str) -> BacklogItem {
    stage.settle();
    let product = stage.app().session.product();
    let found = product.all::<BacklogItem>().find(|item| item.title.starts_with(title));
    BacklogItem::clone(found.unwrap_or_else(|| panic!("no story {title:?}")))
}

pub fn status(stage: &mut Stage, title: &str) -> ItemStatus {
    story(stage, title).status
}

pub fn sprint(stage: &mut Stage, number: u32) -> Sprint {
    stage.settle();
    let product = stage.app().session.product();
    Sprint::clone(product.all::<Sprint>().find(|sprint| sprint.number == number).unwrap())
}

fn sprint_of(stage: &mut Stage, title: &str) -> Option<u32> {
    let id = story(stage, title).sprint?;
    Some(stage.app().session.product().get::<Sprint>(id).unwrap().number)
}

pub fn choose(stage: &mut Stage, title: &str) {
    let id = story(stage, title).id;
    assert!(stage.app().ui.choose_id(id), "{title} is not on this view");
}

pub fn rev(stage: &mut Stage) -> u64 {
    stage.settle();
    stage.app().session.product().rev()
}

#[test]
fn a_card_goes_one_column_on_with_one_key_and_back() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Price list upload");
    flow(&mut stage, ">", 1);
    assert_eq!(status(&mut stage, "Price list"), ItemStatus::Doing);
    stage.keys(">");
    assert_eq!(status(&mut stage, "Price list"), ItemStatus::ToAccept);
    stage.keys("<<<");
    assert_eq!(status(&mut stage, "Price list"), ItemStatus::ToDo);
    assert!(stage.screen().contains("It is already in the first column."));
    stage.keys("uu");
    assert_eq!(status(&mut stage, "Price list"), ItemStatus::ToAccept, "each step is an act of its own");
}

#[test]
fn a_card_that_is_done_goes_back_and_its_points_count_as_left_again() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Sign in by code");
    stage.keys("<");
    assert_eq!(status(&mut stage, "Sign in"), ItemStatus::ToAccept);
    assert!(stage.screen().contains("20 points left"), "{}", stage.screen());
}

#[test]
fn several_cards_go_on_in_one_act_and_what_would_be_done_is_asked() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Price list upload");
    stage.keys("<space><space>>");
    let both = |stage: &mut Stage| [status(stage, "Price list"), status(stage, "Refund")];
    assert_eq!(both(&mut stage), [ItemStatus::Doing; 2]);
    stage.keys("u");
    assert_eq!(both(&mut stage), [ItemStatus::ToDo; 2]);
    stage.keys("<esc>");
    choose(&mut stage, "Price list upload");
    stage.keys("<space>");
    choose(&mut stage, "Shop phone");
    stage.keys("<space>>");
    assert!(stage.screen().contains("Some of these would be done: d o checks them together."), "{}", stage.screen());
}

#[test]
fn cards_are_carried_and_dragged_to_another_column() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Price list upload");
    stage.keys("m<right>");
    assert!(stage.screen().contains("of doing"), "{}", stage.screen());
    stage.keys("<enter>");
    assert_eq!(status(&mut stage, "Price list"), ItemStatus::Doing);
    stage.drag("S15 Refund", "TO ACCEPT");
    assert_eq!(status(&mut stage, "Refund"), ItemStatus::ToAccept);
    // Into DONE it goes through the check.
    stage.keys("<esc>").drag("S16 Shop phone", "─ DONE ");
    assert!(stage.screen().contains("Is S16 Shop phone is hidden done?"), "{}", stage.screen());
    stage.keys("<esc>");
    choose(&mut stage, "Shop phone");
    stage.keys("m<right><enter>");
    assert!(stage.screen().contains("Is S16 Shop phone is hidden done?"), "{}", stage.screen());
}

#[test]
fn the_board_is_the_po_s_to_move_and_the_pm_s_to_propose() {
    let mut stage = board(120, 35, Role::Pm);
    for (keys, words) in [("Sc", "Omar (PO) owns"), ("<", " to Omar (PO)"), ("m<left><enter>", " to Omar (PO)")] {
        choose(&mut stage, "Shop phone");
        let before = status(&mut stage, "Shop phone");
        stage.keys(keys);
        assert!(stage.screen().contains(words), "{keys}: {}", stage.screen());
        stage.keys("<esc><esc>");
        stage.keys("5");
        assert_eq!(status(&mut stage, "Shop phone"), before, "{keys} moved it");
    }
}

#[test]
fn what_was_ticked_before_makes_done_three_keys() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Shop phone");
    stage.keys("do<space><space><esc>");
    assert_eq!(status(&mut stage, "Shop phone"), ItemStatus::ToAccept, "kept, and not accepted");
    assert_eq!(story(&mut stage, "Shop phone").checks.len(), 5);
    assert!(stage.screen().contains("5 of 5 are kept"), "{}", stage.screen());
    flow(&mut stage, "do<enter>", 3);
    let done = story(&mut stage, "Shop phone");
    assert_eq!((done.status, &*done.accepted_by), (ItemStatus::Done, "Omar"));
    stage.keys("u");
    assert_eq!(status(&mut stage, "Shop phone"), ItemStatus::ToAccept);
    stage.keys("u");
    assert_eq!(story(&mut stage, "Shop phone").checks.len(), 3);
}

#[test]
fn five_rules_ticked_now_are_eight_keys() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Shop phone");
    // Ticked before, so open them first.
    stage.keys("do<up><up><up><space><space><space><esc>");
    assert_eq!(story(&mut stage, "Shop phone").checks.len(), 0);
    flow(&mut stage, "do<space><space><space><space><space><enter>", 8);
    let done = story(&mut stage, "Shop phone");
    assert_eq!((done.status, done.checks.len()), (ItemStatus::Done, 5));
    assert!(done.checks.iter().all(|check| check.waived.is_empty() && check.by == "Omar"));
}

#[test]
fn open_rules_are_named_and_one_is_waived_with_a_reason() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Shop phone");
    stage.keys(">");
    let before = rev(&mut stage);
    stage.keys("<enter>");
    assert!(stage.screen().contains("2 to go: 4, 5. + ticks the rest, - waives one"), "{}", stage.screen());
    assert_eq!(rev(&mut stage), before);
    stage.keys("-<enter>");
    assert!(stage.screen().contains("A waiver requires a reason"), "{}", stage.screen());
    stage.keys("“No help page yet”<enter>");
    assert!(stage.screen().contains("waived: No help page yet"), "{}", stage.screen());
    stage.keys("<space><enter>");
    let done = story(&mut stage, "Shop phone");
    assert_eq!(done.status, ItemStatus::Done);
    assert_eq!(done.checks.iter().filter(|check| check.waived == "No help page yet").count(), 1);
}

#[test]
fn open_criteria_stand_in_the_check_and_are_ticked_or_waived_there() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Price for several");
    stage.keys("do");
    let screen = stage.screen();
    assert!(screen.contains("Acceptance criteria  2 of 4 met") && screen.contains("The shop can cap"), "{screen}");
    stage.keys("<space>-“measured by hand”<enter>+<enter>");
    let done = story(&mut stage, "Price for several");
    assert_eq!(done.status, ItemStatus::Done);
    assert_eq!(done.criteria.iter().filter(|one| one.met).count(), 3);
    assert!(done.checks.iter().any(|check| check.rule.is_none() && check.waived == "measured by hand"));
    let screen = stage.screen();
    assert!(
        screen.contains("Acceptance criteria  3 of 4,") && screen.contains("1 waived") && screen.contains("[~]"),
        "{screen}"
    );
    assert!(screen.contains("waived: measured by hand"), "{screen}");
    assert!(stage.screen().contains("the rest of its check ticked at once"), "{}", stage.screen());
    let entry = sprint(&mut stage, 4).entries.into_iter().find(|entry| entry.item == done.id).unwrap();
    assert!(entry.done.is_some(), "the sprint's own line follows");
}

#[test]
fn the_board_opens_with_its_cards_whatever_chart_was_left_open() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("tt3");
    stage.keys("5");
    assert!(stage.screen().contains("TO ACCEPT"), "{}", stage.screen());
}

#[test]
fn ticks_that_a_view_change_takes_away_are_named() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("3<home><space><space>4");
    assert!(stage.screen().contains("2 ticks left behind: g V brings them back."), "{}", stage.screen());
    stage.keys("3");
    assert!(!stage.screen().contains("left behind"), "{}", stage.screen());
    stage.keys("g V");
    assert!(stage.screen().contains("2 ticked again"), "{}", stage.screen());
}

#[test]
fn one_waiver_is_for_one_criterion() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Price for several");
    stage.keys("do-“measured by hand”<enter><enter>");
    let screen = stage.screen();
    assert!(
        screen.contains("Acceptance criteria  3 of 4 met or waived") && screen.contains("to go: criteria"),
        "{screen}"
    );
    assert_eq!(status(&mut stage, "Price for several"), ItemStatus::Doing, "the other is still open");
    // What was waived is kept without the acceptance, and can be opened again.
    stage.keys("<esc>");
    let waived =
        |stage: &mut Stage| story(stage, "Price for several").checks.iter().filter(|one| one.rule.is_none()).count();
    assert_eq!(waived(&mut stage), 1);
    stage.keys("do<home><down><down>");
    stage.keys("<space><esc>");
    assert_eq!(waived(&mut stage), 0, "{}", stage.screen());
}

#[test]
fn a_story_outside_a_sprint_is_held_against_the_rules_of_today() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("7a“It is in the release notes”<enter>3");
    choose(&mut stage, "Price from a photo");
    stage.keys("do");
    assert!(stage.screen().contains("6 It is in the release notes"), "{}", stage.screen());
    stage.keys("<esc>5");
    choose(&mut stage, "Shop phone");
    stage.keys("do");
    assert!(!stage.screen().contains("release notes"), "a running sprint keeps the rules it began with");
}

#[test]
fn several_stories_are_done_at_once_where_somebody_says_so() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Price list upload");
    stage.keys("<space>");
    choose(&mut stage, "Shop phone");
    stage.keys("<space>do");
    let screen = stage.screen();
    assert!(screen.contains("Are these 2 stories done?") && screen.contains("S14 6, S16 2"), "{screen}");
    stage.keys("<enter>");
    let both = |stage: &mut Stage| [status(stage, "Price list"), status(stage, "Shop phone")];
    assert_eq!(both(&mut stage), [ItemStatus::Done; 2]);
    stage.keys("u");
    assert_eq!(both(&mut stage), [ItemStatus::ToDo, ItemStatus::ToAccept], "one act");
}

#[test]
fn what_comes_into_a_running_sprint_asks_what_leaves_and_why() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("3");
    choose(&mut stage, "Price from a photo");
    stage.keys("ms1");
    let screen = stage.screen();
    assert!(screen.contains("S17 (5) comes into sprint 4") && screen.contains("8 too many"), "{screen}");
    stage.keys("<space><enter><enter>");
    assert!(stage.screen().contains("It requires a reason"), "{}", stage.screen());
    stage.keys("“Ilse waits for it”<enter>");
    assert_eq!(sprint_of(&mut stage, "Price from a photo"), Some(4));
    let four = sprint(&mut stage, 4);
    let now = figures(&four.entries, false);
    assert_eq!(now.removed.stories, 1, "{:?}", four.entries);
    assert!(four.entries.iter().any(|one| one.added_reason == "Ilse waits for it"));
    assert!(four.entries.iter().any(|one| one.removed_reason == "Ilse waits for it"));
    stage.keys("u");
    assert_eq!(sprint_of(&mut stage, "Price from a photo"), None, "both go back together");
    assert_eq!(figures(&sprint(&mut stage, 4).entries, false).removed.stories, 0);
}

#[test]
fn a_planned_sprint_takes_a_story_without_asking_and_none_takes_it_out() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("3");
    choose(&mut stage, "Price from a photo");
    flow(&mut stage, "ms2", 3);
    assert_eq!(sprint_of(&mut stage, "Price from a photo"), Some(5));
    stage.keys("ms3");
    assert_eq!(sprint_of(&mut stage, "Price from a photo"), None);
    stage.keys("5");
    choose(&mut stage, "Price list upload");
    stage.keys("ms3");
    assert!(stage.screen().contains("S14 leaves the running sprint"), "{}", stage.screen());
    stage.keys("“The list is not there”<enter>");
    assert_eq!(sprint_of(&mut stage, "Price list"), None);
    choose(&mut stage, "Refund");
    stage.keys("ms2“Later is soon enough”<enter>");
    assert_eq!(sprint_of(&mut stage, "Refund"), Some(5), "{}", stage.screen());
}

/// What another window does to the product meanwhile.
fn meanwhile(stage: &mut Stage, lines: &str) {
    stage.settle();
    let before = stage.app().session.product().rev();
    crate::harness::load::load(stage.data.path(), "Bike Doctor", lines);
    let since = std::time::Instant::now();
    while stage.app().session.product().rev() == before {
        assert!(since.elapsed().as_secs() < 20, "the other window was not heard");
        std::thread::sleep(std::time::Duration::from_millis(5));
        stage.app().session.look();
        stage.app().poll();
    }
}

fn stories(stage: &mut Stage) -> usize {
    stage.settle();
    stage.app().session.product().all::<BacklogItem>().count()
}

#[test]
fn a_story_added_on_the_board_is_one_sheet_one_act_and_one_undo() {
    let mut stage = board(120, 35, Role::Po);
    let (before, entries) = (stories(&mut stage), sprint(&mut stage, 4).entries);
    flow(&mut stage, "a“The page is down at night”<enter>“It happened twice”<enter>", 3);
    assert_eq!(sprint_of(&mut stage, "The page is down"), Some(4));
    stage.keys("u");
    assert_eq!(
        (stories(&mut stage), sprint(&mut stage, 4).entries),
        (before, entries.clone()),
        "one undo takes all back"
    );
    // Points, a why found by its letters, and a story that goes out for it.
    stage.keys("a“The page is down at night”<tab>“5”<tab>“price f”<tab><space><tab>“It happened twice”<enter>");
    let made = story(&mut stage, "The page is down");
    let why = stage.app().session.product().name_of(made.serves.unwrap());
    assert_eq!((made.points, why.as_str()), (Some(Amount::whole(5)), "R2"), "{}", stage.screen());
    let four = sprint(&mut stage, 4);
    let reasons = |of: fn(&whyhow::model::snapshot_types::SprintEntry) -> &str| {
        four.entries.iter().filter(|entry| of(entry) == "It happened twice").count()
    };
    assert_eq!((reasons(|entry| &entry.added_reason), reasons(|entry| &entry.removed_reason)), (1, 1));
    assert_eq!(figures(&four.entries, false).removed.stories, 1);
    stage.keys("u");
    assert_eq!((stories(&mut stage), sprint(&mut stage, 4).entries), (before, entries));
}

#[test]
fn a_story_left_half_asked_is_not_in_the_backlog() {
    let mut stage = board(120, 35, Role::Po);
    let before = stories(&mut stage);
    stage.keys("a“Left half asked”<tab>“5”<tab><tab><tab>“because”<esc>");
    assert_eq!(stories(&mut stage), before);
    assert!(stage.screen().contains("Sprint 4 is unchanged."), "{}", stage.screen());
    stage.keys("a<enter>");
    assert!(stage.screen().contains("It needs a title."), "{}", stage.screen());
    stage.keys("“Now”<tab>“many”<enter>");
    assert!(
        stage.screen().contains("A new story for sprint 4") && stage.screen().contains("many"),
        "{}",
        stage.screen()
    );
    assert_eq!(stories(&mut stage), before);
}

#[test]
fn a_refused_story_keeps_everything_typed() {
    let mut stage = board(120, 35, Role::Po);
    let before = stories(&mut stage);
    stage.keys("a“The page is down at night”<tab>“5”<tab><tab><tab>“It happened twice”");
    meanwhile(
        &mut stage,
        concat!(
            r#"{"do": "as", "role": "po", "by": "Lena"}"#,
            "\n",
            r#"{"do": "run", "command": "sprint.close", "with": {"result": "met"}}"#
        ),
    );
    stage.keys("<enter>");
    let screen = stage.screen();
    assert!(screen.contains("Sprint 4 is closed."), "{screen}");
    for typed in ["The page is down at night", "5", "It happened twice"] {
        assert!(screen.contains(typed), "{typed}: {screen}");
    }
    assert_eq!(stories(&mut stage), before);
}

#[test]
fn the_why_of_a_new_story_is_what_the_sprint_serves_and_never_a_guess() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Price list upload");
    stage.keys("a“Without a why”<enter>“asked for”<enter>");
    assert_eq!(story(&mut stage, "Without a why").serves, None, "the chosen card serves R2");
    meanwhile(&mut stage, r#"{"do": "set", "on": "sprint 4", "set": {"serves": ["R1"]}}"#);
    stage.keys("a“With a why”<enter>“asked for”<enter>");
    let made = story(&mut stage, "With a why");
    assert_eq!(made.serves.map(|id| stage.app().session.product().name_of(id)).as_deref(), Some("R1"));
}

#[test]
fn a_sprint_closes_with_four_keys_and_unfinished_work_goes_to_the_top() {
    let mut stage = board(120, 35, Role::Po);
    flow(&mut stage, "Sc2<enter>", 4);
    let four = sprint(&mut stage, 4);
    assert_eq!((four.state, four.result), (SprintState::Closed, SprintResult::Partly));
    assert_eq!(figures(&four.entries, true).completed.points, Amount::whole(12));
    for title in ["Price for several", "Price list", "Refund", "Shop phone"] {
        assert_eq!((sprint_of(&mut stage, title), story(&mut stage, title).carried), (None, 1), "{title}");
    }
    let screen = stage.screen();
    assert!(screen.contains("Closed sprint 4, goal partly met. Velocity of this sprint: 12 points."), "{screen}");
    stage.keys("u");
    assert!(stage.screen().contains("Undo stops at “Closed sprint 4”. S r reopens it"), "{}", stage.screen());
}

#[test]
fn two_stories_on_to_the_next_sprint_are_six_keys_and_all_are_five() {
    let mut stage = board(120, 35, Role::Po);
    flow(&mut stage, "Sc2<space><space><enter>", 6);
    let all = ["Price for several", "Price list", "Refund", "Shop phone"];
    assert_eq!(all.map(|title| sprint_of(&mut stage, title)), [Some(5), Some(5), None, None]);
    let mut stage = board(120, 35, Role::Po);
    flow(&mut stage, "Sc*2<enter>", 5);
    assert_eq!(all.map(|title| sprint_of(&mut stage, title)), [Some(5); 4]);
}

#[test]
fn every_unfinished_story_has_its_own_place_and_what_fits_is_reckoned() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc*");
    assert!(stage.screen().contains("Sprint 5 would hold 18 of 21 points."), "{}", stage.screen());
    stage.keys("*2>");
    assert!(stage.screen().contains("→ where it was"), "{}", stage.screen());
    // The goal row, and the last place of the list for the second story.
    stage.keys("<up><space><down><down><left><enter>");
    let (two, list) = (sprint(&mut stage, 4), story(&mut stage, "Price list"));
    assert_eq!(two.result, SprintResult::Not);
    assert_eq!((list.status, list.sprint), (ItemStatus::Dropped, None));
    let outcome = |title: &str, stage: &mut Stage| {
        let id = story(stage, title).id;
        two.entries.iter().find(|entry| entry.item == id).unwrap().outcome.clone()
    };
    assert_eq!(outcome("Price for several", &mut stage), "in-place");
    assert_eq!(outcome("Refund", &mut stage), "backlog-top");
}

#[test]
fn what_goes_on_is_kept_within_the_capacity_of_the_next_sprint() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("3");
    choose(&mut stage, "Price from a photo");
    stage.keys("p8ms2 5 Sc*");
    assert!(stage.screen().contains("would hold 26 of 21 points. 5 too many."), "{}", stage.screen());
    stage.keys("=2<enter>");
    let all = ["Price for several", "Price list", "Refund", "Shop phone"];
    assert_eq!(all.map(|title| sprint_of(&mut stage, title)), [Some(5), None, Some(5), None]);
}

#[test]
fn the_sprint_closed_last_is_reopened_with_a_reason() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc1<enter>Sr<enter>");
    assert!(stage.screen().contains("Reopening a sprint requires a reason."), "{}", stage.screen());
    stage.keys("“Closed too early”<enter>");
    let four = sprint(&mut stage, 4);
    assert_eq!((four.state, &*four.reason), (SprintState::Active, "Closed too early"));
    assert_eq!(sprint_of(&mut stage, "Price for several"), Some(4));
    stage.keys("Sr");
    assert!(stage.screen().contains("Sprint 4 is running. S c closes it first"), "{}", stage.screen());
}

#[test]
fn a_sprint_is_cancelled_from_the_palette_with_a_reason() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys(":“cancel sprint”<enter>“The law changed”<enter>");
    assert_eq!(sprint(&mut stage, 4).state, SprintState::Cancelled);
    assert!(running(stage.app().session.product()).is_none());
    assert!(stage.screen().contains("No sprint is running."), "{}", stage.screen());
}

#[test]
fn the_limit_of_work_is_said_and_stops_nobody() {
    let mut stage = board(120, 35, Role::Po);
    stage.app().ui.settings.doing_limit = 1;
    choose(&mut stage, "Price list upload");
    stage.keys(">");
    assert_eq!(status(&mut stage, "Price list"), ItemStatus::Doing);
    let screen = stage.screen();
    assert!(screen.contains("over max 1") && screen.contains("2 in DOING, your limit is 1"), "{screen}");
}

#[test]
fn a_task_is_added_while_the_story_is_in_the_sprint() {
    let mut stage = board(120, 35, Role::Po);
    choose(&mut stage, "Price for several");
    stage.keys("<tab><tab>z");
    let rows = stage.screen();
    assert!(rows.contains("Tasks  0 of 2") && rows.contains("Sum on the page"), "{rows}");
}

#[test]
fn who_hears_the_screen_gets_the_chart_as_a_sentence() {
    let mut stage = board(120, 35, Role::Po);
    stage.app().ui.settings.accessible = true;
    stage.app().ui.theme.bare = true;
    stage.keys("t");
    let screen = stage.screen();
    assert!(screen.contains("day 7 of 10: 15 points left, ideal 8.3, 7 points behind."), "{screen}");
    assert!(!screen.contains("█") && !screen.contains("┤"), "{screen}");
}

#[test]
fn in_ascii_the_board_and_its_charts_are_still_told_apart() {
    for keys in ["5", "5t", "5tt", "5jdo", "5Sc"] {
        let mut stage = board(120, 35, Role::Po).with_theme(Theme::plain().with_ascii());
        stage.keys(keys);
        let screen = stage.screen();
        let own = |c: char| c.is_ascii() || c == '→';
        assert!(screen.chars().all(own), "{keys}\n{screen}");
    }
}

#[test]
fn the_burndown_of_a_closed_sprint_is_still_there() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc2<enter>");
    let screen = stage.screen();
    assert!(
        screen.contains("No sprint is running. 4 plans one.") && screen.contains("t shows its burndown"),
        "{screen}"
    );
    assert!(screen.contains("BURNDOWN ───────────── closed 1 Dec"), "beside the panes: {screen}");
    stage.keys("t");
    let screen = stage.screen();
    assert!(
        screen.contains("BURNDOWN  sprint 4 · closed 1 Dec") && screen.contains("closed 1 Dec: 15 points not done"),
        "{screen}"
    );
    stage.keys("t");
    assert!(stage.screen().contains("BURN-UP  sprint 4 · closed 1 Dec"), "{}", stage.screen());
    stage.keys("t");
    assert!(stage.screen().contains("No sprint is running."), "{}", stage.screen());
    let mut stage = Stage::empty(80, 24, Role::Po);
    stage.keys("5t");
    assert!(stage.screen().contains("No sprint has begun yet."), "{}", stage.screen());
}

#[test]
fn z_gives_the_chart_the_room_of_its_words_and_takes_it_back() {
    let mut stage = board(80, 24, Role::Po);
    let bars = |stage: &mut Stage| stage.screen().lines().filter(|line| line.contains("██")).count();
    stage.keys("t");
    let before = bars(&mut stage);
    assert!(stage.screen().contains("Scope 25 planned"), "{}", stage.screen());
    stage.keys("z");
    assert!(bars(&mut stage) > before, "{}", stage.screen());
    assert!(!stage.screen().contains("Scope 25 planned"), "{}", stage.screen());
    stage.keys("z");
    assert_eq!(bars(&mut stage), before);
}

#[test]
fn a_title_takes_a_second_line_where_there_is_room() {
    let mut stage = board(120, 35, Role::Po);
    let screen = stage.screen();
    assert!(screen.contains("S13 Price for several") && screen.contains("repairs at once"), "{screen}");
    assert!(!screen.lines().take(17).any(|line| line.contains("several…")), "{screen}");
    // With many cards in a column each keeps one line.
    let many: Vec<String> = (0..12)
        .map(|nth| format!(r#"{{"do": "add", "kind": "item", "ref": "m{nth}", "set": {{"title": "A story with a long title, number {nth}"}}}}"#))
        .collect();
    let names: Vec<String> = (0..12).map(|nth| format!("\"m{nth}\"")).collect();
    let into = format!(
        r#"{{"do": "run", "command": "sprint.plan", "with": {{"items": [{}], "sprint": "sprint 4", "reason": "asked for"}}}}"#,
        names.join(",")
    );
    meanwhile(&mut stage, &format!("{}\n{into}", many.join("\n")));
    let screen = stage.screen();
    let seen = screen.lines().filter(|line| line.contains("A story with")).count();
    assert!(seen >= 10, "{seen} cards are in sight: {screen}");
}

#[test]
fn what_is_in_a_column_beside_the_screen_is_left_alone() {
    let mut stage = board(60, 20, Role::Po);
    choose(&mut stage, "Price list upload");
    stage.keys("V");
    assert_eq!(stage.app().ui.ticked.len(), 2, "the two of TO DO: {}", stage.screen());
    stage.keys("<right>");
    assert!(stage.screen().contains("2 ticked, all hidden"), "{}", stage.screen());
    stage.keys(">");
    let of = |stage: &mut Stage| ["Price for several", "Price list", "Refund"].map(|title| status(stage, title));
    assert_eq!(
        of(&mut stage),
        [ItemStatus::ToAccept, ItemStatus::ToDo, ItemStatus::ToDo],
        "the card on the screen alone"
    );
    stage.keys("<esc>u");
    choose(&mut stage, "Price list upload");
    stage.keys("V").resize(120, 35).keys("<right>");
    assert_eq!(stage.app().ui.ticked.len(), 2, "with all columns on the screen the ticks hold");
    stage.resize(60, 20).keys("<left>");
    assert_eq!(stage.app().ui.ticked.len(), 2, "they are there again with their column");
    // A range begun in one column ends with the one on the screen.
    stage.keys("<esc>v<right>v");
    assert_eq!(stage.app().ui.ticked.len(), 1, "{}", stage.screen());
}

#[test]
fn in_a_narrow_window_the_columns_of_the_roadmap_beside_it_are_left_alone() {
    let mut stage = Stage::new(60, 20, Role::Pm);
    stage.keys("2V");
    let ticked: Vec<_> = stage.app().ui.ticked.iter().copied().collect();
    let product = stage.app().session.product();
    let now = |id: &whyhow::model::id::Id| product.get::<whyhow::model::schema::RoadmapItem>(*id).unwrap().horizon;
    assert!(!ticked.is_empty() && ticked.iter().all(|id| now(id) == whyhow::model::schema::Horizon::Now));
    stage.keys("<right>");
    assert!(stage.app().ui.ticked.is_empty());
    stage.keys("<esc>").resize(120, 35).keys("V");
    assert!(stage.app().ui.ticked.len() > ticked.len(), "side by side, all of them");
}

#[test]
fn stories_without_points_are_counted_beside_the_points() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("a“Not sized yet”<enter>“asked for”<enter>");
    let screen = stage.screen();
    assert!(screen.contains("5, 1 unsized"), "in the column: {screen}");
    assert!(screen.contains("15 points left, 1 unsized"), "beside the chart: {screen}");
    stage.keys("j");
    assert!(stage.screen().contains("12 of 27 points done, 1 unsized"), "in the sum: {}", stage.screen());
    stage.resize(60, 20);
    assert!(stage.screen().contains("3 · 5 pts, 1 unsized"), "{}", stage.screen());
    stage.resize(80, 24);
    assert!(stage.screen().contains("5+1?"), "{}", stage.screen());
}

macro_rules! screens {
    ($($name:ident: $columns:literal x $rows:literal, $role:ident, $keys:literal;)*) => { $(
        #[test]
        fn $name() {
            let mut stage = board($columns, $rows, Role::$role);
            stage.keys($keys);
            insta::assert_snapshot!(stage.styled());
        }
    )* };
}

screens! {
    board_120x35: 120 x 35, Po, "l";
    board_80x24: 80 x 24, Po, "l";
    board_60x20: 60 x 20, Pm, "l";
    board_40x10: 40 x 10, Po, "l";
    board_ticked_80x24: 80 x 24, Po, "<space>";
    burndown_120x35: 120 x 35, Po, "t";
    burndown_80x24: 80 x 24, Po, "t";
    burndown_40x10: 40 x 10, Po, "t";
    burn_up_120x35: 120 x 35, Pm, "tt";
    done_check_80x24: 80 x 24, Po, "ll do";
    done_check_open_criteria_60x20: 60 x 20, Po, "l do - “by hand”";
    close_120x35: 120 x 35, Po, "Sc <space>";
    close_80x24: 80 x 24, Po, "Sc <space>";
    close_60x20: 60 x 20, Po, "Sc";
    close_40x10: 40 x 10, Po, "Sc";
    new_story_120x35: 120 x 35, Po, "a “The page is down at night” <tab> “5” <tab> <tab> <space>";
    new_story_60x20: 60 x 20, Po, "a “The page is down at night” <tab> “5”";
    new_story_40x10: 40 x 10, Po, "a “The page is down at night” <tab> <tab> <tab>";
    comes_in_80x24: 80 x 24, Po, "3 G k k ms1";
    definition_of_done_120x35: 120 x 35, Po, "7 jjj";
    definition_of_done_80x24: 80 x 24, Po, "7 jjj";
    definition_of_done_60x20: 60 x 20, Pm, "7 j";
    definition_of_done_40x10: 40 x 10, Po, "7";
}

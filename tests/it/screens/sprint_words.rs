//! What is said of a sprint says what was done: dropping is no progress, a date that the program chose itself is no
//! mistake, and two figures of the same thing are one.

use crate::harness::stage::Stage;
use crate::screens::board::{board, choose, sprint};
use whyhow::insight::burndown::pulse;
use whyhow::model::role::Role;

/// A running sprint with these stories, of three points each.
fn running(stories: &[&str], columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::empty(columns, rows, Role::Both);
    let typed: Vec<String> = stories.iter().map(|title| format!("“{title}”")).collect();
    stage.keys(&format!("3a{}<enter>", typed.join("<down>")));
    stage.keys("3gg");
    for _ in stories {
        stage.keys("p3<enter><down>");
    }
    stage.keys("4gg");
    for _ in stories {
        stage.keys("<space><down>");
    }
    stage.keys("Ss“Go”<enter>5<esc>");
    stage
}

#[test]
fn a_dropped_story_is_neither_done_nor_ahead() {
    let mut stage = running(&["One"], 120, 35);
    assert!(stage.screen().contains("S1 One"), "{}", stage.screen());
    stage.keys("dn“Not now”<enter>");
    let one = sprint(&mut stage, 1);
    let now = pulse(&one, &one.entries, one.start.unwrap().plus(4));
    assert_eq!(now.caption(), "0 points left · 3 dropped · ideal 0 · on track");
    stage.keys("Sc");
    let screen = stage.screen();
    assert!(screen.contains("Nothing is left: S1 was dropped.") && !screen.contains("Everything is done"), "{screen}");
    assert!(screen.contains("(S1 dropped)"), "{screen}");
}

#[test]
fn a_review_counts_what_it_lists() {
    let mut stage = running(&["One", "Two"], 120, 35);
    choose(&mut stage, "One");
    stage.keys("dn“Not now”<enter>6");
    assert!(stage.screen().contains("Not done: S2 · dropped: S1"), "{}", stage.screen());
}

#[test]
fn dates_that_the_program_chose_are_no_overlap() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc*2<enter>4");
    assert!(!stage.screen().contains("overlap"), "{}", stage.screen());
    stage.keys("Ss");
    assert!(!stage.screen().contains("overlap"), "{}", stage.screen());
}

#[test]
fn an_early_close_says_what_it_does_to_the_velocity() {
    let mut stage = board(120, 35, Role::Po);
    stage.keys("Sc");
    let screen = stage.screen();
    assert!(screen.contains("It ends early, on day 7 of 10, and counts fully in the velocity"), "{screen}");
    stage.keys("1<esc>");
    assert!(stage.screen().contains("goes on. Your choices are kept: S c shows them again."), "{}", stage.screen());
    stage.keys("Sc");
    assert!(stage.screen().contains("[1 met]"), "{}", stage.screen());
}

#[test]
fn rules_added_in_a_sprint_count_from_the_next_one() {
    let mut stage = running(&["One", "Two"], 120, 35);
    stage.keys("7<enter>");
    let screen = stage.screen();
    assert!(screen.contains("count from sprint 2") && screen.contains("no rules  S1"), "{screen}");
    stage.keys("5do");
    assert!(stage.screen().contains("The Definition of Done counts from sprint 2."), "{}", stage.screen());
}

#[test]
fn the_last_step_of_a_review_stays_and_says_so() {
    let mut stage = running(&["One"], 120, 35);
    stage.keys("6G e“Pair more”<esc>");
    let before = stage.screen();
    stage.keys("<space>");
    let screen = stage.screen();
    assert!(screen.contains("That was the last step"), "{before}{screen}");
    assert!(!screen.contains("Opened again"), "{screen}");
}

#[test]
fn an_empty_column_of_the_board_shows_its_name() {
    for (columns, rows) in [(100, 30), (80, 24)] {
        let mut stage = running(&["One"], columns, rows);
        for name in ["TO DO", "DOING", "TO ACCEPT", "DONE"] {
            assert!(stage.screen().contains(name), "{name}: {}", stage.screen());
        }
    }
}

#[test]
fn a_goal_that_was_typed_is_not_lost_without_a_word() {
    let mut stage = Stage::empty(120, 35, Role::Both);
    stage.keys("3a“One”<enter>4gg<space>Ss“Riders pay”<esc>");
    assert!(stage.screen().contains("↑ in the goal brings the text back."), "{}", stage.screen());
    stage.keys("Ss<up>");
    assert!(stage.screen().contains("Riders pay"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(stage.screen().contains("5 shows its board."), "{}", stage.screen());
}

#[test]
fn a_warning_that_does_not_fit_says_so() {
    let mut stage = Stage::after("closed-sprints.jsonl", "", 120, 35, Role::Po);
    stage.keys("3");
    for title in ["Cancel without a phone call", "Shop sees today", "Text if the price changes"] {
        choose(&mut stage, title);
        stage.keys(
            "sb“Waits for the text of the contract, which somebody outside of the team has to write first”<enter>",
        );
    }
    stage.keys("4gg<space>jj<space>jj<space>");
    let screen = stage.screen();
    assert!(screen.contains(" is blocked: ") && screen.contains(" more"), "{screen}");
}

#[test]
fn now_is_the_first_column() {
    let mut stage = board(120, 35, Role::Pm);
    stage.keys("2<esc>gg").keys("<");
    assert!(stage.screen().contains("Now is the first column."), "{}", stage.screen());
}

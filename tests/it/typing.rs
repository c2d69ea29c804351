//! What is typed and pasted: sheets of lines, days in words, editors, pickers, copies.

use crate::stage::Stage;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Goal, RoadmapItem};

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
    assert!(screen.contains("Add 3 stories with 6 criteria under R1? Enter adds them, Esc leaves all as"), "{screen}");
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
    // The other role's list is left alone.
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("3").paste("First\nSecond");
    assert!(stage.screen().contains("owns the stories"), "{}", stage.screen());
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

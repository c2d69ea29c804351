//! Ways about the program that are no field and no order: the history, the bin, what waits, what is carried, what is
//! said again, and coming back to where one was.

use crate::harness::stage::Stage;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, DoneRule, Feedback, FeedbackKind, Horizon, RoadmapItem};

fn titles(stage: &mut Stage) -> Vec<String> {
    stage.settle();
    stage.app().session.product().all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

fn points(stage: &mut Stage, number: u32) -> Option<String> {
    stage.settle();
    let product = stage.app().session.product();
    product.all::<BacklogItem>().find(|item| item.number == number).unwrap().points.map(|points| points.to_string())
}

#[test]
fn the_history_tells_who_what_and_both_values_and_brings_back() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3<down>p8").settle();
    assert_eq!(points(&mut stage, 3).as_deref(), Some("8"));
    stage.keys("p5").settle();
    stage.keys("9");
    let screen = stage.screen();
    assert!(screen.contains("today") && screen.contains("Points of S3 8 → 5"), "{screen}");
    assert!(screen.contains("S3 Points") && screen.contains("- 8") && screen.contains("+ 5"), "{screen}");
    // The older one, brought back although another value was written since.
    stage.keys("<down>C").settle();
    assert_eq!(points(&mut stage, 3).as_deref(), Some("3"));
    let screen = stage.screen();
    assert!(screen.contains("Took back “Points of S3"), "{screen}");
    assert!(screen.contains("What was written there later went too: the points of S3."), "{screen}");
    stage.keys("u").settle();
    assert_eq!(points(&mut stage, 3).as_deref(), Some("5"));
    assert!(stage.screen().contains("undone: “Took back"), "{}", stage.screen());
}

/// Whatever the label says, it must not read as what is so now.
#[test]
fn undo_and_redo_quote_what_was_done() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3<down>p8").settle();
    stage.keys("u").settle();
    let screen = stage.screen();
    assert!(screen.contains("Undone: “Points of S3 3 → 8”."), "{screen}");
    stage.keys("U").settle();
    let screen = stage.screen();
    assert!(screen.contains("Redone: “Points of S3 3 → 8”."), "{screen}");
}

#[test]
fn taking_one_act_back_leaves_what_came_later_to_the_same_list() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let labels = |stage: &mut Stage| {
        let product = stage.app().session.product();
        let item = product.all::<BacklogItem>().find(|item| item.number == 3).unwrap();
        item.labels.iter().cloned().collect::<Vec<String>>()
    };
    let before = labels(&mut stage);
    stage.keys("3<down>sl“quay”<enter>").settle();
    assert!(labels(&mut stage).contains(&"quay".to_string()), "{}", stage.screen());
    stage.keys("sl“zinc”<enter>").settle();
    assert!(labels(&mut stage).contains(&"zinc".to_string()), "{}", stage.screen());
    stage.keys("9<down>C").settle();
    let mut after = labels(&mut stage);
    after.retain(|label| !before.contains(label));
    assert_eq!(after, ["zinc"], "{}", stage.screen());
    // Taking out is an act as well: what it took is there again, beside what came since.
    stage.keys("9<home>C").settle();
    assert!(labels(&mut stage).contains(&"quay".to_string()), "{}", stage.screen());
    assert!(labels(&mut stage).contains(&"zinc".to_string()), "{}", stage.screen());
}

#[test]
fn the_history_is_filtered_by_half_person_item_and_words() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("9fw");
    let all = stage.app().ui.past.len();
    let why = stage.app().ui.rows.rows.len();
    assert!(why > 0 && why < all, "{why} of {all}");
    assert!(stage.screen().contains("why only"));
    stage.keys("fx/“measure”<enter>");
    assert!(stage.app().ui.rows.rows.len() < why);
    // Turned, only what the chosen change is about: its making and its change.
    stage.keys("fx<home>/“R2”<enter>t");
    let screen = stage.screen();
    assert!(screen.contains("only R2"), "{screen}");
    stage.keys("<esc>");
    assert_eq!(stage.app().ui.rows.rows.len(), 2);
}

#[test]
fn an_older_segment_is_read_when_the_history_is_looked_at() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3a“before”<enter>").settle();
    stage.close_segment();
    stage.keys("3a“after”<enter>").settle();
    stage.keys("9");
    for _ in 0..200 {
        stage.app().poll();
        if !stage.app().session.history().is_coming() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    stage.keys("<down>");
    let labels: Vec<String> = stage.app().ui.past.iter().map(|entry| entry.step.label.clone()).collect();
    let before = labels.iter().position(|label| label.contains("\"before\"")).unwrap();
    let after = labels.iter().position(|label| label.contains("\"after\"")).unwrap();
    assert!(before < after, "{labels:?}");
    assert_eq!(labels.iter().filter(|label| label.contains("\"before\"")).count(), 1);
}

#[test]
fn rows_are_carried_as_one_act_and_put_back_by_esc() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3");
    let before = titles(&mut stage);
    stage.keys("m<down><down>");
    assert!(stage.screen().contains("Carrying S2 to place 3"), "{}", stage.screen());
    assert_eq!(titles(&mut stage), before, "in the air nothing is changed");
    stage.keys("<esc>");
    assert_eq!(stage.app().ui.place().at, 0);
    stage.keys("<space><space>m<down><down><enter>").settle();
    let after = titles(&mut stage);
    assert_ne!(after, before);
    let at = |title: &str| after.iter().position(|one| one.starts_with(title)).unwrap();
    assert!(at("Slot held") < at("Price for several") && at("Price for several") + 1 == at("Cancel without"));
    stage.keys("u");
    assert_eq!(titles(&mut stage), before, "one undo puts all back");
}

#[test]
fn cards_are_carried_to_another_column() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2l");
    let id = stage.app().ui.place().chosen.unwrap();
    stage.keys("m<right><enter>").settle();
    let horizon = |stage: &mut Stage| stage.app().session.product().get::<RoadmapItem>(id).unwrap().horizon;
    assert_eq!(horizon(&mut stage), Horizon::Later);
    // NOW asks for reasons: what is refused lies where it lay.
    stage.keys("um<left><enter>");
    assert!(stage.screen().contains("NOW asks"), "{}", stage.screen());
    assert_eq!(horizon(&mut stage), Horizon::Next);
}

#[test]
fn the_last_change_is_done_again_on_another_row() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3p5<down>.").settle();
    stage.keys("<down>.").settle();
    for number in [2, 3, 4] {
        assert_eq!(points(&mut stage, number).as_deref(), Some("5"), "S{number}");
    }
    let mut fresh = Stage::new(120, 35, Role::Po);
    fresh.keys("3.");
    assert!(fresh.screen().contains("There is no change to repeat yet."));
}

#[test]
fn a_comment_is_feedback_tied_to_what_it_is_about() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2c“? who pays for it”<enter>").settle();
    let id = stage.app().ui.place().chosen.unwrap();
    let product = stage.app().session.product();
    let one = product.all::<Feedback>().last().unwrap().clone();
    assert_eq!((&*one.quote, one.kind, one.links.as_slice()), ("who pays for it", FeedbackKind::Question, &[id][..]));
    stage.keys("8");
    assert!(stage.screen().contains("who pays for it"), "{}", stage.screen());
    // A sign alone is no comment.
    stage.keys("2c“-”<enter>");
    assert!(stage.screen().contains("A comment needs text."));
    stage.keys("<esc>u").settle();
    assert!(stage.app().session.product().all::<Feedback>().all(|one| &*one.quote != "who pays for it"));
}

#[test]
fn a_story_is_made_of_feedback() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("2c“+ Pay by phone”<enter>8gg").keys("A<enter>").settle();
    let product = stage.app().session.product();
    let item = product.all::<BacklogItem>().find(|item| &*item.title == "Pay by phone").unwrap();
    assert!(item.serves.is_some() && item.notes.contains("Pay by phone"));
}

#[test]
fn next_walks_through_what_needs_the_role_and_confirm_settles_it() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3n");
    assert!(stage.screen().contains("was agreed before its why changed"), "{}", stage.screen());
    let needs = |stage: &mut Stage| {
        let today = stage.app().ui.today;
        whyhow::insight::attention::needs(stage.app().session.product(), Role::Po, today).len()
    };
    let before = needs(&mut stage);
    stage.keys("C").settle();
    assert_eq!(needs(&mut stage), before - 1);
    // A find in force comes first.
    stage.keys("/“slot”<enter>n");
    assert!(stage.screen().contains("Match "), "{}", stage.screen());
}

#[test]
fn chips_add_up_and_go_with_esc() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3fr");
    let ready = stage.app().ui.rows.rows.len();
    assert!(ready > 0 && stage.screen().contains("ready ·"));
    stage.keys("fu");
    assert!(stage.app().ui.rows.rows.len() < ready);
    stage.keys("<esc>");
    assert!(stage.app().ui.place().filters.is_empty());
    stage.keys("2fe");
    assert!(stage.screen().contains("This filter does not apply to this view."), "{}", stage.screen());
}

#[test]
fn what_hangs_on_a_goal_is_seen_and_gone_to() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("1<esc><down>W");
    let screen = stage.screen();
    assert!(screen.contains("What depends on G1") && screen.contains("S3 ") && screen.contains("R1 "), "{screen}");
    stage.keys("<down><down><enter>");
    assert_eq!(stage.app().ui.screen().name, "roadmap");
}

#[test]
fn the_bin_gives_back_what_was_deleted() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3dd").settle();
    assert!(!titles(&mut stage).contains(&"Price for several repairs at once".to_string()));
    stage.keys(":“bin”<enter>");
    assert!(stage.screen().contains("Deleted; Enter restores"), "{}", stage.screen());
    stage.keys("“several”<enter>").settle();
    assert!(titles(&mut stage).contains(&"Price for several repairs at once".to_string()));
}

#[test]
fn enter_on_an_empty_definition_of_done_begins_with_five_rules() {
    let mut stage = Stage::empty(120, 35, Role::Po);
    stage.keys("7");
    assert!(stage.screen().contains("No rules yet."));
    stage.keys("<enter>").settle();
    assert_eq!(stage.app().session.product().all::<DoneRule>().count(), 5);
    stage.keys("u").settle();
    assert_eq!(stage.app().session.product().all::<DoneRule>().count(), 0);
    let mut pm = Stage::empty(120, 35, Role::Pm);
    pm.keys("7<enter>").settle();
    assert_eq!(pm.app().session.product().all::<DoneRule>().count(), 0);
    assert!(pm.screen().contains("5 changes proposed to the PO"), "{}", pm.screen());
}

#[test]
fn the_role_is_chosen_among_three() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("R2<enter>");
    assert_eq!(stage.app().session.role, Role::Po);
    stage.keys("R<down><enter>");
    assert_eq!(stage.app().session.role, Role::Both);
    stage.keys("R<esc>");
    assert_eq!(stage.app().session.role, Role::Both);
}

#[test]
fn a_name_typed_into_the_box_of_roles_is_a_name_before_and_after_a_digit() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    let rev = stage.app().session.product().rev();
    for (keys, role, name) in [
        ("R“Dana Dee 2”<enter>", Role::Pm, "Dana Dee 2"),
        ("R2<tab>“Xu”<enter>", Role::Po, "Xu"),
        ("R3<up><up>“Ferdi”<down><enter>", Role::Po, "Ferdi"),
    ] {
        stage.keys(keys).settle();
        let now = (stage.app().session.role, stage.app().session.by.clone());
        assert_eq!(now, (role, name.to_string()), "{}", stage.screen());
        assert!(stage.app().ui.layers.is_empty());
    }
    stage.keys("R<bs><enter>");
    assert_eq!(stage.app().ui.layers.len(), 1, "a name has letters, and the box waits for them: {}", stage.screen());
    stage.keys("<esc>");
    assert_eq!(stage.app().session.product().rev(), rev, "and nothing of it was a command");
}

#[test]
fn a_changed_why_says_who_looks_again() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    stage.keys("2<enter><down>e“ It is new.”<esc>").settle();
    let words = stage.app().ui.messages.back().cloned().unwrap_or_default();
    assert!(words.contains("The PO should look at") && words.contains("again"), "{words}");
}

#[test]
fn one_half_can_have_more_room_and_the_border_is_dragged() {
    let mut stage = Stage::new(80, 24, Role::Both);
    let width = |stage: &mut Stage| stage.app().ui.areas().unwrap().why.unwrap().width;
    let before = width(&mut stage);
    stage.keys(":“wider why”<enter>");
    assert!(width(&mut stage) > before);
    let areas = stage.app().ui.areas().unwrap();
    let border = (areas.how.unwrap().x, areas.how.unwrap().y + 2);
    use crossterm::event::{MouseButton, MouseEventKind};
    stage.mouse(MouseEventKind::Down(MouseButton::Left), border);
    stage.mouse(MouseEventKind::Drag(MouseButton::Left), (24, border.1));
    stage.mouse(MouseEventKind::Up(MouseButton::Left), (24, border.1));
    assert_eq!(width(&mut stage), 24);
}

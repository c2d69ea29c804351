//! What a proposal wants, where a pane or the Inbox shows it: what the keys do there, and what is said of it.

use crate::harness::lookup::{choose, named, product};
use crate::harness::stage::Stage;
use crate::screens::proposals::Pair;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Proposal, ProposalState, RoadmapItem};

/// The screen with single blanks, so that a sentence is found across lines.
fn said(stage: &mut Stage) -> String {
    stage.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn proposal(stage: &mut Stage, name: &str) -> Proposal {
    let id = named(stage, name);
    (**product(stage).get::<Proposal>(id).unwrap()).clone()
}

/// Puts the cursor of a pane on a row that begins so.
fn down_to<'a>(stage: &'a mut Stage, row: &str) -> &'a mut Stage {
    for _ in 0..60 {
        if stage.screen().lines().any(|line| line.contains(&format!("▸{row}"))) {
            return stage;
        }
        stage.keys("j");
    }
    panic!("no row {row}: {}", stage.screen());
}

#[test]
fn edit_on_a_wanted_row_opens_it_in_place_and_goes_nowhere_from_a_link() {
    for (columns, rows) in [(120, 35), (80, 24)] {
        let mut stage = Stage::new(columns, rows, Role::Po);
        choose(&mut stage, "2", "R2").keys("sm“55”<enter><tab>gg");
        let screen = down_to(&mut stage, "^ Measure → reading 55 on").screen();
        assert!(screen.contains("e edit") || screen.contains("e propose"), "{screen}");
        stage.keys("e“56”<enter>");
        let screen = stage.screen();
        let wish = proposal(&mut stage, "^1");
        assert!(wish.title.contains("reads 56 on"), "{}: {screen}", &*wish.title);
        assert!(screen.contains("^ Measure → reading 56 on"), "{screen}");
        assert_eq!(product(&mut stage).all::<Proposal>().count(), 1);
        // A row that leads elsewhere.
        let view = stage.app().ui.view;
        stage.keys("<esc>").keys("<tab><tab>gg");
        let screen = down_to(&mut stage, "✓ S1").screen();
        assert!(!screen.contains("e edit"), "{screen}");
        stage.keys("e");
        let words = said(&mut stage);
        assert!(words.contains("e edits nothing here") && words.contains("Enter goes to S"), "{words}");
        assert_eq!(stage.app().ui.view, view, "{words}");
        stage.keys("<enter>");
        assert_ne!(stage.app().ui.view, view, "Enter goes there");
    }
}

#[test]
fn a_reading_is_accepted_as_edited_and_said_as_a_reading() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.pm, "2", "R2").keys("sm“52, 19 nov”<enter>");
    pair.meet();
    choose(&mut pair.po, "2", "R2").keys("sm“55”<enter>");
    pair.meet();
    let screen = choose(&mut pair.pm, "8", "^1").screen();
    assert!(screen.contains("reading 55 on ") && !screen.contains("Removed"), "{screen}");
    pair.pm.keys("e“57”<enter>");
    let id = named(&mut pair.pm, "R2");
    let read = &product(&mut pair.pm).get::<RoadmapItem>(id).unwrap().measure.readings;
    let read: Vec<String> = read.iter().map(|one| one.value.to_string()).collect();
    assert_eq!(read, ["52", "57"], "{}", pair.pm.screen());
    assert_eq!(proposal(&mut pair.pm, "^1").state, ProposalState::Accepted);
}

#[test]
fn a_proposed_deletion_of_a_story_in_a_sprint_says_so() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.po, "4", "S3").keys("<space>");
    pair.meet();
    let id = named(&mut pair.pm, "S3");
    assert!(product(&mut pair.pm).get::<BacklogItem>(id).unwrap().sprint.is_some(), "{}", pair.po.screen());
    choose(&mut pair.pm, "3", "S3").keys("dd").keys("dd");
    assert_eq!(product(&mut pair.pm).all::<Proposal>().count(), 1, "{}", pair.pm.screen());
    let screen = choose(&mut pair.pm, "3", "S3").screen();
    assert!(screen.contains("^ would be deleted") && !screen.contains("→ nothing"), "{screen}");
}

/// What the box says holds from its first letter to its last, and a proposal that is taken back meanwhile closes it.
#[test]
fn accepting_as_edited_has_one_rule_and_ends_with_the_proposal() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.pm, "3", "S3").keys("p5<enter>");
    choose(&mut pair.pm, "3", "S4").keys("e<end>“ soon”<enter>");
    pair.meet();
    let rule = "Enter accepts · Esc accepts once it is edited · Ctrl-C leaves it";
    let screen = choose(&mut pair.po, "8", "^1").keys("e").screen();
    assert!(screen.contains(rule), "{screen}");
    let screen = pair.po.keys("<c-u>“x”").screen();
    assert!(screen.contains(rule), "{screen}");
    pair.po.keys("<enter>");
    let words = said(&mut pair.po);
    assert!(words.contains("is not a number. Ctrl-C leaves the proposal as it is."), "{words}");
    pair.po.keys("<c-c>");
    choose(&mut pair.po, "8", "^2").keys("e<end>“ and well”");
    choose(&mut pair.pm, "8", "^2").keys("dd");
    pair.meet();
    pair.po.keys("<enter>");
    let words = said(&mut pair.po);
    assert!(words.contains("took this proposal back; nothing was changed. Ctrl-V in a text brings"), "{words}");
    assert!(!words.contains("ACCEPT AS EDITED"), "{words}");
    assert!(choose(&mut pair.po, "3", "S5").keys("e<c-v>").screen().contains("and well"), "{}", pair.po.screen());
}

/// What was only wording is neither said to ask nor shown as what asks.
#[test]
fn wording_only_leaves_out_what_it_was_about_and_keeps_what_came_before() {
    let mut stage = Stage::new(120, 40, Role::Both);
    let rewrite = |stage: &mut Stage, row: &str, words: &str| {
        choose(stage, "2", "R2").keys("<esc><tab>gg");
        down_to(stage, row).keys(&format!("e<end>“{words}”<esc>")).settle();
    };
    rewrite(&mut stage, "Problem", " At night.");
    rewrite(&mut stage, "Outcome", " In short.");
    stage.keys("<esc>:“wording only”<enter>").settle();
    let words = said(&mut stage);
    assert!(words.contains("Only the wording of R2 changed."), "{words}");
    assert!(words.contains("because of an earlier change."), "{words}");
    assert!(!words.contains("Nobody is asked") && !words.contains("should look at"), "{words}");
    let screen = choose(&mut stage, "3", "S2").keys("!").screen();
    assert!(screen.contains("Problem, by"), "{screen}");
    assert!(!screen.contains("Outcome, by"), "{screen}");
}

/// Of a story, only what is written in it was rewritten.
#[test]
fn roadmap_changes_list_what_changed() {
    let mut stage = Stage::new(120, 35, Role::Po);
    choose(&mut stage, "3", "S2").keys("<tab><tab>gg");
    down_to(&mut stage, "Kind").keys("e“bug”<enter>").settle();
    let id = named(&mut stage, "S2");
    let kind = product(&mut stage).get::<BacklogItem>(id).unwrap().kind;
    assert_eq!(kind.label().to_lowercase(), "bug", "{}", stage.screen());
    let screen = stage.keys("<esc>2tt").screen();
    assert!(!screen.contains("rewritten (S2"), "{screen}");
}

#[test]
fn an_overtaken_proposal_says_to_each_what_they_can_do() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.pm, "3", "S3").keys("p5");
    pair.meet();
    choose(&mut pair.po, "3", "S3").keys("p8");
    pair.meet();
    choose(&mut pair.pm, "8", "^1");
    let words = said(&mut pair.pm);
    assert!(words.contains("The points of S3 changed since it was"), "{words}");
    assert!(!words.contains("accepts what you make of it"), "{words}");
    choose(&mut pair.po, "8", "^1").keys("C");
    let words = said(&mut pair.po);
    assert!(words.contains("e shows what it is now") && !words.contains(": accept as edited"), "{words}");
}

/// A read answer is out of the Inbox until closed rows are asked for.
#[test]
fn a_read_answer_leaves_the_inbox() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.pm, "3", "S3").keys("p5");
    pair.meet();
    choose(&mut pair.po, "8", "^1").keys("C");
    pair.meet();
    choose(&mut pair.pm, "8", "^1");
    let id = named(&mut pair.pm, "^1");
    pair.pm.keys("C");
    let there = |stage: &mut Stage| stage.app().ui.rows.rows.iter().any(|row| row.id == id);
    assert!(!there(&mut pair.pm), "{}", pair.pm.screen());
}

#[test]
fn a_proposed_deletion_that_is_done_already_is_closed_with_one_key() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.pm, "3", "S4").keys("dddd");
    pair.meet();
    choose(&mut pair.po, "3", "S4").keys("dddd");
    let screen = choose(&mut pair.po, "8", "^1").screen();
    let words = said(&mut pair.po);
    assert!(words.contains("S4 is deleted already. C closes the"), "{screen}");
    assert!(!words.contains("would be deleted"), "{screen}");
    pair.po.keys("C");
    let words = said(&mut pair.po);
    assert!(words.contains("Closed ^1 by Priya: S4 is deleted already."), "{words}");
}

#[test]
fn help_finds_the_signs() {
    let mut stage = Stage::new(120, 35, Role::Po);
    for (find, sign) in
        [("^", "^  a proposal"), ("○", "○  in the Inbox"), ("△", "△  in the plan"), ("●", "●  in the Inbox")]
    {
        let screen = stage.keys(&format!("?“{find}”")).screen();
        assert!(screen.contains(sign), "{find}: {screen}");
        stage.keys("<esc><esc>");
    }
    for find in ["symbol", "legend", "signs"] {
        let screen = stage.keys(&format!("?“{find}”")).screen();
        assert!(screen.contains("what the marks mean") && screen.contains("^  a proposal"), "{find}: {screen}");
        stage.keys("<esc><esc>");
    }
}

/// The points as they are, typed where a proposal of one's own waits, take that back.
#[test]
fn typing_the_value_as_it_is_takes_ones_proposal_back() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.pm, "3", "S3").keys("p5");
    choose(&mut pair.pm, "3", "S3").keys("p3<enter>");
    let words = said(&mut pair.pm);
    assert_eq!(proposal(&mut pair.pm, "^1").state, ProposalState::Withdrawn, "{words}");
    assert!(words.contains("Took your proposal ^1 back. Points of S3: still 3."), "{words}");
    // As a text too.
    choose(&mut pair.pm, "3", "S3").keys("e<end>“ soon”<enter>");
    let id = named(&mut pair.pm, "S3");
    let title = product(&mut pair.pm).get::<BacklogItem>(id).unwrap().title.to_string();
    choose(&mut pair.pm, "3", "S3").keys(&format!("e<c-u>“{title}”<enter>"));
    assert_eq!(proposal(&mut pair.pm, "^2").state, ProposalState::Withdrawn, "{}", pair.pm.screen());
}

/// A border always says that a text is a proposal.
#[test]
fn a_border_keeps_the_word_proposal() {
    for (columns, rows) in [(120, 35), (80, 24), (60, 20)] {
        let mut stage = Stage::new(columns, rows, Role::Pm);
        choose(&mut stage, "3", "S3").keys("<tab><tab>gg");
        down_to(&mut stage, "[").keys("e<end>“ by mail”<esc>e");
        let screen = stage.screen();
        assert!(screen.contains("PROPOSAL"), "{screen}");
    }
}

#[test]
fn a_question_has_no_why_to_look_at() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.pm, "3", "S3").keys("c“? who asked for it”<enter>");
    pair.meet();
    let id =
        product(&mut pair.po).all::<whyhow::model::schema::Feedback>().find(|one| &*one.quote == "who asked for it");
    let name = id.map(|one| one.id).unwrap();
    pair.po.keys("8");
    assert!(pair.po.app().ui.choose_id(name));
    pair.po.keys("!");
    let words = said(&mut pair.po);
    assert!(words.contains("A question has no why of its own. c answers it."), "{words}");
}

/// A proposal to remove a sentence says which one.
#[test]
fn a_proposed_removal_names_what_goes() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    choose(&mut stage, "3", "S3").keys("<tab><tab>gg");
    let id = named(&mut stage, "S3");
    let first = product(&mut stage).get::<BacklogItem>(id).unwrap().criteria.first().map(|one| one.text.to_string());
    down_to(&mut stage, "[").keys("dd");
    let title = proposal(&mut stage, "^1").title.to_string();
    let begin: String = first.unwrap().chars().take(12).collect();
    assert!(title.contains(&format!(" without \"{begin}")), "{title}");
    assert!(said(&mut stage).contains("without \""), "{}", stage.screen());
}

/// Undo of a proposal that was accepted says that what was accepted stays.
#[test]
fn undo_of_an_accepted_proposal_says_that_the_value_stays() {
    let mut pair = Pair::new(120, 35);
    choose(&mut pair.pm, "3", "S3").keys("p5");
    pair.meet();
    choose(&mut pair.po, "8", "^1").keys("C");
    pair.meet();
    pair.pm.keys("u");
    let words = said(&mut pair.pm);
    assert!(words.contains("What was accepted stays"), "{words}");
    pair.meet();
    let words = said(&mut pair.po);
    assert!(words.contains("accepted stays as it is: Points of S3 3 → 5."), "{words}");
}

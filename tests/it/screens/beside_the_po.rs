//! What a product manager meets who works beside a product owner: words on proposals, conflicts, readings and empty views.

use crate::harness::lookup::{choose, named, product};
use crate::harness::stage::{Stage, open};
use crate::screens::board::{board, tuesday};
use crate::screens::proposals::Pair;
use whyhow::actions::edit;
use whyhow::model::role::{Owner, Role};
use whyhow::model::schema::{BacklogItem, ItemStatus, Kind, Proposal, ProposalState, Sprint, SprintState};
use whyhow::tui::state::pane_row::PaneRow;
use whyhow::tui::term::theme::Theme;
use whyhow::tui::view::inbox::letter;

/// A story that the PM adds to the running sprint is one proposal with its reason; accepted, it is in the sprint.
#[test]
fn a_new_story_for_the_running_sprint_is_proposed_with_its_reason() {
    let mut pair = Pair::on(board(120, 35, Role::Po), 120, 35);
    pair.pm.app().session.set_clock(tuesday);
    let screen = pair.pm.keys("5a“Print the list”<enter>“Ilse asked for it”<enter>").settle().screen();
    assert!(screen.contains("Proposed to ") && !screen.contains("S0"), "{screen}");
    let open: Vec<Proposal> = product(&mut pair.pm)
        .all::<Proposal>()
        .filter(|one| one.state == ProposalState::Open)
        .map(|one| Proposal::clone(one))
        .collect();
    assert_eq!(open.len(), 1, "{screen}");
    assert_eq!(&*open[0].because, "Ilse asked for it");
    assert!(!open[0].title.contains("S0"), "{}", &*open[0].title);
    pair.meet();
    let screen = choose(&mut pair.po, "8", "^1").keys("C").settle().screen();
    let product = product(&mut pair.po);
    let story = product.all::<BacklogItem>().find(|one| &*one.title == "Print the list").expect(&screen);
    let sprint = product.all::<Sprint>().find(|one| one.state == SprintState::Active).unwrap();
    let entry = sprint.entries.iter().find(|one| one.item == story.id).expect(&screen);
    assert_eq!((story.sprint, &*entry.added_reason), (Some(sprint.id), "Ilse asked for it"));
}

/// The reason that a PM gives for a story that comes into the running sprint goes with the proposal.
#[test]
fn a_story_proposed_for_the_running_sprint_keeps_its_reason() {
    let mut stage = board(120, 35, Role::Pm);
    let out = |one: &&std::sync::Arc<BacklogItem>| one.sprint.is_none() && one.status.is_open();
    let name = product(&mut stage).all::<BacklogItem>().filter(out).map(|one| one.number).min().unwrap();
    choose(&mut stage, "3", &format!("S{name}")).keys("ms1<enter>").settle();
    let screen = stage.keys("“It blocks the pilot”<enter>").settle().screen();
    let because: Vec<String> = product(&mut stage).all::<Proposal>().map(|one| one.because.to_string()).collect();
    assert_eq!(because, ["It blocks the pilot"], "{screen}");
}

/// Two values of a text: line breaks do not run together, and both can stay.
#[test]
fn of_two_texts_both_can_stay() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let field = Kind::BacklogItem.field("story").unwrap();
    let id = named(&mut stage, "S3");
    let steps = ["day one\nmine", "another\nline"]
        .map(|text| edit::set(product(&mut stage), &[id], field, &text.into()).unwrap());
    for step in steps {
        stage.app().session.commit(step, false).unwrap();
        stage.settle();
    }
    let screen = choose(&mut stage, "3", "S3").keys("sc").screen();
    assert!(screen.contains("another / line") && screen.contains("both: another / line / day one / mine"), "{screen}");
    stage.keys("3").settle();
    let story = product(&mut stage).get::<BacklogItem>(id).unwrap();
    assert_eq!(&*story.story, "another\nline\nday one\nmine");
}

/// An answered proposal shows what was and what was wanted, not what it is now as if that was before.
#[test]
fn an_answered_proposal_says_what_was() {
    let mut pair = Pair::new(120, 40);
    choose(&mut pair.po, "2", "R1").keys("e<end>“ for all, every hour”<enter>").settle();
    pair.meet();
    let screen = choose(&mut pair.pm, "8", "^1").screen();
    assert!(screen.contains("Added: for all, every hour"), "{screen}");
    pair.pm.keys("C").settle();
    let id = named(&mut pair.pm, "^1");
    let app = pair.pm.app();
    let product = app.session.product();
    let proposal = product.get::<Proposal>(id).unwrap();
    let rows = letter::rows(&app.ui, product, proposal, Owner::Why);
    let said: Vec<(&str, &str)> = rows
        .iter()
        .filter_map(|row| match row {
            PaneRow::Said { label, text } => Some((*label, text.as_str())),
            _ => None,
        })
        .collect();
    let wanted = "Book in two taps for all, every hour";
    assert_eq!(said, [("was", "Book in two taps"), ("wanted", wanted)]);
}

/// A reading that changed nothing else is told with what was read before.
#[test]
fn the_history_shows_a_reading() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    let screen = choose(&mut stage, "2", "R2").keys("sm“41”<enter>").settle().keys("9").settle().screen();
    assert!(screen.contains("+ 41 on "), "{screen}");
}

#[test]
fn an_empty_product_says_what_to_begin_with() {
    let mut stage = Stage::empty(120, 35, Role::Pm);
    let screen = stage.keys("n").screen();
    assert!(screen.contains("Nothing is written yet: 1, then a adds a goal."), "{screen}");
    let screen = stage.keys("1A“A list that prints”<enter><esc>").settle().keys("21").screen();
    assert!(screen.contains("0 business goals · 1 Product Goal"), "{screen}");
    assert!(screen.contains("a add a business goal"), "{screen}");
}

#[test]
fn ticks_do_not_go_without_a_word() {
    let mut stage = Stage::new(120, 35, Role::Po);
    let screen = stage.keys("3V<esc>").screen();
    assert!(screen.contains("unticked, g V brings them back"), "{screen}");
}

/// Two people with both roles, on the running sprint.
fn two_owners() -> Pair {
    let po = board(120, 35, Role::Both);
    let app = open(po.data.path(), Role::Both, 120, 35, Theme::plain());
    let data = tempfile::tempdir().unwrap();
    let mut pm = Stage { app: Some(app), data, pressed: 0, clip: String::new(), watch: None };
    pm.app().session.set_clock(tuesday);
    pm.app().ui.today = tuesday().day();
    Pair { pm, po }
}

/// An open story of the running sprint.
fn open_one(stage: &mut Stage) -> String {
    let product = product(stage);
    let sprint = product.all::<Sprint>().find(|one| one.state == SprintState::Active).unwrap().id;
    let is_open = |one: &&std::sync::Arc<BacklogItem>| one.sprint == Some(sprint) && one.status == ItemStatus::Doing;
    let id = product.all::<BacklogItem>().find(is_open).unwrap().id;
    product.name_of(id)
}

/// What another window did since a box was drawn is shown before Enter acts on it.
#[test]
fn a_box_shows_what_has_changed_before_it_acts() {
    let mut pair = two_owners();
    let name = open_one(&mut pair.po);
    pair.po.keys("5Sc1");
    let before = pair.po.screen();
    assert!(before.contains(&format!("{name} ")), "{before}");
    choose(&mut pair.pm, "3", &name).keys("dn“Not ours”<enter>").settle();
    pair.meet();
    let screen = pair.po.keys("<enter>").screen();
    assert!(screen.contains("changed in another window"), "{screen}");
    let running = |stage: &mut Stage| product(stage).all::<Sprint>().any(|one| one.state == SprintState::Active);
    assert!(running(&mut pair.po), "nothing is closed yet: {screen}");
    pair.po.keys("<enter>").settle();
    assert!(!running(&mut pair.po), "{}", pair.po.screen());

    let mut pair = two_owners();
    let name = open_one(&mut pair.po);
    choose(&mut pair.po, "5", &name).keys("do");
    let screen = pair.po.screen();
    choose(&mut pair.pm, "3", &name).keys("dn“Not ours”<enter>").settle();
    pair.meet();
    let id = named(&mut pair.po, &name);
    let said = pair.po.keys("+<enter>").screen();
    assert!(said.contains("by another window"), "{screen}\n{said}");
    let status = product(&mut pair.po).get::<BacklogItem>(id).unwrap().status;
    assert_eq!(status, ItemStatus::Dropped, "{said}");
}

//! Across the line on the screen: what one role writes in the other half waits for its owner, who answers with one key.

use crate::harness::lookup::product;
use crate::harness::stage::{Stage, open};
use std::time::{Duration, Instant};
use whyhow::insight::attention::waiting;
use whyhow::insight::proposals::marked;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Feedback, Kind, Proposal, ProposalState, RoadmapItem, Sprint};
use whyhow::model::value::Day;
use whyhow::tui::term::theme::Theme;

/// The PM's window and the PO's on one product.
pub(super) struct Pair {
    pub(super) pm: Stage,
    pub(super) po: Stage,
}

impl Pair {
    pub(super) fn new(columns: u16, rows: u16) -> Pair {
        Pair::on(Stage::new(columns, rows, Role::Po), columns, rows)
    }

    pub(super) fn on(po: Stage, columns: u16, rows: u16) -> Pair {
        let app = open(po.data.path(), Role::Pm, columns, rows, Theme::plain());
        let data = tempfile::tempdir().unwrap();
        let pm = Stage { app: Some(app), data, pressed: 0, clip: String::new(), watch: None };
        Pair { pm, po }
    }

    /// Both have seen what the other wrote.
    pub(super) fn meet(&mut self) {
        let begun = Instant::now();
        loop {
            for stage in [&mut self.pm, &mut self.po] {
                stage.settle();
                stage.app().session.look();
                stage.app().poll();
            }
            let (pm, po) = (self.pm.app.as_ref().unwrap(), self.po.app.as_ref().unwrap());
            if pm.session.product() == po.session.product() {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "both windows show the same in the end");
            std::thread::sleep(Duration::from_millis(3));
        }
    }
}

fn story<'a>(product: &'a Product, number: &str) -> &'a BacklogItem {
    product.get::<BacklogItem>(product.named(number).unwrap().1).unwrap()
}

fn proposal<'a>(product: &'a Product, number: &str) -> &'a Proposal {
    product.get::<Proposal>(product.named(number).unwrap().1).unwrap()
}

fn states(product: &Product) -> Vec<ProposalState> {
    let mut all: Vec<_> = product.all::<Proposal>().map(|one| (one.number, one.state)).collect();
    all.sort();
    all.into_iter().map(|(_, state)| state).collect()
}

/// Presses keys and returns how many it took, typed text aside.
fn cost(stage: &mut Stage, keys: &str) -> usize {
    stage.pressed = 0;
    stage.keys(keys);
    stage.pressed
}

/// The upper bounds that the flows have, from the row or field at hand.
#[test]
fn proposing_and_answering_cost_no_more_keys_than_they_may() {
    let mut pair = Pair::new(120, 35);
    pair.pm.keys("3 gg <tab><tab>");
    while !pair.pm.screen().contains("▸[") {
        pair.pm.keys("j");
    }
    assert!(cost(&mut pair.pm, "e<end>“ by email”<esc>") <= 3, "a criterion: two keys and the text");
    pair.pm.keys("<esc>gg");
    assert!(cost(&mut pair.pm, "p5") <= 2, "a number");
    assert_eq!(states(product(&mut pair.pm)), [ProposalState::Open; 2]);
    pair.meet();
    pair.po.keys("8");
    assert_eq!(cost(&mut pair.po, "C"), 1, "accept");
    pair.meet();
    assert_eq!(cost(&mut pair.po, "D“not before the price list”<enter>"), 2, "decline: one key and a line");
    assert_eq!(states(product(&mut pair.po)), [ProposalState::Accepted, ProposalState::Declined]);
    pair.meet();
    let screen = pair.pm.keys("8").screen();
    assert!(screen.contains("accepted") && screen.contains("declined"), "the answers are in sight: {screen}");
    pair.pm.keys("3 gg p3");
    pair.meet();
    assert_eq!(cost(&mut pair.po, "8gg c“? who asked for it”<enter>"), 4 + 1, "ask: one key and a text");
    pair.meet();
    let screen = pair.pm.keys("8gg").screen();
    assert!(screen.contains("who asked for it"), "the question stands on the proposal: {screen}");
}

#[test]
fn the_box_says_whose_text_it_is_and_nothing_changes_before_the_answer() {
    for (columns, rows) in [(120, 35), (80, 24)] {
        let mut stage = Stage::new(columns, rows, Role::Pm);
        stage.keys("3 gg <tab><tab>");
        let screen = stage.screen();
        assert!(screen.contains("▸HOW"), "{screen}");
        let before = product(&mut stage).clone();
        stage.keys("e“Better: ”");
        let screen = stage.screen();
        assert!(screen.contains("PROPOSAL TO PO"), "{screen}");
        assert_eq!(screen.contains("not their text yet"), columns == 120, "{screen}");
        assert!(screen.contains("Enter or Esc proposes it"), "{screen}");
        stage.keys("<esc>");
        let screen = stage.screen();
        assert!(screen.contains("Proposed to the PO, see the Inbox: "), "{screen}");
        let after = product(&mut stage);
        assert!(after.all::<BacklogItem>().eq(before.all::<BacklogItem>()), "no story changed");
        assert_eq!(after.of::<Proposal>().len(), 1);
        stage.keys("u");
        assert_eq!(product(&mut stage).all::<Proposal>().len(), 0, "taken back");
        stage.keys("e<esc>");
        assert_eq!(product(&mut stage).all::<Proposal>().len(), 0, "an unchanged text proposes nothing");
    }
}

/// Tab goes on to the reason; the row is marked for both.
#[test]
fn a_reason_follows_with_tab_and_the_row_is_marked() {
    let mut pair = Pair::new(120, 35);
    pair.pm.keys("3ggj<tab><tab> e“Soon: ”<tab>“Two riders asked”<esc>");
    let screen = pair.pm.screen();
    assert_eq!(&*proposal(product(&mut pair.pm), "^1").because, "Two riders asked", "{screen}");
    pair.meet();
    for stage in [&mut pair.pm, &mut pair.po] {
        let screen = stage.keys("<esc>3ggj").screen();
        let row = screen.lines().find(|line| line.contains("▸ ")).unwrap_or_default();
        assert!(row.contains('^'), "{screen}");
        assert!(screen.contains("^ Title → "), "{screen}");
    }
    let screen = pair.po.keys("8").screen();
    assert!(screen.contains("Two riders asked") && screen.contains("yours to answer"), "{screen}");
}

/// What moved since is shown with three values and never applied blindly.
#[test]
fn an_overtaken_proposal_shows_three_values_and_is_accepted_as_edited() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3gg p5");
    pair.meet();
    let number = {
        let product = product(&mut pair.po);
        let about = proposal(product, "^1").about[0];
        product.name_of(about)
    };
    pair.po.keys("3gg p3");
    let screen = pair.po.keys("8").screen();
    for label in ["was", "now", "wanted", "changed since"] {
        assert!(screen.contains(label), "{label}: {screen}");
    }
    let screen = pair.po.keys("C").screen();
    assert!(screen.contains("has changed since"), "{screen}");
    assert_eq!(story(product(&mut pair.po), &number).points.unwrap().to_string(), "3");
    pair.po.keys("<esc>e");
    let screen = pair.po.screen();
    assert!(screen.contains("ACCEPT AS EDITED"), "{screen}");
    pair.po.keys("<bs>“13”<enter>");
    assert_eq!(story(product(&mut pair.po), &number).points.unwrap().to_string(), "13");
    assert_eq!(states(product(&mut pair.po)), [ProposalState::Accepted]);
    pair.po.settle();
    let label = pair.po.app().session.history().entries().last().unwrap().step.label.clone();
    assert!(label.starts_with("Accepted as edited") && label.contains("Priya"), "{label}");
    pair.po.keys("u");
    assert_eq!(story(product(&mut pair.po), &number).points.unwrap().to_string(), "3");
    assert_eq!(states(product(&mut pair.po)), [ProposalState::Open]);
}

/// Leaving the box in which a proposal is edited accepts nothing.
#[test]
fn a_proposal_that_was_not_edited_waits_as_before() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3ggj<tab><tab>e“: soon”<esc>");
    pair.meet();
    let screen = pair.po.keys("8gg e").screen();
    assert!(screen.contains("Now: Cancel without a phone call"), "{screen}");
    let screen = pair.po.keys("<esc>").screen();
    assert!(screen.contains("waits as before"), "{screen}");
    assert_eq!(states(product(&mut pair.po)), [ProposalState::Open]);
    let screen = pair.po.keys("e“er”<c-c>").screen();
    assert!(screen.contains("waits as before"), "{screen}");
    assert_eq!(states(product(&mut pair.po)), [ProposalState::Open]);
    // As in any text, Esc keeps what was typed.
    let screen = pair.po.keys("e“er”").screen();
    assert!(screen.contains("Esc accepts once it is edited · Ctrl-C leaves it"), "{screen}");
    pair.po.keys("<esc>");
    assert_eq!(&*story(product(&mut pair.po), "S3").title, "Cancel without a phone call: sooner");
    assert_eq!(states(product(&mut pair.po)), [ProposalState::Accepted]);
}

/// What one wants stands below the field, and opening the field goes on with it: no second proposal of the same.
#[test]
fn ones_own_proposal_is_shown_at_its_field_and_gone_on_with() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3ggj p5 p8");
    assert_eq!(product(&mut pair.pm).of::<Proposal>().len(), 1);
    let screen = pair.pm.screen();
    let line = screen.lines().position(|line| line.contains("Points      3")).unwrap();
    assert!(screen.lines().nth(line + 1).unwrap().contains("^ Points → 8  (Priya)"), "{screen}");
    pair.pm.keys("<tab><tab>jj<enter>“One. ”<esc>").keys("<enter>“Two. ”<esc><esc>");
    let all = product(&mut pair.pm).of::<Proposal>().len();
    assert_eq!(all, 2, "{}", pair.pm.screen());
    let wanted = proposal(product(&mut pair.pm), "^2").changes[0].want.to_string();
    assert!(wanted.contains("One.") && wanted.contains("Two."), "{wanted}");
    let screen = pair.pm.keys("3ggj<tab><tab>jj<enter><esc>").screen();
    assert!(screen.contains("asks for this already"), "{screen}");
}

/// A move means a neighbour: it goes beside it, wherever that is once the proposal is accepted.
#[test]
fn moves_are_beside_what_they_were_meant_for() {
    let order = |stage: &mut Stage| -> Vec<String> {
        let product = product(stage);
        product.living(Kind::BacklogItem).take(6).map(|one| one.name()).collect()
    };
    let mut pair = Pair::new(120, 40);
    let before = order(&mut pair.pm);
    assert_eq!(before[1..5], ["S2", "S3", "S4", "S5"], "{before:?}");
    // S3 above S2, then S4 above S3: with both accepted, S4, S3, S2.
    pair.pm.keys("3ggj + ggjj +");
    let at = pair.pm.app().ui.rows.rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let names: Vec<String> = at.iter().map(|id| product(&mut pair.pm).name_of(*id)).collect();
    pair.meet();
    pair.po.keys("8gg C").keys("C");
    let after = order(&mut pair.po);
    let place = |name: &str| after.iter().position(|one| one == name).unwrap();
    assert!(place(&names[2]) < place(&names[1]) && place(&names[1]) < place(&names[0]), "{names:?} {after:?}");
    // Three times one place up is three places, in one proposal; back again withdraws it.
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3ggjjjj + + +");
    let open = |stage: &mut Stage| marked(product(stage)).len();
    assert_eq!(product(&mut pair.pm).of::<Proposal>().len(), 1);
    pair.meet();
    let moved = pair.po.keys("3ggjjjj").app().ui.chosen_row().unwrap().id;
    let was = product(&mut pair.po).items().iter().position(|item| item.id == moved).unwrap();
    pair.po.keys("8gg C");
    let is = product(&mut pair.po).items().iter().position(|item| item.id == moved).unwrap();
    assert_eq!(was - is, 3, "{}", pair.po.screen());
    pair.po.keys("u");
    pair.meet();
    pair.pm.keys("3ggjjjj - - -");
    assert_eq!(open(&mut pair.pm), 0, "{}", pair.pm.screen());
}

/// A deletion is called one, and the key that accepts does not go on to something else.
#[test]
fn a_deletion_is_named_and_accepting_stops_at_the_last_proposal() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3ggjjj dd");
    pair.meet();
    let screen = pair.po.keys("8gg").screen();
    assert!(screen.contains("Delete S") && screen.contains("would be deleted"), "{screen}");
    let screen = pair.po.keys("C C").screen();
    assert!(screen.contains("That was the last of them"), "{screen}");
    let asks = |stage: &mut Stage| waiting(product(stage), Role::Po, Day::parse("2026-11-03").unwrap());
    let before = asks(&mut pair.po);
    pair.po.keys("C");
    assert_eq!(asks(&mut pair.po) + 1, before, "{}", pair.po.screen());
}

/// A note given with a confirmation stands where the other role looks.
#[test]
fn the_note_of_a_confirmation_stands_on_the_record() {
    let mut stage = Stage::new(120, 40, Role::Both);
    stage.keys("3gg !c“Priced to the euro”<enter>");
    let screen = stage.keys("3gg").screen();
    assert!(screen.contains("Priced to the euro"), "{screen}");
    let screen = stage.keys("9").screen();
    assert!(screen.contains("still fits: “Priced"), "{screen}");
}

/// A refused or closed proposal never lets what is typed run as commands.
#[test]
fn both_roles_write_straight_away_and_nobody_answers_for_the_other() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3gg p5 2gg<tab>e“x”<esc>");
    assert!(product(&mut stage).of::<Proposal>().is_empty(), "both hats write straight away");
    let mut pair = Pair::new(120, 35);
    pair.pm.keys("3gg p5 8");
    let id = product(&mut pair.pm).named("^1").unwrap().1;
    assert!(pair.pm.app().ui.choose_id(id));
    let screen = pair.pm.keys("C").screen();
    assert!(screen.contains("waits for the PO"), "{screen}");
    let screen = pair.pm.keys("<esc>dd").screen();
    assert!(screen.contains("Withdrew"), "{screen}");
    assert_eq!(states(product(&mut pair.pm)), [ProposalState::Withdrawn]);
}

/// Every shape of proposal in one afternoon, both going on with their own work; both windows and the files are equal in
/// the end, and each change is credited to whoever made it.
#[test]
fn an_afternoon_of_proposals_ends_equal_in_both_windows() {
    let planned = "{\"do\":\"run\",\"command\":\"sprint.new\",\"with\":{\"goal\":\"Ride again\",\"start\":\"2031-01-06\",\"end\":\"2031-01-19\"}}\n";
    let mut pair = Pair::on(Stage::after("closed-sprints.jsonl", planned, 120, 40, Role::Po), 120, 40);
    let asks = [
        "3gg p5",                              // a number
        "3gg j <tab><tab> e“ soon”<esc><esc>", // a text
        "3gg jj sa“Mia”<enter>",               // who works on it
        "3gg jjj <tab><tab>jjj e“As a rider”<esc><esc>",
        "3gg jj +",                        // an order
        "3gg jjjj mt",                     // another place
        "3G a“A new story”<enter>",        // a new record
        "3G A“A part of it”<enter>",       // one under another
        "3G d d",                          // a deletion
        "3gg jj p8",                       // a number again
        "3gg jjjj ss“doing”<enter>",       // a status
        "3gg jjjjj sb“the courts”<enter>", // what blocks it
        "3gg jjjjjj sg“R1”<enter>",        // a link
        "3gg jjjjj p8",
        "3gg jjj p8",
        "3gg j <tab><tab>jjj j“x”<esc><esc>",
        "7gg a“Somebody else has tried it”<enter>", // a rule
        "7gg <tab><tab> e“ twice”<esc><esc>",
        "4gg <tab><tab> e“ today”<esc><esc>", // a Sprint Goal
        "4gg <space>",                        // what goes into the sprint
        "3gg jjjjjjj dn<enter>",              // dropped
        "3gg jjjjjjj <tab><tab>j e<esc><esc>",
        "2gg jj <tab><tab> e“A queue first”<esc><esc>", // an approach
        "2gg j <tab><tab>j e“It may rain”<esc><esc>",   // a risk
        "3gg jj so“Lena”<enter>",
        "3gg j so“Omar”<enter>",
        "3gg jjjjjjjj p8",
        "3gg jjjjjjjj so“Mia”<enter>",
    ];
    for keys in asks {
        pair.pm.keys(keys).settle();
        pair.po.keys("3gg jj so“waits”<enter>");
    }
    pair.meet();
    let made = product(&mut pair.pm).of::<Proposal>().len();
    assert!(made >= 20, "{made} proposals\n{}", pair.pm.screen());
    let mut random = fastrand::Rng::with_seed(11);
    pair.po.keys("<esc><esc>8");
    for turn in 0..70 {
        if marked(product(&mut pair.po)).is_empty() && turn > 60 {
            break;
        }
        match random.u8(0..6) {
            0 | 1 => drop(pair.po.keys("8gg C<esc>")),
            2 => drop(pair.po.keys("8gg D“not now”<enter><esc><esc>")),
            3 => drop(pair.po.keys(if random.bool() { "u" } else { "U" })),
            4 => drop(pair.pm.keys("8gg dd<esc>")),
            _ => drop(pair.po.keys("8gg e<esc><esc><esc>")),
        }
        if random.bool() {
            pair.pm.keys("2gg <tab> e“w ”<esc><esc>");
        }
        if turn % 7 == 0 {
            pair.meet();
        }
    }
    pair.meet();
    let shown = product(&mut pair.po).clone();
    let answered = shown.all::<Proposal>().filter(|one| one.state == ProposalState::Accepted).count();
    assert!(answered > 0, "{:?}", states(&shown));
    for entry in pair.po.app().session.history().entries().iter() {
        let accepts =
            entry.step.changes.iter().any(|change| change.kind() == Kind::Proposal && change.to == "accepted");
        if accepts && entry.undoes.is_none() {
            assert_eq!(&*entry.by, "Omar", "{}", entry.step.label);
            assert!(entry.step.label.contains("proposed by Priya"), "{}", entry.step.label);
        }
    }
    let (pm, po) = (pair.pm.app.take().unwrap(), pair.po.app.take().unwrap());
    assert!(pm.session.close() && po.session.close(), "everything was saved");
    let listed = whyhow::store::products::Data(pair.po.data.path().to_path_buf()).find(Some("Bike Doctor")).unwrap();
    let opened = whyhow::store::open::open(&listed.folder).unwrap();
    assert!(opened.product == shown, "the files hold what both showed");
}

/// The other way round: the PO proposes a why, and the PM sees what accepting would move.
#[test]
fn the_po_proposes_a_why_and_the_pm_sees_what_follows() {
    let mut pair = Pair::new(120, 40);
    pair.po.keys("2gg <tab>jj e“ It is seen daily.”<tab>“Delivery sees it daily”<esc>");
    pair.meet();
    let (number, field) = {
        let product = product(&mut pair.pm);
        let one = proposal(product, "^1");
        (product.name_of(one.about[0]), one.changes[0].field.clone())
    };
    let screen = pair.pm.keys("8").screen();
    assert!(screen.contains("If you accept") && screen.contains("Delivery sees it daily"), "{screen}");
    assert!(!screen.contains("to be confirmed again"), "who proposes a why has seen it: {screen}");
    assert!(screen.contains("Added: It is seen daily."), "the words that differ: {screen}");
    pair.pm.keys("C");
    let product = product(&mut pair.pm);
    let item = product.get::<RoadmapItem>(product.named(&number).unwrap().1).unwrap();
    let field = Kind::RoadmapItem.field(&field).unwrap();
    assert!(product.value(item.id, field).as_str().unwrap().ends_with(" It is seen daily."));
}

/// In planning, the Sprint Goal, its days, the capacity and what goes in are proposed with the keys of their owner, and
/// the border says who decides about the field at the cursor.
#[test]
fn a_plan_is_proposed_with_the_keys_of_its_owner() {
    let planned = "{\"do\":\"run\",\"command\":\"sprint.new\",\"with\":{\"goal\":\"Ride again\",\"start\":\"2031-01-06\",\"end\":\"2031-01-19\"}}\n";
    let mut pair = Pair::on(Stage::after("closed-sprints.jsonl", planned, 120, 40, Role::Po), 120, 40);
    let screen = pair.pm.keys("4").screen();
    assert!(screen.contains("PO · e proposes"), "the goal is the PO's: {screen}");
    for keys in ["Sg<end>“ today”<enter><esc>", "Sd<c-u>“2031-01-07”<esc>", "sk“21”<enter><esc>", "Sn", "Sx", "F"]
    {
        let before = product(&mut pair.pm).of::<Proposal>().len();
        let screen = pair.pm.keys(keys).settle().screen();
        assert!(product(&mut pair.pm).of::<Proposal>().len() > before, "{keys}: {screen}")
    }
    pair.meet();
    let screen = pair.po.keys("4").screen();
    assert!(screen.contains("║ ^ "), "the owner sees in the plan what is proposed for it: {screen}");
    pair.po.keys("8gg C gg C gg C").settle();
    let sprint = product(&mut pair.po).all::<Sprint>().find(|one| one.goal.starts_with("Ride again")).unwrap();
    assert_eq!(&*sprint.goal, "Ride again today");
    assert_eq!(sprint.capacity.unwrap().to_string(), "21");
    pair.po.keys("1<tab><tab>gg<tab><tab>");
    while !pair.po.screen().contains("▸PO ") {
        pair.po.keys("j");
    }
    assert!(pair.po.screen().contains("both write"), "either writes the PO's name: {}", pair.po.screen());
}

/// Without a sprint there is nothing to propose a goal for; the sentence says how one is proposed.
#[test]
fn a_sprint_is_proposed_where_there_is_none() {
    let mut pair = Pair::on(Stage::after("closed-sprints.jsonl", "", 120, 40, Role::Po), 120, 40);
    let screen = pair.pm.keys("4Sg").screen();
    assert!(screen.contains("No sprint is in planning; S n proposes one."), "{screen}");
    let before = product(&mut pair.pm).of::<Sprint>().len();
    pair.pm.keys("<esc>Sn");
    assert_eq!(states(product(&mut pair.pm)), [ProposalState::Open]);
    pair.meet();
    pair.po.keys("8gg C").settle();
    assert_eq!(product(&mut pair.po).of::<Sprint>().len(), before + 1);
}

/// The PM asks, the PO answers, and the PM takes the question back: both hear what goes with it.
#[test]
fn an_answer_is_not_undone_without_a_word() {
    let mut pair = Pair::new(120, 35);
    pair.pm.keys("3gg c“?Is HR on board”<enter>");
    let screen = pair.pm.screen();
    assert!(screen.contains("Asked the PO: F"), "{screen}");
    pair.meet();
    let asked = product(&mut pair.po).all::<Feedback>().last().unwrap().id;
    pair.po.keys("8");
    assert!(pair.po.app().ui.choose_id(asked), "{}", pair.po.screen());
    pair.po.keys("c“Yes they are.”<enter>");
    pair.meet();
    pair.pm.keys("u");
    let screen = pair.pm.screen();
    assert!(screen.contains("is deleted again, and Omar's answer with it."), "{screen}");
    pair.meet();
    let screen = pair.po.screen();
    assert!(screen.contains("is deleted, and your answer with it."), "{screen}");
    pair.pm.keys("U");
    pair.meet();
    assert_eq!(&*product(&mut pair.po).get::<Feedback>(asked).unwrap().answer, "Yes they are.");
}

/// What is written instead of the proposed value is what both read.
#[test]
fn accepting_another_value_says_which() {
    let mut pair = Pair::new(120, 35);
    pair.pm.keys("3gg p5");
    pair.meet();
    let id = product(&mut pair.po).all::<Proposal>().last().unwrap().id;
    pair.po.keys("8");
    assert!(pair.po.app().ui.choose_id(id), "{}", pair.po.screen());
    pair.po.keys("e<bs>“3”<enter>");
    let screen = pair.po.screen();
    assert!(screen.contains("3 instead of 5"), "{screen}");
    pair.meet();
    pair.pm.keys("8");
    assert!(pair.pm.app().ui.choose_id(id), "{}", pair.pm.screen());
    let screen = pair.pm.screen();
    assert!(screen.contains("3 instead of 5"), "{screen}");
}

/// News of another window stand behind one's own answer, not in its place.
#[test]
fn ones_own_answer_stays_readable_when_news_come() {
    let mut pair = Pair::new(120, 35);
    pair.po.app().ui.patience = Duration::from_secs(30);
    pair.po.keys("3gg j p8");
    pair.pm.keys("1<esc>ja“One more”<enter>");
    pair.meet();
    let screen = pair.po.screen();
    assert!(screen.contains("→ 8.") && screen.contains("Priya, other window"), "{screen}");
}

/// Only what reads differently since the agreement, and of a long text the words that differ.
#[test]
fn a_changed_why_shows_what_differs_first() {
    let mut pair = Pair::new(80, 24);
    let id = product(&mut pair.po).named("R1").unwrap().1;
    let text = "Riders call. ".repeat(60);
    for words in [format!("{text}They wait."), format!("{text}They wait long.")] {
        let mut step = whyhow::model::change::Step::new("Changed Problem of R1");
        let field = Kind::RoadmapItem.field("problem").unwrap();
        step.changes.extend(product(&mut pair.pm).set(id, field, &words.as_str().into()).unwrap());
        pair.pm.app().session.commit(step, false).unwrap();
        pair.meet();
        if words.ends_with("wait.") {
            let story = product(&mut pair.po).named("S3").unwrap().1;
            pair.po.keys("3");
            assert!(pair.po.app().ui.choose_id(story));
            pair.po.keys("C C").settle();
            pair.meet();
        }
    }
    pair.po.keys("!");
    let screen = pair.po.screen();
    assert!(screen.contains("Does S3 still fit?") && screen.contains("added: long"), "{screen}");
    for _ in 0..40 {
        pair.po.keys("j");
    }
    let screen = pair.po.screen();
    assert!(screen.contains("They wait long."), "the last line is reached: {screen}");
}

/// A place is told as it is seen: among the open ones.
#[test]
fn a_proposed_move_says_where_it_stands() {
    let mut pair = Pair::new(120, 35);
    pair.pm.keys("3gg jj mt");
    let screen = pair.pm.screen();
    assert!(screen.contains("Inbox: Move S4 to the top."), "{screen}");
    let id = product(&mut pair.pm).all::<Proposal>().last().unwrap().id;
    pair.pm.keys("8");
    assert!(pair.pm.app().ui.choose_id(id));
    let screen = pair.pm.screen();
    assert!(screen.contains("now      3rd of ") && screen.contains(" in the backlog"), "{screen}");
}

/// Whoever only proposes is told so before, in a sentence that fits the window.
#[test]
fn a_deletion_that_would_be_proposed_says_so() {
    let mut pair = Pair::new(80, 24);
    pair.po.keys("1<esc>gg j dd");
    let screen = pair.po.screen();
    assert!(screen.contains("on G1. d d again proposes to"), "{screen}");
    pair.pm.keys("1<esc>gg j dd");
    let screen = pair.pm.screen();
    assert!(screen.contains("depend on G1. d d again deletes"), "{screen}");
    pair.po.keys("dd");
    pair.meet();
    // Whoever decides reads what it costs.
    let screen = pair.pm.keys("<esc>8gg").screen();
    assert!(screen.contains("G1 would be deleted, and ") && screen.contains("left without"), "{screen}");
}

/// A proposed reading is shown, and no key takes it apart.
#[test]
fn a_proposed_reading_is_read_before_it_is_accepted() {
    let mut pair = Pair::new(120, 40);
    pair.po.keys("2gg sm“12”<enter>");
    pair.meet();
    let screen = pair.pm.keys("8gg").screen();
    assert!(screen.contains("reading 12 on "), "{screen}");
    let screen = pair.pm.keys("e").screen();
    assert!(screen.contains("Enter accepts it as edited"), "{screen}");
    pair.pm.keys("<esc>C");
    let read = product(&mut pair.pm).all::<RoadmapItem>().any(|item| item.measure.readings.len() == 1);
    assert!(read, "{}", pair.pm.screen());
}

/// Editing what is wanted opens its text where it stands: what is typed on is the text, not commands.
#[test]
fn what_is_wanted_is_edited_where_it_stands() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3gg e“ today”<enter>");
    pair.meet();
    let screen = pair.po.keys("3gg<tab><tab><home>je“qq”").screen();
    assert!(screen.contains("ACCEPT AS EDITED") && screen.contains("todayqq"), "{screen}");
}

/// What a search leaves out is not counted as closed.
#[test]
fn a_search_in_the_inbox_closes_nothing() {
    let mut pair = Pair::new(120, 35);
    let status = |stage: &mut Stage| {
        let screen = stage.screen();
        screen.lines().rev().nth(1).unwrap_or_default().split(" · ").skip(3).collect::<String>()
    };
    pair.pm.keys("8");
    let before = status(&mut pair.pm);
    pair.pm.keys("/“nobody says this”<enter>");
    assert_eq!(status(&mut pair.pm), before, "{}", pair.pm.screen());
    assert!(!pair.pm.screen().contains(" closed"), "{}", pair.pm.screen());
}

/// One key for ticked rows of several kinds does what can be done, and the ticks go with the rows.
#[test]
fn confirming_mixed_ticks_does_what_can_be_done() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3gg p5 j p5 jjjj c“+a map of the quays”<enter>jc“?which bill”<enter>");
    pair.meet();
    let asks = |stage: &mut Stage| waiting(product(stage), Role::Po, Day::parse("2026-11-03").unwrap());
    let before = asks(&mut pair.po);
    pair.po.keys("8 gg<space><space><space><space><space>");
    let screen = pair.po.keys("C").screen();
    let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("Confirmed 1 record. 2 proposals and 1 remark wait for their own C. Skipped: 1 question waits"),
        "{screen}"
    );
    assert_eq!(states(product(&mut pair.po)), [ProposalState::Open; 2], "what decides is not done in passing");
    assert!(screen.contains("4 ticked") && !screen.contains("hidden"), "{screen}");
    assert_eq!(asks(&mut pair.po) + 1, before, "{screen}");
    let screen = pair.po.keys("C").screen();
    assert!(screen.contains("Nothing was decided. 2 proposals and 1 remark wait for their own C."), "{screen}");
    assert_eq!(states(product(&mut pair.po)), [ProposalState::Open; 2]);
}

/// What the rules forbid is not proposed.
#[test]
fn what_cannot_be_accepted_is_not_proposed() {
    let now = || whyhow::model::value::When::parse("2026-12-01T10:00:00+01:00").unwrap();
    let mut pm = Stage::of("running-sprint.jsonl", now, 120, 40, Role::Pm);
    let all = product(&mut pm);
    let sprint = whyhow::insight::sprint::running(all).unwrap();
    let is_in = |id: &_| all.get::<BacklogItem>(*id).is_some_and(|one| one.sprint == Some(sprint.id));
    let inside: Vec<_> = sprint.entries.iter().map(|entry| entry.item).filter(is_in).collect();
    pm.keys("3");
    assert!(inside.iter().any(|id| pm.app().ui.choose_id(*id)), "{}", pm.screen());
    let screen = pm.keys("dd").screen();
    assert_eq!(states(product(&mut pm)).len(), 0, "{screen}");
    assert!(screen.contains("which is running"), "{screen}");
}

/// An answer waits for its author until it was read, also when the window was closed meanwhile.
#[test]
fn an_answer_is_for_its_author_until_it_is_read() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3gg p5");
    let for_pm = |stage: &mut Stage| {
        let screen = stage.keys("8").screen();
        let at = screen.find(" for you").unwrap_or_else(|| panic!("{screen}"));
        screen[..at].rsplit(' ').next().unwrap().parse::<usize>().unwrap()
    };
    let before = for_pm(&mut pair.pm);
    pair.meet();
    pair.po.keys("8ggD“not before spring”<enter>");
    pair.meet();
    assert_eq!(for_pm(&mut pair.pm), before + 1, "{}", pair.pm.screen());
    let mut screen = String::new();
    for _ in 0..=before {
        screen = pair.pm.keys("n").screen();
        if screen.contains("^1 was answered") {
            break;
        }
    }
    assert!(screen.contains("^1 was answered. C marks the answer as read."), "{screen}");
    assert!(screen.contains("not before spring"), "{screen}");
    let rev = product(&mut pair.pm).rev();
    let screen = pair.pm.keys("C").screen();
    assert!(screen.contains("The answer to ^1 is marked as read."), "{screen}");
    assert_eq!(product(&mut pair.pm).rev(), rev, "reading writes nothing");
    assert_eq!(for_pm(&mut pair.pm), before, "{}", pair.pm.screen());
}

/// Its author changes a waiting proposal from the Inbox.
#[test]
fn ones_own_proposal_is_changed_from_the_inbox() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3gg p5");
    let id = proposal(product(&mut pair.pm), "^1").id;
    pair.pm.keys("8");
    assert!(pair.pm.app().ui.choose_id(id), "{}", pair.pm.screen());
    let screen = pair.pm.keys("e<bs>“3”<enter>").screen();
    assert_eq!(states(product(&mut pair.pm)), [ProposalState::Open], "{screen}");
    assert!(proposal(product(&mut pair.pm), "^1").title.ends_with("→ 3"), "{screen}");
}

//! The road between the two roles: what has changed since it was asked, what a message says, and what a sign means.

use crate::harness::lookup::{choose, named, product};
use crate::harness::scratch::whyhow;
use crate::harness::stage::{Stage, open, text};
use crate::screens::proposals::Pair;
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use whyhow::insight::trace::asks_again;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{
    BacklogItem, Feedback, FeedbackState, GoalState, Kind, ProductGoal, Proposal, ProposalState, RoadmapItem,
};
use whyhow::model::value::Cell;
use whyhow::tui::onboarding::{FirstRun, NameFrom};
use whyhow::tui::state::ui::Ui;
use whyhow::tui::term::input::Input;
use whyhow::tui::term::paint::Paint;
use whyhow::tui::term::theme::Theme;

fn measure(stage: &mut Stage, name: &str) -> String {
    let id = named(stage, name);
    product(stage).get::<RoadmapItem>(id).unwrap().measure.to_text()
}

/// Opens the measure of a roadmap item and types another one in its place.
fn remeasure(stage: &mut Stage, name: &str, text: &str) {
    choose(stage, "2", name).keys("<tab>gg");
    while !stage.screen().contains("▸Measure") {
        stage.keys("j");
    }
    stage.keys(&format!("e<end><c-u>“{text}”<enter><esc>")).settle();
}

fn asking(stage: &mut Stage) -> Vec<String> {
    let product = product(stage);
    let all = Kind::ALL.iter().flat_map(|kind| product.living(*kind));
    all.filter(|record| !asks_again(product, *record).is_empty()).map(|record| record.name()).collect()
}

/// Accepting what is wanted where the value has changed since shows all three, and says what it wrote over.
#[test]
fn an_overtaken_target_is_accepted_with_open_eyes() {
    for (columns, rows) in [(120, 35), (80, 24), (60, 20)] {
        let mut pair = Pair::new(columns, rows);
        remeasure(&mut pair.pm, "R2", "Bookings, 38 → 60 %");
        pair.meet();
        remeasure(&mut pair.po, "R2", "Bookings, 38 → 70 %");
        remeasure(&mut pair.pm, "R2", "Bookings, 38 → 65 %");
        pair.meet();
        let screen = choose(&mut pair.pm, "8", "^1").keys("<home>e").screen();
        for words in ["Was: Bookings, 38 → 60 %", "Now: Bookings, 38 → 65 %", "38 → 70 %"] {
            assert!(screen.contains(words), "{words}: {screen}");
        }
        let screen = pair.pm.keys("<enter>").screen();
        assert_eq!(measure(&mut pair.pm, "R2"), "Bookings, 38 → 70 %", "{screen}");
        let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = "Accepted ^1. Measure of R2: “Bookings, 38 → 70 %”, before “Bookings, 38 → 65 %”.";
        assert!(said.contains(words), "{screen}");
    }
}

/// What changed in another part of the same value stays.
#[test]
fn a_proposed_target_keeps_the_name_that_the_measure_got_since() {
    let mut pair = Pair::new(120, 40);
    remeasure(&mut pair.pm, "R2", "Bookings, 38 → 60 %");
    pair.meet();
    remeasure(&mut pair.po, "R2", "Bookings, 38 → 70 %");
    remeasure(&mut pair.pm, "R2", "Bookings made, 38 → 60 %");
    choose(&mut pair.pm, "2", "R2").keys("sm“41”<enter>").settle();
    pair.meet();
    choose(&mut pair.pm, "8", "^1").keys("<home>e<enter>");
    assert_eq!(measure(&mut pair.pm, "R2"), "Bookings made, 38 → 70 %", "{}", pair.pm.screen());
    let id = named(&mut pair.pm, "R2");
    assert_eq!(product(&mut pair.pm).get::<RoadmapItem>(id).unwrap().measure.readings.len(), 1);
}

/// A proposed reading says its value and its day, and goes beside those that came since.
#[test]
fn a_proposed_reading_says_what_it_reads_and_goes_beside_others() {
    let mut pair = Pair::new(120, 40);
    remeasure(&mut pair.pm, "R2", "Bookings, 38 → 60 %");
    pair.meet();
    let screen = choose(&mut pair.po, "2", "R2").keys("sm").screen();
    assert!(screen.contains("Enter proposes it to the PM"), "{screen}");
    pair.po.keys("“41, 2026-10-01”<enter>");
    let screen = choose(&mut pair.pm, "2", "R2").keys("sm").screen();
    assert!(screen.contains("Enter stores it"), "{screen}");
    pair.pm.keys("“42, 2026-10-02”<enter>");
    pair.meet();
    let screen = choose(&mut pair.pm, "8", "^1").keys("<home>").screen();
    assert!(screen.contains("easure of R2 reads 41 on 2026-10-01"), "{screen}");
    pair.pm.keys("C");
    let id = named(&mut pair.pm, "R2");
    let readings = &product(&mut pair.pm).get::<RoadmapItem>(id).unwrap().measure.readings.clone();
    let read: Vec<String> = readings.iter().map(|one| one.value.to_string()).collect();
    assert_eq!(read, ["41", "42"], "{}", pair.pm.screen());
}

/// A why that is typed back as it was asks nobody, and there is no wording left to speak of.
#[test]
fn a_why_that_was_changed_back_asks_nobody() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    let before = asking(&mut stage);
    choose(&mut stage, "2", "R1").keys("<tab>gg");
    while !stage.screen().contains("▸Outcome") {
        stage.keys("j");
    }
    stage.keys("e“ Really.”<esc>").settle();
    assert!(asking(&mut stage).len() > before.len(), "{}", stage.screen());
    stage.keys("e<bs><bs><bs><bs><bs><bs><bs><bs><esc>").settle();
    let screen = stage.screen();
    assert_eq!(asking(&mut stage), before, "{screen}");
    assert!(screen.contains("R1 reads as it did before"), "{screen}");
    stage.keys(":“wording only”<enter><esc>").settle();
    assert_eq!(asking(&mut stage), before, "{}", stage.screen());
    stage.keys("u").settle();
    assert!(asking(&mut stage).len() > before.len(), "the change is there again: {}", stage.screen());
}

/// Where a script changed it back, the pane says so.
#[test]
fn a_record_says_that_its_why_reads_as_it_did() {
    let mut stage = Stage::new(120, 40, Role::Po);
    let data = stage.data.path().to_path_buf();
    let id = named(&mut stage, "R1");
    let outcome = product(&mut stage).get::<RoadmapItem>(id).unwrap().outcome.to_string();
    drop(stage.app.take());
    let set = |text: &str| format!("{{\"do\":\"set\",\"on\":\"R1\",\"set\":{{\"outcome\":{text:?}}}}}\n");
    let script = data.join("script");
    std::fs::write(&script, set("Something else.") + &set(&outcome)).unwrap();
    let done = whyhow(&data).args(["--as", "pm", "--by", "Priya", "batch"]).arg(&script).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    stage.app = Some(open(&data, Role::Po, 120, 40, Theme::plain()));
    let product = product(&mut stage);
    let asks = |item: &&std::sync::Arc<BacklogItem>| asks_again(product, &***item).contains(&id);
    let story = product.all::<BacklogItem>().find(asks).map(|item| product.name_of(item.id)).unwrap();
    let screen = choose(&mut stage, "3", &story).screen();
    assert!(screen.contains(&format!("R1 reads today as it did when {story} was agreed")), "{screen}");
    let screen = stage.keys("!").screen();
    assert!(screen.contains("R1 reads today as it did when"), "{screen}");
}

/// Every skipped row is counted once, with the reason.
#[test]
fn what_was_skipped_is_said_with_its_reason() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3gg p5 j p5 jjjj c“?which bill”<enter>jc“?which map”<enter>");
    pair.meet();
    choose(&mut pair.po, "2", "R1").keys("e“!”<esc>").settle();
    pair.po.keys("8");
    let rows: Vec<Id> = pair.po.app().ui.rows.rows.iter().map(|row| row.id).collect();
    let is_meant = |product: &Product, id: Id| {
        product.get::<Proposal>(id).is_some() || product.get::<Feedback>(id).is_some_and(|one| !one.role.is_empty())
    };
    let meant: Vec<Id> = rows.into_iter().filter(|id| is_meant(product(&mut pair.po), *id)).collect();
    assert_eq!(meant.len(), 5);
    for id in meant {
        pair.po.app().ui.choose_id(id);
        pair.po.keys("<space>");
    }
    let screen = pair.po.keys("C").screen().replace('\n', " ");
    assert!(screen.contains("Accepted 2 proposals. Skipped: "), "{screen}");
    assert!(screen.contains("2 questions wait for words, c answers each"), "{screen}");
    assert!(screen.contains("1 proposal waits for the PM"), "{screen}");
    assert!(!screen.contains("left alone"), "{screen}");
}

/// Another value for the same cell, or another place, takes the place of one's own proposal, and the message says so.
#[test]
fn a_second_proposal_of_the_same_says_that_it_replaces_the_first() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    stage.keys("3ggj p5");
    let screen = stage.keys("p8").screen();
    assert!(screen.contains("Replaces your proposal ^1 to the PO: "), "{screen}");
    assert!(screen.contains("(it was: "), "{screen}");
    let screen = stage.keys("jj + +").screen();
    assert!(screen.contains("Replaces your proposal ^2 to the PO: "), "{screen}");
    assert_eq!(product(&mut stage).of::<Proposal>().len(), 2);
}

/// A Product Goal that both agreed to says what it waits for, wherever somebody looks or asks.
#[test]
fn an_agreed_product_goal_says_what_it_waits_for() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    choose(&mut stage, "1<esc>", "T1").keys("a“The next goal”<enter>").settle();
    let next = product(&mut stage).all::<ProductGoal>().find(|goal| &*goal.title == "The next goal").unwrap().id;
    let name = product(&mut stage).name_of(next);
    choose(&mut stage, "1<esc>", &name).keys("C");
    let screen = stage.keys("C").screen();
    assert!(screen.contains(&format!("{name} is agreed: Priya (PM)")), "{screen}");
    assert!(screen.contains("It becomes active when the PO agrees too"), "{screen}");
    choose(stage.keys("<esc>R2<enter>"), "1<esc>", &name).keys("C").settle();
    let screen = stage.keys("<esc>").screen();
    let row = screen.lines().find(|line| line.contains("▸ ")).unwrap_or_default();
    assert!(row.contains("agreed, waits for T1"), "{screen}");
    assert!(screen.matches("agreed, waits for T1").count() >= 2, "the pane says it too: {screen}");
    for keys in ["C", "<esc>ss“active”<enter>"] {
        let screen = stage.keys(keys).screen().replace('\n', " ");
        assert!(screen.contains("It becomes active when T1 ends"), "{keys}: {screen}");
    }
    assert_eq!(product(&mut stage).get::<ProductGoal>(next).unwrap().state, GoalState::Draft);
    let shown = whyhow(stage.settle().data.path()).args(["show", "vision", "--json"]).output().unwrap();
    let shown: whyhow::model::value::Value = serde_json::from_slice(&shown.stdout).unwrap();
    let goals = shown["product_goals"].as_array().unwrap();
    let one = goals.iter().find(|one| one["number"] == name.as_str()).unwrap();
    assert!(one["waits_for"] == "T1" && one["state"].as_str().unwrap_or("draft") == "draft", "{one}");
}

/// The keys for one's own proposal are those that change and withdraw it.
#[test]
fn the_footer_of_ones_own_proposal_names_the_keys_for_it() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3gg p5 c“?why within the hour”<enter>");
    let screen = choose(&mut pair.pm, "8", "^1").screen();
    let footer = screen.lines().last().unwrap_or_default();
    assert!(footer.contains("withdraw") && footer.contains("change it"), "{screen}");
    assert!(!footer.contains("accept"), "{screen}");
    let row = screen.lines().find(|line| line.contains("why within")).unwrap_or_default();
    assert!(row.contains("you"), "one's own question: {screen}");
    pair.meet();
    let screen = choose(&mut pair.po, "8", "^1").screen();
    assert!(screen.lines().last().unwrap_or_default().contains("accept"), "{screen}");
}

/// The other window hears of a question as one, on what it is about and with its first words.
#[test]
fn a_question_is_announced_as_one() {
    let mut pair = Pair::new(120, 40);
    pair.pm.keys("3gg p5");
    pair.meet();
    choose(&mut pair.pm, "8", "^1").keys("c“who asked for it?”<enter>");
    pair.meet();
    let screen = pair.po.screen();
    assert!(screen.contains("Question about ^1: \"who asked for it?\""), "{screen}");
}

/// A voice set to answered takes the answer.
#[test]
fn a_voice_that_is_set_to_answered_takes_the_answer() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    stage.keys("3gg c“Tom: +a map of the quays”<enter>8").settle();
    let is_voice = |one: &&std::sync::Arc<Feedback>| one.role.is_empty() && one.state == FeedbackState::New;
    let voice = product(&mut stage).all::<Feedback>().find(is_voice).map(|one| one.id).unwrap();
    assert!(stage.app().ui.choose_id(voice), "{}", stage.screen());
    let screen = stage.keys("ss“answered”<enter>").screen();
    assert!(screen.contains("Answer to F1"), "{screen}");
    stage.keys("“It comes in March”<enter>").settle();
    let one = product(&mut stage).get::<Feedback>(voice).unwrap().clone();
    assert_eq!((one.state, &*one.answer), (FeedbackState::Answered, "It comes in March"), "{}", stage.screen());
}

/// The name of whoever was here last is offered as that, not as if it were one's own.
#[test]
fn a_name_that_was_used_before_is_offered_as_such() {
    let seat = |from: NameFrom| {
        let mut first = FirstRun::another("Ann").knowing(from);
        for c in "Boat Doctor".chars() {
            first.input(&Input::key(KeyCode::Char(c)));
        }
        first.input(&Input::key(KeyCode::Enter));
        first
    };
    let screen = |first: &FirstRun| {
        let mut ui = Ui::new(Theme::plain(), Role::Both, "", &whyhow::tui::registry::REGISTRY);
        ui.window = Rect::new(0, 0, 80, 24);
        let mut buffer = Buffer::empty(ui.window);
        first.draw(&ui, &mut Paint::on(&mut buffer));
        text(&buffer)
    };
    let mut last = seat(NameFrom::Last);
    assert!(screen(&last).contains("Your name (Ann was here last)"), "{}", screen(&last));
    assert!(screen(&seat(NameFrom::Login)).contains("Your name (from this computer)"));
    last.input(&Input::key(KeyCode::Char('B')));
    assert!(!screen(&last).contains("Ann"), "a letter replaces it: {}", screen(&last));
}

/// A file opened in the first box asks for no name: the box says whose the import takes.
#[test]
fn the_first_box_says_who_signs_an_import() {
    for (from, words) in [
        (NameFrom::Last, "Signed by Ann, who was here last; --by changes that."),
        (NameFrom::Login, "Signed by Ann, from this computer; --by changes that."),
    ] {
        let first = FirstRun::at_file("Ann", std::path::Path::new("a.csv")).knowing(from);
        let mut ui = Ui::new(Theme::plain(), Role::Both, "", &whyhow::tui::registry::REGISTRY);
        ui.window = Rect::new(0, 0, 80, 24);
        let mut buffer = Buffer::empty(ui.window);
        first.draw(&ui, &mut Paint::on(&mut buffer));
        assert!(text(&buffer).contains(words), "{}", text(&buffer));
    }
}

/// What is made from a voice quotes it without the name, which the voice keeps.
#[test]
fn what_is_made_from_a_voice_does_not_name_whoever_spoke() {
    for role in [Role::Pm, Role::Po] {
        let mut stage = Stage::new(120, 40, role);
        stage.keys("3gg c“Tomasina: +a map of the quays”<enter>8").settle();
        let voice = product(&mut stage).all::<Feedback>().find(|one| &*one.source == "Tomasina").map(|one| one.id);
        assert!(stage.app().ui.choose_id(voice.unwrap()), "{}", stage.screen());
        stage.keys("A<enter>").settle();
        let item = product(&mut stage).all::<RoadmapItem>().find(|item| item.title.contains("quays")).cloned();
        let story = product(&mut stage).all::<BacklogItem>().find(|item| item.title.contains("quays")).cloned();
        let text = item.map(|item| item.problem.to_string()).or(story.map(|item| item.notes.to_string()));
        assert_eq!(text.as_deref(), Some("“a map of the quays”"), "{}", stage.screen());
    }
}

/// A message of two lines leaves the border of the pane where it is.
#[test]
fn a_message_of_two_lines_covers_no_border() {
    let mut stage = Stage::new(60, 20, Role::Po);
    let last = |screen: &str| screen.lines().nth(17).unwrap_or_default().to_string();
    let before = last(&stage.keys("3gg").screen());
    let screen = stage.keys("sst<enter>").screen();
    let said = screen.lines().skip(18).collect::<Vec<_>>().join(" ");
    assert!(said.chars().count() > 60, "it takes two lines: {screen}");
    assert_eq!(last(&screen).chars().next(), before.chars().next(), "{screen}");
}

/// `!` says that something changed since it was agreed, and nothing else.
#[test]
fn the_sign_of_a_changed_why_means_one_thing() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    choose(&mut stage, "1<esc>", "T1").keys("a“The next goal”<enter>").settle();
    stage.keys("2a“An item without a goal”<enter><esc>").settle();
    choose(stage.keys("R2<enter>"), "1<esc>", "T2").keys("C").settle();
    let screen = stage.keys("R1<enter>8").screen();
    for words in ["waits for agreement", "serves no goal yet"] {
        let row = screen.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {screen}"));
        assert!(row.contains('○') && !row.contains('!'), "{screen}");
    }
    let screen = stage.keys("?").screen();
    assert!(stage.app().ui.layers.len() == 1, "{screen}");
}

fn voices(stage: &mut Stage, many: usize) -> Vec<String> {
    stage.keys("8");
    for nth in 0..many {
        stage.keys(&format!("a“Tom: voice {nth}”<enter>")).settle();
    }
    let product = product(stage);
    let is_one = |one: &&std::sync::Arc<Feedback>| one.quote.starts_with("voice ");
    product.all::<Feedback>().filter(is_one).map(|one| product.name_of(one.id)).collect()
}

fn chosen(stage: &mut Stage) -> String {
    let id = stage.app().ui.chosen_row().map(|row| row.id).unwrap_or_default();
    product(stage).name_of(id)
}

/// Whatever is done with a voice, the cursor stands on the next one that is not sorted.
#[test]
fn sorting_goes_on_with_the_next_voice() {
    let ways = [
        "C",
        "D“no”<enter>",
        "c“It is there”<enter>",
        "A<enter>",
        "ss“answered”<enter>“yes”<enter>",
        "ss“linked”<enter>",
        "sg“R2”<enter>",
    ];
    for role in [Role::Pm, Role::Po] {
        for way in ways {
            let mut stage = Stage::new(120, 40, role);
            let all = voices(&mut stage, 4);
            let [first, second, third, last] = &all[..] else { panic!("{all:?}") };
            choose(&mut stage, "8", second).keys(way).settle();
            assert_eq!(chosen(&mut stage), *third, "{role:?} {way}: {}", stage.screen());
            choose(&mut stage, "8", last).keys(way).settle();
            assert_eq!(chosen(&mut stage), *third, "{role:?} {way}: {}", stage.screen());
            choose(&mut stage, "8", first).keys(way).settle();
            assert_eq!(chosen(&mut stage), *third, "{role:?} {way}: {}", stage.screen());
        }
    }
}

/// Adopting what is about a roadmap item stays in the Inbox, and its message names no key that acts on another row.
#[test]
fn adopting_a_linked_voice_stays_in_the_inbox() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    stage.keys("2gg c“Tom: about this one”<enter>").settle();
    let all = voices(&mut stage, 1);
    let is_about = |one: &&std::sync::Arc<Feedback>| &*one.quote == "about this one";
    let id = product(&mut stage).all::<Feedback>().find(is_about).unwrap().id;
    let name = product(&mut stage).name_of(id);
    let screen = choose(&mut stage, "8", &name).keys("C").screen();
    assert_eq!(stage.app().ui.screen().name, "inbox", "{screen}");
    assert!(screen.contains("What follows is changed in R1: : R1 goes there"), "{screen}");
    assert_eq!(chosen(&mut stage), all[0], "{screen}");
}

/// Answers read in passing are told of, and nothing is said to be left alone.
#[test]
fn confirming_a_range_decides_nothing_in_passing() {
    let mut pair = Pair::new(120, 40);
    pair.po.keys("2gg e“!”<esc>").settle();
    pair.meet();
    choose(&mut pair.pm, "8", "^1").keys("D“no”<enter>").settle();
    choose(&mut pair.pm, "2", "R1").keys("c“Tom: a new one”<enter>").settle();
    pair.meet();
    let screen = pair.po.keys("8ggVGC").screen();
    let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let adopted =
        |stage: &mut Stage| product(stage).all::<Feedback>().filter(|one| one.state == FeedbackState::Adopted).count();
    assert_eq!(adopted(&mut pair.po), 0, "{screen}");
    assert!(said.contains("and marked 1 answer as read."), "{screen}");
    assert!(said.contains("1 remark waits for its own C."), "{screen}");
    assert!(!said.contains("left alone"), "{screen}");
}

/// Who has agreed to a Product Goal and goes on writing it still agrees; the other role is asked in the Inbox.
#[test]
fn ones_own_words_do_not_end_ones_agreement() {
    let mut pair = Pair::new(120, 40);
    choose(&mut pair.pm, "1<esc>", "T1").keys("ss“draft”<enter>").settle();
    choose(&mut pair.pm, "1<esc>", "T1").keys("CC").settle();
    choose(&mut pair.pm, "1<esc>", "T1").keys("<tab>gge<end>“ Really.”<enter><esc>").settle();
    pair.meet();
    let screen = choose(&mut pair.po, "8", "T1").keys("C").settle().screen();
    let id = named(&mut pair.po, "T1");
    assert_eq!(product(&mut pair.po).get::<ProductGoal>(id).unwrap().state, GoalState::Active, "{screen}");
    choose(&mut pair.po, "1<esc>", "T1").keys("ss“draft”<enter>").settle();
    choose(&mut pair.po, "1<esc>", "T1").keys("C").settle();
    pair.meet();
    let screen = choose(&mut pair.pm, "1<esc>", "T1").keys("<tab>gge<end>“ Truly.”<enter>").settle().screen();
    let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Omar agreed to T1 as it was, and is asked again."), "{screen}");
    pair.meet();
    choose(&mut pair.po, "8", "T1");
    assert!(pair.po.screen().contains("for you"), "{}", pair.po.screen());
}

/// With no Product Goal, whoever looks for one is told how to write it, and the palette does it from any view.
#[test]
fn a_missing_product_goal_can_be_found() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    choose(&mut stage, "1<esc>", "T1").keys("dddd").settle();
    let screen = choose(&mut stage, "1<esc>", "G2").keys("C").screen();
    assert!(screen.contains("A on the vision adds one"), "{screen}");
    stage.keys("3:“product goal”");
    assert!(stage.screen().contains("add Product Goal"), "{}", stage.screen());
    stage.keys("<esc>:“add a product goal”<enter>“Repairs in a day”<enter>").settle();
    let goal = product(&mut stage).all::<ProductGoal>().next().map(|goal| goal.title.to_string());
    assert_eq!(goal.as_deref(), Some("Repairs in a day"), "{}", stage.screen());
}

/// Who proposed a why has seen it: as it was proposed, what was confirmed under it stays confirmed; reworded, it asks.
#[test]
fn who_proposed_a_why_need_not_confirm_it() {
    for (keys, asked) in [("C", false), ("e“, really”<enter>", true)] {
        let mut pair = Pair::new(120, 40);
        remeasure(&mut pair.po, "R1", "Bookings, 38 → 70 %");
        pair.meet();
        let before = asking(&mut pair.pm);
        choose(&mut pair.pm, "8", "^1").keys("<home>").settle();
        choose(&mut pair.pm, "8", "^1").keys(keys).settle();
        let after = asking(&mut pair.pm);
        let new = after.iter().any(|name| name.starts_with('S') && !before.contains(name));
        assert_eq!(new, asked, "{keys}: {before:?} {after:?} {}", pair.pm.screen());
    }
}

/// A link that has changed since it was proposed is accepted with all three values before one's eyes.
#[test]
fn an_overtaken_link_can_be_accepted() {
    let mut pair = Pair::new(120, 40);
    choose(&mut pair.pm, "3", "S3").keys("sg“R3”<enter>").settle();
    choose(&mut pair.po, "3", "S3").keys("sg“R2”<enter>").settle();
    pair.meet();
    let screen = choose(&mut pair.po, "8", "^1").keys("<home>").screen();
    assert!(!screen.contains("C accept"), "{screen}");
    let screen = choose(&mut pair.po, "8", "^1").keys("e").screen();
    for words in ["Was: R1", "Now: R2", "Wanted: R3", "Accept what is wanted"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    let screen = pair.po.keys("1").settle().screen();
    let (story, wanted) = (named(&mut pair.po, "S3"), named(&mut pair.po, "R3"));
    assert_eq!(product(&mut pair.po).get::<BacklogItem>(story).unwrap().serves, Some(wanted), "{screen}");
    assert_eq!(states(&mut pair.po), [ProposalState::Accepted], "{screen}");
}

fn states(stage: &mut Stage) -> Vec<ProposalState> {
    product(stage).all::<Proposal>().map(|one| one.state).collect()
}

/// A line that proposes says so, and what it adds.
#[test]
fn a_line_that_proposes_says_what() {
    let mut stage = Stage::new(120, 40, Role::Po);
    let screen = choose(&mut stage, "1<esc>", "G1").keys("a").screen();
    assert!(screen.contains("+ proposed goal:"), "{screen}");
    let mut stage = Stage::new(120, 40, Role::Pm);
    let screen = choose(&mut stage, "1<esc>", "G1").keys("a").screen();
    assert!(screen.contains("+ goal:"), "{screen}");
}

/// Declining asks for the reason, however it is done.
#[test]
fn a_voice_that_is_set_to_declined_takes_the_reason() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    let all = voices(&mut stage, 1);
    let screen = choose(&mut stage, "8", &all[0]).keys("ss“declined”<enter>").screen();
    assert!(screen.contains(&format!("Reason for declining {}", all[0])), "{screen}");
    stage.keys("<enter>“Not ours”<enter>").settle();
    let id = named(&mut stage, &all[0]);
    let one = product(&mut stage).get::<Feedback>(id).unwrap().clone();
    assert_eq!((one.state, &*one.answer), (FeedbackState::Declined, "Not ours"), "{}", stage.screen());
}

/// The border of an editor names a field of the vision as a sentence does.
#[test]
fn a_field_of_the_vision_is_named_in_english() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    let screen = stage.keys("1gge").screen();
    assert!(!screen.contains("the vision Vision"), "{screen}");
    let screen = stage.keys("<tab>").screen();
    assert!(screen.contains("Target group of the vision"), "{screen}");
}

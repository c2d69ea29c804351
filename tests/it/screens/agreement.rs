//! Looking again, answering, agreeing: what one role asks of the other besides proposals.

use crate::harness::lookup::{named, product};
use crate::harness::scratch::whyhow;
use crate::harness::stage::Stage;
use whyhow::insight::attention::{AttentionKind, needs};
use whyhow::insight::echo::echo;
use whyhow::insight::trace::asks_again;
use whyhow::model::role::Role;
use whyhow::model::schema::{
    BacklogItem, Decision, Feedback, FeedbackState, Goal, GoalState, ItemStatus, Kind, ProductGoal, Proposal,
    ProposalState, RoadmapItem,
};
use whyhow::model::value::Value;
use whyhow::tui::onboarding::FirstChoice;

fn asking(stage: &mut Stage) -> Vec<String> {
    let product = product(stage);
    let mut out = Vec::new();
    for kind in Kind::ALL {
        let asks = product.living(*kind).filter(|record| !asks_again(product, *record).is_empty());
        out.extend(asks.map(|record| record.name()));
    }
    out
}

fn choose(stage: &mut Stage, name: &str) {
    let id = named(stage, name);
    stage.app().ui.choose_id(id);
    stage.keys("<home>").app().ui.choose_id(id);
}

/// Looking at what changed and confirming are two keys, and the change is on the screen.
#[test]
fn what_changed_is_shown_before_and_after_and_confirmed_with_two_keys() {
    let mut stage = Stage::new(120, 40, Role::Po);
    stage.keys("3gg");
    let screen = stage.screen();
    assert!(screen.contains("! R2 Price before booking changed since S2 was agreed"), "{screen}");
    assert!(screen.contains("(Omar, 3 Nov)"), "{screen}");
    assert!(screen.contains("38 → 55") && screen.contains("38 → 60"), "before and after: {screen}");
    stage.pressed = 0;
    stage.keys("!");
    let screen = stage.screen();
    assert!(screen.contains("Does S2 still fit?") && screen.contains("Measure, by "), "{screen}");
    stage.keys("C");
    assert_eq!(stage.pressed, 2);
    assert!(!asking(&mut stage).contains(&"S2".to_string()), "{}", stage.screen());
    stage.keys("u");
    assert!(asking(&mut stage).contains(&"S2".to_string()), "undo asks again");
    stage.keys("! c “60 % changes nothing here”<enter>");
    let id = named(&mut stage, "S2");
    let notes: Vec<String> =
        product(&mut stage).find(id).unwrap().confirmed().iter().map(|one| one.note.clone()).collect();
    assert_eq!(notes, ["60 % changes nothing here"], "{}", stage.screen());
}

/// Where no pane shows the change, the key that confirms opens it first.
#[test]
fn nobody_confirms_what_is_not_on_the_screen() {
    let mut stage = Stage::new(58, 20, Role::Po);
    stage.keys("3gg C");
    assert!(asking(&mut stage).contains(&"S2".to_string()));
    assert!(stage.screen().contains("Does S2 still fit?"), "{}", stage.screen());
    stage.keys("C");
    assert!(!asking(&mut stage).contains(&"S2".to_string()));
}

#[test]
fn several_are_confirmed_with_one_note() {
    let mut stage = Stage::new(120, 40, Role::Po);
    choose(stage.keys("3"), "S2");
    stage.keys("<space>");
    choose(&mut stage, "S6");
    stage.keys("<space> C “Read both, 60 % changes nothing”<enter>");
    let (s2, s6) = (named(&mut stage, "S2"), named(&mut stage, "S6"));
    assert!(!asking(&mut stage).iter().any(|name| name == "S2" || name == "S6"), "{}", stage.screen());
    for id in [s2, s6] {
        let notes: Vec<String> =
            product(&mut stage).find(id).unwrap().confirmed().iter().map(|one| one.note.clone()).collect();
        assert_eq!(notes, ["Read both, 60 % changes nothing"]);
    }
}

/// Wording asks nobody, whether it is said at once or afterwards, and undo of either asks nobody.
#[test]
fn only_the_wording_changed() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    let before = asking(&mut stage);
    stage.keys("2gg <tab>j");
    while !stage.screen().contains("▸Outcome") {
        stage.keys("j");
    }
    stage.keys("e“ Really.”<esc>").settle();
    assert!(asking(&mut stage).len() > before.len(), "{}", stage.screen());
    assert!(stage.screen().contains(": wording only"), "{}", stage.screen());
    stage.keys(":“wording only”<enter>").settle();
    assert_eq!(asking(&mut stage), before, "{}", stage.screen());
    stage.keys("u");
    assert!(asking(&mut stage).len() > before.len());
    stage.keys("u");
    assert_eq!(asking(&mut stage), before);
    let data = stage.data.path().to_path_buf();
    drop(stage.app.take());
    let lines =
        "{\"do\":\"set\",\"on\":\"R1\",\"set\":{\"outcome\":\"Said better.\"},\"wording\":true}\n{\"do\":\"undo\"}\n";
    let script = data.join("script");
    let open = |stage: &mut Stage| {
        stage.app =
            Some(crate::harness::stage::open(&data, Role::Pm, 120, 40, whyhow::tui::term::theme::Theme::plain()));
    };
    for lines in [&lines[..lines.find('\n').unwrap() + 1], &lines[lines.find('\n').unwrap() + 1..]] {
        std::fs::write(&script, lines).unwrap();
        let done = whyhow(&data).args(["--as", "pm", "--by", "Priya", "batch"]).arg(&script).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        open(&mut stage);
        assert_eq!(asking(&mut stage), before, "{lines}");
        drop(stage.app.take());
    }
}

/// The vision asks goals and roadmap items, never stories; what is over asks nobody.
#[test]
fn the_vision_asks_goals_and_roadmap_items_and_what_is_over_asks_nobody() {
    let mut stage = Stage::new(120, 40, Role::Both);
    // Who is alone and fills in what was empty is not asked; who changes it is.
    stage.keys("1gge“Repairs without waiting.”<esc>").settle();
    stage.keys("1<esc>ja“A new goal”<enter>2a“A new item”<enter>").settle();
    let (goal, item) = {
        let product = product(&mut stage);
        let goal = product.all::<Goal>().find(|goal| &*goal.title == "A new goal").unwrap().id;
        (goal, product.all::<RoadmapItem>().find(|item| &*item.title == "A new item").unwrap().id)
    };
    let stories = |stage: &mut Stage| asking(stage).iter().filter(|name| name.starts_with('S')).count();
    let before = stories(&mut stage);
    stage.keys("1gg<tab>e“Riders first.”<esc>e“ And more.”<esc>").settle();
    let names: Vec<String> = [goal, item].iter().map(|id| product(&mut stage).name_of(*id)).collect();
    let asked = asking(&mut stage);
    assert!(names.iter().all(|name| asked.contains(name)), "{names:?} {asked:?}\n{}", stage.screen());
    assert_eq!(stories(&mut stage), before, "no story asks about the vision");
    assert!(
        needs(product(&mut stage), Role::Pm, whyhow::model::value::Day::parse("2026-11-30").unwrap())
            .iter()
            .any(|need| need.on == item && need.kind == AttentionKind::VisionMoved)
    );
    choose(stage.keys("2"), &names[1]);
    stage.keys("ss“declined”<enter>“Not ours”<enter>").settle();
    assert!(!asking(&mut stage).contains(&names[1]), "what was declined asks nobody: {}", stage.screen());
}

/// A question goes to the other role; the answer stands on the record for both.
#[test]
fn a_question_is_answered_in_place_and_a_remark_adopted_or_declined() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    choose(stage.keys("3"), "S3");
    stage
        .keys("c“? Why within the hour”<enter>c“- The shop will not like it”<enter>c“+ Say it in the list too”<enter>");
    stage.settle();
    stage.keys("R2<enter>");
    let kinds = |stage: &mut Stage| {
        let today = stage.app().ui.today;
        let all = needs(product(stage), Role::Po, today);
        all.iter().filter(|one| matches!(one.kind, AttentionKind::Question | AttentionKind::Remark)).count()
    };
    let before = kinds(&mut stage);
    stage.keys("8");
    let of = |stage: &mut Stage, words: &str| {
        let one = product(stage).all::<Feedback>().find(|one| one.quote.starts_with(words)).unwrap();
        (one.id, one.state)
    };
    for (words, keys, state) in [
        ("Why within", "c“Shops refill a slot in that time”<enter>", FeedbackState::Answered),
        ("The shop will", "D“They asked for it”<enter>", FeedbackState::Declined),
        ("Say it in", "C", FeedbackState::Adopted),
    ] {
        let id = of(&mut stage, words).0;
        assert!(stage.app().ui.choose_id(id), "{words}: {}", stage.screen());
        stage.keys(keys).settle();
        assert_eq!(of(&mut stage, words).1, state, "{}", stage.screen());
    }
    assert_eq!(kinds(&mut stage), before - 3);
    stage.keys("R1<enter>");
    choose(stage.keys("3"), "S3");
    let screen = stage.screen();
    assert!(screen.contains("Shops refill a slot in that time"), "{screen}");
}

/// A Product Goal needs both roles; other words need them again, and abandoning needs a reason.
#[test]
fn a_product_goal_is_active_once_both_roles_agreed() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    let data = stage.data.path().to_path_buf();
    drop(stage.app.take());
    let run = |role: &str, line: &str| {
        let script = data.join("script");
        std::fs::write(&script, format!("{line}\n")).unwrap();
        let by = if role == "po" { "Omar" } else { "Priya" };
        let done = whyhow(&data).args(["--as", role, "--by", by, "batch"]).arg(&script).output().unwrap();
        serde_json::from_slice::<Value>(&done.stdout).unwrap()
    };
    let asked = |role: &str| {
        let inbox = whyhow(&data).args(["--as", role, "show", "inbox", "--json"]).output().unwrap();
        let inbox: Value = serde_json::from_slice(&inbox.stdout).unwrap();
        inbox["for_me"].as_array().unwrap().iter().any(|one| one["kind"] == "agree")
    };
    let to = |state: &str| format!(r#"{{"do":"run","command":"goal.state","with":{{"on":"T1","to":"{state}"}}}}"#);
    let state = || {
        let shown = whyhow(&data).args(["show", "vision", "--json"]).output().unwrap();
        let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
        shown["product_goals"][0]["state"].as_str().unwrap().to_string()
    };
    assert_eq!(run("both", &to("draft"))["ok"], true);
    assert_eq!((run("pm", &to("active"))["ok"].clone(), state()), (true.into(), "draft".to_string()));
    assert!(asked("po") && !asked("pm"));
    // Who writes other words after agreeing has agreed to these.
    let set = |title: &str| format!(r#"{{"do":"set","on":"T1","set":{{"title":"{title}"}}}}"#);
    assert_eq!(run("pm", &set("Another goal altogether."))["ok"], true);
    assert!(asked("po") && !asked("pm"));
    assert_eq!((run("po", &to("active"))["ok"].clone(), state()), (true.into(), "active".to_string()));
    // Somebody else's words: the owner's agreement was to the old ones, and he is asked again.
    assert_eq!(run("both", &to("draft"))["ok"], true);
    assert_eq!((run("po", &to("active"))["ok"].clone(), state()), (true.into(), "draft".to_string()));
    assert_eq!(run("pm", &set("A third goal."))["ok"], true);
    assert!(asked("po"));
    assert_eq!((run("pm", &to("active"))["ok"].clone(), state()), (true.into(), "draft".to_string()));
    assert_eq!((run("po", &to("active"))["ok"].clone(), state()), (true.into(), "active".to_string()));
    assert_eq!(run("pm", &to("abandoned"))["ok"], false, "a reason is asked for");
    let line = r#"{"do":"run","command":"goal.state","with":{"on":"T1","to":"abandoned","reason":"the market went"}}"#;
    assert_eq!((run("pm", line)["ok"].clone(), state()), (true.into(), "abandoned".to_string()));
}

/// In the Inbox one key agrees.
#[test]
fn one_key_agrees_to_a_product_goal() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    let goal = product(&mut stage).all::<ProductGoal>().next().unwrap().id;
    stage.keys("1<esc>");
    assert!(stage.app().ui.choose_id(goal));
    stage.keys("ss“draft”<enter>").settle();
    stage.keys("ss“active”<enter>").settle();
    assert!(stage.screen().contains("active once the PO agrees too"), "{}", stage.screen());
    stage.keys("R2<enter> 8");
    assert!(stage.app().ui.choose_id(goal), "{}", stage.screen());
    stage.keys("C").settle();
    let state = product(&mut stage).get::<ProductGoal>(goal).unwrap().state;
    assert_eq!(state, GoalState::Active, "{}", stage.screen());
}

/// Both agree to the next Product Goal while another one is active; it is active once that one ends.
#[test]
fn a_product_goal_that_both_agreed_to_waits_for_the_active_one() {
    let mut stage = Stage::new(120, 40, Role::Pm);
    let active = product(&mut stage).all::<ProductGoal>().find(|goal| goal.state == GoalState::Active).unwrap().id;
    stage.keys("1<esc>");
    assert!(stage.app().ui.choose_id(active));
    stage.keys("a“The next goal”<enter>").settle();
    let next = product(&mut stage).all::<ProductGoal>().find(|goal| &*goal.title == "The next goal").unwrap().id;
    stage.keys("R2<enter> 1");
    assert!(stage.app().ui.choose_id(next));
    stage.keys("C").settle();
    let screen = stage.screen();
    assert!(screen.contains("active once the PM agrees too and T1 is fulfilled or abandoned"), "{screen}");
    assert!(screen.contains("Agreed: Priya (PO)") && screen.contains("the PM not yet"), "{screen}");
    stage.keys("R1<enter> 8");
    assert!(stage.app().ui.choose_id(next), "{}", stage.screen());
    stage.keys("C").settle();
    let screen = stage.screen();
    assert!(screen.contains("active once T1 is fulfilled or abandoned"), "{screen}");
    stage.keys("1");
    stage.app().ui.choose_id(next);
    let screen = stage.screen();
    assert!(screen.contains("active as soon as T1 is fulfilled or abandoned."), "{screen}");
    stage.app().ui.choose_id(active);
    stage.keys("ss“fulfilled”<enter>").settle();
    let states = |stage: &mut Stage| [active, next].map(|id| product(stage).get::<ProductGoal>(id).unwrap().state);
    assert_eq!(states(&mut stage), [GoalState::Fulfilled, GoalState::Active], "{}", stage.screen());
    stage.keys("u").settle();
    assert_eq!(states(&mut stage), [GoalState::Active, GoalState::Draft], "{}", stage.screen());
}

/// The manager hears of a how that grew since the roadmap was ratified, and one key says that the why still holds.
#[test]
fn a_how_that_moved_since_ratifying_comes_back_to_the_manager() {
    let mut stage = Stage::new(120, 40, Role::Both);
    stage.keys("2:“ratify”<enter>");
    stage.keys("“First”<enter>").settle();
    let item = named(&mut stage, "R1");
    let moved = |stage: &mut Stage| {
        let product = product(stage);
        echo(product, product.get::<RoadmapItem>(item).unwrap()).map(|echo| echo.to_string())
    };
    assert_eq!(moved(&mut stage), None, "{}", stage.screen());
    choose(stage.keys("3"), "S4");
    stage.keys("p13<enter>").settle();
    let word = moved(&mut stage).unwrap_or_default();
    assert!(word.starts_with("its open work went from "), "{word}: {}", stage.screen());
    choose(stage.keys("2"), "R1");
    let screen = stage.screen();
    assert!(screen.contains("its stories have changed: its open work"), "{screen}");
    stage.keys("C").settle();
    assert_eq!(moved(&mut stage), None, "{}", stage.screen());
    choose(stage.keys("3"), "S4");
    stage.keys("dn<enter>").settle();
    assert_eq!(moved(&mut stage).as_deref(), Some("a story was dropped"), "{}", stage.screen());
}

#[test]
fn a_decision_is_written_down_and_comes_back_on_its_day() {
    let mut stage = Stage::new(120, 40, Role::Po);
    choose(stage.keys("3"), "S3");
    stage.keys(":“decide”<enter>“Cancelling stays free”<enter>“Shops refill the slot”<esc>").settle();
    let one = product(&mut stage).all::<Decision>().next().unwrap().clone();
    assert_eq!((&*one.title, &*one.why, &*one.by), ("Cancelling stays free", "Shops refill the slot", "Omar"));
    choose(&mut stage, "S3");
    assert!(stage.screen().contains("decided: Cancelling stays free"), "{}", stage.screen());
    let today = stage.app().ui.today;
    let due = |stage: &mut Stage| needs(product(stage), Role::Pm, today).iter().any(|need| need.on == one.id);
    assert!(!due(&mut stage));
    let data = stage.data.path().to_path_buf();
    drop(stage.app.take());
    let script = data.join("script");
    std::fs::write(&script, format!("{{\"do\":\"set\",\"on\":\"D1\",\"set\":{{\"revisit\":\"{today}\"}}}}\n")).unwrap();
    assert!(whyhow(&data).arg("batch").arg(&script).output().unwrap().status.success());
    stage.app = Some(crate::harness::stage::open(&data, Role::Pm, 120, 40, whyhow::tui::term::theme::Theme::plain()));
    assert!(due(&mut stage));
}

/// A customer's voice from an empty line to a story: the words, and four keys; what is put off comes back by itself.
#[test]
fn a_voice_is_sorted_by_tying_it_and_comes_back_if_put_off() {
    let mut stage = Stage::new(120, 40, Role::Po);
    stage.keys("8a“- The price comes too late”<enter>a“+ Show tandems”<enter>").settle();
    let voice = |stage: &mut Stage, words: &str| {
        product(stage).all::<Feedback>().find(|one| one.quote.starts_with(words)).unwrap().clone()
    };
    let (late, tandems) = (voice(&mut stage, "The price comes"), voice(&mut stage, "Show tandems"));
    let today = stage.app().ui.today;
    assert_eq!((late.date, late.state, &*late.role), (Some(today), FeedbackState::New, ""));
    assert!(stage.app().ui.choose_id(late.id));
    assert!(
        {
            stage.pressed = 0;
            stage.keys("sg“Price for several”<enter>").pressed
        } <= 4
    );
    stage.settle();
    assert_eq!(voice(&mut stage, "The price comes").state, FeedbackState::Linked, "{}", stage.screen());
    assert!(stage.app().ui.choose_id(tandems.id));
    stage.keys("sw“+3d”<enter>").settle();
    let waits = |stage: &mut Stage, day| needs(product(stage), Role::Po, day).iter().any(|need| need.on == tandems.id);
    assert!(!waits(&mut stage, today), "{}", stage.screen());
    let back = voice(&mut stage, "Show tandems").later.unwrap();
    assert!(waits(&mut stage, back), "it comes back by itself");
    stage.keys("R1<enter> 8 fc");
    assert!(stage.app().ui.choose_id(tandems.id), "{}", stage.screen());
    stage.keys("A<enter>").settle();
    let item = product(&mut stage).all::<RoadmapItem>().find(|item| &*item.title == "Show tandems").unwrap().clone();
    assert!(item.problem.contains("Show tandems"), "the PM makes a roadmap item of it");
    assert_eq!(voice(&mut stage, "Show tandems").links.as_slice(), [item.id]);
}

/// Another name at the keyboard: what is done from then on carries it, and undo is that person's.
#[test]
fn another_person_sits_down() {
    let mut stage = Stage::new(120, 40, Role::Po);
    stage.keys("3gg p5").settle();
    stage.keys("R“Lena”<enter>").settle();
    assert!(stage.screen().contains("You are Lena, PO now."), "{}", stage.screen());
    stage.keys("3gg j p8").settle();
    let entries = stage.app().session.history().entries();
    assert_eq!(entries.last().unwrap().by, "Lena");
    stage.keys("u u").settle();
    assert!(stage.screen().contains("Nothing of yours is left to undo"), "{}", stage.screen());
}

/// A split is one act: no part of it makes sense alone.
#[test]
fn a_split_by_the_pm_is_one_proposal_that_one_key_accepts() {
    for (replaced, parts) in [("", 2), ("<c-r>", 2)] {
        let mut stage = Stage::new(120, 40, Role::Pm);
        choose(stage.keys("3"), "S3");
        let open =
            |stage: &mut Stage| product(stage).all::<Proposal>().filter(|one| one.state == ProposalState::Open).count();
        let before = open(&mut stage);
        let stories = product(&mut stage).all::<BacklogItem>().count();
        stage.keys("x").keys(replaced).keys("<tab>“One half”<tab><tab>“The other half”<c-s>").settle();
        assert_eq!(open(&mut stage), before + 1, "{}", stage.screen());
        stage.keys("R2<enter> 8").settle();
        let id = product(&mut stage).all::<Proposal>().last().unwrap().id;
        assert!(stage.app().ui.choose_id(id), "{}", stage.screen());
        stage.keys("C").settle();
        assert_eq!(product(&mut stage).all::<BacklogItem>().count(), stories + parts, "{}", stage.screen());
        let of = |stage: &mut Stage, title: &str| {
            product(stage).all::<BacklogItem>().find(|one| &*one.title == title).unwrap().clone()
        };
        let (whole, part) = (named(&mut stage, "S3"), of(&mut stage, "One half"));
        let status = product(&mut stage).get::<BacklogItem>(whole).unwrap().status;
        let expected = if replaced.is_empty() { (Some(whole), false) } else { (None, true) };
        assert_eq!((part.parent, status == ItemStatus::Dropped), expected, "{}", stage.screen());
    }
}

/// A person who takes another name in the same role is still who they were.
#[test]
fn a_new_name_goes_into_the_product_and_keeps_what_can_be_undone() {
    let mut stage = Stage::empty(110, 30, Role::Pm);
    stage.keys("3");
    let names = |stage: &mut Stage| {
        stage.settle();
        let product = stage.app().session.product();
        product.vision().map(|board| board.pm_name.to_string()).unwrap_or_default()
    };
    let old = "me".to_string();
    stage.keys("R“me”<enter>");
    stage.app().take_seat(Role::Pm, &old);
    assert_eq!(names(&mut stage), old);
    stage.keys("2a“Ferries on time”<enter>");
    stage.keys("R“Petra”<enter>");
    assert_eq!(names(&mut stage), "Petra", "{}", stage.screen());
    stage.keys("u");
    assert_eq!(names(&mut stage), old, "{}", stage.screen());
    stage.keys("u");
    assert!(stage.screen().contains("Undone") && !stage.screen().contains("R1 Ferries"), "{}", stage.screen());
}

/// Whoever sits down in one of the two roles of a single founder has that role from then on.
#[test]
fn whoever_takes_over_a_role_is_named_for_it() {
    let begin = FirstChoice::Own { product: "Bike Doctor".into(), role: Role::Both, person: "Pia".into() };
    let mut stage = Stage::begun(begin, 120, 35);
    stage.keys("R2<tab>“Olaf 2”<enter>");
    assert!(stage.screen().contains("You are Olaf 2, PO now."), "{}", stage.screen());
    let board = product(&mut stage).vision().unwrap().clone();
    assert_eq!((&*board.pm_name, &*board.po_name), ("Pia", "Olaf 2"));
}

/// So has whoever begins to work in it from another window.
#[test]
fn the_first_act_in_a_role_names_its_owner() {
    let begin = FirstChoice::Own { product: "Bike Doctor".into(), role: Role::Both, person: "Pia".into() };
    let mut stage = Stage::begun(begin, 120, 35);
    assert!(stage.app.take().unwrap().session.close());
    let theme = whyhow::tui::term::theme::Theme::plain();
    stage.app = Some(crate::harness::stage::open_as("Olaf", stage.data.path(), Role::Po, 120, 35, theme));
    stage.keys("3a“Show the price”<enter>").settle();
    let board = product(&mut stage).vision().unwrap().clone();
    assert_eq!((&*board.pm_name, &*board.po_name), ("Pia", "Olaf"), "{}", stage.screen());
    stage.keys("2a“Ferries on time”<enter>");
    assert!(stage.screen().contains("Proposed to Pia (PM)"), "{}", stage.screen());
}

/// Nobody is called by the name that stands for none.
#[test]
fn without_a_name_a_role_is_called_by_its_role() {
    let begin = FirstChoice::Own { product: "Bike Doctor".into(), role: Role::Pm, person: "me".into() };
    let mut stage = Stage::begun(begin, 120, 35);
    stage.keys("R2<tab>“Olaf”<enter>2a“Ferries on time”<enter>");
    assert!(stage.screen().contains("Proposed to the PM"), "{}", stage.screen());
}

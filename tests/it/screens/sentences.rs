//! Somebody types a sentence into whatever is open. Whether the box takes it, refuses it or closes: no letter of it runs as
//! a command.

use crate::harness::scratch::batch;
use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent};
use std::time::Duration;
use whyhow::model::role::Role;
use whyhow::tui::registry::{SCREENS, all};
use whyhow::tui::state::contract::LayerKind;
use whyhow::tui::term::key::Press;
use whyhow::tui::term::layout::Focus;

const SENTENCES: &[&str] = &[
    "Ann O'Neil",
    "20 nov",
    "70, 20 nov",
    "2026-12-01",
    "quit when the gate opens",
    "\"don't delete this\", she said",
    "8 points for the gate",
    "x > 3 and v < 9?",
    "every undo is redone: u u U dd p8",
    "/find me: 3/4 of it",
    "C declines, wants s t V F",
];

/// What a command would change: the product, the view, what is ticked, searched and filtered.
fn state(stage: &mut Stage) -> (u64, usize, usize, String, usize) {
    let ui = &stage.app().ui;
    let (view, ticked) = (ui.view, ui.ticked.len());
    let (find, filters) = (ui.place().find.clone(), ui.place().filters.len());
    (stage.app().session.product().rev(), view, ticked, find, filters)
}

fn type_in(stage: &mut Stage, text: &str) {
    for c in text.chars() {
        stage.press(KeyEvent::from(KeyCode::Char(c)));
    }
}

/// Closes what is open; what was changed is taken back.
fn calm(stage: &mut Stage, view: usize, before: u64) {
    let changes = stage.app().session.product().rev().saturating_sub(before);
    for _ in 0..12 {
        stage.keys("<esc>");
        if stage.app().ui.layers.is_empty() {
            break;
        }
    }
    stage.app().ui.layers.clear();
    for _ in 0..changes {
        stage.keys("u");
    }
    let ui = &mut stage.app().ui;
    ui.go(view);
    ui.place_mut().focus = Focus::List;
    ui.place_mut().find.clear();
    ui.place_mut().filters.clear();
    stage.keys("<esc>");
}

struct Trial {
    stage: Stage,
    random: fastrand::Rng,
    faults: Vec<String>,
    typed: usize,
}

/// Opens whatever a command opens, and types each sentence into it, at once and after an Enter that may be refused.
fn play(trial: &mut Trial, view: usize, there: &str, keys: &[KeyEvent]) {
    let Trial { stage, random, faults, typed } = trial;
    for enter in [false, true] {
        let before = stage.app().session.product().rev();
        stage.keys(there);
        for key in keys {
            stage.press(*key);
        }
        let open = stage.app().ui.top().map(|top| top.kind());
        if open.is_none_or(|kind| kind == LayerKind::Sequence) {
            return calm(stage, view, before);
        }
        if enter {
            stage.keys("<enter>");
            if stage.app().ui.layers.is_empty() {
                // Enter did what the box is for, or it was refused: only then what follows is the rest of a text.
                if !stage.app().ui.refused {
                    return calm(stage, view, before);
                }
            } else if stage.app().ui.top().map(|top| top.kind()) == Some(LayerKind::Sequence) {
                return calm(stage, view, before);
            }
        }
        let begun = state(stage);
        let layers = stage.app().ui.layers.len();
        let sentence = SENTENCES[random.usize(..SENTENCES.len())];
        type_in(stage, sentence);
        let ended = state(stage);
        *typed += 1;
        let name = SCREENS[view].name;
        let pressed: Vec<String> = keys.iter().map(|key| Press::from(*key).to_string()).collect();
        let told =
            format!("{name} {there} {pressed:?} enter={enter} {sentence:?}: {begun:?} → {ended:?}, {layers} open");
        // A box may set its own value, by a digit; nothing else may happen.
        let own_act = ended.0 - begun.0 <= 1;
        let same_sight = ended.1 == begun.1 && ended.2 == begun.2;
        let narrows = open == Some(LayerKind::StatusLine) || open == Some(LayerKind::Picker);
        let same_rows = narrows || (ended.3 == begun.3 && ended.4 == begun.4);
        if !(own_act && same_sight && same_rows) {
            faults.push(told);
        }
        calm(stage, view, before);
    }
}

#[test]
fn no_sentence_runs_as_commands_where_a_box_was_open() {
    let (mut faults, mut typed) = (Vec::new(), 0);
    for role in [Role::Pm, Role::Po, Role::Both] {
        for view in 0..SCREENS.len() {
            let random = fastrand::Rng::with_seed(7 + view as u64);
            let mut trial = Trial { stage: Stage::new(110, 30, role), random, faults: Vec::new(), typed: 0 };
            trial.stage.app().ignore_bursts(Duration::from_secs(5));
            let before = trial.stage.app().session.product().rev();
            calm(&mut trial.stage, view, before);
            let able = all().filter(|command| !matches!(command.name, "quit" | "suspend" | "editor.external"));
            for command in able {
                let Some(keys) = command.keys.first().and_then(|keys| Press::parse_all(keys)) else { continue };
                let keys: Vec<KeyEvent> = keys.into_iter().map(KeyEvent::from).collect();
                for there in ["<home>", "<home><down><down>", "<end>", "<home><tab>", "<home><tab><tab><down>"] {
                    play(&mut trial, view, there, &keys);
                }
            }
            faults.append(&mut trial.faults);
            typed += trial.typed;
        }
    }
    assert!(typed > 2000, "{typed} were typed");
    assert!(faults.is_empty(), "{} of them:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_number_of_points_may_have_more_digits_than_the_first() {
    let points = |stage: &mut Stage| {
        stage.settle();
        let ui = &stage.app().ui;
        let id = ui.place().chosen.unwrap();
        let product = stage.app().session.product();
        product.items().get(id).and_then(|item| item.points).map(|points| points.to_string())
    };
    let mut stage = Stage::new(110, 30, Role::Po);
    stage.keys("3gg p21<enter>");
    assert_eq!((points(&mut stage).as_deref(), stage.app().ui.screen().name), (Some("21"), "backlog"));
    // Moving on sets what is typed, too.
    stage.keys("p1<down>");
    let second = stage.app().ui.place().at;
    stage.keys("p13<enter><up>");
    assert_eq!((points(&mut stage).as_deref(), second), (Some("1"), 1));
    // A refusal leaves the line open, with the text in it.
    stage.keys("p1..2<enter>");
    assert!(!stage.app().ui.layers.is_empty() && stage.screen().contains("1..2"), "{}", stage.screen());
}

/// Another window takes the record away while a text for it is typed: the text is still there.
#[test]
fn a_refused_input_is_open_again_with_its_text() {
    let mut stage = Stage::new(110, 30, Role::Pm);
    // A goal's reading is typed while another window deletes the goal.
    stage.keys("1<esc>jsm“70”");
    assert!(!stage.app().ui.layers.is_empty(), "{}", stage.screen());
    let name = {
        let id = stage.app().ui.place().chosen.unwrap();
        stage.app().session.product().name_of(id)
    };
    assert_eq!(batch(stage.data.path(), &["--by", "Zoe"], &format!("{{\"do\":\"delete\",\"on\":\"{name}\"}}\n")).0, 0);
    for _ in 0..400 {
        stage.app().session.look();
        stage.app().poll();
        stage.settle();
        let id = stage.app().session.product().named(&name);
        if id.is_none_or(|(_, id)| stage.app().session.product().find(id).is_none_or(|one| !one.is_alive())) {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    stage.keys("<enter>");
    let screen = stage.screen();
    assert!(!stage.app().ui.layers.is_empty() && screen.contains("70"), "{screen}");
}

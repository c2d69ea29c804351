//! What is written on the screen about keys is true: whatever the footer offers is done and not refused, in every view,
//! role and pane, with ticks and without; and nobody needs a letter to reach a command.

use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent};
use std::collections::BTreeSet;
use whyhow::model::role::Role;
use whyhow::tui::registry::{SCREENS, all, command_named};
use whyhow::tui::state::contract::LayerKind;
use whyhow::tui::state::ui::Toast;
use whyhow::tui::term::key::Press;
use whyhow::tui::term::layout::Focus;
use whyhow::tui::term::paint::Zone;

/// The commands that the last line offers.
fn offered(stage: &mut Stage) -> Vec<&'static str> {
    let mut buffer = stage.buffer();
    let (zones, last) = (stage.app().draw(&mut buffer), buffer.area.height - 1);
    zones
        .all()
        .filter(|(area, _)| area.y == last)
        .filter_map(|(_, zone)| if let Zone::Command(name) = zone { Some(*name) } else { None })
        .collect()
}

/// What commands did that only looked as if they could be done.
#[derive(Default)]
struct Lies {
    tried: usize,
    told: BTreeSet<String>,
}

impl Lies {
    /// Presses the key of a command, looks what came of it, and puts everything back.
    fn press(&mut self, stage: &mut Stage, name: &'static str, there: &str) {
        let (places, view, ticked) = {
            let ui = &stage.app().ui;
            (ui.places.clone(), ui.view, ui.ticked.clone())
        };
        let rev = stage.app().session.product().rev();
        stage.app().ui.toast = None;
        for press in stage.app().ui.keymap.keys_of(name)[0].to_string().split(' ') {
            let press = arrow(press).or_else(|| Press::parse(press)).unwrap();
            stage.press(KeyEvent::from(press));
        }
        let ui = &stage.app().ui;
        let refused = match &ui.toast {
            // What asks again, or for the reasons of NOW, was not refused.
            Some(Toast::Trouble(_)) if name == "horizon.sooner" => None,
            Some(Toast::Trouble(_)) if !ui.sure.is_empty() || !ui.layers.is_empty() => None,
            Some(Toast::Trouble(word)) => Some(word.clone()),
            Some(Toast::Word(word)) if word.contains("does nothing here") || word.contains("No box in") => {
                Some(word.clone())
            }
            _ => None,
        };
        self.tried += 1;
        if let Some(word) = refused {
            self.told.insert(format!("{there}: {name} is offered and says {word:?}"));
        }
        let app = stage.app();
        app.ui.layers.clear();
        if app.session.product().rev() != rev && name != "undo" && name != "redo" {
            app.session.undo().unwrap();
        }
        (app.ui.places, app.ui.view, app.ui.ticked) = (places, view, ticked);
        (app.ui.zoom, app.ui.range, app.ui.leaving) = (false, None, false);
        app.ui.sure.clear();
        app.resize(120, 35);
    }
}

/// Arrows are shown otherwise than they are written.
fn arrow(shown: &str) -> Option<Press> {
    let known = [("↑", KeyCode::Up), ("↓", KeyCode::Down), ("←", KeyCode::Left), ("→", KeyCode::Right)];
    known.iter().find(|(sign, _)| *sign == shown).map(|(_, code)| Press::plain(*code))
}

/// Walks every view, row and pane, and presses what `choose` says, once for each kind of place.
fn walk(role: Role, lies: &mut Lies, choose: fn(&mut Stage) -> Vec<&'static str>) {
    let mut stage = Stage::new(120, 35, role);
    let mut seen = BTreeSet::new();
    for (view, screen) in SCREENS.iter().enumerate() {
        for turn in 0..screen.turns.len().max(1) {
            stage.app().ui.go(view);
            stage.app().ui.place_mut().turn = turn;
            stage.keys("<esc>").settle();
            for row in 0..stage.app().ui.rows.rows.len().clamp(1, 12) {
                for focus in Focus::ALL {
                    let stops = if focus == Focus::List { 1 } else { 14 };
                    for stop in 0..stops {
                        for ticks in [0, 2] {
                            let app = stage.app();
                            app.ui.choose(row);
                            let place = app.ui.place_mut();
                            (place.focus, place.why_at, place.how_at) = (focus, stop, stop);
                            let records = app.ui.rows.rows.iter().filter(|row| row.kind.is_some());
                            app.ui.ticked = records.take(ticks).map(|row| row.id).collect();
                            let kind = app.ui.chosen_row().map(|row| row.kind);
                            let names = choose(&mut stage);
                            let app = stage.app();
                            let under = whyhow::tui::widget::pane::row_under_cursor(&app.ui, app.session.product());
                            let sort = under.map(|row| format!("{row:?}").chars().take(5).collect::<String>());
                            let there = format!("{} {turn} {focus:?} {ticks} ticked {kind:?} {sort:?}", screen.name);
                            if seen.insert((there.clone(), names.clone())) {
                                names
                                    .iter()
                                    .for_each(|name| lies.press(&mut stage, name, &format!("{role:?} {there}")));
                            }
                        }
                    }
                }
            }
        }
    }
}

fn truthful(choose: fn(&mut Stage) -> Vec<&'static str>, least: usize) {
    let mut lies = Lies::default();
    for role in [Role::Pm, Role::Po, Role::Both] {
        walk(role, &mut lies, choose);
    }
    assert!(lies.tried > least, "only {} were tried", lies.tried);
    let told: Vec<_> = lies.told.into_iter().collect();
    assert!(told.is_empty(), "{} lies:\n{}", told.len(), told.join("\n"));
}

#[test]
fn no_hint_of_the_footer_is_refused_in_any_view_role_or_pane() {
    truthful(offered, 500);
}

/// Commands that have a key and that help shows as what works here; what leads out of the program aside.
fn helped(stage: &mut Stage) -> Vec<&'static str> {
    let app = stage.app();
    let keyed = all().filter(|command| !app.ui.keymap.keys_of(command.name).is_empty());
    keyed
        .filter(|command| whyhow::tui::state::dispatch::ready(command, &app.ui, app.session.product()).is_ok())
        .map(|command| command.name)
        // It does what was done last, whatever that was.
        .filter(|name| *name != "repeat")
        .collect()
}

#[test]
fn nothing_that_help_lists_as_working_here_is_refused() {
    truthful(helped, 2000);
}

#[test]
fn every_command_can_be_reached_with_arrows_and_enter_alone() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3:");
    let mut lines = Vec::new();
    for _ in 0..all().count() {
        let screen = stage.screen();
        let chosen = screen.lines().find(|line| line.contains("┃ ▸")).unwrap_or_else(|| panic!("{screen}"));
        lines.push(chosen.to_string());
        stage.keys("<down>");
    }
    for command in all() {
        let keys = &stage.app().ui.keymap;
        let sentence: String = keys.fill(command.hint).chars().take(24).collect();
        let named = |line: &&String| line.contains(&format!("▸ {} ", keys.label_of(command)));
        let there = |line: &&String| named(line) && (line.contains(&sentence) || line.contains("not now: "));
        assert!(lines.iter().any(|line| there(&line)), "{} is not in the list:\n{}", command.name, lines.join("\n"));
    }
    // And Enter does the chosen line.
    let nth = lines.iter().position(|line| line.contains("The Definition of Done and of Ready.")).unwrap();
    stage.keys("<esc>:");
    (0..nth).for_each(|_| {
        stage.keys("<down>");
    });
    stage.keys("<enter>");
    assert_eq!(stage.app().ui.screen().name, "done");
    assert!(stage.screen().contains("Next time: 7."), "{}", stage.screen());
}

#[test]
fn every_command_says_what_it_does_in_seventy_characters_and_is_found_by_other_words() {
    // Moving about needs no other words: the key is the word.
    let plain = |name: &str| name.starts_with("go.") || name == "previous";
    for command in all() {
        assert!(command.hint.chars().count() <= 70, "{}", command.name);
        assert!(!command.synonyms.is_empty() || plain(command.name), "{} has no other word", command.name);
    }
    for word in ["ticket", "issue", "card", "epic", "iteration", "velocity", "parent", "hat", "trash", "redo"] {
        let mut stage = Stage::new(120, 35, Role::Both);
        stage.keys("3:").keys(&format!("“{word}”"));
        assert!(!stage.screen().contains("Nothing matches") && stage.screen().contains("┃ ▸"), "{word} finds nothing");
    }
}

#[test]
fn the_footer_follows_the_focus_and_fits_the_window() {
    for (columns, rows) in [(120, 35), (80, 24), (60, 20), (40, 10)] {
        let mut stage = Stage::new(columns, rows, Role::Both);
        stage.keys("3");
        for _ in 0..3 {
            let screen = stage.screen();
            let footer = screen.lines().last().unwrap();
            assert!(footer.ends_with("? help"), "{columns}: {footer}");
            let names = offered(&mut stage);
            for name in &names {
                let shown = stage.app().ui.keymap.key_of(command_named(name).unwrap());
                assert!(footer.contains(&format!("{shown} ")), "{columns}: {name} is cut in {footer:?}");
            }
            stage.keys("<tab>");
        }
        assert!(stage.app().ui.layers.iter().all(|layer| layer.kind() != LayerKind::Menu));
    }
}

/// Every kind of row that the Inbox can hold: proposals either way, answered and open; questions, remarks and voices in each
/// state; a decision; hows whose why has changed.
const LETTERS: &str = concat!(
    r#"{"do":"as","role":"pm","by":"Priya"}"#,
    "\n",
    r#"{"do":"set","on":"S3","set":{"points":8}}"#,
    "\n",
    r#"{"do":"set","on":"S4","set":{"points":8}}"#,
    "\n",
    r#"{"do":"add","kind":"item","set":{"title":"A story the PM wants"}}"#,
    "\n",
    r#"{"do":"run","command":"comment","with":{"on":"S3","text":"? Why within the hour"}}"#,
    "\n",
    r#"{"do":"run","command":"comment","with":{"on":"S4","text":"- The shop will not like it"}}"#,
    "\n",
    r#"{"do":"add","kind":"feedback","ref":"v1","set":{"quote":"A voice","source":"Ilse"}}"#,
    "\n",
    r#"{"do":"add","kind":"feedback","set":{"quote":"A sorted voice","source":"Jon","links":["R1"],"state":"linked"}}"#,
    "\n",
    r#"{"do":"add","kind":"decision","set":{"title":"We keep it small"}}"#,
    "\n",
    r#"{"do":"set","on":"R1","set":{"outcome":"Said otherwise now."}}"#,
    "\n",
    r#"{"do":"as","role":"po","by":"Omar"}"#,
    "\n",
    r#"{"do":"set","on":"R2","set":{"outcome":"The PO would say it so."}}"#,
    "\n",
    r#"{"do":"set","on":"G1","set":{"why":"The PO would say it so."}}"#,
    "\n",
    r#"{"do":"run","command":"comment","with":{"on":"R3","text":"? When"}}"#,
    "\n",
    r#"{"do":"run","command":"comment","with":{"on":"R4","text":"+ Say it in the list too"}}"#,
    "\n",
    r#"{"do":"run","command":"proposal.accept","with":{"on":"^1"}}"#,
    "\n",
);

#[test]
fn the_inbox_offers_on_each_row_only_what_does_something_there() {
    let mut told: BTreeSet<String> = BTreeSet::new();
    for role in [Role::Pm, Role::Po, Role::Both] {
        let mut stage = {
            let mut stage = Stage::new(200, 40, role);
            crate::harness::load::load(stage.data.path(), "Bike Doctor", LETTERS);
            stage.reopen().settle();
            stage
        };
        stage.keys("8fc").settle();
        for row in 0..stage.app().ui.rows.rows.len() {
            stage.app().ui.choose(row);
            let names = offered(&mut stage);
            let row_text = {
                let screen = stage.screen();
                let is_row = |line: &&str| line.contains("│ ▸ ");
                screen.lines().find(is_row).unwrap_or_default().chars().take(60).collect::<String>()
            };
            // What undo takes back is no matter of the row.
            for name in names.into_iter().filter(|name| *name != "undo") {
                let (places, view, rev) = {
                    let app = stage.app();
                    app.ui.toast = None;
                    (app.ui.places.clone(), app.ui.view, app.session.product().rev())
                };
                for press in stage.app().ui.keymap.keys_of(name)[0].to_string().split(' ') {
                    let press = arrow(press).or_else(|| Press::parse(press)).unwrap();
                    stage.press(KeyEvent::from(press));
                }
                let app = stage.app();
                let moved = app.ui.view != view || format!("{:?}", app.ui.places) != format!("{places:?}");
                let did = moved
                    || !app.ui.layers.is_empty()
                    || !app.ui.ticked.is_empty()
                    || app.session.product().rev() != rev
                    || app.ui.zoom
                    || app.ui.leaving
                    || !app.ui.sure.is_empty();
                if !did || matches!(app.ui.toast, Some(Toast::Trouble(_))) {
                    told.insert(format!("{role:?} {row_text}: {name} says {:?}", app.ui.toast));
                }
                app.ui.layers.clear();
                if app.session.product().rev() != rev && name != "undo" && name != "redo" {
                    app.session.undo().unwrap();
                }
                (app.ui.places, app.ui.view) = (places, view);
                (app.ui.zoom, app.ui.leaving) = (false, false);
                app.ui.ticked.clear();
                app.ui.sure.clear();
                app.resize(200, 40);
                stage.app().ui.choose(row);
            }
        }
    }
    let told: Vec<_> = told.into_iter().collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

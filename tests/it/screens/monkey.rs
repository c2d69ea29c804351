//! Random keys, clicks and pastes at random sizes, in every role and view: no panic, what is shown is what is on disk, and
//! undo as far as it goes gives every field its first value.

use crate::harness::stage::{Stage, open_as, text};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEventKind};
use std::collections::BTreeMap;
use whyhow::model::product::Product;
use whyhow::model::role::{Owner, Role};
use whyhow::model::schema::Kind;
use whyhow::store::open::open;
use whyhow::store::products::Data;
use whyhow::tui::registry::{SCREENS, all};
use whyhow::tui::term::key::Press;
use whyhow::tui::term::theme::Theme;

const KEYS: &[KeyCode] = &[
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::Backspace,
    KeyCode::Delete,
];

/// The presses of every command, prefixes with what follows them: what a table-wide monkey hammers.
fn table() -> Vec<Vec<KeyEvent>> {
    // Undo is pressed as often as any key among the letters; here it would leave too little to undo in the end.
    let keys = all().filter(|command| command.name != "undo").flat_map(|command| command.keys.iter());
    keys.filter_map(|keys| Press::parse_all(keys)).map(|all| all.into_iter().map(KeyEvent::from).collect()).collect()
}

fn random_key(random: &mut fastrand::Rng) -> KeyEvent {
    let code = match random.u32(..100) {
        0..45 => KeyCode::Char(char::from(random.u8(b' '..=b'~'))),
        45..50 => KeyCode::Char(*random.choice(&['é', '日', '👩', '\u{301}', '\u{202e}', '→']).unwrap()),
        _ => *random.choice(KEYS).unwrap(),
    };
    let modifiers = match random.u32(..20) {
        0 => KeyModifiers::CONTROL,
        1 => KeyModifiers::SHIFT,
        2 => KeyModifiers::ALT,
        _ => KeyModifiers::NONE,
    };
    // Ctrl-Z stops the whole program, which is the loop's to do.
    KeyEvent::new(code, modifiers)
}

fn random_mouse(random: &mut fastrand::Rng, stage: &mut Stage) {
    let kinds = [
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::Up(MouseButton::Left),
        MouseEventKind::Drag(MouseButton::Left),
        MouseEventKind::Down(MouseButton::Right),
        MouseEventKind::ScrollDown,
        MouseEventKind::ScrollUp,
    ];
    let window = stage.app().ui.window;
    let place = (random.u16(..window.width), random.u16(..window.height));
    stage.mouse(*random.choice(&kinds).unwrap(), place);
}

/// Every field of every living record, as a person would compare two products by eye.
fn fields(product: &Product) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for kind in Kind::ALL {
        let shelf = product.table(*kind);
        for record in shelf.order().iter().filter_map(|slot| shelf.record(*slot)) {
            for field in kind.fields().iter().filter(|field| field.owner != Owner::System) {
                out.insert(format!("{} {}", record.id(), field.key), record.value(field).to_string());
            }
        }
        let order: Vec<String> =
            shelf.order().iter().filter_map(|slot| Some(shelf.record(*slot)?.id().to_string())).collect();
        out.insert(format!("order of {}", kind.key()), order.join(" "));
    }
    out
}

/// How many acts were taken back, and whether a fence stood in the way.
fn run(seed: u64, presses: usize) -> (usize, bool) {
    let mut random = fastrand::Rng::with_seed(seed);
    let role = *random.choice(&[Role::Pm, Role::Po, Role::Both, Role::Both]).unwrap();
    let mut stage = Stage::new(80, 24, role);
    stage.settle();
    // Somebody with no past in this product: undo ends where the keys began.
    assert!(stage.app.take().unwrap().session.close());
    let size = (random.u16(40..160), random.u16(10..60));
    stage.app = Some(open_as("Monkey", stage.data.path(), role, size.0, size.1, Theme::plain()));
    let (first, table) = (fields(stage.app().session.product()), table());
    stage.app().ui.go(random.usize(..SCREENS.len()));
    for nth in 0..presses {
        match random.u32(..600) {
            0..12 => {
                stage.resize(random.u16(1..200), random.u16(1..80));
            }
            12..16 => {
                stage.paste("one\n- two\r\nthr\u{1b}[31mee\u{202e}\n");
            }
            16..60 => random_mouse(&mut random, &mut stage),
            60..330 => {
                for event in random.choice(&table).unwrap().clone() {
                    stage.press(event);
                }
            }
            // A line or a text that was opened is filled and kept, as hands do.
            330..400 => {
                for c in random.choice(&["3", "fri", "Two words", "+ 日本", "12", "5 → 8 %"]).unwrap().chars() {
                    stage.press(KeyCode::Char(c).into());
                }
                let end = [KeyCode::Enter, KeyCode::Enter, KeyCode::Tab, KeyCode::Down, KeyCode::Esc];
                stage.press((*random.choice(&end).unwrap()).into());
            }
            // From time to time somebody sits up and begins anew, in another view.
            400..410 => {
                (0..8).for_each(|_| {
                    stage.press(KeyCode::Esc.into());
                });
                stage.app().ui.go(random.usize(..SCREENS.len()));
            }
            _ => {
                stage.press(random_key(&mut random));
            }
        }
        if stage.app().session.by != "Monkey" {
            // Undo is a person's own: the hand that gave itself another name goes on under the old one.
            stage.app().session.sit_down("Monkey").unwrap();
        }
        if nth % 7 == 0 {
            let shown = text(&stage.buffer());
            assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "a control character got out (seed {seed})");
        }
    }
    as_on_disk(&mut stage, seed);
    let (acts, fenced) = undone(&mut stage, seed);
    if !fenced {
        let last = fields(stage.app().session.product());
        let differs: Vec<_> = first.iter().filter(|(key, value)| last.get(*key) != Some(value)).collect();
        let more: Vec<_> = last.keys().filter(|key| !first.contains_key(*key)).collect();
        assert!(differs.is_empty() && more.is_empty(), "seed {seed}: not undone: {differs:?} {more:?}");
    }
    as_on_disk(&mut stage, seed);
    (acts, fenced)
}

fn as_on_disk(stage: &mut Stage, seed: u64) {
    stage.settle();
    let shown = stage.app().session.product().clone();
    assert!(shown.index_is_sound());
    let folder = Data(stage.data.path().to_path_buf()).find(Some("Bike Doctor"));
    // The product may have been renamed on the way.
    let folder = folder.unwrap_or_else(|_| Data(stage.data.path().to_path_buf()).list().remove(0)).folder;
    assert!(open(&folder).unwrap().product == shown, "what is shown is not what is on disk (seed {seed})");
}

/// Undo as far as it goes.
fn undone(stage: &mut Stage, seed: u64) -> (usize, bool) {
    for acts in 0..20_000 {
        if let Err(refusal) = stage.app().session.undo() {
            let said = refusal.to_string();
            let fenced = !said.contains("Nothing of yours");
            assert!(!fenced || said.starts_with("Undo stops at"), "seed {seed}: {said}");
            return (acts, fenced);
        }
    }
    panic!("undo never ends (seed {seed})");
}

#[test]
fn ten_thousand_random_keys() {
    let done: Vec<(usize, bool)> = (0..10).map(|seed| run(seed, 1000)).collect();
    // Keys that change nothing would prove nothing.
    let acts: usize = done.iter().map(|(acts, _)| acts).sum();
    let to_the_end = done.iter().filter(|(_, fenced)| !fenced).count();
    assert!(acts > 200 && to_the_end >= 5, "{done:?}");
}

#[test]
#[ignore = "a million keys take minutes; run it before a release"]
fn a_million_random_keys() {
    for seed in 100..300 {
        run(seed, 5000);
    }
}

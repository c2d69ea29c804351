//! Random keys at random sizes and roles: no panic, and what is shown is what is on disk.

use crate::stage::{Stage, text};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use whyhow::model::role::Role;
use whyhow::store::folder::Data;
use whyhow::store::open::open;
use whyhow::tui::app::Wish;

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

fn run(seed: u64, presses: usize, make: fn(u16, u16) -> Stage) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut stage = make(random.u16(1..160), random.u16(1..60));
    for nth in 0..presses {
        if random.u32(..40) == 0 {
            stage.resize(random.u16(1..200), random.u16(1..80));
        }
        if random.u32(..150) == 0 {
            stage.paste("one\n- two\r\nthr\u{1b}[31mee\u{202e}\n");
        }
        let wish = stage.press(random_key(&mut random));
        assert!(wish != Wish::Quit || nth > 0);
        if nth % 7 == 0 {
            let buffer = stage.buffer();
            let shown = text(&buffer);
            assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "a control character got out");
        }
    }
    stage.settle();
    let shown = stage.app().session.product().clone();
    assert!(shown.index_is_sound());
    let folder = Data(stage.data.path().to_path_buf()).find(Some("Bike Doctor"));
    // The product may have been renamed on the way.
    let folder = folder.unwrap_or_else(|_| Data(stage.data.path().to_path_buf()).list().remove(0)).folder;
    assert!(open(&folder).unwrap().product == shown, "what is shown is not what is on disk (seed {seed})");
}

#[test]
fn ten_thousand_random_keys() {
    for seed in 0..10 {
        run(seed, 1000, |columns, rows| Stage::new(columns, rows, Role::Both));
    }
}

/// A running sprint, so that its boxes are met with too.
fn on_the_board(columns: u16, rows: u16) -> Stage {
    let clock = || whyhow::model::value::When::parse("2026-12-01T10:00:00+01:00").unwrap();
    let mut stage = Stage::of("running-sprint.jsonl", clock, columns, rows, Role::Both);
    stage.keys("5");
    stage
}

#[test]
fn random_keys_on_a_board() {
    for seed in 10..16 {
        run(seed, 1500, on_the_board);
    }
}

#[test]
#[ignore = "a million keys take minutes; run it before a release"]
fn a_million_random_keys() {
    for seed in 100..300 {
        run(seed, 5000, |columns, rows| Stage::new(columns, rows, Role::Both));
        run(seed, 5000, on_the_board);
    }
}

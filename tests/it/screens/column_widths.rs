//! Titles of all scripts keep every column straight: what a letter takes on a terminal is what it takes in the frame.

use crate::harness::load::load;
use crate::harness::stage::Stage;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;
use whyhow::model::role::Role;
use whyhow::tui::registry::SCREENS;

const TITLES: [&str; 8] = [
    "予約を取り消すと空きがすぐに戻る、電話はいらない、そして店にも知らせが届く",
    "👩‍🔧 👨‍👩‍👧 🇩🇪 ✅ a family of signs that are one letter each 👍🏽",
    "Cafe\u{301} re\u{301}sume\u{301} a\u{30a}\u{323} with accents that are signs of their own",
    "ביטול תור בלי טלפון",
    "إلغاء الموعد بدون مكالمة هاتفية",
    "हिन्दी में एक शीर्षक, ภาษาไทย, 한국어 제목",
    "a\u{200b}b\u{202e}c\u{2066}d signs that nobody sees",
    "ｆｕｌｌ　ｗｉｄｔｈ and half ｱｲｳ",
];

/// The sample with such titles in every list: goals, roadmap, stories, rules, voices, and with them the history.
fn stage(columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::new(columns, rows, Role::Both);
    let mut lines = vec!["{\"do\":\"as\",\"role\":\"both\",\"by\":\"大輔 👩‍🔧 é\u{301}\"}".to_string()];
    for (nth, title) in TITLES.iter().enumerate() {
        let title = serde_json::to_string(title).unwrap();
        for (kind, field) in [("goal", "title"), ("roadmap", "title"), ("item", "title"), ("rule", "text")] {
            lines.push(format!("{{\"do\":\"add\",\"kind\":\"{kind}\",\"set\":{{\"{field}\":{title}}}}}"));
        }
        let said = format!("{{\"quote\":{title},\"source\":{title}}}");
        lines.push(format!("{{\"do\":\"add\",\"kind\":\"feedback\",\"set\":{said}}}"));
        lines.push(format!("{{\"do\":\"set\",\"on\":\"S{}\",\"set\":{{\"points\":{}}}}}", 11 + nth, nth + 1));
    }
    assert!(stage.app.take().unwrap().session.close());
    load(stage.data.path(), "Bike Doctor", &lines.join("\n"));
    stage.app = Some(crate::harness::stage::open(
        stage.data.path(),
        Role::Both,
        columns,
        rows,
        whyhow::tui::term::theme::Theme::plain(),
    ));
    stage
}

/// Each wide letter has its cells to itself, so that no terminal pushes what stands behind it.
fn straight(buffer: &Buffer, there: &str) {
    let width = usize::from(buffer.area.width);
    for (y, row) in buffer.content.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let wide = row[x].symbol().width().max(1);
            assert!(x + wide <= width, "{there}: row {y} is wider than the window");
            for beside in &row[x + 1..x + wide] {
                assert!(beside.symbol().trim().is_empty(), "{there}: {:?} is covered in row {y}", beside.symbol());
            }
            x += wide;
        }
    }
}

#[test]
fn titles_of_every_script_keep_the_borders_straight_in_every_view_and_box() {
    for (columns, rows) in [(120, 35), (80, 24), (60, 20), (40, 10)] {
        let mut stage = stage(columns, rows);
        for (view, screen) in SCREENS.iter().enumerate() {
            for turn in 0..screen.turns.len().max(1) {
                stage.app().ui.go(view);
                stage.app().ui.place_mut().turn = turn;
                stage.keys("<esc><esc><home>").settle();
                for row in 0..14 {
                    let there = format!("{} {turn} at {columns}x{rows}, row {row}", screen.name);
                    straight(&stage.buffer(), &there);
                    for keys in ["w", "?", ":", "c“日本語”"] {
                        stage.keys(keys);
                        straight(&stage.buffer(), &format!("{there} after {keys}"));
                        while !stage.app().ui.layers.is_empty() {
                            stage.keys("<esc>");
                        }
                    }
                    stage.keys("<down>");
                }
            }
        }
    }
}

#[test]
fn points_stand_below_each_other_whatever_stands_before_them() {
    for (columns, rows) in [(120, 35), (80, 44)] {
        let mut stage = stage(columns, rows);
        stage.keys("3").settle();
        let buffer = stage.buffer();
        let cell = |x: usize, y: usize| buffer.content[y * usize::from(columns) + x].symbol().to_string();
        let row = |y: usize| (0..usize::from(columns)).map(|x| cell(x, y)).collect::<Vec<_>>();
        // Every cell is one entry here, also the empty one beside a wide letter.
        let heading = row(2);
        let pts = (0..heading.len() - 2).find(|x| heading[*x..*x + 3] == ["p", "t", "s"]).unwrap() + 2;
        let mut found = 0;
        for y in 3..usize::from(rows) - 2 {
            let cells = row(y);
            let points = cells[pts].clone();
            let number: String = cells[..12].concat();
            if let Some((_, tail)) = number.split_once('S')
                && let Ok(n @ 11..=18) = tail.chars().take(2).collect::<String>().parse::<usize>()
            {
                assert_eq!(points, (n - 10).to_string(), "{cells:?}");
                assert_eq!(cells[pts - 1], " ");
                found += 1;
            }
        }
        assert_eq!(found, TITLES.len(), "{}", stage.screen());
    }
}

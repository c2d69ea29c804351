//! Nothing that a text holds gets out as anything but letters: a table of hostile strings in every text field of every
//! kind of record, and all that the program writes read by a scanner that knows our own sequences and nothing else.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::backend::Backend;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;
use whyhow::json;
use whyhow::model::change::Step;
use whyhow::model::field::Field;
use whyhow::model::id::Id;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, FORMAT, Kind, Sprint, SprintState};
use whyhow::model::value::{Map, Value};
use whyhow::model::value::{Shape, When};
use whyhow::store::folder::Folder;
use whyhow::store::products::Data;
use whyhow::store::session::Session;
use whyhow::store::writer::Writer;
use whyhow::tui::app::{App, LoopRequest};
use whyhow::tui::onboarding::FirstRun;
use whyhow::tui::registry::{SCREENS, all};
use whyhow::tui::settings::Settings;
use whyhow::tui::state::config_file::read;
use whyhow::tui::state::contract::Group;
use whyhow::tui::state::products::Elsewhere;
use whyhow::tui::state::ui::{Toast, Ui};
use whyhow::tui::term::input::Input;
use whyhow::tui::term::key::Press;
use whyhow::tui::term::layout::Focus;
use whyhow::tui::term::paint::Paint;
use whyhow::tui::term::terminal::steady::Steady;
use whyhow::tui::term::theme::Theme;

/// How many strings at the end of the table are long.
const LONG: usize = 3;

/// What a file, a clipboard or another person may hold.
pub fn table() -> Vec<String> {
    let short = [
        "csi \u{1b}[2J\u{1b}[31mred",
        "clipboard \u{1b}]52;c;ZXZpbA==\u{7}",
        "title \u{1b}]0;mine\u{7}\u{7}",
        "c1 \u{9b}31m \u{9d}0;mine\u{9c} \u{85} \u{90}q\u{9c}",
        "query \u{1b}P$q\"p\u{1b}\\ \u{1b}[c \u{1b}Z",
        "nul \u{0} del \u{7f} shift \u{e}\u{f}",
        "over\rwritten a\u{8}\u{8}b\u{b}\u{c}\ttab",
        "bidi \u{202e}gpj.exe\u{202c} \u{202a}\u{202b}\u{202d}",
        "isolates \u{2066}a\u{2067}b\u{2068}c\u{2069}",
        "marks \u{200e}\u{200f}\u{61c}\u{206a}",
        "zero a\u{200b}b\u{2060}c\u{feff}d\u{34f}e",
        "lines a\u{2028}b\u{2029}c",
        "tags \u{e0001}\u{e0041}\u{e0042}\u{e007f} \u{1f3f4}\u{e0067}\u{e0062}\u{e007f} \u{e0100}",
        "soft hy\u{ad}phen \u{180e}\u{115f}\u{3164}\u{ffa0}",
        "joined a\u{200d}b\u{200c}c\u{fe0f}d\u{fe01} 日\u{200d}本",
        "wide 日本語の長い題名とても長い题名한국어",
        "marks ｶﾞｷﾞﾊﾟ ﾞﾟ",
        "flags 🇩🇪🇫🇷🇯🇵🇩",
        "family 👨‍👩‍👧‍👦👩🏽‍❤️‍💋‍👨🏻👩‍🔧",
        "keys 1️⃣❤️☕️☎︎ é",
        "plain שלום العربية हिन्दी",
        "template {undo} {nothing} %s ${HOME} $(id) `id` ' \" \\ <b> [x](y)",
        "ᄀᄀᄀ각!\u{1933}\u{11347} ﷽ 𒐫",
    ];
    let mut out: Vec<String> = short.iter().map(ToString::to_string).collect();
    out.push(format!("accents e{} 👩{}x", "\u{301}".repeat(5000), "\u{301}".repeat(1000)));
    out.push(format!("long {}", "wörter 日本 ".repeat(200)));
    out.push(["👩"; 100].join("\u{200d}"));
    out
}

/// All that is short, in one.
pub fn everything() -> String {
    table().into_iter().filter(|text| text.len() < 400).collect::<Vec<_>>().join(" ")
}

fn id(kind: Kind, nth: usize) -> String {
    let place = Kind::ALL.iter().position(|one| *one == kind).unwrap() as u64;
    Id::from_bits(1 + (place << 20) + nth as u64).to_string()
}

/// A value for a cell, made of hostile text by the field's shape. What is only computed is known by its key: a new field
/// of that sort is asked for here.
fn cell(field: &Field, nth: usize, text: &dyn Fn(usize) -> String) -> Value {
    let of = |kind: Kind| if kind == field.kind { id(kind, nth / 2) } else { id(kind, nth) };
    let time = "2026-03-01T09:00:00+01:00";
    let measure = || {
        json!({"name": text(0), "unit": text(1), "from": 1, "target": 3,
            "readings": [{"day": "2026-02-01", "value": 2, "note": text(2)}]})
    };
    match field.shape {
        Shape::Line | Shape::Prose if field.key == "field" && nth.is_multiple_of(2) => "title".into(),
        Shape::Line => text(0).into(),
        Shape::Prose => format!("{}\n{}\n- {}", text(0), text(1), text(2)).into(),
        Shape::Amount => json!(nth % 13),
        Shape::Choice(choices) => {
            let one = &choices[nth % choices.len()];
            // One is active at a time.
            let one = if one.key == "active" && nth >= choices.len() { &choices[choices.len() - 1] } else { one };
            one.key.into()
        }
        Shape::Day => format!("2026-03-{:02}", nth % 28 + 1).into(),
        Shape::When => time.into(),
        // A record of its own kind further up, and none for the first: no circles.
        Shape::Link | Shape::Links if field.targets.first() == Some(&field.kind) && nth == 0 => Value::Null,
        Shape::Link if field.key == "sprint" => id(Kind::Sprint, nth % 3).into(),
        Shape::Link if field.targets.is_empty() => id(Kind::BacklogItem, nth).into(),
        Shape::Link => of(field.targets[nth % field.targets.len()]).into(),
        Shape::Links => json!([of(field.targets[nth % field.targets.len()])]),
        Shape::Labels => json!([text(0), text(1)]),
        Shape::Criteria => json!([{"text": text(0), "met": true}, {"text": text(1)}]),
        Shape::Tasks => json!([{"text": text(0), "done": true, "by": text(1)}, {"text": text(2)}]),
        Shape::Measure => measure(),
        Shape::Measures => json!([measure(), {"name": text(3)}]),
        Shape::Extra => json!({text(0): {text(1): [text(2)]}, "github": {"author": [text(3)]}}),
        Shape::Entries | Shape::Facts => match field.key {
            "why_rev" | "step" => id(Kind::Goal, nth).into(),
            "last_numbers" => json!({"item": 999}),
            "confirmed" => {
                json!([{"on": id(Kind::Goal, nth), "rev": id(Kind::Goal, 0), "by": text(0), "at": time, "note": text(1)}])
            }
            "source" | "imported" => json!({"system": text(0), "site": text(1), "key": text(2), "base": {text(3): 1}}),
            "done_rules" => json!([{"rule": id(Kind::DoneRule, 0), "number": 1, "text": text(0)}]),
            "forecast" => json!([{"item": id(Kind::RoadmapItem, nth), "remaining": 3, "likely": "2026-05-01"}]),
            "entries" => (0..9)
                .filter(|item| item % 3 == nth)
                .map(|item| {
                    json!({"item": id(Kind::BacklogItem, item), "points": 3, "added": time, "added_reason": text(0),
                        "removed_reason": text(1), "outcome": if nth == 2 { text(2) } else { String::new() }})
                })
                .collect(),
            "checks" => json!([{"rule": id(Kind::DoneRule, 0), "by": text(0), "at": time, "waived": text(1)}]),
            "earlier_end" => json!({"status": text(0), "closed": time, "accepted_by": text(1), "until": time}),
            "shown" => json!([{"id": "goal", "by": text(0), "at": time}]),
            "items" => json!([{"id": id(Kind::RoadmapItem, nth), "number": nth, "title": text(0), "outcome": text(1)}]),
            "lost" => text(0).into(),
            "carried" | "version" => json!(2),
            "how_seen" => json!({"by": text(0), "at": time, "remaining": 3}),
            "agreed" => json!([{"role": text(0), "by": text(1), "at": time}]),
            "changes" => json!([
                {"on": id(Kind::BacklogItem, nth), "kind": "item", "field": "notes", "was": text(0), "want": text(1)},
                {"on": id(Kind::RoadmapItem, nth), "kind": "roadmap", "field": "title", "want": text(2)},
            ]),
            other => panic!("{other} of {:?} is computed: it needs a hostile value here", field.kind),
        },
    }
}

/// A product.json with every string of the table in every text field of every kind.
pub fn document() -> String {
    let strings = table();
    let mut top = Map::from_iter([("format".to_string(), FORMAT.into())]);
    for kind in Kind::ALL {
        let count = if *kind == Kind::VisionBoard { 1 } else { strings.len() };
        let record = |nth: usize| {
            let mut record = Map::from_iter([
                ("id".to_string(), id(*kind, nth).into()),
                ("rank".to_string(), format!("V{:02}z", nth).into()),
                ("number".to_string(), json!(nth + 1)),
            ]);
            for (place, field) in kind.fields().iter().filter(|field| !field.is_head()).enumerate() {
                let text = |more: usize| match kind {
                    Kind::VisionBoard => everything(),
                    // One of the long ones in a field is enough.
                    _ if more > 0 => strings[(nth + place + more) % (strings.len() - LONG)].clone(),
                    _ => strings[(nth + place) % strings.len()].clone(),
                };
                let value = cell(field, nth, &text);
                if !value.is_null() {
                    record.insert(field.key.to_string(), value);
                }
            }
            record.insert(strings[nth].clone(), strings[nth].clone().into());
            Value::from(record)
        };
        top.insert(kind.plural().to_string(), (0..count).map(record).collect());
    }
    top.insert(everything(), everything().into());
    serde_json::to_string_pretty(&top).unwrap()
}

/// A data folder with the hostile product in it, and the folder of that product.
pub fn hostile_data() -> (tempfile::TempDir, Folder) {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("hostile-0000000000001");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("product.json"), document()).unwrap();
    (data, Folder(folder))
}

/// What hides, or turns the direction: the list of the test, apart from the program's own.
fn hides(c: char) -> bool {
    matches!(c as u32,
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B | 0x200E..=0x200F
        | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1BCA0..=0x1BCA3
        | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// Text that is only to be read: no control character, nothing hidden, joiners only in pictures, no heaps of accents.
pub fn plain(text: &str) -> Result<(), String> {
    for letter in text.graphemes(true) {
        let is_picture = letter.chars().any(|c| c as u32 >= 0x1F000 || (0x2190..0x2C00).contains(&(c as u32)));
        let is_keycap = letter.contains('\u{20e3}');
        for c in letter.chars() {
            let joiner = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
            if c.is_control() || hides(c) || joiner && !is_picture && !is_keycap {
                return Err(format!("{c:?} in {letter:?}"));
            }
        }
        if letter.chars().count() > 12 {
            return Err(format!("{} code points in one letter", letter.chars().count()));
        }
    }
    Ok(())
}

/// The sequences that a frame is made of.
const OF_FRAMES: [(&str, char); 5] = [("", 'H'), ("", 'm'), ("?25", 'h'), ("?25", 'l'), ("?2026", 'h')];
/// Those that the terminal is taken with, asked, and given back.
const OF_TERMINALS: [(&str, char); 16] = [
    ("?2026", 'l'),
    ("?1049", 'h'),
    ("?1049", 'l'),
    ("?2004", 'h'),
    ("?2004", 'l'),
    ("?1000", 'h'),
    ("?1000", 'l'),
    ("?1002", 'h'),
    ("?1002", 'l'),
    ("?1006", 'h'),
    ("?1006", 'l'),
    ("", 'J'),
    ("", 'K'),
    ("2", 'J'),
    ("?25", 'h'),
    ("?25", 'l'),
];

/// Reads what the program wrote to a terminal. Every sequence is one of ours, and the rest is plain.
pub fn scan(bytes: &[u8], whole: bool) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        plain(rest[..at].trim_matches(['\r', '\n']))?;
        rest = &rest[at + 1..];
        let used = if let Some(body) = rest.strip_prefix('[') {
            let end = body.find(|c: char| c.is_ascii_alphabetic() || !c.is_ascii()).unwrap_or(0);
            let (numbers, last) = (&body[..end], body[end..].chars().next().unwrap_or('\0'));
            let counted = numbers.chars().all(|c| c.is_ascii_digit() || matches!(c, ';' | ':'));
            let known = OF_FRAMES.iter().chain(if whole { &OF_TERMINALS[..] } else { &[] });
            let ours = known
                .into_iter()
                .any(|(one, letter)| *letter == last && (numbers == *one || counted && matches!(last, 'H' | 'm')));
            if !ours {
                return Err(format!("the sequence [{numbers}{last}"));
            }
            1 + end + 1
        } else if let (true, Some(body)) = (whole, rest.strip_prefix("]52;c;")) {
            let end = body.find('\u{7}').ok_or("a copy without an end")?;
            if !body[..end].chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')) {
                return Err("a copy that is no base 64".to_string());
            }
            6 + end + 1
        } else if whole && rest.starts_with("]11;?\u{7}") {
            "]11;?\u{7}".len()
        } else {
            return Err(format!("the sequence {:?}", rest.chars().take(12).collect::<String>()));
        };
        rest = &rest[used..];
    }
    plain(rest.trim_matches(['\r', '\n']))
}

/// Cells and letters agree in every row: none is wider than its cells, none hides another one.
fn aligned(buffer: &Buffer) -> Result<(), String> {
    for (y, row) in buffer.content.chunks(usize::from(buffer.area.width.max(1))).enumerate() {
        let mut x = 0;
        while let Some(cell) = row.get(x) {
            let wide = usize::from(cell.cell_width()).max(1);
            for behind in x + 1..x + wide {
                match row.get(behind) {
                    None => return Err(format!("row {y} ends within {:?}", cell.symbol())),
                    Some(hidden) if hidden.symbol() != " " => {
                        return Err(format!("row {y}: {:?} lies over {:?}", cell.symbol(), hidden.symbol()));
                    }
                    Some(_) => {}
                }
            }
            x += wide;
        }
    }
    Ok(())
}

/// The right border of each box that the view stands in is one straight line.
fn straight(app: &App, buffer: &Buffer) -> Result<(), String> {
    let Some(areas) = app.ui.areas() else { return Ok(()) };
    for area in [areas.list, areas.why, areas.how].into_iter().flatten().filter(|area| area.height > 2) {
        let x = area.right() - 1;
        for y in area.y + 1..area.bottom() - 1 {
            let symbol = buffer.cell((x, y)).map_or("", |cell| cell.symbol());
            if !matches!(symbol, "│" | "┃" | "║" | "┆" | "┊" | "|" | "#" | ":") {
                return Err(format!("{symbol:?} at {x},{y}, where the border is"));
            }
        }
    }
    Ok(())
}

/// The bytes of a buffer, as the terminal gets them.
fn bytes(buffer: &Buffer) -> Vec<u8> {
    let mut out = Vec::new();
    let mut backend = Steady::new(&mut out);
    let before = Buffer::empty(buffer.area);
    backend.draw(before.diff_iter(buffer)).unwrap();
    Backend::flush(&mut backend).unwrap();
    out
}

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 35), (44, 12)];

struct Sight {
    app: App,
    _data: tempfile::TempDir,
    seen: BTreeSet<u32>,
    frames: usize,
}

fn a_day() -> When {
    When::parse("2026-03-09T12:00:00+01:00").unwrap()
}

impl Sight {
    fn new(role: Role) -> Sight {
        let (data, folder) = hostile_data();
        let (mut session, news) = Session::start(Writer::open(folder).unwrap(), &everything(), Role::Both);
        session.set_clock(a_day);
        let mut app = App::new(session, Theme::full(), news);
        app.ui.elsewhere =
            Elsewhere { data: Some(Data(data.path().to_path_buf())), here: "x".into(), ..Elsewhere::default() };
        Sight::settings(&mut app, data.path());
        app.resize(120, 35);
        let mut sight = Sight { app, _data: data, seen: BTreeSet::new(), frames: 0 };
        sight.past();
        (sight.app.session.role, sight.app.ui.role) = (role, role);
        sight
    }

    /// A history with hostile labels and names in it.
    fn past(&mut self) {
        for text in table() {
            let product = self.app.session.product();
            let story = product.all::<BacklogItem>().next().unwrap().id;
            let mut step = Step::new(text.clone());
            step.changes.extend(product.set(story, Kind::BacklogItem.field("notes").unwrap(), &text.into()).unwrap());
            self.app.session.commit(step, false).unwrap();
        }
        self.app.settle(Duration::from_secs(20));
    }

    /// Settings as a file may have them.
    fn settings(app: &mut App, folder: &Path) {
        let text: String = table()
            .iter()
            .filter(|text| text.len() < 400)
            .map(|text| {
                let word = toml_word(text);
                format!("[themes.{word}]\nwhy = {word}\n[keys.list]\n{word} = {word}\n")
            })
            .collect();
        let text = format!(
            "theme = {0}\nhints = {0}\n[keys.list]\n\"ctrl-n\" = {{ do = \"add\", label = {0} }}\n{text}",
            toml_word(&everything())
        );
        let usual = Settings { file: Some(folder.join(everything().replace(['/', '\0'], "_"))), ..Settings::default() };
        let (settings, keymap) = read(&text, usual, &whyhow::tui::registry::REGISTRY);
        assert!(!settings.troubles.is_empty());
        app.ui.take_settings(settings, keymap);
        app.ui.theme = Theme::full();
    }

    fn press(&mut self, event: KeyEvent) -> LoopRequest {
        let wish = self.app.key(event);
        self.app.poll();
        if let LoopRequest::Copy(clip) = &wish {
            plain(&clip.what).unwrap();
            clip.text.split('\n').for_each(|line| plain(line).unwrap_or_else(|why| panic!("copied: {why}")));
        }
        wish
    }

    /// Draws what is to be seen at every size, and looks at each byte of it.
    fn look(&mut self, there: &str, sizes: &[(u16, u16)]) {
        for (columns, rows) in sizes.iter().copied() {
            self.app.resize(columns, rows);
            let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
            let zones = self.app.draw(&mut buffer);
            let bytes = bytes(&buffer);
            if !self.seen.insert(crc32fast::hash(&bytes)) {
                continue;
            }
            self.frames += 1;
            // A long message lies over the end of the view.
            let said = match &self.app.ui.toast {
                Some(Toast::Word(text) | Toast::Trouble(text)) => text.width(),
                None => 0,
            };
            let bare = self.app.ui.layers.is_empty() && said + 12 <= usize::from(columns);
            let straight = if bare { straight(&self.app, &buffer) } else { Ok(()) };
            let fine = scan(&bytes, false).and_then(|()| aligned(&buffer)).and(straight);
            if let Err(why) = fine {
                panic!("{there} at {columns}x{rows}: {why}\n{}", crate::harness::stage::text(&buffer));
            }
            self.app.zones = zones;
        }
    }

    fn go(&mut self, view: usize, turn: usize) {
        let ui = &mut self.app.ui;
        ui.layers.clear();
        ui.ticked.clear();
        (ui.zoom, ui.range, ui.leaving, ui.toast) = (false, None, false, None);
        ui.go(view);
        ui.place_mut().turn = turn;
        self.app.resize(SIZES[0].0, SIZES[0].1);
        self.press(KeyCode::Esc.into());
        self.app.settle(Duration::from_secs(20));
    }

    /// Every view, each row of it chosen, with each half in front.
    fn views(&mut self, step: usize) {
        for (view, screen) in SCREENS.iter().enumerate() {
            for turn in 0..screen.turns.len().max(1) {
                self.go(view, turn);
                for row in (0..self.app.ui.rows.rows.len().clamp(1, 30)).step_by(step) {
                    self.app.ui.choose(row);
                    let focus = Focus::ALL[row % 3];
                    self.app.ui.place_mut().focus = focus;
                    self.look(&format!("{} {turn}, row {row}", screen.name), &SIZES);
                }
            }
        }
    }

    /// Every command of the table: the box it opens and, where it goes deep, what is pasted into it and the box behind that.
    fn boxes(&mut self, sizes: &[(u16, u16)], deep: bool) {
        let mut tried = BTreeSet::new();
        for (view, screen) in SCREENS.iter().enumerate() {
            for focus in Focus::ALL {
                self.stand(view, focus);
                let (ui, product) = (&self.app.ui, self.app.session.product());
                let kind = ui.chosen_row().map(|row| row.kind);
                let fresh: Vec<_> = all()
                    // The program's own end, and what depends on everything before.
                    .filter(|command| !matches!(command.name, "quit" | "undo" | "redo" | "repeat"))
                    .filter(|command| whyhow::tui::state::dispatch::ready(command, ui, product).is_ok())
                    // What moves about opens nothing that is not there in its own view.
                    .filter(|command| command.group != Group::Move || focus == Focus::List)
                    .filter(|command| tried.insert((command.name, kind, focus == Focus::List)))
                    .collect();
                for command in fresh {
                    self.stand(view, focus);
                    self.open(command.name, command.keys.first().copied(), screen.name, sizes, deep);
                }
            }
        }
    }

    fn stand(&mut self, view: usize, focus: Focus) {
        self.go(view, 0);
        self.app.ui.choose(view % 5 + 1);
        self.app.ui.place_mut().focus = focus;
    }

    fn open(&mut self, name: &str, keys: Option<&str>, there: &str, sizes: &[(u16, u16)], deep: bool) {
        let rev = self.app.session.product().rev();
        let there = format!("{name} in {there}");
        match keys.and_then(Press::parse_all) {
            Some(presses) => presses.into_iter().for_each(|press| {
                self.press(KeyEvent::from(press));
            }),
            None => {
                self.press(KeyCode::Char(':').into());
                self.app.paste(all().find(|one| one.name == name).unwrap().label.to_string());
                self.press(KeyCode::Enter.into());
            }
        }
        if !self.app.ui.layers.is_empty() {
            self.look(&there, sizes);
        }
        if deep && !self.app.ui.layers.is_empty() {
            self.app.paste(everything());
            self.look(&format!("{there}, pasted into"), &sizes[..1]);
            for code in [KeyCode::Down, KeyCode::Enter, KeyCode::Enter] {
                self.press(code.into());
                self.look(&format!("{there}, then {code:?}"), &sizes[..1]);
            }
        } else if self.app.ui.toast.is_some() {
            self.look(&there, &sizes[..1]);
        }
        self.app.ui.layers.clear();
        for _ in 0..4 {
            if self.app.session.product().rev() == rev || self.app.session.undo().is_err() {
                break;
            }
        }
        self.app.settle(Duration::from_secs(20));
    }
}

fn toml_word(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04X}", c as u32),
            c => c.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

/// Rows 64 to 68: every view, row by row, at three sizes. What is drawn is letters and our own sequences, each letter
/// in as many cells as it takes, and the borders are straight.
#[test]
fn no_view_lets_a_hostile_text_out_and_all_borders_are_straight() {
    let mut sight = Sight::new(Role::Both);
    sight.views(1);
    assert!(sight.frames > 500, "{} frames", sight.frames);
}

/// Rows 64 to 68: the same for those who own one half.
#[test]
fn no_view_of_one_role_lets_a_hostile_text_out() {
    for role in [Role::Pm, Role::Po] {
        Sight::new(role).views(4);
    }
}

/// Rows 64 to 68: every box of every view that a command opens, also with hostile text pasted into it.
#[test]
fn no_box_lets_a_hostile_text_out() {
    let mut sight = Sight::new(Role::Both);
    sight.boxes(&SIZES, true);
    assert!(sight.frames > 300, "{} frames", sight.frames);
}

/// Rows 64 to 68: the boxes of those who own one half.
#[test]
fn no_box_of_one_role_lets_a_hostile_text_out() {
    for role in [Role::Pm, Role::Po] {
        Sight::new(role).boxes(&SIZES[..1], false);
    }
}

/// Rows 64 to 66: before there is a product. The name of the login, what is typed and pasted, and a reason that holds a
/// path.
#[test]
fn the_first_run_lets_no_hostile_text_out() {
    for text in table() {
        for second in ['2', '3'] {
            let mut first = FirstRun::new(&text);
            for input in [
                Input::key(KeyCode::Char(second)),
                Input::Paste(text.clone()),
                Input::key(KeyCode::Enter),
                Input::key(KeyCode::Down),
            ] {
                first.input(&input);
                first.say(&format!("Could not read {text}"));
                for (columns, rows) in SIZES {
                    let mut ui = Ui::new(Theme::full(), Role::Both, &text, &whyhow::tui::registry::REGISTRY);
                    ui.window = Rect::new(0, 0, columns, rows);
                    let mut buffer = Buffer::empty(ui.window);
                    let mut paint = Paint::on(&mut buffer);
                    first.draw(&ui, &mut paint);
                    paint.zones();
                    scan(&bytes(&buffer), false).and_then(|()| aligned(&buffer)).unwrap();
                }
            }
        }
    }
}

/// Row 63: windows of no size, of one letter and of a million, and a storm of sizes, in every view and with every box open.
#[test]
fn windows_of_any_size_are_drawn_in_every_view_and_box() {
    let mut sight = Sight::new(Role::Both);
    let mut random = fastrand::Rng::with_seed(63);
    let tiny = [(0, 0), (1, 1), (0, 30), (30, 0), (2, 1), (1, 40), (300, 1), (39, 9), (40, 10)];
    for (view, screen) in SCREENS.iter().enumerate() {
        sight.go(view, 0);
        sight.look(screen.name, &tiny);
        let storm: Vec<_> = (0..20).map(|_| (random.u16(..200), random.u16(..60))).collect();
        sight.look(screen.name, &storm);
        sight.look(screen.name, &[(1000, 1000)]);
    }
    sight.boxes(&[(40, 10), (0, 0), (1, 1), (3, 2), (41, 11), (1000, 20)], false);
}

/// Row 67: five thousand accents on one letter are drawn as a few, and stay in the text.
#[test]
fn a_heap_of_accents_is_drawn_short_and_kept_whole() {
    let mut sight = Sight::new(Role::Both);
    let heap = table().into_iter().find(|text| text.starts_with("accents")).unwrap();
    let product = sight.app.session.product();
    let whole: Vec<_> = product.all::<BacklogItem>().filter(|item| *item.title == *heap).map(|item| item.id).collect();
    assert_eq!(whole.len(), 1);
    sight.go(whyhow::tui::registry::REGISTRY.named("backlog").unwrap(), 0);
    sight.app.ui.place_mut().closed = true;
    sight.app.settle(Duration::from_secs(20));
    assert!(sight.app.ui.choose_id(whole[0]));
    let mut buffer = Buffer::empty(sight.app.ui.window);
    sight.app.draw(&mut buffer);
    let longest = buffer.content.iter().map(|cell| cell.symbol().chars().count()).max().unwrap();
    assert!((2..=12).contains(&longest), "{longest} code points in a cell");
}

/// Row 69: two titles that look alike; wherever something is about to go its number stands beside its title.
#[test]
fn what_is_about_to_go_is_named_by_number_and_title() {
    let mut stage = crate::harness::stage::Stage::new(120, 35, Role::Both);
    // A Cyrillic letter in one of them.
    stage.keys("2a“Price first”<enter>a“Price f\u{456}rst”<enter>").settle();
    stage.keys("2").settle();
    let mut seen = BTreeSet::new();
    let product = stage.app().session.product().clone();
    for item in product.all::<whyhow::model::schema::RoadmapItem>() {
        if !stage.app().ui.choose_id(item.id) {
            continue;
        }
        stage.keys("dd");
        let screen = stage.screen();
        let named = screen.contains(&format!("Deleted R{} \"{}", item.number, &*item.title))
            || screen.contains(&format!(" on R{} \"{}", item.number, &*item.title))
            || screen.contains("stories depend on R");
        assert!(named, "R{}: {screen}", item.number);
        seen.insert(item.number);
        if screen.contains("Deleted R") {
            stage.keys("u");
        }
        stage.keys("<esc>");
    }
    assert!(seen.len() > 2);
    stage.keys("3").settle();
    stage.keys("dd");
    let screen = stage.screen();
    assert!(screen.contains("Deleted S2 \"Price for several repairs at once"), "{screen}");
    stage.keys("u");
    // A sprint that runs, in the sample that comes with the program.
    let mut stage = crate::harness::stage::Stage::toured(120, 35);
    stage.app().session.role = Role::Both;
    stage.app().ui.role = Role::Both;
    stage.keys("<esc>:").paste("cancel sprint").keys("<enter>");
    let screen = stage.screen();
    let sprint = stage.app().session.product().all::<Sprint>().find(|one| one.state == SprintState::Active).cloned();
    let begin: String = sprint.as_ref().unwrap().goal.chars().take(20).collect();
    assert!(screen.contains(&format!("Sprint {} \"{begin}", sprint.unwrap().number)), "{screen}");
}

/// Row 87: what is looked for is letters, never a pattern, and however long it is the answer comes at once.
#[test]
fn what_is_looked_for_is_never_a_pattern() {
    let mut stage = crate::harness::stage::Stage::new(120, 35, Role::Both);
    stage.keys("3jje").paste(&"a".repeat(30_000)).keys("<esc>").settle();
    let long = "x(".repeat(5_000);
    let searched = ["(((((", "(a+)+$", "[", "\\", ".*", "^", "*", "?", "a{1000000}", "\u{202e}", "👨‍👩‍👧", "''", &long];
    for keys in ["3/", "2/", "1/", "8/", "9/", "3//", "3:", "3?", "3sg", "2:"] {
        for text in searched {
            let begun = std::time::Instant::now();
            stage.keys(keys).paste(text);
            let screen = stage.screen();
            plain(&screen.replace('\n', " ")).unwrap();
            stage.keys("<esc><esc><esc><esc>");
            assert!(begun.elapsed() < Duration::from_secs(3), "{keys} {text:.20}: {:?}", begun.elapsed());
        }
    }
    stage.keys("3/").paste(".*");
    assert!(stage.screen().contains("Nothing here has \u{201c}.*\u{201d} in it"), "{}", stage.screen());
}

/// Row 64: the scanner itself sees what it is there for.
#[test]
fn the_scanner_refuses_what_is_not_ours() {
    for text in table().into_iter().skip(2).take(13) {
        assert!(scan(text.as_bytes(), true).is_err(), "{text:?}");
    }
    for text in ["\u{1b}[3;4H日\u{1b}[38;2;1;2;3mx\u{1b}[0m", "👨‍👩‍👧‍👦", "1️⃣", "שלום"] {
        assert_eq!(scan(text.as_bytes(), false), Ok(()), "{text:?}");
    }
}

//! What every reader keeps, whatever bytes it is given. One function per reader: the tests feed them with valid inputs
//! that were changed a little, the fuzzer in fuzz/ with whatever it thinks of.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use whyhow::actions::edit::{self, Place};
use whyhow::actions::{self, Args, Context};
use whyhow::cli::batch_line;
use whyhow::config::State;
use whyhow::import::table::dates::{self, Order};
use whyhow::import::{self, FORMATS, FolderFile, SourceFile};
use whyhow::json;
use whyhow::model::admit::{Submission, admit};
use whyhow::model::change::{Origin, Step};
use whyhow::model::derived_cells::Stamp;
use whyhow::model::id::{Id, IdSource};
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::rules::Refusal;
use whyhow::model::schema::Kind;
use whyhow::model::value::Value;
use whyhow::model::value::{Map, When};
use whyhow::options::{OptionKind, Options};
use whyhow::store::blocks;
use whyhow::store::journal::{JournalLine, crc_text, scan};
use whyhow::store::{salvage, snapshot};
use whyhow::tui::settings::table::SETTINGS;
use whyhow::tui::settings::{Settings, write};
use whyhow::tui::state::config_file;
use whyhow::tui::term::background::Background;
use whyhow::tui::term::control_string::{ControlString, HeardKey};

fn noon() -> When {
    When::parse("2026-03-02T12:00:00+01:00").unwrap()
}

fn context(seed: u64) -> Context {
    Context { role: Role::Both, by: "Omar".into(), now: noon(), ids: IdSource::new(seed, 0) }
}

/// Takes a step in as the writer does, or says why not; then nothing is changed.
pub fn take(product: &mut Product, step: &Step, nth: u64) -> Result<Step, Refusal> {
    let stamp = Stamp { step: Id::from_bits(1 << 50 | nth), by: "Omar".into(), at: noon(), alone: false };
    let submission = Submission { step, origin: Origin::Edit, role: Role::Both, stamp: &stamp };
    admit(product, submission, &|_, _| String::new()).map(|rebased| rebased.step)
}

/// A product with something of most kinds, and a sprint that runs.
pub fn sample() -> &'static Product {
    static SAMPLE: OnceLock<Product> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let mut product = Product::default();
        let (mut context, mut nth) = (context(7), 0);
        let mut take_in = |product: &mut Product, step: &Step| {
            nth += 1;
            take(product, step, nth).unwrap();
        };
        let all = [
            (Kind::VisionBoard, json!({"name": "Ferry"})),
            (Kind::Goal, json!({"title": "Fewer calls"})),
            (Kind::RoadmapItem, json!({"title": "Cancel online"})),
            (
                Kind::BacklogItem,
                json!({"title": "Cancel", "story": "a\nb", "points": 3, "criteria": [{"text": "one"}]}),
            ),
            (Kind::BacklogItem, json!({"title": "Refund", "labels": ["money"], "points": 5})),
            (Kind::BacklogItem, json!({"title": "Tell", "tasks": [{"text": "write"}]})),
            (Kind::DoneRule, json!({"text": "It is tested"})),
            (Kind::Feedback, json!({"quote": "I waited for an hour"})),
            (Kind::Sprint, json!({"goal": "Go", "start": "2026-03-02", "end": "2026-03-13"})),
        ];
        for (kind, cells) in all {
            let cells = cells.as_object().unwrap().iter();
            let cells: Vec<_> = cells.map(|(key, value)| (kind.field(key).unwrap(), value.clone())).collect();
            let (step, _) = edit::add(&product, kind, &cells, Place::Bottom, &mut context).unwrap();
            take_in(&mut product, &step);
        }
        for (name, with) in [("sprint.plan", json!({"items": ["S1", "S2"]})), ("sprint.start", json!({}))] {
            let with: Map = with.as_object().unwrap().clone();
            let args = Args { with: &with, lookup: &|name: &str| product.named(name) };
            let step = (actions::named(name).unwrap().run)(&product, &args, &mut context).unwrap();
            take_in(&mut product, &step);
        }
        product
    })
}

fn same(a: &Product, b: &Product) -> bool {
    a == b && snapshot::to_json(a) == snapshot::to_json(b)
}

/// Lines in the journal's form around bodies that the program did not write: with a checksum that fits.
fn sealed(body: &[u8]) -> Vec<u8> {
    let body = body.strip_suffix(b"}").unwrap_or(body);
    [body, format!(",\"crc\":\"{}\"}}", crc_text(crc32fast::hash(body))).as_bytes()].concat()
}

/// What reads is written as it was read; a step out of it goes into a product whole or not at all.
pub fn journal(bytes: &[u8]) {
    let found = scan(bytes);
    assert_eq!(found.good + found.torn, bytes.len());
    let again = scan(&bytes[..found.good]);
    assert_eq!((again.lines, again.torn, again.damaged), (found.lines, 0, found.damaged));
    for raw in bytes.split(|byte| *byte == b'\n') {
        for line in [raw.to_vec(), sealed(raw)] {
            let Ok(read) = JournalLine::decode(&line) else { continue };
            let written = read.encode().unwrap();
            let body = written.strip_suffix(b"\n").unwrap();
            assert!(!body.contains(&b'\n'));
            let again = JournalLine::decode(body).unwrap();
            assert_eq!(again, read);
            assert_eq!(again.encode().unwrap(), written);
            if let JournalLine::Step(entry) = read {
                let mut product = sample().clone();
                let fits = product.apply(&entry.step).is_ok();
                assert!(product.index_is_sound());
                assert!(fits || same(&product, sample()), "a step that does not fit changes nothing");
            }
        }
    }
}

/// A document that reads is written and read again as the same; read by blocks or record by record it is no other.
pub fn document(bytes: &[u8]) {
    let read = snapshot::from_json(bytes);
    if let Some((document, crc)) = blocks::read(&mut &bytes[..]) {
        assert_eq!(crc, crc32fast::hash(bytes));
        match (&read, snapshot::opened(document)) {
            (Ok((one, newer)), Ok((other, by_blocks))) => {
                assert!(same(one, &other) && *newer == by_blocks, "by blocks it is another");
            }
            (Err(_), Err(_)) => {}
            (read, by_blocks) => panic!("one way it reads: {:?}, by blocks {:?}", read.is_ok(), by_blocks.is_ok()),
        }
    }
    let (mut pieces, mut lost) = (Product::default(), Vec::new());
    salvage::records(bytes, "product.json", &mut pieces, &mut lost);
    assert!(pieces.index_is_sound());
    let _ = snapshot::newer_format(bytes);
    let Ok((product, _)) = read else { return };
    assert!(product.index_is_sound());
    let written = snapshot::to_json(&product);
    let (again, newer) = snapshot::from_json(&written).unwrap();
    assert!(!newer && again == product, "it reads as another than was written");
    assert_eq!(snapshot::to_json(&again), written);
    let (mut pieces, mut lost) = (Product::default(), Vec::new());
    salvage::records(&written, "product.json", &mut pieces, &mut lost);
    assert_eq!(lost, []);
    assert!(pieces == product, "record by record it is another");
}

/// Values for each option of a format, chosen by a number.
fn options(format: &import::ImportFormat, mut choice: u8) -> Options {
    let mut options = Options::default();
    for option in format.options {
        let values: Vec<&str> = match &option.kind {
            OptionKind::Choice(_, values) => values(),
            OptionKind::Switch => vec!["yes", "no"],
            OptionKind::Text(_) => vec!["", "https://example.org/ferry"],
        };
        let many = u8::try_from(values.len()).unwrap();
        options.set(option, values[usize::from(choice % many)]).unwrap();
        choice /= many;
    }
    options
}

/// The first byte chooses what is wanted, the rest is the file. What an import makes goes in, can be taken back, and the
/// same file a second time brings nothing.
pub fn import(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let Ok(file) = SourceFile::from_bytes("file", rest, None) else { return };
    let _ = import::choose(&file, None);
    import::outline::outline(&file.text);
    FORMATS.iter().for_each(|format| import_as(format, &file, *choice));
    // A folder with the file in it, and with its lines as files.
    let parts = file.text.split("\n\n\n").enumerate();
    let parts = parts.map(|(nth, text)| FolderFile { name: format!("tasks/{nth}.md"), text: text.to_string() });
    let config = FolderFile { name: "config.yml".to_string(), text: file.text.clone() };
    let files = parts.chain([config]).collect();
    let mut folder = SourceFile::folder("folder");
    folder.files = files;
    import_as(&import::backlog_md::ROW, &folder, *choice);
}

/// A table of another tool; the first byte chooses whose, the second the options. Its long texts and its dates are read by
/// themselves too.
pub fn table(bytes: &[u8]) {
    let Some(([whose, choice], rest)) = bytes.split_first_chunk::<2>() else { return };
    let Ok(file) = SourceFile::from_bytes("file", rest, None) else { return };
    let tables: Vec<_> = FORMATS.iter().filter(|format| format.name.ends_with("csv")).collect();
    import_as(tables[usize::from(*whose) % tables.len()], &file, *choice);
    for header in import::table::headers_of(&file, None) {
        assert!(header.samples.len() <= 3 && !header.name.is_empty());
    }
    let text: String = file.text.chars().take(2000).collect();
    let _ = (import::markup::wiki::to_markdown(&text, &|_| None), import::markup::html::to_markdown(&text));
    for order in [Order::DayFirst, Order::MonthFirst] {
        if let Some(moment) = dates::read(text.lines().next().unwrap_or_default(), order) {
            When::parse(&moment.to_when()).unwrap();
        }
    }
}

/// The laws of one format.
pub fn import_as(format: &import::ImportFormat, file: &SourceFile, choice: u8) {
    let options = options(format, choice & 15);
    let Ok(found) = import::read(file, Some(format.name), &options, &mut |_, _| {}) else { return };
    let mut product = if choice & 16 == 0 { sample().clone() } else { Product::default() };
    let before = product.clone();
    let mut ids = IdSource::new(11, 0);
    let planned = import::plan(found.clone(), &product, &mut ids, &import::Terms::at(noon()));
    let _ = planned.report.text();
    // Against a rule is an answer; a value that does not fit its field is none.
    assert!(product.clone().apply(&planned.step).is_ok(), "{} gives what no field takes", format.name);
    match take(&mut product, &planned.step, 1) {
        Err(_) => assert!(same(&product, &before)),
        Ok(step) => {
            assert!(product.index_is_sound());
            let second = import::plan(found.clone(), &product, &mut ids, &import::Terms::at(noon()));
            assert_eq!(second.step.changes, [], "{} a second time", format.name);
            product.apply(&step.invert()).unwrap();
            assert!(product == before && product.index_is_sound());
        }
    }
}

/// Each line is an edit that goes in and can be taken back, or is refused and changes nothing.
pub fn batch_lines(bytes: &[u8]) {
    let mut product = sample().clone();
    for (nth, line) in bytes.split(|byte| *byte == b'\n').take(20).enumerate() {
        let Ok(step) = batch_line::wanted(line, &product, &mut context(nth as u64)) else { continue };
        let before = product.clone();
        match take(&mut product, &step, 100 + nth as u64) {
            Err(_) => assert!(same(&product, &before)),
            Ok(step) => {
                let mut back = product.clone();
                back.apply(&step.invert()).unwrap();
                assert!(back == before, "{:?} cannot be taken back", step.label);
                let written = snapshot::to_json(&product);
                let (read, _) = snapshot::from_json(&written).unwrap();
                assert!(read == product, "{:?} does not stay in the file", step.label);
            }
        }
        assert!(product.index_is_sound());
    }
}

/// Troubles are about lines that are there; a setting that is written into the text reads back, and the text is TOML
/// as before.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (settings, keymap) = config_file::read(&text, Settings::default(), &whyhow::tui::registry::REGISTRY);
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    for trouble in &settings.troubles {
        let line = trouble.strip_prefix("line ").and_then(|rest| rest.split_once(':')).unwrap().0;
        let line: usize = line.parse().unwrap();
        assert!((1..=lines).contains(&line), "{trouble}, of {lines} lines");
    }
    let _ = whyhow::tui::state::keys_file::changed(&keymap);
    settings.look();
    for setting in SETTINGS {
        let given = (setting.read)(&settings);
        if let Some(written) = write::with(&text, setting.key, &given) {
            let (again, _) = config_file::read(&written, Settings::default(), &whyhow::tui::registry::REGISTRY);
            assert_eq!((setting.read)(&again), given, "{} is kept", setting.key);
        }
    }
}

/// What is remembered is written and read again as the same.
pub fn state(bytes: &[u8]) {
    let Ok(state) = serde_json::from_slice::<State>(bytes) else { return };
    let written = serde_json::to_vec_pretty(&state).unwrap();
    assert_eq!(serde_json::from_slice::<State>(&written).unwrap(), state);
    let _: Value = serde_json::from_slice(&written).unwrap();
}

/// What the terminal says by itself is told from keys: the keys that come out are some of those that went in, in their
/// order, all of them if nothing begins a string, and never more than a few are held back.
pub fn keys(bytes: &[u8]) {
    let (mut strings, mut background, mut now) = (ControlString::default(), Background::default(), Instant::now());
    background.ask();
    let (mut came, mut typed, mut held) = (Vec::new(), Vec::new(), 0);
    let mut alt = KeyModifiers::NONE;
    for byte in bytes {
        let key = match byte {
            0x1b => {
                alt = KeyModifiers::ALT;
                continue;
            }
            // A pause: what was held is nobody's string.
            0xff => {
                typed.extend(strings.pause());
                now += Duration::from_secs(1);
                held = 0;
                continue;
            }
            1..=26 => KeyEvent::new(KeyCode::Char((byte + 96) as char), KeyModifiers::CONTROL),
            32..=126 => KeyEvent::new(KeyCode::Char(*byte as char), std::mem::replace(&mut alt, KeyModifiers::NONE)),
            other => KeyEvent::new(KeyCode::F(other % 12), std::mem::replace(&mut alt, KeyModifiers::NONE)),
        };
        came.push(key);
        held += 1;
        match strings.hear(key, now) {
            HeardKey::Typed(keys) => {
                typed.extend(keys);
                held = 0;
            }
            HeardKey::String(keys) => {
                assert!(keys.len() <= 41, "a long string is dropped as it comes");
                keys.into_iter().for_each(|key| drop(background.hear(key)));
                held = 0;
            }
            HeardKey::Dropped => held = 0,
            HeardKey::Held => assert!(held < 41, "{held} keys are held"),
        }
    }
    typed.extend(strings.pause());
    let mut rest = came.iter();
    assert!(typed.iter().all(|key| rest.any(|one| one == key)), "keys keep their order, and none is made up");
    if !came.iter().any(|key| key.modifiers.contains(KeyModifiers::ALT)) {
        assert_eq!(typed, came);
    }
}

//! Every reader on valid inputs that were changed a little. The fuzzer in fuzz/ does the same for longer and begins with
//! the same inputs.

use crate::harness::reader_laws::{batch_lines, config, document, import, journal, keys, sample, state, table};
use std::path::Path;
use std::sync::Arc;
use whyhow::config::{PersonState, SavedText, SavedView, State};
use whyhow::json;
use whyhow::model::change::Step;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::value::When;
use whyhow::store::journal::{JournalLine, LoggedStep};
use whyhow::store::snapshot;

type Reader = (&'static str, fn(&[u8]), fn() -> Vec<Vec<u8>>);

const READERS: [Reader; 8] = [
    ("journal", journal, journals),
    ("document", document, documents),
    ("import", import, imports),
    ("table", table, tables),
    ("batch", batch_lines, batches),
    ("config", config, configs),
    ("state", state, states),
    ("keys", keys, terminal_strings),
];

fn entry(nth: u64, step: Step) -> JournalLine {
    JournalLine::Step(Arc::new(LoggedStep {
        id: Id::from_bits(nth),
        session: Id::from_bits(900),
        n: nth as u32,
        time: When::parse("2026-03-02T12:00:00+01:00").unwrap(),
        by: "Omar".into(),
        role: Role::Both,
        undoes: (nth == 3).then(|| Id::from_bits(2)),
        redoes: None,
        fence: nth == 1,
        seen: (nth > 1).then(|| Id::from_bits(nth - 1)),
        step,
    }))
}

fn journals() -> Vec<Vec<u8>> {
    let whole = Product::default().diff(sample(), "Taken from a \"file\"");
    let some = Step { label: "Part of it".into(), changes: whole.changes.iter().take(12).cloned().collect() };
    let snapshot = JournalLine::Snapshot { crc: 0x1234_abcd, through: Some(Id::from_bits(2)) };
    let all = [snapshot, entry(1, some.clone()), entry(2, whole), entry(3, some.invert())];
    let lines: Vec<Vec<u8>> = all.iter().map(|line| line.encode().unwrap()).collect();
    let bodies: Vec<u8> = lines.iter().flat_map(|line| [&line[..line.len() - 18], b"}\n"].concat()).collect();
    vec![lines.concat(), bodies]
}

fn documents() -> Vec<Vec<u8>> {
    let written = snapshot::to_json(sample());
    let tight: whyhow::model::value::Value = serde_json::from_slice(&written).unwrap();
    vec![written, tight.to_string().into_bytes(), b"{\"format\": \"1.0\"}\n".to_vec()]
}

fn imports() -> Vec<Vec<u8>> {
    let issues = json!([
        {"number": 7, "title": "Cancel online", "body": "So that nobody calls\n- [ ] ask\n- [x] tell\n", "state": "open",
         "html_url": "https://github.com/ferry/app/issues/7", "labels": [{"name": "bug"}, {"name": "money"}],
         "milestone": {"title": "March", "due_on": "2026-03-31T00:00:00Z", "state": "open"},
         "assignees": [{"login": "ada"}], "created_at": "2026-02-01T10:00:00Z", "closed_at": null},
        {"number": 8, "title": "Refund", "body": "Depends on #7", "state": "closed", "labels": [], "milestone": null,
         "assignees": [], "created_at": "2026-02-02T10:00:00Z", "closed_at": "2026-02-09T10:00:00Z"},
    ]);
    let cli = json!([{"number": 9, "title": "Tell", "body": "", "state": "OPEN", "url": "https://github.com/ferry/app/issues/9",
        "labels": [{"name": "epic"}], "milestone": {"title": "April", "dueOn": "2026-04-30T00:00:00Z"},
        "assignees": [{"login": "mia"}], "createdAt": "2026-02-03T10:00:00Z", "closedAt": null}]);
    let outline = "# Cancel\n- online\n  - with a reason\n* [x] by phone\n1. last\n";
    let own = String::from_utf8(snapshot::to_json(sample())).unwrap();
    let row = &whyhow::export::csv::own::ROW;
    let now = When::parse("2026-03-02T12:00:00+01:00").unwrap();
    let table = (row.write)(&whyhow::export::Subject::of(sample(), now), &Default::default()).unwrap().bytes;
    // A value that its cell does not say whole, and data beside the fields.
    let table = String::from_utf8(table).unwrap()
        + "0000000000009,S9,item,VV,\"a\nb\",bug,doing,2,,,,R1,,x,,,\"[x] one\",S1,,,,,,,,,,,,\"{\"\"tasks\"\":[{\"\"text\"\":\"\"one\"\",\"\"done\"\":true,\"\"by\"\":\"\"Mia\"\"}],\"\"odd\"\":1}\"\n";
    let all = [issues.to_string(), cli.to_string(), outline.to_string(), own, table];
    let first = (0u8..32).step_by(5).zip(all.iter().cycle());
    let others = of_other_tools();
    let others = (0u8..32).step_by(3).zip(others.iter().cycle());
    first.chain(others).map(|(choice, text)| [&[choice], text.as_bytes()].concat()).collect()
}

/// A small file of each other format.
fn of_other_tools() -> Vec<String> {
    let board = json!({"id": "b", "lists": [{"id": "l", "name": "Ferries", "pos": 1}], "members": [{"id": "m", "fullName": "Ada"}],
        "cards": [{"id": "65e000010000000000000001", "name": "Cancel", "idList": "l", "pos": 2.5, "idMembers": ["m"], "closed": false,
            "labels": [{"name": "", "color": "red"}], "customFieldItems": [{"idCustomField": "f", "value": {"number": "3"}}]}],
        "checklists": [{"idCard": "65e000010000000000000001", "name": "AC", "checkItems": [{"name": "ask", "state": "complete"}]}],
        "customFields": [{"id": "f", "name": "Points", "type": "number"}],
        "actions": [{"type": "commentCard", "date": "2026-02-01T10:00:00Z", "data": {"text": "hm", "card": {"id": "65e000010000000000000001"}}}]});
    let project = json!({"totalCount": 2, "items": [{"id": "PVTI_1", "status": "Todo", "points": 3, "content": {"type": "Issue", "title": "Cancel",
        "number": 7, "body": "- [ ] ask", "url": "https://github.com/ferry/app/issues/7"}, "iteration": {"title": "It 1", "startDate": "2026-02-02", "duration": 14}}]});
    let text = |words: &str| {
        json!({"type": "doc", "content": [{"type": "bulletList", "content": [{"type": "listItem", "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": words, "marks": [{"type": "strong"}]}]}]}]}]})
    };
    let sprint = json!([{"id": 1, "name": "One", "state": "closed", "boardId": 1, "startDate": "2026-01-05T08:00:00.000+0100", "endDate": "2026-01-16"}]);
    let jira = json!({"total": 3, "names": {"customfield_1": "Story Points"}, "issues": [
        {"key": "F-1", "fields": {"summary": "Cancel", "description": text("so"), "issuetype": {"name": "Story"}, "customfield_1": 3,
            "customfield_2": sprint, "status": {"name": "Done", "statusCategory": {"key": "done"}}, "parent": {"key": "F-2"}}},
        {"key": "F-2", "fields": {"summary": "Online", "issuetype": {"name": "Epic"}}},
        {"key": "F-3", "fields": {"summary": "Ask", "issuetype": {"name": "Sub-task", "subtask": true}, "parent": {"key": "F-1"}}}]});
    let tasks = json!([{"uuid": "a", "description": "Cancel", "status": "pending", "entry": "1234567889", "project": "Ferry", "depends": "b,c"},
        {"uuid": "b", "description": "Ask", "status": "completed", "entry": "20260101T080000Z", "end": "20260102T080000Z", "tags": ["x"]}]);
    let task = "---\nid: TASK-1\ntitle: 'Cancel'\nstatus: To Do\nassignee: @ada\nlabels: [a, 'b']\nmilestone: m-1\nparent_task_id: task-2\n---\n\
        ## Description\n\nSo.\n\n## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [x] #1 ask\n<!-- AC:END -->\n";
    let page = "# Ferry\n## Cancel\n**Priority**: High\n- [ ] online\n  - [x] ask\n## Done\n- [x] by phone <!-- points: 3 -->\n\n\
        | Task | Owner |\n|---|---|\n| Refund | Ada |\n| \u{21b3} [x] Tell | |\n";
    [board, project, jira, tasks]
        .iter()
        .map(|one| one.to_string())
        .chain([task.to_string(), page.to_string()])
        .collect()
}

fn tables() -> Vec<Vec<u8>> {
    let jira = "Summary,Issue key,Issue id,Issue Type,Status,Sprint,Sprint,Parent,Story Points,Created,Resolved,Description\n\
                Booking,A-1,1,Epic,To Do,,,,,02/Mar/26 9:05 AM,,h1. All *of* it\n\
                Slot,A-2,2,Story,Done,S 1,S 2,1,\"2,5\",02/Mar/26 9:05 AM,17/mai/26 8:40 PM,\"||a||b||\n|{{c}}|[d|https://e.example]|\"\n\
                Ask,A-3,3,Sub-task,Done,S 1,,2,,,,{code}\nWait,A-2,4,Bug,Odd,,,A-1,XL,someday,,-x-\n";
    let azure = "ID,Work Item Type,Title 1,Title 2,Assigned To,State,Iteration Path,Tags,Description\n\
                 1,Epic,Bells,,Ida <ida@example.com>,New,P\\\\I 1,a; b,<p>One<br><b>two</b></p>\n\
                 ,Task,,Brass,Active,,,,<ul><li>x</ul>\n";
    let any = "sep=;\n# shed\nID;Title;State;Sprint;Blocked by;Estimate;Created;Labels\n\
               1;Hooks;todo;1;;3;03/04/2026;a,b\n2;\"Shelf\";Fertig;2;1;0,5;2026-02-01;c\n;=1+1;;;2;;;\n2;Again;;;;;;;x\n";
    let linear = "ID,Team,Title,Status,Estimate,Project,Labels,Cycle Number,Cycle Name,Cycle Start,Cycle End,Completed,Canceled,Parent issue\n\
                  P-1,Pump,'=x,Done,1,Track,\"a, b\",1,,Mon Feb 06 2023 05:00:00 GMT+0000 (GMT),Mon Feb 20 2023 05:00:00 GMT+0000 (GMT),2023-02-07T00:00:00Z,,\n\
                  P-2,Pump,y,Canceled,,Track,,2,Two,,,,2023-02-07,P-1\n";
    let seed = |whose: u8, choice: u8, text: &str| [&[whose, choice], text.as_bytes()].concat();
    vec![
        seed(0, 0, jira),
        seed(0, 17, jira),
        seed(1, 2, linear),
        seed(1, 16, linear),
        seed(2, 0, azure),
        seed(2, 19, azure),
        seed(9, 16, any),
        seed(9, 3, any),
        seed(5, 0, any),
    ]
}

fn batches() -> Vec<Vec<u8>> {
    let adds = [
        json!({"do": "add", "kind": "item", "ref": "a", "set": {"title": "New", "points": 3, "labels": ["x"]}}),
        json!({"do": "set", "on": "S1", "set": {"points": 0.5, "criteria": [{"text": "two", "met": true}], "parent": "S3"}}),
        json!({"do": "move", "on": "S3", "before": "S1"}),
        json!({"do": "delete", "on": "G1"}),
        json!({"do": "set", "on": "R1", "set": {"serves": ["G1"]}}),
    ];
    let runs = [
        json!({"do": "run", "command": "item.status", "with": {"on": "S1", "to": "done", "tick": "all"}}),
        json!({"do": "run", "command": "sprint.plan", "with": {"items": ["S3"], "reason": "needed"}}),
        json!({"do": "run", "command": "sprint.close", "with": {"result": "met", "unfinished": "next"}}),
        json!({"do": "run", "command": "roadmap.horizon", "with": {"on": "R1", "to": "next"}}),
        json!({"do": "run", "command": "comment", "with": {"on": "S1", "text": "why?"}}),
        json!({"do": "run", "command": "measure.read", "with": {"on": "G1", "value": 3, "day": "2026-03-04"}}),
    ];
    let text =
        |all: &[whyhow::model::value::Value]| all.iter().map(|one| format!("{one}\n")).collect::<String>().into_bytes();
    vec![text(&adds), text(&runs)]
}

fn configs() -> Vec<Vec<u8>> {
    let whole = "# mine\ntheme = \"paper\"\naccessible = true\npoints = [1, 2, 0.5]\n\n[themes.paper]\nbase = \"light\"\n\
                 accent = \"#aa3300\"\n\n[keys.list]\nadd = \"n\"\n\"g g\" = \"top\"\nunknown = 3\n";
    vec![whole.as_bytes().to_vec(), b"theme = \"dark\"\nmouse = false\nbroken = [1,\n\"x\" = {a = 1}\n".to_vec()]
}

fn terminal_strings() -> Vec<Vec<u8>> {
    let long = [b"\x1bP".to_vec(), b"q".repeat(60), b"\x1b\\jj".to_vec()].concat();
    let answer = b"jk\x1b]11;rgb:ffff/ffff/ffff\x07k".to_vec();
    vec![answer, long, b"\x1b_Gi=1\x1b\\\xff\x1b^a\xffb\x1bX".to_vec()]
}

fn states() -> Vec<Vec<u8>> {
    let mut state = State { last: "P1".into(), name: "Omar".into(), boxes: 3, ..State::default() };
    let place = SavedView {
        chosen: Id::from_bits(5).to_string(),
        focus: "why".into(),
        top: 3,
        share: 50,
        ..SavedView::default()
    };
    let draft =
        SavedText { process: 1, record: Id::from_bits(5).to_string(), field: "story".into(), text: "a\n\"b\"".into() };
    let places = [("backlog".to_string(), place)].into();
    state.products.insert("P1".into(), PersonState { places, draft: Some(draft), tour: 2, ..PersonState::default() });
    vec![serde_json::to_vec_pretty(&state).unwrap()]
}

/// What breaks readers: ends of numbers, of texts and of nesting.
const BITS: &[&str] = &[
    "null",
    "true",
    "-1",
    "0.1",
    "1e999",
    "4294967296",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[[",
    "}}",
    ",",
    "\n",
    "\r\n",
    "\u{feff}",
    "\u{202e}",
    "\\",
    "\"",
    ":",
    "#",
    "S1",
    "S99999999999",
    "0000000000005",
    "9999-12-31",
    "2026-02-30",
    "alive",
    "number",
    "rank",
    "id",
    "items",
    "deleted",
];

fn changed(random: &mut fastrand::Rng, all: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = random.choice(all).unwrap().clone();
    for _ in 0..random.usize(1..5) {
        let at = random.usize(0..=bytes.len());
        let end = (at + random.usize(0..40)).min(bytes.len());
        match random.u8(0..8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(0..8),
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..end)),
            3 => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
            4 if at < bytes.len() => bytes[at] = random.u8(..),
            5 => {
                let other = random.choice(all).unwrap();
                let from = random.usize(0..=other.len());
                bytes.splice(at..end, other[from..(from + random.usize(0..200)).min(other.len())].iter().copied());
            }
            6 => {
                // A whole word, number or text gives way, so that what comes out often still parses.
                let word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
                let begin = bytes[..at].iter().rposition(|byte| !word(byte)).map_or(0, |place| place + 1);
                let end = bytes[at..].iter().position(|byte| !word(byte)).map_or(bytes.len(), |place| at + place);
                bytes.splice(begin..end, random.choice(BITS).unwrap().bytes());
            }
            _ => drop(bytes.splice(at..at, random.choice(BITS).unwrap().bytes())),
        }
    }
    bytes
}

fn feed(name: &str, rounds: u64) {
    let (_, reader, seeds) = READERS.iter().find(|(known, ..)| *known == name).unwrap();
    let seeds = seeds();
    seeds.iter().for_each(|one| reader(one));
    for seed in 0..rounds {
        let bytes = changed(&mut fastrand::Rng::with_seed(seed), &seeds);
        let read = std::panic::catch_unwind(|| reader(&bytes));
        assert!(read.is_ok(), "{name}, seed {seed}: {}", String::from_utf8_lossy(&bytes));
    }
}

/// Rows 4 and 6: cut and changed anywhere.
#[test]
fn no_line_of_a_journal_makes_its_reader_fall_over() {
    feed("journal", 1500);
}

/// Rows 77 to 84: what no program of ours would have written.
#[test]
fn no_product_json_makes_its_readers_fall_over_or_disagree() {
    feed("document", 2000);
}

/// Rows 77 and 81: files of other tools.
#[test]
fn no_file_from_elsewhere_makes_an_import_that_does_not_fit() {
    feed("import", 2000);
}

/// Rows 77 and 81: tables of other tools.
#[test]
fn no_table_from_elsewhere_makes_an_import_that_does_not_fit() {
    feed("table", 2000);
}

#[test]
fn no_line_of_a_batch_changes_anything_where_it_is_refused() {
    feed("batch", 1000);
}

/// Row 93: the settings.
#[test]
fn no_settings_make_their_reader_fall_over() {
    feed("config", 1500);
}

#[test]
fn nothing_remembered_makes_its_reader_fall_over() {
    feed("state", 3000);
}

/// Row 108: strings of the terminal among keys.
#[test]
fn nothing_a_terminal_sends_makes_up_a_key() {
    feed("keys", 3000);
}

/// What the fuzzer begins with is what these tests begin with.
#[test]
fn the_fuzzer_has_the_same_inputs_to_begin_with() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    if !folder.is_dir() {
        // A package has no fuzzer.
        return;
    }
    for (name, _, seeds) in READERS {
        for (nth, bytes) in seeds().into_iter().enumerate() {
            let path = folder.join(name).join(nth.to_string());
            if std::env::var_os("UPDATE_DOCS").is_some_and(|set| set != "0") {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &bytes).unwrap();
            }
            assert!(std::fs::read(&path).ok() == Some(bytes), "{} is not as UPDATE_DOCS=1 makes it", path.display());
        }
    }
}

/// Row 37: a number that nobody here knows keeps its last digit, however often it is written.
#[test]
fn a_number_with_many_digits_reads_back_as_it_was_written() {
    let text =
        "{\"format\": \"1.0\", \"x\": [33333333333333333333333333333333333333333333333331, 0.30000000000000004]}";
    let (product, _) = snapshot::from_json(text.as_bytes()).unwrap();
    let written = snapshot::to_json(&product);
    let (again, _) = snapshot::from_json(&written).unwrap();
    assert_eq!(again.unknown, product.unknown);
    assert_eq!(snapshot::to_json(&again), written);
}

/// Row 49: in a file that is imported.
#[test]
fn of_two_records_with_one_id_an_import_takes_the_first_and_says_so() {
    let id = Id::from_bits(500).to_string();
    let items = json!([{"id": id, "number": 1, "title": "First"}, {"id": id, "number": 2, "title": "Second"}]);
    let text = json!({"format": "1.0", "items": items}).to_string();
    let file = whyhow::import::SourceFile::from_bytes("file", text.as_bytes(), None).unwrap();
    let found = whyhow::import::read(&file, Some("json"), &Default::default(), &mut |_, _| {}).unwrap();
    assert_eq!(found.records.iter().map(|one| one.title()).collect::<Vec<_>>(), ["First"]);
    assert_eq!(found.skipped.total(), 1);
    import(&[b"\x00", text.as_bytes()].concat());
}

#[test]
fn an_issue_whose_key_has_line_ends_is_known_again_where_the_file_names_no_repository() {
    import("\0[{\"number\": \"7\\n8\"}]".as_bytes());
}

#[test]
fn a_record_without_a_name_in_the_file_keeps_the_one_it_has_here() {
    let goal = sample().named("G1").unwrap().1.to_string();
    let goals = json!([{"id": goal, "number": 1, "title": ""}, {"id": Id::from_bits(500).to_string(), "title": " "}]);
    import(format!("\0{}", json!({"format": "1.0", "goals": goals})).as_bytes());
}

/// What reads by blocks reads in one piece.
#[test]
fn a_comma_or_a_strange_blank_too_many_is_seen_both_ways() {
    let text = String::from_utf8(snapshot::to_json(sample())).unwrap();
    document(format!("{text}\u{b}").as_bytes());
    document(text.replacen("    }\n  ]\n}", "    },  ]\n}", 1).as_bytes());
}

/// Row 6: a step that says of a cell what it never held, and does not fit in its last one, leaves all as it was.
#[test]
fn a_step_with_a_wrong_past_that_does_not_fit_changes_nothing() {
    let before = sample();
    let mut step = Step::new("Forged");
    let cells = [
        ("S1", "title", "never", json!("x")),
        ("S2", "alive", "never", json!(null)),
        ("S3", "title", "never", json!("y")),
        ("S2", "title", "never", json!("z")),
        ("S3", "points", "3", json!([[1]])),
    ];
    for (id, key, from, to) in cells {
        let (kind, id) = before.named(id).unwrap();
        let field = kind.field(key).unwrap();
        step.changes.push(whyhow::model::change::Change { id, field, from: json!(from), to });
    }
    let mut product = before.clone();
    assert!(product.apply(&step).is_err());
    assert!(product == *before && product.index_is_sound());
}

//! What the command line prints of hostile texts, arguments, paths and files: letters and line ends, nothing else.

use crate::harness::scratch::{fed, whyhow};
use crate::harness::window::{NO_TOOLS, Window, typed};
use crate::screens::hostile_text::{document, everything, hostile_data, plain, scan, table};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;
use whyhow::insight::views::VIEWS;
use whyhow::json;
use whyhow::model::value::Value;

/// Everything a command wrote, looked at line by line. Tabs stand between columns.
fn looked_at(what: &str, output: &Output) {
    assert_ne!(output.status.code(), Some(101), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).unwrap_or_else(|error| panic!("{what}: {error}"));
        for line in text.split(['\n', '\t']) {
            plain(line).unwrap_or_else(|why| panic!("{what} prints {why}"));
        }
    }
}

/// A name is one line of at most 200 characters, and hostile in every other way.
fn hostile_name() -> String {
    everything().chars().filter(|c| !c.is_control()).take(200).collect()
}

fn run(data: &Path, args: &[&str]) -> Output {
    let output = whyhow(data).args(args).output().unwrap();
    looked_at(&format!("{args:?}"), &output);
    output
}

/// Rows 64 to 67: every form of every view, the chain, the list of products, exports, verify and repair, of a product
/// with hostile text in each field.
#[test]
fn no_command_prints_a_hostile_text_raw() {
    let (data, folder) = hostile_data();
    // A step by a hostile person with a hostile label stands in the history.
    let line = json!({"do": "add", "kind": "item", "set": {"title": everything()}}).to_string();
    let mut command = whyhow(data.path());
    command.args(["--by", &hostile_name(), "batch"]);
    let output = fed(command, &format!("{line}\n"));
    looked_at("batch", &output);
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"ok\":true"));
    for view in VIEWS.iter().flat_map(|view| [Some(view.name), view.alias]).flatten() {
        assert!(!run(data.path(), &["show", view]).stdout.is_empty(), "{view}");
        let json = run(data.path(), &["show", view, "--json"]).stdout;
        serde_json::from_slice::<Value>(&json).unwrap_or_else(|error| panic!("{view}: {error}"));
    }
    let said = String::from_utf8(run(data.path(), &["show", "backlog"]).stdout).unwrap();
    assert!(
        said.contains("␛[2J") && said.contains("␇") && said.contains("日本語"),
        "marks stand for what is not shown"
    );
    let exported = run(data.path(), &["export"]).stdout;
    let items = serde_json::from_slice::<Value>(&exported).unwrap()["items"].clone();
    assert_eq!(items[0]["title"], table()[0].as_str(), "what is stored is what was given");
    for args in [
        &["export", "--to", "markdown"][..],
        &["export", "--to", "html"],
        &["export", "--to", "taskwarrior"],
        &["why", "S1"],
        &["why", "S9", "--json"],
        &["products"],
        &["products", "--json"],
        &["path"],
        &["verify"],
        &["repair"],
        &["repair", "--anyway"],
    ] {
        run(data.path(), args);
    }
    // A journal that is damaged: verify and repair quote what stood there.
    let journal = std::fs::read_to_string(folder.journal()).unwrap();
    let broken = format!("{}\n{}", everything().replace('\n', ""), journal);
    std::fs::write(folder.journal(), broken).unwrap();
    for args in [&["verify"][..], &["repair"], &["show", "vision"]] {
        run(data.path(), &[&["--product", "hostile"], args].concat());
    }
}

/// Rows 64 to 66: an argument is quoted in many messages, also by the part that reads the command line.
#[test]
fn no_message_quotes_a_hostile_argument_raw() {
    let data = tempfile::tempdir().unwrap();
    let mut command = whyhow(data.path());
    command.args(["--product", "Ferry", "batch"]);
    assert!(fed(command, "{\"do\":\"add\",\"kind\":\"goal\",\"set\":{\"title\":\"x\"}}\n").status.success());
    let short = |text: &str| text.chars().filter(|c| *c != '\0').take(400).collect::<String>();
    for text in [short(&everything()), format!("--{}", short(&table()[1])), short(&table()[7])] {
        let text = text.as_str();
        for args in [
            &[text][..],
            &["show", text],
            &["show", "backlog", text],
            &["show", "sprint", text],
            &["show", "vision", "--now", text],
            &["why", text],
            &["--product", text, "verify"],
            &["--as", text, "verify"],
            &["--data", text, "show", "vision"],
            &["export", "--to", text],
            &["export", "--to", "markdown", "--view", text],
            &["export", "-o", "/no/such/folder\u{1b}[2J/x"],
            &["import", text],
            &["import", "--from", text, "x"],
            &["import", "--milestones", text, "x"],
            &["batch", text],
            &["batch", "--checkpoint", text],
            &["verify", "--acks", text],
            &["completions", text],
            &["products", text],
            &["help", text],
        ] {
            run(data.path(), args);
        }
        let mut command = whyhow(data.path());
        command.arg("batch");
        let lines = [
            text.to_string(),
            json!({ "do": text }).to_string(),
            json!({"do": "set", "on": text, "set": {}}).to_string(),
            json!({"do": "set", "on": "G1", "set": {text: text}}).to_string(),
            json!({"do": "add", "kind": text}).to_string(),
            json!({"do": "run", "command": text}).to_string(),
            json!({"do": "as", "role": text}).to_string(),
            json!({"do": "at", "time": text}).to_string(),
        ];
        looked_at("batch", &fed(command, &lines.join("\n")));
    }
    // What is no UTF-8 either.
    let odd = std::ffi::OsStr::from_bytes(b"\xff\x1b[2J\x9b");
    for args in [&["show"][..], &["import"], &["batch"], &["--data"], &["--product"]] {
        let output = whyhow(data.path()).args(args).arg(odd).output().unwrap();
        looked_at(&format!("{args:?}"), &output);
    }
    // The name the program is called by, and the folder that the environment names.
    let evil = "\u{1b}]0;mine\u{7}\u{202e}";
    for args in [&["--help"][..], &["--fly"], &["help", "import"]] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_whyhow"));
        let output = command.arg0(evil).env("WHYHOW_DATA", evil).args(args).output().unwrap();
        looked_at(&format!("{args:?} under another name"), &output);
    }
}

/// Rows 64 to 66: a file to import, by its name and by what it holds.
#[test]
fn no_report_of_an_import_quotes_a_file_raw() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("in \u{1b}]0;mine\u{7}\u{202e}");
    std::fs::create_dir(&folder).unwrap();
    let issues: Vec<Value> = table()
        .iter()
        .enumerate()
        .map(|(n, text)| {
            json!({"number": n + 1, "title": text, "state": text, "body": text, "labels": [{"name": text}],
                "author": {"login": text}, "milestone": {"title": text}, "assignees": [{"login": text}], text: text})
        })
        .collect();
    let files = [
        ("own.json", document()),
        ("issues.json", Value::from(issues).to_string()),
        ("broken.json", format!("[{{\"number\": 1, {}", table()[0])),
        ("words.txt", everything()),
        ("format.json", json!({"format": everything(), "items": []}).to_string()),
    ];
    for (name, text) in files {
        let path = folder.join(format!("{name}\u{9b}31m"));
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap();
        let report = data.path().join("report");
        for more in [&["--dry-run"][..], &["--milestones", "sprint"], &["--milestones", "roadmap", "--site", path]] {
            let into = ["--into", "Ferry", "--report", report.to_str().unwrap()];
            run(data.path(), &[&["import", path][..], &into, more].concat());
        }
        for line in std::fs::read_to_string(&report).unwrap_or_default().lines() {
            plain(line).unwrap_or_else(|why| panic!("the report on {name} holds {why}"));
        }
    }
}

/// Rows 64 and 65: on a real terminal, where the program would colour its words.
#[test]
fn on_a_terminal_a_wrong_argument_and_the_help_are_plain_too() {
    let evil = "\u{1b}]0;mine\u{7}\u{9b}31m\u{202e}";
    for (args, code) in [(["show", evil], 2), (["--fly", evil], 2), (["why", evil], 1), (["import", evil], 1)] {
        let data = tempfile::tempdir().unwrap();
        let (bytes, ended) = typed(data.path(), &args, &[]);
        assert_eq!(ended, code, "{args:?}");
        let text = String::from_utf8(bytes).unwrap();
        text.split(['\r', '\n']).for_each(|line| plain(line).unwrap_or_else(|why| panic!("{args:?}: {why}")));
    }
    let data = tempfile::tempdir().unwrap();
    let (bytes, ended) = typed(data.path(), &["import", "--help"], &[("WHYHOW_DATA", evil)]);
    assert_eq!(ended, 0);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("WHYHOW_DATA") && text.contains("\u{1b}["), "its headings are marked: {text:?}");
    text.split(['\r', '\n']).for_each(|line| scan(line.as_bytes(), false).unwrap());
}

/// What base 64 stands for.
fn decoded(coded: &str) -> String {
    let value = |c: u8| match c {
        b'A'..=b'Z' => u32::from(c - b'A'),
        b'a'..=b'z' => u32::from(c - b'a') + 26,
        b'0'..=b'9' => u32::from(c - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut out = Vec::new();
    for four in coded.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four.iter().fold(0, |bits, c| bits << 6 | value(*c)) << (6 * (4 - four.len()));
        out.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    String::from_utf8(out).unwrap()
}

/// Rows 64 to 68: in a real terminal, all that the program writes from the first byte to the last, what it sends to the
/// clipboard, and the border at the right as the terminal shows it.
#[test]
fn a_terminal_gets_our_own_sequences_and_letters_alone() {
    let (data, _) = hostile_data();
    let mut settings = NO_TOOLS.to_vec();
    settings.push(("COLORTERM", "truecolor"));
    let mut window = Window::open_with(data.path(), &hostile_name(), &settings);
    for (keys, word) in [("1\x1b", "[1"), ("2", "[2"), ("3", "[3"), ("8", "[8"), ("9", "[9")] {
        window.press(keys);
        window.wait_for(word);
        window.press("jjj");
        std::thread::sleep(Duration::from_millis(60));
        let screen = window.screen.lock().unwrap();
        let ends = (3..12).map(|y| screen.screen().cell(y, 109).unwrap().contents().to_string());
        let odd: Vec<String> =
            ends.filter(|end| !matches!(end.as_str(), "│" | "┃" | "║" | "╮" | "┐" | "╗" | "┘" | "╝" | "╯")).collect();
        assert!(odd.is_empty(), "{word}: {odd:?} where the border is\n{}", screen.screen().contents());
    }
    window.press("3?");
    window.wait_for("Keys here");
    window.press("\x1b");
    window.wait_until("no box", |screen| !screen.contains("Keys here"));
    window.press(":");
    window.wait_for("Enter runs it");
    // A paste that tries to end its own bracket and to go on as keys.
    window.press("\x1b[200~pasted \x1b]0;mine\x07 \u{202e}\u{9b}31m\x1b[201~");
    window.wait_for("pasted");
    window.press("\x1b");
    window.wait_until("no box", |screen| !screen.contains("pasted"));
    for nth in 1..7 {
        window.press("kyy");
        let copies = || window.bytes.lock().unwrap().windows(7).filter(|part| *part == b"\x1b]52;c;").count();
        let begun = std::time::Instant::now();
        while copies() < nth && begun.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    window.press("qq");
    let bytes = Arc::clone(&window.bytes);
    assert_eq!(window.end(), 0);
    let bytes = bytes.lock().unwrap();
    scan(&bytes, true).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains("\x1b]0;") && !text.contains("\x1b]2;"), "the window has no title of ours");
    let copies: Vec<String> =
        text.split("\x1b]52;c;").skip(1).map(|rest| decoded(rest.split('\x07').next().unwrap())).collect();
    assert!(copies.len() == 6 && copies.iter().any(|copy| copy.contains('␛')), "{copies:?}");
    copies.iter().for_each(|copy| plain(copy).unwrap());
}

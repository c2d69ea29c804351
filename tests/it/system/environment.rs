//! What surrounds the program: pipes that are closed or full, a clock that jumps, no home, other locales, broken settings.

use crate::harness::scratch::{Hand, batch, contents, fed, founded, noon, whyhow};
use crate::harness::stage::Stage;
use crate::harness::window::{Window, sample, typed};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::model::value::{Day, When};
use whyhow::store::products::Data;
use whyhow::store::undo::UndoStack;
use whyhow::tui::registry::SCREENS;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn ferry() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let lines = "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"Story\"}}\n";
    assert_eq!(batch(data.path(), &["--product", "Ferry"], lines).0, 0);
    data
}

/// Runs a line of a shell with the program as `$W`, in no more than a few seconds.
fn shell(data: &Path, line: &str) -> Output {
    let begun = Instant::now();
    let output = Command::new("sh")
        .args(["-c", line])
        .env("W", env!("CARGO_BIN_EXE_whyhow"))
        .env("WHYHOW_DATA", data)
        .output()
        .unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10), "{line}");
    assert!(
        !said(&output).contains("fault of its own") && !said(&output).contains("panicked"),
        "{line}: {}",
        said(&output)
    );
    assert_ne!(output.status.code(), Some(101), "{line}");
    output
}

/// Row 60: nobody gives input, nobody takes output, or the disk that takes it is full. No fault, what was said to be
/// saved is, and what could not be told is an error.
#[cfg(target_os = "linux")]
#[test]
fn closed_and_full_pipes_are_no_fault() {
    let data = ferry();
    let line = "{\"do\":\"set\",\"on\":\"S1\",\"set\":{\"points\":3}}";
    for command in [
        "show backlog",
        "show backlog --json",
        "export",
        "export --to markdown",
        "verify",
        "products",
        "products --json",
        "path",
        "why S1",
        "why S1 --json",
        "completions bash",
        "man",
    ] {
        assert_eq!(shell(data.path(), &format!("$W {command} >&-")).status.code(), Some(0), "{command} without output");
        assert_eq!(shell(data.path(), &format!("$W {command} <&- 2>&-")).status.code(), Some(0), "{command}");
        let full = shell(data.path(), &format!("$W {command} > /dev/full"));
        assert_eq!(full.status.code(), Some(1), "{command} on a full disk: {}", said(&full));
        assert!(said(&full).contains("Could not write the output: the disk is full"), "{command}: {}", said(&full));
        assert_ne!(shell(data.path(), &format!("$W {command} > /dev/full 2>&1")).status.code(), Some(101));
        assert_ne!(shell(data.path(), &format!("$W {command} | true")).status.code(), Some(101));
    }
    for (line_, code) in [
        (format!("echo '{line}' | $W batch >&-"), 0),
        (format!("echo '{line}' | $W batch 2>&- >&-"), 0),
        (format!("echo '{line}' | $W batch > /dev/full"), 1),
        ("$W batch <&-".to_string(), 0),
        ("$W import - <&-".to_string(), 1),
        ("$W --fly 2>&-".to_string(), 2),
        ("$W why S99 2> /dev/full".to_string(), 1),
        ("$W --help > /dev/full".to_string(), 0),
    ] {
        let output = shell(data.path(), &line_);
        assert_eq!(output.status.code(), Some(code), "{line_}: {}", said(&output));
    }
    let item = Data(data.path().to_path_buf()).list().remove(0).folder;
    let product = whyhow::store::open::open(&item).unwrap().product;
    assert_eq!(product.all::<BacklogItem>().next().unwrap().points.unwrap().to_string(), "3");
    // Without a terminal the screen says so, also where there is nothing to say it to.
    assert_eq!(shell(data.path(), "$W <&- >&- 2>&-").status.code(), Some(2));
}

/// Row 89: an address with a password in it is named without; an export and a report are as private as their source.
#[test]
fn no_message_shows_a_password_and_what_is_given_out_is_private() {
    let data = ferry();
    let secret = "https://mia:s3cret-token@git.example/a/b.git";
    for args in [
        &["import", secret][..],
        &["why", secret],
        &["--product", secret, "verify"],
        &["import", "--milestones", secret, "x"],
        &["show", secret],
        &["batch", secret],
    ] {
        let output = whyhow(data.path()).args(args).output().unwrap();
        let said = said(&output);
        assert!(!said.contains("s3cret") && said.contains("git.example"), "{args:?}: {said}");
    }
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let elsewhere = tempfile::tempdir().unwrap();
    let out = elsewhere.path().join("out.json");
    let export = || shell(data.path(), &format!("umask 000; $W export -o '{}'", out.display()));
    assert_eq!((export().status.code(), mode(&out)), (Some(0), 0o600));
    std::fs::set_permissions(&out, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!((export().status.code(), mode(&out)), (Some(0), 0o644), "a mode that somebody chose stays");
    let issues = data.path().join("issues.json");
    std::fs::write(&issues, "[{\"number\":1,\"title\":\"x\",\"state\":\"OPEN\"}]").unwrap();
    let report = elsewhere.path().join("report");
    let line = format!("umask 000; $W import --report '{}' '{}'", report.display(), issues.display());
    assert_eq!((shell(data.path(), &line).status.code(), mode(&report)), (Some(0), 0o600));
}

/// Row 91: no terminal, a dumb one, a locale without letters beyond ASCII.
#[test]
fn without_a_terminal_a_message_and_in_a_plain_locale_plain_signs() {
    let data = ferry();
    let output = whyhow(data.path()).stdin(Stdio::null()).output().unwrap();
    let words = said(&output);
    assert!(
        output.status.code() == Some(2) && words.contains("needs a terminal") && !words.contains('\u{1b}'),
        "{words}"
    );
    let (bytes, code) = typed(data.path(), &[], &[("TERM", "dumb")]);
    let words = String::from_utf8(bytes).unwrap();
    assert!(code == 2 && words.contains("needs a terminal") && !words.contains('\u{1b}'), "{words:?}");
    for locale in ["C", "POSIX"] {
        let output = whyhow(data.path()).env("LC_ALL", locale).args(["show", "backlog"]).output().unwrap();
        assert!(output.status.success() && said(&output).is_ascii());
        let data = sample();
        let mut window = Window::open_with(data.path(), "Omar", &[("LC_ALL", locale)]);
        window.press("3");
        window.wait_for("BACKLOG");
        let odd: String =
            window.text().chars().filter(|c| !c.is_ascii() && *c != '\u{200d}' && (*c as u32) < 0x2fff).collect();
        assert_eq!(odd, "", "only the sample's own Japanese and its emoji are left");
        window.press("qq");
        assert_eq!(window.end(), 0);
    }
}

/// Row 92: no home, a folder that is no path, one that is not whole, and variables that the rules say to leave alone.
#[test]
fn without_a_home_a_folder_is_asked_for() {
    let scratch = tempfile::tempdir().unwrap();
    let bare = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_whyhow"));
        command.env_clear().current_dir(scratch.path());
        command
    };
    // A relative folder of the environment counts for nothing, as the rules for it say.
    let path =
        |key: &str, value: &str| said(&bare().env("HOME", "/home/mia").env(key, value).arg("path").output().unwrap());
    assert_eq!(path("XDG_DATA_HOME", "relative/data"), path("LANG", "C"));
    assert!(path("XDG_DATA_HOME", "/elsewhere").starts_with("/elsewhere/whyhow"));
    // A part of a path lies where the person stands.
    let output = bare().args(["--data", "part/of it", "path"]).output().unwrap();
    assert_eq!(said(&output).trim_end(), scratch.path().join("part/of it").display().to_string());
    for args in [&["--data", "", "show", "vision"][..], &["--data", "", "path"]] {
        let output = bare().args(args).output().unwrap();
        assert!(output.status.code() == Some(2) && said(&output).contains("--data <DIR>"), "{}", said(&output));
    }
    assert_eq!(path("WHYHOW_DATA", ""), path("LANG", "C"), "an empty variable counts as unset");
}

/// Row 93: settings and what is remembered, in every broken form: the usual ones, a word, and the data as it was.
#[test]
fn broken_settings_cost_a_word_and_nothing_else() {
    let data = sample();
    let folder = Data(data.path().to_path_buf()).list().remove(0).folder;
    let before = contents(&folder.0);
    let (config, state) = (data.path().join("config.toml"), data.path().join("state/state.json"));
    std::fs::create_dir_all(data.path().join("state")).unwrap();
    let nest = format!("a = {}", "[".repeat(50_000));
    let many = "x = = =\n".repeat(20_000);
    let long = format!("# {}\nhints = \"off\"\n", "x".repeat(2 << 20));
    let broken: [(&[u8], &str); 8] = [
        (b"hints = \"loud\"\n[themes.mine]\nwhy = \"#zzz\"\n", "line 1"),
        (b"\x00\x01\x02", "line 1"),
        (b"\xff\xfe\x68\x00", "not UTF-8"),
        (b"[[[[", "line 1"),
        (nest.as_bytes(), "line 1"),
        (many.as_bytes(), "it is not TOML"),
        (long.as_bytes(), "longer than 1 MiB"),
        (b"theme = \"\\u001b]0;mine\\u0007\"\n", "line 1"),
    ];
    for (bytes, word) in broken {
        std::fs::write(&config, bytes).unwrap();
        std::fs::write(&state, bytes).unwrap();
        let begun = Instant::now();
        let mut window = Window::open(data.path(), "Omar");
        window.wait_for(word);
        assert!(begun.elapsed() < Duration::from_secs(5), "{word}");
        window.press("\x1b");
        window.wait_until("the word gone", |screen| !screen.contains(word));
        window.press("3");
        window.wait_for("▸BACKLOG");
        window.press("qq");
        assert_eq!(window.end(), 0);
    }
    std::fs::remove_file(&config).unwrap();
    std::fs::remove_file(&state).unwrap();
    for path in [&config, &state] {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }
    let mut window = Window::open(data.path(), "Omar");
    window.wait_for("not a plain file");
    window.press("\x1b");
    window.wait_until("the word gone", |screen| !screen.contains("not a plain file"));
    window.press("qq");
    assert_eq!(window.end(), 0);
    let after = contents(&folder.0);
    assert_eq!(before.get(&folder.product_json()), after.get(&folder.product_json()));
    assert_eq!(before.get(&folder.journal()), after.get(&folder.journal()));
}

fn a_year_ago() -> When {
    When::parse("2025-11-06T16:00:00+01:00").unwrap()
}

fn the_day() -> When {
    When::parse("2026-11-06T16:00:00+01:00").unwrap()
}

fn far_ahead() -> When {
    When::parse("9999-12-31T23:59:59-12:00").unwrap()
}

/// Row 29: a clock that goes back a year, and jumps to the end of time. The order of acts and their undo stay, and no view
/// shows less than no time.
#[test]
fn a_clock_that_jumps_changes_no_order_and_no_view_counts_below_zero() {
    let scratch = founded();
    let mut writer = scratch.writer();
    let mut hand = Hand::new(1, "Omar");
    let id = hand.added(&mut writer, Kind::BacklogItem, &[("title", "0".into())]);
    for (nth, time) in ["2026-03-02T12:00:00Z", "2025-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]
        .iter()
        .enumerate()
    {
        let step = whyhow::actions::edit::set(
            writer.product(),
            &[id],
            crate::harness::scratch::field(Kind::BacklogItem, "title"),
            &format!("{}", nth + 1).into(),
        )
        .unwrap();
        let mut act = hand.act(step);
        act.time = When::parse(time).unwrap();
        writer.commit(&[act]);
    }
    drop(writer);
    let writer = scratch.writer();
    let title = |product: &whyhow::model::product::Product| product.get::<BacklogItem>(id).unwrap().title.to_string();
    assert_eq!((title(writer.product()), title(&scratch.read())), ("4".to_string(), "4".to_string()));
    let mut acts = UndoStack::of("Omar", writer.entries(), writer.folder());
    assert_eq!(acts.last().unwrap().step.changes[0].to, "4", "the last line is the last act, whatever its time");
    for clock in [the_day as fn() -> When, a_year_ago, far_ahead] {
        let mut stage = Stage::of_day("bike-doctor.jsonl", clock, 120, 35, Role::Both);
        for (view, one) in SCREENS.iter().enumerate() {
            for turn in 0..one.turns.len().max(1) {
                stage.app().ui.go(view);
                stage.app().ui.place_mut().turn = turn;
                let screen = stage.screen();
                let below = screen.split_whitespace().zip(screen.split_whitespace().skip(1)).find(|(number, unit)| {
                    let number = number.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '-');
                    number.strip_prefix('-').is_some_and(|rest| rest.parse::<u32>().is_ok())
                        && ["second", "minute", "hour", "day", "week", "month", "year", "d", "h"]
                            .iter()
                            .any(|one| unit.trim_end_matches('s') == *one)
                });
                assert_eq!(below, None, "{}", screen);
            }
        }
    }
}

/// Row 30: times and days at the edges are read or refused in words.
#[test]
fn times_at_the_edges_are_read_or_refused_in_words() {
    for time in [
        "2026-03-29T02:30:00+01:00",
        "2026-10-25T02:30:00+02:00",
        "2016-12-31T23:59:60Z",
        "9999-12-31T23:59:59+14:00",
        "0000-01-01T00:00:00Z",
        "2024-02-29T00:00:00-23:59",
    ] {
        let read = When::parse(time).unwrap();
        assert_eq!(When::parse(&read.to_string()).unwrap(), read, "{time}");
        for view in ["backlog", "sprint", "forecast", "history", "review"] {
            let data = ferry();
            let output = whyhow(data.path()).args(["show", view, "--now", time]).output().unwrap();
            assert!(output.status.code().is_some_and(|code| code < 2), "{view} at {time}: {}", said(&output));
        }
    }
    for time in [
        "10000-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-03-02",
        "now",
        "",
        "2026-03-02T25:00:00Z",
        "2026-03-02T09:00:00+99:00",
    ] {
        assert!(When::parse(time).unwrap_err().contains("write it as"), "{time}");
    }
    for day in ["2026-02-30", "2025-02-29", "", "tomorrow", "2026-13-01", "2026-3-2-1"] {
        assert!(Day::parse(day).unwrap_err().contains("write it as"), "{day}");
    }
    // What is typed is read as days in words; no number of weeks or years is too large to be refused.
    let mut stage = Stage::of_day("bike-doctor.jsonl", the_day, 120, 35, Role::Both);
    for words in [
        "in 99999999 weeks",
        "+999999999999",
        "9999-12-31",
        "31.12.99999",
        "-99999999 days",
        "in 300000 years",
        "99/99/9999",
    ] {
        stage.keys("2j<tab>").settle();
        let id = stage.app().ui.place().chosen.unwrap();
        let product = stage.app().session.product().clone();
        let field = Kind::RoadmapItem.field("promised").unwrap();
        let kind = product.find(id).unwrap().kind();
        assert_eq!(kind, Kind::RoadmapItem);
        let app = stage.app();
        whyhow::tui::overlay::editor::Editor::open_with(&mut app.ui, &product, id, field, words);
        stage.screen();
        stage.keys("<esc><esc><esc>");
        stage.screen();
    }
    let shifted = noon().0.with_timezone(&chrono::FixedOffset::east_opt(14 * 3600).unwrap());
    assert_eq!(When(shifted).0, noon().0, "another zone is the same moment");
    assert!(fed(whyhow(ferry().path()), "").status.code() == Some(2));
}

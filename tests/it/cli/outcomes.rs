//! What a command leaves behind: no product after a failed import, none under an empty name, nothing doubled by two
//! imports at once, and no file replaced that is read or kept.

use crate::harness::load::data_file;
use crate::harness::scratch::{batch, whyhow};
use std::path::Path;
use std::process::{Command, Output};
use whyhow::json;
use whyhow::model::value::Value;
use whyhow::store::products::Data;

fn products(dir: &Path) -> usize {
    Data(dir.to_path_buf()).list().len()
}

fn run(dir: &Path, args: &[&str]) -> (i32, String) {
    let Output { status, stderr, .. } = whyhow(dir).args(args).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stderr).unwrap())
}

fn issues() -> String {
    data_file("github/gh-cli.json").display().to_string()
}

#[test]
fn an_import_that_fails_leaves_no_product() {
    let dir = tempfile::tempdir().unwrap();
    let bad = dir.path().join("bad.json");
    std::fs::write(&bad, "[{\"number\": 1,").unwrap();
    let data = dir.path().join("data");
    for files in [vec!["/nowhere.json"], vec![bad.to_str().unwrap()], vec![&issues(), bad.to_str().unwrap()]] {
        let args: Vec<&str> = ["import", "--into", "Ghost"].into_iter().chain(files).collect();
        let (code, said) = run(&data, &args);
        assert_eq!((code, products(&data)), (1, 0), "{said}");
    }
}

/// A role proposes what it may not write. The same file proposes nothing a second time.
#[test]
fn an_import_proposes_what_the_role_may_not_write() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let (code, said) = run(dir.path(), &["--as", "pm", "import", "--into", "Desk", &issues()]);
        assert_eq!((code, products(dir.path())), (0, 1), "{said}");
        assert!(said.contains("2 proposals wait for the other role"), "{said}");
        let shown = whyhow(dir.path()).args(["--as", "po", "show", "inbox", "--json"]).output().unwrap();
        let inbox: Value = serde_json::from_slice(&shown.stdout).unwrap();
        let asked = inbox["for_me"].as_array().unwrap();
        assert_eq!(asked.len(), 2, "two of the three records are linked: {inbox}");
        assert!(asked.iter().all(|one| one["kind"] == "proposal" && one["state"] == "open"), "{inbox}");
    }
}

/// A write that fails leaves no product either, nor a part of several files.
#[cfg(unix)]
#[test]
fn an_import_that_cannot_be_saved_leaves_no_product() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let issue = |n: u32| json!({"number": n, "title": "t", "state": "OPEN", "body": "x".repeat(300)});
    let big = dir.path().join("big.json");
    std::fs::write(&big, Value::from_iter((1..200).map(issue)).to_string()).unwrap();
    let limited = |files: &str| {
        let program = env!("CARGO_BIN_EXE_whyhow");
        let script = format!("ulimit -f 20; exec {program} --data data import {files} --into Ghost");
        let Output { status, stderr, .. } =
            Command::new("sh").arg("-c").arg(script).current_dir(&dir).output().unwrap();
        (status.code(), String::from_utf8(stderr).unwrap())
    };
    let (code, said) = limited("big.json");
    assert!(code == Some(1) && said.contains("Nothing of it was imported."), "{said}");
    assert_eq!(products(&data), 0);
    let (code, said) = limited(&format!("{} big.json", issues()));
    assert!(code == Some(1) && said.contains("Nothing of it was imported."), "{said}");
    assert_eq!(products(&data), 0, "all files are one step");
}

#[test]
fn a_file_without_records_makes_no_product() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path().join("data"), dir.path().join("issues.json"));
    for (text, from, why) in [
        ("", None, "is empty. Nothing was imported"),
        ("[]", None, "has no records. Nothing was imported"),
        ("[]", Some("github"), "has no records. Nothing was imported, and Ghost was not made."),
        ("{}", Some("json"), "does not say which format it has."),
    ] {
        std::fs::write(&file, text).unwrap();
        let mut args = vec!["import", file.to_str().unwrap(), "--into", "Ghost"];
        args.extend(from.iter().flat_map(|from| ["--from", *from]));
        let (code, said) = run(&data, &args);
        assert!(code == 1 && said.contains(why), "{text:?} {code} {said}");
        assert_eq!(products(&data), 0);
    }
    let (_, said) = run(&data, &["import", "/nowhere.json", "--into", "Ghost"]);
    assert_eq!(said, "whyhow: There is no file /nowhere.json. Nothing was imported; check its name.\n");
}

/// What a value should be is said in our own words, not in those of a parser.
#[test]
fn a_value_of_another_kind_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("product.json");
    let item = json!({"id": "0000000000014", "title": "t", "points": [], "labels": 5, "tasks": [1], "created": 5, "status": 1,
        "serves": 7, "checks": [{}], "criteria": {"a": 1}, "source": {"a": 1}, "extra": 1});
    let goal = json!({"id": "0000000000015", "title": "g", "measures": 5});
    std::fs::write(&file, json!({"format": "1.0", "goals": [goal], "items": [item]}).to_string()).unwrap();
    let output = whyhow(dir.path()).args(["import", "--into", "X", file.to_str().unwrap()]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.matches(": expected ").count(), 11, "{said}");
    for word in ["found ", "sequence", "struct", "field `", "variant", "integer", "invalid type"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
}

#[test]
fn a_product_needs_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let long = "x".repeat(70_000);
    for name in ["", " ", "two\nlines", &long] {
        for args in [vec!["--product", name, "batch", "-"], vec!["import", &issues(), "--into", name]] {
            let (code, said) = run(dir.path(), &args);
            assert_eq!((code, products(dir.path())), (2, 0), "{name:?}: {said}");
        }
    }
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_whyhow"))
        .env("WHYHOW_DATA", "")
        .env("HOME", home.path())
        .env_remove("XDG_DATA_HOME")
        .arg("path")
        .output()
        .unwrap();
    let folder = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && folder.starts_with(home.path().to_str().unwrap()), "{folder}");
}

#[test]
fn two_imports_at_once_double_nothing() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["import", "--into", "Shop", "--dry-run", &issues()]).0, 0);
    let begin = || whyhow(dir.path()).args(["import", "--into", "Shop", &issues()]).spawn().unwrap();
    let both = [begin(), begin(), begin()];
    for mut one in both {
        assert!(one.wait().unwrap().success());
    }
    assert_eq!(products(dir.path()), 1);
    let alone = tempfile::tempdir().unwrap();
    assert_eq!(run(alone.path(), &["import", "--into", "Shop", &issues()]).0, 0);
    let stories = |dir: &Path| {
        let shown = whyhow(dir).args(["show", "backlog", "--json"]).output().unwrap();
        serde_json::from_slice::<Value>(&shown.stdout).unwrap()["items"].as_array().unwrap().len()
    };
    assert_eq!(stories(dir.path()), stories(alone.path()));
}

#[test]
fn no_output_replaces_what_is_read_or_kept() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("in.json");
    std::fs::copy(issues(), &source).unwrap();
    let data = dir.path().join("data");
    let name = source.to_str().unwrap();
    assert_eq!(run(&data, &["import", "--into", "Shop", name]).0, 0);
    let journal = Data(data.clone()).list().remove(0).folder.journal();
    let before = (std::fs::read(&journal).unwrap(), std::fs::read(&source).unwrap());
    for args in [
        vec!["export", "-o", journal.to_str().unwrap()],
        vec!["import", name, "--report", journal.to_str().unwrap()],
        vec!["import", name, "--report", name],
    ] {
        let (code, said) = run(&data, &args);
        assert_eq!(code, 1, "{args:?}: {said}");
    }
    assert_eq!((std::fs::read(&journal).unwrap(), std::fs::read(&source).unwrap()), before);
    let stdout = whyhow(&data).args(["export", "-o", "-"]).current_dir(dir.path()).output().unwrap();
    assert!(serde_json::from_slice::<Value>(&stdout.stdout).is_ok() && !dir.path().join("-").exists());
}

/// What a command writes goes where it was told to, and a failure has its exit code.
#[cfg(unix)]
#[test]
fn output_goes_into_links_pipes_and_devices() {
    let dir = tempfile::tempdir().unwrap();
    let (data, at) = (dir.path().join("data"), |name: &str| dir.path().join(name));
    std::fs::copy(issues(), at("in.json")).unwrap();
    assert_eq!(run(&data, &["import", "--into", "Shop", at("in.json").to_str().unwrap()]).0, 0);
    let read = std::fs::read(at("in.json")).unwrap();
    let folder = Data(data.clone()).list().remove(0).folder.0;
    std::fs::hard_link(at("in.json"), at("same.json")).unwrap();
    for (link, to) in [("inside", folder.as_path()), ("out", Path::new("real.json")), ("lost", Path::new("none/x"))] {
        std::os::unix::fs::symlink(to, at(link)).unwrap();
    }
    let here = |args: &[&str], stdin: Option<&str>| {
        let mut command = whyhow(&data);
        command.args(args).current_dir(dir.path());
        if let Some(name) = stdin {
            command.stdin(std::fs::File::open(at(name)).unwrap());
        }
        let Output { status, stdout, stderr } = command.output().unwrap();
        let said = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), said(stdout), said(stderr))
    };
    for (args, stdin, why) in [
        (vec!["export", "-o", "data/x.json"], None, "data folder"),
        (vec!["export", "-o", "inside/x.json"], None, "data folder"),
        (vec!["export", "-o", "inside/product.json"], None, "data folder"),
        (vec!["export", "-o", "lost"], None, "The folder of lost does not exist"),
        (vec!["export", "-o", "."], None, "is a folder"),
        (vec!["export", "-o", "/dev/full"], None, "the disk is full"),
        (vec!["import", "in.json", "--report", "same.json"], None, "is the file that is read"),
        (vec!["import", "same.json", "--report", "./in.json"], None, "is the file that is read"),
        (vec!["import", "-", "--report", "in.json"], Some("in.json"), "is the file that is read"),
        (vec!["import", "in.json", "--report", "/dev/full"], None, "the disk is full"),
    ] {
        let (code, _, said) = here(&args, stdin);
        assert!(code == 1 && said.contains(why), "{args:?}: {code} {said}");
    }
    assert_eq!(std::fs::read(at("in.json")).unwrap(), read);
    assert_eq!(here(&["export", "-o", "out"], None).0, 0);
    assert!(at("out").is_symlink() && at("real.json").is_file());
    for stdout in ["-", "/dev/stdout"] {
        let (code, out, _) = here(&["export", "-o", stdout], None);
        assert!(code == 0 && serde_json::from_str::<Value>(&out).is_ok(), "{stdout}: {code} {out}");
        let (code, out, _) = here(&["import", "in.json", "--report", stdout], None);
        assert_eq!((code, out.matches("read as GitHub issues").count()), (0, 1), "{out}");
    }
}

/// A value nested this deep.
fn nest(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

#[test]
fn what_is_acknowledged_can_be_read_back_however_deep_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let first = "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"One\"}}\n";
    assert_eq!(batch(&data, &["--product", "Shop"], first).0, 0);
    let file = dir.path().join("in.json");
    let mut taken = 0;
    for levels in [1, 30, 57, 59, 60, 61, 62, 63, 64, 70, 90, 119, 121, 123, 124, 125, 127, 128, 400] {
        let line = format!("{{\"do\":\"set\",\"on\":\"S1\",\"set\":{{\"extra\":{{\"a\":{}}}}}}}\n", nest(levels));
        taken += usize::from(batch(&data, &[], &line).1[0]["ok"] == true);
        let issue = format!("[{{\"number\":{levels},\"title\":\"t\",\"state\":\"OPEN\",\"x\":{}}}]", nest(levels));
        std::fs::write(&file, issue).unwrap();
        let (code, said) = run(&data, &["import", file.to_str().unwrap()]);
        taken += usize::from(code == 0);
        assert!(code == 0 || said.contains("levels deep"), "{levels}: {said}");
        // By hand, as an unknown key.
        let json = Data(data.clone()).list().remove(0).folder.product_json();
        let text = std::fs::read_to_string(&json).unwrap();
        std::fs::write(
            &json,
            text.replacen("\"title\": \"One\"", &format!("\"title\": \"One\", \"x\": {}", nest(levels)), 1),
        )
        .unwrap();
        let more = "{\"do\":\"set\",\"on\":\"S1\",\"set\":{\"points\":3}}\n";
        let (code, answers, said) = batch(&data, &[], more);
        assert_eq!(code, 0, "{levels}: {answers:?} {said}");
        let (code, said) = run(&data, &["verify"]);
        assert_eq!(code, 0, "{levels}: {said}");
    }
    assert!(taken > 10, "{taken}");
}

fn issues_of(site: &str, milestone: Value) -> Value {
    let issue = |number: u32, title: &str| {
        json!({"number": number, "title": title, "state": "OPEN", "milestone": milestone,
            "url": format!("https://github.com/{site}/issues/{number}")})
    };
    json!([issue(1, "Login page"), issue(2, "Logout"), issue(3, "Search")])
}

/// Imports issues and returns the exit code, what was said, and how many stories there are now.
fn imported(dir: &Path, issues: &Value, args: &[&str]) -> (i32, String, usize) {
    let file = dir.join("in.json");
    std::fs::write(&file, issues.to_string()).unwrap();
    let data = dir.join("data");
    let args: Vec<&str> = ["import", "--into", "Shop", file.to_str().unwrap()].iter().chain(args).copied().collect();
    let (code, said) = run(&data, &args);
    (code, said, titles(&data, "backlog", "items").len())
}

fn titles(data: &Path, view: &str, key: &str) -> Vec<String> {
    let shown = whyhow(data).args(["show", view, "--json"]).output().unwrap();
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let title = |one: &Value| one["title"].as_str().unwrap_or_default().to_string();
    shown[key].as_array().unwrap().iter().map(title).collect()
}

#[test]
fn a_renamed_repository_is_asked_about_and_nothing_doubles() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(imported(dir.path(), &issues_of("acme/shop", Value::Null), &[]).2, 3);
    let renamed = issues_of("acme/store", Value::Null);
    let (code, said, stories) = imported(dir.path(), &renamed, &[]);
    assert!(code == 1 && stories == 3 && said.contains("--renamed yes"), "{said}");
    assert_eq!(imported(dir.path(), &renamed, &["--site", "acme/shop"]).2, 3);
    assert_eq!(imported(dir.path(), &renamed, &["--site", "acme/store"]).2, 6);
    assert_eq!(imported(dir.path(), &renamed, &[]).2, 6, "by now it is known");
}

#[test]
fn a_milestone_is_known_by_its_number() {
    let milestone = |title: &str, day: &str| json!({"number": 4, "title": title, "dueOn": format!("{day}T08:00:00Z")});
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for (title, day) in [("Spring", "2026-12-18"), ("Spring 1.0", "2026-12-31"), ("Spring 1.0", "2027-01-15")] {
        let (code, said, _) =
            imported(dir.path(), &issues_of("acme/shop", milestone(title, day)), &["--milestones", "roadmap"]);
        assert_eq!((code, titles(&data, "roadmap", "roadmap")), (0, vec![title.to_string()]), "{said}");
        let (code, said, _) =
            imported(dir.path(), &issues_of("acme/shop", milestone(title, day)), &["--milestones", "sprint"]);
        assert_eq!(code, 0, "{said}");
        let shown = whyhow(&data).args(["show", "sprint", "1", "--json"]).output().unwrap();
        let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
        assert_eq!((&shown["goal"], &shown["end"]), (&json!(title), &json!(day)));
    }
}

#[test]
fn an_issue_on_two_pages_is_one_story_in_its_newest_state() {
    let state = |title: &str, time: &str| {
        json!({"number": 7, "title": title, "state": "open", "updated_at": time,
            "html_url": "https://github.com/acme/shop/issues/7"})
    };
    let (old, new) = (state("Old", "2026-11-01T10:00:00Z"), state("New", "2026-11-01T10:05:00Z"));
    for pages in [json!([old, new]), json!([new, old]), json!([[old], [new]])] {
        let dir = tempfile::tempdir().unwrap();
        let (code, said, _) = imported(dir.path(), &pages, &[]);
        assert_eq!(
            (code, titles(&dir.path().join("data"), "backlog", "items")),
            (0, vec!["New".to_string()]),
            "{said}"
        );
    }
}

#[test]
fn a_reopened_issue_has_no_facts_of_closing_and_counts_in_no_second_sprint() {
    let issue = |closed: bool| {
        let (state, at) = if closed { ("CLOSED", json!("2026-10-14T09:00:00Z")) } else { ("OPEN", Value::Null) };
        json!([{"number": 1, "title": "Login", "state": state, "closedAt": at,
            "url": "https://github.com/acme/shop/issues/1"}])
    };
    let story = |data: &Path| {
        let shown = whyhow(data).args(["show", "backlog", "--json"]).output().unwrap();
        serde_json::from_slice::<Value>(&shown.stdout).unwrap()["items"][0].clone()
    };
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for closed in [false, true, false] {
        imported(dir.path(), &issue(closed), &[]);
    }
    assert_eq!((&story(&data)["status"], &story(&data)["closed"]), (&json!("to_do"), &Value::Null));
    let lines = [
        r#"{"do":"at","time":"2026-10-05T09:00:00Z","seed":1}"#,
        r#"{"do":"run","command":"sprint.new","with":{"goal":"x","start":"2026-10-05","end":"2026-10-16"}}"#,
        r#"{"do":"run","command":"sprint.plan","with":{"items":["S1"]}}"#,
        r#"{"do":"run","command":"sprint.start","with":{}}"#,
        r#"{"do":"run","command":"item.status","with":{"on":"S1","to":"done"}}"#,
        r#"{"do":"run","command":"sprint.close","with":{"result":"met"}}"#,
    ];
    assert_eq!(batch(&data, &[], &format!("{}\n", lines.join("\n"))).0, 0);
    imported(dir.path(), &issue(true), &[]);
    let (_, said, _) = imported(dir.path(), &issue(false), &[]);
    assert_eq!(story(&data)["status"], "done", "a closed sprint has counted it: {said}");
}

/// Each change carries its author's name, and each line of the history shows it.
#[test]
fn a_name_of_several_lines_or_without_end_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let line = r#"{"do":"add","kind":"item","set":{"title":"One"}}"#;
    for name in ["Ann\n2026-01-01 Bob", "A\u{1b}[2J", &"x".repeat(30_000)] {
        let (code, said) = run(dir.path(), &["--product", "Shop", "--by", name, "batch", "/dev/null"]);
        assert!(code != 0 && said.contains("at most 200 characters"), "{code} {said}");
        let seat = json!({"do": "as", "by": name, "role": "both"}).to_string();
        let (code, answers, _) = batch(dir.path(), &["--product", "Shop"], &format!("{seat}\n{line}\n"));
        assert!(code == 1 && answers[0]["ok"] == false, "{answers:?}");
    }
}

/// Drafts of sessions that were killed go with the next writer, however sound the product is.
#[test]
fn old_drafts_are_cleared_when_a_sound_product_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let line = r#"{"do":"add","kind":"item","set":{"title":"One"}}"#;
    assert_eq!(batch(dir.path(), &["--product", "Shop"], line).0, 0);
    let folder = Data(dir.path().to_path_buf()).list().remove(0).folder;
    let (old, new) = (folder.0.join(".product-0000000000000001.tmp"), folder.0.join(".product-0000000000000002.tmp"));
    for path in [&old, &new] {
        std::fs::write(path, "half a draft").unwrap();
    }
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(90_000);
    std::fs::File::options().write(true).open(&old).unwrap().set_modified(yesterday).unwrap();
    assert_eq!(batch(dir.path(), &["--product", "Shop"], line).0, 0);
    assert!(!old.exists() && new.exists(), "a draft of today may still be in use");
}

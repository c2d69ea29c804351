//! What a command leaves behind: no product after a failed import, none under an empty name, nothing doubled by two
//! imports at once, and no file replaced that is read or kept.

use crate::harness::load::data_file;
use crate::harness::scratch::{batch, whyhow};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
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
    // A role that may not write what is in the file.
    let (code, said) = run(&data, &["--as", "pm", "import", "--into", "Ghost", &issues()]);
    assert_eq!((code, products(&data)), (1, 0), "{said}");
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

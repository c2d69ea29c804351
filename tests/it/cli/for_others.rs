//! What goes to others: without mail addresses if a person says so, and in files that the other tool takes.

#![allow(clippy::unwrap_used)]

use crate::harness::scratch::whyhow;
use std::path::Path;

fn run(data: &Path, args: &[&str]) -> (i32, String) {
    let output = whyhow(data).args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

const TABLE: &str = "Title,ID,State,Assigned To,Created By,Description\n\
    Moor in fog,7,New,Ida Berg <ida.berg@acme.com>,omar@acme.com,Ask ida.berg@acme.com first\n";

#[test]
fn an_import_can_leave_mail_addresses_out() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path().join("data"), dir.path().join("items.csv"));
    std::fs::write(&file, TABLE).unwrap();
    let file = file.to_str().unwrap();
    for (args, has) in [(&[][..], true), (&["--no-mail"], false)] {
        let name = if has { "With" } else { "Without" };
        let (code, said) = run(&data, &[&["import", "--into", name, file], args].concat());
        assert_eq!((code, said.contains("mail address in a text")), (0, !has), "{said}");
        let (_, all) = run(&data, &["--product", name, "export", "--to", "json"]);
        assert_eq!(all.contains("@acme.com"), has, "{name}");
        assert!(all.contains("Ida Berg") && all.contains("Moor in fog"), "{all}");
    }
}

#[test]
fn an_export_can_leave_mail_addresses_out() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path().join("data"), dir.path().join("items.csv"));
    std::fs::write(&file, TABLE).unwrap();
    run(&data, &["import", "--into", "Shop", file.to_str().unwrap()]);
    for format in ["json", "csv", "jira-csv", "github-script"] {
        let (code, with) = run(&data, &["export", "--to", format]);
        assert!(code == 0 && with.contains("@acme.com"), "{format}: {with}");
        let (code, without) = run(&data, &["export", "--to", format, "--no-mail"]);
        assert!(code == 0 && !without.contains("@acme.com") && without.contains("Moor in fog"), "{format}: {without}");
    }
}

/// Azure DevOps takes 1,000 rows at once: epics stay whole with what is below them.
#[test]
fn a_long_export_for_azure_is_several_files() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path().join("data"), dir.path().join("jira.csv"));
    let mut table = "Summary,Issue key,Issue Type,Status,Parent key\n".to_string();
    for epic in 0..4 {
        table.push_str(&format!("Epic {epic},E-{},Epic,To Do,\n", epic + 1));
        for story in 0..400 {
            let key = 100 + epic * 400 + story;
            table.push_str(&format!("Story {epic} {story},E-{key},Story,To Do,E-{}\n", epic + 1));
        }
    }
    std::fs::write(&file, table).unwrap();
    run(&data, &["import", "--into", "Shop", file.to_str().unwrap()]);
    let out = dir.path().join("azure.csv");
    let args = ["export", "--to", "azure-csv", "-o", out.to_str().unwrap()];
    let (code, said) = run(&data, &args);
    assert!(code == 0 && said.contains("takes 1,000 rows at once and there are 1,604"), "{said}");
    let mut titles = 0;
    for nth in 1..=2 {
        let part = std::fs::read_to_string(dir.path().join(format!("azure-{nth}.csv"))).unwrap();
        assert!(part.lines().nth(1).unwrap().contains("Epic"), "{:?}", part.lines().nth(1));
        let rows = part.lines().count() - 1;
        assert!(rows <= 1000, "{rows}");
        titles += rows;
    }
    assert_eq!((titles, out.exists(), dir.path().join("azure-3.csv").exists()), (1604, false, false));
    let (code, said) = run(&data, &args);
    assert!(code == 1 && said.contains("azure-1.csv exists already"), "{said}");
}

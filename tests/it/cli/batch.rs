//! The command line as scripts rely on it: answers, hints, exit codes, and the same bytes for the same input.

use crate::harness::scratch::{batch, contents, fed, whyhow};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use whyhow::json;
use whyhow::model::value::Value;
use whyhow::store::open::open;
use whyhow::store::products::Data;

const START: &str = r#"{"do":"at","time":"2026-03-02T09:00:00Z","seed":7}
{"do":"add","kind":"goal","ref":"g","set":{"title":"More riders","why":"Empty seats cost the same."}}
{"do":"add","kind":"roadmap","ref":"r","set":{"title":"Price first","serves":["g"]}}
{"do":"add","kind":"item","ref":"a","set":{"title":"See the price","serves":"r","points":3,"labels":["web"]}}
{"do":"add","kind":"item","ref":"b","set":{"title":"Cancel without a phone call"}}
"#;

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn started() -> tempfile::TempDir {
    let dir = scratch();
    let (code, answers, said) = batch(dir.path(), &["--product", "Ferry"], START);
    assert_eq!((code, answers.len()), (0, 5), "{said}");
    dir
}

fn show(dir: &Path, view: &str) -> Value {
    let output = whyhow(dir).args(["show", view, "--json"]).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn titles(dir: &Path) -> Vec<String> {
    show(dir, "backlog")["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_string())
        .collect()
}

fn failed(answer: &Value) -> (&str, &str) {
    assert_eq!(answer["ok"], false, "{answer}");
    (answer["error"].as_str().unwrap(), answer["hint"].as_str().unwrap())
}

#[test]
fn each_line_is_answered_with_its_number_step_and_record() {
    let dir = scratch();
    let (code, answers, _) = batch(dir.path(), &["--product", "Ferry"], START);
    assert_eq!(code, 0);
    assert_eq!(answers[0], json!({"ok": true, "line": 1}), "a line that makes no step has none");
    let numbers: Vec<&str> = answers.iter().skip(1).map(|answer| answer["number"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["G1", "R1", "S1", "S2"]);
    for (at, answer) in answers.iter().enumerate().skip(1) {
        assert_eq!((&answer["ok"], &answer["line"]), (&json!(true), &json!(at + 1)));
        assert_eq!((answer["step"].as_str().unwrap().len(), answer["id"].as_str().unwrap().len()), (13, 13));
    }
    let item = &show(dir.path(), "backlog")["items"][0];
    assert_eq!(
        (&item["title"], &item["points"], &item["serves"], &item["number"]),
        (&json!("See the price"), &json!(3), &json!("R1"), &json!("S1"))
    );
    let why = whyhow(dir.path()).args(["why", "S1", "--json"]).output().unwrap();
    let why: Value = serde_json::from_slice(&why.stdout).unwrap();
    let chain: Vec<&str> =
        why["chain"].as_array().unwrap().iter().map(|knot| knot["number"].as_str().unwrap()).collect();
    assert_eq!(chain, ["S1", "R1", "G1", "product"]);
}

#[test]
fn set_move_delete_run_undo_and_redo_do_what_they_say() {
    let dir = started();
    let lines = r#"{"do":"set","on":"s1","set":{"points":5,"labels":["web","price"]}}
{"do":"set","on":"S1","set":{"points":5}}
{"do":"move","on":"S2","to":"top"}
{"do":"add","kind":"item","ref":"c","set":{"title":"Third"}}
{"do":"move","on":"c","before":"S1"}
{"do":"run","command":"item.status","with":{"on":"S1","to":"doing"}}
{"do":"delete","on":"S2"}
{"do":"undo"}
{"do":"undo"}
{"do":"redo"}
"#;
    let (code, answers, _) = batch(dir.path(), &[], lines);
    assert_eq!(code, 0, "{answers:?}");
    assert!(answers[1].get("step").is_none(), "an equal value is no step");
    assert_eq!(titles(dir.path()), ["Cancel without a phone call", "Third", "See the price"]);
    let price = &show(dir.path(), "backlog")["items"][2];
    assert_eq!(
        (&price["points"], &price["status"], &price["labels"]),
        (&json!(5), &json!("doing"), &json!(["web", "price"]))
    );
    // A new run takes back what an earlier one did.
    let (code, _, _) = batch(dir.path(), &[], "{\"do\":\"undo\"}\n");
    assert_eq!((code, &show(dir.path(), "backlog")["items"][2]["status"]), (0, &json!("to_do")));
}

#[test]
fn a_line_that_fails_says_why_and_what_helps_and_the_others_go_on() {
    let dir = started();
    let cases = [
        ("nonsense", "not JSON", "one JSON object"),
        ("[1]", "not a JSON object", "one JSON object"),
        (r#"{"on":"S1"}"#, "\"do\" is missing", "add, set"),
        (r#"{"do":"fly"}"#, "fly", "add, set"),
        (r#"{"do":"set","on":"S99","set":{"points":1}}"#, "S99", "S24"),
        (r#"{"do":"set","on":"S1","set":{"pionts":1}}"#, "pionts", "points"),
        (r#"{"do":"set","on":"S1","set":{"points":"many"}}"#, "Points", "Nothing was changed"),
        (r#"{"do":"set","on":"S1","set":{"status":"done"}}"#, "Status", "item.status"),
        (r#"{"do":"set","on":"S1","set":{"carried":3}}"#, "Carried", "itself"),
        (r#"{"do":"set","on":"S1","set":{"title":""}}"#, "title", "Nothing was changed"),
        (r#"{"do":"set","on":"S1","set":{"number":3}}"#, "number", "Fields"),
        (r#"{"do":"set","on":"S1","set":{"serves":"S2"}}"#, "S2 is a story", "Nothing was changed"),
        (r#"{"do":"set","on":"S1","set":{"depends_on":["S1"]}}"#, "itself", "Nothing was changed"),
        (r#"{"do":"add","kind":"dream","set":{}}"#, "dream", "item"),
        (r#"{"do":"add","kind":"item","set":{}}"#, "title", "Nothing was changed"),
        (r#"{"do":"move","on":"S1"}"#, "The place", "top"),
        (r#"{"do":"run","command":"sprint.dance"}"#, "sprint.dance", "item.status"),
        (r#"{"do":"run","command":"roadmap.horizon","with":{"on":"R1","to":"now"}}"#, "NOW asks", "R1 stays"),
        (r#"{"do":"as","role":"king"}"#, "king", "pm"),
        (r#"{"do":"at","time":"noon"}"#, "noon", "Nothing"),
        (r#"{"do":"redo"}"#, "redo", ""),
    ];
    let before = show(dir.path(), "backlog");
    let mut lines: String = cases.iter().map(|(line, ..)| format!("{line}\n")).collect();
    lines.push_str("\n{\"do\":\"set\",\"on\":\"S2\",\"set\":{\"points\":1}}\n");
    let (code, answers, _) = batch(dir.path(), &[], &lines);
    assert_eq!((code, answers.len()), (1, cases.len() + 1));
    for ((line, error, hint), answer) in cases.iter().zip(&answers) {
        let said = failed(answer);
        assert!(said.0.contains(error) && said.1.contains(hint), "{line}: {said:?}");
    }
    assert_eq!(answers[cases.len()]["ok"], true);
    assert_eq!(answers[cases.len()]["line"], (cases.len() + 2) as u64, "an empty line counts, and says nothing");
    assert_eq!(show(dir.path(), "backlog")["items"][0], before["items"][0]);
}

#[test]
fn stop_ends_at_the_first_line_that_fails() {
    let dir = started();
    let lines = "{\"do\":\"set\",\"on\":\"S1\",\"set\":{\"points\":8}}\n{\"do\":\"no\"}\n{\"do\":\"set\",\"on\":\"S2\",\"set\":{\"points\":8}}\n";
    let (code, answers, _) = batch(dir.path(), &["--stop"], lines);
    assert_eq!((code, answers.len()), (1, 2));
    let items = show(dir.path(), "backlog")["items"].clone();
    assert_eq!((&items[0]["points"], items[1].get("points")), (&json!(8), None));
}

#[test]
fn a_ref_names_one_record_and_is_free_again_when_its_line_was_refused() {
    let dir = started();
    let lines = r#"{"do":"add","kind":"item","ref":"x","set":{"title":"One"}}
{"do":"add","kind":"item","ref":"x","set":{"title":"Two"}}
{"do":"set","on":"X","set":{"points":1}}
{"do":"add","kind":"item","ref":"y","set":{"title":" "}}
{"do":"as","role":"po"}
{"do":"add","kind":"item","ref":"y","set":{"title":"Named"}}
{"do":"set","on":"y","set":{"points":2}}
"#;
    let (code, answers, _) = batch(dir.path(), &[], lines);
    assert_eq!(code, 1);
    let ok: Vec<bool> = answers.iter().map(|answer| answer["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, false, false, true, true, true], "{answers:?}");
    assert!(failed(&answers[1]).0.contains("given before"));
    assert!(failed(&answers[2]).0.contains("\"X\""), "the case of a ref counts");
}

#[test]
fn each_role_writes_its_own_half_and_proposes_the_other() {
    let dir = started();
    let why = "{\"do\":\"set\",\"on\":\"R1\",\"set\":{\"problem\":\"Riders do not see the price.\"}}\n";
    let how = "{\"do\":\"set\",\"on\":\"R1\",\"set\":{\"approach\":\"Ask the fare table.\"}}\n";
    for (role, line, own) in
        [("pm", why, true), ("pm", how, false), ("po", why, false), ("po", how, true), ("both", why, true)]
    {
        let mut command = whyhow(dir.path());
        command.args(["--as", role, "batch"]);
        let line = line.replace("price.", &format!("price, says the {role}."));
        let before = show(dir.path(), "roadmap");
        let output = fed(command, &line);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((answer["ok"].as_bool(), output.status.code()), (Some(true), Some(0)), "{role}: {answer}");
        assert_eq!(answer.get("proposal").is_none(), own, "{role}: {answer}");
        assert_eq!(show(dir.path(), "roadmap") == before, !own, "{role}: a proposal changes nothing");
    }
    // An undo carries the role of the act: who may write here takes back his own act in any seat.
    let (_, answers, _) = batch(dir.path(), &[], "{\"do\":\"as\",\"role\":\"po\"}\n{\"do\":\"undo\"}\n");
    assert_eq!(answers[1]["ok"], true, "{answers:?}");
}

/// What cannot be made later by its owner is refused: a start, a ratification, and a value that its field refuses.
#[test]
fn what_cannot_be_proposed_is_refused() {
    let dir = started();
    let lines = [
        r#"{"do":"run","command":"roadmap.ratify","with":{"note":"Not the PO's"}}"#,
        r#"{"do":"set","on":"R1","set":{"serves":["R1"]}}"#,
        r#"{"do":"set","on":"R1","set":{"promised":"1066-01-01"}}"#,
    ];
    let (code, answers, _) = batch(dir.path(), &["--as", "po"], &(lines.join("\n") + "\n"));
    assert_eq!(code, 1);
    assert!(answers.iter().all(|answer| answer["ok"] == false), "{answers:?}");
    assert_eq!(show(dir.path(), "inbox").get("proposals"), Some(&json!([])));
}

/// A line that is partly mine is written for my part; the rest waits for its owner, who accepts it, edits it or declines.
#[test]
fn a_proposal_is_accepted_edited_declined_withdrawn_and_goes_stale() {
    let dir = started();
    let lines = r#"{"do":"as","role":"pm","by":"Priya"}
{"do":"set","on":"S1","set":{"points":8,"benefit":"less waiting"},"because":"the second screen is gone"}
{"do":"set","on":"S1","set":{"points":13}}
{"do":"set","on":"S2","set":{"title":"Cancel by text"}}
{"do":"add","kind":"item","ref":"new","set":{"title":"Refund in a day","benefit":"trust","points":2},"because":"Jon asked"}
{"do":"delete","on":"S2"}
{"do":"as","role":"po","by":"Omar"}
{"do":"run","command":"proposal.accept","with":{"on":"^1"}}
{"do":"run","command":"proposal.accept","with":{"on":"^2"}}
{"do":"run","command":"proposal.accept","with":{"on":"^2","set":{"points":5}}}
{"do":"run","command":"proposal.decline","with":{"on":"^3"}}
{"do":"run","command":"proposal.decline","with":{"on":"^3","reason":"the old one is known"}}
{"do":"run","command":"proposal.accept","with":{"on":"new"}}
{"do":"run","command":"proposal.withdraw","with":{"on":"^5"}}
{"do":"as","role":"pm","by":"Priya"}
{"do":"run","command":"proposal.accept","with":{"on":"^5"}}
{"do":"run","command":"proposal.withdraw","with":{"on":"^5"}}
"#;
    let (_, answers, _) = batch(dir.path(), &[], lines);
    let ok: Vec<bool> = answers.iter().map(|answer| answer["ok"].as_bool().unwrap()).collect();
    let expected =
        [true, true, true, true, true, true, true, true, false, true, false, true, true, false, true, false, true];
    assert_eq!(ok, expected, "{answers:#?}");
    let proposals: Vec<&str> = answers[1..6].iter().map(|answer| answer["proposal"].as_str().unwrap()).collect();
    assert_eq!(proposals, ["^1", "^2", "^3", "^4", "^5"]);
    assert!(failed(&answers[8]).0.contains("has changed since"), "{answers:?}");
    let backlog = show(dir.path(), "backlog");
    let items = backlog["items"].as_array().unwrap();
    let named = |title: &str| items.iter().find(|item| item["title"] == title).unwrap_or(&Value::Null);
    assert_eq!(items[0]["points"], 5);
    assert_eq!(items[0]["benefit"], "less waiting");
    assert_eq!(named("Refund in a day")["benefit"], "trust", "what its author owns comes with it: {items:?}");
    assert_eq!(named("Refund in a day")["number"], "S3");
    assert_eq!(named("Cancel by text"), &Value::Null);
    assert_eq!(items.len(), 3);
    let states: Vec<Value> =
        show(dir.path(), "inbox")["proposals"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["accepted", "accepted", "declined", "accepted", "withdrawn"]);
    // To the letter back: the accepting person's undo, one step each.
    let back = "{\"do\":\"as\",\"role\":\"po\",\"by\":\"Omar\"}\n".to_string() + &"{\"do\":\"undo\"}\n".repeat(4);
    let (code, answers, _) = batch(dir.path(), &[], &back);
    assert_eq!(code, 0, "{answers:?}");
    let backlog = show(dir.path(), "backlog");
    assert_eq!(backlog["items"].as_array().unwrap().len(), 2);
    let inbox = show(dir.path(), "inbox");
    let open: Vec<&str> =
        inbox["for_me"].as_array().unwrap().iter().map(|one| one["number"].as_str().unwrap()).collect();
    assert_eq!(open, ["^1", "^2", "^3", "^4"]);
    let output = whyhow(dir.path()).args(["verify"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// Everything but the names of segments and backups depends on the input alone.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    contents(dir)
        .into_iter()
        .map(|(path, bytes)| (path.strip_prefix(dir).unwrap().display().to_string(), bytes))
        .collect()
}

#[test]
fn the_same_script_gives_the_same_bytes() {
    let script: String = START.to_string()
        + &(0..30)
            .map(|n| match n % 3 {
                0 => format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"Story {n}\"}}}}\n"),
                1 => format!("{{\"do\":\"set\",\"on\":\"S1\",\"set\":{{\"points\":{n}}}}}\n"),
                _ => "{\"do\":\"undo\"}\n".to_string(),
            })
            .collect::<String>();
    for options in [&["--product", "Ferry"][..], &["--product", "Ferry", "--checkpoint", "3"]] {
        let (one, two) = (scratch(), scratch());
        let (first, second) = (batch(one.path(), options, &script), batch(two.path(), options, &script));
        assert_eq!(first, second);
        assert_eq!(first.0, 0);
        let (left, right) = (files(one.path()), files(two.path()));
        assert!(!left.is_empty());
        assert_eq!(left, right, "{options:?}");
    }
    let (one, two) = (scratch(), scratch());
    batch(one.path(), &["--product", "Ferry"], &script);
    batch(two.path(), &["--product", "Ferry"], &script.replace("\"seed\":7", "\"seed\":8"));
    assert_ne!(files(one.path()), files(two.path()), "another seed draws other ids");
}

#[test]
fn with_checkpoints_every_step_is_in_the_history_and_verify_finds_it() {
    let dir = scratch();
    let script: String =
        (0..25).map(|n| format!("{{\"do\":\"add\",\"kind\":\"goal\",\"set\":{{\"title\":\"Goal {n}\"}}}}\n")).collect();
    let (code, answers, said) = batch(dir.path(), &["--product", "Ferry", "--checkpoint", "4"], &script);
    assert_eq!((code, said.as_str()), (0, ""));
    let acks = dir.path().join("acks");
    let lines: String = answers.iter().map(|answer| format!("{answer}\n")).collect();
    std::fs::write(&acks, &lines).unwrap();
    let verify = |acks: &Path| {
        let output = whyhow(dir.path()).args(["--product", "Ferry", "verify", "--acks"]).arg(acks).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(verify(&acks).0, 0);
    let segments = files(dir.path()).keys().filter(|name| name.contains("/journal/")).count();
    assert!(segments >= 2, "every second checkpoint closes a segment");
    // A step that nobody wrote is missed, a torn last line of the acks is not.
    std::fs::write(&acks, format!("{lines}{{\"ok\":true,\"line\":99,\"step\":\"0000000000042\"}}\n{{\"ok\":tr"))
        .unwrap();
    let (code, said) = verify(&acks);
    assert!(code == 1 && said.contains("0000000000042"), "{said}");
}

/// What the author of a line had seen stands in it, and in the file before it.
#[test]
fn lines_say_what_their_author_had_seen_and_verify_reads_it() {
    let dir = tempfile::tempdir().unwrap();
    let add = |title: &str| format!("{{\"do\":\"add\",\"kind\":\"goal\",\"set\":{{\"title\":\"{title}\"}}}}\n");
    let lines = [add("One"), add("Two"), add("Three"), "{\"do\":\"undo\"}\n".to_string()].concat();
    assert_eq!(batch(dir.path(), &["--product", "Ferry"], &lines).0, 0);
    let folder = Data(dir.path().to_path_buf()).list().remove(0).folder;
    let opened = open(&folder).unwrap();
    let entries = opened.history(&folder).entries;
    assert_eq!(entries.len(), 5);
    assert_eq!(entries[0].seen, None, "before the first there is nothing");
    for two in entries.windows(2) {
        assert_eq!(two[1].seen, Some(two[0].id));
    }
    let verify = || {
        let output = whyhow(dir.path()).arg("verify").output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(verify(), (0, String::new()));
    let whole = std::fs::read_to_string(folder.journal()).unwrap();
    // Two lines of goals in another order: each is sound, and none can tell but by what was seen.
    let mut all: Vec<&str> = whole.lines().collect();
    let at = all.iter().position(|line| line.contains("One")).unwrap();
    all.swap(at, at + 1);
    std::fs::write(folder.journal(), all.join("\n") + "\n").unwrap();
    let (code, said) = verify();
    assert!(code == 2 && said.contains("which its author had seen"), "{code} {said}");
    // A line less: what follows it had seen what is not here any more.
    let mut all: Vec<&str> = whole.lines().collect();
    all.remove(at + 1);
    std::fs::write(folder.journal(), all.join("\n") + "\n").unwrap();
    let (code, said) = verify();
    assert!(code == 2 && said.contains("1 step follows a step that these files lack"), "{code} {said}");
    assert!(said.contains("product.json is not what the journal leads to"), "{said}");
}

#[test]
fn verify_tells_apart_nothing_missing_and_not_opening() {
    let dir = scratch();
    let verify = |dir: &Path| whyhow(dir).arg("verify").output().unwrap().status.code().unwrap();
    assert_eq!(verify(dir.path()), 0, "no product, and nothing was promised");
    let acks = dir.path().join("acks");
    std::fs::write(&acks, "{\"ok\":true,\"line\":1,\"step\":\"0000000000042\"}\n").unwrap();
    let promised = whyhow(dir.path()).args(["verify", "--acks"]).arg(&acks).output().unwrap();
    assert_eq!(promised.status.code(), Some(1), "no product, and something was promised");
    let dir = started();
    assert_eq!(verify(dir.path()), 0);
    let folder = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.join("product.json").exists())
        .unwrap();
    std::fs::write(folder.join("product.json"), "broken").unwrap();
    std::fs::write(folder.join("journal.jsonl"), "broken\n").unwrap();
    assert_eq!(verify(dir.path()), 2);
}

#[test]
fn exit_codes_tell_refused_from_misused() {
    let dir = started();
    let code = |args: &[&str]| {
        let output = whyhow(dir.path()).args(args).stdin(Stdio::null()).output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    for args in [
        &["--version"][..],
        &["--help"],
        &["products"],
        &["path"],
        &["show", "vision"],
        &["completions", "bash"],
        &["man"],
    ] {
        let (code, out, _) = code(args);
        assert!(code == 0 && !out.is_empty(), "{args:?}");
    }
    let (refused, out, said) = code(&["--product", "Nope", "show", "backlog"]);
    assert!(refused == 1 && out.is_empty() && said.contains("Nope") && said.contains("Ferry"), "{said}");
    let (refused, _, said) = code(&["show", "weather"]);
    assert!(refused == 2 && said.contains("backlog"), "{said}");
    let (refused, _, said) = code(&["why", "S77"]);
    assert!(refused == 1 && said.contains("S77"));
    let (refused, _, said) = code(&["batch", "no/such/file"]);
    assert!(refused == 1 && said.contains("no/such/file"));
    for args in [
        &["--fly"][..],
        &["batch", "--fly"],
        &["--as", "king", "show", "backlog"],
        &["dance"],
        &["batch", "--checkpoint", "x"],
    ] {
        let (misused, out, said) = code(args);
        assert!(misused == 2 && out.is_empty() && !said.is_empty(), "{args:?}");
    }
}

#[test]
fn a_name_of_several_products_has_to_be_given() {
    let dir = started();
    batch(dir.path(), &["--product", "Tram & Bus"], "{\"do\":\"add\",\"kind\":\"goal\",\"set\":{\"title\":\"x\"}}\n");
    let output = whyhow(dir.path()).args(["show", "vision"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("Ferry") && said.contains("Tram & Bus"), "{said}");
    for name in ["Tram & Bus", "tram & bus", "tram-bus"] {
        assert!(
            whyhow(dir.path()).args(["--product", name, "show", "vision"]).output().unwrap().status.success(),
            "{name}"
        );
    }
}

#[test]
fn a_refused_first_line_makes_no_product() {
    let dir = scratch();
    let lines =
        "{\"do\":\"undo\"}\n{\"do\":\"set\",\"on\":\"S1\",\"set\":{\"points\":1}}\n{\"do\":\"as\",\"role\":\"po\"}\n";
    let (code, answers, _) = batch(dir.path(), &["--product", "Ferry"], lines);
    assert_eq!((code, answers.len()), (1, 3));
    assert!(failed(&answers[0]).0.contains("no product"), "{answers:?}");
    assert!(files(dir.path()).is_empty());
}

#[test]
fn a_listener_that_goes_away_is_told_what_was_run() {
    let dir = started();
    let mut command = whyhow(dir.path());
    command.args(["show", "history"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));

    let mut command = whyhow(dir.path());
    command.args(["batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for n in 0..200 {
        let line = format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"Story {n}\"}}}}\n");
        if std::io::Write::write_all(&mut stdin, line.as_bytes()).is_err() {
            break;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("Nobody reads the answers any more"), "{said}");
    assert!(whyhow(dir.path()).arg("verify").output().unwrap().status.success());
}

#[test]
fn nothing_printed_can_steer_a_terminal() {
    let dir = scratch();
    let evil = "ESC \u{1b}]0;x\u{7} CSI \u{9b}2J bidi \u{202e} zero \u{200b}\u{feff} nul \u{0} del \u{7f} sep \u{2028} tag \u{e0041}";
    let line =
        json!({"do": "add", "kind": "item", "ref": evil, "set": {"title": evil, "story": evil, "labels": [evil]}});
    let bad = json!({"do": evil});
    let (_, answers, said) = batch(dir.path(), &["--product", &evil.replace('\0', "")], &format!("{line}\n{bad}\n"));
    assert_eq!(answers[0]["ok"], true, "{answers:?} {said}");
    assert!(failed(&answers[1]).0.len() > 5);
    let mut printed: Vec<(String, Vec<u8>)> = Vec::new();
    for args in [
        &["show", "backlog"][..],
        &["show", "backlog", "--json"],
        &["show", "history"],
        &["show", "history", "--json"],
        &["show", "vision"],
        &["why", "S1"],
        &["why", "S1", "--json"],
        &["why", evil.split('\u{0}').next().unwrap()],
        &["products"],
        &["products", "--json"],
        &["verify"],
        &["show", "\u{1b}[2J"],
        &["--product", "\u{1b}[2J", "verify"],
    ] {
        let output = whyhow(dir.path()).args(args).output().unwrap();
        printed.push((format!("{args:?}"), [output.stdout, output.stderr].concat()));
    }
    let mut command = whyhow(dir.path());
    command.arg("batch");
    printed.push(("batch".into(), fed(command, &format!("{bad}\n")).stdout));
    for (what, bytes) in printed {
        let text = String::from_utf8(bytes).unwrap();
        let strange = text.chars().find(|c| {
            (c.is_control() && !matches!(c, '\n' | '\t'))
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        });
        assert_eq!(strange, None, "{what} prints {strange:?}");
    }
    let title = show(dir.path(), "backlog")["items"][0]["title"].clone();
    assert_eq!(title, evil, "what was stored is what was given");
}

#[test]
fn a_data_folder_that_is_a_file_is_said() {
    let dir = scratch();
    let file = dir.path().join("data");
    std::fs::write(&file, "mine").unwrap();
    for args in [&["show", "backlog"][..], &["verify"]] {
        let output = whyhow(&file).args(args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && said.contains("file"), "{args:?}: {:?} {said}", output.status);
    }
    let (code, answers, _) = batch(&file, &["--product", "Ferry"], START);
    assert_eq!(code, 1);
    assert!(failed(&answers[1]).0.contains("file"), "{answers:?}");
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
}

/// What skips the owner check and the rules is an edit of the file itself, never somebody who calls himself so.
#[test]
fn nobody_acts_under_the_name_that_stands_for_the_file() {
    let dir = started();
    let lines = r#"{"do":"as","role":"po","by":"outside"}
{"do":"set","on":"G1","set":{"title":"Mine now"}}
{"do":"as","role":"po","by":"Ida"}
{"do":"set","on":"G1","set":{"title":"Mine too"}}
{"do":"set","on":"S1","set":{"points":5}}
"#;
    let (code, answers, _) = batch(dir.path(), &["--as", "pm", "--by", "Mia"], lines);
    assert_eq!(code, 1);
    let (error, hint) = failed(&answers[0]);
    assert!(error.contains("outside") && hint.contains("another name"), "{error} {hint}");
    assert_eq!(answers[1]["ok"], true, "a refused seat is not taken: this is still Mia, the PM");
    assert_eq!(answers[3]["proposal"], "^1", "Ida, the PO, only proposes it");
    assert_eq!(answers[4]["ok"], true);
    let before = contents(dir.path());
    for name in ["outside", " Outside"] {
        for args in [&["batch"][..], &["show", "backlog"], &["products"]] {
            let output = whyhow(dir.path()).args(args).args(["--by", name]).stdin(Stdio::null()).output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{args:?}");
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(said.contains("is reserved for edits of the file itself"), "{said}");
        }
    }
    assert_eq!(contents(dir.path()), before);
}

//! The program under `strace`: in which order it calls the system, and what it does when a call fails or is its last.

use crate::harness::scratch::{contents, whyhow};
use crate::needs::tests;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use whyhow::model::value::Value;
use whyhow::store::folder::Folder;
use whyhow::store::products::Data;

tests! {
    Strace:
        killed_on_entering_a_call_nothing_acknowledged_is_lost,
        killed_on_entering_every_call_nothing_acknowledged_is_lost ("each of some hundred calls once"),
        a_sync_that_fails_once_is_not_believed,
        when_every_sync_fails_nothing_more_is_called_saved,
        a_folder_that_cannot_be_synced_is_no_failure_unless_the_disk_says_so,
        a_checkpoint_that_the_system_refuses_takes_nothing_away,
        a_write_that_is_refused_leaves_no_half_line,
        everything_is_synced_before_it_is_called_saved;
}

const EDITS: usize = 12;

/// A product, and a file of edits for it.
struct Scene {
    dir: tempfile::TempDir,
}

impl Scene {
    fn new() -> Scene {
        let dir = tempfile::tempdir().unwrap();
        let lines: String = (0..EDITS)
            .map(|n| format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"Story {n}\"}}}}\n"))
            .collect();
        std::fs::write(dir.path().join("edits.jsonl"), lines).unwrap();
        let scene = Scene { dir };
        scene.anew();
        scene
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn anew(&self) {
        let _ = std::fs::remove_dir_all(self.data());
        let first = "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"First\"}}\n";
        assert_eq!(crate::harness::scratch::batch(&self.data(), &["--product", "Ferry"], first).0, 0);
    }

    fn folder(&self) -> Folder {
        Data(self.data()).list().remove(0).folder
    }

    /// The edits, with a checkpoint after every four, under strace with these words.
    fn edited(&self, strace: &[&str]) -> Output {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq"]).args(strace).arg(env!("CARGO_BIN_EXE_whyhow"));
        command.arg("--data").arg(self.data()).args(["batch", "--checkpoint", "4"]);
        command.arg(self.dir.path().join("edits.jsonl")).env("USER", "Omar").env_remove("WHYHOW_DATA");
        command.output().unwrap()
    }

    /// With one fault; what was acknowledged before and after it.
    fn faulty(&self, inject: &str) -> Output {
        let trace = format!("trace={}", inject.split(':').next().unwrap());
        self.edited(&["-o", "/dev/null", "-e", &trace, "-e", &format!("inject={inject}")])
    }

    /// Every line that was answered as saved is there, the product opens for writing and goes on.
    fn holds(&self, output: &Output, what: &str) -> usize {
        let acks = self.dir.path().join("acks");
        std::fs::write(&acks, &output.stdout).unwrap();
        let verified = whyhow(&self.data()).arg("verify").arg("--acks").arg(&acks).output().unwrap();
        let said = String::from_utf8_lossy(&verified.stderr).into_owned();
        assert_eq!(verified.status.code(), Some(0), "{what}: {said}");
        let add = "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"Afterwards\"}}\n";
        let (code, answers, said) = crate::harness::scratch::batch(&self.data(), &[], add);
        assert_eq!(code, 0, "{what}: {answers:?} {said}");
        answers_in(output).iter().filter(|answer| answer["ok"] == true).count()
    }
}

fn answers_in(output: &Output) -> Vec<Value> {
    // The last line may be cut where the program was killed in the middle of it.
    String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Killed on entering each call that writes, one after the other.
fn killed_at_each(step: usize) -> usize {
    let scene = Scene::new();
    let mut tried = 0;
    for call in
        ["write", "fdatasync", "fsync", "rename", "renameat2", "linkat", "ftruncate", "openat", "unlink", "mkdir"]
    {
        // Beginning elsewhere for each call, so that strides meet different places.
        let mut nth = 1 + call.len() % step;
        loop {
            scene.anew();
            let output = scene.faulty(&format!("{call}:signal=KILL:when={nth}"));
            if output.status.success() {
                break;
            }
            scene.holds(&output, &format!("killed at {call} {nth}"));
            (nth, tried) = (nth + step, tried + 1);
        }
    }
    tried
}

/// Rows 1 and 3: at some of the calls.
fn killed_on_entering_a_call_nothing_acknowledged_is_lost() {
    let tried = killed_at_each(9);
    // How many there are depends on how the lines happen to be grouped.
    assert!(tried > 4, "{tried} calls were the last one");
}

/// Rows 1 and 3: at every call.
fn killed_on_entering_every_call_nothing_acknowledged_is_lost() {
    let tried = killed_at_each(1);
    assert!(tried > 100, "{tried} calls were the last one");
}

/// Row 16: one sync fails. The file it failed on is not believed any more: another one takes its place.
fn a_sync_that_fails_once_is_not_believed() {
    let scene = Scene::new();
    let log = scene.dir.path().join("calls");
    let log_name = log.display().to_string();
    let trace = "trace=fdatasync,rename,renameat,renameat2";
    let output = scene.edited(&["-o", &log_name, "-e", trace, "-e", "inject=fdatasync:error=EIO:when=2"]);
    assert_eq!(scene.holds(&output, "one sync failed"), EDITS);
    let calls = std::fs::read_to_string(&log).unwrap();
    let after = calls.split_once("(INJECTED)").expect("a sync failed").1;
    let replaced = after.lines().find(|line| line.contains("rename")).unwrap_or_default();
    assert!(replaced.contains("journal.new"), "the next thing is a new journal: {calls}");
}

/// Row 17: from some sync on all of them fail: not saved, with the reason; what was saved before is there.
fn when_every_sync_fails_nothing_more_is_called_saved() {
    let scene = Scene::new();
    let trace = ["-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO:when=3+", "-o", "/dev/null"];
    let output = scene.edited(&trace);
    assert_eq!(output.status.code(), Some(1));
    let answers = answers_in(&output);
    let failed: Vec<&Value> = answers.iter().filter(|answer| answer["ok"] == false).collect();
    assert!(!failed.is_empty());
    assert!(failed[0]["error"].as_str().unwrap().contains("the disk reports an error"), "{}", failed[0]);
    assert!(scene.holds(&output, "every sync failed") < EDITS);
}

/// Row 18: a file system that cannot sync a folder says so with EINVAL: that is no failure. Any other error is one.
fn a_folder_that_cannot_be_synced_is_no_failure_unless_the_disk_says_so() {
    let scene = Scene::new();
    for error in ["EINVAL", "EOPNOTSUPP"] {
        scene.anew();
        let folder = scene.folder().0.display().to_string();
        let inject = format!("inject=fsync:error={error}");
        let output = scene.edited(&["-P", &folder, "-e", "trace=fsync", "-e", &inject, "-o", "/dev/null"]);
        assert_eq!(scene.holds(&output, error), EDITS, "{error}");
    }
    scene.anew();
    let folder = scene.folder().0.display().to_string();
    let inject = "inject=fsync:error=EIO";
    let output = scene.edited(&["-P", &folder, "-e", "trace=fsync", "-e", inject, "-o", "/dev/null"]);
    scene.holds(&output, "EIO");
    // Once, at each of them: also at the last one of a segment that is being closed.
    for nth in 1..=14 {
        scene.anew();
        let inject = format!("inject=fsync:error=EIO:when={nth}");
        let folder = scene.folder().0.display().to_string();
        let output = scene.edited(&["-P", &folder, "-e", "trace=fsync", "-e", &inject, "-o", "/dev/null"]);
        scene.holds(&output, &format!("EIO at the sync {nth} of the folder"));
    }
}

/// Rows 13 and 19: product.json cannot be replaced, or its draft not be written: the old one stays, no draft is left, and
/// every edit is saved all the same.
fn a_checkpoint_that_the_system_refuses_takes_nothing_away() {
    let scene = Scene::new();
    let first = std::fs::read(scene.folder().product_json()).unwrap();
    for error in ["EACCES", "EIO", "EXDEV", "ENOSPC"] {
        scene.anew();
        let before = std::fs::read(scene.folder().product_json()).unwrap();
        assert_eq!(before.len(), first.len());
        let output = scene.faulty(&format!("rename,renameat2:error={error}"));
        let after = std::fs::read(scene.folder().product_json()).unwrap();
        assert!(after == before, "{error}: the old product.json stays");
        let drafts = contents(&scene.folder().0).into_keys().filter(|path| path.to_string_lossy().ends_with(".tmp"));
        assert_eq!(drafts.count(), 0, "{error}: no draft is left");
        assert_eq!(scene.holds(&output, error), EDITS, "{error}");
    }
}

/// Rows 11 and 12: a write is cut, or refused, in the middle of it all; the program is told, cuts back and says so.
fn a_write_that_is_refused_leaves_no_half_line() {
    let scene = Scene::new();
    for (nth, error) in [(1, "ENOSPC"), (3, "EIO"), (6, "EDQUOT"), (9, "EINTR")] {
        scene.anew();
        let journal = scene.folder().journal().display().to_string();
        let inject = format!("inject=write:error={error}:when={nth}");
        let output = scene.edited(&["-P", &journal, "-e", "trace=write", "-e", &inject, "-o", "/dev/null"]);
        let found = whyhow::store::journal::scan(&std::fs::read(scene.folder().journal()).unwrap());
        assert_eq!((found.torn, found.damaged.len()), (0, 0), "{error} at write {nth}");
        scene.holds(&output, error);
    }
}

/// One call as strace tells it: its name, the file behind its first argument, and where it renames to.
struct Called {
    name: String,
    on: PathBuf,
    to: PathBuf,
}

fn called(line: &str) -> Option<Called> {
    let line = line.split_once(' ').filter(|(pid, _)| pid.parse::<u32>().is_ok()).map_or(line, |(_, rest)| rest);
    let (name, rest) = line.trim_start().split_once('(')?;
    let behind =
        |text: &str| text.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(path, _)| path.into());
    let quoted: Vec<&str> = rest.split('"').collect();
    let (on, to) = match name {
        "rename" | "renameat2" => (PathBuf::from(quoted.get(1)?), PathBuf::from(quoted.get(3)?)),
        _ => (behind(rest)?, PathBuf::new()),
    };
    Some(Called { name: name.to_string(), on, to })
}

/// Row 2: what only a power cut would show. A line is synced before it is answered, a draft before it is renamed, and a
/// folder after each rename in it, before anything is answered.
fn everything_is_synced_before_it_is_called_saved() {
    let scene = Scene::new();
    let log = scene.dir.path().join("log");
    let calls = "trace=write,pwrite64,writev,fdatasync,fsync,rename,renameat2,ftruncate";
    let output = scene.edited(&["-y", "-s", "0", "-e", calls, "-o", log.to_str().unwrap()]);
    assert_eq!(scene.holds(&output, "no fault"), EDITS);
    let text = std::fs::read_to_string(&log).unwrap();
    let data = scene.data();
    // Written and not synced; renamed in and not synced.
    let (mut unsynced, mut unsettled) = (BTreeMap::<PathBuf, usize>::new(), Vec::<PathBuf>::new());
    let (mut answers, mut renames) = (0, 0);
    for (nth, call) in text.lines().enumerate().filter_map(|(nth, line)| Some((nth, called(line)?))) {
        let ours = call.on.starts_with(&data);
        match call.name.as_str() {
            "write" | "pwrite64" | "writev" | "ftruncate" if ours => {
                unsynced.insert(call.on, nth);
            }
            "write" if call.on.starts_with("pipe:") || call.on.to_string_lossy().contains("pipe") => {
                assert!(unsynced.is_empty(), "answered before {unsynced:?} was synced");
                assert!(unsettled.is_empty(), "answered before the names in {unsettled:?} were synced");
                answers += 1;
            }
            "fdatasync" | "fsync" => {
                unsynced.remove(&call.on);
                unsettled.retain(|folder| *folder != call.on);
            }
            "rename" | "renameat2" if ours => {
                assert!(!unsynced.contains_key(&call.on), "{:?} was renamed before it was synced", call.on);
                unsettled.push(call.to.parent().unwrap_or(Path::new("")).to_path_buf());
                renames += 1;
            }
            _ => {}
        }
    }
    assert!(answers >= EDITS && renames >= 3, "{answers} answers, {renames} renames were seen");
}

//! What the tests share: a product in a scratch folder, acts to write to it, and the program itself.

use crate::harness::grammar::faults;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use whyhow::actions::edit::{self, Place};
use whyhow::actions::{self, Args, Context};
use whyhow::model::change::Step;
use whyhow::model::id::{Id, IdSource};
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::Kind;
use whyhow::model::value::{Map, Value, When};
use whyhow::store::create::{Founder, find_or_create};
use whyhow::store::folder::Folder;
use whyhow::store::history::History;
use whyhow::store::open::open;
use whyhow::store::products::Data;
use whyhow::store::write_request::{Author, WriteOutcome, WriteRequest};
use whyhow::store::writer::Writer;

pub fn noon() -> When {
    When::parse("2026-03-02T12:00:00+01:00").unwrap()
}

pub fn field(kind: Kind, key: &str) -> &'static whyhow::model::field::Field {
    kind.field(key).unwrap()
}

/// A scratch data folder with one product in it.
pub struct Scratch {
    pub dir: TempDir,
    pub folder: Folder,
}

pub fn founded() -> Scratch {
    let dir = tempfile::tempdir().unwrap();
    let founder = Founder {
        by: "Omar".into(),
        role: Role::Both,
        now: noon(),
        board: Id::from_bits(11),
        step: Id::from_bits(12),
        session: Id::from_bits(13),
    };
    let (folder, made) = find_or_create(&Data(dir.path().to_path_buf()), "Ferry", &founder).unwrap();
    assert!(made);
    Scratch { dir, folder }
}

impl Scratch {
    pub fn writer(&self) -> Writer {
        Writer::open(self.folder.clone()).unwrap()
    }

    /// The product as a reader sees it now.
    pub fn read(&self) -> Product {
        open(&self.folder).unwrap().shown(noon()).0
    }

    pub fn history(&self) -> History {
        open(&self.folder).unwrap().history(&self.folder)
    }

    pub fn json(&self) -> String {
        std::fs::read_to_string(self.folder.product_json()).unwrap()
    }
}

pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a folder but the lock, with its bytes.
pub fn contents(folder: &Path) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut out = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            out.extend(contents(&path));
        } else if path.file_name().unwrap() != "lock" {
            out.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    out
}

/// As git does it: new files under the old names, and those that the old state lacks are removed.
pub fn check_out(old: &Path, into: &Path) {
    for (path, bytes) in contents(old) {
        let to = into.join(path.strip_prefix(old).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let _ = std::fs::remove_file(&to);
        std::fs::write(to, bytes).unwrap();
    }
    remove_others(old, into);
}

/// As `cp` does it: other content in the same files.
pub fn copy_back(old: &Path, into: &Path) {
    for (path, bytes) in contents(old) {
        std::fs::write(into.join(path.strip_prefix(old).unwrap()), bytes).unwrap();
    }
}

fn remove_others(old: &Path, into: &Path) {
    for path in contents(into).into_keys() {
        if !old.join(path.strip_prefix(into).unwrap()).exists() {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// Somebody who writes: draws ids and counts acts.
pub struct Hand {
    pub ids: IdSource,
    pub session: Id,
    pub by: String,
    pub role: Role,
    n: u32,
}

impl Hand {
    pub fn new(seed: u64, by: &str) -> Hand {
        let mut ids = IdSource::new(seed, 0);
        let session = ids.fresh(|_| false);
        Hand { ids, session, by: by.into(), role: Role::Both, n: 0 }
    }

    pub fn act(&mut self, step: Step) -> WriteRequest {
        self.n += 1;
        let author = Author { session: self.session, n: self.n, time: noon(), by: self.by.clone(), role: self.role };
        WriteRequest::new(self.ids.fresh(|_| false), author, step)
    }

    pub fn add(&mut self, product: &Product, kind: Kind, cells: &[(&str, Value)]) -> (Step, Id) {
        let cells: Vec<_> = cells.iter().map(|(key, value)| (field(kind, key), value.clone())).collect();
        let mut context = Context {
            role: self.role,
            by: self.by.clone(),
            now: noon(),
            ids: IdSource::new(self.ids.fresh(|_| false).bits(), 0),
        };
        edit::add(product, kind, &cells, Place::Bottom, &mut context).unwrap()
    }

    /// Adds a record and waits until it is on disk.
    pub fn added(&mut self, writer: &mut Writer, kind: Kind, cells: &[(&str, Value)]) -> Id {
        let (step, id) = self.add(writer.product(), kind, cells);
        self.saved(writer, step);
        id
    }

    pub fn saved(&mut self, writer: &mut Writer, step: Step) -> (Id, usize) {
        let act = self.act(step);
        match writer.commit(std::slice::from_ref(&act)).pop() {
            Some(WriteOutcome::Saved { entry, conflicts, .. }) => (entry.id, conflicts),
            other => panic!("{:?} was not saved: {other:?}", act.step.label),
        }
    }

    pub fn set(&mut self, writer: &mut Writer, kind: Kind, id: Id, key: &str, to: Value) -> (Id, usize) {
        let step = edit::set(writer.product(), &[id], field(kind, key), &to).unwrap();
        self.saved(writer, step)
    }
}

pub fn run_deed(product: &Product, name: &str, with: Value) -> Result<Step, whyhow::model::rules::Refusal> {
    let with: Map = with.as_object().unwrap().clone();
    let lookup = |name: &str| product.named(name);
    let mut context = Context { role: Role::Both, by: "Omar".into(), now: noon(), ids: IdSource::new(5, 5) };
    (actions::named(name).unwrap().run)(product, &Args { with: &with, lookup: &lookup }, &mut context)
}

/// The program with its data in `dir`.
pub fn whyhow(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyhow"));
    command.env_remove("WHYHOW_DATA").env("USER", "Omar").arg("--data").arg(dir);
    command
}

pub fn fed(mut command: Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_string();
    let feeder = std::thread::spawn(move || {
        // A program that stops early does not read it all.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

pub fn batch(dir: &Path, args: &[&str], input: &str) -> (i32, Vec<Value>, String) {
    let mut command = whyhow(dir);
    command.arg("batch").args(args);
    let output = fed(command, input);
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said = String::from_utf8(output.stderr).unwrap();
    for line in said.lines() {
        let faults = faults(line);
        assert!(faults.is_empty(), "{line:?}: {faults:?}");
    }
    (output.status.code().unwrap(), answers, said)
}

/// True, and says so, if this run rehearses a system that lacks what the test is about.
pub fn not_here(needs: &str) -> bool {
    let lacks = whyhow::store::fault_injection::lacks(needs);
    if lacks {
        eprintln!("not run: WHYHOW_LACKS says that this system has no {needs}");
    }
    lacks
}

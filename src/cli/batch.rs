//! Edits as JSON Lines, one acknowledgement per durable edit. Uses the same writer and the same actions as the screen.

use crate::actions::edit::{self, Place};
use crate::actions::{self, Args, Context, no_record};
use crate::cli::invocation::{Invocation, now};
use crate::cli::lines::Lines;
use crate::cli::out;
use crate::model::author::may_be_called;
use crate::model::change::{Origin, Step};
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::rules::Refusal;
use crate::model::schema::Kind;
use crate::model::strict::{MOST_NESTED, Strict, nested_deeper};
use crate::model::undo_barrier::fence;
use crate::model::value::{Map, Shape, Value, When};
use crate::store::create::{Founder, find_or_create, founding};
use crate::store::error::{StoreError, reason};
use crate::store::folder::Folder;
use crate::store::notice::Notice;
use crate::store::segments;
use crate::store::undo::{UndoEntry, UndoStack};
use crate::store::write_request::{Author, Staged, WriteOutcome, WriteRequest};
use crate::store::writer::Writer;
use anyhow::{Context as _, Result};
use rustc_hash::FxHashMap;
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

/// How many waiting lines may share one write and one sync.
const GROUP: usize = 64;
/// How many lines are read ahead.
const AHEAD: usize = 1024;

#[derive(clap::Args, Debug)]
pub struct Batch {
    /// The file with the edits; - or nothing for standard input
    file: Option<PathBuf>,
    /// Stop at the first line that fails
    #[arg(long)]
    stop: bool,
    /// Write each line separately, with a checkpoint after every N lines; every second one closes the journal's segment
    #[arg(long, value_name = "N")]
    checkpoint: Option<usize>,
}

impl Batch {
    pub fn run(&self, invocation: &Invocation) -> Result<u8> {
        let lines = self.lines()?;
        let mut runner = Runner::new(invocation, self.checkpoint);
        let mut stdout = std::io::stdout().lock();
        let (mut failed, mut told, mut last) = (false, Ok(()), 0);
        'all: while let Ok(first) = lines.recv() {
            let mut group = vec![first];
            let most = if self.checkpoint.is_some() || self.stop { 1 } else { GROUP };
            while group.len() < most
                && let Ok(next) = lines.try_recv()
            {
                group.push(next);
            }
            let waits = group.len() == GROUP;
            let answers = runner.take(&group);
            last = answers.last().and_then(|answer| answer.get("line")).and_then(Value::as_u64).unwrap_or(last);
            for answer in answers {
                let bad = answer.get("ok") == Some(&Value::Bool(false));
                failed |= bad;
                told = out::json_line(&mut stdout, &answer);
                if told.is_err() || (bad && self.stop) {
                    break 'all;
                }
            }
            told = told.and_then(|()| stdout.flush());
            if told.is_err() {
                break;
            }
            if waits {
                // More lines are coming: give another session its turn.
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        runner.finish();
        if told.as_ref().is_err_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe) {
            // Whoever closed the pipe cannot know what became of the rest.
            out::message(&format!(
                "Nobody reads the answers any more, so batch stopped. Lines up to {last} were run; none after it was."
            ));
            failed = true;
        }
        Ok(out::code(told).max(u8::from(failed)))
    }

    /// The input's lines as they arrive, so that waiting ones can be handled together.
    fn lines(&self) -> Result<Receiver<(usize, Line)>> {
        let reader: Box<dyn BufRead + Send> = match &self.file {
            Some(path) if path.as_os_str() != "-" => {
                let file = std::fs::File::open(path).with_context(|| format!("Could not read {}", path.display()))?;
                Box::new(std::io::BufReader::new(file))
            }
            _ => Box::new(std::io::BufReader::new(std::io::stdin())),
        };
        // Input that comes faster than it is written waits where it comes from.
        let (send, receive) = sync_channel(AHEAD);
        let reading = std::thread::Builder::new().spawn(move || {
            for (at, line) in Lines::of(reader).enumerate() {
                // An unreadable line ends the input; the lines before it count.
                let line = match line {
                    Ok(line) => read_line(&line),
                    Err(cause) => Some(Err(format!("The input ends here: {}.", reason(&cause)))),
                };
                if line.is_some_and(|line| send.send((at.saturating_add(1), line)).is_err()) {
                    break;
                }
            }
        });
        reading.context("The system could not start a thread to read with. Nothing was changed.")?;
        Ok(receive)
    }
}

/// A line that requests an edit, ready to be written.
struct Wanted {
    step: Step,
    /// The record it is about.
    about: Option<Id>,
    refer: Option<(String, (Kind, Id))>,
}

/// Runs complete input as `batch` would; returns the answers in order.
pub fn play(invocation: &Invocation, lines: &[String]) -> Vec<Value> {
    let mut runner = Runner::new(invocation, None);
    let read = |(nth, line): (usize, &String)| read_line(line.as_bytes()).map(|line| (nth, line));
    let mut numbered = (1..).zip(lines).filter_map(read);
    let mut answers = Vec::with_capacity(lines.len());
    loop {
        let group: Vec<(usize, Line)> = numbered.by_ref().take(GROUP).collect();
        if group.is_empty() {
            break;
        }
        answers.extend(runner.take(&group));
    }
    runner.finish();
    answers
}

type Refs = FxHashMap<String, (Kind, Id)>;

struct Runner<'a> {
    invocation: &'a Invocation,
    writer: Option<Writer>,
    acts: UndoStack,
    refs: Refs,
    clock: Option<When>,
    seed: u64,
    session: Option<Id>,
    n: u32,
    role: Role,
    by: String,
    checkpoint: Option<usize>,
    since: usize,
    checkpoints: usize,
}

fn fault(line: usize, error: &str, hint: &str) -> Value {
    serde_json::json!({"ok": false, "line": line, "error": error, "hint": hint})
}

fn refused(line: usize, refusal: &Refusal) -> Value {
    fault(line, &refusal.what, &refusal.bare_hint())
}

impl<'a> Runner<'a> {
    fn new(invocation: &'a Invocation, checkpoint: Option<usize>) -> Self {
        Runner {
            invocation,
            writer: None,
            acts: UndoStack::default(),
            refs: Refs::default(),
            clock: None,
            seed: fastrand::u64(..),
            session: None,
            n: 0,
            role: invocation.role(),
            by: invocation.by(),
            checkpoint,
            since: 0,
            checkpoints: 0,
        }
    }

    fn now(&self) -> When {
        self.clock.unwrap_or_else(now)
    }

    fn ids(&self, last: Option<Id>) -> IdSource {
        IdSource::new(self.seed, last.map_or(0, Id::bits))
    }

    fn context(&self, last: Option<Id>) -> Context {
        Context { role: self.role, by: self.by.clone(), now: self.now(), ids: self.ids(last) }
    }

    /// Handles the lines of a group in order, and answers each.
    fn take(&mut self, group: &[(usize, Line)]) -> Vec<Value> {
        let mut answers = Vec::new();
        let mut rest = group;
        while let Some(((number, line), tail)) = rest.split_first() {
            let line = match line {
                Ok(line) => line,
                Err(why) => {
                    answers.push(fault(*number, why, "Each line is one JSON object."));
                    rest = tail;
                    continue;
                }
            };
            match line.get("do").and_then(Value::as_str) {
                Some("as") => answers.push(self.take_seat(*number, line)),
                Some("at") => answers.push(self.set_clock(*number, line)),
                Some(what @ ("undo" | "redo")) => answers.push(self.turn_back(*number, what == "undo")),
                _ => {
                    let edits = run_of_edits(rest);
                    answers.extend(self.edit(&edits));
                    rest = rest.get(edits.len()..).unwrap_or_default();
                    self.count(edits.len());
                    continue;
                }
            }
            self.count(1);
            rest = tail;
        }
        answers
    }

    fn count(&mut self, lines: usize) {
        let (Some(every), Some(writer)) = (self.checkpoint, &mut self.writer) else { return };
        self.since = self.since.saturating_add(lines);
        if self.since >= every.max(1) {
            self.since = 0;
            self.checkpoints = self.checkpoints.saturating_add(1);
            // Acknowledged edits are in the journal; a failed checkpoint loses nothing.
            if let Err(error) = writer.checkpoint(self.checkpoints.is_multiple_of(2)) {
                out::message(&error.to_string());
            }
        }
    }

    fn take_seat(&mut self, number: usize, line: &Map) -> Value {
        let by = line.get("by").and_then(Value::as_str);
        if let Some(Err(refusal)) = by.map(may_be_called) {
            return refused(number, &refusal);
        }
        if let Some(role) = line.get("role").and_then(Value::as_str) {
            let Some(role) = Role::parse(role) else {
                return fault(number, &format!("{role:?} is not a role."), "Roles are pm, po and both.");
            };
            self.role = role;
        }
        if let Some(by) = by {
            self.by = by.to_string();
            self.acts = self
                .writer
                .as_ref()
                .map_or_else(UndoStack::default, |writer| UndoStack::of(by, writer.entries(), writer.folder()));
        }
        serde_json::json!({"ok": true, "line": number})
    }

    fn set_clock(&mut self, number: usize, line: &Map) -> Value {
        if let Some(time) = line.get("time").and_then(Value::as_str) {
            match When::parse(time) {
                Ok(time) => self.clock = Some(time),
                Err(why) => return fault(number, &why, "Nothing was changed."),
            }
        }
        if let Some(seed) = line.get("seed").and_then(Value::as_u64) {
            self.seed = seed;
        }
        serde_json::json!({"ok": true, "line": number})
    }

    /// The product to write to, created by the first line that makes a step.
    fn open(&mut self, first: &Map) -> Result<(), Refusal> {
        if self.writer.is_some() {
            return Ok(());
        }
        let broken = |error: StoreError| Refusal::new(error.to_string(), "");
        let folder = match self.invocation.product() {
            Ok(listed) => listed.folder,
            Err(StoreError::Unknown { .. } | StoreError::Empty { .. }) => {
                if matches!(first.get("do").and_then(Value::as_str), Some("undo" | "redo")) {
                    return Err(Refusal::new("There is no product yet, so there is nothing to undo.", ""));
                }
                // Tried on the product as it will be, so that a failing line creates no product.
                let (mut product, mut context) = (Product::default(), self.context(None));
                product.apply(&founding(self.product_name(), &self.founder())).map_err(|why| Refusal::new(why, ""))?;
                want(first, &product, &self.refs, &mut context)?;
                self.found().map_err(broken)?
            }
            Err(error) => return Err(broken(error)),
        };
        let writer = Writer::open(folder).map_err(broken)?;
        self.acts = UndoStack::of(&self.by, writer.entries(), writer.folder());
        self.writer = Some(writer);
        self.hear();
        Ok(())
    }

    fn product_name(&self) -> &'a str {
        self.invocation.wide.product.as_deref().unwrap_or("Product")
    }

    fn founder(&self) -> Founder {
        Founder::new(self.by.clone(), self.role, self.now(), &mut self.ids(None))
    }

    fn found(&mut self) -> std::result::Result<Folder, StoreError> {
        let founder = self.founder();
        self.session = Some(founder.session);
        find_or_create(&self.invocation.places.data, self.product_name(), &founder).map(|(folder, _)| folder)
    }

    fn hear(&mut self) {
        let Some(writer) = &mut self.writer else { return };
        if writer.take_replacement().is_some() {
            self.acts = UndoStack::of(&self.by, writer.entries(), writer.folder());
        }
        for notice in writer.take_notices() {
            out::message(&notice.text);
        }
    }

    fn act(&mut self, step: Step, way: Origin, ids: &mut IdSource, product: &Product) -> WriteRequest {
        let session = *self.session.get_or_insert_with(|| ids.fresh(|id| product.knows(id)));
        self.n = self.n.saturating_add(1);
        let author = Author { session, n: self.n, time: self.now(), by: self.by.clone(), role: self.role };
        let fence = way == Origin::Edit && fence(&step).is_some();
        WriteRequest { way, fence, ..WriteRequest::new(ids.fresh(|id| product.knows(id)), author, step) }
    }

    /// Consecutive edits: one write, one sync.
    fn edit(&mut self, lines: &[(usize, Map)]) -> Vec<Value> {
        let Some((number, first)) = lines.first() else { return Vec::new() };
        if let Err(refusal) = self.open(first) {
            let mut answers = vec![refused(*number, &refusal)];
            answers.extend(self.edit(lines.get(1..).unwrap_or_default()));
            return answers;
        }
        let Some(mut writer) = self.writer.take() else { return Vec::new() };
        let mut answers: Vec<Option<Value>> = vec![None; lines.len()];
        let mut acts: Vec<(usize, Option<Id>, Option<String>)> = Vec::new();
        let mut rest = lines.iter().enumerate();
        let written = writer.commit_each(&mut |staged: Staged<'_>| {
            for (at, (number, line)) in rest.by_ref() {
                let mut context = self.context(staged.last);
                match want(line, staged.product, &self.refs, &mut context) {
                    Err(refusal) => {
                        if let Some(place) = answers.get_mut(at) {
                            *place = Some(refused(*number, &refusal));
                        }
                    }
                    Ok(wanted) => {
                        let refer = wanted.refer.map(|(name, record)| {
                            self.refs.insert(name.clone(), record);
                            name
                        });
                        acts.push((at, wanted.about, refer));
                        return Some(self.act(wanted.step, Origin::Edit, &mut context.ids, staged.product));
                    }
                }
            }
            None
        });
        match written {
            Ok(done) => {
                for ((at, about, refer), answer) in acts.iter().zip(done) {
                    if let (Some(name), WriteOutcome::Refused(_) | WriteOutcome::NotSaved(_)) = (refer, &answer) {
                        self.refs.remove(name);
                    }
                    let number = lines.get(*at).map_or(0, |(number, _)| *number);
                    let said = self.said(number, *about, &answer, writer.product());
                    if let Some(place) = answers.get_mut(*at) {
                        *place = Some(said);
                    }
                }
            }
            Err(why) => {
                for name in acts.iter().filter_map(|(_, _, refer)| refer.as_ref()) {
                    self.refs.remove(name);
                }
                for (place, (number, _)) in answers.iter_mut().zip(lines) {
                    let error = format!("Not saved: {why}.");
                    place.get_or_insert_with(|| {
                        fault(*number, &error, "What was saved before is safe; send the line again.")
                    });
                }
            }
        }
        self.writer = Some(writer);
        self.hear();
        answers.into_iter().flatten().collect()
    }

    fn said(&mut self, line: usize, about: Option<Id>, answer: &WriteOutcome, product: &Product) -> Value {
        let mut out = Map::new();
        out.insert("ok".into(), true.into());
        out.insert("line".into(), line.into());
        match answer {
            WriteOutcome::Refused(refusal) => return refused(line, refusal),
            WriteOutcome::NotSaved(why) => {
                return fault(
                    line,
                    &format!("Not saved: {why}."),
                    "What was saved before is safe; send the line again.",
                );
            }
            WriteOutcome::Unchanged => {}
            WriteOutcome::Saved { entry, left, conflicts } => {
                self.acts.note(entry);
                out.insert("step".into(), entry.id.to_string().into());
                if *conflicts > 0 {
                    out.insert("conflict".into(), true.into());
                }
                if !left.is_empty() {
                    out.insert("left".into(), left.clone().into());
                }
            }
        }
        if let Some(record) = about.and_then(|id| product.find(id)) {
            out.insert("id".into(), record.id().to_string().into());
            out.insert("number".into(), record.name().into());
        }
        Value::Object(out)
    }

    fn turn_back(&mut self, number: usize, undo: bool) -> Value {
        let line = Map::from_iter([("do".to_string(), Value::from(if undo { "undo" } else { "redo" }))]);
        if let Err(error) = self.open(&line) {
            return refused(number, &error);
        }
        let found = if undo { self.acts.last() } else { self.acts.last_undone() };
        let done: UndoEntry = match found {
            Ok(done) => done,
            Err(refusal) => return refused(number, &refusal),
        };
        let Some(mut writer) = self.writer.take() else { return Value::Null };
        let mut ids = self.ids(writer.last_step());
        let mut act = self.act(done.step.invert(), Origin::Undo, &mut ids, writer.product());
        act.role = done.role;
        if undo {
            act.undoes = Some(done.act);
        } else {
            act.redoes = Some(done.act);
        }
        let answer = writer.commit(&[act]).pop().unwrap_or(WriteOutcome::Unchanged);
        if matches!(answer, WriteOutcome::Unchanged) {
            self.acts.correct(done.act, None);
        }
        let said = self.said(number, None, &answer, writer.product());
        self.writer = Some(writer);
        self.hear();
        said
    }

    /// Ends as the screen does, with a fresh product.json, so that the file people read is up to date.
    fn finish(&mut self) {
        let Some(writer) = &mut self.writer else { return };
        let (journal, _) = writer.sizes();
        if let Err(error) = writer.checkpoint(journal > 1 << 20) {
            out::message(&format!("{error} The journal has every acknowledged edit."));
        }
        if let Some(notice) = Notice::damaged_segments(&segments::damage(writer.folder())) {
            out::message(&notice.text);
        }
    }
}

/// A line of the input: what it requests, or why it is invalid.
type Line = Result<Map, String>;

/// Returns `None` if the line is empty.
fn read_line(line: &[u8]) -> Option<Line> {
    let Ok(text) = std::str::from_utf8(line) else {
        return Some(Err("The line holds bytes that are not UTF-8.".to_string()));
    };
    if text.trim().is_empty() {
        return None;
    }
    if nested_deeper(text, MOST_NESTED).is_some() {
        return Some(Err(format!("The line is nested more than {MOST_NESTED} levels deep. Nothing was changed.")));
    }
    Some(match serde_json::from_str(text).map(|Strict(value)| value) {
        Ok(Value::Object(line)) => Ok(line),
        Ok(_) => Err("The line is not a JSON object.".to_string()),
        Err(error) => Err(format!("The line is not JSON: {error}.")),
    })
}

/// The step that one line requests on this product. Undo, redo, `as` and `at` request none.
pub fn wanted(line: &[u8], product: &Product, context: &mut Context) -> Result<Step, Refusal> {
    let line = read_line(line).unwrap_or_else(|| Err("The line is empty.".to_string()));
    let line = line.map_err(|why| Refusal::new(why, ""))?;
    want(&line, product, &Refs::default(), context).map(|wanted| wanted.step)
}

/// The edits at the head of a group, up to the first other line.
fn run_of_edits(group: &[(usize, Line)]) -> Vec<(usize, Map)> {
    let mut out = Vec::new();
    for (number, line) in group {
        match line {
            Ok(line) if !matches!(line.get("do").and_then(Value::as_str), Some("as" | "at" | "undo" | "redo")) => {
                out.push((*number, line.clone()));
            }
            _ => break,
        }
    }
    out
}

/// Looks a name up: a ref of this input first, then a number, then an id.
fn lookup(name: &str, product: &Product, refs: &Refs) -> Option<(Kind, Id)> {
    refs.get(name).copied().or_else(|| product.named(name))
}

fn want(line: &Map, product: &Product, refs: &Refs, context: &mut Context) -> Result<Wanted, Refusal> {
    let text = |key: &str| line.get(key).and_then(Value::as_str);
    let find = |name: &str| lookup(name, product, refs).ok_or_else(|| no_record(name));
    let on = || text("on").ok_or_else(|| Refusal::new("\"on\" is missing.", "It names the record.")).and_then(find);
    match text("do") {
        Some("add") => add(line, product, refs, context),
        Some("set") => {
            let (kind, id) = on()?;
            let mut step = Step::default();
            for (field, value) in cells(kind, line, product, refs)? {
                let one = edit::set(product, &[id], field, &value)?;
                step.label =
                    if step.is_empty() { one.label.clone() } else { format!("Changed {}", product.name_of(id)) };
                step.join(one);
            }
            Ok(Wanted { step, about: Some(id), refer: None })
        }
        Some("move") => {
            let (kind, id) = on()?;
            let place = match (text("before"), text("after"), text("to")) {
                (Some(name), None, None) => Place::Before(find(name)?.1),
                (None, Some(name), None) => Place::After(find(name)?.1),
                (None, None, Some("top")) => Place::Top,
                (None, None, Some("bottom")) => Place::Bottom,
                _ => return Err(Refusal::new("The place is missing.", "Give before, after, or to: top or bottom.")),
            };
            Ok(Wanted { step: edit::reorder(product, kind, &[id], place)?, about: Some(id), refer: None })
        }
        Some("delete") => {
            let (_, id) = on()?;
            Ok(Wanted { step: edit::delete(product, &[id])?, about: Some(id), refer: None })
        }
        Some("run") => run(line, product, refs, context),
        Some(other) => Err(Refusal::new(
            format!("batch does not know {other:?}."),
            "It does add, set, move, delete, run, undo, redo, as and at.",
        )),
        None => Err(Refusal::new("\"do\" is missing.", "It does add, set, move, delete, run, undo, redo, as and at.")),
    }
}

fn run(line: &Map, product: &Product, refs: &Refs, context: &mut Context) -> Result<Wanted, Refusal> {
    let name = line.get("command").and_then(Value::as_str).unwrap_or_default();
    let Some(deed) = actions::named(name) else {
        let known: Vec<&str> = actions::ACTIONS.iter().map(|deed| deed.name).collect();
        return Err(Refusal::new(format!("There is no command {name:?}."), format!("Known: {}.", known.join(", "))));
    };
    let empty = Map::new();
    let with = match line.get("with") {
        Some(Value::Object(with)) => with,
        _ => &empty,
    };
    let find = |name: &str| lookup(name, product, refs);
    let args = Args { with, lookup: &find };
    let refer = line.get("ref").and_then(Value::as_str).map(str::to_string);
    free_ref(refer.as_deref(), refs)?;
    let step = (deed.run)(product, &args, context)?;
    let about = args.record("on").ok().map(|(_, id)| id).or_else(|| subject(&step, &args));
    let made = about.and_then(|id| step.created().find(|(_, new)| *new == id));
    Ok(Wanted { step, about, refer: refer.zip(made) })
}

/// The record that a deed was about, where no `on` names it: the sprint whose state moved, what was made, or the sprint
/// that was named or filled.
fn subject(step: &Step, args: &Args) -> Option<Id> {
    let key = |key: &'static str| step.changes.iter().find(move |change| change.field.key == key);
    let sprint = |change: &crate::model::change::Change| {
        let of = |value: &Value| value.as_str().and_then(Id::parse);
        of(&change.to).or_else(|| of(&change.from))
    };
    let moved = key("state").filter(|change| change.kind() == Kind::Sprint).map(|change| change.id);
    let made = step.created().next().map(|(_, id)| id);
    let named = || args.record("sprint").ok().map(|(_, id)| id);
    moved.or(made).or_else(named).or_else(|| key("sprint").and_then(sprint))
}

fn free_ref(name: Option<&str>, refs: &Refs) -> Result<(), Refusal> {
    match name.filter(|name| refs.contains_key(*name)) {
        Some(name) => {
            Err(Refusal::new(format!("The ref {name:?} was given before."), "Each ref names one record of this input."))
        }
        None => Ok(()),
    }
}

fn add(line: &Map, product: &Product, refs: &Refs, context: &mut Context) -> Result<Wanted, Refusal> {
    let kinds = || Kind::ALL.iter().map(|kind| kind.key()).collect::<Vec<_>>().join(", ");
    let name = line.get("kind").and_then(Value::as_str).unwrap_or_default();
    let kind = Kind::parse(name)
        .filter(|kind| !matches!(kind, Kind::VisionBoard | Kind::RoadmapVersion | Kind::Conflict))
        .ok_or_else(|| {
            Refusal::new(format!("{name:?} is not a kind of record to add."), format!("Kinds: {}.", kinds()))
        })?;
    let refer = line.get("ref").and_then(Value::as_str).map(str::to_string);
    free_ref(refer.as_deref(), refs)?;
    let cells = cells(kind, line, product, refs)?;
    let later = |field: &crate::model::field::Field| {
        !field.actions.is_empty() && !actions::setter(field).is_some_and(|one| one.at_creation)
    };
    if let Some((field, _)) = cells.iter().find(|(field, _)| later(field)) {
        return Err(Refusal::new(format!("{} is set by a command.", field.label), "Run the command after adding."));
    }
    let (step, id) = edit::add(product, kind, &cells, Place::Bottom, context)?;
    Ok(Wanted { step, about: Some(id), refer: refer.map(|name| (name, (kind, id))) })
}

type Cells = Vec<(&'static crate::model::field::Field, Value)>;

/// The cells that "set" names, with names of records turned into ids.
fn cells(kind: Kind, line: &Map, product: &Product, refs: &Refs) -> Result<Cells, Refusal> {
    let Some(Value::Object(set)) = line.get("set") else {
        return Err(Refusal::new("\"set\" is missing.", "It holds the fields to write."));
    };
    let mut out = Cells::new();
    for (key, value) in set {
        let Some(field) = kind.field(key).filter(|field| !field.is_head()) else {
            let known: Vec<&str> = kind.typed_fields().map(|field| field.key).collect();
            return Err(Refusal::new(
                format!("A {} has no field {key:?}.", kind.noun()),
                format!("Fields: {}.", known.join(", ")),
            ));
        };
        let linked = |value: &Value| -> Result<Value, Refusal> {
            let Some(name) = value.as_str() else { return Ok(value.clone()) };
            let (_, id) = lookup(name, product, refs).ok_or_else(|| no_record(name))?;
            Ok(id.to_string().into())
        };
        let value = match (field.shape, value) {
            (Shape::Link, value) if value.as_str() != Some("") => linked(value)?,
            (Shape::Links, Value::Array(all)) => Value::Array(all.iter().map(linked).collect::<Result<_, _>>()?),
            (Shape::Links, one @ Value::String(_)) => Value::Array(vec![linked(one)?]),
            (_, value) => value.clone(),
        };
        out.push((field, value));
    }
    Ok(out)
}

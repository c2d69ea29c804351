//! Edits as JSON Lines, one acknowledgement per durable edit. Uses the same writer and the same actions as the screen.

use crate::actions::Context;
use crate::cli::batch_line::{BatchLine, Refs, read_line, run_of_edits, within};
use crate::cli::invocation::{Invocation, now};
use crate::cli::lines::Lines;
use crate::cli::out;
use crate::model::author::may_be_called;
use crate::model::change::{Origin, Step};
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::rules::Refusal;
use crate::model::undo_barrier::fence;
use crate::model::value::{Map, Value, When};
use crate::store::create::{Founder, find_or_create, founding};
use crate::store::error::{StoreError, reason};
use crate::store::folder::Folder;
use crate::store::notice::Notice;
use crate::store::segments;
use crate::store::undo::{UndoEntry, UndoStack};
use crate::store::write_request::{Author, Staged, WriteOutcome, WriteRequest};
use crate::store::writer::Writer;
use anyhow::{Context as _, Result};
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
    fn lines(&self) -> Result<Receiver<(usize, BatchLine)>> {
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

/// A line of a group that made a step.
struct Act {
    /// Its place in the group.
    at: usize,
    about: Option<Id>,
    refer: Option<String>,
    proposals: Vec<Id>,
}

/// Runs complete input as `batch` would; returns the answers in order.
pub fn play(invocation: &Invocation, lines: &[String]) -> Vec<Value> {
    let mut runner = Runner::new(invocation, None);
    let read = |(nth, line): (usize, &String)| read_line(line.as_bytes()).map(|line| (nth, line));
    let mut numbered = (1..).zip(lines).filter_map(read);
    let mut answers = Vec::with_capacity(lines.len());
    loop {
        let group: Vec<(usize, BatchLine)> = numbered.by_ref().take(GROUP).collect();
        if group.is_empty() {
            break;
        }
        answers.extend(runner.take(&group));
    }
    runner.finish();
    answers
}

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
    crate::json!({"ok": false, "line": line, "error": error, "hint": hint})
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
    fn take(&mut self, group: &[(usize, BatchLine)]) -> Vec<Value> {
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
        crate::json!({"ok": true, "line": number})
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
        crate::json!({"ok": true, "line": number})
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
                within(first, &product, &self.refs, &mut context)?;
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
        let mut acts: Vec<Act> = Vec::new();
        let mut rest = lines.iter().enumerate();
        let written = writer.commit_each(&mut |staged: Staged<'_>| {
            for (at, (number, line)) in rest.by_ref() {
                let mut context = self.context(staged.last);
                match within(line, staged.product, &self.refs, &mut context) {
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
                        acts.push(Act { at, about: wanted.about, refer, proposals: wanted.proposals });
                        return Some(self.act(wanted.step, Origin::Edit, &mut context.ids, staged.product));
                    }
                }
            }
            None
        });
        match written {
            Ok(done) => {
                for (act, answer) in acts.iter().zip(done) {
                    if let (Some(name), WriteOutcome::Refused(_) | WriteOutcome::NotSaved(_)) = (&act.refer, &answer) {
                        self.refs.remove(name);
                    }
                    let number = lines.get(act.at).map_or(0, |(number, _)| *number);
                    let said = self.said(number, act.about, &act.proposals, &answer, writer.product());
                    if let Some(place) = answers.get_mut(act.at) {
                        *place = Some(said);
                    }
                }
            }
            Err(why) => {
                for name in acts.iter().filter_map(|act| act.refer.as_ref()) {
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

    fn said(
        &mut self,
        line: usize,
        about: Option<Id>,
        proposals: &[Id],
        answer: &WriteOutcome,
        product: &Product,
    ) -> Value {
        let mut out = Map::new();
        out.insert("ok", true.into());
        out.insert("line", line.into());
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
                out.insert("step", entry.id.to_string().into());
                if *conflicts > 0 {
                    out.insert("conflict", true.into());
                }
                if !left.is_empty() {
                    out.insert("left", left.clone().into());
                }
            }
        }
        if let Some(record) = about.and_then(|id| product.find(id)) {
            out.insert("id", record.id().to_string().into());
            out.insert("number", record.name().into());
        }
        let names: Vec<String> = proposals.iter().map(|id| product.name_of(*id)).collect();
        match names.as_slice() {
            [] => {}
            [one] => drop(out.insert("proposal", one.as_str().into())),
            many => drop(out.insert("proposal", many.into())),
        }
        Value::from(out)
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
        let said = self.said(number, None, &[], &answer, writer.product());
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

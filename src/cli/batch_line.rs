//! What one line of a batch requests: the step, the record it is about, the name it gives.

use crate::actions::edit::{self, Place};
use crate::actions::{self, Args, Context, no_record, proposal, split};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::Kind;
use crate::model::strict::{MOST_NESTED, Strict, nested_deeper};
use crate::model::value::{Map, Shape, Value};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The records that earlier lines have named.
pub(super) type Refs = FxHashMap<String, (Kind, Id)>;

/// A line that requests an edit, ready to be written.
pub(super) struct Wanted {
    pub step: Step,
    /// The record it is about.
    pub about: Option<Id>,
    pub refer: Option<(String, (Kind, Id))>,
    /// The proposals made of what the role may not write.
    pub proposals: Vec<Id>,
}

impl Wanted {
    fn about(step: Step, id: Id) -> Wanted {
        Wanted { step, about: Some(id), refer: None, proposals: Vec::new() }
    }
}

/// A line of the input: what it requests, or why it is invalid.
pub(super) type BatchLine = Result<Map, String>;

/// Returns `None` if the line is empty.
pub(super) fn read_line(line: &[u8]) -> Option<BatchLine> {
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
        Ok(Value::Object(line)) => Ok(Arc::unwrap_or_clone(line)),
        Ok(_) => Err("The line is not a JSON object.".to_string()),
        Err(error) => Err(format!("The line is not JSON: {error}.")),
    })
}

/// The step that one line requests on this product. Undo, redo, `as` and `at` request none.
pub fn wanted(line: &[u8], product: &Product, context: &mut Context) -> Result<Step, Refusal> {
    let line = read_line(line).unwrap_or_else(|| Err("The line is empty.".to_string()));
    let line = line.map_err(|why| Refusal::new(why, ""))?;
    within(&line, product, &Refs::default(), context).map(|wanted| wanted.step)
}

/// The edits at the head of a group, up to the first other line.
pub(super) fn run_of_edits(group: &[(usize, BatchLine)]) -> Vec<(usize, Map)> {
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

/// What a line requests, within what the role may write: the rest is proposed, with the line's `because`.
pub(super) fn within(line: &Map, product: &Product, refs: &Refs, context: &mut Context) -> Result<Wanted, Refusal> {
    let mut wanted = want(line, product, refs, context)?;
    let because = line.get("because").and_then(Value::as_str).unwrap_or_default();
    if line.get("wording") == Some(&Value::Bool(true)) {
        edit::only_wording(product, &mut wanted.step);
    }
    let is_new: Vec<Id> = wanted.step.created().map(|(_, id)| id).collect();
    let is_whole = line.get("command").and_then(Value::as_str) == Some(split::SPLIT.name);
    let way = if is_whole { proposal::ProposeAs::Whole } else { proposal::ProposeAs::Separate };
    (wanted.step, wanted.proposals) = proposal::across(product, wanted.step, because, way, context)?;
    // A record that is only proposed is not there yet: its ref names the proposal.
    let stays = |id: Id| !is_new.contains(&id) || wanted.step.created().any(|(_, made)| made == id);
    if let (Some((_, (_, id))), Some(first)) = (&wanted.refer, wanted.proposals.first())
        && !stays(*id)
    {
        wanted.refer = wanted.refer.map(|(name, _)| (name, (Kind::Proposal, *first)));
    }
    Ok(wanted)
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
            Ok(Wanted::about(step, id))
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
            Ok(Wanted::about(edit::reorder(product, kind, &[id], place)?, id))
        }
        Some("delete") => {
            let (_, id) = on()?;
            Ok(Wanted::about(edit::delete(product, &[id])?, id))
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
    Ok(Wanted { step, about, refer: refer.zip(made), proposals: Vec::new() })
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
        .filter(|kind| !matches!(kind, Kind::VisionBoard | Kind::RoadmapVersion | Kind::Conflict | Kind::Proposal))
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
    Ok(Wanted { refer: refer.map(|name| (name, (kind, id))), ..Wanted::about(step, id) })
}

type Cells = Vec<(&'static crate::model::field::Field, Value)>;

/// The cells that "set" names, with names of records turned into ids.
fn cells(kind: Kind, line: &Map, product: &Product, refs: &Refs) -> Result<Cells, Refusal> {
    let Some(Value::Object(set)) = line.get("set") else {
        return Err(Refusal::new("\"set\" is missing.", "It holds the fields to write."));
    };
    let mut out = Cells::new();
    for (key, value) in set.iter() {
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
            (Shape::Links, Value::Array(all)) => all.iter().map(linked).collect::<Result<_, _>>()?,
            (Shape::Links, one @ Value::String(_)) => Value::from(vec![linked(one)?]),
            (_, value) => value.clone(),
        };
        out.push((field, value));
    }
    Ok(out)
}

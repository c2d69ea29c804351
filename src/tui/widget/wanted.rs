//! Open proposals in a pane: each value that is wanted stands below the field that it is about, the rest at the end.

use crate::insight::outlook::short;
use crate::insight::proposals::{ProposedChange, cells, measures, new_readings, new_record, open_on, owner, wanted};
use crate::insight::text;
use crate::model::change::{Change, Step};
use crate::model::field::{Entity as _, Field};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{Kind, Proposal, ProposalState};
use crate::model::value::{Reading, Shape, Value};
use crate::tui::state::marks::is_proposed;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::{clean, cut, wrap};

/// The rows of a pane with the open proposals on its fields, and at the end those on the selected record, or on a sprint,
/// that are about no field of the pane.
pub fn with_proposals(ui: &Ui, product: &Product, rows: Vec<PaneRow>, half: Owner) -> Vec<PaneRow> {
    let chosen = ui.chosen_row().map(|row| row.id);
    let mut about: Vec<Id> = chosen.into_iter().collect();
    for (id, _) in rows.iter().filter_map(PaneRow::field) {
        if !about.contains(&id) {
            about.push(id);
        }
    }
    about.retain(|id| is_proposed(&ui.slots, *id));
    if about.is_empty() {
        return rows;
    }
    let open: Vec<(&Proposal, Vec<Change>)> =
        about.iter().flat_map(|id| open_on(product, *id)).map(|one| (one, wanted(one))).collect();
    let mut out = Vec::with_capacity(rows.len().saturating_add(open.len()));
    let mut shown: Vec<Id> = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let field = row.field();
        out.push(row);
        let Some((record, field)) = field.filter(|_| field != rows.peek().and_then(PaneRow::field)) else { continue };
        for (one, changes) in &open {
            // Of a record that would be deleted, its links go with it.
            if deletes(changes, record) {
                continue;
            }
            if let Some(change) = changes.iter().find(|change| change.id == record && change.field == field) {
                out.push(wanted_row(ui, product, one, change));
                shown.push(one.id);
            }
        }
    }
    let here = |one: &Proposal| (owner(one) == Owner::How) == (half == Owner::How);
    let is_last = |id: &Id| Some(*id) == chosen || product.find(*id).is_some_and(|one| one.kind() == Kind::Sprint);
    let mut rest: Vec<&Proposal> = Vec::new();
    for one in about.iter().filter(|id| is_last(id)).flat_map(|id| open_on(product, *id)) {
        if here(one) && !shown.contains(&one.id) && !rest.iter().any(|known| known.id == one.id) {
            rest.push(one);
        }
    }
    out.extend(rest.into_iter().map(|one| match chosen.is_some_and(|id| deletes(&wanted(one), id)) {
        true => PaneRow::Link { id: one.id, text: format!("^ would be deleted\t{}", &*one.by) },
        false => proposal_row(one),
    }));
    out
}

fn deletes(changes: &[Change], record: Id) -> bool {
    changes.iter().any(|change| change.id == record && change.is_deletion())
}

/// An open proposal as a row to go to.
fn proposal_row(one: &Proposal) -> PaneRow {
    PaneRow::Link { id: one.id, text: format!("^ {}\t{}", &*one.title, &*one.by) }
}

fn wanted_row(ui: &Ui, product: &Product, one: &Proposal, change: &Change) -> PaneRow {
    let by = clean(&one.by);
    let text = new_record(one, &change.to).or_else(|| readings_in_words(ui, change));
    let text = text.unwrap_or_else(|| wanted_text(product, change));
    PaneRow::Wanted { id: one.id, text: format!("{} → {text}  ({by})", change.field.label) }
}

/// `reading 55 on 28 Nov`, where a change adds readings and nothing else; the text of a measure says none.
pub fn readings_in_words(ui: &Ui, change: &Change) -> Option<String> {
    let say = |(nth, one): (usize, Reading)| {
        let before = measures(change.field, &change.from).into_iter().nth(nth);
        let before = before.and_then(|was| was.readings.into_iter().find(|known| known.day == one.day));
        let instead = before.map(|was| format!(" instead of {}", was.value)).unwrap_or_default();
        let note = if one.note.trim().is_empty() { String::new() } else { format!(", {}", clean(&one.note)) };
        format!("reading {} on {}{instead}{note}", one.value, short(one.day, ui.today))
    };
    let all: Vec<String> = new_readings(change).into_iter().map(say).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// The value that is wanted; of a list, what would come and go.
fn wanted_text(product: &Product, change: &Change) -> String {
    let say = |value| match text::choice(change.field, value) {
        Some(label) => label.to_string(),
        None => text::text(product, change.field, value),
    };
    let (was, want) = (say(&change.from), say(&change.to));
    let is_list = matches!(change.field.shape, Shape::Criteria | Shape::Tasks | Shape::Measures);
    if want.trim().is_empty() {
        return "nothing".to_string();
    }
    if !is_list {
        return want;
    }
    let only = |of: &str, in_other: &str, sign: &str| -> Vec<String> {
        let lines = of.lines().filter(|line| !in_other.lines().any(|other| other == *line));
        lines.map(|line| format!("{sign} {line}")).collect()
    };
    let moved = [only(&want, &was, "+"), only(&was, &want, "-")].concat();
    if moved.is_empty() { "another order".to_string() } else { moved.join("\n") }
}

/// A value in one line.
pub fn in_a_line(product: &Product, field: &Field, value: &Value) -> String {
    let said = text::choice(field, value).map_or_else(|| text::text(product, field, value), str::to_string);
    if said.trim().is_empty() { "nothing".to_string() } else { clean(&said.replace('\n', " / ")).into_owned() }
}

/// The proposed value of a field, as it stands now.
fn proposed(product: &Product, proposal: Id, (record, field): (Id, &'static Field)) -> Option<ProposedChange> {
    let all = cells(product, product.get::<Proposal>(proposal)?);
    all.into_iter().find(|cell| cell.change.id == record && cell.change.field == field)
}

/// What the field is now, to stand beside what is wanted; above it what it was, if that is another value.
pub fn beside(
    product: &Product,
    proposal: Id,
    about: (Id, &'static Field),
    columns: usize,
    most: usize,
) -> Vec<String> {
    let say = |value: &Value| in_a_line(product, about.1, value);
    let was = proposed(product, proposal, about).filter(ProposedChange::is_stale);
    let was = was.map(|cell| format!("Was: {}", say(&cell.change.from)));
    let now = format!("Now: {}", say(&product.value(about.0, about.1)));
    let each = if was.is_some() && most > 1 { most / 2 } else { most };
    // Where only one line is left, what it is now counts more.
    let was = was.filter(|_| most > 1);
    was.into_iter().chain([now]).flat_map(|line| wrap(&line, columns, each)).collect()
}

/// Says what became of a proposal that does not wait any more; `None` while it does.
pub fn no_longer_open(product: &Product, id: Id) -> Option<String> {
    let Some(one) = product.get::<Proposal>(id).filter(|one| one.is_alive()) else {
        return Some("Its author took this proposal back; nothing was changed.".to_string());
    };
    let by = if one.state == ProposalState::Withdrawn { one.by.trim() } else { one.answered_by.trim() };
    let by = if by.is_empty() { "Somebody".into() } else { clean(by) };
    match one.state {
        ProposalState::Open => None,
        ProposalState::Withdrawn => Some(format!("{by} took this proposal back; nothing was changed.")),
        ProposalState::Accepted => {
            Some(format!("{by} accepted {} meanwhile; nothing was changed.", product.name_of(id)))
        }
        ProposalState::Declined => {
            Some(format!("{by} declined {} meanwhile; nothing was changed.", product.name_of(id)))
        }
    }
}

/// What was written in place of a value that had changed since it was proposed, and what it was.
pub fn written(product: &Product, proposal: Id, step: &Step, record: Id, field: &'static Field) -> Option<String> {
    proposed(product, proposal, (record, field)).filter(ProposedChange::is_stale)?;
    let say = |value: &Value| cut(&in_a_line(product, field, value), 60).to_string();
    let (name, what) = (product.name_of(proposal), field.head_of(product.name_of(record)));
    let now = say(&product.value(record, field));
    Some(match step.changes.iter().find(|change| change.id == record && change.field == field) {
        Some(change) => {
            let to = say(&change.to);
            format!(
                "Accepted {name}. {what}: \u{201c}{to}\u{201d}, before \u{201c}{now}\u{201d}. {{undo}} takes it back."
            )
        }
        None => format!("Accepted {name}. {what}: still \u{201c}{now}\u{201d}. {{undo}} takes it back."),
    })
}

//! A proposal in the panes: in its owner's half what would change, in the other half the reason and what would follow.

use crate::actions::proposal::who;
use crate::actions::proposal_trial::tried;
use crate::insight::outlook::short;
use crate::insight::proposals::{
    AcceptanceEffect, ProposalStatus, ProposedChange, cells, creates, decides, differing_words, effect,
    is_deleted_already, is_gone, moves_up, new_record, owner, status,
};
use crate::insight::text;
use crate::insight::trace::{hanging, hanging_in_words, is_over};
use crate::model::field::{Field, Record};
use crate::model::grammar::{capital, count, ordinal, plural_noun};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::schema::{Feedback, Kind, Proposal, RoadmapItem};
use crate::model::snapshot_types::ProposedCell;
use crate::model::value::{Cell as _, Measure, Shape, Value};
use crate::tui::commands::propose;
use crate::tui::state::access::{owner_label, owner_name};
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::clean;
use crate::tui::widget::fields::sign;
use crate::tui::widget::wanted::readings_in_words;
use std::cell::Cell;

/// What accepting the proposal shown last would move; computed when it is first shown.
#[derive(Default)]
struct Shown(Cell<Option<(Id, Result<AcceptanceEffect, String>)>>);

/// Forgets what was computed on an earlier product.
pub fn forget(ui: &mut Ui) {
    ui.slots.put(Shown::default());
}

/// Whom the other half belongs to.
pub fn other(ui: &Ui, product: &Product) -> String {
    let owner = if ui.role == Role::Pm { Owner::How } else { Owner::Why };
    owner_label(product, owner)
}

/// A record in a narrow column.
pub fn short_name(product: &Product, id: Id) -> String {
    match product.find(id) {
        Some(record) if record.kind() == Kind::VisionBoard => "vision".to_string(),
        _ => product.name_of(id),
    }
}

/// The half in which a proposal is shown.
fn half_of(proposal: &Proposal) -> Owner {
    if owner(proposal) == Owner::How { Owner::How } else { Owner::Why }
}

/// What the border of a pane says.
pub fn title(product: &Product, proposal: &Proposal, half: Owner) -> String {
    let name = product.name_of(proposal.id);
    match half == half_of(proposal) {
        true => format!("{name} {}", clean(&proposal.title)),
        false => "the reason given".to_string(),
    }
}

/// Whose answer it waits for, in its half; in the other one, who made it.
pub fn owner_word(ui: &Ui, product: &Product, proposal: &Proposal, half: Owner) -> Option<String> {
    if half != half_of(proposal) {
        return Some(clean(&who(proposal)).into_owned());
    }
    match (status(product, proposal).is_open(), decides(ui.role, proposal)) {
        (false, _) => Some(status(product, proposal).to_string()),
        (true, true) => Some("yours to answer".to_string()),
        (true, false) => Some(format!("{} answers", owner_label(product, owner(proposal)))),
    }
}

/// The rows of a pane.
pub fn rows(ui: &Ui, product: &Product, proposal: &Proposal, half: Owner) -> Vec<PaneRow> {
    if half != half_of(proposal) {
        return reason(ui, product, proposal);
    }
    let mut out = places(product, proposal);
    let all = cells(product, proposal);
    let new: Vec<Id> = creates(proposal).into_iter().map(|(_, id)| id).collect();
    let waits = status(product, proposal).is_open() && decides(ui.role, proposal);
    let gone: Vec<Id> = all.iter().filter(|cell| cell.change.is_deletion()).map(|cell| cell.change.id).collect();
    out.extend(gone.iter().map(|id| PaneRow::Warning(deleted(product, *id, waits))));
    let stays = |cell: &&ProposedChange| !gone.contains(&cell.change.id);
    for cell in all.iter().filter(|cell| is_read(cell.change.field)).filter(stays) {
        if cell.change.is_creation() {
            // That it is new is said in the title.
        } else if new.contains(&cell.change.id) {
            out.push(PaneRow::Said { label: cell.change.field.label, text: shown(product, cell, &cell.change.to) });
        } else {
            out.extend(compared(ui, product, proposal, cell));
        }
    }
    let linked = proposal.about.iter().filter_map(|id| product.find(*id)).filter(|record| record.is_alive());
    out.extend(
        linked.map(|record| PaneRow::Link { id: record.id(), text: format!("{} {}", record.name(), record.title()) }),
    );
    out
}

/// What a deletion takes away.
fn deleted(product: &Product, id: Id, waits: bool) -> String {
    if waits && is_gone(product, id) {
        return format!("{} is deleted already. {{confirm}} closes the proposal.", product.name_of(id));
    }
    let (name, hanging) = (product.name_of(id), hanging(product, &[id]));
    let left = match hanging.is_empty() {
        true => String::new(),
        false => format!(", and {} would be left without a why", hanging_in_words(&hanging)),
    };
    format!("{name} would be deleted{left}. {{undo}} and the bin bring it back.")
}

/// Where what moves stands now, and beside what it would stand.
fn places(product: &Product, proposal: &Proposal) -> Vec<PaneRow> {
    let place = |cell: &ProposedCell| {
        let (kind, is_up) = (Kind::parse(&cell.kind)?, moves_up(cell)?);
        let (beside, record) = (product.find(cell.beside?)?, product.find(cell.on)?);
        let peers: Vec<Id> =
            product.living(kind).filter(|one| stands_beside(product, *one, record)).map(|one| one.id()).collect();
        let now = ordinal(peers.iter().position(|one| *one == record.id())?.saturating_add(1));
        let list = match product.get::<RoadmapItem>(record.id()) {
            Some(item) => format!("in {}", item.horizon.label()),
            None if kind == Kind::BacklogItem => "in the backlog".to_string(),
            None => plural_noun(kind),
        };
        let goes = if is_up { "above" } else { "below" };
        Some([
            PaneRow::Heading(format!("Place of {}", record.name())),
            PaneRow::Said { label: "now", text: format!("{now} of {} {list}", peers.len()) },
            PaneRow::Said { label: "wanted", text: format!("{goes} {} {}", beside.name(), clean(&beside.title())) },
        ])
    };
    proposal.changes.iter().filter_map(place).flatten().collect()
}

/// True if a record stands in the list in which the other one has its place: it is open, and in the same column.
fn stands_beside(product: &Product, one: &dyn Record, moving: &dyn Record) -> bool {
    let horizon = |record: &dyn Record| product.get::<RoadmapItem>(record.id()).map(|item| item.horizon);
    one.id() == moving.id() || (!is_over(product, one) && horizon(one) == horizon(moving))
}

/// Places in an order and what the program computes say nothing to a reader.
fn is_read(field: &Field) -> bool {
    !matches!(field.key, "rank") && field.owner != Owner::System
}

fn shown(product: &Product, cell: &ProposedChange, value: &Value) -> String {
    match (cell.change.field.key, value) {
        ("alive", Value::Bool(true)) => "there".to_string(),
        ("alive", Value::Bool(false)) => "deleted".to_string(),
        (_, value) => match text::choice(cell.change.field, value) {
            Some(label) => label.to_string(),
            None if value.is_null() => "nothing".to_string(),
            None => format!("{}{}", text::text(product, cell.change.field, value), last_reading(cell, value)),
        },
    }
}

/// The newest reading of a measure, where the proposal is about readings alone: its text says none.
fn last_reading(cell: &ProposedChange, value: &Value) -> String {
    let change = &cell.change;
    let same_text = change.field.text_of(&change.from) == change.field.text_of(&change.to);
    let measures = match change.field.shape {
        Shape::Measure => Measure::from_value(value).map(|one| vec![one]),
        Shape::Measures => Vec::from_value(value),
        _ => return String::new(),
    };
    let readings = measures.unwrap_or_default().into_iter().flat_map(|one| one.readings);
    let last = readings.max_by_key(|reading| reading.day).filter(|_| same_text);
    last.map(|one| format!(" · read {} on {} {}", one.value, one.day, &*one.note).trim_end().to_string())
        .unwrap_or_default()
}

/// The value now, the one wanted, the words that differ; and the value then, if it is another one by now.
fn compared(ui: &Ui, product: &Product, proposal: &Proposal, cell: &ProposedChange) -> Vec<PaneRow> {
    let change = &cell.change;
    let value = |value: &Value| shown(product, cell, value);
    let readings = readings_in_words(ui, change);
    let want = new_record(proposal, &change.to).or_else(|| readings.clone());
    let want = want.unwrap_or_else(|| value(&change.to));
    let mut now = value(&cell.present);
    let mut out = vec![PaneRow::Heading(change.field.head_of(product.name_of(change.id)))];
    if !status(product, proposal).is_open() {
        // What it is now, if that is neither: as accepted, or as it has become since.
        let was = value(&change.from);
        let other = std::mem::replace(&mut now, was.clone());
        out.push(PaneRow::Said { label: "was", text: was.clone() });
        out.push(PaneRow::Said { label: "wanted", text: want.clone() });
        out.extend((other != was && other != want).then_some(PaneRow::Said { label: "now", text: other }));
    } else {
        if cell.is_stale() {
            out.push(PaneRow::Said { label: "was", text: value(&change.from) });
        }
        out.push(PaneRow::Said { label: "now", text: now.clone() });
        out.push(PaneRow::Said { label: "wanted", text: want.clone() });
    }
    let (gone, came) = differing_words(&now, &want);
    // Of a short value, all differs.
    let is_long = readings.is_none() && now.split_whitespace().count() > 3 && want.split_whitespace().count() > 3;
    if is_long && !gone.is_empty() {
        out.push(PaneRow::Note(format!("Removed: {gone}")));
    }
    if is_long && !came.is_empty() {
        out.push(PaneRow::Note(format!("Added: {came}")));
    }
    out
}

/// Why it was proposed, where it stands, and what accepting it would move.
fn reason(ui: &Ui, product: &Product, proposal: &Proposal) -> Vec<PaneRow> {
    let mut out = Vec::new();
    let status = status(product, proposal);
    let day = proposal.at.map(|at| format!(", {}", short(at.day(), ui.today))).unwrap_or_default();
    out.push(PaneRow::Heading(format!("Proposed by {}{day}", clean(&who(proposal)))));
    match proposal.because.trim() {
        "" => out.push(PaneRow::Note("No reason was given.".to_string())),
        because => out.push(PaneRow::Text(because.to_string())),
    }
    if !status.is_open() {
        let by = clean(&proposal.answered_by);
        let by = if by.trim().is_empty() { String::new() } else { format!(" by {by}") };
        let day = proposal.answered.map(|at| format!(", {}", short(at.day(), ui.today))).unwrap_or_default();
        out.push(PaneRow::Heading(format!("{}{by}{day}", capital(&status.to_string()))));
        out.extend(Some(proposal.answer.trim()).filter(|words| !words.is_empty()).map(|one| PaneRow::Text(one.into())));
    }
    if ui.new_answers(product).contains(&proposal.id) {
        out.push(PaneRow::Note("{confirm} marks the answer as read.".to_string()));
    }
    out.extend(asked(product, proposal));
    if status == ProposalStatus::Stale {
        let gone = proposal.about.iter().find(|id| product.find(**id).is_some_and(|record| !record.is_alive()));
        out.push(PaneRow::Warning(match gone {
            Some(id) => format!("{} was deleted. Restore it first, or decline the proposal.", product.name_of(*id)),
            None => overtaken(ui, product, proposal),
        }));
    }
    if status.is_open() && decides(ui.role, proposal) {
        let mut can = status == ProposalStatus::Open;
        if can {
            let rows = follows(ui, product, proposal);
            can = !rows.iter().any(|row| matches!(row, PaneRow::Warning(_)));
            out.extend(rows);
        }
        let accepts = match (can, is_deleted_already(product, proposal)) {
            (false, _) => "",
            (true, false) => "{confirm} accepts it, ",
            (true, true) => "{confirm} closes it, ",
        };
        let edits = if propose::text_in(ui, product, proposal).is_some() { "{edit} edits it first, " } else { "" };
        out.push(PaneRow::Note(format!(
            "{accepts}{edits}{{proposal.decline}} declines it with a reason, {{comment}} asks."
        )));
    } else if status.is_open() && *proposal.by == *ui.by {
        out.push(PaneRow::Note(
            "{edit} changes what it asks for, {delete} withdraws it. The text stays until it is accepted.".to_string(),
        ));
    }
    out
}

/// What has changed since it was proposed; to whoever answers, what to do about it.
fn overtaken(ui: &Ui, product: &Product, proposal: &Proposal) -> String {
    let stale = cells(product, proposal).into_iter().find(ProposedChange::is_stale).map(|cell| cell.change);
    let what = stale.map_or_else(|| "It".to_string(), |one| capital(&one.field.of(product.name_of(one.id))));
    let how = match decides(ui.role, proposal) {
        true => " {edit} shows what it is now, and accepts what you make of it.",
        false => "",
    };
    format!("{what} changed since it was proposed.{how}")
}

/// What was asked about the proposal.
fn asked(product: &Product, proposal: &Proposal) -> Vec<PaneRow> {
    let about = |one: &&std::sync::Arc<Feedback>| one.links.contains(&proposal.id);
    let row = |one: &std::sync::Arc<Feedback>| {
        let words = one.quote.lines().next().unwrap_or_default();
        let row = PaneRow::Link { id: one.id, text: format!("{} {words}  {}", sign(one.kind), &*one.source) };
        let by = if one.answered_by.trim().is_empty() { "answer" } else { one.answered_by.trim() };
        let answer = one.answer.trim();
        let said = (!answer.is_empty()).then(|| PaneRow::Note(format!("  {}: {}", clean(by), clean(answer))));
        std::iter::once(row).chain(said)
    };
    product.all::<Feedback>().filter(about).flat_map(row).collect()
}

/// What would follow if it were accepted now.
fn follows(ui: &Ui, product: &Product, proposal: &Proposal) -> Vec<PaneRow> {
    let Some(Shown(known)) = ui.slots.get::<Shown>() else { return Vec::new() };
    let effect = match known.take() {
        Some((id, effect)) if id == proposal.id => effect,
        _ => tried(product, proposal.id, ui.role, &ui.by)
            .map(|(step, after)| effect(product, &after, &step, ui.today))
            .map_err(|why| format!("It cannot be accepted as it is: {why:#}")),
    };
    known.set(Some((proposal.id, effect.clone())));
    let mut out = vec![PaneRow::Heading("If you accept".to_string())];
    let effect = match effect {
        Ok(effect) => effect,
        Err(why) => return vec![PaneRow::Heading("If you accept".to_string()), PaneRow::Warning(why)],
    };
    for (item, was, will) in &effect.moves {
        let day = |day: &Option<_>| day.map_or_else(|| "none".to_string(), |day| short(day, ui.today));
        let text = format!("{} safe forecast {} → {}", product.name_of(*item), day(was), day(will));
        out.push(PaneRow::Text(text));
    }
    if !effect.asks.is_empty() {
        let many = count(effect.asks.len(), "record has", "records have");
        out.push(PaneRow::Text(format!("{many} to be confirmed again, because the why changes")));
    }
    if effect.moves.is_empty() && effect.asks.is_empty() {
        out.push(PaneRow::Text("No forecast moves, and nothing has to be confirmed again.".to_string()));
    }
    let more = effect.asks_if_edited.iter().filter(|id| !effect.asks.contains(id));
    let more: Vec<Id> = more.copied().collect();
    let can_edit = product.get::<Proposal>(proposal.id).is_some_and(|one| propose::text_in(ui, product, one).is_some());
    if let (Some(first), true) = (more.first().and_then(|id| product.find(*id)), can_edit) {
        let who = owner_name(product, first.kind().owner());
        let many = count(more.len(), "record", "records");
        out.push(PaneRow::Text(format!("With another text ({{edit}}), it asks {who} about {many}.")));
    }
    out
}

/// True if the proposal shown last cannot be accepted as it is.
pub fn is_refused(ui: &Ui, id: Id) -> bool {
    let Some(Shown(known)) = ui.slots.get::<Shown>() else { return false };
    let shown = known.take();
    let refused = matches!(&shown, Some((of, Err(_))) if *of == id);
    known.set(shown);
    refused
}

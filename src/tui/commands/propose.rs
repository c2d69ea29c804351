//! Answers to proposals: accept, accept as edited, decline; or their author withdraws them.

use crate::actions::Context;
use crate::actions::measure::{measures_of, read, typed};
use crate::actions::proposal::{Edited, ProposeAs, accept, decline, withdraw};
use crate::insight::date_parser::{Around, Lean};
use crate::insight::proposals::{ProposedChange, cells, decides, new_readings, new_record, owner, status};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::merge::{Met, meet};
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::Proposal;
use crate::model::value::Reading;
use crate::tui::commands::talk;
use crate::tui::overlay::ask::Ask;
use crate::tui::overlay::editor::{After, Editor};
use crate::tui::overlay::picker;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::state::access::owner_name;
use crate::tui::state::contract::{Command, Commit, Group, Outcome};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::{clean, cut};
use crate::tui::widget::wanted::in_a_line;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "proposal.decline",
        keys: &["D"],
        group: Group::This,
        label: "decline",
        hint: "Decline a proposal or feedback, with a line for its author.",
        synonyms: &["reject", "refuse", "no"],
        weight: 0,
        ready: |ui, product| if talk::chosen(ui, product).is_some() { Ok(()) } else { may_answer(ui, product) },
        run: decline_it,
    },
    Command {
        name: "proposal.edit",
        keys: &[],
        group: Group::This,
        label: "accept as edited",
        hint: "Edit what a proposal asks for, and accept it that way.",
        synonyms: &["proposal", "adopt", "change"],
        weight: 0,
        ready: may_answer,
        run: edit_it,
    },
    Command {
        name: "proposal.withdraw",
        keys: &[],
        group: Group::This,
        label: "withdraw",
        hint: "Withdraw a proposal of your own that nobody has answered.",
        synonyms: &["proposal", "take back"],
        weight: 0,
        ready: |ui, product| if chosen(ui, product).is_some() { Ok(()) } else { Err("no proposal is selected".into()) },
        run: withdraw_it,
    },
];

/// The selected proposal.
pub fn chosen<'a>(ui: &Ui, product: &'a Product) -> Option<&'a Proposal> {
    product.get::<Proposal>(ui.any_target()?).map(|one| &**one)
}

/// Checks that the selected proposals are for this role to answer.
pub fn may_answer(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if chosen(ui, product).is_none() {
        return Err("no proposal is selected".into());
    }
    for proposal in ui.some_targets().filter_map(|id| product.get::<Proposal>(id)) {
        let status = status(product, proposal);
        if !status.is_open() {
            return Err(NotReady::Sentence(format!("{} was {status} already.", product.name_of(proposal.id))));
        }
        if !decides(ui.role, proposal) {
            let whose = owner_name(product, owner(proposal));
            return Err(NotReady::Sentence(format!("{} waits for {whose}.", product.name_of(proposal.id))));
        }
    }
    Ok(())
}

/// Accepts the selected proposal, and goes on to the next row that is open.
pub fn accept_it(ui: &Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some(id) = chosen(ui, product).map(|one| one.id) else { return Outcome::Nothing };
    let untick = move |ui: &mut Ui, _: &Product| ui.ticked.retain(|one| *one != id);
    match accept(product, id, &[], "", context) {
        Ok(step) => Outcome::Commit(Commit { then: Some(Box::new(untick)), ..Commit::new(step) }),
        // Nobody was typing: the key that it advises is heard at once.
        Err(refusal) => Outcome::say(format!("{refusal:#}")),
    }
}

pub fn decline_it(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(proposal) = chosen(ui, product).map(|one| one.id) else { return talk::decline(ui, product) };
    let label = format!("reason for declining {}: ", product.name_of(proposal));
    ui.open(Prompt::new(label, "Enter declines it · its author reads this line · Esc back", "decline", {
        move |text, _, product, context| {
            let step = decline(product, proposal, text, context);
            step.map(Outcome::commit).map_err(|refusal| format!("{refusal:#}"))
        }
    }))
}

/// Checks that the selected proposal asks for a text.
pub fn may_edit_it(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if let Some(own) = own_open(ui, product) {
        return match own_cell(product, own) {
            Some(_) => Ok(()),
            None => Err(NotReady::Sentence("There is no field in it to change. {delete} withdraws it.".to_string())),
        };
    }
    may_answer(ui, product)?;
    let can = |one: &Proposal| {
        text_in(ui, product, one).is_some() || reading_in(product, one).is_some() || !overtaken(product, one).is_empty()
    };
    match chosen(ui, product).is_some_and(can) {
        true => Ok(()),
        false => Err(NotReady::Sentence(NO_TEXT.to_string())),
    }
}

/// The cells of a proposal that have changed since, where their record is still there.
fn overtaken(product: &Product, proposal: &Proposal) -> Vec<ProposedChange> {
    let is_there = |id: Id| product.find(id).is_some_and(|record| record.is_alive());
    cells(product, proposal).into_iter().filter(|cell| cell.is_stale() && is_there(cell.change.id)).collect()
}

/// Asks whether what is wanted is accepted although it has changed since: what it was, what it is now, what is wanted.
fn accept_all_the_same(ui: &mut Ui, product: &Product, proposal: &Proposal) -> Outcome {
    let (id, cells) = (proposal.id, overtaken(product, proposal));
    let said = cells.iter().map(|cell| {
        let change = &cell.change;
        let say = |value| in_a_line(product, change.field, value);
        let wanted = new_record(proposal, &change.to).unwrap_or_else(|| say(&change.to));
        let what = change.field.head_of(product.name_of(change.id));
        format!("{what}\nWas: {}\nNow: {}\nWanted: {wanted}", say(&change.from), say(&cell.present))
    });
    let words = said.collect::<Vec<_>>().join("\n");
    let edited: Vec<Edited> =
        cells.into_iter().map(|cell| (cell.change.id, cell.change.field, cell.change.to)).collect();
    let name = product.name_of(id);
    let ask = Ask::new(format!("{name} was proposed for an earlier value"), words);
    let ask = ask
        .or("Accept what is wanted", move |_, product, context| Outcome::of(accept(product, id, &edited, "", context)));
    ui.open(ask.or("Leave it for now", move |_, _, _| Outcome::say(format!("{name} waits as before."))))
}

/// The selected proposal, if it is one's own, waits, and the other half answers it.
fn own_open<'a>(ui: &Ui, product: &'a Product) -> Option<&'a Proposal> {
    let own = |one: &&Proposal| *one.by == *ui.by && status(product, one).is_open() && !decides(ui.role, one);
    chosen(ui, product).filter(own)
}

/// The field at which a proposal of one's own is changed: the first that can be written there.
fn own_cell(product: &Product, proposal: &Proposal) -> Option<(Id, &'static Field)> {
    let all = cells(product, proposal);
    let can = |cell: &&ProposedChange| {
        let is_there = product.find(cell.change.id).is_some_and(|record| record.is_alive());
        is_there && cell.change.field.owner != Owner::System && !matches!(cell.change.field.key, "rank" | "alive")
    };
    all.iter().find(can).map(|cell| (cell.change.id, cell.change.field))
}

const NO_TEXT: &str = "There is no text in it to edit. {confirm} accepts it, {proposal.decline} declines it.";

/// The text that the proposal asks for, to be edited before it is accepted.
pub fn text_in(ui: &Ui, product: &Product, proposal: &Proposal) -> Option<ProposedChange> {
    let cells = cells(product, proposal);
    let is_text = |cell: &&ProposedChange| {
        let (id, field) = (cell.change.id, cell.change.field);
        // A reading is not in the text of its measure, so that editing the text would lose it.
        let says_all = field.text_of(&cell.change.from) != field.text_of(&cell.change.to);
        let is_typed = field.is_typed() && picker::for_field(ui, product, id, field).is_none();
        product.find(id).is_some() && is_typed && says_all
    };
    let typed = || cells.iter().filter(is_text);
    // A cell that has changed since is the one to look at.
    typed().find(|cell| cell.is_stale()).or_else(|| typed().next()).cloned().map(with_what_came_since)
}

/// What is wanted, with what has changed since in another part of it, such as another line of a text.
fn with_what_came_since(mut cell: ProposedChange) -> ProposedChange {
    let change = &mut cell.change;
    if let Met::Merged(both) = meet(change.field.shape, &change.from, &change.to, &cell.present) {
        change.to = both;
    }
    cell
}

/// Opens the text that the proposal asks for, to be accepted as edited.
pub fn edit_it(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    if let Some(proposal) = chosen(ui, product)
        && let Some(reading) = reading_in(product, proposal)
    {
        return edit_reading(ui, product, proposal, reading);
    }
    if let Some((id, field)) = own_open(ui, product).and_then(|own| own_cell(product, own)) {
        Editor::open(ui, product, id, field, After::Next);
        return Outcome::Nothing;
    }
    let Some(proposal) = chosen(ui, product) else { return Outcome::Nothing };
    let Some(cell) = text_in(ui, product, proposal) else {
        return match overtaken(product, proposal).is_empty() {
            true => Outcome::refuse(NO_TEXT),
            false => accept_all_the_same(ui, product, proposal),
        };
    };
    Editor::open_to_accept(ui, product, proposal.id, &cell.change);
    Outcome::Nothing
}

/// Checks that there is something to edit in what a proposal wants, where a pane shows it.
pub fn may_edit_wanted(ui: &Ui, product: &Product, id: Id) -> Result<(), NotReady> {
    let Some(proposal) = product.get::<Proposal>(id) else { return Err("the proposal is gone".into()) };
    let is_open = status(product, proposal).is_open();
    let can = match decides(ui.role, proposal) {
        true => text_in(ui, product, proposal).is_some() || reading_in(product, proposal).is_some(),
        false => *proposal.by == *ui.by && own_cell(product, proposal).is_some(),
    };
    if is_open && can {
        return Ok(());
    }
    Err(NotReady::Sentence(format!("{{enter}} goes to {}; {{edit}} edits nothing here.", product.name_of(id))))
}

/// Opens what a proposal wants for a field in place, where a pane shows it: to accept it as edited, or to ask for something
/// else.
pub fn edit_wanted(ui: &mut Ui, product: &Product, id: Id) -> Outcome {
    let Some(proposal) = product.get::<Proposal>(id) else { return Outcome::Nothing };
    if let Some(reading) = reading_in(product, proposal) {
        return edit_reading(ui, product, proposal, reading);
    }
    match decides(ui.role, proposal) {
        true => {
            if let Some(cell) = text_in(ui, product, proposal) {
                Editor::open_to_accept(ui, product, id, &cell.change);
            }
        }
        false => {
            if let Some((record, field)) = own_cell(product, proposal) {
                Editor::open(ui, product, record, field, After::Next);
            }
        }
    }
    Outcome::Nothing
}

/// The reading of a measure that a proposal asks for, and nothing else: its record, the place of the measure, the reading.
fn reading_in(product: &Product, proposal: &Proposal) -> Option<(Id, usize, Reading)> {
    let all = cells(product, proposal);
    let [cell] = all.as_slice() else { return None };
    let (nth, reading) = new_readings(&cell.change).pop()?;
    product.find(cell.change.id).filter(|record| record.is_alive())?;
    Some((cell.change.id, nth, reading))
}

/// A line for the reading that a proposal asks for: its owner accepts it as edited, its author asks for another one.
fn edit_reading(ui: &mut Ui, product: &Product, proposal: &Proposal, wanted: (Id, usize, Reading)) -> Outcome {
    let (id, (on, nth, reading)) = (proposal.id, wanted);
    let accepts = decides(ui.role, proposal);
    let day = if reading.day == ui.today { String::new() } else { reading.day.to_string() };
    let parts = [reading.value.to_string(), day, reading.note.to_string()];
    let text = parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(", ");
    let measure = measures_of(product, on).get(nth).map(|one| clean(&one.name).into_owned()).unwrap_or_default();
    let label = format!("{}, {}: ", product.name_of(id), cut(&measure, 40));
    let hint = match accepts {
        true => "70, or 70, 20 nov, a note · Enter accepts it as edited · Esc back",
        false => "70, or 70, 20 nov, a note · Enter proposes it instead · Esc back",
    };
    let prompt = Prompt::new(label, hint, "reading", move |text, ui, product, context| {
        let around = Around::new(product, ui.today, Lean::Back, ui.month_first);
        let said = |refusal| format!("{refusal:#}");
        let step = read(product, on, nth, typed(text, &around)?, ui.today).map_err(said)?;
        if !accepts {
            let proposes = ProposeAs::RevisionOf(id);
            return Ok(Outcome::Commit(Commit { proposes, ..Commit::new(step) }));
        }
        let edited: Vec<Edited> = step.changes.into_iter().map(|one| (one.id, one.field, one.to)).collect();
        accept(product, id, &edited, "", context).map(Outcome::commit).map_err(said)
    });
    ui.open(prompt.proposing(&text))
}

pub fn withdraw_it(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    match chosen(ui, product) {
        Some(proposal) => Outcome::of(withdraw(product, proposal.id, context)),
        None => Outcome::Nothing,
    }
}

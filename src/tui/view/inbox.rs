//! View 8: what waits for this role, what waits for the other one, and what people say about the product.

pub mod letter;

use crate::insight::attention::{AttentionKind, addressee, inbox};
use crate::insight::proposals::{
    ProposalStatus, decides, is_deleted_already, new_readings, status as status_of, wanted,
};
use crate::insight::text::text;
use crate::insight::trace::asks_again;
use crate::insight::views;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::schema::{Decision, Feedback, FeedbackKind, FeedbackState, Kind, Proposal, ProposalState};
use crate::tui::commands::confirm_ticked::{is_mixed, may_confirm_some};
use crate::tui::commands::edit::{edit, may_delete, may_edit_this, remove};
use crate::tui::commands::{agree, propose, talk};
use crate::tui::state::contract::{Adds, Command, ListForm, Outcome, Screen, Verb, on_something};
use crate::tui::state::marks::waiting_here;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, fit, width};
use crate::tui::widget::changed_why::changed_whys;
use crate::tui::widget::fields::{agreement_of, fields_of, record_title, sign};
use crate::tui::widget::list;
use ratatui::layout::Rect;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;
use std::sync::Arc;

pub const SCREEN: Screen = Screen {
    form: |_| ListForm { arrangement: Arrangement::Beside { columns: 60 }, row_height: 1, heading: 0 },
    adds: Adds::Record(|_| Kind::Feedback),
    enters: Focus::Why,
    verbs: VERBS,
    prepare,
    rows: |ui, product| rows(ui, product),
    draw,
    row_needs: |ui, product, row| list::needed(ui, row, &line(ui, product, row, 48)),
    why: |ui, product| pane(ui, product, Owner::Why),
    how: |ui, product| pane(ui, product, Owner::How),
    pane_title,
    pane_owner: |ui, product, half| letter::owner_word(ui, product, propose::chosen(ui, product)?, half),
    status,
    badge: |ui| waiting_here(&ui.slots),
    waits: |ui, id| match ui.slots.get::<Piles>()?.of.get(&id)? {
        Pile::Mine(_) => Some(0),
        Pile::Unsorted => Some(1),
        Pile::Theirs(_) | Pile::Closed => None,
    },
    footer,
    empty: "Nothing waits for you. {add} notes what a customer said; {comment} on any row comments on it.",
    ..Screen::of(&views::INBOX)
};

/// On a proposal, the general keys answer it.
const VERBS: &[Verb] = &[
    Verb {
        name: "edit",
        ready: |ui, product| match answers(ui, product) {
            true => propose::may_edit_it(ui, product),
            false => may_edit_this(ui, product),
        },
        run: |ui, product, context| match answers(ui, product) {
            true => propose::edit_it(ui, product, context),
            false => edit(ui, product, context),
        },
    },
    Verb {
        name: "comment",
        ready: |ui, product| {
            on_something(ui, product)?;
            for_me(ui, product)
        },
        run: |ui, product, context| match talk::chosen(ui, product) {
            Some(_) => talk::answer(ui, product),
            None => match propose::chosen(ui, product).map(|one| one.id) {
                Some(proposal) => talk::ask_about(ui, product, proposal),
                None => talk::comment(ui, product, context),
            },
        },
    },
    Verb { name: "confirm", ready: may_confirm_here, run: agree::confirm },
    Verb { name: "proposal.decline", ready: may_decline_here, run: propose::decline_it },
    Verb { name: "order.up", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "order.down", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "move.top", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "move.bottom", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "move.place", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb {
        name: "delete",
        ready: |ui, product| if answers(ui, product) { Ok(()) } else { may_delete(ui, product) },
        run: |ui, product, context| match answers(ui, product) {
            true => propose::withdraw_it(ui, product, context),
            false => remove(ui, product, context),
        },
    },
];

/// What waits longest and weighs most stands first; a story is put in order where the stories are.
fn order_stays(_: &Ui, _: &Product) -> Result<(), NotReady> {
    Err("the Inbox sorts itself: what waits for you comes first".into())
}

/// A question is answered in words, not agreed to.
fn may_confirm_here(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if agree::answered(ui, product).is_some() {
        return Ok(());
    }
    if is_mixed(product, ui.some_targets()) {
        return may_confirm_some(ui, product);
    }
    match talk::chosen(ui, product).filter(|one| one.kind == FeedbackKind::Question) {
        Some(_) => Err(NotReady::Sentence("A question waits for words: {comment} answers it.".to_string())),
        None => {
            for_me(ui, product)?;
            agree::may_confirm(ui, product)
        }
    }
}

fn may_decline_here(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match talk::chosen(ui, product) {
        Some(_) => for_me(ui, product),
        None => propose::may_answer(ui, product),
    }
}

/// Feedback for the other role is answered there.
fn for_me(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    let asked = talk::chosen(ui, product).filter(|one| one.state == FeedbackState::New);
    match asked.and_then(|one| Some((one, addressee(product, one)?))) {
        Some((one, owner)) if !ui.role.owns(owner) => {
            let name = product.name_of(one.id);
            Err(NotReady::Sentence(format!("{name} is for the {} to answer.", owner.seat())))
        }
        _ => Ok(()),
    }
}

/// True if the keys are about the proposal that is selected in the list.
fn answers(ui: &Ui, product: &Product) -> bool {
    ui.focus() == Focus::List && propose::chosen(ui, product).is_some()
}

/// The part of the Inbox that a row belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Pile {
    Mine(AttentionKind),
    Theirs(AttentionKind),
    /// A customer's voice that nobody has sorted.
    Unsorted,
    /// It was answered or sorted.
    Closed,
}

/// The rows and the part that each belongs to, in order.
#[derive(Default)]
struct Piles {
    order: Vec<(Id, Pile)>,
    of: FxHashMap<Id, Pile>,
    /// What the roles ask each other: it is answered in words.
    questions: FxHashSet<Id>,
    /// How wide the longest name is, and the longest title beside a name.
    names: usize,
    titles: usize,
    /// The open proposals of which something has changed since: they are not accepted as they are.
    stale: FxHashSet<Id>,
    /// One's own open proposals, which the other half answers.
    own: FxHashSet<Id>,
}

impl Piles {
    /// A record stands once, where it is most urgent.
    fn add(&mut self, id: Id, pile: Pile) {
        if let Entry::Vacant(place) = self.of.entry(id) {
            place.insert(pile);
            self.order.push((id, pile));
        }
    }

    fn count(&self, is_one: impl Fn(&Pile) -> bool) -> usize {
        self.order.iter().filter(|(_, pile)| is_one(pile)).count()
    }
}

fn prepare(ui: &mut Ui, product: &Product) {
    let all = inbox(product, ui.role, ui.today);
    let mut piles = Piles::default();
    all.for_me.iter().for_each(|one| piles.add(one.on, Pile::Mine(one.kind)));
    ui.new_answers(product).into_iter().for_each(|id| piles.add(id, Pile::Mine(AttentionKind::Answered)));
    all.waiting.iter().for_each(|one| piles.add(one.on, Pile::Theirs(one.kind)));
    all.customers.iter().for_each(|one| piles.add(one.on, Pile::Unsorted));
    for one in product.all::<Feedback>().filter(|one| one.state == FeedbackState::Linked) {
        piles.add(one.id, Pile::Closed);
    }
    if ui.place().closed {
        product.all::<Feedback>().for_each(|one| piles.add(one.id, Pile::Closed));
        product.all::<Proposal>().rev().for_each(|one| piles.add(one.id, Pile::Closed));
        product.all::<Decision>().rev().for_each(|one| piles.add(one.id, Pile::Closed));
    }
    let waits =
        all.for_me.iter().filter(|one| one.kind == AttentionKind::Proposed).filter_map(|one| product.get(one.on));
    let stale = |one: &&Arc<Proposal>| status_of(product, one) == ProposalStatus::Stale;
    piles.stale = waits.filter(stale).map(|one| one.id).collect();
    let own = |one: &&Arc<Proposal>| *one.by == *ui.by && status_of(product, one).is_open() && !decides(ui.role, one);
    piles.own = product.all::<Proposal>().filter(own).map(|one| one.id).collect();
    let asked = |one: &&Arc<Feedback>| one.kind == FeedbackKind::Question && !one.role.is_empty();
    piles.questions = product.all::<Feedback>().filter(asked).map(|one| one.id).collect();
    let names = piles.order.iter().map(|(id, _)| width(&clean(whose(ui, product, *id))));
    piles.names = names.max().unwrap_or(0);
    let title = |id: &Id| match (product.get::<Proposal>(*id), product.get::<Feedback>(*id)) {
        (Some(one), _) => width(&clean(&one.title)),
        (_, Some(one)) => width(&clean(one.quote.lines().next().unwrap_or_default())),
        _ => 0,
    };
    piles.titles = piles.order.iter().map(|(id, _)| title(id)).max().unwrap_or(0);
    ui.slots.put(piles);
    letter::forget(ui);
}

fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    let Some(piles) = ui.slots.get::<Piles>() else { return out };
    let row = |(id, _): &(Id, Pile)| Some(ListRow::of(product, product.find(*id)?.kind(), *id, 0));
    out.rows = piles.order.iter().filter_map(row).collect();
    let all: usize = views::INBOX.kinds.iter().map(|kind| product.table(*kind).order().len()).sum();
    let is_letter = |row: &&ListRow| row.kind.is_some_and(|kind| views::INBOX.kinds.contains(&kind));
    out.hidden = all.saturating_sub(out.rows.iter().filter(is_letter).count());
    let closed = out.hidden;
    list::narrow(ui, product, &mut out);
    // What a search leaves out is not closed.
    out.hidden = closed;
    out
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let inner = list::frame(ui, product, "INBOX", &counts(ui, product, area.width < 60), area, buffer);
    list::draw_rows(ui, product, inner, buffer, &|_, row, columns| line(ui, product, row, columns));
}

/// `3 for you · 2 for Omar (PO) · 4 not sorted`.
fn counts(ui: &Ui, product: &Product, is_narrow: bool) -> String {
    let Some(piles) = ui.slots.get::<Piles>() else { return String::new() };
    let mine = piles.count(|pile| matches!(pile, Pile::Mine(_)));
    let theirs = piles.count(|pile| matches!(pile, Pile::Theirs(_)));
    let unsorted = piles.count(|pile| matches!(pile, Pile::Unsorted));
    let mut parts = vec![format!("{mine} for you")];
    if theirs > 0 && !is_narrow {
        parts.push(format!("{theirs} for {}", letter::other(ui, product)));
    }
    parts.push(format!("{unsorted} not sorted"));
    parts.join(" · ")
}

fn line(ui: &Ui, product: &Product, row: &ListRow, columns: usize) -> list::RowText {
    let pile = ui.slots.get::<Piles>().and_then(|piles| piles.of.get(&row.id)).copied().unwrap_or(Pile::Closed);
    // One column for all names, as wide as the longest that fits.
    let usual = if columns >= 90 { 16 } else { 10 };
    let names = ui.slots.get::<Piles>().map_or(0, |piles| {
        let left = columns.saturating_sub(BESIDE_TITLE).saturating_sub(piles.titles);
        piles.names.min(left.max(usual))
    });
    let who = |name: &str| if columns < 48 { String::new() } else { fit(&clean(name), names) };
    let new = ui.theme.glyph("●", "*");
    let is_new = pile == Pile::Mine(AttentionKind::Answered);
    let state = |closed: &str| match pile {
        Pile::Mine(AttentionKind::Answered) => closed.to_string(),
        Pile::Mine(_) => "for you".to_string(),
        Pile::Theirs(_) => letter::other(ui, product),
        Pile::Unsorted => "sort".to_string(),
        Pile::Closed => closed.to_string(),
    };
    let wide = width(&letter::other(ui, product)).clamp(9, if columns >= 56 { 14 } else { 9 });
    let tail = |about: String, state: String| format!("{about:>4} {}", fit(&clean(&state), wide));
    if let Some(one) = product.get::<Proposal>(row.id) {
        let about = one.about.first().map(|id| product.name_of(*id)).unwrap_or_default();
        let number = format!("{} {}", if is_new { new } else { "^" }, who(whose(ui, product, row.id)));
        let answer = one.answer.lines().next().map(|answer| format!(" · {answer}")).unwrap_or_default();
        let wanted = match one.state == ProposalState::Open && is_deleted_already(product, one) {
            true => " · deleted already".to_string(),
            false => wanted_text(product, one).map(|text| format!(": {text}")).unwrap_or_default(),
        };
        let title = format!("{}{}", &*one.title, if answer.is_empty() { wanted } else { answer });
        return list::RowText { number, title, tail: tail(about, state(one.state.label())) };
    }
    let Some(one) = product.get::<Feedback>(row.id) else { return record_line(ui, product, row, pile, &tail, &state) };
    let about = one.links.first().map(|id| product.name_of(*id)).unwrap_or_default();
    let sign = sign(one.kind);
    let sign = if sign == '·' { ui.theme.glyph("·", ".").to_string() } else { sign.to_string() };
    let title = one.quote.lines().next().unwrap_or_default().to_string();
    let sign = if is_new { new.to_string() } else { sign };
    let number = format!("{sign} {}", who(whose(ui, product, row.id)));
    list::RowText { number, title, tail: tail(about, state(one.state.label())) }
}

/// What a row has beside name and title: a box or the pointer, the sign, what it is about, its state, and blanks.
const BESIDE_TITLE: usize = 22;

/// Who wrote a proposal or a piece of feedback.
fn whose<'a>(ui: &Ui, product: &'a Product, id: Id) -> &'a str {
    match (product.get::<Proposal>(id), product.get::<Feedback>(id)) {
        (Some(one), _) if *one.by == *ui.by => "you",
        (Some(one), _) => &one.by,
        (_, Some(one)) if !one.role.is_empty() && *one.source == *ui.by => "you",
        (_, Some(one)) => &one.source,
        _ => "",
    }
}

/// The new text, where a proposal asks for one that its title does not say.
fn wanted_text(product: &Product, proposal: &Proposal) -> Option<String> {
    let all = wanted(proposal);
    let [one] = all.as_slice() else { return None };
    let says_it = proposal.title.contains('→') || one.is_creation() || one.is_deletion() || one.field.key == "rank";
    if says_it {
        return None;
    }
    if let Some((_, reading)) = new_readings(one).last() {
        // An older proposal does not say it in its title.
        let said = format!("{} on {}", reading.value, reading.day);
        return (!proposal.title.contains(&said)).then_some(said);
    }
    let (was, want) = (text(product, one.field, &one.from), text(product, one.field, &one.to));
    want.lines().find(|line| !was.lines().any(|old| old == *line)).map(|line| line.trim().to_string())
}

/// A record that asks for somebody: what asks, and why.
fn record_line(
    ui: &Ui,
    product: &Product,
    row: &ListRow,
    pile: Pile,
    tail: &dyn Fn(String, String) -> String,
    state: &dyn Fn(&str) -> String,
) -> list::RowText {
    let Some(record) = product.find(row.id) else { return list::RowText::default() };
    let why = match pile {
        Pile::Mine(kind) | Pile::Theirs(kind) => kind.to_string(),
        Pile::Unsorted | Pile::Closed => String::new(),
    };
    let about = asks_again(product, record).first().map(|id| letter::short_name(product, *id)).unwrap_or_default();
    // A why that changed stands beside it.
    let title = match about.is_empty() {
        true if why.is_empty() => format!("{} {}", record.name(), record.title()),
        true => format!("{} {why}: {}", record.name(), record.title()),
        false => format!("{} {}", record.name(), record.title()),
    };
    // `!` says that something changed since it was agreed, and nothing else.
    let look = matches!(
        pile,
        Pile::Mine(kind) | Pile::Theirs(kind) if has_changed(kind)
    );
    let number = if look { ui.theme.state("!", "look") } else { ui.theme.glyph("○", "o") };
    list::RowText { number: number.to_string(), title, tail: tail(about, state("")) }
}

/// True if something changed since the record was agreed.
fn has_changed(kind: AttentionKind) -> bool {
    matches!(
        kind,
        AttentionKind::WhyMoved | AttentionKind::GoalMoved | AttentionKind::VisionMoved | AttentionKind::HowMoved
    )
}

fn pane_title(ui: &Ui, product: &Product, focus: Focus) -> String {
    let Some(row) = ui.chosen_row() else { return String::new() };
    if let Some(proposal) = product.get::<Proposal>(row.id) {
        return letter::title(product, proposal, crate::tui::widget::pane::half(focus));
    }
    match focus {
        Focus::How if row.kind == Kind::Feedback => "what it is about".to_string(),
        _ => record_title(ui, product, focus),
    }
}

fn pane(ui: &Ui, product: &Product, half: Owner) -> Vec<PaneRow> {
    let Some(row) = ui.chosen_row() else { return Vec::new() };
    if let Some(proposal) = product.get::<Proposal>(row.id) {
        return letter::rows(ui, product, proposal, half);
    }
    match (product.get::<Feedback>(row.id), half) {
        (Some(one), Owner::How) => about(ui, product, one),
        (Some(_), _) => fields_of(product, Kind::Feedback, row.id, Owner::Why),
        (None, Owner::Why) => {
            let asks = product.find(row.id).into_iter().flat_map(|record| changed_whys(ui, product, record));
            let agreed = agreement_of(product, row.id, ui.today);
            asks.chain(agreed).chain(fields_of(product, row.kind, row.id, half)).collect()
        }
        (None, _) => fields_of(product, row.kind, row.id, half),
    }
}

fn about(ui: &Ui, product: &Product, one: &Feedback) -> Vec<PaneRow> {
    let links = one.links.iter().filter_map(|id| product.find(*id)).filter(|record| record.is_alive());
    let mut out: Vec<PaneRow> = links
        .map(|record| PaneRow::Link { id: record.id(), text: format!("{} {}", record.name(), record.title()) })
        .collect();
    if out.is_empty() {
        out.push(PaneRow::Note("Nothing yet. {set.serves} ties it to a roadmap item or a story.".to_string()));
    }
    if let Some(owner) = addressee(product, one).filter(|_| one.state == FeedbackState::New) {
        let seat = owner.seat();
        if one.version > 0 {
            out.push(PaneRow::Note(format!("It is about the roadmap as ratified in V{}.", one.version)));
        }
        if one.kind == FeedbackKind::Question {
            out.push(PaneRow::Note(format!("The {seat} answers it with {{comment}}.")));
            return out;
        }
        out.push(PaneRow::Note(format!(
            "The {seat} answers: {{comment}} with words, {{confirm}} adopts it, {{proposal.decline}} declines it."
        )));
    }
    if one.kind == FeedbackKind::Question && !one.role.is_empty() {
        return out;
    }
    let made = if ui.role == Role::Pm { "roadmap item" } else { "story" };
    out.push(PaneRow::Note(format!("{{add.under}} makes a {made} of it, {{set.status}} says what became of it.")));
    out
}

/// What the keys do with a proposal.
fn footer(ui: &Ui, command: &Command) -> Option<(u8, &'static str)> {
    let kind = ui.chosen_row().map(|row| row.kind).filter(|_| ui.focus() == Focus::List);
    // What was answered already is not answered again.
    let pile = || ui.slots.get::<Piles>()?.of.get(&ui.chosen_row()?.id).copied();
    if kind == Some(Kind::Proposal) && pile() == Some(Pile::Closed) {
        return matches!(command.name, "confirm" | "proposal.decline" | "edit" | "add.under").then_some((0, ""));
    }
    if matches!(pile(), Some(Pile::Mine(AttentionKind::Answered))) && kind.is_some() {
        return match command.name {
            "confirm" => Some((100, "read")),
            "proposal.decline" | "edit" | "add.under" | "comment" => Some((0, "")),
            _ => None,
        };
    }
    let is_own = |piles: &Piles| ui.chosen_row().is_some_and(|row| piles.own.contains(&row.id));
    if kind == Some(Kind::Proposal) && ui.slots.get::<Piles>().is_some_and(is_own) {
        return match command.name {
            "edit" => Some((99, "change it")),
            "delete" => Some((98, "withdraw")),
            "confirm" | "proposal.decline" | "add.under" | "comment" => Some((0, "")),
            _ => None,
        };
    }
    let is_refused = || ui.chosen_row().is_some_and(|row| letter::is_refused(ui, row.id));
    let is_stale =
        || ui.slots.get::<Piles>().zip(ui.chosen_row()).is_some_and(|(piles, row)| piles.stale.contains(&row.id));
    if kind == Some(Kind::Proposal) && command.name == "confirm" && (is_stale() || is_refused()) {
        return Some((0, ""));
    }
    let agrees = matches!(pile(), Some(Pile::Mine(AttentionKind::Agree)));
    let (is_proposal, is_feedback) = (kind == Some(Kind::Proposal), kind == Some(Kind::Feedback));
    let asks_again = matches!(pile(), Some(Pile::Mine(kind)) if has_changed(kind));
    let asks = |piles: &Piles| ui.chosen_row().is_some_and(|row| piles.questions.contains(&row.id));
    let is_question = is_feedback && ui.slots.get::<Piles>().is_some_and(asks);
    let is_over = is_feedback && pile() == Some(Pile::Closed);
    match command.name {
        "confirm" if agrees => Some((100, "agree")),
        "confirm" if asks_again => Some((100, "still fits")),
        "suspect" if asks_again => Some((99, "what changed")),
        "confirm" | "proposal.decline" | "add.under" if is_question => Some((0, "")),
        "confirm" | "proposal.decline" | "comment" if is_feedback && is_over => Some((0, "")),
        "confirm" if is_feedback => Some((60, "adopt")),
        "proposal.decline" if is_feedback => Some((58, "decline")),
        "comment" if is_feedback => Some((97, "answer")),
        "confirm" if is_proposal => Some((100, "accept")),
        "proposal.decline" if is_proposal => Some((99, "decline")),
        "edit" if is_proposal => Some((98, "edit first")),
        "comment" if is_proposal => Some((97, "ask")),
        "add.under" if is_proposal => Some((0, "")),
        _ => None,
    }
}

fn status(ui: &Ui, product: &Product) -> String {
    let mut parts = vec![counts(ui, product, false)];
    if ui.rows.hidden > 0 {
        parts.push(format!("{} closed, {{filter.closed}} shows them", ui.rows.hidden));
    }
    parts.join(" · ")
}

//! The chain of reasons: why something is here, what depends on it, and what needs the person at the keyboard.

use crate::actions::Context;
use crate::insight::attention::AttentionKind;
use crate::insight::trace::asks_again;
use crate::insight::trace::thread;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::{next_in_circle, previous_in_circle};
use crate::model::schema::{Feedback, Goal, Kind, ProductGoal, RoadmapItem};
use crate::tui::overlay::trail::{Trail, TrailLine};
use crate::tui::state::contract::{Command, Group, Outcome, always, on_something};
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::times;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "why",
        keys: &["w"],
        group: Group::This,
        label: "why?",
        hint: "Why is this here: the chain up to the vision.",
        synonyms: &["reason", "thread", "chain", "trace"],
        weight: 52,
        ready: on_something,
        run: why,
    },
    Command {
        name: "reach",
        keys: &["W"],
        group: Group::This,
        label: "reach",
        hint: "What depends on this, down to the stories.",
        synonyms: &["children", "impact", "depends", "below"],
        weight: 0,
        ready: on_something,
        run: reach,
    },
    Command {
        name: "next",
        keys: &["n"],
        group: Group::Move,
        label: "next",
        hint: "The next match, else the next thing that needs you.",
        synonyms: &["attention", "suspect", "todo", "drift"],
        weight: 35,
        ready: always,
        run: |ui, product, _| next(ui, product, true),
    },
    Command {
        name: "previous",
        keys: &["N"],
        group: Group::Move,
        label: "previous",
        hint: "The previous match, else the previous thing that needs you.",
        synonyms: &[],
        weight: 0,
        ready: always,
        run: |ui, product, _| next(ui, product, false),
    },
];

/// One line of the chain: an arrow, the number, a mark, the title.
fn line(product: &Product, id: Id, arrow: &str, mark: &str) -> TrailLine {
    let Some(record) = product.find(id) else { return TrailLine { to: None, text: "a deleted record".into() } };
    let (name, title) = match record.kind() {
        Kind::VisionBoard => {
            let vision = product.vision().map(|board| board.vision.lines().next().unwrap_or_default().to_string());
            ("Vision".to_string(), vision.filter(|text| !text.is_empty()).unwrap_or_else(|| record.title()))
        }
        _ => (record.name(), record.title()),
    };
    TrailLine { to: Some(id), text: format!("{arrow} {name:<8} {mark} {title}") }
}

fn plain(text: impl Into<String>) -> TrailLine {
    TrailLine { to: None, text: text.into() }
}

fn why(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(id) = ui.any_target() else { return Outcome::Nothing };
    let thread = thread(product, id);
    let mut lines = Vec::new();
    for (at, knot) in thread.knots.iter().rev().enumerate() {
        let arrow = if at == 0 { " " } else { ui.theme.glyph("↑", "^") };
        lines.push(line(product, knot.id, arrow, if knot.suspect { "!" } else { " " }));
        if let Some(measure) = measure_of(product, knot.id) {
            lines.push(plain(format!("             {measure}")));
        }
    }
    if !thread.beside.is_empty() {
        lines.push(plain(""));
        lines.push(plain("Beside it"));
        lines
            .extend(thread.beside.iter().map(|knot| line(product, knot.id, " ", if knot.suspect { "!" } else { " " })));
    }
    let knots: Vec<Id> = thread.knots.iter().map(|knot| knot.id).collect();
    lines.extend(voices(product, &knots));
    lines.push(plain(""));
    match thread.breaks.as_slice() {
        [] => lines.push(plain("Breaks in the chain: none")),
        breaks => lines.extend(breaks.iter().map(|one| plain(format!("Break: {one}")))),
    }
    ui.open(Trail::new(format!("Why {}?", product.name_of(id)), lines, id))
}

/// How the success of a why will be measured, in its own words.
fn measure_of(product: &Product, id: Id) -> Option<String> {
    use crate::model::value::Cell;
    let text = match product.find(id)?.kind() {
        Kind::Goal => product.get::<Goal>(id)?.measures.first()?.to_text(),
        Kind::ProductGoal => product.get::<ProductGoal>(id)?.measure.to_text(),
        Kind::RoadmapItem => product.get::<RoadmapItem>(id)?.measure.to_text(),
        _ => String::new(),
    };
    let first = text.lines().next().unwrap_or_default().to_string();
    (!first.is_empty()).then_some(first)
}

/// The box shows at most this many voices; the inbox has all.
const VOICES: usize = 6;

/// Feedback on anything in the chain.
fn voices(product: &Product, chain: &[Id]) -> Vec<TrailLine> {
    let behind = |one: &&std::sync::Arc<Feedback>| one.links.iter().any(|id| chain.contains(id));
    let all: Vec<_> = product.all::<Feedback>().filter(behind).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let mut out = vec![plain(""), plain(format!("Voices behind it: {}", all.len()))];
    out.extend(all.iter().take(VOICES).map(|one| {
        let words = one.quote.lines().next().unwrap_or_default();
        TrailLine { to: Some(one.id), text: format!("  \u{201c}{words}\u{201d}  {}", &*one.source) }
    }));
    if all.len() > VOICES {
        out.push(plain(format!("  and {} more in the inbox", all.len().saturating_sub(VOICES))));
    }
    out
}

/// The box is for a quick look; nobody reads more lines than this.
const LONGEST: usize = 400;

fn reach(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(id) = ui.any_target() else { return Outcome::Nothing };
    let mut lines = vec![line(product, id, " ", " ")];
    below(product, id, 1, &mut lines);
    let all = lines.len().saturating_sub(1);
    if all == 0 {
        return Outcome::say(format!("Nothing depends on {} yet.", product.name_of(id)));
    }
    if all >= LONGEST {
        lines.push(plain(format!("The first {LONGEST} are shown; the backlog's tree shows all.")));
    }
    ui.open(Trail::new(format!("What depends on {}", product.name_of(id)), lines, id))
}

fn below(product: &Product, id: Id, depth: usize, out: &mut Vec<TrailLine>) {
    // The model refuses cycles; a file edited by hand may have one.
    if depth > 6 || out.len() > LONGEST {
        return;
    }
    for record in product.hanging_on(id).into_iter().take(LONGEST) {
        let mark = if asks_again(product, record).is_empty() { " " } else { "!" };
        let mut one = line(product, record.id(), &times("  ", depth), mark);
        if let Some(item) = product.items().get(record.id()) {
            one.text = format!("{}  {}", one.text, item.status.label());
        }
        out.push(one);
        below(product, record.id(), depth.saturating_add(1), out);
    }
}

/// Goes to the next match; without a find, to the next thing that needs this role, in whatever view it is.
fn next(ui: &mut Ui, product: &Product, forward: bool) -> Outcome {
    let narrowed = !ui.place().find.is_empty() || !ui.place().filters.is_empty();
    if narrowed && !ui.rows.rows.is_empty() {
        ui.place_mut().focus = Focus::List;
        let (at, last) = (ui.place().at, ui.rows.rows.len().saturating_sub(1));
        match (forward, at) {
            (true, at) if at >= last => ui.choose(0),
            // In a column left empty by the find, nothing is selected.
            (false, at) if at == 0 || at > last => ui.choose(last),
            (forward, _) => ui.step(if forward { 1 } else { -1 }),
        }
        let (at, all) = (ui.place().at.saturating_add(1), ui.rows.rows.len());
        return Outcome::say(format!(
            "Match {at} of {all}. {{close}} clears the find; then {{next}} goes to what needs you."
        ));
    }
    let all = ui.needs(product);
    if all.is_empty() {
        let is_empty = |kind: &Kind| *kind == Kind::VisionBoard || product.living(*kind).next().is_none();
        return Outcome::say(match Kind::ALL.iter().all(is_empty) {
            true => "Nothing is written yet: {go.vision}, then {add} adds a goal.",
            false => "Nothing needs you now.",
        });
    }
    let here = ui.place().chosen.and_then(|id| all.iter().position(|need| need.on == id));
    let at = match (here, forward) {
        (Some(at), true) => next_in_circle(at, all.len()),
        (Some(at), false) => previous_in_circle(at, all.len()),
        (None, true) => 0,
        (None, false) => all.len().saturating_sub(1),
    };
    let Some(need) = all.get(at) else { return Outcome::Nothing };
    ui.to_record(product, need.on);
    // What nobody has sorted is counted for itself, as in the Inbox.
    let is_unsorted = need.kind == AttentionKind::Unsorted;
    let mine = all.iter().filter(|one| one.kind != AttentionKind::Unsorted).count();
    let (at, many, whose) = match is_unsorted {
        true => (at.saturating_sub(mine), all.len().saturating_sub(mine), "not sorted"),
        false => (at, mine, "for you"),
    };
    let helps = match need.kind {
        AttentionKind::WhyMoved | AttentionKind::GoalMoved | AttentionKind::VisionMoved => {
            " {confirm} says it still fits."
        }
        AttentionKind::NoGoal => " {set.serves} sets one.",
        AttentionKind::Conflict => " {conflict.choose} chooses.",
        AttentionKind::Proposed => " {confirm} accepts it, {proposal.decline} declines it.",
        AttentionKind::Question | AttentionKind::Remark => " {comment} in the Inbox answers it.",
        AttentionKind::Agree => " {confirm} agrees.",
        AttentionKind::Answered => " {confirm} marks the answer as read.",
        AttentionKind::HowMoved => " {confirm} says that the why still holds.",
        AttentionKind::Promise | AttentionKind::Revisit | AttentionKind::Unsorted => "",
    };
    Outcome::say(format!(
        "{} of {many} {whose}: {} {}.{helps}",
        at.saturating_add(1),
        product.name_of(need.on),
        need.kind
    ))
}

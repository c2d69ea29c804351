//! View 7: the Definition of Done, rule by rule: why each exists, how it has held, which stories it applies to.

use crate::actions::Context;
use crate::actions::edit::{Place, add};
use crate::insight::done::{Held, checked, counts_from, held, in_check, rules_for, rules_now, rules_wait, versions};
use crate::insight::ready::is_ready_field;
use crate::insight::sprint::running;
use crate::insight::velocity::closed;
use crate::insight::views;
use crate::model::change::Step;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, DoneRule, Kind};
use crate::tui::state::access::{can_write, may_have};
use crate::tui::state::contract::{Adds, Commit, ListForm, Outcome, Screen};
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus, Part, extent};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::times;
use crate::tui::widget::fields::{fields_of, record_title};
use crate::tui::widget::list;
use ratatui::layout::Rect;

/// How many closed sprints are taken into account.
const SPRINTS: usize = 3;

pub const SCREEN: Screen = Screen {
    form,
    adds: Adds::Record(|_| Kind::DoneRule),
    enters: Focus::How,
    opens: Some(begin),
    rows: |ui, product| rows(ui, product),
    draw,
    row_needs: |ui, product, row| {
        let line = line(ui, product, &[], row, 50);
        // With the mark, the short bar and the percentage.
        list::needed(ui, row, &list::RowText { tail: times("x", 12), ..line })
    },
    why,
    how,
    pane_title: |ui, product, focus| match focus {
        Focus::How => "how often it was met".to_string(),
        _ => record_title(ui, product, focus),
    },
    status,
    empty: "No rules yet. Five that many teams start from: {enter} puts them in, you change them. {add} writes your own.",
    ..Screen::of(&views::DONE)
};

fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    out.rows.extend(product.all::<DoneRule>().map(|rule| ListRow::of(product, Kind::DoneRule, rule.id, 0)));
    list::narrow(ui, product, &mut out);
    out
}

/// Few rules leave their room to the panes; without any, the list says how to begin.
fn form(ui: &Ui) -> ListForm {
    let adding = usize::from(list::adding_after(ui).is_some());
    let rows = ui.rows.rows.len().saturating_add(ui.rows.hidden).saturating_add(adding).saturating_add(1).max(5);
    ListForm { arrangement: Arrangement::Fitted { columns: 66, rows: extent(rows) }, row_height: 1, heading: 1 }
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let inner = list::frame(ui, product, "DEFINITION OF DONE", "what done means for every story", area, buffer);
    let held = held(product, SPRINTS);
    let back = closed(product).len().min(SPRINTS);
    let wide = inner.width >= 50;
    if !ui.rows.rows.is_empty() && back > 0 && wide {
        let tail = format!("held, {back} sprint{}", if back == 1 { "" } else { "s" });
        let head = list::RowText { number: String::new(), title: String::new(), tail };
        list::draw_heading(ui, &head, inner, buffer);
    }
    let below = inner.below(1);
    list::draw_rows(ui, product, below, buffer, &|_, row, columns| line(ui, product, &held, row, columns));
}

fn line(ui: &Ui, product: &Product, all: &[Held], row: &ListRow, columns: usize) -> list::RowText {
    let wide = columns >= 50;
    let Some(rule) = product.get::<DoneRule>(row.id) else { return list::RowText::default() };
    // The text of a rule matters more than the length of its bar.
    let bar = if columns >= 70 && list::has_room_for(ui, 4, columns) { 8 } else { 4 };
    let percent = all.iter().find(|held| held.rule.rule == row.id).and_then(Held::percent);
    let tail = match (percent, wide) {
        (Some(percent), true) => format!("{} {percent:>3} %", ui.theme.bar(percent, bar)),
        (Some(percent), false) => format!("{percent:>3} %"),
        (None, true) if rule.because.is_empty() => "   no reason".to_string(),
        (None, _) => String::new(),
    };
    let tail = format!("{} {tail}", ui.mark(row.id, false)).trim_start().to_string();
    list::RowText { number: format!("{:>2} ", rule.number), title: rule.text.to_string(), tail }
}

fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(row) = ui.chosen_row() else {
        return vec![PaneRow::Note("Each rule says why it exists: what it protects, and for whom.".to_string())];
    };
    fields_of(product, Kind::DoneRule, row.id, Owner::Why)
}

fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let mut out = Vec::new();
    if let Some(row) = ui.chosen_row() {
        out.extend(fields_of(product, Kind::DoneRule, row.id, Owner::How));
        out.extend(how_it_held(product, row.id));
    }
    let now = in_check(product);
    out.push(PaneRow::Heading(format!("Stories being checked  {}", now.len())));
    for item in now.iter().take(30) {
        out.extend(story(product, item));
    }
    if now.is_empty() {
        out.push(PaneRow::Note("None: no story is being worked on or waits to be accepted.".to_string()));
    } else if now.len() > 30 {
        out.push(PaneRow::Note("and more; the backlog shows all.".to_string()));
    }
    out.extend(version_rows(product));
    out.push(PaneRow::Heading("Definition of Ready".to_string()));
    let board = product.vision().map(|board| fields_of(product, Kind::VisionBoard, board.id, Owner::How));
    let is_ready = |row: &PaneRow| row.field().is_some_and(|(_, field)| is_ready_field(field.kind, field.key));
    out.push(PaneRow::Note("What a story needs before it is planned. It warns and never stops anybody.".to_string()));
    out.extend(board.into_iter().flatten().filter(is_ready));
    out
}

/// For how many stories the rule held, and why it was waived.
fn how_it_held(product: &Product, rule: crate::model::id::Id) -> Vec<PaneRow> {
    let Some(one) = held(product, SPRINTS).into_iter().find(|one| one.rule.rule == rule) else { return Vec::new() };
    let Some(percent) = one.percent() else {
        return vec![PaneRow::Note("No story of the last sprints was checked against it yet.".to_string())];
    };
    let mut out = vec![PaneRow::Text(format!("Met by {} of {} stories ({percent} %)", one.held, one.stories))];
    if one.waived > 0 {
        let times = if one.waived == 1 { "once".to_string() } else { format!("{} times", one.waived) };
        let mut reasons = one.reasons.clone();
        reasons.dedup();
        out.push(PaneRow::Text(format!("Waived {times}: {}", reasons.join("; "))));
    }
    out
}

/// `3 of 5  S40 Shop phone hidden  to accept`, and what is left.
fn story(product: &Product, item: &BacklogItem) -> Vec<PaneRow> {
    let check = checked(product, item);
    let open = check.open();
    let (all, held) = (check.rules.len(), check.rules.len().saturating_sub(open.len()));
    // The figures first: in a narrow pane the title is what may be cut.
    let figures = if all == 0 { "no rules".to_string() } else { format!("{held} of {all}") };
    let text = format!("{figures}  S{} {}  {}", item.number, &*item.title, item.status.label());
    let mut out = vec![PaneRow::Link { id: item.id, text }];
    if held > 0 && !open.is_empty() {
        let name = |rule: &&crate::model::snapshot_types::RuleSnapshot| match open.len() {
            ..=2 => format!("{} {}", rule.number, short(&rule.text)),
            _ => rule.number.to_string(),
        };
        let left: Vec<String> = open.iter().map(name).collect();
        out.push(PaneRow::Note(format!("        left: {}", left.join(", "))));
    }
    out
}

/// The first words of a rule.
fn short(text: &str) -> String {
    text.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}

/// Which version applies to which sprint. Today's rules apply from the next start on.
fn version_rows(product: &Product) -> Vec<PaneRow> {
    let all = versions(product);
    let waits = running(product).filter(|_| rules_wait(product)).map(|sprint| {
        let words = "began without rules, and a running sprint keeps what it began with. These rules count from";
        PaneRow::Note(format!("Sprint {} {words} sprint {}.", sprint.number, counts_from(product)))
    });
    let Some((since, rules)) = all.last() else { return waits.into_iter().collect() };
    if let Some(waits) = waits {
        return vec![waits];
    }
    let mut out = vec![PaneRow::Heading(format!("Versions  {}", all.len()))];
    if let Some(sprint) = running(product) {
        let now = rules_now(product);
        let next = match sprint.done_rules == now {
            true => "a change counts from the next one.".to_string(),
            false => format!("rules worded differently now count from sprint {}.", counts_from(product)),
        };
        out.push(PaneRow::Note(format!("A running sprint keeps the version it began with: {next}")));
    } else if *rules != rules_now(product) {
        out.push(PaneRow::Note("What has changed since the last sprint began counts from the next one.".to_string()));
    }
    for (nth, (sprint, rules)) in all.iter().enumerate().rev().take(5) {
        let now = if sprint == since { ", in force" } else { "" };
        out.push(PaneRow::Text(format!(
            "Version {} since sprint {sprint}: {} rules{now}",
            nth.saturating_add(1),
            rules.len()
        )));
    }
    out
}

fn status(_: &Ui, product: &Product) -> String {
    let all = product.table(Kind::DoneRule).order().len();
    let without = product.all::<DoneRule>().filter(|rule| rule.because.is_empty()).count();
    let mut parts = vec![format!("Definition of Done · {all} {}", if all == 1 { "rule" } else { "rules" })];
    let versions = versions(product);
    if let Some((sprint, _)) = versions.last() {
        parts.push(format!("version {} since sprint {sprint}", versions.len()));
    }
    let open = in_check(product).iter().filter(|item| !rules_for(product, item).is_empty()).count();
    if open > 0 {
        parts.push(format!("{open} open {} checked against it", if open == 1 { "story is" } else { "stories are" }));
    }
    if without > 0 {
        parts.push(format!("{without} without a reason"));
    }
    parts.join(" · ")
}

/// What many teams start with, to be changed, explained or deleted.
const USUAL: [(&str, &str); 5] = [
    ("Every acceptance criterion was shown to somebody", "What nobody has seen working is a hope."),
    ("A second person has read the change", "The one who wrote it sees what was meant, not what is there."),
    ("Tests pass, and one of them fails without the change", "A test that cannot fail protects nothing."),
    ("Help and release notes say what is new", "People cannot use what they do not know of."),
    ("It can be released today, without further work", "An Increment that waits for something is not done."),
];

/// If there is no rule yet, Enter adds the usual ones; else returns `None`.
fn begin(ui: &mut Ui, product: &Product, context: &mut Context) -> Option<Outcome> {
    if ui.row_at_cursor().is_some() || !product.table(Kind::DoneRule).order().is_empty() {
        return None;
    }
    if let Err(why) = may_have(ui, product, Kind::DoneRule) {
        return Some(Outcome::refuse(why));
    }
    let mut all = Step::new("Began the Definition of Done with five rules");
    let ranks = crate::actions::edit::ranks_at(product, Kind::DoneRule, Place::Bottom, USUAL.len(), &[]);
    let (text, because) = (Kind::DoneRule.field("text")?, Kind::DoneRule.field("because")?);
    for ((rule, reason), rank) in USUAL.iter().zip(ranks) {
        // Only the PM may say why a rule exists: a PO alone starts with the rules.
        let mut cells = vec![(text, (*rule).into())];
        cells.extend(can_write(ui, because).then(|| (because, (*reason).into())));
        match add(product, Kind::DoneRule, &cells, Place::Bottom, context) {
            Ok((mut step, _)) => {
                for change in step.changes.iter_mut().filter(|change| change.field.key == "rank") {
                    change.to = crate::model::value::Cell::to_value(&rank);
                }
                all.changes.append(&mut step.changes);
            }
            Err(refusal) => return Some(Outcome::refuse(refusal)),
        }
    }
    let say = Some(
        "Five rules to begin with. {edit} changes one, {delete} takes one out, {undo} takes all back."
            .to_string()
            .into(),
    );
    Some(Outcome::Commit(Commit { say, ..Commit::new(all) }))
}

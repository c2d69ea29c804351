//! The Definition of Done: five rules to begin with.

use crate::actions::Context;
use crate::actions::edit::{Place, add};
use crate::model::change::Step;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::tui::command::{Commit, Outcome};
use crate::tui::ui::Ui;
use crate::tui::widget::editor::not_yours;

/// What many teams begin with. Each is changed, explained or thrown out by the team that takes it.
const USUAL: [(&str, &str); 5] = [
    ("Every acceptance criterion was shown to somebody", "What nobody has seen working is a hope."),
    ("A second person has read the change", "The one who wrote it sees what was meant, not what is there."),
    ("Tests pass, and one of them fails without the change", "A test that cannot fail protects nothing."),
    ("Help and release notes say what is new", "People cannot use what they do not know of."),
    ("It can be released today, without further work", "An Increment that waits for something is not done."),
];

/// Enter where no rule stands yet puts the usual ones in; nothing where there are some.
pub fn begin(ui: &mut Ui, product: &Product, context: &mut Context) -> Option<Outcome> {
    if ui.row_at_cursor().is_some() || !product.table(Kind::DoneRule).order().is_empty() {
        return None;
    }
    if !ui.role.owns(Kind::DoneRule.owner()) {
        return Some(Outcome::refuse(not_yours(ui, product, Kind::DoneRule.owner(), "the Definition of Done")));
    }
    let mut all = Step::new("Began the Definition of Done with five rules");
    let ranks = crate::actions::edit::ranks_at(product, Kind::DoneRule, Place::Bottom, USUAL.len(), &[]);
    let (text, because) = (Kind::DoneRule.field("text")?, Kind::DoneRule.field("because")?);
    for ((rule, reason), rank) in USUAL.iter().zip(ranks) {
        // Why a rule exists is the PM's to say: a PO alone begins with the rules.
        let mut cells = vec![(text, (*rule).into())];
        cells.extend(ui.role.owns(because.owner).then(|| (because, (*reason).into())));
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
    let say =
        Some("Five rules to begin with. {edit} changes one, {delete} takes one out, {undo} takes all back.".into());
    Some(Outcome::Commit(Commit { say, ..Commit::new(all) }))
}

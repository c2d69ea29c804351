//! One's own open proposal about the field at hand: it is opened in place of the value, and ends where that is typed again.

use crate::actions::Context;
use crate::actions::proposal::withdraw;
use crate::insight::proposals::{open_on, wanted};
use crate::insight::text::text;
use crate::model::change::Step;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Proposal;
use crate::tui::state::access::proposes;
use crate::tui::state::contract::Say;
use crate::tui::state::ui::Ui;
use crate::tui::widget::wanted::in_a_line;

/// One's own open proposal about just this field, with the text that it asks for.
pub fn own_wish(ui: &Ui, product: &Product, record: Id, field: &'static Field) -> Option<(Id, String)> {
    if !proposes(ui, field) {
        return None;
    }
    let own = open_on(product, record).into_iter().filter(|one| *one.by == *ui.by);
    let wish = |one: &Proposal| match wanted(one).as_slice() {
        [change] if change.id == record && change.field == field => Some((one.id, text(product, field, &change.to))),
        _ => None,
    };
    own.filter_map(wish).next_back()
}

/// Takes one's own proposals about just this field of these records back, now that the value as it is was typed again.
/// `None` if there are none.
pub fn withdrawn(product: &Product, ids: &[Id], field: &'static Field, context: &Context) -> Option<(Step, Say)> {
    let is_it = |one: &&Proposal, on: Id| {
        let all = wanted(one);
        *one.by == *context.by && matches!(all.as_slice(), [change] if change.id == on && change.field == field)
    };
    let own = ids.iter().flat_map(|on| open_on(product, *on).into_iter().filter(move |one| is_it(one, *on)));
    let own: Vec<&Proposal> = own.collect();
    let mut step = Step::default();
    for one in &own {
        step.join(withdraw(product, one.id, context).ok()?);
    }
    let names: Vec<String> = own.iter().map(|one| product.name_of(one.id)).collect();
    let on = ids.first().copied()?;
    let value = in_a_line(product, field, &product.value(on, field));
    let say = match (names.as_slice(), ids) {
        ([], _) => return None,
        ([one], [_]) => {
            let what = field.head_of(product.name_of(on));
            format!("Took your proposal {one} back. {what}: still {value}. {{undo}} brings it back.")
        }
        ([one], _) => format!("Took your proposal {one} back. {{undo}} brings it back."),
        (many, _) => format!("Took your proposals {} back. {{undo}} brings them back.", many.join(", ")),
    };
    Some((step, say.into()))
}

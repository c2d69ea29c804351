//! What happens to a story on its way.

use crate::deeds::{Context, Deed, wrong_kind};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{BacklogItem, ItemStatus, Kind};
use crate::model::value::Cell;

pub const STATUS: Deed = Deed {
    name: "item.status",
    hint: "Moves a story on: to do, doing, to accept, done, or dropped.",
    with: &[
        ("on", "the story"),
        ("to", "to_do, doing, to_accept, done or dropped"),
        ("tick", "for done: \"all\" ticks the criteria that are open"),
    ],
    run: |product, args, context| {
        let (_, id) = args.record("on")?;
        let to = ItemStatus::from_text(args.needed("to")?).map_err(|why| Refusal::new(why, "Nothing was changed."))?;
        status(product, &[id], to, args.text("tick") == Some("all"), context)
    },
};

/// Moves stories on. Done asks that every acceptance criterion is met.
pub fn status(
    product: &Product,
    ids: &[Id],
    to: ItemStatus,
    tick: bool,
    context: &mut Context,
) -> Result<Step, Refusal> {
    let mut step = Step::default();
    for id in ids {
        let item = product.get::<BacklogItem>(*id).ok_or_else(|| wrong_kind(product, *id, Kind::BacklogItem))?;
        let open = item.criteria.iter().filter(|criterion| !criterion.met).count();
        if to == ItemStatus::Done && open > 0 && !tick {
            return Err(Refusal::new(
                format!("{} has {open} of {} criteria open.", product.name_of(*id), item.criteria.len()),
                "Tick them first; nothing was changed.",
            ));
        }
        let ended = matches!(to, ItemStatus::Done | ItemStatus::Dropped);
        let now = context.now;
        let one = product.edit::<BacklogItem>(*id, "", |item| {
            if to == ItemStatus::Done && tick {
                item.criteria.iter_mut().for_each(|criterion| criterion.met = true);
            }
            if item.status != to {
                item.status = to;
                item.closed = ended.then_some(now);
            }
        });
        step.changes.extend(one.changes);
    }
    step.label = match ids {
        [one] => format!("{} is {}", product.name_of(*one), to.label()),
        _ => format!("{} stories are {}", ids.len(), to.label()),
    };
    Ok(step)
}

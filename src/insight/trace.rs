//! The trace from any record up to the vision, and where it breaks.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Goal, Kind, ProductGoal, RoadmapItem};
use crate::model::value::Confirmation;

/// One node of the trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceNode {
    pub kind: Kind,
    pub id: Id,
    /// `S24`, `R2`, `G1`.
    pub name: String,
    pub title: String,
    /// Confirmed against an older text of the node above.
    pub suspect: bool,
}

/// The chain from a record upwards, nearest first, and descriptions of its breaks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Thread {
    pub knots: Vec<TraceNode>,
    pub breaks: Vec<String>,
}

/// Follows what the record serves. Of several targets, the first existing one is followed, the others are listed beside
/// it.
pub fn thread(product: &Product, from: Id) -> Thread {
    let mut out = Thread::default();
    let mut at = Some(from);
    while let Some(id) = at {
        if out.knots.iter().any(|knot| knot.id == id) {
            out.breaks.push(format!("{} leads back to itself.", product.name_of(id)));
            return out;
        }
        let Some(record) = product.find(id) else {
            out.breaks.push("It points at something that no longer exists.".to_string());
            return out;
        };
        if !record.is_alive() {
            out.breaks.push(format!("{} was deleted.", record.name()));
        }
        let (up, confirmed) = above(product, id, record.kind());
        let suspect = !suspects(product, confirmed).is_empty();
        out.knots.push(TraceNode { kind: record.kind(), id, name: record.name(), title: record.title(), suspect });
        at = up.first().copied();
        if at.is_none() && record.kind() != Kind::VisionBoard {
            match record.kind() {
                Kind::Goal | Kind::ProductGoal => at = product.vision().map(|vision| vision.id),
                _ => out.breaks.push(format!("{} serves nothing yet.", record.name())),
            }
        }
    }
    if product.vision().is_some_and(|vision| vision.vision.is_empty()) {
        out.breaks.push("The vision is not written yet.".to_string());
    }
    out
}

/// What the record serves directly, and its confirmations.
fn above(product: &Product, id: Id, kind: Kind) -> (Vec<Id>, &[Confirmation]) {
    match kind {
        Kind::BacklogItem => product
            .get::<BacklogItem>(id)
            .map_or((Vec::new(), &[]), |one| (one.serves.into_iter().collect(), &one.confirmed[..])),
        Kind::RoadmapItem => {
            product.get::<RoadmapItem>(id).map_or((Vec::new(), &[]), |one| (one.serves.clone(), &one.confirmed[..]))
        }
        Kind::ProductGoal => {
            product.get::<ProductGoal>(id).map_or((Vec::new(), &[]), |one| (one.serves.clone(), &one.confirmed[..]))
        }
        Kind::Goal => product.get::<Goal>(id).map_or((Vec::new(), &[]), |one| (Vec::new(), &one.confirmed[..])),
        _ => (Vec::new(), &[]),
    }
}

/// The current token of a why.
pub fn token(product: &Product, why: Id) -> Option<Id> {
    match product.find(why)?.kind() {
        Kind::RoadmapItem => product.get::<RoadmapItem>(why)?.why_rev.0,
        Kind::Goal => product.get::<Goal>(why)?.why_rev.0,
        Kind::ProductGoal => product.get::<ProductGoal>(why)?.why_rev.0,
        Kind::VisionBoard => product.vision()?.why_rev.0,
        _ => None,
    }
}

/// Links that were confirmed against an older text.
pub fn suspects(product: &Product, confirmed: &[Confirmation]) -> Vec<Id> {
    confirmed.iter().filter(|one| token(product, one.on) != one.rev).map(|one| one.on).collect()
}

/// The state of a story's link to its why: agreed, or to be reviewed.
pub fn is_suspect(product: &Product, item: &BacklogItem) -> bool {
    !item.confirmed.is_empty() && !suspects(product, &item.confirmed).is_empty()
}

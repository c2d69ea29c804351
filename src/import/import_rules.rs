//! Cells of imported records that a product would refuse: they are left out and listed, so that one of them does not
//! fail the whole import. The rules themselves are in the model.

use crate::import::found::{Found, Identity, Tally};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::FROZEN;
use crate::model::schema::{GoalState, Kind, ProductGoal, Sprint, SprintState, Stage};
use crate::model::value::{Cell, Day, LONGEST_TEXT, Value};

/// A cell to be imported.
pub type Cellular = (&'static Field, Value);

/// Things of which there can be only one.
#[derive(Default)]
pub struct Fits {
    active_sprint: Option<Id>,
    active_goal: Option<Id>,
}

impl Fits {
    pub fn new(found: &Found, product: &Product) -> Fits {
        // One that the file itself ends makes room.
        let ends = |kind: Kind, id: Id| {
            found.records.iter().any(|record| {
                record.kind == kind
                    && record.identity == Identity::Own(id)
                    && kind
                        .field("state")
                        .and_then(|field| record.value(field))
                        .is_some_and(|state| state.as_str() != Some("active"))
            })
        };
        let sprint = product.all::<Sprint>().find(|one| one.state == SprintState::Active).map(|one| one.id);
        let goal = product.all::<ProductGoal>().find(|one| one.state == GoalState::Active).map(|one| one.id);
        Fits {
            active_sprint: sprint.filter(|id| !ends(Kind::Sprint, *id)),
            active_goal: goal.filter(|id| !ends(Kind::ProductGoal, *id)),
        }
    }

    /// Removes the cells that cannot be imported, and lists them.
    pub fn sift(
        &mut self,
        product: &Product,
        id: Id,
        kind: Kind,
        name: &str,
        cells: &mut Vec<Cellular>,
        out: &mut Tally,
    ) {
        match kind {
            Kind::Sprint => self.sprint(product, id, name, cells, out),
            Kind::ProductGoal => {
                only_one(
                    &mut self.active_goal,
                    id,
                    cells,
                    "a second active Product Goal: imported as a draft",
                    name,
                    out,
                );
            }
            Kind::VisionBoard => stage(product, id, cells, out),
            _ => {}
        }
    }

    fn sprint(&mut self, product: &Product, id: Id, name: &str, cells: &mut Vec<Cellular>, out: &mut Tally) {
        only_one(&mut self.active_sprint, id, cells, "a second running sprint: imported as planned", name, out);
        let known = product.get::<Sprint>(id);
        let stays_closed = known
            .is_some_and(|sprint| matches!(sprint.state, SprintState::Closed | SprintState::Cancelled))
            && !cells.iter().any(|(field, _)| field.key == "state");
        if stays_closed {
            drop_cells(cells, FROZEN, "figures of closed sprints, which cannot change", name, out);
        }
        let day = |key: &str, mine: Option<Day>| {
            let cell = cells.iter().find(|(field, _)| field.key == key);
            cell.map_or(mine, |(_, value)| Option::<Day>::from_value(value).unwrap_or_default())
        };
        let start = day("start", known.and_then(|sprint| sprint.start));
        let end = day("end", known.and_then(|sprint| sprint.end));
        if start.zip(end).is_some_and(|(start, end)| end < start) {
            drop_cells(
                cells,
                &["end", "start"],
                "sprints that end before they start: imported without dates",
                name,
                out,
            );
        }
    }
}

/// The length of a text that exceeds the limit of a field.
pub fn too_long(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.len()).filter(|length| *length > LONGEST_TEXT),
        Value::Array(all) => all.iter().filter_map(too_long).max(),
        Value::Object(all) => all.values().filter_map(too_long).max(),
        _ => None,
    }
}

fn drop_cells(cells: &mut Vec<Cellular>, keys: &[&str], what: &str, name: &str, out: &mut Tally) {
    let before = cells.len();
    cells.retain(|(field, _)| !keys.contains(&field.key));
    if cells.len() < before {
        out.add(what, name);
    }
}

fn only_one(active: &mut Option<Id>, id: Id, cells: &mut Vec<Cellular>, what: &str, name: &str, out: &mut Tally) {
    let becomes = cells.iter().any(|(field, value)| field.key == "state" && value.as_str() == Some("active"));
    if !becomes {
        return;
    }
    if active.is_some_and(|other| other != id) {
        drop_cells(cells, &["state"], what, name, out);
    } else {
        *active = Some(id);
    }
}

/// A product's life goes back by one stage at a time.
fn stage(product: &Product, id: Id, cells: &mut Vec<Cellular>, out: &mut Tally) {
    let place = |stage: Stage| Stage::ALL.iter().position(|one| *one == stage).unwrap_or(0);
    let mine = product.vision().filter(|board| board.id == id).map_or(0, |board| place(board.stage));
    let back = cells.iter().any(|(field, value)| {
        field.key == "stage" && place(Stage::from_value(value).unwrap_or_default()).saturating_add(1) < mine
    });
    if back {
        drop_cells(cells, &["stage"], "a stage far before the product's own, left out", "", out);
    }
}

//! Which records link to which, according to the field table: a link field names the kinds to which it can point, and
//! everything else follows. Used by undo, the rules, suspect links, the trace, filters, deletion and import.
//!
//! A record depends on a link whose targets all have a why: `serves`. Goals and Product Goals depend on the vision
//! without a field, because a product has only one.

use crate::model::change::Step;
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Kind};
use crate::model::value::Shape;
use rustc_hash::FxHashSet;
use std::sync::Arc;

impl Field {
    /// True if it links to other records.
    pub fn is_link(&self) -> bool {
        matches!(self.shape, Shape::Link | Shape::Links) && !self.targets.is_empty()
    }

    /// True if the record depends on the target of this link.
    pub fn is_why_link(&self) -> bool {
        self.is_link() && self.targets.iter().all(|kind| kind.is_why())
    }

    /// True if it can link to records of its own kind, so that following it could lead back to the start.
    pub fn may_circle(&self) -> bool {
        self.is_link() && self.targets.contains(&self.kind)
    }
}

impl Kind {
    /// The link fields, in the table's order.
    pub fn links(self) -> impl Iterator<Item = &'static Field> {
        self.fields().iter().filter(|field| field.is_link())
    }

    /// True if its records are confirmed against the vision, without a field for it. Stories are not: one word in the
    /// vision would ask about three hundred.
    pub fn is_under_vision(self) -> bool {
        matches!(self, Kind::Goal | Kind::ProductGoal | Kind::RoadmapItem)
    }

    /// True if its records have a why on which others depend and whose changes are tracked.
    pub fn is_why(self) -> bool {
        self.field("why_rev").is_some()
    }
}

impl dyn Record + '_ {
    /// The records to which one of its fields links. Empty if the field is not a link.
    pub fn links_of(&self, field: &Field) -> Vec<Id> {
        let mut out = Vec::new();
        (field.each_id)(self.as_any(), &mut |id| out.push(id));
        out
    }

    /// Every record to which it links, field by field.
    pub fn links(&self) -> Vec<(&'static Field, Id)> {
        let of = |field: &'static Field| self.links_of(field).into_iter().map(move |id| (field, id));
        self.kind().links().flat_map(of).collect()
    }

    /// What it depends on directly.
    pub fn whys(&self) -> Vec<Id> {
        self.kind().links().filter(|field| field.is_why_link()).flat_map(|field| self.links_of(field)).collect()
    }
}

impl Product {
    /// The existing records that link to this one, each with the linking field, by kind and in order.
    pub fn pointing_at(&self, id: Id) -> Vec<(&dyn Record, &'static Field)> {
        let mut out = Vec::new();
        self.each_link(|record, field, target| {
            if target == id {
                out.push((record, field));
            }
        });
        out
    }

    /// Everything that existing records link to or were confirmed against once a step is applied, except the records in
    /// `leave`.
    pub(super) fn pointed_at(&self, step: &Step, leave: &FxHashSet<Id>) -> FxHashSet<Id> {
        let relinked = step.changes.iter().filter(|one| one.field.is_link() && !leave.contains(&one.id));
        let mut out: FxHashSet<Id> = relinked.clone().flat_map(|one| Id::all_in(&one.to)).collect();
        let relinked: FxHashSet<(Id, &str)> = relinked.map(|one| (one.id, one.field.key)).collect();
        self.each_link(|record, field, target| {
            if !leave.contains(&record.id()) && !relinked.contains(&(record.id(), field.key)) {
                out.insert(target);
            }
        });
        for kind in Kind::ALL.iter().filter(|kind| kind.field("confirmed").is_some()) {
            for record in self.living(*kind).filter(|record| !leave.contains(&record.id())) {
                out.extend(record.confirmed().iter().map(|one| one.on));
            }
        }
        out
    }

    fn each_link<'a>(&'a self, mut see: impl FnMut(&'a dyn Record, &'static Field, Id)) {
        for kind in Kind::ALL {
            let fields: Vec<&'static Field> = kind.links().collect();
            for record in self.living(*kind) {
                for field in &fields {
                    (field.each_id)(record.as_any(), &mut |target| see(record, field, target));
                }
            }
        }
    }

    /// The existing records that depend on this one directly, by kind and in order. Goals depend on the vision.
    pub fn hanging_on(&self, id: Id) -> Vec<&dyn Record> {
        let Some(on) = self.find(id).map(|record| record.kind()) else { return Vec::new() };
        if on == Kind::VisionBoard {
            return self.living(Kind::Goal).collect();
        }
        if !on.is_why() {
            return Vec::new();
        }
        let mut out = Vec::new();
        for kind in Kind::ALL {
            let leads = |field: &&'static Field| field.is_why_link() && field.targets.contains(&on);
            let fields: Vec<&'static Field> = kind.links().filter(leads).collect();
            if fields.is_empty() {
                continue;
            }
            // The index has the stories by what they serve.
            if *kind == Kind::BacklogItem && fields.iter().all(|field| field.key == "serves") {
                let slots = self.index().under(Some(id)).slots.iter();
                out.extend(
                    slots
                        .filter_map(|slot| self.items().at(*slot))
                        .map(|item: &Arc<BacklogItem>| &**item as &dyn Record),
                );
                continue;
            }
            let hangs = |record: &&dyn Record| fields.iter().any(|field| record.links_of(field).contains(&id));
            out.extend(self.living(*kind).filter(hangs));
        }
        out
    }

    /// What a record was confirmed against and has changed since.
    pub fn changed_whys(&self, record: &dyn Record) -> Vec<Id> {
        let moved = |on: Id, rev: Option<Id>| self.find(on).and_then(|why| why.why_rev()) != rev;
        record.confirmed().iter().filter(|one| moved(one.on, one.rev)).map(|one| one.on).collect()
    }
}

//! Which records link to which, according to the field table: a link field names the kinds to which it can point, and
//! everything else follows. Used by undo, the rules, suspect links, the trace, filters, deletion and import.
//!
//! A record depends on a link whose targets all have a why: `serves`. Goals and Product Goals depend on the vision
//! without a field, because a product has only one.

use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::schema::Kind;
use crate::model::value::Shape;

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

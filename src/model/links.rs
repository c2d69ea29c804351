//! Who points at whom, read from the field table: a field of links names the kinds that it may lead to, and everything
//! else follows. Undo, the rules, suspect links, the chain of whys, filters, deletion and import ask here.
//!
//! A link whose targets all have a why is what a record hangs on: `serves`. Goals and Product Goals hang on the vision
//! without a field, since a product has one.

use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::schema::Kind;
use crate::model::value::Shape;

impl Field {
    /// It points at other records.
    pub fn is_link(&self) -> bool {
        matches!(self.shape, Shape::Link | Shape::Links) && !self.targets.is_empty()
    }

    /// The record hangs on what this link leads to.
    pub fn is_why_link(&self) -> bool {
        self.is_link() && self.targets.iter().all(|kind| kind.is_why())
    }

    /// It may lead to records of its own kind, so that following it could come back to where it began.
    pub fn may_circle(&self) -> bool {
        self.is_link() && self.targets.contains(&self.kind)
    }
}

impl Kind {
    /// The fields that point at other records, in the table's order.
    pub fn links(self) -> impl Iterator<Item = &'static Field> {
        self.fields().iter().filter(|field| field.is_link())
    }

    /// Its records have a why that others hang on and that is followed when it changes.
    pub fn is_why(self) -> bool {
        self.field("why_rev").is_some()
    }
}

impl dyn Record + '_ {
    /// The records that one of its fields leads to. Empty for a field that is no link.
    pub fn links_of(&self, field: &Field) -> Vec<Id> {
        let mut out = Vec::new();
        (field.each_id)(self.as_any(), &mut |id| out.push(id));
        out
    }

    /// Every record that it points at, field by field.
    pub fn links(&self) -> Vec<(&'static Field, Id)> {
        let of = |field: &'static Field| self.links_of(field).into_iter().map(move |id| (field, id));
        self.kind().links().flat_map(of).collect()
    }

    /// What it hangs on directly.
    pub fn whys(&self) -> Vec<Id> {
        self.kind().links().filter(|field| field.is_why_link()).flat_map(|field| self.links_of(field)).collect()
    }
}

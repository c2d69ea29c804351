//! Where three values of a cell meet: what the last import brought, what is here, and what the file says. Of single values
//! one stays; lists meet element by element. Also what a record remembers of a field for the next import.

use crate::import::matches::checksum;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::merge::{Met, meet};
use crate::model::schema::fields::item;
use crate::model::value::{Map, Shape, Value, When};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::sync::Arc;

/// What both sides began with.
#[derive(Clone, Debug, PartialEq)]
pub enum Base {
    /// The value itself, or the elements of a list.
    Value(Value),
    /// The checksum of a value.
    Checksum(Value),
}

/// The outcome for one field of a known record.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Same,
    /// Changed only there.
    Take,
    /// Changed only here.
    Keep,
    /// A list that changed on both sides, with what both did.
    Merge(Value),
    /// Changed on both sides, and only one value can stay.
    Differs,
}

impl Base {
    /// A value that is known as it was.
    pub fn of(field: &Field, value: Value) -> Base {
        Base::Value(elements(field, &value).unwrap_or_else(|| plainly(field, &value).into_owned()))
    }
}

/// Compares both sides with what they began with.
pub fn judge(field: &Field, base: &Base, mine: &Value, theirs: &Value) -> Verdict {
    if mine == theirs {
        return Verdict::Same;
    }
    let (mine, theirs) = (&*plainly(field, mine), &*plainly(field, theirs));
    let lists = elements(field, mine).zip(elements(field, theirs));
    if mine == theirs || lists.as_ref().is_some_and(|(mine, theirs)| is_same_list(field, mine, theirs)) {
        return Verdict::Same;
    }
    let is_base = |value: &Value, list: Option<&Value>| match base {
        Base::Value(base) => is_same_list(field, base, list.unwrap_or(value)),
        Base::Checksum(base) => !value.is_null() && checksum(value) == *base,
    };
    if is_base(theirs, lists.as_ref().map(|(_, theirs)| theirs)) {
        return Verdict::Keep;
    }
    if is_base(mine, lists.as_ref().map(|(mine, _)| mine)) {
        return Verdict::Take;
    }
    let (Some((mine, theirs)), Base::Value(base)) = (lists, base) else { return Verdict::Differs };
    let shape = if field.shape == Shape::Line { Shape::Labels } else { field.shape };
    match meet(shape, base, &mine, &theirs) {
        Met::Merged(to) => Verdict::Merge(whole(field, to)),
        Met::Torn => Verdict::Differs,
    }
}

/// The checksum that stands for the value of a field.
pub fn print_of(field: &Field, value: &Value) -> Value {
    checksum(&plainly(field, value))
}

/// A value for comparison: an instant is the same in every time zone.
fn plainly<'a>(field: &Field, value: &'a Value) -> Cow<'a, Value> {
    let time = value.as_str().filter(|_| field.shape == Shape::When).and_then(|text| When::parse(text).ok());
    match time {
        Some(When(time)) => Cow::Owned(When(time.to_utc().fixed_offset()).to_string().into()),
        None => Cow::Borrowed(value),
    }
}

/// The elements of a list; `None` for a single value. The people who work on a story are names in one line.
fn elements(field: &Field, value: &Value) -> Option<Value> {
    match field.shape {
        Shape::Labels | Shape::Links | Shape::Criteria | Shape::Tasks | Shape::Measures | Shape::Entries => {
            Some(value.clone())
        }
        Shape::Line if is_people(field) => {
            let names = value.as_str().unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
            let names: Vec<Value> = names.map(Value::from).collect();
            Some(if names.is_empty() { Value::Null } else { Value::from(names) })
        }
        _ => None,
    }
}

/// Whether two lists say the same: the order of labels, links and people means nothing.
fn is_same_list(field: &Field, a: &Value, b: &Value) -> bool {
    let is_set = matches!(field.shape, Shape::Labels | Shape::Links) || is_people(field);
    a == b || (is_set && has_same(a, b))
}

/// Whether two lists have the same elements, in any order.
pub fn has_same(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_array(), b.as_array()) else { return a == b };
    let count = |all: &[Value], one: &Value| all.iter().filter(|other| *other == one).count();
    a.len() == b.len() && a.iter().all(|one| count(a, one) == count(b, one))
}

fn is_people(field: &Field) -> bool {
    field == item::assignee().field
}

/// The value that has these elements.
fn whole(field: &Field, list: Value) -> Value {
    match list {
        Value::Array(names) if is_people(field) => {
            names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ").into()
        }
        list => list,
    }
}

/// What the last import brought, as a source remembers it.
pub fn base_of(known: &Map, field: &Field) -> Base {
    match known.get(field.key) {
        None => Base::Value(Value::Null),
        Some(Value::String(checksum)) => Base::Checksum((&**checksum).into()),
        Some(list) => Base::Value(list.clone()),
    }
}

/// Remembers what a file says: of a list its elements, of everything else a checksum.
pub fn remember(known: &mut Map, field: &Field, value: &Value) {
    match elements(field, value) {
        Some(Value::Null) => drop(known.remove(field.key)),
        _ if value.is_null() => drop(known.remove(field.key)),
        // What is known already is not written again for another order.
        Some(list) if known.get(field.key).is_some_and(|known| is_same_list(field, known, &list)) => {}
        Some(list) => drop(known.insert(field.key, list)),
        None => drop(known.insert(field.key, print_of(field, value))),
    }
}

/// Remembers what was remembered before, for a value that was not taken.
pub fn put_back(known: &mut Map, before: &Map, field: &Field) {
    match before.get(field.key) {
        Some(old) => drop(known.insert(field.key, old.clone())),
        None => drop(known.remove(field.key)),
    }
}

/// Forgets the links of a list that were not taken.
pub fn forget_links(known: &mut Map, field: &Field, gone: &FxHashSet<Id>) {
    let Some(Value::Array(all)) = known.get_mut(field.key) else { return };
    let all = Arc::make_mut(all);
    all.retain(|one| one.as_str().and_then(Id::parse).is_none_or(|id| !gone.contains(&id)));
    if all.is_empty() {
        known.remove(field.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::model::schema::Kind;

    fn field(key: &str) -> &'static Field {
        Kind::BacklogItem.field(key).unwrap()
    }

    /// What the three values of a field become.
    fn met(key: &str, base: &Value, mine: &Value, theirs: &Value) -> Verdict {
        let mut known = Map::new();
        remember(&mut known, field(key), base);
        judge(field(key), &base_of(&known, field(key)), mine, theirs)
    }

    #[test]
    fn labels_and_people_meet_one_by_one() {
        let to = |value: Value| Verdict::Merge(value);
        let (base, mine, theirs) = (json!(["a", "b", "c"]), json!(["a", "c", "mine"]), json!(["a", "b", "theirs"]));
        assert_eq!(met("labels", &base, &mine, &theirs), to(json!(["a", "mine", "theirs"])));
        assert_eq!(met("labels", &base, &mine, &base), Verdict::Keep);
        assert_eq!(met("labels", &base, &base, &theirs), Verdict::Take);
        assert_eq!(met("labels", &Value::Null, &json!(["x"]), &json!(["y"])), to(json!(["x", "y"])));
        assert_eq!(met("labels", &json!(["x"]), &Value::Null, &json!(["x", "y"])), to(json!(["y"])));
        let (base, mine, theirs) = (json!("ida, omar"), json!("ida, mia"), json!("omar, ida, zoe"));
        assert_eq!(met("assignee", &base, &mine, &theirs), to(json!("ida, zoe, mia")));
        assert_eq!(met("title", &base, &mine, &theirs), Verdict::Differs);
    }

    #[test]
    fn another_order_is_no_change() {
        let (ab, ba) = (json!(["a", "b"]), json!(["b", "a"]));
        assert_eq!(met("labels", &ab, &ab, &ba), Verdict::Same);
        assert_eq!(met("labels", &ab, &json!(["a", "b", "mine"]), &ba), Verdict::Keep);
        assert_eq!(met("labels", &ab, &ba, &json!(["a", "c"])), Verdict::Take);
        assert_eq!(met("assignee", &json!("ida, omar"), &json!("ida, omar"), &json!("omar, ida")), Verdict::Same);
        assert_ne!(met("labels", &ab, &ab, &json!(["a", "a"])), Verdict::Same, "a set of its own");
        let tasks = |one: &str, two: &str| json!([{"text": one}, {"text": two}]);
        assert_eq!(
            met("tasks", &tasks("a", "b"), &tasks("a", "b"), &tasks("b", "a")),
            Verdict::Take,
            "tasks have an order"
        );
        let mut known = Map::new();
        remember(&mut known, field("labels"), &ab);
        remember(&mut known, field("labels"), &ba);
        assert_eq!(known["labels"], ab, "nothing is written for another order");
    }

    #[test]
    fn what_was_ticked_here_stays() {
        let base = json!([{"text": "a"}, {"text": "b"}]);
        let mine = json!([{"text": "a", "done": true}, {"text": "b"}, {"text": "mine"}]);
        let theirs = json!([{"text": "a"}, {"text": "b", "done": true}, {"text": "c"}]);
        let all = json!([{"text": "a", "done": true}, {"text": "b", "done": true}, {"text": "c"}, {"text": "mine"}]);
        assert_eq!(met("tasks", &base, &mine, &theirs), Verdict::Merge(all));
    }

    #[test]
    fn an_instant_is_the_same_in_every_time_zone() {
        let (here, there) = (json!("2026-01-05T09:00:00+01:00"), json!("2026-01-05T08:00:00Z"));
        assert_eq!(met("closed", &here, &here, &there), Verdict::Same);
        assert_eq!(met("closed", &here, &json!("2026-01-06T08:00:00Z"), &there), Verdict::Keep);
    }

    #[test]
    fn a_list_remembered_as_a_checksum_has_no_elements() {
        let known = Map::from_iter([("labels".to_string(), checksum(&json!(["a"])))]);
        let base = base_of(&known, field("labels"));
        let judged = |mine: Value, theirs: Value| judge(field("labels"), &base, &mine, &theirs);
        assert_eq!(judged(json!(["a"]), json!(["b"])), Verdict::Take);
        assert_eq!(judged(json!(["b"]), json!(["a"])), Verdict::Keep);
        assert_eq!(judged(json!(["b"]), json!(["c"])), Verdict::Differs);
    }

    #[test]
    fn links_that_were_not_taken_are_forgotten() {
        let (a, b) = (Id::from_bits(1), Id::from_bits(2));
        let mut known = Map::new();
        remember(&mut known, field("depends_on"), &json!([a.to_string(), b.to_string()]));
        forget_links(&mut known, field("depends_on"), &FxHashSet::from_iter([b]));
        assert_eq!(known["depends_on"], json!([a.to_string()]));
        forget_links(&mut known, field("depends_on"), &FxHashSet::from_iter([a]));
        assert!(known.is_empty());
    }
}

//! Laws of links, for every link field of the table and every kind that it may lead to: a field that is added to the table
//! is covered without a line here.

use crate::harness::scratch::noon;
use crate::harness::trial::parse;
use whyhow::import::{Found, ImportPlan, Terms, plan};
use whyhow::insight::broken_links::loose_links;
use whyhow::insight::describe_change::set_off;
use whyhow::insight::trace::{hanging, thread};
use whyhow::model::admit::{Submission, admit};
use whyhow::model::change::{Change, Origin, Step};
use whyhow::model::derived_cells::Stamp;
use whyhow::model::field::Field;
use whyhow::model::id::{Id, IdSource};
use whyhow::model::product::Product;
use whyhow::model::rebase::Rebased;
use whyhow::model::role::{Owner, Role};
use whyhow::model::rules::{Refusal, Rule, hold};
use whyhow::model::schema::Kind;
use whyhow::model::value::{Life, Shape, Value};
use whyhow::options::Options;
use whyhow::store::concurrent::fit;
use whyhow::store::journal::LoggedStep;
use whyhow::tui::state::filter::{Filter, FilterContext, keep};

const FROM: Id = Id::from_bits(1001);
const TO: Id = Id::from_bits(1002);
const OTHER: Id = Id::from_bits(1003);

struct Desk {
    product: Product,
    steps: u64,
}

impl Desk {
    fn take(&mut self, step: &Step, origin: Origin) -> Result<Rebased, Refusal> {
        self.steps += 1;
        let stamp = Stamp { step: Id::from_bits(1 << 40 | self.steps), by: "Omar".into(), at: noon(), alone: false };
        let submission = Submission { step, origin, role: Role::Both, stamp: &stamp };
        admit(&mut self.product, submission, &|_, _| String::new())
    }

    /// A product with a vision, and nothing else.
    fn new() -> Desk {
        let mut desk = Desk { product: Product::default(), steps: 0 };
        desk.make(Kind::VisionBoard, Id::from_bits(1000));
        desk
    }

    fn make(&mut self, kind: Kind, id: Id) -> Step {
        let mut step = Step::new("Added");
        let set = |key: &str, to: Value| Change { id, field: kind.field(key).unwrap(), from: Value::Null, to };
        step.changes.push(set("alive", true.into()));
        let title = kind.title_field().filter(|field| matches!(field.shape, Shape::Line | Shape::Prose));
        step.changes.extend(title.map(|field| set(field.key, "One".into())));
        self.take(&step, Origin::Edit).unwrap().step
    }

    fn set(&mut self, id: Id, field: &'static Field, to: Value) -> Result<Rebased, Refusal> {
        let changes = self.product.set(id, field, &to).unwrap().into_iter().collect();
        self.take(&Step { label: "Set".into(), changes }, Origin::Edit)
    }

    fn delete(&mut self, kind: Kind, id: Id) -> Step {
        self.set(id, kind.field("alive").unwrap(), false.into()).unwrap().step
    }

    fn life(&self, kind: Kind, id: Id) -> Life {
        self.product.table(kind).find(id).map_or(Life::Nothing, |record| record.life())
    }
}

/// The value of a link field that leads to this record.
fn to(field: &Field, id: Id) -> Value {
    match field.shape {
        Shape::Link => id.to_string().into(),
        _ => vec![id.to_string()].into(),
    }
}

/// Every link field with every kind that it may lead to.
fn links() -> Vec<(&'static Field, Kind)> {
    let fields = Kind::ALL.iter().flat_map(|kind| kind.links());
    let all: Vec<_> = fields.flat_map(|field| field.targets.iter().map(move |kind| (field, *kind))).collect();
    assert!(all.len() > 15, "{all:?}");
    all
}

/// A record of the field's kind that points at one of the target kind, and the steps that made the target and the link.
fn linked(field: &'static Field, kind: Kind) -> (Desk, Step, Step) {
    let mut desk = Desk::new();
    desk.make(field.kind, FROM);
    let made = desk.make(kind, TO);
    let link = desk.set(FROM, field, to(field, TO)).unwrap().step;
    (desk, made, link)
}

#[test]
fn every_shape_of_a_link_is_in_the_table_of_links() {
    let by_hand = |field: &&Field| field.owner != Owner::System;
    for field in Kind::ALL.iter().flat_map(|kind| kind.fields()).filter(by_hand) {
        assert_eq!(field.is_link(), matches!(field.shape, Shape::Link | Shape::Links), "{field:?} names no target");
    }
}

#[test]
fn a_link_is_found_from_both_ends() {
    for (field, kind) in links() {
        let (desk, ..) = linked(field, kind);
        let record = desk.product.find(FROM).unwrap();
        assert_eq!(record.links(), [(field, TO)], "{field:?}");
        let pointing: Vec<_> = desk.product.pointing_at(TO).iter().map(|(one, by)| (one.id(), *by)).collect();
        assert_eq!(pointing, [(FROM, field)], "{field:?} to {kind:?}");
        assert!(desk.product.pointing_at(FROM).is_empty());
        assert!(loose_links(&desk.product).is_empty(), "{field:?}");
    }
}

#[test]
fn a_link_leads_to_a_living_record_of_a_kind_that_it_takes() {
    for (field, kind) in links() {
        let (mut desk, ..) = linked(field, kind);
        for wrong in Kind::ALL.iter().filter(|kind| !field.targets.contains(kind) && **kind != Kind::VisionBoard) {
            let mut desk = Desk::new();
            desk.make(field.kind, FROM);
            desk.make(*wrong, TO);
            assert!(desk.set(FROM, field, to(field, TO)).is_err(), "{field:?} takes a {wrong:?}");
        }
        assert!(desk.set(FROM, field, to(field, FROM)).is_err(), "{field:?} leads to its own record");
        assert!(desk.set(FROM, field, to(field, OTHER)).is_err(), "{field:?} leads to nothing");
        desk.make(field.kind, OTHER);
        desk.delete(kind, TO);
        assert!(desk.set(OTHER, field, to(field, TO)).is_err(), "{field:?} leads to a deleted record");
        assert_eq!(loose_links(&desk.product).len(), 1, "{field:?} to a deleted record is reported");
    }
}

#[test]
fn a_link_does_not_lead_back_to_where_it_began() {
    for field in Kind::ALL.iter().flat_map(|kind| kind.links()).filter(|field| field.may_circle()) {
        let (mut desk, ..) = linked(field, field.kind);
        assert!(desk.set(TO, field, to(field, FROM)).is_err(), "{field:?}");
        // Of two links that close a circle in one step, the later one is at fault, whatever else the step says.
        let mut desk = Desk::new();
        for id in [FROM, TO] {
            desk.make(field.kind, id);
        }
        let change = |id, other| Change { id, field, from: Value::Null, to: to(field, other) };
        let step = Step { label: "Set".into(), changes: vec![change(FROM, TO), change(TO, FROM)] };
        let mut after = desk.product.clone();
        after.apply(&step).unwrap();
        let violation = hold(&after, &step, Origin::Edit).unwrap_err();
        assert_eq!((violation.rule, violation.changes, violation.targets), (Rule::Circle, vec![1], vec![FROM]));
        // A link that turns around is none.
        let (mut desk, ..) = linked(field, field.kind);
        let changes = vec![change(TO, FROM), Change { id: FROM, field, from: to(field, TO), to: Value::Null }];
        desk.take(&Step { label: "Turned".into(), changes }, Origin::Edit).unwrap();
    }
}

#[test]
fn what_others_point_at_is_deleted_by_undo_and_not_forgotten() {
    for (field, kind) in links() {
        let (mut desk, made, link) = linked(field, kind);
        desk.take(&made.invert(), Origin::Undo).unwrap();
        assert_eq!(desk.life(kind, TO), Life::Deleted, "{field:?} to {kind:?}");
        // Without the link, taking the addition back leaves nothing.
        let (mut desk, ..) = linked(field, kind);
        desk.take(&link.invert(), Origin::Undo).unwrap();
        desk.take(&made.invert(), Origin::Undo).unwrap();
        assert_eq!(desk.life(kind, TO), Life::Nothing, "{field:?} to {kind:?}");
        // A link that comes back does not lead to what never was.
        let back = desk.take(&link, Origin::Undo).unwrap();
        assert!(back.step.changes.iter().all(|change| change.field != field), "{field:?} to {kind:?}");
    }
}

#[test]
fn a_deletion_gives_way_to_a_link_that_it_had_not_seen() {
    for (field, kind) in links() {
        let (mut desk, _, link) = linked(field, kind);
        let logged = |step: &Step| LoggedStep {
            id: Id::from_bits(5),
            session: Id::from_bits(6),
            n: 1,
            time: noon(),
            by: "Mia".into(),
            role: Role::Both,
            undoes: None,
            redoes: None,
            fence: false,
            seen: None,
            step: step.clone(),
        };
        let alive = kind.field("alive").unwrap();
        let gone = Change { id: TO, field: alive, from: true.into(), to: false.into() };
        let deletion = Step { label: "Deleted".into(), changes: vec![gone] };
        assert!(fit(&desk.product, &deletion, Origin::Edit, &[&logged(&link)]).is_err(), "{field:?} to {kind:?}");
        assert!(fit(&desk.product, &deletion, Origin::Edit, &[]).is_ok());
        // And a record made under something that was deleted meanwhile comes without that link.
        let deleted = desk.delete(kind, TO);
        let alive = Change { id: OTHER, field: field.kind.field("alive").unwrap(), from: Value::Null, to: true.into() };
        let lead = Change { id: OTHER, field, from: Value::Null, to: to(field, TO) };
        let made = Step { label: "Added".into(), changes: vec![alive.clone(), lead] };
        let (taken, left) = fit(&desk.product, &made, Origin::Edit, &[&logged(&deleted)]).unwrap();
        assert_eq!((taken.changes, left.len()), (vec![alive], 1), "{field:?} to {kind:?}");
    }
}

#[test]
fn what_hangs_on_a_why_is_followed_when_it_changes() {
    let mut seen = 0;
    for (field, kind) in links() {
        let (mut desk, ..) = linked(field, kind);
        let hangs: Vec<Id> = desk.product.hanging_on(TO).iter().map(|one| one.id()).collect();
        assert_eq!(hangs == [FROM], field.is_why_link(), "{field:?} to {kind:?}");
        assert_eq!(hanging(&desk.product, &[TO]).len(), hangs.len(), "deleting it is warned of");
        if !field.is_why_link() {
            continue;
        }
        assert!(hanging(&desk.product, &[TO, FROM]).is_empty(), "what goes too loses nothing");
        let chain: Vec<Id> = thread(&desk.product, FROM).knots.iter().map(|node| node.id).collect();
        assert_eq!(chain.get(..2), Some(&[FROM, TO][..]), "{field:?} to {kind:?}");
        if field.kind.field("confirmed").is_none() {
            continue;
        }
        seen += 1;
        let unsure = |desk: &Desk| {
            desk.product.table(field.kind).find(FROM).is_some_and(|one| !desk.product.changed_whys(one).is_empty())
        };
        assert!(!unsure(&desk), "who links has just seen the why");
        let reason = kind.fields().iter().find(|one| one.is_reason() && !one.is_link()).unwrap();
        let to = reason.from_text("Something else altogether").unwrap();
        let changed = desk.set(TO, reason, to).unwrap().step;
        assert!(unsure(&desk), "{field:?} to {kind:?}");
        assert_eq!(set_off(&desk.product, &changed), [FROM]);
        let unsure = [Filter::Unsure];
        let context = FilterContext::of(&desk.product, &unsure, "Omar");
        assert!(keep(&unsure, &desk.product, field.kind, FROM, &context));
        assert!(!keep(&unsure, &desk.product, kind, TO, &context));
        assert!(thread(&desk.product, FROM).knots[0].suspect);
    }
    assert!(seen > 4, "stories, roadmap items and Product Goals are confirmed");
}

/// A file of our own with every link of the field: to a good record, to nothing, to itself, to a record of another kind.
#[test]
fn an_import_keeps_the_good_links_and_lists_the_others() {
    for (field, kind) in links() {
        let wrong = Kind::ALL.iter().find(|one| !field.targets.contains(one) && **one != Kind::VisionBoard).unwrap();
        let all = [TO, OTHER, FROM, Id::from_bits(1004)];
        let value = match field.shape {
            Shape::Link => to(field, OTHER),
            _ => all.iter().map(|id| Value::from(id.to_string())).collect(),
        };
        let mut desk = Desk::new();
        desk.make(kind, TO);
        desk.make(*wrong, Id::from_bits(1004));
        let name = field.kind.title_field().unwrap().key;
        let record = whyhow::json!({"id": FROM.to_string(), name: "One", field.key: value});
        let file = whyhow::json!({"format": "1.0", field.kind.plural(): [record]}).to_string();
        let (planned, found) = planned(&desk.product, &file);
        assert!(planned.report.warnings.total() >= 1, "{field:?}: {:?}", planned.report);
        desk.take(&planned.step, Origin::Edit).unwrap_or_else(|refusal| panic!("{field:?}: {refusal}"));
        let record = desk.product.find(FROM).unwrap();
        let left: Vec<Id> = record.links().iter().filter(|(by, _)| *by == field).map(|(_, id)| *id).collect();
        let good = if field.shape == Shape::Link { vec![] } else { vec![TO] };
        assert_eq!(left, good, "{field:?} to {kind:?}");
        let again = plan(found.clone(), &desk.product, &mut IdSource::new(2, 0), &Terms::at(noon()));
        assert!(again.step.is_empty(), "{field:?}: a second import changes {:?}", again.step);
    }
}

fn planned(product: &Product, file: &str) -> (ImportPlan, Found) {
    let found = parse("own.json", file, &Options::default());
    (plan(found.clone(), product, &mut IdSource::new(1, 0), &Terms::at(noon())), found)
}

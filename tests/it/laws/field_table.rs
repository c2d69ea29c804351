//! Laws that hold for every kind and every field. All records and steps are made from the field table, so that a field
//! added tomorrow is tested without a word here.

use crate::harness::scratch::{Hand, founded, noon};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use whyhow::actions::edit::{Place, reorder};
use whyhow::model::change::{Change, Origin, Step, diff_records};
use whyhow::model::field::Field;
use whyhow::model::id::Id;
use whyhow::model::product::Product;
use whyhow::model::rebase::rebase;
use whyhow::model::role::{Owner, Role};
use whyhow::model::rules::{Access, access, permit, split};
use whyhow::model::schema::{Kind, blank};
use whyhow::model::value::{Life, Map, Shape, Value};
use whyhow::model::{derived_cells::Stamp, merge};
use whyhow::store::journal::{JournalLine, LoggedStep, scan};
use whyhow::store::snapshot;
use whyhow::store::write_request::WriteOutcome;

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// Few ids, so that steps meet each other. Each belongs to one kind.
const RECORDS: u64 = 4;

fn id_of(kind: Kind, nth: u64) -> Id {
    let place = Kind::ALL.iter().position(|one| *one == kind).unwrap() as u64;
    // A product has one vision board.
    let nth = if kind == Kind::VisionBoard { 0 } else { nth % RECORDS };
    Id::from_bits(1000 + place * RECORDS + nth)
}

fn any_id() -> impl Strategy<Value = String> {
    (select(Kind::ALL), 0..RECORDS).prop_map(|(kind, nth)| id_of(kind, nth).to_string())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-c \n]{0,12}",
        1 => "\\PC{0,16}",
        1 => any::<String>(),
        1 => Just("\u{1b}]52;c;aGk=\u{7}\u{202e}\u{0}\"\\".to_string()),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Also fractions that only the right last digit tells apart.
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..3)
                .prop_map(|map| map.into_iter().collect::<Map>().into()),
        ]
    })
}

fn amount() -> impl Strategy<Value = Value> {
    prop_oneof![(-1000i64..1000).prop_map(Value::from), (-99_999i64..99_999).prop_map(|n| (n as f64 / 100.0).into())]
}

fn day() -> impl Strategy<Value = String> {
    (1..9999u32, 1..13u32, 1..29u32).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"))
}

fn moment() -> impl Strategy<Value = String> {
    (day(), 0..24u32, 0..60u32, -14..14i32).prop_map(|(day, h, m, off)| {
        format!("{day}T{h:02}:{m:02}:00{}{:02}:00", if off < 0 { '-' } else { '+' }, off.abs())
    })
}

fn boxes(flag: &'static str) -> BoxedStrategy<Value> {
    let one = (text(), any::<bool>(), prop::option::of("[a-z]{1,8}")).prop_map(move |(text, ticked, id)| {
        let mut one = whyhow::json!({"text": text, flag: ticked});
        if let Some(id) = id {
            one["id"] = id.into();
        }
        one
    });
    prop::collection::vec(one, 0..4).prop_map(Value::from).boxed()
}

fn measure() -> BoxedStrategy<Value> {
    let reading = (day(), amount()).prop_map(|(day, value)| whyhow::json!({"day": day, "value": value}));
    (text(), text(), prop::option::of(amount()), prop::option::of(amount()), prop::collection::vec(reading, 0..3))
        .prop_map(|(name, unit, from, target, readings)| {
            whyhow::json!({"name": name, "unit": unit, "from": from, "target": target, "readings": readings})
        })
        .boxed()
}

/// Facts have no shape of their own: one of these fits, which the field itself decides.
fn fact() -> BoxedStrategy<Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        "[0-9A-Za-z]{0,6}".prop_map(Value::from),
        (0..50u32).prop_map(Value::from),
        any_id().prop_map(Value::from),
        (any_id(), any_id(), text(), moment())
            .prop_map(|(on, rev, by, at)| whyhow::json!([{"on": on, "rev": rev, "by": by, "at": at}])),
        (any_id(), amount(), moment())
            .prop_map(|(item, points, at)| whyhow::json!([{"item": item, "points": points, "added": at}])),
        (text(), text()).prop_map(|(system, key)| whyhow::json!({"system": system, "key": key})),
        (0..90u32).prop_map(|n| whyhow::json!({"item": n})),
        json(),
    ]
    .boxed()
}

/// Lines about other records, as sprints and done checks keep them.
fn entries() -> BoxedStrategy<Value> {
    let one = (any_id(), amount(), moment(), prop::option::of(moment()), text()).prop_map(
        |(id, points, at, done, by)| whyhow::json!({"item": id, "rule": id, "points": points, "added": at, "at": at, "by": by, "done": done}),
    );
    prop::collection::vec(one, 0..5).prop_map(Value::from).boxed()
}

/// A value that the field takes, as it keeps it.
fn value_for(field: &'static Field) -> BoxedStrategy<Value> {
    let raw: BoxedStrategy<Value> = match field.shape {
        Shape::Line | Shape::Prose => text().prop_map(Value::from).boxed(),
        Shape::Amount => amount().boxed(),
        Shape::Choice(all) => (0..all.len()).prop_map(|nth| Value::from(all[nth].key)).boxed(),
        Shape::Day => day().prop_map(Value::from).boxed(),
        Shape::When => moment().prop_map(Value::from).boxed(),
        Shape::Link => any_id().prop_map(Value::from).boxed(),
        Shape::Links => prop::collection::vec(any_id(), 0..4).prop_map(Value::from).boxed(),
        Shape::Labels => prop::collection::vec(text(), 0..4).prop_map(Value::from).boxed(),
        Shape::Criteria => boxes("met"),
        Shape::Tasks => boxes("done"),
        Shape::Measure => measure(),
        Shape::Measures => prop::collection::vec(measure(), 0..3).prop_map(Value::from).boxed(),
        Shape::Extra => prop::collection::btree_map("[a-z]{1,4}", json(), 0..3)
            .prop_map(|map| map.into_iter().collect::<Map>().into())
            .boxed(),
        Shape::Entries => entries(),
        Shape::Facts => fact(),
    };
    prop_oneof![1 => Just(Value::Null), 6 => raw].prop_map(|value| field.accept(&value).unwrap_or_default()).boxed()
}

/// What may be written by itself: life, place and number follow their own rules.
fn free_fields(kind: Kind) -> Vec<&'static Field> {
    kind.fields().iter().filter(|field| !matches!(field.key, "alive" | "unknown" | "last_numbers")).collect()
}

fn typed_fields() -> Vec<&'static Field> {
    Kind::ALL.iter().flat_map(|kind| kind.typed_fields()).collect()
}

/// A cell to write, not yet knowing what it holds now.
fn cell() -> impl Strategy<Value = (Id, &'static Field, Value)> {
    (select(Kind::ALL), 0..RECORDS).prop_flat_map(|(kind, nth)| {
        select(free_fields(kind))
            .prop_flat_map(move |field| value_for(field).prop_map(move |value| (id_of(kind, nth), field, value)))
    })
}

fn life() -> impl Strategy<Value = (Id, &'static Field, Value)> {
    (select(Kind::ALL), 0..RECORDS, select(vec![Value::Null, true.into(), true.into(), false.into()])).prop_map(
        |(kind, nth, to)| {
            let to = if kind == Kind::VisionBoard { true.into() } else { to };
            (id_of(kind, nth), kind.field("alive").unwrap(), to)
        },
    )
}

fn cells() -> impl Strategy<Value = Vec<(Id, &'static Field, Value)>> {
    prop::collection::vec(prop_oneof![4 => cell(), 1 => life()], 1..12)
}

/// A step that fits the product as it is.
fn step_on(product: &Product, cells: Vec<(Id, &'static Field, Value)>) -> Step {
    let mut step = Step::new("Wrote something");
    for (id, field, to) in cells {
        let from = product.value(id, field);
        let known = step.changes.iter().any(|change: &Change| change.id == id && change.field == field);
        if from != to && !known {
            step.changes.push(Change { id, field, from, to });
        }
    }
    step
}

/// A product with a few records of every kind and anything in their cells.
fn product() -> impl Strategy<Value = Product> {
    (prop::collection::vec(cell(), 0..40), prop::collection::vec(life(), 6..20)).prop_map(|(cells, lives)| {
        let mut product = Product::default();
        let made: Vec<Id> = lives.iter().map(|(id, ..)| *id).collect();
        let cells = cells.into_iter().filter(|(id, ..)| made.contains(id));
        let all = lives
            .into_iter()
            .map(|(id, field, to)| if to.is_null() { (id, field, true.into()) } else { (id, field, to) });
        let board = (id_of(Kind::VisionBoard, 0), Kind::VisionBoard.field("alive").unwrap(), true.into());
        let step = step_on(&product, std::iter::once(board).chain(all).chain(cells).collect());
        product.apply(&step).unwrap();
        product
    })
}

/// Records of nothing count for nothing, whatever their cells held.
fn same(a: &Product, b: &Product) -> bool {
    a == b && snapshot::to_json(a) == snapshot::to_json(b)
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn what_was_done_can_be_taken_back_to_the_letter(before in product(), cells in cells()) {
        let step = step_on(&before, cells);
        let mut product = before.clone();
        product.apply(&step).unwrap();
        prop_assert!(product.index_is_sound());
        product.apply(&step.invert()).unwrap();
        prop_assert!(same(&product, &before));
        prop_assert!(product.index_is_sound());
        prop_assert_eq!(step.invert().invert(), step);
    }

    #[test]
    fn the_difference_of_two_products_makes_one_out_of_the_other(a in product(), b in product()) {
        let mut grown = a.clone();
        for kind in Kind::ALL {
            for slot in b.table(*kind).slots() {
                let after = b.table(*kind).record(slot).unwrap();
                if after.life() == Life::Nothing { continue }
                let empty = blank(*kind);
                let before = a.table(*kind).find(after.id()).unwrap_or(empty.as_ref());
                let step = Step { label: String::new(), changes: diff_records(after.id(), before, after) };
                grown.apply(&step).unwrap();
                let now = grown.table(*kind).find(after.id()).unwrap();
                for field in kind.fields() {
                    prop_assert_eq!(now.value(field), after.value(field), "{:?}", field);
                }
            }
        }
        prop_assert!(grown.index_is_sound());
    }

    #[test]
    fn product_json_reads_back_with_every_key(product in product(), strange in prop::collection::btree_map("x_[a-z]{1,5}", json(), 1..4), owner in any::<Index>()) {
        let mut product = product;
        product.unknown = strange.clone().into_iter().collect();
        let places: Vec<(Kind, Id)> = Kind::ALL.iter().flat_map(|kind| {
            let shelf = product.table(*kind);
            shelf.slots().filter_map(|slot| shelf.record(slot)).filter(|one| one.life() != Life::Nothing).map(|one| (*kind, one.id())).collect::<Vec<_>>()
        }).collect();
        let (kind, id) = places[owner.index(places.len())];
        let unknown = kind.field("unknown").unwrap();
        let to = unknown.accept(&strange.into_iter().collect::<Map>().into()).unwrap();
        let step = step_on(&product, vec![(id, unknown, to)]);
        product.apply(&step).unwrap();
        let bytes = snapshot::to_json(&product);
        let (again, newer) = snapshot::from_json(&bytes).unwrap();
        prop_assert!(!newer && again.index_is_sound());
        prop_assert!(again == product);
        prop_assert_eq!(snapshot::to_json(&again), bytes);
    }

    #[test]
    fn a_journal_line_reads_back_and_no_cut_of_it_does(before in product(), cells in cells(), by in text(), label in text(), fence: bool, undoes in prop::option::of(any::<u64>()), seen in prop::option::of(any::<u64>()), cut in any::<Index>()) {
        let mut step = step_on(&before, cells);
        step.label = label;
        let line = JournalLine::Step(std::sync::Arc::new(LoggedStep {
            id: Id::from_bits(5), session: Id::from_bits(6), n: 7, time: noon(), by, role: Role::Po,
            undoes: undoes.map(Id::from_bits), redoes: None, fence, seen: seen.map(Id::from_bits), step,
        }));
        let bytes = line.encode().unwrap();
        prop_assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 1, "one line");
        prop_assert_eq!(&JournalLine::decode(&bytes[..bytes.len() - 1]).unwrap(), &line);
        let cut = cut.index(bytes.len());
        prop_assert!(scan(&bytes[..cut]).lines.is_empty());
        let all = scan(&[&bytes[..], &bytes[..cut]].concat());
        prop_assert_eq!((all.lines.len(), all.torn, all.damaged.len()), (1, cut, 0));
    }

    #[test]
    fn steps_on_different_cells_commute(before in product(), a in cells(), b in cells()) {
        let (one, mut two) = (step_on(&before, a), step_on(&before, b));
        two.changes.retain(|change| !one.changes.iter().any(|c| c.id == change.id && c.field == change.field));
        let (mut here, mut there) = (before.clone(), before);
        here.apply(&one).unwrap();
        here.apply(&two).unwrap();
        there.apply(&two).unwrap();
        there.apply(&one).unwrap();
        prop_assert!(same(&here, &there));
        prop_assert!(here.index_is_sound() && there.index_is_sound());
    }

    #[test]
    fn undo_then_redo_is_as_if_nothing_had_been(before in product(), cells in cells()) {
        let stamp = |n| Stamp { step: Id::from_bits(n), by: "Omar".into(), at: noon(), alone: false };
        let nobody = |_: Id, _: &str| String::new();
        // Nobody's act makes a record nothing again; only taking a creation back does.
        let whole = |field: &Field, to: &Value| field.key != "alive" || !to.is_null();
        // A link to what never was is never written, nor a confirmation of one; here they lead anywhere.
        let leads = |field: &Field| matches!(field.shape, Shape::Link | Shape::Links) || field.key == "confirmed";
        let cells = cells.into_iter().filter(|(_, field, to)| whole(field, to) && !leads(field)).collect();
        let mut product = before;
        let Ok(done) = rebase(&product, &step_on(&product, cells), Origin::Edit, &stamp(1), &nobody) else { return Ok(()) };
        product.apply(&done.step).unwrap();
        let after = product.clone();
        let undo = rebase(&product, &done.step.invert(), Origin::Undo, &stamp(2), &nobody).unwrap();
        prop_assert!(undo.left.is_empty());
        product.apply(&undo.step).unwrap();
        let redo = rebase(&product, &undo.step.invert(), Origin::Undo, &stamp(3), &nobody).unwrap();
        product.apply(&redo.step).unwrap();
        prop_assert!(product == after);
        prop_assert!(product.index_is_sound());
    }

    #[test]
    fn a_step_that_does_not_fit_changes_nothing(before in product(), cells in cells(), at in any::<Index>()) {
        let mut step = step_on(&before, cells);
        prop_assume!(!step.is_empty());
        let at = at.index(step.changes.len());
        // A list of lists fits no field of the table but those that keep any JSON.
        step.changes[at].to = whyhow::json!([[[1]]]);
        prop_assume!(step.changes[at].field.accept(&step.changes[at].to).is_err());
        let mut product = before.clone();
        prop_assert!(product.apply(&step).is_err());
        prop_assert!(same(&product, &before) && product.index_is_sound());
    }

    #[test]
    fn merging_takes_what_only_one_side_changed(field in select(Kind::ALL).prop_flat_map(|kind| select(free_fields(kind))).prop_flat_map(|field| (Just(field), value_for(field), value_for(field)))) {
        let (field, base, moved) = field;
        let met = |mine: &Value, theirs: &Value| merge::meet(field.shape, &base, mine, theirs);
        prop_assert_eq!(met(&moved, &base), merge::Met::Merged(moved.clone()));
        prop_assert_eq!(met(&base, &moved), merge::Met::Merged(moved.clone()));
        prop_assert_eq!(met(&moved, &moved), merge::Met::Merged(moved.clone()));
    }

    #[test]
    fn what_two_people_wrote_merges_into_something_the_field_takes(all in select(Kind::ALL).prop_flat_map(|kind| select(free_fields(kind))).prop_flat_map(|field| (Just(field), value_for(field), value_for(field), value_for(field)))) {
        let (field, base, mine, theirs) = all;
        if let merge::Met::Merged(both) = merge::meet(field.shape, &base, &mine, &theirs) {
            prop_assert!(field.accept(&both).is_ok(), "{:?} does not take {}", field, both);
        }
    }

    #[test]
    fn what_a_field_shows_can_be_typed_again(field in select(typed_fields()), typed in prop_oneof![text(), "[a-z ,→0-9%\\[\\]x-]{0,24}".prop_map(|s| s)]) {
        let Ok(value) = field.from_text(&typed) else { return Ok(()) };
        let id = Id::from_bits(9);
        let mut product = Product::default();
        product.apply(&Step { label: String::new(), changes: vec![Change { id, field, from: Value::Null, to: value.clone() }] }).unwrap();
        let record = product.table(field.kind).find(id).unwrap();
        prop_assert_eq!(record.value(field), value.clone());
        prop_assert_eq!(field.from_text(&record.text(field)), Ok(value.clone()), "{:?} shows {:?}", field, record.text(field));
        prop_assert_eq!(field.accept(&value), Ok(value));
    }

    #[test]
    fn a_value_keeps_its_json(all in select(Kind::ALL).prop_flat_map(|kind| select(free_fields(kind))).prop_flat_map(|field| (Just(field), value_for(field)))) {
        let (field, value) = all;
        prop_assert_eq!(field.accept(&value), Ok(value.clone()));
        let text = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn moving_stories_does_what_moving_cards_does(moves in prop::collection::vec((prop::collection::vec(any::<Index>(), 1..4), any::<Index>(), 0..4u8), 1..40), tied: bool) {
        let kind = Kind::BacklogItem;
        let mut product = Product::default();
        let mut cards: Vec<Id> = (1..=9).map(Id::from_bits).collect();
        let mut step = Step::new("");
        for id in &cards {
            step.changes.push(Change { id: *id, field: kind.field("alive").unwrap(), from: Value::Null, to: true.into() });
            // Ties are what two people make who add at the bottom at the same time; ids decide then.
            let rank = if tied { "V".to_string() } else { format!("V{}", id.bits()) };
            step.changes.push(Change { id: *id, field: kind.field("rank").unwrap(), from: Value::Null, to: rank.into() });
        }
        product.apply(&step).unwrap();
        for (which, anchor, way) in moves {
            let mut ids: Vec<Id> = which.iter().map(|i| cards[i.index(cards.len())]).collect();
            ids.sort();
            ids.dedup();
            let anchor = cards[anchor.index(cards.len())];
            let place = match way { 0 => Place::Top, 1 => Place::Bottom, 2 => Place::Before(anchor), _ => Place::After(anchor) };
            product.apply(&reorder(&product, kind, &ids, place).unwrap()).unwrap();
            if !(way >= 2 && ids.contains(&anchor)) {
                let moved: Vec<Id> = cards.iter().copied().filter(|id| ids.contains(id)).collect();
                cards.retain(|id| !ids.contains(id));
                let at = match way {
                    0 => 0,
                    1 => cards.len(),
                    2 => cards.iter().position(|id| *id == anchor).unwrap(),
                    _ => cards.iter().position(|id| *id == anchor).unwrap() + 1,
                };
                cards.splice(at..at, moved);
            }
            let order: Vec<Id> = product.items().iter().map(|item| item.id).collect();
            prop_assert_eq!(&order, &cards);
            prop_assert!(product.items().iter().all(|item| item.rank.as_str().len() <= 64), "ranks stay short");
        }
        prop_assert!(product.index_is_sound());
    }

    #[test]
    fn no_file_makes_the_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..300), document in json()) {
        let _ = snapshot::from_json(&bytes);
        let _ = scan(&bytes);
        let _ = snapshot::from_json(document.to_string().as_bytes());
    }

    #[test]
    fn whatever_shape_a_document_has_it_reads_or_says_why(values in prop::collection::btree_map(select(Kind::ALL).prop_map(|kind| kind.plural().to_string()), json(), 0..4)) {
        let mut document: whyhow::model::value::Map = values.into_iter().collect();
        document.insert("format", "1.0".into());
        if let Ok((product, _)) = snapshot::from_json(Value::from(document).to_string().as_bytes()) {
            prop_assert!(product.index_is_sound());
        }
    }
}

proptest! {
    // Each case writes to a real folder.
    #![proptest_config(config(40))]

    #[test]
    fn the_journal_is_the_product_and_holds_nothing_that_was_forbidden(all in prop::collection::vec((cells(), select(&Role::ALL[..]), 0..8u8), 1..12)) {
        let place = founded();
        let mut writer = place.writer();
        let mut hand = Hand::new(3, "Omar");
        for (cells, role, then) in all {
            hand.role = role;
            let allowed = cells.into_iter().filter(|(_, field, _)| field.kind != Kind::VisionBoard).collect();
            let step = step_on(writer.product(), allowed);
            let forbidden = permit(role, &step).is_err();
            let act = hand.act(step);
            let answer = writer.commit(std::slice::from_ref(&act)).pop().unwrap();
            prop_assert!(!matches!(answer, WriteOutcome::NotSaved(_)), "{answer:?}");
            prop_assert!(!forbidden || !matches!(answer, WriteOutcome::Saved { .. }), "{role:?} wrote {:?}", act.step);
            prop_assert!(writer.product().index_is_sound());
            match then {
                0 => writer.checkpoint(false).unwrap(),
                1 => writer.checkpoint(true).unwrap(),
                _ => {}
            }
        }
        let history = place.history();
        // The founding itself is anybody's: somebody has to begin.
        for entry in history.entries.iter().skip(1) {
            for change in &entry.step.changes {
                let revived = change.field.key == "alive" && change.from == Value::Bool(false) && change.to == Value::Bool(true);
                prop_assert!(entry.role.owns(change.field.owner) || revived, "{:?} by {:?}", change, entry.role);
            }
        }
        prop_assert!(history.fold(None).unwrap() == *writer.product());
        prop_assert!(place.read() == *writer.product());
        prop_assert!(place.writer().product() == writer.product());
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn a_step_parts_into_what_is_mine_and_what_is_theirs(before in product(), cells in cells(), role in select(&Role::ALL[..])) {
        let step = step_on(&before, cells);
        let (mine, theirs) = split(role, &step);
        prop_assert!(permit(role, &mine).is_ok());
        prop_assert_eq!((&mine.label, &theirs.label), (&step.label, &step.label));
        // Each change stands in one of the two, in its order.
        let (mut left, mut right) = (mine.changes.iter().peekable(), theirs.changes.iter().peekable());
        for change in &step.changes {
            let found = left.next_if_eq(&change).or_else(|| right.next_if_eq(&change));
            prop_assert!(found.is_some(), "{:?} is lost", change);
        }
        prop_assert!(left.next().is_none() && right.next().is_none());
        prop_assert_eq!(theirs.is_empty(), permit(role, &step).is_ok());
        // The other half gets what is refused, and what cannot stand without it.
        let refused = |change: &Change| access(role, change.field) == Access::Propose;
        let strange: Vec<Id> = step.changes.iter().filter(|one| one.is_creation() && refused(one)).map(|one| one.id).collect();
        for change in &theirs.changes {
            let leads_there = Id::all_in(&change.to).any(|id| strange.contains(&id));
            let computed = access(role, change.field) == Access::No;
            prop_assert!(refused(change) || computed || strange.contains(&change.id) || leads_there, "{:?}", change);
        }
        prop_assert!(mine.changes.iter().all(|change| !strange.contains(&change.id)));
    }
}

#[test]
fn every_role_meets_every_owner() {
    for kind in Kind::ALL {
        for field in kind.fields() {
            let to = Value::Null;
            let step = Step {
                label: String::new(),
                changes: vec![Change { id: Id::from_bits(1), field, from: Value::Null, to }],
            };
            let pm = permit(Role::Pm, &step).is_ok();
            let po = permit(Role::Po, &step).is_ok();
            let (want_pm, want_po) = match field.owner {
                Owner::Why => (true, false),
                Owner::How => (false, true),
                Owner::Both | Owner::System => (true, true),
            };
            assert_eq!((pm, po, permit(Role::Both, &step).is_ok()), (want_pm, want_po, true), "{field:?}");
            for role in Role::ALL {
                let want = match field.owner {
                    Owner::System => Access::No,
                    owner if role.owns(owner) => Access::Write,
                    _ => Access::Propose,
                };
                assert_eq!(access(role, field), want, "{field:?} by {role:?}");
                let (mine, theirs) = split(role, &step);
                let propose = usize::from(want == Access::Propose);
                assert_eq!((mine.changes.len(), theirs.changes.len()), (1 - propose, propose), "{field:?} by {role:?}");
            }
        }
    }
}

//! Laws of proposals, for every kind and field of the table: a proposal changes no cell, accepting it is what its owner
//! would have written, and taking that back leaves the proposal as it was.

use crate::harness::scratch::founded;
use whyhow::actions::edit::{self, Place};
use whyhow::actions::proposal::{ProposeAs, accept, across, decline, withdraw};
use whyhow::actions::{Context, asks, set_through, setter};
use whyhow::insight::proposals::{ProposalStatus, status};
use whyhow::model::access::{Access, access, permit};
use whyhow::model::admit::{Submission, admit};
use whyhow::model::change::{Origin, Step};
use whyhow::model::derived_cells::Stamp;
use whyhow::model::field::Field;
use whyhow::model::id::{Id, IdSource};
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{Kind, Proposal};
use whyhow::model::value::{Map, Shape, Value, When};
use whyhow::store::session::Session;

/// Kinds that people write.
fn kinds() -> impl Iterator<Item = Kind> {
    let kept = |kind: &Kind| matches!(kind, Kind::Conflict | Kind::Proposal | Kind::RoadmapVersion);
    Kind::ALL.iter().copied().filter(move |kind| !kept(kind))
}

struct World {
    product: Product,
    ids: IdSource,
}

impl World {
    /// Two records of each kind.
    fn new() -> World {
        let mut world = World { product: Product::default(), ids: IdSource::new(7, 0) };
        for kind in kinds() {
            let many = if kind == Kind::VisionBoard { 1 } else { 2 };
            for nth in 1..=many {
                let title = kind.title_field().unwrap();
                let cells = vec![(title, Value::from(format!("{kind:?} {nth}")))];
                let mut context = world.context(Role::Both);
                let (step, _) = edit::add(&world.product, kind, &cells, Place::Bottom, &mut context).unwrap();
                world.take(context, &step, Origin::Edit).unwrap();
            }
        }
        world
    }

    fn context(&self, role: Role) -> Context {
        let now = When::parse("2026-03-02T09:00:00Z").unwrap();
        let by = if role == Role::Pm { "Priya" } else { "Omar" };
        Context { role, by: by.into(), now, ids: self.ids.clone() }
    }

    /// Writes a step as a session does; returns what was written.
    fn take(&mut self, context: Context, step: &Step, origin: Origin) -> Result<Step, String> {
        self.ids = context.ids;
        let id = self.ids.fresh(|_| false);
        let stamp = Stamp { step: id, by: context.by, at: context.now, alone: context.role == Role::Both };
        let submission = Submission { step, origin, role: context.role, stamp: &stamp };
        admit(&mut self.product, submission, &|_, _| String::new())
            .map(|written| written.step)
            .map_err(|refusal| refusal.to_string())
    }

    /// Not the first one, which is the one that is changed.
    fn other(&self, kind: Kind) -> Option<String> {
        self.product.living(kind).next_back().map(|record| record.id().to_string())
    }
}

/// Values that a field might take, none of them the one that it has.
fn values(world: &World, field: &Field) -> Vec<Value> {
    match field.shape {
        Shape::Choice(all) => all.iter().skip(1).map(|one| one.key.into()).collect(),
        Shape::Link => field.targets.iter().filter_map(|kind| world.other(*kind)).map(Value::from).collect(),
        Shape::Links => field.targets.iter().filter_map(|kind| world.other(*kind)).map(|id| vec![id].into()).collect(),
        Shape::Day => vec!["2026-05-01".into()],
        Shape::Amount => vec![5.into()],
        Shape::Labels => vec!["web, desk".into()],
        Shape::Criteria | Shape::Tasks => vec![whyhow::json!(["One that can be tried"])],
        Shape::Measure => vec!["Loans a month, 140 → 220".into()],
        Shape::Measures => vec![whyhow::json!(["Loans a month, 140 → 220"])],
        Shape::Extra => vec![whyhow::json!({"other": {"key": ["value"]}})],
        _ => vec!["Other words".into()],
    }
}

/// A step that its owner could make in the field of the first record of the kind, if there is one.
fn wanted(world: &World, field: &'static Field) -> Option<Step> {
    let id = world.product.living(field.kind).next()?.id();
    match field.key {
        "alive" => edit::delete(&world.product, &[id]).ok(),
        "rank" => {
            let step = edit::reorder(&world.product, field.kind, &[id], Place::Bottom).ok();
            step.filter(|step| !step.is_empty())
        }
        _ => values(world, field).into_iter().find_map(|value| {
            let mut context = world.context(Role::Both);
            let argument = asks(&world.product, &[id], field, &value);
            let with: Map = argument.map(|one| (one.key.to_string(), "because".into())).into_iter().collect();
            let step = set_through(&world.product, &[id], field, &value, &with, &mut context).ok()?;
            let mut tried = World { product: world.product.clone(), ids: world.ids.clone() };
            tried.take(context, &step, Origin::Edit).ok().filter(|written| !written.is_empty()).map(|_| step)
        }),
    }
}

/// Every cell that is not a proposal's or a counter, for comparison.
fn cells(product: &Product) -> Vec<(Id, &'static str, Value)> {
    let mut out = Vec::new();
    for kind in kinds() {
        for slot in product.table(kind).slots() {
            let Some(record) = product.table(kind).record(slot) else { continue };
            for field in kind.fields().iter().filter(|field| field.key != "last_numbers") {
                out.push((record.id(), field.key, record.value(field)));
            }
        }
    }
    out
}

fn by_hand(cells: Vec<(Id, &'static str, Value)>) -> Vec<(Id, &'static str, Value)> {
    // When a why was changed and confirmed is another moment for each of them.
    cells.into_iter().filter(|(_, key, _)| !matches!(*key, "why_rev" | "confirmed" | "closed")).collect()
}

#[test]
fn every_field_of_the_other_half_can_be_proposed_on() {
    let mut tried = 0;
    for role in [Role::Pm, Role::Po] {
        let owner = if role == Role::Pm { Role::Po } else { Role::Pm };
        for field in kinds().flat_map(|kind| kind.fields()) {
            let by_command = !field.actions.is_empty() && setter(field).is_none();
            if access(role, field) != Access::Propose || by_command {
                continue;
            }
            let mut world = World::new();
            let Some(step) = wanted(&world, field) else {
                // A product has one board, which is neither moved nor deleted.
                assert!(field.kind == Kind::VisionBoard && field.is_head(), "{field:?} was not tried");
                continue;
            };
            let before = cells(&world.product);
            let mut context = world.context(role);
            let (proposed, made) =
                across(&world.product, step.clone(), "it is better", ProposeAs::Separate, &mut context).unwrap();
            assert_eq!(made.len(), 1, "{field:?}");
            assert_eq!(permit(role, &proposed), Ok(()), "{field:?}");
            world.take(context, &proposed, Origin::Edit).unwrap();
            assert_eq!(cells(&world.product), before, "{field:?}: a proposal changes no cell");

            let mut context = world.context(role);
            assert!(
                accept(&world.product, made[0], &[], "", &mut context).is_err(),
                "{field:?}: its author accepts it"
            );

            let mut direct = World { product: world.product.clone(), ids: world.ids.clone() };
            let context = direct.context(Role::Both);
            direct.take(context, &step, Origin::Edit).unwrap();
            let open = world.product.clone();
            let mut context = world.context(owner);
            let accepted = accept(&world.product, made[0], &[], "", &mut context)
                .unwrap_or_else(|refusal| panic!("{field:?}: {refusal}"));
            let written = world.take(context, &accepted, Origin::Edit).unwrap();
            assert_eq!(
                by_hand(cells(&world.product)),
                by_hand(cells(&direct.product)),
                "{field:?}: what its owner would have written"
            );
            let proposal = world.product.get::<Proposal>(made[0]).unwrap().clone();
            assert_eq!(status(&world.product, &proposal), ProposalStatus::Accepted);

            let context = world.context(owner);
            world.take(context, &written.invert(), Origin::Undo).unwrap_or_else(|why| panic!("{field:?}: {why}"));
            assert_eq!(cells(&world.product), cells(&open), "{field:?}: accept, then undo");
            let proposal = world.product.get::<Proposal>(made[0]).unwrap().clone();
            assert_eq!(status(&world.product, &proposal), ProposalStatus::Open, "{field:?}");
            tried += 1;
        }
    }
    assert!(tried > 50, "only {tried} fields were tried");
}

/// A new record of the other half comes with all its cells, also those that its author owns, and each number once.
#[test]
fn every_kind_can_be_proposed_whole() {
    for role in [Role::Pm, Role::Po] {
        let owner = if role == Role::Pm { Role::Po } else { Role::Pm };
        for kind in kinds().filter(|kind| kind.field("alive").is_some_and(|f| access(role, f) == Access::Propose)) {
            let mut world = World::new();
            let count = world.product.table(kind).order().len();
            let fields: Vec<&'static Field> = kind.typed_fields().collect();
            let mut cells = Vec::new();
            for field in fields {
                let mut value = values(&world, field).into_iter().filter_map(|value| field.accept(&value).ok());
                // A second record of these would break a rule.
                let breaks = matches!(field.key, "parent" | "depends_on" | "start" | "end");
                cells.extend(value.next().filter(|_| !breaks).map(|value| (field, value)));
            }
            let mut context = world.context(role);
            let (step, id) = edit::add(&world.product, kind, &cells, Place::Bottom, &mut context).unwrap();
            let (proposed, made) = across(&world.product, step, "", ProposeAs::Separate, &mut context).unwrap();
            assert_eq!(made.len(), 1, "{kind:?}");
            world.take(context, &proposed, Origin::Edit).unwrap();
            assert_eq!(world.product.table(kind).order().len(), count, "{kind:?}");
            let mut context = world.context(owner);
            let step = accept(&world.product, made[0], &[], "", &mut context).unwrap();
            world.take(context, &step, Origin::Edit).unwrap_or_else(|why| panic!("{kind:?}: {why}"));
            assert_eq!(world.product.table(kind).order().len(), count + 1, "{kind:?}");
            for (field, value) in &cells {
                assert_eq!(world.product.value(id, field), *value, "{field:?}");
            }
        }
    }
}

/// Whatever two people and somebody with both hats propose, edit, answer and take back, in whatever order: a refusal
/// changes nothing, an open proposal has changed nothing, and the product is the sum of what was written.
#[test]
fn any_interleaving_keeps_the_product_and_its_steps_together() {
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut world = World::new();
        let begun = world.product.clone();
        let mut log: Vec<(Role, Step)> = Vec::new();
        let fields: Vec<&'static Field> = kinds().flat_map(|kind| kind.fields()).collect();
        for _ in 0..60 {
            let role = Role::ALL[random.usize(..3)];
            let mut context = world.context(role);
            let open: Vec<Id> = world.product.all::<Proposal>().map(|one| one.id).collect();
            let one = open.get(random.usize(..open.len().max(1))).copied();
            let (step, origin) = match (random.u8(..8), one) {
                (0..3, _) | (_, None) => {
                    let Some(step) = wanted(&world, fields[random.usize(..fields.len())]) else { continue };
                    match across(&world.product, step, "", ProposeAs::Separate, &mut context) {
                        Ok((step, _)) => (step, Origin::Edit),
                        Err(_) => continue,
                    }
                }
                (3 | 4, Some(id)) => match accept(&world.product, id, &[], "", &mut context) {
                    Ok(step) => (step, Origin::Edit),
                    Err(_) => continue,
                },
                (5, Some(id)) => match decline(&world.product, id, "no", &context) {
                    Ok(step) => (step, Origin::Edit),
                    Err(_) => continue,
                },
                (6, Some(id)) => match withdraw(&world.product, id, &context) {
                    Ok(step) => (step, Origin::Edit),
                    Err(_) => continue,
                },
                _ => {
                    if log.is_empty() {
                        continue;
                    }
                    let (by, step) = &log[random.usize(..log.len())];
                    context.role = *by;
                    (step.invert(), Origin::Undo)
                }
            };
            let role = context.role;
            let before = world.product.clone();
            match world.take(context, &step, origin) {
                Ok(written) => log.push((role, written)),
                Err(_) => assert!(world.product == before, "a refusal changes nothing"),
            }
            assert!(world.product.index_is_sound());
        }
        let mut sum = begun;
        log.iter().for_each(|(_, step)| sum.apply(step).unwrap());
        assert!(sum == world.product, "seed {seed}");
    }
}

/// Three windows at once, one in each role: whatever they propose, edit, answer, undo and redo, and whenever they hear of
/// each other, all of them and the files are equal in the end.
#[test]
fn three_sessions_end_equal_everywhere() {
    let long = std::time::Duration::from_secs(20);
    for seed in 0..12 {
        let mut random = fastrand::Rng::with_seed(seed);
        let desk = founded();
        let seat = |(name, role): (&str, Role)| Session::start(desk.writer(), name, role).0;
        let mut seats: Vec<Session> = [("Priya", Role::Pm), ("Omar", Role::Po), ("Ida", Role::Both)].map(seat).into();
        let by_hand = |field: &&'static Field| access(Role::Both, field) != Access::No;
        let fields: Vec<&'static Field> = kinds().flat_map(|kind| kind.fields()).filter(by_hand).collect();
        for nth in 0..120 {
            let which = if nth < 16 { 2 } else { random.usize(..3) };
            let session = &mut seats[which];
            let mut context = Context {
                role: session.role,
                by: session.by.clone(),
                now: session.now(),
                ids: IdSource::new(seed * 1000 + nth, 0),
            };
            let product = session.product().clone();
            let open: Vec<Id> = product.all::<Proposal>().map(|one| one.id).collect();
            let one = open.get(random.usize(..open.len().max(1))).copied();
            let step = match (random.u8(..10), one) {
                _ if nth < 16 => {
                    let kind = kinds().filter(|kind| *kind != Kind::VisionBoard).nth(nth as usize % 8).unwrap();
                    let cells = vec![(kind.title_field().unwrap(), Value::from(format!("{kind:?} {nth}")))];
                    edit::add(&product, kind, &cells, Place::Bottom, &mut context).map(|(step, _)| step)
                }
                (5 | 6, Some(id)) => accept(&product, id, &[], "", &mut context),
                (7, Some(id)) => decline(&product, id, "no", &context),
                (8, _) => {
                    let _ = if random.bool() { session.undo() } else { session.redo() };
                    continue;
                }
                _ => {
                    let world = World { product: product.clone(), ids: context.ids.clone() };
                    let Some(step) = wanted(&world, fields[random.usize(..fields.len())]) else { continue };
                    across(&product, step, "", ProposeAs::Separate, &mut context).map(|(step, _)| step)
                }
            };
            if let Ok(step) = step {
                let _ = session.commit(step, false);
            }
            if nth < 17 {
                seats.iter_mut().for_each(|session| drop(session.wait_saved(long)));
            }
            for session in seats.iter_mut().filter(|_| random.bool()) {
                session.look();
                session.poll();
            }
        }
        let begun = std::time::Instant::now();
        loop {
            for session in &mut seats {
                session.wait_saved(long);
                session.look();
                session.poll();
            }
            if seats.iter().all(|session| session.product() == seats[0].product()) {
                break;
            }
            assert!(begun.elapsed() < long, "seed {seed}: the windows differ");
            std::thread::sleep(std::time::Duration::from_millis(3));
        }
        let shown = seats[0].product().clone();
        assert!(shown.index_is_sound());
        seats.into_iter().for_each(|session| assert!(session.close(), "seed {seed}"));
        assert!(desk.read() == shown, "seed {seed}: the files hold what all of them showed");
        assert!(shown.all::<Proposal>().count() > 0, "seed {seed} proposed nothing");
    }
}

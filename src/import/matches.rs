//! Matches found records with existing ones: by (system, site, key) for foreign files, by id for our own. Never by
//! title, because different things may have the same title.

use crate::import::found::{Found, FoundRecord, Identity};
use crate::import::links::Links;
use crate::model::field::Entity;
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Kind, RoadmapItem};
use crate::model::value::{Cell, Life, Line, Source, Value, element_name};
use rustc_hash::FxHashMap;

/// What a found record is for the product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Match {
    New(Id),
    Known(Id),
    /// The product's own vision board, whose empty fields another product's can fill.
    Board(Id),
    /// Deleted here, so it stays deleted.
    Dead,
    /// The id is taken by a record of another kind.
    Other,
}

/// The checksum by which the value of the last import is remembered.
pub fn checksum(value: &Value) -> Value {
    Value::String(element_name(&value.to_string()))
}

struct Known {
    kind: Kind,
    id: Id,
    life: Life,
    title: Option<Value>,
}

type Places = FxHashMap<(String, String), Known>;

/// A match per found record, and the keys by which links find them.
pub fn matches(found: &Found, product: &Product, ids: &mut IdSource) -> (Vec<Match>, Links) {
    let known = places(found.system, product);
    let mut links = Links::of_site(unnamed_site(found, &known));
    for (place, one) in &known {
        if one.life == Life::Alive {
            links.named.insert(place.clone(), (one.kind, one.id));
        }
    }
    let mut all = Vec::with_capacity(found.records.len());
    for record in &found.records {
        let one = match &record.identity {
            Identity::Own(id) => own(record, *id, product),
            Identity::Foreign { site, key } => {
                let place = links.place(site, key);
                let one = match (record.kind.field("source"), known.get(&place)) {
                    (None, _) => derived(found.system, record, &place, product),
                    (_, Some(one)) if one.kind != record.kind => Match::Other,
                    (_, Some(one)) if one.life == Life::Alive => Match::Known(one.id),
                    (_, Some(_)) => Match::Dead,
                    (_, None) => Match::New(ids.fresh(|id| product.knows(id) || links.new.contains_key(&id))),
                };
                if let Match::New(id) | Match::Known(id) = one {
                    links.named.insert(place, (record.kind, id));
                }
                one
            }
        };
        if let Match::New(id) = one {
            links.new.insert(id, record.kind);
        }
        all.push(one);
    }
    (all, links)
}

fn own(record: &FoundRecord, id: Id, product: &Product) -> Match {
    match (product.find(id), product.vision()) {
        (Some(known), _) if known.kind() != record.kind => Match::Other,
        (Some(known), _) if known.is_alive() => Match::Known(id),
        (Some(_), _) => Match::Dead,
        (None, Some(board)) if record.kind == Kind::VisionBoard => Match::Board(board.id),
        (None, _) => Match::New(id),
    }
}

/// A kind without a `source` is found by an id derived from its key, even if it was renamed here.
fn derived(system: &str, record: &FoundRecord, (site, key): &(String, String), product: &Product) -> Match {
    let words = [system, site, record.kind.key(), key].join("\n");
    // FNV-1a, spread by the multiplier of SplitMix64, so that short texts give ids as far apart as random ones.
    let hash = words.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let bits = (hash ^ (hash >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let id = Id::from_bits((bits ^ (bits >> 29)) | 1);
    match product.find(id) {
        Some(one) if one.kind() != record.kind => Match::Other,
        Some(one) if one.is_alive() => Match::Known(id),
        Some(_) => Match::Dead,
        None => Match::New(id),
    }
}

/// Everything previously imported from that system, deleted records included.
fn places(system: &str, product: &Product) -> Places {
    let mut places = Places::default();
    if system.is_empty() {
        return places;
    }
    let mut enter = |source: &Option<Source>, kind: Kind, id: Id, life: Life| {
        let Some(source) = source.as_ref().filter(|source| source.system == system) else { return };
        let one = Known { kind, id, life, title: source.base.get("title").cloned() };
        let place = (source.site.clone(), source.key.clone());
        // An existing record takes precedence over a deleted one with the same key.
        if life == Life::Alive || !places.contains_key(&place) {
            places.insert(place, one);
        }
    };
    for item in product.of::<BacklogItem>().all() {
        enter(&item.source, Kind::BacklogItem, item.id, item.life());
    }
    for item in product.of::<RoadmapItem>().all() {
        enter(&item.source, Kind::RoadmapItem, item.id, item.life());
    }
    places
}

/// A file that does not name its repository belongs to the known one in which the same numbers have the same titles. If
/// there is none, the file's own name keeps them apart.
fn unnamed_site(found: &Found, known: &Places) -> String {
    let unnamed: Vec<(&str, Value)> = found
        .records
        .iter()
        .filter_map(|record| match &record.identity {
            Identity::Foreign { site, key } if site.is_empty() => {
                // As the field stores it, on one line.
                Some((key.as_str(), checksum(&Line::from(record.title()).to_value())))
            }
            _ => None,
        })
        .collect();
    if unnamed.is_empty() || known.is_empty() {
        return String::new();
    }
    let by_key: FxHashMap<&str, &Value> = unnamed.iter().map(|(key, title)| (*key, title)).collect();
    let mut sites: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    for ((site, key), one) in known {
        let Some(title) = by_key.get(key.as_str()) else { continue };
        let (shared, alike) = sites.entry(site).or_default();
        *shared = shared.saturating_add(1);
        *alike = alike.saturating_add(usize::from(one.title.as_ref() == Some(*title)));
    }
    let fitting = sites.iter().filter(|(_, (shared, alike))| alike.saturating_mul(2) >= *shared);
    match fitting.max_by_key(|(site, (_, alike))| (*alike, std::cmp::Reverse(**site))) {
        Some((site, _)) => site.to_string(),
        None if sites.contains_key("") => found.from.clone(),
        None => String::new(),
    }
}

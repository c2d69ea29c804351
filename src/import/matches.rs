//! Matches found records with ours: by (system, site, key) for foreign files, by id for our own. Never by title:
//! different things may have the same title.

use crate::import::found::{Found, FoundRecord, Identity};
use crate::import::links::Links;
use crate::import::past::Past;
use crate::import::report::Report;
use crate::import::three_way::print_of;
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Life, Line, Source, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::Write;

/// How a found record relates to the product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Match {
    New(Id),
    Known(Id),
    /// The product's own vision board, whose empty fields another product's may fill.
    Board(Id),
    /// Deleted here, so it stays deleted.
    Dead,
    /// The id belongs to a record of another kind.
    Other,
}

/// The checksum that stands for the value of the last import.
pub fn checksum(value: &Value) -> Value {
    let mut crc = Crc(crc32fast::Hasher::new());
    // Writing into a sum cannot fail.
    let _ = serde_json::to_writer(&mut crc, value);
    Value::String(format!("{:08x}", crc.0.finalize()))
}

/// Sums up what is written.
struct Crc(crc32fast::Hasher);

impl Write for Crc {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Known {
    kind: Kind,
    id: Id,
    life: Life,
    title: Option<Value>,
    /// What a transfer leaves as it is: title and time of creation, as imported last.
    birth: Option<(Value, Value)>,
}

/// Site and key.
type Place = (String, String);
type Places = FxHashMap<Place, Known>;

/// A match per found record, and the names by which links find them.
pub fn matches(
    found: &Found,
    product: &Product,
    past: &Past,
    ids: &mut IdSource,
    report: &mut Report,
) -> (Vec<Match>, Links) {
    let known = places(found.system, product);
    let mut links = Links::of_site(unnamed_site(found, &known));
    for (place, one) in &known {
        if one.life == Life::Alive {
            links.named.insert(place.clone(), one.id);
        }
    }
    let mut transfers = Transfers::of(found, &known, &links);
    let mut all = Vec::with_capacity(found.records.len());
    for record in &found.records {
        let one = match &record.identity {
            Identity::Own(id) => own(record, *id, product, past),
            Identity::Foreign { site, key } => {
                let place = links.place(site, key);
                let one = match known.get(&place) {
                    Some(one) if one.kind != record.kind => Match::Other,
                    Some(one) if one.life == Life::Alive => Match::Known(one.id),
                    Some(_) => Match::Dead,
                    None if let Some(id) = transfers.of_record(record, report) => Match::Known(id),
                    None => Match::New(ids.fresh(|id| product.knows(id) || links.new.contains_key(&id))),
                };
                if let Match::New(id) | Match::Known(id) = one {
                    links.named.insert(place, id);
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

fn own(record: &FoundRecord, id: Id, product: &Product, past: &Past) -> Match {
    match (product.find(id), product.vision()) {
        (Some(known), _) if known.kind() != record.kind => Match::Other,
        (Some(known), _) if known.is_alive() => Match::Known(id),
        (Some(_), _) => Match::Dead,
        // Its creation was undone.
        (None, _) if past.knows(id) => Match::Dead,
        (None, Some(board)) if record.kind == Kind::VisionBoard => Match::Board(board.id),
        (None, _) => Match::New(id),
    }
}

/// Issues that were transferred: they have another repository and number, and the title and time of creation that a known
/// one had. Only where the file has other issues of the old repository and not this one any more.
struct Transfers<'a> {
    /// By title and time of creation; `None` where it is not clear which.
    gone: FxHashMap<(Value, Value), Option<(Id, &'a Place)>>,
}

impl<'a> Transfers<'a> {
    fn of(found: &Found, known: &'a Places, links: &Links) -> Transfers<'a> {
        let places: FxHashSet<Place> = found
            .records
            .iter()
            .filter_map(|record| match &record.identity {
                Identity::Foreign { site, key } => Some(links.place(site, key)),
                Identity::Own(_) => None,
            })
            .collect();
        let sites: FxHashSet<&str> = places.iter().map(|(site, _)| site.as_str()).collect();
        let mut gone = FxHashMap::default();
        let is_gone = |place: &Place| sites.contains(place.0.as_str()) && !places.contains(place);
        for (place, one) in known.iter().filter(|(place, one)| one.life == Life::Alive && is_gone(place)) {
            let Some(birth) = one.birth.clone().filter(|_| one.kind == Kind::BacklogItem) else { continue };
            gone.entry(birth).and_modify(|one| *one = None).or_insert(Some((one.id, place)));
        }
        Transfers { gone }
    }

    /// The story of a transferred issue; each is found once.
    fn of_record(&mut self, record: &FoundRecord, report: &mut Report) -> Option<Id> {
        if self.gone.is_empty() || record.kind != Kind::BacklogItem {
            return None;
        }
        let print = |key: &str| {
            let field = record.kind.field(key)?;
            let value =
                record.value(field).and_then(|value| field.accept(value).ok()).filter(|value| !value.is_null())?;
            Some(print_of(field, &value))
        };
        let birth = (print("title")?, print("created")?);
        let (id, (site, key)) = self.gone.remove(&birth)??;
        let what = "issue that was transferred: the story stays, with its new address";
        report.warnings.add(what, &format!("{}, until now {site}#{key}", record.title()));
        Some(id)
    }
}

/// Everything imported from that system before, deleted records included.
fn places(system: &str, product: &Product) -> Places {
    let mut places = Places::default();
    if system.is_empty() {
        return places;
    }
    for kind in Kind::ALL {
        let Some(field) = kind.source_field() else { continue };
        let table = product.table(*kind);
        for record in table.slots().filter_map(|slot| table.record(slot)) {
            let Some(source) = record.cell::<Option<Source>>(field).and_then(Option::as_ref) else { continue };
            if source.system != system {
                continue;
            }
            let title = kind.title_field().and_then(|field| source.base.get(field.key)).cloned();
            let birth = title.clone().zip(source.base.get("created").cloned());
            let (place, life) = ((source.site.clone(), source.key.clone()), record.life());
            // An existing record takes precedence over a deleted one with the same key.
            if life == Life::Alive || !places.contains_key(&place) {
                places.insert(place, Known { kind: *kind, id: record.id(), life, title, birth });
            }
        }
    }
    places
}

/// Asks about a site that is new here while its numbers carry the titles of a known one, as after a renaming: taken as new,
/// all of it would double.
///
/// # Errors
///
/// The question, with both answers.
pub fn site_is_clear(found: &Found, product: &Product) -> Result<(), Refusal> {
    if found.site_is_given {
        return Ok(());
    }
    let known = places(found.system, product);
    let known_sites: FxHashSet<&str> = known.keys().map(|(site, _)| site.as_str()).collect();
    let mut sites: FxHashMap<&str, FxHashMap<&str, Value>> = FxHashMap::default();
    for record in &found.records {
        if let Identity::Foreign { site, key } = &record.identity
            && !site.is_empty()
            && !known_sites.contains(site.as_str())
        {
            let title = checksum(&Line::from(record.title()).to_value());
            sites.entry(site).or_default().insert(key, title);
        }
    }
    for (site, titles) in sites {
        let mut alike: FxHashMap<&str, usize> = FxHashMap::default();
        for ((old, key), one) in known.iter().filter(|((old, _), _)| !old.is_empty()) {
            if one.title.is_some() && titles.get(key.as_str()) == one.title.as_ref() {
                let count = alike.entry(old).or_default();
                *count = count.saturating_add(1);
            }
        }
        let Some((old, count)) = alike.into_iter().max_by_key(|(old, count)| (*count, std::cmp::Reverse(*old))) else {
            continue;
        };
        if count >= 2 && count.saturating_mul(2) >= titles.len() {
            return Err(Refusal::new(
                format!("{site} has the numbers and titles of {old}, which was imported before. Was it renamed?"),
                format!("Nothing was imported. --site {old} takes it as the same one, --site {site} as another one."),
            ));
        }
    }
    Ok(())
}

/// A file that does not name its repository belongs to the known one whose numbers have the same titles. If the
/// numbers mean other things everywhere, the file's own name distinguishes them.
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
    if unnamed.is_empty() || known.is_empty() || found.keys_are_enough {
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

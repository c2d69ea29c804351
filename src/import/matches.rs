//! Matches found records with ours: by (system, site, key) for foreign files, by id for our own. Never by title:
//! different things may have the same title.

use crate::import::found::{Found, FoundRecord, Identity};
use crate::import::links::Links;
use crate::import::past::Past;
use crate::import::renamed::{self, Buried, Renaming};
use crate::import::report::Report;
use crate::import::settling::Renamed;
use crate::import::three_way::print_of;
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
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

impl Match {
    pub fn new_id(self) -> Option<Id> {
        if let Match::New(id) = self { Some(id) } else { None }
    }
}

/// The checksum that stands for the value of the last import.
pub fn checksum(value: &Value) -> Value {
    let mut crc = Crc(crc32fast::Hasher::new());
    // Writing into a sum cannot fail.
    let _ = serde_json::to_writer(&mut crc, value);
    Value::from(format!("{:08x}", crc.0.finalize()))
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

pub(super) struct KnownPlace {
    pub kind: Kind,
    pub id: Id,
    pub life: Life,
    /// As imported last, as a checksum.
    pub title: Option<Value>,
    /// What a transfer leaves as it is: title and time of creation, as imported last.
    birth: Option<(Value, Value)>,
}

/// Site and key.
pub(super) type SourcePlace = (String, String);
pub(super) type SourcePlaces = FxHashMap<SourcePlace, KnownPlace>;

pub fn matches(
    found: &Found,
    product: &Product,
    past: &Past,
    said: Option<Renamed>,
    ids: &mut IdSource,
    report: &mut Report,
) -> Matched {
    let known = places(found.system, product);
    let mut links = Links::of_site(unnamed_site(found, &known));
    for (place, one) in &known {
        if one.life == Life::Alive {
            links.named.insert(place.clone(), one.id);
        }
    }
    let renaming = said.and_then(|said| Some((said, renamed::among(found, &known, &links)?)));
    let is_another = matches!(&renaming, Some((Renamed::Another, _)));
    let renaming = renaming.filter(|_| !is_another).map(|(_, renaming)| renaming);
    let arrived = renaming.as_ref().map(|renaming| renaming.arrivals(&known)).unwrap_or_default();
    links.named.extend(arrived.iter().map(|(place, id)| (place.clone(), *id)));
    let buried = Buried::of(&known, renaming.as_ref());
    let mut transfers = if is_another { Transfers::default() } else { Transfers::of(found, &known, &links) };
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
                    None if let Some(id) = arrived.get(&place) => match product.find(*id).map(|one| one.kind()) {
                        Some(kind) if kind == record.kind => Match::Known(*id),
                        _ => Match::Other,
                    },
                    None if !is_another && buried.has(&place, record.title()) => Match::Dead,
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
    let moved = renaming.map(|renaming| stays_behind(&renaming, &known, &all, report)).unwrap_or_default();
    Matched { all, links, moved }
}

/// The records of a renamed place that are not in the file move too, so that the next file finds them there.
fn stays_behind(
    renaming: &Renaming,
    known: &SourcePlaces,
    all: &[Match],
    report: &mut Report,
) -> Vec<(Id, SourcePlace)> {
    let met: FxHashSet<Id> =
        all.iter().filter_map(|one| if let Match::Known(id) = one { Some(*id) } else { None }).collect();
    let what = format!("was {}, and is {} now: its records keep what was planned", renaming.old, renaming.new);
    report.warnings.add(&what, "");
    let moves = known.iter().filter(|(_, one)| one.life == Life::Alive && !met.contains(&one.id));
    moves.filter_map(|(place, one)| Some((one.id, renaming.moved(place)?.clone()))).collect()
}

/// What the found records are here.
pub struct Matched {
    /// A match per found record.
    pub all: Vec<Match>,
    /// The names by which links find them.
    pub links: Links,
    /// Records that are not in the file and have another place from now on.
    pub moved: Vec<(Id, (String, String))>,
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
#[derive(Default)]
struct Transfers<'a> {
    /// By title and time of creation; `None` where it is not clear which.
    gone: FxHashMap<(Value, Value), Option<(Id, &'a SourcePlace)>>,
}

impl<'a> Transfers<'a> {
    fn of(found: &Found, known: &'a SourcePlaces, links: &Links) -> Transfers<'a> {
        let places: FxHashSet<SourcePlace> = found
            .records
            .iter()
            .filter_map(|record| match &record.identity {
                Identity::Foreign { site, key } => Some(links.place(site, key)),
                Identity::Own(_) => None,
            })
            .collect();
        let sites: FxHashSet<&str> = places.iter().map(|(site, _)| site.as_str()).collect();
        let mut gone = FxHashMap::default();
        let is_gone = |place: &SourcePlace| sites.contains(place.0.as_str()) && !places.contains(place);
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
pub(super) fn places(system: &str, product: &Product) -> SourcePlaces {
    let mut places = SourcePlaces::default();
    if system.is_empty() {
        return places;
    }
    for kind in Kind::ALL {
        let Some(field) = kind.source_field() else { continue };
        let table = product.table(*kind);
        for record in table.slots().filter_map(|slot| table.record(slot)) {
            let Some(source) = record.cell::<Option<Source>>(field).and_then(Option::as_ref) else { continue };
            if &*source.system != system {
                continue;
            }
            let title = kind.title_field().and_then(|field| source.base.get(field.key)).cloned();
            let birth = title.clone().zip(source.base.get("created").cloned());
            let (place, life) = ((source.site.to_string(), source.key.to_string()), record.life());
            // An existing record takes precedence over a deleted one with the same key.
            if life == Life::Alive || !places.contains_key(&place) {
                places.insert(place, KnownPlace { kind: *kind, id: record.id(), life, title, birth });
            }
        }
    }
    places
}

/// A file that does not name its repository belongs to the known one whose numbers have the same titles. If the
/// numbers mean other things everywhere, the file's own name distinguishes them.
pub(super) fn unnamed_site(found: &Found, known: &SourcePlaces) -> String {
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

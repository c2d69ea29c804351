//! A repository, a project or a board that has another name or address than at the last import. Taken as new, all of it
//! would double, so a person is asked; taken as the same one, its records move to the new place as a whole.

use crate::import::found::{Found, Identity};
use crate::import::links::Links;
use crate::import::matches::{KnownPlace, SourcePlace, SourcePlaces, checksum, places, unnamed_site};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Life, Line, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// The fewest records that have to agree in number and title.
const FEWEST: usize = 2;
/// The fewest that have to agree where only titles can.
const FEWEST_TITLES: usize = 3;

/// The question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renaming {
    /// What it is called here and in the file: a repository, a project, or an address.
    pub old: String,
    pub new: String,
    /// How many records agree.
    pub alike: usize,
    /// Its records were recognised by their titles alone.
    pub by_titles: bool,
    moves: FxHashMap<SourcePlace, SourcePlace>,
}

impl Renaming {
    /// `STORE has the numbers and titles of SHOP, which was imported before. Was it renamed?`
    pub fn question(&self) -> String {
        let (old, new) = (&self.old, &self.new);
        match self.by_titles {
            true => format!("{new} has the titles of {old}, which was imported before. Is it the same one?"),
            false => format!("{new} has the numbers and titles of {old}, which was imported before. Was it renamed?"),
        }
    }

    /// The new place of a record that was at the old one.
    pub(super) fn moved(&self, old: &SourcePlace) -> Option<&SourcePlace> {
        self.moves.get(old)
    }

    /// The records that move, by their new places.
    pub(super) fn arrivals(&self, known: &SourcePlaces) -> FxHashMap<SourcePlace, Id> {
        self.moves.iter().filter_map(|(old, new)| Some((new.clone(), known.get(old)?.id))).collect()
    }
}

/// A repository, a project or a board: its address, and what its keys have before the number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
struct Area<'a> {
    site: &'a str,
    prefix: &'a str,
}

impl<'a> Area<'a> {
    /// The area of a key, and the number in it.
    fn of(site: &'a str, key: &'a str) -> (Area<'a>, &'a str) {
        let is_prefix = |prefix: &&str| {
            prefix.starts_with(|c: char| c.is_alphabetic()) && prefix.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        let is_number = |number: &str| {
            number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(|c| c.is_ascii_digit() || c == '.')
        };
        match key.rsplit_once('-') {
            Some((prefix, number)) if is_number(number) && Some(prefix).as_ref().is_some_and(is_prefix) => {
                (Area { site, prefix }, number)
            }
            _ => (Area { site, prefix: "" }, key),
        }
    }

    fn place(&self, number: &str) -> SourcePlace {
        let key = if self.prefix.is_empty() { number.to_string() } else { format!("{}-{number}", self.prefix) };
        (self.site.to_string(), key)
    }

    /// Its name beside another one's: the address where the prefix is the same.
    fn name(&self, other: &Area) -> String {
        match (self.prefix, self.site) {
            (prefix, "") if !prefix.is_empty() => prefix.to_string(),
            (prefix, _) if !prefix.is_empty() && prefix != other.prefix => prefix.to_string(),
            ("", site) => site.to_string(),
            (prefix, site) => format!("{prefix} at {site}"),
        }
    }
}

/// The question that a file raises, if it raises one.
pub fn renaming(found: &Found, product: &Product) -> Option<Renaming> {
    if found.system.is_empty() {
        return None;
    }
    let known = places(found.system, product);
    let links = Links::of_site(unnamed_site(found, &known));
    among(found, &known, &links)
}

/// The question, among what is known.
pub(super) fn among(found: &Found, known: &SourcePlaces, links: &Links) -> Option<Renaming> {
    if known.is_empty() {
        return None;
    }
    let alive: Vec<(Area, &str, &KnownPlace)> = known
        .iter()
        .filter(|(_, one)| one.life == Life::Alive)
        .map(|((site, key), one)| {
            let (area, number) = Area::of(site, key);
            (area, number, one)
        })
        .collect();
    let here: FxHashSet<&Area> = alive.iter().map(|(area, ..)| area).collect();
    let mut file: FxHashMap<Area, FxHashMap<&str, Value>> = FxHashMap::default();
    let mut in_file: FxHashSet<Area> = FxHashSet::default();
    for record in &found.records {
        let Identity::Foreign { site, key } = &record.identity else { continue };
        let (area, number) = Area::of(if site.is_empty() { &links.site } else { site }, key);
        // A person who names the site has said which one it is.
        let is_told = found.site_is_given && area.prefix.is_empty();
        let has_name = !area.prefix.is_empty() || !area.site.is_empty();
        if has_name && !is_told && !here.contains(&area) {
            let title = checksum(&Line::from(record.title()).to_value());
            file.entry(area.clone()).or_default().insert(number, title);
        }
        in_file.insert(area);
    }
    let mut areas: Vec<(Area, FxHashMap<&str, Value>)> = file.into_iter().collect();
    areas.sort_by(|a, b| a.0.cmp(&b.0));
    // What is in the file under its old name has not been renamed.
    let old: Vec<&(Area, &str, &KnownPlace)> = alive.iter().filter(|(area, ..)| !in_file.contains(area)).collect();
    areas
        .iter()
        .find_map(|(area, titles)| by_number(area, titles, &old).or_else(|| by_title(area, titles, found, &old)))
}

fn by_number(new: &Area, titles: &FxHashMap<&str, Value>, old: &[&(Area, &str, &KnownPlace)]) -> Option<Renaming> {
    let mut alike: FxHashMap<&Area, (usize, usize)> = FxHashMap::default();
    for (area, number, one) in old.iter().filter(|(area, ..)| !area.site.is_empty() || !area.prefix.is_empty()) {
        let Some(title) = titles.get(number) else { continue };
        let (shared, same) = alike.entry(area).or_default();
        *shared = shared.saturating_add(1);
        *same = same.saturating_add(usize::from(one.title.as_ref() == Some(title)));
    }
    let fitting = |shared: usize, same: usize| same >= FEWEST && same.saturating_mul(2) >= shared;
    let fits = alike.into_iter().filter(|(_, (shared, same))| fitting(*shared, *same));
    let (area, (_, count)) = fits.max_by_key(|(area, (_, same))| (*same, std::cmp::Reverse(*area)))?;
    let moves = old.iter().filter(|(of, ..)| of == area).map(|(_, number, _)| (area.place(number), new.place(number)));
    Some(Renaming { old: area.name(new), new: new.name(area), alike: count, by_titles: false, moves: moves.collect() })
}

/// Number here and in the file, by title; `None` where a title occurs twice.
type TitlePairs<'a> = FxHashMap<&'a Value, Option<(&'a str, &'a str)>>;

/// A board whose cards have ids and no numbers, as a copy has: it goes by titles that occur once on both sides.
fn by_title(
    new: &Area,
    titles: &FxHashMap<&str, Value>,
    found: &Found,
    old: &[&(Area, &str, &KnownPlace)],
) -> Option<Renaming> {
    if new.site.is_empty() {
        return None;
    }
    let mut once: FxHashMap<&Value, Option<&str>> = FxHashMap::default();
    for (number, title) in titles {
        once.entry(title).and_modify(|one| *one = None).or_insert(Some(number));
    }
    let mut pairs: FxHashMap<&Area, TitlePairs> = FxHashMap::default();
    for (area, number, one) in old.iter().filter(|(area, ..)| !area.site.is_empty() && area.site != new.site) {
        let Some(title) = &one.title else { continue };
        let Some(Some(theirs)) = once.get(title).filter(|_| one.kind == Kind::BacklogItem) else { continue };
        let of_area = pairs.entry(area).or_default();
        of_area.entry(title).and_modify(|one| *one = None).or_insert(Some((number, theirs)));
    }
    let counted = pairs.into_iter().map(|(area, pairs)| (area, pairs.into_values().flatten().collect::<Vec<_>>()));
    let (area, pairs) = counted.max_by_key(|(area, pairs)| (pairs.len(), std::cmp::Reverse(*area)))?;
    if pairs.len() < FEWEST_TITLES || pairs.len().saturating_mul(2) < titles.len() {
        return None;
    }
    // The id of a board says nothing to a person.
    let is_address = |name: &str| name.contains(['/', '.']);
    let (old_name, new_name) = (area.name(new), new.name(area));
    Some(Renaming {
        old: if is_address(&old_name) { old_name } else { "another one".to_string() },
        new: if is_address(&new_name) { new_name } else { found.from.clone() },
        alike: pairs.len(),
        by_titles: true,
        moves: pairs.into_iter().map(|(mine, theirs)| (area.place(mine), new.place(theirs))).collect(),
    })
}

/// Deleted records of areas from which all others have moved: they stay where they were, and deleted.
pub(super) struct Buried<'a>(FxHashMap<(&'a str, &'a Value), &'a SourcePlace>);

impl<'a> Buried<'a> {
    /// `moving` is what moves with this import.
    pub(super) fn of(known: &'a SourcePlaces, moving: Option<&Renaming>) -> Buried<'a> {
        let dead = |(_, one): &(&SourcePlace, &KnownPlace)| one.life != Life::Alive;
        if !known.iter().any(|one| dead(&one)) {
            return Buried(FxHashMap::default());
        }
        let area = |place: &'a SourcePlace| Area::of(&place.0, &place.1);
        let goes = |place: &SourcePlace| moving.is_some_and(|moving| moving.moved(place).is_some());
        let stays = known.iter().filter(|one| !dead(one) && !goes(one.0));
        let alive: FxHashSet<Area> = stays.map(|(place, _)| area(place).0).collect();
        let left = known.iter().filter(dead).filter(|(place, _)| !alive.contains(&area(place).0));
        Buried(left.filter_map(|(place, one)| Some(((area(place).1, one.title.as_ref()?), place))).collect())
    }

    /// Whether a record that is new by its place is one of them.
    pub(super) fn has(&self, place: &SourcePlace, title: &str) -> bool {
        !self.0.is_empty() && {
            let title = checksum(&Line::from(title).to_value());
            self.0.contains_key(&(Area::of(&place.0, &place.1).1, &title))
        }
    }
}

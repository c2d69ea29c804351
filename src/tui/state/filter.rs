//! What a list leaves out besides the find line. Filters add up, each shown as a chip in the border: a story has to have
//! every label asked for, and one of the people, kinds, sprints, reasons and sources.

use crate::insight::alike::pairs;
use crate::insight::people::{assigned, authors};
use crate::insight::ready::is_ready;
use crate::insight::sorting::Sort;
use crate::insight::trace::asks_again;
use crate::insight::trace::is_suspect;
use crate::insight::window::Since;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemKind, ItemStatus, Kind};
use crate::model::value::{Source, When};
use rustc_hash::FxHashSet;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Filter {
    /// Assigned to or changed by the user.
    Mine,
    /// The why has changed since it was agreed.
    Unsure,
    Ready,
    Unsized,
    NoCriterion,
    Blocked,
    /// Came in with the last import.
    LastImport,
    /// Reads like another story.
    Alike,
    Label(String),
    Assignee(String),
    /// Written by this person in the tool it was imported from.
    Author(String),
    OfKind(ItemKind),
    Sprint(Id),
    /// Serves this, or nothing.
    Serves(Option<Id>),
    /// Imported from there.
    From(String),
    /// Changes of one half, in the history.
    Why,
    How,
    /// Changes of the roadmap since a time other than the last ratification.
    Since(Since),
}

/// A choice that a picker offers to look at the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Look {
    Filter(Filter),
    /// `None` is the order made by hand.
    Sort(Option<Sort>),
    /// Filters saved under a name.
    Saved(String),
}

/// Filters, a sort and a find, kept under a name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SavedLook {
    pub filters: Vec<Filter>,
    pub sort: Option<Sort>,
    pub find: String,
    pub closed: bool,
}

/// Who looks, and what was imported last.
pub struct FilterContext<'a> {
    by: &'a str,
    imported: Option<When>,
    /// The stories that read alike, if they are asked for.
    alike: FxHashSet<Id>,
}

impl<'a> FilterContext<'a> {
    pub fn of(product: &Product, filters: &[Filter], by: &'a str) -> FilterContext<'a> {
        let asked = filters.contains(&Filter::LastImport);
        let alike = if filters.contains(&Filter::Alike) { all_alike(product) } else { FxHashSet::default() };
        FilterContext { by, imported: asked.then(|| last_import(product)).flatten(), alike }
    }
}

/// Both stories of each pair that reads alike.
fn all_alike(product: &Product) -> FxHashSet<Id> {
    let all = product.all::<BacklogItem>().map(|item| item.id).collect();
    pairs(product, &all).into_iter().flat_map(|(one, other)| [one, other]).collect()
}

/// When stories were last imported.
pub fn last_import(product: &Product) -> Option<When> {
    product.all::<BacklogItem>().filter_map(|item| item.imported_at).max_by_key(|when| when.0)
}

/// Where a story was imported from, in words; without the number it has there.
pub fn origin(source: &Source) -> String {
    format!("{} {}", source.system, source.site).trim().to_string()
}

/// True if all filters keep a record. Records to which a filter does not apply stay.
pub fn keep(filters: &[Filter], product: &Product, kind: Kind, id: Id, context: &FilterContext<'_>) -> bool {
    filters.iter().all(|filter| match filter.is_one_of_several() {
        true => {
            let same = |one: &&Filter| std::mem::discriminant(*one) == std::mem::discriminant(filter);
            filters.iter().filter(same).any(|one| one.keeps(product, kind, id, context))
        }
        false => filter.keeps(product, kind, id, context),
    })
}

/// The chips in the border: those of which a story has to have one stand together.
pub fn chips(filters: &[Filter], product: &Product) -> Vec<String> {
    grouped(filters, |filter| filter.chip(product))
}

/// What the rows that are shown have in common, behind their number: `that serve nothing`, `of kind bug or chore`.
pub fn clauses(filters: &[Filter], product: &Product, is_one: bool) -> String {
    grouped(filters, |filter| filter.clause(product, is_one)).join(", ")
}

fn grouped(filters: &[Filter], words: impl Fn(&Filter) -> String) -> Vec<String> {
    let mut out: Vec<(std::mem::Discriminant<Filter>, String)> = Vec::new();
    for filter in filters {
        let group = std::mem::discriminant(filter);
        match out.iter_mut().find(|(known, _)| *known == group && filter.is_one_of_several()) {
            Some((_, chip)) => chip.push_str(&format!(" or {}", words(filter))),
            None => out.push((group, words(filter))),
        }
    }
    out.into_iter().map(|(_, chip)| chip).collect()
}

impl Filter {
    pub fn chip(&self, product: &Product) -> String {
        match self {
            Filter::Mine => "mine".to_string(),
            Filter::Unsure => "why changed".to_string(),
            Filter::Ready => "ready".to_string(),
            Filter::Unsized => "no points".to_string(),
            Filter::NoCriterion => "no criterion".to_string(),
            Filter::Blocked => "blocked".to_string(),
            Filter::LastImport => "last import".to_string(),
            Filter::Alike => "alike".to_string(),
            Filter::Label(label) => format!("label {label}"),
            Filter::Assignee(name) => name.clone(),
            Filter::Author(name) => format!("written by {name}"),
            Filter::OfKind(kind) => kind.label().to_string(),
            Filter::Sprint(id) => product.name_of(*id),
            Filter::Serves(Some(id)) => format!("serves {}", product.name_of(*id)),
            Filter::Serves(None) => "serves nothing".to_string(),
            Filter::From(origin) => format!("from {origin}"),
            Filter::Why => "why only".to_string(),
            Filter::How => "how only".to_string(),
            Filter::Since(Since::Day(day)) => format!("since {day}"),
            Filter::Since(Since::Review) => "since the last review".to_string(),
            Filter::Since(Since::LastClosed) => "since the last sprint".to_string(),
            Filter::Since(Since::Ratified) => "since the last version".to_string(),
        }
    }

    /// What it asks of a row, as the end of a sentence that counts the rows.
    fn clause(&self, product: &Product, is_one: bool) -> String {
        let that = |one: &str, many: &str| format!("that {}", if is_one { one } else { many });
        match self {
            Filter::Mine => "of yours".to_string(),
            Filter::Unsure => "with a changed why".to_string(),
            Filter::Ready => that("is ready", "are ready"),
            Filter::Unsized => "without points".to_string(),
            Filter::NoCriterion => "without criteria".to_string(),
            Filter::Blocked => that("is blocked", "are blocked"),
            Filter::LastImport => "from the last import".to_string(),
            Filter::Alike => that("reads like another", "read alike"),
            Filter::Label(label) => format!("with label {label}"),
            Filter::Assignee(name) => format!("of {name}"),
            Filter::OfKind(kind) => format!("of kind {}", kind.label()),
            Filter::Sprint(id) => format!("in {}", product.name_of(*id)),
            Filter::Serves(Some(id)) => format!("{} {}", that("serves", "serve"), product.name_of(*id)),
            Filter::Serves(None) => that("serves nothing", "serve nothing"),
            Filter::Why => "of the why".to_string(),
            Filter::How => "of the how".to_string(),
            Filter::Author(_) | Filter::From(_) | Filter::Since(_) => self.chip(product),
        }
    }

    /// True where a story can have only one value, so that two of these filters mean one or the other.
    fn is_one_of_several(&self) -> bool {
        matches!(
            self,
            Filter::Assignee(_)
                | Filter::Author(_)
                | Filter::OfKind(_)
                | Filter::Sprint(_)
                | Filter::Serves(_)
                | Filter::From(_)
        )
    }

    /// Returns true if a record stays in the list; records to which the filter does not apply stay.
    fn keeps(&self, product: &Product, kind: Kind, id: Id, context: &FilterContext<'_>) -> bool {
        match kind {
            Kind::BacklogItem => product.items().get(id).is_none_or(|item| self.keeps_story(product, item, context)),
            _ if *self == Filter::Unsure => {
                product.find(id).is_some_and(|record| !asks_again(product, record).is_empty())
            }
            _ => true,
        }
    }

    fn keeps_story(&self, product: &Product, item: &BacklogItem, context: &FilterContext<'_>) -> bool {
        match self {
            Filter::Mine => assigned(item).iter().any(|one| one == context.by.trim()),
            Filter::Unsure => is_suspect(product, item),
            Filter::Ready => is_ready(product, item) && item.status == ItemStatus::ToDo,
            Filter::Unsized => item.points.is_none() && product.index().counts(item),
            Filter::NoCriterion => item.criteria.is_empty(),
            Filter::Blocked => !item.blocked.is_empty(),
            Filter::Alike => context.alike.contains(&item.id),
            Filter::LastImport => item.imported_at.is_some() && item.imported_at == context.imported,
            Filter::Label(label) => item.labels.iter().any(|one| one == label),
            Filter::Assignee(name) => assigned(item).iter().any(|one| one == name.trim()),
            Filter::Author(name) => authors(item).iter().any(|one| one == name.trim()),
            Filter::OfKind(kind) => item.kind == *kind,
            Filter::Sprint(id) => item.sprint == Some(*id),
            Filter::Serves(id) => item.serves == *id,
            Filter::From(site) => item.source.as_ref().is_some_and(|source| origin(source) == *site),
            Filter::Why | Filter::How | Filter::Since(_) => true,
        }
    }

    /// One word for a file, which [`Filter::from_word`] reads; `None` for what is not kept between runs.
    pub fn word(&self) -> Option<String> {
        Some(match self {
            Filter::Mine => "mine".to_string(),
            Filter::Unsure => "why changed".to_string(),
            Filter::Ready => "ready".to_string(),
            Filter::Unsized => "no points".to_string(),
            Filter::NoCriterion => "no criterion".to_string(),
            Filter::Blocked => "blocked".to_string(),
            Filter::LastImport => "last import".to_string(),
            Filter::Alike => "alike".to_string(),
            Filter::Label(label) => format!("label:{label}"),
            Filter::Assignee(name) => format!("person:{name}"),
            Filter::Author(name) => format!("author:{name}"),
            Filter::OfKind(kind) => format!("kind:{}", kind.key()),
            Filter::Sprint(id) => format!("sprint:{id}"),
            Filter::Serves(Some(id)) => format!("serves:{id}"),
            Filter::Serves(None) => "serves:".to_string(),
            Filter::From(origin) => format!("from:{origin}"),
            Filter::Why | Filter::How | Filter::Since(_) => return None,
        })
    }

    pub fn from_word(word: &str) -> Option<Filter> {
        let Some((what, value)) = word.split_once(':') else {
            let plain = [
                Filter::Mine,
                Filter::Unsure,
                Filter::Ready,
                Filter::Unsized,
                Filter::NoCriterion,
                Filter::Blocked,
                Filter::LastImport,
                Filter::Alike,
            ];
            return plain.into_iter().find(|one| one.word().as_deref() == Some(word));
        };
        Some(match what {
            "label" => Filter::Label(value.to_string()),
            "person" => Filter::Assignee(value.to_string()),
            "author" => Filter::Author(value.to_string()),
            "kind" => Filter::OfKind(ItemKind::ALL.iter().copied().find(|kind| kind.key() == value)?),
            "sprint" => Filter::Sprint(Id::parse(value)?),
            "serves" if value.is_empty() => Filter::Serves(None),
            "serves" => Filter::Serves(Some(Id::parse(value)?)),
            "from" => Filter::From(value.to_string()),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kept_filter_is_read_back() {
        let id = Id::from_bits(77);
        let kept = [
            Filter::Mine,
            Filter::Unsure,
            Filter::Ready,
            Filter::Unsized,
            Filter::NoCriterion,
            Filter::Blocked,
            Filter::LastImport,
            Filter::Alike,
            Filter::Label("a:b c".into()),
            Filter::Assignee("Ann".into()),
            Filter::Author("Bo".into()),
            Filter::OfKind(ItemKind::Bug),
            Filter::Sprint(id),
            Filter::Serves(Some(id)),
            Filter::Serves(None),
            Filter::From("github acme/ferry".into()),
        ];
        for filter in kept {
            assert_eq!(filter.word().as_deref().and_then(Filter::from_word), Some(filter));
        }
    }
}

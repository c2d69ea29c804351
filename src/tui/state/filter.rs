//! What a list leaves out besides the find line: toggles that add up, each shown as a chip in the border.

use crate::insight::plan::is_ready;
use crate::insight::trace::asks_again;
use crate::insight::trace::is_suspect;
use crate::insight::window::Since;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus, Kind};

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Filter {
    /// Assigned to or changed by the user.
    Mine,
    /// The why has changed since it was agreed.
    Unsure,
    Ready,
    Unsized,
    Blocked,
    Label(String),
    Assignee(String),
    Sprint(Id),
    /// Changes of one half, in the history.
    Why,
    How,
    /// Changes of the roadmap since a time other than the last ratification.
    Since(Since),
}

impl Filter {
    /// The chip in the border.
    pub fn chip(&self, product: &Product) -> String {
        match self {
            Filter::Mine => "mine".to_string(),
            Filter::Unsure => "why changed".to_string(),
            Filter::Ready => "ready".to_string(),
            Filter::Unsized => "no points".to_string(),
            Filter::Blocked => "blocked".to_string(),
            Filter::Label(label) => format!("label {label}"),
            Filter::Assignee(name) => name.clone(),
            Filter::Sprint(id) => product.name_of(*id),
            Filter::Why => "why only".to_string(),
            Filter::How => "how only".to_string(),
            Filter::Since(Since::Day(day)) => format!("since {day}"),
            Filter::Since(Since::Review) => "since the last review".to_string(),
            Filter::Since(Since::Ratified) => "since the last version".to_string(),
        }
    }

    /// Returns true if a record stays in the list; records to which the filter does not apply stay.
    pub fn keeps(&self, product: &Product, kind: Kind, id: Id, by: &str) -> bool {
        match kind {
            Kind::BacklogItem => product.items().get(id).is_none_or(|item| self.keeps_story(product, item, by)),
            _ if *self == Filter::Unsure => {
                product.find(id).is_some_and(|record| !asks_again(product, record).is_empty())
            }
            _ => true,
        }
    }

    pub fn keeps_story(&self, product: &Product, item: &BacklogItem, by: &str) -> bool {
        match self {
            Filter::Mine => item.assignee.trim() == by.trim(),
            Filter::Unsure => is_suspect(product, item),
            Filter::Ready => is_ready(product, item) && item.status == ItemStatus::ToDo,
            Filter::Unsized => item.points.is_none(),
            Filter::Blocked => !item.blocked.is_empty(),
            Filter::Label(label) => item.labels.iter().any(|one| one == label),
            Filter::Assignee(name) => item.assignee.trim() == name.trim(),
            Filter::Sprint(id) => item.sprint == Some(*id),
            Filter::Why | Filter::How | Filter::Since(_) => true,
        }
    }
}

//! What a list of a board stands for. Its name says so where it is that of a status; otherwise a person does.

use crate::model::schema::{Horizon, ItemStatus};

/// What becomes of a list, and so of its cards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListMeaning {
    /// The status of its cards.
    Status(ItemStatus),
    /// A label of its cards.
    Label,
    Sprint,
    /// A roadmap item, at this horizon if one was named.
    Roadmap(Option<Horizon>),
    /// Its cards are no stories.
    LeaveOut,
}

impl ListMeaning {
    /// All of them, in the order in which they are offered.
    pub fn all() -> Vec<ListMeaning> {
        let statuses = ItemStatus::ALL.iter().copied().map(ListMeaning::Status);
        let horizons = Horizon::ALL.iter().copied().map(|horizon| ListMeaning::Roadmap(Some(horizon)));
        statuses
            .chain([ListMeaning::Label, ListMeaning::Sprint, ListMeaning::Roadmap(None)])
            .chain(horizons)
            .chain([ListMeaning::LeaveOut])
            .collect()
    }

    /// Its name in a mapping.
    pub fn key(self) -> &'static str {
        match self {
            ListMeaning::Status(status) => status.key(),
            ListMeaning::Label => "label",
            ListMeaning::Sprint => "sprint",
            ListMeaning::Roadmap(None) => "roadmap",
            ListMeaning::Roadmap(Some(horizon)) => horizon.key(),
            ListMeaning::LeaveOut => "skip",
        }
    }

    /// The meaning of that name.
    pub fn named(name: &str) -> Option<ListMeaning> {
        ListMeaning::all().into_iter().find(|one| one.key() == name)
    }

    /// Its name for people.
    pub fn label(self) -> String {
        match self {
            ListMeaning::Status(status) => status.label().to_string(),
            ListMeaning::Label => "a label of its cards".to_string(),
            ListMeaning::Sprint => "a sprint".to_string(),
            ListMeaning::Roadmap(None) => "a roadmap item".to_string(),
            ListMeaning::Roadmap(Some(horizon)) => format!("a roadmap item, {}", horizon.label()),
            ListMeaning::LeaveOut => "left out".to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_has_a_name_of_its_own() {
        for one in ListMeaning::all() {
            assert_eq!(ListMeaning::named(one.key()), Some(one));
        }
        assert_eq!(ListMeaning::named("Doing"), None);
    }
}

//! Who may change what: the product manager owns the why, the product owner the how.

use serde::{Deserialize, Serialize};

/// A person's role. In a small company one person has both.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Product manager: owns the why.
    Pm,
    /// Product owner: owns the how.
    Po,
    /// One person in both roles.
    #[default]
    Both,
}

/// The half a field belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Owner {
    /// The product manager's: problem, outcome, priority.
    Why,
    /// The product owner's: stories, criteria, order, sprints.
    How,
    /// Either may write it.
    Both,
    /// Computed or stamped; nobody types it.
    System,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Pm, Role::Po, Role::Both];

    pub fn owns(self, owner: Owner) -> bool {
        match owner {
            Owner::Both | Owner::System => true,
            Owner::Why => self != Role::Po,
            Owner::How => self != Role::Pm,
        }
    }

    pub fn parse(text: &str) -> Option<Role> {
        match text.trim().to_ascii_lowercase().as_str() {
            "pm" => Some(Role::Pm),
            "po" => Some(Role::Po),
            "both" => Some(Role::Both),
            _ => None,
        }
    }

    /// As given to `--as` and shown in the tab row.
    pub fn key(self) -> &'static str {
        match self {
            Role::Pm => "pm",
            Role::Po => "po",
            Role::Both => "both",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Role::Pm => "PM",
            Role::Po => "PO",
            Role::Both => "PM+PO",
        }
    }

    /// The next role, in the order of the role key.
    pub fn next(self) -> Role {
        match self {
            Role::Pm => Role::Po,
            Role::Po => Role::Both,
            Role::Both => Role::Pm,
        }
    }
}

impl Owner {
    /// The owner, as used in sentences.
    pub fn seat(self) -> &'static str {
        match self {
            Owner::Why => "PM",
            Owner::How => "PO",
            Owner::Both => "both",
            Owner::System => "whyhow",
        }
    }
}

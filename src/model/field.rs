//! What the field table becomes: a plain struct per kind with typed fields, and a list of [`Field`]s that reach the
//! same cells without knowing the type. The macro at the end reads the table; nothing else does.

use crate::model::id::Id;
use crate::model::rank::Rank;
use crate::model::role::Owner;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Confirmation, Life, Shape, Value};
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// One column of one kind of record: its name, owner, shape, and the way to its cell.
pub struct Field {
    pub kind: Kind,
    /// Its place among the fields of the kind.
    pub(crate) nth: usize,
    /// As files, scripts and batches name it.
    pub key: &'static str,
    /// As the screen names it.
    pub label: &'static str,
    /// One sentence: what belongs here. Doc comment and hint on screen.
    pub hint: &'static str,
    pub owner: Owner,
    pub shape: Shape,
    /// The kinds of record to which it may link.
    pub targets: &'static [Kind],
    /// The actions that set it, each with its guards. Empty if a form sets it.
    pub actions: &'static [&'static str],
    /// Marked in the table as *no reason*: a name or a place, on which others do not depend.
    pub(crate) no_reason: bool,
    pub(crate) at: fn(&dyn Any) -> Option<&dyn Any>,
    pub(crate) read: fn(&dyn Any) -> Value,
    pub(crate) write: fn(&mut dyn Any, &Value) -> Result<(), String>,
    pub(crate) show: fn(&dyn Any) -> String,
    pub(crate) settle: fn(&mut Value) -> Result<(), String>,
    pub(crate) each_id: fn(&dyn Any, &mut dyn FnMut(Id)),
    pub(crate) say: fn(&Value) -> String,
    pub(crate) take_text: fn(&str) -> Result<Value, String>,
}

impl Field {
    /// The value as this field stores it, or why it is invalid.
    pub fn accept(&self, value: &Value) -> Result<Value, String> {
        let mut own = value.clone();
        self.settle(&mut own).map(|()| own)
    }

    /// Turns a value into the one that this field stores, without a copy where it is so already. An invalid one stays.
    pub fn settle(&self, value: &mut Value) -> Result<(), String> {
        (self.settle)(value).map_err(|why| format!("{}: {}", self.label, self.shape.refused(value, why)))
    }

    /// A value of this field as people read it; empty if it is not a value of this field.
    pub fn text_of(&self, value: &Value) -> String {
        (self.say)(value)
    }

    /// The label below a heading that says what it is about: `Points` of the Definition of Ready.
    pub fn short_label(&self) -> &'static str {
        match self.label.strip_prefix("Ready: ") {
            None => self.label,
            Some("points") => "Points",
            Some("why") => "Why",
            Some("criterion") => "Criterion",
            Some("size limit") => "Size limit",
            Some("dependencies") => "Dependencies",
            Some(other) => other,
        }
    }

    /// The label inside a sentence: `acceptance criteria`, but `Sprint Goal` and `PM`.
    pub fn noun(&self) -> String {
        let mut letters = self.label.chars();
        match letters.next() {
            Some(first) if !letters.clone().any(char::is_uppercase) => first.to_lowercase().chain(letters).collect(),
            _ => self.label.to_string(),
        }
    }

    /// The same as [`Field::of`] where it begins a line: `Points of S4`.
    pub fn head_of(&self, whose: impl fmt::Display) -> String {
        let of = self.of(whose);
        let mut letters = of.strip_prefix("the ").unwrap_or(&of).chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// The field of a record or of several, in words: `the points of S4`, but `what S4 serves`.
    pub fn of(&self, whose: impl fmt::Display) -> String {
        match self.key {
            "vision" => format!("the text of {whose}"),
            "serves" => format!("what {whose} serves"),
            "depends_on" => format!("what {whose} depends on"),
            "parent" => format!("what {whose} is part of"),
            "duplicate_of" => format!("what {whose} duplicates"),
            "blocked" => format!("what blocks {whose}"),
            "not_doing" => format!("what {whose} leaves out"),
            "keep" => format!("“Keep” in the retrospective of {whose}"),
            "problem" if self.kind == Kind::Sprint => format!("“Problem” in the retrospective of {whose}"),
            "tried" => format!("“Tried” in the retrospective of {whose}"),
            "revisit" => format!("the day to look at {whose} again"),
            "later" => format!("the day on which {whose} comes back"),
            _ if self.short_label() != self.label => {
                format!("the {} of the Definition of Ready", self.short_label().to_lowercase())
            }
            _ => format!("the {} of {whose}", self.noun()),
        }
    }

    /// The same of several records: `what 3 stories serve`.
    pub fn of_many(&self, whose: impl fmt::Display) -> String {
        match self.key {
            "serves" => format!("what {whose} serve"),
            "depends_on" => format!("what {whose} depend on"),
            "parent" => format!("what {whose} are part of"),
            "duplicate_of" => format!("what {whose} duplicate"),
            "not_doing" => format!("what {whose} leave out"),
            "later" => format!("the day on which {whose} come back"),
            _ => self.of(whose),
        }
    }

    /// True if [`Field::of`] is a clause, after which a value needs a colon.
    pub fn is_said_as_clause(&self) -> bool {
        self.of("").split(' ').next() == Some("what")
    }

    /// Parses what a person typed.
    pub fn from_text(&self, text: &str) -> Result<Value, String> {
        (self.take_text)(text).map_err(|why| format!("{}: {why}", self.label))
    }

    /// Returns true if a form may show and edit it.
    pub fn is_typed(&self) -> bool {
        self.owner != Owner::System
            && !self.is_head()
            && self.actions.is_empty()
            && !matches!(self.shape, Shape::Extra | Shape::Facts)
    }

    /// The keys of every record, which belong to the head of the table's row.
    pub fn is_head(&self) -> bool {
        matches!(self.key, "alive" | "rank" | "number" | "unknown")
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Field) -> bool {
        self.kind == other.kind && self.nth == other.nth
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind.key(), self.key)
    }
}

/// A field whose kind of record and type of value the compiler knows, from `schema::fields`: a name that the table does
/// not have does not compile, nor does a value of another type.
pub struct TypedField<E, T> {
    pub field: &'static Field,
    types: PhantomData<fn(E) -> T>,
}

impl<E: Entity, T: Cell> TypedField<E, T> {
    pub(crate) const fn of(field: &'static Field) -> TypedField<E, T> {
        TypedField { field, types: PhantomData }
    }
}

/// A record of a known kind.
pub trait Entity: Any + Clone + Default + PartialEq + Send + Sync + fmt::Debug {
    const KIND: Kind;

    fn id(&self) -> Id;
    fn set_id(&mut self, id: Id);
    fn life(&self) -> Life;
    fn rank(&self) -> &Rank;
    fn number(&self) -> u32;
    fn confirmed(&self) -> &[Confirmation];
    fn why_rev(&self) -> Option<Id>;

    fn is_alive(&self) -> bool {
        self.life() == Life::Alive
    }
}

/// A record of any kind, as lists, histories and exports need it.
pub trait Record: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
    fn kind(&self) -> Kind;
    fn id(&self) -> Id;
    fn life(&self) -> Life;
    fn rank(&self) -> &Rank;
    fn number(&self) -> u32;
    /// The whys against which it was confirmed. Empty for a kind that depends on none.
    fn confirmed(&self) -> &[Confirmation];
    /// The step that last changed its why. `None` for a kind without one, and if no why has been written yet.
    fn why_rev(&self) -> Option<Id>;
}

impl<E: Entity> Record for E {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
    fn kind(&self) -> Kind {
        E::KIND
    }
    fn id(&self) -> Id {
        Entity::id(self)
    }
    fn life(&self) -> Life {
        Entity::life(self)
    }
    fn rank(&self) -> &Rank {
        Entity::rank(self)
    }
    fn number(&self) -> u32 {
        Entity::number(self)
    }
    fn confirmed(&self) -> &[Confirmation] {
        Entity::confirmed(self)
    }
    fn why_rev(&self) -> Option<Id> {
        Entity::why_rev(self)
    }
}

impl dyn Record + '_ {
    pub fn is_alive(&self) -> bool {
        self.life() == Life::Alive
    }

    pub fn value(&self, field: &Field) -> Value {
        (field.read)(self.as_any())
    }

    /// A cell in place; `None` if the field is not one of this kind, or of another type.
    pub fn cell<T: Cell>(&self, field: &Field) -> Option<&T> {
        (field.at)(self.as_any())?.downcast_ref::<T>()
    }

    pub fn text(&self, field: &Field) -> String {
        (field.show)(self.as_any())
    }

    /// The first field of the kind: how people call the record.
    pub fn title(&self) -> String {
        self.kind().title_field().map(|field| self.text(field)).unwrap_or_default()
    }

    /// What people see instead of an id: `S24`, `sprint 13`, `rule 2`.
    pub fn name(&self) -> String {
        self.kind().numbered(self.number())
    }
}

/// What people read for a value of `T`.
pub(crate) fn said<T: Cell>(value: &Value) -> String {
    T::from_value(value).map(|cell| cell.to_text()).unwrap_or_default()
}

/// `T`'s value for what a person typed.
pub(crate) fn typed<T: Cell>(text: &str) -> Result<Value, String> {
    T::from_text(text).map(|cell| cell.to_value())
}

/// Whether a serializer may leave the field out.
pub(crate) fn left_out<T: Cell>(cell: &T) -> bool {
    !T::ALWAYS_WRITTEN && *cell == T::default()
}

/// An array of records, or a single one without its array.
pub(crate) struct OneOrMany<E>(pub Vec<std::sync::Arc<E>>);

impl<'de, E: serde::Deserialize<'de>> serde::Deserialize<'de> for OneOrMany<E> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<E>(std::marker::PhantomData<E>);
        impl<'de, E: serde::Deserialize<'de>> serde::de::Visitor<'de> for Either<E> {
            type Value = OneOrMany<E>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of records")
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany<E>, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = seq.next_element()? {
                    all.push(one);
                }
                Ok(OneOrMany(all))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<OneOrMany<E>, A::Error> {
                E::deserialize(serde::de::value::MapAccessDeserializer::new(map))
                    .map(|one| OneOrMany(vec![std::sync::Arc::new(one)]))
            }
        }
        deserializer.deserialize_any(Either(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::schema::Kind;

    #[test]
    fn a_field_is_named_as_a_sentence_needs_it() {
        let of = |kind: Kind, key: &str, whose: &str| {
            let field = kind.field(key).unwrap();
            (field.of(whose), field.head_of(whose))
        };
        let both = |one: &str, other: &str| (one.to_string(), other.to_string());
        assert_eq!(of(Kind::VisionBoard, "name", "the vision"), both("the name of the vision", "Name of the vision"));
        assert_eq!(of(Kind::BacklogItem, "serves", "S4"), both("what S4 serves", "What S4 serves"));
        assert_eq!(
            of(Kind::Sprint, "goal", "sprint 4"),
            both("the Sprint Goal of sprint 4", "Sprint Goal of sprint 4")
        );
        assert_eq!(Kind::VisionBoard.field("pm_name").unwrap().noun(), "PM");
    }
}

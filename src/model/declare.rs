//! The macros behind the table in `schema.rs`: from one row a field, they make the structs, the descriptors of their fields,
//! the tables of a product, and the reading and writing of its document.

/// The cell functions of one field of one struct, for the macro below.
macro_rules! cell_functions {
    ($Name:ident, $field:ident, $ty:ty) => {
        (
            |any: &dyn std::any::Any| {
                any.downcast_ref::<$Name>()
                    .map(|one| $crate::model::value::Cell::to_value(&one.$field))
                    .unwrap_or_default()
            },
            |any: &mut dyn std::any::Any, value: &$crate::model::value::Value| {
                let cell = <$ty as $crate::model::value::Cell>::from_value(value)?;
                if let Some(one) = any.downcast_mut::<$Name>() {
                    one.$field = cell;
                }
                Ok::<(), String>(())
            },
            |any: &dyn std::any::Any| {
                any.downcast_ref::<$Name>()
                    .map(|one| $crate::model::value::Cell::to_text(&one.$field))
                    .unwrap_or_default()
            },
            |any: &dyn std::any::Any, see: &mut dyn FnMut($crate::model::id::Id)| {
                if let Some(one) = any.downcast_ref::<$Name>() {
                    $crate::model::value::Cell::each_id(&one.$field, see);
                }
            },
        )
    };
}
pub(crate) use cell_functions;

/// Reads the table of `schema.rs`: kinds, structs, fields, shelves, and how a record is read from and written to JSON.
macro_rules! entities {
    ($(
        $(#[doc = $about:literal])+
        $Name:ident $kind:ident $plural:ident $letter:literal $owner:ident {
            $(
                $(#[doc = $hint:literal])+
                $fowner:ident $field:ident : $ty:ty = $label:literal $(to [$($target:ident),+])? $(by $($action:literal)+)? $(no $reason:ident)? ,
            )*
        }
    )*) => {
        /// The kinds of record.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Kind { $( #[doc = concat!($($about),+)] $Name, )* }

        impl Kind {
            pub const ALL: &'static [Kind] = &[ $( Kind::$Name ),* ];

            /// As scripts and the journal name it.
            pub fn key(self) -> &'static str {
                match self { $( Kind::$Name => stringify!($kind) ),* }
            }
            /// As product.json names its array.
            pub fn plural(self) -> &'static str {
                match self { $( Kind::$Name => stringify!($plural) ),* }
            }
            /// What its numbers begin with.
            pub fn letter(self) -> char {
                match self { $( Kind::$Name => $letter ),* }
            }
            /// Whose it is to add, delete and order such records.
            pub fn owner(self) -> Owner {
                match self { $( Kind::$Name => Owner::$owner ),* }
            }
            pub fn about(self) -> &'static str {
                match self { $( Kind::$Name => concat!($($about),+).trim_ascii() ),* }
            }
            /// Every field, in the order of the table, the head first.
            pub fn fields(self) -> &'static [Field] {
                match self { $( Kind::$Name => $Name::FIELDS ),* }
            }
        }

        $(
            $(#[doc = $about])+
            #[derive(Clone, PartialEq, Debug, Default)]
            pub struct $Name {
                pub id: Id,
                pub alive: Life,
                pub rank: Rank,
                pub number: u32,
                $( $(#[doc = $hint])+ pub $field: $ty, )*
                pub unknown: Unknown,
            }

            impl $Name {
                const FIELDS: &'static [Field; [$( stringify!($field) ),*].len() + 4] = &[
                    head_field!($Name, $kind, alive, Life, $owner, "Present"),
                    head_field!($Name, $kind, rank, Rank, $owner, "Order"),
                    head_field!($Name, $kind, number, u32, System, "Number"),
                    $( Field {
                        kind: Kind::$Name,
                        nth: fields::$kind::FieldPlace::$field as usize,
                        key: stringify!($field),
                        label: $label,
                        hint: concat!($($hint),+).trim_ascii(),
                        owner: Owner::$fowner,
                        shape: <$ty as Cell>::SHAPE,
                        targets: &[ $($( Kind::$target ),+)? ],
                        actions: &[ $($( $action ),+)? ],
                        no_reason: [ $( stringify!($reason), )? "" ].len() == 2,
                        at: |any| any.downcast_ref::<$Name>().map(|one| &one.$field as &dyn std::any::Any),
                        read: cell_functions!($Name, $field, $ty).0,
                        write: cell_functions!($Name, $field, $ty).1,
                        show: cell_functions!($Name, $field, $ty).2,
                        each_id: cell_functions!($Name, $field, $ty).3,
                        settle: <$ty as Cell>::settle,
                        say: said::<$ty>,
                        take_text: typed::<$ty>,
                    }, )*
                    head_field!($Name, $kind, unknown, Unknown, System, "Other keys"),
                ];
            }

            impl Entity for $Name {
                const KIND: Kind = Kind::$Name;
                fn id(&self) -> Id { self.id }
                fn set_id(&mut self, id: Id) { self.id = id; }
                fn life(&self) -> Life { self.alive }
                fn rank(&self) -> &Rank { &self.rank }
                fn number(&self) -> u32 { self.number }
                fn confirmed(&self) -> &[Confirmation] {
                    $( if stringify!($field) == "confirmed" { return self.$field.confirmations(); } )*
                    &[]
                }
                fn why_rev(&self) -> Option<Id> {
                    $( if stringify!($field) == "why_rev" { return self.$field.token(); } )*
                    None
                }
            }

            impl Serialize for $Name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let mut map = serializer.serialize_map(None)?;
                    map.serialize_entry("id", &self.id)?;
                    if self.alive == Life::Deleted { map.serialize_entry("deleted", &true)?; }
                    if !left_out(&self.rank) { map.serialize_entry("rank", &self.rank)?; }
                    if !left_out(&self.number) { map.serialize_entry("number", &self.number)?; }
                    $( if !left_out::<$ty>(&self.$field) { map.serialize_entry(stringify!($field), &self.$field)?; } )*
                    for (key, value) in self.unknown.0.iter().flat_map(|all| all.iter()) {
                        map.serialize_entry(key, value)?;
                    }
                    map.end()
                }
            }

            impl<'de> Deserialize<'de> for $Name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    #[derive(Deserialize)]
                    #[serde(field_identifier)]
                    #[allow(non_camel_case_types)]
                    enum Key { id, deleted, rank, number, $( $field, )* Other(String) }

                    struct Keys;
                    impl<'de> serde::de::Visitor<'de> for Keys {
                        type Value = $Name;
                        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                            f.write_str(concat!("a ", stringify!($kind), " record"))
                        }
                        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$Name, A::Error> {
                            let mut id: Option<Id> = None;
                            let mut deleted: Option<bool> = None;
                            let mut rank: Option<Rank> = None;
                            let mut number: Option<u32> = None;
                            $( let mut $field: Option<$ty> = None; )*
                            let mut unknown: Option<Box<$crate::model::value::Map>> = None;
                            while let Some(key) = map.next_key::<Key>()? {
                                match key {
                                    Key::id => once!(id, "id", map),
                                    Key::deleted => once!(deleted, "deleted", map),
                                    Key::rank => once!(rank, "rank", map),
                                    Key::number => once!(number, "number", map),
                                    $( Key::$field => once!($field, stringify!($field), map), )*
                                    Key::Other(key) => {
                                        let Strict(value) = map.next_value()?;
                                        if unknown.get_or_insert_default().insert(key.clone(), value).is_some() {
                                            return Err(serde::de::Error::custom($crate::model::json::twice(&key)));
                                        }
                                    }
                                }
                            }
                            Ok($Name {
                                id: id.ok_or_else(|| serde::de::Error::missing_field("id"))?,
                                alive: if deleted == Some(true) { Life::Deleted } else { Life::Alive },
                                rank: rank.unwrap_or_default(),
                                number: number.unwrap_or_default(),
                                $( $field: $field.unwrap_or_default(), )*
                                unknown: Unknown(unknown),
                            })
                        }
                    }
                    deserializer.deserialize_map(Keys)
                }
            }
        )*

        /// Every field of the table as the compiler knows it: `fields::item::title()`.
        pub mod fields {
            $( pub mod $kind {
                use super::super::*;

                #[allow(non_camel_case_types)]
                pub(crate) enum FieldPlace { alive, rank, number, $( $field, )* unknown }
                // The names of the head are there for their places alone.
                const _: [FieldPlace; 4] = [FieldPlace::alive, FieldPlace::rank, FieldPlace::number, FieldPlace::unknown];

                $( $(#[doc = $hint])+
                pub const fn $field() -> TypedField<$Name, $ty> {
                    const AT: usize = FieldPlace::$field as usize;
                    TypedField::of(&$Name::FIELDS[AT])
                } )*
            } )*
        }

        /// Every record of a product, a shelf per kind.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Shelves { $( pub $plural: Table<$Name>, )* }

        impl Shelves {
            pub fn table(&self, kind: Kind) -> &dyn AnyTable {
                match kind { $( Kind::$Name => &self.$plural ),* }
            }
            pub fn table_mut(&mut self, kind: Kind) -> &mut dyn AnyTable {
                match kind { $( Kind::$Name => &mut self.$plural ),* }
            }
        }

        $( impl Shelved for $Name {
            fn table(all: &Shelves) -> &Table<Self> { &all.$plural }
            fn table_mut(all: &mut Shelves) -> &mut Table<Self> { &mut all.$plural }
        } )*

        /// product.json as it is read: the records of each kind, and the keys this program does not know.
        #[derive(Default)]
        pub struct Document {
            pub format: String,
            $( pub $plural: Vec<std::sync::Arc<$Name>>, )*
            pub unknown: $crate::model::value::Map,
        }

        impl<'de> Deserialize<'de> for Document {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(field_identifier)]
                #[allow(non_camel_case_types)]
                enum Key { format, $( $plural, )* Other(String) }

                struct Keys;
                impl<'de> serde::de::Visitor<'de> for Keys {
                    type Value = Document;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a whyhow product")
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                        let mut format: Option<String> = None;
                        $( let mut $plural: Option<OneOrMany<$Name>> = None; )*
                        let mut unknown = $crate::model::value::Map::new();
                        while let Some(key) = map.next_key::<Key>()? {
                            match key {
                                Key::format => once!(format, "format", map),
                                $( Key::$plural => once!($plural, stringify!($plural), map), )*
                                Key::Other(key) => {
                                    let Strict(value) = map.next_value()?;
                                    if unknown.insert(key.clone(), value).is_some() {
                                        return Err(serde::de::Error::custom($crate::model::json::twice(&key)));
                                    }
                                }
                            }
                        }
                        let format = format.ok_or_else(|| serde::de::Error::missing_field("format"))?;
                        Ok(Document { format, $( $plural: $plural.map(|all| all.0).unwrap_or_default(), )* unknown })
                    }
                }
                deserializer.deserialize_map(Keys)
            }
        }

        impl Document {
            pub fn into_shelves(self) -> Result<Shelves, String> {
                Ok(Shelves { $( $plural: Table::filled(self.$plural)?, )* })
            }
        }

        impl Shelves {
            /// The records alone, shared: enough to write them down.
            pub fn records(&self) -> Shelves {
                Shelves { $( $plural: self.$plural.records_alone(), )* }
            }

            /// The arrays of product.json, in the table's order, each sorted by id; the product itself without an array.
            pub fn write_arrays<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $( {
                    let mut all: Vec<&std::sync::Arc<$Name>> = self.$plural.all().collect();
                    all.sort_unstable_by_key(|one| one.id);
                    match (Kind::$Name, all.as_slice()) {
                        (_, []) => {}
                        (Kind::VisionBoard, [one]) => map.serialize_entry(stringify!($plural), one)?,
                        (_, all) => map.serialize_entry(stringify!($plural), all)?,
                    }
                } )*
                Ok(())
            }
        }

        /// One record as JSON, as product.json writes it.
        pub fn record_json(shelves: &Shelves, kind: Kind, id: Id) -> Option<Value> {
            match kind { $( Kind::$Name => shelves.$plural.get(id).and_then(|one| Value::of(&**one).ok()) ),* }
        }

        /// An empty record of a kind, for generators of test records.
        pub fn blank(kind: Kind) -> Box<dyn Record> {
            match kind { $( Kind::$Name => Box::new($Name::default()) ),* }
        }
    };
}
pub(crate) use entities;

/// A field that every kind has.
macro_rules! head_field {
    ($Name:ident, $kind:ident, $field:ident, $ty:ty, $owner:ident, $label:literal) => {
        Field {
            kind: Kind::$Name,
            nth: fields::$kind::FieldPlace::$field as usize,
            key: stringify!($field),
            label: $label,
            hint: "",
            owner: Owner::$owner,
            shape: Shape::Facts,
            targets: &[],
            actions: &[],
            no_reason: false,
            at: |any| any.downcast_ref::<$Name>().map(|one| &one.$field as &dyn std::any::Any),
            read: cell_functions!($Name, $field, $ty).0,
            write: cell_functions!($Name, $field, $ty).1,
            show: cell_functions!($Name, $field, $ty).2,
            each_id: cell_functions!($Name, $field, $ty).3,
            settle: <$ty as Cell>::settle,
            say: said::<$ty>,
            take_text: typed::<$ty>,
        }
    };
}
pub(crate) use head_field;

/// Reads a key's value into its place, refusing the same key a second time.
macro_rules! once {
    ($place:ident, $key:expr, $map:ident) => {{
        if $place.is_some() {
            return Err(serde::de::Error::duplicate_field($key));
        }
        $place = Some($map.next_value()?);
    }};
}
pub(crate) use once;

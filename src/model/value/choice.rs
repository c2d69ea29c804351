//! One of a fixed list.

/// One value of a fixed list.
#[derive(PartialEq, Eq, Debug)]
pub struct Choice {
    pub key: &'static str,
    pub label: &'static str,
}

/// Declares a fixed list of values; the first is the default.
macro_rules! choices {
    ($( $(#[doc = $doc:literal])+ $Name:ident {
        $first:ident = $first_key:literal $first_label:literal
        $(, $variant:ident = $key:literal $label:literal )* $(,)?
    } )*) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $Name {
            #[default]
            #[serde(rename = $first_key)]
            #[doc = $first_label]
            $first,
            $( #[serde(rename = $key)] #[doc = $label] $variant, )*
        }
        impl $Name {
            pub const ALL: &'static [$Name] = &[ $Name::$first $(, $Name::$variant )* ];
            const CHOICES: &'static [Choice] = &[
                Choice { key: $first_key, label: $first_label }
                $(, Choice { key: $key, label: $label } )*
            ];
            pub fn key(self) -> &'static str {
                match self { $Name::$first => $first_key $(, $Name::$variant => $key )* }
            }
            pub fn label(self) -> &'static str {
                match self { $Name::$first => $first_label $(, $Name::$variant => $label )* }
            }
        }
        impl Cell for $Name {
            const SHAPE: Shape = Shape::Choice($Name::CHOICES);
            const ALWAYS_WRITTEN: bool = true;
            fn to_text(&self) -> String {
                self.label().to_string()
            }
            fn from_text(text: &str) -> Result<Self, String> {
                let text = text.trim();
                if text.is_empty() {
                    return Ok($Name::default());
                }
                let named = |one: &$Name| one.key().eq_ignore_ascii_case(text) || one.label().eq_ignore_ascii_case(text);
                Self::ALL.iter().copied().find(named).ok_or_else(|| {
                    let keys: Vec<&str> = Self::ALL.iter().map(|one| one.key()).collect();
                    format!("\u{201c}{text}\u{201d} is not one of {}", keys.join(", "))
                })
            }
            fn to_value(&self) -> Value {
                if *self == Self::default() { Value::Null } else { Value::from(self.key()) }
            }
            fn from_value(value: &Value) -> Result<Self, String> {
                match value {
                    Value::Null => Ok($Name::default()),
                    Value::String(text) => Self::from_text(text),
                    _ => Err("expected a word".to_string()),
                }
            }
        }
    )* };
}
pub(crate) use choices;

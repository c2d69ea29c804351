//! Sentences with checkboxes: acceptance criteria and tasks.

use crate::model::saturating::take_at;
use crate::model::value::cell::{Cell, Shape, Value, plain};
use crate::model::value::text::Line;
use crate::model::value::text::within_limit;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

fn is_false(flag: &bool) -> bool {
    !flag
}

/// One checkable sentence of a story. `id` is written once the text differs from the original, so that two people's
/// edits of one criterion can be merged; until then the text itself identifies it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Criterion {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub text: Line,
    #[serde(default, skip_serializing_if = "is_false")]
    pub met: bool,
}

/// One task of a story, planned by the Developers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Task {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub text: Line,
    #[serde(default, skip_serializing_if = "is_false")]
    pub done: bool,
    #[serde(default, skip_serializing_if = "Line::is_blank")]
    pub by: Line,
}

/// A list of sentences with checkboxes: criteria and tasks are read and written alike.
pub trait Boxed: Clone + PartialEq + Default {
    fn text(&self) -> &str;
    fn ticked(&self) -> bool;
    fn with(text: &str, ticked: bool) -> Self;
    fn set_ticked(&mut self, ticked: bool);
    fn renamed(&self, text: &str) -> Self;
}

macro_rules! boxed {
    ($type:ident, $flag:ident, $shape:expr) => {
        impl Boxed for $type {
            fn text(&self) -> &str {
                &self.text
            }
            fn ticked(&self) -> bool {
                self.$flag
            }
            fn with(text: &str, ticked: bool) -> Self {
                $type { text: Line::from(text.trim()), $flag: ticked, ..$type::default() }
            }
            fn set_ticked(&mut self, ticked: bool) {
                self.$flag = ticked;
            }
            fn renamed(&self, text: &str) -> Self {
                let id = self.id.clone().unwrap_or_else(|| element_name(&self.text));
                $type { id: Some(id), text: Line::from(text.trim()), ..self.clone() }
            }
        }
        impl Cell for Vec<$type> {
            const SHAPE: Shape = $shape;
            fn to_text(&self) -> String {
                boxes_to_text(self)
            }
            fn from_text(text: &str) -> Result<Self, String> {
                within_limit(text)?;
                Ok(boxes_from_text(text))
            }
            fn from_value(value: &Value) -> Result<Self, String> {
                match value {
                    Value::Null => Ok(Vec::new()),
                    Value::String(text) => Self::from_text(text),
                    Value::Array(all) => all.iter().map(one_box).collect(),
                    _ => Err("expected a list of sentences".to_string()),
                }
            }
        }
    };
}
boxed!(Criterion, met, Shape::Criteria);
boxed!(Task, done, Shape::Tasks);

fn one_box<T: Boxed + DeserializeOwned>(value: &Value) -> Result<T, String> {
    match value {
        Value::String(text) => {
            let (text, ticked) = read_box(text);
            Ok(T::with(text, ticked))
        }
        _ => T::deserialize(value).map_err(|error| plain(&error)),
    }
}

/// The name of a list element without an id: a checksum of its original text.
pub fn element_name(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

fn read_box(line: &str) -> (&str, bool) {
    let line = line.trim();
    let line = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).unwrap_or(line);
    for (mark, ticked) in [("[x]", true), ("[X]", true), ("[✓]", true), ("[ ]", false), ("[]", false)] {
        if let Some(rest) = line.strip_prefix(mark) {
            return (rest.trim(), ticked);
        }
    }
    (line, false)
}

fn boxes_to_text<T: Boxed>(all: &[T]) -> String {
    let line = |one: &T| format!("[{}] {}", if one.ticked() { 'x' } else { ' ' }, one.text());
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn boxes_from_text<T: Boxed>(text: &str) -> Vec<T> {
    let lines = text.lines().map(read_box).filter(|(text, _)| !text.is_empty());
    lines.map(|(text, ticked)| T::with(text, ticked)).collect()
}

/// Matches a typed list with the old one, so that an element whose text only changed keeps its identity: equal texts
/// are matched first, the rest by position.
pub fn retyped<T: Boxed>(before: &[T], typed: Vec<T>) -> Vec<T> {
    let mut left: Vec<Option<&T>> = before.iter().map(Some).collect();
    let mut found: Vec<Option<T>> = Vec::with_capacity(typed.len());
    for one in &typed {
        let same = left.iter_mut().find(|old| old.is_some_and(|old| old.text() == one.text()));
        found.push(same.and_then(Option::take).cloned());
    }
    let mut rest: Vec<(usize, &T)> =
        left.iter().enumerate().filter_map(|(place, old)| old.map(|old| (place, old))).collect();
    let mut out = Vec::with_capacity(typed.len());
    for ((place, one), old) in typed.into_iter().enumerate().zip(found) {
        let kept = old.or_else(|| {
            let at = rest.iter().position(|(was, _)| *was == place)?;
            Some(take_at(&mut rest, at)?.1.renamed(one.text()))
        });
        out.push(kept.map_or(one.clone(), |mut kept| {
            kept.set_ticked(one.ticked());
            kept
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retyped_list_keeps_its_elements() {
        let before: Vec<Criterion> = boxes_from_text("[x] one\n[ ] two\n[ ] three");
        let after = retyped(&before, boxes_from_text("[x] one\n[x] two, better\nnew\n[ ] three"));
        assert_eq!(after[0], before[0]);
        assert_eq!(after[1].id.as_deref(), Some(element_name("two").as_str()));
        assert!(after[1].met);
        assert_eq!(after[2].id, None);
        assert_eq!(after[3], before[2]);
    }
}

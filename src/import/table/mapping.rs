//! What a person says about a file: the role of a column, and what its own words for states, types and lists stand for.

use crate::import::list_meaning::ListMeaning;
use crate::import::table::headers::{ColumnRole, normal};
use crate::import::table::rows::FirstRow;
use crate::import::vocabulary::{Work, plain};
use crate::model::refusal::Refusal;
use crate::model::schema::{ItemKind, ItemStatus};
use crate::model::value::{Map, Value};

/// Roles of headers, statuses of status words, and kinds of type words. Names are compared in their plain form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    pub columns: Vec<(String, ColumnRole)>,
    pub statuses: Vec<(String, ItemStatus)>,
    pub types: Vec<(String, Work)>,
    /// Lists of a board.
    pub lists: Vec<(String, ListMeaning)>,
    /// Whether a table begins with the names of its columns; `None` as it looks.
    pub first_row: Option<FirstRow>,
}

const PARTS: &[&str] = &["columns", "status", "types", "lists", FIRST_ROW];
/// The part that is one word.
const FIRST_ROW: &str = "first row";

const WORKS: &[(&str, Work)] = &[
    ("roadmap", Work::Roadmap),
    ("roadmap item", Work::Roadmap),
    ("epic", Work::Roadmap),
    ("goal", Work::Goal),
    ("task", Work::Task),
];

fn status_named(name: &str) -> Option<ItemStatus> {
    let name = plain(name);
    ItemStatus::ALL.iter().copied().find(|one| plain(one.key()) == name || one.label() == name)
}

fn work_named(name: &str) -> Option<Work> {
    let name = plain(name);
    let kind = ItemKind::ALL.iter().copied().find(|one| one.key() == name).map(Work::Item);
    kind.or_else(|| WORKS.iter().find(|(known, _)| *known == name).map(|(_, work)| *work))
}

fn work_name(work: Work) -> &'static str {
    match work {
        Work::Item(kind) => kind.key(),
        work => WORKS.iter().find(|(_, known)| *known == work).map(|(name, _)| *name).unwrap_or_default(),
    }
}

impl Mapping {
    /// Reads `{"columns": {"Headline": "title"}, "status": {"Deploy": "doing"}, "types": {"Wish": "story"}}`.
    ///
    /// # Errors
    ///
    /// It is no such object, or names a role, a status or a kind that there is not.
    pub fn parse(text: &str) -> Result<Mapping, Refusal> {
        let mut mapping = Mapping::default();
        if text.trim().is_empty() {
            return Ok(mapping);
        }
        let top: Value = serde_json::from_str(text).map_err(|error| {
            let what = format!("The mapping is not JSON at line {}, column {}.", error.line(), error.column());
            Refusal::new(what, "Nothing was imported; correct it and try again.")
        })?;
        let Value::Object(top) = top else { return Err(unfit("The mapping is not a JSON object.".to_string())) };
        for (part, entries) in top.iter() {
            if !PARTS.contains(&&**part) {
                return Err(unfit(format!("{part:?} is not part of a mapping; {} are.", PARTS.join(", "))));
            }
            if &**part == FIRST_ROW {
                let said = entries.as_str().unwrap_or_default();
                let said = FirstRow::named(said).ok_or_else(|| {
                    unfit(format!("{part:?} in the mapping is {entries}, but \"names\" and \"data\" are possible."))
                })?;
                mapping.first_row = Some(said);
                continue;
            }
            let Value::Object(entries) = entries else {
                return Err(unfit(format!("{part:?} in the mapping is not an object.")));
            };
            for (name, value) in entries.iter() {
                let value = value.as_str().unwrap_or_default();
                match &**part {
                    "columns" => {
                        let role = ColumnRole::named(value).ok_or_else(|| {
                            let roles: Vec<&str> = ColumnRole::names().collect();
                            no_such(value, name, "role of a column", &roles)
                        })?;
                        mapping.columns.push((name.to_string(), role));
                    }
                    "status" => {
                        let status = status_named(value).ok_or_else(|| {
                            let all: Vec<&str> = ItemStatus::ALL.iter().map(|one| one.key()).collect();
                            no_such(value, name, "status", &all)
                        })?;
                        mapping.statuses.push((name.to_string(), status));
                    }
                    "lists" => {
                        let means = ListMeaning::named(value).ok_or_else(|| {
                            let all: Vec<&str> = ListMeaning::all().into_iter().map(ListMeaning::key).collect();
                            no_such(value, name, "meaning of a list", &all)
                        })?;
                        mapping.lists.push((name.to_string(), means));
                    }
                    _ => {
                        let work = work_named(value).ok_or_else(|| {
                            let kinds = ItemKind::ALL.iter().map(|one| one.key());
                            let all: Vec<&str> = kinds.chain(WORKS.iter().map(|(name, _)| *name)).collect();
                            no_such(value, name, "type", &all)
                        })?;
                        mapping.types.push((name.to_string(), work));
                    }
                }
            }
        }
        Ok(mapping)
    }

    pub fn to_json(&self) -> Value {
        let columns = self.columns.iter().map(|(name, role)| (name.as_str(), Value::from(role.name())));
        let statuses = self.statuses.iter().map(|(name, status)| (name.as_str(), Value::from(status.key())));
        let types = self.types.iter().map(|(name, work)| (name.as_str(), Value::from(work_name(*work))));
        let lists = self.lists.iter().map(|(name, means)| (name.as_str(), Value::from(means.key())));
        let parts: [(&str, Map); 4] = [
            ("columns", columns.collect()),
            ("status", statuses.collect()),
            ("types", types.collect()),
            ("lists", lists.collect()),
        ];
        let filled = parts.into_iter().filter(|(_, part)| !part.is_empty());
        let first_row = self.first_row.map(|said| (FIRST_ROW, Value::from(said.word())));
        filled.map(|(name, part)| (name, Value::from(part))).chain(first_row).collect::<Map>().into()
    }

    /// The role of a header in plain form, and its place in the mapping.
    pub fn role(&self, header: &str) -> Option<(ColumnRole, usize)> {
        let at = self.columns.iter().position(|(name, _)| normal(name) == header)?;
        self.columns.get(at).map(|(_, role)| (*role, at))
    }

    pub fn status(&self, word: &str) -> Option<ItemStatus> {
        if self.statuses.is_empty() || word.is_empty() {
            return None;
        }
        let word = plain(word);
        self.statuses.iter().find(|(name, _)| plain(name) == word).map(|(_, status)| *status)
    }

    pub fn work(&self, word: &str) -> Option<Work> {
        if self.types.is_empty() || word.is_empty() {
            return None;
        }
        let word = plain(word);
        self.types.iter().find(|(name, _)| plain(name) == word).map(|(_, work)| *work)
    }
}

impl Mapping {
    pub fn list(&self, name: &str) -> Option<ListMeaning> {
        self.lists.iter().find(|(known, _)| plain(known) == plain(name)).map(|(_, means)| *means)
    }
}

fn unfit(what: String) -> Refusal {
    Refusal::new(what, "Nothing was imported; docs/FORMAT.md has an example.")
}

fn no_such(value: &str, name: &str, what: &str, all: &[&str]) -> Refusal {
    Refusal::new(
        format!("{value:?}, for {name:?} in the mapping, is no {what}."),
        format!("Nothing was imported; choose one of {}.", all.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_written_as_it_reads() {
        let text = r#"{"columns":{"Headline":"title","Custom field (Pts)":"points","Old":"skip"},
            "status":{"Deploy":"doing","On ice":"dropped"},"types":{"Wish":"story","Theme":"roadmap","Step":"task"},
            "lists":{"Icebox":"skip","Q2":"next","Now":"doing"},"first row":"data"}"#;
        let mapping = Mapping::parse(text).unwrap();
        assert_eq!(mapping.role("headline"), Some((ColumnRole::Title, 0)));
        assert_eq!(mapping.role("pts"), Some((ColumnRole::Points, 1)));
        assert_eq!(mapping.status("DEPLOY"), Some(ItemStatus::Doing));
        assert_eq!(mapping.list("icebox"), Some(ListMeaning::LeaveOut));
        assert_eq!(mapping.work("theme"), Some(Work::Roadmap));
        assert_eq!(Mapping::parse(&mapping.to_json().to_string()).unwrap(), mapping);
        assert_eq!(Mapping::parse(" ").unwrap(), Mapping::default());
        assert_eq!(Mapping::default().to_json(), crate::json!({}));
    }

    #[test]
    fn what_is_no_mapping_is_refused_with_what_is() {
        let refuse = |text: &str| Mapping::parse(text).unwrap_err().to_string();
        assert!(refuse("{").contains("not JSON at line 1"));
        assert!(refuse("[]").contains("JSON object"));
        assert!(refuse("{\"first row\": \"last\"}").contains("\"names\" and \"data\""));
        assert!(refuse("{\"columns\": 1}").contains("is not an object"));
        assert!(refuse("{\"colums\": {}}").contains("columns, status, types, lists, first row are"));
        assert!(refuse("{\"columns\": {\"a\": \"titel\"}}").contains("title, key"));
        assert!(refuse("{\"status\": {\"a\": 3}}").contains("to_do"));
        assert!(refuse("{\"types\": {\"a\": \"x\"}}").contains("spike"));
    }
}

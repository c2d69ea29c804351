//! Tables of stories in a page of Markdown. The reader of any table reads them; the headings above say what it cannot know.

use crate::import::found::{FoundRecord, Identity};
use crate::import::markdown::page::Section;
use crate::import::markdown::tables::StoryTable;
use crate::import::markdown::{Reading, print_of};
use crate::import::story::is_empty;
use crate::import::table::Mapping;
use crate::import::table::drafts::{PROJECT, SPRINT};
use crate::import::table::profile::MARKDOWN;
use crate::import::table::reader::{TableRecords, ToldTable};
use crate::model::schema::fields::{item, sprint};
use crate::model::schema::{ItemStatus, Kind};
use crate::model::value::{Cell, Labels, Value};
use rustc_hash::{FxHashMap, FxHashSet};

impl Reading<'_> {
    pub(super) fn tables(&mut self, section: &Section, why: Option<&Identity>) {
        for table in &section.tables {
            self.story_table(table, section, why);
        }
    }

    fn story_table(&mut self, table: &StoryTable, section: &Section, why: Option<&Identity>) {
        let mapping = Mapping::default();
        let told = ToldTable {
            profile: &MARKDOWN,
            mapping: &mapping,
            wanted: &self.wanted,
            by_semicolon: false,
            from: &self.found.from,
        };
        let TableRecords { mut found, lines, says_status, .. } = told.read(table.table(), &mut |_, _| {});
        self.found.warnings.take(&found.warnings);
        self.found.skipped.take(&found.skipped);
        for name in std::mem::take(&mut found.strange_columns) {
            if !self.found.strange_columns.contains(&name) {
                self.found.strange_columns.push(name);
            }
        }
        self.found.kept_beside = self.found.kept_beside.saturating_add(found.kept_beside);
        let shared = found.records.len().saturating_sub(lines.len());
        let mut rows = found.records.into_iter();
        // Every table of the page has the same sprints and projects.
        rows.by_ref().take(shared).for_each(|record| self.shared(record));
        let rows = rows.collect();
        let (mut rows, again) = self.with_keys(rows, section);
        for (record, line) in rows.iter_mut().zip(lines) {
            if record.kind == Kind::BacklogItem {
                let marked = table.boxed(line).filter(|marked| *marked != ItemStatus::ToDo);
                let of_page = marked.or_else(|| (!says_status).then(|| section.status.unwrap_or_default()));
                if let Some(status) = of_page {
                    put(record, item::status().field, status.to_value());
                }
                self.place_row(record, section, why);
            }
        }
        for record in rows {
            if again.contains(&record.identity)
                && let Some(known) = self.row_of(&record.identity)
            {
                add_to(known, record);
                continue;
            }
            if record.kind == Kind::BacklogItem {
                self.row_places.insert(record.identity.clone(), self.found.records.len());
            }
            let all = if record.kind == Kind::BacklogItem { &mut self.found.records } else { &mut self.whys };
            all.push(record);
        }
    }

    /// The record of a row in a table above.
    fn row_of(&mut self, identity: &Identity) -> Option<&mut FoundRecord> {
        let at = self.row_places.get(identity)?;
        self.found.records.get_mut(*at)
    }

    /// A sprint or a project that tables name. It is over only if no table has anything open in it.
    fn shared(&mut self, record: FoundRecord) {
        let state = sprint::state().field;
        match self.whys.iter_mut().find(|known| known.identity == record.identity) {
            Some(known) if record.value(state).is_none() => known.fields.retain(|(field, _)| *field != state),
            Some(_) => {}
            None => self.whys.push(record),
        }
    }

    /// A key such as `US-12` names a story wherever its row stands. A number counts in its table, and words under their
    /// headings. Also returns those that a table above has with the same title.
    fn with_keys(&mut self, mut rows: Vec<FoundRecord>, section: &Section) -> (Vec<FoundRecord>, FxHashSet<Identity>) {
        let mut again = FxHashSet::default();
        let mut new: FxHashMap<String, String> = FxHashMap::default();
        for record in &rows {
            let Identity::Foreign { key, .. } = &record.identity else { continue };
            let has = |is: fn(&char) -> bool| key.chars().any(|c| is(&c));
            let is_key = !key.starts_with("text-") && has(|c| c.is_alphabetic()) && has(|c| c.is_numeric());
            let name = match is_key {
                // A list and a sprint may have a row each for the same story.
                true if self.row_of(&record.identity).is_some_and(|known| known.title() == record.title()) => {
                    again.insert(record.identity.clone());
                    key.clone()
                }
                true => self.row_key(key, record.title()),
                false => self.row_key(&format!("row:{}", print_of(&section.path, key)), record.title()),
            };
            new.insert(key.clone(), name);
        }
        let renew = |identity: &mut Identity| {
            if let Identity::Foreign { key, .. } = identity
                && !key.starts_with(SPRINT)
                && !key.starts_with(PROJECT)
                && let Some(name) = new.get(key)
            {
                key.clone_from(name);
            }
        };
        for record in &mut rows {
            renew(&mut record.identity);
            record.links.iter_mut().flat_map(|(_, to)| to).for_each(renew);
        }
        (rows, again)
    }

    /// The heading above is the why of a row that names none, or a label.
    fn place_row(&self, record: &mut FoundRecord, section: &Section, why: Option<&Identity>) {
        let serves = item::serves().field;
        match record.links.iter_mut().find(|(field, _)| *field == serves) {
            Some((_, to)) if to.is_empty() => to.extend(why.cloned()),
            Some(_) => {}
            None => record.links.push((serves, why.into_iter().cloned().collect())),
        }
        let labels = item::labels().field;
        if self.headings == "label" && section.has_heading() && section.status.is_none() {
            let known = record.value(labels).and_then(Value::as_array).into_iter().flatten();
            let all = known.filter_map(Value::as_str).chain([section.title()]).map(str::to_string).collect::<Labels>();
            put(record, labels, all.to_value());
        }
    }
}

/// What a second row for the same story says that the first one does not.
fn add_to(known: &mut FoundRecord, more: FoundRecord) {
    let status = item::status().field;
    let is_open = |field, value: &Value| field == status && *value == ItemStatus::ToDo.to_value();
    let is_blank = |field, value: &Value| is_empty(value) || is_open(field, value);
    for (field, value) in more.fields {
        match known.fields.iter_mut().find(|(other, _)| *other == field) {
            Some((_, old)) if is_blank(field, old) && !is_blank(field, &value) => *old = value,
            Some(_) => {}
            None => known.fields.push((field, value)),
        }
    }
    for (field, to) in more.links {
        match known.links.iter_mut().find(|(other, _)| *other == field) {
            Some((_, old)) if old.is_empty() => *old = to,
            Some(_) => {}
            None => known.links.push((field, to)),
        }
    }
    for (header, value) in more.extra {
        if !known.extra.contains_key(&header) {
            known.extra.insert(header, value);
        }
    }
}

fn put(record: &mut FoundRecord, field: &'static crate::model::field::Field, value: Value) {
    record.fields.retain(|(known, _)| *known != field);
    record.fields.push((field, value));
}

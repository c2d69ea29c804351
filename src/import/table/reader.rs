//! Reads a table by the profile of its tool.

use crate::import::bytes::SourceFile;
use crate::import::format::Progress;
use crate::import::found::{Found, Identity, RecordOf};
use crate::import::github::BOXES;
use crate::import::table::amounts::decimal_sign;
use crate::import::table::columns::{Column, Columns};
use crate::import::table::dates::{Evidence, Order, evidence};
use crate::import::table::drafts::{Drafts, Left, one_line, realign};
use crate::import::table::headers::{ColumnRole, is_by_hand, normal};
use crate::import::table::mapping::Mapping;
use crate::import::table::profile::{ANY, PROFILES, Profile};
use crate::import::table::records::{Records, TableWishes};
use crate::import::table::rows::{self, FirstRow, TableRows};
use crate::import::table::sprints::Sprints;
use crate::import::table::titles;
use crate::import::table::words::Words;
use crate::import::vocabulary::{plain, status, status_and_rest};
use crate::model::refusal::Refusal;
use crate::model::schema::RoadmapItem;
use crate::model::schema::fields::{item, roadmap};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::{FxHashMap, FxHashSet};

pub const SITE: FormatOption = FormatOption {
    name: "site",
    help: "The address of the site, such as https://acme.atlassian.net. Its pages open from here, and sites are told apart.",
    kind: OptionKind::Text("SITE"),
    default: "",
};
pub const PROJECTS: FormatOption = FormatOption {
    name: "projects",
    help: "What a project, milestone or epic that has no row of its own becomes: a label or a roadmap item.",
    kind: OptionKind::Choice("project setting", || vec!["label", "roadmap"]),
    default: "label",
};
pub const MAPPING: FormatOption = FormatOption {
    name: "mapping",
    help: "What columns and words mean, as a JSON object; --mapping FILE takes it from a file.",
    kind: OptionKind::Text("JSON"),
    default: "",
};

/// True if the file looks like a table of that tool, by its headers.
pub fn recognise(profile: &Profile, file: &SourceFile) -> bool {
    if file.text.trim_start().starts_with(['[', '{']) || file.is_markdown() {
        return false;
    }
    let headers = rows::headers(file, &|cell| profile.knows(cell));
    if profile.name == ANY.name {
        let columns = Columns::of(&headers, profile, &Mapping::default());
        let lower = file.name.to_lowercase();
        let is_named = [".csv", ".tsv"].iter().any(|ending| lower.ends_with(ending)) && !headers.is_empty();
        return is_named || headers.len() > 1 && (columns.has_title() || file.table_head().is_table());
    }
    profile.fits(&headers.iter().map(|header| normal(header)).collect::<Vec<_>>())
}

/// The profile of the tool that wrote a file; the one of any table where no other fits.
pub fn profile_of(file: &SourceFile) -> &'static Profile {
    PROFILES.iter().copied().find(|profile| recognise(profile, file)).unwrap_or(&ANY)
}

pub fn read(
    profile: &'static Profile,
    file: &SourceFile,
    options: &Options,
    progress: Progress,
) -> Result<Found, Refusal> {
    let mapping = Mapping::parse(options.text(&MAPPING))?;
    let is_known = |cell: &str| mapping.role(&normal(cell)).is_some() || profile.knows(cell);
    let table = TableRows::of(file, mapping.first_row, &is_known);
    if !columns_of(&table, profile, &mapping).0.has_title() {
        return Err(untitled(file, &table));
    }
    let wanted = TableWishes {
        boxes: options.is_on(&BOXES),
        projects: options.text(&PROJECTS) == "roadmap",
        site: options.text(&SITE).to_string(),
    };
    let by_semicolon = file.table_head().delimiter == b';';
    let told = ToldTable { profile, mapping: &mapping, wanted: &wanted, by_semicolon, from: &file.name };
    let TableRecords { mut found, rows, says_status, .. } = told.read(table, progress);
    if rows > 0 && !says_status {
        found.warnings.add_many("no column for the status: imported as to do", rows);
    }
    Ok(found)
}

const NO_STATUS: &str = "column that looks like the status by its name, but holds no known state: kept under Extra; \
                         if it is the status, choose it as such";

/// What is known of a table apart from its cells.
pub struct ToldTable<'a> {
    pub profile: &'static Profile,
    pub mapping: &'a Mapping,
    pub wanted: &'a TableWishes,
    /// Its cells are parted by semicolons.
    pub by_semicolon: bool,
    pub from: &'a str,
}

/// The records of a table.
pub struct TableRecords {
    pub found: Found,
    /// The lines of the records, which are the last of those found.
    pub lines: Vec<u64>,
    /// How many rows became something.
    pub rows: usize,
    /// It has a column for the status.
    pub says_status: bool,
}

impl ToldTable<'_> {
    pub fn read(&self, mut table: TableRows, progress: Progress) -> TableRecords {
        let ToldTable { profile, mapping, wanted, .. } = *self;
        let (columns, no_status) = columns_of(&table, profile, mapping);
        let mut out = Left { warnings: std::mem::take(&mut table.warnings), ..Left::default() };
        unused(mapping, &table.headers, &mut out);
        no_status.iter().for_each(|header| out.warnings.add(NO_STATUS, header));
        for line in realign(&mut table.rows, &columns) {
            out.warnings.add("row with its cells one column to the left: moved back", &format!("line {line}"));
        }
        let cells = table.rows.iter().flat_map(|row| columns.filled(row, ColumnRole::Points));
        let sign = decimal_sign(cells, self.by_semicolon);
        let orders = orders(&columns, &table, profile, &mut out);
        let mut words = Words::of(profile, mapping);
        let drafts = Drafts::of(&table.rows, &columns, &mut words, &mut out);
        let repeated = titles::repeated(drafts.all.iter().map(|draft| draft.title.as_str()));
        repeated.iter().for_each(|what| out.warnings.add(what, ""));
        let found = Found {
            format: profile.title,
            system: profile.system,
            from: self.from.to_string(),
            site_is_given: !wanted.site.is_empty(),
            keys_are_enough: profile.keys_are_enough && columns.has(ColumnRole::Key),
            skipped: out.skipped,
            warnings: out.warnings,
            ..Found::default()
        };
        let total = drafts.all.len();
        let people = people(&columns, &table);
        let mut records = Records {
            profile,
            columns: &columns,
            drafts: &drafts,
            orders,
            sign,
            wanted,
            people: &people,
            found,
            lines: Vec::new(),
            sprints: Sprints::default(),
            projects: Vec::new(),
            known_projects: FxHashSet::default(),
            blocks: Vec::new(),
            places: FxHashMap::default(),
        };
        for (done, at) in in_order(&drafts, &columns).into_iter().enumerate() {
            records.add(at, &mut words);
            if done % 1000 == 0 {
                progress(done, total);
            }
        }
        progress(total, total);
        words.tell(&mut records.found.warnings);
        if profile.ends == Some(table.rows.len()) {
            let what = format!("the list may be incomplete: {} rows is where an export stops", table.rows.len());
            records.found.warnings.add(&what, "");
        }
        let lines = std::mem::take(&mut records.lines);
        let is_filled = |column: &Column| {
            let cells = table.rows.iter().flat_map(|row| column.places.iter().map(|place| row.cell(*place)));
            cells.into_iter().any(|cell| !columns.is_nothing(cell.trim()))
        };
        let strange = columns.all.iter().filter(|column| !column.is_known && is_filled(column));
        records.found.strange_columns = strange.map(|column| column.header.clone()).collect();
        TableRecords { found: closed(records, &columns), lines, rows: total, says_status: says_status(&columns) }
    }
}

/// Names of people by their accounts, where a column has the one beside the other: `Reporter` and `Reporter Id`.
fn people<'a>(columns: &Columns, table: &'a TableRows) -> FxHashMap<&'a str, &'a str> {
    let mut out = FxHashMap::default();
    for account in &columns.all {
        let Some(name) = account.header.strip_suffix(" Id") else { continue };
        let Some(name) = columns.all.iter().find(|column| column.header == name) else { continue };
        for row in &table.rows {
            for (account, name) in account.places.iter().zip(&name.places) {
                let (account, name) = (row.cell(*account).trim(), row.cell(*name).trim());
                if !account.is_empty() && !name.is_empty() {
                    out.entry(account).or_insert(name);
                }
            }
        }
    }
    out
}

/// Links that other rows asked for, then sprints and projects, before the stories that link to them.
fn closed(mut records: Records, columns: &Columns) -> Found {
    for (key, other) in std::mem::take(&mut records.blocks) {
        let identity = records.identity(&key);
        let place = records.places.get(&other).copied();
        let Some(record) = place.and_then(|place| records.found.records.get_mut(place)) else { continue };
        let links = record.links.iter_mut().find(|(field, _)| *field == item::depends_on().field);
        if let Some((_, to)) = links.filter(|(_, to)| !to.contains(&identity)) {
            to.push(identity);
        }
    }
    let has_days = columns.has(ColumnRole::SprintStart) || columns.has(ColumnRole::SprintEnd);
    let site = records.wanted.site.as_str();
    let mut all: Vec<_> = records.sprints.records(site, has_days).collect();
    for (key, title) in &records.projects {
        let (key, title) = (key.clone(), one_line(title));
        let mut record = RecordOf::<RoadmapItem>::new(Identity::Foreign { site: site.to_string(), key });
        record.set(roadmap::title(), title.into());
        all.push(record.into());
    }
    let mut found = records.found;
    all.append(&mut found.records);
    found.records = all;
    found
}

fn says_status(columns: &Columns) -> bool {
    [
        ColumnRole::Status,
        ColumnRole::StatusCategory,
        ColumnRole::Closed,
        ColumnRole::Dropped,
        ColumnRole::IsDone,
        ColumnRole::Resolution,
    ]
    .into_iter()
    .any(|role| columns.has(role))
}

/// The order of the rows: by rank where the file has ranks, else as they stand.
fn in_order(drafts: &Drafts, columns: &Columns) -> Vec<usize> {
    let mut all: Vec<usize> = (0..drafts.all.len()).collect();
    if !columns.has(ColumnRole::Rank) {
        return all;
    }
    let rank =
        |at: &usize| drafts.all.get(*at).map(|draft| columns.first(draft.row, ColumnRole::Rank)).unwrap_or_default();
    let is_text = all.iter().map(rank).all(|rank| rank.is_empty() || rank.contains('|'));
    if is_text {
        // What has no rank comes last, in its own order.
        all.sort_by(|a, b| (rank(a).is_empty(), rank(a)).cmp(&(rank(b).is_empty(), rank(b))));
        return all;
    }
    let number = |at: &usize| rank(at).parse::<f64>().ok().filter(|number| number.is_finite());
    if all.iter().all(|at| rank(at).is_empty() || number(at).is_some()) {
        let key = |at: &usize| number(at).unwrap_or(f64::INFINITY);
        all.sort_by(|a, b| key(a).total_cmp(&key(b)));
    }
    all
}

/// Whether day or month stands first, per column of dates: as its own dates say, else as those of the whole file.
fn orders(columns: &Columns, table: &TableRows, profile: &Profile, out: &mut Left) -> FxHashMap<usize, Order> {
    let places: Vec<usize> =
        columns.all.iter().filter(|column| column.role.is_date()).flat_map(|column| column.places.clone()).collect();
    let mut all: Vec<Evidence> = vec![Evidence::default(); places.len()];
    for row in &table.rows {
        for (place, one) in places.iter().zip(&mut all) {
            one.take(evidence(row.cell(*place)));
        }
    }
    let mut whole = Evidence::default();
    all.iter().for_each(|one| whole.take(*one));
    let usual = whole.order().or(profile.order).unwrap_or_default();
    let guessed = places.iter().zip(&all).find(|(_, one)| one.open && one.order().is_none() && whole.order().is_none());
    if let Some((place, _)) = guessed {
        let first = if usual == Order::DayFirst { "day" } else { "month" };
        let mut cells = table.rows.iter().map(|row| row.cell(*place).trim());
        let open = cells.find(|cell| evidence(cell).open).unwrap_or_default();
        let what = format!("date that may begin with its day or its month: read with the {first} first");
        out.warnings.add(&what, open);
    }
    places.into_iter().zip(all).map(|(place, one)| (place, one.order().unwrap_or(usual))).collect()
}

fn unused(mapping: &Mapping, headers: &[String], out: &mut Left) {
    for (name, _) in &mapping.columns {
        if !headers.iter().any(|header| normal(header) == normal(name)) {
            out.warnings.add("column of the mapping that the file does not have", name);
        }
    }
}

fn untitled(file: &SourceFile, table: &TableRows) -> Refusal {
    let names: Vec<String> = table.headers.iter().take(12).map(|header| format!("{:?}", header.trim())).collect();
    if names.is_empty() {
        return Refusal::new(
            format!("{} has no headers.", file.name),
            "Nothing was imported; a table needs a first line that names its columns.",
        );
    }
    let more = if table.headers.len() > names.len() { " and others" } else { "" };
    Refusal::new(
        format!("{} has no column that is known as the title; its columns are {}{more}.", file.name, names.join(", ")),
        "Nothing was imported; --mapping FILE says what they mean. docs/FORMAT.md has an example.",
    )
}

/// A header of a file, for a person who says what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderSample {
    pub name: String,
    /// Up to three values that occur.
    pub samples: Vec<String>,
    /// What it is taken for without a mapping; `None` for what is kept beside the record.
    pub guess: Option<ColumnRole>,
}

/// The columns of a table, and those that are named like a status but hold none. Nobody has to say of these that they
/// are something else.
pub fn columns_of<'a>(table: &TableRows, profile: &'a Profile, mapping: &Mapping) -> (Columns<'a>, Vec<String>) {
    let mut out = Vec::new();
    let mut mapping = mapping.clone();
    loop {
        let columns = Columns::of(&table.headers, profile, &mapping);
        let Some(header) = no_status(&columns, table, &mapping) else {
            let better = profile.is_loose.then(|| titles::by_texts(&columns, table, &mapping)).flatten();
            let Some(better) = better else { return (columns, out) };
            mapping.columns.extend(better);
            return (Columns::of(&table.headers, profile, &mapping), out);
        };
        mapping.columns.push((header.clone(), ColumnRole::Extra));
        out.push(header);
    }
}

/// The column that would be the status by its name alone: its cells are numbers, or under a name that people use for other
/// things too, no cell is a known state.
fn no_status(columns: &Columns, table: &TableRows, mapping: &Mapping) -> Option<String> {
    let column = columns.all.iter().find(|column| column.role == ColumnRole::Status)?;
    let name = normal(&column.header);
    if mapping.role(&name).is_some() {
        return None;
    }
    let cells = || column.places.iter().flat_map(|place| table.rows.iter().map(|row| row.cell(*place).trim()));
    let is_state = |cell: &str| {
        let head = status_and_rest(cell).map_or(cell, |(head, _)| head);
        mapping.status(cell).or_else(|| mapping.status(head)).or_else(|| status(head)).is_some()
    };
    let is_number = |cell: &str| {
        let rest = plain(cell);
        let rest = rest.strip_prefix(name.as_str()).unwrap_or(&rest).trim();
        rest.is_empty() || rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | '#'))
    };
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut all_numbers = true;
    for cell in cells().filter(|cell| !cell.is_empty()) {
        if !seen.insert(cell) {
            continue;
        }
        if is_state(cell) {
            return None;
        }
        all_numbers &= is_number(cell);
    }
    (!seen.is_empty() && (all_numbers || is_by_hand(&name))).then(|| column.header.clone())
}

/// What the first row of a file is taken for without a mapping.
pub fn first_row_of(file: &SourceFile) -> FirstRow {
    let profile = profile_of(file);
    FirstRow::of(file, &|cell| profile.knows(cell))
}

/// The headers of a file with samples, in its order.
pub fn headers_of(file: &SourceFile, said: Option<FirstRow>) -> Vec<HeaderSample> {
    const SAMPLES: usize = 3;
    let profile = profile_of(file);
    let table = TableRows::of(file, said, &|cell| profile.knows(cell));
    let (columns, _) = columns_of(&table, profile, &Mapping::default());
    let sample = |column: &Column| {
        let mut samples: Vec<String> = Vec::new();
        for cell in table.rows.iter().flat_map(|row| column.places.iter().map(|place| row.cell(*place).trim())) {
            if !cell.is_empty() && !samples.iter().any(|known| known == cell) {
                samples.push(cell.to_string());
            }
            if samples.len() == SAMPLES {
                break;
            }
        }
        let guess = Some(column.role).filter(|role| *role != ColumnRole::Extra);
        HeaderSample { name: column.header.clone(), samples, guess }
    };
    columns.all.iter().map(sample).collect()
}

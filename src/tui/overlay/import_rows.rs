//! The rows of an import's preview: what they are, and how they read.

use crate::import::asked::AskedOfFile;
use crate::import::list_meaning::ListMeaning;
use crate::import::listing::ImportList;
use crate::import::report::{Difference, groups};
use crate::import::table::{FirstRow, Mapping};
use crate::import::vocabulary::Work;
use crate::import::{FORMATS, Renamed, Whose};
use crate::model::grammar::plural;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{ItemKind, ItemStatus};
use crate::options::FormatOption;
use crate::tui::state::access::owner_name;
use crate::tui::state::import_job::{FileQuestions, ImportJob, ImportReady};
use crate::tui::state::ui::Ui;
use crate::tui::term::text::{clean, cut, fit, hung, thousands};

/// The least room for the name of a column or a word.
pub const HEADERS: usize = 24;

pub const NO_TITLE: &str = "No column is known as the title. Nothing was imported. Choose the column below that holds the \
     titles: Space, then title.";
pub const NO_TITLE_YET: &str =
    "Nothing can be imported before one of the columns is the title. Space on it, then title.";
pub const TEXT_ROW: &str = "That row only tells. Ctrl-S imports from any row, Esc goes back.";
pub const WRONG: &str = "Nothing can be imported yet. Change what is wrong, or Esc goes back.";

/// A row of the sheet.
#[derive(Clone, Debug)]
pub enum PreviewRow {
    Blank,
    Heading(String),
    Text(String),
    Wrong(String),
    Format,
    Option(&'static FormatOption),
    /// Whose values stay, for all that changed on both sides.
    Sides,
    /// Whose value of one field stays.
    Side(usize),
    /// What a word for a state stands for, one for a type, and what a column means.
    Status(usize),
    Type(usize),
    /// What a list of a board stands for.
    List(usize),
    /// Whether what reads like something known is that.
    Renamed,
    /// Whether mail addresses come in.
    Mail,
    /// What the first row of a table is.
    FirstRow,
    /// What is new, what changes or what is gone: Enter lists it.
    Listed(ImportList, usize),
    Column(usize),
}

/// `Deploy           in 45 rows → doing`; the records of a list are cards.
fn word_line((word, room): (&str, usize), count: usize, (one, many): (&str, &str), means: &str) -> String {
    let rows = plural(count, one, many);
    format!("{} {:>6} {rows:<7} → {means}", fit(&cut(&clean(word), room), room), thousands(count))
}

/// The records that a row of the preview counts, one by one.
pub struct OpenList {
    pub rows: Vec<PreviewRow>,
    /// The row of the preview to go back to.
    pub from: usize,
}

/// How many records of a list are shown: nobody reads more of them.
const MOST_LISTED: usize = 2000;

impl OpenList {
    pub fn of(listing: ImportList, ready: &ImportReady, product: &Product, from: usize) -> OpenList {
        let report = &ready.plan.report;
        let records = listing.records(product, &ready.plan.step, report);
        let title = crate::model::grammar::capital(&listing.words(listing.count(report)));
        let lines = ImportList::lines(&records, MOST_LISTED).into_iter().map(PreviewRow::Text);
        let rows = [PreviewRow::Heading(title), PreviewRow::Blank].into_iter().chain(lines).collect();
        OpenList { rows, from }
    }
}

pub fn first_row_word(row: Option<FirstRow>) -> &'static str {
    match row {
        Some(FirstRow::Data) => "data: the columns are called Column 1 and so on",
        _ => "names of the columns",
    }
}

/// A word for a state, a type or a list with what it means: as it was said, else as it is read.
pub fn word_shown(asked: &AskedOfFile, said: Option<&Mapping>, row: &PreviewRow, room: usize) -> Option<String> {
    let words = &asked.words;
    let rows = if asked.headers.is_empty() { ("story", "stories") } else { ("row", "rows") };
    let line = |word: &str, count: usize, rows, means: &str| word_line((word, room), count, rows, means);
    Some(match row {
        PreviewRow::Status(nth) => {
            let one = words.statuses.get(*nth)?;
            let means = said.and_then(|said| said.status(&one.word)).unwrap_or(one.means);
            line(&one.word, one.count, rows, means.label())
        }
        PreviewRow::Type(nth) => {
            let one = words.types.get(*nth)?;
            let means = said.and_then(|said| said.work(&one.word)).unwrap_or(one.means);
            line(&one.word, one.count, rows, means.label())
        }
        PreviewRow::List(nth) => {
            let one = words.lists.get(*nth)?;
            let means = said.and_then(|said| said.list(&one.word)).unwrap_or(one.means);
            line(&one.word, one.count, ("card", "cards"), &means.label())
        }
        _ => return None,
    })
}

/// What was said, with the next meaning of the word in a row, or the one before.
pub fn turned_word(asked: &AskedOfFile, mut said: Mapping, row: &PreviewRow, forward: bool) -> Option<Mapping> {
    let words = &asked.words;
    match row {
        PreviewRow::Status(nth) => {
            let one = words.statuses.get(*nth)?;
            let means = next_in(ItemStatus::ALL, said.status(&one.word).unwrap_or(one.means), forward);
            said.statuses.retain(|(word, _)| *word != one.word);
            said.statuses.push((one.word.clone(), means));
        }
        PreviewRow::Type(nth) => {
            let one = words.types.get(*nth)?;
            let means = next_in(&works(), said.work(&one.word).unwrap_or(one.means), forward);
            said.types.retain(|(word, _)| *word != one.word);
            said.types.push((one.word.clone(), means));
        }
        PreviewRow::List(nth) => {
            let one = words.lists.get(*nth)?;
            let means = next_in(&ListMeaning::all(), said.list(&one.word).unwrap_or(one.means), forward);
            said.lists.retain(|(word, _)| *word != one.word);
            said.lists.push((one.word.clone(), means));
        }
        _ => return None,
    }
    Some(said)
}

/// What a type may become.
fn works() -> Vec<Work> {
    ItemKind::ALL.iter().copied().map(Work::Item).chain([Work::Roadmap, Work::Goal, Work::Task]).collect()
}

/// The element after this one, or before it; from what is not among them, the first.
pub fn next_in<T: Copy + PartialEq>(all: &[T], one: T, forward: bool) -> T {
    let at = all.iter().position(|known| *known == one);
    let next = match (at, forward) {
        (None, _) => all.first(),
        (Some(at), true) => all.get(at.saturating_add(1)).or_else(|| all.first()),
        (Some(at), false) => at.checked_sub(1).and_then(|at| all.get(at)).or_else(|| all.last()),
    };
    next.copied().unwrap_or(one)
}

/// What comes, what is left out, and what has to be looked at.
pub fn of_plan(
    ready: &ImportReady,
    asked: Option<&FileQuestions>,
    ui: &Ui,
    product: &Product,
    out: &mut Vec<PreviewRow>,
) {
    let report = &ready.plan.report;
    let section = |title: &str, lines: Vec<String>, out: &mut Vec<PreviewRow>| {
        if !lines.is_empty() {
            out.extend([PreviewRow::Blank, PreviewRow::Heading(title.to_string())]);
            let columns = usize::from(ui.window.width).saturating_sub(12).clamp(20, 106);
            let indent = |line: &str| line.len().saturating_sub(line.trim_start().len()).saturating_add(4);
            let whole = lines.iter().flat_map(|line| hung(&clean(line), columns, indent(line)));
            out.extend(whole.map(PreviewRow::Text));
        }
    };
    let mut comes = report.counts();
    if ready.proposed > 0 {
        let other = if ui.role.owns(Owner::Why) { Owner::How } else { Owner::Why };
        let owner = owner_name(product, other);
        comes.push(match ready.proposed {
            1 => format!("  1 of the records belongs to {owner}: it arrives as a proposal"),
            many => format!("  {} of the records belong to {owner}: they arrive as proposals", thousands(many)),
        });
    }
    if ready.alike > 0 {
        let pairs = plural(ready.alike, "pair of titles reads", "pairs of titles read");
        let alike = thousands(ready.alike);
        comes.push(format!("  {alike} {pairs} alike; once imported, {{filter.alike}} shows them"));
    }
    section("What comes", comes.iter().map(|line| ui.keymap.fill(line).into_owned()).collect(), out);
    let listed = ImportList::ALL.map(|one| (one, one.count(report)));
    out.extend(listed.into_iter().filter(|(_, count)| *count > 0).map(|(one, count)| PreviewRow::Listed(one, count)));
    let words = asked.map(|questions| &questions.asked.words);
    let [states, types, lists] =
        words.map_or([0; 3], |words| [words.statuses.len(), words.types.len(), words.lists.len()]);
    for (title, count, row) in [
        ("What its states mean", states, PreviewRow::Status as fn(usize) -> PreviewRow),
        ("What its types become", types, PreviewRow::Type),
        ("What its lists mean", lists, PreviewRow::List),
    ] {
        if count > 0 {
            out.extend([PreviewRow::Blank, PreviewRow::Heading(title.to_string())]);
            out.extend((0..count).map(row));
        }
    }
    if !report.differs.is_empty() {
        out.extend([
            PreviewRow::Blank,
            PreviewRow::Heading("Changed here and in the file".to_string()),
            PreviewRow::Sides,
        ]);
        out.extend((0..report.differs.len()).map(PreviewRow::Side));
    }
    section("Left out", groups(&report.skipped), out);
    section("To look at", groups(&report.warnings), out);
}

pub fn capital(name: &str) -> String {
    crate::model::grammar::capital(&name.replace('-', " "))
}

pub fn renamed_word(said: Option<Renamed>) -> &'static str {
    match said {
        None => "is it the same one? Space says yes, once more says no",
        Some(Renamed::Same) => "yes, the same one: its records move",
        Some(Renamed::Another) => "no, another one: all of it is new",
    }
}

pub fn side_word(side: Option<Whose>) -> &'static str {
    match side {
        None => "yours stay, and the next import lists them again",
        Some(Whose::Theirs) => "the file's are taken",
        Some(Whose::Mine) => "yours stay for good",
    }
}

pub fn side_line(one: &Difference) -> String {
    let side = match one.settled {
        None => "yours stays",
        Some(Whose::Theirs) => "the file's",
        Some(Whose::Mine) => "yours",
    };
    let (mine, theirs) = (clean(&one.mine), clean(&one.theirs));
    format!("[{side}] {} {}: here {mine}, in the file {theirs}", one.record, one.field.label)
}

pub fn next_side(side: Option<Whose>) -> Option<Whose> {
    match side {
        None => Some(Whose::Theirs),
        Some(Whose::Theirs) => Some(Whose::Mine),
        Some(Whose::Mine) => None,
    }
}

/// The format after this one, or before; beyond both ends it is detected.
pub fn next_format(from: Option<&'static str>, forward: bool) -> Option<&'static str> {
    let names = || FORMATS.iter().map(|format| format.name);
    let at = from.and_then(|from| names().position(|name| name == from));
    match (at, forward) {
        (None, true) => names().next(),
        (None, false) => names().next_back(),
        (Some(at), true) => names().nth(at.saturating_add(1)),
        (Some(at), false) => at.checked_sub(1).and_then(|at| names().nth(at)),
    }
}

/// How far a file is read.
pub fn progress_of(job: &ImportJob) -> String {
    match job.progress() {
        (_, 0) => "Reading the file …".to_string(),
        (done, all) if done >= all => format!("Comparing {} records …", thousands(all)),
        (done, all) => format!("Reading {} of {} records …", thousands(done), thousands(all)),
    }
}

/// Shows what was imported.
pub fn show(first: Id, ui: &mut Ui, product: &Product) {
    let Some(backlog) = ui.registry.named("backlog") else { return };
    ui.go(backlog);
    ui.settle(product);
    ui.choose_id(first);
}

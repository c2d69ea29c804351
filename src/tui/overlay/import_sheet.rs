//! What an import would do, before it does anything: the format and its options, what comes, what is left out, and what
//! changed on both sides. Enter makes it one act, Esc leaves everything as it was.

use crate::actions::Context;
use crate::import::asked::AskedOfFile;
use crate::import::table::{ColumnRole, FirstRow, HeaderSample, MAPPING, Mapping};
use crate::import::{Answered, Renamed, Renaming, Settling, Whose};
use crate::model::grammar::{count, plural};
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::options::FormatOption;
use crate::store::error::reason;
use crate::tui::overlay::import_meaning::{self, IN_SIGHT, USUAL_ROLES, role_note, role_words, roles_like};
use crate::tui::overlay::import_rows::{
    HEADERS, NO_TITLE, NO_TITLE_YET, OpenList, PreviewRow, TEXT_ROW, WRONG, capital, first_row_word, next_format,
    next_in, next_side, of_plan, progress_of, renamed_word, show, side_line, side_word, turned_word, word_shown,
};
use crate::tui::state::contract::{Commit, Layer, Next, Opening, Outcome, Say, Then};
use crate::tui::state::import_choices::ImportChoices;
use crate::tui::state::import_job::{FileQuestions, ImportJob, ImportReady, ImportWish, keep_mapping, planned};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, fit, width, wrap};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;
use std::path::PathBuf;
use std::time::Duration;

/// Lines for the help of the selected row, with a blank one above.
const HELP: usize = 3;
/// The indentation of values.
const NAMES: usize = 14;
/// How often the progress is drawn.
const FRAME: Duration = Duration::from_millis(100);

/// The key of a row that opens a list begins with it.
const LISTED: &str = "listed ";
/// The key of the row of a column begins with it.
const COLUMN: &str = "column ";

pub struct ImportSheet {
    wish: ImportWish,
    /// What is shown.
    job: ImportJob,
    /// What is being read after something was changed. It is shown once it is there.
    next: Option<ImportJob>,
    at: usize,
    /// What the selected row is about, so that it stays selected when rows above it come and go.
    on: Option<String>,
    /// The value of an option, or the meaning of a column, being typed.
    typing: Option<LineInput>,
    /// The chosen one of the meanings of a column that fit what is typed.
    pick: usize,
    /// The records that a row counts, while they are looked at.
    open: Option<OpenList>,
    /// The product was made for this import, and goes with it.
    is_new: bool,
}

impl ImportSheet {
    pub fn of(paths: Vec<PathBuf>, ui: &Ui, product: &Product, context: &Context) -> ImportSheet {
        let wish = ImportWish { paths, folder: ui.settings.folder.clone(), ..ImportWish::default() };
        let job = ImportJob::begin(wish.clone(), product, context);
        ImportSheet { wish, job, next: None, at: 1, on: None, typing: None, pick: 0, open: None, is_new: false }
    }

    /// The look at a file for which a product was made: Esc leaves that product too.
    pub fn into_new(self) -> ImportSheet {
        ImportSheet { is_new: true, ..self }
    }

    /// Reads again after something was changed.
    fn again(&mut self, product: &Product, context: &Context) {
        if let Some(read) = self.shown_job().result().filter(|read| !read.files.is_empty()) {
            self.wish.files = read.files.clone();
        }
        let before = self.next.take();
        self.next = Some(ImportJob::after(before, self.wish.clone(), product, context));
    }

    /// What was read after a change takes the place of what was read before.
    fn take_next(&mut self) {
        if let Some(next) = self.next.take_if(|next| next.result().is_some() || next.failed()) {
            let old = std::mem::replace(&mut self.job, next);
            // A large one takes its time to go.
            let _ = std::thread::Builder::new().spawn(move || drop(old));
        }
    }

    /// What stands in the title while the file is read again: it is in sight wherever the rows are.
    fn pending(&self) -> Option<String> {
        let next = self.next.as_ref().filter(|next| next.result().is_none() && !next.failed())?;
        Some(progress_of(next))
    }

    /// What was read last.
    fn shown_job(&self) -> &ImportJob {
        self.next.as_ref().filter(|next| next.result().is_some() || next.failed()).unwrap_or(&self.job)
    }

    /// What a row is about, in a word of its own; nothing for text.
    fn key_of(&self, row: &PreviewRow) -> Option<String> {
        let asked = self.asked();
        Some(match row {
            PreviewRow::Format => "format".to_string(),
            PreviewRow::Option(option) => format!("option {}", option.name),
            PreviewRow::Sides => "sides".to_string(),
            PreviewRow::Side(nth) => {
                let one = self.ready()?.plan.report.differs.get(*nth)?;
                format!("side {}.{}", one.record, one.field.key)
            }
            PreviewRow::Renamed => "renamed".to_string(),
            PreviewRow::Mail => "mail".to_string(),
            PreviewRow::FirstRow => "first row".to_string(),
            PreviewRow::Listed(listing, _) => format!("{LISTED}{listing:?}"),
            PreviewRow::Status(nth) => format!("status {}", asked?.words.statuses.get(*nth)?.word),
            PreviewRow::Type(nth) => format!("type {}", asked?.words.types.get(*nth)?.word),
            PreviewRow::List(nth) => format!("list {}", asked?.words.lists.get(*nth)?.word),
            PreviewRow::Column(nth) => format!("{COLUMN}{}", asked?.headers.get(*nth)?.name),
            PreviewRow::Blank | PreviewRow::Heading(_) | PreviewRow::Text(_) | PreviewRow::Wrong(_) => return None,
        })
    }

    /// The place of the selected row.
    fn place(&self, rows: &[PreviewRow]) -> usize {
        let same = |row: &PreviewRow| self.on.is_some() && self.key_of(row) == self.on;
        // What has to be said first is selected first.
        let first = || rows.iter().position(|row| matches!(row, PreviewRow::Column(_)));
        let asks = || if self.on.is_none() && self.lacks_title() { first() } else { None };
        rows.iter().position(same).or_else(asks).unwrap_or_else(|| self.at.min(rows.len().saturating_sub(1)))
    }

    /// Selects a row; of blank ones and headings the next one in that direction.
    fn go(&mut self, rows: &[PreviewRow], to: usize, down: bool) {
        let is_stop =
            |row: &PreviewRow| !matches!(row, PreviewRow::Blank | PreviewRow::Heading(_) | PreviewRow::Wrong(_));
        let to = to.min(rows.len().saturating_sub(1));
        let place = match down {
            true => rows.iter().enumerate().skip(to).find(|(_, row)| is_stop(row)).map(|(at, _)| at),
            false => {
                rows.iter().enumerate().take(to.saturating_add(1)).rev().find(|(_, row)| is_stop(row)).map(|(at, _)| at)
            }
        };
        self.at = place.unwrap_or(to);
        // A row of text has no key, but it was chosen all the same.
        self.on = rows.get(self.at).map(|row| self.key_of(row).unwrap_or_default());
    }

    fn ready(&self) -> Option<&ImportReady> {
        self.shown_job().result().and_then(|read| read.ready.as_ref().ok())
    }

    fn rows(&self, ui: &Ui, product: &Product) -> Vec<PreviewRow> {
        if let Some(open) = &self.open {
            return open.rows.clone();
        }
        let mut out = vec![PreviewRow::Text(self.named()), PreviewRow::Format];
        let Some(read) = self.shown_job().result() else {
            out.push(PreviewRow::Blank);
            out.push(match self.shown_job().failed() {
                true => PreviewRow::Wrong("The reader stopped. Nothing was imported; Esc goes back.".to_string()),
                false => PreviewRow::Text(progress_of(self.shown_job())),
            });
            return out;
        };
        let options = read.format.iter().flat_map(|format| format.options);
        out.extend(options.filter(|option| option.name != MAPPING.name).map(|option| PreviewRow::Option(option)));
        out.push(PreviewRow::Mail);
        out.extend(self.asked().and_then(|asked| asked.first_row).map(|_| PreviewRow::FirstRow));
        out.extend(read.renaming.as_ref().map(|_| PreviewRow::Renamed));
        match &read.ready {
            Err(why) => {
                let columns = usize::from(ui.window.width).saturating_sub(10).clamp(20, 106);
                let why = if self.lacks_title() { NO_TITLE } else { why };
                out.push(PreviewRow::Blank);
                out.extend(wrap(&clean(why), columns, 6).into_iter().map(PreviewRow::Wrong));
            }
            Ok(ready) => of_plan(ready, self.questions(), ui, product, &mut out),
        }
        let headers = self.asked().map_or(0, |asked| asked.headers.len());
        if headers > 0 {
            out.extend([PreviewRow::Blank, PreviewRow::Heading("What the columns mean".to_string())]);
            out.extend((0..headers).map(PreviewRow::Column));
        }
        out
    }

    /// The file, or how many there are and their names.
    fn named(&self) -> String {
        let files = self.shown_job().result().map(|read| read.files.as_slice()).unwrap_or_default();
        match (self.wish.paths.as_slice(), files) {
            ([path], []) => path.display().to_string(),
            ([_], [file]) => file.name.clone(),
            (paths, []) => count(paths.len(), "file", "files"),
            (_, files) => {
                let names = files.iter().map(|file| file.name.rsplit(['/', '\\']).next().unwrap_or(&file.name));
                format!("{}: {}", count(files.len(), "file", "files"), names.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn questions(&self) -> Option<&FileQuestions> {
        self.shown_job().result().and_then(|read| read.questions.as_ref())
    }

    fn asked(&self) -> Option<&AskedOfFile> {
        self.questions().map(|questions| &questions.asked)
    }

    /// True for a table without a title: the rows below it are there to say which column it is.
    fn lacks_title(&self) -> bool {
        let is_title =
            |header: &HeaderSample| matches!(self.role_of(header), ColumnRole::Title | ColumnRole::TitleLevel(_));
        self.asked().is_some_and(|asked| !asked.headers.is_empty() && !asked.headers.iter().any(is_title))
    }

    fn header(&self, nth: usize) -> Option<&HeaderSample> {
        self.asked()?.headers.get(nth)
    }

    /// What a column is taken for.
    fn role_of(&self, header: &HeaderSample) -> ColumnRole {
        let said = self.said().and_then(|said| said.columns.iter().find(|(name, _)| *name == header.name));
        // There is one title.
        let is_taken = self.said().is_some_and(|said| said.columns.iter().any(|(_, role)| *role == ColumnRole::Title));
        let guess = header.guess.filter(|role| *role != ColumnRole::Title || !is_taken);
        said.map(|(_, role)| *role).or(guess).unwrap_or(ColumnRole::Extra)
    }

    /// What was said of the table: here, or at an earlier import.
    fn said(&self) -> Option<&Mapping> {
        self.wish.mapping.as_ref().or_else(|| self.questions().map(|asked| &asked.mapping))
    }

    /// The mapping, to be changed.
    fn mapping(&mut self) -> &mut Mapping {
        let used = self.questions().map(|asked| asked.mapping.clone()).unwrap_or_default();
        self.wish.mapping.get_or_insert(used)
    }

    fn set_role(&mut self, nth: usize, role: ColumnRole) {
        let Some(name) = self.header(nth).map(|header| header.name.clone()) else { return };
        let columns = &mut self.mapping().columns;
        // There is one title.
        columns.retain(|(known, other)| *known != name && (*other != role || role != ColumnRole::Title));
        columns.push((name, role));
    }

    /// Takes the next meaning of a word, or the one before. Returns whether there is such a word.
    fn set_word(&mut self, row: &PreviewRow, forward: bool) -> bool {
        // The last answer may still be being read.
        let said = self.said().cloned().unwrap_or_default();
        let Some(mapping) = self.asked().and_then(|asked| turned_word(asked, said, row, forward)) else { return false };
        self.wish.mapping = Some(mapping);
        true
    }

    /// What the first row of the table is: as it was said, else as it looks.
    fn first_row(&self) -> Option<FirstRow> {
        self.said().and_then(|said| said.first_row).or_else(|| self.asked()?.first_row)
    }

    fn value_of(&self, option: &FormatOption) -> String {
        let set = self.wish.options.iter().find(|(name, _)| *name == option.name);
        let kept = || self.chosen().find_map(|one| one.value_of(option));
        set.map_or_else(|| kept().unwrap_or(option.default).to_string(), |(_, value)| value.clone())
    }

    /// What counted when the files were read.
    fn chosen(&self) -> impl Iterator<Item = &ImportChoices> {
        self.shown_job().result().into_iter().flat_map(|read| &read.choices)
    }

    fn is_without_mail(&self) -> bool {
        self.wish.without_mail.unwrap_or_else(|| self.chosen().any(|one| one.without_mail))
    }

    fn set(&mut self, option: &'static FormatOption, value: String) {
        self.wish.options.retain(|(name, _)| *name != option.name);
        self.wish.options.push((option.name, value));
    }

    /// Changes the selected row, forward or back. Returns whether there was anything to change.
    fn change(&mut self, row: &PreviewRow, forward: bool) -> bool {
        match row {
            PreviewRow::Format => self.wish.from = next_format(self.wish.from, forward),
            PreviewRow::Option(option) => {
                let Some(value) = option.next(&self.value_of(option), forward) else {
                    self.typing = Some(LineInput::replaceable(&self.value_of(option)));
                    return false;
                };
                self.set(option, value.to_string());
            }
            PreviewRow::Sides => {
                let all = next_side(self.wish.settling.all);
                self.wish.settling = Settling { all, named: Vec::new(), ..self.wish.settling };
            }
            PreviewRow::Side(nth) => {
                let Some(one) = self.ready().and_then(|ready| ready.plan.report.differs.get(*nth)) else {
                    return false;
                };
                let text = format!("{}.{}", one.record, one.field.key);
                let known = self.wish.settling.named.iter().find(|(answered, _)| answered.text == text);
                let side = next_side(known.map(|(_, side)| *side).or(one.settled));
                let named = &mut self.wish.settling.named;
                named.retain(|(answered, _)| answered.text != text);
                // Without an answer of its own, the one for all would count.
                let side = side.or(self.wish.settling.all.map(|_| Whose::Mine));
                named.extend(side.map(|side| (Answered::parse(&text), side)));
            }
            PreviewRow::Mail => self.wish.without_mail = Some(!self.is_without_mail()),
            PreviewRow::FirstRow => {
                let other = if self.first_row() == Some(FirstRow::Data) { FirstRow::Names } else { FirstRow::Data };
                let mapping = self.mapping();
                // What was said of columns was said of others.
                mapping.columns.clear();
                mapping.first_row = Some(other);
            }
            PreviewRow::Renamed => {
                self.wish.settling.renamed = Some(match self.wish.settling.renamed {
                    Some(Renamed::Same) => Renamed::Another,
                    Some(Renamed::Another) | None => Renamed::Same,
                });
            }
            PreviewRow::Status(_) | PreviewRow::Type(_) | PreviewRow::List(_) => return self.set_word(row, forward),
            PreviewRow::Column(nth) => {
                let Some(role) = self.header(*nth).map(|header| self.role_of(header)) else { return false };
                self.set_role(*nth, next_in(USUAL_ROLES, role, forward));
            }
            _ => return false,
        }
        true
    }

    fn import(self: Box<Self>, ui: &Ui, product: &Product, context: &mut Context) -> Next {
        if self.refreshes_in().is_some() {
            return (Some(self), Outcome::say("The file is still being read. Esc stops it."));
        }
        let Some(ready) = self.ready() else {
            let word = if self.lacks_title() { NO_TITLE_YET } else { WRONG };
            return (Some(self), Outcome::say(word));
        };
        // Another window may have imported the same file meanwhile.
        let moved = (ready.rev != product.rev()).then(|| planned(&ready.found, product, &self.wish.settling, context));
        let plan = moved.as_ref().unwrap_or(&ready.plan);
        let (step, label) = (plan.step.clone(), plan.report.label());
        if step.is_empty() {
            let kept = self.keep_said(ui);
            let open = plan.report.differs.iter().filter(|one| one.settled.is_none()).count();
            let rest = match open {
                0 => "Your product already has all of it.".to_string(),
                open => format!(
                    "{} on both sides; yours {}.",
                    count(open, "value differs", "values differ"),
                    plural(open, "stays", "stay")
                ),
            };
            return (None, Outcome::say(format!("{label}. {rest}{kept}")));
        }
        let kept = self.keep_said(ui);
        // The folder of the file would push the rest out of the line.
        let label = match self.wish.paths.as_slice() {
            [path] => match path.file_name().map(|name| name.to_string_lossy()) {
                Some(name) => label.replace(&path.display().to_string(), &name),
                None => label,
            },
            _ => label,
        };
        let say = Say::Words(format!("{label}. {{undo}} takes all of it back.{kept}"));
        let first = step.created().find(|(kind, _)| *kind == Kind::BacklogItem).map(|(_, id)| id);
        let then = first.map(|first| -> Then { Box::new(move |ui, product| show(first, ui, product)) });
        (None, Outcome::Commit(Commit { say: Some(say), then, ..Commit::new(step) }).or_again(self))
    }

    /// Keeps what was said for the next file of the same kind. Returns what to say if that failed.
    fn keep_said(&self, ui: &Ui) -> String {
        let Some(folder) = &ui.settings.folder else { return String::new() };
        let shape = self.questions().map(|questions| questions.shape.as_str());
        let mapping =
            self.wish.mapping.as_ref().zip(shape).map_or(Ok(()), |(one, shape)| keep_mapping(folder, shape, one));
        let mut choices = self.ready().into_iter().flat_map(|ready| &ready.choices);
        match mapping.and_then(|()| choices.try_for_each(|one| one.keep(folder))) {
            Ok(()) => String::new(),
            Err(cause) => format!(" What you chose was not kept for the next time: {}.", reason(&cause)),
        }
    }

    /// The keys while the value of an option is typed.
    fn typed(&mut self, input: &Input, row: &PreviewRow, ui: &mut Ui) -> bool {
        let Some(line) = &mut self.typing else { return false };
        let press = input.press();
        let fitting = if matches!(row, PreviewRow::Column(_)) { roles_like(&line.text()) } else { Vec::new() };
        if let Some(to) = press.and_then(|press| import_meaning::moved(self.pick, press.code, fitting.len())) {
            self.pick = to;
            return false;
        }
        match press.map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _) | (KeyCode::Char('c'), true)) => self.typing = None,
            Some((KeyCode::Enter, _)) => {
                let text = line.text().trim().to_string();
                self.typing = None;
                match row {
                    PreviewRow::Option(option) => self.set(option, text),
                    PreviewRow::Column(nth) => {
                        let Some(role) = fitting.get(self.pick).copied().and_then(ColumnRole::named) else {
                            ui.say(format!(
                                "No column means \u{201c}{text}\u{201d}. Fewer letters show more meanings."
                            ));
                            self.typing = Some(LineInput::new(&text));
                            return false;
                        };
                        self.set_role(*nth, role);
                    }
                    _ => return false,
                }
                return true;
            }
            _ => {
                line.take_with(input, &mut ui.kill);
                self.pick = 0;
            }
        }
        false
    }

    fn help(&self, row: &PreviewRow) -> String {
        match row {
            PreviewRow::Format => match self.shown_job().result().and_then(|read| read.format) {
                Some(format) => format!("What wrote the file. {}: {}.", format.title, format.about.replace('`', "")),
                None => "What wrote the file.".to_string(),
            },
            PreviewRow::Option(option) => option.help.to_string(),
            PreviewRow::Sides => "Whose values stay where both sides changed, for all of them.".to_string(),
            PreviewRow::Side(nth) => {
                let one = self.ready().and_then(|ready| ready.plan.report.differs.get(*nth));
                one.map_or_else(String::new, |one| format!("Here: {}. In the file: {}.", one.mine, one.theirs))
            }
            PreviewRow::Status(_) => {
                "What this word for a state stands for here. The word is kept beside the story.".to_string()
            }
            PreviewRow::List(_) => {
                "What this list of the board stands for. Its name is kept beside each story.".to_string()
            }
            PreviewRow::Mail => "Left out, people are known by their names, also inside texts.".to_string(),
            PreviewRow::FirstRow => {
                "Whether the first row names the columns, or is a story like the others.".to_string()
            }
            PreviewRow::Listed(..) => "Enter lists them, with what is here and what the file says.".to_string(),
            PreviewRow::Renamed => {
                let one = self.shown_job().result().and_then(|read| read.renaming.as_ref());
                one.map(Renaming::question).unwrap_or_default()
            }
            PreviewRow::Type(_) => {
                "What this word for a type becomes here. The word is kept beside the record.".to_string()
            }
            PreviewRow::Column(nth) => self.header(*nth).map_or_else(String::new, |header| {
                let samples = header.samples.join(" · ");
                format!("{}: {samples}. {}", header.name, role_note(self.role_of(header)))
            }),
            PreviewRow::Text(text) | PreviewRow::Wrong(text) | PreviewRow::Heading(text) => text.trim().to_string(),
            PreviewRow::Blank => String::new(),
        }
    }

    /// A row as text, and its style.
    fn shown(&self, row: &PreviewRow, ui: &Ui) -> (String, Style) {
        let named = |name: &str, value: &str| format!("{name:<NAMES$}{value}");
        match row {
            PreviewRow::Blank => (String::new(), Style::new()),
            PreviewRow::Heading(text) => (text.clone(), ui.theme.strong()),
            PreviewRow::Text(text) => (clean(text).into_owned(), Style::new()),
            PreviewRow::Wrong(text) => (clean(text).into_owned(), ui.theme.wrong()),
            PreviewRow::Format => {
                let read = self.shown_job().result().and_then(|read| read.format).map(|format| format.title);
                let value = match (self.wish.from, read) {
                    (None, Some(title)) => format!("{title}, recognised"),
                    (Some(_), Some(title)) => title.to_string(),
                    (Some(name), None) => name.to_string(),
                    (None, None) if self.refreshes_in().is_some() => "…".to_string(),
                    (None, None) => "not recognised".to_string(),
                };
                (named("Format", &value), Style::new())
            }
            PreviewRow::Option(option) => {
                let value = self.value_of(option);
                let value = match value.as_str() {
                    "" => "not given".to_string(),
                    "roadmap" => "roadmap item".to_string(),
                    _ => value,
                };
                (named(&capital(option.name), &clean(&value)), Style::new())
            }
            PreviewRow::Sides => {
                let value = side_word(self.wish.settling.all);
                (named("All of them", value), Style::new())
            }
            PreviewRow::Side(nth) => {
                let one = self.ready().and_then(|ready| ready.plan.report.differs.get(*nth));
                (one.map_or_else(String::new, side_line), Style::new())
            }
            PreviewRow::Status(_) | PreviewRow::Type(_) | PreviewRow::List(_) => {
                let shown = self.asked().and_then(|asked| word_shown(asked, self.said(), row, self.names_room(ui)));
                (shown.unwrap_or_default(), Style::new())
            }
            PreviewRow::Mail => {
                let word = if self.is_without_mail() { "addresses are left out" } else { "addresses come in" };
                (named("Mail", word), Style::new())
            }
            PreviewRow::FirstRow => (named("First row", first_row_word(self.first_row())), Style::new()),
            PreviewRow::Listed(listing, count) => {
                (format!("  {}: Enter lists {}", listing.words(*count), plural(*count, "it", "them")), Style::new())
            }
            PreviewRow::Renamed => (named("Renamed", renamed_word(self.wish.settling.renamed)), Style::new()),
            PreviewRow::Column(nth) => {
                (self.header(*nth).map_or_else(String::new, |one| self.column_line(one, ui)), Style::new())
            }
        }
    }

    /// The room for the names of columns and words: as wide as they are, where the window is.
    fn names_room(&self, ui: &Ui) -> usize {
        let Some(asked) = self.asked() else { return HEADERS };
        let words = &asked.words;
        let names = asked.headers.iter().map(|one| one.name.as_str());
        let names = names.chain(words.lists.iter().map(|one| one.word.as_str()));
        let names = names.chain(words.statuses.iter().map(|one| one.word.as_str()));
        let names = names.chain(words.types.iter().map(|one| one.word.as_str()));
        let widest = names.map(|name| width(&clean(name))).max().unwrap_or(0);
        let room = usize::from(ui.window.width).saturating_sub(60);
        widest.min(room).clamp(HEADERS, 3 * HEADERS)
    }

    /// `Headline         title          Cancel without a call · …`.
    fn column_line(&self, header: &HeaderSample, ui: &Ui) -> String {
        let room = self.names_room(ui);
        let role = role_words(self.role_of(header));
        let name = clean(&header.name).into_owned();
        let samples: Vec<String> = header.samples.iter().map(|one| clean(one).replace('\n', " ")).collect();
        format!("{} {} {}", fit(&cut(&name, room), room), fit(&role, NAMES.saturating_add(2)), samples.join(" · "))
    }
}

impl Layer for ImportSheet {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        self.take_next();
        let rows = self.rows(ui, product);
        let last = rows.len().saturating_sub(1);
        self.at = self.place(&rows);
        let (at, row) = (self.at, rows.get(self.at).cloned().unwrap_or(PreviewRow::Blank));
        self.on = self.key_of(&row).or(self.on.take());
        if self.typing.is_some() {
            if self.typed(input, &row, ui) {
                self.again(product, context);
            }
            return (Some(self), Outcome::Nothing);
        }
        let page = usize::from(ui.window.height / 2);
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc | KeyCode::Enter | KeyCode::Left, _) | (KeyCode::Char('c'), true))
                if self.open.is_some() =>
            {
                self.at = self.open.take().map_or(0, |open| open.from);
                let rows = self.rows(ui, product);
                self.on = rows.get(self.at).and_then(|row| self.key_of(row));
            }
            Some((KeyCode::Esc, _) | (KeyCode::Char('c'), true)) if self.is_new => {
                self.keep_said(ui);
                return (None, Outcome::Open(Opening::First));
            }
            Some((KeyCode::Esc, _) | (KeyCode::Char('c'), true)) => {
                let is_empty = product.table(Kind::BacklogItem).order().is_empty();
                let rest = if is_empty { " This product is empty; {import} looks at a file again." } else { "" };
                let lost = self.keep_said(ui);
                return (None, Outcome::say(format!("Nothing was imported.{rest}{lost}")));
            }
            Some((KeyCode::Enter | KeyCode::Char(' ') | KeyCode::Right, false))
                if let PreviewRow::Listed(listing, _) = row =>
            {
                self.open = self.ready().map(|ready| OpenList::of(listing, ready, product, at));
                (self.at, self.on) = (2, None);
            }
            Some((KeyCode::Char('s'), true)) => return self.import(ui, product, context),
            // Enter looks into some rows; on one with nothing in it, it must not import by surprise.
            Some((KeyCode::Enter, _)) if at > 0 && self.ready().is_some() && matches!(row, PreviewRow::Text(_)) => {
                return (Some(self), Outcome::say(TEXT_ROW));
            }
            Some((KeyCode::Enter, _)) => return self.import(ui, product, context),
            Some((KeyCode::Char(' '), false)) if let PreviewRow::Column(nth) = row => {
                // The meaning that it has is chosen, so that Enter alone changes nothing.
                self.pick = self.header(nth).map_or(0, |header| import_meaning::place_of(self.role_of(header)));
                self.typing = Some(LineInput::new(""));
            }
            Some((KeyCode::Up | KeyCode::Char('k'), _)) => self.go(&rows, at.saturating_sub(1), false),
            Some((KeyCode::Down | KeyCode::Char('j'), _)) => self.go(&rows, at.saturating_add(1), true),
            Some((KeyCode::PageUp, _)) => self.go(&rows, at.saturating_sub(page), false),
            Some((KeyCode::PageDown, _)) => self.go(&rows, at.saturating_add(page), true),
            Some((KeyCode::Home, _)) => self.go(&rows, 0, true),
            Some((KeyCode::End, _)) => self.go(&rows, last, false),
            Some((code @ (KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right), _)) if self.open.is_none() => {
                if self.change(&row, code != KeyCode::Left) {
                    self.again(product, context);
                } else if self.typing.is_none() {
                    let rest =
                        if self.ready().is_some() { " Ctrl-S imports, Esc goes back." } else { " Esc goes back." };
                    return (Some(self), Outcome::say(format!("That row has nothing to change.{rest}")));
                }
            }
            Some((_, false)) if self.open.is_some() => {
                return (Some(self), Outcome::say("Esc goes back to the preview; nothing is imported yet."));
            }
            Some(_) if self.ready().is_none() => {
                return (Some(self), Outcome::say("Space changes a row, Esc goes back."));
            }
            Some(_) => return (Some(self), Outcome::say("Enter imports, Space changes a row, Esc goes back.")),
            None => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn refreshes_in(&self) -> Option<Duration> {
        let newest = self.next.as_ref().unwrap_or(&self.job);
        (newest.result().is_none() && !newest.failed()).then_some(FRAME)
    }

    fn hints(&self, _: &Ui) -> String {
        match (&self.typing, self.ready()) {
            (Some(_), _) if self.on.as_ref().is_some_and(|on| on.starts_with(COLUMN)) => {
                "type to filter · ↑ ↓ move · Enter takes · Esc back".to_string()
            }
            (Some(_), _) => "type it · Enter takes · Esc back".to_string(),
            _ if self.open.is_some() => "↑ ↓ move · Esc back to the preview".to_string(),
            (None, Some(_)) if self.on.as_ref().is_some_and(|on| on.starts_with(LISTED)) => {
                "Enter lists them · ↑ ↓ move · Esc goes back".to_string()
            }
            // A row that only tells has no key.
            (None, Some(_)) if self.on.as_ref().is_some_and(String::is_empty) => {
                "Ctrl-S imports · ↑ ↓ move · Esc goes back".to_string()
            }
            (None, Some(_)) => "Enter imports · Space changes · ↑ ↓ move · Esc goes back".to_string(),
            (None, None) => "Space changes · ↑ ↓ move · Esc goes back".to_string(),
        }
    }

    fn draw(&self, ui: &Ui, product: &Product, buffer: &mut Paint) {
        let rows = self.rows(ui, product);
        let widest = rows.iter().map(|row| width(&self.shown(row, ui).0)).max().unwrap_or(0);
        let columns = widest.saturating_add(2).clamp(66, 110);
        let at = self.place(&rows);
        let picks = self.typing.as_ref().filter(|_| matches!(rows.get(at), Some(PreviewRow::Column(_))));
        let help_lines = if picks.is_some() { IN_SIGHT.saturating_add(1) } else { HELP };
        // The lines below the views stay in sight: they answer.
        let most = usize::from(ui.window.height).saturating_sub(6);
        let pending = self.pending().map(|words| format!(" · {words}")).unwrap_or_default();
        let title = format!("Import into {}{pending}", clean(product.name()));
        let inner = popup::frame(ui, &title, columns, rows.len().saturating_add(help_lines).min(most), buffer);
        let columns = usize::from(inner.width);
        let room = usize::from(inner.height).saturating_sub(help_lines).max(1);
        let first = popup::scrolled(at, rows.len(), room);
        for (y, (nth, row)) in rows.iter().enumerate().skip(first).take(room).enumerate() {
            let chosen = nth == at;
            let (text, style) = self.shown(row, ui);
            let pointer = if chosen { ui.theme.pointer() } else { " " };
            let style = if chosen { ui.theme.chosen() } else { style };
            buffer.write(
                inner.row(y),
                fit(&format!("{pointer} {}", cut(&text, columns.saturating_sub(2))), columns),
                columns,
                style,
            );
            if let (true, Some(line)) = (chosen, &self.typing) {
                let before =
                    if matches!(row, PreviewRow::Column(_)) { self.names_room(ui).saturating_add(1) } else { NAMES };
                let area = inner.row(y).past(before.saturating_add(2));
                buffer.write(area, fit("", usize::from(area.width)), usize::from(area.width), Style::new());
                line.draw(area, Style::new(), buffer);
            } else if chosen {
                popup::cursor(inner, y, buffer);
            }
        }
        let help = rows.get(at).map(|row| self.help(row)).unwrap_or_default();
        let foot = inner.below(room.min(rows.len()).saturating_add(1));
        if let Some(line) = picks {
            let styles = (ui.theme.pointer(), ui.theme.chosen(), ui.theme.quiet());
            return import_meaning::draw(&line.text(), self.pick, styles, foot, buffer);
        }
        for (y, line) in wrap(&clean(&help), columns, help_lines.saturating_sub(1)).into_iter().enumerate() {
            buffer.write(foot.row(y), line, columns, ui.theme.quiet());
        }
        list::more(ui, rows.len().saturating_sub(first.saturating_add(room)), inner, buffer);
    }
}

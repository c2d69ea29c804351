//! Writing the product as a file: the format, its options and the place, then what was written and what was left out.

use crate::actions::Context;
use crate::export::markdown::pages;
use crate::export::{ExportFormat, FORMATS, of_ending};
use crate::model::grammar::capital;
use crate::model::product::Product;
use crate::options::{FormatOption, Options};
use crate::store::folder::Folder;
use crate::store::products::slug;
use crate::tui::state::contract::{Layer, Next, Outcome};
use crate::tui::state::export_job::{ExportJob, ExportWish};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::path_text::{completed, typed_path};
use crate::tui::term::text::{clean, cut, fit, wrap};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::popup;
use crossterm::event::KeyCode;
use ratatui::style::Style;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The indentation of values.
const NAMES: usize = 14;
/// Lines for the help of the selected row, with a blank one above.
const HELP: usize = 3;
const COLUMNS: usize = 76;
/// How often it looks whether the file is written.
const FRAME: Duration = Duration::from_millis(100);

/// A row of the sheet.
#[derive(Clone, Copy)]
enum Row {
    Path,
    Format,
    Option(&'static FormatOption),
    /// Whether mail addresses go out.
    Mail,
}

pub struct ExportSheet {
    format: &'static ExportFormat,
    options: Vec<(&'static str, String)>,
    /// The place, as typed. It follows the format until somebody types one.
    path: String,
    follows: bool,
    /// The format was chosen in its row; else it follows the ending that somebody types.
    is_chosen: bool,
    at: usize,
    typing: Option<LineInput>,
    /// The file is there already, and Enter was pressed once.
    sure: bool,
    with_mail: bool,
    /// A page that the screen shows: only its place is asked.
    page: Option<String>,
    job: Option<ExportJob>,
    /// The first line shown of what was said, where there is more than fits.
    said_from: usize,
    /// The last one from which the rest fits, as it was drawn.
    said_last: Cell<usize>,
}

impl ExportSheet {
    pub fn of(format: &'static ExportFormat, options: &[(&'static str, &str)], product: &Product) -> ExportSheet {
        let options = options.iter().map(|(name, value)| (*name, value.to_string())).collect();
        let mut out = ExportSheet {
            format,
            options,
            path: String::new(),
            follows: true,
            is_chosen: false,
            at: 0,
            typing: None,
            sure: false,
            with_mail: true,
            page: None,
            job: None,
            said_from: 0,
            said_last: Cell::new(0),
        };
        out.path = out.usual_path(product);
        out
    }

    /// For a page that the screen shows and no format has; `name` goes into the name of the file.
    pub fn of_page(format: &'static ExportFormat, name: &str, page: String, product: &Product) -> ExportSheet {
        let path = format!("~/{}-{name}.{}", slug(product.name()), format.ending);
        ExportSheet { path, follows: false, page: Some(page), ..ExportSheet::of(format, &[], product) }
    }

    /// A file in the home folder, named after the product, and after the view if it holds one alone.
    fn usual_path(&self, product: &Product) -> String {
        let name = slug(product.name());
        let of_view = self.format.options.iter().find(|option| option.name == pages::VIEW.name);
        let view = of_view.map(|option| self.value_of(option)).filter(|view| !view.is_empty());
        let name = view.map_or(name.clone(), |view| format!("{name}-{view}"));
        match self.format.ending {
            "" if self.format.name.ends_with("csv") => {
                format!("~/{name}-{}.csv", self.format.name.trim_end_matches("-csv"))
            }
            "" => format!("~/{name}-{}", self.format.name),
            ending => format!("~/{name}.{ending}"),
        }
    }

    fn rows(&self) -> Vec<Row> {
        if self.page.is_some() {
            return vec![Row::Path];
        }
        let options = self.format.options.iter().map(|option| Row::Option(option));
        [Row::Path, Row::Format].into_iter().chain(options).chain([Row::Mail]).collect()
    }

    /// Options of several formats may have one name; each has the last value that it takes.
    fn value_of(&self, option: &FormatOption) -> String {
        let set = self.options.iter().rev().find(|(name, value)| *name == option.name && option.accepts(value));
        set.map_or_else(|| option.default.to_string(), |(_, value)| value.clone())
    }

    fn set(&mut self, option: &'static FormatOption, value: String) {
        self.options.retain(|(name, value)| *name != option.name || !option.accepts(value));
        self.options.push((option.name, value));
    }

    /// Changes the selected row, or begins to type its value.
    fn change(&mut self, row: Row, forward: bool, product: &Product) {
        self.sure = false;
        match row {
            Row::Path => self.typing = Some(LineInput::new(&self.path)),
            Row::Mail => self.with_mail = !self.with_mail,
            Row::Format => {
                let at = FORMATS.iter().position(|one| one.name == self.format.name).unwrap_or(0);
                let next = match forward {
                    true => FORMATS.get(at.saturating_add(1)).or_else(|| FORMATS.first()),
                    false => at.checked_sub(1).and_then(|at| FORMATS.get(at)).or_else(|| FORMATS.last()),
                };
                self.format = next.copied().unwrap_or(self.format);
                self.is_chosen = true;
            }
            Row::Option(option) => match option.next(&self.value_of(option), forward) {
                Some(value) => self.set(option, value.to_string()),
                None => self.typing = Some(LineInput::new(&self.value_of(option))),
            },
        }
        if self.follows {
            self.path = self.usual_path(product);
        }
    }

    /// The keys while a value is typed.
    fn typed(&mut self, input: &Input, row: Row, ui: &mut Ui) -> Outcome {
        let Some(line) = &mut self.typing else { return Outcome::Nothing };
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _) | (KeyCode::Char('c'), true)) => self.typing = None,
            Some((KeyCode::Tab, _)) if matches!(row, Row::Path) => {
                let (text, names) = completed(&line.text(), ui.elsewhere.home.as_deref());
                self.typing = Some(LineInput::new(&text));
                if names.len() > 1 {
                    return Outcome::say(names.get(..5).unwrap_or(&names).join("  "));
                }
            }
            Some((KeyCode::Enter, _)) => {
                let text = line.text().trim().to_string();
                if let Some(why) = self.wrong_as_typed(row) {
                    return Outcome::refuse(why);
                }
                self.typing = None;
                match row {
                    Row::Option(option) => self.set(option, text),
                    _ => {
                        (self.path, self.follows) = (text, false);
                        if let Some(meant) = self.meant_by_ending().filter(|_| !self.is_chosen) {
                            self.format = meant;
                        }
                    }
                }
            }
            _ => line.take_with(input, &mut ui.kill),
        }
        Outcome::Nothing
    }

    /// The format that the ending of the path means, where it is another one than what is written.
    fn meant_by_ending(&self) -> Option<&'static ExportFormat> {
        let ending = Path::new(&self.path).extension()?.to_str()?;
        let mine = if self.format.name.ends_with("csv") { "csv" } else { self.format.ending };
        of_ending(ending).filter(|_| self.page.is_none() && !mine.eq_ignore_ascii_case(ending))
    }

    /// What is wrong with the value of an option as it stands in the line.
    fn wrong_as_typed(&self, row: Row) -> Option<String> {
        let (Row::Option(option), Some(line)) = (row, &self.typing) else { return None };
        let mut options = Options::default();
        let set = options.set(option, line.text().trim()).and_then(|()| (self.format.check)(&options));
        set.err().map(|refusal| format!("{refusal:#}"))
    }

    fn wish(&self, ui: &Ui, context: &Context) -> Result<ExportWish, String> {
        let mut options = Options::default();
        for option in self.format.options {
            let value = self.value_of(option);
            if value != option.default {
                options.set(option, &value).map_err(|refusal| format!("{refusal:#}"))?;
            }
        }
        (self.format.check)(&options).map_err(|refusal| format!("{refusal:#}"))?;
        let (folder, data) = places(ui).ok_or("It is only in memory, so there is nothing to export.")?;
        if self.path.is_empty() {
            return Err("Where to? The first row takes a path.".to_string());
        }
        let path = typed_path(&self.path, ui.elsewhere.home.as_deref());
        let page = self.page.clone();
        Ok(ExportWish {
            format: self.format,
            options,
            path,
            folder,
            data,
            now: context.now,
            with_mail: self.with_mail,
            page,
        })
    }

    fn enter(mut self: Box<Self>, ui: &Ui, context: &Context) -> Next {
        if self.is_done() {
            return (None, Outcome::Nothing);
        }
        if self.job.is_some() && self.refreshes_in().is_some() {
            return (Some(self), Outcome::say("It is still being written."));
        }
        let wish = match self.wish(ui, context) {
            Ok(wish) => wish,
            Err(why) => return (Some(self), Outcome::refuse(why)),
        };
        if wish.path.is_file() && !std::mem::replace(&mut self.sure, true) {
            return (Some(self), Outcome::say("That file exists already. Enter again replaces it, Esc leaves it."));
        }
        self.job = Some(ExportJob::begin(wish));
        (Some(self), Outcome::Nothing)
    }

    /// Whether the file is written.
    fn is_done(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.result().is_some_and(Result::is_ok))
    }

    /// What is said below the rows.
    fn words(&self, row: Option<Row>) -> (Vec<String>, bool) {
        match self.job.as_ref().map(|job| (job.result(), job.failed())) {
            Some((Some(Ok(lines)), _)) => (lines.clone(), false),
            Some((Some(Err(why)), _)) => (vec![why.clone()], true),
            Some((None, true)) => (vec!["Nothing was written: the writer stopped.".to_string()], true),
            Some((None, false)) => (vec!["Writing …".to_string()], false),
            None => match row.and_then(|row| self.wrong_as_typed(row)) {
                Some(why) => (vec![why], true),
                None => match self.meant_by_ending() {
                    Some(meant) => {
                        let (is, meant) = (self.format.title, meant.title);
                        (vec![format!("The ending of the file means {meant}, but what is written is {is}.")], true)
                    }
                    None => (row.map(|row| self.help(row)).into_iter().collect(), false),
                },
            },
        }
    }

    fn help(&self, row: Row) -> String {
        match row {
            Row::Path => "Where it is written. Space types another path, Tab completes it.".to_string(),
            Row::Format => capital(&format!("{}.", self.format.about.replace('`', ""))),
            Row::Option(option) => option.help.to_string(),
            Row::Mail => "Left out, people are known by their names, also inside texts.".to_string(),
        }
    }

    fn shown(&self, row: Row) -> String {
        let (name, value) = match row {
            Row::Path => ("File".to_string(), self.path.clone()),
            Row::Format => ("Format".to_string(), self.format.title.to_string()),
            Row::Mail => {
                let word = if self.with_mail { "addresses are written" } else { "addresses are left out" };
                ("Mail".to_string(), word.to_string())
            }
            Row::Option(option) => (option_name(option), self.value_of(option)),
        };
        let value = if value.is_empty() {
            match row {
                Row::Option(option) if option.name == "view" => "the whole product".to_string(),
                _ => "none".to_string(),
            }
        } else {
            clean(&value).into_owned()
        };
        format!("{} {value}", fit(&name, NAMES.saturating_sub(1)))
    }
}

/// The name of an option for people: a command line has short ones.
fn option_name(option: &FormatOption) -> String {
    match option.name {
        "bom" => "BOM for Excel".to_string(),
        "crlf" => "Windows lines".to_string(),
        name => capital(&name.replace('-', " ")),
    }
}

/// The folder of the open product, and that of all products.
fn places(ui: &Ui) -> Option<(Folder, PathBuf)> {
    let data = ui.elsewhere.data.as_ref()?;
    let open = data.list().into_iter().find(|one| one.id == ui.elsewhere.here)?;
    Some((open.folder, data.0.clone()))
}

impl Layer for ExportSheet {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let rows = self.rows();
        let last = rows.len().saturating_sub(1);
        self.at = self.at.min(last);
        let row = rows.get(self.at).copied().unwrap_or(Row::Path);
        if self.typing.is_some() {
            let outcome = self.typed(input, row, ui);
            return (Some(self), outcome);
        }
        let is_done = self.is_done();
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _) | (KeyCode::Char('c'), true)) => return (None, Outcome::Nothing),
            Some((KeyCode::Enter, _)) => return self.enter(ui, context),
            // What was left out may be longer than the box.
            Some((KeyCode::Down | KeyCode::Char('j'), _)) if is_done => {
                self.said_from = self.said_from.saturating_add(1).min(self.said_last.get());
            }
            Some((KeyCode::Up | KeyCode::Char('k'), _)) if is_done => self.said_from = self.said_from.saturating_sub(1),
            // Words typed at a box that is done must not land in a row; they are no commands either.
            Some(_) if is_done => return (Some(self), Outcome::say("It is written. Enter or Esc closes this box.")),
            Some((KeyCode::Up | KeyCode::Char('k'), _)) => self.at = self.at.saturating_sub(1),
            Some((KeyCode::Down | KeyCode::Char('j'), _)) => self.at = self.at.saturating_add(1).min(last),
            Some((KeyCode::Home | KeyCode::PageUp, _)) => self.at = 0,
            Some((KeyCode::End | KeyCode::PageDown, _)) => self.at = last,
            // What is being written is not changed any more.
            Some((KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right, _)) if self.refreshes_in().is_some() => {}
            Some((code @ (KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right), _)) => {
                self.job = None;
                self.change(row, code != KeyCode::Left, product);
            }
            Some(_) => return (Some(self), Outcome::say("Enter writes it, Space changes a row, Esc goes back.")),
            None => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn refreshes_in(&self) -> Option<Duration> {
        let waits = self.job.as_ref().is_some_and(|job| job.result().is_none() && !job.failed());
        waits.then_some(FRAME)
    }

    fn hints(&self, _: &Ui) -> String {
        match (&self.typing, self.is_done()) {
            (Some(_), _) => "type it · Tab completes a path · Enter takes · Esc back",
            (None, true) if self.said_last.get() > 0 => "↑ ↓ scroll · Enter or Esc closes",
            (None, true) => "Enter or Esc closes",
            (None, false) => "Enter writes it · ↑ ↓ move · Space changes · Esc back",
        }
        .to_string()
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let rows = self.rows();
        let (said, is_wrong) = self.words(rows.get(self.at).copied());
        let said: Vec<String> = said.iter().map(|line| ui.keymap.fill(line).into_owned()).collect();
        let columns = COLUMNS.min(usize::from(ui.window.width).saturating_sub(6));
        let said: Vec<String> = said.iter().flat_map(|line| wrap(&clean(line), columns, 4)).collect();
        let most = usize::from(ui.window.height).saturating_sub(6);
        // What is said takes the room that the rows leave: of these, three stay in sight.
        let held = most.saturating_sub(rows.len().min(3)).saturating_sub(1);
        let last = said.len().saturating_sub(held);
        self.said_last.set(last);
        let skipped = self.said_from.min(last);
        let below = said.len().min(held).max(HELP.saturating_sub(1)).saturating_add(1);
        let inner = popup::frame(ui, "Export", columns, rows.len().saturating_add(below).min(most), buffer);
        let columns = usize::from(inner.width);
        let room = usize::from(inner.height).saturating_sub(below).max(1);
        let first = popup::scrolled(self.at, rows.len(), room);
        for (y, (nth, row)) in rows.iter().enumerate().skip(first).take(room).enumerate() {
            let chosen = nth == self.at;
            let pointer = if chosen { ui.theme.pointer() } else { " " };
            let style = if chosen { ui.theme.chosen() } else { Style::new() };
            let text = cut(&self.shown(*row), columns.saturating_sub(2)).into_owned();
            buffer.write(inner.row(y), fit(&format!("{pointer} {text}"), columns), columns, style);
            if let (true, Some(line)) = (chosen, &self.typing) {
                let area = inner.row(y).past(NAMES.saturating_add(2));
                buffer.write(area, fit("", usize::from(area.width)), usize::from(area.width), Style::new());
                line.draw(area, Style::new(), buffer);
            } else if chosen {
                popup::cursor(inner, y, buffer);
            }
        }
        let foot = inner.below(room.min(rows.len()).saturating_add(1));
        let style = if is_wrong { ui.theme.wrong() } else { ui.theme.quiet() };
        let shown = usize::from(foot.height);
        for (y, line) in said.iter().skip(skipped).take(shown).enumerate() {
            buffer.write(foot.row(y), line, columns, style);
        }
        crate::tui::widget::list::more(ui, said.len().saturating_sub(skipped.saturating_add(shown)), inner, buffer);
    }
}

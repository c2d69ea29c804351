//! Help, all commands, records to jump to, the bin. Help and commands read the one command table.

use crate::actions::Context;
use crate::insight::find::{self, FindHit};
use crate::model::field::Record;
use crate::model::product::Product;
use crate::model::schema::{ItemStatus, Kind};
use crate::model::table::Slot;
use crate::model::value::Life;
use crate::tui::state::contract::{Command, Group, Layer, LayerKind, Next, Outcome};
use crate::tui::state::dispatch::{perform, ready};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Keys;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, fit, times, width, wrap_or_cut};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::text_keys;
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::style::Style;
use std::cell::RefCell;

/// Which menu it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// The keys that work here, by group.
    Help,
    /// Every command, best match first.
    Palette,
    /// Every record in any view, closed ones included.
    Everywhere,
    /// Deleted records.
    Bin,
}

pub struct Menu {
    which: Which,
    find: LineInput,
    at: usize,
    /// The records found for a product and a find line: drawing, hints and input all ask for them.
    found: RefCell<Option<(u64, String, Vec<Entry>)>>,
}

/// A line of a menu: a heading, a command, or a record to jump to.
#[derive(Clone)]
enum Entry {
    Heading(&'static str),
    Command(&'static Command, Option<NotReady>),
    Record(crate::model::id::Id, String),
    Legend(&'static str),
}

impl Menu {
    pub fn bin_is_empty(product: &Product) -> bool {
        !Kind::ALL.iter().filter(|kind| **kind != Kind::Conflict).any(|kind| {
            let shelf = product.table(*kind);
            let mut all = shelf.slots().filter_map(|slot| shelf.record(slot));
            all.any(|record| record.life() == Life::Deleted)
        })
    }

    pub fn new(which: Which) -> Menu {
        Menu { which, find: LineInput::new(""), at: 0, found: RefCell::default() }
    }

    fn entries(&self, ui: &Ui, product: &Product) -> Vec<Entry> {
        let find = self.find.text();
        let mut out = match self.which {
            Which::Help => help(ui, product, &find),
            Which::Palette => palette(ui, product, &find),
            Which::Everywhere | Which::Bin => Vec::new(),
        };
        let most = match self.which {
            Which::Help => 0,
            Which::Palette => 6,
            Which::Everywhere => 100,
            Which::Bin => {
                out.extend(deleted(product, &find));
                0
            }
        };
        let mut records = self.records(ui, product, &find, most);
        // A number means the record rather than anything that happens to contain it.
        if self.which == Which::Palette && find::numbered(product, &find).is_some() {
            if !out.is_empty() {
                records.push(Entry::Heading("commands"));
            }
            records.extend(out);
            return records;
        }
        if !records.is_empty() && self.which == Which::Palette {
            out.push(Entry::Heading("items"));
        }
        out.extend(records);
        out
    }

    fn records(&self, ui: &Ui, product: &Product, find: &str, most: usize) -> Vec<Entry> {
        if most == 0 {
            return Vec::new();
        }
        let Ok(mut found) = self.found.try_borrow_mut() else { return Vec::new() };
        let known = found.as_ref().filter(|(rev, text, _)| *rev == product.rev() && text == find);
        if known.is_none() {
            *found = Some((product.rev(), find.to_string(), records(ui, product, find, most)));
        }
        found.as_ref().map(|(.., entries)| entries.clone()).unwrap_or_default()
    }

    /// Prepares the texts of stories: begun at the first letter, searched from the second on.
    fn prepare(&self, ui: &mut Ui, product: &Product) {
        let find = self.find.text();
        match find.trim().chars().count() {
            _ if !matches!(self.which, Which::Palette | Which::Everywhere) => {}
            0 => {}
            1 => ui.begin_find(product),
            _ => ui.prepare_haystack(product, &find),
        }
    }

    /// The entry to begin on: in the keys, which stay in their groups, the one whose name fits best.
    fn best(&self, ui: &Ui, product: &Product) -> usize {
        let find = self.find.text().trim().to_lowercase();
        if self.which != Which::Help || find.is_empty() {
            return 0;
        }
        let entries = self.entries(ui, product);
        let fits = |entry: &Entry| {
            let Entry::Command(command, _) = entry else { return 0 };
            let keys = ui.keymap.keys_of(command.name).iter().any(|keys| keys.to_string().to_lowercase() == find);
            let names = [ui.keymap.label_of(command).to_lowercase(), command.label.to_lowercase()];
            let is_word = |text: &str| has_word(text, &find);
            match () {
                () if names.contains(&find) || keys => 6,
                () if names.iter().any(|name| name.starts_with(&find)) => 5,
                () if names.iter().any(|name| is_word(name)) => 4,
                () if is_word(command.hint) || command.synonyms.iter().any(|word| is_word(word)) => 3,
                () if names.iter().any(|name| name.contains(&find)) => 2,
                () => 1,
            }
        };
        let all: Vec<u8> = entries.iter().filter(|entry| can_be_chosen(entry)).map(fits).collect();
        let most = all.iter().max().copied().unwrap_or_default();
        all.iter().position(|one| *one == most).unwrap_or_default()
    }

    /// Runs the selection. A command that was searched for mentions its key for the next time.
    fn take(self: Box<Self>, nth: usize, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let entries = self.entries(ui, product);
        match entries.iter().filter(|entry| can_be_chosen(entry)).nth(nth) {
            Some(Entry::Command(command, _)) => {
                let outcome = perform(command, ui, product, context);
                let key = ui.keymap.keys_of(command.name).first().map(ToString::to_string);
                (None, if self.which == Which::Palette { ui.taught(command.name, key, outcome) } else { outcome })
            }
            Some(Entry::Record(id, _)) if self.which == Which::Bin => {
                (None, Outcome::of(crate::actions::edit::revive(product, *id)))
            }
            Some(Entry::Record(id, _)) => {
                ui.to_record(product, *id);
                (None, Outcome::Nothing)
            }
            _ => (Some(self), Outcome::say("Nothing matches. Backspace widens the search.")),
        }
    }
}

impl Layer for Menu {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Input::Click(nth) = input {
            return self.take(*nth, ui, product, context);
        }
        let Some(press) = input.press() else {
            self.find.take_with(input, &mut ui.kill);
            self.prepare(ui, product);
            return (Some(self), Outcome::Nothing);
        };
        let entries = self.entries(ui, product);
        let choices: Vec<&Entry> = entries.iter().filter(|entry| can_be_chosen(entry)).collect();
        match (press.code, press.ctrl) {
            (KeyCode::Esc, _) | (KeyCode::Char('c'), true) => return (None, Outcome::Nothing),
            // Turns the page.
            (KeyCode::Char('?'), false) if self.which == Which::Help => {
                let page = ui.registry.command("owners");
                return (None, page.map_or(Outcome::Nothing, |page| perform(page, ui, product, context)));
            }
            (KeyCode::Up, _) => self.at = self.at.saturating_sub(1),
            (KeyCode::Down, _) => self.at = self.at.saturating_add(1).min(choices.len().saturating_sub(1)),
            (KeyCode::PageUp, _) => self.at = self.at.saturating_sub(10),
            (KeyCode::PageDown, _) => self.at = self.at.saturating_add(10).min(choices.len().saturating_sub(1)),
            // As in vim.
            (KeyCode::Enter, _) if matches!(self.find.text().trim(), "q" | "quit" | "wq" | "q!" | "qa") => {
                return (None, Outcome::Quit);
            }
            (KeyCode::Enter, _) if self.find.text().trim() == "w" => {
                let elsewhere = ui.registry.command("save.elsewhere").filter(|_| ui.unsaved.is_some());
                return match elsewhere {
                    Some(command) => (None, perform(command, ui, product, context)),
                    None => (None, Outcome::say("Everything is saved automatically; there is nothing to write.")),
                };
            }
            (KeyCode::Enter, _) => {
                let at = self.at;
                return self.take(at, ui, product, context);
            }
            _ => {
                self.find.take_with(input, &mut ui.kill);
                self.prepare(ui, product);
                self.at = self.best(ui, product);
            }
        }
        (Some(self), Outcome::Nothing)
    }

    fn draw(&self, ui: &Ui, product: &Product, buffer: &mut Paint) {
        let title = match self.which {
            Which::Help => format!("Keys here: {}", ui.screen().title),
            Which::Palette => "Commands and items".to_string(),
            Which::Everywhere => "Find everywhere".to_string(),
            Which::Bin => "Deleted; Enter restores".to_string(),
        };
        // Complete sentences if there is room for them.
        let inner = popup::frame(
            ui,
            &title,
            ui.window.width.saturating_sub(6).clamp(72, 110).into(),
            ui.window.height.saturating_sub(6).max(8).into(),
            buffer,
        );
        let columns = usize::from(inner.width);
        buffer.write(inner, "> ", columns, ui.theme.strong());
        let line = inner.row(0).past(2);
        self.find.draw(line, Style::new(), buffer);
        if self.find.is_empty() {
            buffer.write(
                inner.past(3),
                match self.which {
                    Which::Everywhere => "two letters or more, or a number; Enter goes there",
                    _ => "type to search, Enter runs it",
                },
                columns.saturating_sub(3),
                ui.theme.quiet(),
            );
        }
        let entries = self.entries(ui, product);
        if entries.is_empty() && !self.find.is_empty() {
            let word = "Nothing has that in its name. Fewer letters find more.";
            buffer.write(inner.row(2), word, columns, ui.theme.quiet());
        }
        let mut choices = 0usize;
        let rows: Vec<(Option<usize>, &Entry)> = entries
            .iter()
            .map(|entry| {
                let nth = can_be_chosen(entry).then_some(choices);
                choices = choices.saturating_add(usize::from(nth.is_some()));
                (nth, entry)
            })
            .collect();
        let at = rows.iter().position(|(nth, _)| *nth == Some(self.at)).unwrap_or(0);
        // The last lines say what the selected one does.
        let said: usize = match inner.height {
            ..=8 => 0,
            _ if columns < 80 => 2,
            _ => 1,
        };
        let beside = if said > 0 { said.saturating_add(2) } else { 1 };
        let height = usize::from(inner.height).saturating_sub(beside);
        let first = popup::scrolled(at, rows.len(), height);
        for (y, (nth, entry)) in rows.iter().skip(first).take(height).enumerate() {
            let (text, style) = entry_text(ui, self.which, entry, *nth == Some(self.at), columns);
            buffer.write(inner.row(y.saturating_add(1)), fit(&text, columns), columns, style);
            if let Some(nth) = nth {
                popup::entry(inner, y.saturating_add(1), *nth, buffer);
            }
        }
        list::more(ui, rows.len().saturating_sub(first.saturating_add(height)), inner, buffer);
        let sentence = rows.get(at).map(|(_, entry)| sentence(ui, entry)).unwrap_or_default();
        for (nth, line) in wrap_or_cut(&sentence, columns, said).iter().enumerate().take(said) {
            let y = usize::from(inner.height).saturating_sub(said).saturating_add(nth);
            buffer.write(inner.row(y), line, columns, ui.theme.strong());
        }
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        match self.which {
            Which::Help => "↑ ↓ choose · type to narrow · Enter runs it · ? who owns what · Esc back".to_string(),
            _ => "↑ ↓ choose · type to narrow · Enter runs it · Esc back".to_string(),
        }
    }

    fn kind(&self) -> LayerKind {
        LayerKind::Menu
    }
}

/// What the selected row does, or why it cannot be done now.
fn sentence(ui: &Ui, entry: &Entry) -> String {
    match entry {
        Entry::Command(command, None) => ui.keymap.sentence_of(command).into_owned(),
        Entry::Command(command, Some(why)) => {
            format!("Not now: {}. {}", ui.keymap.fill(why.clause()), ui.keymap.sentence_of(command))
        }
        Entry::Record(..) => ui.keymap.fill("Goes there; {go.back} comes back.").into_owned(),
        _ => String::new(),
    }
}

/// Deleted records that can be restored, newest number first.
fn deleted(product: &Product, find: &str) -> Vec<Entry> {
    let words = find.trim().to_lowercase();
    let mut out = Vec::new();
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Conflict) {
        let shelf = product.table(*kind);
        let gone = shelf.slots().filter_map(|slot| shelf.record(slot)).filter(|record| record.life() == Life::Deleted);
        let named = gone.map(|record| (record.number(), record.id(), format!("{} {}", record.name(), record.title())));
        let mut hits: Vec<_> = named.filter(|(_, _, text)| text.to_lowercase().contains(&words)).collect();
        hits.sort_by_key(|(number, ..)| std::cmp::Reverse(*number));
        out.extend(hits.into_iter().take(200).map(|(_, id, text)| Entry::Record(id, text)));
    }
    out
}

/// The records matching a few letters: by number, or else by every word, those that show it in number or title first.
/// A handful is enough to choose from.
fn records(ui: &Ui, product: &Product, find: &str, most: usize) -> Vec<Entry> {
    let entry = |record: &dyn Record| {
        let state = match product.items().get(record.id()).map(|item| item.status) {
            Some(status @ (ItemStatus::Done | ItemStatus::Dropped)) => format!("  {}", status.label()),
            _ => String::new(),
        };
        let title = record.title();
        let first = title.lines().next().unwrap_or_default();
        Entry::Record(record.id(), format!("{} {first}{state}", record.name()))
    };
    let find = find.trim();
    if let Some(record) = find::numbered(product, find).and_then(|id| product.find(id)) {
        return vec![entry(record)];
    }
    if find.chars().count() < 2 {
        return Vec::new();
    }
    let (words, exact) = find::words(find);
    let mut shown: Vec<Entry> = Vec::new();
    let mut deeper: Vec<Entry> = Vec::new();
    let (heads, hits) = match ui.haystack.as_ref().filter(|stack| stack.fits(product, exact)) {
        Some(stack) => (stack.heads(&words), stack.hits(&words)),
        None => Default::default(),
    };
    let at = |hits: &[bool], slot: &Slot| hits.get(*slot as usize).copied().unwrap_or(false);
    for kind in Kind::ALL.iter().copied().filter(|kind| ui.registry.of_kind(*kind).is_some()) {
        let shelf = product.table(kind);
        let records = |slots: &mut dyn Iterator<Item = &Slot>| -> Vec<&dyn Record> {
            slots.filter_map(|slot| shelf.record(*slot)).take(most).collect()
        };
        let (first, then) = if kind == Kind::BacklogItem {
            let first = records(&mut shelf.order().iter().filter(|slot| at(&heads, slot)));
            (first, records(&mut shelf.order().iter().filter(|slot| at(&hits, slot) && !at(&heads, slot))))
        } else {
            let all = shelf.order().iter().filter_map(|slot| shelf.record(*slot));
            let hits = all.filter_map(|record| Some((record, find::hit(record, &words, exact)?)));
            let (first, then): (Vec<_>, Vec<_>) = hits.partition(|(_, hit)| *hit == FindHit::Shown);
            let records = |hits: Vec<(_, FindHit)>| hits.into_iter().map(|(record, _)| record).take(most).collect();
            (records(first), records(then))
        };
        shown.extend(first.into_iter().map(entry));
        deeper.extend(then.into_iter().map(|record| {
            match (entry(record), find::found_in_or_near(product, record, &words, exact)) {
                (Entry::Record(id, text), Some(field)) => Entry::Record(id, format!("{text}  · in {field}")),
                (entry, _) => entry,
            }
        }));
    }
    shown.append(&mut deeper);
    shown
}

fn can_be_chosen(entry: &Entry) -> bool {
    matches!(entry, Entry::Command(..) | Entry::Record(..))
}

fn entry_text(ui: &Ui, which: Which, entry: &Entry, chosen: bool, columns: usize) -> (String, Style) {
    let pointer = if chosen { ui.theme.pointer() } else { " " };
    let style = if chosen { ui.theme.chosen() } else { Style::new() };
    match entry {
        Entry::Heading(text) => (
            format!("── {text} {}", times("─", columns.saturating_sub(text.len().saturating_add(4)))),
            ui.theme.quiet(),
        ),
        Entry::Legend(text) => (format!("  {}", ui.keymap.fill(text)), Style::new()),
        Entry::Record(_, text) => {
            (cut(&format!("{pointer} {}", crate::tui::term::text::clean(text)), columns).into_owned(), style)
        }
        Entry::Command(command, why) => {
            let keys: Vec<String> = ui.keymap.keys_of(command.name).iter().take(3).map(Keys::to_string).collect();
            let keys = fit(&either(&keys, if columns < 70 { 7 } else { 13 }), if columns < 70 { 8 } else { 14 });
            let text = match why {
                _ if which == Which::Palette => named(ui, command, why.as_ref(), pointer, keys.trim_end(), columns),
                Some(why) => {
                    let why = ui.keymap.fill(why.clause());
                    format!("{pointer} {keys} {}: {why}", ui.keymap.label_of(command))
                }
                // Without a key it is found in the palette, by its name.
                None if ui.keymap.keys_of(command.name).is_empty() => {
                    let palette = ui.keymap.keys_of("palette").first().map_or_else(String::new, Keys::to_string);
                    let name = ui.keymap.label_of(command);
                    format!("{pointer} {} {name}: {}", fit(&palette, width(&keys)), ui.keymap.fill(command.hint))
                }
                None => format!("{pointer} {keys} {}", ui.keymap.sentence_of(command)),
            };
            let style = if why.is_some() && !chosen { ui.theme.quiet() } else { style };
            (cut(&text, columns).into_owned(), style)
        }
    }
}

/// A row of the palette: the name, what it does or why not now, and on the right its key.
fn named(
    ui: &Ui,
    command: &'static Command,
    why: Option<&NotReady>,
    pointer: &str,
    keys: &str,
    columns: usize,
) -> String {
    let words = match why {
        Some(why) => format!("not now: {}", ui.keymap.fill(why.clause())),
        None => ui.keymap.fill(command.hint).into_owned(),
    };
    let fixed = width(keys).saturating_add(3 + 18 + 2 + 1);
    let label = fit(ui.keymap.label_of(command), 18);
    format!("{pointer} {label}  {} {keys}", fit(&words, columns.saturating_sub(fixed)))
}

/// `close the sprint` asks for `close sprint`.
fn without_little_words(find: &str) -> String {
    let is_little = |word: &&str| !matches!(word.to_lowercase().as_str(), "the" | "a" | "an" | "my" | "of");
    let kept: Vec<&str> = find.split_whitespace().filter(is_little).collect();
    if kept.is_empty() { find.to_string() } else { kept.join(" ") }
}

/// Keys that do the same: `e or i`, so that they are told from keys that follow each other, as in `y y`. As many as fit.
fn either(keys: &[String], room: usize) -> String {
    let some = (1..=keys.len()).rev().map(|count| keys.iter().take(count).cloned().collect::<Vec<_>>().join(" or "));
    some.into_iter().find(|text| width(text) <= room).or(keys.first().cloned()).unwrap_or_default()
}

/// True if a text contains this very word.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric()).any(|one| one.eq_ignore_ascii_case(word))
}

fn matches_find(ui: &Ui, command: &Command, find: &str) -> bool {
    let find = find.trim().to_lowercase();
    let texts = [ui.keymap.label_of(command), command.label, command.hint, command.name];
    let has = |word: &str| texts.iter().chain(command.synonyms).any(|text| text.to_lowercase().contains(word));
    // Words of one request may stand in different texts: "export csv".
    if find.contains(' ') && find.split_whitespace().all(has) {
        return true;
    }
    let keys = ui.keymap.keys_of(command.name).iter().any(|keys| keys.to_string().to_lowercase() == find);
    keys || texts.iter().chain(command.synonyms).any(|text| text.to_lowercase().contains(&find))
}

/// What works here, by group, and the legend of marks.
fn help(ui: &Ui, product: &Product, find: &str) -> Vec<Entry> {
    let mut out = Vec::new();
    for group in Group::ALL {
        let here = ui.registry.commands().filter(|command| {
            command.group == group && matches_find(ui, command, find) && ready(command, ui, product).is_ok()
        });
        let rows: Vec<Entry> = here.map(|command| Entry::Command(command, None)).collect();
        if !rows.is_empty() {
            out.push(Entry::Heading(group.title()));
            out.extend(rows);
        }
    }
    let marks: Vec<Entry> = marks(ui).filter(|text| explains(text, find)).map(Entry::Legend).collect();
    if !marks.is_empty() {
        out.push(Entry::Heading("what the marks mean"));
        out.extend(marks);
    }
    out
}

/// What the signs on rows mean, each with its sign first.
fn marks(ui: &Ui) -> impl Iterator<Item = &'static str> {
    let glyph = |fancy, plain| ui.theme.glyph(fancy, plain);
    [
        "!  the other half has changed since it was agreed",
        "^  a proposal, or the value that it asks for",
        glyph(
            "●  in the Inbox: an answer to you that you have not read",
            "*  in the Inbox: an answer to you that you have not read",
        ),
        glyph(
            "○  in the Inbox: serves no goal, or waits for agreement; its row says which",
            "o  in the Inbox: serves no goal, or waits for agreement; its row says which",
        ),
        glyph("△  in the plan: look twice before you select it", "*  in the plan: look twice before you select it"),
        "✓  ready to plan; {go.done} says what that takes",
        "?  no points yet",
    ]
    .into_iter()
}

/// True if a search is for this sign, a word of what it means, or for signs at all.
fn explains(text: &str, find: &str) -> bool {
    let find = find.trim().to_lowercase();
    let is_sign = text.split(' ').next().is_some_and(|sign| sign == find);
    let for_all = ["mark", "marks", "sign", "signs", "symbol", "symbols", "legend", "icon", "icons", "glyph"];
    let is_word = find.chars().count() >= 3 && text.to_lowercase().contains(&find);
    let begins = find.chars().count() >= 3 && for_all.iter().any(|word| word.starts_with(&find));
    find.is_empty() || is_sign || is_word || begins
}

/// Every command, best match first; those unavailable now last, with the reason.
fn palette(ui: &Ui, product: &Product, find: &str) -> Vec<Entry> {
    let find = &without_little_words(find);
    let pattern = Pattern::parse(find.trim(), CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut letters), &mut matcher);
    let mut found: Vec<(bool, u32, &'static Command, Option<NotReady>)> = Vec::new();
    for command in ui.registry.commands() {
        let names = [score(ui.keymap.label_of(command)), score(command.label), score(command.name)];
        let words = command.synonyms.iter().map(|word| score(word)).max().flatten();
        let best = names.into_iter().flatten().max().map(|best| best.saturating_add(10)).max(words);
        let Some(best) = best.or_else(|| matches_find(ui, command, find).then_some(1)) else { continue };
        let why = ready(command, ui, product).err();
        // A word said exactly ranks before words that contain it or only its letters.
        let best = if command.synonyms.iter().any(|word| word.eq_ignore_ascii_case(find.trim())) {
            u32::MAX.saturating_sub(1)
        } else {
            best
        };
        let exact =
            [ui.keymap.label_of(command), command.name].iter().any(|name| name.eq_ignore_ascii_case(find.trim()));
        found.push((why.is_some() && !exact, if exact { u32::MAX } else { best }, command, why));
    }
    // Where a command is named so, `import` does not mean what is "important".
    let word = find.trim();
    let is_named = |command: &Command| has_word(ui.keymap.label_of(command), word) || has_word(command.label, word);
    if word.len() >= 4 && found.iter().any(|(.., command, _)| is_named(command)) {
        let longer = |text: &&str| text.to_lowercase().contains(&word.to_lowercase());
        found.retain(|(_, _, command, _)| {
            let all = || [ui.keymap.label_of(command), command.label, command.name, command.hint];
            all().iter().any(longer) || command.synonyms.iter().any(|text| has_word(text, word))
        });
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    found.into_iter().map(|(_, _, command, why)| Entry::Command(command, why)).collect()
}

//! The screen's state beside the product: the position in each view, what is ticked, the layers on top.

mod toasts;

use crate::insight::find::{self, Folding, Haystack};
use crate::insight::sorting::Sort;
use crate::model::field::Record;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::saturating::small;
use crate::model::schema::{Horizon, Kind};
use crate::model::table::Slot;
use crate::model::value::Day;
use crate::store::journal::LoggedStep;
use crate::tui::settings::{Hints, Settings};
use crate::tui::state::contract::{Layer, LayerKind, Outcome, Registry, Screen};
use crate::tui::state::filter::{Filter, SavedLook};
use crate::tui::state::guard::Aim;
use crate::tui::state::keymap::Keymap;
use crate::tui::state::line_history::LineHistory;
use crate::tui::state::products::{Elsewhere, Products};
use crate::tui::state::slots::Slots;
use crate::tui::state::tour::{Seen, Tour};
use crate::tui::state::{marks, row_widths::RowWidths};
use crate::tui::term::layout::{Areas, Focus, SMALLEST, areas, extent};
use crate::tui::term::theme::Theme;
use ratatui::layout::Rect;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The columns of the roadmap, in their order.
pub const HORIZONS: [Horizon; 3] = [Horizon::Now, Horizon::Next, Horizon::Later];

/// One row of a view's list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListRow {
    pub id: Id,
    /// `None` if the row is not a record of this product: a change in the history, another product.
    pub kind: Option<Kind>,
    /// The depth of its indentation.
    pub depth: u8,
    /// The record's slot in its table: a frame reads forty rows and need not search for each.
    pub slot: Slot,
}

impl ListRow {
    pub fn new(record: &dyn Record, slot: Slot, depth: u8) -> ListRow {
        ListRow { id: record.id(), kind: Some(record.kind()), depth, slot }
    }

    /// The row of a record, found by its id; for short lists.
    pub fn of(product: &Product, kind: Kind, id: Id, depth: u8) -> ListRow {
        let slot = product.table(kind).slot_of(id).unwrap_or(Slot::MAX);
        ListRow { id, kind: Some(kind), depth, slot }
    }

    /// A row that is not a record of this product; `nth` says where the view finds what it shows.
    pub fn other(id: Id, nth: usize) -> ListRow {
        ListRow { id, kind: None, depth: 0, slot: small(nth) }
    }
}

/// The record under the cursor of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chosen {
    pub id: Id,
    pub kind: Kind,
}

/// What a view shows, computed once per change of product, view or filter.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rows {
    pub rows: Vec<ListRow>,
    /// In a view with columns: the rows of each.
    pub columns: Vec<Range<usize>>,
    /// How many are left out, because they are closed or by the next.
    pub hidden: usize,
    /// How many the filters and the find line leave out.
    pub narrowed: usize,
    /// How many of these the find line would find: among the closed ones, and among those that the filters leave out.
    pub found_closed: usize,
    pub found_filtered: usize,
    /// How many closed ones the filters would keep, where they keep no open one.
    pub kept_closed: usize,
    /// Where only what reads alike is shown: the story that each one reads like.
    pub alike: FxHashMap<Id, Id>,
}

/// The position in one view.
#[derive(Clone, Debug, Default)]
pub struct ViewState {
    pub chosen: Option<Id>,
    /// The row of `chosen`.
    pub at: usize,
    /// The first row shown.
    pub top: usize,
    pub column: usize,
    pub focus: Focus,
    /// The row of the why and of the how pane that has the cursor.
    pub why_at: usize,
    pub how_at: usize,
    /// How many lines a pane is scrolled from where its cursor row is in sight; negative is up.
    pub inside: isize,
    pub find: String,
    /// The current layout of this view.
    pub turn: usize,
    /// How many weeks a timeline is scrolled.
    pub weeks: i32,
    /// The why pane's share of both panes, in percent.
    pub share: u16,
    /// Whether closed records are shown too.
    pub closed: bool,
    /// Filters that narrow the list besides the find line.
    pub filters: Vec<Filter>,
    /// An order to look at the rows in, instead of the one made by hand.
    pub sort: Option<Sort>,
    /// The rows of a tree whose branches are folded.
    pub folded: FxHashSet<Id>,
    /// The columns that the rows need.
    pub widths: RowWidths,
    /// What was selected before a find or a filter hid it.
    pub before_find: Option<Id>,
}

/// Returns true if there is no find.
fn key_is_empty(key: &Option<RowsKey>) -> bool {
    key.as_ref().is_none_or(|key| key.find.trim().is_empty())
}

impl ViewState {
    pub fn is_turned(&self) -> bool {
        self.turn > 0
    }

    /// The columns in which no row is cut, as far as they are known.
    pub fn row_needs(&self) -> usize {
        self.widths.needed(self.turn)
    }
}

/// Why what is shown is not saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsaved {
    pub why: String,
    /// The number of acts not on disk.
    pub waiting: usize,
    /// The folder no longer exists.
    pub is_gone: bool,
    /// It cannot be saved here until the next start.
    pub is_final: bool,
}

impl Unsaved {
    /// What becomes of the changes that are not on disk, as a sentence.
    pub fn outlook(&self) -> &'static str {
        match self.is_final {
            true => "They cannot be saved here any more.",
            false => "Saving is retried automatically.",
        }
    }
}

/// A message in the status line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Toast {
    Word(String),
    /// Stays until Esc.
    Trouble(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct RowsKey {
    rev: u64,
    view: usize,
    turn: usize,
    closed: bool,
    find: String,
    filters: Vec<Filter>,
    sort: Option<Sort>,
    folded: FxHashSet<Id>,
    /// How much of the history is known, and its newest change.
    past: (usize, Option<Id>),
    products: u64,
    choices: u64,
    today: Option<Day>,
    /// The Inbox is another one for each role.
    role: Role,
}

pub struct Ui {
    /// All commands and views.
    pub registry: &'static Registry,
    pub view: usize,
    pub places: Vec<ViewState>,
    /// The position in a view that does not exist, so that nothing has to fail.
    nowhere: ViewState,
    pub ticked: FxHashSet<Id>,
    /// Ticked records that the view does not show now. No act touches them; they come back with their rows.
    pub ticked_hidden: FxHashSet<Id>,
    /// What was ticked before the ticks were last taken away.
    pub last_ticked: FxHashSet<Id>,
    /// The rows on the screen when the ticks were last sorted.
    pub(super) ticks_of: Range<usize>,
    /// The start of a range of ticks.
    pub range: Option<Id>,
    pub zoom: bool,
    pub layers: Vec<Box<dyn Layer>>,
    pub toast: Option<Toast>,
    pub window: Rect,
    pub rows: Rows,
    rows_key: Option<RowsKey>,
    pub theme: Theme,
    pub keymap: Keymap,
    pub settings: Settings,
    /// How many boxes after a prefix were opened, including earlier days.
    pub boxes: u32,
    pub role: Role,
    pub by: String,
    /// `q` was pressed with nothing left to close.
    pub leaving: bool,
    /// What the open layers began on.
    pub aim: Option<Aim>,
    /// The last key ended in a refusal.
    pub refused: bool,
    /// The writer has refused something: that stays until a key is pressed.
    pub refusal_stays: bool,
    /// Earlier input of one-line inputs, including cancelled input: `↑` recalls it.
    pub line_history: LineHistory,
    /// What was last cut, copied or killed in any text, for Ctrl-V.
    pub kill: String,
    /// The target of `g o`.
    pub back: Option<(usize, Option<Id>)>,
    pub last_press: Option<crate::tui::term::key::Press>,
    /// The focus before an editor was opened, to be restored afterwards.
    pub home: Option<Focus>,
    /// The records whose deletion was asked about: the same key again deletes them.
    pub sure: Vec<Id>,
    /// The last act accepted a proposal or marked an answer as read: the same key on something else is not meant yet.
    pub accepting: bool,
    /// Every change, oldest first; held while the history is shown.
    pub past: Arc<Vec<Arc<LoggedStep>>>,
    pub past_is_coming: bool,
    pub products: Products,
    pub elsewhere: Elsewhere,
    /// Set if what is shown cannot be saved here now.
    pub unsaved: Option<Unsaved>,
    /// The row on which a dragged row would be dropped.
    pub dropping: Option<Id>,
    /// Products removed from the list in this session: the new and the old folder.
    pub put_aside: Vec<(std::path::PathBuf, std::path::PathBuf)>,
    /// The guided tour through the sample.
    pub tour: Option<Tour>,
    /// Recent messages, oldest first.
    pub messages: std::collections::VecDeque<String>,
    /// How long a message stays at least, whatever is pressed.
    pub patience: Duration,
    said_at: Option<Instant>,
    toast_goes: bool,
    /// How much of the message is this person's own answer, if news of the writer stand behind it.
    own: Option<usize>,
    /// How often the key of a command was mentioned.
    lessons: FxHashMap<&'static str, u8>,
    /// The current day, as of the last key.
    pub today: Day,
    /// `3/4` is the fourth of March, as in the United States.
    pub month_first: bool,
    /// The text searched by the find line, prepared at the first letter.
    pub haystack: Option<Haystack>,
    /// Filters kept under a name.
    pub saved_looks: BTreeMap<String, SavedLook>,
    /// The views' own state.
    pub slots: Slots,
}

impl Ui {
    pub fn new(theme: Theme, role: Role, by: &str, registry: &'static Registry) -> Ui {
        let mut places = vec![ViewState { share: 50, ..ViewState::default() }; registry.screens.len()];
        for (place, screen) in places.iter_mut().zip(registry.screens) {
            place.focus = screen.begins;
        }
        Ui {
            registry,
            view: 0,
            places,
            nowhere: ViewState::default(),
            ticked: FxHashSet::default(),
            ticked_hidden: FxHashSet::default(),
            last_ticked: FxHashSet::default(),
            ticks_of: 0..0,
            range: None,
            zoom: false,
            layers: Vec::new(),
            toast: None,
            window: Rect::new(0, 0, 80, 24),
            rows: Rows::default(),
            rows_key: None,
            theme,
            keymap: Keymap::standard(registry),
            settings: Settings::default(),
            boxes: 0,
            role,
            by: by.to_string(),
            leaving: false,
            line_history: LineHistory::default(),
            kill: String::new(),
            back: None,
            aim: None,
            refused: false,
            refusal_stays: false,
            last_press: None,
            home: None,
            sure: Vec::new(),
            accepting: false,
            past: Arc::default(),
            past_is_coming: false,
            products: Products::default(),
            elsewhere: Elsewhere::default(),
            unsaved: None,
            tour: None,
            put_aside: Vec::new(),
            dropping: None,
            messages: std::collections::VecDeque::new(),
            patience: Duration::ZERO,
            said_at: None,
            toast_goes: false,
            own: None,
            lessons: FxHashMap::default(),
            today: Day(chrono::NaiveDate::default()),
            month_first: false,
            haystack: None,
            saved_looks: BTreeMap::new(),
            slots: Slots::default(),
        }
    }

    pub fn screen(&self) -> &'static Screen {
        self.registry.screens.get(self.view).copied().unwrap_or(&Screen::PLAIN)
    }

    pub fn place(&self) -> &ViewState {
        self.places.get(self.view).unwrap_or(&self.nowhere)
    }

    pub fn place_mut(&mut self) -> &mut ViewState {
        self.places.get_mut(self.view).unwrap_or(&mut self.nowhere)
    }

    pub fn focus(&self) -> Focus {
        self.place().focus
    }

    pub fn areas(&self) -> Option<Areas> {
        let alone = self.zoom || self.settings.accessible;
        let place = self.place();
        let needs = extent(place.row_needs().saturating_add(2));
        let arrangement = (self.screen().form)(self).arrangement;
        // The tour stays for a while: what it says covers nothing.
        let rows = |tour: &Tour| Tour::rows(&self.keymap.fill(&tour.words()), self.window.width);
        let tour = self.tour.as_ref().map_or(0, rows).saturating_sub(1);
        let tour = tour.min(self.window.height.saturating_sub(SMALLEST.1));
        let window = Rect { height: self.window.height.saturating_sub(tour), ..self.window };
        let mut areas = areas(window, arrangement, place.focus, alone, place.share, needs)?;
        (areas.status.y, areas.hints.y) = (areas.status.y.saturating_add(tour), areas.hints.y.saturating_add(tour));
        if self.settings.hints == Hints::Off {
            // The last line belongs to whatever reaches down to it.
            let foot = areas.status.y;
            areas.status.y = areas.status.y.saturating_add(areas.hints.height);
            for area in [&mut areas.list, &mut areas.why, &mut areas.how, &mut areas.aside].into_iter().flatten() {
                if area.bottom() == foot {
                    area.height = area.height.saturating_add(areas.hints.height);
                }
            }
            areas.hints.height = 0;
        }
        Some(areas)
    }

    pub fn say(&mut self, word: impl Into<String>) {
        self.toast = Some(Toast::Word(word.into()));
    }

    pub fn trouble(&mut self, word: impl Into<String>) {
        self.toast = Some(Toast::Trouble(word.into()));
    }

    /// Why what the open layers began on is not there any more, if so.
    pub fn lost_aim(&self, product: &Product) -> Option<String> {
        let aim = self.aim.as_ref().filter(|aim| aim.view == self.view)?;
        let gone = aim.chosen.filter(|id| !self.rows.rows.iter().any(|row| row.id == *id));
        if let Some(id) = gone {
            return Some(format!("{} is no longer here. Nothing was done.", product.name_of(id)));
        }
        if aim.pane_moved {
            return Some("Another window has changed this row. Nothing was done.".to_string());
        }
        (aim.ticked && self.ticked.is_empty())
            .then(|| "What was ticked is no longer here. Nothing was done.".to_string())
    }

    /// The row under the cursor of the list, whatever it shows.
    pub fn row_at_cursor(&self) -> Option<ListRow> {
        let row = self.rows.rows.get(self.place().at).copied();
        row.filter(|row| Some(row.id) == self.place().chosen && self.is_choice_shown())
    }

    /// Whether the selected row, or a pane about it, is on the screen: a chart in full size has none.
    pub fn is_choice_shown(&self) -> bool {
        self.focus() != Focus::List || (self.screen().lists)(self)
    }

    /// The record under the cursor of the list.
    pub fn chosen_row(&self) -> Option<Chosen> {
        self.row_at_cursor().and_then(|row| Some(Chosen { id: row.id, kind: row.kind? }))
    }

    pub fn choose(&mut self, at: usize) {
        let chosen = self.rows.rows.get(at).map(|row| row.id);
        let column = self.rows.columns.iter().position(|column| column.contains(&at));
        let place = self.place_mut();
        if place.chosen != chosen {
            (place.why_at, place.how_at, place.inside) = (0, 0, 0);
        }
        (place.at, place.chosen) = (at, chosen);
        if let Some(column) = column {
            place.column = column;
        }
    }

    /// Selects a record in the current view, if it is shown.
    pub fn choose_id(&mut self, id: Id) -> bool {
        match self.rows.rows.iter().position(|row| row.id == id) {
            Some(at) => {
                self.choose(at);
                true
            }
            None => false,
        }
    }

    /// The selection in the previous view.
    pub fn back_id(&self) -> Option<Id> {
        self.back.and_then(|(_, chosen)| chosen)
    }

    /// Adds to the message the key of a command that was run from the palette, three times at most.
    pub fn taught(&mut self, name: &'static str, key: Option<String>, mut outcome: Outcome) -> Outcome {
        let Some(key) = key else { return outcome };
        let told = self.lessons.entry(name).or_default();
        *told = told.saturating_add(1);
        if *told > 3 {
            return outcome;
        }
        let lesson = format!(" (next time: {key})");
        match &mut outcome {
            Outcome::Say(Toast::Word(word)) => word.push_str(&lesson),
            Outcome::Commit(commit) => commit.lesson.push_str(&lesson),
            Outcome::Nothing if self.layers.is_empty() => self.say(format!("Next time: {key}.")),
            _ => {}
        }
        outcome
    }

    /// Opens a layer on top.
    pub fn open(&mut self, layer: impl Layer + 'static) -> Outcome {
        // The message before has nothing to do with what is asked now.
        self.toast = None;
        self.layers.push(Box::new(layer));
        Outcome::Nothing
    }

    /// The topmost layer, which has the keys.
    pub fn top(&self) -> Option<&dyn Layer> {
        self.layers.last().map(|layer| &**layer)
    }

    /// Goes to another view and remembers this one.
    pub fn go(&mut self, view: usize) {
        if view != self.view && view < self.registry.screens.len() {
            self.back = Some((self.view, self.place().chosen));
            self.view = view;
            self.leave_ticks_behind();
            self.range = None;
            self.zoom = false;
        }
    }

    /// What the tour observes.
    pub fn seen(&self, product: &Product) -> Seen {
        Seen {
            view: self.screen().name,
            chosen: self.place().chosen,
            focus: self.focus(),
            why: self.top().is_some_and(|top| top.kind() == LayerKind::Trail),
            rev: product.rev(),
        }
    }

    /// Brings what is derived up to date with the product: rows, choice, scroll. Called after each event.
    pub fn settle(&mut self, product: &Product) {
        let place = self.place();
        let key = RowsKey {
            rev: product.rev(),
            view: self.view,
            turn: place.turn,
            closed: place.closed,
            find: place.find.clone(),
            filters: place.filters.clone(),
            sort: place.sort.clone(),
            folded: place.folded.clone(),
            past: self.past_key(),
            products: self.products.rev,
            choices: self.slots.rev(),
            today: Some(self.today),
            role: self.role,
        };
        if self.rows_key.as_ref() != Some(&key) {
            let answers = self.new_answers(product).len();
            marks::refresh(&mut self.slots, product, self.role, self.today, answers);
            let opened = self.rows_key.as_ref().is_none_or(|old| old.view != key.view);
            let found_anew = self.rows_key.as_ref().is_some_and(|old| old.view == key.view && old.find != key.find);
            self.prepare_find(product, &key.find);
            (self.screen().prepare)(self, product);
            self.rows = (self.screen().rows)(self, product);
            self.rows_key = Some(key);
            self.measure_rows(product);
            if found_anew && !key_is_empty(&self.rows_key) && !self.place().chosen.is_some_and(|id| self.shows(id)) {
                self.choose(0);
            }
            self.follow_choice();
            if opened {
                self.leave_empty_column();
            }
            self.sort_ticks(product);
        }
        self.leave_ticks(product);
        self.scroll();
    }

    fn measure_rows(&mut self, product: &Product) {
        let (place, needs) = (self.place(), self.screen().row_needs);
        let narrowed = !place.find.trim().is_empty() || !place.filters.is_empty();
        let of_row = |at: usize| self.rows.rows.get(at).map_or(0, |row| needs(self, product, row));
        let widths = place.widths.measured(place.turn, narrowed, self.rows.rows.len(), of_row);
        self.place_mut().widths = widths;
    }

    /// The mark of a row: `!` if it was agreed before its why changed, `^` if a change of it is proposed; or both.
    pub fn mark(&self, id: Id, suspect: bool) -> &'static str {
        match (suspect, marks::is_proposed(&self.slots, id)) {
            (true, true) => self.theme.state("!^", "why changed, proposed"),
            (true, false) => self.theme.state("!", "why changed"),
            (false, true) => self.theme.state("^", "proposed"),
            (false, false) => "",
        }
    }

    /// Distinguishes states of the history.
    pub fn past_key(&self) -> (usize, Option<Id>) {
        (self.past.len(), self.past.last().map(|entry| entry.id))
    }

    /// Rebuilds the rows after something else was shown in their place.
    pub fn show_rows(&mut self, product: &Product) {
        self.rows_key = None;
        self.settle(product);
    }

    pub(super) fn shows(&self, id: Id) -> bool {
        self.rows.rows.iter().any(|row| row.id == id)
    }

    fn prepare_find(&mut self, product: &Product, find: &str) {
        if find.trim().is_empty() || !self.screen().is_long {
            // An empty find line may be typed into again.
            self.haystack = self.haystack.take().filter(|_| !self.layers.is_empty());
        } else {
            self.prepare_haystack(product, find);
        }
    }

    /// Prepares the texts of all stories for this find line.
    pub fn prepare_haystack(&mut self, product: &Product, find: &str) {
        let exact = find::words(find).1;
        if !self.haystack.as_ref().is_some_and(|stack| stack.fits(product, exact)) {
            let earlier = self.haystack.take().map(Haystack::into_depths);
            let depths = earlier.or_else(|| self.slots.take::<Folding>().map(Folding::finish)).unwrap_or_default();
            self.haystack = Some(Haystack::built(product, exact, depths));
        }
    }

    /// Begins to prepare the texts that a find reads: by the first letter they are there.
    pub fn begin_find(&mut self, product: &Product) {
        if self.haystack.is_none() {
            self.slots.put(Folding::begin(product));
        }
    }

    /// How many rows of the list are visible at once.
    pub fn list_height(&self) -> usize {
        let list = self.areas().and_then(|areas| areas.list);
        let rows = list.map_or(0, |area| area.height.saturating_sub(2));
        let form = (self.screen().form)(self);
        usize::from(rows.saturating_sub(form.heading)).max(1).checked_div(form.row_height).unwrap_or_default()
    }

    /// The height of the list, as a step of the cursor.
    pub fn page(&self) -> isize {
        isize::try_from(self.list_height()).unwrap_or(isize::MAX)
    }

    /// Keeps two rows of context around the cursor if there is room.
    fn scroll(&mut self) {
        let height = self.list_height().max(1);
        let range = match self.rows.columns.get(self.place().column) {
            Some(range) => range.clone(),
            None => 0..self.rows.rows.len(),
        };
        let at = self.place().at.saturating_sub(range.start).min(range.len().saturating_sub(1));
        let margin = 2.min(height.saturating_sub(1) / 2);
        let lowest = at.saturating_add(1).saturating_add(margin).saturating_sub(height);
        let highest = at.saturating_sub(margin);
        let place = self.place_mut();
        place.top = place.top.clamp(lowest.min(highest), highest).min(range.len().saturating_sub(height));
    }
}

impl Ui {
    /// Applies settings and keys, and reports what is wrong in the file.
    pub fn take_settings(&mut self, settings: Settings, keymap: Keymap) {
        self.settings = settings;
        self.keymap = keymap;
        self.theme = self.settings.look();
        for trouble in &self.settings.troubles {
            self.messages.push_back(format!("config.toml, {trouble}"));
        }
        if let Some(first) = self.settings.troubles.first() {
            let more = match self.settings.troubles.len().saturating_sub(1) {
                0 => String::new(),
                1 => " One more is in {settings}.".to_string(),
                n => format!(" {n} more are in {{settings}}."),
            };
            self.trouble(format!("config.toml, {first}{more}"));
        }
    }

    /// Handles the terminal's answer about its background.
    pub fn take_background(&mut self, light: bool) {
        self.settings.around.light = Some(light);
        self.theme = self.settings.look();
    }
}

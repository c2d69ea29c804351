//! The screen from the command line: which product, which role, and what is remembered afterwards.

use crate::cli::import::SentFile;
use crate::cli::invocation::{Invocation, now};
use crate::cli::view_state::{come_back, remember};
use crate::cli::{import, out, sample};
use crate::config::{Places, State, login_name};
use crate::model::id::IdSource;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::store::create::{Founder, find_or_create};
use crate::store::error::StoreError;
use crate::store::file::{Mark, make_folder};
use crate::store::folder::Folder;
use crate::store::kept_steps::BACK;
use crate::store::products::{Data, Listed};
use crate::store::recover::recover;
use crate::store::repair::{self, Meant};
use crate::store::session::Session;
use crate::store::writer::Writer;
use crate::tui::app::App;
use crate::tui::onboarding::{self, FirstChoice, FirstRun, NameFrom};
use crate::tui::registry::REGISTRY;
use crate::tui::settings::Settings;
use crate::tui::state::config_file::read;
use crate::tui::state::contract::Opening;
use crate::tui::state::keymap::Keymap;
use crate::tui::state::products::Elsewhere;
use crate::tui::term::theme::Surroundings;
use crate::tui::{Ended, HeldTerminal};
use anyhow::{Context, Result, bail};
use std::fmt;
use std::io::IsTerminal;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::Duration;

/// Runs the screen on the product that the arguments name, else on the answer to the first run.
pub fn run(invocation: &Invocation) -> Result<u8> {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    if dumb || !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        out::message(
            "whyhow: The screen needs a terminal. For scripts there are show, why, batch and export; --help lists them.",
        );
        return Ok(2);
    }
    let (first, choosing) = match invocation.product() {
        Ok(listed) => (Opening::Product(listed), false),
        Err(StoreError::Empty { .. }) if invocation.wide.product.is_none() => (Opening::First, false),
        // A name not in use is the name of the first product.
        Err(StoreError::Empty { .. }) => (Opening::Named(invocation.wide.product.clone().unwrap_or_default()), false),
        Err(StoreError::Which { .. }) => {
            let newest = newest(invocation).context("There are products, but none can be listed.")?;
            (Opening::Product(newest), true)
        }
        Err(error) => return Err(error.into()),
    };
    let mut workspace = Workspace::new(invocation, choosing);
    let first = workspace.open_before(first)?;
    let ended = {
        let mut held = HeldTerminal::take(&invocation.places.state).context("The terminal could not be taken over.")?;
        // A crash ends here, so that the text being typed can still be kept.
        std::panic::catch_unwind(AssertUnwindSafe(|| workspace.work(&mut held, first)))
    };
    // The terminal has been restored; only a fresh product.json remains to be written.
    let by_itself = !matches!(ended, Ok(Ok(Ended::Quit | Ended::Open(_))));
    let left = workspace.close(by_itself);
    let ended = match ended {
        Ok(ended) => ended?,
        Err(fault) => {
            left.iter().for_each(|left| out::message(&left.to_string()));
            std::panic::resume_unwind(fault)
        }
    };
    let words: Vec<String> = left.iter().map(Left::to_string).collect();
    match ended {
        Ended::Signal(signal) => {
            words.iter().for_each(|word| out::message(word));
            Ok(128u8.saturating_add(u8::try_from(signal).unwrap_or_default()))
        }
        _ if words.is_empty() => Ok(0),
        _ => bail!(words.join(" ")),
    }
}

/// Acts that are not on disk in their own folder.
struct Left {
    acts: usize,
    /// They are kept beside the product.
    is_kept: bool,
    /// The copy that holds them.
    copy: Option<Folder>,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let acts =
            if self.acts == 1 { "The last act is".to_string() } else { format!("The last {} acts are", self.acts) };
        match &self.copy {
            None if self.is_kept => {
                let them = if self.acts == 1 { "it" } else { "them" };
                write!(f, "{acts} not in the product yet, but kept in its folder backup. {BACK} brings {them} back.")
            }
            Some(folder) => {
                write!(f, "{acts} saved in {} only; nothing could be written in the usual place.", folder.0.display())
            }
            None => write!(f, "{acts} not on disk. Everything shown as saved is."),
        }
    }
}

/// Whoever ends a program from outside does not wait long.
const SOON: Duration = Duration::from_millis(400);

/// Ends a session. If nobody could be asked, unsaved changes are kept beside the product, or else in the first place that
/// can be written to.
fn end(mut session: Session, spares: &[PathBuf], by_itself: bool) -> Left {
    let acts = if by_itself { session.end_within(SOON) } else { session.end() };
    let homeless = acts > 0 && by_itself && session.copy().is_none();
    let is_kept = homeless && session.folder().0.is_dir() && session.keep_pending().is_ok();
    if homeless && !is_kept {
        let _ = spares.iter().any(|spare| session.copy_to(&Data(spare.clone())).is_ok());
    }
    Left { acts, is_kept, copy: session.copy().cloned() }
}

/// The sample in a folder of its own, which is deleted afterwards.
pub fn demo(invocation: &Invocation) -> Result<u8> {
    let scratch = std::env::temp_dir().join(format!("whyhow-demo-{:016x}", fastrand::u64(..)));
    make_folder(&scratch)?;
    let mut own = invocation.clone();
    // Keys and colours are the person's own, whatever product they look at.
    own.places = Places { settings: own.places.settings, ..Places::find(Some(&scratch))? };
    own.wide.product = None;
    let done = sample::make(&own, sample::NAME).and_then(|listed| {
        let state = State { sample: listed.id.clone(), last: listed.id, ..State::default() };
        own.places.remember(&state)?;
        run(&own)
    });
    // Anything that cannot be removed is in the temporary folder, which the system cleans up.
    let _ = std::fs::remove_dir_all(&scratch);
    done
}

/// Returns true if the locale writes the month before the day.
fn month_first(read: &dyn Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_TIME", "LANG"].iter().find_map(|key| read(key).filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| locale.contains("_US"))
}

/// The settings of the file, overridden by those of this run.
fn settings(invocation: &Invocation) -> (Settings, Keymap) {
    let of_environment = |key: &str| std::env::var(key).ok();
    let usual = Settings {
        around: Surroundings::of_environment(&of_environment),
        file: Some(invocation.places.settings.clone()),
        folder: Some(invocation.places.data.0.clone()),
        ..Settings::default()
    };
    let (mut settings, keymap) = match invocation.places.settings_text() {
        Ok(text) => read(&text, usual, &REGISTRY),
        Err(why) => (Settings { troubles: vec![why], ..usual }, Keymap::standard(&REGISTRY)),
    };
    settings.accessible |= invocation.wide.plain;
    settings.mouse &= of_environment("WHYHOW_MOUSE").as_deref() != Some("0");
    (settings, keymap)
}

fn newest(invocation: &Invocation) -> Option<Listed> {
    let changed = |one: &Listed| Mark::at(&one.folder.journal()).map(|mark| mark.modified);
    invocation.places.data.list().into_iter().max_by_key(changed)
}

/// One terminal, and the products opened in it one after the other.
struct Workspace<'a> {
    invocation: &'a Invocation,
    state: State,
    settings: Settings,
    keymap: Keymap,
    /// Whether the list of products is shown first, because none was named and none was open last.
    choosing: bool,
    /// An export that somebody sent: its import is looked at when the product opens.
    sent: Option<PathBuf>,
    /// The file that was looked at last: left, it is typed there again.
    looked_at: Option<PathBuf>,
    /// The product made for it, as long as nothing may be in it, and what was open before.
    made: Option<(Listed, Option<Listed>)>,
    open: Option<(Listed, App)>,
    /// Shown once the next product is open.
    word: Option<String>,
    closing: Vec<std::thread::JoinHandle<Left>>,
}

impl<'a> Workspace<'a> {
    fn new(invocation: &'a Invocation, choosing: bool) -> Workspace<'a> {
        let (settings, keymap) = settings(invocation);
        let state = invocation.places.remembered();
        Workspace {
            invocation,
            state,
            settings,
            keymap,
            choosing,
            sent: None,
            looked_at: None,
            made: None,
            open: None,
            word: None,
            closing: Vec::new(),
        }
    }

    /// Opens what needs no question before taking over the terminal, so that errors appear in the shell. Returns
    /// what is left to ask.
    fn open_before(&mut self, first: Opening) -> Result<Option<Opening>> {
        match first {
            Opening::Product(listed) => self.begin(&listed, None)?,
            Opening::Named(name) => {
                let listed = self.found(&name, self.invocation.role(), &self.invocation.by())?;
                self.begin(&listed, None)?;
            }
            other => return Ok(Some(other)),
        }
        Ok(None)
    }

    fn work(&mut self, held: &mut HeldTerminal, first: Option<Opening>) -> Result<Ended> {
        let mut next = first;
        loop {
            match next.take().map_or(Ok(true), |opening| self.opened(held, opening)) {
                Ok(true) => {}
                Ok(false) if self.open.is_none() => return Ok(Ended::Quit),
                Ok(false) => {}
                Err(error) if self.open.is_none() => return Err(error),
                Err(error) => self.word = Some(format!("{error:#}")),
            }
            match self.run_open(held)? {
                Ended::Open(opening) => next = Some(opening),
                ended => return Ok(ended),
            }
        }
    }

    /// Opens what was asked for. Returns false if the user left the question.
    fn opened(&mut self, held: &mut HeldTerminal, opening: Opening) -> Result<bool> {
        let (gone, before) = self.take_back_made();
        if let (true, Opening::First, Some(before)) = (gone, &opening, before) {
            self.word = Some("Nothing was imported, and no product was made.".to_string());
            return self.begin(&before, None).map(|()| true);
        }
        let begin = match opening {
            Opening::Product(listed) => return self.begin(&listed, None).map(|()| true),
            Opening::Sample { anew } => return self.sample(anew).map(|()| true),
            Opening::Repaired => return self.repaired().map(|()| true),
            Opening::File(path) => return self.answered(FirstChoice::File(path)).map(|()| true),
            Opening::Named(name) => {
                let listed = self.found(&name, self.invocation.role(), &self.invocation.by())?;
                return self.begin(&listed, None).map(|()| true);
            }
            Opening::First => match self.looked_at.take().filter(|_| gone) {
                Some(path) => FirstRun::at_file(&self.person(), &path),
                None => FirstRun::new(&self.person()),
            },
            Opening::New => FirstRun::another(&self.person()).as_role(self.invocation.wide.role.map(Role::from)),
        };
        let mut asking = begin.knowing(match &self.invocation.wide.by {
            Some(_) => NameFrom::Given,
            None if self.state.name.is_empty() || self.state.name == login_name() => NameFrom::Login,
            None => NameFrom::Last,
        });
        loop {
            let Some(answer) = onboarding::ask(held, &mut asking, self.settings.look())? else { return Ok(false) };
            match self.answered(answer) {
                Ok(()) => return Ok(true),
                Err(error) => asking.say(&format!("{error:#}")),
            }
        }
    }

    fn answered(&mut self, answer: FirstChoice) -> Result<()> {
        match answer {
            FirstChoice::Sample => self.sample(false),
            FirstChoice::File(path) => match import::open_file(self.invocation, &path)? {
                SentFile::Product(listed) => self.begin(&listed, None),
                SentFile::Export(name) => {
                    let person = self.person();
                    let listed = self.found(&name, Role::Both, &person)?;
                    self.looked_at = Some(path.clone());
                    self.sent = Some(path);
                    self.made = Some((listed.clone(), self.open.as_ref().map(|(before, _)| before.clone())));
                    self.begin(&listed, Some((Role::Both, person)))
                }
            },
            FirstChoice::Own { product, role, person } => {
                if self.invocation.places.data.list().iter().any(|one| one.name.eq_ignore_ascii_case(&product)) {
                    bail!("There is a product of that name already. Give this one another name.");
                }
                let listed = self.found(&product, role, &person)?;
                self.state.name = person.clone();
                self.begin(&listed, Some((role, person)))
            }
        }
    }

    /// The name given before, else that of this run or of the system.
    fn person(&self) -> String {
        match (&self.invocation.wide.by, self.state.name.is_empty()) {
            (None, false) => self.state.name.clone(),
            _ => self.invocation.by(),
        }
    }

    fn found(&self, name: &str, role: Role, person: &str) -> Result<Listed> {
        let mut ids = IdSource::new(fastrand::u64(..), 0);
        let founder = Founder::new(person.to_string(), role, now(), &mut ids);
        find_or_create(&self.invocation.places.data, name, &founder)?;
        Ok(self.invocation.places.data.find(Some(name))?)
    }

    fn sample(&mut self, anew: bool) -> Result<()> {
        if anew && let Ok(old) = self.invocation.places.data.find(Some(&self.state.sample)) {
            self.leave(false);
            crate::store::products::put_aside(&self.invocation.places.data, &old.folder)?;
            self.state.products.remove(&old.id);
            self.state.people.remove(&old.id);
        }
        let listed = sample::find_or_make(self.invocation, &self.state.sample)?;
        self.state.sample = listed.id.clone();
        self.begin(&listed, None)
    }

    /// Makes a sound copy of the open product beside it and continues there; what it lacks is listed.
    fn repaired(&mut self) -> Result<()> {
        let Some(of) = self.open.as_ref().map(|(listed, _)| listed.clone()) else { return Ok(()) };
        let data = self.invocation.places.data.clone();
        let mut found = recover(&of.folder)?;
        let mut ids = IdSource::new(fastrand::u64(..), 0);
        let founder = Founder::new(self.person(), self.invocation.role(), now(), &mut ids);
        let meant = Meant::repaired(&data, &of, &found);
        let copied = repair::write(&data, &mut found, &meant, &founder)?;
        let listed = data.find(Some(&copied.name))?;
        if let Some(person) = self.state.products.get(&of.id).cloned() {
            self.state.products.insert(listed.id.clone(), person);
        }
        if let Some(people) = self.state.people.get(&of.id).cloned() {
            self.state.people.insert(listed.id.clone(), people);
        }
        self.begin(&listed, None)?;
        let left = found.lost.iter().map(|one| format!("- {one}"));
        let words = match found.lost.len() {
            0 => "Nothing was left out.".to_string(),
            n => format!("{n} left out:\n{}", left.collect::<Vec<_>>().join("\n")),
        };
        let words = format!("It was taken from {}. The damaged folder is as it was. {words}", found.from);
        if let Some((_, app)) = &mut self.open {
            app.show_once(&format!("{} is open", copied.name), &words);
        }
        Ok(())
    }

    /// Opens a product. If it was just created, records its creator.
    fn begin(&mut self, listed: &Listed, founder: Option<(Role, String)>) -> Result<()> {
        let invocation = self.invocation;
        let person = self.state.products.get(&listed.id).cloned().unwrap_or_default();
        let role = match &founder {
            Some((role, _)) => *role,
            None => invocation.wide.role.map_or(person.role, Role::from),
        };
        let by = match (&founder, &invocation.wide.by, person.name.is_empty()) {
            (Some((_, person)), ..) => person.clone(),
            (None, None, false) => person.name.clone(),
            _ => invocation.by(),
        };
        let (session, news) = start(&listed.folder, &by, role)?;
        self.leave(false);
        let mut app = App::new(session, self.settings.look(), news);
        app.ui.take_settings(self.settings.clone(), self.keymap.clone());
        app.ui.boxes = self.state.boxes;
        app.ui.patience = Duration::from_secs(4);
        app.ui.month_first = month_first(&|key| std::env::var(key).ok());
        app.ui.elsewhere = Elsewhere {
            data: Some(invocation.places.data.clone()),
            here: listed.id.clone(),
            sample: self.state.sample.clone(),
            spare: invocation.places.spares().into_iter().next(),
            home: directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf()),
            seats: self.state.products.iter().map(|(id, person)| (id.clone(), person.view.clone())).collect(),
        };
        come_back(&mut app, &self.state.place_of(&listed.id, &by));
        if let Some((role, person)) = founder {
            app.take_seat(role, &person);
        }
        // The first time, the sample opens with the tour.
        if listed.id == self.state.sample && !self.state.products.contains_key(&listed.id) {
            app.begin_tour(invocation.wide.role.map_or(Role::Pm, Role::from));
        }
        if let Some(path) = self.sent.take() {
            app.begin_import(path);
        }
        if std::mem::take(&mut self.choosing) {
            app.show_products();
        }
        self.open = Some((listed.clone(), app));
        Ok(())
    }

    fn run_open(&mut self, held: &mut HeldTerminal) -> Result<Ended> {
        let Some((listed, app)) = &mut self.open else { return Ok(Ended::Quit) };
        if let Some(word) = self.word.take() {
            app.ui.trouble(word);
        }
        let (state, invocation) = (&mut self.state, self.invocation);
        let mut keep = |app: &App| remember(state, listed, app, invocation);
        let ended = crate::tui::run(held, app, &mut keep)
            .context("The terminal gave an error. Everything shown as saved is on disk.")?;
        keep(app);
        // Settings changed while this product was open apply to the next one.
        (self.settings, self.keymap) = (app.ui.settings.clone(), app.ui.keymap.clone());
        Ok(ended)
    }

    /// Ends the open product without making the next one wait for its checkpoint.
    fn leave(&mut self, by_itself: bool) {
        let Some((listed, app)) = self.open.take() else { return };
        remember(&mut self.state, &listed, &app, self.invocation);
        // A setting changed here applies to the next product too.
        self.settings.clone_from(&app.ui.settings);
        let spares = self.invocation.places.spares();
        let closing = std::thread::Builder::new().spawn(move || end(app.session, &spares, by_itself));
        // If there is no thread, the session was dropped, which ends it.
        self.closing.extend(closing);
    }

    /// Removes the product that was made for a file somebody sent, if nothing came into it. Returns whether it did, and
    /// what was open before.
    fn take_back_made(&mut self) -> (bool, Option<Listed>) {
        let is_board = |kind: &Kind| *kind == Kind::VisionBoard;
        let is_empty =
            |product: &Product| Kind::ALL.iter().all(|kind| is_board(kind) || product.living(*kind).count() == 0);
        let Some((made, before)) = self.made.take() else { return (false, None) };
        let is_it = |(listed, app): &mut (Listed, App)| listed.id == made.id && is_empty(app.session.product());
        let Some((listed, app)) = self.open.take_if(is_it) else { return (false, None) };
        remember(&mut self.state, &listed, &app, self.invocation);
        self.settings.clone_from(&app.ui.settings);
        end(app.session, &self.invocation.places.spares(), false);
        let gone = remove_untouched(&self.invocation.places.data, &made.folder).unwrap_or(false);
        if gone {
            self.state.products.remove(&made.id);
            self.state.people.remove(&made.id);
        }
        (gone, before)
    }

    /// What is not on disk in its own folder. Waits for every open product.
    fn close(&mut self, by_itself: bool) -> Vec<Left> {
        if !by_itself {
            self.take_back_made();
        }
        self.leave(by_itself);
        let ended = std::mem::take(&mut self.closing)
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Left { acts: 1, is_kept: false, copy: None }));
        ended.filter(|left| left.acts > 0).collect()
    }
}

/// Removes a product in which nothing was done but to make it and to name who sits there. Returns whether it is gone.
fn remove_untouched(data: &Data, folder: &Folder) -> Result<bool, StoreError> {
    const MADE_AND_SEATED: usize = 2;
    if crate::store::open::open(folder)?.history(folder).entries.len() > MADE_AND_SEATED {
        return Ok(false);
    }
    let aside = crate::store::products::put_aside(data, folder)?;
    // What is left of it is in the folder of deleted products.
    let _ = std::fs::remove_dir_all(aside);
    Ok(true)
}

/// A folder that cannot be written to is opened read-only.
fn start(folder: &Folder, by: &str, role: Role) -> Result<(Session, Vec<crate::store::session::News>), StoreError> {
    match Writer::open(folder.clone()) {
        Ok(writer) => Ok(Session::start(writer, by, role)),
        Err(error @ StoreError::Io { .. }) => {
            let opened = crate::store::open::open(folder)?;
            Ok(Session::reading(folder, opened, by, role, &error.short()))
        }
        Err(error) => Err(error),
    }
}

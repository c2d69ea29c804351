//! The screen from the command line: which product, which role, and what is remembered afterwards.

use crate::cli::{Setting, now, out};
use crate::config::{Draft, Seat, State};
use crate::model::id::Id;
use crate::model::id::IdSource;
use crate::model::role::Role;
use crate::store::create::{Founder, find_or_create};
use crate::store::error::StoreError;
use crate::store::folder::{Folder, Listed};
use crate::store::session::Session;
use crate::store::writer::Writer;
use crate::tui::app::{self as tui, App};
use crate::tui::screen::SCREENS;
use crate::tui::theme::Theme;
use crate::tui::{Ended, first};
use anyhow::{Context, Result, bail};
use std::io::IsTerminal;
use std::time::Duration;

pub fn run(setting: &Setting) -> Result<u8> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        out::word(
            "whyhow: The screen needs a terminal. For scripts there are show, why, batch and export; --help lists them.",
        );
        return Ok(2);
    }
    let theme = Theme::from_environment(&|key| std::env::var(key).ok());
    let Some(listed) = product(setting, theme)? else { return Ok(0) };
    let mut state = setting.places.remembered();
    let seat = state.products.get(&listed.id).cloned().unwrap_or_default();
    let role = setting.wide.role.map_or(seat.role, Role::from);
    let by = match (&setting.wide.by, seat.name.is_empty()) {
        (None, false) => seat.name.clone(),
        _ => setting.by(),
    };
    let (session, news) = start(&listed.folder, &by, role)?;
    let mut app = App::new(session, theme, news);
    app.ui.month_first = month_first(&|key| std::env::var(key).ok());
    app.ui.copies = setting.places.data.0.clone();
    come_back(&mut app, &seat);
    let mut keep = |app: &App| remember(&mut state, &listed, app, setting);
    let ended = crate::tui::run(&mut app, &mut keep);
    let ended = ended.context("The terminal gave an error. Everything shown as saved is on disk.")?;
    keep(&app);
    // The terminal is given back already; what is left is a fresh product.json.
    app.settle(Duration::from_secs(3));
    if !app.session.close() {
        bail!("The last edits are not on disk. What was shown as saved is.");
    }
    Ok(match ended {
        Ended::Quit => 0,
        Ended::Signal(signal) => 128u8.saturating_add(signal as u8),
    })
}

/// Whether people here write the month before the day.
fn month_first(read: &dyn Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_TIME", "LANG"].iter().find_map(|key| read(key).filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| locale.contains("_US"))
}

fn product(setting: &Setting, theme: Theme) -> Result<Option<Listed>> {
    match setting.product() {
        Ok(listed) => Ok(Some(listed)),
        Err(StoreError::Empty { .. }) => {
            let named = setting.wide.product.clone();
            let name = if named.is_some() { named } else { first::ask_name(theme)? };
            let Some(name) = name else { return Ok(None) };
            found(setting, &name)?;
            Ok(Some(setting.places.data.find(Some(&name))?))
        }
        Err(error) => Err(error.into()),
    }
}

fn found(setting: &Setting, name: &str) -> Result<Folder, StoreError> {
    let mut ids = IdSource::new(fastrand::u64(..), 0);
    let mut fresh = || ids.fresh(|_| false);
    let founder =
        Founder { by: setting.by(), role: setting.role(), now: now(), board: fresh(), step: fresh(), session: fresh() };
    find_or_create(&setting.places.data, name, &founder).map(|(folder, _)| folder)
}

/// A folder that cannot be written is opened for reading.
fn start(folder: &Folder, by: &str, role: Role) -> Result<(Session, Vec<crate::store::session::News>), StoreError> {
    match Writer::open(folder.clone()) {
        Ok(writer) => Ok(Session::start(writer, by, role)),
        Err(error @ StoreError::Io { .. }) => {
            let opened = crate::store::open::open(folder)?;
            Ok(Session::reading(opened, by, role, &error.short()))
        }
        Err(error) => Err(error),
    }
}

/// Where one was: the view, and what was chosen in each.
fn come_back(app: &mut App, seat: &Seat) {
    for (at, screen) in SCREENS.iter().enumerate() {
        let chosen = seat.chosen.get(screen.name).and_then(|id| Id::parse(id));
        if let (Some(place), Some(chosen)) = (app.ui.places.get_mut(at), chosen) {
            place.chosen = Some(chosen);
        }
        if screen.name == seat.view {
            app.ui.view = at;
        }
    }
    app.ui.settle(app.session.product());
    if let Some(draft) = &seat.draft {
        let record = Id::parse(&draft.record);
        app.bring_back(tui::Draft { record, field: draft.field.clone(), text: draft.text.clone() });
    }
}

fn remember(state: &mut State, listed: &Listed, app: &App, setting: &Setting) {
    let chosen = SCREENS.iter().zip(&app.ui.places);
    let seat = Seat {
        role: app.session.role,
        name: app.session.by.clone(),
        view: app.ui.screen().name.to_string(),
        chosen: chosen
            .filter_map(|(screen, place)| Some((screen.name.to_string(), place.chosen?.to_string())))
            .collect(),
        draft: app.draft().map(|draft| Draft {
            record: draft.record.map(|id| id.to_string()).unwrap_or_default(),
            field: draft.field,
            text: draft.text,
        }),
    };
    state.last = listed.id.clone();
    state.products.insert(listed.id.clone(), seat);
    // Where one was is a comfort; not being able to write it down is no failure.
    let _ = setting.places.remember(state);
}

//! Where somebody was in a product: stored on exit and while working, restored on opening.

use crate::cli::invocation::Invocation;
use crate::config::{PersonState, SavedFilter, SavedText, SavedView, State};
use crate::insight::attention::AttentionKind;
use crate::insight::sorting::Sort;
use crate::model::id::Id;
use crate::model::role::Role;
use crate::model::schema::Proposal;
use crate::model::value::When;
use crate::store::products::Listed;
use crate::tui::app::App;
use crate::tui::registry::SCREENS;
use crate::tui::state::answers::ReadAnswers;
use crate::tui::state::contract as tui;
use crate::tui::state::filter::{Filter, SavedLook};
use crate::tui::state::tour::Tour;
use crate::tui::state::ui::{Toast, ViewState};
use crate::tui::term::layout::Focus;
use crate::tui::view::review;

/// Restores the view, and in each view the row, the pane, the filter, the scroll position, the split.
pub fn come_back(app: &mut App, person: &PersonState) {
    for (at, screen) in SCREENS.iter().enumerate() {
        if let (Some(place), Some(kept)) = (app.ui.places.get_mut(at), person.places.get(screen.name)) {
            // What the history was narrowed to is not restored.
            let ways = if screen.name == "history" { 0 } else { screen.turns.len() };
            lay_back(place, kept, ways);
        }
        let kept = person.places.get(screen.name).and_then(|kept| Id::parse(&kept.sprint));
        if let Some(sprint) = kept.filter(|_| screen.name == review::SCREEN.name) {
            review::keep_sprint(&mut app.ui, sprint);
        }
        if screen.name == person.view {
            app.ui.view = at;
        }
    }
    for (name, saved) in &person.filters {
        let look = SavedLook {
            filters: filters(&saved.filters),
            sort: Sort::from_word(&saved.sort),
            find: saved.find.clone(),
            closed: saved.closed,
        };
        app.ui.saved_looks.insert(name.clone(), look);
    }
    app.ui.zoom = person.zoom;
    let read = person.read_answers.iter().filter_map(|id| Id::parse(id)).collect();
    app.ui.slots.choose(ReadAnswers(read));
    app.ui.settle(app.session.product());
    if app.ui.place().chosen.is_none() {
        app.ui.choose(0);
    }
    if person.tour > 0 {
        app.ui.tour = Some(Tour::at(person.tour.saturating_sub(1), &app.ui.seen(app.session.product())));
    }
    if let Some(left) = person.left.as_deref().and_then(|left| When::parse(left).ok()) {
        greet(app, left);
    }
    // A text being typed in another window belongs to that window.
    if let Some(draft) = person.draft.as_ref().filter(|draft| !runs_elsewhere(draft.process)) {
        let record = Id::parse(&draft.record);
        app.bring_back(tui::TypedText { record, field: draft.field.clone(), text: draft.text.clone() });
    }
}

/// Returns true if the program that was typing is still running. If the system cannot tell, it counts as ended.
fn runs_elsewhere(process: u32) -> bool {
    process != 0 && process != std::process::id() && std::path::Path::new(&format!("/proc/{process}/exe")).exists()
}

fn lay_back(place: &mut ViewState, kept: &SavedView, ways: usize) {
    place.chosen = Id::parse(&kept.chosen);
    place.focus = match kept.focus.as_str() {
        "why" => Focus::Why,
        "how" => Focus::How,
        "list" => Focus::List,
        _ => place.focus,
    };
    // The search for the selected record starts at its old row.
    (place.top, place.column, place.closed) = (kept.top, kept.column, kept.closed);
    place.turn = if kept.turn < ways { kept.turn } else { 0 };
    place.find = kept.find.clone();
    (place.filters, place.sort) = (filters(&kept.filters), Sort::from_word(&kept.sort));
    place.folded = kept.folded.iter().filter_map(|id| Id::parse(id)).collect();
    if (20..=80).contains(&kept.share) {
        place.share = kept.share;
    }
}

/// Reports once what happened while the user was away.
fn greet(app: &mut App, left: When) {
    let entries = app.session.history().entries();
    let by_others = entries.iter().filter(|entry| entry.time.0 > left.0 && entry.by != app.session.by).count();
    let needs = app.ui.needs(app.session.product());
    let waiting = needs.iter().filter(|one| one.kind != AttentionKind::Unsorted).count();
    let answers: Vec<Id> = app.ui.new_answers(app.session.product());
    let here = app.ui.place().chosen.map(|id| format!(", {}", app.session.product().name_of(id))).unwrap_or_default();
    let mut word = format!("Back in {}{here}.", app.ui.screen().title);
    match by_others {
        0 => {}
        1 => word.push_str(" While you were away, others made 1 change: {go.history} shows it."),
        many => word.push_str(&format!(" While you were away, others made {many} changes: {{go.history}} shows them.")),
    }
    let proposals = answers.iter().filter(|id| app.session.product().get::<Proposal>(**id).is_some()).count();
    match (proposals, answers.len().saturating_sub(proposals)) {
        (0, 0) => {}
        (1, 0) => word.push_str(" 1 of your proposals was answered."),
        (many, 0) => word.push_str(&format!(" {many} of your proposals were answered.")),
        (0, 1) => word.push_str(" 1 of your questions was answered."),
        (0, many) => word.push_str(&format!(" {many} of your questions were answered.")),
        _ => word.push_str(&format!(" {} of your proposals and questions were answered.", answers.len())),
    }
    match waiting {
        0 => {}
        1 => word.push_str(" 1 thing needs you: {next} goes there."),
        many => word.push_str(&format!(" {many} things need you: {{next}} goes to the first.")),
    }
    if by_others > 0 || waiting > 0 {
        match app.ui.toast {
            // What is wrong with the settings comes first; this is in the messages.
            Some(Toast::Trouble(_)) => app.ui.messages.push_back(word),
            _ => app.ui.say(word),
        }
    }
}

fn words(filters: &[Filter]) -> Vec<String> {
    filters.iter().filter_map(Filter::word).collect()
}

/// The filters that are understood; a newer version may have written others.
fn filters(words: &[String]) -> Vec<Filter> {
    words.iter().filter_map(|word| Filter::from_word(word)).collect()
}

fn saved(look: &SavedLook) -> SavedFilter {
    SavedFilter {
        filters: words(&look.filters),
        sort: look.sort.as_ref().map(Sort::word).unwrap_or_default(),
        find: look.find.clone(),
        closed: look.closed,
    }
}

fn kept(place: &ViewState) -> SavedView {
    let focus = match place.focus {
        Focus::List => "list",
        Focus::Why => "why",
        Focus::How => "how",
    };
    SavedView {
        chosen: place.chosen.map(|id| id.to_string()).unwrap_or_default(),
        focus: focus.to_string(),
        top: place.top,
        column: place.column,
        turn: place.turn,
        sprint: String::new(),
        closed: place.closed,
        find: place.find.clone(),
        filters: words(&place.filters),
        sort: place.sort.as_ref().map(Sort::word).unwrap_or_default(),
        folded: place.folded.iter().map(ToString::to_string).collect(),
        share: place.share,
    }
}

/// The view that the user worked in; the list of products is only a stop on the way.
fn worked_in(app: &App) -> &'static str {
    let here = app.ui.screen().name;
    let before = app.ui.back.and_then(|(view, _)| SCREENS.get(view)).map(|screen| screen.name);
    match before {
        Some(before) if here == "products" => before,
        _ if here == "products" => "vision",
        _ => here,
    }
}

/// Stores where the user is. What other windows have stored meanwhile stays.
pub fn remember(state: &mut State, listed: &Listed, app: &App, invocation: &Invocation) {
    let others = invocation.places.remembered();
    let known = others.products.get(&listed.id).or_else(|| state.products.get(&listed.id));
    // What --as and --by said holds for this run alone.
    let of_this_run = invocation.wide.role.map(Role::from) == Some(app.session.role);
    let role = known.filter(|_| of_this_run).map_or(app.session.role, |known| known.role);
    let of_this_run = invocation.wide.by.as_ref() == Some(&app.session.by);
    let name = known.filter(|_| of_this_run).map_or_else(|| app.session.by.clone(), |known| known.name.clone());
    let person = PersonState {
        role,
        name,
        view: worked_in(app).to_string(),
        places: SCREENS
            .iter()
            .zip(&app.ui.places)
            .map(|(screen, place)| (screen.name.to_string(), kept(place)))
            .map(|(name, kept)| {
                let sprint = review::sprint_kept(&app.ui).filter(|_| name == review::SCREEN.name);
                (name, SavedView { sprint: sprint.map(|id| id.to_string()).unwrap_or_default(), ..kept })
            })
            .collect(),
        zoom: app.ui.zoom,
        tour: app.ui.tour.as_ref().map_or(0, |tour| tour.act().saturating_add(1)),
        filters: app.ui.saved_looks.iter().map(|(name, look)| (name.clone(), saved(look))).collect(),
        read_answers: app.ui.slots.get::<ReadAnswers>().map_or_else(Vec::new, |read| {
            let mut all: Vec<String> = read.0.iter().map(ToString::to_string).collect();
            all.sort();
            all
        }),
        left: Some(app.session.now().0.to_rfc3339()),
        draft: app.draft().map(|draft| SavedText {
            record: draft.record.map(|id| id.to_string()).unwrap_or_default(),
            field: draft.field,
            text: draft.text,
            process: std::process::id(),
        }),
    };
    let own = PersonState { role: app.session.role, name: app.session.by.clone(), ..person.clone() };
    for (product, people) in others.people {
        state.people.entry(product).or_default().extend(people);
    }
    state.people.entry(listed.id.clone()).or_default().insert(app.session.by.clone(), own);
    state.products.extend(others.products.into_iter().filter(|(id, _)| *id != listed.id));
    state.last = listed.id.clone();
    state.boxes = app.ui.boxes;
    state.products.insert(listed.id.clone(), person);
    // Restoring the view is a convenience; failing to store it is not an error.
    let _ = invocation.places.remember(state);
}

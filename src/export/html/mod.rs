//! The report for those who have a stake: one HTML file for the browser, paper and screen readers. It holds no script
//! and asks for nothing from anywhere, and the same product gives the same bytes on the same day.

mod backlog;
mod chart;
mod course;
mod delivery;
mod escape;
mod figures;
mod look;
mod missing;
mod named;
mod page;
mod readers;
mod whys;

use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::export::html::page::HtmlPage;
use crate::export::html::readers::{Readers, Telling};
use crate::insight::forecast::forecast;
use crate::insight::window::{Since, begin};
use crate::model::rules::Refusal;
use crate::model::value::Day;
use crate::options::{FormatOption, OptionKind, Options};

/// The row of the table.
pub const ROW: ExportFormat = ExportFormat {
    name: "html",
    title: "HTML report",
    about: "a report in one file, to send or to print: goals, roadmap, forecast, sprint",
    ending: "html",
    form: Form::Lines,
    tells_past: true,
    options: &[&READERS, &SINCE],
    check,
    write,
};

pub const READERS: FormatOption = FormatOption {
    name: "for",
    help: "Who reads it. Leaders get no single stories; outside gets no people, sizes, dates or internal text.",
    kind: OptionKind::Choice("group of readers", || Readers::ALL.map(Readers::word).to_vec()),
    default: "team",
};
pub const SINCE: FormatOption = FormatOption {
    name: "since",
    help: "The day of the last report, such as 2026-03-02. Default: the close of the sprint before the last closed one, or the beginning.",
    kind: OptionKind::Text("DAY"),
    default: "",
};

/// The day that the option names; `None` if it is not given.
fn since(options: &Options) -> Result<Option<Day>, Refusal> {
    match options.text(&SINCE).trim() {
        "" => Ok(None),
        text => Day::parse(text).map(Some).map_err(|_| {
            Refusal::new(format!("{text:?} is not a day."), "Nothing was written; use a day such as 2026-03-02.")
        }),
    }
}

fn check(options: &Options) -> Result<(), Refusal> {
    since(options).map(|_| ())
}

/// Writes the page.
///
/// # Errors
///
/// The option names no day.
fn write(subject: &Subject, options: &Options) -> Result<Written, Refusal> {
    let Subject { product, acts, now } = *subject;
    let today = now.day();
    let readers = Readers::named(options.text(&READERS)).unwrap_or(Readers::Team);
    let since = since(options)?.map_or(Since::LastClosed, Since::Day);
    let telling = Telling {
        product,
        acts,
        today,
        readers,
        begin: begin(product, since, acts.iter().rev().copied(), today),
        forecast: forecast(product, today),
    };
    let mut page = HtmlPage::default();
    page.section("vision", "Vision", &whys::vision(&telling));
    page.section("changed", "What changed", &course::changed(&telling));
    page.section("goals", "Goals", &whys::goals(&telling));
    page.section("roadmap", "Roadmap", &whys::roadmap(&telling));
    page.section("backlog", "The backlog", &backlog::backlog(&telling));
    page.section("forecast", "Forecast", &course::forecast(&telling));
    page.section("moved", "What moved, and why", &course::what_moved(&telling));
    page.section("not-doing", "What we are not doing", &whys::not_doing(&telling));
    page.section("sprint", "The running sprint", &delivery::sprint(&telling));
    page.section("increments", "The last Increments", &delivery::increments(&telling));
    page.section("missing", "What is not written yet", &missing::missing(&telling));
    let figures = figures::figures(&telling, &page);
    page.section("figures", "How each figure is made", &figures);
    let name = if product.name().trim().is_empty() { "Product" } else { product.name() };
    let day = today.0.format("%-d %B %Y");
    let below = format!("<p class=\"soft\">Report of <time datetime=\"{today}\">{day}</time></p>\n");
    let html = page.document(name, &below, &format!("Made with whyhow, {day}."));
    let notes = readers.left_out().iter().map(|note| note.to_string()).chain(missing::notes(&telling));
    let notes = notes.chain(telling.notes()).chain(named::notes(&telling, &html)).collect();
    Ok(Written { notes, ..html.into() })
}

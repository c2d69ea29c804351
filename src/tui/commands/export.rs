//! Writing the product as a file: the report for those without a terminal, and the forms of other tools.

use crate::actions::Context;
use crate::export::markdown::pages;
use crate::export::{ExportFormat, html};
use crate::model::product::Product;
use crate::options::OptionKind;
use crate::tui::overlay::export_sheet::ExportSheet;
use crate::tui::state::contract::{Command, Group, Outcome, always};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "report",
        keys: &[],
        group: Group::Everywhere,
        label: "report",
        hint: "Write the report: one page that any browser shows and prints.",
        synonyms: &["html", "stakeholders", "print", "pdf", "share", "page"],
        weight: 0,
        ready: always,
        run: |ui, product, _| open(ui, product, &html::ROW, &[]),
    },
    Command {
        name: "export",
        keys: &[],
        group: Group::Everywhere,
        label: "export",
        hint: "Write the product as a file: CSV, Markdown, JSON and others.",
        synonyms: &["csv", "jira", "linear", "azure", "mermaid", "excel", "save as"],
        weight: 0,
        ready: always,
        run: |ui, product, _| open(ui, product, &pages::ROW, &[]),
    },
    Command {
        name: "export.this",
        keys: &[],
        group: Group::Everywhere,
        label: "export this",
        hint: "Write the view that is open as a Markdown file.",
        synonyms: &["markdown", "view", "save view"],
        weight: 0,
        ready: |ui, _| page_of(ui).map(|_| ()),
        run: export_this,
    },
];

fn open(ui: &mut Ui, product: &Product, format: &'static ExportFormat, options: &[(&'static str, &str)]) -> Outcome {
    let sheet = ExportSheet::of(format, options, product);
    ui.open(sheet)
}

/// The page of the view that is open.
fn page_of(ui: &Ui) -> Result<&'static str, NotReady> {
    let view = ui.screen().name;
    let OptionKind::Choice(_, pages) = &pages::VIEW.kind else { return Err("this view has no page".into()) };
    pages().into_iter().find(|page| *page == view).ok_or_else(|| "this view has no page of its own".into())
}

/// Offers to write the page of the view that is open.
pub fn export_this(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    match page_of(ui) {
        Ok(page) => open(ui, product, &pages::ROW, &[(pages::VIEW.name, page)]),
        Err(why) => Outcome::refuse(why),
    }
}

//! Copying: number, title, the why, the how, Markdown. Copies the ticked rows, else the selected one.

use crate::actions::Context;
use crate::export::markdown::record::{how, record, why};
use crate::insight::text::headline;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Kind};
use crate::tui::overlay::reading::ReadingBox;
use crate::tui::state::contract::{Command, Group, Outcome, always};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::{ListRow, Ui};
use crate::tui::term::clipboard::{Clip, help};
use crate::tui::term::text::times;
use std::path::PathBuf;

macro_rules! copy_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $as:literal, $text:expr) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::This,
            label: $label,
            hint: $hint,
            synonyms: &["clipboard", "yank"],
            weight: 0,
            ready: on_record,
            run: |ui, product, _| copied(ui, product, $as, $text),
        }
    };
}

pub const COMMANDS: &[Command] = &[
    copy_row!("copy.title", &["y y"], "copy", "Copy number and title.", "", |product, ids| {
        each(ids, "\n", |id| headline(product, id))
    }),
    Command {
        name: "copy.markdown",
        keys: &["y m"],
        group: Group::This,
        label: "copy Markdown",
        hint: "Copy as Markdown, why and how; a review or changes as a whole.",
        synonyms: &["clipboard", "yank", "minutes"],
        weight: 0,
        ready: on_record,
        run: markdown,
    },
    copy_row!("copy.why", &["y w"], "copy why", "Copy the why, up to the vision.", ", the why", |product, ids| {
        each(ids, "\n\n", |id| format!("## Why {}\n\n{}", headline(product, id), why(product, id)))
    }),
    copy_row!("copy.how", &["y h"], "copy how", "Copy the how.", ", the how", |product, ids| {
        each(ids, "\n\n", |id| format!("## {}\n\n{}", headline(product, id), how(product, id)))
    }),
    copy_row!("copy.number", &["y i"], "copy number", "Copy the number, as S24.", ", the number", |product, ids| {
        each(ids, ", ", |id| product.name_of(id))
    }),
    Command {
        name: "copy.view",
        keys: &["y v"],
        group: Group::List,
        label: "copy view",
        hint: "Copy all that this view lists, as Markdown.",
        synonyms: &["clipboard", "yank", "export"],
        weight: 0,
        ready: lists_records,
        run: copy_view,
    },
    Command {
        name: "copy.help",
        keys: &[],
        group: Group::Everywhere,
        label: "copy help",
        hint: "How text is copied, and what to do if the copy does not arrive.",
        synonyms: &["clipboard", "OSC 52"],
        weight: 0,
        ready: always,
        run: copy_help,
    },
];

/// Checks that a record is selected; rows of the history and of the products are not records.
pub fn on_record(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match ui.any_target().and_then(|id| product.find(id)) {
        Some(_) => Ok(()),
        None => Err("no record is selected".into()),
    }
}

fn lists_records(ui: &Ui, _: &Product) -> Result<(), NotReady> {
    let any = ui.rows.rows.is_empty() || ui.rows.rows.iter().any(|row| row.kind.is_some());
    if any { Ok(()) } else { Err("this view lists no records".into()) }
}

/// The file for a copy that no clipboard accepts.
fn folder(ui: &Ui) -> PathBuf {
    ui.settings.folder.clone().unwrap_or_else(std::env::temp_dir)
}

/// The selected records as Markdown.
pub fn markdown(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    copied(ui, product, " as Markdown", |product, ids| each(ids, "\n\n", |id| record(product, id)))
}

/// A page of a whole view, as its own `copy.markdown` copies it.
pub fn page(ui: &Ui, what: impl Into<String>, file: &str, page: &str) -> Outcome {
    Outcome::Copy(Box::new(Clip::new(what, file, page, &folder(ui))))
}

fn each(ids: &[Id], between: &str, text: impl Fn(Id) -> String) -> String {
    ids.iter().map(|id| text(*id)).collect::<Vec<_>>().join(between)
}

fn copied(ui: &Ui, product: &Product, form: &str, text: impl Fn(&Product, &[Id]) -> String) -> Outcome {
    let ids = ui.targets();
    let what = match ids.as_slice() {
        [one] => format!("{}{form}", product.name_of(*one)),
        all => format!("{} records{form}", all.len()),
    };
    let name = ids.first().map(|id| product.name_of(*id)).unwrap_or_default();
    Outcome::Copy(Box::new(Clip::new(what, &name, text(product, &ids).trim(), &folder(ui))))
}

/// The rows of the view under its title, columns under theirs.
fn copy_view(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let screen = ui.screen();
    let mut lines = vec![format!("# {}: {}", product.name(), screen.title)];
    let find = ui.place().find.trim();
    if !find.is_empty() {
        lines.push(format!("\nOnly rows that contain {find:?}."));
    }
    if ui.rows.columns.is_empty() {
        lines.push(String::new());
        lines.extend(ui.rows.rows.iter().map(|row| row_line(product, row)));
    }
    for (nth, range) in ui.rows.columns.iter().enumerate() {
        lines.push(format!("\n## {}\n", (screen.column_name)(nth).unwrap_or_default()));
        let rows = ui.rows.rows.get(range.clone()).unwrap_or_default();
        if rows.is_empty() {
            lines.push("Nothing yet.".to_string());
        }
        lines.extend(rows.iter().map(|row| row_line(product, row)));
    }
    let what = format!("the view {} as Markdown", screen.title);
    Outcome::Copy(Box::new(Clip::new(what, screen.name, &lines.join("\n"), &folder(ui))))
}

fn row_line(product: &Product, row: &ListRow) -> String {
    let indent = times("  ", usize::from(row.depth));
    let tail = match row.kind {
        Some(Kind::VisionBoard) => {
            let vision = product.vision().map(|board| board.vision.to_string()).unwrap_or_default();
            if vision.is_empty() { vision } else { format!(": {}", vision.replace('\n', " ")) }
        }
        Some(Kind::BacklogItem) => product.get::<BacklogItem>(row.id).map(|item| standing(item)).unwrap_or_default(),
        _ => String::new(),
    };
    format!("{indent}- {}{tail}", headline(product, row.id))
}

fn standing(item: &BacklogItem) -> String {
    let points = item.points.map(|points| format!("{points} points, ")).unwrap_or_default();
    format!(" ({points}{})", item.status.label())
}

fn copy_help(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let lines = help(&|key| std::env::var(key).ok(), &folder(ui));
    let lines = lines.iter().map(|line| ui.keymap.fill(line).into_owned()).collect();
    ui.open(ReadingBox { title: "Copying".to_string(), lines, top: 0 })
}

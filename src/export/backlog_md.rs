//! A backlog as a folder of Backlog.md: a file a story, with the marks between which that tool reads and writes.

use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::export::tickets::{Level, OPEN, Stand, Ticket, Tickets, left_out};
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{DoneRule, Kind};
use crate::model::sheet::{escaped, visible};
use crate::model::value::{Value, When};
use crate::options::Options;

/// The row of the table.
pub const ROW: ExportFormat = ExportFormat {
    name: "backlog-md",
    title: "Backlog.md",
    about: "a folder with a file a story, as the tool Backlog.md and coding agents read it",
    ending: "",
    form: Form::Folder,
    tells_past: false,
    options: &[&OPEN],
    check: |_| Ok(()),
    write,
};

/// The most letters of a title in the name of a file.
const LONGEST_NAME: usize = 60;

fn write(subject: &Subject, options: &Options) -> Result<Written, Refusal> {
    let product = subject.product;
    let tickets = Tickets::of(product, options.is_on(&OPEN));
    let mut files = vec![("config.yml".to_string(), config(product).into_bytes())];
    for ticket in &tickets.all {
        let file = match ticket.level {
            Level::Epic => milestone(ticket),
            _ => task(&tickets, ticket, subject.now),
        };
        files.push((path(ticket), file.into_bytes()));
    }
    // The Definition of Done stands in the configuration.
    let beside: Vec<_> = tickets.beside.iter().filter(|one| one.kind != Some(Kind::DoneRule)).cloned().collect();
    let key = product.vision().map(|board| board.id.to_string()).unwrap_or_default();
    Ok(Written { files, key, notes: left_out(&beside, "Backlog.md").into_iter().collect(), ..Written::default() })
}

/// A text as a string of YAML, which takes JSON's.
fn string(text: &str) -> String {
    escaped(&Value::from(text).to_string())
}

fn strings(all: &[String]) -> String {
    let all: Vec<String> = all.iter().map(|one| string(one)).collect();
    format!("[{}]", all.join(", "))
}

fn config(product: &Product) -> String {
    let rules: Vec<String> = product.all::<DoneRule>().map(|rule| visible(&rule.text)).collect();
    format!(
        "project_name: {}\ndefault_status: \"To Do\"\nstatuses: [\"To Do\", \"In Progress\", \"Review\", \"Done\"]\n\
         labels: []\ndefinition_of_done: {}\ndate_format: yyyy-mm-dd\n",
        string(&visible(product.name())),
        strings(&rules)
    )
}

fn id(ticket: &Ticket) -> String {
    let digits = ticket.key.trim_start_matches(|c: char| !c.is_ascii_digit());
    if ticket.level == Level::Epic { format!("m-{digits}") } else { format!("task-{digits}") }
}

/// Letters and digits of a title, with dashes between; nothing that means something to a file system.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(LONGEST_NAME).collect();
    slug.trim_matches('-').to_string()
}

fn path(ticket: &Ticket) -> String {
    let folder = match (ticket.level, ticket.stand) {
        (Level::Epic, _) => "milestones",
        (_, Stand::Done) => "completed",
        (_, Stand::Dropped) => "archive/tasks",
        _ => "tasks",
    };
    let slug = slug(&ticket.title);
    let dash = if slug.is_empty() { "" } else { " - " };
    format!("{folder}/{}{dash}{slug}.md", id(ticket))
}

/// A text between marks: none in it can be taken for one.
fn between(text: &str) -> String {
    text.replace("<!--", "&lt;!--")
}

fn section(heading: &str, mark: &str, text: &str) -> String {
    format!("\n## {heading}\n\n<!-- {mark}:BEGIN -->\n{}\n<!-- {mark}:END -->\n", between(text))
}

/// The parts of a description that have no section of their own, under their headings.
fn description(ticket: &Ticket) -> String {
    let own = ticket.body.iter().filter(|part| part.boxes.is_empty());
    let part = |heading: &str, text: &str| match heading {
        "" => text.to_string(),
        heading => format!("**{heading}:** {text}"),
    };
    own.map(|one| part(one.heading, &one.text)).collect::<Vec<_>>().join("\n\n")
}

fn milestone(ticket: &Ticket) -> String {
    let head = format!("---\nid: {}\ntitle: {}\n---\n", string(&id(ticket)), string(&ticket.title));
    format!("{head}\n## Description\n\n{}\n", between(&description(ticket)))
}

fn task(tickets: &Tickets, ticket: &Ticket, now: When) -> String {
    let status = match ticket.stand {
        Stand::ToDo => "To Do",
        Stand::Doing => "In Progress",
        Stand::ToAccept => "Review",
        Stand::Done | Stand::Dropped => "Done",
    };
    let people: Vec<String> = Some(ticket.assignee.clone()).filter(|name| !name.is_empty()).into_iter().collect();
    let day = |when: When| string(&when.0.format("%Y-%m-%d %H:%M").to_string());
    let first: Vec<String> = ticket.depends_on.iter().filter_map(|id| tickets.of_id(*id)).map(id).collect();
    let mut out = format!(
        "---\nid: {}\ntitle: {}\nstatus: {}\nassignee: {}\ncreated_date: {}\nlabels: {}\n",
        string(&id(ticket)),
        string(&ticket.title),
        string(status),
        strings(&people),
        day(ticket.created.unwrap_or(now)),
        strings(&ticket.labels),
    );
    if let Some(epic) = ticket.epic.and_then(|nth| tickets.get(nth)) {
        out.push_str(&format!("milestone: {}\n", string(&id(epic))));
    }
    out.push_str(&format!("dependencies: {}\n", strings(&first)));
    let parent = ticket.parent.and_then(|nth| tickets.get(nth)).filter(|parent| parent.level != Level::Epic);
    if let Some(parent) = parent {
        out.push_str(&format!("parent_task_id: {}\n", string(&id(parent))));
    }
    if let Some(points) = ticket.points {
        out.push_str(&format!("points: {points}\n"));
    }
    out.push_str(&format!("type: {}\n", string(ticket.kind.key())));
    out.push_str(&format!("ordinal: {}\n---\n", ticket.nth.saturating_mul(1000)));
    let text = description(ticket);
    out.push_str(&section("Description", "SECTION:DESCRIPTION", &text));
    for part in ticket.body.iter().filter(|part| !part.boxes.is_empty()) {
        let tick = |ticked: bool| if ticked { "x" } else { " " };
        let boxes = part.boxes.iter().enumerate();
        out.push_str(&match part.is_criteria {
            true => {
                let line = |(nth, (text, ticked)): (usize, &(String, bool))| {
                    format!("- [{}] #{} {}", tick(*ticked), nth.saturating_add(1), between(text))
                };
                let lines = boxes.map(line).collect::<Vec<_>>().join("\n");
                format!("\n## Acceptance Criteria\n<!-- AC:BEGIN -->\n{lines}\n<!-- AC:END -->\n")
            }
            false => {
                let line = |(_, (text, ticked)): (usize, &(String, bool))| format!("- [{}] {text}", tick(*ticked));
                section("Implementation Plan", "SECTION:PLAN", &boxes.map(line).collect::<Vec<_>>().join("\n"))
            }
        });
    }
    out
}

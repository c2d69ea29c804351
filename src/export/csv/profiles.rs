//! The columns of other tools: one row per profile, one per column. What a tool cannot take is said.

use crate::export::csv::text::{SAFE, written};
use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::export::tickets::{Level, OPEN, Stand, Ticket, TicketText, Tickets, left_out, sprint_name};
use crate::model::grammar::grouped as thousands;
use crate::model::rules::Refusal;
use crate::model::schema::ItemKind;
use crate::model::sheet::marked;
use crate::model::value::{Day, When};
use crate::options::{FormatOption, Options};

/// A column: its header, and its values for a ticket. It is repeated as often as the longest list needs.
struct TicketColumn {
    header: &'static str,
    values: fn(&Tickets, &Ticket) -> Vec<String>,
    /// A list is one column under one header each time, as Jira has it.
    repeats: bool,
}

struct CsvProfile {
    /// The tool, for people.
    tool: &'static str,
    columns: &'static [TicketColumn],
    /// True if epics are rows of their own.
    epics: bool,
    /// The most rows that the tool takes at once, if there is a limit.
    most: Option<usize>,
    /// What to know before the file is given to the tool.
    notes: fn(&Tickets) -> Vec<String>,
}

const fn column(header: &'static str, values: fn(&Tickets, &Ticket) -> Vec<String>) -> TicketColumn {
    TicketColumn { header, values, repeats: false }
}

fn one(text: impl Into<String>) -> Vec<String> {
    vec![text.into()]
}

fn or_empty(text: Option<String>) -> Vec<String> {
    vec![text.unwrap_or_default()]
}

/// `22/Dec/25 2:38 PM`, with English months in every country.
fn jira_time(when: Option<When>) -> Vec<String> {
    or_empty(when.map(|when| when.0.format("%d/%b/%y %-I:%M %p").to_string()))
}

fn iso_time(when: Option<When>) -> Option<String> {
    when.map(|when| when.0.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

const JIRA: CsvProfile = CsvProfile {
    tool: "Jira",
    epics: true,
    most: None,
    columns: &[
        column("Summary", |_, t| one(&*t.title)),
        column("Issue Id", |_, t| one(t.nth.to_string())),
        column("Parent Id", |_, t| or_empty(t.parent.map(|nth| nth.to_string()))),
        column("Issue Type", |_, t| {
            one(match (t.level, t.kind) {
                (Level::Epic, _) => "Epic",
                (Level::Part, _) => "Sub-task",
                (_, ItemKind::Bug) => "Bug",
                (_, ItemKind::Story) => "Story",
                _ => "Task",
            })
        }),
        column("Status", |_, t| {
            one(match t.stand {
                Stand::ToDo => "To Do",
                Stand::Doing | Stand::ToAccept => "In Progress",
                Stand::Done | Stand::Dropped => "Done",
            })
        }),
        column("Resolution", |_, t| {
            one(match t.stand {
                Stand::Done => "Done",
                Stand::Dropped => "Won't Do",
                _ => "",
            })
        }),
        column("Story Points", |_, t| or_empty(t.points.map(|points| points.to_string()))),
        TicketColumn {
            header: "Labels",
            values: |_, t| t.labels.iter().map(|label| label.replace(' ', "_")).collect(),
            repeats: true,
        },
        column("Sprint", |_, t| or_empty(t.sprint.as_deref().map(sprint_name))),
        column("Assignee", |_, t| one(&*t.assignee)),
        column("Created", |_, t| jira_time(t.created)),
        column("Resolved", |_, t| jira_time(t.closed)),
        column("External issue ID", |_, t| one(t.id.to_string())),
        column("Description", |_, t| one(wiki(&t.body))),
    ],
    notes: |tickets| {
        let mut out = Vec::new();
        if tickets.all.iter().any(|ticket| ticket.sprint.is_some()) {
            out.push("Jira finds a sprint by its id: create the sprints there and choose the field Sprint by hand, or leave the column out.".to_string());
        }
        if tickets.all.iter().any(|ticket| ticket.labels.iter().any(|label| label.contains(' '))) {
            out.push("A label of Jira has no blanks: there is _ instead.".to_string());
        }
        out
    },
};

const AZURE: CsvProfile = CsvProfile {
    tool: "Azure DevOps",
    epics: true,
    most: Some(1000),
    columns: &[
        column("ID", |_, _| one("")),
        column("Work Item Type", |_, t| {
            one(match (t.level, t.kind) {
                (Level::Epic, _) => "Epic",
                (Level::Part, _) => "Task",
                (_, ItemKind::Bug) => "Bug",
                _ => "User Story",
            })
        }),
        column("Title 1", |tickets, t| titled(tickets, t, 0)),
        column("Title 2", |tickets, t| titled(tickets, t, 1)),
        column("Title 3", |tickets, t| titled(tickets, t, 2)),
        column("Assigned To", |_, t| one(&*t.assignee)),
        column("State", |_, t| {
            one(match (t.stand, t.level) {
                (Stand::ToDo, _) => "New",
                (Stand::ToAccept, Level::Story) => "Resolved",
                (Stand::Doing | Stand::ToAccept, _) => "Active",
                (Stand::Done, _) => "Closed",
                (Stand::Dropped, _) => "Removed",
            })
        }),
        column("Tags", |_, t| one(t.labels.join("; "))),
        column("Story Points", |_, t| {
            or_empty(t.points.filter(|_| t.level == Level::Story).map(|one| one.to_string()))
        }),
        column("Description", |_, t| one(html(t.body.iter().filter(|part| !part.is_criteria)))),
        column("Acceptance Criteria", |_, t| one(html(t.body.iter().filter(|part| part.is_criteria)))),
    ],
    notes: |tickets| {
        let mut out = Vec::new();
        if tickets.all.iter().any(|ticket| ticket.stand != Stand::ToDo) {
            out.push("Azure DevOps takes new items in the state New only: import the file, then set the states in a second pass.".to_string());
        }
        if tickets.all.iter().any(|ticket| ticket.sprint.is_some()) {
            out.push(
                "The sprints are not in the file: an iteration has to be there before an item can name it.".to_string(),
            );
        }
        out
    },
};

const LINEAR: CsvProfile = CsvProfile {
    tool: "Linear",
    epics: false,
    most: None,
    columns: &[
        column("ID", |_, t| one(&*t.key)),
        column("Title", |_, t| one(&*t.title)),
        column("Description", |_, t| one(markdown(&t.body))),
        column("Status", |_, t| {
            one(match t.stand {
                Stand::ToDo => "Todo",
                Stand::Doing => "In Progress",
                Stand::ToAccept => "In Review",
                Stand::Done => "Done",
                Stand::Dropped => "Canceled",
            })
        }),
        column("Estimate", |_, t| or_empty(t.points.map(|points| points.to_string()))),
        column("Priority", |_, _| one("No priority")),
        column("Project", |tickets, t| {
            or_empty(t.epic.and_then(|nth| tickets.get(nth)).map(|epic| epic.title.clone()))
        }),
        column("Assignee", |_, t| one(&*t.assignee)),
        column("Labels", |_, t| {
            let kind = Some(t.kind).filter(|kind| *kind != ItemKind::Story).map(|kind| kind.label().to_string());
            one(t
                .labels
                .iter()
                .cloned()
                .chain(kind)
                .map(|label| label.replace(',', " "))
                .collect::<Vec<_>>()
                .join(", "))
        }),
        column("Cycle Number", |_, t| or_empty(t.sprint.as_deref().map(|sprint| sprint.number.to_string()))),
        column("Cycle Name", |_, t| or_empty(t.sprint.as_deref().map(sprint_name))),
        column("Cycle Start", |_, t| day(t.sprint.as_deref().and_then(|sprint| sprint.start))),
        column("Cycle End", |_, t| day(t.sprint.as_deref().and_then(|sprint| sprint.end))),
        column("Created", |_, t| or_empty(iso_time(t.created))),
        column("Completed", |_, t| or_empty(iso_time(t.closed.filter(|_| t.stand == Stand::Done)))),
        column("Canceled", |_, t| or_empty(iso_time(t.closed.filter(|_| t.stand == Stand::Dropped)))),
        column("Parent issue", |tickets, t| {
            let parent = t.parent.and_then(|nth| tickets.get(nth)).filter(|parent| parent.level != Level::Epic);
            or_empty(parent.map(|parent| parent.key.clone()))
        }),
    ],
    notes: |tickets| {
        let epics = tickets.all.iter().filter(|ticket| ticket.level == Level::Epic).count();
        match epics {
            0 => Vec::new(),
            _ => vec!["Roadmap items are the names of projects; their texts are not in the file.".to_string()],
        }
    },
};

fn day(day: Option<Day>) -> Vec<String> {
    or_empty(day.map(|day| day.to_string()))
}

/// The title in the column of the ticket's depth, as a tree of Azure DevOps has it.
fn titled(tickets: &Tickets, ticket: &Ticket, column: usize) -> Vec<String> {
    let above = std::iter::successors(ticket.parent, |nth| tickets.get(*nth)?.parent).count();
    or_empty((above.min(2) == column).then(|| ticket.title.clone()))
}

/// A description in Markdown.
pub fn markdown(body: &[TicketText]) -> String {
    let part = |part: &TicketText| {
        let heading = if part.heading.is_empty() { String::new() } else { format!("## {}\n\n", part.heading) };
        let boxes = part.boxes.iter().map(|(text, ticked)| format!("- [{}] {text}", if *ticked { "x" } else { " " }));
        let boxes = boxes.collect::<Vec<_>>().join("\n");
        format!("{heading}{}{boxes}", part.text)
    };
    body.iter().map(part).collect::<Vec<_>>().join("\n\n")
}

/// A description in Jira's wiki text, in which people's braces begin no macro.
fn wiki(body: &[TicketText]) -> String {
    let letters = |text: &str| text.replace('{', "\\{");
    let part = |part: &TicketText| {
        let heading = if part.heading.is_empty() { String::new() } else { format!("h3. {}\n", part.heading) };
        let boxes =
            part.boxes.iter().map(|(text, ticked)| format!("* {}{}", if *ticked { "(/) " } else { "" }, letters(text)));
        let boxes = boxes.collect::<Vec<_>>().join("\n");
        format!("{heading}{}{boxes}", letters(&part.text))
    };
    body.iter().map(part).collect::<Vec<_>>().join("\n\n")
}

/// A description in HTML.
fn html<'a>(body: impl Iterator<Item = &'a TicketText>) -> String {
    let letters =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>");
    let part = |part: &TicketText| {
        // The criteria have a field of their own, which needs no heading.
        let bare = part.heading.is_empty() || part.is_criteria;
        let heading = if bare { String::new() } else { format!("<h3>{}</h3>", part.heading) };
        let line =
            |(text, ticked): &(String, bool)| format!("<li>{}{}</li>", if *ticked { "✓ " } else { "" }, letters(text));
        match part.boxes.is_empty() {
            true => format!("{heading}<div>{}</div>", letters(&part.text)),
            false => format!("{heading}<ul>{}</ul>", part.boxes.iter().map(line).collect::<String>()),
        }
    };
    body.map(part).collect()
}

fn write(profile: &CsvProfile, subject: &Subject, options: &Options) -> Result<Written, Refusal> {
    let tickets = Tickets::of(subject.product, options.is_on(&OPEN));
    let wide: Vec<usize> = profile
        .columns
        .iter()
        .map(|column| if column.repeats { tickets.most(|one| (column.values)(&tickets, one).len()).max(1) } else { 1 })
        .collect();
    let each = |of: &dyn Fn(&TicketColumn) -> Vec<String>| -> Vec<String> {
        let cells = |(column, wide): (&TicketColumn, &usize)| {
            of(column).into_iter().chain(std::iter::repeat(String::new())).take(*wide).collect::<Vec<_>>()
        };
        profile.columns.iter().zip(&wide).flat_map(cells).collect()
    };
    let most = wide.iter().copied().max().unwrap_or(1);
    let mut rows = vec![each(&|column| std::iter::repeat_n(column.header.to_string(), most).collect())];
    let listed: Vec<&Ticket> =
        tickets.all.iter().filter(|ticket| profile.epics || ticket.level != Level::Epic).collect();
    rows.extend(listed.iter().map(|ticket| each(&|column| (column.values)(&tickets, ticket))));
    let mut out = written(&rows, options)?;
    if let Some(most) = profile.most.filter(|most| listed.len() > *most) {
        let (head, mut rest) = rows.split_first().map(|(head, rest)| (head.clone(), rest)).unwrap_or_default();
        for count in cuts(&listed, most) {
            let (part, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let table: Vec<Vec<String>> = std::iter::once(head.clone()).chain(part.iter().cloned()).collect();
            out.parts.push(written(&table, options)?.bytes);
            rest = after;
        }
        let (tool, rows, parts) = (profile.tool, thousands(listed.len()), out.parts.len());
        let most = thousands(most);
        out.notes.push(format!(
            "{tool} takes {most} rows at once and there are {rows}: a file becomes {parts} of them, name-1 and so on."
        ));
    }
    out.notes.extend(left_out(&tickets.beside, profile.tool));
    out.notes.extend((profile.notes)(&tickets));
    let marks = rows.iter().flatten().filter(|cell| marked(cell, options.is_on(&SAFE)) != **cell).count();
    if marks > 0 {
        let cells = if marks == 1 { "1 cell".to_string() } else { format!("{marks} cells") };
        out.notes.push(format!(
            "{cells} got a ' against formulas; without a spreadsheet in between, use --set safe-cells=no."
        ));
    }
    Ok(out)
}

/// How many rows go into each file: as many as fit, cut before an epic, or before a story if one epic has too many.
fn cuts(all: &[&Ticket], most: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let mut rest = all;
    while rest.len() > most {
        let cut_before = |level: Level| (1..=most).rev().find(|at| rest.get(*at).is_some_and(|one| one.level == level));
        // A story of no epic begins a tree too.
        let root = (1..=most).rev().find(|at| rest.get(*at).is_some_and(|one| one.parent.is_none()));
        let at = root.or_else(|| cut_before(Level::Story)).unwrap_or(most);
        out.push(at);
        rest = rest.get(at..).unwrap_or_default();
    }
    out.push(rest.len());
    out
}

/// The options of every profile.
const WITH_OPEN: &[&FormatOption] = &[&OPEN, &SAFE];

/// A row of the table; only `--to` selects it, since our own CSV has the ending.
const fn row(
    name: &'static str,
    title: &'static str,
    about: &'static str,
    write: fn(&Subject, &Options) -> Result<Written, Refusal>,
) -> ExportFormat {
    ExportFormat {
        name,
        title,
        about,
        ending: "",
        form: Form::Ready,
        tells_past: false,
        options: WITH_OPEN,
        check: |_| Ok(()),
        write,
    }
}

pub const JIRA_ROW: ExportFormat =
    row("jira-csv", "CSV for Jira", "epics and stories for Jira's import from CSV", |subject, options| {
        write(&JIRA, subject, options)
    });
pub const AZURE_ROW: ExportFormat = row(
    "azure-csv",
    "CSV for Azure DevOps",
    "a tree of epics, user stories and tasks for Azure DevOps (process Agile)",
    |subject, options| write(&AZURE, subject, options),
);
pub const LINEAR_ROW: ExportFormat =
    row("linear-csv", "CSV for Linear", "stories in the columns of Linear's own CSV", |subject, options| {
        write(&LINEAR, subject, options)
    });

//! A shell script that makes an issue of each story with GitHub's own `gh`. Every text is one quoted argument.

use crate::export::csv::profiles::markdown;
use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::export::tickets::{Level, OPEN, Stand, Ticket, Tickets, left_out, sprint_name};
use crate::model::rules::Refusal;
use crate::model::schema::ItemKind;
use crate::options::Options;

/// The row of the table.
pub const ROW: ExportFormat = ExportFormat {
    name: "github-script",
    title: "script for GitHub",
    about: "a shell script of `gh issue create` lines; read it before you run it",
    ending: "sh",
    form: Form::Ready,
    tells_past: false,
    options: &[&OPEN],
    check: |_| Ok(()),
    write,
};

/// A text as one argument of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn write(subject: &Subject, options: &Options) -> Result<Written, Refusal> {
    let tickets = Tickets::of(subject.product, options.is_on(&OPEN));
    let stories: Vec<&Ticket> = tickets.all.iter().filter(|ticket| ticket.level != Level::Epic).collect();
    let name = crate::model::sheet::visible(subject.product.name()).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = format!(
        "#!/bin/sh\n# Issues of {name}, for a repository that gh knows: run it there, or set GH_REPO=owner/name.\n\
         # It makes new issues each time it is run. The first error ends it.\nset -eu\n\n"
    );
    let mut labels: Vec<String> = Vec::new();
    for label in stories.iter().flat_map(|ticket| labels_of(&tickets, ticket)) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    for label in &labels {
        out.push_str(&format!("gh label create --force -- {}\n", quoted(label)));
    }
    for ticket in &stories {
        out.push_str(&format!("\nurl=$(gh issue create --title {}", quoted(&ticket.title)));
        for label in labels_of(&tickets, ticket) {
            out.push_str(&format!(" --label {}", quoted(&label)));
        }
        out.push_str(&format!(" --body {})\n", quoted(&body(&tickets, ticket))));
        out.push_str(&format!("echo {} \"$url\"\n", quoted(&ticket.key)));
        match ticket.stand {
            Stand::Done => out.push_str("gh issue close \"$url\" --reason completed\n"),
            Stand::Dropped => out.push_str("gh issue close \"$url\" --reason 'not planned'\n"),
            _ => {}
        }
    }
    let mut written = Written::from(out);
    written.notes.extend(left_out(&tickets.beside, "a GitHub issue"));
    if stories.iter().any(|ticket| !ticket.assignee.is_empty()) {
        written.notes.push("People stand in the text of an issue: GitHub knows them by other names.".to_string());
    }
    Ok(written)
}

fn labels_of(tickets: &Tickets, ticket: &Ticket) -> Vec<String> {
    let kind = Some(ticket.kind).filter(|kind| *kind != ItemKind::Story).map(|kind| kind.label().to_string());
    let epic = ticket.epic.and_then(|nth| tickets.get(nth)).map(|epic| epic.title.clone());
    // GitHub refuses longer names.
    let all = ticket.labels.iter().cloned().chain(kind).chain(epic);
    all.map(|label| label.replace(',', " ").chars().take(50).collect::<String>().trim().to_string())
        .filter(|label| !label.is_empty())
        .collect()
}

fn body(tickets: &Tickets, ticket: &Ticket) -> String {
    let mut facts = vec![ticket.key.clone()];
    facts.extend(ticket.points.map(|points| format!("{points} points")));
    facts.extend(ticket.sprint.as_deref().map(sprint_name));
    facts.extend(Some(ticket.assignee.clone()).filter(|name| !name.is_empty()));
    let parent = ticket.parent.and_then(|nth| tickets.get(nth)).filter(|parent| parent.level != Level::Epic);
    facts.extend(parent.map(|parent| format!("part of {}", parent.key)));
    let text = markdown(&ticket.body);
    let gap = if text.is_empty() { "" } else { "\n\n" };
    format!("{text}{gap}{}", facts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_argument_whatever_it_holds() {
        assert_eq!(quoted("it's $(rm -rf /) `x` \"y\""), "'it'\\''s $(rm -rf /) `x` \"y\"'");
    }
}

//! Stories as tasks for Taskwarrior's `task import`. A story keeps its uuid, so that a second import updates it.

use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::export::tickets::{Level, Stand, Ticket, Tickets, left_out};
use crate::model::id::Id;
use crate::model::rules::Refusal;
use crate::model::value::{Map, Value, When};
use crate::options::{FormatOption, OptionKind, Options};

/// The row of the table.
pub const ROW: ExportFormat = ExportFormat {
    name: "taskwarrior",
    title: "Taskwarrior",
    about: "stories as tasks for `task import`, which a second import updates",
    ending: "",
    form: Form::Json,
    tells_past: false,
    options: &[&WHICH],
    check: |_| Ok(()),
    write,
};

const WHICH: FormatOption = FormatOption {
    name: "stories",
    help: "Which stories: those of sprints that are not over, all open ones, or all.",
    kind: OptionKind::Choice("set of stories", || vec!["sprint", "open", "all"]),
    default: "open",
};

fn write(subject: &Subject, options: &Options) -> Result<Written, Refusal> {
    let which = options.text(&WHICH);
    // All are listed, so that a task can name one that it depends on.
    let tickets = Tickets::of(subject.product, false);
    let wanted = |ticket: &&Ticket| {
        let in_sprint = || ticket.sprint.as_deref().is_some_and(|sprint| !crate::insight::sprint::is_over(sprint));
        ticket.level != Level::Epic
            && match which {
                "all" => true,
                "sprint" => ticket.stand.is_open() && in_sprint(),
                _ => ticket.stand.is_open(),
            }
    };
    let listed: Vec<&Ticket> = tickets.all.iter().filter(wanted).collect();
    let tasks: Vec<Value> = listed.iter().map(|ticket| task(&tickets, ticket, &listed, subject.now)).collect();
    // One task a line, as `task export` writes it.
    let lines: Vec<String> = tasks.iter().map(Value::to_string).collect();
    let mut written = Written::from(format!("[\n{}\n]\n", lines.join(",\n")));
    written.notes.extend(left_out(&tickets.beside, "Taskwarrior"));
    if listed.iter().any(|ticket| ticket.points.is_some()) {
        written.notes.push(
            "Points are in the attribute estimate; `task config uda.estimate.type numeric` shows them.".to_string(),
        );
    }
    Ok(written)
}

/// A uuid of one's own making (version 8) out of the id: the same for ever, and another one for each id.
fn uuid(id: Id) -> String {
    // SplitMix64 spreads ids that are close to each other.
    let mixed = |seed: u64| {
        let one = id.bits().wrapping_add(seed);
        let one = (one ^ (one >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let one = (one ^ (one >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        one ^ (one >> 31)
    };
    let (high, low) = (mixed(0x9E37_79B9_7F4A_7C15), id.bits());
    let hex = format!("{high:016x}{low:016x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // The version and the variant take the place of two digits; the second one is kept in the last group's head.
    format!("{}-{}-8{}-{}{}-{}", part(0, 8), part(8, 12), part(13, 16), variant(low), part(17, 20), part(20, 32))
}

/// The digit of the variant, with the two bits that it leaves.
fn variant(low: u64) -> &'static str {
    match low >> 60 & 3 {
        0 => "8",
        1 => "9",
        2 => "a",
        _ => "b",
    }
}

fn time(when: When) -> String {
    when.0.to_utc().format("%Y%m%dT%H%M%SZ").to_string()
}

fn task(tickets: &Tickets, ticket: &Ticket, listed: &[&Ticket], now: When) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| drop(out.insert(key.to_string(), value));
    let entry = ticket.created.unwrap_or(now);
    put("uuid", uuid(ticket.id).into());
    let title = if ticket.title.is_empty() { ticket.key.clone() } else { ticket.title.clone() };
    put("description", title.into());
    put("entry", time(entry).into());
    put(
        "status",
        match ticket.stand {
            Stand::Done => "completed",
            Stand::Dropped => "deleted",
            _ => "pending",
        }
        .into(),
    );
    if matches!(ticket.stand, Stand::Doing | Stand::ToAccept) {
        put("start", time(entry).into());
    }
    if !ticket.stand.is_open() {
        put("end", time(ticket.closed.unwrap_or(entry)).into());
    }
    if let Some(epic) = ticket.epic.and_then(|nth| tickets.get(nth)) {
        // A dot would nest projects.
        put("project", epic.title.replace('.', " ").into());
    }
    if let Some(end) = ticket.sprint.as_deref().and_then(|sprint| sprint.end) {
        put("due", format!("{}T000000Z", end.0.format("%Y%m%d")).into());
    }
    let tags: Vec<String> = ticket.labels.iter().map(|label| label.replace([' ', ','], "_")).collect();
    if !tags.is_empty() {
        put("tags", tags.into());
    }
    let first = |id: &Id| listed.iter().find(|other| other.id == *id).map(|other| uuid(other.id));
    let first: Vec<String> = ticket.depends_on.iter().filter_map(first).collect();
    if !first.is_empty() {
        put("depends", first.into());
    }
    if let Some(points) = ticket.points {
        put("estimate", points.as_f64().into());
    }
    put("whyhow", ticket.key.clone().into());
    let lines = ticket.body.iter().flat_map(|part| {
        let boxes = part.boxes.iter().map(|(text, ticked)| format!("{} {text}", if *ticked { "[x]" } else { "[ ]" }));
        part.text.lines().map(str::to_string).chain(boxes).filter(|line| !line.trim().is_empty()).collect::<Vec<_>>()
    });
    // Taskwarrior knows an annotation by its second.
    let annotation = |(nth, line): (i64, String)| {
        let at = chrono::TimeDelta::try_seconds(nth).and_then(|far| entry.0.checked_add_signed(far));
        Map::from_iter([
            ("entry".to_string(), Value::from(time(at.map_or(entry, When)))),
            ("description".to_string(), Value::from(line)),
        ])
    };
    let annotations: Vec<Value> = (0i64..).zip(lines).map(annotation).map(Value::from).collect();
    if !annotations.is_empty() {
        put("annotations", annotations.into());
    }
    Value::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_has_a_uuid_that_stays() {
        let one = uuid(Id::from_bits(7));
        assert_eq!(one, uuid(Id::from_bits(7)));
        assert_ne!(one, uuid(Id::from_bits(8)));
        let parts: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{one}");
        assert!(one.split('-').nth(2).unwrap().starts_with('8'), "version 8: {one}");
        assert!(one.split('-').nth(3).unwrap().starts_with(['8', '9', 'a', 'b']), "the variant of RFC 9562: {one}");
    }
}

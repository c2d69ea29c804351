//! Diagrams as Mermaid text, for wikis and repositories that draw it: the roadmap in time, what depends on what, and why
//! each story is there.

use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::export::tickets::sprint_name;
use crate::insight::forecast::forecast;
use crate::insight::text::headline;
use crate::insight::timeline::{Days, Stretch, spans};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{
    BacklogItem, Goal, Horizon, ItemStatus, ProductGoal, RoadmapItem, RoadmapResult, Sprint, SprintState,
};
use crate::model::sheet::visible;
use crate::model::value::{Day, When};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::FxHashMap;
use std::fmt::Write;

/// The row of the table.
pub const ROW: ExportFormat = ExportFormat {
    name: "mermaid",
    title: "Mermaid",
    about: "a diagram as text: the roadmap in time, dependencies, or goals down to stories",
    ending: "mmd",
    form: Form::Ready,
    tells_past: false,
    options: &[&VIEW],
    check: |_| Ok(()),
    write,
};

const VIEW: FormatOption = FormatOption {
    name: "view",
    help: "What is drawn: the roadmap with its forecast, what stories depend on, or the why of what is open.",
    kind: OptionKind::Choice("diagram", || vec!["roadmap", "dependencies", "why"]),
    default: "roadmap",
};

/// How many links Mermaid draws unless it is told otherwise.
const MOST_LINKS: usize = 500;

fn write(subject: &Subject, options: &Options) -> Result<Written, Refusal> {
    let product = subject.product;
    Ok(match options.text(&VIEW) {
        "dependencies" => dependencies(product),
        "why" => why(product),
        _ => gantt(product, subject.now),
    })
}

/// A text in a gantt chart, where these characters end a task.
fn task(text: &str) -> String {
    let text: String =
        visible(text).chars().map(|c| if matches!(c, ':' | ';' | '#' | '%') { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text between quotes in a flowchart: whatever means something to Mermaid or to HTML is written by its number.
fn label(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '#' | ';' | '<' | '>' | '&' | '`' | '\\' | '%' | '{' | '}' | '[' | ']' | '(' | ')' | '|' | '$' => {
                let _ = write!(out, "#{};", c as u32);
            }
            _ => out.push(c),
        }
    }
    out
}

fn gantt(product: &Product, now: When) -> Written {
    let today = now.day();
    let forecast = forecast(product, today);
    let spans = spans(product, &forecast, today);
    let mut out = format!("gantt\n  title {}\n  dateFormat YYYY-MM-DD\n  axisFormat %d %b\n", task(product.name()));
    let mut undated = Vec::new();
    for horizon in [Horizon::Now, Horizon::Next, Horizon::Later] {
        let mut rows = String::new();
        for item in product.all::<RoadmapItem>().filter(|item| item.horizon == horizon && is_open(item)) {
            let name = task(&headline(product, item.id));
            let stretches = spans.get(&item.id).map(whole).unwrap_or_default();
            if stretches.is_empty() {
                undated.push(product.name_of(item.id));
            }
            for (what, from, to) in stretches {
                // In words too, for those who cannot tell the colours.
                let (words, tag) = match what {
                    Stretch::Done => ("done", "done, "),
                    Stretch::InSprint => ("in a sprint", "active, "),
                    Stretch::Forecast => ("safe forecast", ""),
                };
                rows.push_str(&bar(&format!("{name}, {words}"), tag, from, to));
            }
            if let Some(day) = item.promised {
                rows.push_str(&format!("  {name}, promised :milestone, {day}, 0d\n"));
            }
        }
        if !rows.is_empty() {
            out.push_str(&format!("  section {}\n{rows}", horizon.label()));
        }
    }
    let mut sprints = String::new();
    for sprint in product.all::<Sprint>() {
        if let (Some(from), Some(to)) = (sprint.start, sprint.end) {
            let tag = match sprint.state {
                SprintState::Closed | SprintState::Cancelled => "done, ",
                SprintState::Active => "active, ",
                SprintState::Planning => "",
            };
            sprints.push_str(&bar(&task(&format!("{} {}", sprint_name(sprint), &*sprint.goal)), tag, from, to));
        }
    }
    if !sprints.is_empty() {
        out.push_str(&format!("  section Sprints\n{sprints}"));
    }
    let mut written = Written::from(out);
    if !undated.is_empty() {
        written.notes.push(format!("Without a bar, since nothing is forecast for them: {}.", undated.join(", ")));
    }
    written
}

/// A bar that ends with its last day: Mermaid ends one at the beginning of the day that it is told.
fn bar(name: &str, tag: &str, from: Day, to: Day) -> String {
    format!("  {name} :{tag}{from}, {}\n", to.plus(1))
}

/// One stretch of each sort, from its first day to its last.
fn whole(days: &Days) -> Vec<(Stretch, Day, Day)> {
    let of = |what: Stretch| {
        let mine = || days.spans.iter().filter(move |span| span.what == what);
        Some((what, mine().map(|span| span.from).min()?, mine().map(|span| span.to).max()?))
    };
    [Stretch::Done, Stretch::InSprint, Stretch::Forecast].into_iter().filter_map(of).collect()
}

fn is_open(item: &RoadmapItem) -> bool {
    matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched)
}

/// A flowchart while its boxes and links are added.
#[derive(Default)]
struct Flow {
    boxes: String,
    links: String,
    count: usize,
    names: FxHashMap<Id, String>,
}

impl Flow {
    /// The name of a record's box, which is drawn once.
    fn node(&mut self, product: &Product, id: Id, class: &str) -> String {
        if let Some(name) = self.names.get(&id) {
            return name.clone();
        }
        let name = format!("n{}", self.names.len().saturating_add(1));
        self.boxes.push_str(&format!("  {name}[\"{}\"]:::{class}\n", label(&headline(product, id))));
        self.names.insert(id, name.clone());
        name
    }

    fn link(&mut self, from: &str, to: &str) {
        self.links.push_str(&format!("  {from} --> {to}\n"));
        self.count = self.count.saturating_add(1);
    }

    fn written(self, direction: &str) -> Written {
        let boxes = if self.boxes.is_empty() { "  n1[\"Nothing to draw\"]:::open\n" } else { &self.boxes };
        let classes =
            "  classDef why stroke-width:3px\n  classDef open stroke-width:1px\n  classDef done stroke-dasharray:4 3\n";
        let mut written = Written::from(format!("flowchart {direction}\n{boxes}{}{classes}", self.links));
        if self.count > MOST_LINKS {
            written.notes.push(format!(
                "The diagram has {} links; Mermaid draws {MOST_LINKS} unless its setting maxEdges allows more.",
                self.count
            ));
        }
        written
    }
}

fn class(item: &BacklogItem) -> &'static str {
    if item.status.is_open() { "open" } else { "done" }
}

/// What must be done first, and what waits for it.
fn dependencies(product: &Product) -> Written {
    let mut flow = Flow::default();
    for item in product.all::<BacklogItem>().filter(|item| item.status != ItemStatus::Dropped) {
        let first: Vec<&std::sync::Arc<BacklogItem>> =
            item.depends_on.iter().filter_map(|id| product.get::<BacklogItem>(*id)).collect();
        for other in first {
            let from = flow.node(product, other.id, class(other));
            let to = flow.node(product, item.id, class(item));
            flow.link(&from, &to);
        }
    }
    flow.written("LR")
}

/// From the goals to what serves them, as far as it is open.
fn why(product: &Product) -> Written {
    let mut flow = Flow::default();
    for goal in product.all::<Goal>() {
        flow.node(product, goal.id, "why");
    }
    let above = |flow: &mut Flow, whys: &[Id], name: &str| {
        for id in whys.iter().filter(|id| product.find(**id).is_some_and(|record| record.is_alive())) {
            let from = flow.node(product, *id, "why");
            flow.link(&from, name);
        }
    };
    for goal in product.all::<ProductGoal>() {
        let name = flow.node(product, goal.id, "why");
        above(&mut flow, &goal.serves, &name);
    }
    for item in product.all::<RoadmapItem>().filter(|item| is_open(item)) {
        let name = flow.node(product, item.id, "why");
        above(&mut flow, &item.serves, &name);
    }
    for item in product.all::<BacklogItem>().filter(|item| item.status.is_open()) {
        let name = flow.node(product, item.id, "open");
        above(&mut flow, item.serves.as_slice(), &name);
        if let Some(whole) = item.parent.filter(|id| product.items().get(*id).is_some()) {
            let from = flow.node(product, whole, "open");
            flow.link(&from, &name);
        }
    }
    flow.written("LR")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row 73: a label is one text, whatever it holds.
    #[test]
    fn no_title_is_markup_of_a_diagram() {
        assert_eq!(label("a\"] --> x; <b> #1 `c`\n%%"), "a#quot;#93; --#62; x#59; #60;b#62; #35;1 #96;c#96; #37;#37;");
        assert_eq!(task("a: b; c # d\n%% section x"), "a b c d section x");
    }
}

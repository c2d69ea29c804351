//! The Markdown export: the page of each view, and the options that select it.

use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::export::markdown::{planning, product as parts, review as minutes};
use crate::insight::forecast::forecast;
use crate::insight::review::review;
use crate::insight::sprint::latest;
use crate::insight::views;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::Kind;
use crate::model::value::When;
use crate::options::{FormatOption, OptionKind, Options};

/// The row of the table.
pub const ROW: ExportFormat = ExportFormat {
    name: "markdown",
    title: "Markdown",
    about: "a page to read: the whole product or one view",
    ending: "md",
    form: Form::Lines,
    tells_past: false,
    options: &[&VIEW, &SPRINT],
    check,
    write,
};

pub const VIEW: FormatOption = FormatOption {
    name: "view",
    help: "One view instead of the whole product.",
    kind: OptionKind::Choice("view", exported),
    default: "",
};
pub const SPRINT: FormatOption = FormatOption {
    name: "sprint",
    help: "The number of the sprint, for a view of one sprint. Default: the running sprint, or the last one that ended.",
    kind: OptionKind::Text("NUMBER"),
    default: "",
};

/// Renders a page, given the product, the sprint named and the time. `None` if the view needs a sprint and there is
/// none.
type Page = fn(&Product, Option<Id>, When) -> Option<String>;

/// The page of each view that can be exported.
const PAGES: &[(&str, Page)] = &[
    ("vision", |product, _, _| Some(parts::vision(product))),
    ("roadmap", |product, _, now| Some(parts::roadmap(product, &forecast(product, now.day()), now.day()))),
    ("backlog", |product, _, _| Some(parts::backlog(product))),
    ("plan", |product, sprint, now| Some(planning::plan(product, sprint, now.day()))),
    ("board", |product, sprint, now| Some(parts::one_sprint(product, or_latest(product, sprint)?, now))),
    ("review", |product, sprint, now| {
        let review = review(product, or_latest(product, sprint)?, now)?;
        Some(minutes::page(product, &review, &forecast(product, now.day()), now.day()))
    }),
    ("forecast", |product, _, now| Some(planning::forecast(product, now.day()))),
    ("done", |product, _, _| Some(parts::done(product))),
    ("inbox", |product, _, _| Some(parts::inbox(product))),
];

fn or_latest(product: &Product, sprint: Option<Id>) -> Option<Id> {
    sprint.or_else(|| latest(product).map(|sprint| sprint.id))
}

/// The names and aliases of the views that have a page.
fn exported() -> Vec<&'static str> {
    let with_page = views::VIEWS.iter().filter(|view| view.not_exported.is_none());
    with_page.flat_map(|view| [Some(view.name), view.alias]).flatten().collect()
}

/// A sprint can be named only for a view of a sprint.
fn check(options: &Options) -> Result<(), Refusal> {
    let of_a_sprint = views::named(options.text(&VIEW)).is_some_and(|view| view.of_a_sprint);
    if options.text(&SPRINT).is_empty() || of_a_sprint {
        return Ok(());
    }
    let views = views::names(|view| view.of_a_sprint);
    Err(Refusal::new(format!("--sprint goes with --view: {views}."), "Nothing was written."))
}

/// The whole product, or the view that the options name.
///
/// # Errors
///
/// The sprint named does not exist, or the view needs a sprint and there is none yet.
fn write(subject: &Subject, options: &Options) -> Result<Written, Refusal> {
    let Subject { product, now, .. } = *subject;
    let Some(view) = views::named(options.text(&VIEW)) else {
        return Ok(parts::whole(product, now).into());
    };
    let sprint = match options.text(&SPRINT) {
        "" => None,
        name => match product.named(name).filter(|(kind, _)| *kind == Kind::Sprint) {
            Some((_, id)) => Some(id),
            None => {
                let what = format!("{name:?} is not a sprint of {}.", product.name());
                return Err(Refusal::new(what, "Use a number such as 13."));
            }
        },
    };
    let page = PAGES.iter().find(|(name, _)| *name == view.name).map(|(_, page)| page);
    match page.and_then(|page| page(product, sprint, now)) {
        Some(page) => Ok(page.into()),
        None => Err(Refusal::new("There is no sprint yet.", "sprint.new creates one.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_has_a_page_or_says_why_not() {
        for view in views::VIEWS {
            let pages = PAGES.iter().filter(|(name, _)| *name == view.name).count();
            assert_eq!(pages, usize::from(view.not_exported.is_none()), "{}", view.name);
        }
        assert_eq!(PAGES.len(), views::VIEWS.iter().filter(|view| view.not_exported.is_none()).count());
    }
}

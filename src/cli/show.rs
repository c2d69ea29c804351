//! `whyhow show`: a view as text or JSON, for pipes and scripts. Never writes.

mod history;
mod inbox;
mod plan;
mod records;
mod sprints;

use crate::cli::invocation::{Invocation, clock};
use crate::cli::{out, products};
use crate::insight::views;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::model::value::{Value, When};
use crate::store::history::History;
use crate::store::open::open;
use anyhow::Result;

#[derive(clap::Args, Debug)]
pub struct Show {
    /// The view
    #[arg(help = views::names(|_| true))]
    view: String,
    /// The number of a sprint
    #[arg(help = format!("For {}: the number of the sprint; by default the running one, or the one that ended last", views::names(|view| view.of_a_sprint)))]
    sprint: Option<String>,
    /// Print JSON, documented in docs/FORMAT.md
    #[arg(long)]
    json: bool,
    /// The time to use instead of the clock
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
}

/// How a view is printed, given the sprint named.
enum Shows {
    /// The records of the view's kinds; each row has its own text.
    Records(fn(&Product) -> String),
    /// Computed from the product.
    Product {
        json: fn(&Product, Option<&str>, When) -> Result<Value>,
        text: fn(&Product, Option<&str>, When) -> Result<String>,
    },
    /// Different for each role, which `--as` names.
    Role { json: fn(&Product, Role, &History, When) -> Value, text: fn(&Product, Role, When) -> String },
    /// From the journal.
    History { json: fn(&Product, &History) -> Value, text: fn(&History) -> String },
    /// The products of the data folder.
    Products,
}

/// A row for each view of the registry.
const SHOWS: &[(&str, Shows)] = &[
    ("vision", Shows::Records(records::vision)),
    ("roadmap", Shows::Records(records::roadmap)),
    ("backlog", Shows::Records(records::backlog)),
    ("plan", Shows::Product { json: plan::json, text: plan::text }),
    (
        "board",
        Shows::Product {
            json: |product, which, now| Ok(sprints::sprint(product, which, now)?.json(product)),
            text: |product, which, now| Ok(sprints::sprint(product, which, now)?.text(product)),
        },
    ),
    ("review", Shows::Product { json: sprints::review_json, text: sprints::review_text }),
    (
        "forecast",
        Shows::Product {
            json: |product, _, now| Ok(sprints::forecast_json(product, now)),
            text: |product, _, now| Ok(sprints::forecast_text(product, now)),
        },
    ),
    (
        "done",
        Shows::Product {
            json: |product, _, _| {
                let mut map = records::json(product, &[Kind::DoneRule]);
                map.extend(sprints::done_json(product).into_iter().map(|(key, value)| (key.to_string(), value)));
                Ok(Value::from(map))
            },
            text: |product, _, _| Ok(sprints::done_text(product)),
        },
    ),
    ("inbox", Shows::Role { json: inbox::json, text: inbox::text }),
    ("history", Shows::History { json: history::json, text: history::text }),
    ("products", Shows::Products),
];

impl Show {
    pub fn run(&self, invocation: &Invocation) -> Result<u8> {
        let view = views::named(&self.view);
        let row = view.and_then(|view| Some((view, SHOWS.iter().find(|(name, _)| *name == view.name)?)));
        let Some((view, (_, shows))) = row else {
            let known = views::names(|_| true);
            out::message(&format!("whyhow: There is no view {:?}. Views: {known}.", self.view));
            return Ok(2);
        };
        match shows {
            Shows::Products => products::list(invocation, &products::Listing { json: self.json }),
            Shows::History { json, text } => {
                let folder = invocation.product()?.folder;
                let opened = open(&folder)?;
                let history = opened.history(&folder);
                let product = opened.product;
                Ok(if self.json { out::json(&json(&product, &history)) } else { out::line(&text(&history)) })
            }
            Shows::Records(text) => {
                let (product, _) = self.open(invocation)?;
                if self.json {
                    return Ok(out::json(&Value::from(records::json(&product, view.kinds))));
                }
                Ok(out::line(&text(&product)))
            }
            Shows::Role { json, text } => {
                let folder = invocation.product()?.folder;
                let opened = open(&folder)?;
                // What changed in a why is in the history.
                let history = opened.history(&folder);
                let now = clock(self.now.as_ref())?;
                let (product, notices) = opened.shown(now);
                notices.iter().for_each(|notice| out::message(&notice.text));
                let role = invocation.role();
                Ok(match self.json {
                    true => out::json(&json(&product, role, &history, now)),
                    false => out::line(&text(&product, role, now)),
                })
            }
            Shows::Product { json, text } => {
                let (product, now) = self.open(invocation)?;
                let which = self.sprint.as_deref();
                if self.json {
                    return Ok(out::json(&json(&product, which, now)?));
                }
                Ok(out::line(&text(&product, which, now)?))
            }
        }
    }

    /// The current product, and the time of the clock or of `--now`.
    fn open(&self, invocation: &Invocation) -> Result<(Product, When)> {
        let now = clock(self.now.as_ref())?;
        let (product, notices) = open(&invocation.product()?.folder)?.shown(now);
        notices.iter().for_each(|notice| out::message(&notice.text));
        Ok((product, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_is_shown() {
        for view in views::VIEWS {
            assert_eq!(SHOWS.iter().filter(|(name, _)| *name == view.name).count(), 1, "{}", view.name);
        }
        assert_eq!(SHOWS.len(), views::VIEWS.len());
    }
}

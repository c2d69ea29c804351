//! For whom a report is, what they get to see, and what the report is about.

use crate::export::html::escape::{line_list, prose};
use crate::insight::forecast::Forecast;
use crate::insight::roadmap_diff::Act;
use crate::insight::window::Begin;
use crate::model::grammar::plural;
use crate::model::product::Product;
use crate::model::schema::{Feedback, RoadmapItem, RoadmapResult};
use crate::model::value::Day;
use std::sync::Arc;

/// Whom a report is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Readers {
    /// Everything.
    Team,
    /// Without single stories.
    Leaders,
    /// Without people, sizes, dates and internal text.
    Outside,
}

impl Readers {
    pub const ALL: [Readers; 3] = [Readers::Team, Readers::Leaders, Readers::Outside];

    /// As the option names them.
    pub fn word(self) -> &'static str {
        match self {
            Readers::Team => "team",
            Readers::Leaders => "leaders",
            Readers::Outside => "outside",
        }
    }

    pub fn named(word: &str) -> Option<Readers> {
        Readers::ALL.into_iter().find(|one| one.word() == word)
    }

    /// What they do not get, for whoever exports.
    pub fn left_out(self) -> &'static [&'static str] {
        match self {
            Readers::Team => &[],
            Readers::Leaders => &["Left out for leaders: single stories."],
            Readers::Outside => &[
                "Left out for outside readers: people, sizes, dates, the forecast, single stories, links, and internal text (notes, feedback, criteria, risks, reasons).",
                "Titles, outcomes and Increments are as you wrote them: read the page before you send it.",
            ],
        }
    }
}

/// What the report tells, and to whom.
pub struct Telling<'a> {
    pub product: &'a Product,
    pub acts: &'a [Act<'a>],
    pub today: Day,
    pub readers: Readers,
    /// Where the time begins that it tells of.
    pub begin: Begin,
    pub forecast: Forecast,
}

impl Telling<'_> {
    /// True if people, sizes and dates may be told.
    pub fn is_inside(&self) -> bool {
        self.readers != Readers::Outside
    }

    /// True if single stories are told.
    pub fn tells_stories(&self) -> bool {
        self.readers == Readers::Team
    }

    /// True if a text is still word for word what somebody said: feedback is not for those outside.
    fn is_feedback(&self, text: &str) -> bool {
        let bare = |text: &str| text.trim().trim_matches(['“', '”', '"']).trim().to_lowercase();
        let text = bare(text);
        !text.is_empty() && self.product.all::<Feedback>().any(|voice| bare(&voice.quote) == text)
    }

    /// The problem of a roadmap item, unless it is a quote that its readers do not get.
    pub fn problem(&self, item: &RoadmapItem) -> String {
        match !self.is_inside() && self.is_feedback(&item.problem) {
            true => String::new(),
            false => self.prose(&item.problem),
        }
    }

    /// What to say to whoever exports about quotes that were left out.
    pub fn notes(&self) -> Option<String> {
        let is_told = |item: &&Arc<RoadmapItem>| matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched);
        let is_quote = |item: &&Arc<RoadmapItem>| is_told(item) && self.is_feedback(&item.problem);
        let names: Vec<String> = match self.is_inside() {
            true => Vec::new(),
            false => {
                self.product.all::<RoadmapItem>().filter(is_quote).map(|item| self.product.name_of(item.id)).collect()
            }
        };
        (!names.is_empty()).then(|| {
            let is = plural(names.len(), "it is a quote", "they are quotes");
            format!("Left out: the problem of {}, as {is} of feedback word for word.", names.join(", "))
        })
    }

    /// A text, with links for those inside.
    pub fn prose(&self, text: &str) -> String {
        prose(text, self.is_inside())
    }

    /// A text that holds one thing a line.
    pub fn lines(&self, text: &str) -> String {
        line_list(text, self.is_inside())
    }

    /// Ready-made only if the reader is inside.
    pub fn inside(&self, html: impl FnOnce() -> String) -> String {
        if self.is_inside() { html() } else { String::new() }
    }
}

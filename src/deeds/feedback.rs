//! What people say: a word about something, kept where it is found again.

use crate::deeds::edit::{Place, add};
use crate::deeds::{Context, Deed};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{FeedbackKind, Kind};
use crate::model::value::{Cell, Day};

pub const COMMENT: Deed = Deed {
    name: "comment",
    hint: "A word about something: it becomes feedback, tied to what it is about.",
    with: &[("on", "what it is about"), ("text", "the words; begun with - a worry, ? a question, + an idea, * praise")],
    run: |product, args, context| {
        let (_, id) = args.record("on")?;
        comment(product, &[id], args.needed("text")?, context)
    },
};

/// The kind that a sign at the head of a comment stands for, and the words after it.
fn signed(text: &str) -> (FeedbackKind, &str) {
    let kinds = [
        ('-', FeedbackKind::Complaint),
        ('?', FeedbackKind::Question),
        ('+', FeedbackKind::Idea),
        ('*', FeedbackKind::Praise),
    ];
    let text = text.trim();
    let sign = kinds.iter().find_map(|(sign, kind)| Some((*kind, text.strip_prefix(*sign)?.trim_start())));
    sign.unwrap_or((FeedbackKind::Idea, text))
}

/// A comment is feedback from whoever writes it, of today, tied to these records.
pub fn comment(product: &Product, ids: &[Id], text: &str, context: &mut Context) -> Result<Step, Refusal> {
    let (kind, words) = signed(text);
    if words.is_empty() {
        return Err(Refusal::new("A comment needs words.", "Nothing was kept."));
    }
    let linkable = |id: &&Id| {
        let targets = Kind::Feedback.field("links").map(|field| field.targets).unwrap_or_default();
        product.find(**id).is_some_and(|record| targets.contains(&record.kind()))
    };
    let links: Vec<String> = ids.iter().filter(linkable).map(Id::to_string).collect();
    let linked = !links.is_empty();
    let cell = |key: &str, value| Kind::Feedback.field(key).map(|field| (field, value));
    let cells: Vec<_> = [
        cell("quote", words.into()),
        cell("kind", kind.to_value()),
        cell("source", context.by.clone().into()),
        cell("date", Some(Day(context.now.0.date_naive())).to_value()),
        linked.then(|| cell("links", links.into())).flatten(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (mut step, _) = add(product, Kind::Feedback, &cells, Place::Bottom, context)?;
    step.label = match ids {
        [one] => format!("Comment on {}", product.name_of(*one)),
        many => format!("Comment on {} records", many.len()),
    };
    Ok(step)
}

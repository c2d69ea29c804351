//! Comments and feedback, stored where they can be found again.

use crate::actions::action::{Action, Context, wrong_kind};
use crate::actions::edit::{Place, add, short};
use crate::insight::attention::addressee;
use crate::insight::outlook::last_version;
use crate::model::change::{Change, Step};
use crate::model::grammar::quoted;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::role::Owner;
use crate::model::schema::{Feedback, FeedbackKind, FeedbackState, Kind, RoadmapItem, Sprint};
use crate::model::value::{Cell, Day, Value};

pub const COMMENT: Action = Action {
    name: "comment",
    hint: "Comments on a record: the comment becomes feedback linked to it.",
    with: &[
        ("on", "what it is about, or a list of that"),
        ("text", "the text; begin with - for a worry, ? for a question, + for an idea, * for praise"),
    ],
    run: |product, args, context| comment(product, &args.records("on")?, args.needed("text")?, context),
    sets: None,
};

pub const ANSWER: Action = Action {
    name: "question.answer",
    hint: "Answers a question or a remark; both stand on the record that it is about.",
    with: &[("on", "the feedback"), ("text", "the answer")],
    run: |product, args, context| answer(product, args.record("on")?.1, args.trimmed("text"), context),
    sets: None,
};

pub const ADOPT: Action = Action {
    name: "feedback.adopt",
    hint: "Adopts feedback on the roadmap; the change that follows is yours to make.",
    with: &[("on", "the feedback"), ("text", "what follows, optional")],
    run: |product, args, context| {
        close(product, args.record("on")?.1, FeedbackState::Adopted, args.trimmed("text"), context)
    },
    sets: None,
};

pub const DECLINE: Action = Action {
    name: "feedback.decline",
    hint: "Declines a question, a remark or a customer's wish, with a reason.",
    with: &[("on", "the feedback"), ("reason", "why, in a line")],
    run: |product, args, context| {
        close(product, args.record("on")?.1, FeedbackState::Declined, args.trimmed("reason"), context)
    },
    sets: None,
};

/// Answers a piece of feedback.
///
/// # Errors
///
/// Refuses an empty answer, and a record that is no feedback.
pub fn answer(product: &Product, id: Id, text: &str, context: &Context) -> Result<Step, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new("An answer needs text.", "Nothing was saved."));
    }
    close(product, id, FeedbackState::Answered, text, context)
}

/// Ends a piece of feedback with what was said to it. Declining needs a reason; feedback on the roadmap is adopted or
/// declined by whoever owns the why.
///
/// # Errors
///
/// Refuses a record that is no feedback, one that has ended already, and an end that is the other role's.
pub fn close(product: &Product, id: Id, state: FeedbackState, text: &str, context: &Context) -> Result<Step, Refusal> {
    let one = product.get::<Feedback>(id).ok_or_else(|| wrong_kind(product, id, Kind::Feedback))?;
    let name = product.name_of(id);
    if matches!(one.state, FeedbackState::Answered | FeedbackState::Declined | FeedbackState::Adopted) {
        return Err(Refusal::unchanged(format!("{name} was {} already.", one.state.label())));
    }
    if state == FeedbackState::Declined && text.trim().is_empty() {
        return Err(Refusal::new("Declining requires a reason.", "Its author reads it; nothing was changed."));
    }
    let is_for = addressee(product, one);
    if is_for.is_some_and(|owner| !context.role.owns(owner)) {
        let owner = is_for.map_or("both", Owner::seat);
        let what = format!("{name} is for the {owner} to answer.");
        return Err(Refusal::new(what, format!("You are {}; nothing was changed.", context.role.label())));
    }
    let step = product.edit::<Feedback>(id, "", |one| {
        one.state = state;
        one.answer = text.trim().into();
        one.answered_by = context.by.as_str().into();
        one.answered = Some(context.now);
    });
    let verb = match state {
        FeedbackState::Adopted => "Adopted",
        FeedbackState::Declined => "Declined",
        _ => "Answered",
    };
    let words: String = one.quote.lines().next().unwrap_or_default().chars().take(48).collect();
    Ok(Step { label: format!("{verb} {name} \"{words}\""), ..step })
}

/// What somebody said, as it is typed in a line.
pub struct SpokenLine<'a> {
    pub kind: FeedbackKind,
    /// Who said it, if the text names somebody.
    pub who: Option<&'a str>,
    pub words: &'a str,
}

/// Reads a line of feedback: `- Ilse: the tax is missing` is a worry of Ilse, and so is `Ilse: - the tax is missing`.
pub fn heard(text: &str) -> SpokenLine<'_> {
    let sign = signed(text);
    // Without a sign, only a question says by itself what it is.
    let unsigned = if text.trim_end().ends_with('?') { FeedbackKind::Question } else { FeedbackKind::Idea };
    let (kind, words) = sign.unwrap_or((unsigned, text.trim()));
    let Some((who, words)) = said_by(words) else { return SpokenLine { kind, who: None, words } };
    // What follows the sign there is text: `Ilse: -5 degrees` is a number.
    let is_number = words.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let after = signed(words).filter(|(_, words)| sign.is_none() && !is_number && !words.is_empty());
    let (kind, words) = after.unwrap_or((kind, words));
    SpokenLine { kind, who: Some(who), words }
}

/// Whether a line says what kind of feedback it is.
pub fn is_signed(text: &str) -> bool {
    signed(text).is_some() || said_by(text.trim()).is_some_and(|(_, words)| signed(words).is_some())
}

/// The kind that the first character of feedback stands for, and the text after it.
fn signed(text: &str) -> Option<(FeedbackKind, &str)> {
    let kinds = [
        ('-', FeedbackKind::Complaint),
        ('?', FeedbackKind::Question),
        ('+', FeedbackKind::Idea),
        ('*', FeedbackKind::Praise),
    ];
    let text = text.trim();
    kinds.iter().find_map(|(sign, kind)| Some((*kind, text.strip_prefix(*sign)?.trim_start())))
}

/// Somebody notes what others say: `Ilse: add the tax` is from Ilse.
fn said_by(text: &str) -> Option<(&str, &str)> {
    let (name, words) = text.split_once(": ")?;
    let is_name = name.chars().count() <= 40 && name.starts_with(char::is_uppercase) && !name.contains(['.', '!', '?']);
    (is_name && !words.trim().is_empty()).then_some((name.trim(), words.trim()))
}

/// Creates a comment: feedback by its author or by whom its text names, dated today, linked to these records. If a
/// sprint is among them, it was said in its review.
pub fn comment(product: &Product, ids: &[Id], text: &str, context: &mut Context) -> Result<Step, Refusal> {
    let SpokenLine { kind, who, words } = heard(text);
    let sprint = ids.iter().find(|id| product.get::<Sprint>(**id).is_some());
    let is_voice = sprint.is_some() || who.is_some();
    let who = who.unwrap_or(&context.by).to_string();
    if words.is_empty() {
        return Err(Refusal::new("A comment needs text.", "Nothing was saved."));
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
        sprint.and_then(|id| cell("channel", format!("Review of {}", product.name_of(*id)).into())),
        cell("kind", kind.to_value()),
        cell("source", who.into()),
        cell("date", Some(Day(context.now.0.date_naive())).to_value()),
        linked.then(|| cell("links", links.into())).flatten(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (mut step, made) = add(product, Kind::Feedback, &cells, Place::Bottom, context)?;
    // Said in a review or by somebody named, it is a voice from outside.
    if !is_voice {
        step.changes.extend(signed_by(product, made, ids, context));
    }
    step.label = match ids {
        [one] if kind == FeedbackKind::Question && !is_voice => {
            format!("Question about {}: {}", product.name_of(*one), short(&words.into()))
        }
        [one] if !is_voice => {
            format!("Comment on {}: {}", product.name_of(*one), short(&words.into()))
        }
        [one] => format!("Comment on {}", product.name_of(*one)),
        [one, ..] if sprint.is_some() => format!("Feedback on {}", product.name_of(*one)),
        many => format!("Comment on {} records", many.len()),
    };
    Ok(step)
}

/// The role of whoever said it, and for feedback on the roadmap the version that it is about.
fn signed_by(product: &Product, made: Id, ids: &[Id], context: &Context) -> Vec<Change> {
    let cell = |key: &str, to: Value| {
        let field = Kind::Feedback.field(key)?;
        Some(Change { id: made, field, from: Value::Null, to })
    };
    let on_roadmap = ids.iter().any(|id| product.get::<RoadmapItem>(*id).is_some());
    let version = last_version(product).filter(|_| on_roadmap).map(|version| version.number);
    let role = cell("role", context.role.key().into());
    role.into_iter().chain(version.and_then(|id| cell("version", id.into()))).collect()
}

/// Ties feedback to the story that was made of it; what was not sorted is linked from then on.
pub fn tied(product: &Product, feedback: Id, story: Id) -> Step {
    product.edit::<Feedback>(feedback, "", |one| {
        one.links.push(story);
        if one.state == FeedbackState::New {
            one.state = FeedbackState::Linked;
        }
    })
}

/// Creates a story from a piece of feedback, at the end of the backlog: under the roadmap item that it is about,
/// quoting the feedback.
pub fn story(product: &Product, id: Id, context: &mut Context) -> Result<(Step, Id), Refusal> {
    let one = product.get::<Feedback>(id).ok_or_else(|| wrong_kind(product, id, Kind::Feedback))?;
    let cell = |key: &str, value| Kind::BacklogItem.field(key).map(|field| (field, value));
    let title = one.quote.lines().next().unwrap_or_default().trim();
    let under = one.links.iter().find(|id| product.find(**id).is_some_and(|record| record.kind() == Kind::RoadmapItem));
    let cells: Vec<_> = [
        cell("title", title.into()),
        cell("notes", quoted(&one.quote).into()),
        under.and_then(|id| cell("serves", id.to_string().into())),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (mut step, made) = add(product, Kind::BacklogItem, &cells, Place::Bottom, context)?;
    step.join(tied(product, id, made));
    step.label = format!("A story from {}: {title}", product.name_of(id));
    Ok((step, made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_stands_before_or_after_the_name() {
        let told = |text| {
            let SpokenLine { kind, who, words } = heard(text);
            (kind, who, words)
        };
        let (idea, worry) = (FeedbackKind::Idea, FeedbackKind::Complaint);
        assert_eq!(told("Tom: +Could it remind me"), (idea, Some("Tom"), "Could it remind me"));
        assert_eq!(told("Tom: - the tax is missing"), (worry, Some("Tom"), "the tax is missing"));
        assert_eq!(told("- Tom: the tax is missing"), (worry, Some("Tom"), "the tax is missing"));
        assert_eq!(told("Tom: -5 degrees froze it"), (idea, Some("Tom"), "-5 degrees froze it"));
        assert!(is_signed("Tom: ? why") && !is_signed("Tom: why"));
    }
}

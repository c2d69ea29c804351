//! The names of people that stand in the texts of a report for readers outside: whoever exports looks at them before
//! sending it.

use crate::export::html::escape::escape;
use crate::export::html::readers::Telling;
use crate::insight::people::{assigned, authors};
use crate::model::author::{NO_NAME, OUTSIDE};
use crate::model::grammar::{count, plural};
use crate::model::schema::{BacklogItem, Feedback, RoadmapItem};
use std::collections::{BTreeMap, BTreeSet};

/// How many names are told, and how much of a text.
const MOST: usize = 5;
const WORDS: usize = 60;

/// A sentence for each name on the page: `2 texts name Jo: “Jo waits at the quay”, …`.
pub fn notes(telling: &Telling, html: &str) -> Vec<String> {
    if telling.is_inside() {
        return Vec::new();
    }
    let page = html.split_once("<body>").map_or(html, |(_, body)| body);
    let texts: BTreeSet<&str> = page
        .split('<')
        .filter_map(|part| Some(part.split_once('>')?.1.trim()))
        .filter(|text| !text.is_empty())
        .collect();
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in people(telling) {
        let shown = escape(&name);
        let naming: Vec<&str> = texts.iter().copied().filter(|text| names(text, &shown)).collect();
        if !naming.is_empty() {
            found.insert(name, naming);
        }
    }
    let more = found.len().saturating_sub(MOST);
    let line = |(name, texts): (String, Vec<&str>)| {
        let first = texts.first().map(|text| begin(&unescaped(text))).unwrap_or_default();
        let more = if texts.len() > 1 { ", …" } else { "." };
        let verb = plural(texts.len(), "names", "name");
        format!("{} {verb} {name}: “{first}”{more}", count(texts.len(), "text", "texts"))
    };
    let mut out: Vec<String> = found.into_iter().take(MOST).map(line).collect();
    out.extend((more > 0).then(|| format!("{} of people in its texts.", count(more, "more name", "more names"))));
    out
}

/// Whoever has to do with the product, each also by the first of two names.
fn people(telling: &Telling) -> BTreeSet<String> {
    let product = telling.product;
    let mut all: BTreeSet<String> = telling.acts.iter().map(|act| act.by.to_string()).collect();
    all.extend(product.all::<Feedback>().map(|one| one.source.to_string()));
    all.extend(product.all::<RoadmapItem>().map(|item| item.promised_to.to_string()));
    all.extend(product.all::<BacklogItem>().flat_map(|story| assigned(story).into_iter().chain(authors(story))));
    let is_name = |part: &str| part.chars().count() > 1 && part.starts_with(char::is_uppercase);
    let first: Vec<String> = all
        .iter()
        .filter_map(|name| name.split_once(' '))
        .filter(|(first, last)| is_name(first) && is_name(last) && !last.contains(' '))
        .map(|(first, _)| first.to_string())
        .collect();
    all.extend(first);
    let all = all.into_iter().map(|name| name.trim().to_string());
    all.filter(|name| name.chars().count() > 1 && ![NO_NAME, OUTSIDE].contains(&name.as_str())).collect()
}

/// True if the name stands in the text as a word of its own.
fn names(text: &str, name: &str) -> bool {
    let is_apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(name).any(|(at, _)| {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        is_apart(before.chars().next_back()) && is_apart(rest.get(name.len()..).and_then(|rest| rest.chars().next()))
    })
}

/// The first words of a text.
fn begin(text: &str) -> String {
    let mut out: String = text.chars().take(WORDS).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

fn unescaped(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"), ("\n", " ")];
    signs.iter().fold(text.to_string(), |text, (written, sign)| text.replace(written, sign))
}

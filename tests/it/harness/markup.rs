//! HTML as a browser would read it, as far as a test needs it: elements with their attributes, nested as written.

use std::collections::BTreeMap;

/// Elements that have no end.
const VOID: &[&str] = &["br", "meta", "hr", "img", "link", "input"];

/// An element with everything in it.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// Elements, and texts as elements without a name.
    pub children: Vec<Element>,
    /// Of a text, as a reader sees it.
    pub text: String,
}

impl Element {
    pub fn get(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }

    /// The element and everything in it, in the order of the file.
    pub fn all(&self) -> Vec<&Element> {
        let mut out = vec![self];
        self.children.iter().for_each(|child| out.extend(child.all()));
        out
    }

    pub fn named<'a>(&'a self, name: &str) -> Vec<&'a Element> {
        self.all().into_iter().filter(|one| one.name == name).collect()
    }

    /// The elements that stand in it directly.
    pub fn elements(&self) -> Vec<&Element> {
        self.children.iter().filter(|one| !one.name.is_empty()).collect()
    }

    /// All text in it, in order.
    pub fn words(&self) -> String {
        self.all().iter().map(|one| one.text.as_str()).collect::<String>()
    }
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_string(), |text, (from, to)| text.replace(from, to))
}

/// The attributes of a tag, all in double quotes.
fn attributes(mut text: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return out;
        }
        let (name, rest) = text.split_once("=\"").unwrap_or_else(|| panic!("an attribute without a value: {text:?}"));
        let (value, rest) = rest.split_once('"').unwrap_or_else(|| panic!("a value without an end: {rest:?}"));
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        assert!(is_name, "{name:?} is no name of an attribute");
        let before = out.insert(name.to_string(), unescaped(value));
        assert!(before.is_none(), "{name} stands twice in one tag");
        text = rest;
    }
}

/// Reads a document. Every tag has to be closed by its own end, in order.
pub fn parse(html: &str) -> Element {
    let mut rest = html.strip_prefix("<!DOCTYPE html>\n").expect("the document type comes first");
    let mut open = vec![Element::default()];
    while let Some((text, after)) = rest.split_once('<') {
        let words = Element { text: unescaped(text), ..Element::default() };
        open.last_mut().unwrap().children.push(words);
        let (tag, after) = after.split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let done = open.pop().unwrap();
            assert_eq!(done.name, name, "the innermost element ends first");
            open.last_mut().expect("an end has a begin").children.push(done);
            continue;
        }
        let (name, inside) = tag.split_once(' ').unwrap_or((tag, ""));
        let is_closed = inside.ends_with('/') || name.ends_with('/');
        let name = name.trim_end_matches('/').to_string();
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name:?} is no element");
        let mut element = Element { attributes: attributes(inside.trim_end_matches('/')), name, ..Element::default() };
        if element.name == "style" {
            let (sheet, after) = rest.split_once("</style>").expect("a style sheet ends");
            element.text = sheet.to_string();
            rest = after;
            open.last_mut().unwrap().children.push(element);
        } else if is_closed || VOID.contains(&element.name.as_str()) {
            open.last_mut().unwrap().children.push(element);
        } else {
            open.push(element);
        }
    }
    assert_eq!(open.len(), 1, "{} is never closed", open.last().unwrap().name);
    open.pop().unwrap()
}

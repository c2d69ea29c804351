//! The web address of a record that came from another tool.

use crate::model::field::Record;
use serde_json::{Map, Value};

/// The names under which tools keep the address of the page that people read.
const NAMES: &[&str] =
    &["html_url", "web_url", "weburl", "url", "link", "shorturl", "short_url", "issue url", "permalink", "app_url"];

/// The http address of the record's page: the one that its import kept, or else the one that its source implies.
pub fn address(record: &dyn Record) -> Option<String> {
    let extra = record.kind().field("extra").map(|field| record.value(field));
    let kept = extra.as_ref().and_then(Value::as_object).and_then(kept);
    kept.or_else(|| implied(record))
}

/// The most telling name wins; a tool's own object is one level down.
fn kept(extra: &Map<String, Value>) -> Option<String> {
    let tools = extra.values().filter_map(Value::as_object);
    let maps: Vec<_> = std::iter::once(extra).chain(tools).collect();
    NAMES.iter().find_map(|name| {
        let named = maps.iter().flat_map(|map| map.iter()).filter(|(key, _)| key.eq_ignore_ascii_case(name));
        // An import keeps lists, also of one value.
        let text = |value: &'_ Value| {
            value.as_array().map_or(Some(value), |all| all.first()).and_then(Value::as_str).map(str::to_string)
        };
        named.filter_map(|(_, value)| text(value)).find(|text| is_web(text))
    })
}

/// A page of GitHub follows from repository and number.
fn implied(record: &dyn Record) -> Option<String> {
    let field = record.kind().field("source")?;
    let source = record.value(field);
    let part = |key: &str| source.get(key).and_then(Value::as_str).unwrap_or_default();
    let (site, key) = (part("site"), part("key"));
    let is_number = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let is_repository = site.split('/').filter(|name| !name.is_empty()).count() == 2;
    let page = format!("https://github.com/{site}/issues/{key}");
    (part("system") == "github" && is_number && is_repository && is_web(&page)).then_some(page)
}

/// Whether a text is an address that a browser may be given: http, and nothing in it that ends an argument.
fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\');
    rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
        && text.len() <= 2_000
        && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::BacklogItem;
    use serde_json::json;

    fn of(extra: Value, source: Value) -> Option<String> {
        let read = BacklogItem {
            extra: serde_json::from_value(extra).unwrap(),
            source: serde_json::from_value(source).unwrap(),
            ..BacklogItem::default()
        };
        address(&read)
    }

    #[test]
    fn the_kept_page_wins_over_the_implied_one() {
        let source = json!({"system": "github", "site": "acme/shop", "key": "12", "base": {}});
        let extra = json!({"github": {"url": "https://api.example.org/12", "html_url": "https://example.org/12"}});
        assert_eq!(of(extra, source.clone()).as_deref(), Some("https://example.org/12"));
        assert_eq!(of(json!({"Link": "http://a.org/1"}), Value::Null).as_deref(), Some("http://a.org/1"));
        assert_eq!(of(json!({}), source).as_deref(), Some("https://github.com/acme/shop/issues/12"));
    }

    #[test]
    fn what_is_no_web_page_is_no_address() {
        for hostile in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://a b",
            "https://-x",
            "https://a\u{1b}[m",
            "https://\"&calc",
        ] {
            assert_eq!(of(json!({ "url": hostile }), Value::Null), None, "{hostile:?}");
        }
        let jira = json!({"system": "jira", "site": "a/b", "key": "12", "base": {}});
        assert_eq!(of(json!({}), jira), None);
    }
}

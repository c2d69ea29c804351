//! The web address and the number of a record that came from another tool.

use crate::model::field::Record;
use crate::model::value::{Map, Value};

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
fn kept(extra: &Map) -> Option<String> {
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

/// How people write the tools that number their records.
const TOOLS: &[(&str, &str)] = &[
    ("github", "GitHub"),
    ("jira", "Jira"),
    ("azure", "Azure DevOps"),
    ("linear", "Linear"),
    ("shortcut", "Shortcut"),
    ("gitlab", "GitLab"),
    ("asana", "Asana"),
    ("pivotal", "Pivotal Tracker"),
    ("clickup", "ClickUp"),
    ("openproject", "OpenProject"),
    ("trello", "Trello"),
    ("backlog-md", "Backlog.md"),
    ("csv", "CSV"),
];

/// The longest key that somebody may know by heart; longer ones are made for programs.
const LONGEST_KEY: usize = 20;

/// The number of a record in the tool it came from, as people write it: `#2271`, `ABC-12`.
pub fn source_number(record: &dyn Record) -> Option<String> {
    let source = record.value(record.kind().field("source")?);
    let key = source.get("key").and_then(Value::as_str).unwrap_or_default();
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#');
    if key.is_empty() || key.chars().count() > LONGEST_KEY || !key.chars().all(is_key) {
        return None;
    }
    let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
    Some(if is_number { format!("#{key}") } else { key.to_string() })
}

/// The tool and the number there: `GitHub #2271`.
pub fn named_source(record: &dyn Record) -> Option<String> {
    let number = source_number(record)?;
    let source = record.value(record.kind().field("source")?);
    let system = source.get("system").and_then(Value::as_str)?;
    TOOLS.iter().find(|(known, _)| *known == system).map(|(_, tool)| format!("{tool} {number}"))
}

/// How the page of a record follows from the site of its tool, and from its key there.
const PAGES: &[(&str, &str)] =
    &[("jira", "/browse/"), ("azure", "/_workitems/edit/"), ("linear", "/issue/"), ("openproject", "/work_packages/")];

/// The page that follows from where a record came from: of GitHub from repository and number, of others from the address
/// of the site that was given at the import.
fn implied(record: &dyn Record) -> Option<String> {
    let field = record.kind().field("source")?;
    let source = record.value(field);
    let part = |key: &str| source.get(key).and_then(Value::as_str).unwrap_or_default();
    let (system, site, key) = (part("system"), part("site").trim_end_matches('/'), part("key"));
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let page = if system == "github" {
        let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
        let is_repository = site.split('/').filter(|name| !name.is_empty()).count() == 2;
        (is_number && is_repository).then(|| format!("https://github.com/{site}/issues/{key}"))?
    } else {
        let (_, path) = PAGES.iter().find(|(known, _)| *known == system)?;
        let has_scheme = site.starts_with("https://") || site.starts_with("http://");
        let base = if has_scheme { site.to_string() } else { format!("https://{site}") };
        site.contains('.').then(|| format!("{base}{path}{key}"))?
    };
    Some(page).filter(|page| is_key && is_web(page))
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
    use crate::json;
    use crate::model::schema::BacklogItem;
    use serde::Deserialize;

    fn of(extra: Value, source: Value) -> Option<String> {
        let read = BacklogItem {
            extra: Deserialize::deserialize(&extra).unwrap(),
            source: Deserialize::deserialize(&source).unwrap(),
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
    fn the_site_of_a_tool_and_a_key_lead_to_a_page() {
        for (system, site, key, page) in [
            ("jira", "https://acme.atlassian.net/", "SHOP-12", Some("https://acme.atlassian.net/browse/SHOP-12")),
            ("jira", "jira.acme.org", "SHOP-12", Some("https://jira.acme.org/browse/SHOP-12")),
            ("azure", "dev.azure.com/acme/shop", "12", Some("https://dev.azure.com/acme/shop/_workitems/edit/12")),
            ("linear", "linear.app/acme", "CLA-1", Some("https://linear.app/acme/issue/CLA-1")),
            ("jira", "", "SHOP-12", None),
            ("jira", "jira.acme.org", "sprint:One", None),
            ("csv", "acme.org", "12", None),
        ] {
            let source = json!({"system": system, "site": site, "key": key, "base": {}});
            assert_eq!(of(json!({}), source).as_deref(), page, "{system} {site}");
        }
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

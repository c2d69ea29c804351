//! Mail addresses in texts, and how texts read without them: people are known by their names.

use crate::model::json::Value;
use std::sync::Arc;

/// A text without mail addresses: of `Ida <ida@acme.com>` the name stays, of an address alone what is before its `@`.
/// `None` if there is none in it.
pub fn without_mail(text: &str) -> Option<String> {
    if !text.contains('@') {
        return None;
    }
    let (mut out, mut rest, mut found) = (String::with_capacity(text.len()), text, false);
    while let Some((before, after)) = rest.split_once('@') {
        let name: String = before.chars().rev().take_while(|c| is_of_name(*c)).collect();
        let host = host_of(after);
        if name.is_empty() || host == 0 {
            out.push_str(before);
            out.push('@');
            rest = after;
            continue;
        }
        found = true;
        let head = before.get(..before.len().saturating_sub(name.len())).unwrap_or_default();
        let head = head.strip_suffix("mailto:").unwrap_or(head);
        rest = after.get(host..).unwrap_or_default();
        match (head.strip_suffix('<'), rest.strip_prefix('>')) {
            // The name before it says who it is.
            (Some(head), Some(tail)) if head.ends_with(' ') && !head.trim().is_empty() => {
                out.push_str(head.trim_end());
                rest = tail;
            }
            (Some(head), Some(tail)) => {
                out.push_str(head);
                out.extend(name.chars().rev());
                rest = tail;
            }
            _ => {
                out.push_str(head);
                out.extend(name.chars().rev());
            }
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')
}

/// How long the host is with which a text begins; 0 if it begins with none.
fn host_of(text: &str) -> usize {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(text.len());
    let host = text.get(..end).unwrap_or_default().trim_end_matches(['.', '-']);
    let has_end = host
        .rsplit_once('.')
        .is_some_and(|(head, end)| !head.is_empty() && end.len() > 1 && end.chars().all(|c| c.is_ascii_alphabetic()));
    if has_end { host.len() } else { 0 }
}

/// Takes the mail addresses out of every text in a value. Returns how many texts had one.
pub fn take_mail_out(value: &mut Value) -> usize {
    match value {
        Value::String(text) => match without_mail(text) {
            Some(plain) => {
                *text = plain.into();
                1
            }
            None => 0,
        },
        Value::Array(all) => Arc::make_mut(all).iter_mut().map(take_mail_out).sum(),
        Value::Object(map) => Arc::make_mut(map).iter_mut().map(|(_, value)| take_mail_out(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_stay_and_addresses_go() {
        for (text, plain) in [
            ("Ida Berg <ida.berg@acme.com>", "Ida Berg"),
            ("<ida@acme.com>", "ida"),
            ("ida@acme.co.uk", "ida"),
            ("ida@acme.com, Omar <omar@acme.com>", "ida, Omar"),
            ("Write to ida@acme.com.", "Write to ida."),
            ("[Ida](mailto:ida@acme.com)", "[Ida](ida)"),
            ("Sütő Ida <ida@acme.com>; ömer@acme.com", "Sütő Ida; ömer"),
        ] {
            assert_eq!(without_mail(text).as_deref(), Some(plain), "{text}");
        }
        for text in ["@ida", "meet @ noon", "a@b", "user@localhost", "ida", "@media (min-width: 3em)", "x @acme.com"] {
            assert_eq!(without_mail(text), None, "{text}");
        }
    }

    #[test]
    fn every_text_of_a_value_is_looked_at() {
        let mut value = crate::json!({"a": ["x@y.de", 3, {"b": "Ida <i@y.de>"}], "c": "no"});
        assert_eq!(take_mail_out(&mut value), 2);
        assert_eq!(value, crate::json!({"a": ["x", 3, {"b": "Ida"}], "c": "no"}));
    }
}

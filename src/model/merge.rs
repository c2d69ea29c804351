//! Merges two changes of one cell: text by lines, lists by elements; of single values the later line wins.

use crate::model::saturating::put_at;
use crate::model::value::{Map, Shape, Value, element_name};
use std::sync::Arc;

/// The outcome for a cell that changed from `base` to `mine` here and to `theirs` there.
#[derive(Clone, PartialEq, Debug)]
pub enum Met {
    /// Both changes are in it.
    Merged(Value),
    /// Only one can stay: the later one wins, the other is kept as a conflict.
    Torn,
}

/// Merges two changes of one cell of the given shape.
pub fn meet(shape: Shape, base: &Value, mine: &Value, theirs: &Value) -> Met {
    if mine == theirs || base == theirs {
        return Met::Merged(mine.clone());
    }
    if base == mine {
        return Met::Merged(theirs.clone());
    }
    match shape {
        Shape::Prose => meet_prose(text(base), text(mine), text(theirs)),
        Shape::Labels | Shape::Links | Shape::Criteria | Shape::Tasks | Shape::Measures => {
            meet_lists(list(base), list(mine), list(theirs), Clash::Tears)
        }
        // Facts about different records never conflict; about the same record, the later step knows better.
        Shape::Entries => meet_lists(list(base), list(mine), list(theirs), Clash::LaterStands),
        // The target and the readings of a measure are two things.
        Shape::Measure => match meet_element(Some(base.clone()), mine, theirs, Clash::Tears) {
            Some(both) => Met::Merged(both),
            None => Met::Torn,
        },
        _ => Met::Torn,
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The pairs of lines that two texts have in common, in order (longest common subsequence).
fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let width = b.len().saturating_add(1);
    let mut longest = vec![0u32; a.len().saturating_add(1).saturating_mul(width)];
    // Wrapping is fast and never happens: every index of a table that fits in memory is representable, including its
    // end.
    let place = |i: usize, j: usize| i.wrapping_mul(width).wrapping_add(j);
    let at = |longest: &[u32], i: usize, j: usize| longest.get(place(i, j)).copied().unwrap_or(0);
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let (next_i, next_j) = (i.wrapping_add(1), j.wrapping_add(1));
            let best = if a.get(i) == b.get(j) {
                at(&longest, next_i, next_j).wrapping_add(1)
            } else {
                at(&longest, next_i, j).max(at(&longest, i, next_j))
            };
            if let Some(cell) = longest.get_mut(place(i, j)) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        let (next_i, next_j) = (i.saturating_add(1), j.saturating_add(1));
        if a.get(i) == b.get(j) {
            pairs.push((i, j));
            (i, j) = (next_i, next_j);
        } else if at(&longest, next_i, j) >= at(&longest, i, next_j) {
            i = next_i;
        } else {
            j = next_j;
        }
    }
    pairs
}

/// The largest table of lines × lines that is worth merging; beyond it the later text wins.
const LARGEST_TABLE: usize = 4_000_000;

fn meet_prose(base: &str, mine: &str, theirs: &str) -> Met {
    let lines = |text| str::split(text, '\n').collect::<Vec<&str>>();
    let (base, mine, theirs) = (lines(base), lines(mine), lines(theirs));
    if base.len().saturating_mul(mine.len().max(theirs.len())) > LARGEST_TABLE {
        return Met::Torn;
    }
    match three_way(&base, &mine, &theirs) {
        Some(all) => Met::Merged(Value::from(all.join("\n"))),
        None => Met::Torn,
    }
}

/// Walks the sections between lines common to all three; each can have changed on only one side.
fn three_way<'a>(base: &[&'a str], mine: &[&'a str], theirs: &[&'a str]) -> Option<Vec<&'a str>> {
    let (with_mine, with_theirs) = (common(base, mine), common(base, theirs));
    let partner = |pairs: &[(usize, usize)], line: usize| pairs.iter().find(|(i, _)| *i == line).map(|(_, j)| *j);
    let mut out: Vec<&str> = Vec::new();
    let (mut at, mut at_mine, mut at_theirs) = (0, 0, 0);
    for line in 0..=base.len() {
        let ends = match base.get(line) {
            None => Some((mine.len(), theirs.len())),
            Some(_) => partner(&with_mine, line).zip(partner(&with_theirs, line)),
        };
        let Some((mine_end, theirs_end)) = ends else { continue };
        let was = base.get(at..line).unwrap_or_default();
        let here = mine.get(at_mine..mine_end).unwrap_or_default();
        let there = theirs.get(at_theirs..theirs_end).unwrap_or_default();
        if here == there || there == was {
            out.extend(here);
        } else if here == was {
            out.extend(there);
        } else if line == base.len() && was.is_empty() && line > 0 {
            out.extend(both_added(here, there));
        } else {
            return None;
        }
        out.extend(base.get(line));
        (at, at_mine, at_theirs) = (line.saturating_add(1), mine_end.saturating_add(1), theirs_end.saturating_add(1));
    }
    Some(out)
}

/// Identifies an element of a list: its id, or its original text, and its index among equals.
fn names(all: &[Value]) -> Vec<(String, usize)> {
    let mut out: Vec<(String, usize)> = Vec::new();
    for one in all {
        let own = |key: &str| one.get(key).and_then(Value::as_str);
        let name = match one {
            Value::String(text) => text.to_string(),
            _ => own("id")
                .or_else(|| own("item"))
                .or_else(|| own("rule"))
                .map(str::to_string)
                .unwrap_or_else(|| element_name(own("text").or_else(|| own("name")).unwrap_or_default())),
        };
        let nth = out.iter().filter(|(known, _)| *known == name).count();
        out.push((name, nth));
    }
    out
}

/// Merges one key of an element that both sides changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clash {
    Tears,
    LaterStands,
}

fn meet_lists(base: &[Value], mine: &[Value], theirs: &[Value], clash: Clash) -> Met {
    let (base_names, mine_names, their_names) = (names(base), names(mine), names(theirs));
    let find = |names: &[(String, usize)], all: &[Value], name: &(String, usize)| -> Option<Value> {
        names.iter().position(|known| known == name).and_then(|at| all.get(at)).cloned()
    };
    let mut out: Vec<((String, usize), Value)> = Vec::new();
    for (name, one) in mine_names.iter().zip(mine) {
        match (find(&base_names, base, name), find(&their_names, theirs, name)) {
            // Removed there: gone, unless it was changed here.
            (Some(was), None) if was == *one => {}
            (Some(was), Some(there)) if was == *one => out.push((name.clone(), there)),
            (was, Some(there)) if there != *one && was.as_ref() != Some(&there) => {
                match meet_element(was, one, &there, clash) {
                    Some(both) => out.push((name.clone(), both)),
                    None => return Met::Torn,
                }
            }
            _ => out.push((name.clone(), one.clone())),
        }
    }
    for (place, (name, one)) in their_names.iter().zip(theirs).enumerate() {
        let known_here = mine_names.contains(name);
        let was = find(&base_names, base, name);
        if known_here || was.as_ref() == Some(one) {
            continue;
        }
        // New there, or changed there and removed here: inserted after its neighbour.
        let neighbour = place.checked_sub(1).and_then(|at| their_names.get(at));
        let at = neighbour
            .and_then(|near| out.iter().position(|(known, _)| known == near))
            .map_or(out.len(), |near| near.saturating_add(1));
        put_at(&mut out, at, (name.clone(), one.clone()));
    }
    if out.is_empty() {
        return Met::Merged(Value::Null);
    }
    Met::Merged(out.into_iter().map(|(_, one)| one).collect())
}

/// Merges one element that both sides changed, key by key, if no key was changed twice.
fn meet_element(base: Option<Value>, mine: &Value, theirs: &Value, clash: Clash) -> Option<Value> {
    let base = base.unwrap_or_default();
    let (Value::Object(mine), Value::Object(theirs)) = (mine, theirs) else { return None };
    let mut out = Map::clone(mine);
    let keys: Vec<&Arc<str>> = mine.keys().chain(theirs.keys()).collect();
    for key in keys {
        let was = base.get(key);
        let (here, there) = (mine.get(key), theirs.get(key));
        if here == there || there == was {
            continue;
        }
        if here != was {
            if clash == Clash::LaterStands {
                continue;
            }
            return None;
        }
        match there {
            Some(value) => out.insert(key.clone(), value.clone()),
            None => out.remove(key),
        };
    }
    Some(Value::from(out))
}

/// What two added at the end: those written first come first, and what both begin or end with stands once.
fn both_added<'a>(mine: &[&'a str], theirs: &[&'a str]) -> Vec<&'a str> {
    let says = |lines: &[&str]| lines.iter().any(|line| !line.trim().is_empty());
    let alike = |(a, b): &(&&str, &&str)| a == b;
    let head = mine.iter().zip(theirs).take_while(alike).count();
    let head = if says(mine.get(..head).unwrap_or_default()) { head } else { 0 };
    let (head_lines, rest) = mine.split_at_checked(head).unwrap_or((mine, &[]));
    let others = theirs.get(head..).unwrap_or_default();
    let tail = rest.iter().rev().zip(others.iter().rev()).take_while(alike).count();
    let (rest, tail_lines) = rest.split_at_checked(rest.len().saturating_sub(tail)).unwrap_or((rest, &[]));
    let (rest, tail_lines) =
        if says(tail_lines) { (rest, tail_lines) } else { (mine.get(head..).unwrap_or_default(), &[][..]) };
    let others = others.get(..others.len().saturating_sub(tail_lines.len())).unwrap_or_default();
    [head_lines, others, rest, tail_lines].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn no_line_that_two_people_added_is_lost() {
        let base = json!("one");
        let met = |mine: &str, theirs: &str| {
            let of = |added: &str| json!(format!("one\n{added}"));
            match meet(Shape::Prose, &base, &of(mine), &of(theirs)) {
                Met::Merged(all) => all.as_str().unwrap_or_default().replace('\n', "|"),
                Met::Torn => String::new(),
            }
        };
        assert_eq!(met("\nA\n\nB", "\nC"), "one||C||A||B", "paragraphs stay apart");
        assert_eq!(met("```\na\n```", "```\nb\n```"), "one|```|b|a|```", "what both begin and end with stands once");
        assert_eq!(met("- x\n- y\n- x", "- x"), "one|- x|- y|- x");
        assert_eq!(met("mine", "theirs"), "one|theirs|mine");
    }

    #[test]
    fn prose_meets_by_lines() {
        let base = json!("one\ntwo\nthree");
        let met = meet(Shape::Prose, &base, &json!("ONE\ntwo\nthree"), &json!("one\ntwo\nthree\nfour"));
        assert_eq!(met, Met::Merged(json!("ONE\ntwo\nthree\nfour")));
        let added = meet(Shape::Prose, &base, &json!("one\ntwo\nthree\nmine"), &json!("one\ntwo\nthree\ntheirs"));
        assert_eq!(added, Met::Merged(json!("one\ntwo\nthree\ntheirs\nmine")));
        let torn = meet(Shape::Prose, &base, &json!("one\n2\nthree"), &json!("one\nzwei\nthree"));
        assert_eq!(torn, Met::Torn);
    }

    #[test]
    fn lists_meet_by_element() {
        let base = json!([{"text": "a"}, {"text": "b"}]);
        let mine = json!([{"text": "a", "met": true}, {"text": "b"}, {"text": "mine"}]);
        let theirs = json!([{"text": "a"}, {"text": "between"}, {"text": "b", "met": true}]);
        let all =
            json!([{"text": "a", "met": true}, {"text": "between"}, {"text": "b", "met": true}, {"text": "mine"}]);
        assert_eq!(meet(Shape::Criteria, &base, &mine, &theirs), Met::Merged(all));
    }

    #[test]
    fn entries_meet_by_the_record_they_are_about() {
        let base = json!([{"item": "A", "points": 3, "added": "x"}, {"item": "B", "added": "x"}]);
        let mine = json!([{"item": "A", "points": 3, "added": "x", "done": "mine"}, {"item": "B", "added": "x"}]);
        let theirs = json!([{"item": "A", "points": 3, "added": "x"}, {"item": "B", "added": "x", "done": "theirs"},
                            {"item": "C", "added": "y"}]);
        let all = json!([{"item": "A", "points": 3, "added": "x", "done": "mine"},
                         {"item": "B", "added": "x", "done": "theirs"}, {"item": "C", "added": "y"}]);
        assert_eq!(meet(Shape::Entries, &base, &mine, &theirs), Met::Merged(all));
        let later = json!([{"item": "A", "points": 3, "added": "x", "done": "theirs"}, {"item": "B", "added": "x"}]);
        assert_eq!(meet(Shape::Entries, &base, &mine, &later), Met::Merged(mine));
    }

    #[test]
    fn a_measure_meets_part_by_part() {
        let base = json!({"name": "Bookings", "from": 38, "target": 55});
        let mine = json!({"name": "Bookings", "from": 38, "target": 70});
        let theirs = json!({"name": "Bookings made", "from": 38, "target": 55});
        let both = json!({"name": "Bookings made", "from": 38, "target": 70});
        assert_eq!(meet(Shape::Measure, &base, &mine, &theirs), Met::Merged(both));
        let torn = json!({"name": "Bookings", "from": 38, "target": 60});
        assert_eq!(meet(Shape::Measure, &base, &mine, &torn), Met::Torn);
    }

    #[test]
    fn one_value_cannot_be_both() {
        assert_eq!(meet(Shape::Amount, &json!(1), &json!(2), &json!(3)), Met::Torn);
        assert_eq!(meet(Shape::Amount, &json!(1), &json!(2), &json!(2)), Met::Merged(json!(2)));
    }
}

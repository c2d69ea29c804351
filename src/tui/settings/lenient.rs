//! A TOML file with possibly invalid lines: these are reported and left out, the rest applies.

use crate::tui::term::text::times;
use toml_edit::{Document, Table};

/// A line of the file, counted from 1, and what is wrong with it.
pub type Trouble = (usize, String);

/// This many invalid lines are skipped; a file with more is not considered a settings file.
const MOST: usize = 40;

/// Everything readable. Invalid lines are blanked, so that the others keep their positions.
pub fn parse(text: &str) -> (Table, Vec<Trouble>) {
    let mut lines: Vec<String> = text.split('\n').map(str::to_string).collect();
    let mut troubles = Vec::new();
    for _ in 0..MOST {
        let whole = lines.join("\n");
        let (line, message) = match attempt(&whole) {
            Ok(table) => return (table, troubles),
            Err(fault) => fault,
        };
        // Without the same key above, this line reads: it was said twice.
        let is_twice = |earlier: &usize| reach(&lines, *earlier) > line;
        let (gone, trouble) = match twin(&lines, line).filter(is_twice) {
            Some(earlier) => {
                (earlier, (line, format!("it is also in line {}; the last one applies", earlier.saturating_add(1))))
            }
            None => {
                let gone = guilty(&lines, line);
                (gone, (gone, format!("it is invalid: {message}")))
            }
        };
        troubles.push((trouble.0.saturating_add(1), trouble.1));
        if !blank(&mut lines, gone) {
            break;
        }
    }
    (Table::new(), vec![(1, "it is not TOML, so nothing of it was used".to_string())])
}

fn attempt(text: &str) -> Result<Table, (usize, String)> {
    match Document::parse(text) {
        Ok(document) => Ok(document.into_table()),
        Err(error) => {
            let at = error.span().map_or(text.len(), |span| span.start);
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count();
            // What else the parser expected is only useful to parser authors.
            let message = error.message().lines().next().unwrap_or_default();
            let message = message.split(", expected").next().unwrap_or(message).to_string();
            Err((line, message))
        }
    }
}

/// How far the file reads where a line is left out.
fn reach(lines: &[String], gone: usize) -> usize {
    let mut rest = lines.to_vec();
    blank(&mut rest, gone);
    attempt(&rest.join("\n")).map_or_else(|(line, _)| line, |_| usize::MAX)
}

/// Finds the invalid line: the one at which parsing stopped, or an unclosed statement above it, whichever lets more be
/// read when it is left out.
fn guilty(lines: &[String], line: usize) -> usize {
    let reaches = |gone: usize| reach(lines, gone);
    let begins = |text: &str| text.trim_start().starts_with('[') || text.contains('=');
    let last = line.min(lines.len().saturating_sub(1));
    let above = lines.iter().take(last).rposition(|text| begins(text));
    match above {
        Some(above) if reaches(above) > reaches(last) => above,
        _ => last,
    }
}

/// The line above with the same key in the same table.
fn twin(lines: &[String], line: usize) -> Option<usize> {
    let key = |text: &str| text.split_once('=').map(|(key, _)| key.trim().to_string());
    let wanted = key(lines.get(line)?)?;
    let begin = lines.iter().take(line).rposition(|text| text.trim_start().starts_with('[')).unwrap_or(0);
    (begin..line).rev().find(|at| lines.get(*at).and_then(|text| key(text)).as_ref() == Some(&wanted))
}

/// Blanks a line, byte for byte. Returns false if there is nothing to blank.
fn blank(lines: &mut [String], at: usize) -> bool {
    match lines.get_mut(at).filter(|line| !line.trim().is_empty()) {
        Some(line) => {
            *line = times(" ", line.len());
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_does_not_read_costs_only_itself() {
        let (table, troubles) = parse("theme = \"dark\"\nquit = once\nhints = \"off\"\n");
        assert_eq!(troubles.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2]);
        assert_eq!(table.len(), 2);
    }

    #[test]
    fn a_list_that_is_never_closed_costs_only_its_line() {
        let (table, troubles) =
            parse("mouse = true\npoints = [1, 2\ntheme = \"dark\"\n[keys.list]\n\"x\" = \"tick\"\n");
        assert_eq!(troubles.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2], "{troubles:?}");
        assert!(table.contains_key("theme") && table.contains_key("keys"));
    }

    #[test]
    fn of_a_key_that_is_there_twice_the_last_one_counts() {
        let (table, troubles) = parse("[keys.list]\n\"x\" = \"tick\"\n\"y\" = \"add\"\n\"x\" = \"undo\"\n");
        assert_eq!(troubles, [(4, "it is also in line 2; the last one applies".to_string())]);
        assert_eq!(table["keys"]["list"]["x"].as_str(), Some("undo"));
    }

    #[test]
    fn what_is_no_toml_at_all_is_said_once() {
        let (table, troubles) = parse(&"{ \"json\": 1 }\n".repeat(100));
        assert!(table.is_empty() && troubles.len() == 1, "{troubles:?}");
        let (table, troubles) = parse("\u{0}\u{1}");
        assert!(table.is_empty() && !troubles.is_empty());
    }
}

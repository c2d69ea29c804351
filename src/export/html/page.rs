//! The parts that every section is made of: the frame of the document, headings with their ids, tables and lists of
//! facts.

use crate::export::html::escape::escape;
use crate::export::html::look;

/// A document while its sections are added.
#[derive(Default)]
pub struct HtmlPage {
    links: String,
    body: String,
}

impl HtmlPage {
    /// Adds a section; one without anything in it is left out. The title is plain text.
    pub fn section(&mut self, id: &str, title: &str, body: &str) {
        if body.is_empty() {
            return;
        }
        let title = escape(title);
        self.links.push_str(&format!("<li><a href=\"#{id}\">{title}</a></li>\n"));
        self.body.push_str(&format!(
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n{body}</section>\n"
        ));
    }

    /// Whether it has this section.
    pub fn has(&self, id: &str) -> bool {
        self.links.contains(&format!("href=\"#{id}\""))
    }

    /// Whether a column or a value is called that.
    pub fn has_label(&self, label: &str) -> bool {
        self.body.contains(&format!("<th scope=\"col\">{label}</th>"))
            || self.body.contains(&format!("<dt>{label}</dt>"))
    }

    /// The whole document. Name and end are plain text, what stands below the name is ready-made.
    pub fn document(&self, name: &str, below: &str, end: &str) -> String {
        let nav = match self.links.as_str() {
            "" => String::new(),
            links => format!("<nav aria-label=\"Sections\">\n<ul>\n{links}</ul>\n</nav>\n"),
        };
        let body = if self.body.is_empty() { "<p>There is nothing to report yet.</p>\n" } else { &self.body };
        let (name, sheet, end) = (escape(name), look::sheet(), escape(end));
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{name}: report</title>\n<style>\n{sheet}</style>\n</head>\n<body>\n\
             <header>\n<h1><bdi>{name}</bdi></h1>\n{below}</header>\n{nav}<main>\n{body}</main>\n\
             <footer>\n<p>{end}</p>\n</footer>\n</body>\n</html>\n"
        )
    }
}

/// A heading with ready-made words.
pub fn heading(level: u8, words: &str) -> String {
    format!("<h{level}>{words}</h{level}>\n")
}

/// Labels with ready-made values; empty ones are left out.
pub fn facts(rows: &[(&str, String)]) -> String {
    let rows: String = rows
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| format!("<dt>{}</dt>\n<dd>{}</dd>\n", escape(label), value.trim_end()))
        .collect();
    if rows.is_empty() { rows } else { format!("<dl>\n{rows}</dl>\n") }
}

/// A table. The first cell of a row is its heading; all cells are ready-made.
pub struct HtmlTable<'a> {
    /// Its caption has this id.
    pub id: &'a str,
    /// Plain text.
    pub caption: &'a str,
    pub heads: &'a [&'a str],
    /// Numbers are set to the right.
    pub numbers: bool,
    pub rows: Vec<Vec<String>>,
}

impl HtmlTable<'_> {
    /// In a region of its own that can be moved sideways by keyboard where the page is narrow.
    pub fn html(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let heads: String = self.heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", escape(head))).collect();
        let row = |cells: &Vec<String>| {
            let cell = |(nth, cell): (usize, &String)| match nth {
                0 => format!("<th scope=\"row\">{cell}</th>"),
                _ => format!("<td>{cell}</td>"),
            };
            format!("<tr>{}</tr>\n", cells.iter().enumerate().map(cell).collect::<String>())
        };
        let rows: String = self.rows.iter().map(row).collect();
        let class = if self.numbers { " class=\"numbers\"" } else { "" };
        format!(
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"{0}\" tabindex=\"0\">\n<table{class}>\n\
             <caption id=\"{0}\">{1}</caption>\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n",
            self.id,
            escape(self.caption),
        )
    }
}

//! How a person settles what changed on both sides: for all of it, for a record, or for one field of a record.

use crate::model::field::Field;

/// Whose value stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    Mine,
    Theirs,
}

/// What a person said about a place that reads like a known one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Renamed {
    Same,
    Another,
}

/// The answers that were given; whatever has none stays open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settling {
    /// For everything that is not named.
    pub all: Option<Whose>,
    pub named: Vec<(Answered, Whose)>,
    /// Whether a place that reads like a known one is that one; asked where this is open.
    pub renamed: Option<Renamed>,
}

/// `S24`, or `S24.title`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub text: String,
    record: String,
    field: Option<String>,
}

impl Answered {
    pub fn parse(text: &str) -> Answered {
        let (record, field) = match text.split_once('.') {
            Some((record, field)) => (record, Some(field.trim().to_string())),
            None => (text, None),
        };
        Answered { text: text.to_string(), record: record.trim().to_string(), field }
    }

    /// A field goes by its key or by its label.
    fn means(&self, record: &str, field: &Field) -> bool {
        let is_field = |name: &String| name.eq_ignore_ascii_case(field.key) || name.eq_ignore_ascii_case(field.label);
        self.record.eq_ignore_ascii_case(record) && self.field.as_ref().is_none_or(is_field)
    }
}

impl Settling {
    /// The answer for a field of a record, if it was named; that for a field counts before that for its record.
    pub fn named(&self, record: &str, field: &Field) -> Option<Whose> {
        let all = || self.named.iter().filter(|(named, _)| named.means(record, field));
        all().find(|(named, _)| named.field.is_some()).or_else(|| all().next()).map(|(_, side)| *side)
    }

    /// The answer for a field of a record.
    pub fn of(&self, record: &str, field: &Field) -> Option<Whose> {
        self.named(record, field).or(self.all)
    }

    /// What was named and means none of these fields of records.
    pub fn idle<'a>(&'a self, all: &'a [(String, &'static Field)]) -> impl Iterator<Item = &'a str> {
        let is_idle = |named: &Answered| !all.iter().any(|(record, field)| named.means(record, field));
        self.named.iter().filter(move |(named, _)| is_idle(named)).map(|(named, _)| named.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::Kind;

    #[test]
    fn the_nearer_answer_counts() {
        let field = |key: &str| Kind::BacklogItem.field(key).unwrap();
        let named = vec![(Answered::parse("s3"), Whose::Theirs), (Answered::parse("S3.Title"), Whose::Mine)];
        let settling = Settling { named, ..Settling::default() };
        assert_eq!(settling.of("S3", field("title")), Some(Whose::Mine));
        assert_eq!(settling.of("S3", field("notes")), Some(Whose::Theirs));
        assert_eq!(settling.of("S4", field("notes")), None);
        let all = Settling { all: Some(Whose::Theirs), ..settling };
        assert_eq!(all.of("S4", field("notes")), Some(Whose::Theirs));
        assert_eq!(all.named("S4", field("notes")), None);
        let met = [("S3".to_string(), field("notes"))];
        assert_eq!(all.idle(&met).collect::<Vec<_>>(), ["S3.Title"]);
    }
}

//! How people and tools write their lists, apart from what the formats say: columns by other names, cells with several
//! values, rows that belong to something without a row.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::harness::trial::{Trial, parse};
use whyhow::json;
use whyhow::model::schema::{BacklogItem, ItemStatus, Sprint};
use whyhow::options::Options;

/// The product with a file in it, imported twice.
fn taken(name: &str, text: &str) -> Trial {
    let mut trial = Trial::new();
    trial.import(&parse(name, text, &Options::default()));
    trial
}

#[test]
fn a_day_that_the_import_filled_in_is_no_change_of_yours() {
    let text = "ID,Title,Status,Created,Completed\nA-1,Auth,Done,,\nA-2,Login,Todo,2026-01-01T00:00:00Z,\n";
    let again = taken("list.csv", text).plan(&parse("list.csv", text, &Options::default()));
    assert!(!again.report.text().contains("kept on"), "{}", again.report.text());
}

mod markdown_tables {
    use super::*;

    const PAGE: &str = "# Ferry\n\n## Open\n\n\
        | ID | Title | Status | Points | Sprint | Created | Severity |\n|----|:-----|--------|---|---|---|---|\n\
        | US-1 | [Pay](pay.md) \\| refund | ✅ Done | 3 | Sprint 1 | 2026-02-14 | high |\n\
        | US-2 | Sail | ⏳ | 5 | - | | |\n| 1 | Dock | 🚧 In progress | | Sprint 1 | | |\n\n\
        ## Next\n\n- [ ] Write the timetable\n- [x] Ask the captain\n";

    #[test]
    fn they_are_read_with_the_boxes_beside_them_and_as_any_table() {
        for name in ["list.md", "-", "list.txt"] {
            let trial = taken(name, PAGE);
            let titles: Vec<String> = trial.product.all::<BacklogItem>().map(|item| item.title.to_string()).collect();
            assert_eq!(titles, ["Pay | refund", "Sail", "Dock", "Write the timetable", "Ask the captain"], "{name}");
            let pay = trial.item("US-1");
            assert_eq!((pay.status, pay.points.unwrap().to_string()), (ItemStatus::Done, "3".to_string()));
            assert_eq!(pay.created.unwrap().to_string()[..10], *"2026-02-14");
            assert_eq!(pay.extra.0["markdown"]["Severity"], json!(["high"]));
            assert_eq!(trial.item("US-2").status, ItemStatus::Doing);
            assert_eq!(trial.item("US-2").sprint, None);
            let sprints: Vec<_> = trial.product.all::<Sprint>().map(|one| (one.goal.to_string(), one.id)).collect();
            assert_eq!((&*sprints[0].0, sprints.len(), pay.sprint), ("Sprint 1", 1, Some(sprints[0].1)));
        }
    }

    #[test]
    fn a_row_with_another_title_is_the_story_of_its_key() {
        let mut trial = taken("list.md", PAGE);
        let newer = PAGE.replace("Sail", "Sail at dawn").replace("Dock", "Dock at noon");
        let plan = trial.import(&parse("list.md", &newer, &Options::default()));
        assert_eq!(plan.report.total(|one| one.new), 0, "{}", plan.report.text());
        assert_eq!(&*trial.item("US-2").title, "Sail at dawn");
    }

    #[test]
    fn a_table_with_boxes_in_its_texts_is_a_table() {
        let text = "ID,Title,Description\n1,Pay,\"Do\n- [ ] first\n- [x] then\n\"\n2,Sail,\n";
        assert_eq!(parse("-", text, &Options::default()).format, "CSV");
        assert_eq!(parse("list.csv", "Title|State\na|-\nb|done\n", &Options::default()).format, "CSV");
    }
}

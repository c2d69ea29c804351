//! Changes on the roadmap, as Markdown.

use crate::insight::roadmap_diff::Moved;
use crate::insight::text::headline;
use crate::model::product::Product;

/// A list under each changed roadmap item. `since` describes the start of the window.
pub fn changes(product: &Product, since: &str, moved: &[Moved]) -> String {
    let mut out = vec![format!("# {}: changes on the roadmap since {since}", product.name())];
    let mut last = None;
    for one in moved {
        if last != Some(one.item) {
            out.push(format!("\n## {}\n", headline(product, one.item)));
            last = Some(one.item);
        }
        let by = one.by.as_ref().map(|(by, at)| format!(" ({by}, {})", at.day())).unwrap_or_default();
        out.push(format!("- **{}** {}{by}", one.side.word(), one.what));
    }
    if moved.is_empty() {
        out.push("\nNothing.".to_string());
    }
    out.join("\n")
}

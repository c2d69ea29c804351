//! What a running sprint holds, and what goes out of it for a story that comes in.

use crate::actions::Context;
use crate::actions::sprint::{plan, unplan};
use crate::insight::burndown::points;
use crate::insight::sprint::{entry_of, figures, is_open, size_words};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{BacklogItem, Sprint};
use crate::model::value::Amount;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::{clean, fit, width};

/// An open story of the sprint.
struct Inside {
    story: Id,
    name: String,
    title: String,
    /// Its size in the sprint, and the one of today.
    points: Option<Amount>,
    now: Option<Amount>,
    goes: bool,
}

/// The open stories of a running sprint, of which some go out.
pub struct Exchange {
    pub sprint: Id,
    pub name: String,
    holds: Amount,
    capacity: Option<Amount>,
    inside: Vec<Inside>,
}

impl Exchange {
    pub fn of(product: &Product, sprint: &Sprint, coming: &[Id]) -> Exchange {
        let is_inside = |item: &&std::sync::Arc<BacklogItem>| item.sprint == Some(sprint.id) && is_open(item);
        let inside = product.all::<BacklogItem>().filter(is_inside).filter(|item| !coming.contains(&item.id));
        let inside = inside.map(|item| Inside {
            story: item.id,
            name: product.name_of(item.id),
            title: item.title.to_string(),
            points: entry_of(sprint, item.id).map_or(item.points, |entry| entry.points),
            now: item.points,
            goes: false,
        });
        Exchange {
            sprint: sprint.id,
            name: product.name_of(sprint.id),
            holds: figures(&sprint.entries, false).scope().points,
            capacity: sprint.capacity,
            inside: inside.collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.inside.len()
    }

    pub fn is_empty(&self) -> bool {
        self.inside.is_empty()
    }

    /// Takes a story out, or leaves it in after all.
    pub fn flip(&mut self, at: usize) {
        if let Some(one) = self.inside.get_mut(at) {
            one.goes = !one.goes;
        }
    }

    /// `, S14 out`: what goes, as the end of a sentence.
    pub fn out(&self) -> String {
        let out: Vec<&str> = self.inside.iter().filter(|one| one.goes).map(|one| one.name.as_str()).collect();
        if out.is_empty() { String::new() } else { format!(", {} out", out.join(" ")) }
    }

    /// What the sprint would hold with so many points more, and whether that is too much.
    pub fn balance(&self, comes: Amount) -> (String, bool) {
        let goes: Amount = self.inside.iter().filter(|one| one.goes).filter_map(|one| one.points).sum();
        let all = Amount::hundredths(
            self.holds.in_hundredths().saturating_add(comes.in_hundredths()).saturating_sub(goes.in_hundredths()),
        );
        let Some(capacity) = self.capacity else {
            return (format!("The sprint holds {} now and would hold {all}.", points(self.holds)), false);
        };
        let over = all.in_hundredths().saturating_sub(capacity.in_hundredths());
        let word = if over > 0 { format!(" {} too many.", Amount::hundredths(over)) } else { " It fits.".to_string() };
        (format!("The sprint holds {} now and would hold {all} of {}.{word}", self.holds, points(capacity)), over > 0)
    }

    /// Takes the ticked stories out and these in, with one reason for both.
    pub fn step(
        &self,
        product: &Product,
        stories: &[Id],
        reason: &str,
        context: &mut Context,
    ) -> Result<Step, Refusal> {
        let going: Vec<Id> = self.inside.iter().filter(|one| one.goes).map(|one| one.story).collect();
        let mut step = if going.is_empty() {
            Step::default()
        } else {
            unplan(product, Some(self.sprint), &going, reason, context)?
        };
        let mut after = product.clone();
        after.apply(&step).map_err(|why| Refusal::new(why, "Nothing was changed."))?;
        let into = plan(&after, self.sprint, stories, reason, context)?;
        step.label = into.label.clone();
        step.join(into);
        Ok(step)
    }

    /// The columns in which no row is cut.
    pub fn needed(&self) -> usize {
        let row = |one: &Inside| width(&one.name).saturating_add(width(&clean(&one.title))).saturating_add(24);
        self.inside.iter().map(row).max().unwrap_or(0)
    }

    /// One story as a row with its box.
    pub fn row(&self, ui: &Ui, at: usize, chosen: bool, columns: usize) -> String {
        let Some(one) = self.inside.get(at) else { return String::new() };
        let pointer = if chosen { ui.theme.pointer() } else { " " };
        let mark = match (ui.theme.bare, one.goes) {
            (true, true) => "goes out ".to_string(),
            (true, false) => "stays    ".to_string(),
            (false, true) => format!("[{}]", ui.theme.tick()),
            (false, false) => "[ ]".to_string(),
        };
        let size = size_words(one.points, one.now);
        let tail = format!("{size:>4}{}", if one.goes { "  out" } else { "     " });
        let head = format!("{mark}{pointer}{} {}", one.name, clean(&one.title));
        format!("{}{tail}", fit(&head, columns.saturating_sub(width(&tail))))
    }
}

//! The answers that the person at the keyboard has read. Nothing of it is in the product.

use crate::insight::answers::answers_to;
use crate::insight::attention::{AttentionItem, AttentionKind, needs};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::tui::state::ui::Ui;
use rustc_hash::FxHashSet;

/// The answers that were read.
#[derive(Clone, Default)]
pub struct ReadAnswers(pub FxHashSet<Id>);

impl Ui {
    /// The answers to what this person asked or proposed that wait to be read.
    pub fn new_answers(&self, product: &Product) -> Vec<Id> {
        let all = answers_to(product, &self.by, self.today);
        all.into_iter().filter(|id| self.slots.get::<ReadAnswers>().is_none_or(|read| !read.0.contains(id))).collect()
    }

    /// Marks these answers as read, and forgets those that are too old to be shown.
    pub fn read_answers(&mut self, product: &Product, ids: &[Id]) {
        let all = answers_to(product, &self.by, self.today);
        let mut read = self.slots.take::<ReadAnswers>().unwrap_or_default().0;
        read.extend(ids);
        read.retain(|id| all.contains(id));
        self.slots.choose(ReadAnswers(read));
    }

    /// What `n` goes through: what needs this person, each record once, then what nobody has sorted.
    pub fn needs(&self, product: &Product) -> Vec<AttentionItem> {
        let (unsorted, mut out): (Vec<_>, Vec<_>) =
            needs(product, self.role, self.today).into_iter().partition(|one| one.kind == AttentionKind::Unsorted);
        let answers = self.new_answers(product);
        out.extend(answers.into_iter().map(|on| AttentionItem { on, kind: AttentionKind::Answered }));
        out.extend(unsorted);
        let mut known = FxHashSet::default();
        out.retain(|one| known.insert(one.on));
        out
    }
}

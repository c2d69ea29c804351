//! The table: every kind of record and every field, each declared once.
//!
//! A row reads: owner, key, type, label on screen; `to` names the kinds to which it may link, `by "item.status"`
//! names the actions that set it with their guards, instead of a form, and `no reason` marks a why that others do not
//! depend on, such as a name. The doc comment is the hint on screen. The first field of a kind is its name for
//! people.

use crate::model::declare::{cell_functions, entities, head_field, once};
use crate::model::field::{Entity, Field, OneOrMany, Record, TypedField, left_out, said, typed};
use crate::model::id::Id;
use crate::model::rank::Rank;
use crate::model::role::Owner;
use crate::model::snapshot_types::{
    Agreement, DoneCheck, EarlierEnd, ForecastSnapshot, HowSeen, ProposedCell, RuleSnapshot, ShownStep, SprintEntry,
};
use crate::model::strict::Strict;
use crate::model::table::{AnyTable, Table};
use crate::model::value::{
    Amount, Any, Cell, Choice, Confirmation, Criterion, Day, Extra, Labels, LastNumbers, Life, Line, Measure, Prose,
    Shape, Source, Task, Token, Unknown, Value, When, choices,
};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};

/// The version of the files. A product with a higher minor opens read-only.
pub const FORMAT: &str = "1.0";

/// The kinds whose table a product has.
pub trait Shelved: Entity + Sized {
    fn table(all: &Shelves) -> &Table<Self>;
    fn table_mut(all: &mut Shelves) -> &mut Table<Self>;
}

choices! {
    /// Where a product stands in its life.
    Stage {
        Development = "development" "Development",
        Introduction = "introduction" "Introduction",
        Growth = "growth" "Growth",
        Maturity = "maturity" "Maturity",
        Decline = "decline" "Decline",
        Retired = "retired" "Retired",
    }
    /// The state of a Product Goal. One is active at a time.
    GoalState {
        Draft = "draft" "draft",
        Active = "active" "active",
        Fulfilled = "fulfilled" "fulfilled",
        Abandoned = "abandoned" "abandoned",
    }
    /// What kind of move a roadmap item is.
    MoveKind {
        New = "new" "new",
        Improve = "improve" "improve",
        Support = "support" "support",
        Experiment = "experiment" "experiment",
        Retire = "retire" "retire",
    }
    /// How near a roadmap item is.
    Horizon {
        Later = "later" "Later",
        Next = "next" "Next",
        Now = "now" "Now",
    }
    /// What became of a roadmap item.
    RoadmapResult {
        Open = "open" "open",
        Launched = "launched" "launched",
        Achieved = "achieved" "achieved",
        Missed = "missed" "missed",
        Parked = "parked" "parked",
        Declined = "declined" "declined",
    }
    /// What kind of work a Product Backlog item is.
    ItemKind {
        Story = "story" "story",
        Bug = "bug" "bug",
        Enabler = "enabler" "enabler",
        Spike = "spike" "spike",
        Chore = "chore" "chore",
    }
    /// The status of a Product Backlog item.
    ItemStatus {
        ToDo = "to_do" "to do",
        Doing = "doing" "doing",
        ToAccept = "to_accept" "to accept",
        Done = "done" "done",
        Dropped = "dropped" "dropped",
    }
    /// The state of a sprint. One is active at a time.
    SprintState {
        Planning = "planning" "planning",
        Active = "active" "active",
        Closed = "closed" "closed",
        Cancelled = "cancelled" "cancelled",
    }
    /// Whether a Sprint Goal was met.
    SprintResult {
        Open = "open" "open",
        Met = "met" "met",
        Partly = "partly" "partly met",
        Not = "not" "not met",
    }
    /// What kind of feedback it is.
    FeedbackKind {
        Complaint = "complaint" "complaint",
        Request = "request" "request",
        Praise = "praise" "praise",
        Question = "question" "question",
        Interview = "interview" "interview",
        Usage = "usage" "usage",
        Trend = "trend" "trend",
        Competitor = "competitor" "competitor",
        Sales = "sales" "sales",
        Idea = "idea" "idea",
    }
    /// What became of a piece of feedback.
    FeedbackState {
        New = "new" "new",
        Linked = "linked" "linked",
        Answered = "answered" "answered",
        Declined = "declined" "declined",
        Duplicate = "duplicate" "duplicate",
        Adopted = "adopted" "adopted",
    }
    /// Whether somebody needs what they ask for, or would like it.
    Wish {
        Unsaid = "unsaid" "not said",
        Need = "need" "need",
        Want = "want" "want",
    }
    /// What a piece of feedback rests on.
    Strength {
        Unsaid = "unsaid" "not said",
        Anecdote = "anecdote" "anecdote",
        Pattern = "pattern" "pattern",
        Data = "data" "data",
    }
    /// How much a piece of feedback matters to whoever gave it.
    VoiceWeight {
        Unsaid = "unsaid" "not said",
        Nice = "1" "1 nice to have",
        Important = "2" "2 important",
        Breaking = "3" "3 a deal breaker",
    }
    /// What the Definition of Ready asks for unless the team says otherwise.
    AskedFor {
        Yes = "yes" "asked for",
        No = "no" "not asked for",
    }
    /// What the Definition of Ready asks for only if the team says so.
    AskedOnly {
        No = "no" "not asked for",
        Yes = "yes" "asked for",
    }
    /// What became of a proposal.
    ProposalState {
        Open = "open" "open",
        Accepted = "accepted" "accepted",
        Declined = "declined" "declined",
        Withdrawn = "withdrawn" "withdrawn",
    }
}

entities! {
    /// The product itself, with its vision board.
    VisionBoard product product 'P' Why {
        /// What people call the product.
        Why name: Line = "Name" no reason,
        /// What will be different, and for whom, once the product has done its work. One sentence.
        Why vision: Prose = "Vision",
        /// Who it is for: the few groups that matter most, one per line.
        Why target_group: Prose = "Target group",
        /// What they need: pains and gains, one per line.
        Why needs: Prose = "Needs",
        /// What it is, and the three things that make it stand out.
        Why product: Prose = "Product",
        /// Where the product stands in its life.
        Why stage: Stage = "Stage" no reason,
        /// What it will not do, one item per line.
        Why not_doing: Prose = "Not doing",
        /// What delivery has to say about the vision.
        How how_notes: Prose = "Notes",
        /// Whether a story needs points to be ready.
        How ready_points: AskedFor = "Ready: points",
        /// Whether a story needs a why to be ready: one that was neither dropped nor changed since.
        How ready_why: AskedFor = "Ready: why",
        /// Whether a story needs an acceptance criterion to be ready.
        How ready_criterion: AskedOnly = "Ready: criterion",
        /// The most points of a ready story; larger ones are split first.
        How ready_size: Option<Amount> = "Ready: size limit",
        /// The most open stories that a ready one depends on.
        How ready_depends: Option<Amount> = "Ready: dependencies",
        /// Who the product manager is.
        Both pm_name: Line = "PM",
        /// Who the product owner is.
        Both po_name: Line = "PO",
        /// The step that last changed a why of the vision.
        System why_rev: Token = "Why revision",
        /// The highest number ever given, per kind.
        System last_numbers: LastNumbers = "Last numbers",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// What the business wants to reach with the product.
    Goal goal goals 'G' Why {
        /// What should be different, as short as a headline.
        Why title: Line = "Goal",
        /// Why the business wants this.
        Why why: Prose = "Why",
        /// By when, in words: this year, before the season.
        Why horizon: Line = "Horizon",
        /// What is measured, one per line: Repeat bookings, 31 → 35 %.
        Why measures: Vec<Measure> = "Measures",
        /// Imported data without a matching field.
        Both extra: Extra = "Extra",
        /// The step that last changed a why of this goal.
        System why_rev: Token = "Why revision",
        /// The vision against which this was confirmed.
        System confirmed: Vec<Confirmation> = "Confirmed",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// The Product Goal: the future state of the product that the team is working towards.
    ProductGoal product_goal product_goals 'T' Why {
        /// The future state of the product, in one sentence.
        Why title: Line = "Product Goal",
        /// How everyone will see that it has been reached.
        Why measure: Measure = "Measure",
        /// The business goals it serves.
        Why serves: Vec<Id> = "Serves" to [Goal],
        /// Draft, active, fulfilled or abandoned. One is active at a time.
        Both state: GoalState = "State" by "goal.state",
        /// Why it was abandoned.
        Both reason: Prose = "Reason" by "goal.state",
        /// Who has agreed to it, in which role. It is active once both roles have.
        System agreed: Vec<Agreement> = "Agreed",
        /// The step that last changed a why of this goal.
        System why_rev: Token = "Why revision",
        /// The goals against which this was confirmed.
        System confirmed: Vec<Confirmation> = "Confirmed",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// A problem worth solving, with its reasons: a step on the roadmap.
    RoadmapItem roadmap roadmap 'R' Why {
        /// The move in a few words.
        Why title: Line = "Title" no reason,
        /// Whose problem is it, and what does it cost them?
        Why problem: Prose = "Problem",
        /// What is different for them once it is solved?
        Why outcome: Prose = "Outcome",
        /// How will we see it: Bookings made, 38 → 55 %.
        Why measure: Measure = "Measure",
        /// Who is it for?
        Why who: Line = "Who",
        /// Why now, and not next year?
        Why why_now: Prose = "Why now",
        /// The goals it serves.
        Why serves: Vec<Id> = "Serves" to [Goal, ProductGoal],
        /// New, improve, support, experiment or retire.
        Why kind: MoveKind = "Kind" no reason,
        /// Now, next or later.
        Why horizon: Horizon = "Horizon" by "roadmap.horizon",
        /// What became of it.
        Why result: RoadmapResult = "Result" by "roadmap.result",
        /// Why it was parked or declined, or what was learnt.
        Why reason: Prose = "Reason" by "roadmap.result",
        /// The day it was promised for. A forecast says whether it holds.
        Why promised: Option<Day> = "Promise" no reason,
        /// To whom it was promised.
        Why promised_to: Line = "To whom" no reason,
        /// The day on which the promise was made.
        System promised_on: Option<Day> = "Promise made",
        /// How delivery would go about it.
        How approach: Prose = "Approach",
        /// What could go wrong on the way.
        How risk: Prose = "Risk",
        /// How large it looks, S to XL, and what that rests on.
        How feasibility: Line = "Feasibility",
        /// Imported data without a matching field.
        Both extra: Extra = "Extra",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
        /// The step that last changed a why of this item.
        System why_rev: Token = "Why revision",
        /// The goals against which this was confirmed.
        System confirmed: Vec<Confirmation> = "Confirmed",
        /// How large the how was when its owner last said that the why still holds.
        System how_seen: Option<HowSeen> = "How seen",
    }

    /// A sprint: its goal, its days, and what was in it.
    Sprint sprint sprints '#' How {
        /// Why this sprint is worth doing, in one sentence.
        How goal: Line = "Sprint Goal",
        /// The roadmap items or Product Goals it serves.
        How serves: Vec<Id> = "Serves" to [RoadmapItem, ProductGoal],
        /// What this sprint will find out.
        How belief: Prose = "Belief",
        /// The first day.
        How start: Option<Day> = "Start",
        /// The last day.
        How end: Option<Day> = "End",
        /// How many points fit into the sprint.
        How capacity: Option<Amount> = "Capacity",
        /// Person-days of the team with nobody absent.
        How person_days: Option<Amount> = "Person-days",
        /// Person-days lost to absences; they lower the proposed capacity.
        How absent_days: Option<Amount> = "Absent days",
        /// Anything to remember about this sprint.
        How note: Prose = "Note",
        /// Planning, active, closed or cancelled.
        How state: SprintState = "State" by "sprint.start" "sprint.close" "sprint.cancel" "sprint.reopen",
        /// Whether the Sprint Goal was met.
        Both result: SprintResult = "Result" by "sprint.close" "review.result",
        /// Why it was cancelled or reopened.
        How reason: Prose = "Reason" by "sprint.cancel" "sprint.reopen",
        /// Who came to the review, separated by commas.
        Both attendees: Line = "Attendees",
        /// What was decided in the review, one per line.
        Both decisions: Prose = "Decisions",
        /// What the sprint showed about its belief.
        Both belief_result: Prose = "Finding",
        /// What the team keeps doing, one per line.
        Both keep: Prose = "Keep",
        /// What got in the way, one per line.
        Both problem: Prose = "In the way",
        /// What the team tries next, one per line; a ticked box means that it became a story.
        Both tried: Vec<Task> = "Try",
        /// What the Increment means for those who get it, in a sentence or two.
        How increment: Prose = "Increment",
        /// The day on which the Increment was released. Empty until then.
        How released: Option<Day> = "Released",
        /// The steps of the review that were shown or left out, by whom and when.
        Both shown: Vec<ShownStep> = "Review steps" by "review.step",
        /// The Definition of Done as it was when the sprint started.
        System done_rules: Vec<RuleSnapshot> = "Definition of Done",
        /// The roadmap forecast at the time the sprint closed.
        System forecast: Vec<ForecastSnapshot> = "Forecast",
        /// When it was closed or cancelled.
        System ended: Option<When> = "Ended",
        /// The stories of this sprint, with their sizes and outcomes at the time.
        System entries: Vec<SprintEntry> = "Entries",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// One checkable sentence of the Definition of Done.
    DoneRule rule rules '§' How {
        /// What must be true of every Increment.
        How text: Line = "Rule",
        /// Why this rule exists.
        Why because: Prose = "Reason" no reason,
        /// The goal it protects.
        Why serves: Option<Id> = "Serves" to [Goal],
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// The roadmap as it was ratified: a copy that never changes.
    RoadmapVersion version versions 'V' Why {
        /// What is new in this version, in a sentence.
        Why note: Line = "Note" by "roadmap.ratify",
        /// When it was ratified.
        System at: Option<When> = "Ratified",
        /// Who ratified it.
        System by: Line = "By",
        /// The roadmap items at that time.
        System items: Any = "Items",
        /// The forecast for these items at that time.
        System forecast: Vec<ForecastSnapshot> = "Forecast",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// Feedback from outside: a complaint, a wish, an observation.
    Feedback feedback feedback 'F' Both {
        /// What was said, in their own words.
        Both quote: Prose = "Quote",
        /// What kind of feedback it is.
        Both kind: FeedbackKind = "Kind",
        /// Who said it.
        Both source: Line = "Source",
        /// The day on which it was said.
        Both date: Option<Day> = "Date",
        /// Where it reached us.
        Both channel: Line = "Channel",
        /// Whether they need it or want it.
        Both wish: Wish = "Need or want",
        /// What it rests on: an anecdote, a pattern or data.
        Both strength: Strength = "Strength",
        /// How much it matters to them, 1 to 3.
        Both weight: VoiceWeight = "Weight",
        /// What it is about, and the sprint in whose review it was said.
        Both links: Vec<Id> = "Links" to [Goal, ProductGoal, RoadmapItem, BacklogItem, DoneRule, Sprint, Proposal],
        /// What became of it.
        Both state: FeedbackState = "State",
        /// The answer, or why it was declined.
        Both answer: Prose = "Answer",
        /// The day on which it comes back to be sorted.
        Both later: Option<Day> = "Comes back",
        /// The role in which somebody of the team said it; empty for a voice from outside.
        System role: Line = "Role",
        /// The number of the ratified roadmap that it is about.
        System version: u32 = "Version",
        /// The step of the review in which it was said.
        System said_in: Line = "Review step",
        /// Who answered.
        System answered_by: Line = "Answered by",
        /// When it was answered.
        System answered: Option<When> = "Answered",
        /// When it was written down here; empty for what was imported.
        System created: Option<When> = "Created",
        /// Where it was imported from.
        System imported: Option<Source> = "Imported from",
    }

    /// A value that lost to another one written at the same time, kept until someone chooses.
    Conflict conflict conflicts 'C' System {
        /// The field it is about.
        System field: Line = "Field",
        /// The record it is about.
        System record: Option<Id> = "Record",
        /// The value that lost.
        System lost: Any = "Lost value",
        /// Who wrote the value that lost.
        System by: Line = "By",
        /// The step that won.
        System step: Token = "Step",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// Something that was decided, with what was refused for it.
    Decision decision decisions 'D' Both {
        /// What was decided, in a sentence.
        Both title: Line = "Decision",
        /// Why it was decided so.
        Both why: Prose = "Why" no reason,
        /// What else was possible, and why it was refused.
        Both refused: Prose = "Refused",
        /// The day on which to look at it again.
        Both revisit: Option<Day> = "Look again",
        /// What it is about.
        Both links: Vec<Id> = "Links" to [Goal, ProductGoal, RoadmapItem, BacklogItem, DoneRule, Sprint],
        /// The later decision that took its place.
        Both superseded_by: Option<Id> = "Superseded by" to [Decision],
        /// Who wrote it down.
        System by: Line = "By",
        /// When it was written down.
        System at: Option<When> = "Decided",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// A change that one half asks of the other. Nothing changes until its owner accepts it.
    Proposal proposal proposals '^' Both {
        /// What is proposed, in a few words.
        System title: Line = "Proposal",
        /// Why it would be better so.
        Both because: Prose = "Reason" no reason,
        /// The records it is about.
        System about: Vec<Id> = "About" to [
            VisionBoard, Goal, ProductGoal, RoadmapItem, Sprint, DoneRule, Feedback, BacklogItem
        ],
        /// The cells that it would change, each with the value at that time and the one wanted.
        System changes: Vec<ProposedCell> = "Changes",
        /// The role in which it was proposed: pm, po or both.
        System role: Line = "Role",
        /// Who proposed it.
        System by: Line = "By",
        /// When it was proposed.
        System at: Option<When> = "Proposed",
        /// Open, accepted, declined or withdrawn.
        Both state: ProposalState = "State" by "proposal.accept" "proposal.decline" "proposal.withdraw",
        /// What was said in answer.
        Both answer: Prose = "Answer" by "proposal.accept" "proposal.decline",
        /// Who answered.
        System answered_by: Line = "Answered by",
        /// When it was answered.
        System answered: Option<When> = "Answered",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
    }

    /// Something the product might gain: an item of the Product Backlog.
    BacklogItem item items 'S' How {
        /// Short name, as the user would say it.
        How title: Line = "Title",
        /// Story, bug, enabler, spike or chore.
        How kind: ItemKind = "Kind",
        /// Who wants what, and why: as a …, I want …, so that …
        How story: Prose = "Story",
        /// How the product owner will see that it works, one per line.
        How criteria: Vec<Criterion> = "Acceptance criteria",
        /// Relative size, as the Developers see it.
        How points: Option<Amount> = "Points",
        /// What this one adds to the outcome it serves.
        Why benefit: Prose = "Benefit",
        /// What it is worth, on the product's own scale.
        Why value: Option<Amount> = "Value",
        /// Where the item stands.
        How status: ItemStatus = "Status" by "item.status",
        /// Why it was dropped.
        How reason: Line = "Reason" by "item.status",
        /// Words to find and group it by.
        How labels: Labels = "Labels",
        /// Who works on it.
        How assignee: Line = "Assignee",
        /// What must be done before it.
        How depends_on: Vec<Id> = "Depends on" to [BacklogItem],
        /// Why it cannot go on. Empty when nothing is in the way.
        How blocked: Line = "Blocked",
        /// The Developers' own plan for it.
        How tasks: Vec<Task> = "Tasks",
        /// Anything else worth keeping.
        How notes: Prose = "Notes",
        /// The roadmap item or goal this serves.
        How serves: Option<Id> = "Serves" to [RoadmapItem, Goal, ProductGoal],
        /// The larger item it is part of.
        How parent: Option<Id> = "Part of" to [BacklogItem],
        /// The story that says the same and stays.
        How duplicate_of: Option<Id> = "Duplicate of" to [BacklogItem] by "item.duplicate",
        /// The sprint it is in.
        How sprint: Option<Id> = "Sprint" to [Sprint] by "sprint.plan" "sprint.unplan",
        /// Imported data without a matching field.
        Both extra: Extra = "Extra",
        /// When it was created.
        System created: Option<When> = "Created",
        /// Who checked or waived which rule of the Definition of Done, and why.
        System checks: Vec<DoneCheck> = "Done check",
        /// Who accepted it as done.
        System accepted_by: Line = "Accepted by",
        /// When it was done or dropped.
        System closed: Option<When> = "Closed",
        /// How it had ended before it was taken up again.
        System earlier_end: Option<EarlierEnd> = "Earlier end",
        /// How many sprints have ended before it was done.
        System carried: u32 = "Carried",
        /// Where it was imported from.
        System source: Option<Source> = "Source",
        /// When it was imported.
        System imported_at: Option<When> = "Imported",
        /// The why against which this was confirmed.
        System confirmed: Vec<Confirmation> = "Confirmed",
    }
}

impl Kind {
    pub fn parse(key: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    pub fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }

    /// The field people call a record by.
    pub fn title_field(self) -> Option<&'static Field> {
        // Behind the head: presence, order, number.
        self.fields().get(3).filter(|field| !field.is_head())
    }

    /// Where a record was imported from: every kind has such a field. Of feedback, `source` is who said it.
    pub fn source_field(self) -> Option<&'static Field> {
        self.field("imported").or_else(|| self.field("source"))
    }

    /// The fields of a form, in the table's order.
    pub fn typed_fields(self) -> impl Iterator<Item = &'static Field> {
        self.fields().iter().filter(|field| field.is_typed())
    }

    /// What people call one such record.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::VisionBoard => "product",
            Kind::Goal => "goal",
            Kind::ProductGoal => "Product Goal",
            Kind::RoadmapItem => "roadmap item",
            Kind::Sprint => "sprint",
            Kind::DoneRule => "rule",
            Kind::RoadmapVersion => "roadmap version",
            Kind::Feedback => "feedback",
            Kind::Conflict => "conflict",
            Kind::Decision => "decision",
            Kind::Proposal => "proposal",
            Kind::BacklogItem => "story",
        }
    }

    /// A number as people see it: `S24`, `sprint 13`, `rule 2`.
    pub fn numbered(self, number: u32) -> String {
        match self {
            Kind::VisionBoard => "product".to_string(),
            // Numbers are given when a record is written.
            _ if number == 0 => format!("the new {}", self.noun()),
            Kind::Sprint => format!("sprint {number}"),
            Kind::DoneRule => format!("rule {number}"),
            _ => format!("{}{number}", self.letter()),
        }
    }
}

impl ItemStatus {
    /// True if work is left on it: neither done nor dropped.
    pub fn is_open(self) -> bool {
        !matches!(self, ItemStatus::Done | ItemStatus::Dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_letters_are_unique() {
        for kind in Kind::ALL {
            let fields = kind.fields();
            for (place, field) in fields.iter().enumerate() {
                assert!(fields[..place].iter().all(|other| other.key != field.key), "{field:?} stands twice");
                assert!(field.is_head() || field.hint.len() > 10, "{field:?} has no hint");
                assert!(field.hint.len() <= 90, "the hint of {field:?} is too long for a line");
            }
            let source = kind.source_field().unwrap();
            assert!(source.owner == Owner::System && source.shape == Shape::Facts, "{source:?} holds no provenance");
            let letters = Kind::ALL.iter().filter(|other| other.letter() == kind.letter());
            assert!(letters.count() == 1 || *kind == Kind::VisionBoard, "{kind:?} shares its letter");
        }
    }

    #[test]
    fn actions_and_targets_are_read_from_the_table() {
        let status = Kind::BacklogItem.field("status").unwrap();
        assert!(status.actions == ["item.status"] && !status.is_typed());
        let serves = Kind::BacklogItem.field("serves").unwrap();
        assert_eq!(serves.targets, [Kind::RoadmapItem, Kind::Goal, Kind::ProductGoal]);
        assert!(serves.actions.is_empty() && serves.owner == Owner::How);
    }
}

//! Terms of other tools and their equivalents here. One table per question, shared by every format; an unknown term is
//! kept by the caller, never dropped.

use crate::model::schema::{ItemKind, ItemStatus};

const BUG: &[&str] = &[
    "bug",
    "bugs",
    "defect",
    "error",
    "fehler",
    "fehlerbericht",
    "erro",
    "defeito",
    "defecto",
    "incidente",
    "bogue",
    "anomalie",
    "バグ",
    "缺陷",
];
const CHORE: &[&str] = &[
    "chore",
    "chores",
    "maintenance",
    "technical task",
    "tech debt",
    "technical debt",
    "techdebt",
    "housekeeping",
    "deuda técnica",
    "débito técnico",
    "dette technique",
    "technische schulden",
    "wartung",
    "mantenimiento",
    "manutenção",
];
const SPIKE: &[&str] =
    &["spike", "spikes", "research", "investigation", "investigación", "investigação", "recherche", "untersuchung"];
const ENABLER: &[&str] = &["enabler", "enabler story"];
/// Types that are plain stories here.
const STORY: &[&str] = &[
    "story",
    "stories",
    "user story",
    "userstory",
    "product backlog item",
    "pbi",
    "backlog item",
    "requirement",
    "feature",
    "new feature",
    "feature request",
    "enhancement",
    "improvement",
    "task",
    "to do",
    "issue",
    "ticket",
    "work item",
    "suggestion",
    "change request",
    "historia",
    "historia de usuario",
    "tarea",
    "mejora",
    "nueva función",
    "nueva funcionalidad",
    "solicitud",
    "história",
    "história de usuário",
    "tarefa",
    "melhoria",
    "novo recurso",
    "nova funcionalidade",
    "récit",
    "récit utilisateur",
    "tâche",
    "amélioration",
    "nouvelle fonctionnalité",
    "aufgabe",
    "anforderung",
    "verbesserung",
    "neue funktion",
    "vorgang",
    "ストーリー",
    "タスク",
    "任务",
];
/// Types that are steps of the roadmap here.
const ROADMAP: &[&str] = &[
    "epic",
    "epics",
    "épica",
    "epica",
    "épico",
    "epico",
    "épopée",
    "epos",
    "capability",
    "objective",
    "エピック",
    "史诗",
];
const GOAL: &[&str] = &["initiative", "theme", "iniciativa", "tema", "thème", "initiativen", "thema"];
/// Types that are tasks of another issue.
const TASK: &[&str] = &[
    "sub task",
    "subtask",
    "subtarea",
    "sub tarea",
    "subtarefa",
    "sub tarefa",
    "sous tâche",
    "unteraufgabe",
    "teilaufgabe",
    "sottotask",
    "sottoattività",
    "サブタスク",
    "子任务",
];

const TO_DO: &[&str] = &[
    "open",
    "opened",
    "next",
    "parked",
    "reopened",
    "to do",
    "todo",
    "new",
    "backlog",
    "selected for development",
    "ready",
    "ready for dev",
    "ready for development",
    "triage",
    "unscheduled",
    "unstarted",
    "proposed",
    "approved",
    "planned",
    "not started",
    "pending",
    "icebox",
    "inbox",
    "requirements capture",
    "tareas por hacer",
    "por hacer",
    "pendiente",
    "abierto",
    "abierta",
    "nuevo",
    "nueva",
    "tarefas pendentes",
    "itens pendentes",
    "a fazer",
    "pendente",
    "aberto",
    "aberta",
    "novo",
    "nova",
    "à faire",
    "ouvert",
    "ouverte",
    "nouveau",
    "en attente",
    "zu erledigen",
    "offen",
    "neu",
    "geplant",
    "やること",
    "未着手",
    "待办",
    "da fare",
    "da completare",
    "aperto",
    "to be done",
    "later",
    "not yet",
    "up next",
    "idea",
    "requested",
    "wish",
    "someday",
    "geparkt",
    "später",
    "zurückgestellt",
    "idee",
    "wunsch",
    "noch offen",
    "à venir",
    "plus tard",
    "idée",
    "más tarde",
    "idea nueva",
    "sin empezar",
    "para después",
    "depois",
];
const DOING: &[&str] = &[
    "in progress",
    "doing",
    "active",
    "started",
    "committed",
    "in development",
    "development",
    "in review",
    "code review",
    "review",
    "mr review",
    "pr review",
    "testing",
    "in testing",
    "test",
    "qa",
    "in qa",
    "validation",
    "deploy",
    "ready to merge",
    "research",
    "en curso",
    "en progreso",
    "en revisión",
    "em andamento",
    "em progresso",
    "em curso",
    "em revisão",
    "en cours",
    "en révision",
    "in arbeit",
    "in bearbeitung",
    "wird ausgeführt",
    "in prüfung",
    "作業中",
    "进行中",
    "in corso",
    "in lavorazione",
    "in revisione",
    "進行中",
    "レビュー中",
    "doing now",
    "now",
    "ongoing",
    "underway",
    "under way",
    "working on it",
    "being built",
    "wip",
    "paused",
    "in the works",
    "läuft",
    "pausiert",
    "in umsetzung",
    "in entwicklung",
    "in test",
    "angefangen",
    "begonnen",
    "en développement",
    "en pause",
    "commencé",
    "haciendo",
    "en desarrollo",
    "en pausa",
    "em desenvolvimento",
    "fazendo",
];
const DONE: &[&str] = &[
    "done",
    "closed",
    "resolved",
    "complete",
    "completed",
    "finished",
    "delivered",
    "accepted",
    "shipped",
    "released",
    "implemented",
    "merged",
    "finalizada",
    "finalizado",
    "listo",
    "lista",
    "hecho",
    "cerrado",
    "cerrada",
    "resuelto",
    "resuelta",
    "completado",
    "completada",
    "concluído",
    "concluída",
    "itens concluídos",
    "pronto",
    "feito",
    "fechado",
    "fechada",
    "resolvido",
    "resolvida",
    "terminé",
    "terminée",
    "fermé",
    "fermée",
    "résolu",
    "résolue",
    "fini",
    "fertig",
    "erledigt",
    "geschlossen",
    "abgeschlossen",
    "behoben",
    "クローズ",
    "完了",
    "完成",
    "completato",
    "completata",
    "chiuso",
    "chiusa",
    "fatto",
    "risolto",
    "live",
    "in production",
    "deployed",
    "launched",
    "built",
    "in use",
    "ausgeliefert",
    "umgesetzt",
    "in produktion",
    "produktiv",
    "en ligne",
    "en production",
    "livré",
    "livrée",
    "fait",
    "faite",
    "mis en production",
    "en producción",
    "publicado",
    "publicada",
    "terminado",
    "terminada",
    "entregado",
    "em produção",
    "entregue",
];
const DROPPED: &[&str] = &[
    "dropped",
    "discarded",
    "canceled",
    "cancelled",
    "won't do",
    "wont do",
    "wontfix",
    "won't fix",
    "wont fix",
    "duplicate",
    "duplicated",
    "removed",
    "rejected",
    "abandoned",
    "deleted",
    "not planned",
    "cannot reproduce",
    "can't reproduce",
    "obsolete",
    "invalid",
    "declined",
    "descartado",
    "descartada",
    "cancelado",
    "cancelada",
    "duplicado",
    "duplicada",
    "rechazado",
    "rechazada",
    "rejeitado",
    "rejeitada",
    "annulé",
    "annulée",
    "abandonné",
    "abandonnée",
    "rejeté",
    "rejetée",
    "doublon",
    "abgelehnt",
    "abgebrochen",
    "verworfen",
    "duplikat",
    "storniert",
    "annullato",
    "annullata",
    "rifiutato",
    "not doing",
    "will not do",
    "nicht umsetzen",
    "gestrichen",
    "refusé",
    "refusée",
    "no se hará",
    "no hacer",
];

/// Lower case, with `_` and `-` as spaces and single spaces between words.
pub fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace(['_', '-'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a record of another tool is here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Work {
    Item(ItemKind),
    Roadmap,
    Goal,
    /// A task of another record, where that one is in the file too.
    Task,
}

impl Work {
    pub fn label(self) -> &'static str {
        match self {
            Work::Item(kind) => kind.label(),
            Work::Roadmap => "roadmap item",
            Work::Goal => "goal",
            Work::Task => "task",
        }
    }
}

/// What a type stands for; `None` for unknown types.
pub fn work(word: &str) -> Option<Work> {
    let plain = plain(word);
    let word = plain.trim_matches(|c: char| !c.is_alphanumeric());
    let among = |words: &[&str]| words.contains(&word);
    if among(STORY) {
        Some(Work::Item(ItemKind::Story))
    } else if among(ROADMAP) {
        Some(Work::Roadmap)
    } else if among(GOAL) {
        Some(Work::Goal)
    } else if among(TASK) {
        Some(Work::Task)
    } else {
        kind(word).map(Work::Item)
    }
}

/// The kind of work that a type stands for; `None` for plain stories and unknown types.
pub fn kind(word: &str) -> Option<ItemKind> {
    let word = plain(word);
    // Labels may have an emoji or a symbol at either end: `🐛 bug`.
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let among = |words: &[&str]| words.contains(&word);
    if among(BUG) {
        Some(ItemKind::Bug)
    } else if among(CHORE) {
        Some(ItemKind::Chore)
    } else if among(SPIKE) {
        Some(ItemKind::Spike)
    } else if among(ENABLER) {
        Some(ItemKind::Enabler)
    } else {
        None
    }
}

/// The kind that a label stands for: `bug`, `type: bug`, `kind/chore`, `t-spike`.
pub fn kind_of_label(label: &str) -> Option<ItemKind> {
    // A topic for research is no piece of it.
    let is_topic = |word: &str| matches!(plain(word).as_str(), "research" | "investigation" | "recherche");
    kind(label).filter(|_| !is_topic(label)).or_else(|| {
        let (head, tail) = label.split_once([':', '/', '=', '-'])?;
        matches!(plain(head).as_str(), "type" | "kind" | "category" | "t" | "issue type" | "c").then(|| kind(tail))?
    })
}

/// Symbols that stand for a status where they stand alone.
const SYMBOLS: &[(ItemStatus, &str)] = &[
    (ItemStatus::ToDo, "⭕⬜🔲📋🆕⚪❌"),
    (ItemStatus::Doing, "⏳⌛🚧🔄🏗🔨🟡🏃"),
    (ItemStatus::Done, "✅☑✔✓🎉🟢"),
    (ItemStatus::Dropped, "🚫🗑⛔"),
];

/// The status that a status word stands for, also with a symbol beside it (`✅ Done`) or as nothing but a symbol.
pub fn status(word: &str) -> Option<ItemStatus> {
    let word = word.trim_end_matches(|c: char| c == '!' || c == '.' || c.is_whitespace());
    word_for_status(word).or_else(|| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.is_empty() {
            let mut symbols = word.chars().filter(|c| !c.is_whitespace() && *c != '\u{fe0f}');
            let symbol = symbols.next().filter(|_| symbols.next().is_none())?;
            return SYMBOLS.iter().find(|(_, all)| all.contains(symbol)).map(|(status, _)| *status);
        }
        // `-done` may be an option, and `(new)` is a remark: only a symbol of its own is no part of the word.
        let is_symbol = |c: char| !c.is_ascii() && !c.is_alphanumeric();
        (bare.len() < word.len() && word.contains(is_symbol)).then(|| word_for_status(bare))?
    })
}

fn word_for_status(word: &str) -> Option<ItemStatus> {
    let word = plain(word);
    let among = |words: &[&str]| words.contains(&word.as_str());
    if among(TO_DO) {
        Some(ItemStatus::ToDo)
    } else if among(DOING) || among(BLOCKED) {
        Some(ItemStatus::Doing)
    } else if among(DONE) {
        Some(ItemStatus::Done)
    } else if among(DROPPED) {
        Some(ItemStatus::Dropped)
    } else {
        None
    }
}

/// What stands between a status and what somebody wrote behind it.
const BEHIND: &[&str] = &[" - ", "\u{2013}", "\u{2014}", ":", "("];

/// A status and what stands behind it: `Blocked: waiting for legal`, `Done (v2.1)`. A known status as a whole is not
/// parted.
pub fn status_and_rest(text: &str) -> Option<(&str, &str)> {
    if status(text).is_some() {
        return None;
    }
    let (at, sign) = BEHIND.iter().filter_map(|sign| Some((text.find(sign)?, *sign))).min()?;
    let (head, rest) = text.split_at_checked(at)?;
    let rest = rest.strip_prefix(sign)?.trim();
    let rest = if sign == "(" { rest.strip_suffix(')').unwrap_or(rest).trim_end() } else { rest };
    (!head.trim().is_empty()).then_some((head.trim(), rest))
}

/// States in which something waits for what the words behind them name. It has begun, unless TO_DO has the word too.
const BLOCKED: &[&str] = &[
    "blocked",
    "bloqueado",
    "bloqueada",
    "bloqué",
    "bloquée",
    "blockiert",
    "bloccato",
    "bloccata",
    "impeded",
    "stuck",
    "impedido",
    "impedida",
    "hängt",
    "on hold",
    "waiting",
    "wartet",
    "en espera",
    "em espera",
    "en attente",
];

/// True for a state in which a story is blocked.
pub fn is_blocked(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    BLOCKED.contains(&plain(bare).as_str())
}

/// What a story waits for by its state, a word and what stands behind it: the rest, or the word where it stands alone.
/// Empty for a state in which it does not wait.
pub fn blocked_by<'a>((word, rest): (&'a str, &'a str)) -> &'a str {
    match (is_blocked(word), rest.is_empty()) {
        (false, _) => "",
        (true, true) => word,
        (true, false) => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_may_have_a_reason_behind_it() {
        for (text, parted) in [
            ("bloqué \u{2013} attend API", Some(("bloqué", "attend API"))),
            ("Blocked: waiting for legal", Some(("Blocked", "waiting for legal"))),
            ("Done (v2.1)", Some(("Done", "v2.1"))),
            ("On hold - budget: none", Some(("On hold", "budget: none"))),
            ("in-progress", None),
            (": x", None),
            ("Done", None),
        ] {
            assert_eq!(status_and_rest(text), parted, "{text}");
        }
        assert!(is_blocked("Bloqué") && is_blocked("🚧 Blocked") && !is_blocked("Done"));
        assert_eq!(blocked_by(("Blockiert", "")), "Blockiert");
        assert_eq!((blocked_by(("blocked", "legal")), blocked_by(("Doing", "x"))), ("legal", ""));
        for word in BLOCKED {
            assert!(status(word).is_some(), "{word}");
        }
    }

    #[test]
    fn labels_tell_the_kind() {
        for label in ["bug", "Bug", "type: bug", "kind/bug", "🐛 bug", "type:Defect", "T-bug"] {
            assert_eq!(kind_of_label(label), Some(ItemKind::Bug), "{label}");
        }
        assert_eq!(kind_of_label("tech-debt"), Some(ItemKind::Chore));
        assert_eq!(kind_of_label("type/spike"), Some(ItemKind::Spike));
        assert_eq!(kind_of_label("type: research"), Some(ItemKind::Spike));
        for label in ["research", "enhancement", "debug", "bug-bash", "area/bug", ""] {
            assert_eq!(kind_of_label(label), None, "{label}");
        }
    }

    #[test]
    fn states_are_known_in_any_spelling() {
        assert_eq!(status("OPEN"), Some(ItemStatus::ToDo));
        assert_eq!(status("In Progress"), Some(ItemStatus::Doing));
        assert_eq!(status("NOT_PLANNED"), Some(ItemStatus::Dropped));
        assert_eq!(status("closed"), Some(ItemStatus::Done));
        assert_eq!(status("somewhere"), None);
        assert_eq!(status("Implemented"), Some(ItemStatus::Done));
        for (word, means) in [
            ("✅ Done", ItemStatus::Done),
            ("🚧 In progress", ItemStatus::Doing),
            ("✅", ItemStatus::Done),
            ("✔️", ItemStatus::Done),
            ("⏳", ItemStatus::Doing),
            ("🚧", ItemStatus::Doing),
            ("⭕", ItemStatus::ToDo),
            ("❌", ItemStatus::ToDo),
        ] {
            assert_eq!(status(word), Some(means), "{word}");
        }
        assert_eq!((status("✅❌"), status("🎈"), status("✅ Somewhere"), status("")), (None, None, None, None));
    }

    #[test]
    fn every_word_stands_in_one_list_and_in_its_plain_form() {
        for lists in [&[TO_DO, DOING, DONE, DROPPED][..], &[BUG, CHORE, SPIKE, ENABLER, STORY, ROADMAP, GOAL, TASK]] {
            let all: Vec<&str> = lists.iter().flat_map(|list| list.iter().copied()).collect();
            for (at, word) in all.iter().enumerate() {
                assert_eq!(plain(word), *word);
                assert!(!all[..at].contains(word), "{word} stands twice");
            }
        }
    }

    #[test]
    fn states_and_types_are_known_in_other_languages() {
        assert_eq!(status("Em andamento"), Some(ItemStatus::Doing));
        assert_eq!(status("ZU ERLEDIGEN"), Some(ItemStatus::ToDo));
        assert_eq!(status("Terminé(e)"), None);
        assert_eq!(status("Finalizada"), Some(ItemStatus::Done));
        assert_eq!(work("Sous-tâche"), Some(Work::Task));
        assert_eq!(work("Épico"), Some(Work::Roadmap));
        assert_eq!(work("Fehler"), Some(Work::Item(ItemKind::Bug)));
        assert_eq!(work("Tarefa"), Some(Work::Item(ItemKind::Story)));
        assert_eq!(work("Wish"), None);
    }
}

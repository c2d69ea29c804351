//! The headers of tables that people keep by hand, in four languages. A name that a tool gives comes first: see
//! [`SYNONYMS`](crate::import::table::synonyms::SYNONYMS).

use crate::import::table::headers::ColumnRole;

#[rustfmt::skip]
pub const HOME_MADE: &[(ColumnRole, &[&str])] = &[
    (ColumnRole::Title, &[
        "request", "requests", "idea", "ideas", "wish", "wishes", "need", "needs", "what", "headline", "topic",
        "todo", "to do", "want", "problem", "suggestion", "proposal", "anforderung", "anforderungen", "wunsch",
        "wünsche", "idee", "ideen", "thema", "bedarf", "was", "bezeichnung", "vorschlag", "anfrage", "vorhaben",
        "funktion", "demande", "besoin", "idée", "souhait", "fonctionnalité", "intitulé", "libellé", "quoi",
        "exigence", "petición", "pedido", "solicitud", "necesidad", "deseo", "idea de mejora", "requisito",
        "requerimiento", "funcionalidad", "qué", "que", "tema", "necessidade", "desejo", "ideia", "solicitação",
        "o que",
    ]),
    (ColumnRole::Key, &[
        "n°", "nº", "№", "no.", "nr.", "lfd. nr.", "lfd. nr", "lfd nr.", "lfd nr", "lfd.nr.", "laufende nummer",
        "lfd", "lfd.", "pos", "pos.", "num.", "núm.", "nro", "nro.",
    ]),
    (ColumnRole::Status, &[
        "where is it", "where is it?", "where it is", "where it stands", "where are we", "state of play", "progress", "stage", "phase", "stand",
        "aktueller stand", "bearbeitungsstand", "fortschritt", "où en est on", "où en est on ?", "avancement",
        "wo stehen wir", "où ça en est", "situation", "situación", "situação", "situação atual", "cómo va", "andamento",
    ]),
    (ColumnRole::Priority, &[
        "prio", "importance", "urgency", "wichtigkeit", "dringlichkeit", "importancia", "importância", "urgence",
    ]),
    (ColumnRole::Points, &[
        "rough effort", "rough estimate", "rough size", "est", "est.", "estimate (points)", "pt", "pts",
        "person days", "days", "man days", "t shirt size", "personentage", "aufwand (pt)", "aufwand pt",
        "aufwand in pt", "grober aufwand", "größe", "geschätzter aufwand", "charge", "effort estimé", "taille",
        "jours", "j/h", "estimé", "tamaño", "esfuerzo estimado", "días", "tamanho", "esforço estimado", "dias",
        "effort (days)", "effort (points)",
    ]),
    (ColumnRole::Description, &[
        "note", "comments and notes", "detail", "notizen", "notiz", "bemerkung", "bemerkungen", "anmerkung",
        "anmerkungen", "hinweise", "détails", "détail", "remarque", "remarques", "notas", "nota", "detalle",
        "detalles", "observaciones", "observações", "detalhes", "context", "kontext", "contexte",
    ]),
    (ColumnRole::Benefit, &[
        "benefit", "benefits", "why", "because", "reason", "rationale", "business value", "so that", "purpose",
        "motivation", "outcome", "warum", "weshalb", "wozu", "nutzen", "mehrwert", "begründung", "grund",
        "zweck", "pourquoi", "bénéfice", "bénéfices", "raison", "utilité", "intérêt", "valeur", "por qué",
        "porqué", "para qué", "beneficio", "motivo", "por que", "porque", "benefício", "para que",
    ]),
    (ColumnRole::Assignee, &[
        "who does it", "done by", "wer macht es", "umsetzung durch", "umsetzer", "qui fait", "assigned",
        "who", "wer", "qui", "quién", "quien", "quem",
    ]),
    (ColumnRole::Reporter, &[
        "asked by", "asked for by", "suggested by", "raised by", "reported by", "requestor", "wanted by",
        "who asked", "who says so", "wer fragt", "wer will es", "quem pediu", "quién lo pide",
        "qui demande", "customer", "from whom", "von wem", "gewünscht von", "angefragt von", "anforderer",
        "auftraggeber", "gemeldet von", "melder", "kunde", "demandé par", "demandeur", "proposé par",
        "client", "solicitado por", "pedido por", "pedida por", "solicitante",
        "cliente", "de quién",
    ]),
    (ColumnRole::Due, &[
        "wanted by date", "needed by", "by when", "bis wann", "bis", "termin", "frist", "pour quand",
        "date limite", "fecha límite", "para cuándo",
    ]),
];

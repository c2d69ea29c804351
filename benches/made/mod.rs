//! A product made of chance, like those of a real team: sizes, words and mix, the same at every run. And the plain
//! structs that any program would parse it into.

use serde::Deserialize;
use whyhow::json;
use whyhow::model::value::Value;

/// SplitMix64 with the same seed every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 16) as usize % sides.max(1)
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }
}

const WHO: [&str; 8] = [
    "rider",
    "dispatcher",
    "support agent",
    "harbour master",
    "returning customer",
    "captain",
    "accountant",
    "visitor with a screen reader",
];
const DOES: [&str; 14] = [
    "filter",
    "export",
    "compare",
    "archive",
    "schedule",
    "approve",
    "split",
    "share",
    "print",
    "search",
    "cancel",
    "reopen",
    "preview",
    "translate",
];
const WHAT: [&str; 12] = [
    "bookings",
    "fares",
    "timetables",
    "passenger lists",
    "refunds",
    "season tickets",
    "crossings",
    "vehicle places",
    "invoices",
    "delays",
    "Überfahrten",
    "crew rosters",
];
const WHERE: [&str; 7] = [
    "on a small screen",
    "without a mouse",
    "by date range",
    "for one route only",
    "while offline",
    "before the season starts",
    "across time zones",
];
const LABELS: [&str; 12] =
    ["web", "mobile", "billing", "a11y", "ops", "legal", "i18n", "speed", "security", "pilot", "debt", "data"];
const WORDS: [&str; 40] = [
    "the",
    "booking",
    "is",
    "kept",
    "when",
    "a",
    "connection",
    "drops",
    "and",
    "shown",
    "again",
    "with",
    "its",
    "fare",
    "after",
    "rider",
    "comes",
    "back",
    "so",
    "that",
    "nobody",
    "has",
    "to",
    "call",
    "harbour",
    "office",
    "in",
    "summer",
    "before",
    "first",
    "crossing",
    "–",
    "naïve",
    "queues",
    "“sold out”",
    "café",
    "every",
    "change",
    "needs",
    "reason",
];

fn prose(dice: &mut Dice, words: usize) -> String {
    let mut out = String::new();
    for n in 0..words {
        let end = if n + 1 == words || dice.roll(14) == 0 { ". " } else { " " };
        out.push_str(dice.of(&WORDS));
        out.push_str(if end == ". " && dice.roll(4) == 0 { ".\n\n" } else { end });
    }
    out.trim_end().to_string()
}

fn id(kind: u64, n: usize) -> String {
    // Spread over the whole range, as drawn ids are.
    let mut dice = Dice(kind.wrapping_mul(1 << 40) + n as u64);
    dice.roll(2);
    whyhow::model::id::Id::from_bits(dice.0.wrapping_mul(0xBF58_476D_1CE4_E5B9) | 1).to_string()
}

fn item(dice: &mut Dice, n: usize, all: usize) -> Value {
    let (who, does, what) = (dice.of(&WHO), dice.of(&DOES), dice.of(&WHAT));
    let status = match dice.roll(100) {
        0..60 => "done",
        60..64 => "dropped",
        64..66 => "doing",
        _ => "to_do",
    };
    let met = status == "done";
    let criteria: Vec<Value> = (0..dice.roll(6) + 1)
        .map(|_| {
            let text =
                format!("Given {} {what}, when the {who} {}, then {}", dice.roll(90), dice.of(&WHERE), prose(dice, 7));
            if met {
                json!({"text": text.replace('\n', " "), "met": true})
            } else {
                json!({"text": text.replace('\n', " ")})
            }
        })
        .collect();
    let labels: Vec<&str> = (0..dice.roll(4)).map(|k| LABELS[(n + k * 5) % LABELS.len()]).collect();
    let words = 20 + dice.roll(60) + if dice.roll(10) == 0 { 150 } else { 0 };
    let mut one = json!({
        "id": id(9, n),
        "rank": format!("{}{}", base62(5, (n * 7919) % all.max(1)), if n.is_multiple_of(25) { "mKx3" } else { "" }),
        "number": n + 1,
        "title": format!("{} {what} {}", capital(does), dice.of(&WHERE)),
        "kind": "story",
        "story": format!("As a {who}, I want to {does} {what} {}, so that {}", dice.of(&WHERE), prose(dice, words)),
        "criteria": criteria,
        "status": status,
        "labels": labels,
        "created": format!("2025-{:02}-{:02}T09:{:02}:00+01:00", dice.roll(12) + 1, dice.roll(28) + 1, dice.roll(60)),
    });
    if dice.roll(4) > 0 {
        one["points"] = [1, 2, 3, 5, 8, 13][dice.roll(6)].into();
    }
    if dice.roll(5) > 0 {
        one["serves"] = id(4, dice.roll(all / 40 + 1)).into();
    }
    if met {
        one["sprint"] = id(5, dice.roll(all / 60 + 1)).into();
    }
    one
}

fn capital(word: &str) -> String {
    word.chars().next().map(|first| first.to_uppercase().collect::<String>() + &word[1..]).unwrap_or_default()
}

fn base62(digits: u32, mut n: usize) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut out = vec![b'0'; digits as usize];
    for place in out.iter_mut().rev() {
        *place = LETTERS[n % 62];
        n /= 62;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// product.json with `n` stories and what hangs together with them.
pub fn document(n: usize) -> String {
    let mut dice = Dice(42);
    let roadmap: Vec<Value> = (0..n / 40 + 1)
        .map(|k| json!({"id": id(4, k), "rank": base62(4, k), "number": k + 1, "title": format!("Move {k}"), "problem": prose(&mut dice, 30), "outcome": prose(&mut dice, 20)}))
        .collect();
    let sprints: Vec<Value> = (0..n / 60 + 1)
        .map(|k| json!({"id": id(5, k), "rank": base62(4, k), "number": k + 1, "goal": prose(&mut dice, 9), "state": "closed"}))
        .collect();
    let items: Vec<Value> = (0..n).map(|k| item(&mut dice, k, n)).collect();
    let board = json!({"id": id(1, 0), "name": "Ferry", "vision": "Nobody waits at the pier."});
    json!({"format": "1.0", "product": board, "roadmap": roadmap, "sprints": sprints, "items": items}).to_string()
}

/// The document as a program without a model would read it: every text a `String`.
#[derive(Deserialize)]
#[allow(dead_code)]
pub struct Bare {
    format: String,
    product: Value,
    #[serde(default)]
    roadmap: Vec<BareMove>,
    #[serde(default)]
    sprints: Vec<BareSprint>,
    pub items: Vec<BareItem>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct BareMove {
    id: String,
    rank: String,
    number: u32,
    title: String,
    problem: String,
    outcome: String,
    kind: String,
    horizon: String,
    result: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct BareSprint {
    id: String,
    rank: String,
    number: u32,
    goal: String,
    state: String,
    result: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct BareCriterion {
    text: String,
    #[serde(default)]
    met: bool,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct BareItem {
    id: String,
    rank: String,
    number: u32,
    title: String,
    kind: String,
    story: String,
    #[serde(default)]
    criteria: Vec<BareCriterion>,
    points: Option<f64>,
    status: String,
    #[serde(default)]
    labels: Vec<String>,
    serves: Option<String>,
    sprint: Option<String>,
    created: String,
}

/// A journal line in the same way.
#[derive(Deserialize)]
#[allow(dead_code)]
pub struct BareLine {
    id: String,
    session: String,
    n: u32,
    time: String,
    by: String,
    role: String,
    label: String,
    changes: Vec<BareChange>,
    crc: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct BareChange {
    kind: String,
    id: String,
    field: String,
    #[serde(default)]
    from: Value,
    #[serde(default)]
    to: Value,
}

//! What the program costs beside the bare work under it, in one run: each figure and its floor take turns, and the
//! smallest of all rounds counts. A ratio says the same on a fast machine and on a slow one.
//!
//! `cargo bench` runs it; `cargo bench -- 1000 10000` takes other sizes.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic
)]

mod made;

use made::{Bare, BareLine, document};
use memchr::memmem;
use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;
use whyhow::actions::edit::{Place, reorder, set};
use whyhow::insight::find::{Depths, Haystack, words};
use whyhow::insight::forecast::forecast;
use whyhow::model::change::{Step, diff};
use whyhow::model::id::{Id, IdSource};
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Kind, Sprint, SprintState};
use whyhow::model::snapshot_types::SprintEntry;
use whyhow::model::table::AnyTable;
use whyhow::model::value::Value;
use whyhow::model::value::{Amount, Day, Life, When};
use whyhow::store::folder::Folder;
use whyhow::store::journal::{JournalLine, scan};
use whyhow::store::snapshot;
use whyhow::store::write_request::{Author, WriteOutcome, WriteRequest};
use whyhow::store::writer::Writer;

const ROUNDS: usize = 15;

/// The smallest time in ms of each of several jobs that take turns.
struct Turns {
    best: Vec<f64>,
}

fn timed<T>(job: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let out = black_box(job());
    // Dropping what was made is not part of making it.
    (begun.elapsed().as_secs_f64() * 1e3, out)
}

impl Turns {
    fn new(jobs: usize) -> Turns {
        Turns { best: vec![f64::INFINITY; jobs] }
    }

    fn note<T>(&mut self, job: usize, (ms, out): (f64, T)) -> T {
        self.best[job] = self.best[job].min(ms);
        out
    }
}

struct Row {
    name: &'static str,
    what: &'static str,
    n: usize,
    ours: f64,
    floor: f64,
    /// The largest ratio that is good; none where only the time counts.
    limit: Option<f64>,
    /// The longest time in ms that is good.
    within: Option<f64>,
}

fn print(rows: &[Row]) {
    println!("\n{:<4} {:<46} {:>7} {:>10} {:>10} {:>7} {:>12}", "", "", "items", "ms", "floor ms", "ratio", "limit");
    for row in rows {
        let ratio = row.ours / row.floor;
        let over = row.limit.is_some_and(|limit| ratio > limit) || row.within.is_some_and(|ms| row.ours > ms);
        let mut limits: Vec<String> = row.limit.iter().map(|limit| format!("{limit} x")).collect();
        limits.extend(row.within.iter().map(|ms| format!("{ms} ms")));
        let shown = if row.floor.is_nan() { "-".to_string() } else { format!("{ratio:.3}") };
        let floor = if row.floor.is_nan() { "-".to_string() } else { format!("{:.4}", row.floor) };
        println!(
            "{:<4} {:<46} {:>7} {:>10.4} {:>10} {:>7} {:>12}  {}",
            row.name,
            row.what,
            row.n,
            row.ours,
            floor,
            shown,
            limits.join(", "),
            match (over, limits.is_empty()) {
                (true, _) => "OVER",
                (false, true) => "",
                (false, false) => "ok",
            }
        );
    }
}

/// A product on disk and in memory.
struct Bench {
    n: usize,
    _dir: tempfile::TempDir,
    folder: Folder,
    file: PathBuf,
    ids: IdSource,
    now: When,
}

impl Bench {
    fn new(n: usize) -> Bench {
        let dir = tempfile::tempdir_in(
            std::env::current_dir().unwrap().join("target").canonicalize().unwrap_or_else(|_| std::env::temp_dir()),
        )
        .unwrap();
        let folder = Folder(dir.path().to_path_buf());
        let (product, _) = snapshot::from_json(document(n).as_bytes()).unwrap();
        std::fs::write(folder.product_json(), snapshot::to_json(&product)).unwrap();
        let file = dir.path().join("floor");
        std::fs::write(&file, b"x").unwrap();
        let now = When::parse("2026-03-02T09:00:00Z").unwrap();
        Bench { n, folder, file, ids: IdSource::new(7, 7), now, _dir: dir }
    }

    fn act(&mut self, step: Step) -> WriteRequest {
        let author = Author { session: Id::from_bits(1), n: 1, time: self.now, by: "Omar".into(), role: Role::Both };
        WriteRequest::new(self.ids.fresh(|_| false), author, step)
    }

    /// A change of the points of some story.
    fn edit(&mut self, product: &Product) -> WriteRequest {
        let at = self.ids.fresh(|_| false).bits() as usize % product.items().len();
        let id = product.items().at(at as u32).unwrap().id;
        let field = Kind::BacklogItem.field("points").unwrap();
        let now = product.get::<BacklogItem>(id).unwrap().points.map_or(0, |points| points.in_hundredths() / 100);
        let step = set(product, &[id], field, &Value::from((now + 1) % 20)).unwrap();
        self.act(step)
    }
}

/// How many times this process has called `write`, where the system counts that.
fn writes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/io").ok()?;
    text.lines().find_map(|line| line.strip_prefix("syscw: ")?.parse().ok())
}

fn load(bench: &Bench, turns: &mut Turns) {
    let path = bench.folder.product_json();
    let bare = turns.note(0, timed(|| serde_json::from_slice::<Bare>(&std::fs::read(&path).unwrap()).unwrap()));
    assert_eq!(bare.items.len(), bench.n);
    drop(bare);
    let product = turns.note(1, timed(|| snapshot::read(&path).unwrap().unwrap().0.unwrap().0));
    assert_eq!(product.items().len(), bench.n);
    drop(product);
    drop(turns.note(2, timed(|| Writer::open(bench.folder.clone()).unwrap())));
}

fn append(bench: &mut Bench, writer: &mut Writer, turns: &mut Turns) {
    let mut file = OpenOptions::new().write(true).open(&bench.file).unwrap();
    for _ in 0..20 {
        let act = bench.edit(writer.product());
        let before = writes();
        let answers = turns.note(3, timed(|| writer.commit(std::slice::from_ref(&act))));
        let after = writes();
        assert!(matches!(answers.as_slice(), [WriteOutcome::Saved { .. }]), "{answers:?}");
        if let (Some(before), Some(after)) = (before, after) {
            assert_eq!(after - before, 1, "one step is one write");
        }
        turns.note(
            4,
            timed(|| {
                file.seek(SeekFrom::Start(0)).unwrap();
                file.write_all(b"y").unwrap();
                file.sync_data().unwrap();
            }),
        );
    }
}

fn replace_bare(folder: &Path, bytes: &[u8]) {
    let (fresh, path) = (folder.join("floor.tmp"), folder.join("floor.json"));
    let mut file = File::create(&fresh).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
    std::fs::rename(&fresh, &path).unwrap();
    File::open(folder).unwrap().sync_all().unwrap();
}

fn checkpoint(bench: &mut Bench, writer: &mut Writer, turns: &mut Turns) {
    let act = bench.edit(writer.product());
    writer.commit(&[act]);
    turns.note(5, timed(|| writer.checkpoint(false).unwrap()));
    drop(turns.note(15, timed(|| snapshot::to_json(writer.product()))));
    let bytes = std::fs::read(bench.folder.product_json()).unwrap();
    // A file takes the place only once it has been read back.
    turns.note(
        6,
        timed(|| {
            replace_bare(&bench.folder.0, &bytes);
            let read = std::fs::read(bench.folder.0.join("floor.json")).unwrap();
            serde_json::from_slice::<Bare>(&read).unwrap()
        }),
    );
}

fn memory(bench: &mut Bench, product: &mut Product, hay: &Haystack, text: &[u8], turns: &mut Turns) {
    let (find, _) = words("export");
    // The allocator's own tidying is not part of finding.
    drop(hay.hits(&find));
    let hits = turns.note(9, timed(|| hay.hits(&find)));
    let needle = memmem::Finder::new(b"export");
    let found = turns.note(10, timed(|| needle.find_iter(text).count()));
    assert!(found >= hits.iter().filter(|hit| **hit).count() && found > 0);
    let ids: Vec<Id> = product.items().iter().map(|item| item.id).collect();
    let from = ids[bench.ids.fresh(|_| false).bits() as usize % ids.len()];
    let to = ids[bench.ids.fresh(|_| false).bits() as usize % ids.len()];
    let step = reorder(product, Kind::BacklogItem, &[from], Place::Before(to)).unwrap();
    turns.note(11, timed(|| product.apply(&step).unwrap()));
    let step = bench.edit(product).step;
    turns.note(12, timed(|| product.apply(&step).unwrap()));
    // Last, since what it frees the allocator sorts in whatever comes next.
    drop(turns.note(7, timed(|| product.records())));
    drop(turns.note(8, timed(|| product.items().all().map(|item| BacklogItem::clone(item)).collect::<Vec<_>>())));
}

/// A journal of the steps so far, as it is replayed at the start.
fn replay(product: &Product, journal: &[u8], turns: &mut Turns) {
    let mut shown = product.clone();
    turns.note(
        13,
        timed(|| {
            for line in scan(journal).lines {
                if let JournalLine::Step(entry) = line {
                    shown.apply(&entry.step).unwrap();
                }
            }
        }),
    );
    drop(shown);
    turns.note(
        14,
        timed(|| {
            let parse = |line: &[u8]| serde_json::from_slice::<BareLine>(line).unwrap();
            journal.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(parse).collect::<Vec<_>>()
        }),
    );
}

/// The product with ten closed sprints, in which so many points were done each time, give or take a fifth.
fn with_sprints(product: &Product, points: i64) -> Product {
    let (mut out, at) = (product.clone(), When::parse("2026-03-02T09:00:00Z").unwrap());
    for n in 0..10u64 {
        let id = Id::from_bits(9_000_000 + n);
        let mut entry = SprintEntry::new(id, Some(Amount::whole(points * (8 + n as i64 % 5) / 10)), at);
        (entry.done, entry.outcome) = (Some(at), SprintEntry::DONE.to_string());
        let day = |plus: i64| Some(Day(at.day().0 + chrono::Duration::days(14 * n as i64 + plus)));
        // The first ten stories of a size a team would have, so that those without points can take one.
        let sized = (1..=10).map(|size| SprintEntry { points: Some(Amount::whole(size)), ..entry.clone() });
        let sprint = Sprint {
            id,
            alive: Life::Alive,
            number: n as u32 + 900,
            start: day(0),
            end: day(13),
            state: SprintState::Closed,
            entries: std::iter::once(entry.clone()).chain(sized).collect(),
            ..Sprint::default()
        };
        let changes = diff(&Sprint { id, ..Sprint::default() }, &sprint);
        out.apply(&Step { label: String::new(), changes }).unwrap();
    }
    out
}

fn foresee(product: &Product, turns: &mut Turns) {
    let today = Day::parse("2026-12-24").unwrap();
    for (job, points) in [(16, 30), (17, product.items().order().len() as i64 / 20)] {
        let product = with_sprints(product, points);
        drop(turns.note(job, timed(|| forecast(&product, today))));
    }
}

fn rows(n: usize, best: &[f64]) -> Vec<Row> {
    let row = |name, what, ours: usize, floor: Option<usize>, limit, within| Row {
        name,
        what,
        n,
        ours: best[ours],
        floor: floor.map_or(f64::NAN, |floor| best[floor]),
        limit,
        within,
    };
    let large = n >= 100_000;
    vec![
        row("L1", "load: file to product / parse to bare structs", 1, Some(0), Some(1.2), None),
        row("", "the same with lock, journal and checksum", 2, Some(0), Some(1.5), None),
        row("L3", "replay 2,000 journal lines / parse them", 13, Some(14), Some(1.3), None),
        row("S1", "one step on disk / one byte + fdatasync", 3, Some(4), Some(1.3), None),
        row("S2", "checkpoint / write + fsync + rename + parse", 5, Some(6), Some(2.2), None),
        row("", "of that, the text alone", 15, None, None, None),
        row("S3", "copy for a checkpoint / deep copy of stories", 7, Some(8), Some(0.02), large.then_some(1.0)),
        row("M1", "find a word / memmem over the same bytes", 9, Some(10), Some(2.0), None),
        row("M2", "move a story far", 11, None, None, large.then_some(0.010)),
        row("", "edit a story with its sums", 12, None, None, large.then_some(0.005)),
        row("F1", "forecast, 10,000 runs", 16, None, None, (!large).then_some(16.0)),
        row("", "the same where all of it is within reach", 17, None, None, (!large).then_some(16.0)),
    ]
}

/// So many steps as journal lines, made beside the product's own journal.
fn journal_of(bench: &mut Bench, product: &Product, steps: usize) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder(dir.path().to_path_buf());
    std::fs::write(folder.product_json(), snapshot::to_json(product)).unwrap();
    let mut writer = Writer::open(folder.clone()).unwrap();
    let begins = std::fs::metadata(folder.journal()).unwrap().len() as usize;
    while writer.entries().len() < steps {
        let group: Vec<WriteRequest> = (0..64).map(|_| bench.edit(writer.product())).collect();
        writer.commit(&group);
    }
    std::fs::read(folder.journal()).unwrap().split_off(begins)
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let mut all: Vec<(Bench, Turns)> = sizes.iter().map(|n| (Bench::new(*n), Turns::new(18))).collect();
    // The stores stay open over all rounds, as on a screen.
    let mut writers: Vec<Writer> = all.iter().map(|(bench, _)| Writer::open(bench.folder.clone()).unwrap()).collect();
    let mut shown: Vec<(Product, Haystack, Vec<u8>, Vec<u8>)> = Vec::new();
    for ((bench, _), writer) in all.iter_mut().zip(&writers) {
        let product = writer.product().clone();
        let hay = Haystack::built(&product, false, Depths::default());
        let journal = journal_of(bench, &product, 2_000);
        let text = hay.texts().collect::<Vec<_>>().join("\n").into_bytes();
        shown.push((product, hay, text, journal));
    }
    for round in 0..ROUNDS {
        for (((bench, turns), writer), (product, hay, text, journal)) in
            all.iter_mut().zip(&mut writers).zip(&mut shown)
        {
            load(bench, turns);
            append(bench, writer, turns);
            checkpoint(bench, writer, turns);
            memory(bench, product, hay, text, turns);
            replay(writer.product(), journal, turns);
            foresee(writer.product(), turns);
        }
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    let table: Vec<Row> = all.iter().flat_map(|(bench, turns)| rows(bench.n, &turns.best)).collect();
    print(&table);
    for pair in all.windows(2) {
        let (small, large) = (&pair[0], &pair[1]);
        let times = large.1.best[1] / small.1.best[1];
        let limit = 1.1 * large.0.n as f64 / small.0.n as f64;
        let word = if times > limit { "OVER" } else { "ok" };
        println!("L2   load of {} is {times:.1} x that of {}, limit {limit:.1}  {word}", large.0.n, small.0.n);
    }
    let bytes = std::fs::metadata(all[0].0.folder.product_json()).unwrap().len();
    println!("{ROUNDS} rounds, the smallest time of each; {} bytes a story.", bytes as usize / all[0].0.n);
    // Not dropped: leaving is quicker, as the program leaves.
    std::mem::forget(shown);
}

//! Reading a file to import, on a thread of its own, up to the step that it would be. Nothing is written here: what was
//! read is looked at first, and then it is a commit like any other.

use crate::actions::Context;
use crate::import::table::asked::{TableWords, shape_of, words_of};
use crate::import::table::{HeaderSample, MAPPING, Mapping, headers_of};
use crate::import::{self, Found, ImportFormat, ImportPlan, Settling, SourceFile, Terms, site_is_clear};
use crate::insight::alike::pairs;
use crate::model::access::split;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::Kind;
use crate::model::value::{Shape, When};
use crate::options::Options;
use crate::store::error::reason;
use crate::tui::settings::write::replace;
use crate::tui::state::import_folder;
use chrono::TimeZone;
use rustc_hash::FxHashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

/// The most stories among which titles are compared: beyond that it would take longer than the import itself.
const MOST_COMPARED: usize = 20_000;

/// What to read, and how.
#[derive(Clone, Default)]
pub struct ImportWish {
    pub path: PathBuf,
    /// The file, once it has been read.
    pub file: Option<Arc<SourceFile>>,
    /// The format; detected without one.
    pub from: Option<&'static str>,
    /// Options by name; those that the format does not have are ignored.
    pub options: Vec<(&'static str, String)>,
    pub settling: Settling,
    /// What columns and words of a table mean; `None` takes what was kept for tables with the same columns.
    pub mapping: Option<Mapping>,
    /// Where mappings are kept.
    pub folder: Option<PathBuf>,
}

/// What a person may say about a table.
#[derive(Default)]
pub struct TableQuestions {
    pub headers: Vec<HeaderSample>,
    pub words: TableWords,
    /// The mapping that was used.
    pub mapping: Mapping,
}

/// How far a job came.
pub struct ImportRead {
    /// `None` if the file is unreadable.
    pub file: Option<Arc<SourceFile>>,
    /// `None` if the format is unknown.
    pub format: Option<&'static ImportFormat>,
    /// Of a table, its columns and words.
    pub questions: Option<TableQuestions>,
    /// What would be imported, or why nothing can be.
    pub ready: Result<ImportReady, String>,
}

/// What an import would do.
pub struct ImportReady {
    pub plan: ImportPlan,
    pub found: Found,
    /// The product for which it was planned.
    pub rev: u64,
    /// New stories that read like others.
    pub alike: usize,
    /// Records that the role may not write: they arrive as proposals.
    pub proposed: usize,
}

/// The progress, and the result once there is one.
#[derive(Default)]
struct Shared {
    done: AtomicUsize,
    all: AtomicUsize,
    result: OnceLock<ImportRead>,
}

pub struct ImportJob {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl ImportJob {
    /// Starts to read. What comes of it is planned for this product.
    pub fn begin(wish: ImportWish, product: &Product, context: &Context) -> ImportJob {
        let shared = Arc::new(Shared::default());
        let (product, context, theirs) = (product.clone(), context.clone(), Arc::clone(&shared));
        let thread = std::thread::Builder::new().spawn(move || {
            let read = read(&wish, &product, &context, &theirs);
            // Nobody else sets it.
            let _ = theirs.result.set(read);
        });
        ImportJob { shared, thread: thread.ok() }
    }

    /// The result; `None` while it is being read.
    pub fn result(&self) -> Option<&ImportRead> {
        self.shared.result.get()
    }

    /// Whether it ended without a result, as it does where no thread can be started.
    pub fn failed(&self) -> bool {
        self.result().is_none() && self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Records read so far, and how many there are; 0 as long as nobody knows.
    pub fn progress(&self) -> (usize, usize) {
        (self.shared.done.load(Ordering::Relaxed), self.shared.all.load(Ordering::Relaxed))
    }
}

fn read(wish: &ImportWish, product: &Product, context: &Context, shared: &Shared) -> ImportRead {
    let nothing = |why| ImportRead { file: None, format: None, questions: None, ready: Err(why) };
    let file = match &wish.file {
        Some(file) => Arc::clone(file),
        None => match source_file(&wish.path, None) {
            Ok(file) => Arc::new(file),
            Err(why) => return nothing(why),
        },
    };
    let format = match import::choose(&file, wish.from) {
        Ok(format) => format,
        Err(refusal) => return ImportRead { file: Some(file), ..nothing(format!("{refusal:#}")) },
    };
    let questions = questions(wish, &file, format);
    let mapping = questions.as_ref().map(|questions| questions.mapping.clone()).unwrap_or_default();
    let ready = ready(wish, &file, (format, &mapping), product, context, shared);
    ImportRead {
        file: Some(file),
        format: Some(format),
        questions,
        ready: ready.map_err(|refusal| format!("{refusal:#}")),
    }
}

/// What can be said about the columns and words of a table; `None` for another format.
fn questions(wish: &ImportWish, file: &SourceFile, format: &ImportFormat) -> Option<TableQuestions> {
    if !format.options.iter().any(|option| option.name == MAPPING.name) {
        return None;
    }
    let kept = || wish.folder.as_deref().and_then(|folder| kept_mapping(folder, file));
    let mapping = wish.mapping.clone().or_else(kept).unwrap_or_default();
    Some(TableQuestions { headers: headers_of(file), words: words_of(file, &mapping), mapping })
}

/// The file in which the mapping of tables with the same columns is kept.
fn mapping_file(folder: &Path, file: &SourceFile) -> PathBuf {
    folder.join("mappings").join(format!("{}.json", shape_of(file)))
}

/// What somebody said at the keyboard about an earlier table with the same columns.
pub fn kept_mapping(folder: &Path, file: &SourceFile) -> Option<Mapping> {
    let text = std::fs::read_to_string(mapping_file(folder, file)).ok()?;
    Mapping::parse(&text).ok()
}

/// Keeps a mapping for the next table with the same columns; an empty one is forgotten.
///
/// # Errors
///
/// The file cannot be written: the next import asks again.
pub fn keep_mapping(folder: &Path, file: &SourceFile, mapping: &Mapping) -> std::io::Result<()> {
    let path = mapping_file(folder, file);
    if *mapping == Mapping::default() {
        return match std::fs::remove_file(&path) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => Err(cause),
            _ => Ok(()),
        };
    }
    replace(&path, &format!("{:#}\n", mapping.to_json()))
}

fn ready(
    wish: &ImportWish,
    file: &SourceFile,
    (format, mapping): (&'static ImportFormat, &Mapping),
    product: &Product,
    context: &Context,
    shared: &Shared,
) -> Result<ImportReady, Refusal> {
    let mut options = Options::default();
    for option in format.options {
        if let Some((_, value)) = wish.options.iter().find(|(name, value)| *name == option.name && !value.is_empty()) {
            options.set(option, value)?;
        }
    }
    if *mapping != Mapping::default() {
        options.set(&MAPPING, &mapping.to_json().to_string())?;
    }
    let mut progress = |done, all| {
        shared.done.store(done, Ordering::Relaxed);
        shared.all.store(all, Ordering::Relaxed);
    };
    let found = in_local_time(import::read(file, Some(format.name), &options, &mut progress)?);
    site_is_clear(&found, product)?;
    let plan = planned(&found, product, &wish.settling, &mut context.clone());
    let theirs: FxHashSet<Id> = split(context.role, &plan.step).1.changes.iter().map(|change| change.id).collect();
    let alike = alike(product, &plan);
    Ok(ImportReady { plan, found, rev: product.rev(), alike, proposed: theirs.len() })
}

/// The step for the product as it is now.
pub fn planned(found: &Found, product: &Product, settling: &Settling, context: &mut Context) -> ImportPlan {
    let terms = Terms { settling: settling.clone(), ..Terms::at(context.now) };
    import::plan(found.clone(), product, &mut context.ids, &terms)
}

/// How many new stories read like another one.
fn alike(product: &Product, plan: &ImportPlan) -> usize {
    let stories = plan.step.created().filter(|(kind, _)| *kind == Kind::BacklogItem);
    let new: FxHashSet<Id> = stories.map(|(_, id)| id).collect();
    let mut after = product.clone();
    if new.is_empty() || after.apply(&plan.step).is_err() || after.items().len() > MOST_COMPARED {
        return 0;
    }
    pairs(&after, &new).len()
}

/// Reads a file to import.
///
/// # Errors
///
/// A sentence: there is no such file, it is unreadable, too large, or no plain file.
pub fn source_file(path: &Path, encoding: Option<&str>) -> Result<SourceFile, String> {
    let name = path.display().to_string();
    let unread = |cause: &std::io::Error| match cause.kind() {
        ErrorKind::NotFound => format!("There is no file {name}. Nothing was imported; check its name."),
        _ => format!("Could not read {name}: {}. Nothing was imported.", reason(cause)),
    };
    let meta = std::fs::metadata(path).map_err(|cause| unread(&cause))?;
    if meta.is_dir() {
        return import_folder::read(path, encoding).map_err(|refusal| format!("{refusal:#}"));
    }
    if !meta.is_file() {
        return Err(format!("{name} is not a plain file. Nothing was imported."));
    }
    import::bytes::fits(&name, meta.len()).map_err(|refusal| refusal.to_string())?;
    let bytes = std::fs::read(path).map_err(|cause| unread(&cause))?;
    SourceFile::from_bytes(&name, &bytes, encoding).map_err(|refusal| refusal.to_string())
}

/// Instants of other tools are in UTC; here they count on the local day, as one's own acts do. A time that names no zone,
/// which tables mark with the offset -00:00, is one of this zone.
pub fn in_local_time(mut found: Found) -> Found {
    let fields = found.records.iter_mut().filter(|_| !found.system.is_empty()).flat_map(|record| &mut record.fields);
    for (_, value) in fields.filter(|(field, _)| field.shape == Shape::When) {
        let Some(text) = value.as_str() else { continue };
        let wall = text
            .strip_suffix("-00:00")
            .and_then(|wall| chrono::NaiveDateTime::parse_from_str(wall, "%Y-%m-%dT%H:%M:%S").ok());
        // Where the clock was put forward there is no such time.
        let local = wall.and_then(|wall| chrono::Local.from_local_datetime(&wall).earliest());
        let time = local.or_else(|| When::parse(text).ok().map(|When(time)| time.with_timezone(&chrono::Local)));
        if let Some(time) = time {
            *value = When(time.fixed_offset()).to_string().into();
        }
    }
    found
}

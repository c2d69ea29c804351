//! Reading a file to import, on a thread of its own, up to the step that it would be. Nothing is written here: what was
//! read is looked at first, and then it is a commit like any other.

use crate::actions::Context;
use crate::import::asked::{AskedOfFile, asked, shape_of, takes_mapping};
use crate::import::table::{MAPPING, Mapping};
use crate::import::{
    self, Found, ImportFormat, ImportPlan, Past, Renaming, Settling, SourceFile, Terms, renaming, together,
};
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
use crate::tui::state::import_choices::{ChoicesInForce, ImportChoices, read_as_chosen};
use crate::tui::state::import_folder;
use chrono::TimeZone;
use rustc_hash::FxHashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

/// The most stories among which titles are compared: beyond that it would take longer than the import itself.
const MOST_COMPARED: usize = 20_000;

/// In place of a result that nobody waits for.
const STOPPED: &str = "It was stopped. Nothing was imported.";

/// What to read, and how.
#[derive(Clone, Default)]
pub struct ImportWish {
    pub paths: Vec<PathBuf>,
    /// The files, once they have been read.
    pub files: Vec<Arc<SourceFile>>,
    /// The format; detected without one, for each file.
    pub from: Option<&'static str>,
    /// Options by name; those that a format does not have are ignored.
    pub options: Vec<(&'static str, String)>,
    pub settling: Settling,
    /// What columns and words mean; `None` takes what was kept for files of the same kind.
    pub mapping: Option<Mapping>,
    /// Where mappings are kept.
    pub folder: Option<PathBuf>,
    /// Mail addresses are left out; `None` does as at the last import of the same source.
    pub without_mail: Option<bool>,
}

/// What a person may say about the columns and words of a file, and of all that are like it.
#[derive(Default)]
pub struct FileQuestions {
    pub asked: AskedOfFile,
    /// The mapping that was used.
    pub mapping: Mapping,
    /// The name under which it is kept.
    pub shape: String,
}

/// How far a job came.
pub struct ImportRead {
    /// Empty if one is unreadable.
    pub files: Vec<Arc<SourceFile>>,
    /// Of the first file; `None` if it is unknown.
    pub format: Option<&'static ImportFormat>,
    /// Of the first file that has any.
    pub questions: Option<FileQuestions>,
    /// The first file reads like something that was imported from another place.
    pub renaming: Option<Renaming>,
    /// What was chosen for each file, now or before.
    pub choices: Vec<ImportChoices>,
    /// What would be imported, or why nothing can be.
    pub ready: Result<ImportReady, String>,
}

/// What an import would do.
pub struct ImportReady {
    pub plan: ImportPlan,
    pub found: Vec<Found>,
    /// What counted for each file.
    pub choices: Vec<ChoicesInForce>,
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
    /// Nobody waits for the result any more.
    stopped: AtomicBool,
    result: OnceLock<ImportRead>,
}

pub struct ImportJob {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl ImportJob {
    /// Starts to read. What comes of it is planned for this product.
    pub fn begin(wish: ImportWish, product: &Product, context: &Context) -> ImportJob {
        ImportJob::after(None, wish, product, context)
    }

    /// Starts to read in place of another job, once that one has stopped: one of them works at a time.
    pub fn after(before: Option<ImportJob>, wish: ImportWish, product: &Product, context: &Context) -> ImportJob {
        let shared = Arc::new(Shared::default());
        let (product, context, theirs) = (product.clone(), context.clone(), Arc::clone(&shared));
        if let Some(before) = &before {
            before.shared.stopped.store(true, Ordering::Relaxed);
        }
        let thread = std::thread::Builder::new().spawn(move || {
            if let Some(mut before) = before {
                // Whatever became of it.
                let _ = before.thread.take().map(JoinHandle::join);
            }
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

impl Drop for ImportJob {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
    }
}

fn read(wish: &ImportWish, product: &Product, context: &Context, shared: &Shared) -> ImportRead {
    let nothing = |why| ImportRead {
        files: Vec::new(),
        format: None,
        questions: None,
        renaming: None,
        choices: Vec::new(),
        ready: Err(why),
    };
    let files = match wish.files.is_empty() {
        false => Ok(wish.files.clone()),
        true => expanded(&wish.paths).iter().map(|path| source_file(path, None).map(Arc::new)).collect(),
    };
    let files: Vec<Arc<SourceFile>> = match files {
        Ok(files) => files,
        Err(why) => return nothing(why),
    };
    let mut formats: Vec<&'static ImportFormat> = Vec::with_capacity(files.len());
    for file in &files {
        match import::choose(file, wish.from) {
            Ok(format) => formats.push(format),
            Err(refusal) => {
                let format = formats.first().copied();
                return ImportRead { files, format, ..nothing(format!("{refusal:#}")) };
            }
        }
    }
    let all: Vec<(&SourceFile, &'static ImportFormat)> =
        files.iter().map(|file| &**file).zip(formats.iter().copied()).collect();
    let stopped = || shared.stopped.load(Ordering::Relaxed);
    if stopped() {
        return nothing(STOPPED.to_string());
    }
    let questions = questions(wish, &all);
    let mut out = ImportRead { format: formats.first().copied(), ..nothing(String::new()) };
    if stopped() {
        return nothing(STOPPED.to_string());
    }
    out.ready = match found(wish, &all, questions.as_ref(), shared) {
        Ok(_) if stopped() => Err(STOPPED.to_string()),
        Ok((found, choices)) => {
            out.choices = choices.iter().map(|one| one.choices.clone()).collect();
            out.renaming = found.iter().find_map(|one| renaming(one, product));
            match &out.renaming {
                Some(one) if wish.settling.renamed.is_none() => {
                    Err(format!("{} Nothing was imported yet: Space on the row above says it.", one.question()))
                }
                _ => Ok(ready(wish, (found, choices), product, context)),
            }
        }
        Err(refusal) => Err(format!("{refusal:#}")),
    };
    out.questions = questions;
    out.files = files;
    out
}

/// What can be said about the columns and words of the files; `None` if none has any.
fn questions(wish: &ImportWish, all: &[(&SourceFile, &ImportFormat)]) -> Option<FileQuestions> {
    let (file, format) = all.iter().find(|(_, format)| takes_mapping(format))?;
    let shape = shape_of(format, file);
    let kept = || wish.folder.as_deref().and_then(|folder| kept_mapping(folder, format, file));
    let mapping = wish.mapping.clone().or_else(kept).unwrap_or_default();
    let mut out: Option<AskedOfFile> = None;
    for (file, format) in all.iter().filter(|(file, format)| takes_mapping(format) && shape_of(format, file) == shape) {
        match (&mut out, asked(format, file, &mapping, &wish.options)) {
            (Some(out), Some(more)) => out.words.take(more.words),
            (None, more) => out = more,
            (Some(_), None) => {}
        }
    }
    Some(FileQuestions { asked: out?, mapping, shape })
}

/// The file in which the mapping of files of one kind is kept.
fn mapping_file(folder: &Path, shape: &str) -> PathBuf {
    folder.join("mappings").join(format!("{shape}.json"))
}

/// What somebody said at the keyboard about an earlier file of the same kind.
pub fn kept_mapping(folder: &Path, format: &ImportFormat, file: &SourceFile) -> Option<Mapping> {
    let text = std::fs::read_to_string(mapping_file(folder, &shape_of(format, file))).ok()?;
    Mapping::parse(&text).ok()
}

/// Keeps a mapping for the next file of the same kind; an empty one is forgotten.
///
/// # Errors
///
/// The file cannot be written: the next import asks again.
pub fn keep_mapping(folder: &Path, shape: &str, mapping: &Mapping) -> std::io::Result<()> {
    let path = mapping_file(folder, shape);
    if *mapping == Mapping::default() {
        return match std::fs::remove_file(&path) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => Err(cause),
            _ => Ok(()),
        };
    }
    replace(&path, &format!("{:#}\n", mapping.to_json()))
}

/// What the files hold.
fn found(
    wish: &ImportWish,
    all: &[(&SourceFile, &'static ImportFormat)],
    questions: Option<&FileQuestions>,
    shared: &Shared,
) -> Result<(Vec<Found>, Vec<ChoicesInForce>), Refusal> {
    let (mut out, mut choices) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
    for (file, format) in all {
        let mut options = Options::default();
        for option in format.options {
            if let Some((_, value)) =
                wish.options.iter().find(|(name, value)| *name == option.name && option.accepts(value))
            {
                options.set(option, value)?;
            }
        }
        if let Some(questions) = questions.filter(|_| takes_mapping(format)) {
            let same = shape_of(format, file) == questions.shape;
            let kept = || wish.folder.as_deref().and_then(|folder| kept_mapping(folder, format, file));
            let mapping = if same { Some(questions.mapping.clone()) } else { kept() };
            if let Some(mapping) = mapping.filter(|mapping| *mapping != Mapping::default()) {
                options.set(&MAPPING, &mapping.to_json().to_string())?;
            }
        }
        let before: (usize, usize) = (shared.done.load(Ordering::Relaxed), shared.all.load(Ordering::Relaxed));
        let mut progress = |done: usize, all: usize| {
            shared.done.store(before.0.saturating_add(done), Ordering::Relaxed);
            shared.all.store(before.1.saturating_add(all), Ordering::Relaxed);
        };
        let folder = wish.folder.as_deref();
        let (found, one) = read_as_chosen(file, format, &options, wish.without_mail, folder, &mut progress)?;
        out.push(in_local_time(found));
        choices.push(one);
    }
    Ok((out, choices))
}

fn ready(
    wish: &ImportWish,
    (found, choices): (Vec<Found>, Vec<ChoicesInForce>),
    product: &Product,
    context: &Context,
) -> ImportReady {
    let plan = planned(&found, product, &wish.settling, &mut context.clone());
    let theirs: FxHashSet<Id> = split(context.role, &plan.step).1.changes.iter().map(|change| change.id).collect();
    let alike = alike(product, &plan);
    ImportReady { plan, found, choices, rev: product.rev(), alike, proposed: theirs.len() }
}

/// The step for the product as it is now.
pub fn planned(found: &[Found], product: &Product, settling: &Settling, context: &mut Context) -> ImportPlan {
    let terms = Terms { settling: settling.clone(), ..Terms::at(context.now) };
    together(found.to_vec(), product, &mut context.ids, &terms, &|_| Past::default()).joined()
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

/// The files that are meant: of a folder that holds no backlog but tables, these.
pub fn expanded(paths: &[PathBuf]) -> Vec<PathBuf> {
    paths.iter().flat_map(|path| import_folder::tables(path).unwrap_or_else(|| vec![path.clone()])).collect()
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

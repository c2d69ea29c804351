//! Writing a product as a file of another form: by a command, or on a thread of its own while the screen waits.

use crate::export::{ExportFormat, Form, Subject, Written};
use crate::import::native::THROUGH;
use crate::insight::roadmap_diff::Act;
use crate::model::change::{Change, Step};
use crate::model::mail::take_mail_out;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::When;
use crate::options::Options;
use crate::store::error::reason;
use crate::store::folder::Folder;
use crate::store::open::open;
use crate::tui::state::output_file::OutputFile;
use crate::tui::state::output_folder::OutputFolder;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

/// Where an export goes.
pub enum OutputPlace {
    File(OutputFile),
    Folder(OutputFolder),
}

impl OutputPlace {
    /// The place to which `path` leads, for a format. `data` is the folder of all products.
    ///
    /// # Errors
    ///
    /// Why nothing may be written there.
    pub fn at(path: &Path, data: &Path, format: &ExportFormat) -> Result<OutputPlace, String> {
        match format.form {
            Form::Folder => OutputFolder::at(path, data).map(OutputPlace::Folder),
            _ => OutputFile::at(path, data, &[]).map(OutputPlace::File),
        }
    }

    /// Writes it all. Returns the paths of what was written in parts, and what there is to say of it.
    ///
    /// # Errors
    ///
    /// Why it could not be written.
    pub fn write(self, written: &Written) -> std::io::Result<(Vec<PathBuf>, Vec<String>)> {
        match self {
            OutputPlace::File(OutputFile::Plain(path)) if !written.parts.is_empty() => {
                write_parts(&path, &written.parts).map(|parts| (parts, Vec::new()))
            }
            OutputPlace::File(file) => file.write(&written.bytes).map(|()| Default::default()),
            OutputPlace::Folder(folder) => folder.write(&written.key, &written.files).map(|lines| (Vec::new(), lines)),
        }
    }
}

/// `plan.csv` as `plan-1.csv`, `plan-2.csv`. None of them replaces a file.
fn write_parts(path: &Path, parts: &[Vec<u8>]) -> std::io::Result<Vec<PathBuf>> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    let paths: Vec<PathBuf> =
        (1..=parts.len()).map(|nth| path.with_file_name(format!("{stem}-{nth}{ending}"))).collect();
    if let Some(there) = paths.iter().find(|path| path.exists()) {
        return Err(std::io::Error::other(format!("{} exists already; choose another name", there.display())));
    }
    for (path, bytes) in paths.iter().zip(parts) {
        OutputFile::Plain(path.clone()).write(bytes)?;
    }
    Ok(paths)
}

/// A product without mail addresses, for others.
fn without_mail(product: &Product) -> Result<Product, String> {
    let mut changes = Vec::new();
    for kind in Kind::ALL {
        for record in product.living(*kind) {
            let fields = kind.fields().iter().filter(|field| !field.is_head() && kind.source_field() != Some(*field));
            for field in fields {
                let (from, mut to) = (record.value(field), record.value(field));
                if take_mail_out(&mut to) > 0 {
                    changes.push(Change { id: record.id(), field, from, to });
                }
            }
        }
    }
    let mut out = product.clone();
    out.apply(&Step { label: String::new(), changes })?;
    Ok(out)
}

/// What a product is in another form, and what there is to say about opening it.
pub struct Exported {
    pub written: Written,
    pub notices: Vec<String>,
}

/// Writes the saved product of a folder, with its history where the format tells of it.
///
/// # Errors
///
/// It cannot be opened, or the format refuses it.
pub fn exported(
    folder: &Folder,
    format: &ExportFormat,
    options: &Options,
    now: When,
    with_mail: bool,
) -> Result<Exported, Box<dyn std::error::Error + Send + Sync>> {
    let opened = open(folder)?;
    let last = opened.last();
    let entries = if format.tells_past { opened.history(folder).entries } else { Vec::new() };
    let acts: Vec<Act> = entries.iter().map(|entry| Act { step: &entry.step, at: entry.time, by: &entry.by }).collect();
    let (mut product, notices) = opened.shown(now);
    // An import of the file can then tell what has changed here since.
    product.unknown.shift_remove(THROUGH);
    product.unknown.extend(last.map(|id| (THROUGH.to_string(), id.to_string().into())));
    if !with_mail {
        product = without_mail(&product)?;
    }
    let written = (format.write)(&Subject { product: &product, acts: &acts, now }, options)?;
    Ok(Exported { written, notices: notices.into_iter().map(|notice| notice.text).collect() })
}

/// What to write, and where.
#[derive(Clone)]
pub struct ExportWish {
    pub format: &'static ExportFormat,
    pub options: Options,
    pub path: PathBuf,
    /// The folder of the product, and that of all products.
    pub folder: Folder,
    pub data: PathBuf,
    pub now: When,
    /// Mail addresses go out too.
    pub with_mail: bool,
    /// A page that the screen shows, written as it is.
    pub page: Option<String>,
}

/// An export that is under way. Its result is what there is to say: one line each.
pub struct ExportJob {
    result: Arc<OnceLock<Result<Vec<String>, String>>>,
    thread: Option<JoinHandle<()>>,
}

impl ExportJob {
    pub fn begin(wish: ExportWish) -> ExportJob {
        let result = Arc::new(OnceLock::new());
        let theirs = Arc::clone(&result);
        let thread = std::thread::Builder::new().spawn(move || {
            // Nobody else sets it.
            let _ = theirs.set(write(&wish));
        });
        ExportJob { result, thread: thread.ok() }
    }

    /// What became of it; `None` while it is being written.
    pub fn result(&self) -> Option<&Result<Vec<String>, String>> {
        self.result.get()
    }

    /// Whether it ended without a result, as it does where no thread can be started.
    pub fn failed(&self) -> bool {
        self.result().is_none() && self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

fn write(wish: &ExportWish) -> Result<Vec<String>, String> {
    let place = OutputPlace::at(&wish.path, &wish.data, wish.format)?;
    let made = match &wish.page {
        Some(page) => Exported { written: page.clone().into(), notices: Vec::new() },
        None => exported(&wish.folder, wish.format, &wish.options, wish.now, wish.with_mail)
            .map_err(|why| why.to_string())?,
    };
    let path = wish.path.display();
    let (parts, lines) = place
        .write(&made.written)
        .map_err(|cause| format!("Could not write {path}: {}. Everything saved is safe.", reason(&cause)))?;
    let mut out = match (parts.first(), parts.last()) {
        (Some(first), Some(last)) => vec![format!("Written: {} to {}", first.display(), last.display())],
        _ => vec![format!("Written: {path}")],
    };
    out.extend(lines);
    out.extend(made.notices);
    out.extend(made.written.notes);
    Ok(out)
}

//! On a crash, the terminal is restored and a short report is written that contains nobody's text.

use crate::store::file::private;
use crate::tui::term::terminal::give_back;
use crate::tui::term::text::clean;
use std::backtrace::Backtrace;
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};

/// From now on a panic on this thread restores the terminal before anything is printed. One on another thread leaves
/// the screen as it is: whoever waits for that thread notices.
pub fn watch(reports: &Path) {
    let screen = std::thread::current().id();
    let reports = reports.to_path_buf();
    std::panic::set_hook(Box::new(move |info| {
        let report = report(info, &reports);
        if std::thread::current().id() == screen {
            give_back();
            // The terminal may be gone as well; there is nobody else to tell.
            let _ = writeln!(io::stderr(), "{}", told(&place(info), report.as_deref()));
        }
    }));
}

fn told(place: &str, report: Option<&Path>) -> String {
    let report =
        report.map(|path| format!(" A report without your texts is in {}.", clean(&path.display().to_string())));
    format!(
        "whyhow stopped on a fault of its own ({place}). Everything shown as saved is on disk, and what was being typed comes back at the next start.{}",
        report.unwrap_or_default()
    )
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(|| "at an unknown place".to_string(), |at| format!("{}:{}", at.file(), at.line()))
}

/// The panic message is left out, because it may quote a title.
fn report(info: &PanicHookInfo<'_>, folder: &Path) -> Option<PathBuf> {
    let now = chrono::Local::now();
    let thread = std::thread::current();
    let text = format!(
        "whyhow {} on {} {}\n{}\nthread {}\nat {}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        now.to_rfc3339(),
        thread.name().unwrap_or("without a name"),
        place(info),
        Backtrace::force_capture()
    );
    crate::store::file::make_folder(folder).ok()?;
    let path = folder.join(format!("fault-{}-{}.txt", now.format("%Y%m%d-%H%M%S"), std::process::id()));
    let mut file = private().write(true).create(true).truncate(true).open(&path).ok()?;
    file.write_all(text.as_bytes()).ok()?;
    Some(path)
}

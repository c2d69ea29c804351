//! What a test may need of the machine, how that is found out, and what becomes of a test whose need is not met.

use libtest_mimic::Trial;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something of the machine that a test cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    Strace,
    Mount,
    /// Rights of files that bind, as they do not bind the superuser.
    Rights,
    /// To become somebody whom the system does not know; only the superuser can.
    Stranger,
    /// The real files of other tools.
    Data,
}

impl Need {
    const ALL: [Need; 5] = [Need::Strace, Need::Mount, Need::Rights, Need::Stranger, Need::Data];

    /// As `WHYHOW_REQUIRE` names it.
    fn word(self) -> &'static str {
        match self {
            Need::Strace => "strace",
            Need::Mount => "mount",
            Need::Rights | Need::Stranger => "user",
            Need::Data => "data",
        }
    }

    /// Why the machine does not have it, if so.
    fn probe(self) -> Result<(), String> {
        match self {
            Need::Strace => succeeds(Command::new("strace").args(["-qq", "-o", "/dev/null", "true"])),
            Need::Mount => {
                let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
                small_disk(folder.path(), 64).map(drop)
            }
            Need::Rights if !is_superuser() => Ok(()),
            Need::Stranger if !is_superuser() => Err("only the superuser can become somebody else".to_string()),
            Need::Rights | Need::Stranger => {
                let program = OpenProgram::new();
                succeeds(Command::new("setpriv").args(NOBODY).arg(&program.path).arg("--version"))
            }
            Need::Data => real_files().map(drop),
        }
    }
}

#[derive(Clone, Copy)]
pub struct Test {
    /// With its file, as libtest names tests.
    pub name: &'static str,
    pub need: Need,
    /// Why it runs with `--ignored` only, if so.
    pub slow: Option<&'static str>,
    pub run: fn(),
}

/// The tests of a file, each after its need. A function that is missing here is dead code to the compiler.
macro_rules! tests {
    ($($need:ident: $($name:ident $(($slow:literal))?),+;)+) => {
        pub const TESTS: &[$crate::needs::Test] = &[$($($crate::needs::Test {
            name: concat!(module_path!(), "::", stringify!($name)),
            need: $crate::needs::Need::$need,
            slow: [$(Some($slow),)? None][0],
            run: $name,
        },)+)+];
    };
}
pub(crate) use tests;

/// The tests as the harness runs them; `required` is the list of `WHYHOW_REQUIRE`.
///
/// # Errors
/// A sentence when the list names a need that there is not.
pub fn trials(tests: &[Test], required: &str) -> Result<Vec<Trial>, String> {
    let required: Vec<&str> = required.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    let words = BTreeSet::from(Need::ALL.map(Need::word));
    if let Some(unknown) = required.iter().find(|word| !words.contains(*word)) {
        return Err(format!("WHYHOW_REQUIRE names {unknown:?}; the needs are {words:?}."));
    }
    let met: BTreeMap<Need, Result<(), String>> = Need::ALL.map(|need| (need, need.probe())).into();
    Ok(tests.iter().map(|test| trial(*test, met[&test.need].clone(), required.contains(&test.need.word()))).collect())
}

/// One test: ignored where it is slow, or where its need is neither met nor required. Where it runs without its need all
/// the same, it fails.
fn trial(test: Test, met: Result<(), String>, required: bool) -> Trial {
    let ignored = test.slow.is_some() || (met.is_err() && !required);
    let kind = match (&met, test.slow) {
        (Err(_), _) => format!("needs {}", test.need.word()),
        (Ok(()), slow) => slow.unwrap_or_default().to_string(),
    };
    let run = move || {
        met.map_err(|why| format!("needs {}: {why}", test.need.word()))?;
        (test.run)();
        Ok(())
    };
    let name = test.name.split_once("::").map_or(test.name, |(_, name)| name);
    Trial::test(name, run).with_kind(kind).with_ignored_flag(ignored)
}

fn succeeds(command: &mut Command) -> Result<(), String> {
    let done = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    let said = String::from_utf8_lossy(&done.stderr);
    if done.status.success() { Ok(()) } else { Err(format!("{}: {}", done.status, said.trim())) }
}

pub fn is_superuser() -> bool {
    tempfile::tempdir().is_ok_and(|ours| ours.path().metadata().is_ok_and(|one| one.uid() == 0))
}

/// A file system in memory, taken off again whatever the test did.
pub struct Mounted(pub PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Mounts a file system of so many KiB.
///
/// # Errors
/// What the system said where it lets us make none.
pub fn small_disk(at: &Path, kib: u32) -> Result<Mounted, String> {
    succeeds(Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"]).arg(at))?;
    Ok(Mounted(at.to_path_buf()))
}

/// What `setpriv` is told, to become nobody.
pub const NOBODY: [&str; 5] = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

/// A copy of the program where everybody may run it: it may have been built in a home that is closed to others.
pub struct OpenProgram {
    pub path: PathBuf,
    _folder: tempfile::TempDir,
}

impl OpenProgram {
    pub fn new() -> OpenProgram {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("whyhow");
        std::fs::copy(env!("CARGO_BIN_EXE_whyhow"), &path).unwrap();
        for path in [folder.path(), &path] {
            std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        // A process that another test starts at this moment may hold the copy open for writing until it runs its own
        // program; until then the copy cannot be run.
        for _ in 0..500 {
            match Command::new(&path).arg("--version").output() {
                Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                _ => break,
            }
        }
        OpenProgram { path, _folder: folder }
    }
}

/// The folder of real files of other tools: `WHYHOW_REAL_FILES`, or `../shared/data` beside the project.
///
/// # Errors
/// A sentence when it is not there.
pub fn real_files() -> Result<PathBuf, String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("WHYHOW_REAL_FILES").map_or_else(beside, PathBuf::from);
    let there = folder.join("expected.json").is_file();
    if there { Ok(folder) } else { Err(format!("{} has no expected.json", folder.display())) }
}

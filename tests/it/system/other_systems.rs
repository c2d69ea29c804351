//! Systems that lack what this one has: files without an identity, open files that cannot be replaced, no exchange of names.

use std::process::Command;

/// Rows 113 and 114: all tests of the store, in a second process that does without.
#[test]
fn the_store_holds_where_files_have_no_identity_and_open_ones_stay() {
    let tests = std::env::current_exe().unwrap();
    for lacks in ["identity", "replace,exchange"] {
        let run = Command::new(&tests).arg("store::").env("WHYHOW_LACKS", lacks).output().unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "{lacks}: {said}");
        let ran = said.lines().filter(|line| line.ends_with("... ok")).count();
        assert!(ran > 80, "{ran} tests were run");
    }
}

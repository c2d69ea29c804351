//! The command line as scripts rely on it, and files that are imported.

mod batch;
mod formats;
mod imports;
mod json_facts;
mod json_imports;
mod malformed;
mod outcomes;
mod own_files;
#[cfg(unix)]
mod printed;
mod reimports;
mod sprint_scripts;

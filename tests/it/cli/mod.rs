//! The command line as scripts rely on it, and files that are imported.

mod batch;
mod for_others;
mod foreign_habits;
mod formats;
mod html_report;
mod imports;
mod json_facts;
mod json_imports;
mod malformed;
mod other_tools;
mod outcomes;
mod own_files;
#[cfg(unix)]
mod printed;
mod reimports;
mod renamed;
mod sprint_scripts;
mod tables;

//! Every format of both tables over its samples: what comes out is what the golden files say, a second import changes
//! nothing, and each option is tried with each of its values. A new format needs its row and samples in tests/data/<name>.

use crate::harness::reader_laws::{sample, take};
use std::path::{Path, PathBuf};
use whyhow::export::{self, Subject};
use whyhow::import::{FORMATS, SourceFile, Terms, choose, plan, read};
use whyhow::model::id::IdSource;
use whyhow::model::product::Product;
use whyhow::model::value::When;
use whyhow::options::{FormatOption, OptionKind, Options};
use whyhow::store::snapshot;
use whyhow::tui::state::import_folder;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// The sample files and folders of a format, sorted by name.
fn samples(format: &str) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(data(format)).unwrap_or_else(|error| panic!("tests/data/{format}: {error}"));
    let mut all: Vec<PathBuf> =
        folder.map(|one| one.unwrap().path()).filter(|path| !path.ends_with("golden")).collect();
    all.sort();
    assert!(!all.is_empty(), "tests/data/{format} holds no sample");
    all
}

/// The defaults, then each option alone with each other value that it takes: a label and the options.
fn variants(rows: &[&'static FormatOption]) -> Vec<(String, Options)> {
    let mut out = vec![(String::new(), Options::default())];
    for option in rows {
        let values: Vec<&str> = match &option.kind {
            OptionKind::Choice(_, values) => values(),
            OptionKind::Switch => vec!["yes", "no"],
            // What a text does is said by tests of the format.
            OptionKind::Text(_) => Vec::new(),
        };
        for value in values.into_iter().filter(|value| *value != option.default) {
            let mut options = Options::default();
            options.set(option, value).unwrap();
            out.push((format!("-{}-{value}", option.name), options));
        }
    }
    out
}

/// Compares with the file of that name in a folder of tests/data; `INSTA_UPDATE=always` writes it.
fn golden(folder: &str, name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => format!("../../data/{folder}"), prepend_module_to_snapshot => false, omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}

/// A sample as an import has it.
fn source(path: &Path) -> SourceFile {
    let file = if path.is_dir() {
        import_folder::read(path, None)
    } else {
        SourceFile::from_bytes("", &std::fs::read(path).unwrap(), None)
    };
    let mut file = file.unwrap();
    file.name = name_of(path);
    file
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_sample_gives_the_records_and_the_report_of_its_golden_file() {
    for format in FORMATS {
        for path in samples(format.name) {
            let file = source(&path);
            assert_eq!(choose(&file, None).unwrap().name, format.name, "{} is recognised", path.display());
            let mut usual = String::new();
            for (variant, options) in variants(format.options) {
                let found = read(&file, Some(format.name), &options, &mut |_, _| {}).unwrap();
                let mut product = Product::default();
                let planned = plan(found.clone(), &product, &mut IdSource::new(11, 0), &Terms::at(noon()));
                take(&mut product, &planned.step, 1).unwrap();
                let json = String::from_utf8(snapshot::to_json(&product)).unwrap();
                let text = format!("{}\n{json}", planned.report.text());
                // An option that says nothing to this sample has no file of its own.
                if usual != text {
                    golden(&format!("{}/golden", format.name), &format!("{}{variant}", name_of(&path)), &text);
                }
                if variant.is_empty() {
                    usual = text;
                }
            }
        }
    }
}

/// Into an empty product, and into one that has records of its own.
#[test]
fn a_second_import_of_any_sample_changes_nothing() {
    for format in FORMATS {
        for path in samples(format.name) {
            let file = source(&path);
            for (variant, options) in variants(format.options) {
                let found = read(&file, None, &options, &mut |_, _| {}).unwrap();
                for mut product in [Product::default(), sample().clone()] {
                    let mut ids = IdSource::new(11, 0);
                    let step = plan(found.clone(), &product, &mut ids, &Terms::at(noon())).step;
                    assert!(!step.is_empty(), "{}{variant} brings something", path.display());
                    let before = product.clone();
                    let step = take(&mut product, &step, 1).unwrap();
                    let again = plan(found.clone(), &product, &mut ids, &Terms::at(noon()));
                    assert_eq!(again.step.changes, [], "{}{variant} a second time", path.display());
                    product.apply(&step.invert()).unwrap();
                    assert!(product == before, "{}{variant} is taken back", path.display());
                }
            }
        }
    }
}

fn noon() -> When {
    When::parse("2026-11-20T12:00:00+01:00").unwrap()
}

fn product() -> (Product, Vec<u8>) {
    let bytes = std::fs::read(data("json/review.json")).unwrap();
    (snapshot::from_json(&bytes).unwrap().0, bytes)
}

#[test]
fn every_export_of_the_sample_product_is_that_of_its_golden_file() {
    let (product, bytes) = product();
    for format in export::FORMATS {
        let mut seen = vec![bytes.clone()];
        for (variant, options) in variants(format.options) {
            (format.check)(&options).unwrap();
            let written = (format.write)(&Subject::of(&product, noon()), &options).unwrap();
            let files =
                written.files.iter().flat_map(|(name, bytes)| [format!("=== {name}\n").as_bytes(), bytes].concat());
            let text: Vec<u8> = files.chain(written.bytes).collect();
            assert!(!text.is_empty(), "{}{variant} is empty", format.name);
            // The lossless form is the sample itself, and an alias gives what its view gave.
            if seen.contains(&text) {
                continue;
            }
            let ending = if format.ending.is_empty() { "txt" } else { format.ending };
            golden("export", &format!("{}{variant}.{ending}", format.name), std::str::from_utf8(&text).unwrap());
            seen.push(text);
        }
    }
}

#[test]
fn each_export_format_has_an_ending_of_its_own() {
    for format in export::FORMATS {
        let selected = export::of_ending(format.ending).map(|one| one.name);
        assert_eq!(selected, Some(format.name).filter(|_| !format.ending.is_empty()));
        assert_eq!(export::named(format.name).map(|one| one.name), Some(format.name));
    }
    let (product, bytes) = product();
    let written = (export::json::ROW.write)(&Subject::of(&product, noon()), &Options::default()).unwrap();
    assert_eq!(written.bytes, bytes, "json is lossless");
}

/// Each option of each format, said once: the next import of the same source does the same, until another is said.
#[test]
fn what_was_chosen_for_a_source_counts_at_its_next_import() {
    for format in FORMATS {
        for option in format.options.iter().filter(|option| option.name != "mapping") {
            let (path, dir) = (samples(format.name).pop().unwrap(), tempfile::tempdir().unwrap());
            let run = |set: &[&str]| {
                let args = ["import", path.to_str().unwrap(), "--into", "Ferry"];
                let done = crate::harness::scratch::whyhow(dir.path()).args(args).args(set).output().unwrap();
                let said = String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap();
                assert!(done.status.success(), "{}: {}: {said}", format.name, option.name);
                said
            };
            let value = option.next(option.default, true).unwrap_or("ferry/app");
            run(&["--set", &format!("{}={value}", option.name)]);
            let again = run(&[]);
            assert!(again.contains(&format!("as at the last import: {}={value}", option.name)), "{again}");
            let is_idle = again.contains(" unchanged") && !again.contains(" new") && !again.contains(" changed");
            assert!(is_idle, "{}: {}: {again}", format.name, option.name);
            if option.default.is_empty() {
                continue;
            }
            run(&["--set", &format!("{}={}", option.name, option.default)]);
            assert!(!run(&[]).contains("as at the last import"), "the usual choice again");
        }
    }
}

//! The documents say what the program does: pages made from a table equal the table, and examples in the others run.

use crate::docs::sources::{root, sources};
use std::path::Path;
use whyhow::actions::ACTIONS;
use whyhow::export;
use whyhow::import::FORMATS;
use whyhow::import::table::ColumnRole;
use whyhow::insight::views::VIEWS;
use whyhow::model::schema::{FORMAT, Kind};
use whyhow::options::FormatOption;
use whyhow::tui::registry;

pub fn text_of(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Compares a page with what the table makes of it, or writes it where UPDATE_DOCS is set.
pub fn same(name: &str, made: &str) {
    let path = root().join(name);
    if std::env::var_os("UPDATE_DOCS").is_some_and(|set| set != "0") {
        std::fs::write(&path, made).unwrap();
        return;
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = there.lines().zip(made.lines()).position(|(old, new)| old != new);
    let line = differs.unwrap_or(there.lines().count().min(made.lines().count())) + 1;
    assert!(there == made, "{name} is not what the table says, from line {line} on. UPDATE_DOCS=1 cargo test docs");
}

#[test]
fn keys_are_those_of_the_command_table() {
    same("docs/KEYS.md", &whyhow::tui::state::keys_page::page(&whyhow::tui::registry::REGISTRY));
}

#[test]
fn settings_are_those_of_the_table_of_settings() {
    same("docs/SETTINGS.md", &whyhow::tui::settings::page::page());
}

#[test]
fn the_examples_of_the_settings_page_are_taken_without_a_word() {
    let text = blocks(&text_of("docs/SETTINGS.md"), "toml").join("\n");
    // Each block is a part of a file: what stands before a table comes first.
    let (tables, head): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| !line.starts_with("theme"));
    let (settings, keymap) = whyhow::tui::state::config_file::read(
        &[head, tables].concat().join("\n"),
        Default::default(),
        &whyhow::tui::registry::REGISTRY,
    );
    assert_eq!(settings.troubles, [""; 0]);
    assert_eq!((settings.theme.as_str(), settings.themes.len()), ("paper", 1));
    assert_eq!(keymap.label_of(registry::all().find(|command| command.name == "add").unwrap()), "New");
}

#[test]
fn fields_are_those_of_the_field_table() {
    same("docs/FIELDS.md", &whyhow::model::fields_page::page());
}

#[test]
fn format_names_what_scripts_rely_on() {
    let page = text_of("docs/FORMAT.md");
    assert!(page.contains(&format!("`{FORMAT}`")), "docs/FORMAT.md names another format than {FORMAT}");
    let kinds = Kind::ALL.iter().flat_map(|kind| [kind.key(), kind.plural()]);
    let deeds = ACTIONS.iter().flat_map(|deed| deed.with.iter().map(|(key, _)| *key).chain([deed.name]));
    for name in kinds.chain(deeds).chain(FORMATS.iter().map(|format| format.name)) {
        assert!(page.contains(&format!("`{name}`")), "docs/FORMAT.md does not name {name}");
    }
    let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, roles) = words.split_once("A column is ").unwrap();
    for role in ColumnRole::names() {
        let is_named = [", ", " (", " or "].iter().any(|after| roles.contains(&format!("{role}{after}")));
        assert!(is_named || roles.contains(&format!("or {role}.")), "docs/FORMAT.md does not name the role {role}");
    }
}

/// A part of a page that a table makes: what stands between its two marks.
fn same_part(name: &str, mark: &str, made: &str) {
    let page = text_of(name);
    let begin = format!("<!-- {mark}: made from the program's table -->\n");
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("{name} has no mark {begin}"));
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    same(name, &format!("{before}{begin}\n{}\n\n<!-- end -->{after}", made.trim()));
}

/// A table of formats, and the options of each.
fn formats(rows: &[(&str, &str, String, &[&FormatOption])]) -> String {
    let mut out = String::from("| format | what it is |\n|---|---|\n");
    for (name, title, about, _) in rows {
        out.push_str(&format!("| `{name}` | {title}: {about} |\n"));
    }
    out.push_str("\n| format | option | values | what it does |\n|---|---|---|---|\n");
    let all = || rows.iter().flat_map(|(name, _, _, options)| options.iter().map(move |option| (*name, *option)));
    let same = |a: &FormatOption, b: &FormatOption| (a.name, a.help, a.default) == (b.name, b.help, b.default);
    for (at, (_, option)) in all().enumerate() {
        if all().take(at).any(|(_, earlier)| same(earlier, option)) {
            continue;
        }
        let names: Vec<String> =
            all().filter(|(_, other)| same(other, option)).map(|(name, _)| format!("`{name}`")).collect();
        let default = match option.default {
            "" => String::new(),
            default => format!(" (without it `{default}`)"),
        };
        let (names, takes, help) = (names.join(", "), option.takes(), option.help);
        out.push_str(&format!("| {names} | `{}` | {takes}{default} | {help} |\n", option.name));
    }
    out
}

#[test]
fn format_lists_the_formats_of_both_tables() {
    let rows: Vec<_> = FORMATS.iter().map(|one| (one.name, one.title, one.about.to_string(), one.options)).collect();
    same_part("docs/FORMAT.md", "import formats", &formats(&rows));
    let about = |one: &export::ExportFormat| match one.ending {
        "" => one.about.to_string(),
        ending => format!("{} (`.{ending}`)", one.about),
    };
    let rows: Vec<_> = export::FORMATS.iter().map(|one| (one.name, one.title, about(one), one.options)).collect();
    same_part("docs/FORMAT.md", "export formats", &formats(&rows));
}

/// Help and page name every view of the registry.
#[test]
fn show_and_export_name_the_views_of_the_registry() {
    let page = text_of("docs/FORMAT.md");
    let help = |arguments: &[&str]| {
        let output = whyhow(&std::env::temp_dir(), arguments);
        String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (show, export) = (help(&["show", "--help"]), help(&["export", "--help"]));
    for view in VIEWS {
        assert!(page.contains(&format!("show {}", view.name)), "docs/FORMAT.md has no row for show {}", view.name);
        assert!(show.contains(view.name), "show --help does not name {}", view.name);
        assert!(view.not_exported.is_some() || export.contains(view.name), "export --help does not name {}", view.name);
    }
}

/// The lines of all code blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(name) => inside = !inside && name == language,
            None if inside => out.push(line.to_string()),
            None => {}
        }
    }
    out
}

fn whyhow(data: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_whyhow"));
    command.arg("--data").arg(data).args(arguments).output().unwrap()
}

#[test]
fn the_batch_example_runs() {
    let folder = tempfile::tempdir().unwrap();
    let lines = blocks(&text_of("docs/FORMAT.md"), "jsonl");
    assert!(lines.len() > 5, "docs/FORMAT.md has no batch example");
    let script = folder.path().join("example.jsonl");
    std::fs::write(&script, lines.join("\n")).unwrap();
    let data = folder.path().join("data");
    let done = whyhow(&data, &["--product", "Example", "batch", script.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let shown = whyhow(&data, &["show", "backlog", "--json"]);
    let shown: whyhow::model::value::Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert!(shown["items"].as_array().is_some_and(|all| !all.is_empty()));
}

#[test]
fn the_sample_of_the_picture_runs() {
    let folder = tempfile::tempdir().unwrap();
    let sample = root().join("docs/sample.jsonl");
    let done = whyhow(folder.path(), &["--product", "Shed", "batch", sample.to_str().unwrap()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

#[test]
fn the_readme_shows_the_picture() {
    let picture = text_of("docs/picture.txt");
    assert!(text_of("README.md").contains(&picture), "README.md shows another picture than docs/picture.txt");
}

#[test]
fn commands_that_the_readme_shows_are_there() {
    let readme = text_of("README.md");
    for line in blocks(&readme, "sh").iter().filter(|line| line.starts_with("whyhow ")) {
        let word = line.split_whitespace().skip(1).find(|word| !word.starts_with('-')).unwrap();
        let help = whyhow(&std::env::temp_dir(), &[word, "--help"]);
        assert!(help.status.success(), "README.md shows {line:?}");
    }
    let keys = registry::all().flat_map(|command| command.keys.iter()).collect::<Vec<_>>();
    for line in readme.lines().filter_map(|line| line.strip_prefix("| `")) {
        let shown = line.split_once("` |").map_or("", |(keys, _)| keys);
        for key in shown.split("` `") {
            assert!(
                keys.iter().any(|known| whyhow::tui::term::key::shown(known) == key),
                "README.md shows the key {key:?}"
            );
        }
    }
}

#[test]
fn documents_point_at_files_that_exist() {
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/FORMAT.md"] {
        let page = text_of(name);
        let folder = root().join(name);
        let folder = folder.parent().unwrap();
        for part in page.split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap_or_default();
            let outside = target.is_empty() || target.contains("://");
            assert!(outside || folder.join(target).exists(), "{name} points at {target}");
        }
        for word in page.split('`').filter(|word| word.starts_with("src/") && !word.contains(['…', '<', ' ', '*'])) {
            let path = word.split(':').next().unwrap_or(word);
            assert!(root().join(path).exists(), "{name} names {path}");
        }
    }
}

/// Names such as `Writer::commit` in the story of a key press are functions, types or values of the program.
#[test]
fn architecture_names_what_is_there() {
    let all: String = sources("src").into_iter().map(|(_, text)| text).collect();
    let page = text_of("ARCHITECTURE.md");
    let prose = page.split("```").step_by(2).collect::<Vec<_>>().concat();
    for name in prose.split('`').skip(1).step_by(2).filter(|name| name.contains("::")) {
        let last = name.rsplit("::").next().unwrap();
        let there = ["fn ", "struct ", "enum ", "pub mod "].iter().any(|word| all.contains(&format!("{word}{last}")));
        let variant = all.contains(&format!("    {last},")) || all.contains(&format!("    {last}("));
        assert!(there || variant || name == "event::poll", "ARCHITECTURE.md names {name}");
    }
}

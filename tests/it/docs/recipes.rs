//! The recipes of CONTRIBUTING.md are the patches of tests/recipes: the page shows each word for word, and each applies
//! to the tree as it is. `.ci/recipes` compiles them.

use crate::docs::pages::{same, text_of};
use crate::docs::sources::root;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

const PAGE: &str = "CONTRIBUTING.md";
const COSTS: &str = "<!-- costs: made from tests/recipes -->\n";

struct Recipe {
    /// The file's name without `.patch`.
    name: String,
    path: PathBuf,
    text: String,
}

impl Recipe {
    /// What stands above its diff in the page.
    fn mark(&self) -> String {
        format!("<!-- tests/recipes/{}.patch -->\n```diff\n", self.name)
    }

    /// A row of the table of costs.
    fn cost(&self) -> String {
        let begins = |start: &str| self.text.lines().filter(|line| line.starts_with(start)).count();
        let files = begins("+++ ");
        let new = begins("--- /dev/null");
        let (added, removed) = (begins("+") - files, begins("-") - files);
        format!("| `{}` | {new} | {} | {added} | {removed} |\n", self.name, files - new)
    }
}

fn recipes() -> Vec<Recipe> {
    let all = std::fs::read_dir(root().join("tests/recipes")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<Recipe> = all
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(path.extension().is_some_and(|ending| ending == "patch"), "{} is no patch", path.display());
            Recipe { name, text: std::fs::read_to_string(&path).unwrap(), path }
        })
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!all.is_empty(), "tests/recipes holds no patch");
    all
}

#[test]
fn the_page_shows_every_recipe_word_for_word() {
    let (mut page, recipes) = (text_of(PAGE), recipes());
    let mut costs =
        String::from("| recipe | new files | changed files | lines added | lines removed |\n|---|---|---|---|---|\n");
    for recipe in &recipes {
        assert!(!recipe.text.contains("```"), "{} would end its own block", recipe.name);
        let mark = recipe.mark();
        let (before, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("{PAGE} has no block below {mark}"));
        let (_, after) = rest.split_once("```").unwrap();
        page = format!("{before}{mark}{}```{after}", recipe.text);
        costs.write_str(&recipe.cost()).unwrap();
    }
    assert_eq!(page.matches("```diff").count(), recipes.len(), "{PAGE} shows a diff that is no recipe");
    let (before, rest) = page.split_once(COSTS).unwrap_or_else(|| panic!("{PAGE} has no mark {COSTS}"));
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    same(PAGE, &format!("{before}{COSTS}\n{costs}\n<!-- end -->{after}"));
}

/// What git says to applying a patch to the tree, or to taking it back; an error where that cannot be done.
fn tried(recipe: &Recipe, way: &[&str]) -> Result<(), String> {
    let mut git = Command::new("git");
    git.args(["apply", "--check", "--verbose"]).args(way).arg(&recipe.path).current_dir(root()).env("LC_ALL", "C");
    // A repository around an unpacked copy is not asked: git would leave out what is not below its top.
    git.env("GIT_CEILING_DIRECTORIES", root().parent().unwrap());
    let done = git.output().unwrap_or_else(|error| panic!("git is needed to try the recipes: {error}"));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if done.status.success() && !said.contains("Skipped patch") { Ok(()) } else { Err(said) }
}

/// Or it is there already, because somebody is trying it.
#[test]
fn every_recipe_applies_to_the_tree() {
    for recipe in recipes() {
        if let Err(said) = tried(&recipe, &[]) {
            let is_there = tried(&recipe, &["--reverse"]).is_ok();
            assert!(is_there, "tests/recipes/{}.patch does not apply any more:\n{said}", recipe.name);
        }
    }
}

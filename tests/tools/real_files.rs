//! Real files of other tools: all that they are known to hold has to come out of the product.

use crate::harness::digest::sha256;
use crate::harness::trial::{gives_what_it_holds, titles};
use crate::needs::{real_files, tests};
use std::path::PathBuf;
use whyhow::model::value::Value;

tests! {
    Data:
        real_files_give_what_they_hold;
}

fn real_files_give_what_they_hold() {
    let folder = real_files().unwrap();
    let expected: Value = serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let all = std::fs::read_dir(folder.join("github")).unwrap();
    let mut files: Vec<PathBuf> = all.map(|one| one.unwrap().path()).collect();
    files.sort();
    let mut tried = 0;
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        let Some(facts) = expected.get(&format!("github/{name}")) else { continue };
        let trial = gives_what_it_holds(&name, &std::fs::read(&path).unwrap(), facts);
        let titles = titles(&trial).join("\n");
        assert_eq!(sha256(titles.as_bytes()), facts["titles_sha256"].as_str().unwrap(), "{name}");
        tried += 1;
    }
    assert!(tried > 0, "{} names no file of GitHub's", folder.join("expected.json").display());
}

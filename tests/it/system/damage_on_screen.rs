//! A damaged product as a person meets it: what is said, and the way to a sound copy.

use crate::harness::scratch::contents;
use crate::harness::window::{Window, folder, sample};

/// Row 6: on the screen. The line is named with what was opened instead and how old it is, older versions with their dates;
/// a key makes a sound copy, opens it and lists what it lacks.
#[test]
fn a_damaged_product_says_so_on_the_screen_and_a_sound_copy_is_one_key_away() {
    let data = sample();
    let home = folder(data.path());
    let add = "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"Later\"}}\n";
    assert_eq!(crate::harness::scratch::batch(data.path(), &["--checkpoint", "1"], add).0, 0);
    let journal = std::fs::read_to_string(home.join("journal.jsonl")).unwrap();
    let damaged = journal.replacen("Text when the bike is done", "Text when the bike is dime", 1);
    std::fs::write(home.join("journal.jsonl"), &damaged).unwrap();
    let line = damaged.lines().position(|line| line.contains("dime")).unwrap() + 1;
    let before = contents(&home);
    let mut window = Window::open_until(data.path(), "Omar", &[], "Part of the files is unreadable");
    let shown = window.text().replace(['┃', '\n'], " ");
    let words: Vec<&str> = shown.split_whitespace().collect();
    let shown = words.join(" ");
    assert!(shown.contains(&format!("Line {line} of the journal cannot be read")), "{shown}");
    assert!(shown.contains("nothing is written") && shown.contains("000001.json"), "{shown}");
    window.press("2");
    window.wait_for("(repaired) is open");
    let shown = window.text();
    assert!(shown.contains(&format!("line {line}: its checksum does not fit")), "{shown}");
    assert!(shown.contains("Added the story \"Text when the bike is"), "{shown}");
    window.press("\r3");
    window.wait_for("▸BACKLOG");
    window.press("aInto the copy\r");
    window.wait_until("saved there", |screen| screen.contains("Added S") && screen.contains(" saved"));
    window.press("qq");
    assert_eq!(window.end(), 0);
    assert_eq!(contents(&home), before, "the damaged folder is as it was");
}

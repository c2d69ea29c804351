//! Proposals made and answered in two windows that are killed in between: what was shown as saved is there.

use crate::harness::scratch::whyhow;
use crate::harness::window::{Window, folder, sample};
use std::path::Path;
use whyhow::model::schema::{Proposal, ProposalState};
use whyhow::store::folder::Folder;
use whyhow::store::open::open;

fn seat(data: &Path, name: &str, role: &str) -> Window {
    Window::run(&["--data", data.to_str().unwrap(), "--by", name, "--as", role], &[], " saved")
}

/// Row 116: kill -9 between proposing, accepting, declining and undoing.
#[test]
fn proposals_and_answers_shown_as_saved_survive_kills_of_both_windows() {
    let data = sample();
    let mut pm = seat(data.path(), "Priya", "pm");
    let mut po = seat(data.path(), "Omar", "po");
    // Each on another story; the numbers are none that it has.
    for (nth, points) in ["5", "8", "3", "8", "5", "8"].into_iter().enumerate() {
        pm.press(&format!("3gg{}", "j".repeat(nth)));
        pm.wait_for(&format!("row {} of 9", nth + 1));
        pm.press(&format!("p{points}"));
        pm.wait_until("the proposal, saved", |text| text.contains("roposed to the PO") && text.contains(" saved"));
        if nth % 2 == 1 {
            pm.signal(9);
            pm.end();
            pm = seat(data.path(), "Priya", "pm");
        }
    }
    po.press("8");
    po.wait_for("Points of S7");
    let answers = [("C", "Accepted: "), ("Dnot now\r", "Declined: "), ("C", "Accepted: "), ("u", "Undone: “Accepted")];
    for (keys, word) in answers {
        po.press("8");
        po.wait_for("▸INBOX");
        if keys != "u" {
            po.press("gg");
            po.wait_for("yours to answer");
        }
        po.press(keys);
        po.wait_until(word, |text| text.contains(word) && text.contains(" saved"));
        po.signal(9);
        po.end();
        po = seat(data.path(), "Omar", "po");
    }
    pm.press("8");
    pm.wait_for("declined");
    for window in [&mut pm, &mut po] {
        window.press("qq");
    }
    pm.end();
    po.end();
    let opened = open(&Folder(folder(data.path()))).unwrap();
    let states: Vec<ProposalState> = opened.product.all::<Proposal>().map(|one| one.state).collect();
    let count = |state| states.iter().filter(|one| **one == state).count();
    assert_eq!(states.len(), 6, "every proposal that was shown as saved: {states:?}");
    assert_eq!((count(ProposalState::Accepted), count(ProposalState::Declined)), (1, 1), "{states:?}");
    let checked = whyhow(data.path()).arg("verify").output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

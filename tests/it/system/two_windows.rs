//! Two windows on one product, live: who changed what is said, a draft is not touched, two values are both kept.

use crate::harness::window::{Window, sample, titles};
use std::time::Duration;

/// Rows 40 and 41: while one types, the other's step arrives, the draft stays; then both hear that a field was changed
/// twice, one of them chooses with a key, and the history has both.
#[test]
fn a_field_changed_twice_is_told_on_both_screens_and_chosen_with_a_key() {
    let data = sample();
    let mut mia = Window::open(data.path(), "Mia");
    let mut omar = Window::open(data.path(), "Omar");
    for window in [&mut mia, &mut omar] {
        window.press("3j");
        window.wait_for("row 2 of 9");
        window.press("e");
        window.wait_for("Esc keeps");
    }
    omar.press(" (Omar)");
    omar.wait_for("(Omar)");
    mia.press(" (Mia)\x1b");
    mia.wait_for("Changed the title of S3");
    // Another field arrives meanwhile: said below the draft, which stays as it is.
    mia.press("p5");
    mia.wait_for("Points of S3 3 → 5");
    let took = omar.wait_for("Mia, other window: Points of S3 3 → 5.");
    assert!(took < Duration::from_millis(1500), "{took:?}");
    assert!(omar.text().contains("(Omar)"), "{}", omar.text());
    omar.press("\x1b");
    omar.wait_for("was changed twice. Both values are kept: s c chooses.");
    mia.wait_for("Omar, other window: Changed the title of S3.");
    mia.wait_for("It was changed twice");
    mia.press("\x1bsc");
    mia.wait_for("Title of S3 was changed twice: which one stays");
    let shown = mia.text();
    assert!(
        shown.contains("phone call (Omar)") && shown.contains("by Mia: Cancel without a phone call (Mia)"),
        "{shown}"
    );
    mia.press("2");
    mia.wait_for("Chose the other value");
    omar.wait_for("Mia, other window: Chose the other value");
    omar.press("\x1b9");
    omar.wait_for("Changed the title of S3");
    assert_eq!(omar.text().matches("Changed the title of S3").count(), 2, "{}", omar.text());
    mia.press("\x1bqq");
    omar.press("\x1bqq");
    mia.end();
    omar.end();
    assert!(titles(data.path()).contains(&"Cancel without a phone call (Mia)".to_string()));
}

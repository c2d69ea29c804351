//! The sprint review: steps in order, what is kept of them, feedback tied to what it is about, the page that is left.

use crate::harness::load::{data_file, load};
use crate::harness::stage::Stage;
use crate::screens::timeline::day_of_the_review;
use whyhow::insight::review::said;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Feedback, FeedbackKind, Sprint};
use whyhow::tui::app::LoopRequest;
use whyhow::tui::term::theme::Theme;

fn stage(columns: u16, rows: u16, role: Role) -> Stage {
    Stage::of_day("review.jsonl", day_of_the_review, columns, rows, role)
}

macro_rules! screens {
    ($($name:ident: $columns:literal x $rows:literal, $role:ident, $keys:literal;)*) => { $(
        #[test]
        fn $name() {
            let mut stage = stage($columns, $rows, Role::$role);
            stage.keys($keys);
            insta::assert_snapshot!(stage.styled());
        }
    )* };
}

screens! {
    review_120x35: 120 x 35, Pm, "6 <space><space> c “Ilse: add the tax” <enter>";
    review_80x24: 80 x 24, Po, "6 <space><space>";
    review_60x20: 60 x 20, Pm, "6 j";
    review_40x10: 40 x 10, Pm, "6 j";
    review_goal_120x35: 120 x 35, Po, "6";
    review_roadmap_120x35: 120 x 35, Pm, "6 jjjjj";
    review_wall_120x35: 120 x 35, Pm, "6 jj z";
    review_wall_80x24: 80 x 24, Pm, "6 jj z";
}

#[test]
fn the_review_in_ascii_and_without_colours() {
    let mut stage = stage(80, 24, Role::Pm).with_theme(Theme::plain().with_ascii());
    stage.keys("6 <space> j");
    let screen = stage.screen();
    assert!(screen.contains("[x]  1 Goal"), "{screen}");
    insta::assert_snapshot!(screen);
}

fn sprint(stage: &mut Stage) -> std::sync::Arc<Sprint> {
    stage.app().session.product().all::<Sprint>().find(|one| one.number == 4).unwrap().clone()
}

#[test]
fn the_review_is_prepared_by_one_key_and_copied_with_three() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6");
    assert_eq!(stage.pressed, 1);
    assert!(stage.screen().contains("Review of sprint 4 · step 1 of 10"), "{}", stage.screen());
    stage.keys("y");
    let wish = stage.press(crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char('m')));
    assert_eq!(stage.pressed, 3);
    let LoopRequest::Copy(clip) = wish else { panic!("{wish:?}") };
    assert!(format!("{clip:?}").contains("# Bike Doctor: review of sprint 4"), "{clip:?}");
}

#[test]
fn steps_are_marked_by_whoever_showed_them_and_opened_again() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6 <space> <space>");
    let kept = sprint(&mut stage);
    let steps: Vec<(&str, &str)> = kept.shown.iter().map(|one| (one.id.as_str(), one.by.as_str())).collect();
    assert_eq!((steps[0], steps.len()), (("goal", "Priya"), 2), "a step of the PO is marked by the PM all the same");
    assert!(stage.screen().contains("2/10 shown"), "{}", stage.screen());
    stage.keys("<left> <space>");
    assert_eq!(sprint(&mut stage).shown.len(), 1, "the same key opens it again");
    stage.keys("u");
    assert_eq!(sprint(&mut stage).shown.len(), 2);
    stage.reopen().keys("6");
    assert!(stage.screen().contains("2/10 shown"), "it is kept");
}

#[test]
fn leaving_a_step_out_is_written_down_and_not_refused() {
    let mut stage = stage(120, 35, Role::Po);
    stage.keys("6 jjj : “leave out” <enter> <up>");
    let screen = stage.screen();
    assert!(screen.contains("[-]") && screen.contains("1 left out"), "{screen}");
    assert!(sprint(&mut stage).shown[0].left_out);
}

#[test]
fn feedback_is_tied_to_the_story_its_item_and_the_review() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6 j c “- Ilse (shop): the tax is missing” <enter>");
    let product = stage.app().session.product();
    let kept = product.all::<Feedback>().last().unwrap().clone();
    assert_eq!(
        (&*kept.source, &*kept.quote, kept.kind),
        ("Ilse (shop)", "the tax is missing", FeedbackKind::Complaint)
    );
    let names: Vec<String> = kept.links.iter().map(|id| product.name_of(*id)).collect();
    assert_eq!(names, ["S6", "R1", "sprint 4"]);
    assert_eq!(said(product, product.all::<Sprint>().find(|one| one.number == 4).unwrap().id).len(), 1);
    let screen = stage.screen();
    assert!(screen.contains("Feedback taken  1") && screen.contains("- Ilse (shop): the tax is missing"), "{screen}");
    stage.keys("8");
    assert!(stage.screen().contains("the tax is missing"), "it is in the inbox: {}", stage.screen());
}

#[test]
fn a_story_is_made_of_what_was_said_and_of_what_is_tried() {
    let mut stage = stage(120, 35, Role::Both);
    let stories = |stage: &mut Stage| stage.app().session.product().all::<BacklogItem>().count();
    let before = stories(&mut stage);
    stage.keys("6 j c “+ Jon: show the price in the text” <enter> A");
    assert_eq!(stories(&mut stage), before + 1);
    stage.keys("<end> <tab> <tab> e “Show every story on a slow phone” <esc>");
    assert_eq!(sprint(&mut stage).tried.len(), 1, "{}", stage.screen());
    stage.keys("<esc> A");
    assert_eq!(stories(&mut stage), before + 2, "{}", stage.screen());
    let kept = sprint(&mut stage);
    assert!(kept.tried[0].done, "its box says that it became a story");
    let first = stage.app().session.product().all::<BacklogItem>().next().unwrap().clone();
    assert_eq!(&*first.title, "Show every story on a slow phone");
}

#[test]
fn the_other_role_writes_its_part_too() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6 <end> <up> <up> <tab> <tab> e “Two people for each story” <esc>");
    assert_eq!(&*sprint(&mut stage).keep, "Two people for each story", "{}", stage.screen());
}

#[test]
fn the_sprint_before_is_one_key_away_and_the_wall_walks_with_the_arrows() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6 t");
    assert!(stage.screen().contains("SPRINT 3"), "{}", stage.screen());
    stage.keys("t t z <right>");
    let screen = stage.screen();
    assert!(screen.contains("step 2 of 10") && screen.contains("S6 SIGN IN BY CODE"), "{screen}");
    stage.keys("<space>");
    assert!(stage.screen().contains("step 3 of 10"), "{}", stage.screen());
    stage.keys("z");
    assert!(stage.screen().contains("▸ [ ]  3") || stage.screen().contains("▸[ ]  3"), "{}", stage.screen());
}

#[test]
fn a_click_on_a_box_marks_the_step() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6");
    stage.click("[ ]  1");
    assert_eq!(sprint(&mut stage).shown.len(), 1, "{}", stage.screen());
}

#[test]
fn without_a_sprint_the_view_says_when_it_will_fill() {
    let mut stage = Stage::empty(80, 24, Role::Pm);
    stage.keys("6 <space> A c y m z");
    stage.keys("<esc> <esc>");
    assert!(stage.screen().contains("No sprint has begun yet"), "{}", stage.screen());
}

fn export(stage: &mut Stage, args: &[&str]) -> (i32, String) {
    stage.settle();
    let mut command = crate::harness::scratch::whyhow(stage.data.path());
    command.args(["--product", "Bike Doctor", "export", "--to", "markdown", "--now", "2026-11-20T16:00:00+01:00"]);
    let output = command.args(args).output().unwrap();
    let said = String::from_utf8_lossy(if output.status.success() { &output.stdout } else { &output.stderr });
    (output.status.code().unwrap(), said.into_owned())
}

#[test]
fn the_review_as_a_page_holds_what_was_shown_said_and_decided() {
    let mut stage = stage(120, 35, Role::Both);
    stage.keys("6 j c “Ilse: add the tax” <enter> <end> <tab><tab> e “A slow phone on the table” <esc> <esc>");
    stage.keys("<home> jjj : “leave out” <enter>");
    let (code, page) = export(&mut stage, &["--view", "review"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(page);
}

#[test]
fn the_whole_product_is_a_page_to_read() {
    let mut stage = stage(80, 24, Role::Pm);
    let (code, page) = export(&mut stage, &[]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(page);
    let (_, roadmap) = export(&mut stage, &["--view", "roadmap"]);
    assert!(page.contains(roadmap.trim_end()) && roadmap.starts_with("## Roadmap"), "{roadmap}");
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("page.md");
    assert_eq!(export(&mut stage, &["-o", file.to_str().unwrap()]).0, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim_end(), page.trim_end());
}

#[test]
fn what_cannot_be_exported_is_said_before_anything_is_read() {
    let mut stage = stage(80, 24, Role::Pm);
    for (args, word) in [
        (&["--view", "nowhere"][..], "There is no view \"nowhere\""),
        (&["--view", "backlog", "--sprint", "2"], "--sprint goes with"),
        (&["--view", "review", "--sprint", "99"], "is not a sprint"),
    ] {
        let (code, said) = export(&mut stage, args);
        assert!(code != 0 && said.contains(word), "{args:?}: {said}");
    }
}

/// Ten thousand stories: a frame and a key cost no forecast.
#[test]
#[ignore = "measures; run it with --release and --nocapture"]
fn how_long_the_views_take_with_ten_thousand_stories() {
    let data = tempfile::tempdir().unwrap();
    let mut lines = std::fs::read_to_string(data_file("review.jsonl")).unwrap();
    for nth in 0..10_000 {
        let line = serde_json::json!({"do": "add", "kind": "item", "set":
            {"title": format!("Story {nth}"), "points": 1 + nth % 8, "serves": format!("R{}", 1 + nth % 6)}});
        lines.push_str(&format!("{line}\n"));
    }
    load(data.path(), "Bike Doctor", &lines);
    let mut app = crate::harness::stage::open(data.path(), Role::Both, 120, 35, Theme::plain());
    app.session.set_clock(day_of_the_review);
    let mut timed = |keys: &str, what: &str| {
        for c in keys.chars() {
            let at = std::time::Instant::now();
            app.key(crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(c)));
            let keyed = at.elapsed();
            let mut buffer = ratatui::buffer::Buffer::empty(app.ui.window);
            let at = std::time::Instant::now();
            app.draw(&mut buffer);
            eprintln!("{what} {c}: key {keyed:?}, frame {:?}", at.elapsed());
        }
    };
    timed("2jjttjj", "roadmap, timeline, changes");
    timed("6jjjj", "review");
}

//! The sprint review: steps in order, what is kept of them, feedback tied to what it is about, the page that is left.

use crate::harness::load::{data_file, load};
use crate::harness::stage::Stage;
use crate::screens::timeline::day_of_the_review;
use whyhow::insight::review::said;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Feedback, FeedbackKind, Sprint, SprintResult};
use whyhow::model::value::When;
use whyhow::tui::app::LoopRequest;
use whyhow::tui::state::contract::LayerKind;
use whyhow::tui::term::theme::Theme;
use whyhow::tui::view::review::{keep_sprint, sprint_kept};

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
    let history = stage.keys("9 gg").screen();
    assert!(history.contains("goal") && !history.contains("\"id\""), "{history}");
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
    assert!(screen.contains("Feedback  2") && screen.contains("- Ilse (shop): the tax is missing"), "{screen}");
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
    assert!(stage.screen().contains("REVIEW OF SPRINT 3 · 2 of 4, t older"), "{}", stage.screen());
    stage.keys("t t t z <right>");
    let screen = stage.screen();
    assert!(screen.contains("step 2 of 10") && screen.contains("S6 SIGN IN BY CODE"), "{screen}");
    stage.keys("<space>");
    assert!(stage.screen().contains("step 3 of 10"), "{}", stage.screen());
    stage.keys("z");
    assert!(stage.screen().contains("[ ]▸ 3"), "{}", stage.screen());
}

/// What another window does to the product meanwhile.
fn meanwhile(stage: &mut Stage, lines: &str) {
    stage.settle();
    let before = stage.app().session.product().rev();
    load(stage.data.path(), "Bike Doctor", lines);
    let since = std::time::Instant::now();
    while stage.app().session.product().rev() == before {
        assert!(since.elapsed().as_secs() < 20, "the other window was not heard");
        std::thread::sleep(std::time::Duration::from_millis(5));
        stage.app().session.look();
        stage.app().poll();
    }
}

const STARTS_THE_NEXT: &str = concat!(
    r#"{"do": "at", "time": "2026-11-20T16:30:00+01:00"}"#,
    "\n",
    r#"{"do": "as", "role": "po", "by": "Omar"}"#,
    "\n",
    r#"{"do": "run", "command": "sprint.start", "with": {"sprint": "sprint 5"}}"#
);

#[test]
fn the_open_review_stays_when_another_window_starts_a_sprint() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6 j");
    assert!(stage.screen().contains("REVIEW OF SPRINT 4 · 1 of 4, t older"), "{}", stage.screen());
    meanwhile(&mut stage, STARTS_THE_NEXT);
    assert!(stage.screen().contains("REVIEW OF SPRINT 4 · 2 of 5, t older"), "{}", stage.screen());
    stage.keys("3 6");
    assert!(stage.screen().contains("REVIEW OF SPRINT 4"), "also after a look elsewhere: {}", stage.screen());
    stage.keys("ttt");
    assert!(stage.screen().contains("REVIEW OF SPRINT 1 · 5 of 5, t latest"), "{}", stage.screen());
    stage.keys("t");
    assert!(stage.screen().contains("REVIEW OF SPRINT 5 · 1 of 5"), "{}", stage.screen());
}

#[test]
fn the_cursor_stays_on_its_step_when_a_story_is_done_meanwhile() {
    let tuesday = || When::parse("2026-12-01T10:00:00+01:00").unwrap();
    let mut stage = Stage::of("running-sprint.jsonl", tuesday, 120, 35, Role::Po);
    stage.keys("6<end><up>");
    assert!(stage.screen().contains("▸ 9 What got in the way?"), "{}", stage.screen());
    let done = concat!(
        r#"{"do": "as", "role": "po", "by": "Lena"}"#,
        "\n",
        r#"{"do": "run", "command": "item.status", "with": {"on": "S16", "to": "done", "tick": "all"}}"#
    );
    meanwhile(&mut stage, done);
    assert!(stage.screen().contains("▸10 What got in the way?"), "{}", stage.screen());
    stage.keys("e“The help page”<esc>");
    assert_eq!(&*sprint(&mut stage).problem, "The help page");
}

#[test]
fn a_review_left_open_opens_with_the_latest_sprint_on_another_day() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6 3");
    meanwhile(&mut stage, STARTS_THE_NEXT);
    stage.app().session.set_clock(|| When::parse("2026-12-04T15:30:00+01:00").unwrap());
    stage.keys("j 6");
    assert!(stage.screen().contains("REVIEW OF SPRINT 5 · 1 of 5"), "{}", stage.screen());
    // A sprint that somebody turned to is left by turning alone.
    stage.keys("t 3");
    stage.app().session.set_clock(|| When::parse("2026-12-18T15:30:00+01:00").unwrap());
    stage.keys("j 6");
    assert!(stage.screen().contains("REVIEW OF SPRINT 4 · 2 of 5"), "{}", stage.screen());
}

#[test]
fn the_sprint_of_the_review_is_there_again_at_the_next_start() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6 tt");
    let kept = sprint_kept(&stage.app().ui).unwrap();
    stage.reopen();
    keep_sprint(&mut stage.app().ui, kept);
    stage.keys("6");
    assert!(stage.screen().contains("REVIEW OF SPRINT 2 · 3 of 4"), "{}", stage.screen());
}

#[test]
fn no_step_is_cut_at_any_usual_size() {
    let long = r#"{"do": "set", "on": "S6", "set": {"title": "Sign in by a code that comes as a text, and stay signed in on the phone of the shop"}}"#;
    for (columns, rows) in [(120, 35), (100, 30), (80, 24), (60, 20)] {
        let mut stage = stage(columns, rows, Role::Pm);
        meanwhile(&mut stage, long);
        stage.keys("6");
        let list = stage.app().ui.areas().unwrap().list.unwrap();
        let screen = stage.screen();
        let inside = |line: &str| -> String {
            line.chars().skip(1 + usize::from(list.x)).take(usize::from(list.width) - 5).collect::<String>()
        };
        let lines = screen.lines().skip(usize::from(list.y) + 1).take(usize::from(list.height) - 2);
        let words: Vec<String> =
            lines.flat_map(|line| inside(line).split_whitespace().map(str::to_string).collect::<Vec<_>>()).collect();
        let text = words.join(" ");
        let title = "Sign in by a code that comes as a text, and stay signed in on the phone of the shop";
        assert!(text.replace("PO ", "").contains(title), "{columns}x{rows}: {text}\n{screen}");
        assert!(!text.contains('…'), "{columns}x{rows}\n{screen}");
    }
}

#[test]
fn e_and_enter_write_the_text_of_the_step_and_points_stay() {
    for key in ["e", "<enter>"] {
        let mut stage = stage(120, 35, Role::Po);
        let before = sprint(&mut stage);
        stage.keys("6").keys(key).keys("“not met”<enter>");
        let after = sprint(&mut stage);
        assert_eq!(after.result, SprintResult::Not, "{}", stage.screen());
        assert_eq!((&after.increment, &after.belief_result), (&before.increment, &before.belief_result));
        stage.keys("jjjjjj").keys(key).keys("“Prices stay first.”<esc>");
        assert_eq!(&*sprint(&mut stage).decisions, "Prices stay first.", "{}", stage.screen());
        stage.keys("jjj").keys(key).keys("“Measure on the street”<esc>");
        assert_eq!(sprint(&mut stage).tried.len(), 1, "{}", stage.screen());
        assert_eq!(&*sprint(&mut stage).goal, "Riders see the price first, and see it fast.", "the goal stays");
    }
    let mut stage = stage(120, 35, Role::Po);
    stage.keys("6 j");
    let before = stage.app().session.product().all::<BacklogItem>().find(|one| one.number == 6).unwrap().points;
    stage.keys("p + dd");
    assert!(stage.screen().contains("The steps come from the sprint"), "{}", stage.screen());
    let story = stage.app().session.product().all::<BacklogItem>().find(|one| one.number == 6).unwrap().clone();
    assert_eq!(story.points, before, "points of a shown story");
}

#[test]
fn the_footer_names_what_the_keys_do_in_this_step() {
    let mut stage = stage(120, 35, Role::Po);
    for (keys, words) in [
        ("6", "e say if it was met"),
        ("j", "e write feedback"),
        ("<space>k", "Space open again"),
        ("<end>", "e write what to try"),
    ] {
        stage.keys(keys);
        let screen = stage.screen();
        let foot = screen.lines().last().unwrap();
        assert!(foot.contains(words), "{keys}: {foot}");
        for wrong in ["e edit", "Space tick", "p points", "+ raise"] {
            assert!(!foot.contains(wrong), "{keys}: {foot}");
        }
    }
}

#[test]
fn the_large_form_scrolls_to_every_line_and_its_text_is_written_there() {
    let mut stage = stage(60, 20, Role::Po);
    let long: Vec<String> = (1..=30).map(|nth| format!("line {nth} of the decisions")).collect();
    let set = whyhow::json!({"do": "set", "on": "sprint 4", "set": {"decisions": long.join("\n")}});
    meanwhile(&mut stage, &set.to_string());
    stage.keys("6 z <right><right><right><right><right><right>");
    assert!(stage.screen().contains("WHAT CHANGES NEXT"), "{}", stage.screen());
    let mut seen = String::new();
    for _ in 0..60 {
        seen.push_str(&stage.screen());
        stage.keys("<down>");
        if stage.screen().contains("WHAT DO WE KEEP") {
            break;
        }
    }
    for line in &long {
        assert!(seen.contains(line.as_str()), "{line} is never on the page");
    }
    assert!(stage.screen().contains("WHAT DO WE KEEP"), "after the last line the next step: {}", stage.screen());
    stage.keys("e “Two people for each story” <esc>");
    assert_eq!(&*sprint(&mut stage).keep, "Two people for each story");
    assert!(stage.screen().contains("WHAT DO WE KEEP"), "and it is the same page: {}", stage.screen());
}

#[test]
fn what_people_say_is_kept_the_same_way_wherever_it_is_written() {
    for keys in [
        "6 j a “- Ilse (shop): the tax is missing” <enter>",
        "6 j c “- Ilse (shop): the tax is missing” <enter>",
        "8 a “- Ilse (shop): the tax is missing” <enter>",
        "2 c “- Ilse (shop): the tax is missing” <enter>",
    ] {
        let mut stage = stage(120, 35, Role::Pm);
        stage.keys(keys).settle();
        let kept = stage.app().session.product().all::<Feedback>().last().unwrap().clone();
        let read = (&*kept.source, &*kept.quote, kept.kind, &*kept.role);
        assert_eq!(read, ("Ilse (shop)", "the tax is missing", FeedbackKind::Complaint, ""), "{keys}");
    }
}

/// The steps that count as shown, by their place from 1.
fn shown(stage: &mut Stage) -> Vec<usize> {
    let screen = stage.screen();
    let marked = screen.lines().filter_map(|line| line.split_once("[✓]").map(|(_, rest)| rest.to_string()));
    marked.filter_map(|rest| rest.trim_start_matches([' ', '▸']).split(' ').next()?.parse().ok()).collect()
}

#[test]
fn a_step_whose_text_is_written_is_ticked_in_the_same_act_and_the_tick_can_be_taken_off() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6 e “not met” <enter>");
    assert_eq!(shown(&mut stage), [1], "{}", stage.screen());
    stage.keys("u");
    assert_eq!((shown(&mut stage), sprint(&mut stage).result), (vec![], SprintResult::Partly), "one act, one undo");
    stage.keys("U <end> e “A slow phone on the table” <esc>");
    assert_eq!(shown(&mut stage), [1, 10], "{}", stage.screen());
    stage.keys("<space>");
    assert_eq!(shown(&mut stage), [1, 10], "the last step says so and stays: {}", stage.screen());
    stage.keys("<space>");
    assert_eq!(shown(&mut stage), [1], "taken off by hand");
    assert_eq!(sprint(&mut stage).tried.len(), 1, "the text stays");
    stage.keys("<home> <down> c “Ilse: add the tax” <enter>");
    assert_eq!(shown(&mut stage), [1, 2], "feedback is the text of a story: {}", stage.screen());
    // Also from the pane, and nothing is ticked by a text that goes.
    stage.keys("<end> <up><up> <tab><tab> e “Two people for each story” <esc>");
    assert_eq!(shown(&mut stage), [1, 2, 8], "{}", stage.screen());
    stage.keys("<esc> <space><up><space> <up> e <c-u> <esc>");
    assert_eq!(shown(&mut stage), [1, 2], "{}", stage.screen());
}

#[test]
fn what_is_written_in_a_step_stands_there_and_nowhere_else() {
    let mut stage = stage(120, 60, Role::Both);
    stage.keys("6");
    let steps = stage.app().ui.rows.rows.len();
    for step in 2..=steps {
        stage.keys("<down>").settle();
        stage.keys("e").keys(&format!("“Zebra {step}.”"));
        // Feedback is a line, which Enter keeps.
        let is_text = stage.app().ui.top().unwrap().kind() == LayerKind::Editor;
        stage.keys(if is_text { "<esc>" } else { "<enter>" });
    }
    stage.keys("<home>");
    let beside = usize::from(stage.app().ui.areas().unwrap().list.unwrap().width);
    for step in 1..=steps {
        let screen = stage.screen();
        let wide: Vec<String> = screen.lines().map(|line| line.chars().skip(beside).collect()).collect();
        let wide = wide.join("\n");
        for other in 2..=steps {
            let words = format!("Zebra {other}.");
            assert_eq!(wide.contains(&words), step == other, "step {step} and the text of {other}: {wide}");
        }
        stage.keys("<down>");
    }
}

#[test]
fn a_sprint_that_was_closed_keeps_a_result() {
    let mut stage = stage(120, 35, Role::Po);
    stage.keys("6 e “open” <enter>");
    assert!(stage.screen().contains("A closed sprint keeps a result"), "{}", stage.screen());
    assert_eq!(sprint(&mut stage).result, SprintResult::Partly);
}

#[test]
fn space_on_a_step_that_was_just_written_goes_on() {
    let mut stage = stage(110, 30, Role::Po);
    stage.keys("6<home>");
    stage.keys("<down>c“Riders like it”<enter>");
    assert_eq!(shown(&mut stage), [2], "{}", stage.screen());
    stage.keys("<space>");
    assert_eq!((shown(&mut stage), stage.app().ui.place().at), (vec![2], 2), "{}", stage.screen());
    stage.keys("<up><space>");
    assert!(shown(&mut stage).is_empty(), "the second Space opens it again: {}", stage.screen());
}

#[test]
fn a_click_on_a_box_marks_the_step() {
    let mut stage = stage(120, 35, Role::Pm);
    stage.keys("6");
    stage.click("[ ]▸ 1");
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
        let line = whyhow::json!({"do": "add", "kind": "item", "set":
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

//! Three hands do the same first day, from the first box to an ordered backlog and back by undo: somebody who has never
//! used such a program and presses only what is written before them, somebody who knows vim and lets the arrows be, and
//! somebody who points. And the sample's strip can be followed as it is told.

use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, RoadmapItem};
use whyhow::tui::onboarding::{Asked, FirstChoice, FirstRun};
use whyhow::tui::state::contract::LayerKind;
use whyhow::tui::state::ui::Ui;
use whyhow::tui::term::input::Input;
use whyhow::tui::term::key::Press;
use whyhow::tui::term::layout::Focus;
use whyhow::tui::term::paint::Paint;
use whyhow::tui::term::theme::Theme;

const SIZES: [(u16, u16); 2] = [(120, 35), (80, 24)];

fn key(first: &mut FirstRun, code: KeyCode) -> Asked {
    first.input(&Input::Key(Press::plain(code), KeyEvent::from(code)))
}

fn typed(first: &mut FirstRun, text: &str) {
    text.chars().for_each(|c| assert_eq!(key(first, KeyCode::Char(c)), Asked::Going));
}

/// The pages of the first run, down to a product of one's own for one person in both roles.
fn first_box(down: KeyCode, to_both: &[KeyCode]) -> FirstChoice {
    let mut first = FirstRun::new("priya");
    assert_eq!(key(&mut first, down), Asked::Going);
    assert_eq!(key(&mut first, KeyCode::Enter), Asked::Going);
    typed(&mut first, "Bike Doctor");
    assert_eq!(key(&mut first, KeyCode::Enter), Asked::Going);
    to_both.iter().for_each(|code| assert_eq!(key(&mut first, *code), Asked::Going));
    match key(&mut first, KeyCode::Enter) {
        Asked::FirstChoice(begin) => {
            let own = FirstChoice::Own { product: "Bike Doctor".into(), role: Role::Both, person: "priya".into() };
            assert_eq!(begin, own);
            begin
        }
        other => panic!("{other:?}"),
    }
}

fn stories(stage: &mut Stage) -> Vec<BacklogItem> {
    stage.settle();
    stage.app().session.product().all::<BacklogItem>().map(|item| BacklogItem::clone(item)).collect()
}

fn order(stage: &mut Stage) -> Vec<String> {
    stories(stage).iter().map(|story| story.title.to_string()).collect()
}

fn points(stage: &mut Stage) -> Vec<Option<String>> {
    stories(stage).iter().map(|story| story.points.map(|points| points.to_string())).collect()
}

/// What the first day leaves behind, whatever hand did it: sized, ordered, and the last order not yet taken back.
fn day_is_done(stage: &mut Stage) {
    let product = stage.app().session.product();
    assert_eq!(&*product.vision().unwrap().vision, "Nobody walks home.");
    let item = product.all::<RoadmapItem>().next().unwrap();
    assert_eq!((&*item.title, &*item.problem), ("Price first", "4 in 10 leave."));
    assert_eq!((&*item.outcome, &*item.measure.name), ("They see it.", "Bookings"));
    let why = item.id;
    let all = stories(stage);
    assert_eq!(all.iter().map(|story| &*story.title).collect::<Vec<_>>(), ["three", "one", "two"]);
    assert!(all.iter().all(|story| story.serves == Some(why) && story.criteria.len() == 1));
    let points = points(stage);
    assert_eq!(points, [Some("8".into()), Some("3".into()), Some("5".into())]);
}

fn order_is_taken_back(stage: &mut Stage) {
    assert_eq!(order(stage), ["one", "two", "three"]);
}

/// A letter has to stand in the footer as the key of a hint, or begin a sentence of the line above it, a digit there or on
/// a tab. Arrows, Enter, Esc and Tab are
/// known to everybody.
fn as_shown(stage: &mut Stage, event: KeyEvent) {
    let KeyCode::Char(c) = event.code else {
        let known = [KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::Up, KeyCode::Down];
        assert!(known.contains(&event.code), "{event:?}");
        return;
    };
    let screen = stage.screen();
    let footer = screen.lines().last().unwrap();
    let hints = footer.split("  ").flat_map(|hints| hints.split(" · ")).map(str::trim);
    let said = screen.lines().rev().nth(1).unwrap().split(". ").map(str::trim);
    let in_hint = hints.chain(said).any(|hint| hint.starts_with(&format!("{c} ")));
    let words = || footer.split([' ', ',']).any(|word| word == c.to_string());
    let on_tab = || screen.lines().next().unwrap().split(['[', ' ']).any(|word| word.starts_with(c));
    assert!(in_hint || c.is_ascii_digit() && (words() || on_tab()), "{c} is not shown:\n{screen}");
}

/// Where the help lies open: down to the line with these words, and Enter.
fn through_help(stage: &mut Stage, words: &str) {
    for _ in 0..100 {
        if stage.app().ui.layers.iter().all(|layer| layer.kind() != LayerKind::Menu) {
            return;
        }
        let screen = stage.screen();
        let chosen = screen.lines().find(|line| line.contains('┃') && line.contains('▸')).unwrap_or_default();
        stage.keys(if chosen.contains(words) { "<enter>" } else { "<down>" });
    }
    panic!("no {words:?} in the help");
}

#[test]
fn a_first_timer_gets_through_the_first_day_with_what_is_shown() {
    for (columns, rows) in SIZES {
        let begin = first_box(KeyCode::Down, &[KeyCode::Down, KeyCode::Down]);
        let mut stage = Stage::begun(begin, columns, rows);
        stage.watch = Some(as_shown);
        assert!(stage.screen().contains("Enter writes the first part of its vision"), "{}", stage.screen());
        stage.keys("<enter>“Nobody walks home.”<esc>");
        stage.keys("2a“Price first”<tab>“4 in 10 leave.”<tab>“They see it.”<tab>“Bookings, 1 → 2”<esc>");
        // A narrow footer has no room for everything, but always for what lists everything.
        let wide = columns > 100;
        stage.keys(if wide { "A" } else { "?" });
        through_help(&mut stage, "Add one level down");
        stage.keys("“one”<tab>“a”<tab>“two”<tab>“b”<tab>“three”<tab>“c”<esc>");
        stage.keys("3<up><up><up>p3<down>p5<down>p8");
        for _ in 0..2 {
            stage.keys(if wide { "+" } else { "?" });
            through_help(&mut stage, "One place up");
        }
        day_is_done(&mut stage);
        stage.keys("u").keys(if wide { "u" } else { "?" });
        through_help(&mut stage, "Undo your last change");
        order_is_taken_back(&mut stage);
    }
}

fn no_arrows(_: &mut Stage, event: KeyEvent) {
    use KeyCode::{Down, End, Home, Left, PageDown, PageUp, Right, Up};
    assert!(![Down, End, Home, Left, PageDown, PageUp, Right, Up].contains(&event.code), "{event:?}");
}

#[test]
fn a_vim_hand_gets_through_the_first_day_without_arrows() {
    for (columns, rows) in SIZES {
        let begin = first_box(KeyCode::Char('j'), &[KeyCode::Char('3')]);
        let mut stage = Stage::begun(begin, columns, rows);
        stage.watch = Some(no_arrows);
        stage.keys("i“Nobody walks home.”<esc>");
        stage.keys("gra“Price first”<tab>“4 in 10 leave.”<tab>“They see it.”<tab>“Bookings, 1 → 2”<esc>");
        stage.keys("<esc>A“one”<tab>“a”<tab>“two”<tab>“b”<tab>“three”<tab>“c”<esc>");
        stage.keys("gbggp3jp5jp8KK");
        day_is_done(&mut stage);
        stage.keys("uu");
        order_is_taken_back(&mut stage);
        // About the list and the panes, and through a box, all without arrows.
        stage.keys("Gggl");
        assert_eq!(stage.app().ui.focus(), Focus::Why);
        stage.keys("lh<c-c>/“two”<enter>");
        assert_eq!(stage.app().ui.rows.rows.len(), 1);
        stage.keys("<esc>ggvGv");
        assert_eq!(stage.app().ui.ticked.len(), 3, "{}", stage.screen());
    }
}

/// A click on the words of the first box.
fn click_first(first: &mut FirstRun, words: &str) -> Asked {
    let mut ui = Ui::new(Theme::plain(), Role::Both, "", &whyhow::tui::registry::REGISTRY);
    ui.window = Rect::new(0, 0, 80, 24);
    let mut buffer = Buffer::empty(ui.window);
    let begins = first.draw(&ui, &mut Paint::on(&mut buffer));
    let screen = crate::harness::stage::text(&buffer);
    let row = screen.lines().position(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words:?}:\n{screen}"));
    first.click(row - usize::from(begins), &ui)
}

#[test]
fn a_mouse_hand_gets_through_the_first_day_with_text_as_its_only_keys() {
    let mut first = FirstRun::new("priya");
    assert_eq!(click_first(&mut first, "Start my own"), Asked::Going);
    typed(&mut first, "Bike Doctor");
    assert_eq!(click_first(&mut first, "Enter goes on"), Asked::Going);
    assert_eq!(click_first(&mut first, "Both"), Asked::Going);
    let Asked::FirstChoice(begin) = click_first(&mut first, "Enter begins") else { panic!("a click begins") };
    let mut stage = Stage::begun(begin, 120, 35);
    stage.watch = Some(|_, event| panic!("{event:?} is no text"));
    stage.double_click("Vision       ").keys("“Nobody walks home.”").click("Esc keeps");
    stage.click("2 Roadmap").click("a add  ").keys("“Price first”").click("Tab its fields");
    for text in ["“4 in 10 leave.”", "“They see it.”"] {
        stage.keys(text).click("Tab next");
    }
    stage.keys("“Bookings, 1 → 2”").click("Esc keeps");
    stage.click("A add under");
    for (title, criterion) in [("“one”", "“a”"), ("“two”", "“b”"), ("“three”", "“c”")] {
        stage.keys(title).click("Tab its fields");
        stage.keys(criterion).click(if title == "“three”" { "Esc keeps" } else { "Tab next" });
    }
    stage.click("3 Backlog");
    for (title, points) in [("S1 one", "“3”"), ("S2 two", "“5”"), ("S3 three", "“8”")] {
        stage.click(title).click("p points").keys(points);
    }
    stage.drag("3 S3 three", "1 S1 one");
    day_is_done(&mut stage);
    stage.click("u undo");
    order_is_taken_back(&mut stage);
}

#[test]
fn the_seven_acts_of_the_sample_can_be_done_as_they_are_told() {
    for (columns, rows) in SIZES {
        let mut stage = Stage::toured(columns, rows);
        let acts: [(&str, &str); 7] = [
            ("Press ↓ twice.", "<down><down>"),
            ("Tab three times: into the why, into the how of it, and back.", "<tab><tab><tab>"),
            ("3 opens the backlog", "3"),
            ("w says why the story is there, up to the vision. Esc closes it.", "w<esc>"),
            ("2, Enter, ↓ to the problem, e and a few words. Esc keeps them.", "2<enter><down>e“More. ”<esc>"),
            ("u takes your change back", "u"),
            ("0, then a starts your own product.", ""),
        ];
        for (nth, (words, keys)) in acts.into_iter().enumerate() {
            // What was said about an act goes with the next key, and no key at all is a key.
            stage.app().ui.toast = None;
            let screen = stage.screen();
            let status = screen.lines().rev().nth(1).unwrap().to_string();
            assert!(status.contains(&format!("{}/7  {words}", nth + 1)), "{columns}: {status}\n{screen}");
            if nth == 4 {
                let problem = |stage: &mut Stage| {
                    let chosen = stage.app().ui.place().chosen.unwrap();
                    stage.app().session.product().get::<RoadmapItem>(chosen).map(|item| item.problem.to_string())
                };
                stage.keys("2");
                let before = problem(&mut stage);
                stage.keys(&keys[1..]);
                assert_ne!(problem(&mut stage), before, "it is the problem that is changed");
                continue;
            }
            stage.keys(keys).settle();
        }
        // The last one is the way out of the sample.
        stage.keys("0");
        let wish = stage.press(KeyEvent::from(KeyCode::Char('a')));
        assert_eq!(
            wish,
            whyhow::tui::app::LoopRequest::Open(whyhow::tui::state::contract::Opening::New),
            "{}",
            stage.screen()
        );
        stage.keys("<esc><esc><esc>");
        assert!(stage.app().ui.tour.is_none(), "Esc ends the strip");
    }
}

#[test]
fn the_second_page_of_help_says_who_owns_what() {
    let mut stage = Stage::new(120, 35, Role::Po);
    let before = stage.screen();
    stage.keys("?");
    assert!(stage.screen().contains("? who owns what"), "{}", stage.screen());
    stage.keys("?");
    let page = stage.screen();
    assert!(page.contains("Who owns what") && page.contains("Roadmap item: PM adds"), "{page}");
    assert_eq!(stage.keys("?").screen(), before);
}

//! Every view at the sizes people use, looked at before they were accepted.

use crate::harness::stage::{Stage, text};
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use whyhow::model::role::Role;
use whyhow::model::schema::Kind;
use whyhow::model::value::When;
use whyhow::tui::onboarding::FirstRun;
use whyhow::tui::state::ui::Ui;
use whyhow::tui::term::input::Input;
use whyhow::tui::term::paint::Paint;
use whyhow::tui::term::theme::Theme;

/// The day on which the sample is looked at: three days after its last act.
fn some_day() -> When {
    When::parse("2026-11-06T16:00:00+01:00").unwrap()
}

fn stage(columns: u16, rows: u16, role: Role) -> Stage {
    Stage::of_day("bike-doctor.jsonl", some_day, columns, rows, role)
}

const SIZES: [(u16, u16); 4] = [(120, 35), (80, 24), (60, 20), (40, 10)];

/// The same place in windows of four sizes, then with ASCII alone, then what its colours sum up to.
fn shots(mut stage: Stage) -> String {
    // Older changes are read by a thread.
    while stage.app().session.history().is_coming() {
        stage.app().poll();
    }
    stage.settle();
    let mut out = Vec::new();
    for (columns, rows) in SIZES {
        stage.resize(columns, rows);
        out.push(format!("{columns}x{rows}\n{}", stage.styled()));
    }
    stage.resize(80, 24);
    let mut ascii = stage.with_theme(Theme::plain().with_ascii());
    out.push(format!("80x24 in ASCII\n{}", ascii.screen()));
    let full = ascii.with_theme(Theme::full()).styled();
    out.push(format!("80x24 in colour: {}", full.lines().last().unwrap()));
    out.join("\n\n")
}

macro_rules! screens {
    ($($name:ident: $role:ident, $keys:literal;)*) => { $(
        #[test]
        fn $name() {
            let mut stage = stage(120, 35, Role::$role);
            stage.clip = "- [ ] Ring the bell\n  - It rings once\n* Lend a bike\n".to_string();
            stage.keys($keys).settle();
            insta::assert_snapshot!(shots(stage));
        }
    )* };
}

#[test]
fn history_of_one() {
    let mut stage = stage(120, 35, Role::Both);
    // The change is a row of the history once it is on disk.
    stage.keys("3 j p5").settle();
    stage.keys("9 t").settle();
    insta::assert_snapshot!(shots(stage));
}

screens! {
    vision: Pm, "1";
    vision_goal: Po, "1 <esc> jj";
    roadmap: Pm, "2 j";
    roadmap_of_the_po: Po, "2 l";
    backlog: Po, "3 jj";
    backlog_ticked: Both, "3 jj <space><space>";
    backlog_how: Po, "3 j <tab><tab>";
    backlog_tree: Po, "3 t j";
    done_is_empty: Po, "7";
    done: Po, "7 <enter> j";
    inbox_is_empty: Pm, "8";
    inbox: Both, "2 c“? Does a mechanic need two taps too”<enter> j c“- Six shops have no list”<enter> 8 j";
    history: Pm, "9 jj";
    products: Pm, "0";
    add_line: Po, "3 j a“Cancel from the text message”";
    editor: Po, "3 j <tab><tab> jjj <enter>";
    editor_of_the_why: Pm, "2 <tab> j <enter>";
    picker: Po, "3 s g";
    keys_box: Po, "3 m";
    help: Po, "3 ?";
    palette: Po, "3 :“epic”";
    palette_of_all: Both, "3 :";
    everywhere: Both, "3 //“price”";
    why: Po, "3 j w";
    reach: Po, "2 W";
    points: Po, "3 p1";
    find: Po, "3 /“pri”";
    find_nothing: Po, "3 /“zebra”";
    role: Pm, "2 R";
    sheet: Po, "2 A<paste>";
    carrying: Po, "3 m<down><down>";
    zoomed: Pm, "2 <tab> z";
    settings: Both, "3 :“settings”<enter>";
    trouble: Po, "2 >";
}

#[test]
fn a_window_that_is_too_small_says_so() {
    let mut stage = stage(30, 5, Role::Po);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn the_pages_of_the_first_run() {
    let key = |first: &mut FirstRun, code| first.input(&Input::key(code));
    let typed = |first: &mut FirstRun, text: &str| {
        text.chars().for_each(|c| {
            first.input(&Input::key(KeyCode::Char(c)));
        });
    };
    let choice = FirstRun::new("priya");
    let mut nameless = choice.clone();
    key(&mut nameless, KeyCode::Char('2'));
    key(&mut nameless, KeyCode::Enter);
    let mut named = choice.clone();
    key(&mut named, KeyCode::Char('2'));
    typed(&mut named, "日本語 Bike Doctor");
    let mut seat = named.clone();
    key(&mut seat, KeyCode::Enter);
    key(&mut seat, KeyCode::Down);
    let mut file = choice.clone();
    key(&mut file, KeyCode::Char('3'));
    let mut out = Vec::new();
    for (page, first) in
        [("choice", choice), ("without a name", nameless), ("a name", named), ("a seat", seat), ("a file", file)]
    {
        for (columns, rows) in [(80, 24), (40, 10)] {
            let mut ui = Ui::new(Theme::plain(), Role::Both, "", &whyhow::tui::registry::REGISTRY);
            ui.window = Rect::new(0, 0, columns, rows);
            let mut buffer = Buffer::empty(ui.window);
            first.draw(&ui, &mut Paint::on(&mut buffer));
            out.push(format!("{page} {columns}x{rows}\n{}", text(&buffer).trim_matches('\n')));
        }
    }
    insta::assert_snapshot!(out.join("\n\n"));
}

#[test]
fn in_ascii_and_without_colour_everything_is_still_told_apart() {
    let mut stage = Stage::new(80, 24, Role::Po).with_theme(Theme::plain().with_ascii());
    stage.keys("3 jj <space> <up>");
    let screen = stage.screen();
    let glyphs = screen.chars().filter(|c| !c.is_ascii()).collect::<String>();
    // What is left beyond ASCII is the sample's own text: a title in Japanese, arrows in a measure.
    assert!(glyphs.chars().all(|c| c as u32 > 0x2FFF || c == '\u{200d}'), "{glyphs:?}");
    insta::assert_snapshot!(screen);
}

/// Acts that nobody can propose say whose they are.
#[test]
fn what_is_the_other_roles_is_said_in_one_sentence_and_stays() {
    let cases = [
        (Role::Pm, "4<space>", "Ss", "The PO owns what goes into a sprint."),
        (Role::Po, "2", ":“ratify”<enter>", "The PM owns the roadmap."),
    ];
    for (role, there, keys, words) in cases {
        let mut stage = Stage::new(120, 35, role);
        stage.keys(there).settle();
        let before = stage.app().session.product().rev();
        stage.keys(keys);
        let screen = stage.screen();
        assert!(screen.contains(words), "{keys} in {there}: {screen}");
        assert_eq!(stage.app().session.product().rev(), before, "{keys} in {there} changed something");
    }
}

/// Whatever key writes in one's own half proposes in the other one.
#[test]
fn what_is_the_other_roles_is_proposed_with_the_same_keys() {
    let cases = [
        (Role::Pm, "3j", "p8"),
        (Role::Pm, "3j", "e“x”<esc>"),
        (Role::Pm, "3j", "ss“doing”<enter>"),
        (Role::Pm, "3jj", "+"),
        (Role::Pm, "3j", "a“New”<enter>"),
        (Role::Pm, "3j", "so“Mia”<enter>"),
        (Role::Pm, "3G", "dd"),
        (Role::Pm, "3j<tab><tab>", "e“x”<esc>"),
        (Role::Po, "2j", ">"),
        (Role::Po, "2", "a“New”<enter>"),
        (Role::Po, "2<tab>j", "e“x”<esc>"),
    ];
    for (role, there, keys) in cases {
        let mut stage = Stage::new(120, 35, role);
        stage.keys(there).settle();
        let before = stage.app().session.product().clone();
        stage.keys(keys);
        let screen = stage.screen();
        assert!(screen.contains("Proposed to the P"), "{keys} in {there}: {screen}");
        let after = stage.app().session.product();
        for kind in Kind::ALL.iter().filter(|kind| !matches!(kind, Kind::Proposal | Kind::VisionBoard)) {
            assert_eq!(before.table(*kind).order().len(), after.table(*kind).order().len(), "{keys} in {there}");
            for record in before.living(*kind) {
                for field in kind.fields() {
                    let now = after.value(record.id(), field);
                    assert_eq!(record.value(field), now, "{keys} in {there} changed {field:?}");
                }
            }
        }
    }
}

#[test]
fn colours_are_left_out_where_nobody_wants_them() {
    let mut plain = Stage::new(120, 35, Role::Both);
    plain.keys("2 j ?");
    let colours = |stage: &mut Stage| {
        let buffer = stage.buffer();
        buffer.content.iter().any(|cell| {
            let style = cell.style();
            style.fg.is_some_and(|c| c != ratatui::style::Color::Reset)
                || style.bg.is_some_and(|c| c != ratatui::style::Color::Reset)
        })
    };
    assert!(!colours(&mut plain));
    let mut full = Stage::new(120, 35, Role::Both).with_theme(Theme::full());
    assert!(colours(&mut full));
}

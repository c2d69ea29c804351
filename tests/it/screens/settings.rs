//! What a person may change about the screen: keys, scale, hints, themes; and what is said of a file with faults.

use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent};
use whyhow::model::role::Role;
use whyhow::model::schema::BacklogItem;
use whyhow::tui::app::LoopRequest;
use whyhow::tui::settings::{Hints, Settings};
use whyhow::tui::state::config_file::read;

/// The sample product with a file of settings.
fn with(text: &str) -> Stage {
    let mut stage = Stage::new(120, 35, Role::Po);
    let file = stage.data.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    let folder = stage.data.path().to_path_buf();
    let (settings, keymap) = read(
        text,
        Settings { file: Some(file), folder: Some(folder), ..Settings::default() },
        &whyhow::tui::registry::REGISTRY,
    );
    stage.app().ui.take_settings(settings, keymap);
    stage
}

fn footer(stage: &mut Stage) -> String {
    stage.screen().lines().last().unwrap().to_string()
}

fn points(stage: &mut Stage, title: &str) -> String {
    stage.settle();
    let product = stage.app().session.product();
    let item = product.all::<BacklogItem>().find(|item| item.title.starts_with(title)).unwrap();
    item.points.map(|points| points.to_string()).unwrap_or_default()
}

#[test]
fn a_moved_prefix_is_shown_wherever_keys_are() {
    let mut stage = with("[keys.list]\n\"x\" = { prefix = \"d\" }\n\"X\" = { do = \"add\", label = \"New one\" }\n");
    stage.keys("3");
    assert!(footer(&mut stage).contains("X New one"), "{}", footer(&mut stage));
    stage.keys("x");
    let screen = stage.screen();
    assert!(screen.contains("x …") && screen.contains("d     Delete."), "{screen}");
    stage.keys("<esc>?“delete”");
    let screen = stage.screen();
    assert!(screen.contains("x d or Del") && !screen.contains("d d"), "{screen}");
    stage.keys("<esc>:“delete”");
    assert!(stage.screen().contains("x d or Del"), "{}", stage.screen());
    stage.keys("<esc>d");
    assert!(stage.screen().contains("d does nothing here"), "{}", stage.screen());
    let before = stage.app().session.product().all::<BacklogItem>().count();
    stage.keys("xd").settle();
    assert_eq!(stage.app().session.product().all::<BacklogItem>().count(), before - 1);
    stage.keys("u").settle();
    assert_eq!(stage.app().session.product().all::<BacklogItem>().count(), before);
}

#[test]
fn what_was_asked_once_is_asked_under_the_new_key_too() {
    let mut stage = with("[keys.list]\n\"x\" = { prefix = \"d\" }\n\"Q\" = \"quit\"\n\"q\" = \"none\"\n");
    stage.app().ui.role = Role::Both;
    stage.app().session.role = Role::Both;
    stage.keys("2xdxd").settle();
    let product = stage.app().session.product();
    assert!(product.all::<whyhow::model::schema::RoadmapItem>().all(|item| &*item.title != "Book in two taps"));
    let press = |stage: &mut Stage, c| stage.press(KeyEvent::from(KeyCode::Char(c)));
    assert_eq!(
        [press(&mut stage, 'Q'), press(&mut stage, 'q'), press(&mut stage, 'Q')],
        [const { LoopRequest::Nothing }; 3]
    );
    assert_eq!(press(&mut stage, 'Q'), LoopRequest::Quit);
}

#[test]
fn wrong_lines_are_told_with_their_number_and_the_rest_counts() {
    let stage = &mut with(
        "theme = dark\nhints = \"short\"\nhintz = 1\n[keys.list]\n\"Hyper-x\" = \"tick\"\n\"x\" = \"tik\"\n\"X\" = \"tick\"\n",
    );
    let screen = stage.screen();
    assert!(screen.contains("config.toml, line 1: it is invalid"), "{screen}");
    assert!(screen.contains("3 more are in : settings."), "{screen}");
    assert_eq!(stage.app().ui.settings.hints, Hints::Short);
    stage.keys("3X").settle();
    assert_eq!(stage.app().ui.ticked.len(), 1);
    stage.keys("<esc>:“settings”<enter>");
    let screen = stage.screen();
    for words in [
        "line 3: \"hintz\" is not a setting",
        "line 5: \"Hyper-x\" is not a key",
        "line 6: there is no command \"tik\"",
    ] {
        assert!(screen.contains(words), "{words}\n{screen}");
    }
}

#[test]
fn a_key_that_two_lines_want_goes_to_the_last_and_that_is_told() {
    let cases = [
        ("\"ctrl-n\" = \"tick\"\n\"Ctrl-N\" = \"undo\"\n", "line 3: Ctrl-N replaces Ctrl-N in line 2"),
        ("\"x\" = \"tick\"\n\"x\" = \"undo\"\n", "line 3: it is also in line 2"),
        ("\"m u\" = \"tick\"\n\"m\" = \"undo\"\n", "line 3: m replaces m u in line 2"),
    ];
    for (lines, words) in cases {
        let mut stage = with(&format!("[keys.list]\n{lines}"));
        let screen = stage.screen();
        assert!(screen.contains(words) && screen.contains("the last one applies"), "{screen}");
        let keys = stage.app().ui.keymap.keys_of("tick").len();
        assert_eq!(keys, 1, "{lines}: Space alone ticks");
    }
}

#[test]
fn nobody_can_lock_himself_in() {
    for key in ["Esc", "Enter", "Up", "Down", "Left", "Right", "?", "m Enter"] {
        let mut stage = with(&format!("[keys.list]\n\"{key}\" = \"none\"\n"));
        assert!(stage.screen().contains("cannot be rebound, so that nobody is locked out"), "{key}");
        stage.keys("3<down>?");
        assert!(stage.screen().contains("Keys here"), "{key}");
    }
    let mut stage = with("[keys.list]\n\"Ctrl-I\" = \"tick\"\n");
    assert!(stage.screen().contains("terminals send Ctrl-I as Tab"), "{}", stage.screen());
}

#[test]
fn another_keyboard_layout_drives_the_program_and_typing_stays_typing() {
    let mut stage = with("");
    // ф is on a, о on j, ь on m, е on t, г on u.
    stage.keys("3ф“Отмена без звонка”<enter>").settle();
    let has = |stage: &mut Stage| {
        let product = stage.app().session.product();
        product.all::<BacklogItem>().any(|item| &*item.title == "Отмена без звонка")
    };
    assert!(has(&mut stage));
    stage.keys("ье").settle();
    assert!(stage.screen().contains("to the top"), "{}", stage.screen());
    stage.keys("гг").settle();
    assert!(!has(&mut stage));
    stage.keys("<home>о");
    assert!(stage.screen().contains("row 2 of"), "{}", stage.screen());
    let mut stage = with("layout = \"off\"\n");
    stage.keys("3о");
    assert!(stage.screen().contains("о does nothing here"), "{}", stage.screen());
}

#[test]
fn a_scale_of_ones_own_is_taken_at_once_where_it_can_be() {
    let mut stage = with("points = [0.5, 1, 2, 4, 20]\n");
    stage.keys("3j");
    let title = "Cancel without";
    stage.keys("p4");
    assert_eq!(points(&mut stage, title), "4");
    stage.keys("p1");
    assert_eq!(points(&mut stage, title), "1");
    stage.keys("p2<enter>");
    assert_eq!(points(&mut stage, title), "2");
    stage.keys("p20");
    assert_eq!(points(&mut stage, title), "20");
    stage.keys("p0.5");
    assert_eq!(points(&mut stage, title), "0.5");
    stage.keys("p?");
    assert_eq!(points(&mut stage, title), "");
    stage.keys("p");
    assert!(footer(&mut stage).contains("0.5 1 2 4 20"), "{}", footer(&mut stage));
    stage.keys("x");
    assert!(stage.screen().contains("Points are numbers: 0.5 1 2 4 20."), "{}", stage.screen());
}

#[test]
fn hints_can_be_short_or_off() {
    let mut stage = with("hints = \"short\"\n");
    stage.keys("3");
    assert!(footer(&mut stage).ends_with(":  ?") && !footer(&mut stage).contains("edit"), "{}", footer(&mut stage));
    let mut stage = with("hints = \"off\"\n");
    stage.keys("3");
    assert!(footer(&mut stage).contains("saved") && !stage.screen().contains("? help"), "{}", stage.screen());
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn once_is_enough_to_quit_where_that_is_wanted() {
    let mut stage = with("quit = \"once\"\n");
    stage.keys("3<space>");
    let q = || KeyEvent::from(KeyCode::Char('q'));
    assert_eq!(stage.press(q()), LoopRequest::Nothing, "the ticks go first");
    assert_eq!(stage.press(q()), LoopRequest::Quit);
}

#[test]
fn a_fluent_hand_is_spared_the_box() {
    let mut stage = with("hint_delay_ms = 2000\n");
    stage.keys("3s");
    assert!(stage.screen().contains("Who works on it"), "at first it is drawn at once");
    stage.keys("<esc>").app().ui.boxes = 51;
    stage.keys("s");
    assert!(!stage.screen().contains("Who works on it"), "{}", stage.screen());
    assert!(stage.app().wakes_in().is_some(), "it is drawn later");
    stage.keys("<down>");
    assert!(stage.screen().contains("Who works on it"), "an arrow asks for it");
}

#[test]
fn settings_change_at_once_and_the_file_keeps_its_comments() {
    let mut stage = with("# mine\ntheme = \"auto\" # by day\n");
    stage.keys("3:“settings”<enter>");
    insta::assert_snapshot!(stage.screen());
    stage.keys("<space>");
    assert!(stage.screen().contains("theme is dark now. Saved in"), "{}", stage.screen());
    stage.keys("<down><down><down><right>");
    assert_eq!(stage.app().ui.settings.hints, Hints::Short);
    stage.keys("<down><down><down><down><enter>");
    stage.keys("<c-u>“1 2, 4 8”<enter>");
    assert!(stage.screen().contains("points is 1 2 4 8 now."), "{}", stage.screen());
    let text = std::fs::read_to_string(stage.data.path().join("config.toml")).unwrap();
    assert_eq!(text, "# mine\ntheme = \"dark\" # by day\nhints = \"short\"\npoints = [1, 2, 4, 8]\n");
    stage.keys("<enter><c-u>“many”<enter>");
    assert!(stage.screen().contains("is not a number"), "{}", stage.screen());
    stage.keys("<esc><esc>");
    assert!(!stage.screen().contains("Settings"), "{}", stage.screen());
}

#[test]
fn a_file_that_does_not_read_is_never_overwritten() {
    let text = "theme = dark\n";
    let mut stage = with(text);
    stage.keys("<esc>:“settings”<enter><space>");
    assert!(stage.screen().contains("nothing was written"), "{}", stage.screen());
    assert_eq!(std::fs::read_to_string(stage.data.path().join("config.toml")).unwrap(), text);
    assert_eq!(stage.app().ui.settings.theme, "dark");
}

#[test]
fn changed_keys_are_listed_and_all_keys_written_down() {
    let mut stage = with("");
    stage.keys(":“keys changed”<enter>");
    assert!(stage.screen().contains("All keys have their defaults."), "{}", stage.screen());
    let mut stage = with("[keys.list]\n\"x\" = { prefix = \"d\" }\n\"T\" = { do = \"tick\", label = \"mark\" }\n");
    stage.keys(":“keys changed”<enter>");
    let screen = stage.screen();
    assert!(screen.contains("x d  Del  (was d d  Del)"), "{screen}");
    assert!(screen.contains("T  Space  (was Space), shown as mark"), "{screen}");
    stage.keys("<esc>:“key sheet”<enter>");
    assert!(stage.screen().contains("All keys are in"), "{}", stage.screen());
    let sheet = std::fs::read_to_string(stage.data.path().join("KEYS.md")).unwrap();
    assert!(sheet.contains("| `x d` `Del` | delete |") && sheet.contains("| `T` `Space` | mark |"), "{sheet}");
}

#[test]
fn with_accessible_one_pane_stands_alone_and_no_border_is_drawn() {
    let mut stage = with("accessible = true\n");
    stage.keys("3j");
    let screen = stage.screen();
    assert!(!screen.contains(['│', '║', '┌', '╭', '═']), "{screen}");
    assert!(screen.contains("BACKLOG") && !screen.contains("WHY"), "{screen}");
    insta::assert_snapshot!(screen);
}

#[test]
fn for_those_who_hear_the_screen_states_are_words_and_the_row_is_repeated() {
    let mut stage = with("accessible = true\n");
    stage.keys("3<space>");
    let screen = stage.screen();
    assert!(screen.lines().any(|line| line.contains("ticked") && line.contains("why changed")), "{screen}");
    assert!(screen.contains("S3 Cancel without a phone call. 9 stories"), "{screen}");
    stage.keys("<tab><tab>");
    let screen = stage.screen();
    assert!(screen.contains("HOW") && screen.contains("open: "), "{screen}");
}

#[test]
fn every_state_is_told_without_colour() {
    use whyhow::tui::term::theme::Theme;
    for theme in [Theme::plain(), Theme::plain().with_ascii()] {
        let mut stage = with("").with_theme(theme);
        stage.keys("3<space>");
        let screen = stage.screen();
        let row = |title| screen.lines().find(|line| line.contains(title) && line.contains(']')).unwrap().to_string();
        let (tick, pointer) = (theme.tick(), theme.pointer());
        assert!(row("S2 Price").contains(&format!("[{tick}]")), "ticked: {screen}");
        assert!(row("S3 Cancel").contains(&format!("[ ]{pointer}")), "chosen: {screen}");
        assert!(row("S4 Slot").contains("[ ] "), "neither: {screen}");
        assert!(row("S2 Price").contains(" ! "), "suspect: {screen}");
        assert!(!row("S4 Slot").contains('!'), "not suspect: {screen}");
        let why = screen.lines().find(|line| line.contains(" WHY ")).unwrap();
        let how = screen.lines().find(|line| line.contains(" HOW ")).unwrap();
        let (double, single) = if theme.ascii { ("#", "+") } else { ("╗", "┐") };
        assert!(why.trim_end().ends_with(double) && how.trim_end().ends_with(single), "{screen}");
    }
}

/// What is beyond ASCII in a frame is the sample's own text: a title in Japanese.
#[test]
fn ascii_is_complete_wherever_one_goes() {
    use whyhow::tui::term::theme::Theme;
    let places = [
        "1",
        "1<esc>j",
        "2",
        "2w",
        "3",
        "3t",
        "3?",
        "3:",
        "3m",
        "3g",
        "3sg",
        "3ss",
        "3p",
        "3/",
        "3a",
        "3je",
        "3j<tab><tab>",
        "3j<tab><tab>jjj<enter>",
        "3W",
        "3:“settings”<enter>",
        "2z",
        "3<space>do",
        "3dd",
        "3x",
    ];
    for (columns, rows) in [(120, 35), (80, 24), (60, 20), (40, 10), (20, 5)] {
        let mut stage = Stage::new(columns, rows, Role::Both).with_theme(Theme::plain().with_ascii());
        for keys in places {
            stage.keys("<esc><esc><esc><esc>").keys(keys);
            let screen = stage.screen();
            let own = |c: char| c as u32 > 0x2FFF || c == '\u{200d}';
            let other: String = screen.chars().filter(|c| !c.is_ascii() && !own(*c)).collect();
            assert!(other.is_empty(), "{keys} at {columns}x{rows}: {other:?}\n{screen}");
        }
    }
}

#[test]
fn sentences_follow_a_rebinding() {
    let mut stage = with(
        "[keys.list]\n\"X\" = \"undo\"\n\"x\" = { prefix = \"d\" }\n\"Q\" = \"quit\"\n\"B\" = \"filter.closed\"\n\"Z\" = \"turn\"\n",
    );
    stage.keys("3");
    assert!(stage.screen().contains("1 closed, B shows them") && stage.screen().contains("flat · Z tree"));
    stage.keys("a“Fresh”<enter>");
    assert!(stage.screen().contains("X takes it back"), "{}", stage.screen());
    stage.keys("X");
    assert!(stage.screen().contains("Undone"), "{}", stage.screen());
    stage.keys("ö");
    assert!(stage.screen().contains("Space ticks, x d deletes, ? keys."), "{}", stage.screen());
    stage.keys("Q");
    assert!(stage.screen().contains("Q again to quit"), "{}", stage.screen());
}

/// What looks like a key in a sentence is written as `{command}`, so that it is the one of now.
#[test]
fn no_sentence_of_the_screen_names_a_key_of_the_table_itself() {
    let wrong = ["u takes", "u brings", "u puts", "f c ", "s c ", "s g ", "d d ", "a adds", "? shows", "R changes"];
    let mut open = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        // The first run stands before settings are of any use.
        if path.ends_with("onboarding.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let quoted = line.split('"').skip(1).step_by(2);
            for words in quoted {
                let named = wrong.iter().find(|key| words.starts_with(**key) || words.contains(&format!(" {key}")));
                assert!(named.is_none(), "{} names a key: {words:?}", path.display());
            }
        }
    }
}

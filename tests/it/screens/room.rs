//! The room of the window is used: no title, choice or message is cut while there are blank cells for the rest of it.

use crate::harness::stage::Stage;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use whyhow::model::role::Role;
use whyhow::tui::registry::SCREENS;
use whyhow::tui::term::layout::READABLE;

const SIZES: [(u16, u16); 4] = [(120, 35), (100, 30), (80, 24), (60, 20)];

/// So many blank cells beside a cut title are room left empty: fewer keep the columns apart.
const BLANK: usize = 8;

const LONG: [&str; 4] = [
    "A title that goes on and on, as people write them in a hurry, with all that came to their mind about it",
    "[Feature Request]: Schema compare database selection should display all saved connections, not the last one",
    "When editing a cell to change the value, then editing it back, the revert button still cannot be pressed",
    "Short after all",
];

/// The sample with stories, roadmap items, goals, rules and voices whose titles no window holds.
fn long_titles(columns: u16, rows: u16) -> Stage {
    let mut lines = vec!["{\"do\":\"as\",\"role\":\"both\",\"by\":\"Omar\"}".to_string()];
    for nth in 0..24 {
        let title = LONG[nth % LONG.len()];
        for (kind, field, most) in
            [("item", "title", 24), ("roadmap", "title", 5), ("goal", "title", 4), ("rule", "text", 6)]
        {
            if nth < most {
                lines.push(whyhow::json!({"do": "add", "kind": kind, "set": {field: title}}).to_string());
            }
        }
        let said = whyhow::json!({"quote": title, "source": "Rosa, who keeps the books"});
        lines.push(whyhow::json!({"do": "add", "kind": "feedback", "set": said}).to_string());
    }
    Stage::after("running-sprint.jsonl", &lines.join("\n"), columns, rows, Role::Both)
}

fn stages(columns: u16, rows: u16) -> [(&'static str, Stage); 3] {
    let sprint = || whyhow::model::value::When::parse("2026-12-01T10:00:00+01:00").unwrap();
    [
        ("sample", Stage::new(columns, rows, Role::Both)),
        ("sprint", Stage::of("running-sprint.jsonl", sprint, columns, rows, Role::Both)),
        ("long titles", long_titles(columns, rows)),
    ]
}

/// The cells of an area, row by row, without its border.
fn inside(buffer: &Buffer, area: Rect) -> Vec<Vec<String>> {
    let row = |y: u16| {
        let cell = |x: u16| buffer[(x, y)].symbol().to_string();
        (area.x + 1..area.right() - 1).map(cell).collect()
    };
    (area.y + 1..area.bottom() - 1).map(row).collect()
}

fn is_blank(cell: &str) -> bool {
    cell.trim().is_empty()
}

/// The number of blank cells right behind a cut text.
fn blank_behind_cut(row: &[String]) -> Option<usize> {
    let at = row.iter().position(|cell| cell == "…")?;
    Some(row[at + 1..].iter().take_while(|cell| is_blank(cell)).count())
}

/// How many columns are blank in every row, from the right.
fn empty_strip(rows: &[Vec<String>]) -> usize {
    rows.iter().map(|row| row.iter().rev().take_while(|cell| is_blank(cell)).count()).min().unwrap_or(0)
}

#[test]
fn no_title_is_cut_while_there_is_room_beside_it() {
    let mut cut_somewhere = 0;
    for (columns, rows) in SIZES {
        for (product, mut stage) in stages(columns, rows) {
            for (view, screen) in SCREENS.iter().enumerate() {
                for turn in 0..screen.turns.len().max(1) {
                    stage.app().ui.go(view);
                    stage.app().ui.place_mut().turn = turn;
                    stage.keys("<esc><esc><home>").settle();
                    if !(screen.lists)(&stage.app().ui) || !stage.app().ui.rows.columns.is_empty() {
                        continue;
                    }
                    let there = format!("{product}, {} {turn} at {columns}x{rows}", screen.name);
                    let (areas, buffer) = (stage.app().ui.areas().unwrap(), stage.buffer());
                    let Some(list) = areas.list else { continue };
                    let shown = inside(&buffer, list);
                    let cut: Vec<usize> = shown.iter().filter_map(|row| blank_behind_cut(row)).collect();
                    cut_somewhere += cut.len();
                    let most = cut.iter().max().copied().unwrap_or(0);
                    assert!(most < BLANK, "{there}: {most} blank cells behind a title\n{}", stage.screen());
                    // One long title among many may be cut.
                    let Some(why) = areas.why.filter(|why| why.x == list.right() && cut.len() > 2) else { continue };
                    let panes: Vec<_> = [areas.why, areas.how].into_iter().flatten().collect();
                    let strips = panes.iter().map(|pane| empty_strip(&inside(&buffer, *pane)));
                    let strip = strips.min().unwrap_or(0);
                    assert!(
                        why.width <= READABLE || strip < BLANK,
                        "{there}: {} titles cut beside panes of {} with {strip} empty columns\n{}",
                        cut.len(),
                        why.width,
                        stage.screen()
                    );
                }
            }
        }
    }
    assert!(cut_somewhere > 50, "the long titles are longer than any list");
}

#[test]
fn no_card_is_cut_while_its_column_has_empty_lines() {
    for (columns, rows) in SIZES {
        for (product, mut stage) in stages(columns, rows) {
            for view in ["2", "5"] {
                stage.keys("<esc><esc>").keys(view).settle();
                let (areas, buffer) = (stage.app().ui.areas().unwrap(), stage.buffer());
                let Some(list) = areas.list.filter(|_| !stage.app().ui.rows.columns.is_empty()) else { continue };
                // The borders between the columns.
                let top = |x: u16| buffer[(x, list.y)].symbol();
                let starts: Vec<u16> = (list.x..list.right()).filter(|x| top(*x) == "╭").collect();
                for (nth, start) in starts.iter().enumerate() {
                    let end = starts.get(nth + 1).copied().unwrap_or(list.right());
                    let column = inside(&buffer, Rect { x: *start, width: end - start, ..list });
                    let empty = column.iter().rev().take_while(|row| row.iter().all(|cell| is_blank(cell))).count();
                    let cut = column.iter().filter(|row| row.iter().any(|cell| cell == "…")).count();
                    assert!(
                        cut == 0 || empty <= cut,
                        "{product}, view {view} at {columns}x{rows}: {cut} lines cut above {empty} empty ones\n{}",
                        stage.screen()
                    );
                }
            }
        }
    }
}

#[test]
fn an_empty_column_leaves_its_room_to_the_others() {
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("2").settle();
    let buffer = stage.buffer();
    let widths = |buffer: &Buffer| -> Vec<u16> {
        let starts: Vec<u16> = (0..120).filter(|x| buffer[(*x, 1)].symbol() == "╭").chain([120]).collect();
        starts.windows(2).map(|two| two[1] - two[0]).collect()
    };
    let columns = stage.app().ui.rows.columns.clone();
    for (column, width) in columns.iter().zip(widths(&buffer)) {
        assert_eq!(column.is_empty(), width < 30, "{columns:?}\n{}", stage.screen());
    }
}

/// In a narrow window an empty column of the board is as wide as its name, and the cards get the rest.
#[test]
fn in_a_narrow_window_an_empty_column_of_the_board_keeps_its_name() {
    let mut stage = crate::screens::board::board(80, 24, Role::Po);
    stage.keys("5<right>").keys("<").keys("<right><right>").keys("<").keys("<").settle();
    let columns: Vec<usize> = stage.app().ui.rows.columns.iter().map(ExactSizeIterator::len).collect();
    assert_eq!((columns[1], columns[2]), (0, 0), "{}", stage.screen());
    let screen = stage.screen();
    let border = screen.lines().nth(1).unwrap_or_default();
    let widths: Vec<usize> = border.split_inclusive('╮').map(|one| one.chars().count()).collect();
    assert!(widths[1] <= 11 && widths[2] <= 15 && widths[0] >= 27, "{widths:?}\n{screen}");
    assert!(border.contains("DOING") && border.contains("TO ACCEPT"), "{screen}");
}

#[test]
fn a_pane_says_the_whole_title_where_its_border_cuts_it() {
    for (columns, rows) in [(120, 35), (100, 30), (80, 24)] {
        let mut stage = long_titles(columns, rows);
        stage.keys("3/“Feature”<enter>").settle();
        let how = stage.app().ui.areas().unwrap().how.unwrap();
        let rows = inside(&stage.buffer(), how);
        let text: String = rows.iter().map(|row| row.concat() + " ").collect();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(LONG[1]), "{words}\n{}", stage.screen());
    }
}

#[test]
fn a_picker_is_as_wide_as_its_choices_and_says_a_cut_one_in_full() {
    let mut stage = long_titles(120, 35);
    stage.keys("3/“Short”<enter>sg“Feature”");
    assert!(stage.screen().contains(LONG[1]), "{}", stage.screen());
    let mut stage = long_titles(60, 20);
    stage.keys("3/“Short”<enter>sg“Feature”");
    let words = stage
        .screen()
        .replace(['┃', '│', '║', '╔', '╗', '╰', '╯'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(words.contains(LONG[1]), "{}", stage.screen());
}

#[test]
fn a_message_keeps_its_end_at_every_width() {
    let message = "Passed over S3 and S5, which lack points. The rest fits into the sprint. Press p on each to size them \
                   and F again to fill it up.";
    for (columns, rows) in [(120, 35), (80, 24), (60, 20), (40, 10)] {
        for (keys, layer) in [("", "no layer"), ("/", "a find line"), ("sg", "a picker")] {
            let mut stage = Stage::new(columns, rows, Role::Both);
            stage.keys("3").keys(keys);
            stage.app().ui.say(message);
            let said = stage.screen();
            let words = said.split_whitespace().filter(|word| *word != "saved").collect::<Vec<_>>().join(" ");
            assert!(words.contains(message), "{layer} at {columns}x{rows}\n{said}");
        }
    }
}

#[test]
fn the_box_after_a_key_lists_first_what_can_be_done_here() {
    let mut stage = Stage::new(80, 24, Role::Both);
    stage.keys("3f");
    let screen = stage.screen();
    let row = |words: &str| screen.lines().position(|line| line.contains(words)).unwrap_or(usize::MAX);
    assert!(row("Only stories without points") < row("Changes since the last sprint review"), "{screen}");
    // One row is one command, wherever it stands.
    stage.keys("<enter>");
    assert!(stage.app().ui.place().closed, "{}", stage.screen());
}

#[test]
fn the_last_hint_of_a_box_is_the_way_back() {
    for keys in ["?", ":", "sg", "f"] {
        let mut stage = Stage::new(60, 20, Role::Both);
        stage.keys("3").keys(keys);
        let last = stage.screen().lines().last().unwrap().trim_end().to_string();
        assert!(last.ends_with("Esc back"), "{keys}: {last}");
    }
}

#[test]
fn the_tabs_say_as_many_names_in_full_as_fit_and_the_product_takes_the_rest() {
    for (columns, rows) in [(140, 35), (120, 35), (100, 30), (80, 24), (60, 20)] {
        for (product, mut stage) in stages(columns, rows) {
            let mut begins = Vec::new();
            for (view, screen) in SCREENS.iter().enumerate().filter(|(_, screen)| screen.tab) {
                stage.app().ui.go(view);
                let shown = stage.screen();
                let tabs = shown.lines().next().unwrap();
                let there = format!("{product}, {} at {columns}: {tabs:?}", screen.name);
                assert!(tabs.contains(&format!("{} {}", screen.key, screen.title)), "{there}");
                // A name left out, or the cut name of the product, did not fit.
                let at = tabs.find('[').unwrap() + 1;
                let blank = tabs[at..].split("  ").filter(|part| part.is_empty()).count() * 2;
                let all_named = SCREENS.iter().all(|one| !one.tab || tabs.contains(one.title));
                assert!(blank < 12 || all_named && !tabs.contains('…'), "{there}");
                begins.push(tabs.chars().position(|one| one == '1').unwrap());
            }
            assert!(begins.iter().all(|at| *at == begins[0]), "the tabs stay where they are: {begins:?}");
        }
    }
}

/// The rows of the columns of a view, without their borders.
fn columns_of(stage: &mut Stage) -> Vec<(String, Vec<Vec<String>>)> {
    let (list, buffer) = (stage.app().ui.areas().unwrap().list.unwrap(), stage.buffer());
    let corner = |x: &u16| buffer[(*x, list.y)].symbol() == "╭";
    let starts: Vec<u16> = (list.x..list.right()).filter(corner).chain([list.right()]).collect();
    let column = |two: &[u16]| {
        let area = Rect { x: two[0], width: two[1] - two[0], ..list };
        let top = (area.x..area.right()).map(|x| buffer[(x, area.y)].symbol()).collect();
        (top, inside(&buffer, area))
    };
    starts.windows(2).map(column).collect()
}

#[test]
fn the_roadmap_says_how_many_are_in_a_column_and_keeps_its_cards_together() {
    for (columns, rows) in [(140, 40), (120, 35), (100, 30), (80, 24)] {
        for (product, mut stage) in stages(columns, rows) {
            stage.keys("2").settle();
            let counts: Vec<usize> = stage.app().ui.rows.columns.iter().map(ExactSizeIterator::len).collect();
            for ((top, cells), count) in columns_of(&mut stage).iter().zip(counts) {
                let there = format!("{product} at {columns}x{rows}: {top}\n{}", stage.screen());
                assert!(top.contains(&format!(" {count} ")) && !top.contains('…'), "{there}");
                let blank: String =
                    cells.iter().map(|row| if row.iter().all(|cell| is_blank(cell)) { ' ' } else { 'x' }).collect();
                assert!(!blank.trim_end().contains("  "), "{there}");
            }
        }
    }
}

#[test]
fn a_proposal_says_in_its_border_what_it_is_about_if_there_is_room() {
    for (columns, rows) in [(120, 35), (100, 30), (140, 40)] {
        let mut stage = Stage::new(columns, rows, Role::Pm);
        stage.keys("3<tab><tab>e").settle();
        let screen = stage.screen();
        let border = screen.lines().find(|line| line.contains("PROPOSAL TO")).unwrap_or_else(|| panic!("{screen}"));
        let border: String = border.chars().skip_while(|one| *one != 'H').collect();
        assert!(border.contains(" · PROPOSAL TO"), "{border}");
        let blank = border.matches(['─', '━', '═']).count();
        assert!(border.contains("not their text yet") || blank < 24, "{border}");
    }
}

#[test]
fn the_question_of_the_done_check_keeps_its_end() {
    for (columns, rows) in SIZES {
        let mut stage = long_titles(columns, rows);
        stage.keys("3/“Feature”<enter>do").settle();
        let screen = stage.screen();
        let line = screen.lines().find(|line| line.contains("Is S")).unwrap_or_else(|| panic!("{screen}"));
        assert!(line.contains("… done?"), "{line}");
    }
}

#[test]
fn a_long_name_in_the_inbox_takes_what_a_short_title_leaves() {
    let lines = "{\"do\":\"as\",\"role\":\"both\",\"by\":\"Omar\"}\n{\"do\":\"add\",\"kind\":\"feedback\",\"set\":{\"quote\":\
                 \"can we pay monthly?\",\"source\":\"Tom from the workshop\"}}";
    for (columns, rows) in [(120, 35), (80, 24)] {
        let mut stage = Stage::after("running-sprint.jsonl", lines, columns, rows, Role::Both);
        stage.keys("8<end>").settle();
        assert!(stage.screen().contains("Tom from the workshop can we pay monthly?"), "{}", stage.screen());
    }
}

#[test]
fn neither_a_link_nor_the_line_below_the_burndown_is_cut() {
    for (columns, rows) in [(120, 35), (100, 30), (80, 24)] {
        let mut stage = Stage::new(columns, rows, Role::Both);
        stage.keys("1").settle();
        let how = stage.app().ui.areas().unwrap().how.unwrap();
        let cells = inside(&stage.buffer(), how).concat();
        assert!(!cells.contains(&"…".to_string()), "{}", stage.screen());
    }
    let sprint = || whyhow::model::value::When::parse("2026-12-01T10:00:00+01:00").unwrap();
    let mut stage = Stage::of("running-sprint.jsonl", sprint, 120, 35, Role::Both);
    stage.keys("5").settle();
    let aside = stage.app().ui.areas().unwrap().aside.unwrap();
    let cells = inside(&stage.buffer(), aside).concat();
    assert!(!cells.contains(&"…".to_string()), "{}", stage.screen());
}

#[test]
fn a_low_window_shows_more_of_the_list_as_long_as_the_cursor_is_in_it() {
    let mut stage = Stage::new(60, 20, Role::Both);
    stage.keys("3").settle();
    let heights = |stage: &mut Stage| {
        let areas = stage.app().ui.areas().unwrap();
        (areas.list.unwrap().height, areas.why.or(areas.how).unwrap().height)
    };
    let (list, pane) = heights(&mut stage);
    assert!(list > pane, "{}", stage.screen());
    stage.keys("<tab>").settle();
    let (list, pane) = heights(&mut stage);
    assert!(list < pane, "{}", stage.screen());
}

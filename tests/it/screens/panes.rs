//! Every pane can be read to its end, at every size, line by line, page by page and at once.

use crate::harness::stage::Stage;
use whyhow::model::role::Role;
use whyhow::tui::registry::SCREENS;
use whyhow::tui::term::layout::Focus;

/// How many lines are below the last visible one of the pane that has the cursor.
fn below(stage: &mut Stage) -> usize {
    let (areas, focus) = (stage.app().ui.areas().unwrap(), stage.app().ui.focus());
    let area = areas.of(focus).unwrap();
    let screen = whole(stage);
    let border: String =
        screen[usize::from(area.bottom() - 1)][usize::from(area.x)..usize::from(area.right())].concat();
    let word = border.split(" more").next().filter(|_| border.contains(" more"));
    word.map_or(0, |word| word.rsplit(' ').next().unwrap().parse().unwrap())
}

/// The lines of the pane that has the cursor.
fn pane(stage: &mut Stage) -> Vec<Vec<String>> {
    let (areas, focus) = (stage.app().ui.areas().unwrap(), stage.app().ui.focus());
    let area = areas.of(focus).unwrap();
    let rows = whole(stage).into_iter().skip(area.y.into()).take(area.height.into());
    rows.map(|row| row[usize::from(area.x)..usize::from(area.right())].to_vec()).collect()
}

fn whole(stage: &mut Stage) -> Vec<Vec<String>> {
    let buffer = stage.buffer();
    let width = usize::from(buffer.area.width);
    buffer.content.chunks(width).map(|row| row.iter().map(|cell| cell.symbol().to_string()).collect()).collect()
}

/// Goes down until nothing changes any more. No step may jump over lines that were never seen.
fn walk(stage: &mut Stage, keys: &str, most: usize) {
    let height = usize::from(stage.app().ui.areas().unwrap().of(stage.app().ui.focus()).unwrap().height - 2);
    let mut last = below(stage);
    for _ in 0..most {
        stage.keys(keys);
        let now = below(stage);
        assert!(
            keys == "<end>" || last.saturating_sub(now) <= height,
            "{keys}: from {last} to {now} more: {}",
            stage.screen()
        );
        last = now;
        if now == 0 {
            break;
        }
    }
    assert_eq!(last, 0, "{keys} never reaches the end: {}", stage.screen());
}

#[test]
fn every_pane_is_read_to_its_end_at_every_size() {
    let mut long = 0;
    for (columns, rows) in [(120, 35), (100, 30), (80, 24), (60, 20), (44, 14)] {
        for (view, screen) in SCREENS.iter().enumerate() {
            let mut stage = Stage::new(columns, rows, Role::Both);
            stage.app().ui.go(view);
            stage.settle();
            while stage.app().ui.past_is_coming {
                std::thread::sleep(std::time::Duration::from_millis(5));
                stage.settle();
            }
            for row in 0..4 {
                for focus in [Focus::Why, Focus::How] {
                    stage.app().ui.place_mut().focus = Focus::List;
                    stage.keys("<home>");
                    stage.keys(&"<down>".repeat(row));
                    stage.app().ui.place_mut().focus = focus;
                    stage.keys("<home>");
                    if stage.app().ui.areas().unwrap().of(focus).is_none() {
                        continue;
                    }
                    long += usize::from(below(&mut stage) > 0);
                    for (keys, most) in [("<end>", 1), ("<down>", 400), ("<pgdn>", 60)] {
                        stage.keys("<home>");
                        walk(&mut stage, keys, most);
                    }
                    // And back to its beginning.
                    stage.keys("<home>");
                    let top = pane(&mut stage);
                    stage.keys("<end>");
                    stage.keys(&"<up>".repeat(400));
                    assert!(pane(&mut stage) == top, "{} {focus:?}: {}", screen.name, stage.screen());
                }
            }
        }
    }
    assert!(long > 30, "{long} panes were longer than their window");
}

/// Esc in a pane leads back to the list; what the list leaves out stays until Esc is pressed there.
#[test]
fn esc_in_a_pane_goes_back_to_the_list_and_keeps_its_filter() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3f e");
    let filters = |stage: &mut Stage| stage.app().ui.place().filters.len();
    assert_eq!(filters(&mut stage), 1, "{}", stage.screen());
    stage.keys("<tab>V");
    assert!(stage.screen().contains("Esc goes back to the list"), "{}", stage.screen());
    stage.keys("<esc>");
    assert_eq!((filters(&mut stage), stage.app().ui.focus()), (1, Focus::List), "{}", stage.screen());
    stage.keys("<esc>");
    assert_eq!(filters(&mut stage), 0);
}

//! Finding: by number, by any text, in a tree, everywhere, and from there to the page of the tool it came from.

use crate::harness::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use whyhow::json;
use whyhow::model::role::Role;
use whyhow::model::schema::BacklogItem;
use whyhow::model::value::Value;
use whyhow::tui::app::LoopRequest;

/// Fifty open issues. Every tenth speaks of a lighthouse, and number 2265 mentions number 2250.
fn issues() -> Value {
    let issue = |number: u32| {
        let body = match number {
            2265 => "Like #2250, but for boats.".to_string(),
            _ if number.is_multiple_of(10) => "Seen from the LIGHTHOUSE.".to_string(),
            _ => "Nothing to say.".to_string(),
        };
        let labels: Vec<Value> = if number.is_multiple_of(7) { vec![json!({"name": "harbour"})] } else { Vec::new() };
        json!({"number": number, "title": format!("Ferry {}", number * 3), "state": "open", "body": body,
            "user": {"login": "ines"}, "labels": labels, "created_at": "2026-01-02T03:04:05Z",
            "html_url": format!("https://github.com/acme/ferry/issues/{number}")})
    };
    Value::from_iter((2241..2291).map(issue))
}

fn stage() -> Stage {
    Stage::imported(&issues(), 100, 30, Role::Po)
}

fn titles(stage: &mut Stage) -> Vec<String> {
    let app = stage.app();
    let product = app.session.product();
    app.ui.rows.rows.iter().map(|row| product.find(row.id).unwrap().title()).collect()
}

fn chosen_key(stage: &mut Stage) -> String {
    let app = stage.app();
    let id = app.ui.place().chosen.unwrap();
    app.session.product().get::<BacklogItem>(id).unwrap().source.as_ref().unwrap().key.to_string()
}

fn ctrl(letter: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)
}

#[test]
fn an_imported_issue_is_found_by_its_number_and_its_page_opens_with_two_keys() {
    let mut stage = stage();
    stage.keys("3");
    stage.pressed = 0;
    stage.keys("/“2250”");
    assert_eq!(chosen_key(&mut stage), "2250", "the number means the issue, not the one that mentions it");
    assert_eq!(titles(&mut stage).len(), 2);
    let LoopRequest::Browse(clip) = stage.press(ctrl('o')) else { panic!("no page opened: {}", stage.screen()) };
    assert_eq!(stage.pressed, 2);
    assert_eq!(clip.text, "https://github.com/acme/ferry/issues/2250");
    // The find line is still open, and the number may be written as GitHub writes it.
    stage.keys("<esc>/“#2251”");
    assert_eq!(chosen_key(&mut stage), "2251");
    stage.keys("<enter>");
    let LoopRequest::Browse(clip) = stage.press(KeyEvent::from(KeyCode::Char('o'))) else {
        panic!("no page opened: {}", stage.screen())
    };
    assert!(clip.text.ends_with("/2251"));
    stage.keys("y");
    let LoopRequest::Copy(clip) = stage.press(KeyEvent::from(KeyCode::Char('u'))) else { panic!("nothing copied") };
    assert!(clip.text.ends_with("/2251"));
}

#[test]
fn the_number_in_the_source_can_be_read_and_copied() {
    let mut stage = stage();
    let screen = stage.keys("3/“#2251”").screen();
    assert!(screen.contains("· #2251"), "{screen}");
    let screen = stage.keys("<enter>").screen();
    assert!(screen.contains("GitHub #2251 · o opens its page"), "{screen}");
    stage.keys("y");
    let LoopRequest::Copy(clip) = stage.press(KeyEvent::from(KeyCode::Char('s'))) else { panic!("nothing copied") };
    assert_eq!(clip.text, "#2251");
}

#[test]
fn a_find_reads_every_text_and_says_where_the_hit_lies() {
    let mut stage = stage();
    stage.keys("3/“lighthouse”");
    assert_eq!(titles(&mut stage).len(), 5);
    assert!(stage.screen().contains("· in notes"), "{}", stage.screen());
    // A capital makes case matter, in every text.
    stage.keys("<esc>/“Lighthouse”");
    assert_eq!(titles(&mut stage).len(), 0);
    stage.keys("<esc>/“LIGHTHOUSE”");
    assert_eq!(titles(&mut stage).len(), 5);
    for (words, found) in [("ines", 50), ("acme/ferry", 50), ("harbour ferry", 7), ("ferry lighthouse", 5)] {
        stage.keys(&format!("<esc>/“{words}”"));
        assert_eq!(titles(&mut stage).len(), found, "{words}");
    }
    // An edit is found at once.
    stage.keys("<esc>a“Moor at the new pier”<enter>/“PIER”<esc>/“new pier”");
    assert_eq!(titles(&mut stage), ["Moor at the new pier"]);
}

#[test]
fn a_comment_of_ones_own_is_found_at_its_story() {
    let mut stage = Stage::new(110, 30, Role::Po);
    stage.keys("3j");
    let chosen = stage.app().ui.place().chosen;
    stage.keys("c“Walruses cannot reach the Bell”<enter><esc>");
    stage.keys("3/“walruses”");
    assert_eq!(stage.app().ui.rows.rows.iter().map(|row| Some(row.id)).collect::<Vec<_>>(), [chosen]);
    assert!(stage.screen().contains("· in feedback"), "{}", stage.screen());
    stage.keys("<esc>/“Bell”");
    assert_eq!(titles(&mut stage).len(), 1);
    stage.keys("<esc>/“WALRUSES”");
    assert_eq!(titles(&mut stage).len(), 0, "a capital makes case matter");
}

#[test]
fn a_find_in_a_tree_keeps_the_rows_above_a_hit() {
    let mut stage = Stage::new(100, 30, Role::Po);
    stage.keys("3t/“photo”");
    let titles = titles(&mut stage);
    let screen = stage.screen();
    let hit = titles.iter().position(|title| title.contains("photo")).unwrap();
    let app = stage.app();
    let rows = &app.ui.rows.rows;
    assert!(rows[hit].depth == 1 && rows[..hit].iter().any(|row| row.depth == 0), "{screen}");
    let heads = rows.iter().filter(|row| row.depth == 0).count();
    let all = app.session.product().all::<whyhow::model::schema::RoadmapItem>().count();
    assert!(heads < all, "a branch without a hit is left out\n{screen}");
}

#[test]
fn find_everywhere_reads_every_text_of_every_kind() {
    let mut stage = stage();
    stage.keys("1//“lighthouse”");
    assert!(stage.screen().contains("· in notes"), "{}", stage.screen());
    stage.keys("<esc>:“2263”<enter>");
    assert_eq!(chosen_key(&mut stage), "2263", "{}", stage.screen());
    let mut stage = Stage::new(100, 30, Role::Pm);
    stage.keys("3//“two taps”");
    assert!(stage.screen().contains("Book in two taps"));
}

#[test]
fn a_jump_opens_what_hides_the_record_and_says_what_it_cleared() {
    let mut stage = Stage::new(100, 30, Role::Po);
    stage.keys("3");
    let all = titles(&mut stage);
    let open = stage.app().ui.rows.rows[2].id;
    let number = stage.app().session.product().name_of(open);
    stage.keys("t gt");
    while !stage.screen().contains("The stories are folded") {
        stage.keys("gt");
    }
    stage.keys(&format!(":“{number}”<enter>"));
    let place = stage.app().ui.place();
    assert_eq!(place.chosen, Some(open));
    assert!(!place.closed, "an open story needs no closed ones");
    assert!(!place.folded.is_empty(), "the other branches stay folded");
    assert!(stage.app().ui.row_at_cursor().is_some_and(|row| row.id == open));
    stage.keys("fc");
    assert!(stage.screen().contains("Closed ones are shown"), "{}", stage.screen());
    // In the flat list, a filter that hides the story goes, and that is said.
    stage.keys("fx t fr");
    let hidden = all.iter().position(|title| !titles(&mut stage).contains(title)).unwrap();
    stage.keys(&format!(":“{}”", all[hidden]));
    stage.keys("<enter>");
    assert!(stage.screen().contains("The filter was cleared to show it."), "{}", stage.screen());
    assert_eq!(titles(&mut stage).len(), all.len());
}

#[test]
fn a_move_to_the_top_of_a_filtered_list_names_the_place_in_the_whole_one() {
    let mut stage = Stage::new(110, 30, Role::Po);
    let place_of = |stage: &mut Stage| {
        let app = stage.app();
        let (chosen, rows) = (app.ui.place().chosen, &app.ui.rows.rows);
        (rows.iter().position(|row| Some(row.id) == chosen).unwrap() + 1, rows.len())
    };
    stage.keys("3");
    let all = titles(&mut stage);
    stage.keys("/“shop”<enter>");
    let shown = titles(&mut stage);
    assert!(shown.len() > 1 && shown[0] != all[0], "the test needs a find that leaves out the first row: {shown:?}");
    stage.keys("G mt");
    assert!(stage.screen().contains("to the top of what is shown, place "), "{}", stage.screen());
    let said = stage.screen();
    stage.keys("fx");
    let (at, of) = place_of(&mut stage);
    assert!(said.contains(&format!("place {at} of {of}")), "{at} of {of}: {said}");
    // The first of what is shown stays where it is.
    stage.keys("/“shop”<enter>gg mt");
    assert!(stage.screen().contains("already at the top of what is shown"), "{}", stage.screen());
    stage.keys("fx");
    assert_eq!(place_of(&mut stage).0, at);
}

#[test]
fn what_did_not_come_from_elsewhere_has_no_page() {
    let mut stage = Stage::new(100, 30, Role::Po);
    stage.keys("3");
    assert_eq!(stage.press(KeyEvent::from(KeyCode::Char('o'))), LoopRequest::Nothing);
    assert!(stage.screen().contains("only what came from another tool has one"), "{}", stage.screen());
}

#[test]
fn filters_combine_with_counts_and_come_back_under_a_name() {
    let mut stage = stage();
    // A second label on some: the filter asks for both.
    stage.keys("3 fl“har”<tab> sl“quay”<enter> <esc><esc>");
    stage.keys("/“2247”<enter> sl<down><space><enter> <esc>");
    stage.keys("fl");
    let screen = stage.screen();
    assert!(screen.contains("harbour  7") || screen.contains("harbour  8"), "each with its count: {screen}");
    stage.keys("“harbour”<enter> fl“quay”<enter>");
    let both = titles(&mut stage).len();
    let screen = stage.screen();
    assert!(screen.contains("label harbour · label quay"), "{screen}");
    assert!(screen.contains(&format!("{both} stories with label harbour, with label quay.")), "{screen}");
    // Kinds are one or the other, and nothing serves anything yet.
    stage.keys("fn");
    assert_eq!(titles(&mut stage).len(), both);
    stage.keys("fy“my harbour”<enter> fx");
    assert_eq!(titles(&mut stage).len(), 50);
    stage.keys("ff“my”<enter>");
    assert_eq!(titles(&mut stage).len(), both, "{}", stage.screen());
    // At any width every chip is there, cut if need be.
    stage.resize(60, 20);
    let screen = stage.screen();
    let border = screen.lines().nth(1).unwrap();
    assert_eq!(border.matches('·').count(), 2, "three chips: {border}");
    // With a pane alone in the window the chips are in the status line.
    stage.resize(50, 16).keys("<tab>");
    let screen = stage.screen();
    assert!(screen.contains("label") && screen.contains("serves"), "{screen}");
}

#[test]
fn a_sort_is_for_looking_and_leaves_the_order_alone() {
    let mut many = issues();
    for (nth, issue) in many.as_array_mut().unwrap().iter_mut().enumerate() {
        issue["reactions"] = json!({"total_count": (nth * 7) % 50, "url": "x"});
    }
    let mut stage = Stage::imported(&many, 100, 30, Role::Po);
    stage.keys("3");
    let by_hand = titles(&mut stage);
    stage.keys("j");
    let chosen = stage.app().ui.place().chosen;
    stage.keys("ft“react”<enter>");
    let sorted = titles(&mut stage);
    assert_ne!(sorted, by_hand);
    assert_eq!(stage.app().ui.place().chosen, chosen, "the story stays selected, not the row");
    stage.keys("gg");
    let screen = stage.screen();
    assert!(screen.contains("by reactions") && screen.contains(" · reactions 49 "), "{screen}");
    // The order by hand cannot be changed by what only looks like it.
    stage.keys("mt");
    assert!(stage.app().ui.refused && stage.screen().contains("sorted by"), "{}", stage.screen());
    stage.keys("<esc><esc>fx");
    assert_eq!(titles(&mut stage), by_hand);
}

#[test]
fn filters_and_sort_are_there_again_after_a_restart() {
    use crate::harness::window::Window;
    let data = Stage::new(120, 35, Role::Po).data;
    let mut window = Window::run(&["--data", data.path().to_str().unwrap(), "--as", "po"], &[], " saved");
    window.press("3");
    window.wait_for("BACKLOG");
    window.press("fe");
    window.wait_for("no points");
    window.press("ft");
    window.wait_for("Sort by");
    window.press("newest\r");
    window.wait_for("by age, newest first");
    // q would close the filter first.
    window.press(":q\r");
    window.end();
    let mut window = Window::run(&["--data", data.path().to_str().unwrap(), "--as", "po"], &[], " saved");
    window.wait_for("no points · by age, newest first");
    window.press(":q\r");
    window.end();
}

#[test]
fn ticks_come_back_and_what_is_hidden_is_left_alone_aloud() {
    let mut stage = stage();
    stage.keys("3 vjj");
    assert!(stage.screen().contains("v: 3 rows") && stage.screen().contains("[v]"), "{}", stage.screen());
    stage.keys("v <esc>");
    assert_eq!(stage.app().ui.ticked.len(), 0);
    stage.keys("gV");
    assert_eq!(stage.app().ui.ticked.len(), 3, "{}", stage.screen());
    // Two of three are hidden: the act says what it left alone.
    let first = titles(&mut stage)[0].clone();
    stage.keys(&format!("/“{first}”<enter> p5"));
    assert!(stage.screen().contains("2 hidden ones were left alone"), "{}", stage.screen());
    // Unticking what is shown leaves the hidden ones.
    stage.keys("V");
    assert_eq!((stage.app().ui.ticked.len(), stage.app().ui.ticked_hidden.len()), (0, 2));
    // Another view and back: one key ticks them again.
    stage.keys("<esc> <esc> 2 3 gV");
    assert!(!stage.app().ui.ticked.is_empty(), "{}", stage.screen());
}

fn has(item: &BacklogItem, label: &str) -> bool {
    item.labels.iter().any(|one| one == label)
}

#[test]
fn all_with_one_label_get_another_and_go_to_the_top_in_eight_keys() {
    let mut stage = stage();
    stage.keys("3");
    let wanted = {
        let product = stage.app().session.product().clone();
        product.all::<BacklogItem>().filter(|item| has(item, "harbour")).count()
    };
    assert!(wanted > 5);
    stage.pressed = 0;
    stage.keys("fl“har”<tab> sl“quay”<enter> mt");
    assert_eq!(stage.pressed, 8);
    stage.keys("fx").settle();
    let product = stage.app().session.product().clone();
    let first: Vec<_> = product.all::<BacklogItem>().take(wanted).collect();
    assert!(first.iter().all(|item| has(item, "harbour") && has(item, "quay")), "{}", stage.screen());
}

/// Each new issue goes under a roadmap item or is dropped, and the next one is selected.
#[test]
fn fifty_new_issues_are_sorted_with_three_keys_each() {
    let mut stage = Stage::imported(&issues(), 100, 30, Role::Both);
    stage.keys("2a“Safer piers”<enter> a“Fewer queues”<enter> 3fn gg");
    assert_eq!(titles(&mut stage).len(), 50);
    stage.pressed = 0;
    for nth in 0..50 {
        match nth % 3 {
            0 => stage.keys("mr“safer”<enter>"),
            1 => stage.keys("mr“queues”<enter>"),
            _ => stage.keys("dn<enter>"),
        };
    }
    assert!(stage.pressed <= 150, "{} keys", stage.pressed);
    stage.settle();
    let product = stage.app().session.product().clone();
    let left = product.all::<BacklogItem>().filter(|item| item.serves.is_none() && item.closed.is_none()).count();
    assert_eq!(left, 0, "{}", stage.screen());
}

#[test]
fn the_tree_folds_by_row_and_by_level_and_a_find_looks_below() {
    let mut stage = Stage::new(120, 35, Role::Po);
    stage.keys("3t gg");
    let all = titles(&mut stage);
    assert!(all[0].contains("Book in two taps") && all[1].contains("Cancel"), "{all:?}");
    // Left folds, right unfolds; below a head, left goes to it.
    stage.keys("j<left>");
    assert_eq!(stage.app().ui.place().at, 0);
    stage.keys("<left>");
    let folded = titles(&mut stage);
    assert!(folded.len() < all.len() && folded[1].contains("Price before booking"), "{folded:?}");
    let screen = stage.screen();
    assert!(screen.contains("+ R1 (3) Book in two taps"), "{screen}");
    // A find shows what it finds, folded or not.
    stage.keys("/“Slot”<enter>");
    assert!(titles(&mut stage).iter().any(|title| title.contains("Slot held")), "{}", stage.screen());
    stage.keys("<esc><right>");
    assert_eq!(titles(&mut stage), all);
    // By level: only what is served, then all; with parts, the stories in between.
    stage.keys("gt");
    let product = stage.app().session.product().clone();
    let stories = |stage: &mut Stage| {
        titles(stage).iter().filter(|t| product.all::<BacklogItem>().any(|item| *item.title == ***t)).count()
    };
    let loose = product.all::<BacklogItem>().filter(|item| item.serves.is_none() && item.closed.is_none()).count();
    assert_eq!(stories(&mut stage), loose, "{}", stage.screen());
    stage.keys("gt");
    assert_eq!(titles(&mut stage), all);
    // A part stands below its whole, a step deeper.
    stage.keys("gg jA“Only by text”<enter>");
    let screen = stage.screen();
    let row = |words: &str| screen.lines().position(|line| line.contains(words) && line.starts_with('│')).unwrap();
    assert_eq!(row("Only by text"), row("Cancel without a phone call") + 1, "{screen}");
    let (part, whole) =
        (screen.lines().nth(row("Only by text")).unwrap(), screen.lines().nth(row("Cancel without")).unwrap());
    assert!(part.find("S11").unwrap() > whole.find("S3").unwrap(), "{screen}");
}

/// A word that no command and no item has is answered with a sentence, and `product goal` leads to where it is.
#[test]
fn the_palette_says_when_it_finds_nothing() {
    let mut stage = stage();
    let screen = stage.keys(":“zzqq”").screen();
    assert!(screen.contains("Nothing has that in its name"), "{screen}");
    stage.keys("<esc><esc>:“product goal”<enter>");
    assert_eq!(stage.app().ui.screen().name, "vision", "{}", stage.screen());
}

/// Twelve issues, eight of them closed, by two people.
fn mixed() -> Stage {
    let issue = |number: u32| {
        let state = if number > 4 { "closed" } else { "open" };
        let who = if number.is_multiple_of(3) { "ines" } else { "jon" };
        json!({"number": number, "title": format!("Ferry {number}"), "state": state, "body": "Sails at dawn.",
            "author": {"login": who}, "assignees": if number == 2 { json!([{"login": "mia"}]) } else { json!([]) },
            "html_url": format!("https://github.com/acme/ferry/issues/{number}")})
    };
    Stage::imported(&Value::from_iter((1..=12).map(issue)), 100, 30, Role::Po)
}

#[test]
fn a_find_says_how_many_more_lie_among_the_closed_ones_and_behind_the_filters() {
    let mut stage = mixed();
    stage.keys("3/“dawn”");
    let screen = stage.screen();
    assert!(screen.contains("4 here · 8 more among the closed ones, Tab shows them"), "{screen}");
    stage.keys("<tab>");
    assert_eq!(titles(&mut stage).len(), 12, "{}", stage.screen());
    stage.keys("<tab><esc>/“ferry 12”<enter>");
    let screen = stage.screen();
    assert!(screen.contains("Nothing matches in this list: 1 among the closed ones, Tab shows them."), "{screen}");
    stage.keys("<esc>fo“mia”<enter>/“dawn”<enter>");
    let screen = stage.screen();
    assert!(screen.contains("11 more hidden by the filters"), "{screen}");
}

#[test]
fn people_of_imported_stories_are_those_assigned_and_those_who_wrote_them() {
    let mut stage = mixed();
    stage.keys("3fo");
    let screen = stage.screen();
    for words in ["mia  1", "written by ines  1", "written by jon  3"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    stage.keys("“jon”<enter>");
    assert_eq!(titles(&mut stage).len(), 3, "{}", stage.screen());
    assert!(stage.screen().contains("written by jon"), "a chip says so: {}", stage.screen());
    stage.keys("fo“mia”<enter>");
    assert_eq!(titles(&mut stage), ["Ferry 2"], "one is the author, the other does it");
}

/// What the import counted can be looked at, by the word that the message uses.
#[test]
fn stories_that_read_alike_are_shown_together() {
    let mut stage = Stage::empty(110, 30, Role::Po);
    stage.keys("3a“Ring the bell at noon”<enter>a“Paint the hull”<enter>a“Ring the bell at noon twice”<enter><esc>");
    stage.keys(":“duplicates”").settle();
    assert!(stage.screen().contains("alike"), "{}", stage.screen());
    let screen = stage.keys("<esc>f z").settle().screen();
    assert_eq!(stage.app().ui.rows.rows.len(), 2, "{screen}");
    assert!(!screen.contains("S2 Paint"), "{screen}");
    assert!(screen.contains("like S3") && screen.contains("like S1"), "each names the other: {screen}");
    // S3 is done: it is named all the same, with its title.
    let screen = stage.keys("Gss“done”<enter>").settle().keys("gg").settle().screen();
    assert!(screen.contains("like S3 (done)"), "a closed one is named with its state: {screen}");
}

/// What is shown, of how many, in the same words in every view; and the totals stay silent meanwhile.
#[test]
fn every_filtered_list_says_how_many_of_how_many_are_shown() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let shown = |stage: &mut Stage| {
        let screen = stage.screen();
        let line = screen.lines().rev().nth(1).unwrap_or_default().trim().to_string();
        (line.split(" shown").next().unwrap_or_default().to_string(), line)
    };
    stage.keys("3fb<down><up>");
    let rows = stage.app().ui.rows.rows.len();
    let (count, line) = shown(&mut stage);
    let all: usize = count.rsplit(' ').next().unwrap().parse().unwrap();
    assert_eq!(count, format!("{rows} of {all}"), "{line}");
    assert!(rows > 0 && rows < all && line.contains(&format!("row 1 of {rows}")), "{line}");
    assert!(!line.contains("stories") && !line.contains("not shown"), "{line}");
    for keys in ["fx2/“price”<enter>", "4/“price”<enter>", "9/“S2”<enter>", "1/“G2”<enter>"] {
        stage.keys(keys).keys("<down><up>");
        let rows = stage.app().ui.rows.rows.len();
        let (count, line) = shown(&mut stage);
        assert!(count.starts_with(&format!("{rows} of ")) && line.contains(" shown · "), "{keys}: {line}");
    }
}

/// The stories of a closed sprint are closed: the picker says so, and Tab announces no ticks where none can be.
#[test]
fn a_filter_that_shows_nothing_ticks_nothing_and_says_what_is_closed() {
    let mut stage = crate::screens::board::board(120, 35, Role::Both);
    stage.keys("3fs“sprint 3”");
    let screen = stage.screen();
    assert!(screen.contains(" closed"), "{screen}");
    stage.keys("<tab>");
    let screen = stage.screen();
    assert!(!screen.contains("0 ticked") && !screen.contains("unticks"), "{screen}");
    assert!(screen.contains("are closed: f c shows them"), "{screen}");
    // In the plan the counts are those of the plan.
    stage.keys("fx4fk");
    let screen = stage.screen();
    let said: usize = screen
        .split("▸ story  ")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or_else(|| panic!("{screen}"));
    stage.keys("“story”<enter>");
    assert_eq!(stage.app().ui.rows.rows.len(), said, "{}", stage.screen());
}

/// Everyday words lead to the command that is meant, among the first rows of the palette.
#[test]
fn everyday_words_lead_somewhere() {
    let said = [
        ("duplicate", "f z"),
        ("duplicate", "d u"),
        ("assign", "s o"),
        ("owner", "s o"),
        ("deadline", "s d"),
        ("epic", "s g"),
        ("version", "ratify"),
        ("tag", "s l"),
        ("rename", "edit"),
        ("archive", "d n"),
        ("estimate", "points"),
        ("copy", "y y"),
        ("search", "find"),
        ("sort", "f t"),
        ("quit", "quit"),
        ("print", "report"),
    ];
    for (word, meant) in said {
        let mut stage = Stage::new(120, 35, Role::Both);
        stage.keys(&format!("3:“{word}”"));
        let screen = stage.screen();
        let rows: Vec<&str> =
            screen.lines().skip_while(|line| !line.contains(&format!("> {word}"))).skip(1).take(4).collect();
        assert!(rows.iter().any(|row| row.contains(meant)), "{word}: {meant}\n{screen}");
    }
    let mut stage = Stage::new(120, 35, Role::Both);
    stage.keys("3?“tick”");
    let screen = stage.screen();
    for key in ["Space", " v ", " V "] {
        assert!(screen.contains(key), "{key}\n{screen}");
    }
}

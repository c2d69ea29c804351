//! Importing at the keyboard: a path, a look at what would come, one act and one undo.

use crate::harness::load::data_file;
use crate::harness::stage::Stage;
use std::path::Path;
use std::time::{Duration, Instant};
use whyhow::json;
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Horizon, ItemStatus, Proposal, RoadmapItem, Sprint};
use whyhow::model::value::Value;

pub fn issue(number: u32, title: &str, points: &str) -> Value {
    json!({"number": number, "title": title, "state": "open", "body": points,
        "milestone": {"number": 1, "title": "May", "due_on": "2031-05-30T00:00:00Z"},
        "html_url": format!("https://github.com/acme/ferry/issues/{number}")})
}

pub fn write(path: &Path, issues: &[Value]) {
    std::fs::write(path, Value::from(issues.to_vec()).to_string()).unwrap();
}

/// Waits until the file is read.
fn read(stage: &mut Stage) -> String {
    let begun = Instant::now();
    while stage.app().refreshes_in().is_some() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it was never read");
        std::thread::sleep(Duration::from_millis(2));
    }
    stage.screen()
}

pub fn begin(stage: &mut Stage, path: &Path) -> String {
    stage.keys(&format!(":“import”<enter>“{}”<enter>", path.display()));
    read(stage)
}

pub fn product(stage: &mut Stage) -> &Product {
    stage.settle().app().session.product()
}

pub fn titled(product: &Product, title: &str) -> usize {
    product.all::<BacklogItem>().filter(|item| &*item.title == title).count()
}

#[test]
fn a_file_is_looked_at_then_imported_in_one_act_and_taken_back_in_one() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let file = stage.data.path().join("my issues.json");
    write(&file, &[issue(7, "Moor in fog", ""), issue(8, "Sell day tickets", "")]);
    let before = product(&mut stage).clone();
    // A file dropped on a terminal comes with a backslash before the blank.
    let dropped = file.display().to_string().replace(' ', "\\ ");
    let screen = begin(&mut stage, Path::new(&dropped));
    for words in ["GitHub issues, recognised", "2 stories: 2 new", "Milestones", "label"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    assert!(product(&mut stage) == &before, "nothing is written while one looks");
    let screen = stage.keys("<enter>").settle().screen();
    assert!(screen.contains("Imported 2 stories from"), "{screen}");
    assert_eq!(titled(product(&mut stage), "Moor in fog"), 1);
    stage.keys("u").settle();
    assert_eq!(titled(product(&mut stage), "Moor in fog"), 0, "one undo takes all of it back");
    stage.keys("U").settle();
    // The same file again changes nothing, and says so.
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("2 stories: 2 unchanged"), "{screen}");
    let rev = product(&mut stage).rev();
    let screen = stage.keys("<enter>").screen();
    assert!(screen.contains("nothing new") && screen.contains("already has all of it"), "{screen}");
    assert_eq!(product(&mut stage).rev(), rev);
}

#[test]
fn options_are_changed_where_one_looks_and_esc_leaves_everything() {
    let mut stage = Stage::new(80, 24, Role::Both);
    let folder = stage.data.path().to_path_buf();
    stage.app().ui.settings.folder = Some(folder);
    let file = stage.data.path().join("issues.json");
    write(&file, &[issue(7, "Moor in fog", "")]);
    let sprints = product(&mut stage).of::<Sprint>().len();
    begin(&mut stage, &file);
    stage.keys("j<space>");
    let screen = read(&mut stage);
    assert!(screen.contains("Milestones    sprint") && screen.contains("1 sprint: 1 new"), "{screen}");
    stage.keys("<esc>");
    assert_eq!(product(&mut stage).of::<Sprint>().len(), sprints, "Esc leaves it");
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("Milestones    sprint"), "what was chosen is not to be chosen again: {screen}");
    let screen = stage.keys("<enter>").settle().screen();
    assert!(screen.contains("▸") && screen.contains("Moor in fog"), "the backlog shows what came: {screen}");
    assert_eq!(product(&mut stage).of::<Sprint>().len(), sprints + 1);
    // What milestones are is known from now on: the same file again changes nothing.
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("Milestones    sprint") && screen.contains("1 story: 1 unchanged"), "{screen}");
}

#[test]
fn what_cannot_be_read_is_said_and_the_path_can_be_typed_again() {
    let mut stage = Stage::new(100, 30, Role::Both);
    let file = stage.data.path().join("none.json");
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("There is no file") && screen.contains("Nothing was imported"), "{screen}");
    let rev = product(&mut stage).rev();
    let screen = stage.keys("<enter>").screen();
    assert!(screen.contains("Nothing can be imported yet"), "{screen}");
    stage.keys("“some words that are no command”<esc>");
    assert_eq!(product(&mut stage).rev(), rev, "no letter ran as a command");
    std::fs::write(&file, "{\"half\": [1, 2").unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("ends too early"), "{screen}");
    stage.keys("<esc>");
    // Tab completes a path; ↑ brings the last one back.
    stage.keys(&format!(":“import”<enter>“{}/non”<tab>", stage.data.path().display()));
    let screen = stage.screen();
    assert!(screen.contains("none.json"), "{screen}");
    stage.keys("<esc>");
}

#[test]
fn what_changed_on_both_sides_is_settled_row_by_row() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let file = stage.data.path().join("issues.json");
    write(&file, &[issue(7, "Moor in fog", ""), issue(8, "Sell day tickets", "")]);
    begin(&mut stage, &file);
    stage.keys("<enter>").settle();
    for (number, title) in [("7", "Moor in thick fog"), ("8", "Sell tickets for a day")] {
        stage.keys(&format!("3/“#{number}”<enter>e<c-u>“{title}”<enter><esc>")).settle();
        assert_eq!(titled(product(&mut stage), title), 1, "{}", stage.screen());
    }
    write(&file, &[issue(7, "Moor at night", ""), issue(8, "Sell season tickets", "")]);
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("Changed here and in the file") && screen.contains("[yours stays]"), "{screen}");
    // The first of the two.
    while !stage.screen().contains("▸ [yours stays]") {
        stage.keys("j");
    }
    stage.keys("<space>");
    let screen = read(&mut stage);
    assert!(screen.contains("[the file's]"), "{screen}");
    stage.keys("<enter>").settle();
    let product = product(&mut stage);
    assert_eq!(
        titled(product, "Moor at night") + titled(product, "Sell season tickets"),
        1,
        "one of the two was taken"
    );
    assert_eq!(
        titled(product, "Moor in thick fog") + titled(product, "Sell tickets for a day"),
        1,
        "the other one stays"
    );
}

#[test]
fn what_belongs_to_the_other_role_arrives_as_proposals() {
    let mut stage = Stage::new(120, 35, Role::Pm);
    let screen = begin(&mut stage, &data_file("github/gh-cli.json"));
    assert!(screen.contains("they arrive as proposals"), "{screen}");
    let stories = product(&mut stage).of::<BacklogItem>().len();
    stage.keys("<enter>").settle();
    assert_eq!(product(&mut stage).of::<BacklogItem>().len(), stories, "stories are the PO's");
    assert!(product(&mut stage).of::<Proposal>().iter().next().is_some());
}

/// Somebody else imports the same file while one looks at it.
#[test]
fn an_import_in_another_window_doubles_nothing() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let file = stage.data.path().join("issues.json");
    write(&file, &[issue(7, "Moor in fog", "")]);
    begin(&mut stage, &file);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_whyhow"));
    command.arg("--data").arg(stage.data.path()).args(["--as", "both", "--by", "Ines", "import"]).arg(&file);
    assert!(command.args(["--into", "Bike Doctor"]).output().unwrap().status.success());
    stage.app().session.look();
    let begun = Instant::now();
    while titled(product(&mut stage), "Moor in fog") == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the other import came in");
        stage.app().poll();
        std::thread::sleep(Duration::from_millis(3));
    }
    stage.keys("<enter>").settle();
    assert_eq!(titled(product(&mut stage), "Moor in fog"), 1);
}

/// Goes down to the row that has these words.
pub fn go_to(stage: &mut Stage, words: &str) {
    for _ in 0..60 {
        if stage.screen().lines().any(|line| line.contains('▸') && line.contains(words)) {
            return;
        }
        stage.keys("j");
    }
    panic!("{words} is on no row: {}", stage.screen());
}

/// A list that somebody made at home: nothing in it is called what other tools call it.
const HOME_MADE: &str =
    "Zettel,Lage,Umfang\nMoor in fog,Parked,3\nSell day tickets,Parked,5\nPaint the hull,Fertig,2\n";

#[test]
fn columns_and_words_that_nobody_knows_are_said_once() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let folder = stage.data.path().to_path_buf();
    stage.app().ui.settings.folder = Some(folder);
    let file = stage.data.path().join("plan.csv");
    std::fs::write(&file, HOME_MADE).unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("No column is known as the title") && screen.contains("What the columns mean"), "{screen}");
    go_to(&mut stage, "Zettel");
    assert!(stage.screen().contains("Sell day tickets"), "values of it are shown: {}", stage.screen());
    stage.keys("<space>“tit”<enter>");
    assert!(read(&mut stage).contains("3 stories: 3 new"), "{}", stage.screen());
    go_to(&mut stage, "Lage");
    stage.keys("<space>“stat”<enter>");
    read(&mut stage);
    go_to(&mut stage, "Umfang");
    stage.keys("<space>“poi”<enter>");
    read(&mut stage);
    stage.keys("<home>");
    go_to(&mut stage, "Parked");
    while !read(&mut stage).lines().any(|line| line.contains("Parked") && line.contains("dropped")) {
        stage.keys("<space>");
    }
    stage.keys("<enter>").settle();
    let dropped = |product: &Product| {
        product.all::<BacklogItem>().filter(|item| item.status == ItemStatus::Dropped && item.points.is_some()).count()
    };
    let before = dropped(product(&mut stage));
    assert!(before >= 2, "{}", stage.screen());
    // The next list with the same columns asks nothing.
    std::fs::write(&file, format!("{HOME_MADE}Oil the winch,Parked,1\n")).unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("4 stories: 1 new, 3 unchanged"), "{screen}");
    stage.keys("<enter>").settle();
    assert_eq!(dropped(product(&mut stage)), before + 1);
    // Nor does the command line.
    std::fs::write(&file, format!("{HOME_MADE}Oil the winch,Parked,1\nGrease it,Parked,1\n")).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_whyhow"));
    command.arg("--data").arg(stage.data.path()).args(["--as", "both", "import", "--into", "Bike Doctor"]).arg(&file);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 new") && said.contains("at the keyboard"), "{said}");
}

/// Rows above come and go with every answer; the cursor stays on its own, and hasty fingers change that one.
#[test]
fn the_cursor_stays_on_its_row_whatever_comes_above_it() {
    for hasty in [false, true] {
        let mut stage = Stage::new(80, 24, Role::Both);
        begin(&mut stage, &data_file("jira-csv/wheel-shop.csv"));
        go_to(&mut stage, "Epic");
        let here = |screen: &str| screen.lines().find(|line| line.contains('▸')).unwrap_or_default().to_string();
        for _ in 0..8 {
            stage.keys("<space>");
            if !hasty {
                let screen = read(&mut stage);
                assert!(here(&screen).contains("Epic"), "{screen}");
            }
        }
        let screen = read(&mut stage);
        assert!(here(&screen).contains("Epic") && here(&screen).contains("roadmap item"), "once round: {screen}");
        let story = screen.lines().find(|line| line.contains("Story ")).unwrap_or_default().to_string();
        assert!(story.contains("→ story"), "nothing else was changed: {screen}");
    }
}

/// What only programs read stands behind one line of the pane.
#[test]
fn a_pane_shows_of_what_is_kept_what_people_read() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let file = stage.data.path().join("issues.json");
    let issue = r#"[{"number":9,"title":"Oil it","state":"OPEN","url":"https://github.com/a/b/issues/9","hasArea":true,"milestone":{"title":"Spring"},"team":"Dock"}]"#;
    std::fs::write(&file, issue).unwrap();
    begin(&mut stage, &file);
    stage.keys("<enter>").settle();
    let screen = stage.screen();
    assert!(screen.contains("github team: Dock"), "{screen}");
    let at = screen.find("for programs: ").unwrap_or_else(|| panic!("{screen}"));
    assert!(screen.find("github team: Dock").is_some_and(|team| team < at), "{screen}");
    assert!(screen[at..].contains("has area"), "{screen}");
}

#[test]
fn a_word_that_no_column_means_is_said_and_stays_typed() {
    let mut stage = Stage::new(80, 24, Role::Both);
    begin(&mut stage, &data_file("jira-csv/wheel-shop.csv"));
    go_to(&mut stage, "Summary");
    let screen = stage.keys("<space>“banana”<enter>").screen();
    assert!(screen.contains("No column means \u{201c}banana\u{201d}"), "{screen}");
    let screen = stage.keys("<c-u>“lab”").screen();
    assert!(screen.contains("labels"), "the words are shown: {screen}");
    // They are a list to choose from, and each says what it does.
    let screen = stage.keys("<c-u><down><down>").screen();
    assert!(screen.lines().any(|line| line.contains("▸ internal id")), "{screen}");
    let screen = stage.keys("“prio”").screen();
    assert!(screen.contains("▸ priority") && screen.contains("the list sorts by it"), "{screen}");
    stage.keys("<enter>");
    assert!(read(&mut stage).contains("priority → Extra"), "{}", stage.screen());
    // Enter alone takes the meaning that it has.
    stage.keys("<space><enter>");
    assert!(read(&mut stage).contains("priority → Extra"), "{}", stage.screen());
    stage.keys("<space>“title”<enter>");
    read(&mut stage);
    assert!(read(&mut stage).contains("title"), "{}", stage.screen());
}

/// A table of a person's own: a word in a row is no header, and one column is a table too.
#[test]
fn a_table_of_ones_own_is_read_from_its_first_line() {
    let mut stage = Stage::new(100, 30, Role::Both);
    let file = stage.data.path().join("own.csv");
    std::fs::write(&file, "What to do;How big;How far;Who\nFix door;1,5;moving;Ann\nPaint;2;closed;Bob\n").unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("What to do") && screen.contains("Fix door"), "{screen}");
    stage.keys("<esc>");
    std::fs::write(&file, "title\nApples\nPears\n").unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("2 stories: 2 new"), "{screen}");
}

/// A project that comes under another name is a row of the preview, and its stories stay the same ones.
#[test]
fn a_renamed_project_is_a_row_to_answer() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let file = stage.data.path().join("jira.csv");
    let table = |project: &str| {
        format!(
            "Summary,Issue key,Issue Type,Status\nMoor in fog,{project}-1,Story,To Do\nSell tickets,{project}-2,Story,To Do\n"
        )
    };
    std::fs::write(&file, table("FERRY")).unwrap();
    begin(&mut stage, &file);
    stage.keys("<enter>").settle();
    assert_eq!(titled(product(&mut stage), "Moor in fog"), 1);
    std::fs::write(&file, table("BOAT")).unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("BOAT has the numbers and titles of FERRY"), "{screen}");
    let screen = stage.keys("<enter>").screen();
    assert!(screen.contains("Nothing can be imported yet"), "{screen}");
    go_to(&mut stage, "Renamed");
    stage.keys("<space>");
    let screen = read(&mut stage);
    assert!(screen.contains("yes, the same one") && screen.contains("2 stories: 2 unchanged"), "{screen}");
    stage.keys("<space>");
    assert!(read(&mut stage).contains("2 stories: 2 new"), "{}", stage.screen());
    stage.keys("<space>");
    read(&mut stage);
    stage.keys("<enter>").settle();
    assert_eq!(titled(product(&mut stage), "Moor in fog"), 1);
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("2 stories: 2 unchanged") && !screen.contains("Renamed"), "{screen}");
}

/// Every list of a board is a row: a status, a sprint, a roadmap item at a horizon, or nothing at all.
#[test]
fn what_a_list_of_a_board_means_is_said_where_one_looks() {
    let mut stage = Stage::new(120, 50, Role::Both);
    let folder = stage.data.path().to_path_buf();
    stage.app().ui.settings.folder = Some(folder);
    let file = stage.data.path().join("board.json");
    let list = |id: &str, name: &str, pos: u32| json!({"id": id, "name": name, "pos": pos, "closed": false});
    let card = |nth: u32, name: &str, list: &str| {
        json!({"id": format!("5d00000000000000000000{nth:02}"), "name": name, "desc": "", "idList": list, "pos": nth,
            "closed": false, "labels": [], "idMembers": [], "idChecklists": []})
    };
    let cards = [
        card(1, "Moor in fog", "a"),
        card(2, "Sell day tickets", "b"),
        card(3, "Paint the hull", "c"),
        card(4, "How we use this board", "d"),
    ];
    let lists =
        [list("a", "Crew Anna", 1), list("b", "Spring tide", 2), list("c", "Some day", 3), list("d", "Read me", 4)];
    let board = json!({"id": "5d0000000000000000000099", "name": "Ferry", "lists": lists, "cards": cards,
        "labels": [], "checklists": [], "members": [], "actions": []});
    std::fs::write(&file, board.to_string()).unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("What its lists mean") && screen.contains("4 stories: 4 new"), "{screen}");
    for (list, means) in [
        ("Spring tide", "a sprint"),
        ("Some day", "a roadmap item, Later"),
        ("Read me", "left out"),
        ("Crew Anna", "doing"),
    ] {
        stage.keys("<home>");
        go_to(&mut stage, list);
        for _ in 0..20 {
            let screen = read(&mut stage);
            if screen
                .lines()
                .any(|line| line.contains(list) && line.ends_with(means) || line.contains(&format!("→ {means} ")))
            {
                break;
            }
            stage.keys("<space>");
        }
    }
    let screen = read(&mut stage);
    for words in ["3 stories: 3 new", "1 sprint: 1 new", "1 roadmap item: 1 new", "card of a list that is left out"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    stage.keys("<enter>").settle();
    let now = product(&mut stage);
    let item = now.all::<RoadmapItem>().find(|item| &*item.title == "Some day").unwrap();
    assert_eq!(item.horizon, Horizon::Later);
    assert!(now.all::<BacklogItem>().any(|item| &*item.title == "Moor in fog" && item.status == ItemStatus::Doing));
    assert_eq!(titled(now, "How we use this board"), 0);
    // The next import of the board asks nothing.
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("3 stories: 3 unchanged") && screen.contains("1 sprint: 1 unchanged"), "{screen}");
}

/// Several files are one preview, one act and one undo.
#[test]
fn several_files_are_one_import() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let folder = stage.data.path().join("out of jira");
    std::fs::create_dir(&folder).unwrap();
    let head = "Summary,Issue key,Issue Type,Status,Parent key\n";
    std::fs::write(folder.join("jira-1.csv"), format!("{head}Moor in fog,FERRY-2,Story,Parked,FERRY-1\n")).unwrap();
    let second = format!("{head}Fair weather,FERRY-1,Epic,To Do,\nSell tickets,FERRY-3,Story,Parked,FERRY-1\n");
    std::fs::write(folder.join("jira-2.csv"), second).unwrap();
    std::fs::write(folder.join("read me.txt"), "what this is").unwrap();
    let at = folder.display().to_string();
    for line in [format!("'{at}/jira-1.csv' '{at}/jira-2.csv'"), format!("'{at}/'*.csv"), at.clone()] {
        let screen = begin(&mut stage, Path::new(&line));
        for words in ["2 files: jira-1.csv, jira-2.csv", "2 stories: 2 new", "Parked", "2 rows"] {
            assert!(screen.contains(words), "{words}: {screen}");
        }
        stage.keys("<enter>").settle();
        assert_eq!(titled(product(&mut stage), "Moor in fog") + titled(product(&mut stage), "Sell tickets"), 2);
        stage.keys("u").settle();
        assert_eq!(titled(product(&mut stage), "Moor in fog") + titled(product(&mut stage), "Sell tickets"), 0);
    }
    let screen = begin(&mut stage, Path::new(&format!("'{at}/jira-1.csv' '{at}/none.csv'")));
    assert!(screen.contains("There is no file") && screen.contains("none.csv"), "{screen}");
}

/// Redo gives stories the numbers that they had. Another import gives new ones: somebody may have noted the old ones.
#[test]
fn an_import_taken_back_keeps_its_numbers_for_redo() {
    let mut stage = Stage::new(120, 35, Role::Both);
    let file = stage.data.path().join("issues.json");
    write(&file, &[issue(7, "Moor in fog", ""), issue(8, "Sell day tickets", "")]);
    let numbers = |product: &Product| {
        let of = |title: &str| product.all::<BacklogItem>().find(|item| &*item.title == title).map(|item| item.number);
        [of("Moor in fog"), of("Sell day tickets")]
    };
    begin(&mut stage, &file);
    stage.keys("<enter>").settle();
    let first = numbers(product(&mut stage));
    assert!(first.iter().all(Option::is_some), "{first:?}");
    stage.keys("u").settle();
    assert_eq!(numbers(product(&mut stage)), [None, None]);
    stage.keys("U").settle();
    assert_eq!(numbers(product(&mut stage)), first, "after redo");
    stage.keys("u").settle();
    begin(&mut stage, &file);
    stage.keys("<enter>").settle();
    let again = numbers(product(&mut stage));
    assert!(again.iter().all(|number| *number > first[1]), "a number is never given twice: {again:?}");
}

/// Comments of another tool read as what people said, and are found by their words.
#[test]
fn comments_are_legible_and_found() {
    let mut stage = Stage::new(140, 50, Role::Both);
    let file = stage.data.path().join("board.json");
    let card = json!({"id": "5d0000000000000000000001", "name": "Moor in fog", "desc": "", "idList": "a", "pos": 1,
        "closed": false, "labels": [], "idMembers": [], "idChecklists": [], "due": "2026-05-01T10:00:00.000Z"});
    let action = json!({"type": "commentCard", "date": "2026-03-04T13:00:00.000Z",
        "memberCreator": {"fullName": "Zoe Lind", "username": "zoe"},
        "data": {"card": {"id": "5d0000000000000000000001"}, "text": "Ask the harbour master\nbefore noon"}});
    let board = json!({"id": "5d0000000000000000000099", "name": "Ferry", "cards": [card], "labels": [],
        "lists": [{"id": "a", "name": "Doing", "pos": 1, "closed": false}], "checklists": [], "members": [],
        "actions": [action]});
    std::fs::write(&file, board.to_string()).unwrap();
    begin(&mut stage, &file);
    stage.keys("<enter>").settle();
    let screen = stage.keys("3/“harbour master”<enter>").screen();
    for words in [
        "Comments from the import",
        "Zoe Lind · 2026-03-04",
        "Ask the harbour master",
        "before noon",
        "due: 2026-05-01",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    assert!(!screen.contains("\"author\""), "{screen}");
}

/// Lists that people keep by hand, in four languages: what was asked for is the title, never the notes.
#[test]
fn a_home_made_list_is_understood_by_its_headers() {
    let lists = [
        "Request,Asked by,Rough effort,Where is it,Notes\nMoor in fog,Ann,3,Live,\nSell tickets,Bo,5,Doing now,soon\nPaint,Cy,,Parked,\n",
        "Wunsch;Warum;Wer;Aufwand;Stand;Bemerkung\nMoor in fog;sicher;Ann;3;Live;\nSell tickets;;Bo;5;läuft;bald\nPaint;;;;geparkt;\n",
        "Demande;Pourquoi;Demandé par;Taille;Avancement;Remarques\nMoor in fog;sûr;Ann;3;en production;\nSell tickets;;Bo;5;en cours;\nPaint;;;;à venir;\n",
        "Petición,Por qué,Solicitado por,Tamaño,Situación,Observaciones\nMoor in fog,seguro,Ann,3,en producción,\nSell tickets,,Bo,5,en curso,\nPaint,,,,más tarde,\n",
    ];
    for list in lists {
        let mut stage = Stage::empty(120, 40, Role::Both);
        let file = stage.data.path().join("wishes.csv");
        std::fs::write(&file, list).unwrap();
        let screen = begin(&mut stage, &file);
        assert!(screen.contains("3 stories: 3 new") && !screen.contains("Left out"), "{list}: {screen}");
        stage.keys("<enter>").settle();
        let told: Vec<_> = product(&mut stage)
            .all::<BacklogItem>()
            .map(|item| (item.title.to_string(), item.status, item.points.map(|points| points.to_string())))
            .collect();
        let points = |text: &str| Some(text.to_string());
        let expected = [
            ("Moor in fog".to_string(), ItemStatus::Done, points("3")),
            ("Sell tickets".to_string(), ItemStatus::Doing, points("5")),
            ("Paint".to_string(), ItemStatus::ToDo, None),
        ];
        let mut sorted = told.clone();
        sorted.sort_by_key(|one| expected.iter().position(|other| other.0 == one.0));
        assert_eq!(sorted, expected, "{list}");
        let why = product(&mut stage).all::<BacklogItem>().find(|item| &*item.title == "Moor in fog").unwrap();
        assert_eq!(why.benefit.is_empty(), list.starts_with("Request"), "{list}");
    }
}

/// Without a title the cursor is where the answer goes, and nothing says that Enter imports.
#[test]
fn a_table_without_a_title_asks_for_it_on_its_columns() {
    for (columns, rows) in [(60, 20), (120, 35)] {
        let mut stage = Stage::empty(columns, rows, Role::Both);
        let file = stage.data.path().join("list.csv");
        std::fs::write(&file, "Zettel,Lage,Notes\nMoor in fog,offen,\nPaint,offen,blue\n").unwrap();
        let screen = begin(&mut stage, &file);
        assert!(screen.contains("▸ Zettel") && screen.contains("Space changes"), "{screen}");
        assert!(!screen.contains("Enter imports") && !screen.contains("--mapping"), "{screen}");
        let screen = stage.keys("<enter>").screen();
        assert!(screen.contains("Nothing can be imported before"), "{screen}");
        // The rows that cannot be answered are passed over.
        stage.keys("<home>");
        let stops: Vec<String> = (0..5)
            .map(|_| stage.keys("j").screen().lines().find(|line| line.contains("▸ ")).unwrap_or_default().to_string())
            .collect();
        assert!(!stops.iter().any(|line| line.contains("No column is known")), "{stops:?}");
    }
}

/// What the lists become is said beside each of them, as soon as it was chosen for all.
#[test]
fn the_lists_of_a_board_say_what_the_setting_makes_of_them() {
    let mut stage = Stage::empty(140, 40, Role::Both);
    let file = stage.data.path().join("board.json");
    let name = "OLD: Milestone 1: System running on the test bench";
    let board = json!({"id": "b", "lists": [{"id": "l", "name": name, "pos": 1}],
        "cards": [{"id": "c", "name": "Pump", "idList": "l"}], "actions": []});
    std::fs::write(&file, board.to_string()).unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("a label of its cards") && screen.contains("Milestone 1: System running on"), "{screen}");
    go_to(&mut stage, "Lists ");
    stage.keys("<space>");
    read(&mut stage);
    stage.keys("<space>");
    let screen = read(&mut stage);
    assert!(screen.contains("→ a roadmap item") && !screen.contains("a label of its cards"), "{screen}");
    assert!(screen.contains("1 roadmap item: 1 new"), "{screen}");
}

#[test]
fn a_filter_that_only_closed_ones_pass_says_so() {
    let mut stage = Stage::new(100, 30, Role::Both);
    let file = stage.data.path().join("issues.json");
    let closed = |number: u32| {
        let mut one = issue(number, "Moor in fog", "");
        let all = one.as_object_mut().unwrap();
        all.insert("state", "closed".into());
        one
    };
    write(&file, &[closed(7), closed(8)]);
    begin(&mut stage, &file);
    stage.keys("j<space>");
    read(&mut stage);
    stage.keys("<enter>").settle();
    let screen = stage.keys("3f s").screen();
    assert!(screen.contains("2 closed"), "the list counts them: {screen}");
    let screen = stage.keys("“May”<enter>").screen();
    assert!(screen.contains("All 2 that pass") && screen.contains("are closed: f c shows them"), "{screen}");
    let screen = stage.keys("f c").screen();
    assert!(screen.contains("Moor in fog"), "{screen}");
}

/// The counts of the preview say how many; Enter on them says which, and what changes.
#[test]
fn what_is_new_changed_or_gone_is_listed_record_by_record() {
    let mut stage = Stage::new(120, 40, Role::Both);
    let file = stage.data.path().join("issues.json");
    write(&file, &[issue(7, "Moor in fog", "a"), issue(8, "Sell day tickets", ""), issue(9, "Ring the bell", "")]);
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("3 records are new: Enter lists them"), "{screen}");
    go_to(&mut stage, "3 records are new");
    let screen = stage.keys("<enter>").screen();
    assert!(screen.contains("Sell day tickets") && screen.contains("back to the preview"), "{screen}");
    assert!(stage.keys("x").screen().contains("nothing is imported yet"));
    let screen = stage.keys("<esc>").screen();
    assert!(screen.contains("What comes"), "Esc goes back to the preview: {screen}");
    stage.keys("<home><enter>").settle();
    write(&file, &[issue(7, "Moor in thick fog", "a"), issue(8, "Sell day tickets", "")]);
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("1 record is open here but not in the file"), "{screen}");
    go_to(&mut stage, "1 record changes");
    let screen = stage.keys("<enter>").screen();
    assert!(
        screen.contains("Title: here \u{201c}Moor in fog\u{201d}, in the file \u{201c}Moor in thick fog\u{201d}"),
        "{screen}"
    );
    stage.keys("<left>");
    go_to(&mut stage, "1 record is open here");
    assert!(stage.keys("<enter>").screen().contains("Ring the bell"));
    assert_eq!(titled(product(&mut stage), "Moor in fog"), 1, "nothing is imported by looking");
}

#[test]
fn what_the_first_row_is_can_be_changed_and_a_state_stepped_back() {
    let mut stage = Stage::new(120, 40, Role::Both);
    let folder = stage.data.path().to_path_buf();
    stage.app().ui.settings.folder = Some(folder);
    let file = stage.data.path().join("list.csv");
    std::fs::write(&file, "Regal bauen,offen\nLampe tauschen,fertig\n").unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("First row     data"), "{screen}");
    stage.keys("<home>");
    go_to(&mut stage, "First row");
    stage.keys("<space>");
    let screen = read(&mut stage);
    assert!(screen.contains("First row     names") && screen.contains("Regal bauen "), "{screen}");
    stage.keys("<left>");
    let screen = read(&mut stage);
    assert!(screen.contains("First row     data") && screen.contains("Column 1"), "{screen}");
    std::fs::write(&file, "Title,Status\nMoor,offen\n").unwrap();
    stage.keys("<esc>");
    begin(&mut stage, &file);
    go_to(&mut stage, "offen");
    // At once, and before the file is read again.
    assert!(stage.keys("<right>").screen().contains("→ doing"));
    assert!(stage.keys("<left>").screen().contains("→ to do"));
    let screen = stage.keys("<left>").screen();
    assert!(screen.contains("→ dropped"), "{screen}");
    assert!(read(&mut stage).contains("→ dropped"));
    stage.keys("<enter>").settle();
    assert_eq!(
        product(&mut stage)
            .all::<BacklogItem>()
            .filter(|item| &*item.title == "Moor" && item.status == ItemStatus::Dropped)
            .count(),
        1
    );
}

/// A story has no due date and no priority of its own: they are kept, said, shown, found, sorted by and written again.
#[test]
fn due_dates_and_priorities_are_kept_where_people_look_for_them() {
    let mut stage = Stage::empty(120, 40, Role::Both);
    let file = stage.data.path().join("plan.csv");
    std::fs::write(
        &file,
        "Key,Title,Due date,Priority\nA-1,Moor,2031-05-30,Low\nA-2,Sell,2031-04-01,Highest\nA-3,Ring,,\n",
    )
    .unwrap();
    let screen = begin(&mut stage, &file);
    assert!(screen.contains("among them 2 due dates and 2 priorities"), "{screen}");
    stage.keys("<home><enter>").settle();
    let screen = stage.keys("3gg").settle().screen();
    assert!(screen.contains("2031-05-30") && screen.contains("Low"), "the pane shows them: {screen}");
    let first = |stage: &mut Stage| {
        let id = stage.app().ui.rows.rows[0].id;
        product(stage).items().get(id).unwrap().title.to_string()
    };
    for sort in ["Due date", "Priority"] {
        stage.keys(&format!(":“sort”<enter>“{sort}”<enter>")).settle();
        assert_eq!(first(&mut stage), "Sell", "{sort}: {}", stage.screen());
    }
    assert!(stage.screen().contains("Priority Highest"), "{}", stage.screen());
    stage.keys("<esc>/“2031-05”<enter>").settle();
    assert_eq!((stage.app().ui.rows.rows.len(), first(&mut stage)), (1, "Moor".to_string()), "{}", stage.screen());
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_whyhow"));
    let output = command.arg("--data").arg(stage.data.path()).args(["export", "--to", "csv"]).output().unwrap();
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        table.contains("extra: csv/Due date") && table.contains("2031-05-30") && table.contains("Highest"),
        "{table}"
    );
}

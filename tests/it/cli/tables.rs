//! Tables of other tools: what becomes of rows, columns and cells that are not as they should be, and what a mapping does.
//! Whole files with their golden results are in tests/data.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::harness::scratch::whyhow;
use crate::harness::trial::{Trial, parse};
use std::fmt::Write;
use whyhow::import::table::{ColumnRole, MAPPING, PROJECTS, headers_of};
use whyhow::import::{Found, SourceFile, choose, read};
use whyhow::json;
use whyhow::model::schema::{BacklogItem, Goal, ItemKind, ItemStatus, Kind, RoadmapItem, Sprint, SprintState};
use whyhow::model::value::Value;
use whyhow::model::value::{Amount, Day};
use whyhow::options::Options;

fn found(text: &str) -> Found {
    parse("table.csv", text, &Options::default())
}

/// The product with a table in it, imported twice.
fn taken(text: &str) -> Trial {
    let mut trial = Trial::new();
    trial.import(&found(text));
    trial
}

fn mapped(text: &str, mapping: &str) -> Found {
    let mut options = Options::default();
    options.set(&MAPPING, mapping).unwrap();
    parse("table.csv", text, &options)
}

fn titles(trial: &Trial) -> Vec<String> {
    trial.product.all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

fn extra(item: &BacklogItem, system: &str, header: &str) -> Value {
    item.extra.0.get(system).and_then(|all| all.get(header)).cloned().unwrap_or_default()
}

#[test]
fn a_table_is_read_in_any_encoding_and_with_any_delimiter() {
    let lines = "Clave de incidencia;Resumen;Tipo de Incidencia;Estado\nB-1;Año de la rueda – ñ;Tarea;En curso\nB-2;Campana;Error;Listo\n";
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(lines);
    let wide: Vec<u8> = [0xfeff_u16].into_iter().chain(lines.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = lines.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let files = [
        lines.as_bytes().to_vec(),
        format!("\u{feff}{}", lines.replace('\n', "\r\n")).into_bytes(),
        format!("sep=;\n{lines}").into_bytes(),
        lines.replace(';', "\t").into_bytes(),
        lines.replace(';', "|").into_bytes(),
        latin.to_vec(),
        wide,
        big,
    ];
    for bytes in files {
        let file = SourceFile::from_bytes("jira.csv", &bytes, None).unwrap();
        assert_eq!(choose(&file, None).unwrap().name, "jira-csv");
        let mut trial = Trial::new();
        trial.import(&read(&file, None, &Options::default(), &mut |_, _| {}).unwrap());
        assert_eq!(titles(&trial), ["Año de la rueda – ñ", "Campana"]);
        assert_eq!((trial.item("B-1").status, trial.item("B-2").kind), (ItemStatus::Doing, ItemKind::Bug));
        assert_eq!(trial.item("B-2").status, ItemStatus::Done);
    }
}

#[test]
fn each_language_of_jira_is_known_by_its_headers() {
    for (head, row, status) in [
        (
            "Zusammenfassung,Vorgangsschlüssel,Vorgangstyp,Status,Priorität",
            "Glocke,A-1,Fehler,Erledigt,Hoch",
            ItemStatus::Done,
        ),
        ("Résumé,Clé de ticket,Type de ticket,État,Priorité", "Sonnette,A-1,Bogue,En cours,Haute", ItemStatus::Doing),
        ("Resumo,Chave da item,Tipo de item,Status,Prioridade", "Sino,A-1,Bug,Itens Pendentes,Alta", ItemStatus::ToDo),
        (
            "Summary,Issue key,Component/s,Fix Version/s,Issue Type,Status",
            "Bell,A-1,Bar,1.0,Bug,Closed",
            ItemStatus::Done,
        ),
    ] {
        let found = found(&format!("{head}\n{row}\n"));
        assert_eq!(found.format, "Jira CSV", "{head}");
        let mut trial = Trial::new();
        trial.import(&found);
        let item = trial.item("A-1");
        assert_eq!((item.kind, item.status), (ItemKind::Bug, status), "{head}");
    }
}

#[test]
fn ragged_blank_and_repeated_rows_lose_nothing() {
    let trial = taken(
        "# filename: shed.csv\nThe shed,,\n\nID,Title,Notes\n1,Hooks\n,,\n2,Shelf,wide,and,deep\n\nID,Title,Notes\n2,Shelf,wide,and,deep\n2,Rack,other\n,Total,\n",
    );
    assert_eq!(titles(&trial), ["Hooks", "Shelf", "Rack", "Total"]);
    assert_eq!(extra(trial.item("2"), "csv", "_overflow"), json!(["and", "deep"]));
    assert_eq!(&*trial.item("2~2").title, "Rack");
    let found = found("ID,Title\n1,a\n1,a\n1,b\n,\"\"\n, \nID,Title\n");
    assert_eq!(found.skipped.count("row that occurs twice in the file"), 1);
    assert_eq!(found.warnings.count("row with the key of another one: both are kept"), 1);
    let blanks: String = std::iter::repeat_n(",,,\n", 740).collect();
    assert_eq!(titles(&taken(&format!("ID,Title,a,b\n7,Only one,,\n{blanks}"))), ["Only one"]);
}

#[test]
fn half_a_file_gives_its_rows_and_says_so() {
    let text = "ID,Title,Notes\n1,One,\"a\nb\"\n2,Two,\"and then it ends\n";
    let found = found(text);
    assert_eq!(found.records.len(), 2);
    assert!(found.warnings.0.iter().any(|one| one.what.contains("cut off")), "{:?}", found.warnings);
    // At every byte: nothing breaks, and nothing is made up.
    let whole = std::fs::read(crate::harness::load::data_file("jira-csv/wheel-shop.csv")).unwrap();
    for end in (0..whole.len()).step_by(97) {
        let file = SourceFile::from_bytes("half.csv", &whole[..end], None).unwrap();
        if let Ok(found) = read(&file, Some("jira-csv"), &Options::default(), &mut |_, _| {}) {
            Trial::new().import(&found);
        }
    }
}

#[test]
fn thousands_of_columns_are_columns() {
    let (mut head, mut row) = ("Summary,Issue key".to_string(), "Wide,W-1".to_string());
    for nth in 0..2259 {
        write!(
            head,
            ",{}",
            if nth % 2 == 0 { "Affects versions".to_string() } else { format!("Custom field (F{nth})") }
        )
        .unwrap();
        write!(row, ",{}", if nth % 500 == 0 { "x" } else { "" }).unwrap();
    }
    let trial = taken(&format!("{head}\n{row}\n"));
    assert_eq!(extra(trial.item("W-1"), "jira", "Affects versions"), json!(["x", "x", "x", "x", "x"]));
}

#[test]
fn formulas_stay_text_and_lose_the_mark_that_guards_them() {
    let trial = taken(
        "ID,Title,Notes\n1,\"=HYPERLINK(\"\"https://x.example\"\",\"\"y\"\")\",'=1+1\n2,'-dash,'tis so\n3,@home,+1\n",
    );
    assert_eq!(titles(&trial), ["=HYPERLINK(\"https://x.example\",\"y\")", "-dash", "@home"]);
    assert_eq!((&*trial.item("1").notes, &*trial.item("2").notes), ("=1+1", "'tis so"));
}

#[test]
fn titles_are_one_line_and_a_title_is_no_identity() {
    let trial = taken("Title,Status\n\"Two\n\tlines\",Done\nSame,To Do\nSame,Done\n");
    assert_eq!(titles(&trial), ["Two lines", "Same", "Same"]);
    let mut trial = taken("ID,Title\n1,Same\n2,Same\n");
    trial.import(&found("ID,Title\n1,Same\n2,Other\n"));
    assert_eq!((titles(&trial), trial.product.items().len()), (vec!["Same".to_string(), "Other".to_string()], 2));
}

#[test]
fn estimates_that_the_field_does_not_take_are_kept() {
    let trial = taken("ID,Title,Story Points\n1,a,\"2,5\"\n2,b,79\n3,c,XL\n4,d,0.125\n5,e,-1\n6,f,\n7,g,100\n");
    let points = |key: &str| trial.item(key).points.map(|points| points.to_string()).unwrap_or_default();
    assert_eq!(["1", "2", "3", "5", "6", "7"].map(points), ["2.5", "79", "", "", "", "100"]);
    for (key, kept) in [("3", "XL"), ("4", "0.125"), ("5", "-1")] {
        assert_eq!(extra(trial.item(key), "csv", "Story Points"), json!([kept]));
    }
    assert_eq!(trial.item("4").points, Some(Amount::hundredths(13)));
    let trial = taken("ID,Title,Story Points,Estimate\n1,a,,3\n2,b,5,8\n3,c,2,2.0\n");
    assert_eq!(["1", "2", "3"].map(|key| trial.item(key).points.unwrap().to_string()), ["3", "5", "2"]);
    assert_eq!(extra(trial.item("2"), "csv", "Estimate"), json!(["8"]), "the other one is kept where it differs");
    assert_eq!(extra(trial.item("3"), "csv", "Estimate"), Value::Null);
}

#[test]
fn dates_are_read_by_their_column_or_kept() {
    let trial =
        taken("ID,Title,Created,Closed\n1,a,03/04/2026,6/21/2026 16:14\n2,b,25/12/2025,someday\n3,c,2026-02-30,\n");
    let created = |key: &str| trial.item(key).created.map(|when| when.to_string()[..10].to_string());
    assert_eq!(created("1").unwrap(), "2026-04-03", "the column has a 25th, so the day comes first");
    assert_eq!(trial.item("1").closed.unwrap().to_string(), "2026-06-21T16:14:00Z");
    assert_eq!(extra(trial.item("2"), "csv", "Closed"), json!(["someday"]));
    assert_eq!((trial.item("2").status, trial.item("1").status), (ItemStatus::ToDo, ItemStatus::Done));
    assert_eq!(extra(trial.item("3"), "csv", "Created"), json!(["2026-02-30"]));
    let open = found("ID,Title,Created\n1,a,03/04/2026\n");
    assert!(open.warnings.0.iter().any(|one| one.examples == ["03/04/2026"] && one.what.contains("day first")));
    let american =
        parse("a.csv", "ID,Work Item Type,Title,Created Date\n1,Bug,a,3/4/2026 7:00:00 AM\n", &Options::default());
    let mut trial = Trial::new();
    trial.import(&american);
    assert_eq!(trial.item("1").created.unwrap().to_string(), "2026-03-04T07:00:00Z");
}

#[test]
fn words_that_nobody_knows_are_kept_with_one_notice() {
    let text = "ID,Title,Type,Status\n1,a,Wish,On the shelf\n2,b,Wish,On the shelf\n3,c,Bug,Under the bed\n";
    let one = found(text);
    assert_eq!(one.warnings.0.len(), 2, "{:?}", one.warnings);
    assert_eq!(one.warnings.0[0].count, 3);
    assert_eq!(one.warnings.0[0].examples, ["On the shelf", "Under the bed"]);
    let trial = taken(text);
    assert_eq!((trial.item("1").status, trial.item("1").kind), (ItemStatus::ToDo, ItemKind::Story));
    assert_eq!(extra(trial.item("3"), "csv", "Status"), json!(["Under the bed"]));
    let mapping = r#"{"status": {"on the shelf": "done", "Under the bed": "dropped"}, "types": {"Wish": "epic"}}"#;
    let mut trial = Trial::new();
    trial.import(&mapped(text, mapping));
    assert_eq!((trial.product.all::<RoadmapItem>().count(), trial.item("3").status), (2, ItemStatus::Dropped));
    assert!(mapped(text, mapping).warnings.is_empty());
}

#[test]
fn a_table_without_a_title_names_its_columns_and_a_mapping_reads_it() {
    let text = "Ref,Caption,Cost\nX-1,Oil the chain,3\nX-2,Wash,1\n";
    let file = SourceFile::from_bytes("odd.csv", text.as_bytes(), None).unwrap();
    let why = read(&file, None, &Options::default(), &mut |_, _| {}).unwrap_err().to_string();
    for part in ["\"Ref\", \"Caption\", \"Cost\"", "--mapping", "Nothing was imported"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let headers = headers_of(&file, None);
    assert_eq!(headers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Ref", "Caption", "Cost"]);
    assert_eq!(
        (headers[1].samples.as_slice(), headers[1].guess),
        (["Oil the chain".into(), "Wash".into()].as_slice(), None)
    );
    let mapping = r#"{"columns": {"ref": "key", "Caption": "title", "Cost": "points", "Colour": "skip"}}"#;
    let found = mapped(text, mapping);
    assert_eq!(found.warnings.count("column of the mapping that the file does not have"), 1);
    let mut trial = Trial::new();
    trial.import(&found);
    assert_eq!((&*trial.item("X-1").title, trial.item("X-2").points), ("Oil the chain", Some(Amount::whole(1))));
    let jira =
        SourceFile::from_bytes("a.csv", "Summary,Issue key,Sprint,Sprint\nOne,A-1,S1,S2\n".as_bytes(), None).unwrap();
    let headers = headers_of(&jira, None);
    assert_eq!((headers.len(), headers[2].guess, headers[2].samples.len()), (3, Some(ColumnRole::Sprint), 2));
}

/// In tables made by people, the column whose texts are all different has the titles, whatever it is called.
#[test]
fn titles_are_texts_that_do_not_repeat() {
    let tables = [
        "Lfd.;Was wir wollen;Stand;Thema;Bemerkung\n1;{0};offen;Konto;siehe Mail vom Montag\n2;{1};blockiert;Konto;\n3;{2};erledigt;Konto;\n4;{3};offen;Shop;\n",
        "What we'd love,Area,Where it stands,Idea\n{0},Shop,todo,A\n{1},Shop,blocked,B\n{2},Shop,done,A\n{3},Shop,todo,B\n",
        "N°;Ce qu'on veut;Sujet;État\n1;{0};Compte;à faire\n2;{1};Compte;bloqué\n3;{2};Envoi;terminé\n4;{3};Envoi;à faire\n",
        "Souhait du client;Besoin;Stand\n{0};urgent;offen\n{1};urgent;blockiert\n{2};normal;erledigt\n{3};normal;offen\n",
        "Núm.;Lo que queremos;Tema;Estado\n1;{0};Cuenta;pendiente\n2;{1};Cuenta;bloqueado\n3;{2};Envío;hecho\n4;{3};Envío;pendiente\n",
        "O que a gente quer,Tema,Situação\n{0},Conta,a fazer\n{1},Conta,bloqueada\n{2},Envio,feito\n{3},Envio,a fazer\n",
    ];
    let texts = ["Send invoices as PDF", "Sign in without a password", "Cancel an order", "Larger type for tired eyes"];
    for table in tables {
        let text = (0..4).fold(table.to_string(), |text, at| text.replace(&format!("{{{at}}}"), texts[at]));
        let trial = taken(&text);
        assert_eq!(titles(&trial), texts, "{table}");
        // A state alone says that it waits.
        let all: Vec<_> = trial.product.all::<BacklogItem>().collect();
        assert_eq!(all.iter().filter(|item| !item.blocked.is_empty()).count(), 1, "{table}");
        assert_eq!((all[1].status, all[2].status), (ItemStatus::Doing, ItemStatus::Done), "{table}");
    }
    // What repeats without a better column is imported and told.
    let repeats = found("Thema;Stand\nKonto;offen\nKonto;offen\nShop;offen\nShop;offen\n");
    assert_eq!(
        repeats
            .warnings
            .count("only 2 of 4 titles are different: if another column holds the titles, choose it as the title"),
        1
    );
    // A title that a person named stays.
    let said = mapped(
        "Was wir wollen;Thema\nab cd ef gh;A\nbb cd ef gh;A\ncb cd ef gh;A\ndb cd ef gh;A\n",
        r#"{"columns":{"Thema":"title"}}"#,
    );
    assert_eq!(said.records.len(), 4);
    assert!(
        said.warnings
            .count("only 1 of 4 titles are different: if another column holds the titles, choose it as the title")
            == 1
    );
}

#[test]
fn what_belongs_to_what_is_found_by_key_number_or_title() {
    let trial = taken(
        "Summary,Issue key,Issue id,Issue Type,Status,Parent,Custom field (Epic Link)\n\
         Wheels,A-1,11,Epic,To Do,,\nTrue it,A-2,12,Story,To Do,11,\nSpoke,A-3,13,Sub-task,Done,12,\n\
         Hub,A-4,14,Story,To Do,,A-1\nRim,A-5,15,Task,To Do,A-4,\nFar,A-6,16,Story,To Do,B-9,\nLoop,A-7,17,Sub-task,To Do,17,\n",
    );
    let roadmap = trial.product.all::<RoadmapItem>().next().unwrap().id;
    assert_eq!((trial.item("A-2").serves, trial.item("A-4").serves), (Some(roadmap), Some(roadmap)));
    assert_eq!(trial.item("A-2").tasks.to_vec().len(), 1);
    assert!(trial.item("A-2").tasks[0].done);
    assert_eq!(extra(trial.item("A-2"), "jira", "sub-tasks")[0]["Issue key"], json!(["A-3"]));
    assert_eq!(trial.item("A-5").parent, Some(trial.item("A-4").id));
    assert_eq!(extra(trial.item("A-6"), "jira", "Parent"), json!(["B-9"]));
    assert_eq!((trial.item("A-6").serves, trial.item("A-7").parent), (None, None));
    let mut trial = trial;
    trial.import(&found("Summary,Issue key,Issue Type\nBearings,B-9,Epic\n"));
    trial.import(&found("Summary,Issue key,Parent\nFar,A-6,B-9\n"));
    assert!(trial.item("A-6").serves.is_some(), "a later file has it");
}

#[test]
fn an_epic_is_known_by_its_short_name_too() {
    let trial = taken(
        "Summary,Issue key,Issue Type,Custom field (Epic Name),Custom field (Epic Link)\n\
         All about wheels,A-1,Epic,Wheels,\nTrue it,A-2,Story,,Wheels\n",
    );
    assert_eq!(trial.item("A-2").serves, trial.product.all::<RoadmapItem>().next().map(|one| one.id));
}

/// Cards of Trello, work packages of Redmine, lists that people keep by hand.
#[test]
fn tables_of_tools_without_a_profile_are_read_by_their_names() {
    let trello = taken(
        "Card ID,Card Name,Card URL,Card Description,Labels,Members,List Name\n5f,Oil,https://t.example,Why,\"a,b\",ida,Doing\n",
    );
    assert_eq!((trial_line(&trello, "5f"), trello.item("5f").labels.len()), ("Oil doing ida".to_string(), 2));
    let gitlab = taken("IID,Title,State,URL\n7,Lamp,Open,https://gitlab.example/shed/-/issues/7\n");
    let page = whyhow::insight::address::address(gitlab.item("7"));
    assert_eq!(page.as_deref(), Some("https://gitlab.example/shed/-/issues/7"));
    let redmine = taken(
        "#,Project,Tracker,Parent task,Status,Priority,Subject,Assignee\n12,Shed,Bug,,In Progress,High,Leak,ida\n13,Shed,Feature,12,New,Low,Roof,\n",
    );
    assert_eq!(trial_line(&redmine, "12"), "Leak doing ida");
    assert_eq!(redmine.item("13").parent, Some(redmine.item("12").id));
    let youtrack =
        taken("Issue Id,Project,Tags,Summary,State,Type,Assignee,Estimation\nSH-7,Shed,x,Lamp,Open,Bug,ida,3\n");
    assert_eq!(trial_line(&youtrack, "SH-7"), "Lamp to_do ida");
    let own = taken("Was,Titel,Art\nx,Story,Task\nFeature,Item,Task\n");
    assert_eq!(titles(&own), ["Story", "Item"], "words in rows are no headers");
}

fn trial_line(trial: &Trial, key: &str) -> String {
    let item = trial.item(key);
    format!("{} {} {}", &*item.title, item.status.key(), &*item.assignee)
}

#[test]
fn sub_tasks_of_each_other_end() {
    let trial =
        taken("Summary,Issue key,Issue Type,Parent\na,A-1,Sub-task,A-2\nb,A-2,Sub-task,A-1\nc,A-3,Sub-task,A-3\n");
    assert_eq!(trial.product.items().len(), 3);
}

#[test]
fn sprints_without_days_count_in_no_velocity() {
    let trial = taken(
        "Summary,Issue key,Status,Sprint,Sprint,Story Points\na,A-1,Done,S 9,S 10,3\nb,A-2,Done,S 9,,2\nc,A-3,To Do,S 10,,1\n",
    );
    let sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
    assert_eq!(sprints.iter().map(|one| &*one.goal).collect::<Vec<_>>(), ["S 9", "S 10"]);
    assert_eq!((sprints[0].state, sprints[1].state), (SprintState::Closed, SprintState::Planning));
    assert_eq!(trial.item("A-1").sprint, Some(sprints[1].id), "the last filled column is the sprint that it is in");
    assert_eq!(extra(trial.item("A-1"), "jira", "Sprint"), json!(["S 9", "S 10"]));
    let pace = whyhow::insight::velocity::pace(&trial.product, Day::parse("2026-03-02").unwrap());
    assert!(pace.each.is_empty(), "{pace:?}");
}

#[test]
fn links_go_both_ways_and_unknown_ones_are_kept() {
    let trial = taken(
        "Summary,Issue key,Outward issue link (Blocks),Inward issue link (Blocks),Outward issue link (Cloners)\n\
         a,A-1,A-2,,A-9\nb,A-2,,A-1,\nc,A-3,Z-1,A-2,\n",
    );
    assert_eq!(trial.item("A-2").depends_on, [trial.item("A-1").id]);
    assert_eq!(trial.item("A-3").depends_on, [trial.item("A-2").id]);
    assert_eq!(extra(trial.item("A-1"), "jira", "Outward issue link (Cloners)"), json!(["A-9"]));
    assert_eq!(extra(trial.item("A-3"), "jira", "Outward issue link (Blocks)"), json!(["Z-1"]));
}

#[test]
fn projects_become_labels_or_roadmap_items() {
    let text = "ID,Team,Title,Project,Cycle Number\nP-1,Pump,Hose,Track Pump,\nP-2,Pump,Valve,,\n";
    assert_eq!(&*taken(text).item("P-1").labels, ["Track Pump"]);
    let mut options = Options::default();
    options.set(&PROJECTS, "roadmap").unwrap();
    let mut trial = Trial::new();
    trial.import(&parse("linear.csv", text, &options));
    let project = trial.product.all::<RoadmapItem>().next().unwrap();
    assert_eq!((&*project.title, trial.item("P-1").serves), ("Track Pump", Some(project.id)));
}

#[test]
fn initiatives_are_goals_with_what_they_brought() {
    let trial =
        taken("Issue,Title,Type,Resolved Date,Team size\nA-1,Fewer calls,Initiative,,4\nA-2,Chat,Task,2026-03-26,\n");
    let goal = trial.product.all::<Goal>().next().unwrap();
    assert_eq!(goal.extra.0["csv"]["Team size"], json!(["4"]));
    assert_eq!(trial.item("A-2").status, ItemStatus::Done);
}

#[test]
fn secrets_and_machine_values_are_left_out_and_counted() {
    let text = "Summary,Issue key,Attachment,Last Viewed,Custom field (Rank),Custom field (Development)\n\
        a,A-1,https://x.example/f?token=abc,02/Mar/26 9:05 AM,0|i0001:,{}\n";
    let found = found(text);
    assert_eq!((found.machine_only, found.skipped.total()), (2, 1));
    assert!(found.records[0].extra.is_empty(), "{:?}", found.records[0].extra);
}

#[test]
fn other_peoples_text_is_no_table() {
    for text in [
        "hello",
        "Dear Ida,\nthank you, as ever, for the wheel.\nOmar\n",
        "",
        "[1,2]\n[3,4]\n",
        "{\"a\":1,\"Title\":2}\n",
    ] {
        let file = SourceFile::from_bytes("a.txt", text.as_bytes(), None).unwrap();
        assert!(!choose(&file, None).is_ok_and(|format| format.name.ends_with("csv")), "{text}");
    }
    let headless = SourceFile::from_bytes("a.csv", b"", None).unwrap();
    let why = read(&headless, Some("csv"), &Options::default(), &mut |_, _| {}).unwrap_err().to_string();
    assert!(why.contains("has no headers"), "{why}");
}

/// A hundred thousand rows, in time that grows with their number: a square would take minutes here.
#[test]
fn many_rows_are_read_in_linear_time() {
    let mut text = String::from("ID,Title,Status,Sprint,Labels,Parent,Created,Notes\n");
    for nth in 0..100_000 {
        let parent = if nth % 3 == 0 { nth / 2 } else { 0 };
        writeln!(
            text,
            "K-{nth},Title {},Done {},Sprint {},a;b,K-{parent},2026-03-02,Some text",
            nth % 999,
            nth % 700,
            nth % 50
        )
        .unwrap();
    }
    let begun = std::time::Instant::now();
    let found = found(&text);
    assert_eq!(found.records.iter().filter(|one| one.kind == Kind::BacklogItem).count(), 100_000);
    assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{:?}", begun.elapsed());
}

/// From the command line: a mapping from a file, an invalid one, a folder.
#[test]
fn a_mapping_is_given_as_a_file() {
    let data = tempfile::tempdir().unwrap();
    let (table, mapping) = (data.path().join("odd.csv"), data.path().join("mapping.json"));
    std::fs::write(&table, "Ref,Caption,Where\nX-1,Oil the chain,Deploy\n").unwrap();
    std::fs::write(&mapping, r#"{"columns": {"Caption": "title", "Where": "status"}, "status": {"Deploy": "doing"}}"#)
        .unwrap();
    let run = |more: &[&std::path::Path]| {
        let mut command = whyhow(data.path());
        command.args(["import", "--into", "Shed"]).arg(&table);
        for path in more {
            command.arg("--mapping").arg(path);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code(), said)
    };
    let (code, said) = run(&[]);
    assert!(code == Some(1) && said.contains("\"Caption\"") && said.contains("--mapping"), "{said}");
    let (code, said) = run(&[data.path()]);
    assert!(code == Some(2) && said.contains("is not a plain file"), "{said}");
    let (code, said) = run(&[&table]);
    assert!(code == Some(2) && said.contains("is not JSON at line 1"), "{said}");
    let (code, said) = run(&[&mapping]);
    assert!(code == Some(0) && said.contains("by status: doing 1"), "{said}");
    let (code, said) = run(&[&mapping]);
    assert!(
        code == Some(0) && said.contains("nothing new") || said.contains("1 same") || said.contains("unchanged"),
        "{said}"
    );
}

/// Headers and words as people write them by hand.
#[test]
fn tables_kept_by_hand_are_read_as_they_are_meant() {
    let text = "N°;What;Wer;State of play;Because\n7;Oil the door;Omar;done!!;It squeaks\n8;Paint;Ida;NEXT;\n";
    let found = parse("plan.csv", text, &Options::default());
    let mut trial = Trial::new();
    trial.import(&found);
    let item = trial.item("7");
    assert_eq!((&*item.assignee, item.status), ("Omar", ItemStatus::Done));
    assert!(item.benefit.contains("It squeaks"), "{:?}", item.benefit);
    assert!(found.warnings.0.iter().all(|one| !one.what.contains("status")), "{:?}", found.warnings);
}

/// What stands behind a status is no part of it; of what is blocked it is the reason.
#[test]
fn a_status_with_a_reason_is_read_from_its_head() {
    let rows = "A-1,Pay,bloqué \u{2013} attend API\nA-2,Moor,Blocked: waiting for legal\nA-3,Sell,Done (v2.1)\nA-4,Ring,Doing\n";
    let mut trial = taken(&format!("Key,Title,Status\n{rows}"));
    let said = |trial: &Trial, key: &str| (trial.item(key).status, trial.item(key).blocked.to_string());
    assert_eq!(said(&trial, "A-1"), (ItemStatus::Doing, "attend API".to_string()));
    assert_eq!(said(&trial, "A-2"), (ItemStatus::Doing, "waiting for legal".to_string()));
    assert_eq!(said(&trial, "A-3"), (ItemStatus::Done, String::new()));
    assert_eq!(extra(trial.item("A-3"), "csv", "Status"), json!(["Done (v2.1)"]));
    trial.import(&found(&format!("Key,Title,Status\n{}", rows.replace("Blocked: waiting for legal", "Doing"))));
    assert_eq!(said(&trial, "A-2"), (ItemStatus::Doing, String::new()), "it waits no longer");
    let ice = mapped("Key,Title,Status\nA-1,Pay,On ice: budget\n", r#"{"status": {"On ice": "dropped"}}"#);
    let mut trial = Trial::new();
    trial.import(&ice);
    assert_eq!(trial.item("A-1").status, ItemStatus::Dropped, "a word that was said counts there too");
}

#[test]
fn a_column_without_a_known_state_is_not_the_status() {
    for cells in [["1", "2"], ["Phase 1", "Phase 2"], ["Discovery", "Rollout"]] {
        let [one, two] = cells;
        let found = found(&format!("Key,Title,Phase\nA-1,Pay,{one}\nA-2,Moor,{two}\n"));
        assert!(found.warnings.0.iter().any(|group| group.what.contains("no known state")), "{:?}", found.warnings);
        assert!(!found.warnings.0.iter().any(|group| group.what.contains("status that is not known")), "{cells:?}");
        let mut trial = Trial::new();
        trial.import(&found);
        assert_eq!(extra(trial.item("A-1"), "csv", "Phase"), json!([one]));
    }
    let status = |text: &str| {
        let mut trial = Trial::new();
        trial.import(&found(text));
        trial.item("A-1").status
    };
    assert_eq!(status("Key,Title,Phase\nA-1,Pay,Done\nA-2,Moor,Rollout\n"), ItemStatus::Done);
    let mut trial = Trial::new();
    trial.import(&mapped(
        "Key,Title,Phase\nA-1,Pay,1\n",
        r#"{"columns": {"Phase": "status"}, "status": {"1": "doing"}}"#,
    ));
    assert_eq!(trial.item("A-1").status, ItemStatus::Doing, "what a person says counts");
}

#[test]
fn the_order_of_labels_people_and_links_is_no_change() {
    let table = |labels: &str, who: &str, on: &str| {
        found(&format!(
            "Key,Title,Labels,Assignee,Depends on\nA-1,Pay,\"{labels}\",\"{who}\",\"{on}\"\nA-2,Moor,,,\nA-3,Sell,,,\n"
        ))
    };
    let mut trial = Trial::new();
    trial.import(&table("ui, pay", "Ida, Omar", "A-2, A-3"));
    let again = trial.plan(&table("pay, ui", "Omar, Ida", "A-3, A-2"));
    assert!(again.step.is_empty(), "{:?}", again.step);
    assert!(again.report.text().contains("3 unchanged"), "{}", again.report.text());
    assert!(!trial.plan(&table("pay, ui, new", "Omar, Ida", "A-3, A-2")).step.is_empty());
}

#[test]
fn a_mapping_says_what_the_first_row_is() {
    let text = "Pay by phone,Anna\nMoor in fog,Bo\n";
    let said = |row: &str| {
        let names = r#""columns": {"Column 1": "title", "Pay by phone": "title"}"#;
        let mut trial = Trial::new();
        trial.import(&mapped(text, &format!("{{{names}, \"first row\": \"{row}\"}}")));
        titles(&trial)
    };
    assert_eq!(said("data"), ["Pay by phone", "Moor in fog"]);
    assert_eq!(said("names"), ["Moor in fog"]);
}

//! The HTML report: a sound document for browsers, paper and screen readers that asks for nothing from anywhere, and
//! that shows each group of readers what is meant for them and nothing else.

use crate::harness::markup::{Element, parse};
use crate::harness::scratch::{batch, whyhow};
use crate::screens::hostile_text::{document, everything, plain};
use std::collections::BTreeSet;
use std::path::Path;
use whyhow::export::{Subject, html};
use whyhow::model::product::Product;
use whyhow::model::value::When;
use whyhow::options::Options;
use whyhow::store::snapshot;

const READERS: [&str; 3] = ["team", "leaders", "outside"];

fn now() -> When {
    When::parse("2026-03-12T12:00:00+01:00").unwrap()
}

fn report(product: &Product, readers: &str) -> String {
    let mut options = Options::default();
    options.set(&html::READERS, readers).unwrap();
    let bytes = (html::ROW.write)(&Subject::of(product, now()), &options).unwrap().bytes;
    String::from_utf8(bytes).unwrap()
}

fn products() -> Vec<(&'static str, Product)> {
    let review = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/json/review.json");
    let read = |bytes: &[u8]| snapshot::from_json(bytes).unwrap().0;
    vec![
        ("nothing", Product::default()),
        ("review", read(&std::fs::read(review).unwrap())),
        ("running", crate::harness::reader_laws::sample().clone()),
        ("hostile", read(document().as_bytes())),
    ]
}

/// Everything that holds for any report.
fn sound(name: &str, html: &str) -> Element {
    let page = parse(html);
    let all = page.all();
    assert_eq!(page.named("html")[0].get("lang"), "en", "{name}");
    for landmark in ["header", "main", "footer", "h1", "title", "nav"] {
        let found = all.iter().filter(|one| one.name == landmark && !is_in_chart(&page, one)).count();
        // A page without a section has nowhere to lead to.
        let wanted = usize::from(landmark != "nav" || all.iter().any(|one| one.name == "section"));
        assert_eq!(found, wanted, "{name}: {landmark}");
    }
    let levels: Vec<u32> =
        all.iter().filter_map(|one| one.name.strip_prefix('h').and_then(|level| level.parse().ok())).collect();
    assert_eq!(levels[0], 1, "{name}");
    assert!(levels.iter().zip(&levels[1..]).all(|(a, b)| *b <= a + 1), "{name} skips a level: {levels:?}");
    let ids: Vec<&str> = all.iter().map(|one| one.get("id")).filter(|id| !id.is_empty()).collect();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "{name}: an id stands twice");
    for one in &all {
        for id in one.get("aria-labelledby").split_whitespace() {
            assert!(known.contains(id), "{name}: nothing has the id {id}");
        }
        looked_at(name, one, &known);
    }
    for table in page.named("table") {
        assert!(!table.named("caption")[0].words().trim().is_empty(), "{name}: a table without a caption");
        assert!(table.named("th").iter().all(|head| ["col", "row"].contains(&head.get("scope"))), "{name}");
        assert_eq!((table.named("thead").len(), table.named("tbody").len()), (1, 1), "{name}");
        let wide = table.named("tr")[0].elements().len();
        for row in table.named("tr") {
            assert!(!row.named("th").is_empty() && row.elements().len() == wide, "{name}: {}", row.words());
        }
    }
    for region in all.iter().filter(|one| one.get("role") == "region") {
        assert_eq!(region.get("tabindex"), "0", "{name}: what scrolls can be reached by key");
    }
    for chart in page.named("svg") {
        assert_eq!((chart.get("role"), chart.named("title").len(), chart.named("desc").len()), ("img", 1, 1), "{name}");
        assert!(!chart.named("title")[0].words().is_empty() && chart.named("desc")[0].words().len() > 5, "{name}");
        assert!(!page.named("table").is_empty(), "{name}: a chart without a table");
    }
    for text in html.lines() {
        let hidden = text.chars().find(|c| c.is_control() && *c != '\t' || ('\u{202a}'..='\u{202e}').contains(c));
        assert_eq!(hidden, None, "{name}");
    }
    page
}

fn is_in_chart(page: &Element, one: &Element) -> bool {
    page.named("svg").iter().any(|chart| chart.all().iter().any(|part| std::ptr::eq(*part, one)))
}

/// What an element may be and have: nothing that runs, nothing that is fetched.
fn looked_at(name: &str, one: &Element, known: &BTreeSet<&str>) {
    const NEVER: &[&str] =
        &["script", "iframe", "object", "embed", "link", "img", "image", "use", "form", "base", "audio", "video"];
    assert!(!NEVER.contains(&one.name.as_str()), "{name} has {}", one.name);
    for (key, value) in &one.attributes {
        let is_fine =
            !key.starts_with("on") && !["src", "srcset", "style", "action", "data", "xlink"].contains(&key.as_str());
        assert!(is_fine, "{name}: {key}={value}");
        if key == "href" {
            let is_web = value.starts_with("https://") || value.starts_with("http://");
            let is_here = value.strip_prefix('#').is_some_and(|id| known.contains(id));
            assert!(one.name == "a" && (is_web || is_here), "{name}: {value}");
            assert!(is_here || one.get("rel").contains("noreferrer"), "{name}: {value}");
        }
    }
    if one.name == "style" {
        for never in ["url(", "@import", "expression", "<"] {
            assert!(!one.text.contains(never), "{name}: {never}");
        }
    }
}

/// Row 71: of any product, also one whose every field holds markup, control characters and marks of direction.
#[test]
fn every_report_is_a_sound_document_that_asks_for_nothing() {
    for (name, product) in products() {
        for readers in READERS {
            let html = report(&product, readers);
            sound(&format!("{name} for {readers}"), &html);
            assert_eq!(html, report(&product, readers), "the same product gives the same bytes");
        }
    }
}

/// Row 71: what looks like markup is letters.
#[test]
fn a_hostile_title_is_shown_and_never_run() {
    let hostile = "</title></style><script>alert('x')</script>\" onload=\"y <b>bold</b> & \u{202e}gnp.exe \u{1b}[2J";
    let lines = [
        whyhow::json!({"do":"set","on":"P1","set":{"name":hostile,"vision":hostile,"not_doing":hostile}}),
        whyhow::json!({"do":"add","kind":"goal","set":{"title":hostile,"measures":[format!("{hostile}, 1 → 2 {hostile}")]}}),
        whyhow::json!({"do":"add","kind":"roadmap","set":{"title":hostile,"outcome":format!("see javascript:alert(1) and https://a.example/\"x"),"horizon":"later"}}),
    ];
    let data = tempfile::tempdir().unwrap();
    let founded = whyhow::json!({"do":"add","kind":"goal","set":{"title":"x"}});
    let text = std::iter::once(&founded).chain(&lines).map(|line| format!("{line}\n")).collect::<String>();
    assert_eq!(batch(data.path(), &["--product", "Shed"], &text).0, 0);
    let html = exported(data.path(), &[]);
    let page = sound("hostile", &html);
    assert!(page.named("h1")[0].words().starts_with("</title></style><script>alert('x')</script>"));
    assert!(page.words().contains("<b>bold</b> & \u{FFFD}gnp.exe ␛[2J"));
    assert!(page.named("a").iter().all(|link| link.get("href").starts_with('#')), "neither address is one");
    plain(&html.replace(['\n', '\t'], " ")).unwrap();
    assert!(!everything().is_empty());
}

fn exported(data: &Path, args: &[&str]) -> String {
    let mut command = whyhow(data);
    command.args(["export", "--to", "html", "--now", "2031-07-29T12:00:00Z"]).args(args);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A product in which every person, size, day and internal text can be known again.
const MARKED: &str = r#"
{"do":"at","time":"2031-07-01T09:00:00Z","seed":7}
{"do":"as","role":"both","by":"Zoeauthor"}
{"do":"add","kind":"goal","ref":"g","set":{"title":"Fewer calls","why":"ZINTERNAL of the goal","horizon":"by 2033","measures":["Calls, 90 → 40"]}}
{"do":"set","on":"P1","set":{"vision":"Nobody waits.","pm_name":"Zperson One","po_name":"Zperson Two","how_notes":"ZINTERNAL of the board"}}
{"do":"run","command":"measure.read","with":{"on":"g","value":"70","day":"2031-06-30","note":"ZINTERNAL of the reading"}}
{"do":"add","kind":"product_goal","ref":"t","set":{"title":"Book alone","measure":"Booked alone, 10 → 60 %","serves":["g"]}}
{"do":"run","command":"goal.state","with":{"on":"t","to":"active"}}
{"do":"add","kind":"roadmap","ref":"r","set":{"title":"Cancel online","problem":"A call costs ten minutes.","outcome":"Two taps.","measure":"Cancelled online, 0 → 80 %","who":"Zperson Three","why_now":"ZINTERNAL why now","serves":["t"],"approach":"ZINTERNAL approach","risk":"ZINTERNAL risk","feasibility":"ZINTERNAL XL"}}
{"do":"run","command":"roadmap.horizon","with":{"on":"r","to":"now"}}
{"do":"set","on":"r","set":{"promised":"2031-12-24","promised_to":"Zperson Four"}}
{"do":"add","kind":"roadmap","ref":"p","set":{"title":"Fax","horizon":"later"}}
{"do":"run","command":"roadmap.result","with":{"on":"p","to":"declined","reason":"ZINTERNAL reason"}}
{"do":"add","kind":"rule","set":{"text":"ZINTERNAL rule"}}
{"do":"add","kind":"item","ref":"a","set":{"title":"ZSTORY cancel","points":87.31,"serves":"r","assignee":"Zperson Five","notes":"ZINTERNAL notes","story":"ZINTERNAL story","criteria":["ZINTERNAL criterion"],"tasks":["ZINTERNAL task"],"labels":["ZINTERNAL"]}}
{"do":"add","kind":"item","ref":"b","set":{"title":"ZSTORY refund","points":87.31,"serves":"r","assignee":"Zperson Eight"}}
{"do":"add","kind":"feedback","set":{"quote":"ZINTERNAL feedback","source":"Zperson Six"}}
{"do":"add","kind":"decision","set":{"title":"ZINTERNAL decision"}}
{"do":"run","command":"sprint.new","with":{"goal":"A rider cancels.","start":"2031-07-14","end":"2031-07-25","capacity":87.31}}
{"do":"set","on":"sprint 1","set":{"increment":"Cancelling works on every phone.","decisions":"ZINTERNAL","keep":"ZINTERNAL","attendees":"Zperson Seven","note":"ZINTERNAL"}}
{"do":"run","command":"sprint.plan","with":{"items":["a"]}}
{"do":"at","time":"2031-07-14T09:00:00Z"}
{"do":"run","command":"sprint.start","with":{}}
{"do":"run","command":"item.status","with":{"on":"a","to":"done","tick":"all"}}
{"do":"at","time":"2031-07-25T16:00:00Z"}
{"do":"run","command":"sprint.close","with":{"result":"met"}}
{"do":"run","command":"sprint.new","with":{"goal":"A rider is paid back.","start":"2031-07-28","end":"2031-08-08"}}
{"do":"run","command":"sprint.plan","with":{"items":["b"]}}
{"do":"at","time":"2031-07-28T09:00:00Z"}
{"do":"run","command":"sprint.start","with":{}}
"#;

fn marked() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let (code, answers, errors) = batch(data.path(), &["--product", "Ferry"], MARKED.trim_start());
    assert_eq!(code, 0, "{answers:?} {errors}");
    data
}

#[test]
fn readers_outside_get_no_people_sizes_days_or_internal_text() {
    let data = marked();
    let team = exported(data.path(), &[]);
    for there in ["Zperson Eight", "87.31", "24 Dec", "ZSTORY refund", "ZINTERNAL risk", "ZINTERNAL why now"] {
        assert!(team.contains(there), "the team sees {there}");
    }
    let html = exported(data.path(), &["--for", "outside"]);
    let page = sound("outside", &html);
    for never in ["Zperson", "Zoeauthor", "ZINTERNAL", "ZSTORY", "87.31", "174", "points", "2033"] {
        assert!(!html.contains(never), "{never} is in the report for outside");
    }
    // Its own day is the only one.
    let words = page.named("body")[0].words().replace("29 July 2031", "");
    let months = ["Jan", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = months.iter().find(|month| (0..10).any(|digit| words.contains(&format!("{digit} {month}"))));
    assert!(day.is_none() && !words.contains("203"), "{day:?}: {words}");
    for there in [
        "Nobody waits.",
        "Book alone",
        "10 %",
        "Cancel online",
        "Two taps.",
        "Fax",
        "A rider is paid back.",
        "Cancelling works",
    ] {
        assert!(words.contains(there), "{there} is for everybody");
    }
    let output = whyhow(data.path()).args(["export", "--to", "html", "--for", "outside"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("Left out for outside readers: people, sizes, dates,"), "{said}");
}

#[test]
fn leaders_get_the_figures_without_the_stories() {
    let data = marked();
    let html = exported(data.path(), &["--for", "leaders"]);
    let page = sound("leaders", &html);
    for there in ["24 Dec to Zperson Four", "87.31 points left", "ZINTERNAL risk", "A rider is paid back."] {
        assert!(page.words().contains(there), "{there}");
    }
    for never in ["ZSTORY", "S1", "S2", "Zperson Five", "Zperson Eight"] {
        assert!(!html.contains(never), "{never} is a story's");
    }
}

#[test]
fn the_report_tells_what_changed_since_the_day_that_it_is_told() {
    let data = marked();
    let changed = |args: &[&str]| {
        let html = exported(data.path(), args);
        let page = parse(&html);
        let section = page.all().into_iter().find(|one| one.get("id") == "changed").unwrap();
        section.words().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let all = changed(&["--since", "2031-06-01"]);
    for there in [
        "Declined: R2 Fax",
        "Sprint 1 closed: A rider cancels.",
        "New reading of Calls: 90 → 70 (30 Jun)",
        "1 story done",
    ] {
        assert!(all.contains(there), "{there}: {all}");
    }
    let late = changed(&["--since", "2031-07-26"]);
    assert!(late.contains("Since 26 Jul.") && !late.contains("Fax") && !late.contains("Sprint 1"), "{late}");
    // Without a day, what the last closed sprint brought is told: it is the first one here.
    let usual = changed(&[]);
    assert!(usual.contains("Since the beginning.") && usual.contains("Sprint 1 closed: A rider cancels."), "{usual}");
    let output = whyhow(data.path()).args(["export", "--to", "html", "--since", "soon"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("\"soon\" is not a day."));
}

/// A sprint that another tool closed, on a day that it does not say, is no moment from which anything is told.
#[test]
fn an_import_without_days_is_no_beginning() {
    let data = tempfile::tempdir().unwrap();
    let issue = |n: u32| {
        format!(
            r#"{{"number":{n},"title":"Story {n}","state":"CLOSED","closedAt":"2019-03-0{n}T10:00:00Z",
            "milestone":{{"number":{n},"title":"Release {n}"}},"url":"https://github.com/ferry/app/issues/{n}"}}"#
        )
    };
    let file = data.path().join("issues.json");
    std::fs::write(&file, format!("[{},{},{}]", issue(1), issue(2), issue(3))).unwrap();
    let output = whyhow(data.path())
        .arg("import")
        .arg(&file)
        .args(["--into", "Ferry", "--milestones", "sprint"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = parse(&exported(data.path(), &[])).words();
    assert!(told.contains("Since the beginning") && !told.contains("the close of sprint"), "{told}");
}

/// Each chart's numbers stand in a table as well.
#[test]
fn what_a_chart_shows_can_be_read_as_numbers() {
    let data = marked();
    let page = parse(&exported(data.path(), &[]));
    let rows: Vec<String> = page
        .named("tr")
        .iter()
        .map(|row| row.elements().iter().map(|cell| cell.words().trim().to_string()).collect::<Vec<_>>().join(" | "))
        .collect();
    for row in
        ["Calls | 90 | 70 | 40 | 40 %", "Booked alone | 10 % | – | 60 % | –", "Day 1, 28 Jul | 87.31 | 87.3 | 87.31"]
    {
        assert!(rows.iter().any(|one| one == row), "{row}: {rows:#?}");
    }
    let charts: Vec<String> = page.named("desc").iter().map(|one| one.words()).collect();
    assert!(charts.iter().any(|words| words.trim() == "From 90 to 40, now 70: 40 % of the way."), "{charts:?}");
}

/// A product of imported issues has no why yet: each group of readers gets what there is, and whoever exports is told what
/// fills the rest.
#[test]
fn a_report_of_imported_issues_tells_what_there_is_and_what_is_not() {
    let data = tempfile::tempdir().unwrap();
    let issue = |n: u32, state: &str| {
        let closed = if state == "CLOSED" { r#","closedAt":"2031-03-09T10:00:00Z""# } else { "" };
        format!(
            r#"{{"number":{n},"title":"ZSTORY {n}","state":"{state}","createdAt":"2031-02-0{n}T10:00:00Z"{closed},
            "labels":[{{"name":"ZLABEL"}}],"url":"https://github.com/ferry/app/issues/{n}"}}"#
        )
    };
    let file = data.path().join("issues.json");
    std::fs::write(&file, format!("[{},{},{}]", issue(1, "OPEN"), issue(2, "CLOSED"), issue(3, "OPEN"))).unwrap();
    assert!(whyhow(data.path()).arg("import").arg(&file).args(["--into", "Ferry"]).output().unwrap().status.success());
    let of = |readers: &str| {
        let html = exported(data.path(), &["--for", readers]);
        sound(readers, &html).named("main")[0].words().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let team = of("team");
    for there in ["3: 2 open, 1 done", "Mar 2031012", "ZLABEL21", "S1 ZSTORY 1", "No goal is written"] {
        assert!(team.contains(there), "{there}: {team}");
    }
    let leaders = of("leaders");
    assert!(leaders.contains("Mar 2031012") && !leaders.contains("ZSTORY"), "{leaders}");
    assert!(!leaders.contains("Burndown"), "only figures that are shown are explained: {leaders}");
    let outside = of("outside");
    for never in ["ot written yet", "Nothing is written", "How each figure", "ZSTORY", "ZLABEL", "2031", "open", "size"]
    {
        assert!(!outside.contains(never), "{never}: {outside}");
    }
    let output = whyhow(data.path()).args(["export", "--to", "html", "--for", "outside"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("Not on the page: the roadmap. On the screen, 2, then a adds an item"), "{said}");
}

/// What the report says to whoever exports it for readers outside, and the page.
fn outside(data: &Path) -> (String, String) {
    let output = whyhow(data).args(["export", "--to", "html", "--for", "outside"]).output().unwrap();
    (String::from_utf8(output.stderr).unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn names_in_texts_for_readers_outside_are_told_before_it_is_sent() {
    let data = tempfile::tempdir().unwrap();
    let script = r#"{"do":"add","kind":"feedback","set":{"quote":"a ticket for ten rides","source":"Jo Quay"}}
{"do":"add","kind":"feedback","set":{"quote":"nothing here","source":"Kim"}}
{"do":"add","kind":"roadmap","set":{"title":"Ten rides","problem":"Jo waits at the quay","measure":"Tickets, 80 → 40 % by May","horizon":"later"}}
"#;
    let (code, answers, errors) = batch(data.path(), &[], script);
    assert_eq!(code, 0, "{answers:?} {errors}");
    let (said, page) = outside(data.path());
    assert!(said.contains("1 text names Jo: “Jo waits at the quay”."), "{said}");
    assert!(!said.contains("Kim") && !said.contains("names Jo Quay"), "{said}");
    assert!(!said.contains('{'), "every key has its name: {said}");
    // The unit stands on both ends, and no day is told outside.
    assert!(page.contains("<td>80 %</td>") && page.contains("<td>40 %</td>") && !page.contains("May"), "{page}");
    assert!(exported(data.path(), &[]).contains("<td>40 % by May</td>"));
}

#[test]
fn a_problem_that_is_still_a_quote_is_not_told_outside() {
    let data = tempfile::tempdir().unwrap();
    let script = r#"{"do":"add","kind":"feedback","set":{"quote":"I waited an hour","source":"Jo Quay"}}
{"do":"add","kind":"roadmap","set":{"title":"No waiting","problem":"“I waited an hour”","horizon":"later"}}
{"do":"add","kind":"roadmap","set":{"title":"Ten rides","problem":"Riders pay each time","horizon":"later"}}
"#;
    assert_eq!(batch(data.path(), &[], script).0, 0);
    let (said, page) = outside(data.path());
    assert!(!page.contains("I waited") && page.contains("Riders pay each time"), "{page}");
    assert!(said.contains("Left out: the problem of R1, as it is a quote of feedback word for word."), "{said}");
    assert!(exported(data.path(), &[]).contains("I waited an hour"));
    // No measure has a target: nothing explains how far it is.
    assert!(!page.contains("Of the way"), "{page}");
}

#[test]
fn readers_name_the_report_where_no_format_is_named() {
    let data = tempfile::tempdir().unwrap();
    assert_eq!(batch(data.path(), &[], r#"{"do":"add","kind":"goal","set":{"title":"Fewer wait"}}"#).0, 0);
    let run = |args: &[&str]| whyhow(data.path()).arg("export").args(args).output().unwrap();
    assert!(String::from_utf8(run(&["--for", "outside"]).stdout).unwrap().starts_with("<!DOCTYPE html>"));
    let refused = run(&["-o", "rep.txt", "--for", "outside"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    let words = "The ending .txt names no format. \"for\" is an option of html: name it with --to, as in --to html.";
    assert!(refused.status.code() == Some(2) && said.contains(words), "{said}");
}

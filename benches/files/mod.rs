//! Files as other tools write them, made of chance but the same at every run, and their way into a product: what each
//! reader makes of the bytes, and the whole import.

use std::fmt::Write;
use whyhow::import::backlog_md::front_matter;
use whyhow::import::markdown::page::Page;
use whyhow::import::table::rows::TableRows;
use whyhow::import::{self, FolderFile, Found, SourceFile, Terms, json as json_reader};
use whyhow::json;
use whyhow::model::admit::{Submission, admit};
use whyhow::model::change::{Origin, Step};
use whyhow::model::derived_cells::Stamp;
use whyhow::model::id::{Id, IdSource};
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::value::Value;
use whyhow::model::value::When;
use whyhow::options::Options;

/// A format, and how to make a file of it with so many rows.
pub struct Tool {
    pub name: &'static str,
    pub make: fn(usize) -> Given,
}

/// The bytes of a file, or of the files in a folder.
pub enum Given {
    File(&'static str, Vec<u8>),
    Folder(Vec<(String, Vec<u8>)>),
}

pub const TOOLS: &[Tool] = &[
    Tool { name: "jira-csv", make: jira_csv },
    Tool { name: "linear-csv", make: linear_csv },
    Tool { name: "azure-csv", make: azure_csv },
    Tool { name: "csv", make: any_csv },
    Tool { name: "jira-json", make: jira_json },
    Tool { name: "github", make: github },
    Tool { name: "github-projects", make: github_projects },
    Tool { name: "trello", make: trello },
    Tool { name: "taskwarrior", make: taskwarrior },
    Tool { name: "backlog-md", make: backlog_md },
    Tool { name: "markdown", make: markdown },
];

impl Given {
    pub fn len(&self) -> usize {
        match self {
            Given::File(_, bytes) => bytes.len(),
            Given::Folder(files) => files.iter().map(|(_, bytes)| bytes.len()).sum(),
        }
    }

    /// As text. What exceeds the largest file that an import takes is read all the same, to see how time grows.
    pub fn source(&self) -> SourceFile {
        match self {
            Given::File(name, bytes) => SourceFile::from_bytes(name, bytes, None).unwrap_or_else(|_| {
                let text = String::from_utf8(bytes.clone()).unwrap();
                let mut file = SourceFile::default();
                (file.name, file.text) = ((*name).to_string(), text);
                file
            }),
            Given::Folder(files) => {
                let mut folder = SourceFile::folder("backlog");
                for (name, bytes) in files {
                    let one = SourceFile::from_bytes(name, bytes, None).unwrap();
                    folder.files.push(FolderFile { name: name.clone(), text: one.text });
                }
                folder
            }
        }
    }
}

/// What the reader of a format makes of a text before it looks at any meaning: the rows of a table, JSON values, the
/// lines of a page.
#[allow(dead_code)]
pub enum Parsed {
    Table(SourceFile, TableRows),
    Json(SourceFile, Vec<Value>),
    Heads(SourceFile, Vec<(whyhow::model::value::Map, String)>),
    Page(SourceFile, Page),
}

pub fn parse(given: &Given) -> Parsed {
    let file = given.source();
    if file.is_folder {
        let split = |one: &FolderFile| front_matter::split(&one.text).map(|(keys, body)| (keys, body.to_string()));
        let heads = file.files.iter().filter_map(split).collect();
        Parsed::Heads(file, heads)
    } else if file.name.ends_with(".csv") {
        let rows = TableRows::of(&file, None, &|cell| matches!(cell, "Title" | "Title 1" | "Summary" | "Status"));
        Parsed::Table(file, rows)
    } else if file.name.ends_with(".json") {
        let all = json_reader::documents(&file).unwrap();
        Parsed::Json(file, all)
    } else {
        let page = Page::of(&file.text, false);
        Parsed::Page(file, page)
    }
}

impl Parsed {
    #[allow(dead_code)]
    pub fn len(&self) -> usize {
        match self {
            Parsed::Table(_, table) => table.rows.len(),
            Parsed::Json(_, all) => all.len(),
            Parsed::Heads(_, all) => all.len(),
            Parsed::Page(_, page) => page.sections.len(),
        }
    }
}

/// The same rows as any program would read them with the csv crate; `None` for what is no table.
pub fn bare_csv(given: &Given) -> Option<Vec<csv::StringRecord>> {
    let Given::File(name, bytes) = given else { return None };
    let all = || csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice()).into_records();
    name.ends_with(".csv").then(|| all().map(Result::unwrap).collect())
}

/// Everything in the file, in this program's terms.
pub fn found(given: &Given) -> Found {
    let file = given.source();
    import::read(&file, None, &Options::default(), &mut |_, _| {}).unwrap()
}

fn now() -> When {
    When::parse("2026-03-02T09:00:00Z").unwrap()
}

/// A product in memory, and the steps that went into it.
pub struct Shelf {
    pub product: Product,
    ids: IdSource,
    steps: u64,
}

impl Shelf {
    pub fn new() -> Shelf {
        Shelf { product: Product::default(), ids: IdSource::new(7, 0), steps: 0 }
    }

    /// The whole way of a file into the product, as its writer admits a step. Returns the step as it is written.
    pub fn import(&mut self, given: &Given) -> Step {
        let found = found(given);
        let plan = import::plan(found, &self.product, &mut self.ids, &Terms::at(now()));
        if plan.step.is_empty() { plan.step } else { self.take(&plan.step, Origin::Edit) }
    }

    pub fn take(&mut self, step: &Step, origin: Origin) -> Step {
        self.steps += 1;
        let stamp = Stamp { step: Id::from_bits(self.steps), by: "Omar".to_string(), at: now(), alone: true };
        let submission = Submission { step, origin, role: Role::Both, stamp: &stamp };
        admit(&mut self.product, submission, &|_, _| String::new()).unwrap().step
    }
}

/// SplitMix64 with the same seed every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 16) as usize % sides.max(1)
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }

    fn words(&mut self, count: usize) -> String {
        const WORDS: &[&str] = &[
            "booking", "keeps", "the", "fare", "when", "a", "rider", "comes", "back", "after", "lost", "signal", "and",
            "shows", "it", "again", "so", "that", "nobody", "calls", "harbour", "office", "in", "summer", "café",
            "queue",
        ];
        (0..count).map(|_| self.of(WORDS)).collect::<Vec<_>>().join(" ")
    }

    fn title(&mut self, n: usize) -> String {
        format!("{} {n}", self.words(6))
    }

    /// A text of some hundred characters.
    fn prose(&mut self) -> String {
        let paragraphs: Vec<String> = (0..self.roll(3) + 2).map(|_| self.words(25) + ".").collect();
        paragraphs.join("\n\n")
    }

    fn time(&mut self) -> String {
        let (month, day, minute) = (self.roll(12) + 1, self.roll(28) + 1, self.roll(60));
        format!("2025-{month:02}-{day:02}T09:{minute:02}:17Z")
    }

    fn label(&mut self) -> &'static str {
        self.of(&["web", "mobile", "billing", "a11y", "ops", "legal", "speed", "security", "pilot", "debt"])
    }

    fn person(&mut self) -> &'static str {
        self.of(&["Ida Berg", "Omar Haddad", "Mia Schulz", "Zoe Lang", "Tom Reed"])
    }
}

const STATES: [&str; 5] = ["To Do", "In Progress", "Done", "Done", "To Do"];

fn cells(out: &mut String, row: &[String]) {
    for (at, cell) in row.iter().enumerate() {
        let between = if at == 0 { "" } else { "," };
        if cell.contains([',', '"', '\n']) {
            let _ = write!(out, "{between}\"{}\"", cell.replace('"', "\"\""));
        } else {
            let _ = write!(out, "{between}{cell}");
        }
    }
    out.push('\n');
}

fn table(name: &'static str, headers: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Given {
    let mut out = String::new();
    cells(&mut out, &headers.iter().map(|header| header.to_string()).collect::<Vec<_>>());
    rows.for_each(|row| cells(&mut out, &row));
    Given::File(name, out.into_bytes())
}

/// All fields, 108 columns: most of them are empty.
fn jira_csv(n: usize) -> Given {
    const BEGIN: [&str; 20] = [
        "Summary",
        "Issue key",
        "Issue id",
        "Issue Type",
        "Status",
        "Project key",
        "Project name",
        "Project type",
        "Project lead",
        "Priority",
        "Resolution",
        "Assignee",
        "Reporter",
        "Created",
        "Updated",
        "Resolved",
        "Labels",
        "Labels",
        "Description",
        "Environment",
    ];
    const END: [&str; 24] = [
        "Sprint",
        "Sprint",
        "Sprint",
        "Custom field (Story Points)",
        "Custom field (Rank)",
        "Inward issue link (Blocks)",
        "Outward issue link (Blocks)",
        "Inward issue link (Relates)",
        "Attachment",
        "Attachment",
        "Comment",
        "Comment",
        "Comment",
        "Comment",
        "Comment",
        "Comment",
        "Parent",
        "Parent summary",
        "Status Category",
        "Team Id",
        "Team Name",
        "Watchers",
        "Watchers",
        "Σ Time Spent",
    ];
    let custom: Vec<String> = (0..64).map(|n| format!("Custom field (Question {n})")).collect();
    let headers: Vec<&str> = BEGIN.into_iter().chain(custom.iter().map(String::as_str)).chain(END).collect();
    assert_eq!(headers.len(), 108);
    let mut dice = Dice(1);
    let row = move |at: usize| {
        let text = |text: &str| text.to_string();
        let (status, comments) = (STATES[at % 5], dice.roll(4));
        let done = status == "Done";
        let mut row = vec![
            dice.title(at),
            format!("SHOP-{at}"),
            format!("{}", 10_000 + at),
            text(["Story", "Bug", "Task"][at % 3]),
            text(status),
            text("SHOP"),
            text("Ferry shop"),
            text("software"),
            text(dice.person()),
            text("Medium"),
            text(if done { "Done" } else { "" }),
            text(dice.person()),
            text(dice.person()),
            text("02/Jan/25 9:14 AM"),
            text("04/Mar/25 1:40 PM"),
            text(if done { "03/Mar/25 4:05 PM" } else { "" }),
            text(dice.label()),
            text(if at.is_multiple_of(2) { dice.label() } else { "" }),
            format!("h2. Why\n\n{}\n\n* one\n* *two*", dice.prose()),
            text(""),
        ];
        row.extend((0..64).map(|column| if column % 9 == 0 { dice.words(3) } else { String::new() }));
        let link = |every: usize| if at % every == 1 { format!("SHOP-{}", at - 1) } else { String::new() };
        row.extend([
            format!("SHOP Sprint {}", at / 40),
            text(""),
            text(""),
            format!("{}.0", at % 8 + 1),
            format!("0|i{at:05}:"),
            link(7),
            text(""),
            link(5),
            text(""),
            text(""),
        ]);
        let said = format!("03/Mar/25 4:05 PM;5f0c;{}", dice.words(20));
        row.extend((0..6).map(|nth| if nth < comments { said.clone() } else { String::new() }));
        row.extend([
            link(11),
            text(""),
            text(if done { "Done" } else { "To Do" }),
            text("t-1"),
            text("Harbour"),
            text("5f0c"),
            text(""),
            text("0"),
        ]);
        row
    };
    table("jira.csv", &headers, (1..=n).map(row))
}

fn linear_csv(n: usize) -> Given {
    let headers = [
        "ID",
        "Team",
        "Title",
        "Description",
        "Status",
        "Estimate",
        "Priority",
        "Project",
        "Creator",
        "Assignee",
        "Labels",
        "Cycle Number",
        "Cycle Name",
        "Cycle Start",
        "Cycle End",
        "Created",
        "Updated",
        "Started",
        "Completed",
        "Canceled",
        "Archived",
        "Due Date",
        "Milestone",
        "Parent issue",
        "Roadmaps",
    ];
    let mut dice = Dice(2);
    let row = move |at: usize| {
        let status = STATES[at % 5];
        let cycle = at / 40;
        [
            format!("FER-{at}"),
            "Ferry".to_string(),
            dice.title(at),
            dice.prose(),
            status.to_string(),
            format!("{}", at % 8),
            "High".to_string(),
            ["Booking", "Fares"][at % 2].to_string(),
            "ida@ferry.example".to_string(),
            "omar@ferry.example".to_string(),
            format!("{}, {}", dice.label(), dice.label()),
            format!("{cycle}"),
            format!("Cycle {cycle}"),
            "2025-03-03T08:00:00.000Z".to_string(),
            "2025-03-17T08:00:00.000Z".to_string(),
            dice.time(),
            dice.time(),
            String::new(),
            if status == "Done" { dice.time() } else { String::new() },
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            if at % 11 == 1 { format!("FER-{}", at - 1) } else { String::new() },
            String::new(),
        ]
        .to_vec()
    };
    table("linear.csv", &headers, (1..=n).map(row))
}

fn azure_csv(n: usize) -> Given {
    let headers = [
        "ID",
        "Work Item Type",
        "Title 1",
        "Title 2",
        "Assigned To",
        "State",
        "Priority",
        "Tags",
        "Story Points",
        "Iteration Path",
        "Area Path",
        "Description",
        "Acceptance Criteria",
        "Created Date",
    ];
    let mut dice = Dice(3);
    let row = move |at: usize| {
        let is_feature = at % 20 == 1;
        let title = dice.title(at);
        [
            format!("{at}"),
            if is_feature { "Feature" } else { "User Story" }.to_string(),
            if is_feature { title.clone() } else { String::new() },
            if is_feature { String::new() } else { title },
            format!("{} <a@ferry.example>", dice.person()),
            ["New", "Active", "Closed"][at % 3].to_string(),
            "2".to_string(),
            format!("{}; {}", dice.label(), dice.label()),
            format!("{}", at % 8 + 1),
            format!("Ferry\\Sprint {}", at / 40),
            "Ferry\\Web".to_string(),
            format!("<div>{}</div><ul><li>one</li><li><b>two</b></li></ul>", dice.prose()),
            format!("<div>- {}</div>", dice.words(8)),
            "3/4/2025 9:14:00 AM".to_string(),
        ]
        .to_vec()
    };
    table("azure.csv", &headers, (1..=n).map(row))
}

fn any_csv(n: usize) -> Given {
    let headers = ["Title", "Status", "Points", "Tags", "Owner", "Notes", "Due", "Team", "Customer", "Sprint"];
    let mut dice = Dice(4);
    let row = move |at: usize| {
        [
            dice.title(at),
            STATES[at % 5].to_string(),
            format!("{}", at % 8 + 1),
            format!("{}, {}", dice.label(), dice.label()),
            dice.person().to_string(),
            dice.prose(),
            "2025-09-30".to_string(),
            "Harbour".to_string(),
            dice.words(3),
            format!("Sprint {}", at / 40),
        ]
        .to_vec()
    };
    table("plan.csv", &headers, (1..=n).map(row))
}

fn json_file(name: &'static str, value: &Value) -> Given {
    Given::File(name, serde_json::to_vec_pretty(value).unwrap())
}

fn jira_json(n: usize) -> Given {
    let mut dice = Dice(5);
    let mut issue = |at: usize| {
        let status = STATES[at % 5];
        let person = |name: &str| {
            let avatar = "https://ferry.example/secure/useravatar?size=xsmall&avatarId=1041";
            json!({"self": "https://ferry.example/rest/api/2/user?accountId=5f0c", "accountId": "5f0c", "displayName": name,
                "avatarUrls": {"48x48": avatar, "24x24": avatar}, "active": true, "timeZone": "Europe/Berlin"})
        };
        let comments: Vec<Value> = (0..dice.roll(4))
            .map(|_| json!({"author": person(dice.person()), "body": dice.words(20), "created": "2025-03-03T16:05:00.000+0100"}))
            .collect();
        let paragraph = |text: String| json!({"type": "paragraph", "content": [{"type": "text", "text": text}]});
        let description = json!({"type": "doc", "version": 1, "content": [
            paragraph(dice.prose().replace('\n', " ")), paragraph(dice.words(12)),
            {"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph(dice.words(5))]}]}]});
        let mut fields = json!({
            "summary": dice.title(at), "description": description, "labels": [dice.label(), dice.label()],
            "issuetype": {"self": "https://ferry.example/rest/api/2/issuetype/3", "name": "Story", "subtask": false, "hierarchyLevel": 0},
            "status": {"name": status, "statusCategory": {"key": if status == "Done" { "done" } else { "new" }, "name": status}},
            "priority": {"name": "Medium", "iconUrl": "https://ferry.example/medium.svg"},
            "assignee": person(dice.person()), "reporter": person(dice.person()), "creator": person(dice.person()),
            "created": "2025-01-02T09:14:00.000+0100", "updated": "2025-03-04T13:40:00.000+0100",
            "resolutiondate": if status == "Done" { json!("2025-03-03T16:05:00.000+0100") } else { Value::Null },
            "customfield_10016": at % 8 + 1, "customfield_10019": format!("0|i{at:05}:"),
            "customfield_10020": [{"id": at / 40, "name": format!("Sprint {}", at / 40), "state": "closed", "boardId": 1,
                "startDate": "2025-03-03T08:00:00.000Z", "endDate": "2025-03-17T08:00:00.000Z"}],
            "comment": {"comments": comments, "total": 1}, "workratio": -1, "votes": {"votes": 0},
            "project": {"key": "SHOP", "name": "Ferry shop"}, "issuelinks": [], "subtasks": [], "fixVersions": [],
        });
        for (nth, field) in (0..40).enumerate() {
            let value = if nth % 10 == 0 { json!(dice.words(3)) } else { Value::Null };
            fields[&*format!("customfield_11{field:03}")] = value;
        }
        json!({"expand": "operations", "id": format!("{}", 10_000 + at), "key": format!("SHOP-{at}"),
            "self": format!("https://ferry.example/rest/api/3/issue/{}", 10_000 + at), "fields": fields})
    };
    let issues: Vec<Value> = (1..=n).map(&mut issue).collect();
    let names =
        json!({"customfield_10016": "Story Points", "customfield_10020": "Sprint", "customfield_10019": "Rank"});
    json_file(
        "jira.json",
        &json!({"expand": "names", "names": names, "startAt": 0, "maxResults": n, "total": n, "issues": issues}),
    )
}

fn github(n: usize) -> Given {
    let mut dice = Dice(6);
    let mut issue = |at: usize| {
        let closed = at % 5 < 2;
        let comments: Vec<Value> = (0..dice.roll(4))
            .map(|_| {
                json!({"id": "IC_1", "author": {"login": "ida"}, "authorAssociation": "MEMBER", "body": dice.words(20),
                "createdAt": dice.time(), "url": format!("https://github.com/ferry/app/issues/{at}#issuecomment-1")})
            })
            .collect();
        let label = |name: &str| json!({"id": "LA_1", "name": name, "description": "", "color": "ededed"});
        json!({
            "number": at, "title": dice.title(at), "state": if closed { "CLOSED" } else { "OPEN" },
            "body": format!("{}\r\n\r\n- [ ] {}\r\n- [x] {}\r\n\r\nSee #{}", dice.prose(), dice.words(5), dice.words(4), at / 2 + 1),
            "labels": [label(dice.label()), label("bug")], "assignees": [{"login": "omar", "name": "Omar Haddad"}],
            "author": {"login": "ida", "is_bot": false}, "comments": comments, "createdAt": dice.time(), "updatedAt": dice.time(),
            "closedAt": if closed { json!(dice.time()) } else { Value::Null }, "milestone": {"number": at / 40, "title": format!("Milestone {}", at / 40)},
            "url": format!("https://github.com/ferry/app/issues/{at}"), "reactionGroups": [], "projectItems": [],
        })
    };
    json_file("issues.json", &(1..=n).map(&mut issue).collect())
}

fn github_projects(n: usize) -> Given {
    let mut dice = Dice(7);
    let mut item = |at: usize| {
        json!({
            "content": {"body": format!("{}\n\n- [ ] {}\n- [x] {}", dice.prose(), dice.words(5), dice.words(4)), "number": at,
                "repository": "ferry/app", "title": dice.title(at), "type": "Issue", "url": format!("https://github.com/ferry/app/issues/{at}")},
            "id": format!("PVTI_{at}"), "labels": [dice.label(), dice.label()], "repository": "https://github.com/ferry/app",
            "status": STATES[at % 5], "title": dice.title(at), "assignees": ["omar"], "estimate": at % 8 + 1, "priority": "High",
            "sprint": {"title": format!("Sprint {}", at / 40), "startDate": "2025-03-03", "duration": 14},
        })
    };
    let items: Vec<Value> = (1..=n).map(&mut item).collect();
    json_file("project.json", &json!({"items": items, "totalCount": n}))
}

fn trello(n: usize) -> Given {
    let mut dice = Dice(8);
    let lists: Vec<Value> = ["To Do", "In Progress", "Done"]
        .iter()
        .enumerate()
        .map(|(at, name)| json!({"id": format!("list{at}"), "name": name, "closed": false, "pos": at}))
        .collect();
    let mut card = |at: usize| {
        json!({
            "id": format!("card{at}"), "address": null, "badges": {"attachments": 1, "checkItems": 2, "comments": 1, "votes": 0, "due": null},
            "closed": false, "desc": dice.prose(), "due": "2025-09-30T08:00:00.000Z", "dueComplete": false, "email": "x@boards.trello.com",
            "idBoard": "board", "idChecklists": [format!("check{at}")], "idLabels": ["label1"], "idList": format!("list{}", at % 3),
            "idMembers": ["member1"], "idShort": at, "labels": [{"id": "label1", "idBoard": "board", "name": dice.label(), "color": "green"}],
            "limits": {"attachments": {"perCard": {"status": "ok", "disableAt": 1000, "warnAt": 800}}}, "name": dice.title(at),
            "pos": at * 16, "shortLink": format!("s{at}"), "shortUrl": format!("https://trello.com/c/s{at}"), "start": null,
            "url": format!("https://trello.com/c/s{at}/1"), "cover": {"color": null, "size": "normal", "brightness": "dark"},
            "dateLastActivity": "2025-03-03T08:00:00.000Z", "attachments": [{"id": "a", "name": "plan.pdf", "url": "https://trello.com/plan.pdf"}],
        })
    };
    let cards: Vec<Value> = (1..=n).map(&mut card).collect();
    let item = |text: String, state: &str| json!({"id": "i", "name": text, "state": state, "pos": 1});
    let checklists: Vec<Value> = (1..=n)
        .map(|at| {
            json!({"id": format!("check{at}"), "idCard": format!("card{at}"), "name": "Tasks", "pos": 1,
            "checkItems": [item(dice.words(4), "complete"), item(dice.words(4), "incomplete")]})
        })
        .collect();
    let actions: Vec<Value> = (1..=n.min(1000))
        .map(|at| {
            json!({"type": "commentCard", "date": "2025-03-03T08:00:00.000Z", "memberCreator": {"fullName": "Ida Berg"},
            "data": {"text": dice.words(20), "card": {"id": format!("card{at}")}}})
        })
        .collect();
    json_file(
        "board.json",
        &json!({"id": "board", "name": "Ferry", "url": "https://trello.com/b/1/ferry", "lists": lists, "cards": cards,
        "checklists": checklists, "actions": actions, "members": [{"id": "member1", "fullName": "Omar Haddad"}], "labels": [], "customFields": []}),
    )
}

fn taskwarrior(n: usize) -> Given {
    let mut dice = Dice(9);
    let mut out = String::from("[\n");
    for at in 1..=n {
        let done = at % 5 < 2;
        let mut task = json!({
            "id": at, "uuid": format!("a0000000-a000-a000-a000-{at:012}"), "description": dice.title(at),
            "status": if done { "completed" } else { "pending" }, "entry": "20250102T081400Z", "modified": "20250304T124000Z",
            "project": format!("ferry.{}", at / 40), "tags": [dice.label(), dice.label()], "urgency": 4.9, "priority": "H", "estimate": at % 8 + 1,
            "annotations": [{"entry": "20250303T150500Z", "description": dice.words(20)}],
        });
        if done {
            task["end"] = "20250303T150500Z".into();
        }
        if at % 7 == 1 && at > 1 {
            task["depends"] = json!([format!("a0000000-a000-a000-a000-{:012}", at - 1)]);
        }
        let _ = writeln!(out, "{task}{}", if at == n { "" } else { "," });
    }
    out.push_str("]\n");
    Given::File("tasks.json", out.into_bytes())
}

fn backlog_md(n: usize) -> Given {
    let mut dice = Dice(10);
    let mut task = |at: usize| {
        let depends = if at % 7 == 1 && at > 1 { format!("\n  - task-{}", at - 1) } else { " []".to_string() };
        let text = format!(
            "---\nid: task-{at}\ntitle: {}\nstatus: {}\nassignee: []\ncreated_date: '2025-01-02 09:14'\nupdated_date: '2025-03-04'\n\
             labels:\n  - {}\n  - {}\ndependencies:{depends}\npriority: medium\nmilestone: Milestone {}\n---\n\n## Description\n\n{}\n\n\
             ## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [ ] #1 {}\n- [x] #2 {}\n<!-- AC:END -->\n\n## Implementation Plan\n\n1. {}\n2. {}\n",
            dice.title(at),
            STATES[at % 5],
            dice.label(),
            dice.label(),
            at / 40,
            dice.prose(),
            dice.words(8),
            dice.words(6),
            dice.words(8),
            dice.words(6),
        );
        (format!("backlog/tasks/task-{at} - some-words.md"), text.into_bytes())
    };
    Given::Folder((1..=n).map(&mut task).collect())
}

fn markdown(n: usize) -> Given {
    let mut dice = Dice(11);
    let mut out = String::from("# Backlog\n\n");
    for at in 1..=n {
        if at % 40 == 1 {
            let _ = write!(out, "\n## {}\n\n{}\n\n", dice.title(at), dice.prose());
        }
        let mark = if at % 3 == 0 { "x" } else { " " };
        let _ = write!(out, "- [{mark}] {}\n  {}\n  - [ ] {}\n", dice.title(at), dice.words(25), dice.words(4));
    }
    Given::File("backlog.md", out.into_bytes())
}

//! The program in a real terminal: bursts of keys, signals, kills, a second window.

use crate::harness::load::load;
use crate::harness::scratch::batch;
use crate::harness::window::{NO_TOOLS, Window, sample, titles};
use portable_pty::PtySize;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[test]
fn three_thousand_keys_in_one_write_cost_a_few_frames_and_none_is_lost() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("▸BACKLOG");
    std::thread::sleep(Duration::from_millis(200));
    let before = window.frames();
    // Down and up, and at last three down: the cursor tells whether all of them came.
    window.press(&format!("{}jjj", "jk".repeat(1498)));
    window.wait_for("row 4 of 9");
    std::thread::sleep(Duration::from_millis(300));
    let frames = window.frames() - before;
    assert!(frames <= 3, "{frames} frames for one burst");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

#[test]
fn an_edit_shown_as_saved_survives_a_kill() {
    let data = sample();
    for nth in 0..5 {
        let mut window = Window::open(data.path(), "Omar");
        window.press("3");
        window.wait_for("▸BACKLOG");
        let title = format!("Killed story {nth}");
        window.press(&format!("a{title}\r"));
        window.wait_until("the story, saved", |screen| screen.contains("Added S") && screen.contains(" saved"));
        window.signal(9);
        window.end();
        assert!(titles(data.path()).contains(&title), "{title} was shown as saved and is gone");
    }
}

#[test]
fn a_text_being_typed_comes_back_after_a_kill() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3je and more words");
    window.wait_for("and more words");
    std::thread::sleep(Duration::from_millis(2300));
    window.press("!");
    std::thread::sleep(Duration::from_millis(700));
    window.signal(9);
    window.end();
    let mut again = Window::open(data.path(), "Omar");
    again.wait_for("The text you were typing is back");
    again.press("\x1b");
    again.wait_for("Changed the title of S3");
    again.wait_for(" saved");
    assert!(titles(data.path()).iter().any(|title| title.contains("and more words")));
    again.press("qq");
    assert_eq!(again.end(), 0);
}

#[test]
fn a_second_window_sees_an_edit_within_a_second() {
    let data = sample();
    let mut one = Window::open(data.path(), "Omar");
    let mut two = Window::open(data.path(), "Priya");
    one.press("3");
    two.press("3jj");
    one.wait_for("▸BACKLOG");
    two.wait_for("row 3 of 9");
    one.press("aFrom the other window\r");
    one.wait_for("Added S");
    let took = two.wait_for("From the other window");
    assert!(took < Duration::from_millis(1500), "{took:?}");
    assert!(two.text().contains("Omar, other window"), "{}", two.text());
    // The cursor stays on its story, whatever row that is now.
    two.wait_until("the same story chosen", |screen| {
        screen.lines().any(|line| line.contains('▸') && line.contains("Slot held for ten minutes"))
    });
    two.press("uqq");
    one.press("qq");
    assert_eq!((one.end(), two.end()), (0, 0));
}

#[test]
fn a_signal_from_outside_saves_and_leaves_the_terminal_as_it_was() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("▸BACKLOG");
    window.press("aBefore the signal\r");
    window.wait_for("Added S");
    window.signal(15);
    let bytes = Arc::clone(&window.bytes);
    assert_eq!(window.end(), 128 + 15);
    std::thread::sleep(Duration::from_millis(100));
    let bytes = bytes.lock().unwrap();
    let has = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
    assert!(has(b"\x1b[?1049l") && has(b"\x1b[?2004l") && has(b"\x1b[?25h"), "the terminal was not given back");
    assert!(titles(data.path()).contains(&"Before the signal".to_string()));
}

/// Row 63: a storm of sizes in a real terminal.
#[test]
fn resizing_in_bursts_ends_with_the_last_size() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    for nth in 0..60u16 {
        let size = PtySize { rows: 5 + nth % 40, cols: 20 + nth * 2, pixel_width: 0, pixel_height: 0 };
        window.master.resize(size).unwrap();
    }
    window.screen.lock().unwrap().screen_mut().set_size(40, 100);
    window.master.resize(PtySize { rows: 40, cols: 100, pixel_width: 0, pixel_height: 0 }).unwrap();
    window.wait_until("hints in the last row", |screen| {
        screen.lines().nth(39).is_some_and(|line| line.contains("? help"))
    });
    window.press("3");
    window.wait_for("▸BACKLOG");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

#[test]
fn lines_that_come_as_keys_are_asked_about_and_not_run() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("▸BACKLOG");
    let before = titles(data.path());
    // As a terminal without bracketed paste sends it.
    window.press("dd all of it\rqq\ruse the old one\r");
    window.wait_for("Add 3 stories");
    window.press("\x1b");
    window.wait_for("Nothing was added.");
    assert_eq!(titles(data.path()), before);
    window.press("qq");
    assert_eq!(window.end(), 0);
}

/// A window whose `$EDITOR` is a shell script; the file's name is `$2`, since an argument stands before it.
fn with_editor(data: &Path, script: &str) -> Window {
    let path = data.join("my editor.sh");
    std::fs::write(&path, script).unwrap();
    let editor = format!("sh '{}' -w", path.display());
    Window::open_with(data, "Omar", &[("VISUAL", ""), ("EDITOR", &editor), ("TMPDIR", data.to_str().unwrap())])
}

fn is_cooked(window: &Window) -> bool {
    let modes = format!("{:?}", window.master.get_termios().unwrap().local_flags);
    modes.contains("ICANON") && modes.contains("ECHO")
}

/// What lies in the folder for temporary files after an editor was there.
fn left_behind(data: &Path) -> usize {
    std::fs::read_dir(data)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("whyhow-"))
        .count()
}

/// Row 62: arguments and quoted paths. What was typed meanwhile is nobody's key.
#[test]
fn an_editor_of_ones_own_gets_the_text_with_its_reasons_and_gives_it_back() {
    let data = sample();
    let script = "cp \"$2\" \"$(dirname \"$0\")/seen\"; stat -c %a \"$2\" \"$(dirname \"$2\")\" > \"$(dirname \"$0\")/modes\"\n\
                  stty -a | grep -q ' icanon' || exit 9\nsleep 0.4; echo backup > \"$2~\"\n\
                  sed -i '1s/.*/A title from outside\\twith a tab/' \"$2\"\n";
    let mut window = with_editor(data.path(), script);
    window.press("3j");
    window.wait_for("row 2 of 9");
    window.press("E");
    std::thread::sleep(Duration::from_millis(200));
    // Typed while the editor had the terminal, and not read by it.
    window.press("dddd");
    window.wait_for("Edited S3 title, 1 line. u takes it back.");
    window.wait_for(" saved");
    assert!(titles(data.path()).iter().any(|title| title == "A title from outside  with a tab"));
    let seen = std::fs::read_to_string(data.path().join("seen")).unwrap();
    assert!(seen.starts_with("Cancel without a phone call\n\n# ---"), "{seen}");
    assert!(
        seen.contains("# Title of S3 Cancel")
            && seen.contains("# Why: R1 Book in two taps")
            && seen.contains("#   Problem: "),
        "{seen}"
    );
    assert_eq!(std::fs::read_to_string(data.path().join("modes")).unwrap(), "600\n700\n");
    assert_eq!(left_behind(data.path()), 0);
    assert_eq!(titles(data.path()).len(), 10, "nothing was deleted by what was typed meanwhile");
    window.press("u");
    window.wait_for("Cancel without a phone call");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

/// Row 61: a code other than 0. What the file held is laid into the field, and the terminal is ours again.
#[test]
fn an_editor_that_fails_loses_nothing_and_leaves_the_terminal_whole() {
    let data = sample();
    let mut window =
        with_editor(data.path(), "stty raw -echo; printf 'half done\n' > \"$2\"; printf '\\033[?1000h'; exit 3");
    window.press("3j");
    window.wait_for("row 2 of 9");
    // Also from the editor in a pane, with the text as it is there.
    window.press("e and more\x1bOS");
    window.wait_for("sh exited with code 3. Its text is here: Esc keeps it");
    assert!(titles(data.path()).iter().all(|title| title != "half done"));
    window.press("\x1b");
    window.wait_for("Changed the title of S3");
    window.wait_for(" saved");
    assert!(titles(data.path()).iter().any(|title| title == "half done"));
    assert!(!is_cooked(&window));
    window.press("qq");
    let begun = Instant::now();
    while !is_cooked(&window) && begun.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(is_cooked(&window), "the line is set as the shell had it");
    assert_eq!(window.end(), 0);
}

/// Row 61: an empty file, and a line left raw.
#[test]
fn an_editor_that_leaves_a_raw_line_or_changes_nothing_does_no_harm() {
    let data = sample();
    let mut window = with_editor(data.path(), "stty raw -echo -isig; : > \"$2\"");
    window.press("3E");
    window.wait_for("The text came back unchanged.");
    window.press("j");
    window.wait_for("row 2 of 9");
    window.press("\x1a");
    window.wait_until("the shell's screen", |screen| !screen.contains("Backlog"));
    // The screen goes first, the line a moment later.
    for _ in 0..500 {
        if is_cooked(&window) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(is_cooked(&window), "stopped, the line is as the shell had it");
    window.signal(18);
    window.wait_for("row 2 of 9");
    window.press("k");
    window.wait_for("row 1 of 9");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

/// Row 61: one that is not there, and none set at all.
#[test]
fn an_editor_that_is_missing_is_named() {
    let data = sample();
    let mut window = Window::open_with(data.path(), "Omar", &[("VISUAL", "/no/such/editor"), ("EDITOR", "true")]);
    window.press("3E");
    window.wait_for("/no/such/editor could not be started: no such program. Nothing was changed.");
    window.press("jqq");
    assert_eq!(window.end(), 0);
    let mut window = Window::open_with(data.path(), "Omar", &[("VISUAL", ""), ("EDITOR", "")]);
    window.press("3E");
    window.wait_for("Neither VISUAL nor EDITOR is set. In your shell: export EDITOR=vi");
    window.press("\x1b");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

/// Row 61: killed, and gone without a trace of the file: the text is as it was, in words.
#[test]
fn an_editor_that_is_killed_or_takes_the_file_away_is_told() {
    let data = sample();
    let mut window = with_editor(data.path(), "kill -9 $$");
    window.press("3E");
    window.wait_for("sh was terminated by a signal. Nothing was changed.");
    window.press("jqq");
    assert_eq!(window.end(), 0);
    let mut window = with_editor(data.path(), "rm \"$2\"");
    window.press("3E");
    window.wait_for("sh returned no text. Nothing was changed.");
    window.press("jqq");
    assert_eq!(window.end(), 0);
    assert_eq!(left_behind(data.path()), 0);
}

/// Row 62: no shell reads the setting, and what is no text does not come in.
#[test]
fn an_editor_is_started_without_a_shell_and_its_text_is_cleaned_with_a_word() {
    let data = sample();
    // One program with odd words; a shell would make the trap, or not find the program.
    let editor = format!("touch ';touch' '$(touch {0})' '>{0}' -c", data.path().join("trap").display());
    let settings = [("VISUAL", ""), ("EDITOR", &*editor), ("TMPDIR", data.path().to_str().unwrap())];
    let mut window = Window::open_with(data.path(), "Omar", &settings);
    window.press("3E");
    window.wait_for("The text came back unchanged.");
    window.press("jqq");
    assert_eq!(window.end(), 0);
    assert!(!data.path().join("trap").exists());

    let mut window = with_editor(data.path(), "printf 'New\\000 ti\\377tle\\033[2J\\r\\n' > \"$2\"");
    window.press("3E");
    window.wait_for("Non-text characters were removed.");
    window.wait_for(" saved");
    assert!(titles(data.path()).iter().any(|title| title == "New title[2J"), "{:?}", titles(data.path()));
    window.press("qq");
    assert_eq!(window.end(), 0);
}

#[test]
fn the_terminals_answer_changes_the_colours_and_no_key_around_it_is_lost() {
    let data = sample();
    let mut window = Window::open_with(data.path(), "Omar", &[("COLORTERM", "truecolor")]);
    assert!(window.wrote("\x1b]11;?\x07") && window.wrote("38;2;86;180;233"), "asked, and dark until it answers");
    assert!(!window.wrote("38;2;0;95;163"));
    window.press("3j\x1b]11;rgb:ffff/ffff/ffff\x07j");
    window.wait_for("row 3 of 9");
    assert!(window.wrote("38;2;0;95;163"), "light once it has answered");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

#[test]
fn keys_typed_ahead_of_a_silent_terminal_all_count() {
    let data = sample();
    let begun = Instant::now();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3jjaTyped ahead\r");
    window.wait_for("Added S");
    assert!(begun.elapsed() < Duration::from_secs(10));
    window.press("qq");
    assert_eq!(window.end(), 0);
}

#[test]
fn with_no_color_no_colour_is_written_and_the_terminal_is_not_asked() {
    let data = sample();
    let mut window = Window::open_with(data.path(), "Omar", &[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]);
    window.press("2j?");
    window.wait_for("Keys here");
    window.press("\x1b\x1bq");
    window.wait_for("q again to quit");
    window.press("q");
    let bytes = Arc::clone(&window.bytes);
    assert_eq!(window.end(), 0);
    let text = String::from_utf8_lossy(&bytes.lock().unwrap()).into_owned();
    for part in text.split("\x1b[").skip(1) {
        let Some((numbers, _)) =
            part.split_once('m').filter(|(n, _)| n.chars().all(|c| c.is_ascii_digit() || c == ';'))
        else {
            continue;
        };
        for number in numbers.split(';').filter_map(|n| n.parse::<u32>().ok()) {
            let colour = matches!(number, 30..=38 | 40..=48 | 90..=97 | 100..=107);
            assert!(!colour, "a colour was written: {numbers:?}");
        }
    }
    assert!(!text.contains("\x1b]11;?"), "nothing asks for a background that is not used");
}

#[test]
fn the_file_of_settings_is_read_and_its_faults_are_told() {
    let data = sample();
    std::fs::write(data.path().join("config.toml"), "hints = 3\n[keys.list]\n\"x\" = \"undo\"\n").unwrap();
    let mut window = Window::open(data.path(), "Omar");
    window.wait_for("config.toml, line 1: hints is one of full, short, off.");
    window.press("\x1b3aFrom a file\r");
    window.wait_for("Added S");
    window.press("x");
    window.wait_for("Undone");
    window.press("9");
    window.wait_for("undone: “Added the st");
    window.press("qq");
    assert_eq!(window.end(), 0);
    // The next start, which has more to say, tells them too; Messages keeps them.
    let line = r#"{"do":"add","kind":"item","set":{"title":"From elsewhere"}}"#;
    assert_eq!(batch(data.path(), &["--by", "Zoe"], line).0, 0);
    let mut window = Window::open(data.path(), "Omar");
    window.wait_for("config.toml, line 1: hints is one of full, short, off.");
    // The history is there although no key was pressed.
    window.wait_for(" Zoe ");
    window.press("\x1b:messages\r");
    window.wait_for("Messages, newest first");
    window.wait_until("both messages", |screen| {
        screen.contains("Back in History") && screen.contains("config.toml, line 1")
    });
    window.press("\x1b");
    window.wait_until("the box closed", |screen| !screen.contains("newest first"));
    window.press("qq");
    assert_eq!(window.end(), 0);
}

/// Row 103: coordinates that are zero or far outside, in every form of report.
#[test]
fn reports_that_no_terminal_should_send_end_nothing() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("row 1 of 9");
    for report in [
        "\x1b[<0;0;0M",
        "\x1b[<0;0;5M",
        "\x1b[<0;5;0m",
        "\x1b[M\0\0\0",
        "\x1b[M   ",
        "\x1b[32;0;5M",
        "\x1b[0;0R",
        "\x1b[0;5R",
        "\x1b[<64;0;0M",
        "\x1b[<35;0;0M",
        "\x1b[<0;65535;65535M",
    ] {
        window.press(report);
    }
    window.press("j");
    window.wait_for("row 2 of 9");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

/// Row 104: half a sequence, half a letter, a paste without an end. News of other windows arrive, and a signal ends the
/// program within a second.
#[test]
fn half_a_sequence_stops_nothing() {
    let halves: [&[u8]; 6] = [b"\x1b[", b"\x1b]", b"\xf0\x9f", b"\x1b[200~hello", b"\x1b[<0;1", b"\x1bP"];
    for (nth, half) in halves.into_iter().enumerate() {
        let data = sample();
        let mut window = Window::open(data.path(), "Omar");
        window.press("3");
        window.wait_for("row 1 of 9");
        window.send(half);
        let line = r#"{"do":"add","kind":"item","set":{"title":"While it waits"}}"#;
        assert_eq!(batch(data.path(), &["--by", "Bob"], line).0, 0);
        window.wait_for("Bob, other window");
        let begun = Instant::now();
        window.signal(libc::SIGTERM);
        assert_eq!(window.end(), 143, "{nth}");
        assert!(begun.elapsed() < Duration::from_millis(1500), "{nth}: {:?}", begun.elapsed());
    }
}

/// Row 108: what a terminal sends by itself is no command, however long it is, whole or not.
#[test]
fn control_strings_of_any_length_run_nothing_and_stop_nothing() {
    let data = sample();
    let before = titles(data.path()).len();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("row 1 of 9");
    // Each letter of them is a command.
    let text = "qaDdqx\r".repeat(100_000 / 7);
    for (nth, beginning) in ["P", "]", "_", "^", "X", "["].into_iter().enumerate() {
        let inside = if beginning == "[" { "1;".repeat(50_000) } else { text.clone() };
        for end in if beginning == "[" { [";m", "m"] } else { ["", "\x1b\\"] } {
            window.send(format!("\x1b{beginning}{inside}{end}").as_bytes());
        }
        std::thread::sleep(Duration::from_millis(400));
        let title = format!("Story {nth} of another window");
        let line = format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"{title}\"}}}}");
        assert_eq!(batch(data.path(), &["--by", "Bob"], &line).0, 0);
        window.wait_for(&format!("\"{title}\""));
    }
    assert_eq!(titles(data.path()).len(), before + 6);
    window.press("j");
    window.wait_for("row 2 of 15");
    let begun = Instant::now();
    window.signal(libc::SIGTERM);
    assert_eq!(window.end(), 143);
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
}

/// Row 109: saving, the other windows and signals do not wait for a terminal that reads nothing; when it reads again, it
/// gets a whole frame.
#[test]
fn a_terminal_that_reads_nothing_stops_nothing() {
    let data = sample();
    for reads_again in [true, false] {
        let mut window = Window::open(data.path(), "Omar");
        window.press("3");
        window.wait_for("▸BACKLOG");
        let bytes = Arc::clone(&window.bytes);
        let blocked = bytes.lock().unwrap();
        for _ in 0..60 {
            // Whole frames, until nothing more fits.
            window.send(b"\x0c");
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(600));
        let title = format!("Typed blindly, {reads_again}");
        window.press(&format!("a{title}\r"));
        let begun = Instant::now();
        while !titles(data.path()).contains(&title) {
            assert!(begun.elapsed() < Duration::from_secs(5), "it is not saved");
            std::thread::sleep(Duration::from_millis(20));
        }
        if reads_again {
            let line = r#"{"do":"add","kind":"item","set":{"title":"Meanwhile"}}"#;
            assert_eq!(batch(data.path(), &["--by", "Bob"], line).0, 0);
            std::thread::sleep(Duration::from_millis(300));
            drop(blocked);
            window.wait_until("a whole frame", |screen| screen.contains("Meanwhile") && screen.contains(&title));
            window.press("\x1b");
            window.press("qq");
            assert_eq!(window.end(), 0);
        } else {
            let begun = Instant::now();
            window.signal(libc::SIGTERM);
            let code = window.child.wait().unwrap().exit_code();
            let took = begun.elapsed();
            drop(blocked);
            assert_eq!(code, 143);
            assert!(took < Duration::from_millis(2500), "{took:?}");
        }
    }
}

/// Row 110: a terminal may report any size.
#[test]
fn a_window_of_any_size_is_drawn() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    for (cols, rows) in [(65_535, 65_535), (65_535, 1), (1, 65_535), (0, 0)] {
        window.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        std::thread::sleep(Duration::from_millis(300));
    }
    window.master.resize(PtySize { rows: 30, cols: 110, pixel_width: 0, pixel_height: 0 }).unwrap();
    window.press("3");
    window.wait_for("row 1 of 9");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

/// Row 102: suspended right after an edit, again and again: the lock is never held by a stopped program.
#[test]
fn a_suspended_program_never_holds_the_lock() {
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("row 1 of 9");
    for n in 0..20 {
        window.press(&format!("p{}\x1a", [1, 2, 3, 5, 8][n % 5]));
        let line = format!("{{\"do\":\"add\",\"kind\":\"item\",\"set\":{{\"title\":\"From Bob {n}\"}}}}");
        let begun = Instant::now();
        let (code, answers, said) = batch(data.path(), &["--by", "Bob"], &line);
        assert!(code == 0 && begun.elapsed() < Duration::from_millis(1900), "{answers:?} {said} {:?}", begun.elapsed());
        window.signal(libc::SIGCONT);
    }
    window.wait_for("saved");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

#[test]
fn the_demo_has_the_keys_and_colours_of_the_person() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("config.toml"), "hints = 3\n").unwrap();
    let args = ["--data", data.path().to_str().unwrap(), "demo"];
    let mut window = Window::run(&args, &[], "config.toml, line 1: hints is one of");
    window.press("qq");
    assert_eq!(window.end(), 0);
}

#[test]
fn a_copy_goes_through_the_terminal_byte_by_byte() {
    let data = sample();
    let mut window = Window::open_with(data.path(), "Omar", &NO_TOOLS);
    window.press("3j");
    window.wait_for("row 2 of 9");
    window.press("yy");
    window.wait_for("Copied S3 (through the terminal). Not there? : copy help");
    assert!(window.wrote("\x1b]52;c;UzMgQ2FuY2VsIHdpdGhvdXQgYSBwaG9uZSBjYWxs\x07"));
    window.press("qq");
    assert_eq!(window.end(), 0);
    // In tmux the sequence is wrapped, where tmux itself cannot be asked.
    let mut settings = NO_TOOLS.to_vec();
    settings.extend([("TMUX", "/no/such/socket,1,0"), ("PATH", "/nowhere")]);
    let mut window = Window::open_with(data.path(), "Omar", &settings);
    window.press("yi");
    window.wait_for("Copied S3, the number (through the terminal)");
    assert!(window.wrote("\x1bPtmux;\x1b\x1b]52;c;UzM=\x07\x1b\\"));
    window.press("qq");
    assert_eq!(window.end(), 0);
}

#[test]
fn a_copy_that_is_too_long_for_the_terminal_is_saved() {
    let data = sample();
    let long = format!("{{\"do\":\"set\",\"on\":\"S3\",\"set\":{{\"notes\":\"{}\"}}}}\n", "words ".repeat(20_000));
    load(data.path(), "Bike Doctor", &long);
    let mut window = Window::open_with(data.path(), "Omar", &NO_TOOLS);
    window.press("3jym");
    window.wait_for("Too long for the terminal's clipboard (121 kB). Saved to a file instead");
    assert!(!window.wrote("\x1b]52"));
    assert!(std::fs::read_to_string(data.path().join("copy-s3.md")).unwrap().starts_with("## S3 Cancel"));
    window.press("qq");
    assert_eq!(window.end(), 0);
}

/// Waits until whoever outlives the program has restored the terminal.
fn wait_restored(window: &mut Window) {
    let begun = Instant::now();
    while !(window.wrote("\x1b[?1049l") && window.wrote("Everything shown as saved is on disk.") && is_cooked(window)) {
        assert!(begun.elapsed() < Duration::from_secs(10), "the terminal was not restored");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(window.wrote("\x1b[?2004l") && window.wrote("\x1b[?1000l") && window.wrote("\x1b[?25h"));
}

#[cfg(unix)]
#[test]
fn the_terminal_is_restored_after_a_kill_also_when_it_has_been_lent() {
    let data = sample();
    let settings = [("VISUAL", "true"), ("SHELL", "/bin/sh")];
    let mut window = Window::open_with(data.path(), "Omar", &settings);
    window.press("3");
    window.wait_for("▸BACKLOG");
    assert!(!is_cooked(&window));
    window.press("E");
    window.wait_for("▸BACKLOG");
    std::thread::sleep(Duration::from_millis(300));
    assert!(!is_cooked(&window));
    window.signal(9);
    wait_restored(&mut window);
}

/// Row 112: with no memory left the program is ended, the terminal comes back, and what was shown as saved is there.
#[cfg(target_os = "linux")]
#[test]
fn out_of_memory_restores_the_terminal_and_loses_nothing() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let data = sample();
    let mut window = Window::open(data.path(), "Omar");
    window.press("3");
    window.wait_for("▸BACKLOG");
    window.press("aBefore the memory ends\r");
    window.wait_until("the story, saved", |screen| screen.contains("Added S") && screen.contains(" saved"));
    window.press("jje");
    let pid = Pid::from_raw(window.child.process_id().unwrap() as i32);
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    prlimit(pid, Resource::As, none).unwrap();
    // More than what the allocator has at hand. Nobody reads the rest once the program is gone.
    let mut keys = std::mem::replace(&mut window.keys, Box::new(std::io::sink()));
    std::thread::spawn(move || {
        let pasted = format!("\x1b[200~{}\x1b[201~", "memory ".repeat(3_000));
        while keys.write_all(pasted.as_bytes()).is_ok() {}
    });
    wait_restored(&mut window);
    assert_ne!(window.end(), 0);
    assert!(titles(data.path()).contains(&"Before the memory ends".to_string()));
}

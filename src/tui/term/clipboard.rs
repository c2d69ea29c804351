//! Copies a text to the clipboard: with a system tool if one can run, else through the terminal (OSC
//! 52), else into a file. Nothing is ever read from the clipboard.

use crate::store::file::private;
use crate::tui::term::text::{clean, clean_lines};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The most that terminals accept, before encoding: xterm stops at 100,000 bytes of base 64.
const MOST: usize = 74_000;
/// A tool that has not answered by then is stuck on a missing display.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How much of a sequence GNU screen passes on at once.
const PIECE: usize = 240;

/// A text to copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clip {
    /// `S24 as Markdown`.
    pub what: String,
    /// The name of the file if the text is too long: `s24`.
    pub name: String,
    pub text: String,
    /// The folder for the file if no clipboard accepts the text.
    pub folder: PathBuf,
}

impl Clip {
    pub fn new(what: impl Into<String>, name: &str, text: &str, folder: &Path) -> Clip {
        let name: String =
            name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
        Clip { what: what.into(), name, text: clean_lines(text).replace('\t', " "), folder: folder.to_path_buf() }
    }
}

/// The settings of the environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

fn set(read: Environment<'_>, key: &str) -> bool {
    read(key).is_some_and(|value| !value.is_empty())
}

/// A tool that puts its input on the clipboard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Tool {
    name: &'static str,
    arguments: &'static [&'static str],
    /// Expects UTF-16, as on Windows.
    wide: bool,
}

const fn tool(name: &'static str, arguments: &'static [&'static str]) -> Tool {
    Tool { name, arguments, wide: false }
}

/// The tools that have a clipboard to write to, best first.
fn tools(read: Environment<'_>) -> Vec<Tool> {
    let mut out = Vec::new();
    let remote = set(read, "SSH_CONNECTION") || set(read, "SSH_TTY");
    if set(read, "WAYLAND_DISPLAY") {
        out.push(tool("wl-copy", &[]));
    }
    if set(read, "DISPLAY") {
        out.push(tool("xclip", &["-selection", "clipboard", "-in"]));
        out.push(tool("xsel", &["--clipboard", "--input"]));
    }
    // Over ssh these would fill the clipboard of the remote machine.
    if cfg!(target_os = "macos") && !remote {
        out.push(tool("pbcopy", &[]));
    }
    if (cfg!(windows) || set(read, "WSL_DISTRO_NAME")) && !remote {
        out.push(Tool { wide: true, ..tool("clip.exe", &[]) });
    }
    // tmux passes on text given to its own command; it mostly ignores sequences of programs.
    if set(read, "TMUX") {
        out.push(tool("tmux", &["load-buffer", "-w", "-"]));
    }
    out
}

/// Copies, and returns a sentence saying how.
pub fn copy(clip: &Clip, read: Environment<'_>, send: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<String> {
    for tool in tools(read) {
        if runs(tool, &clip.text) {
            return Ok(format!("Copied {} (by {}).", clip.what, tool.name));
        }
    }
    if clip.text.len() > MOST {
        return Ok(saved(clip));
    }
    send(&sequence(&clip.text, read))?;
    Ok(format!("Copied {} (through the terminal). Not there? {{palette}} copy help", clip.what))
}

fn runs(tool: Tool, text: &str) -> bool {
    let mut command = Command::new(tool.name);
    command.args(tool.arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    let bytes = match tool.wide {
        true => std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        false => text.as_bytes().to_vec(),
    };
    // A tool that does not read must not hold up the screen.
    if let Some(mut input) = child.stdin.take()
        && std::thread::Builder::new().spawn(move || input.write_all(&bytes)).is_err()
    {
        return false;
    }
    ended_well(&mut child)
}

fn ended_well(child: &mut Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(_) => return false,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// The sequence that asks the terminal to fill the clipboard, so that tmux and screen pass it on.
fn sequence(text: &str, read: Environment<'_>) -> Vec<u8> {
    let plain = format!("\x1b]52;c;{}\x07", base64(text.as_bytes()));
    if set(read, "TMUX") {
        return format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")).into_bytes();
    }
    if set(read, "STY") {
        let mut out = Vec::new();
        let mut rest = plain.as_bytes();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at_checked(PIECE).unwrap_or((rest, &[]));
            rest = after;
            out.extend_from_slice(b"\x1bP");
            out.extend_from_slice(piece);
            out.extend_from_slice(b"\x1b\\");
        }
        return out;
    }
    plain.into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| LETTERS.get((bits & 63) as usize).map_or('=', |letter| char::from(*letter));
    let four = |[a, b, c]: [u8; 3]| {
        let bits = u32::from_be_bytes([0, a, b, c]);
        [bits >> 18, bits >> 12, bits >> 6, bits].map(letter)
    };
    let (threes, rest) = bytes.as_chunks::<3>();
    let mut out: String = threes.iter().flat_map(|three| four(*three)).collect();
    let rest = match rest {
        [a] => four([*a, 0, 0]).into_iter().take(2).chain(['=', '=']).collect(),
        [a, b] => four([*a, *b, 0]).into_iter().take(3).chain(['=']).collect(),
        _ => String::new(),
    };
    out.push_str(&rest);
    out
}

fn saved(clip: &Clip) -> String {
    let name = format!("copy-{}.md", clip.name);
    let path = clip.folder.join(&name);
    let size = clip.text.len().div_ceil(1000);
    let written = private()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)
        .and_then(|mut file| file.write_all(clip.text.as_bytes()));
    match written {
        Ok(()) => format!(
            "Too long for the terminal's clipboard ({size} kB). Saved to a file instead: {}",
            clean(&path.display().to_string())
        ),
        Err(cause) => format!(
            "Too long for the terminal's clipboard ({size} kB), and {} could not be written: {cause}.",
            clean(&path.display().to_string())
        ),
    }
}

/// The text of `copy help`, with keys as commands: how a copy would be made now, and what to do if it does not arrive.
pub fn help(read: Environment<'_>, folder: &Path) -> Vec<String> {
    let names: Vec<&str> = tools(read).iter().map(|tool| tool.name).collect();
    let mut out = vec![
        "{copy.title} copies number and title, {copy.markdown} Markdown, {copy.why} the why,".to_string(),
        "{copy.how} the how, {copy.number} the number, {copy.view} the whole view.".to_string(),
        String::new(),
    ];
    match names.as_slice() {
        [] => out.push("No tool of the system can run here, so a copy goes through the terminal (OSC 52).".to_string()),
        names => out.push(format!("Tried first: {}. Then through the terminal (OSC 52).", names.join(", "))),
    }
    out.push(String::new());
    out.push("Where nothing arrives:".to_string());
    out.push("  tmux           set -g set-clipboard on, and set -g allow-passthrough on".to_string());
    out.push("  GNU screen     passes it on to a terminal that takes OSC 52".to_string());
    out.push("  iTerm2         Settings, General, Selection: applications may access clipboard".to_string());
    out.push("  xterm          XTerm*disallowedWindowOps: 20,21,SetXprop".to_string());
    out.push("  GNOME and      terminals built on VTE before 0.76 take none: install wl-copy,".to_string());
    out.push("  others         xclip or xsel".to_string());
    out.push("  Terminal.app   takes none; here pbcopy does it, over ssh nothing can".to_string());
    out.push(String::new());
    out.push(format!("Above {} kB a copy goes to a file in {}.", MOST / 1000, folder.display()));
    out.push("The mouse copies what is shown: hold Shift while dragging.".to_string());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(keys: &'static [&'static str]) -> impl Fn(&str) -> Option<String> {
        move |key| keys.contains(&key).then(|| "1".to_string())
    }

    #[test]
    fn base_64_is_what_everybody_writes() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("→", "4oaS")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn multiplexers_get_the_sequence_wrapped() {
        assert_eq!(sequence("foo", &with(&[])), b"\x1b]52;c;Zm9v\x07");
        assert_eq!(sequence("foo", &with(&["TMUX", "STY"])), b"\x1bPtmux;\x1b\x1b]52;c;Zm9v\x07\x1b\\");
        assert_eq!(sequence("foo", &with(&["STY"])), b"\x1bP\x1b]52;c;Zm9v\x07\x1b\\");
        let long = sequence(&"x".repeat(1000), &with(&["STY"]));
        assert!(long.split(|byte| *byte == b'P').all(|piece| piece.len() <= PIECE + 4));
    }

    #[test]
    fn a_tool_runs_only_where_it_has_somewhere_to_put_it() {
        let names = |keys| tools(&with(keys)).iter().map(|tool| tool.name).collect::<Vec<_>>();
        if cfg!(target_os = "linux") {
            assert!(names(&[]).is_empty());
            assert_eq!(names(&["DISPLAY"]), ["xclip", "xsel"]);
            assert_eq!(names(&["WAYLAND_DISPLAY", "TMUX"]), ["wl-copy", "tmux"]);
            assert_eq!(names(&["WSL_DISTRO_NAME"]), ["clip.exe"]);
            assert!(names(&["WSL_DISTRO_NAME", "SSH_TTY"]).is_empty());
        }
    }

    #[test]
    fn what_is_too_long_becomes_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let clip = Clip::new("S24 as Markdown", "S24", &"ä".repeat(60_000), folder.path());
        let said = copy(&clip, &with(&[]), &mut |_| panic!("nothing is sent")).unwrap();
        assert!(
            said.starts_with("Too long for the terminal's clipboard (120 kB). Saved to a file instead: "),
            "{said}"
        );
        assert_eq!(std::fs::read_to_string(folder.path().join("copy-s24.md")).unwrap(), clip.text);
        let nowhere = Clip { folder: folder.path().join("none"), ..clip };
        assert!(copy(&nowhere, &with(&[]), &mut |_| Ok(())).unwrap().contains("could not be written"));
    }

    #[test]
    fn what_is_copied_cannot_steer_where_it_is_pasted() {
        let clip = Clip::new("S1", "S1", "a\u{1b}[31m\u{202e}b\nc", Path::new("/"));
        assert!(clip.text.chars().all(|c| c == '\n' || !c.is_control()) && !clip.text.contains('\u{202e}'));
        assert!(clip.text.ends_with("b\nc"));
    }
}

//! The program as somebody whom rights bind, or whom the system does not know.

use crate::harness::load::load;
use crate::harness::scratch::{contents, fed};
use crate::harness::window::{folder, sample};
use crate::needs::{NOBODY, OpenProgram, is_superuser, tests};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;
use whyhow::model::value::Value;

tests! {
    Rights:
        a_folder_that_may_not_be_read_is_said_and_the_terminal_never_touched,
        a_folder_that_may_only_be_read_is_read;
    Stranger:
        somebody_without_a_home_is_asked_for_a_folder;
}

/// Everything a program writes to a terminal until it ends, and its exit code.
fn in_a_terminal(command: CommandBuilder) -> (String, u32) {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let ears = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // The end of a terminal is an error of the read.
        let _ = reader.read_to_end(&mut bytes);
        bytes
    });
    let code = child.wait().unwrap().exit_code();
    drop(pair.master);
    (String::from_utf8_lossy(&ears.join().unwrap()).into_owned(), code)
}

/// Row 22: a folder that may not be read: path and reason, exit 1, and the terminal was never touched.
fn a_folder_that_may_not_be_read_is_said_and_the_terminal_never_touched() {
    let data = sample();
    let product = folder(data.path());
    std::fs::set_permissions(data.path(), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::set_permissions(&product, PermissionsExt::from_mode(0o000)).unwrap();
    let program = OpenProgram::new();
    let mut command = CommandBuilder::new(if is_superuser() { "setpriv" } else { program.path.to_str().unwrap() });
    if is_superuser() {
        // Rights do not bind the superuser: the program runs as nobody.
        command.args(NOBODY);
        command.arg(&program.path);
    }
    command.args(["--data", data.path().to_str().unwrap()]);
    let (said, code) = in_a_terminal(command);
    std::fs::set_permissions(&product, PermissionsExt::from_mode(0o700)).unwrap();
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("permission denied") && said.contains("bike-doctor"), "{said}");
    assert!(!said.contains('\x1b'), "{said:?}");
}

/// Row 21: by its rights.
fn a_folder_that_may_only_be_read_is_read() {
    let dir = tempfile::tempdir().unwrap();
    load(dir.path(), "Ferry", "{\"do\":\"add\",\"kind\":\"item\",\"set\":{\"title\":\"See the price\"}}\n");
    let every = |mode: u32, folder_mode: u32| {
        let mut open = vec![dir.path().to_path_buf()];
        while let Some(path) = open.pop() {
            let is_dir = path.is_dir();
            if is_dir {
                open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
            std::fs::set_permissions(&path, PermissionsExt::from_mode(if is_dir { folder_mode } else { mode }))
                .unwrap();
        }
    };
    every(0o444, 0o555);
    let open = OpenProgram::new();
    let program = || {
        let mut command = Command::new(&open.path);
        command.env_remove("WHYHOW_DATA").env("USER", "Omar").arg("--data").arg(dir.path());
        if is_superuser() {
            // Rights do not bind the superuser: the program runs as nobody.
            command.uid(65534).gid(65534);
        }
        command
    };
    let run = |args: &[&str], input: &str| {
        let mut command = program();
        command.args(args);
        let output = fed(command, input);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let before = contents(dir.path());
    let (code, out, said) = run(&["show", "backlog"], "");
    assert!(code == 0 && out.contains("See the price"), "{said}");
    assert_eq!(run(&["verify"], "").0, 0);
    let (code, out, _) = run(&["batch"], "{\"do\":\"set\",\"on\":\"S1\",\"set\":{\"points\":1}}\n");
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert!(code == 1 && answer["error"].as_str().unwrap().contains("permission denied"), "{answer}");
    assert_eq!(contents(dir.path()), before);
    every(0o600, 0o700);
}

/// Row 92: somebody whom the system has no home for.
fn somebody_without_a_home_is_asked_for_a_folder() {
    let program = OpenProgram::new();
    let mut command = Command::new(&program.path);
    let output = command.env_clear().current_dir("/").uid(54321).gid(54321).arg("path").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("Name a folder with --data DIR"), "{said}");
}

#!/usr/bin/env python3
"""A person at the real screen, for a fault harness: types stories, and tells which ones a whole frame called saved.

  screen.py drive ACKS PROGRAM...      types in a terminal of its own; each title that was shown as saved is a line of ACKS
  screen.py check DATA ACKS WHYHOW     exit 0: all there; 1: one is gone; 2: the product does not open

Only Python's own library. The terminal understands what whyhow sends and no more.
"""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unicodedata

ROWS, COLUMNS = 30, 110
BEGIN, END = b"\x1b[?2026h", b"\x1b[?2026l"
SEQUENCE = re.compile(rb"\x1b\[([?>]?)([0-9;:]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[78=>]")


class Screen:
    """What a terminal would show. Half a frame is not shown."""

    def __init__(self):
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.held = b""
        self.frames = 0

    def feed(self, data):
        self.held += data
        begin, end = self.held.rfind(BEGIN), self.held.rfind(END)
        if begin > end:
            whole, self.held = self.held[:begin], self.held[begin:]
        else:
            cut = max((n for n in range(1, len(BEGIN)) if self.held.endswith(BEGIN[:n])), default=0)
            whole, self.held = self.held[: len(self.held) - cut], self.held[len(self.held) - cut :]
        self.frames += whole.count(END)
        at = 0
        while at < len(whole):
            found = SEQUENCE.match(whole, at)
            if found:
                at = found.end()
                self.obey(found)
                continue
            stop = whole.find(b"\x1b", at + 1)
            stop = len(whole) if stop < 0 else stop
            self.write(whole[at:stop].decode("utf-8", "replace"))
            at = stop

    def obey(self, found):
        mark, numbers, verb = found.group(1), found.group(2), found.group(3)
        if verb == b"H" and not mark:
            row, _, column = numbers.partition(b";")
            self.row, self.column = int(row or 1) - 1, int(column or 1) - 1
        elif verb == b"J" and not mark:
            self.cells = [[" "] * COLUMNS for _ in range(ROWS)]

    def write(self, text):
        for letter in text:
            if letter == "\r":
                self.column = 0
            elif letter == "\n":
                self.row += 1
            elif letter >= " " and unicodedata.combining(letter) == 0:
                if self.row < ROWS and self.column < COLUMNS:
                    self.cells[self.row][self.column] = letter
                self.column += 2 if unicodedata.east_asian_width(letter) in "WF" else 1

    def text(self):
        return "\n".join("".join(row) for row in self.cells)


class Window:
    def __init__(self, command):
        self.screen = Screen()
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
            os.execvp(command[0], command)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.gone = False

    def look(self, seconds):
        """Reads what comes within this time."""
        if self.gone:
            return
        ready, _, _ = select.select([self.terminal], [], [], seconds)
        if ready:
            try:
                data = os.read(self.terminal, 65536)
            except OSError:
                data = b""
            self.gone = not data
            self.screen.feed(data)

    def wait(self, seen, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.gone:
            if seen(self.screen.text()):
                return True
            self.look(0.02)
        return seen(self.screen.text())

    def press(self, keys):
        try:
            os.write(self.terminal, keys.encode())
        except OSError:
            self.gone = True

    def leave(self):
        self.press("\x1b\x1bq")
        self.wait(lambda text: "again to quit" in text or "Leave without saving?" in text, 2)
        self.press("3" if "Leave without saving?" in self.screen.text() else "q")
        until = time.monotonic() + 8
        while not self.gone and time.monotonic() < until:
            self.look(0.1)
        for patience in (2, 0):
            end = time.monotonic() + patience
            while True:
                pid, status = os.waitpid(self.child, os.WNOHANG)
                if pid:
                    return os.waitstatus_to_exitcode(status)
                if time.monotonic() > end:
                    break
                time.sleep(0.02)
            os.kill(self.child, signal.SIGKILL)
        return -9


def is_saved(title):
    """The title stands in the list with a number, in a frame that says saved."""
    row = re.compile(r"S\d+ " + re.escape(title) + r"\b")
    return lambda text: bool(row.search(text)) and " saved" in text and "NOT SAVED" not in text


def drive(acks, command):
    window = Window(command)
    out = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    window.wait(lambda text: " saved" in text or "read-only" in text, 10)
    window.press("3")
    window.wait(lambda text: "BACKLOG" in text, 5)
    for n in range(20):
        title = f"Typed{n:02d}"
        window.press(f"a{title}")
        window.wait(lambda text: title in text, 2)
        window.press("\r")
        if window.wait(is_saved(title), 2.5):
            os.write(out, (title + "\n").encode())
        if n in (9, 19):
            # A pause: product.json is made fresh.
            window.wait(lambda text: False, 3.2)
        if window.gone:
            break
    code = window.leave()
    # An edit that could not be saved is told by the exit code; a fault of whyhow's own is not.
    return 101 if code == 101 else 0


def check(data, acks, program):
    titles = open(acks).read().split() if os.path.exists(acks) else []
    opened = subprocess.run([program, "--data", data, "verify"], capture_output=True, text=True)
    if opened.returncode == 2:
        print(opened.stderr)
        return 2
    shown = subprocess.run([program, "--data", data, "show", "backlog", "--json"], capture_output=True, text=True)
    if shown.returncode:
        print(shown.stderr)
        return 2 if titles else 0
    known = json.dumps(json.loads(shown.stdout))
    gone = [title for title in titles if f'"{title}"' not in known]
    if gone:
        print("shown as saved and gone:", *gone)
    return 1 if gone else 0


if __name__ == "__main__":
    verb, *rest = sys.argv[1:] or [""]
    if verb == "drive":
        sys.exit(drive(rest[0], rest[1:]))
    if verb == "check":
        sys.exit(check(*rest[:3]))
    sys.exit(__doc__)

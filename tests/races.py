#!/usr/bin/env python3
"""Another program acts while each call that whyhow makes on its files is held up: nothing that either was promised is lost.

  races.py [--jobs N] [--every N] WHYHOW      exit 0: nothing lost; 1: see the lines

A batch with a checkpoint every third line runs again and again. Each time strace holds up one of its calls, before or after
the call, and in the pause an intruder writes: another batch, a hand editor (in place or by renaming), a copy of the journal,
an older journal, an older or longer product folder. Afterwards the product has to verify, every acknowledged step has to be
in it or to come back with `repair --steps`, and the hand edit has to be in it or in `backup/`.

Needs strace and Linux; only Python's own library.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

CALLS = "openat,write,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,ftruncate,flock"
DELAY = 0.35
BEFORE = [{"do": "add", "kind": "item", "set": {"title": f"Story {n}", "points": n}} for n in (1, 2, 3)]
LINES = [{"do": "set", "on": f"S{1 + n % 3}", "set": {"points": n + 5}} for n in range(5)]
LINES += [{"do": "add", "kind": "item", "set": {"title": "Driven"}}, {"do": "undo"}, {"do": "move", "on": "S3", "to": "top"}]


def lines(all):
    return "".join(json.dumps(one) + "\n" for one in all).encode()


class Desk:
    """One product in a folder of its own."""

    def __init__(self, program):
        self.program = program
        self.root = tempfile.mkdtemp(prefix="races-")
        self.data = os.path.join(self.root, "data")
        self.acks = []
        self.batch(BEFORE, "Ann")
        self.old = os.path.join(self.root, "old")
        shutil.copytree(self.folder(), self.old)
        self.batch([{"do": "add", "kind": "item", "set": {"title": "Since then"}}], "Ann")

    def folder(self):
        return next(one.path for one in os.scandir(self.data) if one.is_dir() and one.name.startswith("shop-"))

    def command(self, *rest):
        return [self.program, "--data", self.data, "--product", "Shop", *rest]

    def batch(self, edits, by, *rest):
        done = subprocess.run(self.command("--by", by, "batch", *rest), input=lines(edits), capture_output=True)
        self.take(done.stdout)
        return done

    def take(self, answers):
        for answer in answers.splitlines():
            read = json.loads(answer)
            if read.get("ok") and read.get("id"):
                self.acks.append(answer.decode())

    def path(self, *parts):
        return os.path.join(self.folder(), *parts)

    def gone(self):
        shutil.rmtree(self.root, ignore_errors=True)


def other_batch(desk):
    desk.batch([{"do": "add", "kind": "item", "set": {"title": "By Bob"}}, {"do": "set", "on": "S2", "set": {"points": 40}}], "Bob")


def edited(desk):
    with open(desk.path("product.json")) as file:
        text = file.read()
    return text.replace('"Story 1"', '"By hand"')


def hand_rename(desk):
    with open(desk.path("by-hand"), "w") as file:
        file.write(edited(desk))
    os.rename(desk.path("by-hand"), desk.path("product.json"))


def hand_in_place(desk):
    text = edited(desk)
    with open(desk.path("product.json"), "w") as file:
        file.write(text)


def same_journal(desk):
    shutil.copy(desk.path("journal.jsonl"), desk.path("copied"))
    os.rename(desk.path("copied"), desk.path("journal.jsonl"))


def older_folder(desk):
    """As git does it: each file by renaming."""
    for name in ("product.json", "journal.jsonl"):
        shutil.copy(os.path.join(desk.old, name), desk.path("fresh"))
        os.rename(desk.path("fresh"), desk.path(name))


def older_in_place(desk):
    """As cp does it."""
    for name in ("product.json", "journal.jsonl"):
        shutil.copyfile(os.path.join(desk.old, name), desk.path(name))


def torn_tail(desk):
    """Somebody died in a write."""
    with open(desk.path("journal.jsonl"), "ab") as file:
        file.write(b'{"id":"00')


INTRUDERS = [other_batch, hand_rename, hand_in_place, same_journal, older_folder, older_in_place, torn_tail]
BY_HAND = {hand_rename, hand_in_place}
OLDER = {older_folder, older_in_place}


def traced(desk, log, *inject):
    command = ["strace", "-f", "-qq", "-o", log, "-e", "trace=" + CALLS]
    for one in inject:
        command += ["-e", one]
    command += desk.command("--by", "Omar", "batch", "--checkpoint", "3")
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def points(program):
    """The calls on the product's files, each with its number among the calls of its name, and its part of the run: 0 before the
    first write to the journal, 1, or 2 after the last one."""
    desk = Desk(program)
    log = os.path.join(desk.root, "log")
    with traced(desk, log, ) as run:
        run.communicate(lines(LINES))
    # Numbers count per thread; the writing thread is the first.
    count, out, files, writes, first = collections.Counter(), [], {}, [], None
    for line in open(log, errors="replace"):
        found = re.match(r"(\d+) (\w+)\((.*)", line)
        if not found:
            continue
        pid, call, rest = found.groups()
        first = first or pid
        if pid != first:
            continue
        count[call] += 1
        path = re.search(r'"([^"]*)"', rest)
        result = re.search(r"= (\d+)", rest)
        if call == "openat" and result:
            files[result.group(1)] = path.group(1) if path else ""
        about = path.group(1) if call != "write" and path else files.get(re.match(r"\d*", rest).group(0), "")
        if desk.data in about and not (call == "openat" and "O_CREAT" not in rest and "O_WRONLY" not in rest):
            out.append((call, count[call]))
            if call in ("write", "fdatasync") and about.endswith("journal.jsonl"):
                writes.append(len(out) - 1)
    desk.gone()
    return [(call, nth, (at > writes[0]) + (at > writes[-1])) for at, (call, nth) in enumerate(out)]


def is_held(pid):
    """True while strace holds a thread of the program."""
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "t":
                    return True
    except OSError:
        pass
    return False


def program_of(strace):
    try:
        with open(f"/proc/{strace}/task/{strace}/children") as file:
            return next(iter(file.read().split()), None)
    except OSError:
        return None


def play(program, call, nth, part, intruder, when):
    """Returns what is wrong, or None."""
    desk = Desk(program)
    try:
        run = traced(desk, os.path.join(desk.root, "log"), f"inject={call}:delay_{when}={int(DELAY * 1e6)}:when={nth}")
        run.stdin.write(lines(LINES))
        run.stdin.close()
        run.stdin = None
        held, begun = 0, time.time()
        while run.poll() is None and held < 3 and time.time() - begun < 10:
            time.sleep(0.02)
            child = program_of(run.pid)
            held = held + 1 if child and is_held(child) else 0
        acted = run.poll() is None
        if acted:
            intruder(desk)
        if intruder in OLDER and part == 0:
            # Nobody had read yet what the older files lack.
            desk.acks.pop()
        answers, said = run.communicate(timeout=60)
        desk.take(answers)
        if not acted:
            return "never held"
        if run.returncode not in (0, 1):
            return f"ended with {run.returncode}: {said.decode()[-300:]}"
        # Opened once more, as the next person does.
        desk.batch([{"do": "set", "on": "S1", "set": {"points": 1}}], "Ann")
        subprocess.run(desk.command("repair", "--steps"), capture_output=True)
        acks = os.path.join(desk.root, "acks")
        with open(acks, "w") as file:
            file.write("\n".join(desk.acks) + "\n")
        checked = subprocess.run(desk.command("verify", "--acks", acks), capture_output=True)
        if checked.returncode and not (intruder in OLDER and part == 2 and checked.returncode == 1):
            return f"verify ends with {checked.returncode}: {checked.stderr.decode()[-400:]} / {said.decode()[-300:]}"
        if intruder in BY_HAND:
            shown = subprocess.run(desk.command("show", "backlog"), capture_output=True).stdout.decode()
            kept = [os.path.join(desk.path("backup"), name) for name in os.listdir(desk.path("backup"))]
            if "By hand" not in shown and not any("By hand" in open(one, errors="replace").read() for one in kept):
                return f"the edit by hand is nowhere: {said.decode()[-300:]}"
        return None
    except Exception as error:  # a fault of this harness counts as one
        return f"{type(error).__name__}: {error}"
    finally:
        desk.gone()


def editor(program, edits):
    """A hand editor against a batch with a checkpoint after every line. Returns how many edits were lost or taken in twice."""
    desk = Desk(program)
    run = subprocess.Popen(
        desk.command("--by", "Omar", "batch", "--checkpoint", "1"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    going = True

    def feed():
        n = 0
        while going:
            n += 1
            run.stdin.write(lines([{"do": "set", "on": "S2", "set": {"points": 1 + n % 50}}]))
            run.stdin.flush()
            run.stdout.readline()

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        feeding = pool.submit(feed)

        known, seen = {}, set()

        def logged():
            """The steps of the editor, by their lines: one that is copied into the next segment is one step."""
            folder = desk.path("journal")
            closed = [os.path.join(folder, name) for name in os.listdir(folder)] if os.path.isdir(folder) else []
            for path in [*[one for one in closed if one not in seen], desk.path("journal.jsonl")]:
                seen.add(path)
                for line in open(path, errors="replace"):
                    if '"by":"outside"' in line:
                        known[line] = True
            return known

        lost = 0
        for n in range(edits):
            title = f"By hand {n}"
            with open(desk.path("product.json")) as file:
                text = re.sub(r'"title": "(Story 1|By hand \d+)"', f'"title": "{title}"', file.read())
            if n == 0 and title not in text:
                sys.exit("the editor does not find the title of S1")
            with open(desk.path("by-hand"), "w") as file:
                file.write(text)
            os.rename(desk.path("by-hand"), desk.path("product.json"))
            begun = time.time()
            while not (found := [line for line in logged() if f'"to":"{title}"' in line]) and time.time() - begun < 5:
                time.sleep(0.001)
            if not found:
                backups = [os.path.join(desk.path("backup"), name) for name in os.listdir(desk.path("backup"))]
                kept = [path for path in backups if title in open(path, errors="replace").read()]
                print(f"{title} is in no step; in backup: {len(kept)}", flush=True)
                lost += not kept
        written = re.compile(r'"field":"title","from":"[^"]*","to":"(By hand \d+)"')
        counts = collections.Counter(title for line in logged() for title in written.findall(line))
        twice = sum(n > 1 for n in counts.values())
        going = False
    run.stdin.close()
    run.wait()
    verified = subprocess.run(desk.command("verify"), capture_output=True)
    desk.gone()
    print(f"{edits} edits by hand, {lost} lost, {twice} taken in twice; verify ends with {verified.returncode}")
    return lost + twice + verified.returncode


def main():
    wants = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wants.add_argument("program")
    wants.add_argument("--jobs", type=int, default=4)
    wants.add_argument("--every", type=int, default=1, help="only every N-th point")
    wants.add_argument("--editor", type=int, metavar="N", help="N edits by hand instead, against a checkpoint after every line")
    asked = wants.parse_args()
    program = os.path.abspath(asked.program)
    if asked.editor:
        return 1 if editor(program, asked.editor) else 0
    all = [
        (call, nth, part, intruder, when)
        for call, nth, part in points(program)
        for intruder in INTRUDERS
        for when in ("enter", "exit")
    ][:: asked.every]
    tried, failed, idle = collections.Counter(), 0, 0
    with concurrent.futures.ThreadPoolExecutor(asked.jobs) as pool:
        runs = {pool.submit(play, program, *point): point for point in all}
        for run in concurrent.futures.as_completed(runs):
            call, nth, _, intruder, when = runs[run]
            wrong = run.result()
            if wrong == "never held":
                idle += 1
                continue
            tried[intruder.__name__] += 1
            if wrong:
                failed += 1
                print(f"{call} {nth} {when} {intruder.__name__}: {wrong}", flush=True)
    print(f"{sum(tried.values())} points tried, {failed} failed, {idle} never held:", dict(tried))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

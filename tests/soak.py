#!/usr/bin/env python3
"""A day's work in a short time: two screens, two batches and an import on one product, while everything goes wrong.

  soak.py [--minutes M] WHYHOW      exit 0: nothing lost, and the screens said nothing that is not so

The screens type stories and note which ones a whole frame called saved; the batches and the import note what was
acknowledged. Meanwhile screens are stopped and resumed, killed, and get half a key sequence or a long control string; the
folder is under git and older states are checked out or copied back; the disk is full for a while. A restore waits until the
screens have read everything, since nobody can keep what nobody knows. At the end the kept steps are brought back: every
acknowledged step has to be there (`verify --acks`), and every title that was shown as saved.

Needs Linux, git and the right to mount a small disk (without it, the disk is never full); only Python's own library.
"""
import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from screen import Window, is_saved  # noqa: E402

HALVES = [b"\x1b[", b"\x1b]11;rgb:", b"\xf0\x9f", b"\x1b[<0;0;5M", b"\x1bP" + b"qaDd" * 5000 + b"\x1b\\", b"\x1b[200~half\x1b[201~"]


class Day:
    def __init__(self, program, minutes):
        self.program, self.until = program, time.monotonic() + 60 * minutes
        self.root = tempfile.mkdtemp(prefix="soak-")
        self.data = os.path.join(self.root, "data")
        os.mkdir(self.data)
        mount = ["mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", self.data]
        self.mounted = subprocess.run(mount, capture_output=True).returncode == 0
        self.acks, self.promised, self.told = [], set(), {}
        # Held by whoever restores; others hold it for one act.
        self.calm = threading.Lock()
        self.counts = {}
        self.faults = []
        self.batch([{"do": "add", "kind": "item", "set": {"title": f"Story {n}"}} for n in range(5)], "Ann")

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def going(self):
        return time.monotonic() < self.until

    def run(self, *rest, **more):
        command = [self.program, "--data", self.data, "--product", "Shop", *rest]
        return subprocess.run(command, capture_output=True, timeout=120, **more)

    def folder(self):
        return next(one.path for one in os.scandir(self.data) if one.is_dir() and one.name.startswith("shop-"))

    def batch(self, edits, by):
        done = self.run("--by", by, "batch", input="".join(json.dumps(one) + "\n" for one in edits).encode())
        for answer in done.stdout.decode().splitlines():
            if json.loads(answer).get("ok"):
                self.acks.append(answer)
        if done.returncode not in (0, 1):
            self.faults.append(f"batch ends with {done.returncode}: {done.stderr.decode()[-300:]}")

    def batches(self, by):
        n = 0
        while self.going():
            with self.calm:
                n += 1
                kind = random.choice(["item", "item", "goal", "feedback"])
                title = "quote" if kind == "feedback" else "title"
                self.batch([{"do": "add", "kind": kind, "set": {title: f"{by} {n}"}}, {"do": "undo"}][: random.choice([1, 1, 2])], by)
                self.count("batches")
            time.sleep(random.uniform(0.2, 1.2))

    def imports(self):
        n = 0
        while self.going():
            n += 1
            path = os.path.join(self.root, "issues.json")
            issues = [{"number": k, "title": f"Issue {k}", "state": "OPEN", "url": f"https://github.com/a/b/issues/{k}"} for k in range(1, 3 * n)]
            with open(path, "w") as file:
                json.dump(issues, file)
            with self.calm:
                done = self.run("--by", "Ann", "import", path)
                self.count("imports")
                if done.returncode == 0:
                    self.promised.update(issue["title"] for issue in issues)
                elif done.returncode == 101:
                    self.faults.append("import: " + done.stderr.decode()[-300:])
            time.sleep(20)

    def screen(self, by):
        n, window = 0, None
        while self.going():
            if window is None or window.gone:
                window = Window([self.program, "--data", self.data, "--product", "Shop", "--by", by])
                window.wait(lambda text: " saved" in text or "read-only" in text, 15)
                time.sleep(0.2)
                window.press("3")
                window.wait(lambda text: "BACKLOG" in text, 5)
                self.told[by] = window
            n += 1
            title = f"{by}{n:04d}"
            time.sleep(0.15)
            window.press("\x1b")
            time.sleep(0.15)
            window.press(f"a{title}")
            window.wait(lambda text: title in text, 2)
            time.sleep(0.15)
            window.press("\r")
            if window.wait(is_saved(title), 8):
                self.promised.add(title)
                self.count("titles shown as saved")
            if random.random() < 0.15:
                os.write(window.terminal, random.choice(HALVES))
                self.count("halves of sequences")
                window.look(0.1)
            if random.random() < 0.02:
                os.kill(window.child, signal.SIGKILL)
                window.wait(lambda text: False, 0.3)
                os.waitpid(window.child, 0)
                os.close(window.terminal)
                window = None
                self.count("kills")
        if window:
            window.wait(lambda text: " saved" in text and "NOT SAVED" not in text, 20)
            code = window.leave()
            if code != 0:
                self.faults.append(f"the screen of {by} ends with {code}")

    def git(self, *rest):
        return subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *rest], cwd=self.folder(), capture_output=True)

    def stop_one(self):
        window = random.choice(list(self.told.values()))
        try:
            os.kill(window.child, signal.SIGSTOP)
            time.sleep(random.uniform(0.5, 2.5))
            os.kill(window.child, signal.SIGCONT)
        except ProcessLookupError:
            return
        self.count("stops")

    def fill(self):
        if not self.mounted:
            return
        with open(os.path.join(self.data, "filler"), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        time.sleep(2)
        os.remove(os.path.join(self.data, "filler"))
        self.count("full disks")

    def restore(self):
        """Batches and imports wait, and the screens read everything, before an older state is put in the place."""
        with self.calm:
            time.sleep(2.5)
            self.git("init")
            self.git("add", "-A")
            self.git("commit", "-m", "state")
            old = os.path.join(self.root, "old")
            if random.random() < 0.5:
                self.git("checkout", "HEAD~1", "--", ".")
                self.count("git checkouts")
            elif os.path.isdir(old):
                for name in ("product.json", "journal.jsonl"):
                    shutil.copyfile(os.path.join(old, name), os.path.join(self.folder(), name))
                self.count("copies put back")
            shutil.rmtree(old, ignore_errors=True)
            shutil.copytree(self.folder(), old, ignore=shutil.ignore_patterns(".git"))
            time.sleep(2.5)

    def trouble(self):
        while self.going():
            time.sleep(random.uniform(2, 6))
            random.choice([self.stop_one, self.stop_one, self.fill, self.restore])()

    def end(self):
        for _ in range(3):
            self.run("repair", "--steps")
        acks = os.path.join(self.root, "acks")
        with open(acks, "w") as file:
            file.write("\n".join(self.acks) + "\n")
        checked = self.run("verify", "--acks", acks)
        shown = json.loads(self.run("show", "backlog", "--json").stdout)
        titles = set(re.findall(r'"title": "((?:[^"\\]|\\.)*)"', json.dumps(shown)))
        gone = sorted(self.promised - titles)
        print(f"{len(self.acks)} acknowledged steps, {len(self.promised)} titles; {self.counts}")
        print(f"verify --acks ends with {checked.returncode}: {checked.stderr.decode()[-600:]}")
        print(f"{len(gone)} titles that were shown as saved are gone: {gone[:10]}")
        for fault in self.faults:
            print(fault)
        failed = checked.returncode or gone or self.faults
        if failed:
            kept = shutil.copytree(self.data, os.path.join(tempfile.gettempdir(), "soak-failed"), dirs_exist_ok=True)
            print(f"the folder is in {kept}")
        if self.mounted:
            subprocess.run(["umount", "-l", self.data], capture_output=True)
        shutil.rmtree(self.root, ignore_errors=True)
        return 1 if failed else 0


def main():
    wants = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wants.add_argument("program")
    wants.add_argument("--minutes", type=float, default=60)
    wants.add_argument("--seed", type=int, default=1)
    asked = wants.parse_args()
    random.seed(asked.seed)
    day = Day(os.path.abspath(asked.program), asked.minutes)
    work = [(day.batches, "Bob"), (day.batches, "Eve"), (day.screen, "Mia"), (day.screen, "Omar"), (day.imports,), (day.trouble,)]
    threads = [threading.Thread(target=act, args=rest) for act, *rest in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return day.end()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env bash
# Makes docs/picture.txt: the screen of the sample product as text. Needs tmux and a built whyhow.
# Usage: docs/picture.sh [PROGRAM]      default: target/release/whyhow, else target/debug/whyhow
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:-target/release/whyhow}
[ -x "$program" ] || program=target/debug/whyhow
program=$(realpath "$program")
data=$(mktemp -d)
socket="whyhow-picture-$$"
trap 'tmux -L "$socket" kill-server 2>/dev/null || true; rm -rf "$data"' EXIT

"$program" --data "$data" --product Shed batch docs/sample.jsonl >/dev/null

tmux -L "$socket" -f /dev/null new-session -d -x 112 -y 30 \
    "TERM=screen-256color LC_ALL=C.UTF-8 '$program' --data '$data' --as both --by Omar"
wait_for() {
    for _ in $(seq 100); do
        tmux -L "$socket" capture-pane -p | grep -q "$1" && return 0
        sleep 0.1
    done
    echo "The screen never showed: $1" >&2
    return 1
}
wait_for 'VISION'
tmux -L "$socket" send-keys 3
wait_for 'Reserve a tool'
sleep 0.3
tmux -L "$socket" capture-pane -p | sed 's/[[:space:]]*$//' >docs/picture.txt
tmux -L "$socket" send-keys q q
cat docs/picture.txt

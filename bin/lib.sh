# Shared by the scripts of bin/: one-line errors, steps with progress, stamps.
# Sourced, not run. The scripts work on the checkout they lie in, from any folder.

set -euo pipefail
CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$CHECKOUT"
NOTES=.gridboard            # stamps and the log of the last step; never committed
LOG=$NOTES/setup.log
VENV=.venv

# The settings of .env, unless the environment has them already.
if [ -f .env ]; then
  while IFS='=' read -r name value; do
    value=${value#[\"\']} value=${value%[\"\']}
    [ -n "${!name:-}" ] || export "$name=$value"
  done < <(grep -E '^GRIDBOARD_[A-Z_]+=' .env)
fi

say() { printf '%s\n' "$*"; }

fail() {
  printf 'gridboard: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The line of a log that says most about a failure.
reason_in() {
  awk '!found && /^ *(E:|ERROR:|npm (error|ERR!)) / && !/log of this run/ { found = $0 }
    END { $0 = found ? found : $0; sub(/^ */, ""); print }' "$1"
}

# step TITLE TOTAL PATTERN COMMAND...
# Runs a command with its output in the log and its progress on the screen: a bar of the lines
# matching PATTERN out of TOTAL expected ones, or only the seconds where TOTAL is 0.
step() {
  local title=$1 total=$2 pattern=$3 painter started=$SECONDS status=0
  shift 3
  mkdir -p "$NOTES"
  : >"$LOG"
  # The command stays in the foreground, so that Ctrl-C and sudo's question reach it.
  paint "$title" "$total" "$pattern" &
  painter=$!
  "$@" >"$LOG" 2>&1 || status=$?
  kill "$painter" 2>/dev/null || true
  wait "$painter" 2>/dev/null || true
  [ -t 1 ] && printf '\r\033[K'
  [ "$status" -eq 0 ] || fail "$title failed: $(reason_in "$LOG") (all of it: $CHECKOUT/$LOG)"
  say "$title: done in $((SECONDS - started)) s"
}

# What step shows while its command runs; at a terminal five times a second, else rarely.
paint() {
  local title=$1 total=$2 pattern=$3 started=$SECONDS done_lines filled bar
  while :; do
    if [ -t 1 ]; then
      if [ "$total" -gt 0 ]; then
        done_lines=$(grep -cE "$pattern" "$LOG" 2>/dev/null || true)
        filled=$((${done_lines:-0} * 24 / total))
        [ "$filled" -le 24 ] || filled=24
        bar=$(printf '%*s' "$filled" '' | tr ' ' '#')$(printf '%*s' $((24 - filled)) '' | tr ' ' '.')
        printf '\r\033[K%s [%s] %d s' "$title" "$bar" $((SECONDS - started))
      else
        printf '\r\033[K%s ... %d s' "$title" $((SECONDS - started))
      fi
      sleep 0.2
    else
      sleep 10
      printf '%s ... %d s\n' "$title" $((SECONDS - started))
    fi
  done
}

# A stamp says which inputs a step last succeeded with.
fingerprint() { cat "$@" 2>/dev/null | cksum | tr -d ' \n'; }
stamped() { [ "$(cat "$NOTES/$1.stamp" 2>/dev/null)" = "$2" ]; }
stamp() {
  mkdir -p "$NOTES"
  printf '%s' "$2" >"$NOTES/$1.stamp"
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
makes_venvs() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# as_root COMMAND...: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Whether packages can be installed at all: apt, and the right to use it.
can_install() { have apt-get && { [ "$(id -u)" -eq 0 ] || have sudo; }; }

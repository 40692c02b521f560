# Output of the scripts: steps with their seconds, and long output in a log that is printed if the step fails.
# Sourced by bash scripts; only defines functions.

say() { printf '%s\n' "$*"; }

# fail MESSAGE [FIX...]: prints what is wrong and what helps, and exits.
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  while [ $# -gt 0 ]; do printf '  fix: %s\n' "$1" >&2; shift; done
  exit 1
}

# step TITLE COMMAND...: runs the command with its output in a log; prints a line every ten seconds.
step() {
  local title=$1 log started pid status=0 ticks=0
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/aedev-step.XXXXXX")
  started=$(date +%s)
  printf '  %s ...\n' "$title"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  # A background command ignores the keyboard's interrupt: pass it on.
  trap 'kill -TERM "$pid" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    ticks=$((ticks + 1))
    if [ $((ticks % 50)) -eq 0 ]; then
      printf '    %ss: %s\n' "$(($(date +%s) - started))" "$(tail -n 1 "$log" | tr -d '\r' | cut -c1-100)"
    fi
  done
  wait "$pid" || status=$?
  trap - INT TERM
  if [ "$status" -eq 0 ]; then
    printf '  %s: done in %s s\n' "$title" "$(($(date +%s) - started))"
  else
    printf '  %s: failed (exit %s); the last lines were:\n' "$title" "$status" >&2
    tail -n 25 "$log" | sed 's/^/    | /' >&2
  fi
  rm -f "$log"
  return "$status"
}

# bounded SECONDS COMMAND...: runs the command with a time limit, if the machine has timeout(1).
bounded() {
  local seconds=$1
  shift
  if command -v timeout >/dev/null 2>&1; then timeout -k 5 "$seconds" "$@"; else "$@"; fi
}

sha256() { if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -d' ' -f1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

cache_dir() { printf '%s/aedev\n' "${XDG_CACHE_HOME:-${HOME:-/root}/.cache}"; }

# The record of what set-up changed on this machine: lines "KIND VALUE". --undo uses nothing else.
# An image has its id and its engine's beside its name. Kept per machine for root, else per user. Sourced after say.sh.

if is_root; then record_dir=/var/lib/aedev-setup; else record_dir=${XDG_STATE_HOME:-${HOME:-/tmp}/.local/state}/aedev-setup; fi
record_file=$record_dir/record

# record KIND VALUE: adds the line once.
record() {
  mkdir -p "$record_dir"
  if ! grep -qxF -- "$1 $2" "$record_file" 2>/dev/null; then printf '%s %s\n' "$1" "$2" >>"$record_file"; fi
}

# recorded KIND: its values, one per line.
recorded() { sed -n "s/^$1 //p" "$record_file" 2>/dev/null || true; }

# forget KIND [VALUE]: drops every line of that kind, or the one with that value.
forget() {
  local kept
  if [ ! -f "$record_file" ]; then return 0; fi
  kept=$(if [ $# -gt 1 ]; then grep -vxF -- "$1 $2" "$record_file"; else grep -v "^$1 " "$record_file"; fi) || true
  printf '%s' "${kept:+$kept$'\n'}" >"$record_file.new" && mv "$record_file.new" "$record_file"
}

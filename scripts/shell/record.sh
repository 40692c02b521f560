# The record of what set-up changed on this machine: lines "KIND VALUE". --undo uses nothing else.
# Kept per machine for root, else per user. Sourced after say.sh.

if is_root; then record_dir=/var/lib/aedev-setup; else record_dir=${XDG_STATE_HOME:-${HOME:-/tmp}/.local/state}/aedev-setup; fi
record_file=$record_dir/record

# record KIND VALUE: adds the line once.
record() {
  mkdir -p "$record_dir"
  if ! grep -qxF -- "$1 $2" "$record_file" 2>/dev/null; then printf '%s %s\n' "$1" "$2" >>"$record_file"; fi
}

# recorded KIND: its values, one per line.
recorded() { sed -n "s/^$1 //p" "$record_file" 2>/dev/null || true; }

# forget KIND: drops every line of that kind.
forget() {
  if [ -f "$record_file" ]; then
    sed -i "/^$1 /d" "$record_file"
  fi
}

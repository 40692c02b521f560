# Undoes what set-up recorded on this machine, and nothing else.
# Sourced after say.sh, record.sh and engine.sh.

list_undo() {
  local value
  for value in $(recorded image); do say "  image     $value"; done
  recorded engine | while read -r value _; do say "  engine    dockerd, process $value"; done
  for value in $(recorded service); do say "  service   $value (stopped)"; done
  for value in $(recorded cache); do say "  cache     $value"; done
  if [ -n "$(recorded package)" ]; then say "  packages  $(recorded package | tr '\n' ' ')"; fi
}

undo_all() {
  local image path engine
  for engine in $(recorded cache | sed 's|$|/test-engine|'); do
    for path in "$engine"/*/dir; do
      if [ -f "$path" ]; then AEDEV_TEST_ENGINE_DIR=$(cat "$path") "$root/scripts/test-engine" down || true; fi
    done
  done
  if [ -n "$(recorded image)" ] && engine_answers; then
    for image in $(recorded image); do
      docker image rm -f "$image" >/dev/null 2>&1 || say "  image $image: missing, or in use by a container"
    done
  fi
  forget image
  local data_is_ours=no
  if [ -n "$(recorded data-root)" ] && engine_answers && engine_is_empty; then data_is_ours=yes; fi
  stop_recorded_engine
  for path in $(recorded service); do systemctl stop "$path" docker.socket 2>/dev/null || true; done
  forget service
  if recorded package | grep -qx docker.io && has_systemd; then systemctl stop docker.socket docker 2>/dev/null || true; fi
  if ! engine_answers; then undo_network; fi
  undo_packages
  for path in $(recorded data-root); do
    if [ "$data_is_ours" = yes ]; then
      remove_tree "$path"
    elif [ -e "$path" ]; then
      say "  $path is kept: it has images, containers or volumes that set-up did not make"
    fi
  done
  forget data-root
  for path in $(recorded cache) $(recorded log); do
    case $path in */aedev | /var/log/aedev-dockerd.log) remove_tree "$path" ;; esac
  done
  rm -rf "$record_dir"
}

# remove_tree PATH: removes it, with the mounts that an engine left on or below it.
remove_tree() {
  local mount
  for mount in $(cut -d' ' -f2 /proc/mounts | grep -E "^$1(/|\$)" | LC_ALL=C sort -r); do umount "$mount" 2>/dev/null || true; done
  rm -rf --one-file-system "$1" || say "  $1 could not be removed completely; remove it with: rm -rf $1"
}

engine_is_empty() { [ -z "$(docker ps -aq)$(docker image ls -q)$(docker volume ls -q)" ]; }

# Ends the engine only if it is still the process that was started.
stop_recorded_engine() {
  local pid stamp waited=0
  read -r pid stamp <<<"$(recorded engine)" || true
  if [ -n "${pid:-}" ] && [ -n "$stamp" ] && [ "$(process_stamp "$pid")" = "$stamp" ]; then
    say "  stopping dockerd, process $pid"
    kill -TERM "$pid" 2>/dev/null || true
    while [ "$(process_stamp "$pid")" = "$stamp" ] && [ "$waited" -lt 150 ]; do
      sleep 0.2
      waited=$((waited + 1))
    done
  fi
  forget engine
}

# The engine's bridge and chains outlive it: removes them and restores forwarding.
undo_network() {
  local policy forward table
  policy=$(recorded forward-policy) forward=$(recorded ip-forward)
  if [ -z "$policy" ]; then return 0; fi
  ip link delete docker0 2>/dev/null || true
  for table in nat filter; do
    iptables-save -t "$table" 2>/dev/null | grep -vE 'DOCKER|docker0' | iptables-restore 2>/dev/null || true
  done
  iptables -P FORWARD "$policy" 2>/dev/null || true
  printf '%s\n' "$forward" >/proc/sys/net/ipv4/ip_forward 2>/dev/null || true
  forget forward-policy
  forget ip-forward
}

# Purges what was installed; keeps a package that something installed later needs.
undo_packages() {
  local packages also
  packages=$(recorded package)
  if [ -z "$packages" ]; then return; fi
  # shellcheck disable=SC2086
  also=$(apt-get -s purge $packages 2>/dev/null | sed -n 's/^\(Remv\|Purg\) \([^ ]*\) .*/\2/p' | LC_ALL=C sort -u | LC_ALL=C comm -23 - <(printf '%s\n' $packages | LC_ALL=C sort -u))
  if [ -n "$also" ]; then
    say "  the packages are kept, because these packages need them now: $(tr '\n' ' ' <<<"$also")"
    say "    remove them with: apt-get purge $(tr '\n' ' ' <<<"$packages")"
  else
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive step "removing the packages" apt-get -o DPkg::Lock::Timeout=120 purge -y $packages ||
      fail "the packages could not be removed" "apt-get purge $(tr '\n' ' ' <<<"$packages")"
  fi
  forget package
}

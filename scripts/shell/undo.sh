# Undoes what set-up recorded on this machine, and nothing else. It purges no package, because Debian's docker.io then deletes all Docker data, and stops
# before it changes anything while a daemon, a container or a test engine needs what would go. Each item is checked after its removal: what is still
# there stays in the record, for the next --undo. Sourced after say.sh, record.sh and engine.sh.

# The engine that set-up installs or starts, whatever engine the caller's environment names.
own_docker() { (unset DOCKER_CONTEXT && export DOCKER_HOST=unix:///var/run/docker.sock && bounded 60 docker "$@"); }

own_engine_answers() { command -v docker >/dev/null 2>&1 && own_docker version >/dev/null 2>&1; }

# True if the undo stops the engine.
undoes_engine() { [ -n "$(recorded engine)$(recorded service)" ] || recorded package | grep -qxE 'docker\.io|containerd|runc'; }

data_root() { recorded data-root | grep . || echo /var/lib/docker; }

list_undo() {
  local value
  # A package that somebody removed since is not set-up's if it is installed again.
  for value in $(recorded package); do if ! installed_packages | grep -qxF -- "$value"; then forget package "$value"; fi; done
  recorded image | while read -r value _; do say "  image     $value"; done
  recorded engine | while read -r value _; do say "  engine    dockerd, process $value (ended)"; done
  for value in $(recorded service); do say "  service   $value (stopped)"; done
  if [ -n "$(recorded package)" ]; then say "  packages  $(recorded package | tr '\n' ' ')"; fi
  recorded data-root | while read -r value; do say "  data      $value, if nothing but set-up's images is in it"; done
  recorded cache | while read -r value; do say "  cache     $value"; done
}

# --- what is in use ---

# Every process: PID and its command line.
processes() {
  local entry
  if [ ! -d /proc/self ]; then ps -axo pid=,command=; return; fi
  for entry in /proc/[0-9]*; do
    printf '%s %s\n' "${entry#/proc/}" "$(tr '\0' ' ' 2>/dev/null <"$entry/cmdline")"
  done
}

# A line for each daemon of aedev, of any checkout, home and account.
daemons_in_use() {
  processes | sed -nE 's#^ *([0-9]+) .* (/.*)/(packages/daemon/src/main\.ts|dist/daemon-main\.mjs) ([^ ].*[^ ]) *$#\1\t\2\t\4#p' | while IFS=$'\t' read -r pid checkout home; do
    say "  daemon     process $pid of the home $home; end it with: AEDEV_HOME='$home' '$checkout/bin/aedev' daemon stop"
  done
}

# test_engine_dirs: the folder of each test engine that was not taken down.
test_engine_dirs() {
  local path
  recorded cache | while read -r path; do cat "$path"/test-engine/*/dir 2>/dev/null || true; done
}

lives() { read -r pid stamp 2>/dev/null <"$1" && [ -n "$stamp" ] && [ "$(process_stamp "$pid")" = "$stamp" ]; }

# A line for each test engine that runs and whose owner, if it has one, lives.
test_engines_in_use() {
  local dir pid stamp
  test_engine_dirs | while read -r dir; do
    if ! lives "$dir/daemon" || { [ -s "$dir/owner" ] && ! lives "$dir/owner"; }; then continue; fi
    say "  test engine  $dir; end it with: AEDEV_TEST_ENGINE_DIR=$dir $root/scripts/test-engine down"
  done
}

# A line for each container of the engine, and for each of containerd's other users.
containers_in_use() {
  local names path
  if own_engine_answers; then
    names=$(own_docker ps -a --format '{{.Names}} ({{.Image}}, {{.State}})') || names="(they can't be listed)"
  else
    names=$(for path in "$(data_root)"/containers/*/; do
      if [ -d "$path" ]; then sed -nE 's|.*"Name":"/?([^"]*)".*|\1|p' "$path/config.v2.json" 2>/dev/null | grep . || basename "$path"; fi
    done)
  fi
  if [ -n "$names" ]; then sed 's/^/  container  /' <<<"$names"; fi
  if [ -S /run/containerd/containerd.sock ] && command -v ctr >/dev/null 2>&1; then
    bounded 10 ctr namespaces ls -q 2>/dev/null | grep -vxE 'moby|plugins\.moby|aedev-te-.*' | sed 's/^/  containerd  the namespace /' || true
  fi
}

in_use() {
  daemons_in_use
  test_engines_in_use
  if undoes_engine; then containers_in_use; fi
}

refuse_if_in_use() {
  local found
  found=$(in_use)
  if [ -n "$found" ]; then
    printf '%s\n' "in use now:" "$found" >&2
    fail "nothing was changed, because what set-up made is in use" "end or remove what is listed above, then run this again"
  fi
}

# --- undoing ---

undo_all() {
  undo_test_engines
  undo_images
  data_is_ours=no engine_was_ours=no
  if undoes_engine; then engine_was_ours=yes; fi
  if [ -n "$(recorded data-root)" ] && engine_is_empty; then data_is_ours=yes; fi
  stop_recorded_engine
  stop_recorded_service
  if ! own_engine_answers; then undo_network; fi
  undo_packages
  undo_data
  undo_cache
  if [ -s "$record_file" ]; then
    say "undone, except what is named as kept; $record_file still lists it for the next --undo"
  else
    rm -rf "$record_dir"
    say "undone"
  fi
}

keep() { say "  kept: $*"; }

undo_test_engines() {
  local dir
  # Its owner died without ending it: nobody uses it.
  for dir in $(test_engine_dirs); do if [ -x "$root/scripts/test-engine" ]; then AEDEV_TEST_ENGINE_DIR=$dir "$root/scripts/test-engine" down || true; fi; done
}

# Removes set-up's images by name, from the engine where they were made, if they still are those images.
undo_images() {
  local tag id engine current here
  here=$(bounded 10 docker info --format '{{.ID}}' 2>/dev/null) || here=
  recorded image | while read -r tag id engine; do
    if [ -z "$here" ] || [ "${engine:-$here}" != "$here" ]; then
      keep "image $tag: the engine that has it does not answer here (DOCKER_HOST)"
      continue
    fi
    if ! current=$(bounded 20 docker image inspect --format '{{.Id}} {{with .Config.Labels}}{{index . "aedev.inputs"}}{{index . "aedev.base"}}{{end}}' "$tag" 2>/dev/null); then
      # An image is gone only if the engine says so.
      if bounded 20 docker image ls -q >/dev/null 2>&1; then forget image "$tag${id:+ $id}${engine:+ $engine}"; else keep "image $tag: the engine did not answer"; fi
      continue
    fi
    # Set-up did not always record the id; then the label says whose image it is.
    if [ "${id:-${current%% *}}" != "${current%% *}" ] || { [ -z "$id" ] && [ -z "${current#* }" ]; }; then
      keep "image $tag: another image has this name now"
      forget image "$tag${id:+ $id}${engine:+ $engine}"
    # Never by force, which would take it from a stopped container.
    elif bounded 60 docker image rm "$tag" </dev/null >/dev/null 2>&1 && ! docker image inspect "$tag" >/dev/null 2>&1; then
      forget image "$tag${id:+ $id}${engine:+ $engine}"
    else
      keep "image $tag: a container or another image uses it (docker ps -a --filter ancestor=$tag)"
    fi
  done
}

# True only if the engine says that it has nothing: an engine that does not answer may have anything.
engine_is_empty() {
  local found
  found=$(own_docker ps -aq && own_docker image ls -aq && own_docker volume ls -q && own_docker network ls -q --filter type=custom) 2>/dev/null && [ -z "$found" ]
}

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
    if [ "$(process_stamp "$pid")" = "$stamp" ]; then fail "dockerd, process $pid, did not end; nothing else was changed" "see $(recorded log)"; fi
  fi
  forget engine
}

# Where systemd runs, installing the package started the service.
stop_recorded_service() {
  if [ -z "$(recorded service)" ] && ! { has_systemd && recorded package | grep -qxF docker.io; }; then return 0; fi
  systemctl stop docker.socket docker 2>/dev/null || true
  if systemctl is-active --quiet docker; then fail "the service docker did not stop" "systemctl status docker"; fi
  forget service
}

# The engine's bridge and chains outlive it: removes them and restores forwarding. Another engine in this network namespace needs them.
undo_network() {
  local policy forward table
  policy=$(recorded forward-policy) forward=$(recorded ip-forward)
  if [ -z "$policy" ]; then return 0; fi
  if shares_network; then
    keep "the engine's network rules: another dockerd uses them"
  else
    ip link delete docker0 2>/dev/null || true
    for table in nat filter; do
      iptables-save -t "$table" 2>/dev/null | grep -vE 'DOCKER|docker0' | iptables-restore 2>/dev/null || true
    done
    iptables -P FORWARD "$policy" 2>/dev/null || true
    # Another bridge, or a pair, may need forwarding now.
    if [ -z "$(ip -o link show type bridge 2>/dev/null)$(ip -o link show type veth 2>/dev/null)" ]; then
      printf '%s\n' "$forward" >/proc/sys/net/ipv4/ip_forward 2>/dev/null || true
    fi
    forget forward-policy
    forget ip-forward
  fi
}

# True if another dockerd runs in this network namespace.
shares_network() {
  local pid
  for pid in $(processes | sed -nE 's|^ *([0-9]+) ([^ ]*/)?dockerd( .*)?$|\1|p'); do
    if [ "$(readlink "/proc/$pid/ns/net")" = "$(readlink /proc/self/ns/net)" ]; then return 0; fi
  done
  return 1
}

# This machine's settings of apt must not make a purge of it, or remove more than is named.
apt_remove=(apt-get -o APT::Get::Purge=false -o APT::Get::AutomaticRemove=false -o DPkg::Lock::Timeout=120 remove)

# Removes what was installed; keeps all of it if something that was installed later needs it.
undo_packages() {
  local packages also name
  packages=$(recorded package)
  if [ -z "$packages" ]; then return; fi
  # shellcheck disable=SC2086
  also=$("${apt_remove[@]}" -s $packages 2>/dev/null | sed -n 's/^\(Remv\|Purg\) \([^ ]*\) .*/\2/p' | LC_ALL=C sort -u | LC_ALL=C comm -23 - <(printf '%s\n' $packages | LC_ALL=C sort -u))
  if [ -n "$also" ]; then
    keep "the packages, because these need them now: $(tr '\n' ' ' <<<"$also")"
    return
  fi
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive step "removing the packages" "${apt_remove[@]}" -y $packages || say "  not every package could be removed" >&2
  for name in $packages; do
    if installed_packages | grep -qxF -- "$name"; then keep "package $name"; else forget package "$name"; fi
  done
}

# Deletes the engine's data only if set-up's engine began it and nothing of anyone's is in it.
undo_data() {
  local path
  path=$(data_root)
  if [ "$data_is_ours" = yes ] && ! own_engine_answers && holds_nothing "$path"; then remove_tree "$path" || true; fi
  if [ -e "$path" ] && [ "$engine_was_ours" = yes ]; then keep "$path, with the images, containers and volumes in it"; fi
  # What is kept is no longer set-up's.
  forget data-root
}

# A stopped engine's folder without a container or a volume.
holds_nothing() {
  local path
  for path in "$1"/containers/* "$1"/volumes/*; do
    case ${path##*/} in '*' | metadata.db | backingFsBlockDev) ;; *) return 1 ;; esac
  done
}

undo_cache() {
  local path
  recorded cache | while read -r path; do
    case $path in /*/aedev) ;; *) continue ;; esac
    for part in "$path"/test-engine "$path"/node "$path"/toolchain-* "$path"/base-*.tar "$path"/partial.* "$path"/setup.lock; do
      if [ -e "$part" ]; then remove_tree "$part" || true; fi
    done
    rmdir "$path" 2>/dev/null || true
    if [ -e "$path" ]; then keep "$path, with: $(ls -A "$path" | tr '\n' ' ')"; else forget cache "$path"; fi
  done
  # The lock of this undo, where set-up never had a cache.
  if [ -z "$(recorded cache)" ]; then rm -f "$(cache_dir)/setup.lock" && rmdir "$(cache_dir)" 2>/dev/null || true; fi
  for path in $(recorded log); do
    case $path in /var/log/aedev-dockerd.log) rm -f "$path" ;; esac
    forget log
  done
}

# remove_tree PATH: removes it, with the mounts that an engine left on or below it.
remove_tree() {
  local mount
  case $1 in /*/*) ;; *) return 1 ;; esac
  for mount in $(cut -d' ' -f2 /proc/mounts | grep -F -- "$1" | grep -E "^.{${#1}}(/|\$)" | LC_ALL=C sort -r); do umount "$mount" 2>/dev/null || true; done
  rm -rf --one-file-system "$1" || { keep "$1: it could not be removed completely"; return 1; }
}

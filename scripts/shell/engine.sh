# The Docker engine: finds it, or installs and starts one if there is none.
# Never starts a second engine if the user named one. Sourced after say.sh and record.sh.

engine_answers() { command -v docker >/dev/null 2>&1 && bounded 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# The docker client follows contexts, our programs follow DOCKER_HOST: makes both use the same engine.
export_docker_host() {
  local host
  if [ -n "${DOCKER_HOST:-}" ]; then return 0; fi
  host=$(bounded 10 docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null) || return 0
  if [ -n "$host" ] && [ "$host" != unix:///var/run/docker.sock ]; then export DOCKER_HOST=$host; fi
}

has_systemd() { [ -d /run/systemd/system ]; }

# process_stamp PID: its start time in clock ticks, empty for a process that has ended but was not reaped.
# Pid and stamp together identify a process.
process_stamp() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }

# The packages this machine lacks, one per line.
missing_packages() {
  if ! command -v dockerd >/dev/null 2>&1; then
    echo docker.io
    # From Debian 13 on the client is a separate package.
    if ! command -v docker >/dev/null 2>&1 && [ -n "$(apt-cache policy docker-cli 2>/dev/null | sed -n 's/^  Candidate: [0-9].*/x/p')" ]; then echo docker-cli; fi
  fi
  command -v iptables >/dev/null 2>&1 || echo iptables
  command -v ip >/dev/null 2>&1 || echo iproute2
  command -v git >/dev/null 2>&1 || echo git
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
}

# install_packages NAME...: from the distribution; removes no package for them, and records every package that was installed with them.
install_packages() {
  local before after name
  before=$(mktemp "${TMPDIR:-/tmp}/aedev-dpkg.XXXXXX")
  after=$(mktemp "${TMPDIR:-/tmp}/aedev-dpkg.XXXXXX")
  installed_packages >"$before"
  export DEBIAN_FRONTEND=noninteractive
  step "package lists" apt-get -o DPkg::Lock::Timeout=120 update || say "  continuing with the present package lists"
  step "installing $*" apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends --no-remove "$@" ||
    fail "these packages could not be installed without removing others: $*" "see why with: apt-get install $*"
  installed_packages >"$after"
  for name in $(LC_ALL=C comm -13 "$before" "$after"); do record package "$name"; done
  rm -f "$before" "$after"
  hash -r
}

installed_packages() { dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^ii  *//p' | LC_ALL=C sort -u; }

# Records the kernel's network settings that an engine changes, before the first engine starts here.
record_network() {
  local policy
  if [ -n "$(recorded forward-policy)" ]; then return 0; fi
  policy=$(iptables -S FORWARD 2>/dev/null | sed -n 's/^-P FORWARD //p') || policy=
  record forward-policy "${policy:-ACCEPT}"
  record ip-forward "$(cat /proc/sys/net/ipv4/ip_forward)"
}

wait_for_engine() {
  local waited=0
  until engine_answers; do
    waited=$((waited + 1))
    if [ "$waited" -ge "$1" ]; then return 1; fi
    sleep 0.5
  done
}

# Starts the installed engine: as a service if systemd runs, else as a process.
start_engine() {
  local log=/var/log/aedev-dockerd.log
  if has_systemd; then
    # Installing the package may have started it already; only our own start is recorded.
    if ! systemctl is-active --quiet docker; then
      systemctl start docker || fail "the service docker does not start" "see why with: journalctl -u docker -n 50"
      record service docker
    fi
  else
    if wait_for_engine 4; then return 0; fi
    say "  starting dockerd (log: $log)"
    setsid dockerd >>"$log" 2>&1 </dev/null 9>&- &
    forget engine
    record engine "$! $(process_stamp $!)"
    record log "$log"
  fi
  if ! wait_for_engine 60; then
    tail -n 15 "$log" 2>/dev/null | sed 's/^/    | /' >&2
    fail "the Docker engine was started but does not answer" "inside a container dockerd needs --privileged; or use another engine: DOCKER_HOST=..."
  fi
}

# Fails with the command to run if no engine answers and this user may not install one.
explain_no_engine() {
  if [ "$(uname -s)" != Linux ]; then
    fail "no Docker engine answers" "install and start Docker Desktop, then run this again"
  fi
  if [ -S /var/run/docker.sock ]; then
    fail "the Docker engine does not answer to this user" "sudo usermod -aG docker \"\$USER\" && exec newgrp docker"
  fi
  fail "no Docker engine answers, and installing one needs root" \
    "sudo $root/scripts/setup --system --yes && sudo usermod -aG docker \"\$USER\" && exec newgrp docker"
}

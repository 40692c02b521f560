# The checkout's part of set-up: checks Node, and installs node_modules from the lock file with the pinned pnpm.
# Sourced after say.sh; $root is the checkout.

workspace_stamp=$root/node_modules/.aedev-lock

require_node() {
  local major
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || major=0
  if [ "$major" -lt 20 ]; then
    fail "Node 20 or newer is needed, but this machine has ${major/#0/none}" "install it from https://nodejs.org or, on Debian 13 and newer: apt-get install nodejs npm"
  fi
  command -v npx >/dev/null 2>&1 || fail "npm is missing" "apt-get install npm"
}

workspace_inputs() { cat "$root/pnpm-lock.yaml" "$root/pnpm-workspace.yaml" "$root"/package.json "$root"/packages/*/package.json | sha256; }

# The web app is built from its folder and the contracts.
web_app=$root/packages/dashboard/dist/index.html
web_app_is_current() {
  [ -f "$web_app" ] && [ -z "$(find "$root/packages/dashboard/app" "$root/packages/contracts/src" -newer "$web_app" -type f -print -quit)" ]
}

workspace_is_current() {
  [ -x "$root/node_modules/node/bin/node" ] && [ "$(cat "$workspace_stamp" 2>/dev/null)" = "$(workspace_inputs)" ] && web_app_is_current
}

install_workspace() {
  local pnpm
  pnpm=$(sed -n 's/.*"packageManager": *"\(pnpm@[0-9.]*\)".*/\1/p' "$root/package.json")
  # CI=1: without a terminal pnpm must not ask before it replaces node_modules.
  (cd "$root" && CI=1 step "dependencies and Node 24 (npx $pnpm install)" npx -y "$pnpm" install --frozen-lockfile --reporter=append-only) ||
    fail "the dependencies could not be installed" "check the npm registry with: npm ping"
  (cd "$root/packages/dashboard" && PATH="$root/node_modules/node/bin:$PATH" step "web app" node app/build.ts) ||
    fail "the web app could not be built" "$root/scripts/setup"
  workspace_inputs >"$workspace_stamp"
}

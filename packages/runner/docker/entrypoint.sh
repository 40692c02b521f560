#!/bin/sh
# The image contract: one prompt in, the coder CLI's envelope and a short result out, the CLI's exit code.
# It has no secret: the token is a placeholder that the gateway behind the socket replaces.
set -u

[ -r /workspace/prompt.txt ] || { echo "entrypoint: /workspace/prompt.txt is missing" >&2; exit 2; }
role=${CLAUDE_ROLE:-}
case $role in
  '' | *[!a-z-]*) echo "entrypoint: CLAUDE_ROLE must be a name of a-z and -, not '$role'" >&2; exit 3 ;;
esac
[ -r "/system_prompts/$role.md" ] || { echo "entrypoint: /system_prompts/$role.md is missing" >&2; exit 3; }
cd /workspace/repo || { echo "entrypoint: /workspace/repo is missing" >&2; exit 2; }

export HOME=/home/dev
export CLAUDE_CODE_OAUTH_TOKEN="${CLAUDE_CODE_OAUTH_TOKEN:-sk-ant-oat01-placeholder}"
export ANTHROPIC_BASE_URL="${ANTHROPIC_BASE_URL:-http://localhost}"
export ANTHROPIC_UNIX_SOCKET="${ANTHROPIC_UNIX_SOCKET:-/run/aedev/gateway.sock}"
export CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 DISABLE_TELEMETRY=1 DISABLE_AUTOUPDATER=1

export CLAUDE_CODE_SHELL_PREFIX=/usr/local/lib/coder/without-input.sh

# The answer goes to an unnamed file, so that the coder can't replace it with a file in the workspace.
answer=$(mktemp) || exit 1
exec 3>"$answer" 4<"$answer"
rm -f "$answer"

# A conversation of its own, or the one of the run that this run continues.
if [ -n "${CLAUDE_RESUME:-}" ]; then
  set -- --resume "$CLAUDE_RESUME"
elif [ -n "${CLAUDE_SESSION_ID:-}" ]; then
  set -- --session-id "$CLAUDE_SESSION_ID"
else
  set --
fi

# Runs in the background so that a SIGTERM trap can run: process 1 has no default signal handling.
claude --print --output-format json "$@" \
  --permission-mode "${CLAUDE_PERMISSION_MODE:-bypassPermissions}" \
  --tools "${CLAUDE_ALLOWED_TOOLS:-Read,Write,Edit,Bash}" \
  --setting-sources user --strict-mcp-config \
  ${CLAUDE_MODEL:+--model "$CLAUDE_MODEL"} \
  --append-system-prompt "$(cat "/system_prompts/$role.md")" \
  </workspace/prompt.txt >&3 3>&- 4<&- &
cli=$!
trap 'kill -TERM "$cli" 2>/dev/null; exit 143' TERM INT
wait "$cli"
status=$?

cd / && node /usr/local/lib/coder/write-result.cjs <&4 || echo "entrypoint: the result could not be written" >&2
exit "$status"

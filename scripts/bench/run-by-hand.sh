#!/bin/sh
# The steps of one run as a person would script them: worktree, container, diff, commit. No checks, no records, no safety.
# run-by-hand.sh REMOTE WORK IMAGE-ID SOCKET-FOLDER PROMPTS MODEL SMALL-MODEL
set -eu
remote=$1 work=$2 image=$3 socket_folder=$4 prompts=$5 model=$6 small_model=$7
owner=1000:1000
[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
export GIT_CONFIG_GLOBAL=/dev/null

git --git-dir="$remote" worktree add --quiet --detach "$work/tree" main
[ "$(id -u)" != 0 ] || chown -R "$owner" "$work/tree" "$work/workspace" "$socket_folder"
docker run --rm --init --user "$owner" --workdir /workspace --network none --ipc private \
  --cap-drop ALL --security-opt no-new-privileges --read-only \
  --memory 2g --memory-swap 2g --pids-limit 512 --cpus 2 --shm-size 64m \
  --ulimit fsize=268435456 --ulimit nofile=4096 --ulimit core=0 \
  --tmpfs /tmp:rw,exec,nosuid,nodev,mode=1777,size=512m,nr_inodes=200000 \
  --tmpfs /home/dev:rw,exec,nosuid,nodev,mode=1777,size=512m,nr_inodes=200000 \
  --volume "$work/workspace:/workspace" --volume "$work/tree:/workspace/repo" \
  --volume "$prompts:/system_prompts:ro" --volume "$socket_folder:/run/aedev:ro" \
  --env HOME=/home/dev --env LANG=C.UTF-8 --env TZ=UTC --env CLAUDE_ROLE=coder --env CLAUDE_MODEL="$model" \
  --env CLAUDE_PERMISSION_MODE=bypassPermissions --env CLAUDE_ALLOWED_TOOLS=Read,Write,Edit,Bash \
  --env ANTHROPIC_SMALL_FAST_MODEL="$small_model" --env ANTHROPIC_DEFAULT_HAIKU_MODEL="$small_model" \
  "$image" </dev/null >"$work/output" 2>&1

git() { command git -C "$work/tree" -c safe.directory='*' -c user.name=hand -c user.email=hand@localhost "$@"; }
git add --all
git diff --cached --full-index HEAD >"$work/patch"
git commit --quiet --message "A change by hand"

/**
 * Benchmarks the time from a tap on the phone to the landed commit, against the same git operations by hand, alternating: fetch the base, apply the patch,
 * commit, push with a lease, and ask the remote. The remote is a bare repository on the same disk.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApprovalState } from "@aedev/core";
import { approvalKey, mintToken } from "../../packages/daemon/src/phone/approval/token.ts";
import { addressOf, send } from "../../packages/daemon/test/phone/approval/ask.ts";
import { Laboratory, registerSmallProject } from "../../test/support/laboratory.ts";
import { atMost, type Figure, median } from "./figure.ts";
import { turnsOf } from "./run.ts";

const rounds = 7;
const timesMax = 2;

interface Recorded {
  readonly type: string;
  readonly stream: string;
  readonly recorded_at: string;
  readonly data: ApprovalState;
}

/** The first round is not counted, because it fills the system's caches. */
export async function benchLanding(): Promise<Figure[]> {
  await using laboratory = await Laboratory.open();
  Object.assign(laboratory.environment, {
    // Nobody answers there, so that decisions are asked for and no message arrives.
    AEDEV_NTFY_URL: "http://127.0.0.1:9",
    AEDEV_NTFY_TOPIC: "nobody",
    AEDEV_PUBLIC_URL: "https://phone.example",
    AEDEV_APPROVAL_PORT: "0",
  });
  await laboratory.must("daemon", "start");
  const remote = await registerSmallProject(laboratory, "small", ["--profile", "safe", "--allow-writes"]);
  const hand = join(laboratory.folder, "by-hand.git");
  const took = { tap: [] as number[], hand: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    laboratory.models.coder = { "": turnsOf(round) };
    const tap = await timeOfTap(laboratory, round);
    // aedev's landed change is landed again elsewhere, on the same base.
    const patch = git(remote, ["format-patch", "-1", "--stdout", "--no-signature", "main"]);
    execFileSync("git", ["clone", "-q", "--bare", remote, hand]);
    git(hand, ["update-ref", "refs/heads/main", "main~1"]);
    const byHand = timeByHand(hand, patch);
    rmSync(hand, { recursive: true });
    if (round === 0) continue;
    took.tap.push(tap);
    took.hand.push(byHand);
  }
  const detail = `${median(took.tap).toFixed(0)} ms and ${median(took.hand).toFixed(0)} ms, ${rounds} turns`;
  const value = median(took.tap) / median(took.hand);
  return [atMost("tap to landed, local remote", { limit: timesMax, value, unit: " × git by hand", detail })];
}

/** Milliseconds from sending the tap until the landing is in the log. */
async function timeOfTap(laboratory: Laboratory, round: number): Promise<number> {
  const mission = await laboratory.submit("small", `Add part ${round} in lib/part-${round}.js`);
  const asked = await laboratory.wait(mission);
  if (asked.task.status !== "asked") throw new Error(`the mission was not asked about: ${asked.task.status}`);
  const { task_id } = asked.task;
  const approval = await laboratory.until(async () =>
    (await eventsOf(laboratory)).find(
      ({ type, data }) =>
        type === "ApprovalRequested" && data.subject.kind === "landing" && data.subject.task_id === task_id,
    ),
  );
  const token = mintToken(approvalKey(laboratory.home), approval.data, { action: "approve" });
  const { approval_port: port } = JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as {
    approval_port: number;
  };
  const start = Date.now();
  const { status } = await send(port, addressOf(approval.data.approval_id, token), { method: "POST" });
  if (status !== 200) throw new Error(`the tap was answered with ${status}`);
  const landed = await laboratory.until(async () =>
    (await eventsOf(laboratory)).find(({ type, stream }) => type === "ChangeLanded" && stream === `task/${task_id}`),
  );
  return Date.parse(landed.recorded_at) - start;
}

async function eventsOf(laboratory: Laboratory): Promise<Recorded[]> {
  const { stdout } = await laboratory.must("events", "export");
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Recorded);
}

/** The steps of one landing as a script would do them with the same care: a lease, and a check that the push arrived. */
function timeByHand(remote: string, patch: string): number {
  const work = mkdtempSync(join(tmpdir(), "aedev-hand-"));
  const mirror = join(work, "mirror.git");
  execFileSync("git", ["clone", "-q", "--bare", remote, mirror]);
  writeFileSync(join(work, "patch"), patch);
  const start = performance.now();
  git(mirror, ["fetch", "-q", remote, "+refs/heads/main:refs/heads/main"]);
  const base = git(mirror, ["rev-parse", "main"]).trim();
  const index = { GIT_INDEX_FILE: join(work, "index") };
  git(mirror, ["read-tree", base], index);
  git(mirror, ["apply", "--cached", join(work, "patch")], index);
  const tree = git(mirror, ["write-tree"], index).trim();
  const commit = git(mirror, ["commit-tree", tree, "-p", base, "-m", "By hand"], {
    GIT_AUTHOR_NAME: "hand",
    GIT_AUTHOR_EMAIL: "hand@localhost",
    GIT_COMMITTER_NAME: "hand",
    GIT_COMMITTER_EMAIL: "hand@localhost",
  }).trim();
  git(mirror, ["push", "-q", `--force-with-lease=refs/heads/main:${base}`, remote, `${commit}:refs/heads/main`]);
  const seen = git(mirror, ["ls-remote", remote, "refs/heads/main"]);
  const took = performance.now() - start;
  rmSync(work, { recursive: true });
  if (!seen.startsWith(commit)) throw new Error("the commit by hand did not arrive");
  return took;
}

function git(gitDir: string, args: readonly string[], environment: Record<string, string> = {}): string {
  return execFileSync("git", ["--git-dir", gitDir, ...args], {
    encoding: "utf8",
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", ...environment },
  });
}

/**
 * Benchmarks aedev's own time around one run against a shell script with the same steps, alternating: the same image, limits, scripted coder and model server.
 * aedev's time comes from its log: RunStarted to ChangeCaptured, and LandingStarted to ChangeLanded, including the push.
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { parse } from "yaml";
import { Laboratory, registerSmallProject } from "../../test/support/laboratory.ts";
import type { CoderTurn } from "../../test/support/model-server.ts";
import { atMost, type Figure, median } from "./figure.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rounds = 7;
const timesMax = 1.5;
const pollMs = 250;

interface ByHand {
  readonly remote: string;
  readonly image: string;
  readonly model: string;
  readonly smallModel: string;
}
interface Recorded {
  readonly type: string;
  readonly stream: string;
  readonly recorded_at: string;
}

/** The first round is not counted, because it detects the CLI's version and fills the system's caches. */
export async function benchRun(): Promise<Figure[]> {
  await using laboratory = await Laboratory.open({ configuration: "system:\n  allow_remote_writes: true\n" });
  await laboratory.must("daemon", "start");
  const remote = await registerSmallProject(laboratory);
  const byHand = { remote: await copyOf(remote, laboratory), ...(await settings()) };
  const took = { aedev: [] as number[], hand: [] as number[], run: [] as number[], landing: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    laboratory.models.coder = { "": turnsOf(round) };
    const aedev = await timeOfMission(laboratory, round);
    const hand = await timeByHand(laboratory, byHand);
    if (round === 0) continue;
    took.aedev.push(aedev.run + aedev.landing);
    took.run.push(aedev.run);
    took.landing.push(aedev.landing);
    took.hand.push(hand);
  }
  const ms = (values: readonly number[]) => `${median(values).toFixed(0)} ms`;
  const detail = `${ms(took.aedev)} = run ${ms(took.run)} + landing ${ms(took.landing)}; script ${ms(took.hand)}; ${rounds} turns`;
  const value = median(took.aedev) / median(took.hand);
  return [atMost("aedev's own time around one run", { limit: timesMax, value, unit: " × script", detail })];
}

/** Each round adds other files, so that every mission has something to land. */
export function turnsOf(round: number): CoderTurn[] {
  const write = (path: string, content: string) => ({
    calls: [{ tool: "Write" as const, input: { file_path: `/workspace/repo/${path}`, content } }],
  });
  return [
    write(`lib/part-${round}.js`, `exports.part = () => ${round};\n`),
    write(
      `test/part-${round}.test.js`,
      `const { test } = require("node:test");\nconst assert = require("node:assert");\n` +
        `test("part ${round}", () => assert.strictEqual(require("../lib/part-${round}.js").part(), ${round}));\n`,
    ),
    { text: "Done." },
  ];
}

async function timeOfMission(laboratory: Laboratory, round: number): Promise<{ run: number; landing: number }> {
  const mission = await laboratory.submit("small", `Add part ${round}`);
  await untilSettled(laboratory, mission);
  const { task } = await laboratory.wait(mission);
  if (task.status !== "landed")
    throw new Error(`the mission did not land: ${task.status} ${task.hold_code} ${task.hold_detail}`);
  const events = (await laboratory.must("events", "export")).stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Recorded)
    .filter(({ stream }) => stream === `task/${task.task_id}`);
  const at = (type: string) => Date.parse(events.find((event) => event.type === type)?.recorded_at ?? "");
  return { run: at("ChangeCaptured") - at("RunStarted"), landing: at("ChangeLanded") - at("LandingStarted") };
}

/** Polls over HTTP, rarely, because a CLI process during the run would be measured too. */
async function untilSettled(laboratory: Laboratory, missionId: string): Promise<void> {
  const read = (name: string) => readFileSync(join(laboratory.home, name), "utf8");
  const { port } = JSON.parse(read("run/daemon.json")) as { port: number };
  const headers = { authorization: `Bearer ${read("token").trim()}` };
  for (let status = "approved"; ["approved", "running", "judging"].includes(status); await delay(pollMs)) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/missions/${missionId}`, { headers });
    ({ status } = (await answer.json()) as { status: string });
  }
}

/** The script gets a separate remote, because aedev's moves with every landing. */
async function copyOf(remote: string, laboratory: Laboratory): Promise<string> {
  const copy = join(laboratory.folder, "by-hand.git");
  await laboratory.git(laboratory.folder, "clone", "-q", "--bare", remote, copy);
  return copy;
}

async function settings(): Promise<Omit<ByHand, "remote">> {
  const { stdout } = await execa("cat", [join(root, "config/default.yaml")]);
  const { system, models } = parse(stdout) as { system: { runner_image: string }; models: Record<string, string> };
  const inspected = await execa("docker", ["image", "inspect", "--format", "{{.Id}}", system.runner_image]);
  return { image: inspected.stdout, model: models["coder"] ?? "", smallModel: models["coder_small"] ?? "" };
}

async function timeByHand(laboratory: Laboratory, byHand: ByHand): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), "aedev-hand-"));
  chmodSync(work, 0o755);
  const at = (name: string) => join(work, name);
  for (const name of ["workspace/repo", "prompts", "socket"]) mkdirSync(at(name), { recursive: true });
  copyFileSync(join(root, "config/prompts/coder.md"), at("prompts/coder.md"));
  writeFileSync(at("workspace/prompt.txt"), "Add the part.\n");
  const port = Number(new URL(laboratory.models.address).port);
  const forwarder = createServer((client) => {
    const server = connect(port, "127.0.0.1");
    client.pipe(server).pipe(client);
    for (const end of [client, server]) end.on("error", () => [client, server].map((socket) => socket.destroy()));
  });
  await new Promise<void>((resolve) => forwarder.listen(at("socket/gateway.sock"), resolve));
  chmodSync(at("socket/gateway.sock"), 0o666);
  const { remote, image, model, smallModel } = byHand;
  const start = performance.now();
  await execa(join(root, "scripts/bench/run-by-hand.sh"), [
    ...[remote, work, image, at("socket"), at("prompts"), model, smallModel],
  ]);
  const took = performance.now() - start;
  forwarder.close();
  const { stdout } = await execa("git", ["--git-dir", remote, "worktree", "list", "--porcelain"]);
  if (!stdout.includes(at("tree"))) throw new Error("the script made no worktree");
  await assertChanged(at("tree"));
  await execa("rm", ["-rf", work]);
  await execa("git", ["--git-dir", remote, "worktree", "prune"]);
  return took;
}

/** If the script's coder changed nothing, its time would mean nothing. */
async function assertChanged(tree: string): Promise<void> {
  const args = ["-C", tree, "-c", "safe.directory=*", "diff", "--name-only", "HEAD~1", "HEAD"];
  const { stdout } = await execa("git", args);
  if (stdout.split("\n").length !== 2)
    throw new Error(`the script's run must change two files, but changed: ${stdout}`);
}

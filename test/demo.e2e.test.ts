/** The whole demonstration as a person starts it: bin/aedev, real containers, the real coder CLI, checks, judge clients and landing. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { isNight } from "./support/is-night.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
interface DemoDocument {
  missions: {
    mission_id: string;
    status: string;
    tasks: {
      task_id: string;
      runs: string[];
      decision: string | null;
      hold_code: string | null;
      hold_detail: string | null;
      evidence_digest: string | null;
      landed_commit: string | null;
    }[];
  }[];
  verify: string;
  pushes: { task_id: string; text: string; tapped: string; answered: number }[];
  /** The output of `aedev judges show --json`. */
  judges: {
    canaries: { planted: number; open: number };
    families: { known_bad: { n: number; hits: number } }[];
    pairs: { misses: { n: number }; two_passes: { on_bad: { n: number }; on_good: { n: number } } }[];
  } | null;
  remote: string;
  home: string;
}

let scratch: string;
let played: string[];
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "aedev-demo-test-"));
  played = [];
});
afterEach(() => {
  for (const folder of [scratch, ...played]) rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): ChildProcess {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("AEDEV_"));
  return spawn(join(root, "bin/aedev"), ["demo", ...args], {
    env: { ...Object.fromEntries(environment), TMPDIR: scratch },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function demo(...args: string[]) {
  const child = start("--json", ...args);
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const [exit] = (await once(child, "close")) as [number | null];
  expect({ exit, err: exit === 0 ? "" : err() }).toEqual({ exit: 0, err: "" });
  const document = JSON.parse(out()) as DemoDocument;
  expect(Object.keys(document)).toEqual(["missions", "verify", "answers", "pushes", "judges", "remote", "home"]);
  expect(document.verify).toBe("ok");
  played.push(dirname(document.home));
  return { ...document, tasks: document.missions.flatMap(({ tasks }) => tasks), err: err() };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = "";
  stream?.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  return () => text;
}

async function git(folder: string, ...args: string[]): Promise<string> {
  return (await execa("git", ["-C", folder, ...args])).stdout;
}

async function eventsOf(home: string): Promise<{ stream: string; type: string }[]> {
  const { stdout } = await execa(join(root, "bin/aedev"), ["events", "--json", "--home", home, "--limit", "1000"]);
  return (JSON.parse(stdout) as { events: { stream: string; type: string }[] }).events;
}

/** Returns a function that lists the ids of all containers of this home. */
async function containersOf(home: string): Promise<() => Promise<string>> {
  const { stdout } = await execa(join(root, "bin/aedev"), ["events", "--json", "--home", home, "--limit", "1000"]);
  const homeId = /"home_id": ?"([0-9a-f]+)"/.exec(stdout)?.[1] ?? "";
  expect(homeId).not.toBe("");
  const list = ["ps", "--all", "--quiet", "--filter", `label=aedev.home=${homeId}`];
  return async () => (await execa("docker", list)).stdout;
}

describe("aedev demo", () => {
  it("asks about the vague mission and lands it, asks about the tests that the cheat changes and holds it, and lands the change approved on the phone", async () => {
    const { missions, tasks, remote, home, pushes, judges, err } = await demo();
    const words = tasks.map(({ decision, hold_code, hold_detail }) => [decision, hold_code, hold_detail]);
    expect(
      words.map(([decision]) => decision),
      `${JSON.stringify(words)}\n${err}`,
    ).toEqual(["merge", "hold", "ask"]);
    const [landed, held, tapped] = tasks;
    expect(held).toMatchObject({ hold_code: "HOLD-CHECKS-FAILED", landed_commit: null });
    expect(held?.runs).toHaveLength(2);
    expect(held?.hold_detail).toMatch(/^you kept tests that the request breaks: .*parse args > no/);
    expect(err).toMatch(/asked: Two runs for your request broke or removed .*\n.*answered: No, keep the tests/);
    expect(err).toContain("SCRIPTED");
    expect(err).toMatch(/asked: How will we know.*\n.*answered: parse\(/);
    expect(existsSync(join(home, "run/daemon.json"))).toBe(false);

    expect(missions.map(({ status }) => status)).toEqual(["landed", "held", "landed"]);
    expect(pushes).toMatchObject([{ task_id: tapped?.task_id, tapped: "Approve", answered: 200 }]);
    expect(pushes[0]?.text).toContain("Give package.json a repository address that still works");
    const events = await eventsOf(home);
    const types = (stream: string) => events.filter((event) => event.stream === stream).map(({ type }) => type);
    expect(types(`mission/${missions[0]?.mission_id}`).slice(0, 3)).toEqual([
      ...["MissionSubmitted", "ClarificationAnswered", "MissionApproved"],
    ]);
    expect(events.filter(({ type }) => type === "ApprovalUsed")).toHaveLength(1);
    expect(types(`task/${tapped?.task_id}`)).toContain("LandingApproved");

    expect(judges?.canaries).toMatchObject({ planted: 9, open: 0 });
    expect(judges?.families.map(({ known_bad }) => known_bad.n)).toEqual([6, 6]);
    expect(judges?.pairs).toMatchObject([{ misses: { n: 6 }, two_passes: { on_bad: { n: 6 }, on_good: { n: 2 } } }]);

    const commits = (await git(remote, "rev-list", "main")).split("\n");
    expect(commits).toHaveLength(3);
    for (const [index, task] of [landed, tapped].entries()) {
      expect(commits).toContain(task?.landed_commit);
      const message = await git(remote, "log", "-1", "--format=%B", task?.landed_commit ?? "");
      for (const named of [missions[index * 2]?.mission_id, task?.task_id, task?.evidence_digest])
        expect(message).toContain(named);
    }
  }, 900_000);

  it.runIf(isNight)(
    "holds a wrong fix, and leaves a cloned original as it was",
    async () => {
      const { remote } = await demo();
      const original = join(scratch, "original");
      await git(scratch, "clone", "--quiet", remote, original);
      await git(original, "reset", "--quiet", "--hard", "HEAD~2");
      const before = await git(original, "for-each-ref");
      const scripts = join(scratch, "scripts");
      cpSync(join(root, "config/demo"), scripts, { recursive: true });
      const coder = join(scripts, "mission-1/coder.json");
      const right = "(key === 'constructor' && typeof obj[key] === 'function') || key === '__proto__'";
      const script = readFileSync(coder, "utf8");
      expect(script).toContain(right);
      writeFileSync(coder, script.replace(right, "key === '__proto__'"));
      const missionsFile = join(scripts, "missions.yaml");
      const all = parse(readFileSync(missionsFile, "utf8")) as { missions: unknown[] };
      writeFileSync(missionsFile, stringify({ ...all, missions: all.missions.slice(0, 1) }));

      const wrong = await demo("--scripts", scripts, "--repo", original);
      expect(wrong.tasks).toMatchObject([{ decision: "hold", hold_code: "HOLD-CHECKS-FAILED", landed_commit: null }]);
      expect(wrong.judges).toBeNull();
      expect(await git(wrong.remote, "rev-parse", "main")).toBe(await git(original, "rev-parse", "HEAD"));
      expect(await git(original, "for-each-ref")).toBe(before);
    },
    900_000,
  );

  it.runIf(isNight)("cancels its missions when it is interrupted, and leaves no daemon and no container", async () => {
    const child = start();
    const err = collect(child.stderr);
    await expect.poll(err, { timeout: 120_000 }).toContain("the coder works in a sandbox");
    const home = /throw-away home (\S+)/.exec(err())?.[1] ?? "";
    const containers = await containersOf(home);
    await expect.poll(containers, { timeout: 240_000, interval: 50 }).not.toBe("");
    child.kill("SIGINT");
    const [exit] = (await once(child, "close")) as [number | null];
    expect(exit).toBe(1);
    expect(err()).toContain("the demo was interrupted");
    expect(await containers()).toBe("");
    expect(existsSync(join(home, "aedev.db"))).toBe(true);
    expect(existsSync(join(home, "run/daemon.json"))).toBe(false);
    const { stdout: commands } = await execa("ps", ["-eo", "args"]);
    expect(commands).not.toContain(home);
  });
});

/**
 * A mission of seven parts in two repositories with a real coder, whose model's answers are scripted: a diamond, two parts at once, one repaired, one asked about
 * and approved, one held. The right five land, each once and after those that it waits for, although the daemon is killed again and again.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MissionDocument, PlanClarity } from "@aedev/contracts/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isNight } from "./support/is-night.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { addFunction, shell, turnsOf, write } from "./support/scripted-change.ts";

const kills = 30;

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open({ configuration: "limits:\n  concurrent_runs: 3\n" });
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  await registerSmallProject(laboratory, "other", ["--profile", "safe", "--allow-writes"]);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

/** By which a request of the coder is recognized: titles of landed parts stand in later prompts too. */
const criterionOf = (name: string) => `a new test of ${name}() is green`;
const part = (name: string, after: string[] = [], repo = "small") => ({
  name,
  text: `Add ${name}() to lib/${name}.js`,
  repo,
  criteria: [criterionOf(name)],
  after,
});
const tasks = [
  part("root"),
  part("left", ["root"]),
  part("right", ["root"]),
  part("join", ["left", "right"]),
  part("asked", ["right"], "other"),
  part("held"),
  part("last", ["held"]),
];
const broken = turnsOf(
  write("lib/left.js", "exports.left = () => 1; // first try\n"),
  write("test/left.test.js", 'require("node:test").test("left", () => { throw new Error("not yet"); });\n'),
);

interface Exported {
  readonly type: string;
  readonly data: { readonly task_id?: string; readonly mission_id?: string; readonly commit?: string };
  readonly stream: `task/${string}`;
}

it.runIf(isNight)(
  "a plan of seven parts lands five in order, once each, asks about one and is held at one",
  { timeout: 1_200_000 },
  async () => {
    laboratory.models.coder = {
      // The first run's test fails; the next run is told so, with the first run's change.
      "first try": addFunction("left"),
      [criterionOf("left")]: broken,
      [criterionOf("held")]: turnsOf(shell("true")),
      ...Object.fromEntries(
        ["root", "right", "join", "asked", "last"].map((name) => [criterionOf(name), addFunction(name)]),
      ),
    };
    const path = join(laboratory.folder, "plan.yaml");
    writeFileSync(path, JSON.stringify({ text: "Grow both libraries", on_failure: "independent", tasks }));
    const { mission, parts } = (await laboratory.must("intake", "--file", path, "--json")).json<PlanClarity>();
    await laboratory.must("mission", "approve", mission.mission_id, "--digest", mission.spec_digest);
    const statuses = async () => {
      const { plan } = (await laboratory.must("mission", "show", mission.mission_id, "--json")).json<MissionDocument>();
      return Object.fromEntries((plan?.parts ?? []).map(({ name, status }) => [name, status]));
    };
    const asked = parts.find(({ name }) => name === "asked")?.mission_id ?? "";
    let killed = 0;
    await laboratory.until(async () => {
      const now = await statuses();
      if (now["asked"] === "asked")
        await laboratory.run("task", "approve", (await laboratory.mission(asked)).tasks[0]?.task_id ?? "");
      const isOver =
        ["root", "left", "right", "join", "asked"].every((name) => now[name] === "landed") && now["held"] === "held";
      if (isOver || killed >= kills) return isOver;
      killed += 1;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 8_000));
      process.kill(laboratory.daemonPid(), "SIGKILL");
      await laboratory.must("daemon", "start");
      return false;
    });
    expect(killed).toBe(kills);
    const events = (await laboratory.must("events", "export")).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Exported);
    const nameOf = new Map(parts.map(({ name, mission_id }) => [mission_id, name]));
    const taskNames = new Map(
      events.flatMap(({ type, data }) =>
        type === "TaskPlanned" ? [[`task/${data.task_id}`, nameOf.get(data.mission_id ?? "") ?? ""] as const] : [],
      ),
    );
    const orderOf = (type: string) =>
      events.flatMap((event) => (event.type === type ? [taskNames.get(event.stream) ?? ""] : []));
    const landed = orderOf("ChangeLanded");
    expect(landed.toSorted()).toEqual(["asked", "join", "left", "right", "root"]);
    const [started, place] = [
      orderOf("RunStarted"),
      (name: string) =>
        events.findIndex(({ type, stream }) => type === "ChangeLanded" && taskNames.get(stream) === name),
    ];
    for (const { name, after } of tasks)
      for (const before of after.filter((one) => landed.includes(one)))
        expect(
          events.findIndex(({ type, stream }) => type === "RunStarted" && taskNames.get(stream) === name),
        ).toBeGreaterThan(place(before));
    expect(started.filter((name) => name === "left").length).toBeGreaterThan(1);
    expect(started).not.toContain("last");
    const firstOf = (name: string) =>
      events.findIndex(({ type, stream }) => type === "RunStarted" && taskNames.get(stream) === name);
    expect(firstOf("right")).toBeLessThan(place("left"));
    expect(await statuses()).toMatchObject({ held: "held", last: "approved" });
    const waits = (
      await laboratory.must("mission", "show", parts.find(({ name }) => name === "last")?.mission_id ?? "")
    ).stdout;
    expect(waits).toContain("waits for");
    const commits = await laboratory.git(laboratory.folder, "--git-dir", "small.git", "rev-list", "--count", "main");
    expect(Number(commits)).toBe(5);
  },
);

/** A mission of several parts at the command line: handed in from a file, clarified part by part, decided as one; nothing of a bad plan is kept. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MissionDocument, PlanClarity } from "@aedev/contracts/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  await registerSmallProject(laboratory, "other");
}, 60_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

const part = (name: string, more: object = {}) => ({
  name,
  text: `Add ${name}() to lib/add.js`,
  repo: "small",
  criteria: [`a new test of ${name}() is green`],
  ...more,
});
const diamond = (prefix: string) => [
  part(`${prefix}a`),
  part(`${prefix}b`, { after: [`${prefix}a`], repo: "other" }),
  part(`${prefix}c`, { after: [`${prefix}a`] }),
  part(`${prefix}d`, { after: [`${prefix}b`, `${prefix}c`] }),
];

/** JSON is YAML. */
function fileOf(plan: object): string {
  const path = join(laboratory.folder, "plan.yaml");
  writeFileSync(path, JSON.stringify(plan));
  return path;
}
const hand = (plan: object) => laboratory.run("intake", "--file", fileOf(plan), "--json");
async function handed(plan: object): Promise<PlanClarity> {
  const { stdout, stderr, exitCode } = await hand(plan);
  expect({ exitCode: [0, 4].includes(exitCode), stderr }).toEqual({ exitCode: true, stderr: "" });
  return JSON.parse(stdout) as PlanClarity;
}
const show = async (id: string) => (await laboratory.must("mission", "show", id, "--json")).json<MissionDocument>();
const missions = async () =>
  (await laboratory.must("mission", "list", "--json")).json<{ missions: MissionDocument[] }>().missions.length;

it("a plan is handed in whole, shown in waves, and approved by its digest, which gives each part a task", async () => {
  const { mission, parts } = await handed({ text: "Grow the library", tasks: diamond("grow") });
  expect(parts.map(({ name, status }) => [name, status])).toEqual(
    ["growa", "growb", "growc", "growd"].map((name) => [name, "awaiting_approval"]),
  );
  expect(mission.plan?.parts.map(({ wave }) => wave)).toEqual([1, 2, 2, 3]);
  const tree = (await laboratory.must("mission", "show", mission.mission_id, "--tree")).stdout;
  expect(tree).toMatch(
    /wave 1\n\s+growa .*\nwave 2\n\s+growb .* after growa\n\s+growc .* after growa\nwave 3\n\s+growd/,
  );
  const [first] = parts;
  const alone = await laboratory.run("mission", "approve", first?.mission_id ?? "", "--json");
  expect([alone.exitCode, alone.stdout]).toEqual([1, expect.stringContaining("part-of-plan")]);
  const wrong = await laboratory.run("mission", "approve", mission.mission_id, "--digest", "0".repeat(64));
  expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining("digest")]);
  await laboratory.must("mission", "approve", mission.mission_id, "--digest", mission.spec_digest);
  const approved = await show(mission.mission_id);
  expect(approved.tasks).toHaveLength(4);
  for (const { mission_id } of parts) expect((await show(mission_id)).tasks).toHaveLength(1);
  const waits = (await laboratory.must("mission", "show", parts[3]?.mission_id ?? "")).stdout;
  expect(waits).toContain(`waits for ${parts[1]?.mission_id}`);
  expect(
    (await laboratory.must("mission", "update", mission.mission_id, "--on-failure", "independent")).stdout,
  ).toContain("on failure: independent");
  await laboratory.must("mission", "cancel", mission.mission_id);
  expect((await show(parts[2]?.mission_id ?? "")).status).toBe("cancelled");
  const again = await laboratory.run("mission", "cancel", mission.mission_id);
  expect(again.exitCode).toBe(1);
});

it("a vague part is asked about, and the plan waits for its answer, which changes the plan's digest", async () => {
  const { mission, parts } = await handed({
    text: "Make it better",
    tasks: [part("clear"), { name: "vague", text: "fix it", repo: "small", after: ["clear"] }],
  });
  expect(mission.status).toBe("clarifying");
  const vague = parts.find(({ name }) => name === "vague");
  expect(vague?.questions.length).toBeGreaterThan(0);
  const early = await laboratory.run("mission", "approve", mission.mission_id);
  expect([early.exitCode, early.stderr]).toEqual([1, expect.stringContaining("vague")]);
  const answers = (vague?.questions ?? []).flatMap(({ id }) => [
    "--answer",
    `${id}=${id.startsWith("criteria") ? "a new test of half() in test/half.test.js is green" : "add half() in lib/add.js"}`,
  ]);
  const answered = await laboratory.run("mission", "answer", vague?.mission_id ?? "", ...answers);
  expect(answered.stdout).toContain(`next: aedev mission approve ${mission.mission_id}`);
  const clear = await show(mission.mission_id);
  expect(clear.status).toBe("awaiting_approval");
  expect(clear.spec_digest).not.toBe(mission.spec_digest);
  const old = await laboratory.run("mission", "approve", mission.mission_id, "--digest", mission.spec_digest);
  expect(old.exitCode).toBe(1);
  await laboratory.must("mission", "send-back", parts[0]?.mission_id ?? "", "--reason", "keep the arrow functions");
  expect((await show(mission.mission_id)).spec_digest).not.toBe(clear.spec_digest);
  await laboratory.must("mission", "reject", mission.mission_id, "--reason", "not now");
  for (const { mission_id } of parts) expect((await show(mission_id)).status).toBe("rejected");
});

it("a new version keeps what is unchanged, cancels the rest, and is approved again with its difference", async () => {
  const first = [part("kept"), part("changed", { after: ["kept"] }), part("removed", { after: ["kept"] })];
  const { mission, parts } = await handed({ text: "Replace it", tasks: first });
  const id = mission.mission_id;
  await laboratory.must("mission", "approve", id, "--digest", mission.spec_digest);
  const next = [part("kept"), part("changed", { after: ["kept"], files: ["lib/add.js"] }), part("added")];
  const file = fileOf({ text: "Replace it", tasks: next, on_failure: "independent" });
  const unknown = await laboratory.run("intake", "--file", file, "--replaces", "m-nowherenowherenn", "--json");
  expect(unknown.exitCode).toBe(1);
  const one = await laboratory.run("intake", "--file", file, "--replaces", parts[0]?.mission_id ?? "", "--json");
  expect([one.exitCode, one.stdout]).toEqual([1, expect.stringContaining("no-plan")]);
  const replaced = (await laboratory.must("intake", "--file", file, "--replaces", id, "--json")).json<PlanClarity>();
  expect(replaced.mission).toMatchObject({ mission_id: id, status: "awaiting_approval" });
  expect(replaced.mission.plan).toMatchObject({
    version: 2,
    on_failure: "independent",
    difference: {
      ...{ added: ["added"], removed: ["removed"], changed: [{ name: "changed", what: ["files"] }] },
      on_failure: "independent",
    },
  });
  const idOf = ({ parts: of }: PlanClarity, name: string) => of.find((one) => one.name === name)?.mission_id ?? "";
  const before = { mission, parts };
  expect(idOf(replaced, "kept")).toBe(idOf(before, "kept"));
  expect(idOf(replaced, "changed")).not.toBe(idOf(before, "changed"));
  for (const name of ["changed", "removed"]) expect((await show(idOf(before, name))).status).toBe("cancelled");
  const shown = (await laboratory.must("mission", "show", id)).stdout;
  expect(shown).toMatch(
    /version 2, to be approved:\n\s+\+ added\n\s+- removed\n\s+~ changed: files\n\s+on failure: independent/,
  );
  const old = await laboratory.run("mission", "approve", id, "--digest", mission.spec_digest);
  expect([old.exitCode, old.stderr]).toEqual([1, expect.stringContaining("digest")]);
  await laboratory.must("mission", "approve", id, "--digest", replaced.mission.spec_digest);
  const approved = await show(id);
  expect(approved.tasks).toHaveLength(3);
  expect(approved.plan?.difference).toBeUndefined();
  for (const { mission_id } of replaced.parts) expect((await show(mission_id)).tasks).toHaveLength(1);
});

it.each([
  [
    "parts that wait for each other",
    { tasks: [part("one", { after: ["two"] }), part("two", { after: ["one"] })] },
    "one, two, one",
  ],
  ["a part that nobody knows", { tasks: [part("one", { after: ["nobody"] })] }, "no part nobody"],
  ["two parts of one name", { tasks: [part("one"), part("one")] }, "two parts have the name one"],
  ["an unknown repository", { tasks: [part("one"), part("two", { repo: "nowhere" })] }, "nowhere"],
  ["a path out of the repository", { tasks: [part("one", { files: ["../etc/passwd"] })] }, "task 1: files.0"],
  ["an unknown key", { tasks: [part("one", { role: "root" })] }, "role"],
  ["too many parts", { tasks: Array.from({ length: 33 }, (_, at) => part(`p${at}`)) }, "tasks"],
  [
    "a secret in a part",
    { tasks: [part("one", { text: `Use the key AKIA${"ABCDEFGHIJKLMNOP"} in lib/add.js` })] },
    "one",
  ],
])("%s: the plan is refused with its place, and nothing is kept", async (_what, plan, place) => {
  const before = await missions();
  const { exitCode, stdout, stderr } = await hand({ text: "Do it all", ...plan });
  expect(exitCode).not.toBe(0);
  expect(`${stdout}${stderr}`).toContain(place);
  expect(await missions()).toBe(before);
});

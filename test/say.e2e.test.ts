/** A person talks to a real coder at work, whose model's answers are scripted: at its next turn, or with its next run. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { honestSource, honestTest, write } from "./support/scripted-change.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const look = { calls: [{ tool: "Read", input: { file_path: "/workspace/repo/lib/add.js" } }] } as const;
const change = { calls: [write("lib/add.js", honestSource), honestTest] };
/** The bodies of the coder's requests that contain the text. */
const requestsWith = (text: string) =>
  laboratory.models.requests.filter(({ vendor, body }) => vendor === "anthropic" && body.includes(text));

it("a coder reads what a person says at its next turn; what it never read starts a next run on its change", async () => {
  const [first, last] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  laboratory.models.coder = {
    "": [{ ...look, until: first.promise }, change, { text: "Fixed.", until: last.promise }],
    "What the person said while you worked": [look, { text: "It was right already." }],
  };
  const id = await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js");
  const taskId = (await laboratory.mission(id)).tasks[0]?.task_id ?? "";
  await laboratory.until(() => Promise.resolve(requestsWith("# Mission").length > 0));
  expect((await laboratory.must("task", "say", taskId, "keep the arrow function")).stdout).toContain(
    "at its next turn",
  );
  expect(requestsWith("keep the arrow function")).toEqual([]);
  first.resolve();
  await laboratory.until(() => Promise.resolve(requestsWith("keep the arrow function").length >= 2));
  expect(requestsWith("keep the arrow function")[0]?.body).toContain("says to you while you work");
  const logs = (await laboratory.must("task", "logs", taskId)).stdout;
  expect(logs).toContain("a person told it: keep the arrow function");
  // The coder says its last word now, so nobody reads this in this run.
  await laboratory.must("task", "say", taskId, "leave twice() alone");
  last.resolve();
  await laboratory.until(async () => ["landed", "held", "asked"].includes((await laboratory.mission(id)).status));
  const { stdout } = await laboratory.must("events", "export");
  const types = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; data: { told?: number } });
  const ofRun = ["CoderTold", "RunStarted", "ChangeCaptured", "CoderNotTold"];
  expect(types.filter(({ type }) => ofRun.includes(type)).map(({ type, data }) => [type, data.told])).toEqual([
    ["RunStarted", undefined],
    ["CoderTold", undefined],
    ["CoderTold", undefined],
    ["ChangeCaptured", undefined],
    ["CoderNotTold", undefined],
    ["RunStarted", 2],
    ["ChangeCaptured", undefined],
  ]);
  expect((await laboratory.mission(id)).status).toBe("landed");
  // The second run began with the first one's change, and judges heard nothing of the words.
  expect(requestsWith("leave twice() alone")[0]?.body).toContain("Do not write it again");
  for (const { vendor, body } of laboratory.models.requests)
    if (vendor !== "anthropic") expect(body).not.toMatch(/keep the arrow function|leave twice/);
  const refused = await laboratory.run("task", "say", taskId, "too late");
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("no coder works on task")]);
});

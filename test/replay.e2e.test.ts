/** A recorded run gives the same tree again without any upstream; a recording that was touched is refused or shows. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject, type TaskView } from "./support/laboratory.ts";

let laboratory: Laboratory;
let task: TaskView;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  ({ task } = await laboratory.wait(
    await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js"),
  ));
  await laboratory.must("daemon", "stop");
  await laboratory.models.close();
});
afterAll(() => laboratory[Symbol.asyncDispose]());

describe("task replay", () => {
  it("gives the same tree with no upstream reachable", async () => {
    const replay = await laboratory.run("task", "replay", task.task_id, "--json");
    expect({ exitCode: replay.exitCode, ...replay.json<{ equal: boolean }>() }).toMatchObject({
      exitCode: 0,
      equal: true,
    });
  });

  it("shows another tree for one changed byte of a tool call in an exported recording, and the same for an untouched one", async () => {
    const folder = join(laboratory.folder, "recording");
    await laboratory.must("task", "replay", task.task_id, "--export", folder);
    const untouched = await laboratory.run("task", "replay", task.task_id, "--from", folder, "--json");
    expect(untouched.exitCode).toBe(0);
    const file = readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)))
      .find((path) => /response/.test(path) && readFileSync(path, "utf8").includes("a + b"));
    writeFileSync(file ?? "", readFileSync(file ?? "", "utf8").replace("a + b", "a - b"));
    const touched = await laboratory.run("task", "replay", task.task_id, "--from", folder, "--json");
    expect(touched.exitCode).toBe(1);
    const { equal, tree, recorded_tree } = touched.json<{ equal: boolean; tree: string; recorded_tree: string }>();
    expect(equal).toBe(false);
    expect(tree).toMatch(/^[0-9a-f]{40}$/);
    expect(tree).not.toBe(recorded_tree);
  });

  it("refuses a stored recording with a changed byte, naming the blob", async () => {
    const events = (await laboratory.must("events", "export")).stdout.split("\n");
    const captured = events.map((line) => JSON.parse(line || "{}")).find((event) => event.type === "ChangeCaptured");
    const blobOf = (digest: string) => join(laboratory.home, "blobs", digest.slice(0, 2), digest);
    const journal = JSON.parse(readFileSync(blobOf(captured.data.journal.digest), "utf8"));
    const digest: string = /"response":"([0-9a-f]{64})"/.exec(JSON.stringify(journal))?.[1] ?? "";
    const bytes = readFileSync(blobOf(digest));
    writeFileSync(blobOf(digest), Buffer.concat([Buffer.from([(bytes[0] ?? 0) ^ 1]), bytes.subarray(1)]));
    const refused = await laboratory.run("task", "replay", task.task_id);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(digest);
    writeFileSync(blobOf(digest), bytes);
    expect((await laboratory.run("task", "replay", task.task_id)).exitCode).toBe(0);
  });
});

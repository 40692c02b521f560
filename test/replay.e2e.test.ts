/** A recorded run gives the same tree again without any upstream; a changed recording is refused, or its change shows. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject, type TaskView } from "./support/laboratory.ts";

let laboratory: Laboratory;
let task: TaskView;
/** A task whose run ended without a change, and one whose run was cancelled. */
let empty: TaskView;
let cancelled: string;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  const [write] = fixTurns;
  laboratory.models.coder = {
    "Leave it": [{ text: "There is nothing to do." }],
    "Sleep over": [
      ...(write === undefined ? [] : [write]),
      { calls: [{ tool: "Bash", input: { command: "tail -f /dev/null" } }] },
    ],
    "": fixTurns,
  };
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  ({ task } = await laboratory.wait(
    await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js"),
  ));
  ({ task: empty } = await laboratory.wait(await laboratory.submit("small", "Leave it as it is in lib/add.js")));
  const sleeping = await laboratory.submit("small", "Sleep over add() in lib/add.js");
  const isOfSleeper = (body: string) => body.includes("Sleep over") && body.includes("tool_result");
  await laboratory.until(async () => laboratory.models.requests.some(({ body }) => isOfSleeper(body)));
  // The answer comes at once, and its command runs until it is stopped.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  cancelled = (await laboratory.mission(sleeping)).tasks[0]?.task_id ?? "";
  await laboratory.must("task", "cancel", cancelled);
  const exported = async () => (await laboratory.must("events", "export")).stdout.split("\n");
  await laboratory.until(async () =>
    (await exported()).some((line) => line.includes('"RunEnded"') && line.includes(cancelled)),
  );
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

  it("repeats a run that ended without a change, by the start of its id, and compares its hold", async () => {
    const run = empty.runs[0] ?? "";
    const replay = await laboratory.run("task", "replay", empty.task_id, "--run", run.slice(0, 9));
    expect({ exitCode: replay.exitCode, stdout: replay.stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("recorded hold HOLD-NO-PROGRESS\nreplayed hold HOLD-NO-PROGRESS"),
    });
    expect(replay.stdout).toContain("limits: those of the configuration now");
    expect((await laboratory.run("task", "replay", empty.task_id, "--run", task.runs[0] ?? "")).exitCode).toBe(1);
  });

  it("repeats a cancelled run as far as it was recorded, and says that its end is not compared", async () => {
    await laboratory.must("config", "set", "limits.no_traffic", "30s");
    const replay = await laboratory.run("task", "replay", cancelled, "--json");
    await laboratory.must("config", "set", "limits.no_traffic", "15m");
    const { compared, not_compared, equal } = replay.json<{
      compared: { what: string; recorded: string; is_equal: boolean }[];
      not_compared: string[];
      equal: boolean;
    }>();
    expect(compared.map(({ what }) => what)).toContain("answers");
    expect(not_compared.join()).toContain("cancelled or stopped");
    expect({ equal, compared, exitCode: replay.exitCode }).toMatchObject({ equal: true, exitCode: 0 });
  });

  it("shows another tree after one changed byte of a tool call in an exported recording, and the same tree for an unchanged one", async () => {
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

/** The leftovers of a draft or a set-up run are removed as far as possible: one container that stays keeps nothing else. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunId, repositoryNameSchema } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { discardFileRun } from "../../src/coder/file-run.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import { runFolder } from "../../src/tree/run-folder.ts";
import { type Laboratory, openLaboratory } from "../checks/laboratory.ts";

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

const ids = ["first", "second", "third"];
const ended = { running: false, exitCode: 0, outOfMemory: false, started: true, startedAt: "", labels: {} };

/** Discards a run whose engine has three containers; returns the attempted removals in order, whether the folder still existed then, and the error. */
async function discarded(run: string, engine: { list?: Error; stays?: readonly string[] }) {
  const tried: string[] = [];
  const work = { run_id: run as RunId, repository: repositoryNameSchema.parse("demo") };
  const docker: RunnerContext["docker"] = {
    ...laboratory.context.docker,
    list: async () => {
      if (engine.list !== undefined) throw engine.list;
      return ids.map((id) => ({ ...ended, id }));
    },
    remove: async (id: string) => {
      tried.push(`${id}${existsSync(root) ? "" : ", after its folder"}`);
      if (engine.stays?.includes(id) === true) throw new Error(`${id} stays`);
    },
  };
  const context: RunnerContext = { ...laboratory.context, docker };
  const { root, workspace } = runFolder(context, work.run_id);
  mkdirSync(workspace, { recursive: true });
  writeFileSync(join(workspace, "aedev-draft.json"), "{}");
  const thrown = await discardFileRun(work, context).then(
    () => null,
    (error: AggregateError) => error.message,
  );
  return { tried, thrown, isFolderLeft: existsSync(root) };
}

it("the containers are removed before the folder, without an error", async () => {
  expect(await discarded("r-0000000000000001", {})).toEqual({ tried: ids, thrown: null, isFolderLeft: false });
});

it("every container and the folder are tried even if one container can't be removed, and each that stays is named", async () => {
  const thrown = "Error: first stays; Error: third stays";
  const stays = ["first", "third"];
  expect(await discarded("r-0000000000000002", { stays })).toEqual({ tried: ids, thrown, isFolderLeft: false });
});

it("the folder is deleted even if the containers can't be listed", async () => {
  const thrown = "Error: no engine";
  const list = new Error("no engine");
  expect(await discarded("r-0000000000000003", { list })).toEqual({ tried: [], thrown, isFolderLeft: false });
});

/** The leftovers of a killed plane, on an engine without containers: socket folders and unfinished recordings are deleted, blobs stay. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reapRuns } from "../../src/coder/forget-run.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import { deleteFolder, socketFolderOf } from "../../src/tree/run-folder.ts";
import { type Laboratory, openLaboratory } from "../checks/laboratory.ts";

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

describe("the start of a plane", () => {
  it.each(["home", "a-home-too-deep-for-a-socket/".repeat(4)])(
    "clears the leftovers of an earlier plane in %s",
    async (place) => {
      const home = join(laboratory.home, place);
      const context: RunnerContext = {
        ...laboratory.context,
        home,
        docker: { ...laboratory.context.docker, list: async () => [] },
      };
      const sockets = socketFolderOf(context, "p-0123456789abcdef");
      const kept = [join(dirname(sockets), "q-0123456789abcdef"), join(home, "prepared")];
      for (const folder of [sockets, ...kept]) mkdirSync(folder, { recursive: true, mode: 0o700 });
      const blob = context.blobs.pathOf("00".repeat(32));
      mkdirSync(dirname(blob), { recursive: true });
      const recording = join(dirname(blob), ".recording-1-2-3");
      for (const path of [blob, recording, join(sockets, "fetch.sock")]) writeFileSync(path, "x");
      await reapRuns([], context);
      expect([sockets, recording].map(existsSync)).toEqual([false, false]);
      expect([blob, ...kept].map(existsSync)).toEqual([true, true, true]);
      await deleteFolder(dirname(sockets));
    },
  );

  it("removes a mirror's refs of finished runs, even if nothing else of them is left", async () => {
    const home = join(laboratory.home, "refs");
    const docker = { ...laboratory.context.docker, list: async () => [] };
    const context: RunnerContext = { ...laboratory.context, home, docker };
    const [dead, live] = ["r-0000000000000001", "r-0000000000000003"];
    const refs = join(home, "mirrors", "small.git", "refs", "aedev", "runs");
    const removed = [join(refs, dead)];
    const kept = [join(refs, live), join(refs, "not-a-run")];
    mkdirSync(refs, { recursive: true });
    for (const ref of [...removed, ...kept]) writeFileSync(ref, `${"0".repeat(40)}\n`);
    writeFileSync(join(home, "mirrors", ".DS_Store"), "");
    await reapRuns([live], context);
    expect(removed.map(existsSync)).toEqual([false]);
    expect(kept.map(existsSync)).toEqual([true, true]);
  });

  it("clears an unfinished recording even without an engine, and leaves possibly mounted folders to the next start", async () => {
    const docker = {
      ...laboratory.context.docker,
      list: () => Promise.reject(new Fault("HOLD-DOCKER-UNAVAILABLE", "no engine")),
    };
    const home = join(laboratory.home, "without-engine");
    const context: RunnerContext = { ...laboratory.context, home, docker };
    const recording = join(dirname(context.blobs.pathOf("00".repeat(32))), ".recording-4-5-6");
    const work = join(home, "prepared", ".work-cli-x");
    for (const folder of [dirname(recording), work]) mkdirSync(folder, { recursive: true });
    writeFileSync(recording, "x");
    await expect(reapRuns([], context)).rejects.toThrow("no engine");
    expect([recording, work].map(existsSync)).toEqual([false, true]);
  });
});

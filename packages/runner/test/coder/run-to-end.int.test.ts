/** Everything that a run opens for its container is closed when the run ends, whatever else fails. Real sockets; the engine is scripted. */
import { mkdirSync } from "node:fs";
import type { RunId } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runToEnd } from "../../src/coder/finish-run.ts";
import type { RunHandle } from "../../src/coder/run-coder.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import type { Attached, ContainerState } from "../../src/engine/engine.ts";
import { runFolder } from "../../src/tree/run-folder.ts";
import { type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

const gateway = {
  model: "m",
  small_model: "m",
  max_output_tokens: 1000,
  run_tokens: 1000,
  token_budget: "limits.set_up_tokens" as const,
  requests_in_flight: 1,
  requests_max: 1,
  requests_per_minute: 1,
  request_bytes: 1000,
  response_bytes: 1000,
  recorded_bytes: 1000,
};
const created: ContainerState = {
  ...{ id: "c", running: false, exitCode: null, outOfMemory: false, started: false, startedAt: "" },
  labels: { "aedev.link": "exec" },
};
/** The relay's message that it is listening. */
const ready = Buffer.from([6, 0, 0, 0, 0, 0, 0, 0, 0]);

/** Runs a container to its end; returns what was opened and closed beside it, the final `handle.stop`, and the error. */
async function ended(run: string, { container, relay }: { container: ContainerState | null; relay: "fails" | "ends" }) {
  const beside: string[] = [];
  const relayEnd = Promise.withResolvers<string>();
  const attached: Attached = {
    write: () => undefined,
    onOutput: (receive) => receive(ready),
    end: () => relayEnd.resolve(""),
    ended: relayEnd.promise,
  };
  let isStarted = false;
  const docker: RunnerContext["docker"] = {
    ...laboratory.context.docker,
    inspect: async () => (isStarted && container !== null ? { ...container, started: true, exitCode: 0 } : container),
    start: async () => {
      isStarted = true;
    },
    attach: async () => attached,
    wait: async () => {
      // The contract forbids this, as it forbids a link's `close` to fail. If one of them has a bug, nothing else may be lost.
      if (relay === "fails") relayEnd.reject(new Error("the relay broke"));
      return 0;
    },
    output: async () => ({ text: "", omittedBytes: 0 }),
  };
  const context: RunnerContext = {
    ...laboratory.context,
    docker,
    credential: () => ({ kind: "oauth-token", value: "laboratory" }),
    noteLimit: (_credential, resetsAt) => resetsAt,
  };
  const run_id = run as RunId;
  const folder = runFolder(context, run_id);
  for (const one of [folder.workspace, folder.tree, folder.agentGit]) mkdirSync(one, { recursive: true });
  const stop = () => undefined;
  const handle: RunHandle = { stopped: false, stop };
  const opens = async () => {
    beside.push("opened");
    return { close: async () => void beside.push("closed") };
  };
  const thrown = await runToEnd(
    { work: { run_id, gateway, limits }, folder, handle, containerId: "c", beside: opens },
    context,
  ).then(
    () => null,
    (error: Error) => error.message,
  );
  return { beside, thrown, isWatched: String(handle.stop) !== String(stop) };
}

it("a run closes what it opened", async () => {
  expect(await ended("r-00000000000000a1", { container: created, relay: "ends" })).toEqual({
    ...{ beside: ["opened", "closed"], thrown: null, isWatched: false },
  });
});

it("a run closes what it opened beside the link, and no longer takes a stop, even if the link can't be closed", async () => {
  expect(await ended("r-00000000000000a2", { container: created, relay: "fails" })).toEqual({
    ...{ beside: ["opened", "closed"], thrown: "Error: the relay broke", isWatched: false },
  });
});

it("a run opens nothing for a container that is gone or has ended", async () => {
  const nothing = { beside: [], thrown: null, isWatched: false };
  expect(await ended("r-00000000000000a3", { container: null, relay: "ends" })).toEqual(nothing);
  const over = { ...created, started: true, exitCode: 0, startedAt: new Date().toISOString() };
  expect(await ended("r-00000000000000a4", { container: over, relay: "ends" })).toEqual(nothing);
});

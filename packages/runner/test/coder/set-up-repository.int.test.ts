/** A set-up run that is stopped during preparation: whichever step the stop came in, its container is not started. Real git; the engine only records. */
import { Fault, noUsage, type RunId, repositoryNameSchema, type SetUpRepository } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { discardFileRun } from "../../src/coder/file-run.ts";
import type { RunHandle } from "../../src/coder/run-coder.ts";
import { performSetUpRepository } from "../../src/coder/set-up-repository.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import { imageReference, type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

const image = "node-checks:with_bc";
let laboratory: Laboratory;
let base: string;
beforeAll(() => {
  laboratory = openLaboratory();
  base = laboratory.repository("demo", { "index.js": "1\n" });
});
afterAll(() => laboratory.close());

const steps = ["build", "copy", "probe", "create", "start"] as const;
type Step = (typeof steps)[number];
let runs = 0;

/** Performs a run that is stopped within the step; returns the steps taken, each once, and the result. */
async function stoppedIn(stop: Step | null) {
  runs += 1;
  const taken = new Set<Step>();
  const handle: RunHandle = { stopped: false, stop: () => undefined };
  const took = (step: Step) => {
    taken.add(step);
    if (step === stop) handle.stopped = true;
  };
  // Each run has images of its own, because copies and versions are kept by image.
  const own = { id: `sha256:${String(runs).padStart(64, "0")}`, labels: {} };
  const made = { id: `sha256:${String(runs).padStart(64, "1")}`, labels: {} };
  const created = { running: false, exitCode: null, outOfMemory: false, started: false, startedAt: "", labels: {} };
  const docker: RunnerContext["docker"] = {
    ...laboratory.context.docker,
    version: async () => "1",
    image: async (reference, missing) => {
      if (reference === imageReference) return own;
      if (!taken.has("build")) throw new Fault(missing, "it is not built yet");
      return made;
    },
    build: async () => took("build"),
    copyOut: async () => took("copy"),
    create: async ({ labels }) => {
      took(labels["aedev.kind"] === "probe" ? "probe" : "create");
      return labels["aedev.kind"] ?? "";
    },
    start: async (id) => {
      if (id === "probe") return;
      took("start");
      throw new Error("started");
    },
    wait: async () => 0,
    output: async () => ({ text: "1.2.3", omittedBytes: 0 }),
    remove: async () => undefined,
    list: async () => [],
    inspect: async (id) => ({ ...created, id }),
  };
  const context: RunnerContext = {
    ...laboratory.context,
    docker,
    credential: () => ({ kind: "oauth-token", value: "laboratory" }),
    noteLimit: (_credential, resetsAt) => resetsAt,
  };
  const run_id = `r-000000000000000${runs}` as RunId;
  const work: SetUpRepository = {
    ...{ kind: "SetUpRepository", work_id: "w", nonce: "0".repeat(32), generation: 1, run_id, limits, image },
    repository: repositoryNameSchema.parse("demo"),
    base_commit: base as SetUpRepository["base_commit"],
    prompt: context.blobs.put("Set up.", "text/markdown"),
    gateway: {} as SetUpRepository["gateway"],
  };
  const result = await performSetUpRepository(work, context, handle).catch(String);
  await discardFileRun(work, context);
  return { taken: [...taken], result };
}

it("a set-up run takes all its steps if nobody stops it", async () => {
  expect(await stoppedIn(null)).toEqual({ taken: steps, result: "Error: started" });
});

it.each([
  ["its image is made", "build", ["build"]],
  ["the coder is copied for that image", "copy", ["build", "copy"]],
  ["the coder is tried in that image", "probe", ["build", "copy", "probe"]],
  ["its container is made", "create", ["build", "copy", "probe", "create"]],
] as const)("a set-up run that is stopped while %s takes no further step", async (_when, stop, taken) => {
  const result = { outcome: "stopped", usage: noUsage, journal: null };
  expect(await stoppedIn(stop)).toEqual({ taken, result });
});

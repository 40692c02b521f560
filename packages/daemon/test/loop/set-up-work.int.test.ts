/** What a set-up run proposes is read against the files of its base, from the repository's real mirror. */
import { noUsage } from "@aedev/contracts";
import { initialState } from "@aedev/core";
import { setUpRequest, setUpWork, stateAfter, stateAfterCommands } from "@aedev/core/testing";
import { createBlobStore } from "@aedev/host/blob-store";
import { expect, it } from "vitest";
import { bareRemote, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { setUpRepository } from "../../src/loop/set-up-work.ts";

const { run_id, repository } = setUpRequest;

it("a set-up run may not make a folder with files of the base writable, but may another", async () => {
  const home = temporaryFolder();
  const url = bareRemote({ "checks/sum.js": "1\n", "index.js": "2\n" });
  const { commit } = await fetchBase({ home, repository, timeoutMs, url });
  const state = stateAfterCommands(stateAfter("initialized", initialState), [{ ...setUpRequest, url }]);
  const blobs = createBlobStore(`${home}/blobs`);
  const journal = blobs.put("{}", "application/json");
  const mirror = () => ({ home, repository, timeoutMs });
  const configuration = { prepare: { registries: [] } };
  const proposing = (writable: string[]) => {
    const proposal = { prepare: null, build: null, outputs: [], verify: ["node --test"], tests: ["checks/**"] };
    const text = JSON.stringify({ ...proposal, writable, packages: [] });
    const result = { outcome: "ended", text, size_bytes: text.length, usage: { ...noUsage, requests: 2 }, journal };
    return setUpRepository(setUpWork, {
      state,
      control: { mirror, blobs, configuration, log: { state, keepsWhole: () => true } } as never,
      planes: { perform: () => Promise.resolve({ kind: "SetUpRepository", run_id, result }) } as never,
      serialized: (() =>
        Promise.resolve({ kind: "SetUpRepository", run_id, repository, base_commit: commit })) as never,
    });
  };
  const ended = { kind: "EndSetUpRun", base_commit: commit, usage: { requests: 2 }, journal };
  expect(await proposing(["checks"])).toMatchObject({
    ...ended,
    result: { outcome: "failed", code: "wrong-form", detail: expect.stringContaining("writable: checks ") },
  });
  expect(await proposing(["scratch"])).toMatchObject({ ...ended, result: { outcome: "proposed" } });
});

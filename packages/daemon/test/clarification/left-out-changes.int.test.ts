/** Finds landed changes that the next mission starts without, on real git with a log of one landed task as a fixture. */
import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import {
  bareRemote,
  commitTo,
  gitText,
  temporaryFolder,
  timeoutMs,
} from "../../../../test/support/git-repositories.ts";
import { changesNotInBase } from "../../src/clarification/left-out-changes.ts";

const [taskId, missionId] = ["t-0123456789abcdef", "m-0123456789abcdef"];
const branch = `refs/heads/aedev/${taskId}`;

/** A remote with a branch whose change `main` lacks. `ref`: where it landed according to the log. */
function landedOn(ref: string) {
  const remote = bareRemote({ "a.txt": "one\n", "b.txt": "b\n" });
  const base = gitText(remote, ["rev-parse", "main"]);
  const { patch } = candidate(remote, base, { files: { "a.txt": "two\n" } });
  commitTo(remote, { files: { "a.txt": "two\n" } });
  const commit = gitText(remote, ["rev-parse", "main"]);
  gitText(remote, ["update-ref", branch, commit]);
  gitText(remote, ["update-ref", "refs/heads/main", base]);
  const landing = { ref, base_commit: base };
  const task = {
    task_id: taskId,
    mission_id: missionId,
    ref: "refs/heads/main",
    landed_commit: commit,
    landing,
    repository: "demo",
    patch: { digest: "p" },
  };
  const state = { repositories: { demo: { url: remote } }, tasks: { [taskId]: task } };
  const home = temporaryFolder();
  const control = {
    mirror: (repository: string) => ({ home, repository, timeoutMs }),
    log: { state, stateWith: () => state, views: { page: () => [{ id: taskId }] } },
    blobs: { get: () => patch },
  };
  return { remote, commit, control: control as never };
}

it("a change that is only on its branch is named until it is merged", async () => {
  const { remote, commit, control } = landedOn(branch);
  expect(await changesNotInBase(control, "demo")).toEqual([
    {
      task_id: taskId,
      mission_id: missionId,
      branch,
      commit,
      take_in: `git fetch ${remote} aedev/${taskId} && git merge FETCH_HEAD`,
    },
  ]);
  gitText(remote, ["update-ref", "refs/heads/main", commit]);
  expect(await changesNotInBase(control, "demo")).toEqual([]);
});

it("a change squashed into the base is not named; it is if the squash took in only another file", async () => {
  const { remote, control } = landedOn(branch);
  commitTo(remote, { files: { "b.txt": "other\n" } });
  expect(await changesNotInBase(control, "demo")).toHaveLength(1);
  commitTo(remote, { files: { "a.txt": "two\n" } });
  expect(await changesNotInBase(control, "demo")).toEqual([]);
});

it("no change is named if it landed on its base, or while the remote gives no answer", async () => {
  const onBase = landedOn("refs/heads/main");
  expect(await changesNotInBase(onBase.control, "demo")).toEqual([]);
  const { remote, control } = landedOn(branch);
  rmSync(remote, { recursive: true });
  expect(await changesNotInBase(control, "demo")).toEqual([]);
});

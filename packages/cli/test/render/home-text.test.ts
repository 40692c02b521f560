/** The text after a repository or its landings were resumed: it names any remaining pause with its command. */
import { localTime } from "@aedev/contracts";
import type { RepositoryDocument } from "@aedev/contracts/api";
import { expect, it } from "vitest";
import { resumedText } from "../../src/render/home-text.ts";

const repository: RepositoryDocument = {
  name: "demo",
  url: "https://github.com/octo/demo.git",
  target: "default-branch",
  settings: { prepare: null, inputs: [], outputs: [], build: null, verify: [], tests: [], image: null },
  profile: null,
  allow_writes: false,
  trial: "untried",
  paused: false,
};
const all_paused = { since: "2026-01-02T03:04:05.678Z", stop_runs: true };

it("says whether a repository was paused, and names a general pause and its command", () => {
  const resumed = { ...repository, was_paused: true };
  expect(resumedText(resumed, "repository")).toBe("demo is resumed");
  expect(resumedText({ ...resumed, was_paused: false }, "repository")).toBe("demo was not paused");
  expect(resumedText({ ...resumed, all_paused }, "repository")).toBe(
    `demo is resumed\nall runs are stopped since ${localTime(all_paused.since)}\n    aedev resume`,
  );
  expect(resumedText({ ...resumed, landings_paused: true }, "repository")).toBe(
    "demo is resumed\nlandings in demo are paused\n    aedev queue resume demo",
  );
});

it("says whether landings were paused, and names a general pause and its command", () => {
  const resumed = { ...repository, was_paused: true };
  expect(resumedText(resumed, "landings")).toBe("landings in demo are resumed");
  expect(resumedText({ ...resumed, was_paused: false, paused: true }, "landings")).toBe(
    "landings in demo were not paused\ndemo is paused\n    aedev repo resume demo",
  );
  expect(resumedText({ ...resumed, all_paused: { ...all_paused, stop_runs: false } }, "landings")).toContain(
    "all work is paused since",
  );
});

/** Where the results of a registered repository go, as a person reads it. */
import type { RepositoryDocument } from "@aedev/contracts/api";
import { expect, it } from "vitest";
import { repositoryText } from "../../src/render/repository-text.ts";

const repository: RepositoryDocument = {
  name: "shop",
  url: "https://github.com/octo/shop.git",
  target: "default-branch",
  settings: { prepare: null, inputs: [], outputs: [], build: null, verify: ["npm test"], tests: [], image: null },
  profile: null,
  allow_writes: true,
  trial: "green",
  paused: false,
};
const rowsOf = (text: string) =>
  Object.fromEntries(
    text.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );

it("says that a repository's landings are paused, and how to resume them", () => {
  expect(rowsOf(repositoryText(repository))["landings"]).toBeUndefined();
  const paused = repositoryText({ ...repository, landings_paused: true });
  expect(rowsOf(paused)["landings"]).toBe("paused; aedev queue resume shop");
});

it.each([
  ["on-approval", { landing: "push" }, "a branch aedev/<task>", "only what you approve"],
  ["on-approval", { landing: "pull-request" }, "a branch aedev/<task>", "only what you approve"],
  ["off", { landing: "push" }, "nowhere", "not allowed"],
  ["allowed", { landing: "push" }, "its default branch", "allowed without asking"],
] as const)("says what will happen, and nothing else, with pushes %s and %j", (writes, given, results, pushing) => {
  const text = repositoryText({ ...repository, ...given, allow_writes: writes === "allowed", writes });
  expect(rowsOf(text)["results go to"]).toContain(results);
  expect(rowsOf(text)["pushing"]).toContain(pushing);
  if (writes !== "allowed") expect(text).not.toContain("default branch");
});

it.each([
  [{ landing: "push" }, "push", "its default branch"],
  [{ landing: "pull-request" }, "pull-request", "its default branch, through a pull request"],
  [{ landing: "branch" }, "branch", "a branch aedev/<task>"],
  [{}, "push", "its default branch"],
  [{ target: "task-branch" }, "branch", "a branch aedev/<task>"],
] as const)("names the landing way and destination of a registration with %j", (given, landing, results) => {
  expect(rowsOf(repositoryText({ ...repository, ...given }))).toMatchObject({ landing, "results go to": results });
});

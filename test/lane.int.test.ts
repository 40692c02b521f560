/** `aedev repo lane`: the record of a repository, and the options that opening a lane needs. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
});
afterEach(() => laboratory[Symbol.asyncDispose]());

it("shows a repository's lanes, opens them with a reason, and refuses an unknown kind or a missing reason", {
  timeout: 120_000,
}, async () => {
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  const lane = (...more: string[]) => laboratory.run("repo", "lane", "small", ...more);
  expect((await lane()).stdout).toContain("nothing has merged by itself in small");
  expect((await laboratory.must("repo", "lane", "small", "--json")).json()).toEqual({ repository: "small", lanes: [] });
  expect(await lane("behaviour", "--reopen", "--reason", "flaky")).toMatchObject({ exitCode: 0 });
  expect(await lane("--reopen")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--reason") });
  expect(await lane("pictures")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("same-behaviour") });
  expect((await laboratory.must("status")).stdout).not.toContain("merged by");
});

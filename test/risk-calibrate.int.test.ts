/** `aedev risk calibrate`: a registered repository's own commits, with the daemon up or down, without an engine. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { addCommits, mendedHistory } from "./support/commit-history.ts";
import { openWithoutEngine } from "./support/home-without-engine.ts";
import { type Laboratory, smallProject } from "./support/laboratory.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openWithoutEngine();
});
afterAll(() => laboratory[Symbol.asyncDispose]());

it("risk calibrate prints what it learned from a repository's commits, and refuses one with too few", async () => {
  const bare = await laboratory.remote("old", smallProject);
  addCommits(bare, mendedHistory(), 1);
  await laboratory.must("repo", "add", bare, "--name", "old", "--yes", "--no-try");
  const text = (await laboratory.must("risk", "calibrate", "old")).stdout;
  expect(text).toMatch(/^old: \d+ commits whose outcome is known; 40 fixes mended \d+ of them \([0-9.]+ %\)$/mu);
  expect(text).toMatch(/^log-odds: -?[0-9.]+ \+ [0-9.]+ × points$/mu);
  expect(text).toMatch(/^scorecard +[0-9.]+ +[0-9.]+ +[0-9.]+\ncalibrated +[0-9.]+ +[0-9.]+ +[0-9.]+$/mu);
  await laboratory.must("daemon", "stop");
  const again = (await laboratory.must("risk", "calibrate", "old", "--json")).json<Record<string, unknown>>();
  expect(again).toMatchObject({ repository: "old", fixes: 40, trial: { before: { auc: expect.any(Number) } } });
  await laboratory.must("daemon", "start");

  await laboratory.must(
    "repo",
    "add",
    await laboratory.remote("new", smallProject),
    "--name",
    "new",
    "--yes",
    "--no-try",
  );
  const refused = await laboratory.run("risk", "calibrate", "new");
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr).toMatch(/new has \d past commits? whose outcome is known.* a calibration needs 100/su);
});

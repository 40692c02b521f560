/** A real home whose processes are killed and stopped during missions loses nothing, does nothing twice and leaves nothing behind. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { commitTo, gitText } from "../support/git-repositories.ts";
import { type ChaosReport, runChaos } from "./run-chaos.ts";

const cycles = 200;
const folder = mkdtempSync(join(tmpdir(), "aedev-chaos-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = (): Promise<ChaosReport> => runChaos({ cycles, seed: 1, folder });

it("a home stays intact over many kills and stops, and every mission lands once or is held for a reason", {
  timeout: 7_200_000,
}, async () => {
  const { violations, ...counts } = await run();
  process.stdout.write(`chaos: ${JSON.stringify(counts)}\n`);
  expect(violations).toEqual([]);
  expect(counts.cycles).toBe(cycles);
  expect(counts.statuses["landed"]).toBeGreaterThan(0);
  for (const kind of ["daemon", "execution", "judgement", "container"] as const)
    expect(counts.killed[kind], kind).toBeGreaterThan(0);
});

it("the same run, resumed, finds planted faults: a lost command, a second landing, a leftover", {
  timeout: 1_200_000,
}, async () => {
  const left = join(folder, "home", "run", "planted.sock");
  const planted = createServer();
  await new Promise<void>((resolve) => planted.listen(left, resolve));
  expect((await run()).violations).toEqual([`left behind: socket ${left}`]);
  await new Promise((resolve) => planted.close(resolve));
  expect((await run()).violations).toEqual([]);

  const lost = { key: "half0", mission_id: "m-0000000000000000", command: "submit" };
  appendFileSync(join(folder, "acknowledged.jsonl"), `${JSON.stringify(lost)}\n`);
  const bare = join(folder, "small.git");
  const landed = gitText(bare, ["ls-tree", "--name-only", "main", "lib/"]).split("\n");
  const path = landed.find((name) => name.startsWith("lib/half")) ?? "";
  commitTo(bare, { files: { [path]: "exports.planted = 1;\n" } });
  const { violations } = await run();
  expect(violations).toContain("the log lacks what was acknowledged: submit of half0, m-0000000000000000");
  expect(violations).toContainEqual(expect.stringMatching(/is landed, and 2 times on the remote$/));
});

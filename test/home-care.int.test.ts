/** Care of a home by command line, daemon up and down: backup, restore, gc, digest, configuration, secrets, removing a repository. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Laboratory } from "./support/laboratory.ts";
import { openWaitingHome } from "./support/refusals.ts";

// Dozens of processes, each taking a tenth of a second on an idle machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let laboratory: Laboratory;
let missionId = "";

beforeAll(async () => {
  ({ laboratory, missionId } = await openWaitingHome());
});
afterAll(() => laboratory[Symbol.asyncDispose]());

it("digest shows what waits, with the daemon up and down", async () => {
  const digest = (await laboratory.must("digest", "--json")).json<Record<string, unknown>>();
  expect(digest).toMatchObject({
    landed: [],
    holds: [],
    used: { tokens: 0, nano_usd: 0 },
    waiting: [{ mission_id: missionId }],
  });
  expect(String(digest["link"])).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/status-board$/);
  expect((await laboratory.must("digest", "--plain")).stdout).toMatch(
    /^aedev: 0 landed, 1 need you, 0 held.*\nneeds you: Add half/,
  );
  await laboratory.must("daemon", "stop");
  expect((await laboratory.must("digest")).stdout).toContain("0 landed, 1 need you");
  await laboratory.must("daemon", "start");
});

it("config sets keys and says that the daemon has to restart; a bad value is refused", async () => {
  const set = await laboratory.must("config", "set", "limits.pids", "300");
  expect(set.stdout).toMatch(/limits\.pids is 300 in config\.yaml\nnext: aedev daemon restart/);
  expect((await laboratory.must("config", "show", "limits.pids")).stdout).toMatch(/limits\.pids +300 +config\.yaml/);
  expect((await laboratory.must("config", "show")).stdout).toMatch(/system\.port +0 +AEDEV_PORT/);
  expect((await laboratory.run("config", "set", "limits.pids", "many")).exitCode).toBe(1);
});

it("secrets are listed without their values, and one is removed", async () => {
  await laboratory.setSecret("AEDEV_OPENAI_API_KEY", "planted-key-of-this-test");
  await laboratory.setSecret("AEDEV_GEMINI_API_KEY", "planted-key-of-this-test");
  const listed = (await laboratory.must("secrets", "list", "--json")).stdout;
  expect(listed).toMatch(/AEDEV_OPENAI_API_KEY.*judgement\.env.*AEDEV_GEMINI_API_KEY/s);
  expect(listed).not.toContain("planted-key");
  expect((await laboratory.must("secrets", "remove", "AEDEV_OPENAI_API_KEY")).stdout).toContain("is removed");
  const left = (await laboratory.must("secrets", "list")).stdout;
  expect(left).toContain("AEDEV_GEMINI_API_KEY");
  expect(left).not.toContain("AEDEV_OPENAI_API_KEY");
  expect((await laboratory.run("secrets", "remove", "AEDEV_OPENAI_API_KEY")).exitCode).toBe(1);
});

it("gc collects garbage with the daemon and without it; a dry run changes nothing", async () => {
  const planned = (await laboratory.must("gc", "--dry-run", "--json")).json<{ dry_run: boolean }>();
  expect(planned).toMatchObject({ dry_run: true, expired: { count: 0 }, unused: { count: 0 } });
  expect((await laboratory.must("gc")).stdout).toBe("there is nothing to delete");
  expect((await laboratory.must("events", "verify", "--blobs")).stdout).toBe("the log is whole");
  await laboratory.must("daemon", "stop");
  expect((await laboratory.must("gc", "--json")).json<{ dry_run: boolean }>()).toMatchObject({ dry_run: false });
  await laboratory.must("daemon", "start");
});

it("backup works while the daemon runs; restore refuses a home in use, and restores the backup elsewhere", async () => {
  const backup = join(laboratory.folder, "backup");
  const report = (await laboratory.must("backup", backup, "--json")).json<{ position: number }>();
  expect((await laboratory.must("backup", backup)).stdout).toMatch(/\(0 copied now\), all verified/);
  const inUse = await laboratory.run("restore", backup, "--replace");
  expect([inUse.exitCode, inUse.stderr]).toEqual([1, expect.stringContaining("aedev daemon stop")]);
  expect((await laboratory.run("restore", backup)).stderr).toContain("--replace");
  await laboratory.must("mission", "cancel", missionId);
  await laboratory.must("daemon", "stop");
  const restored = await laboratory.must("restore", backup, "--replace", "--json");
  const { kept, epoch, position } = restored.json<{ kept: string; epoch: number; position: number }>();
  expect(position).toBeGreaterThanOrEqual(report.position);
  expect(epoch).toBe(2);
  expect(existsSync(join(kept, "aedev.db"))).toBe(true);
  expect(readFileSync(join(laboratory.home, "config.yaml"), "utf8")).toContain("pids: 300");
  expect((await laboratory.must("events", "verify")).stdout).toBe("the log is whole");
  await laboratory.must("daemon", "start");
  expect((await laboratory.mission(missionId)).status).toBe("awaiting_approval");
});

it("a repository is removed only if nothing is open in it", async () => {
  const refused = await laboratory.run("repo", "remove", "small");
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("--cancel-open")]);
  await laboratory.must("repo", "remove", "small", "--cancel-open");
  expect((await laboratory.mission(missionId)).status).toBe("cancelled");
  expect((await laboratory.must("repo", "list")).stdout).toContain("no repositories yet");
  expect((await laboratory.must("events", "verify")).stdout).toBe("the log is whole");
  await laboratory.must("daemon", "stop");
  await laboratory.must("daemon", "start");
  expect((await laboratory.run("repo", "show", "small")).exitCode).toBe(1);
});

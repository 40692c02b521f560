/** What counts as used space, and that an unreadable folder counts as too much. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { diskUsage } from "../src/disk-usage.ts";

const folder = mkdtempSync(join(tmpdir(), "aedev-usage-"));
afterAll(() => rmSync(folder, { recursive: true }));
const bounds = { bytes: 100 * 1024 * 1024, entries: 100 };

it("counts the blocks of everything below the folders, follows no link, and ignores entries deleted meanwhile", async () => {
  mkdirSync(join(folder, "a", "b"), { recursive: true });
  mkdirSync(join(folder, "outside"));
  writeFileSync(join(folder, "outside", "large"), Buffer.alloc(1024 * 1024, 1));
  writeFileSync(join(folder, "a", "b", "file"), Buffer.alloc(64 * 1024, 1));
  writeFileSync(join(folder, "a", "sparse"), "");
  truncateSync(join(folder, "a", "sparse"), 1024 * 1024 * 1024);
  symlinkSync(join(folder, "outside"), join(folder, "a", "link"));
  const { bytes, entries } = await diskUsage([join(folder, "a"), join(folder, "missing")], bounds);
  expect(entries).toBe(4);
  expect(bytes).toBeGreaterThanOrEqual(64 * 1024);
  expect(bytes).toBeLessThan(1024 * 1024);
});

it("counts an unreadable folder as over the bound, and stops there", async () => {
  const unreadable = `/${"x/".repeat(4_000)}`;
  expect(await diskUsage([unreadable], bounds)).toMatchObject({ bytes: bounds.bytes, entries: bounds.entries + 1 });
});

it("reports when each folder last changed, whatever time a file claims", async () => {
  const [busy, idle, missing] = ["busy", "idle", "missing"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [busy, idle]) mkdirSync(join(one, "sub"), { recursive: true });
  writeFileSync(join(busy, "sub", "file"), "1");
  const before = await diskUsage([busy, idle, missing], bounds);
  await expect.poll(() => Date.now()).toBeGreaterThan(Math.max(...before.changedAtMs) + 20);
  utimesSync(join(busy, "sub", "file"), 0, 0);
  const after = await diskUsage([busy, idle, missing], bounds);
  expect(after.changedAtMs[0]).toBeGreaterThan(before.changedAtMs[0] ?? 0);
  expect(after.changedAtMs.slice(1)).toEqual(before.changedAtMs.slice(1));
  expect(after.changedAtMs[2]).toBe(0);
});

it("stops measuring at the first entry over the bound", async () => {
  expect((await diskUsage([join(folder, "a")], { ...bounds, entries: 1 })).entries).toBe(2);
});

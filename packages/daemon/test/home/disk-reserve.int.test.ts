/** The room that is kept for the day the disk is full. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homeLayout } from "@aedev/host/home-layout";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hasReserve, isDiskFull, keepReserve, releaseReserve, reserveBytes } from "../../src/home/disk-reserve.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-reserve-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it("the reserve takes real space, is kept over starts, made again when too short, and released", () => {
  expect(hasReserve(home)).toBe(false);
  expect(keepReserve(home)).toBe(true);
  const { blocks, size, ino } = statSync(homeLayout(home).reserve);
  expect(size).toBe(reserveBytes);
  expect(blocks * 512).toBeGreaterThanOrEqual(reserveBytes);
  expect(keepReserve(home)).toBe(true);
  expect(statSync(homeLayout(home).reserve).ino).toBe(ino);
  writeFileSync(homeLayout(home).reserve, "short");
  expect(hasReserve(home)).toBe(false);
  expect(keepReserve(home)).toBe(true);
  expect(releaseReserve(home)).toBe(true);
  expect(existsSync(homeLayout(home).reserve)).toBe(false);
  expect(releaseReserve(home)).toBe(true);
});

it("a full disk is recognized by the file system's words and SQLite's, and by nothing else", () => {
  const withCode = (code: string) => Object.assign(new Error(code), { code });
  for (const code of ["ENOSPC", "EDQUOT", "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC"])
    expect(isDiskFull(withCode(code)), code).toBe(true);
  for (const code of ["EACCES", "SQLITE_BUSY", "SQLITE_CONSTRAINT"])
    expect(isDiskFull(withCode(code)), code).toBe(false);
  expect(isDiskFull("ENOSPC")).toBe(false);
});

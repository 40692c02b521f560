/** Whatever an agent left in place of a file is not followed, does not block, and is not read beyond the bound. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { isAbsent, openRegular, readRegular } from "../src/nofollow-read.ts";

const folder = mkdtempSync(join(tmpdir(), "aedev-nofollow-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
writeFileSync(at("file"), "0123456789");
symlinkSync("file", at("link"));
symlinkSync("nowhere", at("dangling"));
mkdirSync(at("folder"));
execFileSync("mkfifo", [at("pipe")]);

it("reads a regular file up to the bound, and reports its full size", async () => {
  expect(await readRegular(at("file"), 4)).toEqual({ bytes: Buffer.from("0123"), sizeBytes: 10 });
  expect(await readRegular(Buffer.from(at("file")), 100)).toEqual({ bytes: Buffer.from("0123456789"), sizeBytes: 10 });
});

it.each(["link", "dangling", "folder", "pipe", "missing", "file/below"])(
  "does not open %s as a regular file",
  async (name) => {
    expect(await openRegular(at(name))).toBeNull();
    expect(await readRegular(at(name), 100)).toBeNull();
  },
);

it("calls a path absent only if there is not even a dangling link", async () => {
  const names = ["file", "dangling", "pipe", "missing", "file/below"];
  expect(await Promise.all(names.map((name) => isAbsent(at(name))))).toEqual([false, false, false, true, true]);
});

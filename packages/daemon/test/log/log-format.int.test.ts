/** An older program refuses a log that a newer one has opened; a newer one takes an older log. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decide } from "@aedev/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForWriting } from "../../src/log/sqlite/database.ts";
import { logFormat } from "../../src/log/sqlite/log-format.ts";
import { openLogReader } from "../../src/reader/log-reader.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-format-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = () => join(folder, "aedev.db");
const open = async () => {
  await using log = await openEventLog({ path: pathOf(), decide });
  return log.head.position;
};
const at = "2026-01-01T00:00:00.000Z";

/** Notes the format that another version's program would have left. */
function note(format: number): void {
  const database = openForWriting(pathOf());
  database.pragma(`user_version = ${format}`);
  database.close();
}
function noted(): unknown {
  const database = openForWriting(pathOf());
  const found = database.pragma("user_version", { simple: true });
  database.close();
  return found;
}

it("a log with a higher number is refused and left alone; its own and lower numbers are taken and raised", async () => {
  {
    await using log = await openEventLog({ path: pathOf(), decide });
    await log.submit({ kind: "InitializeHome", command_id: "c-1", actor: "operator", at, home_id: "h" });
  }
  expect(noted()).toBe(logFormat);
  expect(await open()).toBe(1);
  note(logFormat + 1);
  await expect(open()).rejects.toMatchObject({
    code: "log-newer",
    message: expect.stringContaining(String(logFormat + 1)),
  });
  expect(() => openLogReader(pathOf())).toThrow(expect.objectContaining({ code: "log-newer" }));
  expect(noted()).toBe(logFormat + 1);
  for (const older of [0, logFormat - 1]) {
    note(older);
    expect(await open()).toBe(1);
    expect(noted()).toBe(logFormat);
    openLogReader(pathOf())[Symbol.dispose]();
  }
});

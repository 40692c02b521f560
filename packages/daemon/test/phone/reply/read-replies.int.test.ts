/** A flood of the reply topic is logged once an hour, however long it lasts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createReplyReader } from "../../../src/phone/reply/read-replies.ts";
import { countEvents, openControl } from "../approval/asked-home.ts";

const folder = mkdtempSync(join(tmpdir(), "aedev-flood-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a flood of the reply topic is logged once an hour, and a few messages are not", async () => {
  await using control = await openControl(join(folder, "home"));
  let nowMs = 0;
  const reader = createReplyReader(control, () => nowMs);
  const line = JSON.stringify({ id: "abc", event: "message", message: "hello" });
  const hear = async ({ minutes, perMinute }: { minutes: number; perMinute: number }) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      for (let count = 0; count < perMinute; count += 1) await reader.read(line);
      nowMs += 60_000;
    }
    return countEvents(control, "RepliesDropped");
  };
  expect(await hear({ minutes: 180, perMinute: 20 })).toBe(0);
  expect(await hear({ minutes: 180, perMinute: 40 })).toBe(3);
});

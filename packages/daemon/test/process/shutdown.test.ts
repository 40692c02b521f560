/** The daemon's end: the order in which it closes, and an error on the way. */
import { expect, it } from "vitest";
import { createShutdown } from "../../src/process/shutdown.ts";

it.each([
  { fails: false, what: "a shutdown closes what was opened last first, and everything once" },
  { fails: true, what: "a shutdown closes the rest if one closer fails, and reports it" },
])("$what", async ({ fails }) => {
  const shutdown = createShutdown();
  const closed: string[] = [];
  shutdown.begins(() => void closed.push("lock"));
  shutdown.begins(async () => {
    closed.push("log");
    if (fails) throw new Error("the disk is full");
  });
  shutdown.begins(() => void closed.push("work"));
  const ended = shutdown.close().then(
    () => "closed",
    (error: Error) => error.message,
  );
  await shutdown.close().catch(() => undefined);
  expect(await ended).toBe(fails ? "the disk is full" : "closed");
  expect(closed).toEqual(["work", "log", "lock"]);
});

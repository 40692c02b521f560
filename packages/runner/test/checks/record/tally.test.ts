/** Reading the records of several processes that write at once. */
import { expect, it } from "vitest";
import { tallyReader } from "../../../src/checks/record/tally.ts";

const line = (writer: string, message: unknown) => `${writer} 1 0 1 ${JSON.stringify(message)}\n`;
const assertion = (path: string) => ({ k: "ok", f: path, l: 1, c: 1, o: [{ t: "b", v: true }] });

it("other processes are still read once one of them has made more assertions than it may write", () => {
  const reader = tallyReader();
  reader.take(Buffer.from(line("w1", assertion("test/a.test.js"))));
  expect(reader.tally()).toMatchObject({ recorded: 1, isOver: false });
  reader.take(Buffer.from(line("w1", { over: true })));
  reader.take(Buffer.from(line("w2", assertion("test/b.test.js"))));
  const { sites, ...tally } = reader.tally();
  expect(tally).toMatchObject({ recorded: 2, isOver: true, isBroken: false });
  expect(sites.map(({ path, calls }) => [path, calls])).toEqual([
    ["test/a.test.js", 1],
    ["test/b.test.js", 1],
  ]);
});

it("nothing more is read once all processes together have written more than the bound", () => {
  const reader = tallyReader();
  const chunk = Buffer.from(`${"x".repeat(1_000_000)}\n`);
  for (let sent = 0; sent < 68; sent += 1) reader.take(chunk);
  const before = reader.tally();
  expect(before).toMatchObject({ recorded: 0, isOver: true });
  reader.take(Buffer.from(line("w2", assertion("test/b.test.js"))));
  expect(reader.tally().recorded).toBe(0);
});

import { expect, it } from "vitest";
import { createJournal, type JournalEntry } from "../../src/github/journal.ts";

const entry = (path: string): JournalEntry => ({
  ...{ kind: "git", method: "POST", path, account: null },
  ...{ status: 200, mutates: path !== "/read", acted: true },
});

it("the journal lists requests in the order in which they began, even if an earlier one ends later", () => {
  const journal = createJournal();
  const [push, read, merge] = [journal.begin(), journal.begin(), journal.begin()];
  read(entry("/read"));
  merge(entry("/merge"));
  push(entry("/push"));
  expect(journal.entries.map(({ path }) => path)).toEqual(["/push", "/read", "/merge"]);
  expect(journal.mutating().map(({ path }) => path)).toEqual(["/push", "/merge"]);
  journal.clear();
  journal.begin()(entry("/next"));
  expect(journal.entries.map(({ path }) => path)).toEqual(["/next"]);
});

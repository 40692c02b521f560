/** Metrics of changes, against values computed by hand. */
import { expect, it } from "vitest";
import { fileHistory, type MeasuredChange } from "../../src/prior/file-history.ts";

const day = 86_400;
const change = (at: number, author: string, files: MeasuredChange["files"], fix = false): MeasuredChange => ({
  at: at * day,
  author,
  fix,
  files,
});
const file = (path: string, added: number, deleted = 0, from?: string) => ({ path, added, deleted, from });

it("measures a change by what its files had been through", () => {
  const history = fileHistory();
  history.add(change(0, "ann", [file("src/a.ts", 100), file("README.md", 10)]));
  history.add(change(4, "bob", [file("src/a.ts", 20, 10)]));
  const third = change(10, "cid", [file("src/a.ts", 3, 1), file("lib/deep/b.ts", 12), file("README.md", 0, 0)], true);
  const quarter = -(0.25 * Math.log2(0.25) + 0.75 * Math.log2(0.75));
  expect(history.measure(third)).toEqual({
    ns: 3,
    nd: 3,
    nf: 3,
    entropy: expect.closeTo(quarter, 10),
    la: 15,
    ld: 1,
    lt: 110 + 10,
    fix: 1,
    ndev: 3,
    age: expect.closeTo((6 + 0 + 10) / 3, 10),
    nuc: 3 + 1 + 2,
  });
});

it("counts folders below one first folder as one subsystem", () => {
  const { ns, nd } = fileHistory().measure(
    change(0, "ann", [file("src/a/x.ts", 1), file("src/b/y.ts", 1), file("src/z.ts", 1)]),
  );
  expect({ ns, nd }).toEqual({ ns: 1, nd: 3 });
});

it("follows a renamed file, also if two names are swapped", () => {
  const history = fileHistory();
  history.add(change(0, "ann", [file("a", 7), file("b", 100)]));
  history.add(change(1, "bob", [file("b", 0, 0, "a"), file("a", 0, 0, "b")]));
  expect(history.measure(change(2, "bob", [file("b", 1)]))).toMatchObject({ lt: 7, ndev: 2, nuc: 3, age: 1 });
  expect(history.measure(change(2, "bob", [file("c", 1, 0, "a")]))).toMatchObject({ lt: 100, nuc: 3 });
});

it("measures a change of new files only, and one of none", () => {
  const history = fileHistory();
  expect(history.measure(change(0, "ann", [file("a", 5)]))).toEqual({
    ns: 1,
    nd: 1,
    nf: 1,
    entropy: 0,
    la: 5,
    ld: 0,
    lt: 0,
    fix: 0,
    ndev: 1,
    age: 0,
    nuc: 1,
  });
  expect(history.measure(change(0, "ann", []))).toMatchObject({ nf: 0, entropy: 0, age: 0, nuc: 0 });
});

it("counts no negative time if the clocks of two people differ", () => {
  const history = fileHistory();
  history.add(change(5, "ann", [file("a", 5)]));
  expect(history.measure(change(3, "bob", [file("a", 1)])).age).toBe(0);
});

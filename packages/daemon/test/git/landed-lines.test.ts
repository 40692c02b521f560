/** Following the lines of a landed change through later diffs, and recognizing its inverse. */
import { describe, expect, it } from "vitest";
import { type FileDiff, followLines, isInverse, landedLines, readBareDiff } from "../../src/git/landed-lines.ts";

/** A hunk that replaces `removed` lines by `added` ones. `at`: the first removed line or, for an insertion, the line before it. */
const hunk = (at: number, removed: string[], added: string[], newAt = at) => ({
  oldStart: at,
  oldCount: removed.length,
  newStart: removed.length === 0 ? newAt + 1 : newAt,
  newCount: added.length,
  removed,
  added,
});
const file = (hunks: FileDiff["hunks"], from = "a.js", to: string | null = from): FileDiff => ({ from, to, hunks });
const change = [file([hunk(4, [], ["x", "y", "z"])])];
const after = (diff: FileDiff[], lines = landedLines(change)) => followLines(lines, diff);

describe("the lines of a landed change", () => {
  it("the lines of a landed change are those that it added", () => {
    expect(landedLines(change)).toEqual({ files: new Map([["a.js", [[5, 7]]]]), lost: 0 });
  });

  it.each<[string, FileDiff[], number, [number, number][]]>([
    ["move with lines that are added above", [file([hunk(1, [], ["new"])])], 0, [[6, 8]]],
    ["move with lines that are removed above", [file([hunk(1, ["a", "b"], [])])], 0, [[3, 5]]],
    ["stay when lines below change", [file([hunk(8, ["a"], ["b", "c"])])], 0, [[5, 7]]],
    [
      "are parted by an insertion, which changes none",
      [file([hunk(5, [], ["new"])])],
      0,
      [
        [5, 5],
        [7, 8],
      ],
    ],
    [
      "are lost when they change",
      [file([hunk(6, ["y"], ["Y"])])],
      1,
      [
        [5, 5],
        [7, 7],
      ],
    ],
    ["are lost when they are removed", [file([hunk(4, ["d", "x", "y"], [])])], 2, [[4, 4]]],
    ["are lost with their file", [file([hunk(1, [], [])], "a.js", null)], 3, []],
    ["keep in another file", [file([hunk(6, ["y"], ["Y"])], "b.js")], 0, [[5, 7]]],
  ])("a landed change's lines %s", (_, diff, lost, ranges) => {
    expect(after(diff)).toEqual({ files: new Map([["a.js", ranges]]), lost });
  });

  it("lines follow a rename, and two files that exchange their names", () => {
    expect([...after([file([], "a.js", "b.js")]).files]).toEqual([["b.js", [[5, 7]]]]);
    const two = landedLines([...change, file([hunk(0, [], ["one"])], "b.js")]);
    const exchanged = followLines(two, [file([], "a.js", "b.js"), file([], "b.js", "a.js")]);
    expect(exchanged.files).toEqual(
      new Map([
        ["b.js", [[5, 7]]],
        ["a.js", [[1, 1]]],
      ]),
    );
  });

  it("followed lines agree with a plain model of lines for any hunks", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 500; round += 1) {
      // Each entry says whether its line belongs to the change.
      let model = Array.from({ length: 20 }, (_, index) => index >= 4 && index < 9);
      let lines = landedLines([file([hunk(4, [], ["1", "2", "3", "4", "5"])])]);
      for (let step = 0; step < 4; step += 1) {
        const hunks: FileDiff["hunks"][number][] = [];
        const next: boolean[] = [];
        let at = 0;
        while (at < model.length) {
          const keep = Math.min(random(6), model.length - at);
          next.push(...model.slice(at, at + keep));
          at += keep;
          const removed = Math.min(random(3), model.length - at);
          const added = random(3);
          if (removed + added === 0) continue;
          const places = {
            oldStart: removed === 0 ? at : at + 1,
            newStart: added === 0 ? next.length : next.length + 1,
          };
          hunks.push({ ...places, oldCount: removed, newCount: added, removed: [], added: [] });
          next.push(...Array.from({ length: added }, () => false));
          at += removed;
        }
        model = next;
        lines = followLines(lines, [file(hunks)]);
      }
      const places = (lines.files.get("a.js") ?? []).flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, index) => from + index),
      );
      expect(places).toEqual(model.flatMap((isOurs, index) => (isOurs ? [index + 1] : [])));
      expect(lines.lost).toBe(5 - places.length);
    }
  });
});

describe("the inverse of a change", () => {
  const replaced = [file([hunk(3, ["old"], ["new", "newer"]), hunk(9, ["gone"], [], 10)])];
  const back = [file([hunk(13, ["new", "newer"], ["old"]), hunk(20, [], ["gone"])])];

  it("the inverse removes what was added and adds what was removed, wherever that is now", () => {
    expect(isInverse(replaced, back)).toBe(true);
    expect(isInverse(replaced, [file([hunk(1, ["a"], ["b"])], "other.js"), ...back])).toBe(true);
  });

  it.each<[string, FileDiff[]]>([
    ["a part of it", [file(back[0]?.hunks.slice(0, 1) ?? [])]],
    ["another line for it", [file([hunk(13, ["new", "newer"], ["Old"]), hunk(20, [], ["gone"])])]],
    ["more than it", [file([...(back[0]?.hunks ?? []), hunk(30, ["more"], [])])]],
    ["another file", [file(back[0]?.hunks ?? [], "b.js")]],
    ["its file deleted", [file(back[0]?.hunks ?? [], "a.js", null)]],
    ["the change itself", replaced],
  ])("a diff is not the inverse if it is %s", (_, diff) => {
    expect(isInverse(replaced, diff)).toBe(false);
  });

  it("a change without lines, such as one of the mode alone, has no recognizable inverse", () => {
    expect(isInverse([file([])], [file([])])).toBe(false);
  });
});

describe("a diff that git printed", () => {
  const raw = (names: string) => Buffer.from(`${names}\0`);
  const header = ":100644 100644 1111111 2222222";

  it("a printed diff is read with names and hunks; lines that look like headers are content", () => {
    const text =
      "diff --git a/a.js b/a.js\n--- a/a.js\n+++ b/a.js\n@@ -3 +3,2 @@ f\n-diff --git x y\n+@@ -1 +1 @@\n+z\n\\ No newline at end of file\n";
    const diff = readBareDiff(Buffer.concat([raw(`${header} M\0a.js\0`), Buffer.from(text)]));
    expect(diff).toEqual([file([hunk(3, ["diff --git x y"], ["@@ -1 +1 @@", "z"])])]);
  });

  it("a printed diff with names and hunks that don't match is rejected", () => {
    const cut = "diff --git a/a.js b/a.js\n@@ -3,2 +3 @@\n-one\n";
    expect(readBareDiff(Buffer.concat([raw(`${header} M\0a.js\0`), Buffer.from(cut)]))).toBeNull();
    expect(readBareDiff(raw(`${header} M\0a.js\0`))).toBeNull();
    expect(readBareDiff(Buffer.alloc(0))).toEqual([]);
  });
});

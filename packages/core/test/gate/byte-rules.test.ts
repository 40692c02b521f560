/** When changes to bytes that nobody edited hold a change, and when a person is asked about them. */
import type { ByteChange, ByteChangeKind, PathReport } from "@aedev/contracts";
import { reasonText } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { byteAsks, byteHolds } from "../../src/gate/byte-rules.ts";

const change = (kind: ByteChangeKind, more: Partial<ByteChange> = {}): ByteChange => ({
  path: "lib/menu.js",
  kind,
  lines: 2,
  letters: 6,
  examples: [{ line: 4, before: "Grüße", after: "Gr⟨U+FFFD⟩e" }],
  ...more,
});
const report = (changes: ByteChange[], added = 5, more: Partial<PathReport> = {}): PathReport => ({
  files: [
    {
      ...{ path: "lib/menu.js", status: "modified", old_mode: "100644", new_mode: "100644", binary: false },
      ...{ old_id: "1".repeat(40), new_id: "2".repeat(40), added_lines: added, deleted_lines: added },
    },
  ],
  ...{ renames: [], forbidden: [], unsafe: [], never_by_itself: [], byte_changes: changes },
  ...more,
});
const evidence = (pathReport: PathReport, text = "Return half of the number") => ({
  pathReport,
  reverts: undefined,
  specification: { text, criteria: [] },
});
const said = (pathReport: PathReport, text?: string) => ({
  holds: byteHolds(evidence(pathReport, text)).map((fact) => reasonText(fact)),
  asks: byteAsks(evidence(pathReport, text)).map((fact) => reasonText(fact)),
});

describe("bytes that nobody edited", () => {
  it.each([
    [
      "letters-destroyed",
      {},
      'lib/menu.js: 6 letters in 2 lines outside the change destroyed (line 4: "Grüße" became "Gr⟨U+FFFD⟩e")',
    ],
    [
      "letters-destroyed",
      { from: "GBK", to: "UTF-8", examples: [] },
      "lib/menu.js: 6 letters in 2 lines outside the change destroyed, encoding changed from GBK to UTF-8",
    ],
    [
      "encoding",
      { from: "GBK", to: "UTF-8", examples: [] },
      "lib/menu.js: encoding changed from GBK to UTF-8, 6 letters in 2 lines outside the change",
    ],
    [
      "letters-rewritten",
      { examples: [] },
      "lib/menu.js: 6 letters in 2 lines outside the change written in another form",
    ],
    [
      "byte-order-mark",
      { from: "a byte order mark", to: "none", examples: [] },
      "lib/menu.js: the byte order mark was removed",
    ],
    [
      "line-endings",
      { from: "CRLF", to: "LF", examples: [] },
      "lib/menu.js: line endings of 2 lines outside the change changed from CRLF to LF",
    ],
  ] as const)("holds a change that also edits something else: %s", (kind, more, text) => {
    expect(said(report([change(kind, more as Partial<ByteChange>)]))).toEqual({ holds: [text], asks: [] });
  });

  it.each([
    ["letters-destroyed", "Write the umlauts as ASCII"],
    ["encoding", "Convert lib/menu.js to UTF-8 and return half"],
    ["letters-rewritten", "Use straight quotes, and return half"],
    ["byte-order-mark", "Remove the BOM and return half"],
    ["line-endings", "Use CRLF in lib/menu.js and return half"],
  ] as const)("asks about byte changes if the mission mentions them: %s", (kind, text) => {
    expect(said(report([change(kind)]), text)).toMatchObject({ holds: [], asks: [expect.stringContaining("menu.js")] });
    expect(said(report([change(kind)])).holds).toHaveLength(1);
  });

  it("asks about byte changes if the change consists of nothing else", () => {
    expect(said(report([change("encoding")], 2))).toMatchObject({ holds: [], asks: [expect.any(String)] });
    expect(said(report([change("encoding")], 3)).holds).toHaveLength(1);
  });

  it("asks about changed indentation, and says nothing about a change without byte changes", () => {
    expect(said(report([change("indentation")]))).toMatchObject({ holds: [], asks: [expect.stringContaining("tabs")] });
    expect(said(report([]))).toEqual({ holds: [], asks: [] });
  });

  it("never holds a revert for byte changes, because its bytes are computed", () => {
    const reverts = { task_id: "t-1" } as never;
    expect(byteHolds({ ...evidence(report([change("encoding")])), reverts })).toEqual([]);
  });
});

describe("new files that the base ignores", () => {
  const ignored = { capture_notes: { ignored: { paths: ["fixtures/semi.csv"], count: 1, others: 3 } } };
  it("asks about new ignored files only if the change or the mission names them", () => {
    const text = ["new files were not taken because the base ignores them: fixtures/semi.csv"];
    expect(said(report([], 5, ignored)).asks).toEqual([]);
    expect(said(report([], 5, { ...ignored, not_taken_named: ["fixtures/semi.csv"] })).asks).toEqual(text);
    expect(said(report([], 5, ignored), "Add a test that reads semi.csv").asks).toEqual(text);
  });

  it("asks about files in a submodule as about ignored files", () => {
    const notes = { capture_notes: { in_submodules: { paths: ["vendor/data/a.json"], count: 1 } } };
    expect(said(report([], 5, notes)).asks).toEqual([]);
    expect(said(report([], 5, { ...notes, not_taken_named: ["vendor/data/a.json"] })).asks).toEqual([
      "files in a submodule were not taken: vendor/data/a.json",
    ]);
  });
});

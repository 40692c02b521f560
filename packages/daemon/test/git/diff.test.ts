/** Splits git's output into entries with any name and the unchanged patch. */
import { describe, expect, it } from "vitest";
import { parseRawDiff } from "../../src/git/diff.ts";

const [one, two, none] = ["1".repeat(40), "2".repeat(40), "0".repeat(40)];
const patch = "diff --git a/b b/b\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-a\0\n+:100644\0\n";

function output(records: readonly [string, string][], rest = `\0${patch}`): Buffer {
  return Buffer.from(records.map(([header, name]) => `${header}\0${name}\0`).join("") + rest);
}

describe("a raw diff with its patch", () => {
  it("a raw diff is split into entries sorted by path, whatever a name looks like, and the patch byte for byte", () => {
    const found = parseRawDiff(
      output([
        [`:100644 100644 ${one} ${two} M`, ":100644 100644"],
        [`:000000 120000 ${none} ${two} A`, 'a "quoted"\n name'],
        [`:100644 160000 ${one} ${two} T`, "ü"],
        [`:100755 000000 ${one} ${none} D`, "b"],
      ]),
    );
    expect(found.patch.toString()).toBe(patch);
    expect(found.entries.map(({ path, status, new_mode }) => [path, status, new_mode])).toEqual([
      [":100644 100644", "modified", "100644"],
      ['a "quoted"\n name', "added", "120000"],
      ["b", "deleted", "000000"],
      ["ü", "modified", "160000"],
    ]);
  });

  it("a raw diff without differences is empty", () => {
    expect(parseRawDiff(Buffer.alloc(0))).toEqual({ entries: [], patch: Buffer.alloc(0) });
  });

  it("output that is no raw diff is refused", () => {
    const good: [string, string] = [`:100644 100644 ${one} ${two} M`, "a"];
    expect(parseRawDiff(output([good])).entries).toHaveLength(1);
    expect(() => parseRawDiff(output([[`:100644 ${one} ${two} M`, "a"]]))).toThrow(TypeError);
    expect(() => parseRawDiff(output([[`:100644 100644 ${one} ${two} X`, "a"]]))).toThrow();
    expect(() => parseRawDiff(output([good], ":100644"))).toThrow(TypeError);
  });

  it("each byte of a name that is not UTF-8 is shown", () => {
    const record = Buffer.from(`:100644 100644 ${one} ${two} M\0a\xff\xfe\0\0`, "latin1");
    expect(parseRawDiff(record).entries.map(({ path }) => path)).toEqual(["a\\xff\\xfe"]);
  });
});

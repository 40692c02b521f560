/** The diff on a page: its lines are marked and escaped, and omissions are reported only if there are any. */
import { describe, expect, it } from "vitest";
import { diffExcerpt } from "../../src/approval/diff-excerpt.ts";

const show = (text: string | Buffer) => diffExcerpt(Buffer.from(text), "aedev evidence show t-1 --entry patch").markup;

describe("a diff", () => {
  it("marks added and removed lines, and escapes both", () => {
    const markup = show("diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-<b>\n+\u202e&\n kept\n");
    expect(markup).toContain(
      "<strong>@@ -1 +1 @@</strong>\n<del>-&lt;b&gt;</del>\n<ins>+\\u{202e}&amp;</ins>\n kept\n</pre>",
    );
    expect(markup).not.toContain("omitted");
  });

  it("says what it omits: lines, the end of a long line, bytes", () => {
    const lines = (count: number) => Array.from({ length: count }, (_, line) => `+${line}\n`).join("");
    expect(show(lines(600))).not.toContain("omitted");
    expect(show(lines(601))).toMatch(
      /omitted: the rest of \d+ bytes after 600 lines.*evidence show t-1 --entry patch/s,
    );
    expect(show(`+${"x".repeat(299)}\n`)).not.toContain("omitted");
    expect(show(`+${"x".repeat(300)}\n`)).toContain("(1 character omitted)");
    const wide = show(Buffer.alloc(3_000_000, "+"));
    expect(wide).toContain("omitted: the rest of 3000000 bytes after 1 line.");
    expect(wide.length).toBeLessThan(2_000);
  });

  it("shows bytes that are not text as placeholders", () => {
    const markup = show(Buffer.from([0x2b, 0xff, 0xfe, 0x00, 0x1b, 0x5b, 0x32, 0x4a, 0x0a]));
    expect(markup).not.toMatch(/[^\P{C}\n\t]/u);
    expect(markup).toContain("\\u{1b}[2J");
  });
});

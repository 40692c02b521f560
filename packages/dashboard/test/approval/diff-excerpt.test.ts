/** The diff on a page: its lines are marked and escaped, and omissions are reported only if there are any. */
import { describe, expect, it } from "vitest";
import { diffExcerpt } from "../../src/approval/diff-excerpt.ts";

const show = (text: string) => diffExcerpt(text, "aedev evidence show t-1 --entry patch").markup;

describe("a diff", () => {
  it("marks added and removed lines of a diff, and escapes both", () => {
    const markup = show("diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-<b>\n+\u202e&\n kept\n");
    expect(markup).toContain(
      "<strong>@@ -1 +1 @@</strong>\n<del>-&lt;b&gt;</del>\n<ins>+\\u{202e}&amp;</ins>\n kept\n</pre>",
    );
    expect(markup).not.toContain("omitted");
  });

  it("says what a diff omits: lines, the end of a long line, characters", () => {
    const lines = (count: number) => Array.from({ length: count }, (_, line) => `+${line}\n`).join("");
    expect(show(lines(600))).not.toContain("omitted");
    expect(show(lines(601))).toMatch(
      /omitted: the rest of \d+ characters after 600 lines.*evidence show t-1 --entry patch/s,
    );
    expect(show(`+${"x".repeat(299)}\n`)).not.toContain("omitted");
    expect(show(`+${"x".repeat(300)}\n`)).toContain("(1 character omitted)");
    const wide = show("+".repeat(3_000_000));
    expect(wide).toContain("omitted: the rest of 3000000 characters after 1 line.");
    expect(wide.length).toBeLessThan(2_000);
  });

  it("shows control characters in a diff as placeholders", () => {
    const markup = show("+\u0000\u001b[2J\n");
    expect(markup).not.toMatch(/[^\P{C}\n\t]/u);
    expect(markup).toContain("\\u{1b}[2J");
  });
});

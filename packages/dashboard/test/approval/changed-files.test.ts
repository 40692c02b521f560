/** The files of a change on a page: their counts, their marked and escaped lines, and what is left out. */
import type { PatchFileDocument } from "@aedev/contracts/api";
import { describe, expect, it } from "vitest";
import { changedFiles } from "../../src/approval/changed-files.ts";
import { landingPage } from "./sample-pages.ts";

const command = "aedev evidence show t-1 --entry patch";
const show = (files: readonly PatchFileDocument[], files_omitted = 0) =>
  changedFiles({ ...landingPage("x"), files, files_omitted, patch_command: command }).markup;
const file = (texts: readonly string[], more: Partial<PatchFileDocument> = {}): PatchFileDocument => ({
  ...{ path: "lib/a.js", renamed_from: null, added: texts.length, removed: 0, omitted: 0 },
  lines: texts.map((text, at) => ({ kind: "added", before: null, after: at + 1, text })),
  ...more,
});

describe("the files of a change", () => {
  it("show their names, which can be copied, and their lines, marked and escaped, each hunk with its place", () => {
    const lines = [
      { kind: "hunk", before: null, after: null, text: "@@ -7,2 +8,3 @@ function a() {" },
      { kind: "same", before: 7, after: 8, text: "kept" },
      { kind: "removed", before: 8, after: null, text: "<b>" },
      { kind: "added", before: null, after: 9, text: "\u202e&\u001b[2J" },
      { kind: "note", before: null, after: null, text: "\\ No newline at end of file" },
    ] as const;
    const markup = show([file([], { path: "lib/\u202ea.js", lines: [...lines], removed: 1, added: 1 })]);
    expect(markup).toContain("<code>lib/\\u{202e}a.js</code>");
    expect(markup).toContain('<h2>1 file <span class="count"><span class="pass">+1</span>');
    expect(markup).toContain(
      "<pre><b>line 8 function a() {</b><span> kept</span><del>-&lt;b&gt;</del><ins>+\\u{202e}&amp;\\u{1b}[2J</ins>",
    );
    expect(markup).toContain("<b>\\ No newline at end of file</b></pre>");
    expect(markup).not.toMatch(/omitted|[^\P{C}\n\t]/u);
  });

  it("are all listed, and say what is left out: lines, the end of a long line, files, and the command for all", () => {
    const lines = (count: number) => Array.from({ length: count }, (_, line) => `${line}`);
    expect(show([file(lines(600))])).not.toContain("omitted");
    const long = show([file(lines(590)), file(lines(20), { path: "b.js", omitted: 5 }), file(["x"], { path: "c.js" })]);
    // A long file leaves the room of the others, and what is left out is said where a closed file shows it.
    expect(long).toMatch(
      /omitted: 390 lines<\/strong><\/summary>[\s\S]*b\.js[\s\S]*omitted: 5 lines<\/strong><\/summary>/,
    );
    expect(long).toContain("<pre><ins>+x</ins></pre>");
    expect(show([file(["x"], { renamed_from: "auth.js" })])).toContain("<code>auth.js</code> → <code>lib/a.js</code>");
    expect(long).toContain(`<code>${command}</code>`);
    expect(show([file(["x"])], 2)).toMatch(/3 files[\s\S]*omitted: 2 more files/);
    expect(show([file(["x".repeat(300)])])).not.toContain("omitted");
    expect(show([file(["x".repeat(301)])])).toContain("(1 character omitted)");
  });

  it("are open at first if there are few lines, or else a list", () => {
    const few = Array.from({ length: 30 }, () => "x");
    expect(show([file(few), file(few)]).match(/<details class="file" open>/g)).toHaveLength(2);
    expect(show([file(few), file(few), file(["x"])])).not.toContain('"file" open');
  });
});

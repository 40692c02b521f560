/** Patches of real git are accepted; an added, removed or changed line is detected as far as possible without the base. */
import { describe, expect, it } from "vitest";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import { bareRemote, gitText, type PlannedTree } from "../../../../test/support/git-repositories.ts";
import { readPatchForm } from "../../src/patch/verify-patch.ts";

const lines = (count: number, word: string) => Array.from({ length: count }, (_, line) => `${word} ${line}\n`).join("");
const base: PlannedTree = {
  "src/long.js": lines(60, "line"),
  "gone.txt": "gone\n",
  "end.txt": "no newline",
  tool: "#!/bin/sh\n",
  kind: "becomes a link\n",
};

function patchOf(files: PlannedTree, remove: readonly string[] = []): Buffer {
  const remote = bareRemote(base);
  return candidate(remote, gitText(remote, ["rev-parse", "main"]), { files, remove }).patch;
}

describe("a patch's form", () => {
  it("accepts a patch of every kind of change that git can write", () => {
    const patch = patchOf(
      {
        "src/long.js": `${lines(5, "new")}${lines(40, "line")}changed\n${lines(15, "tail")}`,
        "end.txt": "no newline either",
        "empty file": "",
        't\u00e4b\t"quoted".txt': "x\r\ny\r\n",
        "binary.dat": { mode: "100644", content: Buffer.from([0, 10, 255, 13, 10, 45, 45, 32, 10, 64, 64]) },
        "looks.diff": "diff --git a/x b/x\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n",
        tool: { mode: "100755", content: "#!/bin/sh\n" },
        kind: { mode: "120000", content: "end.txt" },
        link: { mode: "120000", content: "../outside" },
      },
      ["gone.txt"],
    );
    expect(readPatchForm(patch)).toMatchObject({ kind: "patch", addedFiles: 6 });
    expect(readPatchForm(Buffer.alloc(0))).toMatchObject({ kind: "patch", sections: [] });
  });

  it("refuses a patch with any changed line of an added file, and any removed or repeated line of a hunk", () => {
    const patch = patchOf({ "added.txt": lines(30, "added"), "src/long.js": lines(59, "line") });
    expect(readPatchForm(patch)).toMatchObject({ kind: "patch", hunks: 2, addedFiles: 1 });
    const text = patch.toString();
    const all = text.split("\n").slice(0, -1);
    let tried = 0;
    for (const [at, line] of all.entries()) {
      const without = [...all.slice(0, at), ...all.slice(at + 1)];
      const twice = [...all.slice(0, at), line, ...all.slice(at)];
      for (const mutant of [without, twice]) {
        // git itself refuses lines that repeat a name or a mode.
        if (!/^[-+ @]/.test(line) || /^(---|\+\+\+) /.test(line)) continue;
        tried += 1;
        expect([at, line, readPatchForm(Buffer.from(`${mutant.join("\n")}\n`)).kind]).toEqual([at, line, "malformed"]);
      }
    }
    expect(tried).toBeGreaterThan(60);
    expect(readPatchForm(Buffer.from(text.replace("+added 7\n", "+addeD 7\n")))).toMatchObject({ kind: "malformed" });
    expect(readPatchForm(Buffer.from(text.slice(0, -1)))).toMatchObject({ kind: "malformed" });
    expect(readPatchForm(Buffer.from(`hello\n${text}`))).toMatchObject({
      kind: "malformed",
      why: "line 2: a section does not start with diff --git",
    });
  });

  it("refuses a patch if a hunk starts before the end of the previous one, or a line of the header is too long", () => {
    const head = ["diff --git a/a b/a", `index ${"1".repeat(40)}..${"2".repeat(40)} 100644`, "--- a/a", "+++ b/a"];
    const formOf = (...all: string[]) => readPatchForm(Buffer.from([...head, ...all, ""].join("\n")));
    const first = ["@@ -1,3 +1,3 @@", " one", "-two", "+2", " three"];
    expect(formOf(...first, "@@ -5 +5 @@", "-five", "+5")).toMatchObject({ kind: "patch", hunks: 2 });
    expect(formOf(...first, "@@ -2 +2 @@", "-two", "+2")).toMatchObject({
      kind: "malformed",
      why: expect.stringContaining("hunks overlap"),
    });
    expect(formOf(`--- a/${"x".repeat(30_000)}`)).toMatchObject({ kind: "patch" });
    expect(formOf(`--- a/${"x".repeat(50_000)}`)).toMatchObject({
      kind: "malformed",
      why: expect.stringContaining("too long"),
    });
  });
});

/** The digest of a patch on real git: equal whenever git's own patch id is, and different for another line or other white space. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { patchDigest } from "../../src/patch/patch-digest.ts";

const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
const git = (folder: string, ...words: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", ...words], { maxBuffer: 1e7 });

/** The evidence diff from one content to the other. */
function patchOf(before: Record<string, string | Buffer>, after: Record<string, string | Buffer>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "aedev-patch-"));
  git(folder, "init", "-q");
  const commit = (files: Record<string, string | Buffer>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    git(folder, "add", "-A");
    git(folder, "commit", "-qm", "x");
  };
  commit(before);
  commit(after);
  return git(folder, "diff", "--binary", "--full-index", "HEAD~1", "HEAD");
}

const changed = (base: readonly string[], line: string) =>
  patchOf({ "a.js": base.join("\n") }, { "a.js": base.map((one) => (one === "line 12" ? line : one)).join("\n") });

it("keeps the patch digest, like git's patch id, on a base with other lines elsewhere in the file", () => {
  const [one, moved] = [changed(lines, "new"), changed(["above", ...lines], "new")];
  expect(moved.equals(one)).toBe(false);
  const idOf = (patch: Buffer) => execFileSync("git", ["patch-id", "--stable"], { input: patch }).toString();
  expect(idOf(moved).split(" ")[0]).toBe(idOf(one).split(" ")[0]);
  expect(patchDigest(moved)).toBe(patchDigest(one));
});

it("changes the patch digest for another line, other white space, another file, or other bytes", () => {
  const one = patchDigest(changed(lines, "new"));
  expect(patchDigest(changed(lines, "now"))).not.toBe(one);
  expect(patchDigest(changed(lines, "  new"))).not.toBe(one);
  const renamed = patchOf({ "b.js": lines.join("\n") }, { "b.js": lines.join("\n").replace("line 12", "new") });
  expect(patchDigest(renamed)).not.toBe(one);
  const bytes = (last: number) => patchOf({ x: "x" }, { "a.bin": Buffer.from([0, 1, 2, last]) });
  expect(patchDigest(bytes(3))).toBe(patchDigest(bytes(3)));
  expect(patchDigest(bytes(3))).not.toBe(patchDigest(bytes(4)));
});

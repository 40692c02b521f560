/** Lays out a patched base as plain files: nothing of it runs, points elsewhere or configures git. */
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import { bareRemote, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { layOutPatched } from "../../src/git/lay-out.ts";
import { fetchBase } from "../../src/git/mirror.ts";

describe("laying out what a run wrote", () => {
  const files = { "a.txt": "one\n", "gone.txt": "x\n" };

  async function base() {
    const remote = bareRemote(files);
    const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
    const { commit: baseCommit } = await fetchBase(options);
    return { remote, options, baseCommit, folder: join(temporaryFolder(), "tree") };
  }

  it("laying out writes the base with the change, a link as text, and no repository", async () => {
    const { remote, options, baseCommit, folder } = await base();
    const after = {
      "a.txt": "two\n",
      ".gitattributes": "* filter=evil\n",
      "sub/new.txt": "n\n",
      out: { mode: "120000", content: "/etc/passwd" },
    } as const;
    const { patch } = candidate(remote, baseCommit, { files: after, remove: ["gone.txt"] });
    await layOutPatched({ ...options, baseCommit, patch, folder });
    expect(readdirSync(folder).sort()).toEqual([".gitattributes", "a.txt", "out", "sub"]);
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("two\n");
    expect(lstatSync(join(folder, "out")).isFile()).toBe(true);
    expect(readFileSync(join(folder, "out"), "utf8")).toBe("/etc/passwd");
  });

  it.each([".git/config", "sub/.GIT/hooks/pre-commit", "../outside.txt"])(
    "laying out writes nothing of a patch to %s",
    async (path) => {
      const { options, baseCommit, folder } = await base();
      const patch = Buffer.from(
        `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`,
      );
      await expect(layOutPatched({ ...options, baseCommit, patch, folder })).rejects.toThrow(/patch/);
      expect(existsSync(folder)).toBe(false);
    },
  );
});

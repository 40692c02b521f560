/** Files of a base that are links: those inside the repository are read, the others are named, and nothing outside is opened. */
import { describe, expect, it } from "vitest";
import { bareRemote, type PlannedTree, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { readOverlay } from "../../src/control/base-overlay.ts";
import { readThroughLinks } from "../../src/git/linked-files.ts";
import { fetchBase, listTree } from "../../src/git/mirror.ts";
import { readSmallFiles } from "../../src/git/small-files.ts";

const link = (content: string) => ({ mode: "120000", content }) as const;

async function based(files: PlannedTree) {
  const options = { home: temporaryFolder(), repository: "demo", url: bareRemote(files), timeoutMs };
  const { commit } = await fetchBase(options);
  return { ...options, commit };
}

async function readAll(files: PlannedTree, paths: readonly string[]) {
  const options = await based(files);
  const entries = await listTree({ ...options, tree: options.commit });
  const found = await readThroughLinks({ ...options, entries, paths });
  return Object.fromEntries(
    [...found].map(([path, { bytes, problem }]) => [path, problem ?? (bytes && Buffer.from(bytes).toString())]),
  );
}

describe("a file of the base that is a link", () => {
  it("a linked file is read through links inside the repository, even links to folders, whatever its size", async () => {
    const long = "Use tabs.\n".repeat(500);
    const read = await readAll(
      {
        "AGENTS.md": link(".ai/RULES.md"),
        "CLAUDE.md": link("AGENTS.md"),
        "docs/deep.md": link("../.ai/./RULES.md"),
        ".ai": link("tools/ai"),
        "tools/ai/RULES.md": long,
        "tools/ai/more.md": "More.\n",
        ".agent": link("./tools/ai"),
      },
      ["AGENTS.md", "CLAUDE.md", "docs/deep.md", ".agent", "none.md"],
    );
    expect(read).toEqual({
      ...{ "AGENTS.md": long, "CLAUDE.md": long, "docs/deep.md": long },
      ...{ ".agent": null, ".agent/RULES.md": long, ".agent/more.md": "More.\n", "none.md": null },
    });
  });

  it.each([
    ["none.md", "link to nothing in the repository"],
    ["../outside.md", "link leaves the tree"],
    ["/etc/passwd", "link to an absolute path"],
    ["AGENTS.md", "links form a loop"],
    [".git/config", "link into a git directory"],
  ])("a linked file is named if its link leads to %s", async (target, problem) => {
    expect(await readAll({ "AGENTS.md": link(target), "a.md": "a\n" }, ["AGENTS.md", "a.md"])).toEqual({
      "AGENTS.md": problem,
      "a.md": "a\n",
    });
  });

  it("a linked .aedev.yaml is read if its link can be followed; otherwise the run is held", async () => {
    const yaml = "verify: [node --test]\n";
    const inside = await based({ ".aedev.yaml": link("config/aedev.yaml"), "config/aedev.yaml": yaml });
    expect(await readOverlay(inside)).toMatchObject({ verify: ["node --test"] });
    const broken = await based({ ".aedev.yaml": link("../aedev.yaml"), "a.md": "a\n" });
    await expect(readOverlay(broken)).rejects.toMatchObject({
      code: "HOLD-PREPARE-FAILED",
      detail: ".aedev.yaml: link leaves the tree",
    });
  });

  it("a linked file is read however many other links there are, and fails if the links are too long to read", async () => {
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`l/${index}`, link("../ci/a.yaml")]));
    const base = { ".aedev.yaml": link("ci/a.yaml"), "ci/a.yaml": "verify: [node --test]\n" };
    expect(await readOverlay(await based({ ...base, ...many }))).toMatchObject({ verify: ["node --test"] });
    const long = await based({ ...base, long: link("x".repeat(17 * 1024 * 1024)) });
    await expect(readOverlay(long)).rejects.toMatchObject({ code: "git-output" });
  });

  it("a linked file is read in a folder that is itself a link", async () => {
    const files = {
      ".agent": link("tools"),
      "tools/a.md": link("../b.md"),
      "tools/c.md": link("/etc/x"),
      "b.md": "b\n",
    };
    expect(await readAll(files, [".agent"])).toEqual({
      ".agent": null,
      ".agent/a.md": "b\n",
      ".agent/c.md": "link to an absolute path through another link",
    });
  });

  it("a linked manifest is read like any other, and `repo add` names it if its link leads nowhere", async () => {
    const options = await based({
      "package.json": link("packages/a/package.json"),
      "packages/a/package.json": "{}\n",
      "CLAUDE.md": link("/etc/passwd"),
    });
    const { texts, brokenLinks } = await readSmallFiles({ ...options, choose: () => ["package.json"] });
    expect([...texts]).toEqual([["package.json", "{}\n"]]);
    expect(brokenLinks).toEqual([{ path: "CLAUDE.md", why: "link to an absolute path" }]);
  });
});

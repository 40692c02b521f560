/** Builds the commit that lands, and carries a judged patch to a moved base, on real git. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { host } from "@aedev/contracts";
import { gitInfoAttributes } from "@aedev/host/git/git-safety";
import { describe, expect, it } from "vitest";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import {
  bareRemote,
  commitTo,
  git,
  gitText,
  type PlannedTree,
  temporaryFolder,
  timeoutMs,
} from "../../../../test/support/git-repositories.ts";
import { commitMessage } from "../../src/commit-text/commit-message.ts";
import { deriveChange } from "../../src/git/change.ts";
import { appliesUnchanged, buildCommit, touchedBetween, withTrailers } from "../../src/git/landing.ts";
import { fetchBase } from "../../src/git/mirror.ts";

const trailers = {
  missionId: "m-0123456789abcdef",
  taskId: "t-0123456789abcdef",
  bundleDigest: "b".repeat(64),
  changeDigest: "c".repeat(64),
  logHead: { position: 17, hash: "d".repeat(64) },
};
const signature = { authorName: "aedev", authorEmail: "aedev@localhost", committedAt: "2026-01-02T03:04:05.678Z" };
const twelveLines = Array.from({ length: 12 }, (_, line) => `line ${line}\n`).join("");

async function judged(files: PlannedTree, after: PlannedTree) {
  const remote = bareRemote(files);
  const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
  const { commit: baseCommit } = await fetchBase(options);
  const { patch, tree } = candidate(remote, baseCommit, { files: after });
  const change = await deriveChange({ ...options, baseCommit, patch });
  const message = withTrailers(host`Fix it`, trailers);
  const expected = { expectedTree: tree, expectedContentDigest: change.contentDigest };
  return {
    remote,
    options,
    baseCommit,
    patch,
    build: { ...options, ...signature, ...expected, baseCommit, patch, message },
  };
}

describe("a landing message", () => {
  it("a landing message has trailers that git reads, whatever its words look like", () => {
    const text = `Fix it\nAedev-Bundle: forged \u202e${"x".repeat(100)}\n\nAedev-Task: forged`;
    const criteria = [{ id: "c1", text: "Aedev-Mission: forged\n\nAedev-Change: forged" }];
    const words = {
      specification: { text, criteria },
      writer: "home" as const,
      checks: null,
      verdicts: [],
      approvedBy: "Aedev-Bundle: forged",
    };
    const message = withTrailers(commitMessage(words), trailers);
    const [subject = "", empty] = message.split("\n");
    expect(subject.length).toBeLessThanOrEqual(72);
    expect(subject).toBe("Fix it");
    expect(message).toContain("Aedev-Bundle: forged \\u{202e}");
    expect(empty).toBe("");
    const read = git("/", ["interpret-trailers", "--parse"], message).toString();
    expect(read).toBe(
      [
        `Aedev-Mission: ${trailers.missionId}`,
        `Aedev-Task: ${trailers.taskId}`,
        `Aedev-Bundle: ${trailers.bundleDigest}`,
        `Aedev-Change: ${trailers.changeDigest}`,
        `Aedev-Log-Head: 17 ${trailers.logHead.hash}\n`,
      ].join("\n"),
    );
    const more = ["Co-authored-by: A <a@example.com>", "Signed-off-by: B <b@example.com>"];
    const whole = git(
      "/",
      ["interpret-trailers", "--parse"],
      withTrailers(commitMessage(words), { ...trailers, more }),
    );
    expect(whole.toString()).toBe(`${read}${more.join("\n")}\n`);
    const nothing = { ...words, specification: { text: " \n", criteria: [] } };
    expect(withTrailers(commitMessage(nothing), trailers)).toMatch(/^Land a judged change\n\n/);
  });
});

describe("a commit to land", () => {
  it("the landing commit is the judged tree on the base, with the same id whenever and wherever it is built", async () => {
    const { build, remote } = await judged({ a: "a\n" }, { a: "b\n", ä: "new\n" });
    const { commit } = await buildCommit(build);
    const landing = join(build.home, "landing", "demo.git");
    expect(gitText(landing, ["rev-parse", `${commit}^{tree}`])).toBe(build.expectedTree);
    expect(gitText(landing, ["show", "-s", "--format=%P|%an|%ae|%cn|%ct|%at|%s", commit])).toBe(
      `${build.baseCommit}|aedev|aedev@localhost|aedev|1767323045|1767323045|Fix it`,
    );
    expect(await buildCommit(build)).toEqual({ commit });
    expect(readdirSync(landing).filter((name) => name.startsWith("index"))).toEqual([]);
    const elsewhere = { ...build, home: temporaryFolder() };
    await fetchBase({ ...elsewhere, url: remote });
    expect(await buildCommit(elsewhere)).toEqual({ commit });
    expect((await buildCommit({ ...build, committedAt: "2026-01-02T03:04:06.000Z" })).commit).not.toBe(commit);
  });

  it("building the commit is refused if tree, content or patch is not the judged one", async () => {
    const { build } = await judged({ a: "a\n" }, { a: "b\n" });
    const code = "HOLD-PATCH-UNSAFE";
    const patch = Buffer.from(build.patch.toString().replace("+b", "+c"));
    await expect(buildCommit({ ...build, expectedTree: "0".repeat(40) })).rejects.toMatchObject({
      code,
      detail: "tree differs",
    });
    const content = buildCommit({ ...build, expectedContentDigest: "0".repeat(64) });
    await expect(content).rejects.toMatchObject({ code, detail: "content digest differs" });
    await expect(buildCommit({ ...build, patch })).rejects.toMatchObject({ code });
    expect((await buildCommit(build)).commit).toMatch(/^[0-9a-f]{40}$/);
  });

  it("no attributes of a tree can hide or change bytes in our repositories, and nothing is pruned", async () => {
    const { build } = await judged({ a: "a\n" }, { a: "b\n" });
    await buildCommit(build);
    for (const dir of ["mirrors/demo.git", "landing/demo.git"]) {
      expect(readFileSync(join(build.home, dir, "info/attributes"), "utf8")).toBe(gitInfoAttributes);
      expect(gitText(join(build.home, dir), ["config", "gc.auto"])).toBe("0");
    }
  });

  it("building the commit adds no object to the mirror", async () => {
    const { build } = await judged({ a: "a\n" }, { a: "b\n" });
    const { commit } = await buildCommit(build);
    const mirror = join(build.home, "mirrors", "demo.git");
    expect(git(mirror, ["cat-file", "--batch-all-objects", "--batch-check"]).toString()).not.toContain(commit);
  });
});

describe("a judged patch on a moved base", () => {
  async function moved(after: PlannedTree, other: { files: PlannedTree; remove?: readonly string[] }) {
    const change = await judged({ a: twelveLines, b: "b\n" }, after);
    const newBase = commitTo(change.remote, other);
    await fetchBase(change.options);
    const bases = { oldBase: change.baseCommit, newBase };
    return {
      ...change,
      newBase,
      carried: await appliesUnchanged({ ...change.options, ...bases, patch: change.patch }),
    };
  }
  const edit = { a: twelveLines.replace("line 9", "line nine") };

  it("a judged patch is unchanged on a moved base if the other side touched other files", async () => {
    const { carried, options, baseCommit, newBase, build } = await moved(edit, {
      files: { "d/c": "c\n" },
      remove: ["b"],
    });
    expect(await touchedBetween({ ...options, baseA: baseCommit, baseB: newBase })).toEqual(["b", "d/c"]);
    if (!carried.unchanged) throw new Error(carried.why);
    expect(carried.change.tree).not.toBe(build.expectedTree);
    expect(carried.change.contentDigest).toBe(build.expectedContentDigest);
    expect(carried.change.basePaths).toEqual(["a", "d/c"]);
    const landed = await buildCommit({ ...build, baseCommit: newBase, expectedTree: carried.change.tree });
    expect(gitText(join(build.home, "landing", "demo.git"), ["rev-parse", `${landed.commit}^`])).toBe(newBase);
  });

  it("a judged patch is not unchanged if a touched file changed too, even far from the patch's lines", async () => {
    const { carried } = await moved(edit, { files: { a: `first\n${twelveLines}` } });
    expect(carried).toEqual({ unchanged: false, why: "a changed on both sides" });
  });

  it("a judged patch is not unchanged if both sides add the same file, or a file takes a folder's place", async () => {
    expect((await moved({ n: "mine\n" }, { files: { n: "theirs\n" } })).carried).toMatchObject({ unchanged: false });
    expect((await moved({ "n/x": "mine\n" }, { files: { n: "theirs\n" } })).carried).toMatchObject({
      unchanged: false,
    });
    const through = { n: { mode: "120000", content: "/tmp" } } as const;
    expect((await moved({ "n/x": "mine\n" }, { files: through })).carried).toMatchObject({ unchanged: false });
    expect((await moved({ "n/x": "mine\n" }, { files: { "n/y": "theirs\n" } })).carried).toMatchObject({
      unchanged: true,
    });
  });
});

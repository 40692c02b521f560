/** A clone of the gauntlet is whole, or there is a reason why it is not. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { cloneAt } from "./clone.ts";

describe("a clone", () => {
  const folder = mkdtempSync(join(tmpdir(), "gauntlet-clone-"));
  const stored = join(folder, "a+b", "repo");
  const git = (...args: string[]) => execa("git", ["-C", stored, ...args]);
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("has the listed commit whole, or a reason in one line", async () => {
    mkdirSync(stored, { recursive: true });
    await git("init", "-q", "--initial-branch=main");
    const as = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    await execa("sh", ["-c", "echo one > one; mkdir two; echo two > two/two"], { cwd: stored });
    await git("add", ".");
    await git(...as, "commit", "-q", "-m", "one");
    const { stdout: commit } = await git("rev-parse", "HEAD");
    const listed = { name: "b", address: "https://github.com/a/b", commit };
    expect(await cloneAt(listed, join(folder, "whole.git"), folder)).toBeNull();
    const { stdout: main } = await execa("git", [`--git-dir=${join(folder, "whole.git")}`, "rev-parse", "main"]);
    expect(main).toBe(commit);
    expect(await cloneAt({ ...listed, commit: "0".repeat(40) }, join(folder, "other.git"), folder)).toMatch(
      /^[^\n]+$/u,
    );
    expect(await cloneAt({ ...listed, address: "https://github.com/a/c" }, join(folder, "c.git"), folder)).toMatch(
      /has neither of/u,
    );
    const { stdout: blob } = await git("rev-parse", "HEAD:two/two");
    rmSync(join(stored, ".git", "objects", blob.slice(0, 2), blob.slice(2)));
    expect(await cloneAt(listed, join(folder, "part.git"), folder)).toMatch(/^[^\n]+$/u);
  });
});

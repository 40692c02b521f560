/** A clone for the gauntlet is complete, or its lack is explained. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { cloneAt } from "./clone.ts";

describe("a clone for the gauntlet", () => {
  const folder = mkdtempSync(join(tmpdir(), "gauntlet-clone-"));
  const stored = join(folder, "a+b", "repo");
  const git = async (...args: string[]) => (await execa("git", ["-C", stored, ...args])).stdout;
  const lose = (blob: string) => rmSync(join(stored, ".git", "objects", blob.slice(0, 2), blob.slice(2)));
  const save = async (file: string, text: string) => {
    mkdirSync(join(stored, "two"), { recursive: true });
    writeFileSync(join(stored, file), text);
    await git("add", ".");
    await git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", text);
    return git("rev-parse", "HEAD");
  };
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("has the listed commit, or its files alone if the history is incomplete, or says what is missing", async () => {
    mkdirSync(stored, { recursive: true });
    await git("init", "-q", "--initial-branch=main");
    await save("two/two", "old");
    const commit = await save("two/two", "new");
    const listed = { address: "https://github.com/a/b", commit };
    const clone = join(folder, "clone.git");
    const inClone = async (...args: string[]) => (await execa("git", [`--git-dir=${clone}`, ...args])).stdout;
    expect(await cloneAt(listed, clone, folder)).toEqual({ kind: "whole" });
    expect(await inClone("rev-parse", "main")).toBe(commit);

    lose(await git("rev-parse", "HEAD~1:two/two"));
    expect(await cloneAt(listed, clone, folder)).toEqual({ kind: "files" });
    expect(await inClone("show", "main:two/two")).toBe("new");
    expect(await inClone("rev-list", "--count", "main")).toBe("1");

    const lost = { kind: "lost", why: expect.stringMatching(/^[^\n]+$/u) };
    expect(await cloneAt({ ...listed, commit: "0".repeat(40) }, clone, folder)).toEqual(lost);
    expect(await cloneAt({ ...listed, address: "https://github.com/a/c" }, clone, folder)).toEqual(lost);
    lose(await git("rev-parse", "HEAD:two/two"));
    expect(await cloneAt(listed, clone, folder)).toEqual(lost);
  });
});

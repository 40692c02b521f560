/** The owner of a repository: every place from which git reads programs to run, or paths to write to, is checked. Needs root, to give files away. */
import { execFileSync } from "node:child_process";
import { chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ownRepositoryAround, ownRepositoryAt } from "../src/git/own-repository.ts";

const scratch = mkdtempSync(join(tmpdir(), "aedev-own-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
/** Belongs to no account. */
const otherUid = 64_231;

const git = (folder: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: folder, encoding: "utf8" });

/** A repository with one commit and a linked working copy. */
function make(): { place: string; main: string; linked: string } {
  const place = mkdtempSync(join(scratch, "place-"));
  const [main, linked] = [join(place, "main"), join(place, "linked")];
  git(place, "init", "--quiet", main);
  git(main, "commit", "--quiet", "--allow-empty", "--message=one");
  git(main, "worktree", "add", "--quiet", "-b", "other", linked);
  return { place, main, linked };
}

/** Creates a file of another account at `path` in `main`, if nothing exists there. */
function foreignAt(main: string, path: string): void {
  const full = join(main, path);
  try {
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, "x\n", { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  lchownSync(full, otherUid, otherUid);
}

const foreign = { code: "git-owner", message: expect.stringContaining(`uid ${otherUid}`) as string };
const ofMain = [
  ".",
  ".git",
  ".git/HEAD",
  ".git/config",
  ".git/config.worktree",
  ".git/hooks",
  ".git/hooks/post-checkout",
  ".git/info/attributes",
  ".git/objects",
  ".git/objects/info/alternates",
  ".git/packed-refs",
  ".git/refs",
  ".git/refs/heads",
  ".git/refs/heads/deep/down",
  ".git/reftable/tables.list",
];

describe.runIf(process.getuid?.() === 0)("a repository", () => {
  it("accepts a repository if all of it, with its linked working copies, belongs to this user", () => {
    const { main, linked } = make();
    expect(ownRepositoryAt(main)).toEqual({ folder: main, gitDir: join(main, ".git"), commonDir: join(main, ".git") });
    expect(ownRepositoryAt(linked)).toMatchObject({ folder: linked, commonDir: join(main, ".git") });
    mkdirSync(join(linked, "deep/down"), { recursive: true });
    expect(ownRepositoryAround(join(linked, "deep/down"))).toMatchObject({ folder: linked });
    expect(ownRepositoryAround(scratch)).toBeNull();
  });

  it.each(ofMain)("refuses a repository if %s belongs to another account", (path) => {
    const { main, linked } = make();
    foreignAt(main, path);
    expect(() => ownRepositoryAt(main)).toThrow(expect.objectContaining(foreign));
    if (path !== ".") expect(() => ownRepositoryAt(linked)).toThrow(expect.objectContaining(foreign));
  });

  it.each(["commondir", "HEAD", "gitdir", "."])(
    "refuses a linked working copy if its %s belongs to another account",
    (path) => {
      const { main, linked } = make();
      chownSync(join(main, ".git/worktrees/linked", path), otherUid, otherUid);
      // git writes `gitdir` only to find the working copy again.
      if (path === "gitdir") expect(ownRepositoryAt(linked)).not.toBeNull();
      else expect(() => ownRepositoryAt(linked)).toThrow(expect.objectContaining(foreign));
      expect(ownRepositoryAt(main)).not.toBeNull();
    },
  );

  it("refuses a repository if another account's link leads to a part of it, or its own link to theirs", () => {
    const { main, place } = make();
    const theirs = join(place, "theirs");
    mkdirSync(theirs);
    const link = join(main, ".git/refs/heads/aedev");
    symlinkSync(theirs, link);
    expect(ownRepositoryAt(main)).not.toBeNull();
    lchownSync(link, otherUid, otherUid);
    expect(() => ownRepositoryAt(main)).toThrow(expect.objectContaining(foreign));
    lchownSync(link, 0, 0);
    chownSync(theirs, otherUid, otherUid);
    expect(() => ownRepositoryAt(main)).toThrow(expect.objectContaining(foreign));
  });

  it("refuses a repository if the file or link that points to it belongs to another account", () => {
    const { linked, place, main } = make();
    lchownSync(join(linked, ".git"), otherUid, otherUid);
    expect(() => ownRepositoryAt(linked)).toThrow(expect.objectContaining(foreign));
    const pointing = join(place, "pointing");
    mkdirSync(pointing);
    symlinkSync(join(main, ".git"), join(pointing, ".git"));
    expect(ownRepositoryAt(pointing)).toMatchObject({ gitDir: join(main, ".git") });
    lchownSync(join(pointing, ".git"), otherUid, otherUid);
    expect(() => ownRepositoryAt(pointing)).toThrow(expect.objectContaining(foreign));
  });
});

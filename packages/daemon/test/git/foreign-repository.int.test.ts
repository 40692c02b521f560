/** Repositories of another account: nothing in their configuration or hooks runs, although plain git that trusts them runs it. Needs root. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, lchownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { host } from "@aedev/contracts";
import { afterAll, describe, expect, it } from "vitest";
import { makeBranchOfPatch } from "../../src/git/branch-of-patch.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { nearestVersion } from "../../src/git/nearest-tag.ts";
import { pushCommit, readRemoteBranch, removeRemoteBranch } from "../../src/git/push.ts";
import { inspectSource } from "../../src/git/remote.ts";

const scratch = mkdtempSync(join(tmpdir(), "aedev-foreign-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const timeoutMs = 30_000;
/** A user id that nobody has. */
const otherUid = 64_231;
const mark = join(scratch, "ran");
const fire = join(scratch, "fire");
writeFileSync(fire, `#!/bin/sh\necho "$0" >> '${mark}'\nexit 0\n`);
chmodSync(fire, 0o755);

const git = (folder: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "safe.directory=*", ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

/** Everything in a repository that makes git run a program. */
function arm(gitDir: string): void {
  for (const name of [
    "pre-receive",
    "update",
    "post-receive",
    "post-update",
    "reference-transaction",
    "post-checkout",
  ]) {
    mkdirSync(join(gitDir, "hooks"), { recursive: true });
    writeFileSync(join(gitDir, "hooks", name), `#!/bin/sh\nexec '${fire}'\n`, { mode: 0o755 });
  }
  for (const [key, value] of [
    ["core.sshCommand", fire],
    ["core.fsmonitor", fire],
    ["core.alternateRefsCommand", fire],
    ["core.gitProxy", fire],
    ["core.pager", fire],
    ["core.editor", fire],
    ["credential.helper", `!${fire}`],
    ["gpg.program", fire],
    ["commit.gpgSign", "true"],
    ["filter.x.clean", fire],
    ["filter.x.smudge", fire],
    ["diff.external", fire],
    ["uploadpack.packObjectsHook", fire],
    ["receive.denyCurrentBranch", "updateInstead"],
    ["protocol.ext.allow", "always"],
    ["url.ext::sh -c /bin/false% .insteadOf", "/"],
    ["url.ssh://example.invalid/.insteadOf", scratch],
    ["alias.fetch", `!${fire}`],
  ] as const)
    execFileSync("git", ["config", "--file", join(gitDir, "config"), key, value]);
}

function give(path: string, uid: number): void {
  lchownSync(path, uid, uid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) give(inner, uid);
    else lchownSync(inner, uid, uid);
  }
}

interface Prepared {
  readonly work: string;
  readonly bare: string;
  readonly home: string;
  readonly base: string;
  readonly patch: Buffer;
}

/** An armed working copy and bare repository with one commit, owned by `uid`. The mirror was made while they were harmless. */
async function prepare(uid: number): Promise<Prepared> {
  const place = mkdtempSync(join(scratch, "place-"));
  const [work, bare, home] = [join(place, "work"), join(place, "bare.git"), join(place, "home")];
  mkdirSync(work);
  mkdirSync(home, { mode: 0o700 });
  git(work, "init", "--quiet", "--initial-branch=main");
  writeFileSync(join(work, "a.txt"), "one\n");
  git(work, "add", "a.txt");
  git(work, "commit", "--quiet", "--message=one");
  git(place, "clone", "--quiet", "--bare", work, bare);
  const { commit: base } = await fetchBase({ home, repository: "demo", url: bare, timeoutMs });
  writeFileSync(join(work, "a.txt"), "two\n");
  const patch = Buffer.from(git(work, "diff", "--full-index", "--no-color").concat("\n"));
  git(work, "checkout", "--quiet", "a.txt");
  arm(join(work, ".git"));
  arm(bare);
  for (const folder of [work, bare]) give(folder, uid);
  rmSync(mark, { force: true });
  return { work, bare, home, base, patch };
}

/** Every operation of ours that takes a person's folder or remote. */
const operations: Record<string, (at: Prepared, folder: "work" | "bare") => Promise<unknown>> = {
  "register it": (at, folder) => inspectSource(at[folder], { timeoutMs }),
  "fetch the base": (at, folder) => fetchBase({ home: at.home, repository: "demo", url: at[folder], timeoutMs }),
  "ask for a branch": (at, folder) => readRemoteBranch({ url: at[folder], ref: "refs/heads/main", timeoutMs }),
  "look for a version": (at, folder) =>
    nearestVersion({ home: at.home, repository: "demo", url: at[folder], commit: at.base, timeoutMs }),
  "push a branch": (at, folder) =>
    pushCommit({
      ...{ home: at.home, repository: "demo", url: at[folder], timeoutMs },
      ...{ ref: "refs/heads/aedev/x", commit: at.base, expectedOld: null },
    }),
  "remove a branch": (at, folder) =>
    removeRemoteBranch({
      ...{ home: at.home, repository: "demo", url: at[folder], timeoutMs },
      ...{ ref: "refs/heads/main", expected: at.base },
    }),
  "make a branch there": (at, folder) =>
    makeBranchOfPatch({
      ...{ home: at.home, repository: "demo", timeoutMs, baseCommit: at.base, patch: at.patch, folder: at[folder] },
      ...{ branch: "salvaged", message: host`Salvage\n`, at: "2026-01-02T03:04:05.678Z" },
    }),
};

const fired = () => existsSync(mark);
const asRoot = process.getuid?.() === 0;

describe.runIf(asRoot)("a repository of another account", () => {
  for (const folder of ["work", "bare"] as const)
    for (const [name, operation] of Object.entries(operations))
      it(`another account's repository runs nothing and is refused by its owner: ${name}, ${folder}`, async () => {
        const at = await prepare(otherUid);
        await expect(operation(at, folder)).rejects.toMatchObject({
          message: expect.stringContaining("another user"),
          hint: expect.stringContaining("run aedev as that user"),
        });
        expect(fired()).toBe(false);
      });

  it("another account's repository does run its programs if plain git is told to trust it", async () => {
    const at = await prepare(otherUid);
    git(at.work, "status");
    expect(fired()).toBe(true);
  });

  it("a repository is refused even if only its configuration, its hooks or one hook belong to another account", async () => {
    for (const part of ["config", "hooks", "hooks/update"]) {
      const at = await prepare(0);
      lchownSync(join(at.bare, part), otherUid, otherUid);
      await expect(operations["push a branch"]?.(at, "bare")).rejects.toMatchObject({ code: "git-owner" });
      expect(fired()).toBe(false);
    }
  });
});

describe("a repository of one's own", () => {
  it("one's own repository gets a branch without reading its configuration or running a hook", async () => {
    const at = await prepare(process.getuid?.() ?? 0);
    for (const folder of ["work", "bare"] as const) {
      const made = (await operations["make a branch there"]?.(at, folder)) as { commit: string };
      expect(fired()).toBe(false);
      expect(git(at[folder], "-c", "core.fsmonitor=false", "show", "salvaged:a.txt")).toBe("two");
      expect(git(at[folder], "rev-parse", "salvaged")).toBe(made.commit);
      rmSync(mark, { force: true });
    }
  });

  it("one's own repository keeps its hooks for pushes, as on a server", async () => {
    const at = await prepare(process.getuid?.() ?? 0);
    expect(await operations["push a branch"]?.(at, "bare")).toBe("landed");
    expect(fired()).toBe(true);
  });
});

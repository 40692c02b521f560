/** The table of call sites, attacked row by row: another account's repository, which names programs to run, is where git would read one. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, lchownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { gitAt, openGit } from "../src/git/git-at.ts";
import { type GitCallSite, type GitSite, gitCallSites } from "../src/git/git-call-sites.ts";
import { runGit } from "../src/git/run-git.ts";

const scratch = mkdtempSync(join(tmpdir(), "aedev-git-at-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const timeoutMs = 20_000;
/** Belongs to no account. */
const otherUid = 64_231;
const mark = join(scratch, "ran");
const fire = join(scratch, "fire");
writeFileSync(fire, `#!/bin/sh\necho ran >> '${mark}'\nexit 0\n`);
chmodSync(fire, 0o755);

/** A repository whose configuration makes git run `fire` for every command. */
function armed(uid: number): string {
  const folder = mkdtempSync(join(scratch, "theirs-"));
  execFileSync("git", ["init", "--quiet", folder]);
  const subcommands = new Set(Object.values(gitCallSites).flatMap((row: GitCallSite) => row.subcommands));
  const pairs = [
    ...["core.sshCommand", "core.fsmonitor", "core.pager", "core.alternateRefsCommand", "gpg.program"].map(
      (key) => [key, fire] as const,
    ),
    ["credential.helper", `!${fire}`] as const,
    ["url.ext::sh -c %S.insteadOf", "ssh://"] as const,
    ["protocol.allow", "always"] as const,
    // git accepts no alias of its own names; `probe` stands for a command that only a repository's configuration knows.
    ["alias.probe", `!${fire}`] as const,
  ];
  for (const [key, value] of pairs) execFileSync("git", ["config", "--file", join(folder, ".git/config"), key, value]);
  mkdirSync(join(folder, ".git/hooks"), { recursive: true });
  for (const name of ["reference-transaction", "post-index-change", "pre-push", "post-checkout"])
    writeFileSync(join(folder, ".git/hooks", name), `#!/bin/sh\nexec '${fire}'\n`, { mode: 0o755 });
  expect(subcommands.size).toBeGreaterThan(15);
  for (const path of [folder, join(folder, ".git"), join(folder, ".git/config")]) lchownSync(path, uid, uid);
  return folder;
}

const sites = Object.entries(gitCallSites) as [GitSite, GitCallSite][];
const ownUid = process.getuid?.() ?? 0;

/** A row decides the type of a call; here all calls share one type. */
const call = (site: GitSite, options: object) => (gitAt(site) as (options: object) => Promise<unknown>)(options);

describe.runIf(ownUid === 0)("another account's repository", () => {
  for (const [site, row] of sites)
    it(`runs nothing of another account's repository at ${site}`, async () => {
      const theirs = armed(otherUid);
      for (const subcommand of row.subcommands) {
        const extra = subcommand === "ls-remote" ? ["ssh://127.0.0.1:1/x"] : [];
        const asked = { args: [subcommand, ...extra], folder: theirs, timeoutMs, remote: row.reaches === "remote" };
        const given = row.repository === "own" ? { ...asked, gitDir: join(theirs, ".git") } : asked;
        const answer = call(site, { ...given, exitCodes: "any" });
        if (row.repository === "own") await expect(answer).rejects.toMatchObject({ code: "git-owner" });
        else await answer;
        expect(existsSync(mark), subcommand).toBe(false);
      }
    });

  it("the same repository makes plain git run a program, in its own folder and in one's own", () => {
    for (const uid of [otherUid, ownUid]) {
      execFileSync("git", ["-c", "safe.directory=*", "probe"], { cwd: armed(uid) });
      expect(existsSync(mark)).toBe(true);
      rmSync(mark);
    }
  });
});

describe("a call of git", () => {
  it("reaches no other repository at a site that reaches nothing, even if git is told to fetch what is missing", async () => {
    const [far, near] = [mkdtempSync(join(scratch, "far-")), mkdtempSync(join(scratch, "near-"))];
    const git = (folder: string, ...args: string[]) =>
      execFileSync("git", args, { cwd: folder, input: "hello\n", stdio: ["pipe", "pipe", "pipe"], encoding: "utf8" });
    for (const folder of [far, near]) git(folder, "init", "--quiet");
    git(far, "config", "uploadpack.allowAnySHA1InWant", "true");
    git(far, "config", "uploadpack.allowFilter", "true");
    const blob = git(far, "hash-object", "-w", "--stdin").trim();
    // git fetches a missing object from a remote that has promised it.
    for (const [key, value] of [
      ["core.repositoryFormatVersion", "1"],
      ["remote.far.url", `file://${far}`],
      ["remote.far.promisor", "true"],
      ["extensions.partialClone", "far"],
    ] as const)
      git(near, "config", key, value);
    const args = ["cat-file", "-p", blob];
    const asked = { args, gitDir: join(near, ".git"), timeoutMs, environment: { GIT_NO_LAZY_FETCH: "0" } };
    expect(await gitAt("daemon/git/objects")({ ...asked, exitCodes: "any" })).toMatchObject({ text: "" });
    expect(git(near, ...args)).toBe("hello\n");
  });

  it("reaches no server at a site that reaches only repositories of this machine", async () => {
    const fetching = (url: string) => {
      const gitDir = mkdtempSync(join(scratch, "bare-"));
      execFileSync("git", ["init", "--quiet", "--bare", gitDir]);
      return gitAt("daemon/git/branch-of-patch")({ args: ["fetch", url, "refs/*:refs/far/*"], gitDir, timeoutMs });
    };
    await expect(fetching("ssh://127.0.0.1:1/x")).rejects.toThrow(/transport 'ssh' not allowed/);
    const empty = mkdtempSync(join(scratch, "empty-"));
    execFileSync("git", ["init", "--quiet", "--bare", empty]);
    expect(await fetching(empty)).toMatchObject({ exitCode: 0 });
  });

  it("searches for no repository in the current folder at a site that reads none", async () => {
    const folder = armed(ownUid);
    const asked = { args: ["config", "alias.probe"], folder, timeoutMs, exitCodes: "any" as const };
    expect(await gitAt("daemon/git/remote#origin")(asked)).toMatchObject({ text: "" });
    // Without a row, git would find the repository.
    expect((await runGit(asked)).text).toBe(`!${fire}`);
  });

  it("throws for a call whose row does not have the subcommand, the kind of repository or the remote", async () => {
    const gitDir = join(armed(ownUid), ".git");
    for (const [site, options] of [
      ["daemon/git/objects", { args: ["status"], gitDir }],
      ["daemon/git/objects", { args: ["-c", "alias.ls-tree=!true", "status"], gitDir }],
      ["daemon/git/objects", { args: ["ls-tree"] }],
      ["daemon/git/bare-repository", { args: ["init"], gitDir }],
      ["daemon/git/mirror", { args: ["cat-file"], gitDir, remote: true }],
    ] as const)
      await expect(call(site, { ...options, timeoutMs }), options.args.join(" ")).rejects.toThrow(TypeError);
    const git = openGit(join(scratch, "empty"));
    await expect(git("runner/tree/start-tree", ["write-tree"], { gitDir })).rejects.toThrow(TypeError);
  });
});

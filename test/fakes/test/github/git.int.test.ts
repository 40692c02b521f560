/** Git over HTTP against the fake GitHub, with git itself as the client. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Laboratory, openLaboratory, tokens } from "./support/laboratory.ts";

let lab: Laboratory;
beforeAll(async () => {
  lab = await openLaboratory();
});
afterAll(() => lab[Symbol.asyncDispose]());

async function commit(folder: string, name: string, text: string | Buffer): Promise<string> {
  writeFileSync(join(folder, name), text);
  await lab.git(folder, "add", name);
  await lab.git(folder, "commit", "--quiet", "-m", `Write ${name}`);
  return (await lab.git(folder, "rev-parse", "HEAD")).stdout.trim();
}

describe("fetching and pushing", () => {
  it("a clone, a commit and a push larger than one piece of git's arrive", async () => {
    const folder = await lab.clone(tokens.bob, "large");
    const sha = await commit(folder, "large.bin", randomBytes(3 * 1024 * 1024));
    const pushed = await lab.git(folder, "push", "origin", "HEAD:refs/heads/large");
    expect(pushed).toMatchObject({ code: 0 });
    expect(await lab.github.repository("acme/shop").tip("large")).toBe(sha);
    const fetched = await lab.git(lab.folder, "clone", "--quiet", "-b", "large", lab.remote(tokens.eve), "again");
    expect(fetched).toMatchObject({ code: 0 });
    expect(lab.github.journal.mutating().at(-1)).toMatchObject({
      kind: "git",
      account: "bob",
      status: 200,
      acted: true,
    });
  });

  it("a public repository is readable without credentials, and a private one asks for them", async () => {
    expect(await lab.git(lab.folder, "ls-remote", `${lab.github.origin}/acme/shop.git`)).toMatchObject({ code: 0 });
    const response = await fetch(`${lab.github.origin}/acme/vault.git/info/refs?service=git-upload-pack`);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="GitHub"');
    expect(await lab.git(lab.folder, "ls-remote", lab.remote(tokens.ann, "acme/vault"))).toMatchObject({ code: 0 });
    const hidden = await lab.git(lab.folder, "ls-remote", lab.remote(tokens.bob, "acme/vault"));
    expect(hidden.stderr).toContain("Repository not found");
  });

  it("a push without credentials is asked for them; a wrong token is refused, and so is a read-only one", async () => {
    const folder = await lab.clone(tokens.eve, "reader");
    await commit(folder, "a.txt", "a");
    const push = (remote: string) => lab.git(folder, "push", remote, "HEAD:refs/heads/reader");
    expect((await push(`${lab.github.origin}/acme/shop.git`)).stderr).toContain("could not read Username");
    expect((await push(lab.remote("ghp_wrong"))).stderr).toContain("Authentication failed");
    const refused = await push(lab.remote(tokens.eve));
    expect(refused.stderr).toContain("remote: Permission to acme/shop.git denied to eve.");
    expect(refused.stderr).toContain("error: 403");
    expect(await push(lab.remote(tokens.bot))).toMatchObject({ code: 0 });
  });

  it("a branch deleted by a push is gone, and the default branch can't be deleted", async () => {
    const folder = await lab.clone(tokens.bob, "deleter");
    await commit(folder, "b.txt", "b");
    await lab.git(folder, "push", "origin", "HEAD:refs/heads/short");
    expect(await lab.git(folder, "push", "origin", ":short")).toMatchObject({ code: 0 });
    expect(await lab.github.repository("acme/shop").tip("short")).toBeNull();
    const refused = await lab.git(folder, "push", "origin", ":main");
    expect(refused.stderr).toContain("refusing to delete the current branch: refs/heads/main");
  });

  it("a lease on a moved branch is refused, and one on its tip is not", async () => {
    const shop = lab.github.repository("acme/shop");
    const first = await shop.as("bob").push({ branch: "leased", files: { "l.txt": "1" } });
    const folder = await lab.clone(tokens.bob, "lease");
    const second = await shop.as("ann").push({ branch: "leased", files: { "l.txt": "2" } });
    await commit(folder, "own.txt", "own");
    const push = (sha: string) => lab.git(folder, "push", `--force-with-lease=leased:${sha}`, "origin", "HEAD:leased");
    expect((await push(first)).stderr).toContain("stale info");
    expect(await push(second)).toMatchObject({ code: 0 });
  });
});

describe("protected branches of the fake", () => {
  it("refuse a push in GitHub's words and accept one that meets their rules", async () => {
    await using own = await openLaboratory();
    const shop = own.github.repository("acme/shop");
    const folder = await own.clone(tokens.bob);
    writeFileSync(join(folder, "p.txt"), "p");
    await own.git(folder, "add", ".");
    await own.git(folder, "commit", "-qm", "Write p");
    const sha = (await own.git(folder, "rev-parse", "HEAD")).stdout.trim();
    shop.protect("main", { requiredReviews: 1, requiredChecks: ["ci"] });
    const refused = await own.git(folder, "push", "origin", "HEAD:main", "HEAD:refs/heads/side");
    expect(refused.stderr).toContain("remote: error: GH006: Protected branch update failed for refs/heads/main.");
    expect(refused.stderr).toContain("remote: - Changes must be made through a pull request.");
    expect(refused.stderr).toContain('remote: - Required status check "ci" is expected.');
    expect(refused.stderr).toMatch(/! \[remote rejected\] HEAD -> main \(protected branch hook declined\)/);
    expect(await shop.tip("side")).toBe(sha);
    shop.protect("main", { requiredChecks: ["ci"] });
    await shop.as("ann").status({ sha, state: "success", context: "ci" });
    expect(await own.git(folder, "push", "origin", "HEAD:main")).toMatchObject({ code: 0 });
    expect(await shop.tip("main")).toBe(sha);
  });

  it("refuse force-pushes and deletion, except by an administrator whom they do not include", async () => {
    await using own = await openLaboratory();
    const shop = own.github.repository("acme/shop");
    const tip = await shop.as("ann").push({ branch: "main", files: { "m.txt": "m" } });
    const folder = await own.clone(tokens.bob);
    await own.git(folder, "commit", "-q", "--amend", "-m", "Rewritten");
    shop.protect("main");
    const forced = await own.git(folder, "push", "--force", "origin", "HEAD:main");
    expect(forced.stderr).toContain("- Cannot force-push to this branch");
    expect(await shop.tip("main")).toBe(tip);
    shop.protect("main", { source: "ruleset", requiredReviews: 0 });
    const ruled = await own.git(folder, "push", "--force", "origin", "HEAD:main");
    expect(ruled.stderr).toContain("remote: error: GH013: Repository rule violations found for refs/heads/main.");
    expect(ruled.stderr).toContain("(push declined due to repository rule violations)");
    shop.protect("main", { enforceAdmins: true });
    expect(await own.git(folder, "push", "--force", own.remote(tokens.ann), "HEAD:main")).toMatchObject({ code: 1 });
    shop.protect("main");
    expect(await own.git(folder, "push", "--force", own.remote(tokens.ann), "HEAD:main")).toMatchObject({ code: 0 });
  });
});

describe("faults of a push", () => {
  it("ordered before: nothing moves; lost: the branch moved and git does not know", async () => {
    await using own = await openLaboratory();
    const shop = own.github.repository("acme/shop");
    const folder = await own.clone(tokens.bob);
    const sha = (await own.git(folder, "rev-parse", "HEAD")).stdout.trim();
    const path = /\/git-receive-pack$/;
    const push = (branch: string) => own.git(folder, "push", "origin", `HEAD:refs/heads/${branch}`);
    own.github.faults.add({ path, when: "before" });
    expect((await push("one")).code).not.toBe(0);
    expect(await shop.tip("one")).toBeNull();
    own.github.faults.add({ path, when: "lost" });
    expect((await push("two")).code).not.toBe(0);
    expect(await shop.tip("two")).toBe(sha);
    own.github.faults.add({ path, when: "after", status: 500 });
    expect((await push("three")).stderr).toContain("500");
    expect(await shop.tip("three")).toBe(sha);
    expect(own.github.journal.mutating().map(({ status, acted }) => [status, acted])).toEqual([
      [null, false],
      [null, true],
      [500, true],
    ]);
    expect(await push("four")).toMatchObject({ code: 0 });
  });
});

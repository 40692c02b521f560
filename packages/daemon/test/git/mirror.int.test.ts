/** Sources and mirrors on real git: what is fetched, what is refused, what never runs. */
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { runGit } from "@aedev/host/git/run-git";
import { describe, expect, it } from "vitest";
import {
  bareRemote,
  commitTo,
  git,
  gitText,
  temporaryFolder,
  timeoutMs,
} from "../../../../test/support/git-repositories.ts";
import { fetchBase, listTree, readBlobs } from "../../src/git/mirror.ts";
import { inspectSource } from "../../src/git/remote.ts";

const files = { "a.txt": "a\n", "CLAUDE.md": "Use tabs.\n" };
const link = { mode: "120000", content: "/etc/passwd" } as const;

function workingCopy(origin?: string): string {
  const folder = join(temporaryFolder(), "copy");
  git("/", ["init", "--quiet", "--initial-branch=main", folder]);
  if (origin !== undefined) git(folder, ["remote", "add", "origin", origin]);
  commitTo(folder, { files });
  return folder;
}

describe("a source", () => {
  it("a source is a bare repository by its path, or a URL by itself", async () => {
    const remote = bareRemote(files);
    expect(await inspectSource(remote, { timeoutMs })).toEqual({ url: remote, target: "default-branch" });
    expect(await inspectSource(`file://${remote}`, { timeoutMs })).toEqual({ url: remote, target: "default-branch" });
    const url = "https://example.org/a.git";
    expect(await inspectSource(url, { timeoutMs })).toEqual({ url, target: "default-branch" });
  });

  it("a working copy's source is its origin, even a relative one or that of a linked worktree", async () => {
    const remote = bareRemote(files);
    const copy = workingCopy(remote);
    const checkout = "main";
    expect(await inspectSource(copy, { timeoutMs })).toEqual({ url: remote, target: "default-branch", checkout });
    const linked = join(temporaryFolder(), "linked");
    git(copy, ["worktree", "add", "--quiet", linked]);
    const ofLinked = { url: remote, target: "default-branch", checkout: "linked" };
    expect(await inspectSource(linked, { timeoutMs })).toEqual(ofLinked);
    git(linked, ["checkout", "--quiet", "--detach"]);
    expect(await inspectSource(linked, { timeoutMs })).toEqual({ ...ofLinked, checkout: undefined });
    const relative = workingCopy("../other.git");
    const other = join(relative, "../other.git");
    expect(await inspectSource(relative, { timeoutMs })).toEqual({ url: other, target: "default-branch", checkout });
    expect(await inspectSource("copy", { relativeTo: join(copy, ".."), timeoutMs })).toMatchObject({ url: remote });
  });

  it("a working copy without an origin is its own source, and results go to a separate branch", async () => {
    const copy = workingCopy();
    expect(await inspectSource(copy, { timeoutMs })).toEqual({ url: copy, target: "task-branch" });
  });

  it("a folder without a repository, or with a refused origin, is no source; the message repeats no credential", async () => {
    await expect(inspectSource(temporaryFolder(), { timeoutMs })).rejects.toMatchObject({ code: "not-a-repository" });
    await expect(inspectSource("/does/not/exist", { timeoutMs })).rejects.toMatchObject({ code: "not-a-repository" });
    const refused = inspectSource(workingCopy("https://me:hunter2@example.org/a.git"), { timeoutMs });
    await expect(refused).rejects.toMatchObject({
      code: "remote-refused",
      message: expect.not.stringContaining("hunter2"),
    });
    const helper = inspectSource(workingCopy("ext::sh -c true"), { timeoutMs });
    await expect(helper).rejects.toMatchObject({ code: "remote-refused" });
  });
});

describe("a mirror", () => {
  it("a mirror gets the default branch, whatever its name, and later its new commits", async () => {
    const home = temporaryFolder();
    const remote = bareRemote(files);
    commitTo(remote, { files, branch: "feature/trunk" });
    git(remote, ["symbolic-ref", "HEAD", "refs/heads/feature/trunk"]);
    const options = { home, repository: "demo", url: remote, timeoutMs };
    const first = await fetchBase(options);
    expect(first).toEqual({ ref: "refs/heads/feature/trunk", commit: gitText(remote, ["rev-parse", "HEAD"]) });
    const next = commitTo(remote, { files: { b: "b" }, branch: "feature/trunk" });
    expect((await fetchBase(options)).commit).toBe(next);
    // The old base is kept even if the remote drops it.
    const rewritten = commitTo(remote, { files: { c: "c" }, branch: "feature/trunk", parent: null, whole: true });
    expect((await fetchBase(options)).commit).toBe(rewritten);
    expect((await listTree({ ...options, tree: next })).map((entry) => entry.path)).toEqual([
      "CLAUDE.md",
      "a.txt",
      "b",
    ]);
  });

  it("a mirror serves concurrent fetches", async () => {
    const options = { home: temporaryFolder(), repository: "demo", url: bareRemote(files), timeoutMs };
    const bases = await Promise.all([1, 2, 3, 4].map(() => fetchBase(options)));
    expect(new Set(bases.map((base) => base.commit)).size).toBe(1);
  });

  it("a mirror removes the lock of a fetch that was killed long ago, but not one that may be held", async () => {
    const options = { home: temporaryFolder(), repository: "demo", url: bareRemote(files), timeoutMs };
    await fetchBase(options);
    const next = commitTo(options.url, { files: { b: "b" } });
    const lock = join(options.home, "mirrors", "demo.git", "refs/aedev/remote/HEAD.lock");
    writeFileSync(lock, "");
    await expect(fetchBase(options)).rejects.toMatchObject({ code: "HOLD-FETCH-FAILED" });
    utimesSync(lock, 1, 1);
    expect((await fetchBase(options)).commit).toBe(next);
  });

  it("a mirror takes a working copy's current branch, or its commit if the head is detached", async () => {
    const copy = workingCopy();
    const options = { home: temporaryFolder(), repository: "demo", url: copy, timeoutMs };
    const commit = gitText(copy, ["rev-parse", "main"]);
    expect(await fetchBase(options)).toEqual({ commit, ref: "refs/heads/main" });
    git(copy, ["checkout", "--quiet", "--detach", "main"]);
    expect(await fetchBase(options)).toEqual({ commit, ref: "HEAD" });
  });

  it("a repository with SHA-256 names is mirrored", async () => {
    const dir = join(temporaryFolder(), "wide.git");
    git("/", ["init", "--bare", "--quiet", "--object-format=sha256", "--initial-branch=main", dir]);
    const commit = commitTo(dir, { files });
    expect(commit).toHaveLength(64);
    const options = { home: temporaryFolder(), repository: "demo", url: dir, timeoutMs };
    expect((await fetchBase(options)).commit).toBe(commit);
  });

  it("reading the mirror gives bytes of regular files, and null for missing files and links", async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 10]);
    const remote = bareRemote({ ...files, 'd/ä \n"x': { mode: "100755", content: bytes }, l: link, empty: "" });
    const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
    const { commit } = await fetchBase(options);
    const blobs = await readBlobs({ ...options, commit, paths: ['d/ä \n"x', "CLAUDE.md", "l", "d", "none", "empty"] });
    expect(Buffer.from(blobs.get('d/ä \n"x') ?? [])).toEqual(bytes);
    expect(Buffer.from(blobs.get("CLAUDE.md") ?? []).toString()).toBe("Use tabs.\n");
    expect(blobs.get("empty")).toHaveLength(0);
    expect([blobs.get("l"), blobs.get("d"), blobs.get("none")]).toEqual([null, null, null]);
  });

  it("an empty repository, a head without a branch, or a missing remote holds with the cause", async () => {
    const options = { home: temporaryFolder(), repository: "demo", timeoutMs };
    const code = "HOLD-FETCH-FAILED";
    const empty = bareRemote({});
    await expect(fetchBase({ ...options, url: empty })).rejects.toMatchObject({ code, detail: "empty repository" });
    commitTo(empty, { files, branch: "other" });
    await expect(fetchBase({ ...options, url: empty })).rejects.toMatchObject({ code, detail: "HEAD names no branch" });
    await expect(fetchBase({ ...options, url: "/not/there" })).rejects.toMatchObject({ code, retry: true });
    commitTo(empty, { files });
    expect((await fetchBase({ ...options, url: empty })).ref).toBe("refs/heads/main");
  });

  it.runIf(process.getuid?.() === 0)("a folder of another user is not read, with the reason", async () => {
    const remote = bareRemote(files);
    const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
    chownSync(remote, 65_534, 65_534);
    const hint = expect.stringContaining("another user");
    await expect(fetchBase(options)).rejects.toMatchObject({ code: "HOLD-FETCH-FAILED", hint });
    chownSync(remote, 0, 0);
    expect((await fetchBase(options)).ref).toBe("refs/heads/main");
  });

  it("helpers, options and plain http are refused before git sees them, and git refuses them too", async () => {
    const folder = temporaryFolder();
    const options = { home: temporaryFolder(), repository: "demo", timeoutMs };
    for (const url of [
      `ext::sh -c touch% ${folder}/ran`,
      `--upload-pack=touch ${folder}/ran`,
      "http://127.0.0.1:1/a.git",
    ])
      await expect(fetchBase({ ...options, url })).rejects.toMatchObject({ code: "remote-refused" });
    for (const url of [
      `ext::sh -c touch% ${folder}/ran`,
      `--upload-pack=touch ${folder}/ran`,
      "http://127.0.0.1:1/a.git",
    ])
      await expect(runGit({ args: ["ls-remote", "--", url], timeoutMs })).rejects.toMatchObject({ code: "git-failed" });
    expect(existsSync(join(folder, "ran"))).toBe(false);
    expect((await fetchBase({ ...options, url: bareRemote(files) })).ref).toBe("refs/heads/main");
  });

  it("a fetch runs nothing that the remote's folder carries: hooks, configuration, attributes", async () => {
    const folder = temporaryFolder();
    const remote = bareRemote({ ...files, ".gitattributes": "* filter=x -diff\n" });
    const script = `#!/bin/sh\ntouch ${folder}/ran\ncat\n`;
    mkdirSync(join(remote, "hooks"), { recursive: true });
    for (const hook of ["post-checkout", "reference-transaction", "post-merge", "pre-auto-gc", "script"]) {
      writeFileSync(join(remote, "hooks", hook), script);
      chmodSync(join(remote, "hooks", hook), 0o755);
    }
    const hook = join(remote, "hooks", "script");
    for (const key of [
      "uploadpack.packObjectsHook",
      "core.fsmonitor",
      "core.sshCommand",
      "filter.x.clean",
      "filter.x.smudge",
    ])
      git(remote, ["config", key, hook]);
    const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
    const { commit } = await fetchBase(options);
    expect((await readBlobs({ ...options, commit, paths: ["a.txt"] })).get("a.txt")).toHaveLength(2);
    expect(existsSync(join(folder, "ran"))).toBe(false);
    // Control: git as a person runs it does run what that folder carries.
    git(remote, ["update-ref", "refs/heads/other", commit]);
    expect(existsSync(join(folder, "ran"))).toBe(true);
  });

  it("a redirect over https is refused, and an answer without one is taken", async () => {
    const remote = bareRemote(files);
    git(remote, ["update-server-info"]);
    const folder = temporaryFolder();
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const request = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      certificate,
    ];
    execFileSync("openssl", [...request, ...subject], { stdio: "ignore" });
    const seen: string[] = [];
    const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (asked, answer) => {
      const url = asked.url ?? "";
      seen.push(url);
      const path = join(remote, url.replace(/^\/real\.git/, "").replace(/\?.*$/, ""));
      if (url.startsWith("/moved.git")) answer.writeHead(301, { location: url.replace("moved", "real") }).end();
      else if (existsSync(path)) answer.end(readFileSync(path));
      else answer.writeHead(404).end();
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    try {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const readSettings = (name: string) =>
        runGit({
          args: ["-c", `http.sslCAInfo=${certificate}`, "ls-remote", "--", `https://localhost:${port}/${name}.git`],
          timeoutMs,
        });
      expect((await readSettings("real")).text).toContain("refs/heads/main");
      seen.length = 0;
      await expect(readSettings("moved")).rejects.toMatchObject({ code: "git-failed" });
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.every((url) => url.startsWith("/moved.git"))).toBe(true);
    } finally {
      server.close();
    }
  });
});

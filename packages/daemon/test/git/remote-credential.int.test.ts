/** Fetching and pushing where the server wants a credential: real git over HTTP on loopback, with the access that control opens. */
import { randomBytes } from "node:crypto";
import { rmSync, symlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { serveGit } from "../../../../test/support/git-http-server.ts";
import {
  bareRemote,
  commitTo,
  git,
  gitText,
  temporaryFolder,
  timeoutMs,
} from "../../../../test/support/git-repositories.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { isLanded, pushCommit, readRemoteBranch } from "../../src/git/push.ts";
import { openGitHubAccess } from "../../src/github/credential.ts";

/** A server that is the configured GitHub, with the repository `octo/<name>`. */
async function gitHubOnLoopback() {
  const secret = `ghp_${randomBytes(20).toString("hex")}`;
  const dir = bareRemote({ "a.txt": "a\n" });
  const server = await serveGit({ dir, secret });
  const path = `octo/${basename(dir)}`;
  symlinkSync(dirname(dir), `${dirname(dir)}/octo`);
  const remotesWith = (token: string | null) =>
    openGitHubAccess({
      github: {
        url: server.origin,
        apiUrl: server.origin,
        appId: null,
        mergeMethod: null,
        reviewInstructions: true,
        webhookPort: null,
        labels: [],
        pollMs: 1_000,
        waitMs: 1_000,
        timeoutMs: 1_000,
      },
      secrets: () => (token === null ? {} : { AEDEV_GITHUB_TOKEN: token }),
    }).remotes;
  return { secret, dir, server, url: `${server.origin}/${path}`, remotesWith };
}

describe("a remote that wants a credential", () => {
  it("a remote that wants a credential is fetched, read and pushed to with the stored token", async () => {
    const { secret, dir, server, url, remotesWith } = await gitHubOnLoopback();
    await using _ = server;
    const options = { home: temporaryFolder(), repository: "hello", timeoutMs, url, remotes: remotesWith(secret) };
    const base = await fetchBase(options);
    expect(base).toEqual({ ref: "refs/heads/main", commit: gitText(dir, ["rev-parse", "main"]) });
    const ref = "refs/heads/aedev/t-1";
    expect(await pushCommit({ ...options, ref, commit: base.commit, expectedOld: null })).toBe("landed");
    expect(gitText(dir, ["rev-parse", ref])).toBe(base.commit);
    const next = commitTo(dir, { files: { b: "b" }, branch: "aedev/t-1" });
    expect(await readRemoteBranch({ ...options, ref })).toEqual({ commit: next });
    expect(await isLanded({ ...options, ref, commit: base.commit })).toBe(true);
    expect(server.requests.some((request) => request.secret === secret)).toBe(true);
    expect(
      git(temporaryFolder(), ["--git-dir", `${options.home}/mirrors/hello.git`, "config", "--list"]).toString(),
    ).not.toContain(secret);
  });

  it("without a token, or with a wrong one, the fetch holds and says which, with the command that helps", async () => {
    const { server, url, remotesWith } = await gitHubOnLoopback();
    await using _ = server;
    const options = { home: temporaryFolder(), repository: "hello", timeoutMs, url };
    await expect(fetchBase({ ...options, remotes: remotesWith(null) })).rejects.toMatchObject({
      code: "HOLD-FETCH-FAILED",
      retry: false,
      detail: expect.stringMatching(
        /^store a token .*aedev secrets set AEDEV_GITHUB_TOKEN \(.*could not read Username/,
      ),
      hint: "store a token that may read and write it: aedev secrets set AEDEV_GITHUB_TOKEN",
    });
    const wrong = `ghp_${randomBytes(20).toString("hex")}`;
    const error: unknown = await fetchBase({ ...options, remotes: remotesWith(wrong) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "HOLD-FETCH-FAILED",
      retry: false,
      message: expect.stringContaining("Authentication failed"),
      hint: "the stored token is wrong, expired or not for that repository: aedev secrets set AEDEV_GITHUB_TOKEN",
    });
    expect(JSON.stringify(error, ["message", "detail", "hint", "stack", "cause"])).not.toContain(wrong);
  });

  it("a push with a credential that may only read is refused in words, not left unknown", async () => {
    const { secret, dir, server, url, remotesWith } = await gitHubOnLoopback();
    await using _ = server;
    const options = { home: temporaryFolder(), repository: "hello", timeoutMs, url, remotes: remotesWith(secret) };
    const { commit } = await fetchBase(options);
    const push = { ...options, ref: "refs/heads/aedev/t-1", commit, expectedOld: null };
    git(dir, ["config", "http.receivepack", "false"]);
    expect(await pushCommit(push)).toEqual({ refused: expect.stringContaining("403") });
    git(dir, ["config", "http.receivepack", "true"]);
    expect(await pushCommit(push)).toBe("landed");
  });

  it("another server is asked without the token, and plain http is used only at the named origin", async () => {
    const { secret, server, remotesWith } = await gitHubOnLoopback();
    await using _ = server;
    const dir = bareRemote({ a: "a" });
    await using other = await serveGit({ dir, secret });
    const remotes = remotesWith(secret);
    const options = { home: temporaryFolder(), repository: "other", timeoutMs, remotes };
    await expect(fetchBase({ ...options, url: other.url })).rejects.toMatchObject({ code: "remote-refused" });
    const open = { ...remotes, plainHttpOrigin: other.origin };
    await expect(fetchBase({ ...options, url: other.url, remotes: open })).rejects.toMatchObject({
      code: "HOLD-FETCH-FAILED",
      hint: expect.stringContaining("ssh address"),
    });
    expect(other.requests.length).toBeGreaterThan(0);
    expect(other.requests.filter((request) => request.secret !== null)).toEqual([]);
  });

  it("the token is read before each call, so that a new one counts at once", async () => {
    const { secret, server, url, remotesWith } = await gitHubOnLoopback();
    await using _ = server;
    let token = "wrong";
    const { credentialFor } = remotesWith(secret);
    const remotes = {
      ...remotesWith(secret),
      credentialFor: async (asked: string) => {
        const found = await credentialFor(asked);
        return found === null ? null : { ...found, password: token };
      },
    };
    const options = { home: temporaryFolder(), repository: "hello", timeoutMs, url, remotes };
    await expect(fetchBase(options)).rejects.toMatchObject({ code: "HOLD-FETCH-FAILED" });
    token = secret;
    expect((await fetchBase(options)).ref).toBe("refs/heads/main");
    rmSync(options.home, { recursive: true });
  });
});

/** A credential for one git call, with real git over HTTP on loopback: what it reaches, and where it is never found. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { processTree } from "../../../test/support/credential-search.ts";
import { type GitHttpServer, serveGit } from "../../../test/support/git-http-server.ts";
import { bareRemote, commitTo, gitText, temporaryFolder, timeoutMs } from "../../../test/support/git-repositories.ts";
import { runGit } from "../src/git/run-git.ts";

const newSecret = () => `ghp_${randomBytes(20).toString("hex")}`;

/** The options of a call to a loopback server. */
function access({ origin }: { origin: string }, password: string) {
  const credential = { origin, username: "x-access-token", password };
  return { credential, plainHttp: true, remote: true, timeoutMs };
}

async function remoteWith(options: Omit<Parameters<typeof serveGit>[0], "dir" | "secret"> = {}) {
  const secret = newSecret();
  const dir = bareRemote({ "a.txt": "a\n" });
  return { secret, dir, server: await serveGit({ dir, secret, ...options }) };
}

const secretsOf = ({ requests }: GitHttpServer) => requests.flatMap(({ secret }) => secret ?? []);

describe("a git call with a credential", () => {
  it("lists, clones, fetches and pushes with a credential if the server wants one", async () => {
    const { secret, dir, server } = await remoteWith();
    await using _ = server;
    const call = access(server, secret);
    const head = gitText(dir, ["rev-parse", "main"]);
    expect((await runGit({ ...call, args: ["ls-remote", "--", server.url, "HEAD"] })).text).toBe(`${head}\tHEAD`);
    const copy = join(temporaryFolder(), "copy.git");
    await runGit({ ...call, args: ["clone", "--quiet", "--bare", "--", server.url, copy] });
    expect(gitText(copy, ["rev-parse", "main"])).toBe(head);
    const next = commitTo(dir, { files: { b: "b" } });
    await runGit({ ...call, gitDir: copy, args: ["fetch", "--quiet", "--", server.url, "+main:refs/seen"] });
    expect(gitText(copy, ["rev-parse", "refs/seen"])).toBe(next);
    await runGit({ ...call, gitDir: copy, args: ["push", "--", server.url, "refs/seen:refs/heads/results"] });
    expect(gitText(dir, ["rev-parse", "results"])).toBe(next);
  });

  it("never sends the credential to a server that wants none", async () => {
    const dir = bareRemote({ a: "a" });
    await using server = await serveGit({ dir, secret: null });
    await runGit({ ...access(server, newSecret()), args: ["ls-remote", "--", server.url] });
    expect(secretsOf(server)).toEqual([]);
    expect(server.requests.length).toBeGreaterThan(0);
  });

  it("refuses a missing or wrong credential with its own code, without repeating the value", async () => {
    const { secret, server } = await remoteWith({ echo: true });
    await using _ = server;
    const args = ["ls-remote", "--", server.url];
    const without = runGit({ args, plainHttp: true, remote: true, timeoutMs });
    await expect(without).rejects.toMatchObject({ code: "git-credential", retry: false });
    const wrong = newSecret();
    const error: unknown = await runGit({ ...access(server, wrong), args }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "git-credential", retry: false });
    expect(secretsOf(server)).toContain(wrong);
    // The server sent it back in its refusal, which git shows.
    expect(JSON.stringify(error, ["message", "detail"])).toContain("refused: …");
    expect(JSON.stringify(error, ["message", "detail", "stack", "cause"])).not.toContain(wrong);
    await expect(runGit({ ...access(server, secret), args })).resolves.toMatchObject({ exitCode: 0 });
  });

  it("sends the credential to no other server, nor to another port of the same server", async () => {
    const mine = await remoteWith();
    await using _ = mine.server;
    const dir = bareRemote({ a: "a" });
    await using other = await serveGit({ dir, secret: mine.secret });
    const call = access(mine.server, mine.secret);
    await expect(runGit({ ...call, args: ["ls-remote", "--", other.url] })).rejects.toMatchObject({
      code: "git-credential",
    });
    const byName = mine.server.url.replace("127.0.0.1", "localhost");
    await expect(runGit({ ...call, args: ["ls-remote", "--", byName] })).rejects.toMatchObject({
      code: "git-credential",
    });
    expect([...secretsOf(other), ...secretsOf(mine.server)]).toEqual([]);
    await runGit({ ...call, args: ["ls-remote", "--", mine.server.url] });
    expect(secretsOf(mine.server)).toContain(mine.secret);
  });

  it("follows no redirect with a credential", async () => {
    const target = await remoteWith();
    await using _ = target.server;
    const away = await remoteWith({ redirectTo: target.server.origin });
    await using __ = away.server;
    const url = `${away.server.origin}/remote.git`;
    for (const { server } of [away, target]) {
      const call = runGit({ ...access(server, target.secret), args: ["ls-remote", "--", url] });
      await expect(call).rejects.toMatchObject({ code: "git-failed" });
    }
    expect(away.server.requests.length).toBeGreaterThan(0);
    expect(target.server.requests).toEqual([]);
  });

  it("answers the helper's second question with nothing instead of waiting, and stores nothing", async () => {
    const credential = { origin: "https://example.org", username: "me", password: newSecret() };
    const ask = "printf 'protocol=https\\nhost=example.org\\n\\n' | git credential fill 2>/dev/null || echo nothing";
    const twice = { args: ["-c", `alias.probe=!${ask}; ${ask}`, "probe"], credential, timeoutMs: 10_000 };
    const { text } = await runGit(twice);
    expect(text.split("\n")).toEqual(["protocol=https", "host=example.org", "username=me", "password=…", "nothing"]);
    const kept = ask.replace("fill", "approve").replace("|| echo nothing", "&& echo kept");
    const after = await runGit({ args: ["-c", `alias.probe=!${kept}; ${ask}`, "probe"], credential, timeoutMs });
    expect(after.text).toContain("kept\nprotocol=https\nhost=example.org\nusername=me\npassword=…");
  });

  it("refuses a value that could add a line, and an invalid origin, before git starts", async () => {
    const good = { origin: "https://example.org", username: "me", password: "secret" };
    const args = ["version"];
    await expect(runGit({ args, credential: good, timeoutMs })).resolves.toMatchObject({ exitCode: 0 });
    for (const change of [
      { password: "secret\nhost=evil.example" },
      { username: "me\0" },
      { password: "" },
      { password: "x".repeat(20_000) },
      { origin: "https://example.org/a" },
      { origin: "https://me@example.org" },
      { origin: "file:///srv" },
    ]) {
      const call = runGit({ args, credential: { ...good, ...change }, timeoutMs });
      await expect(call).rejects.toMatchObject({
        code: "secret-malformed",
        message: expect.not.stringMatching("evil"),
      });
    }
  });

  it("shows the credential in no command line and no environment of any process during a slow fetch", async () => {
    const { secret, server } = await remoteWith({ slowMs: 400 });
    await using _ = server;
    const planted = newSecret();
    const inVariable = execa("sleep", ["30"], { env: { PLANTED: planted } });
    const inArgument = execa("sh", ["-c", "read line", planted], { stdin: "pipe" });
    const gitDir = bareRemote({});
    const seen = new Set<string>();
    let done = false;
    const fetch = runGit({
      args: ["fetch", "--quiet", "--", server.url, "+main:refs/seen"],
      ...access(server, secret),
      gitDir,
      timeoutMs,
    }).finally(() => {
      done = true;
    });
    let searches = 0;
    while (!done) {
      for (const text of processTree(process.pid).values()) seen.add(text);
      searches += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const answer = await fetch;
    for (const child of [inVariable, inArgument]) {
      child.kill();
      await child.catch(() => null);
    }
    expect(gitText(gitDir, ["rev-parse", "refs/seen"])).toMatch(/^[0-9a-f]{40}$/);
    expect(secretsOf(server)).toContain(secret);
    expect(searches).toBeGreaterThan(10);
    const all = [...seen];
    expect(all.some((text) => text.includes("remote-http") && text.includes("GIT_TERMINAL_PROMPT"))).toBe(true);
    // The search would find a value in an argument or a variable.
    expect(all.filter((text) => text.includes(planted)).length).toBeGreaterThanOrEqual(2);
    expect(all.filter((text) => text.includes(secret))).toEqual([]);
    expect(`${answer.text}${answer.cause}`).not.toContain(secret);
    const files = readdirSync(gitDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const written = files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1")).join("\n");
    expect(written).toContain("refs/heads/main");
    expect(written).not.toContain(secret);
  });

  it("allows plain http only for a call that permits it", async () => {
    const { secret, server } = await remoteWith();
    await using _ = server;
    const call = access(server, secret);
    const args = ["ls-remote", "--", server.url];
    await expect(runGit({ ...call, args, plainHttp: false })).rejects.toMatchObject({
      message: expect.stringContaining("transport 'http' not allowed"),
    });
    expect(server.requests).toEqual([]);
    await expect(runGit({ ...call, args })).resolves.toMatchObject({ exitCode: 0 });
  });
});

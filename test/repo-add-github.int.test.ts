/** `aedev repo add` for a repository on GitHub that needs a credential, against real git over HTTP on loopback, without an engine. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serveApi } from "./support/answering-server.ts";
import { callApi } from "./support/api.ts";
import { type GitHttpServer, serveGit } from "./support/git-http-server.ts";
import { Laboratory, smallProject } from "./support/laboratory.ts";
import type { SavedRepository } from "./support/saved-repository.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const token = "ghp_0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d";
let laboratory: Laboratory;
let server: GitHttpServer;
let api: Awaited<ReturnType<typeof serveApi>>;
/** GitHub's permissions for a classic token of somebody who may push. */
let permissions = { admin: false, push: true };
let scopes = "repo";
beforeAll(async () => {
  laboratory = await Laboratory.open({});
  const dir = await laboratory.remote("hello", smallProject);
  server = await serveGit({ dir, secret: token });
  api = await serveApi(() => ({
    status: 200,
    data: { private: true, default_branch: "main", permissions },
    headers: { "x-oauth-scopes": scopes },
  }));
  symlinkSync(dirname(dir), join(dirname(dir), "octo"));
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  laboratory.environment["AEDEV_GITHUB_URL"] = server.origin;
  laboratory.environment["AEDEV_GITHUB_API_URL"] = api.apiUrl;
  await laboratory.must("daemon", "start");
});
afterAll(async () => {
  await laboratory[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const add = (...argv: string[]) => laboratory.run("repo", "add", ...argv);

describe("a repository on GitHub that needs a credential", () => {
  it("is not found without one, and the message has the command that helps", async () => {
    const { exitCode, stderr } = await add("octo/hello", "--json");
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("repository hello can't be fetched");
    expect(stderr).toContain("aedev secrets set AEDEV_GITHUB_TOKEN");
  });

  it("is added by owner/name once a token is stored, without a restart, and lands by pull request", async () => {
    await laboratory.setSecret("AEDEV_GITHUB_TOKEN", token);
    const added = await add("octo/hello", "--json");
    expect([added.exitCode, added.stderr]).toEqual([0, expect.stringContaining("saved untried")]);
    expect(added.json<SavedRepository>()).toMatchObject({
      name: "hello",
      url: `${server.origin}/octo/hello.git`,
      target: "default-branch",
      landing: "pull-request",
    });
    expect((await laboratory.must("repo", "show", "hello")).stdout).toMatch(/landing: +pull-request/);
    expect((await laboratory.must("repo", "list")).stdout).toMatch(/LANDING.*\n.*on-approval +branch/);
    expect(server.requests.some(({ secret }) => secret === token)).toBe(true);
  });

  it("is the same by its other addresses, and keeps its way of landing until another is given", async () => {
    const host = new URL(server.origin).hostname;
    for (const address of [`${server.origin}/Octo/hello`, `git@${host}:octo/hello.git`]) {
      const { known } = await detected(address);
      expect(known).toMatchObject({ name: "hello", landing: "pull-request" });
    }
    await laboratory.must("repo", "add", "octo/hello", "--landing", "branch", "--no-try");
    await laboratory.must("repo", "add", "octo/hello", "--profile", "safe", "--no-try");
    expect(await landing("hello")).toBe("branch");
    await laboratory.must("repo", "add", "octo/hello", "--landing", "push", "--no-try");
    expect(await landing("hello")).toBe("push");
  });

  it("is checked by doctor --probe, which names each permission that the token lacks or need not have, with the reason", async () => {
    const row = async () => {
      const { stdout } = await laboratory.run("doctor", "--probe", "--json");
      const { checks } = JSON.parse(stdout) as {
        checks: { name: string; ok: boolean; needed?: boolean; found: string }[];
      };
      return checks.find(({ name }) => name === "github hello");
    };
    expect(await row()).toMatchObject({ ok: true, found: "the token may do what aedev needs, and no more" });
    scopes = "repo, workflow";
    expect(await row()).toMatchObject({ ok: false, needed: false, found: expect.stringContaining("scope workflow") });
    permissions = { admin: false, push: false };
    expect(await row()).toMatchObject({
      ok: false,
      needed: true,
      found: expect.stringContaining("lacks contents: write"),
    });
    const { stderr } = await add("octo/hello", "--no-try", "--profile", "safe");
    expect(stderr).toContain("note: octo/hello on GitHub: the token lacks contents: write (aedev pushes the change)");
    expect(api.asked.every(({ authorization }) => authorization === `token ${token}`)).toBe(true);
  });

  it("is read as a folder if there is one of that name, and says so", async () => {
    const folder = join(laboratory.folder, "here");
    mkdirSync(join(folder, "octo", "hello"), { recursive: true });
    const run = (cwd: string) =>
      execa(join(import.meta.dirname, "../bin/aedev"), ["repo", "add", "octo/hello", "--no-try"], {
        cwd,
        env: laboratory.environment,
        extendEnv: false,
        reject: false,
      });
    const { stderr } = await run(folder);
    expect(stderr).toContain("octo/hello is read as the folder here");
    expect(stderr).toContain("is not a git repository");
    expect((await run(laboratory.folder)).stderr).not.toContain("read as the folder");
  });

  it("is refused as the origin of a working copy with a token in it, which is not repeated", async () => {
    const copy = join(laboratory.folder, "copy");
    await execa("git", ["init", "--quiet", copy]);
    const address = server.origin.replace("://", "://me:hunter2secret@");
    await execa("git", ["-C", copy, "remote", "add", "origin", `${address}/octo/hello.git`]);
    const { exitCode, stdout, stderr } = await add(copy, "--json");
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(`git -C ${copy} remote set-url origin ${server.origin}/octo/hello.git`);
    await execa("git", ["-C", copy, "remote", "set-url", "origin", `${server.origin}/octo/hello.git`]);
    expect((await add(copy, "--json", "--no-try")).exitCode).toBe(0);
    expect(`${stdout}${stderr}`).not.toContain("hunter2");
  });

  it("leaves the token in its secrets file alone", async () => {
    const files = readdirSync(laboratory.home, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const holding = files
      .map((file) => join(file.parentPath, file.name))
      .filter((path) => readFileSync(path, "latin1").includes(token));
    expect(holding).toEqual([join(laboratory.home, "secrets", "control.env")]);
  });
});

describe("the way of landing for a repository elsewhere", () => {
  it("stays if none is given, and can't be a pull request", async () => {
    const bare = await laboratory.remote("plain", smallProject);
    expect((await add(bare, "--json")).json<SavedRepository>()).not.toHaveProperty("landing");
    expect((await laboratory.must("repo", "show", "plain")).stdout).toMatch(
      /landing: +push, once pushing without asking is allowed\n/,
    );
    const refused = await add(bare, "--landing", "pull-request", "--no-try");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain("a pull request needs a repository at");
    expect((await add(bare, "--landing", "merge")).stderr).toContain("push, pull-request or branch");
    expect(await landing("plain")).toBeUndefined();
  });

  it("is a branch for a working copy without an origin, and nothing else", async () => {
    const copy = join(laboratory.folder, "local");
    await execa("git", ["clone", "--quiet", join(laboratory.folder, "plain.git"), copy]);
    await execa("git", ["-C", copy, "remote", "remove", "origin"]);
    expect((await add(copy, "--landing", "push", "--no-try")).stderr).toContain("branch of their own only");
    await laboratory.must("repo", "add", copy, "--no-try");
    expect((await laboratory.must("repo", "show", "local")).stdout).toMatch(
      /landing: +branch, once pushing without asking is allowed\n/,
    );
  });
});

async function landing(name: string): Promise<string | undefined> {
  return (await laboratory.must("repo", "show", name, "--json")).json<SavedRepository>().landing;
}

async function detected(address: string): Promise<{ known: SavedRepository | null }> {
  const { document } = await callApi(laboratory.home, "/api/repositories/detect", { path_or_url: address });
  return { known: document["known"] as SavedRepository | null };
}

/** A fake GitHub with one public and one private repository, accounts of every kind, git as a client and Octokit. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { type FakeGitHub, type FakeGitHubOptions, startFakeGitHub } from "../../../src/github/server.ts";
import { keys } from "./app-token.ts";
import { checkedFetch } from "./checked-fetch.ts";

export const tokens = { ann: "ghp_ann", bob: "ghp_bob", eve: "ghp_eve", bot: "ghs_bot" } as const;
export const place = { owner: "acme", repo: "shop" } as const;

export interface GitRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Laboratory extends AsyncDisposable {
  readonly github: FakeGitHub;
  readonly folder: string;
  /** A client that compares every exchange with GitHub's description. */
  octokit(token?: string): Octokit;
  /** Runs git with only the caller's configuration. */
  git(folder: string, ...args: string[]): Promise<GitRun>;
  /** The repository's address with credentials. */
  remote(token: string, fullName?: string): string;
  /** Makes a clone with an author's name; returns its folder. */
  clone(token: string, name?: string): Promise<string>;
}

export async function openLaboratory(options: Partial<FakeGitHubOptions> = {}): Promise<Laboratory> {
  const folder = mkdtempSync(join(tmpdir(), "fake-github-"));
  const github = await startFakeGitHub({
    folder: join(folder, "github"),
    repositories: [{ fullName: "acme/shop" }, { fullName: "acme/vault", private: true }],
    accounts: [
      { login: "ann", token: tokens.ann, kind: "user", permissions: { "acme/shop": "admin", "acme/vault": "admin" } },
      { login: "bob", token: tokens.bob, kind: "user", permissions: { "acme/shop": "write" } },
      { login: "eve", token: tokens.eve, kind: "user", permissions: { "acme/shop": "read" } },
      {
        login: "aedev",
        token: tokens.bot,
        kind: "app",
        permissions: { "acme/shop": "write" },
        publicKey: keys.publicKey,
      },
    ],
    ...options,
  });
  const checked = checkedFetch(github.apiUrl);
  const run = (cwd: string, ...args: string[]) =>
    new Promise<GitRun>((resolve) => {
      const env = { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0" };
      execFile("git", args, { cwd, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  const remote = (token: string, fullName = "acme/shop") =>
    `${github.origin.replace("://", `://x-access-token:${token}@`)}/${fullName}.git`;
  return {
    github,
    folder,
    git: run,
    remote,
    octokit: (token) =>
      new Octokit({
        baseUrl: github.apiUrl,
        ...(token === undefined ? {} : { auth: token }),
        request: { fetch: checked },
        log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      }),
    clone: async (token, name = "clone") => {
      const cloned = await run(folder, "clone", "--quiet", remote(token), name);
      if (cloned.code !== 0) throw new Error(cloned.stderr);
      const path = join(folder, name);
      await run(path, "config", "user.name", "Ann");
      await run(path, "config", "user.email", "ann@example.com");
      return path;
    },
    [Symbol.asyncDispose]: async () => {
      await github.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

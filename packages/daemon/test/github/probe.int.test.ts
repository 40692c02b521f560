/** Checks a credential's permissions on one repository, for each kind of credential that GitHub has. */
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type AskedRequest, type GivenAnswer, serveApi } from "../../../../test/support/answering-server.ts";
import { openGitHubAccess } from "../../src/github/credential.ts";
import { probeRepository } from "../../src/github/probe.ts";

const repository = { owner: "octo", name: "hello" };
const token = "github_pat_of_this_test_0123456789abcdef";
const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" });

async function probed(
  secrets: Record<string, string>,
  answer: (request: AskedRequest) => GivenAnswer,
  { enabled = false } = {},
) {
  await using server = await serveApi(answer);
  const github = {
    url: "https://github.com",
    apiUrl: server.apiUrl,
    appId: 7,
    mergeMethod: null,
    reviewInstructions: true,
    webhookPort: null,
    labels: [],
    pollMs: 1_000,
    waitMs: 1_000,
    timeoutMs: 5_000,
  };
  const access = openGitHubAccess({ github, secrets: () => secrets });
  const found = await probeRepository(repository, {
    access,
    github,
    intake: { enabled, label: "aedev", pollMs: 60_000 },
    proposals: { sources: noSources, perDay: 5 },
  });
  expect(JSON.stringify(found)).not.toContain(token);
  expect(server.asked.every(({ line }) => line.startsWith("GET "))).toBe(true);
  const names = (list: readonly { permission: string; why: string }[]) =>
    list.map(({ permission, why }) => (why === "" ? "no reason" : permission));
  return { ...found, missing: names(found.missing), excessive: names(found.excessive) };
}

const noSources = { dependabot: false, "failing-check": false, "dead-link": false, todo: false, roadmap: false };
const data = { private: true, default_branch: "main", permissions: { admin: false, push: true, pull: true } };
const fine = { credential: "token", problem: null, missing: [], excessive: [] };

describe("a classic token", () => {
  const withScopes = (scopes: string, change: object = {}) =>
    probed({ AEDEV_GITHUB_TOKEN: token }, () => ({
      status: 200,
      data: { ...data, ...change },
      headers: { "x-oauth-scopes": scopes },
    }));

  it("a classic token with repo is enough; public_repo is enough for a public repository only", async () => {
    expect(await withScopes("repo, read:user")).toMatchObject({ ...fine, repository: "octo/hello", note: null });
    expect(await withScopes("public_repo", { private: false })).toMatchObject(fine);
    expect(await withScopes("public_repo")).toMatchObject({ missing: ["scope repo"] });
    expect(await withScopes("")).toMatchObject({ missing: ["scope repo"] });
  });

  it("a classic token of somebody who may not push lacks contents; workflow or an administrator is too much", async () => {
    expect(await withScopes("repo", { permissions: { push: false } })).toMatchObject({ missing: ["contents: write"] });
    expect(await withScopes("repo, workflow, delete_repo")).toMatchObject({
      missing: [],
      excessive: ["scope workflow", "scope delete_repo"],
    });
    expect(await withScopes("repo", { permissions: { admin: true, push: true } })).toMatchObject({
      excessive: ["administration"],
    });
  });
});

describe("a fine-grained token", () => {
  const withStatuses = (statuses: { pulls?: number; status?: number; settings?: number }, change: object = {}) =>
    probed({ AEDEV_GITHUB_TOKEN: token }, ({ line }) => {
      if (line.startsWith("GET /repos/octo/hello/pulls")) return { status: statuses.pulls ?? 200, data: [] };
      if (line === "GET /repos/octo/hello/commits/main/status") return { status: statuses.status ?? 200, data: {} };
      if (line === "GET /repos/octo/hello/actions/permissions") return { status: statuses.settings ?? 403, data: {} };
      return { status: 200, data: { ...data, ...change } };
    });

  it("a fine-grained token is enough as far as GitHub says, and what GitHub does not say is named", async () => {
    expect(await withStatuses({})).toMatchObject({ ...fine, note: expect.stringContaining("does not say") });
  });

  it("a fine-grained token lacks what it is denied, and has too much if it reads the settings", async () => {
    expect(await withStatuses({ pulls: 403, status: 404 })).toMatchObject({
      missing: ["pull requests: write", "checks: write, or commit statuses: write"],
    });
    expect(await withStatuses({}, { permissions: { push: false } })).toMatchObject({ missing: ["contents: write"] });
    expect(await withStatuses({ settings: 200 })).toMatchObject({ missing: [], excessive: ["administration"] });
  });
});

describe("a GitHub App", () => {
  const withPermissions = (permissions: Record<string, string>) =>
    probed({ AEDEV_GITHUB_APP_KEY: String(pem) }, () => ({ status: 200, data: { id: 1, permissions } }));

  it("an app lacks what its installation was not given; checks or statuses are enough", async () => {
    const enough = { contents: "write", pull_requests: "write" };
    for (const reports of [{ checks: "write" }, { statuses: "write" }])
      expect(await withPermissions({ ...enough, ...reports })).toMatchObject({
        ...fine,
        credential: "app",
        note: null,
      });
    expect(await withPermissions({ contents: "read", workflows: "write", administration: "read" })).toMatchObject({
      missing: ["contents: write", "pull requests: write", "checks: write, or commit statuses: write"],
      excessive: ["workflows", "administration"],
    });
  });

  it("an app that is not installed is a problem with GitHub's words", async () => {
    const found = await probed({ AEDEV_GITHUB_APP_KEY: String(pem) }, () => ({
      status: 404,
      data: { message: "Not Found" },
    }));
    expect(found).toMatchObject({
      missing: [],
      problem: expect.stringContaining("no access to octo/hello: status 404: Not Found"),
    });
  });
});

describe("for missions from issues", () => {
  const given = { contents: "write", pull_requests: "write", checks: "write", issues: "read" };
  it.each([
    [false, []],
    [true, ["issues: write"]],
  ])("the permission for issues is needed only if missions come from them (%s)", async (enabled, missing) => {
    const app = { AEDEV_GITHUB_APP_KEY: String(pem) };
    const ofApp = await probed(app, () => ({ status: 200, data: { id: 1, permissions: given } }), { enabled });
    expect(ofApp).toMatchObject({ missing });
    const denied = ({ line }: AskedRequest) =>
      /\/(issues|actions)/.test(line)
        ? { status: 403, data: {} }
        : { status: 200, data: /\/pulls/.test(line) ? [] : data };
    expect(await probed({ AEDEV_GITHUB_TOKEN: token }, denied, { enabled })).toMatchObject({ missing });
  });
});

describe("a credential that can't be asked about", () => {
  it.each([
    [401, "wrong, expired or revoked"],
    [404, "can't see octo/hello"],
    [301, "another name"],
    [500, "could not be asked: status 500"],
    [200, "not what GitHub documents"],
  ])("a credential that can't be asked about is a problem in words for status %s", async (status, words) => {
    const found = await probed({ AEDEV_GITHUB_TOKEN: token }, () => ({ status, data: { message: "why" } }));
    expect(found).toMatchObject({ problem: expect.stringContaining(words), missing: [], excessive: [] });
  });

  it("a missing credential is no problem by itself, and GitHub is not asked", async () => {
    const found = await probed({}, () => ({ status: 500 }));
    expect(found).toEqual({ ...fine, repository: "octo/hello", credential: null, note: null });
  });
});

/** The stages of every REST request to the fake GitHub: credentials, access, limits, conditional requests, pages, faults, the journal, apps. */
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { primaryRateLimit, secondaryRateLimit } from "../../src/github/faults.ts";
import { signAppToken } from "./support/app-token.ts";
import { checkedFetch } from "./support/checked-fetch.ts";
import { type Laboratory, openLaboratory, place, tokens } from "./support/laboratory.ts";
import { refusal } from "./support/refusal.ts";

let lab: Laboratory;
beforeAll(async () => {
  lab = await openLaboratory();
});
afterAll(() => lab[Symbol.asyncDispose]());

const vault = { owner: "acme", repo: "vault" };
const ask = (path: string, headers: Record<string, string> = {}) =>
  checkedFetch(lab.github.apiUrl)(`${lab.github.apiUrl}${path}`, { headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("credentials", () => {
  it("a token acts as its account; a wrong or revoked one is refused", async () => {
    expect((await lab.octokit(tokens.ann).rest.users.getAuthenticated()).data.login).toBe("ann");
    expect(await refusal(lab.octokit("ghp_wrong").rest.users.getAuthenticated())).toMatchObject({
      status: 401,
      message: "Bad credentials",
    });
    lab.github.addAccount({ login: "tim", token: "ghp_tim", kind: "user", permissions: {} });
    expect((await ask("/user", bearer("ghp_tim"))).status).toBe(200);
    lab.github.revokeToken("ghp_tim");
    expect((await ask("/user", bearer("ghp_tim"))).status).toBe(401);
  });

  it("a private repository does not exist for callers who may not see it", async () => {
    expect((await lab.octokit(tokens.ann).rest.repos.get(vault)).data).toMatchObject({
      private: true,
      permissions: { admin: true, push: true, pull: true },
    });
    for (const token of [tokens.bob, tokens.bot, undefined])
      expect(await refusal(lab.octokit(token).rest.repos.get(vault))).toMatchObject({
        status: 404,
        message: "Not Found",
      });
  });

  it("a fine-grained token or an installation without a permission is told so", async () => {
    lab.github.addAccount({
      login: "tia",
      token: "ghp_tia",
      kind: "user",
      permissions: { "acme/shop": "write" },
      tokenPermissions: { contents: "read" },
    });
    const post = (token: string) =>
      lab.octokit(token).rest.issues.addLabels({ ...place, issue_number: 1, labels: ["x"] });
    expect(await refusal(post("ghp_tia"))).toMatchObject({
      status: 403,
      message: "Resource not accessible by personal access token",
    });
    const needed = (await refusal(post("ghp_tia"))).headers["x-accepted-github-permissions"];
    expect(needed).toBe("issues=write; pull_requests=write");
    const user = lab.octokit(tokens.bot).rest.users.getAuthenticated();
    expect(await refusal(user)).toMatchObject({ status: 403, message: "Resource not accessible by integration" });
  });

  it("each kind of role is reported, and a classic token without the scope sees no private repository", async () => {
    const { repos } = lab.octokit(tokens.ann).rest;
    const role = async (username: string) =>
      (await repos.getCollaboratorPermissionLevel({ ...place, username })).data.permission;
    expect([await role("ann"), await role("bob"), await role("eve")]).toEqual(["admin", "write", "read"]);
    expect(
      await refusal(lab.octokit(tokens.eve).rest.repos.getCollaboratorPermissionLevel({ ...place, username: "ann" })),
    ).toMatchObject({ status: 403 });
    const classic = { login: "cal", kind: "user", permissions: { "acme/vault": "write" } } as const;
    lab.github.addAccount({ ...classic, token: "ghp_repo", scopes: ["repo"] });
    lab.github.addAccount({ ...classic, token: "ghp_none", scopes: ["gist"] });
    expect((await ask("/repos/acme/vault", bearer("ghp_repo"))).status).toBe(200);
    expect((await ask("/repos/acme/vault", bearer("ghp_none"))).status).toBe(404);
  });
});

describe("limits and caches", () => {
  it("a conditional request that answers 304 is not counted, but any other is", async () => {
    const left = (response: Response) => Number(response.headers.get("x-ratelimit-remaining"));
    const first = await ask("/repos/acme/shop/branches/main", bearer(tokens.eve));
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("x-github-request-id")).toMatch(/^[0-9A-F]+$/);
    const same = await ask("/repos/acme/shop/branches/main", { ...bearer(tokens.eve), "if-none-match": etag });
    expect([same.status, await same.text(), left(same)]).toEqual([304, "", left(first)]);
    await lab.github
      .repository("acme/shop")
      .as("ann")
      .push({ branch: "main", files: { "new.txt": "n" } });
    const changed = await ask("/repos/acme/shop/branches/main", { ...bearer(tokens.eve), "if-none-match": etag });
    expect([changed.status, left(changed)]).toEqual([200, left(first) - 1]);
    const { data } = await lab.octokit(tokens.eve).rest.rateLimit.get();
    expect(data.rate.remaining).toBe(left(changed));
  });

  it("an account with no requests left is refused until the next hour", async () => {
    let now = new Date("2026-01-01T00:00:00Z");
    await using own = await openLaboratory({ rateLimit: 2, clock: () => now });
    const { repos } = own.octokit(tokens.bob).rest;
    await repos.get(place);
    await repos.get(place);
    const refused = await refusal(repos.get(place));
    expect(refused).toMatchObject({ status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-limit": "2" } });
    expect(refused.message).toMatch(/^API rate limit exceeded for user ID \d+\.$/);
    now = new Date("2026-01-01T01:00:01Z");
    expect((await repos.get(place)).status).toBe(200);
  });

  it("lists come in pages with links", async () => {
    const person = lab.github.repository("acme/shop").as("ann");
    for (const title of ["one", "two", "three"]) await person.openIssue({ title, labels: ["paged"] });
    const octokit = lab.octokit(tokens.bob);
    const page = await octokit.rest.issues.listForRepo({ ...place, labels: "paged", per_page: 2 });
    expect(page.data.map(({ title }) => title)).toEqual(["three", "two"]);
    expect(page.headers.link).toMatch(/<http[^>]+[?&]page=2[^>]*>; rel="next", <http[^>]+page=2[^>]*>; rel="last"/);
    const all = await octokit.paginate(octokit.rest.issues.listForRepo, { ...place, labels: "paged", per_page: 2 });
    expect(all).toHaveLength(3);
  });
});

describe("ordered faults", () => {
  it('a request with a fault "before" does nothing; with "after" or "lost" it acts, whatever the client was told', async () => {
    await using own = await openLaboratory();
    const issue_number = await own.github.repository("acme/shop").as("ann").openIssue({ title: "t" });
    const { issues } = own.octokit(tokens.bob).rest;
    const path = /\/issues\/\d+\/comments/;
    const comment = (body: string) => issues.createComment({ ...place, issue_number, body });
    const bodies = async () => (await issues.listComments({ ...place, issue_number })).data.map(({ body }) => body);
    own.github.faults.add({ method: "POST", path, when: "before", status: 502 });
    await expect(comment("refused")).rejects.toMatchObject({ status: 502 });
    own.github.faults.add({ method: "POST", path, when: "before" });
    await expect(comment("dropped")).rejects.toThrow();
    own.github.faults.add({ method: "POST", path, when: "after", status: 500 });
    await expect(comment("after")).rejects.toMatchObject({ status: 500 });
    own.github.faults.add({ method: "POST", path, when: "lost" });
    await expect(comment("lost")).rejects.toThrow();
    await comment("plain");
    expect(await bodies()).toEqual(["after", "lost", "plain"]);
    expect(own.github.journal.mutating().map(({ status, acted }) => [status, acted])).toEqual([
      [502, false],
      [null, false],
      [500, true],
      [null, true],
      [201, true],
    ]);
    expect(own.github.journal.entries.at(-1)).toMatchObject({
      method: "GET",
      account: "bob",
      status: 200,
      mutates: false,
    });
  });

  it("ordered rate limits have GitHub's headers, and end after the ordered number of requests", async () => {
    const { repos } = lab.octokit(tokens.bob).rest;
    const resetAt = new Date(Date.now() + 60_000);
    lab.github.faults.add(primaryRateLimit(/\/repos\/acme\/shop$/, { resetAt }));
    expect((await refusal(repos.get(place))).headers).toMatchObject({
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(Math.ceil(resetAt.getTime() / 1000)),
    });
    lab.github.faults.add(secondaryRateLimit(/\/repos\/acme\/shop$/, { retryAfterSeconds: 7, status: 429, times: 2 }));
    for (let turn = 0; turn < 2; turn += 1)
      expect(await refusal(repos.get(place))).toMatchObject({ status: 429, headers: { "retry-after": "7" } });
    expect(lab.github.faults.left).toBe(0);
    expect((await repos.get(place)).status).toBe(200);
  });
});

describe("apps", () => {
  it("an app's signed token gets installation tokens, which expire", async () => {
    let passedMs = 0;
    await using own = await openLaboratory({ clock: () => new Date(Date.now() + passedMs) });
    const { apps } = own.octokit(signAppToken(own.github)).rest;
    expect((await apps.getAuthenticated()).data?.slug).toBe("aedev");
    const { data: installation } = await apps.getRepoInstallation(place);
    expect((await apps.listInstallations()).data.map(({ id }) => id)).toEqual([installation.id]);
    expect(await refusal(apps.getRepoInstallation(vault))).toMatchObject({ status: 404 });
    const { data } = await apps.createInstallationAccessToken({
      installation_id: installation.id,
      permissions: { checks: "write" },
      repositories: ["shop"],
    });
    const { checks, issues } = own.octokit(data.token).rest;
    const head_sha = (await own.github.repository("acme/shop").tip("main")) ?? "";
    expect((await checks.create({ ...place, head_sha, name: "x" })).status).toBe(201);
    const label = issues.addLabels({ ...place, issue_number: 1, labels: ["x"] });
    expect(await refusal(label)).toMatchObject({ status: 403, message: "Resource not accessible by integration" });
    passedMs = 59 * 60_000;
    expect((await checks.create({ ...place, head_sha, name: "x" })).status).toBe(201);
    passedMs = 60 * 60_000 + 1;
    expect(await refusal(checks.create({ ...place, head_sha, name: "x" }))).toMatchObject({
      status: 401,
      message: "Bad credentials",
    });
  });

  it("a token that is expired, valid for too long or signed by another key is refused", async () => {
    const app = (token: string) => refusal(lab.octokit(token).rest.apps.getAuthenticated());
    expect(await app(signAppToken(lab.github, { seconds: -5 }))).toMatchObject({ status: 401 });
    expect(await app(signAppToken(lab.github, { seconds: 3_600 }))).toMatchObject({
      status: 401,
      message: "'Expiration time' claim ('exp') is too far in the future",
    });
    const { privateKey: other } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    expect(await app(signAppToken(lab.github, { key: other }))).toMatchObject({
      status: 401,
      message: "A JSON web token could not be decoded",
    });
  });
});

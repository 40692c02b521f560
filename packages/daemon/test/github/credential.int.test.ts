/** Where the GitHub credential comes from, what it is for, and how an app's tokens are renewed. */
import { generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type GivenAnswer, serveApi } from "../../../../test/support/answering-server.ts";
import { appKeyLine, parseAppKey } from "../../src/github/app-key.ts";
import { openGitHubAccess } from "../../src/github/credential.ts";

const keyPair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = keyPair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const repository = { owner: "octo", name: "hello" };
const configured = {
  url: "https://github.com",
  apiUrl: "https://api.github.com",
  appId: null as number | null,
  mergeMethod: null,
  reviewInstructions: true,
  webhookPort: null,
  labels: [],
  pollMs: 30_000,
  waitMs: 1_000,
  timeoutMs: 5_000,
};

describe("a stored token", () => {
  it("a stored token is read each time, wins over an app, and is missing if it is empty", async () => {
    let stored: Record<string, string> = {};
    const access = openGitHubAccess({ github: { ...configured, appId: 7 }, secrets: () => stored });
    expect([access.kind(), await access.credential(repository)]).toEqual([null, null]);
    stored = { AEDEV_GITHUB_TOKEN: "first", AEDEV_GITHUB_APP_KEY: pem };
    expect([access.kind(), await access.credential(repository)]).toEqual(["token", { kind: "token", token: "first" }]);
    stored = { AEDEV_GITHUB_TOKEN: "second" };
    expect(await access.credential(repository)).toEqual({ kind: "token", token: "second" });
    stored = { AEDEV_GITHUB_TOKEN: "" };
    expect([access.kind(), await access.credential(repository)]).toEqual([null, null]);
  });

  it("a stored token is given to git only for https addresses of the configured GitHub", async () => {
    const { remotes } = openGitHubAccess({ github: configured, secrets: () => ({ AEDEV_GITHUB_TOKEN: "mine" }) });
    expect(await remotes.credentialFor("https://github.com/octo/hello.git")).toEqual({
      origin: "https://github.com",
      username: "x-access-token",
      password: "mine",
    });
    for (const url of [
      "https://github.com.evil.example/octo/hello.git",
      "https://gitlab.com/octo/hello.git",
      "http://github.com/octo/hello.git",
      "git@github.com:octo/hello.git",
      "ssh://git@github.com/octo/hello.git",
      "/srv/octo/hello.git",
    ])
      expect(await remotes.credentialFor(url)).toBeNull();
    expect(remotes.plainHttpOrigin).toBeNull();
    expect(remotes.helpFor("https://gitlab.com/a/b")).toContain("ssh address");
    expect(remotes.helpFor("https://github.com/a/b")).toContain("aedev secrets set AEDEV_GITHUB_TOKEN");
  });
});

describe("a GitHub App", () => {
  const expiresIn = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  async function appServer(token: () => GivenAnswer, permissions: Record<string, string>) {
    return serveApi(({ line }) =>
      line === "GET /repos/octo/hello/installation" ? { status: 200, data: { id: 42, permissions } } : token(),
    );
  }
  const accessTo = (apiUrl: string, now?: () => number, issues = false) =>
    openGitHubAccess({
      github: { ...configured, apiUrl, appId: 7 },
      issues,
      secrets: () => ({ AEDEV_GITHUB_APP_KEY: appKeyLine(pem) ?? "" }),
      ...(now === undefined ? {} : { now }),
    });

  it("an app gets a token for one repository with the needed permissions only, signed by its key", async () => {
    const made = { status: 201, data: { token: "ghs_made", expires_at: expiresIn(60) } };
    const given = {
      contents: "write",
      pull_requests: "write",
      checks: "read",
      issues: "write",
      administration: "write",
      workflows: "write",
    };
    await using server = await appServer(() => made, given);
    expect(await accessTo(server.apiUrl).credential(repository)).toEqual({ kind: "app", token: "ghs_made" });
    const [installation, token] = server.asked;
    expect(token?.line).toBe("POST /app/installations/42/access_tokens");
    expect(JSON.parse(token?.body ?? "")).toEqual({
      repositories: ["hello"],
      permissions: { contents: "write", pull_requests: "write", checks: "read" },
    });
    const [head = "", claims = "", signature = ""] = (installation?.authorization ?? "")
      .replace(/^bearer /i, "")
      .split(".");
    expect(
      verify("sha256", Buffer.from(`${head}.${claims}`), keyPair.publicKey, Buffer.from(signature, "base64url")),
    ).toBe(true);
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ iss: 7 });
  });

  it("an app may write issues only if missions come from them", async () => {
    await using server = await appServer(
      () => ({ status: 201, data: { token: "ghs_made", expires_at: expiresIn(60) } }),
      { contents: "write", issues: "write" },
    );
    await accessTo(server.apiUrl, undefined, true).credential(repository);
    expect(JSON.parse(server.asked[1]?.body ?? "")).toMatchObject({
      permissions: { contents: "write", issues: "write" },
    });
  });

  it("an app's token is kept until shortly before it expires, also for simultaneous calls", async () => {
    let count = 0;
    const next = () => {
      count += 1;
      return { status: 201, data: { token: `ghs_${count}`, expires_at: expiresIn(60) } };
    };
    await using server = await appServer(next, { contents: "write" });
    let now = Date.now();
    const access = accessTo(server.apiUrl, () => now);
    const tokens = async () =>
      (await Promise.all([1, 2].map(() => access.credential(repository)))).map((one) => one?.token);
    expect(await tokens()).toEqual(["ghs_1", "ghs_1"]);
    now += 49 * 60_000;
    expect(await tokens()).toEqual(["ghs_1", "ghs_1"]);
    now += 2 * 60_000;
    expect(new Set(await tokens())).not.toContain("ghs_1");
  });

  it("for an app that is not installed, the credential throws a fault with GitHub's words and no key, and asks again next time", async () => {
    let installed = false;
    await using server = await serveApi(({ line }) => {
      if (!installed) return { status: 404, data: { message: "Not Found" } };
      return line.startsWith("GET")
        ? { status: 200, data: { id: 42, permissions: { contents: "write" } } }
        : { status: 201, data: { token: "ghs_later", expires_at: expiresIn(60) } };
    });
    const access = accessTo(server.apiUrl);
    await expect(access.credential(repository)).rejects.toMatchObject({
      code: "github-refused",
      message: "the GitHub App 7 has no access to octo/hello: status 404: Not Found",
    });
    installed = true;
    expect(await access.credential(repository)).toMatchObject({ token: "ghs_later" });
    await expect(accessTo("http://127.0.0.1:1").credential(repository)).rejects.toMatchObject({
      code: "github-unreachable",
      retry: true,
    });
  });

  it("an app's key may be PEM or PEM in base64; any other text throws a fault that does not show it", async () => {
    expect(parseAppKey(pem)).toBe(pem.trim());
    expect(parseAppKey(appKeyLine(pem) ?? "")).toBe(pem.trim());
    expect(appKeyLine(pem)).toMatch(/^[A-Za-z0-9+/=]+$/);
    const other = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    for (const wrong of ["", "hunter2", other, pem.slice(0, 200)]) expect(parseAppKey(wrong)).toBeNull();
    const access = openGitHubAccess({
      github: { ...configured, appId: 7 },
      secrets: () => ({ AEDEV_GITHUB_APP_KEY: "hunter2" }),
    });
    await expect(access.credential(repository)).rejects.toMatchObject({
      code: "secret-malformed",
      message: expect.not.stringContaining("hunter2"),
    });
  });
});

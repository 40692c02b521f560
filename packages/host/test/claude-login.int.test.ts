/** The login of Claude Code is read as it is, never changed, and only if it belongs to this user. */
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claudeLoginPath, readClaudeLogin } from "../src/claude-login.ts";

const token = "sk-ant-oat01-of-a-login-000";
const now = Date.parse("2026-01-01T00:00:00Z");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-login-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The result of reading a file with this content. */
function readOf(content: unknown) {
  const path = join(folder, "file.json");
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(path, text);
  const login = readClaudeLogin(path, now);
  expect(readFileSync(path, "utf8")).toBe(text);
  return login;
}
const loginOf = (change: object) => ({
  claudeAiOauth: {
    accessToken: token,
    refreshToken: "r",
    expiresAt: now + 3_600_000,
    scopes: ["user:inference"],
    ...change,
  },
});

describe("the login of Claude Code", () => {
  it("reads a login's token and end, and counts an end that comes soon as past", () => {
    expect(readOf(loginOf({}))).toEqual({ kind: "valid", token, expires_at: "2026-01-01T01:00:00.000Z" });
    expect(readOf(loginOf({ expiresAt: now + 60_000 }))).toEqual({
      kind: "expired",
      expires_at: "2026-01-01T00:01:00.000Z",
    });
  });

  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["another form", { login: token }],
    ["a null", { claudeAiOauth: null }],
    ["a paid key", loginOf({ accessToken: "sk-ant-api03-of-an-account" })],
    ["a token with a line break", loginOf({ accessToken: `${token}\nx` })],
    ["an end that is no instant", loginOf({ expiresAt: 1e300 })],
    ["an end in words", loginOf({ expiresAt: "tomorrow" })],
    ["too much", { ...loginOf({}), more: "x".repeat(70_000) }],
  ])("reads no login if the file has %s", (_what, content) => {
    expect(readOf(content)).toEqual({ kind: "none" });
  });

  it("reads no login if the file is missing, a folder or a link", () => {
    expect(readOf(loginOf({}))).toMatchObject({ kind: "valid" });
    const link = join(folder, "link.json");
    symlinkSync(join(folder, "file.json"), link);
    chmodSync(join(folder, "file.json"), 0o600);
    for (const path of [null, join(folder, "absent"), folder, link])
      expect(readClaudeLogin(path, now)).toEqual({ kind: "none" });
  });

  it.runIf(process.getuid?.() === 0)("reads no login if the file belongs to another user", () => {
    expect(readOf(loginOf({}))).toMatchObject({ kind: "valid" });
    const path = join(folder, "file.json");
    chownSync(path, 1, 1);
    expect(readClaudeLogin(path, now)).toEqual({ kind: "none" });
    chownSync(path, 0, 0);
  });

  it("reads the login in the folder that the environment names", () => {
    expect(claudeLoginPath({ HOME: "/home/you" })).toBe("/home/you/.claude/.credentials.json");
    expect(claudeLoginPath({ HOME: "/home/you", CLAUDE_CONFIG_DIR: "/c" })).toBe("/c/.credentials.json");
    expect(claudeLoginPath({ HOME: "/home/you", CLAUDE_CONFIG_DIR: "c" })).toBeNull();
    expect(claudeLoginPath({})).toBeNull();
  });
});

/** Storing a secret changes its own line of the plane's file and no other. */
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { homeLayout } from "@aedev/host/home-layout";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setSecret } from "../../src/home/secrets.ts";

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-secrets-"));
  path = homeLayout(home).secrets("judgement");
  mkdirSync(dirname(path), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("storing a secret", () => {
  it("storing a secret replaces the old value and keeps the file's other secrets and comments", () => {
    writeFileSync(path, "# judges\nAEDEV_OPENAI_API_KEY=old\nAEDEV_GEMINI_API_KEY='a b'\n");
    expect(setSecret(home, "AEDEV_OPENAI_API_KEY", " new-key ")).toMatchObject({ kind: "done" });
    setSecret(home, "AEDEV_COMPATIBLE_API_KEY", "third-key");
    const lines = ["# judges", "AEDEV_OPENAI_API_KEY=new-key", "AEDEV_GEMINI_API_KEY='a b'"];
    expect(readFileSync(path, "utf8")).toBe([...lines, "AEDEV_COMPATIBLE_API_KEY=third-key", ""].join("\n"));
  });

  it("a file with a malformed line is not changed, and the line is named without its text", () => {
    const malformed = "AEDEV_OPENAI_API_KEY=old\nexport AEDEV_GEMINI_API_KEY=sekret\n";
    writeFileSync(path, malformed);
    const refused = setSecret(home, "AEDEV_OPENAI_API_KEY", "new-key");
    expect(refused).toMatchObject({ kind: "refused", code: "secrets-file" });
    expect(JSON.stringify(refused)).toContain("line 2 is not NAME=value");
    expect(JSON.stringify(refused)).not.toContain("sekret");
    expect(readFileSync(path, "utf8")).toBe(malformed);
    writeFileSync(path, malformed.replace("export ", ""));
    expect(setSecret(home, "AEDEV_OPENAI_API_KEY", "new-key")).toMatchObject({ kind: "done" });
  });

  it("a webhook's secret that can be guessed is refused", () => {
    const name = "AEDEV_GITHUB_WEBHOOK_SECRET";
    expect(setSecret(home, name, "x".repeat(31))).toMatchObject({ kind: "refused", code: "secret-malformed" });
    expect(setSecret(home, name, "x".repeat(32))).toEqual({ kind: "done", plane: "control" });
  });

  it("a GitHub App's private key is stored on one line, and anything else is refused", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    const control = homeLayout(home).secrets("control");
    expect(setSecret(home, "AEDEV_GITHUB_APP_KEY", pem)).toEqual({ kind: "done", plane: "control" });
    const line = readFileSync(control, "utf8");
    expect(line).toMatch(/^AEDEV_GITHUB_APP_KEY=[A-Za-z0-9+/=]+\n$/);
    expect(Buffer.from(line.slice(line.indexOf("=") + 1), "base64").toString()).toBe(pem);
    expect(setSecret(home, "AEDEV_GITHUB_APP_KEY", line.slice(line.indexOf("=") + 1))).toMatchObject({ kind: "done" });
    for (const wrong of ["not a key", pem.slice(0, 100)])
      expect(setSecret(home, "AEDEV_GITHUB_APP_KEY", wrong)).toMatchObject({
        kind: "refused",
        code: "secret-malformed",
      });
    expect(setSecret(home, "AEDEV_GITHUB_TOKEN", pem)).toMatchObject({ kind: "refused", code: "secret-malformed" });
    expect(setSecret(home, "AEDEV_GITHUB_TOKEN", "")).toMatchObject({ kind: "refused", code: "empty-secret" });
    expect(readFileSync(control, "utf8")).toBe(line);
  });
});

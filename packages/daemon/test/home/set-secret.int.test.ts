/** Storing a secret changes its own line of the plane's file and no other. */
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
  it("replaces the old value and keeps the file's other secrets and comments", () => {
    writeFileSync(path, "# judges\nAEDEV_OPENAI_API_KEY=old\nAEDEV_GEMINI_API_KEY='a b'\n");
    expect(setSecret(home, "AEDEV_OPENAI_API_KEY", " new-key ")).toMatchObject({ kind: "done" });
    setSecret(home, "AEDEV_COMPATIBLE_API_KEY", "third-key");
    const lines = ["# judges", "AEDEV_OPENAI_API_KEY=new-key", "AEDEV_GEMINI_API_KEY='a b'"];
    expect(readFileSync(path, "utf8")).toBe([...lines, "AEDEV_COMPATIBLE_API_KEY=third-key", ""].join("\n"));
  });

  it("refuses to change a file with a malformed line, and names the line without its text", () => {
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
});

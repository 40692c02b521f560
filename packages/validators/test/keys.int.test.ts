/** The form of the secrets file, and removing a key that an endpoint echoes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { judgeKey, withoutKey } from "../src/keys.ts";

test("reads a key literally, and refuses an invalid line by number, never by text", () => {
  const home = mkdtempSync(join(tmpdir(), "aedev-keys-"));
  mkdirSync(join(home, "secrets"));
  const keep = (text: string) => writeFileSync(join(home, "secrets/judgement.env"), text, { mode: 0o600 });
  const key = () => judgeKey("openai", { home, given: {} });
  keep('# note\n\nAEDEV_OPENAI_API_KEY="x=y#"\n');
  expect(key()).toBe('"x=y#"');
  keep("A=1\nexport B=sekret\n");
  expect(key).toThrow(/judgement\.env line 2 is not NAME=value$/);
  keep("A=1\nA=2\n");
  expect(key).toThrow(/judgement\.env line 2 sets a name twice$/);
  rmSync(home, { recursive: true });
});
test("removes an echoed key from an answer", () => {
  expect(withoutKey("it is sk-12345678!", "sk-12345678")).toBe("it is [key removed]!");
  expect(withoutKey("a cat", "a")).toBe("a cat");
});

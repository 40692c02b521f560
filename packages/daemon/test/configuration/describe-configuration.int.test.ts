/** Shows every key with its source, and sets one: a value that would not load changes nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeConfiguration, setConfiguration } from "../../src/configuration/describe-configuration.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-described-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const environment = { AEDEV_OPENAI_MODEL: "from-environment" };
const keyOf = (key: string) => describeConfiguration({ home, environment }).find((one) => one.key === key);
const set = (key: string, text: string) => setConfiguration({ home, environment, key, text });
const file = (name: string) => readFileSync(join(home, name), "utf8");

describe("the configuration", () => {
  it("the configuration is shown key by key, each with the source of its value", () => {
    writeFileSync(join(home, "config.yaml"), "limits:\n  pids: 300\nmodels:\n  openai: from-file\n");
    expect(keyOf("limits.pids")).toMatchObject({ value: 300, source: "config.yaml" });
    expect(keyOf("limits.memory")).toMatchObject({ value: "2GiB", source: "default" });
    expect(keyOf("models.openai")).toMatchObject({
      value: "from-environment",
      source: "environment",
      variable: "AEDEV_OPENAI_MODEL",
    });
    expect(keyOf("repair.max_runs")).toMatchObject({ source: "default", file: "policies.yaml" });
    expect(keyOf("limits")).toBe(undefined);
  });

  it("a refused value is blamed on what was typed, and no file changes", () => {
    writeFileSync(join(home, "config.yaml"), "limits:\n  pids: 300\n");
    for (const [key, text] of [
      ["limits.day_usd", "abc"],
      ["limits.pids", "-4"],
      ["judges.families_required", "1"],
    ] as const) {
      expect(() => set(key, text)).toThrow(`${JSON.stringify(text)} is no value for ${key}: `);
      expect(() => set(key, text)).not.toThrow(/\.yaml/);
    }
    expect(file("config.yaml")).toBe("limits:\n  pids: 300\n");
    expect(set("limits.day_usd", "20")).toMatchObject({ changed: true });
  });

  it("a value of each kind is written into its key's file, and what wins over it is named", () => {
    writeFileSync(join(home, "config.yaml"), "# Mine.\nlimits:\n  pids: 300 # few\n");
    expect(set("limits.pids", "400")).toMatchObject({ value: 400, file: "config.yaml", changed: true });
    expect(set("limits.pids", "400")).toMatchObject({ changed: false });
    expect(set("github.labels", "[aedev, bot]")).toMatchObject({ value: ["aedev", "bot"] });
    expect(set("retention.blobs", "180d")).toMatchObject({ changed: true, overridden_by: null });
    expect(set("retention.blobs", "null")).toMatchObject({ value: null });
    expect(set("notifications.digest", "07:30")).toMatchObject({ value: "07:30" });
    expect(set("repair.max_runs", "2")).toMatchObject({ file: "policies.yaml" });
    expect(set("models.openai", "mine")).toMatchObject({ overridden_by: "AEDEV_OPENAI_MODEL" });
    expect(file("config.yaml")).toContain("# Mine.\n");
    expect(file("config.yaml")).toContain("pids: 400 # few");
    expect(keyOf("github.labels")).toMatchObject({ value: ["aedev", "bot"], source: "config.yaml" });
    expect(keyOf("repair.max_runs")).toMatchObject({ value: 2, source: "policies.yaml" });
  });

  it("dollars are stored as they are typed", () => {
    for (const [text, value] of [
      ["2.50", "2.50"],
      ['"2.50"', "2.50"],
      ["0.1", "0.1"],
      ["40", 40],
      ["null", null],
    ] as const) {
      expect(set("limits.day_usd", text)).toMatchObject({ value, changed: true });
      expect(keyOf("limits.day_usd")).toMatchObject({ value, source: "config.yaml" });
      writeFileSync(join(home, "config.yaml"), "");
    }
    for (const text of ["-5", "0", "2.1234567", "much", "true"])
      expect(() => set("limits.day_usd", text), text).toThrow(/limits\.day_usd: must be dollars such as 20 or "2\.50"/);
    // Whole numbers of other keys take no fraction.
    expect(() => set("limits.day_runs", "2.50")).toThrow(/limits\.day_runs/);
  });

  it.each([
    ["nobodys.key", "1"],
    ["limits", "1"],
    ["limits.pids", "many"],
    ["limits.pids", ""],
    ["limits.pids", "{a: 1}"],
    ["notifications.digest", "7:30"],
    ["retention.blobs", "30"],
    ["limits.pids", "*alias"],
    ["__proto__.pids", "1"],
  ])("setting %s = %s is refused and leaves the file unchanged", (key, text) => {
    writeFileSync(join(home, "config.yaml"), "limits:\n  pids: 300\n");
    expect(() => set(key, text)).toThrow(expect.objectContaining({ code: "config-invalid" }));
    expect(file("config.yaml")).toBe("limits:\n  pids: 300\n");
  });
});

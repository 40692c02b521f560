/** Sets keys in the operator's overlays: other content stays, and content that would not load is never written. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "@aedev/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeOverlay } from "../../src/configuration/write-overlay.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-overlay-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const text = (name = "config.yaml") => readFileSync(join(home, name), "utf8");
const put = (content: string, name = "config.yaml") => writeFileSync(join(home, name), content);

function faultOf(action: () => unknown): Fault {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("writeOverlay", () => {
  it.each([
    ["no file", null, "notifications:\n  topic: mine\n"],
    ["a comment only", "# Mine.\n", "# Mine.\n\nnotifications:\n  topic: mine\n"],
    [
      "other keys and comments",
      "limits:\n  pids: 300 # few\nnotifications:\n  # ours\n  url: https://push.example.org\n\n# end\n",
      "limits:\n  pids: 300 # few\nnotifications:\n  # ours\n  url: https://push.example.org\n  topic: mine\n\n# end\n",
    ],
    ["an empty section", "notifications: {}\n", "notifications: { topic: mine }\n"],
  ])("writeOverlay sets a key and finds %s", (_name, before, after) => {
    if (before !== null) put(before);
    expect(writeOverlay({ home, name: "config.yaml", values: { "notifications.topic": "mine" } })).toBe(true);
    expect(text()).toBe(after);
    expect(statSync(join(home, "config.yaml")).mode & 0o777).toBe(0o600);
    expect(writeOverlay({ home, name: "config.yaml", values: { "notifications.topic": "mine" } })).toBe(false);
    expect(text()).toBe(after);
  });

  it("writeOverlay changes nothing if a value would not load, and names file and key", () => {
    put("# as it was\nlimits:\n  pids: 300\n");
    const values = { "notifications.topic": "mine", "notifications.url": "http://push.example.org" };
    const fault = faultOf(() => writeOverlay({ home, name: "config.yaml", values }));
    expect(fault.code).toBe("config-invalid");
    expect(fault.message).toContain(join(home, "config.yaml"));
    expect(fault.message).toContain("notifications.url");
    expect(text()).toBe("# as it was\nlimits:\n  pids: 300\n");
    expect(readdirSync(home)).toEqual(["config.yaml"]);
    expect(faultOf(() => writeOverlay({ home, name: "config.yaml", values: { "frob.x": "1" } })).message).toContain(
      "frob",
    );
  });

  it("writeOverlay leaves a file alone that does not load before the change", () => {
    for (const broken of ["notifications:\n  topick: x\n", "a: 1\na: 2\n", "- list\n", "x: &a 1\ny: *a\n"]) {
      put(broken);
      faultOf(() => writeOverlay({ home, name: "config.yaml", values: { "notifications.topic": "mine" } }));
      expect(text()).toBe(broken);
    }
  });

  it("writeOverlay sets policy keys under the policy's own rules", () => {
    put("judges:\n  timeout: 30s\n", "policies.yaml");
    expect(writeOverlay({ home, name: "policies.yaml", values: { "judges.when_missing": "ask" } })).toBe(true);
    expect(text("policies.yaml")).toBe("judges:\n  timeout: 30s\n  when_missing: ask\n");
    const wrong = () => writeOverlay({ home, name: "policies.yaml", values: { "judges.when_missing": "merge" } });
    expect(faultOf(wrong).message).toContain("judges.when_missing");
  });
});

/** The next command at the end of a set-up. */
import { describe, expect, it } from "vitest";
import { nextLines } from "../../src/init/next-lines.ts";
import type { StepResult, StepStatus } from "../../src/init/step.ts";

const step = (name: string, status: StepStatus, found = "", help: string | null = null): StepResult => ({
  name,
  status,
  found,
  help,
});
const first = (started: boolean, ...steps: StepResult[]) => nextLines({ steps, started })[0] ?? "";

describe("nextLines", () => {
  it("names the command that fixes the first failure", () => {
    const failure = step("gemini call", "failed", "http_401", "aedev secrets set AEDEV_GEMINI_API_KEY");
    expect(first(true, step("claude credential", "missing"), failure)).toBe(
      "next: aedev secrets set AEDEV_GEMINI_API_KEY",
    );
  });

  it.each([
    ["docker", "aedev setup"],
    ["runner image", "aedev setup"],
    ["claude credential", "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN"],
    ["openai key", "aedev secrets set AEDEV_OPENAI_API_KEY"],
    ["gemini key", "aedev secrets set AEDEV_GEMINI_API_KEY"],
  ])("names the command that provides a missing %s", (name, command) => {
    expect(first(false, step(name, "missing"))).toContain(`next: ${command}`);
    expect(first(false, step(name, "kept"))).toContain("next: aedev init --yes --start");
  });

  it("names a missing judge's key only if changes are held without that judge", () => {
    const missing = step("gemini key", "missing");
    expect(first(true, missing, { ...step("missing judge", "skipped", "hold: …"), when_missing: "hold" })).toContain(
      "AEDEV_GEMINI_API_KEY",
    );
    expect(first(true, missing, { ...step("missing judge", "kept", "ask: …"), when_missing: "ask" })).toContain(
      "next: aedev repo add PATH",
    );
  });
});

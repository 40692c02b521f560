/** The one file that calls git: what a failure becomes, and what git gets to see. */
import { describe, expect, it } from "vitest";
import { runGit } from "../../src/git/git.ts";
import { bareRemote, timeoutMs } from "./real-remote.ts";

describe("a git call", () => {
  it("is a fault, never an answer, where git is not there or gives no exit code", async () => {
    const version = { args: ["version"], timeoutMs, exitCodes: "any" as const };
    expect((await runGit(version)).exitCode).toBe(0);
    const without = runGit({ ...version, environment: { PATH: "/nonexistent" } });
    await expect(without).rejects.toMatchObject({ name: "Fault", code: "GIT-FAILED" });
  });

  it("ends at its time and output limits with a fault that says which", async () => {
    const gitDir = bareRemote({ a: "a\n".repeat(10_000) });
    const show = { args: ["cat-file", "blob", "main:a"], gitDir, timeoutMs };
    expect((await runGit(show)).stdout).toHaveLength(20_000);
    await expect(runGit({ ...show, outputBytesMax: 1_000 })).rejects.toMatchObject({ code: "GIT-OUTPUT" });
    await expect(runGit({ ...show, timeoutMs: 0 })).rejects.toMatchObject({ code: "GIT-TIMEOUT", retry: true });
  });

  it("repeats no credential that stands in a URL", async () => {
    const args = ["ls-remote", "--", "https://me:hunter2@127.0.0.1:1/a.git"];
    const call = runGit({ args, timeoutMs });
    await expect(call).rejects.toMatchObject({ code: "GIT-FAILED", message: expect.not.stringContaining("hunter2") });
    await expect(call).rejects.toMatchObject({ message: expect.stringContaining("127.0.0.1") });
  });

  it("sees no configuration, no proxy and no secret of the process", async () => {
    process.env.AEDEV_PROBE = "hunter2";
    process.env.GIT_CONFIG_COUNT = "1";
    process.env.GIT_CONFIG_KEY_0 = "user.name";
    process.env.GIT_CONFIG_VALUE_0 = "somebody";
    try {
      const alias = ["-c", "alias.probe=!env", "probe"];
      const { text } = await runGit({ args: alias, timeoutMs });
      expect(text).toContain("GIT_TERMINAL_PROMPT=0");
      expect(text).not.toMatch(/hunter2|somebody|_proxy=/i);
      const name = await runGit({ args: ["config", "user.name"], timeoutMs, exitCodes: [0, 1] });
      expect(name.text).toBe("");
    } finally {
      for (const key of ["AEDEV_PROBE", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"])
        delete process.env[key];
    }
  });
});

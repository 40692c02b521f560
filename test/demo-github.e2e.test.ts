/** The demonstration of a day at the fake GitHub as a person starts it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("../bin/aedev", import.meta.url));

it("the demonstration of a day at GitHub ends as promised; with other options it is wrong usage", async () => {
  const scratch = mkdtempSync(join(tmpdir(), "aedev-demo-test-"));
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AEDEV_"));
  const demo = (...args: string[]) =>
    execa(program, ["demo", ...args], {
      env: { ...Object.fromEntries(own), TMPDIR: scratch },
      extendEnv: false,
      reject: false,
    });
  try {
    const { exitCode, stdout } = await demo("--github", "--json");
    expect({ exitCode, document: JSON.parse(String(stdout)) }).toMatchObject({
      exitCode: 0,
      document: { requests: { pull_requests: 1, check_runs: 2, merges: 1, comments: 2 }, verify: "ok" },
    });
    for (const other of ["--attack", "--live"]) expect((await demo("--github", other)).exitCode).toBe(2);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

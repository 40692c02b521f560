/** The program as a process, started by the launcher of the checkout. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { makeHome } from "./outside.ts";

const launcher = fileURLToPath(new URL("../../../bin/aedev", import.meta.url));
const { home, remove } = makeHome();
afterAll(remove);

function aedev(...line: string[]) {
  const { status, stdout, stderr } = spawnSync(launcher, line, {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", AEDEV_HOME: home },
  });
  return { exit: status, out: stdout, err: stderr };
}

describe("the process", () => {
  it("ends the process with the verb's exit code and prints its output", () => {
    expect(aedev("--version")).toMatchObject({
      exit: 0,
      err: "",
      out: expect.stringMatching(/^aedev \d+\.\d+\.\d+\n$/),
    });
    expect(aedev("frob")).toMatchObject({ exit: 2, out: "", err: expect.stringContaining("frob") });
    const down = aedev("mission", "approve", "m-1", "--json");
    expect(down.exit).toBe(3);
    expect(JSON.parse(down.out)).toMatchObject({ error: { code: "daemon-not-running", hint: "aedev daemon start" } });
  });

  it("prefers the home of the flag to the environment's", () => {
    expect(aedev("--home", "/nonexistent/home", "daemon", "status")).toMatchObject({
      exit: 1,
      err: expect.stringContaining("/nonexistent/home"),
    });
    expect(aedev("daemon", "status")).toMatchObject({ exit: 3 });
  });
});

import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { environmentPrograms } from "../../../src/checks/command/environment-programs.ts";

const pathAfter = (outputs: readonly string[], checkout = "/workspace/repo") =>
  execFileSync("/bin/sh", ["-c", `${environmentPrograms(outputs, checkout)}printf %s "$PATH"`], {
    env: { PATH: "/usr/bin:/bin" },
    encoding: "utf8",
  });

describe("the programs of a virtual environment", () => {
  it("come before the image's on the PATH, for an environment at the top and in a folder", () => {
    expect(pathAfter([".venv"])).toBe("/workspace/repo/.venv/bin:/usr/bin:/bin");
    expect(pathAfter(["node_modules", "packages/core/.venv/", "venv"])).toBe(
      "/workspace/repo/packages/core/.venv/bin:/workspace/repo/venv/bin:/usr/bin:/bin",
    );
  });

  it("are found in a checkout with any name, and shell text in the name is not run", () => {
    expect(pathAfter([".venv"], "/work $(exit 3)'x")).toBe("/work $(exit 3)'x/.venv/bin:/usr/bin:/bin");
  });

  it("leave PATH unchanged if no output is an environment", () => {
    expect(environmentPrograms(["node_modules", ".venv-docs", "dist"], "/workspace/repo")).toBe("");
    expect(environmentPrograms([".venv"], "/workspace/repo")).not.toBe("");
  });
});

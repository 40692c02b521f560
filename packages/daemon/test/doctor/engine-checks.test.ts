/** What the doctor reports about the limits that the engine announces. */
import { join } from "node:path";
import { productRoot } from "@aedev/host/product";
import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../src/configuration/load-configuration.ts";
import { limitsCheck } from "../../src/doctor/engine-checks.ts";

const configuration = loadConfiguration({
  home: join(productRoot, "no-such-home"),
  environment: {},
});
const whole = {
  MemoryLimit: true,
  SwapLimit: true,
  PidsLimit: true,
  CpuCfsQuota: true,
  MemTotal: 8 * 1024 ** 3,
  CgroupVersion: "2",
  SecurityOptions: ["name=seccomp,profile=default"],
};

describe("the check of the sandbox's limits", () => {
  it("the limits check passes for an engine that enforces all of them", () => {
    expect(limitsCheck(whole, configuration)).toMatchObject({ ok: true, found: expect.stringContaining("cgroup v2") });
  });

  it.each([
    [{ MemoryLimit: false }, "can't limit memory"],
    [{ SwapLimit: false, PidsLimit: false }, "can't limit swap, processes"],
    [{ CpuCfsQuota: false }, "can't limit CPU"],
    [{ MemTotal: 1024 ** 3 }, "1.07 GB, less than limits.memory"],
    [{ SecurityOptions: ["name=apparmor"] }, "no seccomp"],
  ])("the limits check names what %o means, and stops nobody", (change, words) => {
    const check = limitsCheck({ ...whole, ...change }, configuration);
    expect(check).toMatchObject({ ok: false, needed: false, found: expect.stringContaining(words) });
  });
});

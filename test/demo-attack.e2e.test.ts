/** The attack demonstration as a person starts it: the product refuses every attempt, and a build that lost a refusal is exposed. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildWithoutRefusals } from "./support/build-without-refusals.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
interface AttackDocument {
  attempts: { group: string; name: string; command: string; refused: boolean; output: string }[];
  controls: { group: string; name: string; passed: boolean; output: string }[];
  recorded: string[];
}

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "aedev-attack-test-"));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

async function attack(product: string, ...args: string[]) {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("AEDEV_"));
  const result = await execa(join(product, "bin/aedev"), ["demo", "--attack", ...args], {
    env: { ...Object.fromEntries(environment), TMPDIR: scratch },
    extendEnv: false,
    reject: false,
  });
  return { exit: result.exitCode, out: result.stdout, err: result.stderr };
}

describe("aedev demo --attack", () => {
  it("shows every attempt refused, with its command and the answer, and every control passed", async () => {
    const { exit, out, err } = await attack(root, "--json");
    expect(out, `${out}${err}`).toContain('"attempts"');
    const { attempts, controls, recorded } = JSON.parse(out) as AttackDocument;
    expect(attempts.filter(({ refused }) => !refused)).toEqual([]);
    expect(controls.filter(({ passed }) => !passed)).toEqual([]);
    expect(exit).toBe(0);
    expect(attempts.filter(({ output, command }) => output === "" || command === "")).toEqual([]);
    expect([...new Set(attempts.map(({ group }) => group))]).toEqual([
      ...["network", "names", "credentials", "the host", "writing", "privileges", "gateway", "evidence"],
      "log and evidence",
    ]);
    expect(attempts.length).toBeGreaterThanOrEqual(35);
    expect(attempts.filter(({ group }) => group === "evidence").map(({ name }) => name)).toHaveLength(5);
    expect(recorded.length).toBeGreaterThanOrEqual(9);
    console.log(`${attempts.length} attempts stopped, ${controls.length} controls passed`);
    expect(`${out}${err}`).not.toMatch(/sk-ant-oat01-fake/);
    const { stdout: commands } = await execa("ps", ["-eo", "args"]);
    expect(commands).not.toContain(scratch);
  }, 300_000);

  it("exits 1 and lists the attempts that succeeded if a build no longer refuses them", async () => {
    const product = buildWithoutRefusals(join(scratch, "product"));
    const { exit, out } = await attack(product);
    expect(exit).toBe(1);
    const through = out.split("\n").filter((line) => line.startsWith("GOT THROUGH: "));
    expect(through).toEqual(
      expect.arrayContaining([
        "GOT THROUGH: privileges: capabilities, or a way to gain them",
        "GOT THROUGH: gateway: another model",
      ]),
    );
    expect(out).toContain("  refused  a service on the host's loopback");
    expect(out).toContain("  refused  web search at the vendor");
    expect(readdirSync(scratch)).toContain("product");
  }, 300_000);
});

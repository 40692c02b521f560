/** The npm package as a stranger installs it, into a folder of its own: version, help, set-up's check, and the demonstration with real Docker. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { productVersion } from "@aedev/host/product";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const installedMegabytesMax = 60;
const scratch = mkdtempSync(join(tmpdir(), "aedev-package-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const modules = join(scratch, "lib/node_modules");
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:AEDEV_.*|NODE_(?:OPTIONS|PATH|COMPILE_CACHE|V8_COVERAGE))$/.test(name),
    ),
  ),
  PATH: `${join(scratch, "bin")}:${process.env["PATH"]}`,
  HOME: join(scratch, "home"),
  TMPDIR: scratch,
};
const aedev = (...words: string[]) =>
  execa(join(scratch, "bin/aedev"), words, { env: environment, extendEnv: false, reject: false, stdin: "ignore" });

beforeAll(async () => {
  const packed = await execa("npm", ["pack", "--pack-destination", scratch], {
    cwd: join(import.meta.dirname, "../packages/aedev"),
  });
  expect(packed.exitCode).toBe(0);
  const tarball = join(scratch, `aedev-${productVersion()}.tgz`);
  // The dependency comes from npm's cache if this machine has it.
  await execa("npm", ["install", "--global", "--prefix", scratch, "--prefer-offline", "--no-audit", tarball]);
});

describe("the installed npm package", () => {
  it("answers with its version and help, takes at most 60 MB, and has no file for developers", async () => {
    expect(await aedev("--version")).toMatchObject({ exitCode: 0, stdout: `aedev ${productVersion()}` });
    expect((await aedev("--help")).stdout).toContain("Usage: aedev");
    const { stdout } = await execa("du", ["--summarize", "--block-size=1M", modules]);
    expect(Number(stdout.split("\t")[0])).toBeLessThanOrEqual(installedMegabytesMax);
    const files = readdirSync(join(modules, "aedev"), { recursive: true }).map(String);
    const ours = files.filter((path) => !path.startsWith("config/demo/"));
    expect(files).toContain("scripts/setup");
    expect(ours.filter((path) => /\.test\.|tsconfig|^packages\/[^/]+\/test/.test(path))).toEqual([]);
  });

  it("finds the set-up done where the image of this version is, and names itself in the error of a wrong call", async () => {
    expect(await aedev("setup", "--check")).toMatchObject({ exitCode: 0, stdout: "nothing to do" });
    expect(await aedev("setup", "--check", "--undo")).toMatchObject({ exitCode: 2 });
    expect(await aedev("doctor")).toMatchObject({ stdout: expect.stringMatching(/^ok +runner image: /m) });
  });

  it("plays the demonstration: one change lands, one is held, one lands after a tap on the phone", async () => {
    const { exitCode, stdout, stderr } = await aedev("demo", "--json");
    expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { missions, verify } = JSON.parse(stdout) as { missions: { status: string }[]; verify: string };
    expect(missions.map(({ status }) => status)).toEqual(["landed", "held", "landed"]);
    expect(verify).toBe("ok");
  });

  it("plays the attack, in which every attempt is refused", async () => {
    expect(await aedev("demo", "--attack", "--json")).toMatchObject({ exitCode: 0 });
  });
});

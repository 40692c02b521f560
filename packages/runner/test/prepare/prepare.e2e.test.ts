/** The two steps of prepare on the real engine: what each sees, that a cache hit runs nothing, and that hostile outputs stay in their folder. */

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noSettings } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { unpackPrepared } from "../../src/prepare/archive.ts";
import { ensurePrepared } from "../../src/prepare/prepare.ts";
import { imageReference, type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

let laboratory: Laboratory;
let base: string;
let imageId: string;
beforeAll(async () => {
  laboratory = openLaboratory();
  base = laboratory.repository("app", {
    "package.json": "{}\n",
    "src/secret.js": "1\n",
    "make.sh": "echo built >out/built\n",
  });
  imageId = (await laboratory.context.docker.image(imageReference, "HOLD-TOOLCHAIN")).id;
});
afterAll(() => laboratory.close());

const prepare = (settings: Partial<Parameters<typeof ensurePrepared>[0]["settings"]>) =>
  ensurePrepared(
    { repository: "app", baseCommit: base, settings: { ...noSettings, ...settings }, limits, imageId },
    laboratory.context,
  );

async function unpacked(archivePath: string | null): Promise<string> {
  const parent = mkdtempSync(join(laboratory.home, "unpack-"));
  const folder = join(parent, "repo");
  mkdirSync(folder);
  await unpackPrepared(archivePath ?? "", folder, laboratory.context.user);
  return folder;
}

describe("prepare", () => {
  it("fetches with only the inputs and without privileges, builds on the whole base without network, and does both once", async () => {
    const settings = {
      prepare:
        "mkdir out && ls -A >out/fetch-sees && id -u >out/user && env >out/environment && cat /proc/net/route >out/routes",
      build: "sh make.sh; ls -A >out/build-sees; (cat /proc/net/route || true) >out/build-routes",
      outputs: ["out"],
    };
    const first = await prepare(settings);
    const folder = await unpacked(first.archivePath);
    const text = (name: string) => readFileSync(join(folder, "out", name), "utf8");
    expect(text("fetch-sees").trim().split("\n").sort()).toEqual(["out", "package.json"]);
    expect(text("user").trim()).not.toBe("0");
    expect(text("environment")).toContain("npm_config_ignore_scripts=true");
    expect(text("routes").trim().split("\n").length).toBeLessThan(2);
    expect(text("build-sees").trim().split("\n").sort()).toEqual(["make.sh", "out", "package.json", "src"]);
    expect(text("build-routes").trim().split("\n").length).toBeLessThan(2);
    expect(text("built").trim()).toBe("built");

    const docker = laboratory.context.docker;
    const create = docker.create;
    let created = 0;
    docker.create = (spec) => {
      created += 1;
      return create(spec);
    };
    try {
      expect(await prepare(settings)).toEqual(first);
      expect(created).toBe(0);
      expect((await prepare({ ...settings, build: null })).cacheKey).not.toBe(first.cacheKey);
      expect(created).toBeGreaterThan(0);
    } finally {
      docker.create = create;
    }
  });

  it("keeps outputs and checkouts that contain links inside their folder", async () => {
    const outside = mkdtempSync(join(tmpdir(), "aedev-outside-"));
    onTestFinished(() => rmSync(outside, { recursive: true, force: true }));
    chmodSync(outside, 0o777);
    const settings = {
      prepare: `mkdir -p node_modules/a && ln -s ${outside} node_modules/link && echo x >node_modules/a/file && ln -s ../../../.. node_modules/up`,
    };
    const { archivePath } = await prepare(settings);
    const honest = await unpacked(archivePath);
    expect(readFileSync(join(honest, "node_modules", "a", "file"), "utf8")).toBe("x\n");
    expect(lstatSync(join(honest, "node_modules", "link")).isSymbolicLink()).toBe(true);
    const trap = join(mkdtempSync(join(laboratory.home, "unpack-")), "repo");
    mkdirSync(trap);
    symlinkSync(outside, join(trap, "node_modules"));
    await unpackPrepared(archivePath ?? "", trap, laboratory.context.user);
    expect(readdirSync(outside)).toEqual([]);
    expect(readFileSync(join(trap, "node_modules", "a", "file"), "utf8")).toBe("x\n");
  });

  it("is held if a step fails or makes nothing, and leaves no container and no work folder", async () => {
    await expect(prepare({ prepare: "echo broken; exit 3" })).rejects.toMatchObject({
      code: "HOLD-PREPARE-FAILED",
      detail: expect.stringContaining("broken"),
    });
    await expect(prepare({ prepare: "true" })).rejects.toMatchObject({ code: "HOLD-PREPARE-FAILED" });
    await expect(prepare({ prepare: "true", outputs: ["../up"] })).rejects.toMatchObject({
      code: "HOLD-PREPARE-FAILED",
    });
    expect(await prepare({ prepare: "mkdir node_modules && touch node_modules/x" })).toMatchObject({
      archivePath: expect.any(String),
    });
    const { context, home } = laboratory;
    expect(await context.docker.list({ "aedev.home": context.homeId })).toEqual([]);
    expect(readdirSync(join(home, "prepared")).filter((name) => /^\.(?!link-)/.test(name))).toEqual([]);
  });

  it("does not use an archive whose bytes have changed", async () => {
    const settings = { prepare: "mkdir node_modules && echo good >node_modules/x" };
    const { archivePath } = await prepare(settings);
    writeFileSync(archivePath ?? "", "evil");
    const again = await prepare(settings);
    expect(existsSync(again.archivePath ?? "")).toBe(true);
    expect(readFileSync(join(await unpacked(again.archivePath), "node_modules", "x"), "utf8")).toBe("good\n");
  });
});

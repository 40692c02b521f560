/** The cache of prepare on a damaged disk, and the fetch step's environment against a repository's own settings. The engine is a small fake. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Fault, noSettings } from "@aedev/contracts";
import { openGit } from "@aedev/host/git/git-at";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunnerContext } from "../../src/engine/context.ts";
import type { ContainerSpec, Engine } from "../../src/engine/engine.ts";
import { linkPrograms } from "../../src/link/link-programs.ts";
import { boundedAfter } from "../../src/prepare/bound-archives.ts";
import { fetchEnvironment } from "../../src/prepare/environment.ts";
import { ensurePrepared } from "../../src/prepare/prepare.ts";
import { toolchainMounts } from "../../src/prepare/toolchain.ts";
import { limits, makeHome, sha256, type ThrowAwayHome } from "../throw-away-home.ts";

let place: ThrowAwayHome;
let packed: string;
let runs: number;
beforeEach(() => {
  place = makeHome();
  packed = "an archive";
  runs = 0;
});
afterEach(() => place.remove());

/** An engine on which every command succeeds; the one that packs makes `packed`. */
function engine(): Partial<Engine> {
  let spec: ContainerSpec | undefined;
  return {
    async create(of) {
      spec = of;
      runs += 1;
      return "c";
    },
    async start() {
      const into = spec?.mounts.find(({ target }) => target === "/packed")?.source;
      if (into !== undefined) writeFileSync(join(into, "outputs.tar"), packed);
    },
    wait: async () => 0,
    inspect: async () => null,
    remove: async () => undefined,
    async output() {
      const mark = /end-[0-9a-f]{24}/.exec(spec?.command[0] ?? "")?.[0];
      return { text: `\n${mark}\nerrors-${mark}\n`, omittedBytes: 0 };
    },
  };
}
const store = () => join(place.home, "prepared");
const left = () => readdirSync(store()).filter((name) => name.startsWith("."));
function prepare(baseCommit: string, build = "make") {
  const context: Partial<RunnerContext> = {
    home: place.home,
    homeId: "test",
    git: openGit(join(place.home, "run", "empty")),
    docker: engine() as Engine,
    blobs: place.blobs,
    sha256,
    registries: [],
    user: { uid: 0, gid: 0, chown: false },
  };
  const settings = { ...noSettings, build, outputs: ["out"] };
  return ensurePrepared(
    { repository: "demo", baseCommit, settings, limits, imageId: "sha256:0" },
    context as RunnerContext,
  );
}

describe("the cache of prepared outputs", () => {
  it("is filled again if its record can't be read", async () => {
    const base = place.commit({ "a.txt": "a\n" });
    const { cacheKey, archivePath } = await prepare(base);
    const same = { cacheKey, archivePath, writes: null };
    expect(runs).toBe(2);
    expect(await prepare(base)).toEqual(same);
    expect(runs).toBe(2);
    for (const damage of ["", '{"schema":1,"arch', '{"schema":1,"archive":"../../x"}', "\0\0\0\0"]) {
      writeFileSync(join(store(), `${cacheKey}.json`), damage);
      const before = runs;
      expect(await prepare(base)).toEqual(same);
      expect(runs, JSON.stringify(damage)).toBe(before + 2);
      expect(readFileSync(archivePath ?? "", "utf8")).toBe(packed);
    }
  });

  it("keeps nothing of an archive that it could not store, or each try would fill the disk further", async () => {
    const base = place.commit({ "a.txt": "a\n" });
    const { archivePath } = await prepare(base);
    expect([existsSync(archivePath ?? ""), left()]).toEqual([true, []]);
    packed = "another archive";
    // A folder that is not empty has its name.
    mkdirSync(join(store(), `${sha256(packed)}.tar`, "x"), { recursive: true });
    await expect(prepare(base, "make all")).rejects.toThrow();
    expect(left()).toEqual([]);
  });

  it("is bounded: the least recently used archive is deleted, but none that a run uses", async () => {
    const base = place.commit({ "a.txt": "a\n" });
    /** A work item that uses the archive of 10 bytes with this number, and then waits. The bound is two archives. */
    const use = (number: number, until?: Promise<void>) =>
      boundedAfter(store(), 25, async () => {
        packed = `archive ${number}\n`;
        await prepare(base, `make ${number}`);
        await until;
      });
    const kept = () => {
      const archives = readdirSync(store()).filter((name) => name.endsWith(".tar"));
      const records = readdirSync(store()).filter((name) => name.endsWith(".json"));
      expect(records).toHaveLength(archives.length);
      return archives.map((name) => readFileSync(join(store(), name), "utf8").trim().slice(-1)).toSorted();
    };
    await use(1);
    const end = Promise.withResolvers<void>();
    const lasting = use(1, end.promise);
    while (runs < 2) await delay(10);
    for (const number of [2, 3]) await delay(20).then(() => use(number));
    expect(kept()).toEqual(["1", "3"]);
    end.resolve();
    await lasting;
    await use(4);
    expect(kept()).toEqual(["3", "4"]);
    // The last one stays, however large it is.
    await boundedAfter(store(), 1, async () => undefined);
    expect(kept()).toEqual(["4"]);
    // An archive that another process has just used stays too.
    await use(5);
    utimesSync(join(store(), `${sha256("archive 4\n")}.tar`), new Date(), new Date(Date.now() - 60_000));
    await boundedAfter(store(), 1, async () => undefined);
    expect(kept()).toEqual(["4", "5"]);
  });
});

describe("a copy from the runner image", () => {
  const images = { runnerImageId: `sha256:${"1".repeat(64)}`, imageId: "sha256:2" };
  const copies = {
    cli: toolchainMounts,
    programs: async (...of: Parameters<typeof linkPrograms>) => [await linkPrograms(...of)],
  };

  it.each(["cli", "programs"] as const)("is complete or not kept at all: %s", async (name) => {
    let isFull = true;
    const copyOut: Engine["copyOut"] = async (_image, path, into) => {
      writeFileSync(join(into, basename(path)), "half of it");
      if (isFull) throw new Fault("HOLD-DOCKER-UNAVAILABLE", "docker copy failed: no space left on device");
    };
    const context = { home: place.home, sha256, docker: { copyOut } } as RunnerContext;
    await expect(copies[name](images, context)).rejects.toThrow("no space left");
    expect(left()).toEqual([]);
    isFull = false;
    const mounts = await copies[name](images, context);
    expect(mounts.every(({ source }) => existsSync(source))).toBe(true);
    expect(left()).toHaveLength(1);
    expect(await copies[name](images, context)).toEqual(mounts);
    expect(left()).toHaveLength(1);
  });
});

describe("the environment of the fetch step", () => {
  it("keeps npm from running a git that the repository names, and the repository's scripts", {
    timeout: 60_000,
  }, async () => {
    const scripts = { preinstall: "echo script >>ran", postinstall: "echo script >>ran" };
    const dependencies = { x: "git+file:///nonexistent/x.git" };
    const install = async (name: string, manifest: object, environment: Readonly<Record<string, string>>) => {
      const folder = join(place.work, name);
      mkdirSync(join(folder, "patches"), { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "a", version: "1.0.0", ...manifest }));
      writeFileSync(join(folder, ".npmrc"), "git=./patches/git.sh\nignore-scripts=false\n");
      writeFileSync(join(folder, "patches", "git.sh"), "#!/bin/sh\necho git >>ran\nexit 1\n");
      chmodSync(join(folder, "patches", "git.sh"), 0o755);
      const env = { PATH: process.env.PATH, HOME: folder, ...environment, npm_config_cache: join(folder, "cache") };
      await execa("npm", ["install"], { cwd: folder, env, extendEnv: false, reject: false });
      return existsSync(join(folder, "ran")) ? readFileSync(join(folder, "ran"), "utf8").trim().split("\n") : [];
    };
    expect(await install("git-plain", { dependencies }, {})).toContain("git");
    expect(await install("git-fetch", { dependencies }, fetchEnvironment)).toEqual([]);
    expect(await install("script-plain", { scripts }, {})).toEqual(["script", "script"]);
    expect(await install("script-fetch", { scripts }, fetchEnvironment)).toEqual([]);
  });
});

/** Measures `repo add` with every proposal accepted, with dependencies kept or fetched anew, against installing and testing twice by hand. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Laboratory } from "../../test/support/laboratory.ts";
import { atMost, type Figure, median } from "./figure.ts";

const rounds = 3;
const testFiles = 20;
const aedev = join(import.meta.dirname, "../../bin/aedev");

export async function benchRepoAdd(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aedev-bench-"));
  await using laboratory = await Laboratory.open();
  try {
    await laboratory.must("daemon", "start");
    const bare = await laboratory.remote("shop", await project(folder));
    // The first of each fills the caches: npm's by hand, and aedev's archive of this repository's dependencies.
    await byHand(bare, join(folder, "warm"));
    await added(laboratory, bare, "warm");
    const anew: number[] = [];
    const cached: number[] = [];
    const outputSeconds: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const hand = (await byHand(bare, join(folder, `${round}-a`))) + (await byHand(bare, join(folder, `${round}-b`)));
      const first = await added(laboratory, bare, `shop-${round}`);
      const again = await added(laboratory, bare, "warm");
      anew.push(first.seconds / hand);
      cached.push(again.seconds / hand);
      outputSeconds.push(first.firstOutputSeconds);
    }
    const unit = " × two installs and tests";
    const detail = `${rounds} rounds, by hand with npm's cache`;
    return [
      atMost("repo add, dependencies kept", { limit: 1.5, value: median(cached), unit, detail }),
      atMost("repo add, dependencies fetched", { limit: 1.5, value: median(anew), unit, detail }),
      atMost("first output of repo add", { limit: 1, value: median(outputSeconds), unit: " s" }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A small server with its tests and a real lockfile. */
async function project(folder: string): Promise<Record<string, string>> {
  const manifest = {
    name: "shop",
    version: "1.0.0",
    scripts: { test: "mocha" },
    dependencies: { express: "4.21.2" },
    devDependencies: { mocha: "10.8.2" },
  };
  const place = join(folder, "made");
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), JSON.stringify(manifest));
  await execa("npm", ["install", "--package-lock-only", "--ignore-scripts"], { cwd: place });
  const lock = readFileSync(join(place, "package-lock.json"), "utf8");
  const test = (file: number) =>
    `const assert = require("node:assert");\nconst express = require("express");\n${Array.from(
      { length: 10 },
      (_, at) =>
        `it("answers ${file}-${at}", (done) => { const app = express(); app.get("/", (_, answer) => answer.send("${at}")); const server = app.listen(0, async () => { assert.equal(await (await fetch("http://localhost:" + server.address().port)).text(), "${at}"); server.close(done); }); });`,
    ).join("\n")}\n`;
  const tests = Object.fromEntries(
    Array.from({ length: testFiles }, (_, file) => [`test/${file}.test.js`, test(file)]),
  );
  return { "package.json": JSON.stringify(manifest), "package-lock.json": lock, ...tests };
}

/** Seconds of a clone, an install from the cache and a test run on this machine. */
async function byHand(bare: string, folder: string): Promise<number> {
  const startedAt = performance.now();
  await execa("git", ["clone", "-q", bare, folder]);
  await execa("npm", ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: folder });
  await execa("npm", ["test"], { cwd: folder });
  return (performance.now() - startedAt) / 1000;
}

async function added(
  laboratory: Laboratory,
  bare: string,
  name: string,
): Promise<{ seconds: number; firstOutputSeconds: number }> {
  const startedAt = performance.now();
  let firstOutputSeconds = Number.POSITIVE_INFINITY;
  const running = execa(aedev, ["repo", "add", bare, "--name", name, "--yes"], {
    env: laboratory.environment,
    extendEnv: false,
    stdin: "ignore",
  });
  running.stderr.once("data", () => {
    firstOutputSeconds = (performance.now() - startedAt) / 1000;
  });
  const { stdout } = await running;
  if (!/200 passed/.test(stdout)) throw new Error(`not green: ${stdout}`);
  return { seconds: (performance.now() - startedAt) / 1000, firstOutputSeconds };
}

/** Benchmarks `aedev status` against the smallest program of the same Node, alternating, with the daemon down and up: in this checkout, and in the installed npm package. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Laboratory } from "../../test/support/laboratory.ts";
import { atMost, type Figure, median } from "./figure.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const node = `${root}node_modules/node/bin/node`;
const rounds = 40;
/** Rounds that are not counted, because they fill Node's compile cache and the system's file cache. */
const warmUps = 3;

type Environment = Laboratory["environment"];
interface Command {
  readonly name: string;
  readonly line: readonly string[];
  readonly environment: Environment;
  /** How many times as long as `node -e 0` it may take. */
  readonly timesMax: number;
}

export async function benchStatus(): Promise<Figure[]> {
  return inTwoHomes((down, up) =>
    figuresOf([
      { name: "aedev status, daemon down", line: [`${root}bin/aedev`, "status"], environment: down, timesMax: 6 },
      { name: "aedev status, daemon up", line: [`${root}bin/aedev`, "status"], environment: up, timesMax: 6 },
    ]),
  );
}

/** The installed package, started with the checkout's Node. */
export async function benchStart(): Promise<Figure[]> {
  const prefix = mkdtempSync(join(tmpdir(), "aedev-bench-start-"));
  try {
    await execa("npm", ["pack", "--pack-destination", prefix], { cwd: `${root}packages/aedev` });
    await execa("sh", ["-c", `npm install --global --prefix ${prefix} --prefer-offline ${prefix}/aedev-*.tgz`]);
    const aedev = [node, join(prefix, "lib/node_modules/aedev/bin/aedev")];
    return await inTwoHomes((down, up) =>
      figuresOf([
        { name: "aedev --version, package", line: [...aedev, "--version"], environment: down, timesMax: 1.3 },
        { name: "aedev status, package, daemon down", line: [...aedev, "status"], environment: down, timesMax: 2 },
        { name: "aedev status, package, daemon up", line: [...aedev, "status"], environment: up, timesMax: 2 },
      ]),
    );
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}

async function inTwoHomes(use: (down: Environment, up: Environment) => Promise<Figure[]>): Promise<Figure[]> {
  await using down = await Laboratory.open();
  await using up = await Laboratory.open();
  await up.must("daemon", "start");
  return await use(down.environment, up.environment);
}

async function figuresOf(commands: readonly Command[]): Promise<Figure[]> {
  const all = [{ line: [node, "-e", "0"], environment: commands[0]?.environment ?? {} }, ...commands];
  const took = all.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round += 1)
    for (const [index, { line, environment }] of all.entries()) {
      const ms = await timeOf(line, environment);
      if (round >= 0) took[index]?.push(ms);
    }
  const [nothing = Number.NaN, ...medians] = took.map((times) => median(times));
  return commands.map(({ name, timesMax }, index) => {
    const ms = medians[index] ?? Number.NaN;
    const detail = `${ms.toFixed(0)} ms, node -e 0 ${nothing.toFixed(0)} ms, ${rounds} turns`;
    return atMost(name, { limit: timesMax, value: ms / nothing, unit: " × node -e 0", detail });
  });
}

async function timeOf([file = "", ...args]: readonly string[], environment: Environment): Promise<number> {
  const start = performance.now();
  await execa(file, args, { env: { ...environment }, extendEnv: false, stdin: "ignore" });
  return performance.now() - start;
}

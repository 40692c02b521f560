/** Measures the cost of tracing and altered expectations on the real engine, and how many assertions of real test suites can be altered. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { perturbFiles } from "../../packages/runner/src/checks/perturb/perturb-files.ts";
import { type Files, type Laboratory, openLaboratory } from "../../packages/runner/test/checks/laboratory.ts";
import { readCases } from "../../test/attacks/forging/support/read-cases.ts";
import { atLeast, atMost, type Figure, median } from "./figure.ts";

/** Packages that contain their tests. */
const packages = ["minimist@1.2.5", "left-pad@1.3.0", "qs@6.11.2", "deep-equal@1.0.1", "concat-map@0.0.1"];
const rounds = 5;
const testFiles = 12;
const source = "exports.add = (a, b) => a + b;\n";

export async function benchChecks(): Promise<Figure[]> {
  return [...(await passFigures()), await alterableFigure()];
}

/** Seconds of each pass of an honest change whose tests have the base's files: the same tests traced, plain, with sentinels, altered. */
async function passFigures(): Promise<Figure[]> {
  const laboratory = openLaboratory();
  try {
    const seconds = timed(laboratory);
    const tracing: number[] = [];
    const altering: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const name = `adder-${round}`;
      const base = laboratory.repository(name, { ...smallSuite(), "README.md": `${round}\n` });
      seconds.length = 0;
      const settings = { verify: ["node --test"], tests: ["test/**"] };
      await laboratory.matrix({ name, base, change: { "index.js": `// sums\n${source}` }, settings });
      // In the order of the cells: the base's plain pass and its sentinels, the change's, altered expectations on each, and two for its calls.
      const [traced = 0, , plain = 0, sentinels = 0, , altered = 0] = seconds;
      if (seconds.length !== 8) throw new Error(`${seconds.length} containers, not 8`);
      tracing.push(traced / plain);
      altering.push(altered / (plain + sentinels));
    }
    const detail = `median of ${rounds}, ${testFiles} test files`;
    return [
      atMost("traced base pass", { limit: 1.15, value: median(tracing), unit: " × untraced", detail }),
      atMost("altered expectations", { limit: 0.6, value: median(altering), unit: " × old tests on new code", detail }),
    ];
  } finally {
    laboratory.close();
  }
}

/** Times each container from its start to its removal. */
function timed(laboratory: Laboratory): number[] {
  const seconds: number[] = [];
  const { docker } = laboratory.context;
  const started = new Map<string, number>();
  laboratory.context.docker = {
    ...docker,
    async start(id) {
      started.set(id, performance.now());
      return await docker.start(id);
    },
    async remove(id) {
      const at = started.get(id);
      if (at !== undefined) seconds.push((performance.now() - at) / 1000);
      started.delete(id);
      return await docker.remove(id);
    },
  };
  return seconds;
}

function smallSuite(): Files {
  const files: Record<string, string> = { "index.js": source };
  for (let file = 0; file < testFiles; file += 1) {
    const tests = Array.from(
      { length: 10 },
      (_, index) => `test('adds ${index}', () => assert.strictEqual(add(${index}, 2), ${index + 2}));`,
    );
    files[`test/add-${file}.test.js`] =
      `const { test } = require('node:test');\nconst assert = require('node:assert');\nconst { add } = require('../index.js');\n${tests.join("\n")}\n`;
  }
  return files;
}

async function alterableFigure(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), "aedev-bench-"));
  try {
    const suites = packages.map((name) => ({ name, files: packageTests(join(folder, name), name) }));
    const bases = new Map(readCases().map(({ base }) => [base.name, base.files]));
    for (const [name, files] of bases) suites.push({ name, files: baseTests(files) });
    let [found, alterable] = [0, 0];
    const shares: string[] = [];
    for (const { name, files } of suites) {
      const answers = await perturbFiles(files, "bench");
      const of = answers.reduce((sum, { assertions }) => sum + assertions.found, 0);
      const can = answers.reduce((sum, { assertions }) => sum + assertions.alterable, 0);
      found += of;
      alterable += can;
      shares.push(`${name} ${can}/${of}`);
    }
    const detail = shares.join(", ");
    return atLeast("alterable assertions", { limit: 85, value: (100 * alterable) / found, unit: " %", detail });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isTest = (path: string) => /(^|\/)(test|tests)\/|(^|[._-])test[._]|_test\.|^test_/.test(path);

function packageTests(folder: string, name: string): { path: string; text: string }[] {
  mkdirSync(folder);
  execFileSync("npm", ["pack", "--silent", name], { cwd: folder });
  const [tarball = ""] = readdirSync(folder);
  execFileSync("tar", ["-xzf", tarball], { cwd: folder });
  const root = join(folder, "package");
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = relative(root, join(entry.parentPath, entry.name));
    return entry.isFile() && isTest(path) && /\.(js|cjs|mjs)$/.test(path)
      ? [{ path, text: readFileSync(join(root, path), "utf8") }]
      : [];
  });
}

function baseTests(files: Readonly<Record<string, string | null>>): { path: string; text: string }[] {
  return Object.entries(files).flatMap(([path, text]) =>
    text !== null && (isTest(path) || path.endsWith(".rs")) ? [{ path, text }] : [],
  );
}

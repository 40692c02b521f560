/** Three costs: pure tests, tests on real SQLite, git and HTTP, and tests on real Docker; those that need a browser, and those that stop the engine, are projects of their own. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { nodeFlags } from "./packages/host/src/node-flags.ts";
import { notedFiles } from "./scripts/shell/noted-files.ts";
import { byNight } from "./test/by-night.ts";
import { SlowestFirst } from "./test/support/slowest-first.ts";

const everywhere = ["packages/*/test/**", "test/**"];
const named = (suffix: string) => everywhere.map((folder) => `${folder}/*${suffix}`);

/** Limits are for what hangs: a machine that does much else at once must not reach them. */
const patient = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 30_000 } } };

const stopEngine = ["test/engine-stopped.e2e.test.ts", "test/hard-night.e2e.test.ts"];

const isNight = process.env["AEDEV_NIGHT"] === "1";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Test files of dependencies, and those that a night noted as passed, see scripts/test. */
const leftOut = ["**/node_modules/**", ...notedFiles(root, process.env["AEDEV_TEST_PASSED"]).map(({ path }) => path)];

/** As bin/aedev sets it: the programs that tests start don't compile what was compiled before. */
const compiled = { NODE_COMPILE_CACHE: fileURLToPath(new URL(".cache/node", import.meta.url)) };

const execArgv = [...nodeFlags];

export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: named(".test.ts"),
          exclude: [...named(".int.test.ts"), ...named(".e2e.test.ts"), ...named(".browser.test.ts"), ...leftOut],
          ...patient,
          maxWorkers: 2,
          // A worker loads each module once and not for each file: a test puts back what it changes of the process.
          isolate: false,
          execArgv,
          setupFiles: ["test/support/seeded-properties.ts"],
        },
      },
      {
        test: {
          name: "integration",
          include: named(".int.test.ts"),
          exclude: [...(isNight ? [] : byNight), ...leftOut],
          env: compiled,
          execArgv,
          ...patient,
          // Many of them wait more than they work. With a number of workers of their own they run in a turn of their own.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          setupFiles: ["test/support/seeded-properties.ts"],
        },
      },
      {
        test: {
          name: "e2e",
          include: named(".e2e.test.ts"),
          exclude: [...stopEngine, ...(isNight ? [] : byNight), ...leftOut],
          env: compiled,
          testTimeout: 400_000,
          hookTimeout: 400_000,
          // Two leave the processors idle while they wait for containers and polls.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "browser",
          include: named(".browser.test.ts"),
          exclude: [...(isNight ? [] : byNight), ...leftOut],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: patient.expect,
        },
      },
      {
        test: {
          name: "engine",
          include: isNight ? stopEngine : stopEngine.slice(0, 1),
          exclude: leftOut,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});

/** The modules that `aedev status` and `aedev --help` load: each file costs time at every start, so they must load nothing that they don't use. */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { diskFreeBytes } from "@aedev/host/disk-free";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { plentyBytes } from "../packages/daemon/src/reader/machine.ts";
import { Laboratory } from "./support/laboratory.ts";

const program = fileURLToPath(new URL("../packages/cli/src/main.ts", import.meta.url));
/** Writes the address of each loaded module to a file. */
const recorder = `
  import { appendFileSync } from "node:fs";
  import { registerHooks } from "node:module";
  registerHooks({
    load(url, context, next) {
      appendFileSync(process.env.LOADED, url + "\\n");
      return next(url, context);
    },
  });`;
/** Deciding, clarifying and the gate; the API's schemas; measuring text; languages other than English; hashing, prompting and starting threads. */
const costly =
  /packages\/core\/src\/(index|decide|clarification|gate)\b|contracts\/src\/api\/|string-width|zod\/v4\/locales\/(?!en\.js)|^node:(crypto|http|readline|worker_threads)$/;

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  // A home's own settings are read to see whether they can be; comments need no parser.
  writeFileSync(
    join(laboratory.home, "policies.yaml"),
    "# Overlay of config/policies.yaml: put only what differs here.\n",
  );
});
afterAll(() => laboratory[Symbol.asyncDispose]());

async function loadedBy(...args: string[]): Promise<string[]> {
  const list = join(laboratory.folder, `loaded-${args.join("-")}`);
  const hooks = `data:text/javascript,${encodeURIComponent(recorder)}`;
  await execa(process.execPath, ["--import", hooks, program, ...args], {
    env: { ...laboratory.environment, LOADED: list },
    extendEnv: false,
    stdin: "ignore",
  });
  return readFileSync(list, "utf8").split("\n");
}

async function expectCheap(...args: string[]): Promise<void> {
  const loaded = await loadedBy(...args);
  expect(loaded.some((url) => url.endsWith("/packages/cli/src/program.ts"))).toBe(true);
  expect(loaded.filter((url) => costly.test(url))).toEqual([]);
}

it("--help loads nothing that decides, hashes, asks or measures", () => expectCheap("--help"));

// Below `plentyBytes` of free space, `status` loads the configuration for its limit.
it.skipIf(diskFreeBytes(tmpdir()) <= plentyBytes).each([["status"], []])(
  "nor does aedev %s, with plenty of free space",
  (...args) => expectCheap(...args),
);

it("a verb that needs more modules loads them when it is called", async () => {
  const loaded = await loadedBy("judges", "show");
  const found = loaded.filter((url) => costly.test(url)).map((url) => url.replace(/.*\/packages\//, ""));
  expect(found).toEqual(expect.arrayContaining(["core/src/index.ts", "core/src/decide.ts"]));
});

/** Records the assertions of one command's processes: provides the programs that write them, and the pipe. Contract: it never fails the command. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mount } from "../../engine/engine.ts";
import { randomName } from "../../engine/random-name.ts";
import { openPipe } from "./pipe.ts";
import { type Tally, tallyReader } from "./tally.ts";

const [operands, writer, assertions] = ["operands", "writer", "assertions"].map((name) =>
  readFileSync(new URL(`./inside/${name}.cjs`, import.meta.url), "utf8").replace(/;\s*$/u, ""),
);
const pytestPlugin = readFileSync(new URL("./inside/recorder.py", import.meta.url), "utf8");
/** The recorder's name in stack traces, where it looks like one of Node's own files. */
const ownName = "node:internal/assert/calls";

export interface AssertionRecording {
  /** Statements that run first in each Node process, before the guard's. They declare the function `noteLoaded`, which the guard calls. */
  preload: string;
  /** Shell text before a command that runs pytest. */
  pytest: string;
  /** The read-only mount of the pipe's folder. A pipe in it can still be written. */
  mount: Mount;
  /** Returns the record; call it after the container's end. */
  close(): Promise<Tally>;
}

/** `folder` must not exist. `checkout`: the container's folder; records name files in it. */
export function recordAssertions(folder: string, checkout: string): AssertionRecording {
  mkdirSync(folder, { mode: 0o755 });
  const name = randomName();
  const path = join(folder, name);
  const target = `/usr/local/share/${randomName()}`;
  const plugin = `m${randomName()}`;
  const values = `CHANNEL, CHECKOUT = ${JSON.stringify(`${target}/${name}`)}, ${JSON.stringify(checkout)}\n`;
  writeFileSync(join(folder, `${plugin}.py`), values + pytestPlugin, { mode: 0o644 });
  const reader = tallyReader();
  const pipe = openPipe(path, (bytes) => reader.take(bytes));
  return {
    preload: preloadOf({ channel: `${target}/${name}`, checkout }),
    pytest: `export PYTHONPATH="${target}\${PYTHONPATH:+:$PYTHONPATH}" PYTEST_ADDOPTS="-p ${plugin} $PYTEST_ADDOPTS"\n`,
    mount: { source: folder, target, readOnly: true },
    async close() {
      await pipe.close();
      return reader.tally();
    },
  };
}

function preloadOf(options: { channel: string; checkout: string }): string {
  const text = `(require, options, name) => {
const recorder = (${writer})(require, options, (${operands})(require));
return recorder === null ? () => undefined : (${assertions})(require, recorder, name);
}`;
  const [program, name, given] = [text, ownName, options].map((value) => JSON.stringify(value));
  return `const noteLoaded = require('node:vm').runInThisContext(${program}, { filename: ${name} })(require, ${given}, ${name});\n`;
}

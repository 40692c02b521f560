/** `aedev setup`: runs the script that prepares this machine or undoes that. The script is in Bash, because in a checkout it runs before there is a Node. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { productRoot } from "@aedev/host/product";
import { usageFault } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";

const modes = ["check", "undo", "system"] as const;

export const verb: Verb = {
  summary:
    "Prepare this machine: a Docker engine if none answers, and the runner image. It lists its changes and asks first.",
  options: [
    { flags: "--yes", summary: "do not ask" },
    { flags: "--check", summary: "change nothing: list what is missing, and exit 1 if something is" },
    { flags: "--system", summary: "only what needs root, for another account of this machine" },
    { flags: "--undo", summary: "undo what set-up changed, and nothing else; refused while something uses it" },
  ],
  examples: ["aedev setup", "aedev setup --check", "aedev setup --undo"],
  async run({ environment, json }, input) {
    const asked = modes.filter((mode) => input.flag(mode));
    if (asked.length > 1) throw usageFault("only one of --check, --system and --undo", "aedev setup --help");
    if (json) throw usageFault("set-up prints text: no --json", "aedev setup --help");
    const flags = [...asked, ...(input.flag("yes") ? ["yes"] : [])].map((name) => `--${name}`);
    const child = spawn(join(productRoot, "scripts/setup"), flags, { stdio: "inherit", env: environment });
    const [code] = (await once(child, "exit")) as [number | null];
    return { kind: "streamed", exit: code === 0 ? 0 : code === 4 ? 4 : 1 };
  },
};

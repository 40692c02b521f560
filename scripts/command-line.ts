/** What the scripts that pnpm starts have in common: how they are run in a fresh clone, and arguments that are wrong. */
import { readFileSync } from "node:fs";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  packageManager: string;
};

/** Runs a script of package.json where no pnpm is installed, in the version that the repository pins. */
export const pnpm = `npx -y ${manifest.packageManager}`;

/** A script's arguments. After `--help`, which prints `usage`, and after wrong ones (exit code 2) there are none: null. */
export function readArguments<Options extends ParseArgsOptionsConfig>(script: {
  name: string;
  usage: string;
  options: Options;
  allowPositionals?: boolean;
}) {
  const { name, usage, options, allowPositionals = false } = script;
  const help = { type: "boolean" } as const;
  try {
    const { values, positionals } = parseArgs({ options: { ...options, help }, allowPositionals });
    if (!("help" in values)) return { values, positionals };
    process.stdout.write(usage);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    // Of some, the lines below the first are advice.
    refuseArguments({ name, usage, why: error.message.split("\n")[0] ?? "" });
  }
  return null;
}

/** Says in one line what is wrong, then the usage. */
export function refuseArguments({ name, usage, why }: { name: string; usage: string; why: string }): void {
  process.stderr.write(`${name}: ${why}\n\n${usage}`);
  process.exitCode = 2;
}

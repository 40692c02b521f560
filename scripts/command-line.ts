/** Shared by the scripts that pnpm starts: the command that runs them in a fresh clone, and the handling of wrong arguments. */
import { readFileSync } from "node:fs";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  packageManager: string;
};

/** Runs a script of package.json without an installed pnpm, in the version that the repository pins. */
export const pnpm = `npx -y ${manifest.packageManager}`;

/** A script's arguments. Null after `--help`, which prints `usage`, and after wrong arguments (exit code 2). */
export function readArguments<Options extends ParseArgsOptionsConfig>(script: {
  name: string;
  usage: string;
  options: Options;
  allowPositionals?: boolean;
  /** Absent: those of the process. */
  args?: string[];
}) {
  const { name, usage, options, allowPositionals = false, args = process.argv.slice(2) } = script;
  const help = { type: "boolean" } as const;
  try {
    const { values, positionals } = parseArgs({ args, options: { ...options, help }, allowPositionals });
    if (!("help" in values)) return { values, positionals };
    process.stdout.write(usage);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    // Some messages have advice below the first line.
    refuseArguments({ name, usage, why: error.message.split("\n")[0] ?? "" });
  }
  return null;
}

/** Prints in one line what is wrong, then the usage. */
export function refuseArguments({ name, usage, why }: { name: string; usage: string; why: string }): void {
  process.stderr.write(`${name}: ${why}\n\n${usage}`);
  process.exitCode = 2;
}

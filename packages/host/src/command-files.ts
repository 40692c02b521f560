/** Finds files that verify commands name as configuration or load before the tests: they decide how tests run (SECURITY T9). Pure. */
import { posix } from "node:path";
import { plainFolderPattern } from "@aedev/contracts";
import { parseJson } from "./parse-json.ts";
import { callAnywherePattern } from "./program-pattern.ts";

export interface CommandsOfBase {
  readonly commands: readonly string[];
  /** The scripts of the base's package.json in this folder, by name; "" is the top. */
  readonly scriptsIn: (folder: string) => Readonly<Record<string, string>>;
  readonly has: (path: string) => boolean;
}

const startsInFolder = new RegExp(String.raw`^\s*cd\s+(?:\./)?(${plainFolderPattern})/?\s+&&\s`, "u");

/** The folder of the checkout in which the whole command runs (`cd packages/x && npm test`); "" for the checkout itself. */
export function folderOfCommand(command: string): string {
  return startsInFolder.exec(command)?.[1] ?? "";
}

/** True if a simple command may change the folder of the following commands, so that their paths can't be resolved. */
export function changesFolder(command: string): boolean {
  return /(?:^|[\s("'\\])(?:cd|chdir|pushd|popd)(?:\s|$)/u.test(command);
}

/** The scripts of a package.json by name; empty if the file is missing, or if its scripts are not names with texts. */
export function packageScripts(text: string | null): Readonly<Record<string, string>> {
  const manifest = parseJson(text ?? undefined);
  const scripts = isObject(manifest) ? manifest["scripts"] : undefined;
  const entries = isObject(scripts) ? Object.entries(scripts) : [];
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts.length === entries.length ? Object.fromEntries(texts) : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const value = String.raw`(?:\s+|=)(?:"([^"]*)"|'([^']*)'|([^\s"'&|;]+))`;
const optionOf = (names: string) => new RegExp(String.raw`(?:^|[\s='"])(?:${names})${value}`, "g");
const loading = "--require|--import|--loader|--experimental-loader|--test-global-setup|-r";
const nodeOptions = optionOf(loading);
const runnerOptions = optionOf(
  String.raw`${loading}|--(?:config|file|opts|rcfile|cov-config|setup[A-Z]\w*|setup-file|global[A-Z]\w*|test[A-Z]\w*|transform|resolver|runner|reporters?|env|environment)|-c`,
);
/** The options above count only for these programs; others use the same names for their input. */
const runner = callAnywherePattern(
  String.raw`(?:jest|_?mocha|vitest|pytest|py\.test|tape|tap|bnt|ava|lab|qunit|nyc|c8|rspec|playwright|cypress|karma)`,
);
const node = /(^|[\s/])(node|tsx|ts-node)(\s|$)|\bNODE_OPTIONS=/;
const endings = ["", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".json", "/index.js"];

/** Paths of these files in the base, sorted. */
export function configurationFiles({ commands, scriptsIn, has }: CommandsOfBase): string[] {
  const folders = new Set(commands.map(folderOfCommand));
  const found = [...folders].flatMap((folder) =>
    filesIn(folder, {
      commands: commands.filter((command) => folderOfCommand(command) === folder),
      scripts: scriptsIn(folder),
      has,
    }),
  );
  return [...new Set(found)].sort();
}

function filesIn(
  folder: string,
  { commands, scripts, has }: Pick<CommandsOfBase, "commands" | "has"> & { scripts: Readonly<Record<string, string>> },
): string[] {
  const found = new Set<string>();
  const reached = new Set(commands);
  // Iterating over a set also visits entries that the loop adds.
  for (const command of reached) {
    for (const name of scriptsNamed(command, scripts)) {
      const script = scripts[name];
      if (script !== undefined) reached.add(script);
    }
    for (const name of valuesIn(command)) {
      const path = name === "" ? undefined : endings.map((ending) => posix.join(folder, name + ending)).find(has);
      if (path !== undefined) found.add(path);
    }
  }
  return [...found];
}

function valuesIn(command: string): string[] {
  return command.split(/&&|\|\||;|\|/).flatMap((part) => {
    const options = runner.test(part) ? runnerOptions : node.test(part) ? nodeOptions : null;
    const matches = options === null ? [] : [...part.matchAll(options)];
    return matches.map(([, double, single, bare]) =>
      (double ?? single ?? bare ?? "").replace(/^(\.\/|<rootDir>\/)+/, ""),
    );
  });
}

/** Every script that the command may name, with its `pre` and `post` scripts. */
export function scriptsNamed(command: string, scripts: Readonly<Record<string, string>>): string[] {
  const parts = command.split(/[\s'"&|;()]+/);
  const names = parts
    .map((part) => (/^(t|tst)$/.test(part) ? "test" : part))
    .filter((part) => Object.hasOwn(scripts, part));
  return names.flatMap((name) => [`pre${name}`, name, `post${name}`]).filter((name) => Object.hasOwn(scripts, name));
}

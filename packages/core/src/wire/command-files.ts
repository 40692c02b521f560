/**
 * Which files the verify commands name as their runner's configuration or as something to load before the tests: they decide how tests run as
 * much as a file of a known name does (THREATS T9). Both the checks and control's findings ask here. Pure.
 */

export interface CommandsOfBase {
  /** The verify commands. */
  readonly commands: readonly string[];
  /** Scripts of the base's root package.json, by name. */
  readonly scripts: Readonly<Record<string, string>>;
  /** True for a file of the base. */
  readonly has: (path: string) => boolean;
}

const value = String.raw`(?:\s+|=)(?:"([^"]*)"|'([^']*)'|([^\s"'&|;]+))`;
const optionOf = (names: string) => new RegExp(String.raw`(?:^|[\s='"])(?:${names})${value}`, "g");
const loading = "--require|--import|--loader|--experimental-loader|--test-global-setup|-r";
const nodeOptions = optionOf(loading);
const runnerOptions = optionOf(
  String.raw`${loading}|--(?:config|file|opts|rcfile|cov-config|setup[A-Z]\w*|setup-file|global[A-Z]\w*|test[A-Z]\w*|transform|resolver|runner|reporters?|env|environment)|-c`,
);
/** Other programs have options of the same names for what they work on. */
const runner = /(^|[\s/=])(jest|_?mocha|vitest|pytest|py\.test|tape|ava|nyc|c8|rspec|playwright|cypress|karma)(\s|$)/;
const node = /(^|[\s/])(node|tsx|ts-node)(\s|$)|\bNODE_OPTIONS=/;
const endings = ["", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".json", "/index.js"];

/** Paths of the base, in order. */
export function configurationFiles({ commands, scripts, has }: CommandsOfBase): string[] {
  const found = new Set<string>();
  const reached = new Set(commands);
  // A set is walked in the order of insertion, what is added on the way included.
  for (const command of reached) {
    for (const name of scriptsNamed(command, scripts)) {
      const script = scripts[name];
      if (script !== undefined) reached.add(script);
    }
    for (const name of valuesIn(command)) {
      const path = name === "" ? undefined : endings.map((ending) => name + ending).find(has);
      if (path !== undefined) found.add(path);
    }
  }
  return [...found].sort();
}

function valuesIn(command: string): string[] {
  return command.split(/&&|\|\||;|\|/).flatMap((part) => {
    const options = runner.test(part) ? runnerOptions : node.test(part) ? nodeOptions : null;
    const matches = options === null ? [] : [...part.matchAll(options)];
    return matches.map(([, one, other, bare]) => (one ?? other ?? bare ?? "").replace(/^(\.\/|<rootDir>\/)+/, ""));
  });
}

/** Every script that a word of the command may be the name of, with what runs before and after it. */
function scriptsNamed(command: string, scripts: CommandsOfBase["scripts"]): string[] {
  const words = command.split(/[\s'"&|;()]+/);
  const names = words
    .map((word) => (/^(t|tst)$/.test(word) ? "test" : word))
    .filter((word) => Object.hasOwn(scripts, word));
  return names.flatMap((name) => [`pre${name}`, name, `post${name}`]).filter((name) => Object.hasOwn(scripts, name));
}

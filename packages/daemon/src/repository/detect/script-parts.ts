/** Takes package.json's test script apart less strictly than the checks do: what it finds is proposed and tried, and counts only if it is green. Pure. */

export interface ScriptParts {
  /** The simple commands, without variables, wrappers for coverage and names of scripts, in order and without repetition. */
  readonly commands: readonly string[];
  /** True if more than a name of a script was taken away. */
  readonly isTakenApart: boolean;
}

const commandsMax = 40;
/** Scripts that are followed, and names that a pattern is compared with: far more than people write. */
const visitedMax = 200;
const namesMax = 1000;
const scriptLengthMax = 2000;
/** Programs that run another one, with their options. */
const wrapper =
  /^(?:npx\s+)?(?:\S*\/)?(?:nyc|c8|dotenv(?:-cli)?|cross-env-shell)\s+(?:--?[\w.-]+(?:=(?:'[^']*'|"[^"]*"|\S+))?\s+)*(?:--\s+)?/u;
const variables = /^(?:cross-env\s+)?(?:[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|\S*)\s+)*/u;
const call =
  /^(?:npm|pnpm|yarn|bun)\s+(?:(?:-s|--silent)\s+)*(run(?:-script)?\s+)?(?:(?:-s|--silent)\s+)*["']?(\/[^\s"']+\/|[\w:.*-]+)["']?(?=\s|$)/u;
const several = /^(?:npm-run-all|run-s|run-p)\s+(.*)$/u;

/** Variables of a command would replace the NODE_OPTIONS that ask for a report, so they are given to node itself, with the runner's own file. */
const runnerFiles: readonly (readonly [runner: RegExp, file: string])[] = [
  [/^(?:npx\s+|\S*\/)?jest(?=\s|$)/u, "node_modules/jest/bin/jest.js"],
  [/^(?:npx\s+|\S*\/)?vitest(?=\s|$)/u, "node_modules/vitest/vitest.mjs"],
  [/^(?:npx\s+|\S*\/)?mocha(?=\s|$)/u, "node_modules/mocha/bin/mocha.js"],
];
/** tsx is node with a loader, which can be given to node itself. */
const tsxTest = /^(?:npx\s+)?tsx\s+(?=--test(?:\s|$))/u;
const nodeOptions = /(?:^|\s)NODE_OPTIONS=(?:'([^']*)'|"([^"]*)"|(\S*))/u;
const plainOptions = /^(?:--[\w-]+(?:=[\w./-]+)?(?:\s+|$))+$/u;

function withNodeOptions(command: string, set: string): string {
  const [, quoted, double, bare] = nodeOptions.exec(set) ?? [];
  const options = (quoted ?? double ?? bare ?? "").trim();
  const [runner, file] = runnerFiles.find(([pattern]) => pattern.test(command)) ?? [];
  if (runner === undefined || !plainOptions.test(options)) return command;
  return command.replace(runner, () => `node ${options} ${file}`);
}

export function scriptParts(scripts: ReadonlyMap<string, string>): ScriptParts {
  const commands = new Set<string>();
  const visited = new Set<string>();
  let isTakenApart = false;
  const visit = (name: string) => {
    const script = scripts.get(name);
    if (script === undefined || visited.has(name) || visited.size === visitedMax || script.length > scriptLengthMax)
      return;
    visited.add(name);
    const parts = script.split(/&&|;|\|\|/u).map((part) => part.trim());
    if (parts.length > 1) isTakenApart = true;
    for (const part of parts) {
      if (commands.size >= commandsMax) return;
      const bare = part.replace(variables, "");
      const plain = bare.replace(wrapper, "").replace(variables, "");
      const set = part.slice(0, part.length - plain.length);
      const inner = withNodeOptions(plain.replace(tsxTest, "node --import tsx "), set);
      if (inner !== bare) isTakenApart = true;
      const names = calledScripts(inner, scripts);
      if (names === null) commands.add(inner);
      else for (const called of names) visit(called);
      if (names !== null && names.length > 1) isTakenApart = true;
    }
  };
  visit("test");
  return { commands: [...commands].filter((command) => command !== ""), isTakenApart };
}

/** The scripts that a command runs; null if it is no call of a script. */
function calledScripts(command: string, scripts: ReadonlyMap<string, string>): string[] | null {
  const list = several
    .exec(command)?.[1]
    ?.split(/\s+/u)
    .filter((name) => !name.startsWith("-"));
  // Bun's own runner, whatever the script `test` is.
  if (/^bun\s+test(?:\s|$)/u.test(command)) return null;
  if (list !== undefined) return list.flatMap((name) => namedBy(name, scripts));
  const [, run, name = ""] = call.exec(command) ?? [];
  if (name === "t") return ["test"];
  const names = namedBy(name, scripts);
  return names.length > 0 || run !== undefined ? names : null;
}

/** `test:*` and pnpm's `/^test:/` or `/^test:.*\/` name several; a pattern of the repository is only compared, never run. */
function namedBy(name: string, scripts: ReadonlyMap<string, string>): string[] {
  const start = /^\/\^?([\w:-]+)(?:\.[*+]\$?)?\/$/u.exec(name)?.[1] ?? /^([\w:-]*:)\*{1,2}$/u.exec(name)?.[1];
  if (start !== undefined)
    return [...scripts.keys()].slice(0, namesMax).filter((other) => other !== "test" && other.startsWith(start));
  return scripts.has(name) ? [name] : [];
}

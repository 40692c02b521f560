/** Takes package.json's test script apart less strictly than the checks do: its parts are proposed and tried, and count only if they are green. Pure. */

const commandsMax = 40;
/** How many scripts are followed, and how many names a pattern is compared with: far more than people write. */
const visitedMax = 200;
const namesMax = 1000;
const scriptLengthMax = 2000;
/** Options of such programs whose value is the next part. */
const pair = String.raw`(?:-[rnxeoi]|--(?:reporter|include|exclude|extension|reports?-dir|temp-dir(?:ectory)?|src|cwd|lines|functions|branches|statements|require))\s+(?:'[^']*'|"[^"]*"|[^\s-]\S*)`;
/** Programs that run another one, with their options. */
const wrapper = new RegExp(
  String.raw`^(?:npx\s+)?(?:\S*/)?(?:nyc|c8|dotenv(?:-cli)?|cross-env-shell)\s+(?:(?:${pair}|--?[\w.-]+(?:=(?:'[^']*'|"[^"]*"|\S+))?)\s+)*(?:--\s+)?`,
  "u",
);
const variables = /^(?:(?:npx\s+)?cross-env\s+)?(?:[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|\S*)\s+)*/u;
const variable = /(?<=^|\s)([A-Za-z_]\w*)=(?:'([^']*)'|"([^"]*)"|(\S*))(?=\s|$)/gu;
/** Values that a shell leaves unchanged. */
const plainValue = /^[\w./:,@%+-]{0,200}$/u;
/** Variables to drop: Node's options go to node itself; the others choose only how output looks, or write coverage. */
const unneeded = /^(?:NODE_OPTIONS|NODE_V8_COVERAGE|FORCE_COLOR|NO_COLOR|CLICOLOR|CI|PATH)$/u;
/** Programs that turn TAP into text for people, and so hide it. */
const tapPrinter = /\s*\|\s*(?:npx\s+)?(?:\S*\/)?(?:tap-[\w-]+|tap|faucet|tnyan|colortape|tapito)(?:\s[^|]*)?$/u;
const call =
  /^(?:npm|pnpm|yarn|bun)\s+(?:(?:-s|--silent)\s+)*(run(?:-script)?\s+)?(?:(?:-s|--silent)\s+)*["']?(\/[^\s"']+\/|[\w:.*-]+)["']?(?=\s|$)/u;
const several = /^(?:npm-run-all|run-s|run-p)\s+(.*)$/u;

/** A command's own variables would replace the NODE_OPTIONS that ask for a report, so they go to node itself, with the runner's file. */
const runnerFiles: readonly (readonly [runner: RegExp, file: string])[] = [
  [/^(?:npx\s+|\S*\/)?jest(?=\s|$)/u, "node_modules/jest/bin/jest.js"],
  [/^(?:npx\s+|\S*\/)?vitest(?=\s|$)/u, "node_modules/vitest/vitest.mjs"],
  [/^(?:npx\s+|\S*\/)?mocha(?=\s|$)/u, "node_modules/mocha/bin/mocha.js"],
];
/** tsx is node with a loader, which node can be given itself. */
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

/** Adds what nyc loads into each process, if the runner has an option for that. */
function withRequired(command: string, set: string): string {
  const names = [...set.matchAll(/\s(?:-i|--require)[\s=]([\w@./-]+)(?=\s)/gu)].map(([, name = ""]) => name);
  if (names.length === 0 || !/(?:^|\s)(?:\S*\/)?nyc\s/u.test(set)) return command;
  const given = names.map((name) => ` --require ${name}`).join("");
  return command.replace(/^((?:npx\s+|\S*\/)?_?mocha)(?=\s|$)/u, (_whole, mocha: string) => `${mocha}${given}`);
}

/** The simple commands of the scripts in order, each once, with plain variables, without coverage wrappers and TAP printers; script names are replaced. */
export function scriptParts(scripts: ReadonlyMap<string, string>): string[] {
  const commands = new Set<string>();
  const visited = new Set<string>();
  const visit = (name: string, outer: string) => {
    const script = scripts.get(name);
    if (script === undefined || visited.has(name) || visited.size === visitedMax || script.length > scriptLengthMax)
      return;
    visited.add(name);
    const parts = script.split(/&&|;|\|\|/u).map((part) => part.trim());
    for (const part of parts) {
      if (commands.size >= commandsMax) return;
      const bare = part.replace(tapPrinter, "");
      const plain = bare.replace(variables, "").replace(wrapper, "").replace(variables, "");
      const set = bare.slice(0, bare.length - plain.length);
      const inner = withNodeOptions(withRequired(plain.replace(tsxTest, "node --import tsx "), set), set);
      const kept = `${outer}${plainVariables(set)}`;
      const names = calledScripts(inner, scripts);
      if (names === null) commands.add(inner === "" ? "" : `${kept}${inner}`);
      else for (const called of names) visit(called, kept);
    }
  };
  visit("test", "");
  return [...commands].filter((command) => command !== "");
}

/** What sets a command's variables in front of it; only plain ones are kept. */
function plainVariables(set: string): string {
  return [...set.matchAll(variable)]
    .map(([, name = "", quoted, double, bare]) => ({ name, value: quoted ?? double ?? bare ?? "" }))
    .filter(({ name, value }) => plainValue.test(value) && !unneeded.test(name))
    .map(({ name, value }) => `${name}=${value} `)
    .join("");
}

/** The scripts that a command runs; null if it runs none. */
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

/** `test:*`, and pnpm's `/^test:/` or `/^test:.*\/`, name several scripts. A repository's pattern is only compared, never run. */
function namedBy(name: string, scripts: ReadonlyMap<string, string>): string[] {
  const start = /^\/\^?([\w:-]+)(?:\.[*+]\$?)?\/$/u.exec(name)?.[1] ?? /^([\w:-]*:)\*{1,2}$/u.exec(name)?.[1];
  if (start !== undefined)
    return [...scripts.keys()].slice(0, namesMax).filter((other) => other !== "test" && other.startsWith(start));
  return scripts.has(name) ? [name] : [];
}

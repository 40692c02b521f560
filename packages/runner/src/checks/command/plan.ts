/**
 * Finds the test runner behind a verify command, following the scripts of package.json on the base, and how to make it write a report. A command gives only an
 * exit code if its runner is unknown, if two runners would write the same report, or if it changes the folder anywhere but at its start. Pure.
 *
 * Folder: which test runner a command runs, and how to make it report.
 */
import { changesFolder, folderOfCommand } from "@aedev/host/command-files";
import { simpleCommands } from "@aedev/host/program-pattern";
import { isNamedLike, pytestNames } from "@aedev/host/python-test-names";
import { passingFilter } from "./name-filter.ts";
import type { Runner } from "./runner.ts";
import { junitRunner, runnerOfCommand, runners, withJunitFile } from "./runners.ts";
import { selectionOf } from "./selection.ts";

export interface CommandPlan {
  /** As the repository's settings have it. */
  command: string;
  runner: Runner | null;
  /** The command for the container's shell. `program`: where the plan's program is. */
  shell(reportFile: string, program: string): string;
  /** The text of the program that the command runs; null if it runs none of ours. */
  program(reportFile: string): string | null;
  environment(reportFile: string): Record<string, string>;
  /** Folders of the checkout that the command's tools write to. */
  scratch: readonly string[];
  /** False only if the command surely does not run this test file of the checkout. */
  selects(path: string): boolean;
  /** The folder of the checkout in which the command runs; "" is the checkout itself. */
  folder: string;
  /** True if pytest can be given a plugin, by the variables PYTHONPATH and PYTEST_ADDOPTS. */
  takesPlugin: boolean;
}

/** The base's files as seen from the command's folder: the scripts of its package.json, and a reader for single files. */
export interface CheckedFiles {
  scripts: Readonly<Record<string, string>>;
  read(path: string): string | null;
}

const scriptDepthMax = 5;

interface Leaf {
  text: string;
  /** How an argument appended to the whole command reaches this simple command; null if it does not. */
  pass: "direct" | "npm" | null;
}

export function planCommand(command: string, base: CheckedFiles): CommandPlan {
  const leaves = leavesOf(command, base, scriptDepthMax);
  const folder = folderOfCommand(command);
  const scratch = scratchFolders([command, ...(leaves ?? []).map(({ text }) => text)].join("\n")).flatMap((path) =>
    folder === "" ? [path] : [path, `${folder}/${path}`],
  );
  const plain: CommandPlan = {
    command,
    runner: null,
    shell: () => command,
    program: () => null,
    environment: () => ({}),
    scratch,
    selects: () => true,
    folder,
    takesPlugin: false,
  };
  if (junitRunner.runs(command)) {
    const shell = (file: string) => withJunitFile(command, file);
    return { ...plain, runner: junitRunner, shell };
  }
  // Behind `cd`, neither the scripts nor the runner's files are known.
  const inFolder = leaves?.slice(folder === "" ? 0 : 1) ?? [];
  if (inFolder.some(({ text }) => changesFolder(text))) return plain;
  const found = inFolder.flatMap((leaf) => {
    const runner = runnerOf(leaf.text, base);
    return runner === null ? [] : [{ leaf, runner }];
  });
  const only = found.length === 1 ? found[0] : undefined;
  const extra = only?.runner.arguments("/x", only.leaf.text) ?? "";
  if (only === undefined || (extra !== "" && only.leaf.pass === null)) return plain;
  const { leaf } = only;
  const runner = passingFilter(
    asConfigured(only.runner, base, leaf.text),
    command.includes(leaf.text) ? leaf.text : `${leaf.text} ${command}`,
  );
  const own = runner.program;
  // The text of a script in package.json can't be changed.
  if (own !== undefined && !command.includes(leaf.text)) return plain;
  const setsPath = pythonPath.test(leaf.text);
  const isPlugged =
    runner.name === "pytest" &&
    (setsPath ? command.includes(leaf.text) : !leaf.text.includes("PYTHONPATH=")) &&
    !/\bpython[\d.]*\s+-\w*[EI]/u.test(leaf.text);
  const runs = (program: string) => {
    if (own !== undefined)
      return command.replace(leaf.text, (text) => withoutVariables(text, (rest) => own.runs(rest, program)));
    return isPlugged && setsPath ? command.replace(leaf.text, keepsPythonPath) : command;
  };
  // A call of a script can pass more arguments after `--`, which the script's text lacks.
  const selected = command.endsWith(leaf.text) || leaf.pass === "npm" ? selectionOf(runner, leaf.text) : () => true;
  const within = folder === "" ? "" : `${folder}/`;
  return {
    ...plain,
    runner,
    selects: (path) => !path.startsWith(within) || selected(path.slice(within.length)),
    shell: (file, program) =>
      `${runs(program)}${extra === "" ? "" : leaf.pass === "npm" ? " --" : ""}${runner.arguments(file, leaf.text)}`,
    program: (file) => own?.source(file) ?? null,
    environment: (file) => runner.environment(file),
    takesPlugin: isPlugged,
  };
}

/** pytest finds tests in the files that its settings or the command name, whatever they are called. */
function asConfigured(runner: Runner, base: CheckedFiles, text: string): Runner {
  if (runner.name !== "pytest") return runner;
  const names = pytestNames((path) => base.read(path));
  const given = text.split(/\s+/u).flatMap((word) => /^(?:\.\/)?([\w./-]+\.py)(?:::\S+)?$/u.exec(word)?.[1] ?? []);
  const isGiven = (path: string) => given.some((file) => path === file || path.endsWith(`/${file}`));
  return { ...runner, isTestFile: (path) => isNamedLike(path, names) || isGiven(path) };
}

/** The simple commands that a command expands to, in order; null if it is more than simple commands joined by `&&`. */
function leavesOf(command: string, base: CheckedFiles, depth: number): Leaf[] | null {
  if (depth === 0) return null;
  const parts = simpleCommands(command);
  if (parts === null) return null;
  const leaves: Leaf[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const name = scriptNameOf(part);
    if (name === null) {
      leaves.push({ text: part, pass: isLast ? "direct" : null });
      continue;
    }
    const text = base.scripts[name.script];
    if (text === undefined || name.isElsewhere) return null;
    const before = base.scripts[`pre${name.script}`];
    const after = base.scripts[`post${name.script}`];
    for (const inner of [before, text, after]) {
      if (inner === undefined) continue;
      const below = leavesOf(inner, base, depth - 1);
      if (below === null) return null;
      const reaches = isLast && inner === text && after === undefined && name.tool === "npm" && !name.hasArguments;
      leaves.push(
        ...below.map((leaf) => ({ ...leaf, pass: reaches && leaf.pass === "direct" ? ("npm" as const) : null })),
      );
    }
  }
  return leaves;
}

/** `npm test`, `npm run x`, `yarn x`, `pnpm test` and the like, with or without `-- arguments`. */
function scriptNameOf(
  command: string,
): { tool: string; script: string; hasArguments: boolean; isElsewhere: boolean } | null {
  const found =
    /^(npm|pnpm|yarn)((?:\s+(?:-s|--silent))*)\s+(run(?:-script)?\s+)?(?:(?:-s|--silent)\s+)*([\w:.-]+)(\s+.*)?$/u.exec(
      command,
    );
  if (found === null) return null;
  const [, tool = "", , run, word = "", rest] = found;
  const script = run === undefined && /^(t|tst)$/.test(word) ? "test" : word;
  // Without `run`, npm runs scripts only for a few names, and pnpm and yarn have subcommands such as `exec`.
  if (run === undefined && tool === "npm" && script !== "test" && script !== "start") return null;
  if (run === undefined && ["exec", "dlx", "node", "tape", "mocha", "vitest"].includes(script)) return null;
  const isElsewhere = elsewhere.test((rest ?? "").replace(/\s--\s.*$/su, ""));
  return { tool, script, hasArguments: rest !== undefined, isElsewhere };
}

/** Options that make the tool run the script in another package, or in several. */
const elsewhere =
  /\s(?:-w|-ws|-r|-C|-F|--workspaces?|--prefix|--recursive|--filter\S*|--dir|--cwd|--top-level)(?:[=\s]|$)/u;

/** Variables that a simple command sets before its program. */
const variables = /^((?:cross-env\s+)?[A-Za-z_]\w*=\S*\s+)+/u;

function withoutVariables(text: string, change: (command: string) => string): string {
  const set = variables.exec(text)?.[0] ?? "";
  return `${set}${change(text.slice(set.length))}`;
}

/** The last assignment of PYTHONPATH before a program, which the shell uses. An empty value is left alone: after another path it would add the working folder. */
const pythonPath = /^((?:[A-Za-z_]\w*=\S*\s+)*PYTHONPATH=)(?=\S)/u;

/** Puts the command's own PYTHONPATH behind the environment's, which has the plugin. */
function keepsPythonPath(text: string): string {
  return text.replace(pythonPath, (before) => `${before}"\${PYTHONPATH:+$PYTHONPATH:}"`);
}

function runnerOf(leaf: string, base: CheckedFiles): Runner | null {
  // A variable set in the command would override ours.
  if (/(^|\s)(NODE_OPTIONS|PYTEST_ADDOPTS)=/u.test(leaf)) return null;
  const text = leaf.replace(variables, "");
  if (runners.some((runner) => runner.runs(text))) return runnerOfCommand(text);
  // `node test/all.js`: the file's imports show its runner.
  const file = /^node\s+(?:\.\/)?([^\s'"*-][^\s'"*]*)$/u.exec(text)?.[1];
  const content = file === undefined ? null : base.read(file);
  if (file === undefined || content === null) return null;
  return runners.find((runner) => runner.isNamedIn?.(file, content) === true) ?? null;
}

/** Folders by a pattern of the commands that use them, from each tool's documentation of its default cache and output folders. */
const toolFolders: readonly { command: RegExp; folders: readonly string[] }[] = [
  { command: /\b(?:nyc|c8|istanbul)\b/u, folders: ["coverage", ".nyc_output"] },
  { command: /--coverage\b/u, folders: ["coverage"] },
  { command: /\b(?:py\.test|pytest|tox|nox)\b/u, folders: [".pytest_cache"] },
  { command: /\b(?:hypothesis|pytest)\b/u, folders: [".hypothesis"] },
  { command: /\bmypy\b/u, folders: [".mypy_cache"] },
  { command: /\bruff\b/u, folders: [".ruff_cache"] },
  { command: /\bvitest\b/u, folders: ["node_modules/.vite", "node_modules/.vite-temp", "node_modules/.vitest"] },
  { command: /\b(?:ava|babel|eslint|prettier|nyc|jest|xo|c8)\b/u, folders: ["node_modules/.cache"] },
  { command: /\bcargo\b/u, folders: ["target"] },
  { command: /\btap\b/u, folders: [".tap"] },
];

/** The scratch folders of a command; `text` is the command with the scripts that it runs, one per line. */
function scratchFolders(text: string): string[] {
  return [...new Set(toolFolders.filter(({ command }) => command.test(text)).flatMap(({ folders }) => folders))];
}

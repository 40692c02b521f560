/**
 * Finds the base's files that decide how its build works: the scripts that the build command runs, their relative imports, and the configurations that
 * it names (SECURITY T9). A change must not build itself by its own rules. Pure, except for the reading functions that it gets.
 */
import { posix } from "node:path";
import { folderOfCommand, scriptsNamed } from "./command-files.ts";

export interface BuildOfBase {
  readonly build: string | null;
  /** The scripts of the base's package.json in this folder, by name; "" is the top. */
  readonly scriptsIn: (folder: string) => Readonly<Record<string, string>>;
  readonly has: (path: string) => boolean;
  /** The base's text of a file; null if it is not text or does not exist. */
  readonly read: (path: string) => Promise<string | null>;
}

const filesMax = 500;
const textCharactersMax = 1024 * 1024;
/** Words before the program: variables, and programs that start the next one. */
const prefix = /^(?:\w+=.*|env|cross-env|command|exec|time|npx|bunx|yarn|pnpm|dotenv|--|-y|--yes)$/u;
const interpreter =
  /^(?:\S*\/)?(?:node|nodejs|tsx|ts-node|bun|deno|python[\d.]*|pypy\d?|sh|bash|dash|zsh|ksh|ruby|perl|php|lua|pwsh)$/u;
/** Subcommands of an interpreter that a script follows. */
const interpreterVerb = /^(?:run|exec)$/u;
/** Options with a value that is not the script. */
const valueOption = /^(?:-r|--require|--import|--loader|--experimental-loader|-W|-X|--tsconfig|-P|--project|-O)$/u;
/** Options whose value is code or a module, so that no script follows. */
const codeOption = /^(?:-c|-m|-e|-p|--eval|--print)$/u;
const configuration =
  /^(?:-c|-p|-r|--config|--config-file|--configFile|--project|--tsconfig|--require|--import|--loader|--plugin|--preset|--rcfile)$/u;
const makefile = /^(?:-f|--file|--makefile)$/u;
const endings = ["", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".json", ".sh", ".py", "/index.js", "/index.ts"];

/** The paths of these files, sorted; at most 500. */
export async function buildFiles({ build, scriptsIn, has, read }: BuildOfBase): Promise<string[]> {
  if (build === null) return [];
  const folder = folderOfCommand(build);
  const find = (from: string, name: string) =>
    endings.map((ending) => posix.join(from, name + ending)).find((path) => has(path));
  const found = new Set(namedBy([build], { scripts: scriptsIn(folder), find: (name) => find(folder, name) }));
  const folders = new Set([...found].map((path) => posix.dirname(path)));
  // Iterating over a set also visits entries that the loop adds.
  for (const path of found) {
    if (found.size >= filesMax) break;
    const text = (await read(path))?.slice(0, textCharactersMax);
    if (text === undefined) continue;
    const isShell = isShellScript(path, text);
    const inside = isShell
      ? namedBy(text.split("\n"), { scripts: scriptsIn(folder), find: (name) => find(folder, name) })
      : importsIn(path, text)
          .flatMap((name) => find("", name) ?? [])
          .filter((other) => [...folders].some((beside) => isBelow(other, beside)));
    for (const other of inside) {
      found.add(other);
      if (isShell) folders.add(posix.dirname(other));
    }
  }
  return [...found].slice(0, filesMax).sort();
}

/** Whether the path is below the folder. At the top only neighbours count, because the code to build is below. */
function isBelow(path: string, folder: string): boolean {
  return folder === "." ? !path.includes("/") : path.startsWith(`${folder}/`);
}

/** Files that simple commands run or name as their configuration, including those of every package.json script that they may start. */
function namedBy(
  commands: readonly string[],
  { scripts, find }: { scripts: Readonly<Record<string, string>>; find: (name: string) => string | undefined },
): string[] {
  const reached = new Set(commands);
  const found = new Set<string>();
  for (const command of reached) {
    for (const name of scriptsNamed(command, scripts)) reached.add(scripts[name] ?? "");
    for (const part of command.split(/&&|\|\||[;|\n]/u)) {
      for (const name of filesOfPart(argumentsIn(part))) {
        const path = find(name);
        if (path !== undefined) found.add(path);
      }
    }
  }
  return [...found];
}

function argumentsIn(part: string): string[] {
  return [...part.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/gu)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

function filesOfPart(args: readonly string[]): string[] {
  const start = args.findIndex((argument) => !prefix.test(argument));
  const [program, ...rest] = start < 0 ? [] : args.slice(start);
  if (program === undefined) return [];
  const named = valuesOf(rest, /^(?:\S*\/)?g?make$/u.test(program) ? makefile : configuration);
  // A program with a slash may be a file of the repository.
  const own = program.includes("/") ? [program] : [];
  const script = interpreter.test(program) ? scriptOf(rest) : undefined;
  return [...named, ...own, ...(script === undefined ? [] : [script])].map((name) => name.replace(/^\.\//u, ""));
}

function valuesOf(args: readonly string[], option: RegExp): string[] {
  return args.flatMap((argument, index) => {
    const [name = "", ...value] = argument.split("=");
    if (!option.test(name)) return [];
    return value.length > 0 ? [value.join("=")] : [args[index + 1] ?? ""];
  });
}

/** The first argument that is neither an option nor the value of one. */
function scriptOf(args: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? "";
    if (codeOption.test(argument)) return undefined;
    if (valueOption.test(argument)) index += 1;
    else if (!argument.startsWith("-") && !(index === 0 && interpreterVerb.test(argument))) return argument;
  }
  return undefined;
}

function isShellScript(path: string, text: string): boolean {
  return /\.(?:sh|bash|zsh)$/u.test(path) || /^#!.*\b(?:sh|bash|dash|zsh|ksh)\b/u.test(text);
}

/** Paths, without their extension, that a script imports by a relative name. */
function importsIn(path: string, text: string): string[] {
  const folder = posix.dirname(path);
  if (/\.pyi?$/u.test(path))
    return [
      ...text.matchAll(/^[ \t]{0,80}(?:from[ \t]{1,80}([\w.]+)[ \t]{1,80}import\b|import[ \t]+([\w., ]+))/gmu),
    ].flatMap(([, from, modules]) =>
      (from ?? modules ?? "")
        .split(",")
        .map((name) => name.trim().split(/\s/u)[0] ?? "")
        .filter((name) => name !== "" && name !== ".")
        .map((name) => posix.join(folder, name.replace(/^\.+/u, "").replaceAll(".", "/"))),
    );
  return [...text.matchAll(/\b(?:from|import|require)\s{0,80}\(?\s{0,80}["'`](\.{1,2}\/[^"'`\n]{1,400})["'`]/gu)].map(
    ([, name]) => posix.join(folder, name ?? ""),
  );
}

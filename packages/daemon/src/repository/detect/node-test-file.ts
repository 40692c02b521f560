/** Turns `node test/all.js` into a call of the runner that the tests import, which gives results of single tests and takes options. Pure. */
import type { DetectionFiles } from "./finding.ts";
import { fileText } from "./finding.ts";
import { testFiles } from "./test-globs.ts";

const call = /^((?:[A-Za-z_]\w*=\S*\s+)*)node\s+(.*)$/su;
/** Options of node whose value is the next part. */
const withValue = /^(?:-r|-C|--(?:require|import|loader|experimental-loader|conditions|env-file))$/u;
const option = /^-[\w-]+(?:=[\w@./:-]+)?$/u;
const value = /^[\w@./:-]+$/u;

/** borp is node's own runner, plus finding files by name and options for coverage and time. */
const borp =
  /^((?:[A-Za-z_]\w*=\S*\s+)*)(?:npx\s+)?borp((?:\s+-{1,2}\w[\w-]*(?:[= ](?:\d+|'[^']*'|"[^"]*"))?)*)((?:\s+(?:'[\w@./*-]+'|"[\w@./*-]+"|[\w@./*-]+))*)\s*$/u;
const globsMax = 6;

/** Returns any other command unchanged. */
export function asRunnerCall(base: DetectionFiles, command: string): string {
  const [isBorp, before = "", , named = ""] = borp.exec(command) ?? [];
  if (isBorp !== undefined) {
    const files = named.trim() === "" ? namedTests(base.paths) : named.trim();
    return files === "" ? command : `${before}node --test ${files}`;
  }
  const [, set = "", rest = ""] = call.exec(command) ?? [];
  const parts = rest.split(/\s+/u).filter((part) => part !== "");
  const options: string[] = [];
  while (parts[0]?.startsWith("-")) {
    const [name = "", next = ""] = parts;
    if (!option.test(name) || name.startsWith("--test")) return command;
    const isPair = withValue.test(name);
    if (isPair && !value.test(next)) return command;
    options.push(isPair ? (name.startsWith("--") ? `${name}=${next}` : `${name} ${next}`) : name);
    parts.splice(0, isPair ? 2 : 1);
  }
  const tests = testFiles(base.paths, "node");
  const files = parts.map((part) => fileOf(part, base.paths));
  if (files.length === 0 || !files.every((file) => file !== null && tests.includes(file))) return command;
  const runner = runnerOf(base, [...files.filter((file) => file !== null), ...tests]);
  const given = options.map((one) => `${one} `).join("");
  if (runner === "node:test") return `${set}node ${given}--test ${files.join(" ")}`;
  if (runner !== "tape") return command;
  return given === ""
    ? `${set}npx tape ${files.join(" ")}`
    : `${set}node ${given}node_modules/tape/bin/tape ${files.join(" ")}`;
}

/** Patterns for files whose names mark them as tests. */
function namedTests(paths: readonly string[]): string {
  const globs = testFiles(paths, "node").flatMap((path) => {
    const [, top, end] = /^([\w@.-]+)\/.*(\.test\.[cm]?[jt]s)$/u.exec(path) ?? [];
    return top !== undefined ? [`'${top}/**/*${end}'`] : /^[\w@.-]+\.test\.[cm]?[jt]s$/u.test(path) ? [path] : [];
  });
  return [...new Set(globs)].slice(0, globsMax).join(" ");
}

/** The file that node loads for this name. */
function fileOf(part: string, paths: readonly string[]): string | null {
  const name = part.replace(/^\.\//u, "").replace(/\/$/u, "");
  return (
    ["", ".js", ".mjs", ".cjs", "/index.js"].map((end) => `${name}${end}`).find((path) => paths.includes(path)) ?? null
  );
}

/** The runner that the first of these files with a known import uses. */
function runnerOf(base: DetectionFiles, files: readonly string[]): string | undefined {
  for (const file of files) {
    const module = /(?:\bfrom\s+|\bimport\s+|\b(?:require|import)\s*\(\s*)["'](node:test|tape)["']/u.exec(
      fileText(base, file) ?? "",
    )?.[1];
    if (module !== undefined) return module;
  }
  return undefined;
}

/** The languages whose functions are called again: which test commands are theirs, and the programs that run inside. Holds no state. */
import { readFileSync } from "node:fs";
import { languageOf } from "@aedev/languages";
import type { CommandPlan } from "../command/plan.ts";

const textAt = (url: URL) => readFileSync(url, "utf8").trim();
const expressionAt = (url: URL) => textAt(url).replace(/;$/u, "");

/** Plain data as text and back: an expression of JavaScript. */
export const plainValues = `(${expressionAt(new URL("./inside/plain-values.cjs", import.meta.url))})(${expressionAt(new URL("./inside/private-names.cjs", import.meta.url))})`;
/** What makes Node load code as a test runner does: an expression of JavaScript. */
export const loadScripts = expressionAt(new URL("./inside/load-scripts.cjs", import.meta.url));
const recorder = expressionAt(new URL("./inside/recorder.cjs", import.meta.url));
const pythonValues = textAt(new URL("./inside/plain-values.py", import.meta.url));
const pythonRecorder = `${pythonValues}\n\n\n${textAt(new URL("./inside/recorder.py", import.meta.url))}\n`;

export const replayLanguages = ["javascript", "python", "go"] as const;
export type ReplayLanguage = (typeof replayLanguages)[number];

interface About {
  /** Whether a test command may load its files. */
  isRunBy(plan: CommandPlan): boolean;
  /** The program that calls again; null if it is built together with the code under test. */
  callAgain: string | null;
  /** The program that starts it. */
  startRuns: string;
  extension: string;
}

const pythonRunners: ReadonlySet<string> = new Set(["pytest", "unittest", "junit"]);

export const aboutLanguage: Readonly<Record<ReplayLanguage, About>> = {
  javascript: {
    isRunBy: ({ runner }) => runner?.isNode === true,
    callAgain: textAt(new URL("./inside/call-again.cjs", import.meta.url)),
    startRuns: textAt(new URL("./inside/runs.cjs", import.meta.url)),
    extension: "cjs",
  },
  python: {
    isRunBy: ({ runner }) => pythonRunners.has(runner?.name ?? ""),
    callAgain: `${pythonValues}\n\n\n${textAt(new URL("./inside/call-again.py", import.meta.url))}\n`,
    startRuns: textAt(new URL("./inside/runs.py", import.meta.url)),
    extension: "py",
  },
  go: {
    isRunBy: ({ runner }) => runner?.name === "go",
    callAgain: null,
    startRuns: textAt(new URL("./inside/runs.go", import.meta.url)),
    extension: "go",
  },
};

export function replayLanguageOf(path: string): ReplayLanguage | null {
  const language = languageOf(path);
  return language?.isReplayed?.(path) === true
    ? (replayLanguages.find((name) => name === language.name) ?? null)
    : null;
}

/**
 * The recorder of one file's functions, as `instrument` wants it. `target`: the file that it writes to; `root`: the folder of the repository while the tests run;
 * `variables`: of the environment, whose change by the tests is told. An indirect `eval` reads its text where the file's own names, such as a class `Map`, mean nothing.
 */
export function javascriptRecorder(
  target: string,
  { path, root, variables }: { path: string; root: string; variables: readonly string[] },
): string {
  const own = JSON.stringify(`(...given) => (${recorder})(${plainValues}, ...given)`);
  const load = "typeof require === 'function' ? require : undefined";
  return `(0, eval)(${own})(${JSON.stringify(target)}, ${JSON.stringify({ path, root, variables })}, exported, ${load})`;
}

/** The text of a Python file that records the calls of its functions: the recorder finds them itself when the file is loaded, so nothing is parsed. */
export function instrumentPython(text: string, path: string, target: string): string {
  // The module may have functions of the same names.
  const own = (name: string) => `__import__("builtins").${name}`;
  const names = `{"MODULE": ${own("globals")}(), "TARGET": ${asciiJson(target)}, "PATH": ${asciiJson(path)}}`;
  return `${text}\n\n${own("exec")}(${own("compile")}(${asciiJson(pythonRecorder)}, "<string>", "exec"), ${names})\n`;
}

/** Text that means the same in a file of any encoding. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Chooses where `unittest discover` starts, and tells which test files it misses. Pure. */
import { escapedText } from "./finding.ts";

const namedMax = 5;
const usual = { matches: /^test.*\.py$/u, text: "test*.py", option: "" };
const other = { matches: /_test\.py$/u, text: "*_test.py", option: " -p '*_test.py'" };
/** A name that Python can import. */
const importable = /^[a-z_]\w*\.py$/iu;

/**
 * `options`: by default it loads only `test*.py`, only from this folder and packages below it, and exits with 0 if it finds no test. A folder that is a package
 * stays one, for its relative imports.
 */
export function unittestDiscovery(
  paths: readonly string[],
  tests: readonly string[],
): { options: string; notes: readonly string[] } {
  const files = tests.filter((path) => path.endsWith(".py") && !/(?:^|\/)(?:__init__|conftest)\.py$/u.test(path));
  const isNamed = ({ matches }: typeof usual) => files.some((path) => matches.test(nameOf(path)));
  const pattern = isNamed(usual) || !isNamed(other) ? usual : other;
  const all = new Set(paths);
  const loaded = files
    .filter((path) => pattern.matches.test(nameOf(path)) && importable.test(nameOf(path)))
    .map((path) => ({ path, starts: startsOf(path, all) }));
  const counts = new Map<string, number>();
  for (const start of loaded.flatMap(({ starts }) => starts)) counts.set(start, (counts.get(start) ?? 0) + 1);
  const folders = [...counts.keys()].filter((folder) => /^tests?(?:\/[\w.-]+)*$/u.test(folder)).toSorted();
  const best = ["", ...folders].reduce((one, next) => ((counts.get(next) ?? 0) > (counts.get(one) ?? 0) ? next : one));
  const run = new Set(loaded.flatMap(({ path, starts }) => (starts.includes(best) ? [path] : [])));
  const left = files.filter(
    (path) => !run.has(path) && [usual, other].some(({ matches }) => matches.test(nameOf(path))),
  );
  return { options: `${best === "" ? "" : ` -s ${best}`}${pattern.option}`, notes: noteOf(left, best, pattern.text) };
}

/** Folders from which a file is loaded: its own, and those above while all in between are packages. */
function startsOf(path: string, all: ReadonlySet<string>): string[] {
  const starts = [folderOf(path)];
  for (let folder = folderOf(path); folder !== "" && all.has(`${folder}/__init__.py`); folder = folderOf(folder))
    starts.push(folderOf(folder));
  return starts;
}

function noteOf(left: readonly string[], folder: string, pattern: string): string[] {
  if (left.length === 0) return [];
  const more = left.length > namedMax ? ` and ${left.length - namedMax} more` : "";
  const where = folder === "" ? "the top" : folder;
  return [
    `not run: ${left.slice(0, namedMax).map(escapedText).join(", ")}${more}. unittest loads only files named ${pattern}, from ${where} and packages below it`,
  ];
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

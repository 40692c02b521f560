/** Tells whether a change of Cargo.toml or pyproject.toml leaves dependencies, their sources and the build untouched. Pure. */
import { isDeepStrictEqual } from "node:util";
import { parseToml } from "@aedev/host/parse-toml";

const below = (table: string, keys: string) => keys.split(" ").map((key) => `${table}.${key}`);

/**
 * Tables and keys, by file name, that only describe the project or configure tools which neither install, run, compile nor test anything. A dot separates a
 * table from its key.
 */
const describing: Readonly<Record<string, ReadonlySet<string>>> = {
  "Cargo.toml": new Set([
    ...below("package", "version description authors keywords categories license license-file readme"),
    ...below("package", "repository homepage documentation publish exclude include metadata"),
    ...["workspace.package.version", "badges", "lints"],
  ]),
  "pyproject.toml": new Set([
    ...below("project", "version description readme license license-files keywords classifiers"),
    ...below("project", "authors maintainers urls"),
    ...below("tool", "ruff black isort pyright basedpyright pydocstyle interrogate"),
    ...below("tool", "codespell typos towncrier vulture yapf docformatter"),
  ]),
};
/** Tables whose mere presence has a meaning. */
const meaningful: ReadonlySet<string> = new Set(["package", "project", "workspace"]);

/** False also for any other file, an added or removed file and an unreadable one. Test-settings.ts reads the test runner's settings. */
export function onlyDescribes(name: string, before: string | null, after: string | null): boolean {
  const keys = describing[name];
  if (keys === undefined || before === null || after === null) return false;
  const [old, young] = [parseToml(before), parseToml(after)];
  return isTable(old) && isTable(young) && isDeepStrictEqual(withoutKeys(old, keys), withoutKeys(young, keys));
}

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** A table without `keys`; an inner table without remaining keys counts as absent. `place`: the table's name, empty for the document. */
function withoutKeys(table: Table, keys: ReadonlySet<string>, place = ""): Map<string, unknown> {
  const kept = new Map<string, unknown>();
  for (const [key, value] of Object.entries(table)) {
    const path = place === "" ? key : `${place}.${key}`;
    if (key.includes(".") || !isTable(value)) {
      if (key.includes(".") || !keys.has(path)) kept.set(key, value);
      continue;
    }
    if (keys.has(path)) continue;
    const rest = withoutKeys(value, keys, path);
    const isGone = rest.size === 0 && Object.keys(value).length > 0 && !meaningful.has(path);
    if (!isGone) kept.set(key, rest);
  }
  return kept;
}

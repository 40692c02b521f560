/** Tells whether a change of Cargo.toml or pyproject.toml leaves alone what says which packages are used, where they come from and how the project is built. Pure. */
import { isDeepStrictEqual } from "node:util";
import { parseToml } from "@aedev/host/parse-toml";

/** By the file's name: tables and keys that only describe the project, or set up tools that install nothing. A dot stands between a table and its key; `*` */
const describing: Readonly<Record<string, readonly string[]>> = {
  "Cargo.toml": [
    ...["version", "description", "authors", "keywords", "categories", "license", "license-file", "readme"].map(
      (key) => `package.${key}`,
    ),
    ...["repository", "homepage", "documentation", "publish", "exclude", "include", "metadata"].map(
      (key) => `package.${key}`,
    ),
    ...["badges", "lints", "profile", "example"],
  ],
  "pyproject.toml": [
    ...["version", "description", "readme", "license", "license-files", "keywords", "classifiers"].map(
      (key) => `project.${key}`,
    ),
    ...["authors", "maintainers", "urls"].map((key) => `project.${key}`),
    ...[
      "ruff",
      "black",
      "isort",
      "mypy",
      "pyright",
      "basedpyright",
      "pylint",
      "flake8",
      "pydocstyle",
      "interrogate",
    ].map((key) => `tool.${key}`),
    ...["codespell", "typos", "towncrier", "bumpversion", "bumpver", "vulture", "refurb", "yapf", "docformatter"].map(
      (key) => `tool.${key}`,
    ),
    ...["coverage", "pytest"].map((key) => `tool.${key}`),
  ],
};

/** False also for any other file, one that was added or removed, and one that can't be read. How tests run is judged elsewhere. */
export function onlyDescribes(name: string, before: string | null, after: string | null): boolean {
  const keys = describing[name];
  if (keys === undefined || before === null || after === null) return false;
  const [old, young] = [parseToml(before), parseToml(after)];
  return isTable(old) && isTable(young) && isDeepStrictEqual(withoutKeys(old, keys), withoutKeys(young, keys));
}

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

function withoutKeys(document: Table, keys: readonly string[]): Map<string, unknown> {
  const kept = Object.entries(document).filter(([table]) => table.includes(".") || !keys.includes(table));
  return new Map(
    kept.map(([table, value]) => [
      table,
      isTable(value) ? new Map(Object.entries(value).filter(([key]) => !keys.includes(`${table}.${key}`))) : value,
    ]),
  );
}

/** Which Python files have tests, by the names in the runner's settings or, without settings, by its defaults. Pure. */
import { parseToml } from "./parse-toml.ts";

/** By default, pytest loads these. */
const pytestUsual = ["test_*.py", "*_test.py"];
/** By default, unittest and Django's runner load these. */
export const unittestUsual = ["test*.py"];
const settingsFiles = [
  ["pytest.ini", "pytest"],
  ["tox.ini", "pytest"],
  ["setup.cfg", "tool:pytest"],
] as const;
/** Files that can contain pytest's settings. */
export const pytestSettingsFiles: readonly string[] = ["pyproject.toml", ...settingsFiles.map(([path]) => path)];
const textMax = 100_000;
const namesMax = 20;
/** The patterns of pytest's `python_files`, read through `read`. */
export function pytestNames(read: (path: string) => string | null | undefined): readonly string[] {
  const own = iniNames(read) ?? manifestNames(read("pyproject.toml")) ?? pytestUsual;
  const simple = own.filter((name) => isSimple(name)).slice(0, namesMax);
  return simple.length === 0 ? pytestUsual : simple;
}

function iniNames(read: (path: string) => string | null | undefined): string[] | null {
  for (const [path, section] of settingsFiles) {
    const lines = (read(path) ?? "").slice(0, textMax).split("\n");
    const start = lines.findIndex((line) => line.trim() === `[${section}]`);
    if (start === -1) continue;
    const own = lines.slice(start + 1);
    const end = own.findIndex((line) => line.startsWith("["));
    const inSection = end === -1 ? own : own.slice(0, end);
    const first = inSection.findIndex((line) => /^python_files[ \t]*=/u.test(line));
    if (first === -1) continue;
    const rest = inSection.slice(first + 1);
    const after = rest.findIndex((line) => !/^[ \t]/u.test(line));
    const value = (inSection[first] ?? "").replace(/^[^=]*=/u, "");
    return [value, ...(after === -1 ? rest : rest.slice(0, after))].join(" ").split(/\s+/u).filter(Boolean);
  }
  return null;
}

function manifestNames(text: string | null | undefined): string[] | null {
  let value = parseToml((text ?? "").slice(0, textMax));
  for (const key of ["tool", "pytest", "ini_options", "python_files"])
    value =
      typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
  const all = typeof value === "string" ? value.split(/\s+/u) : Array.isArray(value) ? value : [];
  const found = all.filter((name): name is string => typeof name === "string" && name !== "");
  return found.length === 0 ? null : found;
}

/** Whether the name has few stars, so that it is matched in little time. */
function isSimple(name: string): boolean {
  return /^[\w.*-]{1,60}$/u.test(name) && name.split("*").length <= 3;
}

/** Whether the file's name matches one of these patterns. */
export function isNamedLike(path: string, patterns: readonly string[]): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.endsWith(".py") && patterns.some((pattern) => patternOf(pattern).test(name));
}

function patternOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(".", "[.]").replaceAll("*", ".*")}$`, "u");
}

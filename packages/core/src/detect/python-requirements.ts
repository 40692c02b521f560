/** How a Python project's dependencies get into a virtual environment within the checkout, wheels only and without its own code. Pure. */
import { type BaseFiles, type Reason, shown, textOf } from "./finding.ts";
import { readTomlTables, stringsOf, type TomlTable } from "./toml-lines.ts";

export interface Requirements {
  readonly prepare: string | null;
  readonly tool: "pip" | "uv" | "poetry";
  readonly reasons: readonly Reason[];
  readonly notes: readonly string[];
  /** Names of what is required, in lower case. */
  readonly names: ReadonlySet<string>;
}

/** Tests see the packages of the image too, so that one with pytest needs no other. */
const environment = "python3 -m venv --system-site-packages .venv";
/** A requirement that can stand in single quotes: a name, extras, versions. Markers and addresses are left to a requirements file. */
const plainRequirement = /^[A-Za-z0-9][\w.-]*(\[[\w.,-]+\])? *(([<>=!~]=?|===) *[\w.*+!-]+ *,? *){0,6}$/u;
const requirementLengthMax = 100;
const requirementsMax = 40;
const testGroups = /^(tests?|testing|dev|develop|development)$/u;

export function findRequirements(base: BaseFiles): Requirements {
  const tables = readTomlTables(textOf(base, "pyproject.toml") ?? "");
  const files = base.paths.filter((path) => /^(requirements[\w.-]*|requirements\/[\w.-]+)\.txt$/u.test(path));
  const lines = files.flatMap((path) => linesOf(textOf(base, path)));
  const declared = declaredIn(tables);
  const names = new Set([...lines, ...declared].map(nameOf).filter((name) => name !== ""));
  const has = (path: string) => base.paths.includes(path);
  const common = { names, notes: [] };
  if (has("uv.lock"))
    return {
      ...common,
      tool: "uv",
      prepare: "uv sync --frozen --no-install-project",
      reasons: [{ setting: "prepare", why: "there is a uv.lock (the image needs uv)" }],
    };
  if (has("poetry.lock"))
    return {
      ...common,
      tool: "poetry",
      prepare: "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-root --no-interaction",
      reasons: [{ setting: "prepare", why: "there is a poetry.lock (the image needs poetry)" }],
    };
  const useful = files.filter((path) => linesOf(textOf(base, path)).length > 0);
  if (useful.length > 0)
    return {
      ...common,
      tool: "pip",
      prepare: `${environment} && .venv/bin/pip install ${useful.map((path) => `-r ${path}`).join(" ")}`,
      reasons: [{ setting: "prepare", why: `dependencies stand in ${useful.map(shown).join(", ")}` }],
    };
  return { ...common, tool: "pip", ...fromManifest(declared) };
}

function fromManifest(declared: readonly string[]): Pick<Requirements, "prepare" | "reasons" | "notes"> {
  if (declared.length === 0) return { prepare: null, reasons: [], notes: [] };
  const odd = declared.find((text) => text.length > requirementLengthMax || !plainRequirement.test(text));
  if (odd !== undefined || declared.length > requirementsMax)
    return {
      prepare: null,
      reasons: [],
      notes: [
        `pyproject.toml names dependencies that no command is proposed for (${shown(odd ?? `${declared.length} of them`)}): give --prepare, with --outputs .venv`,
      ],
    };
  const quoted = declared.map((text) => `'${text.replaceAll(" ", "")}'`).join(" ");
  return {
    prepare: `${environment} && .venv/bin/pip install ${quoted}`,
    reasons: [{ setting: "prepare", why: "pyproject.toml names these dependencies" }],
    notes: ["there is no lockfile: versions of packages are as pyproject.toml has them"],
  };
}

/** Of a requirements file what names a package; options and comments are left out. */
function linesOf(text: string | undefined): string[] {
  return (text ?? "")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/u, "").trim())
    .filter((line) => line !== "" && !line.startsWith("-"));
}

function declaredIn(tables: readonly TomlTable[]): string[] {
  return tables.flatMap(({ name, values }) =>
    [...values].flatMap(([key, value]) => {
      const isWanted =
        (name === "project" && key === "dependencies") ||
        (/^(project\.optional-dependencies|dependency-groups)$/u.test(name) && testGroups.test(key));
      // What can't be read as plain strings is kept as one odd requirement, so that nothing is left out silently.
      return isWanted ? (stringsOf(value) ?? [value]) : [];
    }),
  );
}

function nameOf(requirement: string): string {
  return /^[\w.-]+/u.exec(requirement)?.[0].toLowerCase() ?? "";
}

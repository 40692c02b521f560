/** Detects how a Python project's dependencies get into a virtual environment within the checkout, wheels only and without its own code. Pure. */
import { z } from "zod";
import { type DetectionFiles, escaped, fileText, type SettingReason } from "./finding.ts";
import { readToml } from "./read-toml.ts";

export interface Requirements {
  readonly prepare: string | null;
  readonly tool: "pip" | "uv" | "poetry";
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
  /** Names of what is required, in lower case. */
  readonly names: ReadonlySet<string>;
}

/** Tests also see the image's packages, so that pytest in the image is enough. */
const environment = "python3 -m venv --system-site-packages .venv";
/** A requirement that is safe in single quotes: a name, extras, versions. Markers and addresses are left to a requirements file. */
const plainRequirement = /^[A-Za-z0-9][\w.-]*(\[[\w.,-]+\])? *(([<>=!~]=?|===) *[\w.*+!-]+ *,? *){0,6}$/u;
const requirementLengthMax = 100;
const requirementsMax = 40;
const groupsSchema = z.record(z.string(), z.unknown()).catch({});
const projectSchema = z.object({ dependencies: z.unknown(), "optional-dependencies": groupsSchema });
const manifestSchema = z.object({
  project: projectSchema.catch({ dependencies: undefined, "optional-dependencies": {} }),
  "dependency-groups": groupsSchema,
});
const testGroups = /^(tests?|testing|dev|develop|development)$/u;

export function findRequirements(base: DetectionFiles): Requirements {
  const manifest = manifestSchema.safeParse(readToml(fileText(base, "pyproject.toml") ?? ""));
  const files = base.paths.filter((path) => /^(requirements[\w.-]*|requirements\/[\w.-]+)\.txt$/u.test(path));
  const lines = files.flatMap((path) => linesOf(fileText(base, path)));
  const declared = manifest.success ? declaredIn(manifest.data) : [];
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
  const useful = files.filter((path) => linesOf(fileText(base, path)).length > 0);
  if (useful.length > 0)
    return {
      ...common,
      tool: "pip",
      prepare: `${environment} && .venv/bin/pip install ${useful.map((path) => `-r ${path}`).join(" ")}`,
      reasons: [{ setting: "prepare", why: `dependencies are in ${useful.map(escaped).join(", ")}` }],
    };
  if (manifest.success) return { ...common, tool: "pip", ...fromManifest(declared) };
  const notes = ["pyproject.toml is not valid TOML, so its dependencies are not known: give --prepare if it has any"];
  return { ...common, tool: "pip", prepare: null, reasons: [], notes };
}

function fromManifest(declared: readonly string[]): Pick<Requirements, "prepare" | "reasons" | "notes"> {
  if (declared.length === 0) return { prepare: null, reasons: [], notes: [] };
  const odd = declared.find((text) => text.length > requirementLengthMax || !plainRequirement.test(text));
  if (odd !== undefined || declared.length > requirementsMax)
    return {
      prepare: null,
      reasons: [],
      notes: [
        `pyproject.toml names dependencies that no command is proposed for (${escaped(odd ?? `${declared.length} of them`)}): give --prepare, with --outputs .venv`,
      ],
    };
  const quoted = declared.map((text) => `'${text.replaceAll(" ", "")}'`).join(" ");
  return {
    prepare: `${environment} && .venv/bin/pip install ${quoted}`,
    reasons: [{ setting: "prepare", why: "pyproject.toml names these dependencies" }],
    notes: ["there is no lockfile: versions of packages are not pinned beyond pyproject.toml"],
  };
}

/** The lines of a requirements file that name a package; options and comments are left out. */
function linesOf(text: string | undefined): string[] {
  return (text ?? "")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/u, "").trim())
    .filter((line) => line !== "" && !line.startsWith("-"));
}

function declaredIn({ project, "dependency-groups": groups }: z.infer<typeof manifestSchema>): string[] {
  const inGroups = [project["optional-dependencies"], groups].flatMap((group) =>
    Object.entries(group).flatMap(([name, value]) => (testGroups.test(name) ? [value] : [])),
  );
  return [project.dependencies ?? [], ...inGroups].flatMap((value) => {
    const plain = z.array(z.string()).safeParse(value);
    // Anything but a list of strings is kept as one odd requirement, so that nothing is silently dropped.
    return plain.success ? plain.data : [JSON.stringify([value])];
  });
}

function nameOf(requirement: string): string {
  return /^[\w.-]+/u.exec(requirement)?.[0].toLowerCase() ?? "";
}

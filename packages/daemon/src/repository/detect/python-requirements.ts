/** Detects how a Python project's dependencies get into a virtual environment within the checkout, wheels only and without its own code. Pure. */
import { posix } from "node:path";
import { plainFolderPattern } from "@aedev/contracts";
import { z } from "zod";
import { type DetectionFiles, escaped, fileText, type SettingReason } from "./finding.ts";
import { type Declared, declaredIn } from "./python-declared.ts";
import { readToml } from "./read-toml.ts";
import { isMember } from "./workspace.ts";

export interface Requirements {
  readonly prepare: string | null;
  /** The same without a lockfile, if there is one; `installed` likewise. */
  readonly unlocked?: string;
  readonly unlockedInstalled?: Requirements["installed"];
  /** The project itself as an editable package, for tests that need its metadata, entry points or compiled parts; null if it isn't known how it is built. */
  readonly installed: { readonly prepare: string; readonly build: string } | null;
  readonly tool: "pip" | "uv" | "poetry";
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
  /** Names of what is required, in lower case. */
  readonly names: ReadonlySet<string>;
  /** In a folder: the command runs at the top, where what the folder needs is named. */
  readonly isAbove: boolean;
  /** Folders of the workspace's other packages that can be imported, as seen from this one. */
  readonly siblings: readonly string[];
}
type OwnRequirements = Omit<Requirements, "isAbove" | "siblings">;

/** Tests also see the image's packages, so that pytest in the image is enough. */
const environment = "python3 -m venv --system-site-packages .venv";
/** A requirement that is safe in single quotes: a name, extras, versions, a marker. Addresses are left to a requirements file. */
const comparison = String.raw`\(?[\w.]+ ?(?:[<>=!~]=?|===|in|not in) ?"[\w. +!*-]{1,40}"\)?`;
const version = String.raw`(===|[<>=!~]=?)[\w.*+-][\w.*+!-]*`;
const plainRequirement = new RegExp(
  String.raw`^[A-Za-z0-9][\w.-]*(\[[\w.,-]+\])?(${version}(,${version}){0,5},?)?(; ${comparison}( (and|or) ${comparison}){0,3})?$`,
  "u",
);
const requirementLengthMax = 160;
const requirementsMax = 60;
/** Requirements that are not for tests. */
const otherFile = /doc|lint|build|release|publish|typing|mypy|bench|rtd|deploy|prod|example|constraint/u;
/** Plugins of pytest whose options or settings stand in a configuration. */
const plugins: readonly (readonly [name: string, sign: RegExp])[] = [
  ["pytest-cov", /--(?:no-)?cov\b/u],
  ["pytest-asyncio", /^[ \t]*asyncio_(?:mode|default)/mu],
  ["pytest-timeout", /^[ \t]*timeout[ \t]*=|--timeout\b/mu],
  ["pytest-xdist", /(?:\s|["'])-n[ =]?(?:auto|logical|\d)|--dist\b/u],
  ["pytest-benchmark", /--benchmark/u],
  ["pytest-django", /^[ \t]*DJANGO_SETTINGS_MODULE/mu],
];

const ownManifest =
  /^(?:pyproject\.toml|setup\.(?:cfg|py)|Pipfile|uv\.lock|poetry\.lock|requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt)$/u;
const siblingsMax = 20;
const packageManifest = new RegExp(String.raw`^(${plainFolderPattern})/pyproject\.toml$`, "u");
const workspaceSchema = z.object({
  tool: z.object({
    uv: z.object({
      workspace: z.object({ members: z.array(z.unknown()), exclude: z.array(z.unknown()).catch([]).default([]) }),
    }),
  }),
});

export function findRequirements(base: DetectionFiles): Requirements {
  const { above } = base;
  const alone = { isAbove: false, siblings: [] };
  if (above === undefined) return { ...requirementsIn(base), ...alone };
  const isMemberOf = uvWorkspace(above.base);
  if (!base.paths.includes("uv.lock") && isMemberOf(above.folder)) {
    const [own, top] = [requirementsIn(base), requirementsIn(above.base)];
    const [declared, outer] = [declaredIn(base), declaredIn(above.base)];
    const wanted = {
      groups: [...new Set([...outer.groups, ...declared.groups])],
      extras: [...new Set([...outer.extras, ...declared.extras])],
    };
    return {
      tool: "uv",
      prepare: `uv sync --frozen --no-install-workspace --all-packages${uvGroups(wanted)}${ownMetadata(declared)}`,
      reasons: [{ setting: "prepare", why: "there is a uv.lock at the top, whose workspace has this folder" }],
      notes: [],
      installed: null,
      names: new Set([...top.names, ...own.names]),
      isAbove: true,
      siblings: importable(above, isMemberOf),
    };
  }
  if (base.paths.some((path) => ownManifest.test(path))) return { ...requirementsIn(base), ...alone };
  return { ...requirementsIn(above.base), installed: null, isAbove: true, siblings: [] };
}

/** Tells whether a folder is in the workspace of uv at the top. */
function uvWorkspace(base: DetectionFiles): (folder: string) => boolean {
  const found = workspaceSchema.safeParse(readToml(fileText(base, "pyproject.toml") ?? ""));
  if (!found.success || !base.paths.includes("uv.lock")) return () => false;
  const { members, exclude } = found.data.tool.uv.workspace;
  return (folder) => isMember(members, folder) && !isMember(exclude, folder);
}

/** Where the other packages of the workspace can be imported from, because they are not installed. */
function importable(
  { base, folder }: NonNullable<DetectionFiles["above"]>,
  isMemberOf: (folder: string) => boolean,
): string[] {
  const others = base.paths
    .flatMap((path) => packageManifest.exec(path)?.[1] ?? [])
    .filter((other) => other !== folder && isMemberOf(other));
  return others.slice(0, siblingsMax).flatMap((other) => {
    const flat = `${other}/${other.replace(/^.*\//u, "").replaceAll("-", "_")}/__init__.py`;
    if (base.paths.some((path) => path.startsWith(`${other}/src/`) && path.endsWith(".py")))
      return [posix.relative(folder, `${other}/src`)];
    return base.paths.includes(flat) ? [posix.relative(folder, other)] : [];
  });
}

function requirementsIn(base: DetectionFiles): OwnRequirements {
  const declared = declaredIn(base);
  const found = readRequirements(base, declared);
  const metadata = ownMetadata(declared);
  return {
    ...found,
    prepare: found.prepare === null ? null : `${found.prepare}${metadata}`,
    ...(found.unlocked === undefined
      ? {}
      : { unlocked: `${found.unlocked}${metadata}`, unlockedInstalled: asInstalled(declared, found.unlocked) }),
    installed: asInstalled(declared, found.prepare),
  };
}

/** Without the project's own metadata. */
function readRequirements(base: DetectionFiles, declared: Declared): Omit<OwnRequirements, "installed"> {
  const all = base.paths.filter((path) => /^(requirements[\w.-]*|requirements\/[\w.-]+)\.txt$/u.test(path));
  const forTests = all.filter((path) => !otherFile.test(path.replace(/^requirements/u, "")));
  const files = forTests.length > 0 ? forTests : all;
  const lines = files.flatMap((path) => linesOf(fileText(base, path)));
  const names = new Set([...lines, ...declared.requirements].map(nameOf).filter((name) => name !== ""));
  const has = (path: string) => base.paths.includes(path);
  const common = { names, notes: [] };
  const { prepare: loose } = fromManifest(base, declared);
  const unlocked = loose === null ? {} : { unlocked: loose };
  if (has("uv.lock"))
    return {
      ...common,
      ...unlocked,
      tool: "uv",
      prepare: `uv sync --frozen --no-install-project${uvGroups(declared)}`,
      reasons: [{ setting: "prepare", why: "there is a uv.lock" }],
    };
  if (has("poetry.lock"))
    return {
      ...common,
      ...unlocked,
      tool: "poetry",
      prepare: `POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-root --no-interaction${declared.extras.length > 0 ? " --all-extras" : ""}`,
      reasons: [{ setting: "prepare", why: "there is a poetry.lock" }],
    };
  const useful = files.filter((path) => linesOf(fileText(base, path)).length > 0);
  if (useful.length > 0)
    return {
      ...common,
      tool: "pip",
      prepare: `${environment} && .venv/bin/pip install ${useful.map((path) => `-r ${path}`).join(" ")}`,
      reasons: [{ setting: "prepare", why: `dependencies are in ${useful.map(escaped).join(", ")}` }],
    };
  if (declared.isReadable) return { ...common, tool: "pip", ...fromManifest(base, declared) };
  const notes = ["pyproject.toml is not valid TOML, so its dependencies are not known: give --prepare if it has any"];
  return { ...common, tool: "pip", prepare: null, reasons: [], notes };
}

function fromManifest(base: DetectionFiles, declared: Declared): Pick<Requirements, "prepare" | "reasons" | "notes"> {
  const written = declared.requirements.map(plainly);
  const wanted = [...written, ...pluginsOf(base).filter((name) => !written.some((text) => nameOf(text) === name))];
  if (wanted.length === 0) return { prepare: null, reasons: [], notes: [] };
  const odd = wanted.find((text) => text.length > requirementLengthMax || !plainRequirement.test(text));
  if (odd !== undefined || wanted.length > requirementsMax)
    return {
      prepare: null,
      reasons: [],
      notes: [
        `pyproject.toml names dependencies that no command is proposed for (${escaped(odd ?? `${wanted.length} of them`)}): give --prepare, with --outputs .venv`,
      ],
    };
  return {
    prepare: `${environment} && .venv/bin/pip install ${wanted.map((text) => `'${text}'`).join(" ")}`,
    reasons: [{ setting: "prepare", why: `${sourceOf(base)} names these dependencies` }],
    notes: [`there is no lockfile: versions of packages are not pinned beyond ${sourceOf(base)}`],
  };
}

function sourceOf(base: DetectionFiles): string {
  return (
    ["pyproject.toml", "setup.cfg", "setup.py", "tox.ini"].find((path) => base.paths.includes(path)) ?? "the manifest"
  );
}

/** Without blanks, and with double quotes in a marker, so that single quotes can surround it. */
function plainly(requirement: string): string {
  const at = requirement.indexOf(";");
  if (at === -1) return requirement.replaceAll(" ", "");
  return `${requirement.slice(0, at).replaceAll(" ", "")}; ${requirement
    .slice(at + 1)
    .trim()
    .replaceAll("'", '"')}`;
}

/** Groups for tests that `uv sync` does not take by default. */
function uvGroups({ groups, extras }: Pick<Declared, "groups" | "extras">): string {
  const named = (option: string, names: readonly string[]) =>
    names.filter((name) => /^[\w-]+$/u.test(name) && name !== "dev").map((name) => ` --${option} ${name}`);
  return [...named("group", groups), ...named("extra", extras)].join("");
}

/** What hatchling, pdm-backend and older versions of setuptools ask for only when they build an editable package. */
const forEditable = ["editables", "wheel"];
const scm = /scm|vcs|versioning|pdm/u;

/** In the build step, because only there is the project's code; what builds it is fetched before. */
function asInstalled({ buildRequirements, project }: Declared, prepare: string | null): Requirements["installed"] {
  if (buildRequirements === null || buildRequirements.length > requirementsMax) return null;
  const wanted = [...buildRequirements.map(plainly), ...forEditable];
  if (wanted.some((text) => text.length > requirementLengthMax || !plainRequirement.test(text))) return null;
  const pip = "python3 -m pip --python .venv/bin/python install";
  // There is no history in the checkout that a version could be read from.
  const version = plainVersion(project?.version ?? null);
  const variables = ["SETUPTOOLS_SCM_PRETEND_VERSION", "PDM_BUILD_SCM_VERSION", "POETRY_DYNAMIC_VERSIONING_BYPASS"];
  const given = wanted.some((text) => scm.test(nameOf(text)))
    ? variables.map((name) => `${name}=${version} `).join("")
    : "";
  return {
    prepare: `${prepare ?? environment} && ${pip} ${wanted.map((text) => `'${text}'`).join(" ")}`,
    build: `${given}${pip} --no-index --no-deps --no-build-isolation -e .`,
  };
}

function plainVersion(version: string | null): string {
  return version !== null && /^\d[\w.+!-]{0,60}$/u.test(version) ? version : "0.0.0";
}

/** Lets `importlib.metadata` find the project, which is not installed: its name and version, nothing else. */
function ownMetadata({ project }: Declared): string {
  if (project === null || !/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/u.test(project.name)) return "";
  const version = plainVersion(project.version);
  const folder = `${project.name.replaceAll(/[-.]+/gu, "_")}-${version}.dist-info`;
  return ` && m=$(echo .venv/lib/python3*/site-packages)/${folder} && mkdir -p $m && printf 'Metadata-Version: 2.1\\nName: ${project.name}\\nVersion: ${version}\\n' > $m/METADATA`;
}

function pluginsOf(base: DetectionFiles): string[] {
  const settings = ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"].flatMap((path) => {
    const text = fileText(base, path) ?? "";
    const start = text.search(/^\[(?:tool\.pytest|tool:pytest|pytest\])/mu);
    if (start === -1) return [];
    const rest = text.slice(start + 1);
    const end = rest.search(/^\[(?!tool\.pytest)/mu);
    return [end === -1 ? rest : rest.slice(0, end)];
  });
  return plugins.filter(([, sign]) => sign.test(settings.join("\n"))).map(([name]) => name);
}

/** The lines of a requirements file that name a package; options and comments are left out. */
function linesOf(text: string | undefined): string[] {
  return (text ?? "")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/u, "").trim())
    .filter((line) => line !== "" && !line.startsWith("-"));
}

function nameOf(requirement: string): string {
  return /^[\w.-]+/u.exec(requirement)?.[0].toLowerCase() ?? "";
}

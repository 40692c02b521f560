/** Detects how a Python project's dependencies get into a virtual environment in the checkout: as wheels only, without the project's own code. Pure. */
import { posix } from "node:path";
import { type DetectionFiles, escapedText, fileText, type SettingReason } from "./finding.ts";
import { isPlainRequirement, nameOf, quotableRequirement, requirementsMax } from "./plain-requirement.ts";
import { pluginsOf } from "./pytest-settings.ts";
import { type Declared, declaredIn } from "./python-declared.ts";
import { asInstalled, type Installed, makeEnvironment, ownMetadata } from "./python-installed.ts";
import { importableFolders, uvGroups, uvWorkspace } from "./python-uv-workspace.ts";
import { workflowHints } from "./workflow.ts";

export interface Requirements {
  readonly prepare: string | null;
  /** `prepare` without a lockfile, if there is one, and by the manifests' requirements, not by requirements files. `unlockedInstalled` likewise. */
  readonly unlocked?: string;
  /** The manifests' requirements in the lockfile's versions, by pip, in case the lockfile's tool can't find them. `pinnedInstalled` likewise. */
  readonly pinned?: string;
  readonly pinnedInstalled?: Installed | null;
  /** True if that helps only where the requirements files can't be fetched, because the manifests name nothing for tests. */
  readonly isUnlockedLess?: boolean;
  readonly unlockedInstalled?: Installed | null;
  /** `prepare` without tools that tests seldom need; null if the manifest names none of them. */
  readonly lean: string | null;
  /** The project as an editable package, for tests that need its metadata, entry points or compiled parts; null if nobody knows how it is built. */
  readonly installed: Installed | null;
  /** `prepare` with what the repository's workflows install too; null if they add nothing. */
  readonly hinted: Way | null;
  /** `prepare` with the optional dependencies that tests may need; null if they add nothing. */
  readonly optional: Way | null;
  readonly tool: "pip" | "uv" | "poetry";
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
  /** Names of all requirements, in lower case. */
  readonly names: ReadonlySet<string>;
  /** For a folder: the command runs at the top, whose files name what the folder needs. */
  readonly isPreparedAtTop: boolean;
  /** Folders of the workspace's other packages that can be imported, as seen from this one. */
  readonly siblings: readonly string[];
}
interface Way {
  readonly prepare: string;
  readonly installed: Installed | null;
}
type OwnRequirements = Omit<Requirements, "isPreparedAtTop" | "siblings">;

/** Requirements files that are not for tests. */
const otherFile = /doc|lint|build|release|publish|typing|mypy|bench|rtd|deploy|prod|example|constraint/u;
/** Usual places of requirements files; in a tests folder they are for tests. */
const requirementsPath =
  /^(?:requirements[\w.-]*|requirements\/[\w.-]+|(?:tests?|testing|dev|development)[-_]requirements|(?:tests?|testing)\/requirements[\w.-]*)\.txt$/u;
/** A line that installs the project itself, whose code the fetch step lacks. */
const ownLine = /^(?:(?:-e|--editable)[ =]*)?\.\/?(?:\[([\w.,\s-]{0,200})\].*|[# ].*)?$/u;
/** The same lines, for sed. */
const withoutOwnLines = String.raw`sed -i -E '/^((-e|--editable)[ =]*)?\.\/?([[# ]|$)/d'`;
const ownManifest =
  /^(?:pyproject\.toml|setup\.(?:cfg|py)|Pipfile|uv\.lock|poetry\.lock|requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt)$/u;

export function findRequirements(base: DetectionFiles): Requirements {
  const { above } = base;
  const alone = { isPreparedAtTop: false, siblings: [] };
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
      hinted: null,
      optional: null,
      lean: null,
      names: new Set([...top.names, ...own.names]),
      isPreparedAtTop: true,
      siblings: importableFolders(above, isMemberOf),
    };
  }
  if (base.paths.some((path) => ownManifest.test(path))) return { ...requirementsIn(base), ...alone };
  return {
    ...requirementsIn(above.base),
    installed: null,
    hinted: null,
    optional: null,
    lean: null,
    isPreparedAtTop: true,
    siblings: [],
  };
}

function requirementsIn(base: DetectionFiles): OwnRequirements {
  const declared = declaredIn(base);
  const found = readRequirements(base, declared);
  const metadata = ownMetadata(declared);
  return {
    ...found,
    prepare: found.prepare === null ? null : `${found.prepare}${metadata}`,
    ...(found.pinned === undefined
      ? {}
      : { pinned: `${found.pinned}${metadata}`, pinnedInstalled: asInstalled(declared, found.pinned) }),
    ...(found.unlocked === undefined
      ? {}
      : { unlocked: `${found.unlocked}${metadata}`, unlockedInstalled: asInstalled(declared, found.unlocked) }),
    installed: asInstalled(declared, found.prepare),
    hinted: fromWorkflows(base, found.prepare),
    optional: withOptional(base, declared, found.prepare),
    lean: leanOf(base, declared),
  };
}

/** Formatters, linters, documentation and release tools in development groups, of which one could stop the fetch. Type checkers stay: tests run them. */
const seldomNeeded =
  /^(?:black|isort|flake8.*|pyflakes|pylint|ruff|bandit|pre-commit|portray|pdoc3?|\w*autodoc|mkdocs.*|sphinx.*|furo|tox|nox|twine|build|bump.*|commitizen|towncrier|interrogate)$/u;

function leanOf(base: DetectionFiles, declared: Declared): string | null {
  const { useful, lines } = filesOf(base, declared);
  const tools = [...new Set(lines.map(nameOf).filter((name) => seldomNeeded.test(name)))];
  const isLocked = ["uv.lock", "poetry.lock"].some((path) => base.paths.includes(path));
  if (!isLocked && useful.length > 0)
    return tools.length === 0 ? null : `${fromFiles(base, useful, tools)}${ownMetadata(declared)}`;
  const needed = declared.requirements.filter((text) => !seldomNeeded.test(nameOf(text)));
  if (needed.length === declared.requirements.length) return null;
  const { prepare } = fromManifest(base, { ...declared, requirements: needed });
  return prepare === null ? null : `${prepare}${ownMetadata(declared)}`;
}

/** Extras for other work than tests. */
const otherNames = /doc|lint|mypy|typing|types|build|release|publish|deploy|bench/u;
const requirementsFile = /(?:^|\/)requirements(?:[\w.-]*|\/[\w.-]+)\.txt$/u;
const hintedFilesMax = 5;

/** What workflows install beyond `prepare`: extras and groups of the manifests, and requirements files of the base. */
function fromWorkflows(base: DetectionFiles, prepare: string | null): Way | null {
  const hints = workflowHints(base);
  const [groups, extras] = [hints.groups, hints.extras].map((names) => names.filter((name) => !otherNames.test(name)));
  const declared = declaredIn(base, { groups: groups ?? [], extras: extras ?? [] });
  const files = hints.files
    .map((path) => posix.normalize(path))
    .filter(
      (path) =>
        requirementsFile.test(path) && base.paths.includes(path) && !otherFile.test(path.replace(/requirements/gu, "")),
    )
    .filter((path) => !(prepare ?? "").includes(`-r ${path}`))
    .slice(0, hintedFilesMax);
  const own = readRequirements(base, declared).prepare;
  const known = new Set(declared.requirements.map(nameOf));
  const packages = hints.packages.filter(
    (text) => !known.has(nameOf(text)) && !seldomNeeded.test(nameOf(text)) && !(prepare ?? "").includes(`'${text}'`),
  );
  const named = [...files.map((path) => `-r ${path}`), ...packages.map((text) => `'${text}'`)];
  const more = named.length === 0 ? "" : ` && .venv/bin/pip install ${named.join(" ")}`;
  const whole = own === null && more === "" ? null : `${own ?? makeEnvironment}${more}`;
  return wayOf(declared, whole, prepare);
}

/** Null if the result equals `prepare`. */
function wayOf(declared: Declared, whole: string | null, prepare: string | null): Way | null {
  if (whole === null || whole === prepare) return null;
  return { prepare: `${whole}${ownMetadata(declared)}`, installed: asInstalled(declared, whole) };
}

/** Without its optional dependency, a part's tests fail while pytest collects them. */
function withOptional(base: DetectionFiles, { optional }: Declared, prepare: string | null): Way | null {
  const extras = optional.filter((name) => !otherNames.test(name));
  if (extras.length === 0) return null;
  const declared = declaredIn(base, { groups: [], extras });
  return wayOf(declared, readRequirements(base, declared).prepare, prepare);
}

/** The requirements files that tests need, those that name a package, and the lines that do. */
function filesOf(base: DetectionFiles, { groups, extras }: Declared) {
  const all = base.paths.filter((path) => requirementsPath.test(path));
  const forTests = all.filter((path) => !otherFile.test(path.replace(/^requirements/u, "")));
  // A file for another purpose, such as types, is used only if nothing else is there.
  const files = forTests.length > 0 ? forTests : groups.length > 0 || extras.length > 0 ? [] : all;
  const useful = files.filter((path) => linesOf(fileText(base, path)).length > 0);
  return { useful, lines: useful.flatMap((path) => linesOf(fileText(base, path))) };
}

/** Reads a project's requirements, without its own metadata. */
function readRequirements(
  base: DetectionFiles,
  declared: Declared,
): Omit<OwnRequirements, "installed" | "hinted" | "optional" | "lean"> {
  const isDeclared = declared.groups.length > 0 || declared.extras.length > 0;
  const { useful, lines } = filesOf(base, declared);
  const names = new Set([...lines, ...declared.requirements].map(nameOf).filter((name) => name !== ""));
  const has = (path: string) => base.paths.includes(path);
  const common = { names, notes: [] };
  const { prepare: loose } = fromManifest(base, declared);
  const unlocked = loose === null ? {} : { unlocked: loose };
  const pinned = (lock: string) => (loose === null ? {} : { pinned: inVersionsOf(lock, loose) });
  if (has("uv.lock"))
    return {
      ...common,
      ...unlocked,
      ...pinned("uv.lock"),
      tool: "uv",
      prepare: `uv sync --frozen --no-install-project${uvGroups(declared)}`,
      reasons: [{ setting: "prepare", why: "there is a uv.lock" }],
    };
  if (has("poetry.lock"))
    return {
      ...common,
      ...unlocked,
      ...pinned("poetry.lock"),
      tool: "poetry",
      prepare: `POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-root --no-interaction${declared.extras.length > 0 ? " --all-extras" : ""}`,
      reasons: [{ setting: "prepare", why: "there is a poetry.lock" }],
    };
  if (useful.length > 0)
    return {
      ...common,
      ...unlocked,
      isUnlockedLess: !isDeclared,
      tool: "pip",
      prepare: fromFiles(base, useful),
      reasons: [{ setting: "prepare", why: `dependencies are in ${useful.map(escapedText).join(", ")}` }],
    };
  if (declared.isReadable) return { ...common, tool: "pip", ...fromManifest(base, declared) };
  const notes = ["pyproject.toml is not valid TOML, so its dependencies are not known: give --prepare if it has any"];
  return { ...common, tool: "pip", prepare: null, reasons: [], notes };
}

const pipInstall = ".venv/bin/pip install ";
/** In a lockfile, each package has its name and version on separate lines. */
function inVersionsOf(lock: string, command: string): string {
  const list = ".venv/locked.txt";
  const read = `awk -F'"' '/^\\[\\[package\\]\\]/{n=""} /^name = "/{n=$2} n&&/^version = "/{print n"=="$2;n=""}' ${lock} >${list}`;
  return command.replace(pipInstall, () => `${read} && ${pipInstall}-c ${list} `);
}

/** Installs from the files, without the tools to leave out, plus what only the manifest requires. The fetch step has a copy of the files. */
function fromFiles(base: DetectionFiles, files: readonly string[], leftOut: readonly string[] = []): string {
  const ownLines = files.map((path) => ({
    path,
    extras: (fileText(base, path) ?? "").split("\n").flatMap((line) => {
      const [whole, extras = ""] = ownLine.exec(line.trim()) ?? [];
      return whole === undefined ? [] : [extras];
    }),
  }));
  const local = ownLines.filter(({ extras }) => extras.length > 0);
  const names = local.flatMap(({ extras }) => extras.flatMap((list) => list.split(","))).map((name) => name.trim());
  const { own } = declaredIn(base, { groups: [], extras: [...new Set(names)].filter((name) => name !== "") });
  const wanted = [...new Set(own.map(quotableRequirement))].filter(isPlainRequirement).slice(0, requirementsMax);
  const edits = [
    ...(local.length === 0 ? [] : [`${withoutOwnLines} ${local.map(({ path }) => path).join(" ")} && `]),
    ...(leftOut.length === 0
      ? []
      : [`sed -i -E '/^(${leftOut.join("|")})([^[:alnum:]._-]|$)/Id' ${files.join(" ")} && `]),
  ];
  const list = [...files.map((path) => `-r ${path}`), ...wanted.map((text) => `'${text}'`)].join(" ");
  return `${makeEnvironment} && ${edits.join("")}.venv/bin/pip install ${list}`;
}

function fromManifest(base: DetectionFiles, declared: Declared): Pick<Requirements, "prepare" | "reasons" | "notes"> {
  const written = declared.requirements.map(quotableRequirement);
  const wanted = [...written, ...pluginsOf(base).filter((name) => !written.some((text) => nameOf(text) === name))];
  if (wanted.length === 0) return { prepare: null, reasons: [], notes: [] };
  const odd = wanted.find((text) => !isPlainRequirement(text));
  if (odd !== undefined || wanted.length > requirementsMax)
    return {
      prepare: null,
      reasons: [],
      notes: [
        `pyproject.toml names dependencies that no command is proposed for (${escapedText(odd ?? `${wanted.length} of them`)}): give --prepare, with --outputs .venv`,
      ],
    };
  return {
    prepare: `${makeEnvironment} && .venv/bin/pip install ${wanted.map((text) => `'${text}'`).join(" ")}`,
    reasons: [{ setting: "prepare", why: `${sourceOf(base)} names these dependencies` }],
    notes: [`there is no lockfile: versions of packages are not pinned beyond ${sourceOf(base)}`],
  };
}

function sourceOf(base: DetectionFiles): string {
  return (
    ["pyproject.toml", "setup.cfg", "setup.py", "tox.ini"].find((path) => base.paths.includes(path)) ?? "the manifest"
  );
}

/** The lines of a requirements file that name a package, without options, comments and the project itself. */
function linesOf(text: string | undefined): string[] {
  return (text ?? "")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/u, "").trim())
    .filter((line) => line !== "" && !line.startsWith("-") && !ownLine.test(line));
}

/** Reads what a Python project and its tests need from pyproject.toml (with Poetry's tables), setup.cfg, setup.py and tox.ini. Pure: no manifest is run. */

import { parseToml } from "@aedev/host/parse-toml";
import { z } from "zod";
import { type DetectionFiles, fileText } from "./finding.ts";
import { isPlainRequirement, quotableRequirement } from "./plain-requirement.ts";

export interface Declared {
  /** As written. An entry that is not text stays as JSON, so that nothing is silently dropped. */
  readonly requirements: readonly string[];
  /** The requirements of the project itself and of the requested extras. */
  readonly own: readonly string[];
  /** Groups and extras whose names say that tests need them, except those that the lockfile installs by default. */
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** The project's other extras. */
  readonly optional: readonly string[];
  /** The name and, if written down, the version. */
  readonly project: { readonly name: string; readonly version: string | null } | null;
  /** What builds the project; null if nothing says that it is a package. */
  readonly buildRequirements: readonly string[] | null;
  /** The file into which a build writes the version from the history; null if none is named or the base has it. */
  readonly versionFile: string | null;
  /** False if pyproject.toml is not TOML. */
  readonly isReadable: boolean;
}

const groupsSchema = z.record(z.string(), z.unknown()).catch({});
const textSchema = z.string().nullable().catch(null);
const noPoetry = { name: null, version: null, dependencies: {}, "dev-dependencies": {}, group: {} };
const manifestSchema = z.object({
  project: z
    .object({
      name: textSchema,
      version: textSchema,
      dependencies: z.unknown().optional(),
      "optional-dependencies": groupsSchema,
    })
    .catch({ name: null, version: null, dependencies: undefined, "optional-dependencies": {} }),
  "build-system": z.object({ requires: z.unknown().optional() }).optional().catch(undefined),
  "dependency-groups": groupsSchema,
  tool: z
    .object({
      poetry: z
        .object({
          name: textSchema,
          version: textSchema,
          dependencies: groupsSchema,
          "dev-dependencies": groupsSchema,
          group: groupsSchema,
        })
        .catch(noPoetry),
      hatch: z.object({ envs: groupsSchema }).catch({ envs: {} }),
      pdm: z.object({ "dev-dependencies": groupsSchema }).catch({ "dev-dependencies": {} }),
      uv: z.object({ "dev-dependencies": z.unknown().optional() }).catch({}),
    })
    .catch({ poetry: noPoetry, hatch: { envs: {} }, pdm: { "dev-dependencies": {} }, uv: {} }),
});
const testGroups = /^(?:tests?|testing|dev|develop|development|pytest|unit-?tests?)$/u;
const includesMax = 20;
/** How many entries of a list, and how many requirements in all, are read; with more there is no proposal. */
const entriesMax = 200;
const textMax = 200_000;

const nothingDeclared = {
  groups: [],
  extras: [],
  optional: [],
  project: null,
  buildRequirements: null,
  versionFile: null,
  isReadable: false,
};

/** `more`: further groups and extras to include, if they exist. */
export function declaredIn(
  base: DetectionFiles,
  more: { readonly groups: readonly string[]; readonly extras: readonly string[] } = { groups: [], extras: [] },
): Declared {
  const manifest = manifestSchema.safeParse(parseToml(fileText(base, "pyproject.toml") ?? ""));
  const others = [
    ...fromSetupCfg(fileText(base, "setup.cfg"), more.extras),
    ...fromSetupPy(fileText(base, "setup.py")),
  ];
  const ownOthers = [
    ...linesOfKey(fileText(base, "setup.cfg"), /^\[options\]$/u, "install_requires"),
    ...listsOfSetupPy(fileText(base, "setup.py"), /\binstall_requires\s*=\s*\[([^\][]{0,5000})\]/gu),
  ];
  const tox = fromTox(fileText(base, "tox.ini"));
  if (!manifest.success) return { ...nothingDeclared, requirements: [...others, ...tox], own: ownOthers };
  const { project, "dependency-groups": groups, tool } = manifest.data;
  const extras = project["optional-dependencies"];
  const ownGroups = namesOf(groups, more.groups);
  const hatch = fromHatch(tool.hatch.envs);
  const ownExtras = namesOf(extras, [...more.extras, ...hatch.extras]);
  const requirements = [
    ...listOf(project.dependencies ?? []),
    ...ownExtras.flatMap((name) => ofSelf(listOf(extras[name]), { name: project.name, extras })),
    ...ownGroups.flatMap((name) => groupOf(name, groups)),
    ...fromPoetry(tool.poetry),
    ...hatch.requirements,
    ...testNames(tool.pdm["dev-dependencies"]).flatMap((name) => listOf(tool.pdm["dev-dependencies"][name])),
    ...listOf(tool.uv["dev-dependencies"] ?? []),
    ...others,
  ];
  const name = project.name ?? tool.poetry.name;
  const version = project.version ?? tool.poetry.version;
  // poetry-dynamic-versioning and similar tools want a number there, which they replace.
  const isPlaceholder = version === null || /^0(?:\.0)*$/u.test(version);
  return {
    requirements: [
      ...new Set([
        ...requirements,
        ...(requirements.length === 0 || ownGroups.length + ownExtras.length === 0 ? tox : []),
      ]),
    ],
    own: [
      ...listOf(project.dependencies ?? []),
      ...more.extras.flatMap((name) => ofSelf(listOf(extras[name] ?? []), { name: project.name, extras })),
      ...fromPoetry({ ...noPoetry, dependencies: tool.poetry.dependencies }),
      ...ownOthers,
    ],
    groups: ownGroups,
    extras: ownExtras,
    optional: Object.keys(extras).filter((one) => !ownExtras.includes(one)),
    project: name === null ? null : { name, version: isPlaceholder ? (base.taggedVersion ?? version) : version },
    buildRequirements: buildRequirementsOf(base, manifest.data),
    versionFile: versionFileOf(base),
    isReadable: true,
  };
}

/** Reads the keys of setuptools-scm, hatch-vcs and pdm-backend. */
function versionFileOf(base: DetectionFiles): string | null {
  const text = (fileText(base, "pyproject.toml") ?? "").slice(0, textMax);
  const key =
    /^[ \t]*(?:[\w-]{1,40}\.){0,6}(?:version[-_]file|write_to)[ \t]*=[ \t]*["']((?:[\w-][\w.-]*\/){0,8}[\w-][\w.-]*\.\w+)["']/mu;
  const file = key.exec(text)?.[1] ?? null;
  return file === null || base.paths.includes(file) ? null : file;
}

/** Without a `[build-system]`, pip uses setuptools, if there is a project for it. */
function buildRequirementsOf(base: DetectionFiles, manifest: z.infer<typeof manifestSchema>): string[] | null {
  const system = manifest["build-system"];
  if (system !== undefined) return listOf(system.requires ?? []);
  return manifest.project.name !== null || base.paths.includes("setup.py") ? ["setuptools>=40.8"] : null;
}

/** All groups for tests; but of `dev` and `tests` only `tests`, because `dev` adds linters. */
function testNames(groups: Readonly<Record<string, unknown>>): string[] {
  const names = Object.keys(groups).filter((name) => testGroups.test(name));
  const forTests = names.filter((name) => !name.startsWith("dev"));
  return forTests.length > 0 ? forTests : names;
}

const namesOf = (table: Readonly<Record<string, unknown>>, more: readonly string[]) =>
  [...new Set([...testNames(table), ...more.filter((name) => Object.hasOwn(table, name))])].slice(0, includesMax);

function listOf(value: unknown): string[] {
  const plain = z.array(z.string()).safeParse(value);
  return plain.success ? plain.data : [JSON.stringify([value])];
}

/** A group's entries, with those of the groups that it includes. */
function groupOf(name: string, groups: Readonly<Record<string, unknown>>): string[] {
  const seen = new Set<string>();
  const read = (group: string): string[] => {
    if (seen.has(group) || seen.size > includesMax) return [];
    seen.add(group);
    const entries = z.array(z.unknown()).safeParse(groups[group]);
    if (!entries.success) return listOf(groups[group]);
    return entries.data.flatMap((entry) => {
      const included = z.strictObject({ "include-group": z.string() }).safeParse(entry).data?.["include-group"];
      return included !== undefined && Object.hasOwn(groups, included) ? read(included) : listOf([entry]);
    });
  };
  return read(name);
}

/** Replaces `name[extra]` of the project itself by that extra's entries. */
function ofSelf(
  requirements: readonly string[],
  own: { name: string | null; extras: Readonly<Record<string, unknown>> },
): string[] {
  return requirements.slice(0, entriesMax).flatMap((text) => {
    const [, name = "", list = ""] = /^([\w.-]+)\s*\[([\w.,\s-]+)\]\s*$/u.exec(text) ?? [];
    if (own.name === null || plainName(name) !== plainName(own.name)) return [text];
    const extras = new Set(list.split(",", includesMax).map((extra) => extra.trim()));
    return [...extras].flatMap((extra) => listOf(own.extras[extra] ?? []).slice(0, entriesMax));
  });
}

const plainName = (name: string) => name.toLowerCase().replaceAll(/[-_.]+/gu, "-");

function fromPoetry(poetry: z.infer<typeof manifestSchema>["tool"]["poetry"]): string[] {
  const grouped = Object.entries(poetry.group).flatMap(([name, group]) =>
    testGroups.test(name) ? [z.object({ dependencies: groupsSchema }).safeParse(group).data?.dependencies ?? {}] : [],
  );
  return [poetry.dependencies, poetry["dev-dependencies"], ...grouped].flatMap((table) =>
    Object.entries(table).flatMap(([name, value]) => (name === "python" ? [] : [poetryRequirement(name, value)])),
  );
}

/** What hatch's environments for tests install. Entries with hatch's own fields, such as `{matrix:django}`, are left out. */
function fromHatch(envs: Readonly<Record<string, unknown>>): { requirements: string[]; extras: string[] } {
  const environment = z.object({
    dependencies: z.unknown().optional(),
    "extra-dependencies": z.unknown().optional(),
    features: z.array(z.string()).catch([]),
  });
  const found = Object.entries(envs).flatMap(([name, value]) => {
    const isForTests = name === "default" || name === "hatch-test" || testGroups.test(name);
    const table = isForTests ? environment.safeParse(value).data : undefined;
    return table === undefined ? [] : [{ name, table }];
  });
  const listed = found.flatMap(({ table }) => [
    ...listOf(table.dependencies ?? []),
    ...listOf(table["extra-dependencies"] ?? []),
  ]);
  return {
    requirements: [
      // The defaults of `hatch test`, as far as tests import them.
      ...(found.some(({ name }) => name === "hatch-test") ? ["pytest", "pytest-mock"] : []),
      ...listed.filter((text) => isPlainRequirement(quotableRequirement(text))),
    ],
    extras: found.flatMap(({ table }) => table.features),
  };
}

/** Translates Poetry's `^` and `~` for pip. */
function poetryRequirement(name: string, value: unknown): string {
  const table = z.object({ version: z.string(), optional: z.boolean().optional() }).safeParse(value);
  const version = typeof value === "string" ? value : table.data?.version;
  if (version === undefined) return JSON.stringify([{ [name]: value }]);
  const [, sign, major = "0", minor, rest = ""] =
    /^([\^~])\s*(\d+)(?:\.(\d+))?((?:\.\d+)*)$/u.exec(version.trim()) ?? [];
  const [first, second] = [Number(major), Number(minor ?? "0")];
  const floor = `${major}${minor === undefined ? "" : `.${minor}`}${rest}`;
  if (sign === "^") return `${name}>=${floor},<${first > 0 ? first + 1 : `0.${second + 1}`}`;
  if (sign === "~") return `${name}>=${floor},<${minor === undefined ? first + 1 : `${first}.${second + 1}`}`;
  if (version.trim() === "*") return name;
  return /^\d/u.test(version.trim()) ? `${name}==${version.trim()}` : `${name}${version.trim()}`;
}

/** The lines of one key in a section of an INI file, without comments. */
function linesOfKey(text: string | undefined, section: RegExp, key: string): string[] {
  const lines: string[] = [];
  let isSection = false;
  let isKey = false;
  for (const line of (text ?? "").slice(0, textMax).split("\n")) {
    if (line.startsWith("[")) {
      isSection = section.test(line.trim());
      isKey = false;
      continue;
    }
    if (!isSection) continue;
    const start = /^([\w.-]+)[ \t]*[=:](.*)$/u.exec(line);
    if (start !== null) isKey = start[1] === key;
    const value = (start === null ? line : (start[2] ?? "")).replace(/(^|\s)#.*$/u, "").trim();
    if (isKey && value !== "") lines.push(value);
  }
  return lines;
}

function fromSetupCfg(text: string | undefined, more: readonly string[]): string[] {
  const extras = [...new Set(["test", "tests", "testing", "dev", ...more])].flatMap((name) =>
    linesOfKey(text, /^\[options\.extras_require\]$/u, name),
  );
  const own = ["install_requires", "tests_require"].flatMap((key) => linesOfKey(text, /^\[options\]$/u, key));
  return [...own, ...extras]
    .flatMap((line) => (line.split(";").length > 1 ? [line] : line.split(/,(?=\s*[A-Za-z])/u)))
    .map((line) => line.trim());
}

/** Literal lists in setup.py. */
function fromSetupPy(text: string | undefined): string[] {
  const named = /\b(?:install_requires|tests_require)\s*=\s*\[([^\][]{0,5000})\]/gu;
  const extra = /["'](?:tests?|testing|dev)["']\s*:\s*\[([^\][]{0,5000})\]/gu;
  return [...listsOfSetupPy(text, named), ...listsOfSetupPy(text, extra)];
}

function listsOfSetupPy(text: string | undefined, pattern: RegExp): string[] {
  const lists = [...(text ?? "").slice(0, textMax).matchAll(pattern)].map(([, list = ""]) => list);
  return lists.flatMap((list) =>
    [...list.matchAll(/"([^"\n]*)"|'([^'\n]*)'/gu)].map(([, one, other]) => one ?? other ?? ""),
  );
}

/** What tox installs for the plain environment. Lines of single factors, references, and whatever they install are left out. */
function fromTox(text: string | undefined): string[] {
  const other = /^[-{]|^[\w,!.-]+:\s|[{}]|^(?:poetry|pdm|hatch|uv|pip|tox)\b(?!-)/u;
  return linesOfKey(text, /^\[testenv\]$/u, "deps").filter((line) => !other.test(line));
}

/** Detects from package.json and the test files how a Node project is prepared and tested. Pure: a script's text is only data here. */
import { counted } from "@aedev/contracts";

import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import {
  type Alternative,
  type CheckKind,
  type DetectionFiles,
  escapedText,
  fileText,
  type Part,
  type SettingReason,
  unprovenNote,
  unreadableFiles,
} from "./finding.ts";
import { isJsonObject } from "./json-object.ts";
import { proposeNode } from "./node-alternatives.ts";
import { hasEmptyTestFile } from "./node-build.ts";
import { findPackages, type Packages } from "./node-packages.ts";
import { perTestCommand, readTestScript, type ScriptReading } from "./node-script.ts";
import { scriptParts } from "./script-parts.ts";
import { testFiles, testGlobs } from "./test-globs.ts";
import { workflowHints } from "./workflow.ts";
import { readPackageTests } from "./workspace-tests.ts";

const mochaGlobsMax = 4;
const manifestSchema = z.record(z.string(), z.unknown());
/** Modules that test files import, and the command that runs such files. */
const importers: readonly { module: string; command: string; runner: string; checks: CheckKind }[] = [
  { module: "node:test", command: "node --test", runner: "node:test", checks: "per-test" },
  { module: "vitest", command: "npx vitest run", runner: "vitest", checks: "per-test" },
  { module: "tape", command: "npx tape", runner: "tape", checks: "per-test" },
  { module: "ava", command: "npx ava", runner: "ava", checks: "per-test" },
  { module: "tap", command: "npx tap", runner: "tap", checks: "per-test" },
  { module: "uvu", command: "npx uvu", runner: "uvu", checks: "per-test" },
];
/** Runners whose reports prove nothing. */
const unproven = new Set(["bun", "lab", "qunit"]);
/** Runners whose test files import nothing. */
const globals: readonly { module: string; command: string; runner: string; checks: CheckKind }[] = [
  { module: "vitest", command: "npx vitest run", runner: "vitest", checks: "per-test" },
  { module: "mocha", command: "npx mocha", runner: "mocha", checks: "per-test" },
  { module: "jest", command: "npx jest", runner: "jest", checks: "per-test" },
  { module: "jasmine", command: "npx jasmine", runner: "jasmine", checks: "per-test" },
];

/** Null if there is no package.json at the top. */
export function findNode(base: DetectionFiles): Part | null {
  if (!base.paths.includes("package.json")) return null;
  const manifest = manifestSchema.safeParse(parseJson(fileText(base, "package.json")));
  if (!manifest.success) {
    const notes = unreadableFiles(base, ["package.json"]);
    return {
      language: "node",
      tools: [],
      settings: {},
      checks: "none",
      reasons: [],
      notes: notes.length > 0 ? notes : ["package.json is not a JSON object; it was not used"],
    };
  }
  const { scripts, notes } = scriptsOf(manifest.data);
  const packages = findPackages(base, manifest.data, scripts);
  const ofPackages = readPackageTests(base, { script: scripts.get("test"), find: findNode });
  const {
    reading: tested,
    build,
    alternatives,
  } = proposeNode(base, {
    scripts,
    manifest: manifest.data,
    reading: ofPackages?.reading ?? readTestScript(scripts),
    folders: ofPackages?.folders ?? [],
    byFiles: byTestFiles(base, manifest.data) ?? byWorkflow(base, scripts),
    outputs: packages.outputs,
    hasEmptyFiles: hasEmptyTestFile(base),
  });
  const globs = testGlobs(base.paths, "node");
  const reasons: SettingReason[] = [...packages.reasons];
  if (tested !== null) reasons.push({ setting: "verify", why: tested.why }, { setting: "tests", why: globs.why });
  return {
    language: "node",
    tools: [packages.manager, ...(tested?.runner == null ? [] : [tested.runner])],
    settings: {
      prepare: packages.prepare,
      inputs: [...packages.inputs],
      outputs: [...(build?.outputs ?? packages.outputs)],
      ...(build === null ? {} : { build: build.build }),
      ...(tested === null ? {} : { verify: [tested.command, ...(tested.more ?? [])], tests: globs.tests }),
    },
    checks: tested?.checks ?? "none",
    isPreparedAtTop: packages.isPreparedAtTop,
    reasons,
    alternatives: [...alternatives, ...(tested === null ? [] : otherFetches(packages))],
    notes: [
      ...notes,
      ...packages.notes,
      ...(tested?.notes ?? ["package.json has no test script, and no test file of a known runner was found"]),
      ...(tested?.runner?.split(", ").some((name) => unproven.has(name)) === true && tested.checks === "per-test"
        ? [unprovenNote]
        : []),
      ...(build === null ? buildNote(scripts) : [builtNote]),
    ],
  };
}

function otherFetches({ withoutPeerCheck, unlocked, registryOnly }: Packages): Alternative[] {
  const ways = [
    { why: "without npm's check that peers fit each other", prepare: withoutPeerCheck, isForFetch: true },
    { why: "what package.json names, without the lockfile", prepare: unlocked, isForFetch: false },
    { why: "without the packages that are not from a registry", prepare: registryOnly, isForFetch: true },
  ];
  return ways.flatMap(({ why, prepare, isForFetch }) =>
    prepare === null
      ? []
      : [{ why, settings: { prepare }, ...(isForFetch ? { only_if_fetch_failed: true as const } : {}) }],
  );
}

function scriptsOf(manifest: Readonly<Record<string, unknown>>): { scripts: Map<string, string>; notes: string[] } {
  const { scripts } = manifest;
  if (scripts === undefined) return { scripts: new Map(), notes: [] };
  if (!isJsonObject(scripts))
    return { scripts: new Map(), notes: ["the scripts of package.json are not an object; they were not used"] };
  const texts = Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const odd = Object.keys(scripts).length - texts.length;
  return {
    scripts: new Map(texts),
    notes: odd === 0 ? [] : [`ignored ${counted(odd, "script")} of package.json: not text`],
  };
}

function byTestFiles(
  base: DetectionFiles,
  manifest: Readonly<Record<string, unknown>>,
): ReturnType<typeof readTestScript> {
  const files = testFiles(base.paths, "node");
  const declared = isJsonObject(manifest["devDependencies"]) ? manifest["devDependencies"] : {};
  const importing = importers.filter(({ module }) =>
    files.some((path) => new RegExp(`['"]${module}['"]`, "u").test(fileText(base, path) ?? "")),
  );
  // A few test files may use Node's own runner although the project has another.
  const imported = importing.find(({ module }) => Object.hasOwn(declared, module)) ?? importing[0];
  const found =
    imported ?? (files.length === 0 ? undefined : globals.find(({ module }) => Object.hasOwn(declared, module)));
  if (found === undefined) return null;
  const { runner, checks, module } = found;
  const command =
    runner === "mocha"
      ? `${found.command}${mochaFiles(base, manifest)}`
      : runner === "tape"
        ? `${found.command} ${tapeFiles(files)}`
        : found.command;
  const why = `${imported === undefined ? `package.json names ${module}` : `test files import ${module}`}, e.g. ${escapedText(files[0] ?? "")}`;
  const notes =
    checks === "per-test"
      ? []
      : [`${runner} gives only an exit code here, no results of single tests: changes need your approval`];
  return { command, runner, checks, why, notes };
}

/** The arguments with which mocha finds the tests; empty if its settings name them or they are in its default place. */
function mochaFiles({ paths }: DetectionFiles, manifest: Readonly<Record<string, unknown>>): string {
  const isConfigured =
    manifest["mocha"] !== undefined || paths.some((path) => /^(?:\.mocharc\.\w+|test\/mocha\.opts)$/u.test(path));
  if (isConfigured || paths.some((path) => /^test\/[^/]+\.[cm]?js$/u.test(path))) return "";
  const files = testFiles(paths, "node");
  if (files.some((path) => /^test\/.*\.[cm]?js$/u.test(path))) return " --recursive";
  const globs = files.flatMap((path) => {
    const [, top, kind] = /^([\w.@-]+)\/.*(\.(?:test|spec)\.[cm]?js)$/u.exec(path) ?? [];
    return top === undefined ? [] : [` '${top}/**/*${kind}'`];
  });
  return [...new Set(globs)].slice(0, mochaGlobsMax).join("");
}

/** tape finds no file by itself. */
function tapeFiles(files: readonly string[]): string {
  const scripts = files.filter((path) => /^[\w.@/-]+\.[cm]?js$/u.test(path));
  const tops = scripts.map((path) => (path.includes("/") ? `'${path.replace(/\/.*$/u, "/**/*.js")}'` : path));
  const globs = [...new Set(tops)].slice(0, mochaGlobsMax);
  return globs.length === 0 ? "'test/**/*.js'" : globs.join(" ");
}

const builtNote =
  "its tests import what only a build makes, so it is built first: each change is fetched and built separately, which needs the registry in each run";

/** The script for tests that a workflow runs, if neither a test script nor a test file tells. */
function byWorkflow(base: DetectionFiles, scripts: ReadonlyMap<string, string>): ScriptReading | null {
  const names = workflowHints(base).scripts.filter((name) => scripts.has(name) && /test|spec|unit/u.test(name));
  for (const name of names) {
    const commands = scriptParts(new Map([...scripts, ["test", scripts.get(name) ?? ""]]));
    const [found] = commands.flatMap((command) => perTestCommand(command) ?? []);
    if (found !== undefined)
      return { ...found, checks: "per-test", why: `a workflow runs the script ${escapedText(name)}`, notes: [] };
  }
  return null;
}

/** If tests don't import a build's output by path, nobody can tell whether they need the build. */
function buildNote(scripts: ReadonlyMap<string, string>): string[] {
  const build = scripts.get("build");
  if (build === undefined || /npm run build|prebuild/u.test(scripts.get("test") ?? "") || scripts.has("pretest"))
    return [];
  return [
    `package.json has a build script (${escapedText(build)}) that is not run; if the tests need its output: --build "npm run build" --outputs node_modules,FOLDER`,
  ];
}

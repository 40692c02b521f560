/** Decides whether a Node project must be built before its tests, by which script, and into which folders. Pure. */
import { posix } from "node:path";
import type { RepositorySettings } from "@aedev/contracts";
import { type DetectionFiles, fileText } from "./finding.ts";
import { isJsonObject } from "./json-object.ts";
import { testFiles } from "./test-globs.ts";
import { workflowHints } from "./workflow.ts";

export type Build = Pick<RepositorySettings, "build" | "outputs">;

const outputsMax = 20;
const folder = /^\/?(?:\.\/)?([\w.@-]+)\/?$/u;
const imported = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]{1,200})["']/gu;

/**
 * True if test files import something that git lacks: a folder made by a build (`../dist/index.js`), the project's top (`..`) whose manifest points there, or
 * an ignored file; or if a command names an ignored folder (`mocha out/test`).
 */
export function needsBuild(
  base: DetectionFiles,
  manifest: Readonly<Record<string, unknown>>,
  commands: readonly string[],
): boolean {
  const has = (place: string) => base.paths.some((path) => path.startsWith(`${place}/`));
  const { main, exports } = manifest;
  const entries = entryFolders([main ?? exports]);
  const made = new Set(entryFolders(entryFields(manifest)).filter((place) => !has(place)));
  const isTopMade = entries.length > 0 && entries.every((place) => made.has(place));
  if (namesIgnored(base, commands)) return true;
  return testFiles(base.paths, "node").some((path) => {
    const up = "../".repeat(path.split("/").length - 1) || "./";
    return [...(fileText(base, path) ?? "").matchAll(imported)].some(([, name = ""]) => {
      if (!name.startsWith(up)) return isTopMade && `${name}/` === up;
      const first = /^([\w.@-]+)\/./u.exec(name.slice(up.length))?.[1];
      return first === undefined ? isTopMade && name === up : made.has(first);
    });
  });
}

/** Whether tests, or their commands, name something at the top that git ignores and lacks. */
function namesIgnored(base: DetectionFiles, commands: readonly string[]): boolean {
  const present = new Set(["node_modules", ...base.paths.map((path) => path.split("/", 1).join(""))]);
  const missing = new Set(ignoredNames(base).filter((name) => !present.has(name)));
  const isMissing = (name: string) => missing.has(name) || missing.has(`${name}.js`);
  const parts = commands.flatMap((command) => command.split(/[\s"'=]+/u));
  if (parts.some((part) => isMissing(/^(?:\.\/)?([\w.@-]+)\/./u.exec(part)?.[1] ?? ""))) return true;
  return testFiles(base.paths, "node").some((path) =>
    [...(fileText(base, path) ?? "").matchAll(imported)].some(([, name = ""]) => {
      const place = /^\.\.?\//u.test(name) ? posix.join(posix.dirname(path), name) : "";
      return isMissing(place.split("/", 1).join(""));
    }),
  );
}

/** Plain names at the top that .gitignore lists. */
function ignoredNames(base: DetectionFiles): string[] {
  return (fileText(base, ".gitignore") ?? "").split("\n").flatMap((line) => folder.exec(line.trim())?.[1] ?? []);
}

const entryFields = ({ main, module, types, bin, exports }: Readonly<Record<string, unknown>>) => [
  main,
  module,
  types,
  bin,
  exports,
];
const entryFolders = (fields: unknown): string[] =>
  textsIn(fields).flatMap((path) => /^(?:\.\/)?([\w.@-]+)\/./u.exec(path)?.[1] ?? []);

const testName = /\.(?:test|spec)\.[cm]?[jt]sx?$/u;
/** Only at the start of a line, because texts contain these words too. */
const testCall =
  /^[ \t]*(?:(?:await|void|return)[ \t]+)?(?:\w{1,40}\.)?(?:it|test|describe|suite|bench)\b[\w.]*[ \t]*[(`<]/mu;

/** True if one of the sampled test files has code but neither a test nor a group of tests. */
export function hasEmptyTestFile(base: DetectionFiles): boolean {
  return testFiles(base.paths, "node")
    .filter((path) => testName.test(path))
    .map((path) => fileText(base, path) ?? "")
    .some((text) => text.trim() !== "" && !testCall.test(text));
}

/** The script that builds what tests may need, and the folders that it may make: ignored ones and those in the manifest. */
export function buildOf(
  base: DetectionFiles,
  known: {
    scripts: ReadonlyMap<string, string>;
    manifest: Readonly<Record<string, unknown>>;
    folders: readonly string[];
    outputs: readonly string[];
  },
): Build | null {
  const hinted = workflowHints(base).scripts.filter((script) =>
    /^(?:build|compile|generate|codegen|bundle|dist)/u.test(script),
  );
  const name = ["build", "pretest", "prepare", "compile", ...hinted].find((script) =>
    isBuild(known.scripts.get(script)),
  );
  if (name === undefined) return null;
  const ignored = ignoredNames(base);
  const named = entryFolders(entryFields(known.manifest));
  const inPackages = known.folders.flatMap((one) => ignored.map((place) => `${one}/${place}`));
  const places = [...new Set([...named, ...ignored, ...inPackages])].filter(
    (path) =>
      !path.includes("*") &&
      !/(?:^|\/)(?:\.|node_modules|coverage)[^/]*$/u.test(path) &&
      !base.paths.some((other) => other === path || other.startsWith(`${path}/`)),
  );
  return { build: `npm run ${name}`, outputs: [...known.outputs, ...places.slice(0, outputsMax)] };
}

function isBuild(script: string | undefined): boolean {
  return script !== undefined && !/husky|simple-git-hooks|lefthook|lint|patch-package/u.test(script);
}

/** How many levels of a manifest's conditions are read; people write three. */
const levelsMax = 20;
function textsIn(value: unknown, level = 0): string[] {
  if (typeof value === "string") return [value];
  if (level === levelsMax) return [];
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return inner.flatMap((one) => textsIn(one, level + 1));
}

/** What else to try for a Node project if the first proposal is not green with results of single tests: its runner without what surrounds it, a build before it, the whole script. Pure. */
import type { RepositorySettings } from "@aedev/contracts";
import type { Alternative, DetectionFiles } from "./finding.ts";
import { escaped, fileText } from "./finding.ts";
import { isJsonObject } from "./json-object.ts";
import { perTestCommand, type ScriptReading } from "./node-script.ts";
import { scriptParts } from "./script-parts.ts";

const commandsMax = 4;
const outputsMax = 20;
const folder = /^\/?(?:\.\/)?([\w.@-]+)\/?$/u;

export interface NodeProposal {
  readonly reading: ScriptReading | null;
  readonly alternatives: readonly Alternative[];
}

/** `reading`: what the test script says, null if nothing; `folders`: of the packages whose tests it runs; `byFiles`: the runner that the test files import. */
export function proposeNode(
  base: DetectionFiles,
  known: {
    scripts: ReadonlyMap<string, string>;
    manifest: Readonly<Record<string, unknown>>;
    reading: ScriptReading | null;
    byFiles: ScriptReading | null;
    folders: readonly string[];
    outputs: readonly string[];
  },
): NodeProposal {
  const { scripts } = known;
  const plainly = <T extends { readonly command: string }>(one: T): T => ({
    ...one,
    command: withoutCoverage(one.command, known.manifest),
  });
  // Each package of a workspace has done it for itself.
  const isOfPackages = known.folders.length > 0;
  const reading = known.reading === null || isOfPackages ? known.reading : plainly(known.reading);
  const byFiles = known.byFiles === null ? null : plainly(known.byFiles);
  const { commands, isTakenApart } = scriptParts(scripts);
  const found = commands
    .flatMap((command) => perTestCommand(command) ?? [])
    .map(plainly)
    .slice(0, commandsMax);
  const verify = [...new Set(found.map(({ command }) => command))];
  const others = commands.filter((command) => perTestCommand(command) === null).map(escaped);
  // A whole script with several runners gives the results of one of them at most.
  const isWeak = reading?.checks === "exit-code" || (reading?.command === "npm test" && verify.length > 1);
  const isStronger = reading !== null && isWeak && isTakenApart && verify.length > 0;
  const first: ScriptReading | null = !isStronger
    ? (reading ?? byFiles)
    : {
        ...reading,
        command: verify[0] ?? "",
        more: verify.slice(1),
        runner: found[0]?.runner ?? null,
        checks: "per-test",
        why: `${reading.why}; this is the part of it that gives single test results`,
        notes:
          others.length === 0 ? [] : [`not run: ${others.join("; ")}. To run them too, repeat --verify with npm test`],
      };
  const tests: Alternative[] = [
    ...(verify.length > 0 ? [{ why: "only the test runner", settings: { verify } }] : []),
    ...(byFiles === null || byFiles.checks !== "per-test"
      ? []
      : [{ why: byFiles.why, settings: { verify: [byFiles.command] } }]),
  ];
  const build = buildOf(base, known);
  const runs = first?.checks === "per-test" ? [first.command, ...(first.more ?? [])] : verify;
  const best = [...new Set([runs, ...tests.map(({ settings }) => settings.verify ?? [])].map(joined))];
  const built =
    build === null || best.length === 0
      ? []
      : tests.length > 0 || first?.checks === "per-test"
        ? [{ why: "with the build script first", settings: { ...build, verify: verify.length > 0 ? verify : runs } }]
        : [];
  // After the build, which the other runners may only lack.
  const partly =
    verify.length > 1 ? [{ why: "only the first test runner", settings: { verify: verify.slice(0, 1) } }] : [];
  const whole =
    first !== null && first.command !== "npm test" && reading !== null
      ? [{ why: "the whole test script", settings: { verify: ["npm test"] } }]
      : [];
  const own = first === null ? [] : [first.command, ...(first.more ?? [])];
  return { reading: first, alternatives: distinct([...tests, ...built, ...partly, ...whole], own) };
}

const tapCall = /(?<=^|\s|\/)tap(?=\s|$)(?!.*-coverage\b)/u;
/** The major version of node-tap whose option has another name. */
const tapRenamed = 18;

/** node-tap measures coverage by default; for that it deletes a folder at the top of the checkout, which is read-only, and a threshold is no test. */
function withoutCoverage(command: string, manifest: Readonly<Record<string, unknown>>): string {
  if (/^npm\s/u.test(command)) return command;
  const declared = isJsonObject(manifest["devDependencies"]) ? manifest["devDependencies"]["tap"] : undefined;
  const major = Number(/\d+/u.exec(typeof declared === "string" ? declared : "")?.[0] ?? tapRenamed);
  return command.replace(tapCall, `tap ${major < tapRenamed ? "--no-coverage" : "--disable-coverage"}`);
}

const joined = (commands: readonly string[]) => commands.join("\n");

/** Without those that are like the first proposal or like one before. */
function distinct(alternatives: readonly Alternative[], own: readonly string[]): Alternative[] {
  const seen = new Set([JSON.stringify([own, null])]);
  return alternatives.filter(({ settings }) => {
    const key = JSON.stringify([settings.verify, settings.build ?? null]);
    if (seen.has(key) || settings.verify?.length === 0) return false;
    seen.add(key);
    return true;
  });
}

/** The script that builds what tests may need, and the folders that it may make: those that git ignores and those that the manifest names. */
function buildOf(
  base: DetectionFiles,
  known: {
    scripts: ReadonlyMap<string, string>;
    manifest: Readonly<Record<string, unknown>>;
    folders: readonly string[];
    outputs: readonly string[];
  },
): Pick<RepositorySettings, "build" | "outputs"> | null {
  const name = ["build", "pretest", "prepare", "compile"].find((script) => isBuild(known.scripts.get(script)));
  if (name === undefined) return null;
  const ignored = (fileText(base, ".gitignore") ?? "")
    .split("\n")
    .flatMap((line) => folder.exec(line.trim())?.[1] ?? []);
  const { main, module, types, bin, exports } = known.manifest;
  const named = textsIn([main, module, types, bin, exports]).flatMap(
    (path) => /^(?:\.\/)?([\w.@-]+)\/./u.exec(path)?.[1] ?? [],
  );
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

/** Levels of a manifest's conditions that are read; people write three. */
const levelsMax = 20;
function textsIn(value: unknown, level = 0): string[] {
  if (typeof value === "string") return [value];
  if (level === levelsMax) return [];
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return inner.flatMap((one) => textsIn(one, level + 1));
}

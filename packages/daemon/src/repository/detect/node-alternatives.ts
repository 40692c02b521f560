/** What else to try for a Node project if the first settings give no results of single tests: the bare runner, a build first, the whole script. Pure. */
import type { Alternative, DetectionFiles } from "./finding.ts";
import { escapedText } from "./finding.ts";
import { isJsonObject } from "./json-object.ts";
import { type Build, buildOf, needsBuild } from "./node-build.ts";
import { perTestCommand, type ScriptReading, withoutCoverageOptions } from "./node-script.ts";
import { asRunnerCall } from "./node-test-file.ts";
import { scriptParts } from "./script-parts.ts";

const commandsMax = 4;

export interface NodeProposal {
  readonly reading: ScriptReading | null;
  /** The build that must come before the tests; null if nothing shows that they need one. */
  readonly build: Build | null;
  readonly alternatives: readonly Alternative[];
}

/** `reading`: the test script's content, or null. `folders`: packages whose tests it runs. `byFiles`: the runner that test files import. */
interface KnownProject {
  scripts: ReadonlyMap<string, string>;
  manifest: Readonly<Record<string, unknown>>;
  reading: ScriptReading | null;
  byFiles: ScriptReading | null;
  folders: readonly string[];
  outputs: readonly string[];
  /** Whether a file with a test's name contains no test. */
  hasEmptyFiles: boolean;
}

export function proposeNode(base: DetectionFiles, known: KnownProject): NodeProposal {
  const { first, reading, byFiles, verify, runner } = readScripts(base, known);
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
  // Tried after the build, since the other runners may lack only that.
  const partly =
    verify.length > 1 ? [{ why: "only the first test runner", settings: { verify: verify.slice(0, 1) } }] : [];
  const whole =
    first !== null && first.command !== "npm test" && reading !== null
      ? [{ why: "the whole test script", settings: { verify: ["npm test"] } }]
      : [];
  const own = first === null ? [] : [first.command, ...(first.more ?? [])];
  const [afterBuild] = built;
  if (
    first !== null &&
    build !== null &&
    afterBuild !== undefined &&
    needsBuild(base, known.manifest, [...runs, ...verify])
  ) {
    const [command = "", ...more] = afterBuild.settings.verify;
    const after: ScriptReading = { ...first, command, more, runner: runner ?? first.runner, checks: "per-test" };
    const others = [{ why: "without the build", settings: { build: null, outputs: [...known.outputs], verify: own } }];
    return {
      reading: after,
      build,
      alternatives: distinctAlternatives([...others, ...tests, ...partly, ...whole], [command, ...more], build),
    };
  }
  return {
    reading: first,
    build: null,
    alternatives: distinctAlternatives([...tests, ...built, ...partly, ...whole], own),
  };
}

/** The first command to try, and the scripts' commands that give results of single tests. */
function readScripts(base: DetectionFiles, known: KnownProject) {
  const plainly = <T extends { readonly command: string }>(one: T): T => ({
    ...one,
    command: withEmptyFiles(withoutCoverage(one.command, known.manifest), known.hasEmptyFiles),
  });
  // Each package of a workspace was handled on its own already.
  const isOfPackages = known.folders.length > 0;
  const reading = known.reading === null || isOfPackages ? known.reading : plainly(known.reading);
  const byFiles = known.byFiles === null ? null : plainly(known.byFiles);
  const commands = scriptParts(known.scripts).map((command) => asRunnerCall(base, command));
  const found = commands
    .flatMap((command) => perTestCommand(command) ?? [])
    .map(plainly)
    .slice(0, commandsMax);
  const verify = withoutParts([...new Set(found.map(({ command }) => command))]);
  const others = commands.filter((command) => perTestCommand(command) === null).map(escapedText);
  const runner = found[0]?.runner ?? null;
  const first = strongerPart(reading, { verify, others, runner }) ?? reading ?? byFiles;
  return { first, reading, byFiles, verify, runner };
}

/** The commands of a script that give results of single tests, if the whole script does not; null if it does. */
function strongerPart(
  reading: ScriptReading | null,
  { verify, others, runner }: { verify: string[]; others: readonly string[]; runner: ScriptReading["runner"] },
): ScriptReading | null {
  const [command, ...more] = verify;
  if (reading === null || command === undefined) return null;
  // A script with several runners gives the results of one of them at most.
  if (reading.checks !== "exit-code" && !(reading.command === "npm test" && more.length > 0)) return null;
  return {
    ...reading,
    ...{ command, more, runner },
    checks: "per-test",
    why: `${reading.why}; this is the part of it that gives single test results`,
    notes: others.length === 0 ? [] : [`not run: ${others.join("; ")}. To run them too, repeat --verify with npm test`],
  };
}

const tapCall = /(?<=^|\s|\/)tap(?=\s|$)(?!.*-coverage\b)/u;
/** The major version in which node-tap renamed the option. */
const tapRenamed = 18;

/** node-tap measures coverage by default: it would delete a folder in the read-only checkout, and a threshold is not a test. */
function withoutCoverage(command: string, manifest: Readonly<Record<string, unknown>>): string {
  if (/^npm\s/u.test(command)) return command;
  const plain = withoutCoverageOptions(command);
  if (plain !== command) return plain;
  const declared = isJsonObject(manifest["devDependencies"]) ? manifest["devDependencies"]["tap"] : undefined;
  const major = Number(/\d+/u.exec(typeof declared === "string" ? declared : "")?.[0] ?? tapRenamed);
  return command.replace(tapCall, `tap ${major < tapRenamed ? "--no-coverage" : "--disable-coverage"}`);
}

/** vitest fails on a file without tests (such as shared cases) unless this option is given. The report shows tests that a change removes. */
function withEmptyFiles(command: string, hasEmptyFiles: boolean): string {
  const isMeant = hasEmptyFiles && /^(?:npx\s|node\s)?.*\bvitest\b.*\s(?:run|--run)(?:\s|$)/u.test(command);
  return isMeant && !command.includes("--passWithNoTests") ? `${command} --passWithNoTests` : command;
}

/** Drops calls that only name files, if another call runs all tests with the same runner. Options can mean other tests, so such calls stay. */
function withoutParts(commands: readonly string[]): string[] {
  return commands.filter(
    (command) =>
      !commands.some(
        (whole) =>
          /^npx (?:jest|vitest run)$/u.test(whole) &&
          command.startsWith(`${whole} `) &&
          !/\s-/u.test(command.slice(whole.length)),
      ),
  );
}

const joined = (commands: readonly string[]) => commands.join("\n");

/** Drops settings that equal the first proposal or an earlier one. */
function distinctAlternatives(
  alternatives: readonly Alternative[],
  own: readonly string[],
  build: Build | null = null,
): Alternative[] {
  const seen = new Set([JSON.stringify([own, build?.build ?? null])]);
  return alternatives.filter(({ settings }) => {
    const key = JSON.stringify([settings.verify, settings.build ?? null]);
    if (seen.has(key) || settings.verify?.length === 0) return false;
    seen.add(key);
    return true;
  });
}

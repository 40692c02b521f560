/**
 * Measures which changed code the tests run (SECURITY T26; ADR 0020): the changed files get probes, each of which reports to a pipe of ours when its way
 * through the code is taken, and the change's tests run once on them. Only the probes' reports count in that run, so it can record other things too. Contract:
 * coverage never fails the checks; a way that is not reported was not taken.
 *
 * Folder: which ways through changed code the tests take.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boundedCoverage, type Coverage, Fault, type TestMatrix, type UncoverableReason } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { readablePath } from "@aedev/languages";
import type { Language } from "@aedev/languages/language";
import { type Place, placesMax, unreached } from "@aedev/languages/shared/probing";
import { z } from "zod";
import type { RunnerContext } from "../../engine/context.ts";
import type { Mount } from "../../engine/engine.ts";
import { randomName } from "../../engine/random-name.ts";
import { type CheckEntries, type CheckEntry, writeBlob } from "../../tree/check-tree.ts";
import type { CommandPlan } from "../command/plan.ts";
import type { PreparedOutputs } from "../pass/cell-outputs.ts";
import { type CheckContext, type CommandPass, runPass } from "../pass/pass.ts";
import type { TestedChange } from "../proof/proof.ts";
import { openPipe } from "../record/pipe.ts";
import { type ChangedCode, changedCode } from "./changed-code.ts";

const filesMax = 100;
const fileBytesMax = 512 * 1024;
const childBounds = { timeoutMs: 30_000, memoryMegabytes: 768, answerBytesMax: 128 * 1024 * 1024 };
/** A run with probes is slower. It may take this many times as long as the run without. */
const slowness = 3;
const startMs = 30_000;

/** A run of the change's tests on code with probes. Close it with `await using`. */
export interface CoverageRun extends AsyncDisposable {
  /** The candidate's tree, with probes in changed files. */
  entries: CheckEntries;
  /** Built from `entries`. */
  outputs: PreparedOutputs | null;
  mounts: readonly Mount[];
  timeoutMs: number;
  /** Tells the run that these commands already ran on `entries` with `mounts`. */
  noteRun(plans: readonly CommandPlan[], passes: readonly CommandPass[]): void;
  /** Runs the remaining commands and returns what was measured. */
  finish(context: RunnerContext): Promise<Coverage | UncoverableReason>;
}
type OpenedCoverage =
  | { kind: "run"; run: CoverageRun }
  /** Nothing needs to run. `found`: the coverage, or why it is not measured. */
  | { kind: "done"; found: Coverage | UncoverableReason };

const probedSchema = z.union([
  z.strictObject({
    text: z.string(),
    places: z
      .array(
        z.strictObject({
          line: z.int(),
          kind: z.enum(["statement", "true", "false", "evaluated", "skipped", "default"]),
          isMinor: z.boolean(),
          range: z.tuple([z.int(), z.int()]),
          token: z.string(),
        }),
      )
      .max(placesMax),
  }),
  z.enum(["too-large", "unreadable"]),
]);
interface Probed {
  path: string;
  language: Language;
  text: string;
  places: readonly Place[];
}

/** Prepares the run. */
export async function openCoverage(request: TestedChange): Promise<OpenedCoverage> {
  const done = (found: Coverage | UncoverableReason): OpenedCoverage => ({ kind: "done", found });
  const { checkContext, candidate, matrix } = request;
  const files = await changedCode(checkContext, request);
  if (files.length === 0) return done("no-code");
  const known = files.filter(({ language }) => language !== null);
  if (known.length === 0) return done("language");
  const plans = checkContext.plans.filter(({ runner }) => known.some(({ language }) => runsLanguage(runner, language)));
  if (plans.length === 0) return done("no-runner");
  if (isRed(matrix)) return done("not-green");
  const folder = join(checkContext.work, randomName());
  mkdirSync(folder, { mode: 0o755 });
  const [target, name] = [`/usr/local/share/${randomName()}`, randomName()];
  const { probed, unmeasured } = await probeFiles(files, `${target}/${name}`);
  const places = probed.flatMap((file) => file.places);
  if (places.length === 0) return done(boundedCoverage({ changed_lines: 0, covered_lines: 0, ways: [], unmeasured }));
  const entries = new Map<string, CheckEntry>(candidate);
  for (const { path, text } of probed) {
    const entry = entries.get(path);
    if (entry !== undefined) entries.set(path, { ...entry, id: await writeBlob(checkContext.objects, text) });
  }
  const outputs = await outputsFor(checkContext, entries);
  if (outputs === "not-built") return done("not-built");
  const reached = new Set<string>();
  const pipe = openPipe(join(folder, name), readTokens(new Set(places.map(({ token }) => token)), reached));
  const mounts = [{ source: folder, target, readOnly: true }];
  const cell = matrix.cells["new-tests-new-code"];
  const longest = Math.max(0, ...cell.commands.map(({ duration_ms: ms }) => ms));
  const timeoutMs = Math.min(checkContext.limits.check_timeout_ms, startMs + slowness * longest);
  const ranPlans = new Set<CommandPlan>();
  let failed: readonly CommandPlan[] = [];
  let isFinished = true;
  const noteRun: CoverageRun["noteRun"] = (those, passes) => {
    for (const plan of those) ranPlans.add(plan);
    isFinished &&= passes.every(isWhole);
    // A test that fails by chance skips the code after its failure.
    failed = those.filter(
      (_, index) => passes[index] !== undefined && isWhole(passes[index]) && passes[index].result.exitCode !== 0,
    );
  };
  const run: CoverageRun = {
    entries,
    outputs,
    mounts,
    timeoutMs,
    noteRun,
    [Symbol.asyncDispose]: () => pipe.close(),
    async finish(context) {
      const waysOf = () =>
        probed.flatMap(({ path, places: own }) =>
          unreached(own, reached).map(({ line, kind, isMinor }) => ({ path, line, kind, is_minor: isMinor })),
        );
      const isAgain = () => failed.length > 0 && waysOf().length > 0;
      const rest = plans.filter((plan) => !ranPlans.has(plan) || (failed.includes(plan) && isAgain()));
      if (rest.length > 0) {
        checkContext.progress("checks: which changed code the tests run");
        const { outputsOf: _own, ...shared } = checkContext;
        const limits = { ...shared.limits, check_timeout_ms: timeoutMs };
        const passes = await runPass(
          { ...shared, outputs, plans: rest, limits },
          { entries, withSentinels: false, mounts },
          context,
        );
        noteRun(rest, passes);
      }
      await pipe.close();
      const ways = waysOf();
      if (!isFinished && ways.length > 0) return "not-finished";
      return boundedCoverage({ ...linesOf(probed, reached), ways, unmeasured });
    },
  };
  return { kind: "run", run };
}

/** True if a way through the changed file is taken by no test; null if that was not measured. */
export function missedIn(path: string, covered: Coverage | UncoverableReason): boolean | null {
  if (typeof covered === "string" || covered.unmeasured.some((file) => file.path === path)) return null;
  return covered.ways.some((way) => way.path === path && !way.is_minor);
}

/** True if the command ended on its own. */
function isWhole({ result }: { result: { timedOut: boolean; stopped: string | null } }): boolean {
  return !result.timedOut && result.stopped === null;
}

/** True if the command may run code of the language. */
export function runsLanguage(runner: CommandPlan["runner"], language: Language | null): boolean {
  if (runner === null || language === null) return false;
  return runner.name === "junit" || (runnersOf.get(language.name)?.(runner) ?? false);
}
const runnersOf = new Map<string, (runner: NonNullable<CommandPlan["runner"]>) => boolean>([
  ["javascript", ({ isNode }) => isNode],
  ["python", ({ name }) => name === "pytest" || name === "unittest"],
  ["go", ({ name }) => name === "go"],
]);

/** True if a command that succeeds on the base fails with the change. */
function isRed({ cells }: TestMatrix): boolean {
  const own = cells["new-tests-new-code"];
  const base = cells["old-tests-old-code"];
  return !own.ran || own.commands.some(({ exit_code: code }, at) => code !== 0 && base.commands[at]?.exit_code === 0);
}

async function outputsFor(
  { outputs, outputsOf }: CheckContext,
  entries: CheckEntries,
): Promise<PreparedOutputs | null | "not-built"> {
  if (outputsOf === undefined) return outputs;
  try {
    return await outputsOf(entries);
  } catch (error) {
    if (error instanceof Fault && error.code === "HOLD-PREPARE-FAILED") return "not-built";
    throw error;
  }
}

async function probeFiles(
  files: readonly ChangedCode[],
  channel: string,
): Promise<{ probed: Probed[]; unmeasured: Coverage["unmeasured"] }> {
  const unmeasured: Coverage["unmeasured"] = [];
  const fitting: (ChangedCode & { language: Language })[] = [];
  for (const { language, ...file } of files) {
    if (language === null) unmeasured.push({ path: pathOf(file.path), why: "language" });
    else if (file.bytes > fileBytesMax || fitting.length === filesMax)
      unmeasured.push({ path: pathOf(file.path), why: "too-large" });
    else fitting.push({ ...file, language });
  }
  const script = fileURLToPath(new URL("./probe-child.ts", import.meta.url));
  const asked = fitting.map(({ path, language, text, lines }) => ({
    grammar: readablePath(path, language),
    text,
    lines,
  }));
  const answers = (await runBoundedChild(script, { channel, files: asked }, childBounds)).stdout.split("\n");
  const probed = fitting.flatMap((file, index): Probed[] => {
    const answer = probedSchema.safeParse(parseJson(answers[index] ?? "")).data ?? "unreadable";
    if (typeof answer === "string") {
      unmeasured.push({ path: pathOf(file.path), why: answer });
      return [];
    }
    const places = answer.places.map((one) => ({ ...one, isMinor: one.isMinor || isMovedPart(one, file) }));
    return [{ path: file.path, language: file.language, text: answer.text, places }];
  });
  return { probed, unmeasured };
}

/** True for a way, other than a statement, that lies entirely within a line that only moved. */
export function isMovedPart(
  { kind, line, range }: Pick<Place, "kind" | "line" | "range">,
  { text, isMoved }: Pick<ChangedCode, "text" | "isMoved">,
): boolean {
  if (kind === "statement" || !isMoved(line)) return false;
  const lines = text.slice(0, range[1]).split("\n");
  return lines.length === line && (lines.at(-1) ?? "").length >= range[1] - range[0];
}

const pathOf = (path: string) => path.toWellFormed().slice(0, 1000);

/** Reads whole lines that are our tokens and ignores everything else. */
export function readTokens(known: ReadonlySet<string>, reached: Set<string>): (bytes: Buffer) => void {
  const longest = 64;
  let rest = "";
  return (bytes) => {
    const lines = (rest + bytes.toString("latin1")).split("\n");
    rest = (lines.pop() ?? "").slice(-longest);
    for (const line of lines) if (known.has(line)) reached.add(line);
  };
}

/** Counts changed lines with a place, and those of them whose places were all reached. */
function linesOf(
  probed: readonly Probed[],
  reached: ReadonlySet<string>,
): Pick<Coverage, "changed_lines" | "covered_lines"> {
  const lines = probed.flatMap(({ places }) => [...Map.groupBy(places, ({ line }) => line).values()]);
  const covered = lines.filter((places) => places.every(({ token }) => reached.has(token)));
  return { changed_lines: lines.length, covered_lines: covered.length };
}

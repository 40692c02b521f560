/**
 * Runs the change's tests on variants of its code, each of which leaves out one thing (ADR 0037): what they pass with all the same, no test needs. Contract: it
 * never fails the checks; what could not be tried is only counted.
 */
import { fileURLToPath } from "node:url";
import { Fault, type TestMatrix, type Unneeded } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { RunnerContext } from "../../engine/context.ts";
import { type CheckEntries, writeBlob } from "../../tree/check-tree.ts";
import { type ChangedCode, changedCode } from "../coverage/changed-code.ts";
import { runsLanguage } from "../coverage/coverage.ts";
import { type CheckContext, runPass } from "../pass/pass.ts";

const filesMax = 20;
const fileBytesMax = 256 * 1024;
const triedMax = 24;
/** Enough for a person to see that the tests are loose. */
const partsMax = 3;
/** No variant begins later. */
const timeMs = 75_000;
/** A variant may run for ever; so much longer than the code itself it may take. */
const slowness = 3;
const startMs = 10_000;
const childBounds = { timeoutMs: 20_000, memoryMegabytes: 512, answerBytesMax: 64 * 1024 * 1024 };

export interface UnneededRequest {
  checkContext: CheckContext;
  base: CheckEntries;
  /** The tree of new tests on new code. */
  candidate: CheckEntries;
  matrix: TestMatrix;
  isControl: (path: string) => boolean;
  /** Lines with a way that no test takes: what is there, no test needs anyway, and coverage tells it. */
  isMissed: (path: string, line: number) => boolean;
}

const variantsSchema = z.array(
  z.strictObject({ line: z.int(), before: z.string(), after: z.string(), text: z.string() }),
);
type Variant = z.infer<typeof variantsSchema>[number] & { path: string };

/** Null if there is nothing to run. */
export async function findUnneeded(request: UnneededRequest, context: RunnerContext): Promise<Unneeded | null> {
  const { checkContext, candidate, matrix } = request;
  const cell = matrix.cells["new-tests-new-code"];
  const isGreen =
    cell.ran && cell.commands.every(({ exit_code, incomplete }) => exit_code === 0 && incomplete === null);
  if (!isGreen) return null;
  const files = (await changedCode(checkContext, request)).filter(
    ({ language, bytes }) => language !== null && bytes <= fileBytesMax,
  );
  const plans = checkContext.plans.filter(({ runner }) => files.some(({ language }) => runsLanguage(runner, language)));
  const variants = plans.length === 0 ? [] : await variantsIn(files.slice(0, filesMax), request.isMissed);
  // Code that can't be read in time is not code that the tests need.
  if (variants === null) return { tried: 0, untried: files.length, parts: [] };
  if (variants.length === 0) return null;
  checkContext.progress("checks: running the tests on variants of the changed code");
  const began = performance.now();
  const longest = Math.max(0, ...cell.commands.map(({ duration_ms: ms }) => ms));
  const timeoutMs = Math.min(checkContext.limits.check_timeout_ms, startMs + slowness * longest);
  const { outputsOf, ...shared } = checkContext;
  const parts: Unneeded["parts"] = [];
  let tried = 0;
  for (const { path, line, before, after, text } of variants) {
    const isLate = performance.now() - began > timeMs - longest;
    if (tried === triedMax || parts.length === partsMax || isLate) break;
    tried += 1;
    const entry = candidate.get(path);
    if (entry === undefined) continue;
    const entries = new Map(candidate).set(path, { ...entry, id: await writeBlob(checkContext.objects, text) });
    try {
      const outputs = outputsOf === undefined ? shared.outputs : await outputsOf(entries);
      const limits = { ...shared.limits, check_timeout_ms: timeoutMs };
      const passes = await runPass({ ...shared, plans, outputs, limits }, { entries, withSentinels: false }, context);
      const isPassed = passes.every(
        ({ result }) => result.exitCode === 0 && !result.timedOut && result.stopped === null,
      );
      if (isPassed)
        parts.push({
          path: path.toWellFormed().slice(0, 1000),
          line,
          before: before.toWellFormed(),
          after: after.toWellFormed(),
        });
    } catch (error) {
      if (!(error instanceof Fault) || checkContext.signal?.aborted === true) throw error;
      // A variant that can't be built is one that fails; what else is missing now says nothing of the change.
      if (error.code !== "HOLD-PREPARE-FAILED") {
        tried -= 1;
        break;
      }
    }
  }
  return { tried, untried: variants.length - tried, parts };
}

/** One of each file at a time; null if the child that makes them did not answer for each file. */
async function variantsIn(
  files: readonly ChangedCode[],
  isMissed: UnneededRequest["isMissed"],
): Promise<Variant[] | null> {
  const script = fileURLToPath(new URL("./variants-child.ts", import.meta.url));
  const asked = files.map(({ path, text, lines }) => ({ path, text, lines }));
  const { stdout, end } = await runBoundedChild(script, asked, childBounds);
  if (end !== "done") return null;
  const answers = stdout.split("\n");
  const found = files.map(({ path }, index) => {
    const variants = variantsSchema.safeParse(parseJson(answers[index] ?? "")).data ?? [];
    return variants.filter(({ line }) => !isMissed(path, line)).map((variant) => ({ path, ...variant }));
  });
  const longest = Math.max(0, ...found.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => found.flatMap((list) => list.slice(index, index + 1))).flat();
}

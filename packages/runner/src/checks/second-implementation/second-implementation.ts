/**
 * Puts the change beside the code that another run made from the same specification without seeing it (ADR 0054): makes the calls of both runs' tests on
 * both, and runs the change's new tests on the other run's code. Contract: it never fails the checks; nothing of the other run's code gets into the changed tree.
 *
 * Folder: the change beside another run's code.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  leftOutCauses,
  noneLeftOut,
  type SecondImplementation,
  type TestMatrix,
  type Uncompared,
  type UnrecordedFile,
} from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import { randomName } from "../../engine/random-name.ts";
import { withPathsOf } from "../../tree/cells.ts";
import type { CheckEntries } from "../../tree/check-tree.ts";
import { testMatrix } from "../matrix/matrix.ts";
import { whyNotRun } from "../pass/run-with-texts.ts";
import { proof, type TestedChange } from "../proof/proof.ts";
import { recordedLanguages } from "../replay/bare-runs.ts";
import { callTrees } from "../replay/call-trees.ts";
import { instrumentFiles, recordCalls } from "../replay/record-calls.ts";
import { mergeCalls, type RecordedCalls } from "../replay/recorded-calls.ts";
import { repeatedTests } from "../replay/repeated-tests.ts";
import type { ReplayedCalls } from "../replay/replay.ts";
import { compareImplementations, summarize } from "./compare-implementations.ts";
import { findUsers } from "./find-users.ts";
import { newTestsOn } from "./new-tests.ts";

const nothing = {
  compared: 0,
  agreed: 0,
  cases: [],
  more: 0,
  tests_passed: 0,
  tests_failed: [],
  left_out: noneLeftOut,
};

/** Null if no other run made code. */
export const secondImplementation = proof({
  name: "second implementation",
  needs: { tested: testMatrix, repeated: repeatedTests },
  async prove({ work, isControl, readSides }, { tested, repeated }, context): Promise<SecondImplementation | null> {
    if (work.independent === undefined) return null;
    const none = (why: NonNullable<SecondImplementation["why_none"]>) => ({ ...nothing, why_none: why });
    const { checkContext, base, matrix } = tested;
    if (!isGreen(matrix)) return none("checks-not-green");
    try {
      // The patch, on the base that the change has now.
      const sides = await readSides({ base_commit: work.base_commit, patch: work.independent.patch });
      const other = withPathsOf(sides.candidate, base, isControl);
      const tests = await newTestsOn(other, tested, context);
      const calls = await compareCalls(other, { tested, repeated }, context);
      if (typeof calls === "string" && tests.tests_passed + tests.tests_failed.length === 0) return none(calls);
      if (calls === "no-calls") return { ...nothing, ...tests };
      const lost = calls === "unavailable" ? { ...nothing, left_out: { ...noneLeftOut, unlisted: 1 } } : calls;
      return { ...lost, ...tests, left_out: sum([lost.left_out, tests.left_out]) };
    } catch (error) {
      whyNotRun(error, checkContext);
      return none("unavailable");
    }
  },
  evidence: (found) => ({ "second-implementation": found }),
});

function sum(all: readonly Uncompared[]): Uncompared {
  const total = { ...noneLeftOut };
  for (const one of all) for (const cause of leftOutCauses) total[cause] += one[cause];
  return total;
}

function isGreen({ cells }: TestMatrix): boolean {
  const cell = cells["new-tests-new-code"];
  return cell.ran && cell.commands.every(({ exit_code, incomplete }) => exit_code === 0 && incomplete === null);
}

/** Makes the calls of both runs' tests on both versions and on the base. */
async function compareCalls(
  other: CheckEntries,
  { tested, repeated }: { tested: TestedChange; repeated: ReplayedCalls },
  context: RunnerContext,
): Promise<Omit<SecondImplementation, "tests_passed" | "tests_failed"> | "no-calls" | "unavailable"> {
  const { checkContext, base, candidate } = tested;
  checkContext.progress("checks: calling both versions of the changed functions");
  const folder = join(checkContext.work, randomName());
  mkdirSync(folder, { mode: 0o700 });
  const hashSeed = `${1 + randomBytes(3).readUIntBE(0, 3)}`;
  const own = await recordOther({ ...tested, candidate: other }, { folder, hashSeed }, context);
  const all = mergeCalls([repeated.recorded, own?.recorded ?? null].filter((one) => one !== null));
  const { not_replayed: why, unrecorded } = repeated.replay;
  const files = [...unrecorded, ...(own?.unrecorded ?? [])].filter((file) => file.why === "too-many").length;
  const unlisted = all.unlisted + files + (why === "no-answer" || why === "not-built" ? 1 : 0);
  if (all.calls.length + unlisted === 0) return "no-calls";
  const go = recordedLanguages(all).includes("go") ? await prepareGoOf({ ...tested, other }) : null;
  const outcomes = await callTrees(
    checkContext,
    {
      trees: { base, candidate, other },
      recorded: all,
      others: { varied: [], explored: [] },
      go,
      folder,
      hashSeed,
      isEverywhere: false,
    },
    context,
  );
  if (outcomes === null || outcomes === "not-built") return "unavailable";
  const { functions, left_out } = compareImplementations(all.calls, outcomes);
  const differing = functions.filter((one) => one.differing > 0);
  const users = differing.length === 0 ? new Map() : await findUsers(differing, candidate, tested);
  const { unexplained, ...summary } = summarize(functions, users);
  const leftOut = sum([left_out, { ...noneLeftOut, unlisted, private: unexplained }]);
  const isNone = functions.length === 0 && leftOutCauses.every((cause) => leftOut[cause] === 0);
  return isNone ? "no-calls" : { ...summary, left_out: leftOut };
}

async function prepareGoOf(change: TestedChange & { other: CheckEntries }) {
  const { go } = await instrumentFiles({ ...change, variables: [], coverage: null }, `/var/tmp/${randomName()}`);
  return go.replay;
}

/** The calls that the other run's tests make of its own code. Null if they can't be recorded. */
async function recordOther(
  change: TestedChange,
  { folder, hashSeed }: { folder: string; hashSeed: string },
  context: RunnerContext,
): Promise<{ recorded: RecordedCalls; unrecorded: readonly UnrecordedFile[] } | null> {
  const request = { ...change, variables: [], coverage: null };
  const names = { folder: `/var/tmp/${randomName()}`, file: randomName() };
  const { texts: instrumented, go, unrecorded } = await instrumentFiles(request, `${names.folder}/${names.file}`);
  if (instrumented.size === 0) return null;
  const environment = { PYTHONHASHSEED: hashSeed };
  const options = { instrumented, added: go.replay?.added ?? new Map(), folder, names, environment };
  return { recorded: await recordCalls(request, options, context), unrecorded };
}

/**
 * Outside replay (THREATS T29, T30): records which calls the tests make of exported functions of changed JavaScript and TypeScript files, and makes them
 * again in bare processes without a test runner: as in the tests, in another place and environment, on other days, a hundred times over. Contract: it never
 * fails the checks; what can't be repeated is said.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NotReplayedReason, OutsideReplay, TestMatrix } from "@aedev/contracts";
import { runShell } from "../../engine/clean-container.ts";
import type { RunnerContext } from "../../engine/context.ts";
import type { Mount } from "../../engine/engine.ts";
import { makeFolder } from "../../prepare/archive.ts";
import type { CheckEntries } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";
import { checkout, sealCheckout } from "../pass/sealed-checkout.ts";
import { bareRuns, readOutcomes } from "./bare-runs.ts";
import { judgeCalls, type Outcomes } from "./judge-calls.ts";
import { instrumentFiles, type RecordingRequest, recordCalls } from "./record-calls.ts";
import type { RecordedCalls } from "./recorded-calls.ts";

const replayTimeoutMs = 60_000;
const processTimeoutMs = 8000;
const callAgain = readFileSync(new URL("./inside/call-again.cjs", import.meta.url), "utf8");
const startRuns = readFileSync(new URL("./inside/runs.cjs", import.meta.url), "utf8");

export async function replayCalls(
  request: RecordingRequest & { matrix: TestMatrix },
  context: RunnerContext,
): Promise<OutsideReplay> {
  const { checkContext, matrix } = request;
  const cell = matrix.cells["new-tests-new-code"];
  const isGreen =
    cell.ran && cell.commands.every(({ exit_code, incomplete }) => exit_code === 0 && incomplete === null);
  const plans = checkContext.plans.filter(({ runner }) => runner?.isNode === true);
  if (plans.length === 0) return nothing("no-runner");
  if (!isGreen) return nothing("checks-not-green");
  const names = { folder: `/var/tmp/${randomName()}`, file: randomName() };
  const instrumented = await instrumentFiles(request, `${names.folder}/${names.file}`);
  if (instrumented.size === 0) return nothing("no-functions");
  checkContext.progress("checks: calling changed functions again outside the tests");
  const folder = join(checkContext.work, randomName());
  mkdirSync(folder, { mode: 0o700 });
  const recorded = await recordCalls(
    { ...request, checkContext: { ...checkContext, plans } },
    { instrumented, folder, names },
    context,
  );
  if (recorded.calls.length === 0 && recorded.skipped.size === 0) return nothing("no-calls");
  const outcomes = recorded.calls.length === 0 ? nowhere : await callEverywhere(request, { recorded, folder }, context);
  if (outcomes === null) return nothing("no-answer");
  return { ...judgeCalls(recorded, outcomes), not_replayed: null };
}

const silent: Outcomes = { once: new Map(), often: new Map() };
const nowhere = { candidate: silent, base: silent };

function nothing(why: NotReplayedReason): OutsideReplay {
  return { functions: [], more: 0, not_replayed: why };
}

/** Makes the calls on both trees in one container. Null if it gave no answer. */
async function callEverywhere(
  { checkContext, base, candidate }: RecordingRequest,
  { recorded, folder }: { recorded: RecordedCalls; folder: string },
  context: RunnerContext,
): Promise<{ candidate: Outcomes; base: Outcomes } | null> {
  const roots = { base: { usual: place(), elsewhere: place() }, candidate: { usual: checkout, elsewhere: place() } };
  const mounts = [
    ...(await mountsOf(checkContext, { entries: base, targets: Object.values(roots.base), folder }, context)),
    ...(await mountsOf(checkContext, { entries: candidate, targets: Object.values(roots.candidate), folder }, context)),
  ];
  const own = { source: join(folder, randomName()), target: `/var/tmp/${randomName()}`, readOnly: false };
  await makeFolder(own.source, context.user);
  const program = {
    source: join(folder, randomName()),
    target: `/usr/local/share/${randomName()}.cjs`,
    readOnly: true,
  };
  writeFileSync(program.source, callAgain, { mode: 0o644 });
  const word = randomName();
  // The base first: code under test could end our process.
  const runs = (["base", "candidate"] as const).flatMap((of) => bareRuns(of, { roots: roots[of], word, recorded }));
  const job = { runs, program: program.target, timeoutMs: processTimeoutMs };
  writeFileSync(join(own.source, "runs.json"), JSON.stringify(job), { mode: 0o644 });
  writeFileSync(join(own.source, "runs.cjs"), startRuns, { mode: 0o644 });
  const { output, omittedBytes } = await runShell(
    {
      command: `exec 2>/dev/null\nnode ${own.target}/runs.cjs ${own.target}/runs.json`,
      imageId: checkContext.imageId,
      environment: {},
      mounts: [...mounts, own, program],
      textMount: own,
      workingFolder: "/",
      network: "none",
      limits: checkContext.limits,
      timeoutMs: replayTimeoutMs,
      labels: checkContext.labels,
      ...(checkContext.signal === undefined ? {} : { signal: checkContext.signal }),
    },
    context,
  );
  const outcomes = readOutcomes(output, word);
  return omittedBytes > 0 || outcomes.base.once.size === 0 ? null : outcomes;
}

function place(): string {
  return `/srv/${randomName()}`;
}

/** A read-only checkout of a tree with its prepared outputs, at each of the targets. */
async function mountsOf(
  checkContext: CheckContext,
  { entries, targets, folder }: { entries: CheckEntries; targets: readonly string[]; folder: string },
  context: RunnerContext,
): Promise<Mount[]> {
  const own = join(folder, randomName());
  mkdirSync(own, { mode: 0o700 });
  const outputs = checkContext.outputsOf === undefined ? checkContext.outputs : await checkContext.outputsOf(entries);
  const sealed = await sealCheckout(checkContext, { entries, outputs, folder: own, edit: () => undefined }, context);
  const { mounts } = await sealed.mountsFor([], own);
  return targets.flatMap((target) =>
    mounts.map((mount) => ({ ...mount, target: `${target}${mount.target.slice(checkout.length)}` })),
  );
}

function randomName(): string {
  return randomBytes(8).toString("hex");
}

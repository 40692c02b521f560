/** Tries plans of `repo add` in the sandbox. While a plan is not green with a result for each test, it tries detection's alternatives. It saves nothing and asks nobody. */
import { type FailureCode, isFault, shellWord } from "@aedev/contracts";
import type { Detection, Registration, SetUpRun, Tried } from "@aedev/contracts/api";
import type { Refused } from "../command-line/answer.ts";
import { call } from "../daemon-client/daemon-link.ts";
import type { Session } from "../terminal/session.ts";
import { type Given, type Settings, trialTimeoutMs } from "./given.ts";
import { withSteadyProgress } from "./steady-progress.ts";
import { leftOutText, namesText, triedShortly } from "./texts.ts";

/** Codes that mean that nothing could be tried, so the settings may still be right. */
const notNow: readonly FailureCode[] = [
  "HOLD-DOCKER-UNAVAILABLE",
  "HOLD-CLAUDE-DOCKER-IMAGE",
  "HOLD-DISK-LOW",
  "HOLD-FETCH-FAILED",
  "plane-not-ready",
];

/** The plan before anything is tried. `registration`: the request body that saves it. */
export interface Plan {
  readonly name: string;
  readonly found: Detection | null;
  /** Why nothing can be tried, if that is already known. */
  readonly why: string | null;
  readonly registration: Registration;
  /** The settings to try; null if no setting changes. */
  readonly settings: Partial<Settings> | null;
}
/** The result of a trial. `tried` null: nothing ran, for the reason in `why`. */
export interface Outcome {
  readonly tried: Tried | null;
  readonly why: string | null;
  /** True: the trial ended because the time for all trials was over. */
  readonly isOverTime?: true;
}

/** The best settings and their result, and the set-up run that proposed them. */
export interface Best {
  readonly kind: "best";
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly setUpRun: SetUpRun | null;
  /** Settings that could not be tried in the time for all trials; absent: none. */
  readonly untried?: readonly Untried[];
}

/** Settings whose trial did not end: what they are, and how they differ from the saved ones. */
export interface Untried {
  readonly why: string;
  readonly settings: Partial<Settings>;
}

/**
 * Tries the plan and, while it is not green with a result for each test, detection's alternatives; returns the best. If none helps, the few tests that
 * fail on the base are left out. A person's own choice is tried alone.
 */
export async function tryAll(session: Session, first: Plan, given: Given): Promise<Best | Refused> {
  const deadline = AbortSignal.timeout(given.tryForMs);
  const begun = await tryOut(session, first, given, deadline);
  if (begun.kind === "refused") return begun;
  const untried: Untried[] = begun.isOverTime === true ? [{ why: "what was found first", settings: {} }] : [];
  let best: Best = { kind: "best", plan: first, outcome: begun, setUpRun: null };
  // A failed fetch fails again, whatever runs after it.
  const failed = new Set(isFailedFetch(best) ? [first.settings?.prepare] : []);
  const passedOver: Alternative[] = [];
  const pending = [...alternativesOf(first)];
  let base = first;
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if ((best.outcome.tried === null && best.outcome.isOverTime !== true) || rankOf(best.outcome) === greenRank) break;
    const { why, settings } = next;
    if (next.only_if_fetch_failed && failed.size === 0) continue;
    const plan = withSettings(base, settings);
    if (failed.has(plan.settings?.prepare)) {
      passedOver.push(next);
      continue;
    }
    if (deadline.aborted) {
      untried.push({ why, settings: next.settings as Partial<Settings> });
      continue;
    }
    const sofar = best.outcome.tried;
    if (!session.json && sofar !== null) session.terminal.complain(`${triedShortly(sofar)}; trying next: ${why}\n`);
    const outcome = await tryOut(session, plan, given, deadline);
    if (outcome.kind === "refused") break;
    if (outcome.isOverTime === true) {
      untried.push({ why, settings: next.settings as Partial<Settings> });
      continue;
    }
    if (isFailedFetch({ plan, outcome })) failed.add(plan.settings?.prepare);
    else if (failed.size > 0 && base === first && isFetched(outcome)) {
      // This fetch works, so a plan that only failed with the other fetch can be tried with it.
      base = withSettings(first, { prepare: plan.settings?.prepare });
      pending.unshift(...passedOver.splice(0));
    }
    if (rankOf(outcome) > rankOf(best.outcome)) best = { kind: "best", plan, outcome, setUpRun: null };
  }
  if (untried.length > 0) return { ...best, untried };
  return isProposal(first) ? withoutFailing(session, best, given, deadline) : best;
}

/** The same settings without the few tests that fail on the base, if these are then green. */
async function withoutFailing(session: Session, best: Best, given: Given, deadline: AbortSignal): Promise<Best> {
  const { plan, outcome } = best;
  const { tried } = outcome;
  if (tried === null || tried.without_failing === null) return best;
  const { verify, tests } = tried.without_failing;
  if (!session.json) session.terminal.complain(`${triedShortly(tried)}; trying next: without ${leftOutText(tests)}\n`);
  const less = withSettings(plan, { verify });
  const next = await tryOut(session, less, given, deadline);
  if (next.kind === "outcome" && next.isOverTime === true)
    return { ...best, untried: [{ why: `without ${leftOutText(tests)}`, settings: { verify: [...verify] } }] };
  if (next.kind === "refused" || next.tried === null) return best;
  if (next.tried.outcome !== "green")
    return { ...best, outcome: { ...outcome, tried: { ...tried, without_failing: null } } };
  const all = tried.commands.map(({ command }) => `--verify ${shellWord(command)}`).join(" ");
  const note = `left out, because they fail on the base here: ${namesText(tests)}. To run them too: ${all}`;
  const notes = [note, ...next.tried.notes];
  return { ...best, plan: less, outcome: { ...next, tried: { ...next.tried, notes } } };
}

type Alternative = Detection["alternatives"][number];

function isFetched({ tried }: Outcome): boolean {
  return tried !== null && tried.outcome !== "held";
}

function isFailedFetch({ plan, outcome }: { plan: Plan; outcome: Outcome }): boolean {
  return outcome.tried?.code === "HOLD-PREPARE-FAILED" && plan.settings?.build == null;
}

/** Empty if the person changed the proposal. */
function alternativesOf(plan: Plan): readonly Alternative[] {
  return isProposal(plan) ? (plan.found?.alternatives ?? []) : [];
}

/** True if a new repository's settings are unchanged proposals. */
function isProposal({ found, settings }: Plan): boolean {
  if (found === null || found.known !== null || settings === null) return false;
  return (["prepare", "build", "outputs", "verify"] as const).every(
    (key) => JSON.stringify(settings[key]) === JSON.stringify(found.settings?.[key]),
  );
}

export function withSettings(plan: Plan, settings: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Plan {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  const changed = Object.fromEntries(entries) as Partial<Settings>;
  return { ...plan, registration: { ...plan.registration, ...changed }, settings: { ...plan.settings, ...changed } };
}

const greenRank = 4;

/** How much an outcome proves, in this order: green with a result for each test, green by exit codes, red, nothing, held. Red outcomes rank by their exit codes and the share of passing tests. */
function rankOf({ tried }: Outcome): number {
  if (tried === null || tried.outcome === "held") return 0;
  if (tried.outcome === "nothing") return 1;
  if (tried.outcome === "red") return 2 + redShareOf(tried);
  return tried.commands.every(({ tests }) => tests !== null && tests.passed > 0) ? greenRank : 3;
}

/** From 0 to less than 1. */
function redShareOf({ commands }: Tried): number {
  const exits = commands.every(({ exit_code }) => exit_code === 0) ? 0.5 : 0;
  const of = (kind: "passed" | "failed") => commands.reduce((sum, { tests }) => sum + (tests?.[kind] ?? 0), 0);
  return exits + (0.5 * of("passed")) / (of("passed") + of("failed") + 1);
}

export async function tryOut(
  session: Session,
  plan: Plan,
  given: Given,
  deadline?: AbortSignal,
): Promise<({ kind: "outcome" } & Outcome) | Refused> {
  if (plan.settings === null) return { kind: "outcome", tried: null, why: null };
  if (!given.isTried) return { kind: "outcome", tried: null, why: null };
  if (plan.why !== null) return { kind: "outcome", tried: null, why: plan.why };
  const body = { path_or_url: given.source, name: plan.name, base: given.base, ...plan.settings };
  let last = "";
  const answer = await withSteadyProgress(session, "trying the settings on the base, in the sandbox", (say) => {
    const trial = call(session, "tryRepository", { body }, { timeoutMs: trialTimeoutMs, signal: deadline });
    const note = (step: string) => {
      last = step;
      say(step);
    };
    return withTrialLines(session, plan.name, { note, work: trial });
  }).catch((error: unknown) => {
    if (deadline?.aborted !== true || !isFault(error, "daemon-unanswered")) throw error;
    return null;
  });
  if (answer === null) {
    const where = last === "" ? "" : `, at ${last.replace(/^checks: /u, "")}`;
    return {
      kind: "outcome",
      tried: null,
      why: `the trial was stopped after ${durationText(given)}${where}`,
      isOverTime: true,
    };
  }
  if (answer.kind === "refused")
    return notNow.includes(answer.code) ? { kind: "outcome", tried: null, why: answer.reason } : answer;
  const tried = answer.document;
  const isNotNow = tried.outcome === "held" && tried.code !== null && notNow.includes(tried.code);
  return { kind: "outcome", tried: isNotNow ? null : tried, why: isNotNow ? (tried.detail ?? tried.code) : null };
}

function durationText({ tryForMs }: Given): string {
  return tryForMs % 60_000 === 0 ? `${tryForMs / 60_000} min` : `${tryForMs / 1000} s`;
}

const linesEveryMs = 1_000;

/** Reports each step of the daemon's trial until `work` has ended. A daemon that can't report steps is not asked again. */
async function withTrialLines<T>(
  session: Session,
  name: string,
  { note, work }: { note: (step: string) => void; work: Promise<T> },
): Promise<T> {
  let noted = 0;
  let isAsking = false;
  const ask = async () => {
    isAsking = true;
    const answer = await call(session, "showTrial", { params: { name } });
    if (answer.kind === "refused") return clearInterval(timer);
    const { lines, begun } = answer.document;
    for (const line of lines.slice(Math.max(0, lines.length - (begun - noted)))) note(line);
    noted = begun;
    isAsking = false;
  };
  const timer = setInterval(() => {
    if (!isAsking) ask().catch(() => clearInterval(timer));
  }, linesEveryMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** `repo add` from inspection to the next command. A new repository whose settings don't work is not saved; settings that can't be tried now are saved as untried. */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { escapeText, type FailureCode, repositoryNameSchema, shellWord } from "@aedev/contracts";
import type { Detection, Registration, RepositoryDocument, Tried } from "@aedev/contracts/api";
import { type Answer, done, type Refused, refused } from "../command-line/answer.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { repositoryText } from "../render/repository-text.ts";
import type { Session } from "../terminal/session.ts";
import { askPermissions, askSettings, type Choices, type Permissions } from "./ask-settings.ts";
import type { Given, Settings } from "./given.ts";
import { withSteadyProgress } from "./steady-progress.ts";
import { findingText, redText, triedShortly, triedText } from "./texts.ts";

/** Longer than fetch, build and all commands together can take; the daemon's own limits end them. */
const trialTimeoutMs = 6 * 60 * 60 * 1000;
/** Codes that mean nothing could be tried, which says nothing against the settings. */
const notNow: readonly FailureCode[] = [
  "HOLD-DOCKER-UNAVAILABLE",
  "HOLD-CLAUDE-DOCKER-IMAGE",
  "HOLD-DISK-LOW",
  "HOLD-FETCH-FAILED",
  "plane-not-ready",
];

/** The plan before anything is tried. `registration`: the request body that saves it. */
interface Plan {
  readonly name: string;
  readonly found: Detection | null;
  /** The reason why nothing can be tried, if that is already known. */
  readonly why: string | null;
  readonly registration: Registration;
  /** The settings to try; null if no setting changes. */
  readonly settings: Partial<Settings> | null;
}
/** The result of a trial. `tried` null: nothing ran, for the reason in `why`. */
interface Outcome {
  readonly tried: Tried | null;
  readonly why: string | null;
}

export async function addRepository(session: Session, given: Given): Promise<Answer> {
  const answer = await inspectRepository(session, given);
  if (answer.kind === "refused") return answer;
  const { found } = answer;
  if (found === null || found.known !== null) return finish(session, planOfGiven(given, answer), given);
  const detected = given.isAccepting ? { ...found.settings, image: found.needs_image?.image ?? null } : found.settings;
  const proposed = { name: found.name, settings: { ...detected, ...cleared(given.settings) } as Settings };
  if (!session.json) session.terminal.complain(`${escapeText(findingText(found, proposed.settings))}\n`);
  if (session.terminal.interactive && !session.json && !given.isSilent)
    return dialogue(session, given, { found, proposed });
  const needed = imageNeeded(found, proposed.settings, given);
  if (needed !== null) return needed;
  return finish(session, planOfNew(given, { found, choices: proposed, permissions: null }), given);
}

/** `found` null: it can't be fetched now, for the reason in `why`, but the flags give everything that is needed. */
interface RepositoryInspection {
  readonly kind: "found";
  readonly found: Detection | null;
  readonly why: string | null;
}

async function inspectRepository(session: Session, given: Given): Promise<RepositoryInspection | Refused> {
  const body = { path_or_url: given.source, name: given.name, image: given.settings.image || undefined };
  // What is refused at once has no steps.
  const isSaid = isPlausible(given);
  const answer = await withSteadyProgress(
    session,
    "inspecting the repository",
    () => call(session, "detectRepository", { body }, { timeoutMs: trialTimeoutMs }),
    { isSaid },
  );
  if (answer.kind === "document") return { kind: "found", found: answer.document, why: null };
  const isEnough = given.name !== undefined && given.settings.verify !== undefined;
  return answer.code === "HOLD-FETCH-FAILED" && isEnough ? { kind: "found", found: null, why: answer.reason } : answer;
}

function isPlausible({ source, name }: Given): boolean {
  const isName = name === undefined || repositoryNameSchema.safeParse(name).success;
  return isName && (!isAbsolute(source) || existsSync(source));
}

/** Asks until the answers can be saved; Ctrl-C quits. */
async function dialogue(
  session: Session,
  given: Given,
  { found, proposed }: { found: Detection; proposed: Choices },
): Promise<Answer> {
  const listed = await call(session, "listRepositories", {});
  if (listed.kind === "refused") return listed;
  const taken = listed.document.repositories.map(({ name }) => name);
  let choices = proposed;
  for (;;) {
    choices = await askSettings(session.terminal, choices, { found, taken });
    const permissions = await askPermissions(session.terminal, found.target);
    const answer =
      imageNeeded(found, choices.settings, given) ??
      (await finish(session, planOfNew(given, { found, choices, permissions }), given));
    if (answer.kind !== "refused") return answer;
    session.terminal.complain(`aedev: ${escapeText(answer.reason)}\n`);
    if (/^n(o)?$/i.test((await session.terminal.ask("Change the settings? [Y/n] ")).trim())) return answer;
  }
}

function planOfGiven(given: Given, { found, why }: RepositoryInspection): Plan {
  const name = given.name ?? found?.name ?? "";
  const changesOther = given.profile !== undefined || given.allowWrites !== undefined;
  const hasSettings = Object.keys(given.settings).length > 0;
  const registration = {
    path_or_url: given.source,
    name,
    ...given.settings,
    profile: given.profile,
    allow_writes: given.allowWrites,
  };
  // Only a permission of a known repository changes: its settings were tried before.
  return { name, found, why, registration, settings: changesOther && !hasSettings ? null : given.settings };
}

function planOfNew(
  given: Given,
  { found, choices, permissions }: { found: Detection; choices: Choices; permissions: Permissions | null },
): Plan {
  const { name, settings } = choices;
  const registration = {
    path_or_url: given.source,
    name,
    ...settings,
    profile: permissions?.profile ?? given.profile,
    allow_writes: permissions?.allowWrites ?? given.allowWrites,
  };
  return { name, found, why: null, registration, settings };
}

async function finish(session: Session, first: Plan, given: Given): Promise<Answer> {
  const isNew = first.found?.known === null;
  const best = await tryAll(session, first, given);
  if (best.kind === "refused") return best;
  const { plan, outcome } = best;
  const { tried } = outcome;
  if (isNew && tried?.outcome === "held")
    return refused(
      tried.code ?? "not-tried",
      `${plan.name} is not saved, because its settings don't work: ${tried.detail ?? tried.code}`,
      "correct them with flags (aedev repo add --help), or save them as they are with --no-try",
    );
  const writable = [
    ...(plan.settings?.writable ?? plan.found?.known?.settings.writable ?? []),
    ...(tried?.writable ?? []),
  ];
  const body = tried?.writable.length ? { ...plan.registration, writable } : plan.registration;
  const saved = await call(session, "registerRepository", { body });
  if (saved.kind === "refused") return saved;
  const repository = saved.document;
  const next = `aedev intake "what you want done" --repo ${repository.name}`;
  const document = { ...repository, found: plan.found, tried, next };
  const results = tried === null || tried.commands.length === 0 ? [] : ["tried on the base:", triedText(tried)];
  const answer = done(document, [repositoryText(repository), ...results, `next: ${next}`].join("\n"));
  const notice = noticeOf(outcome, plan, repository.trial);
  return notice === "" ? answer : { ...answer, notice };
}

/**
 * Tries the plan and, while it is not green with results of single tests, what detection proposes instead; answers with the best of them. What a
 * person chose is tried alone.
 */
async function tryAll(
  session: Session,
  first: Plan,
  given: Given,
): Promise<{ kind: "best"; plan: Plan; outcome: Outcome } | Refused> {
  const begun = await tryOut(session, first, given);
  if (begun.kind === "refused") return begun;
  let best = { kind: "best" as const, plan: first, outcome: begun as Outcome };
  // A fetch that failed fails again, whatever is run after it.
  let failedFetch = isFailedFetch(best) ? first.settings?.prepare : undefined;
  for (const { why, settings } of alternativesOf(first)) {
    if (best.outcome.tried === null || rankOf(best.outcome) === greenRank) break;
    const plan = withSettings(first, settings);
    if (failedFetch !== undefined && plan.settings?.prepare === failedFetch) continue;
    if (!session.json)
      session.terminal.complain(`${triedShortly(best.outcome.tried)}; trying next: ${escapeText(why)}\n`);
    const outcome = await tryOut(session, plan, given);
    if (outcome.kind === "refused") break;
    if (isFailedFetch({ plan, outcome })) failedFetch = plan.settings?.prepare;
    if (rankOf(outcome) > rankOf(best.outcome)) best = { kind: "best", plan, outcome };
  }
  return best;
}

function isFailedFetch({ plan, outcome }: { plan: Plan; outcome: Outcome }): boolean {
  return outcome.tried?.code === "HOLD-PREPARE-FAILED" && plan.settings?.build == null;
}

/** None if the person changed what was proposed. */
function alternativesOf({ found, settings }: Plan): Detection["alternatives"] {
  if (found === null || found.known !== null || settings === null) return [];
  const isProposal = (["prepare", "build", "outputs", "verify"] as const).every(
    (key) => JSON.stringify(settings[key]) === JSON.stringify(found.settings?.[key]),
  );
  return isProposal ? found.alternatives : [];
}

function withSettings(plan: Plan, settings: Detection["alternatives"][number]["settings"]): Plan {
  const said = Object.entries(settings).filter(([, value]) => value !== undefined);
  const changed = Object.fromEntries(said) as Partial<Settings>;
  return { ...plan, registration: { ...plan.registration, ...changed }, settings: { ...plan.settings, ...changed } };
}

const greenRank = 4;

/** How much an outcome proves: green with results of single tests, green by exit codes, red, nothing, held. */
function rankOf({ tried }: Outcome): number {
  if (tried === null || tried.outcome === "held") return 0;
  if (tried.outcome === "nothing") return 1;
  if (tried.outcome === "red") return 2;
  return tried.commands.every(({ tests }) => tests !== null && tests.passed > 0) ? greenRank : 3;
}

async function tryOut(session: Session, plan: Plan, given: Given): Promise<({ kind: "outcome" } & Outcome) | Refused> {
  if (plan.settings === null) return { kind: "outcome", tried: null, why: null };
  if (!given.isTried) return { kind: "outcome", tried: null, why: null };
  if (plan.why !== null) return { kind: "outcome", tried: null, why: plan.why };
  const body = { path_or_url: given.source, name: plan.name, ...plan.settings };
  const answer = await withSteadyProgress(session, "trying the settings on the base, in the sandbox", () =>
    call(session, "tryRepository", { body }, { timeoutMs: trialTimeoutMs }),
  );
  if (answer.kind === "refused")
    return notNow.includes(answer.code) ? { kind: "outcome", tried: null, why: answer.reason } : answer;
  const tried = answer.document;
  const isNotNow = tried.outcome === "held" && tried.code !== null && notNow.includes(tried.code);
  return { kind: "outcome", tried: isNotNow ? null : tried, why: isNotNow ? (tried.detail ?? tried.code) : null };
}

/** Notes for a person beside the settings; can be empty. */
function noticeOf({ tried, why }: Outcome, plan: Plan, trial: RepositoryDocument["trial"]): string {
  const again = `aedev repo add ${shellWord(plan.registration.path_or_url)} --name ${plan.name}`;
  const savedAs = trial === "untried" ? "saved untried" : `not tried now; the earlier result (${trial}) is kept`;
  if (why !== null) return `${savedAs}: ${why}\n  help: aedev doctor && ${again}`;
  if (tried === null) return "";
  const found = tried.writable.map((folder) => `its tests write to ${folder}, which is saved as writable`);
  const notes = [...found, ...tried.notes].map((note) => `note: ${note}`);
  if (tried.outcome === "red")
    return [
      redText(tried),
      "the checks fail on the base; saved anyway. Until they pass, every change here needs your approval",
      ...notes,
    ].join("\n");
  if (tried.outcome === "nothing")
    return "note: no command proves a change here, so every change needs your approval (set one with --verify)";
  if (tried.outcome === "held")
    return `saved, but these settings don't work: ${tried.detail ?? tried.code}\n  help: correct them with ${again} …`;
  return notes.join("\n");
}

/** A repository whose commands can't run in the default image is not saved without one, unless the person knows better. */
function imageNeeded(found: Detection, settings: Settings, given: Given): Refused | null {
  const need = found.needs_image;
  const isProposal = JSON.stringify(settings.verify) === JSON.stringify(found.settings?.verify);
  if (need === null || settings.image !== null || !isProposal || !given.isTried) return null;
  const name = given.name === undefined ? "" : ` --name ${given.name}`;
  const again = `aedev repo add ${shellWord(given.source)}${name} --image ${need.image}`;
  return refused("image-needed", `${found.name} is not saved: ${need.why}`, `${need.example}\n  then: ${again}`);
}

/** An empty command or image on the command line means none. */
function cleared(settings: Partial<Settings>): Partial<Settings> {
  const entries = Object.entries(settings).map(([key, value]) => [key, value === "" ? null : value]);
  return Object.fromEntries(entries) as Partial<Settings>;
}

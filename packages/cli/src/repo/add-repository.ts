/**
 * `repo add` from beginning to end: look into the repository, settle what is proposed, given and answered, try it in the sandbox, save it,
 * and say what comes next. What can't work is not saved for a new repository; what can't be tried now is saved as untried.
 */
import { escapeText, type RepositoryState } from "@aedev/core";
import { type Answer, done, type Refused, refused } from "../answer.ts";
import { repositoryText } from "../render/repository-text.ts";
import { getFromDaemon, postToDaemon } from "../session/daemon-link.ts";
import { withProgress } from "../session/progress.ts";
import type { Session } from "../session/session.ts";
import { askPermissions, askSettings, type Choices, type Permissions } from "./ask-settings.ts";
import {
  type Detection,
  detectionSchema,
  registeredSchema,
  type Settings,
  type Tried,
  triedSchema,
} from "./documents.ts";
import type { Given } from "./given.ts";
import { findingText, redText, triedText } from "./texts.ts";

/** Longer than fetch, build and all commands together may take; the daemon's own limits end them. */
const trialTimeoutMs = 6 * 60 * 60 * 1000;
/** Codes with which nothing could be tried, and nothing speaks against the settings. */
const notNow = [
  "HOLD-DOCKER-UNAVAILABLE",
  "HOLD-CLAUDE-DOCKER-IMAGE",
  "HOLD-DISK-LOW",
  "HOLD-FETCH-FAILED",
  "PLANE-NOT-READY",
];

/** What is known before anything is tried. `registration`: the body that saves it. */
interface Plan {
  readonly name: string;
  readonly found: Detection | null;
  /** Why nothing can be tried, where that is known already. */
  readonly why: string | null;
  readonly registration: Readonly<Record<string, unknown>>;
  /** What has to be tried: null where no setting changes. */
  readonly settings: Partial<Settings> | null;
}
/** The end of a try. `tried` null: nothing ran; `why` says so. */
interface Outcome {
  readonly tried: Tried | null;
  readonly why: string | null;
}

export async function addRepository(session: Session, given: Given): Promise<Answer> {
  const answer = await lookInto(session, given);
  if (answer.kind === "refused") return answer;
  const { found } = answer;
  if (found === null || found.known !== null) return finish(session, planOfGiven(given, answer), given);
  const proposed = { name: found.name, settings: { ...found.settings, ...cleared(given.settings) } as Settings };
  if (!session.json) session.terminal.complain(`${escapeText(findingText(found, proposed.settings))}\n`);
  if (session.terminal.interactive && !session.json && !given.isSilent)
    return dialogue(session, given, { found, proposed });
  const needed = imageNeeded(found, proposed.settings, given);
  if (needed !== null) return needed;
  return finish(session, planOfNew(given, { found, choices: proposed, permissions: null }), given);
}

/** `found` null: it can't be fetched now, for the reason in `why`, and flags say all that has to be known. */
interface Look {
  readonly kind: "found";
  readonly found: Detection | null;
  readonly why: string | null;
}

async function lookInto(session: Session, given: Given): Promise<Look | Refused> {
  const body = { path_or_url: given.source, name: given.name, image: given.settings.image || undefined };
  const answer = await withProgress(session, "looking into the repository", () =>
    postToDaemon(session, "/api/repositories/detect", body, { timeoutMs: trialTimeoutMs }),
  );
  if (answer.kind === "document") return { kind: "found", found: detectionSchema.parse(answer.document), why: null };
  const isEnough = given.name !== undefined && given.settings.verify !== undefined;
  return answer.code === "HOLD-FETCH-FAILED" && isEnough ? { kind: "found", found: null, why: answer.reason } : answer;
}

/** Asks until what is answered can be saved; a person leaves with Ctrl-C. */
async function dialogue(
  session: Session,
  given: Given,
  { found, proposed }: { found: Detection; proposed: Choices },
): Promise<Answer> {
  const listed = await getFromDaemon(session, "/api/repositories");
  if (listed.kind === "refused") return listed;
  const taken = registeredSchema.parse(listed.document).repositories.map(({ name }) => name);
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

function planOfGiven(given: Given, { found, why }: Look): Plan {
  const name = given.name ?? found?.name ?? "";
  const changesOther = given.profile !== undefined || given.allowWrites !== undefined;
  const hasSettings = Object.keys(given.settings).length > 0;
  const registration = withoutUndefined({
    path_or_url: given.source,
    name,
    ...given.settings,
    profile: given.profile,
    allow_writes: given.allowWrites,
  });
  // Of a known repository nothing but a permission changes: its settings have had their try.
  return { name, found, why, registration, settings: changesOther && !hasSettings ? null : given.settings };
}

function planOfNew(
  given: Given,
  { found, choices, permissions }: { found: Detection; choices: Choices; permissions: Permissions | null },
): Plan {
  const { name, settings } = choices;
  const registration = withoutUndefined({
    path_or_url: given.source,
    name,
    ...settings,
    profile: permissions?.profile ?? given.profile,
    allow_writes: permissions?.allowWrites ?? given.allowWrites,
  });
  return { name, found, why: null, registration, settings };
}

async function finish(session: Session, plan: Plan, given: Given): Promise<Answer> {
  const isNew = plan.found?.known === null;
  const outcome = await tryOut(session, plan, given);
  if (outcome.kind === "refused") return outcome;
  const { tried } = outcome;
  if (isNew && tried?.outcome === "held")
    return refused(
      tried.code ?? "not-tried",
      `${plan.name} is not saved, because its settings don't work: ${tried.detail ?? tried.code}`,
      "correct them by flags (aedev repo add --help), or save them as they are with --no-try",
    );
  const saved = await postToDaemon(session, "/api/repositories", plan.registration);
  if (saved.kind === "refused") return saved;
  const repository = saved.document as RepositoryState;
  const next = `aedev intake "what you want done" --repo ${repository.name}`;
  const document = { ...repository, found: plan.found, tried, next };
  const results = tried === null || tried.commands.length === 0 ? [] : ["tried on the base:", triedText(tried)];
  const answer = done(document, [repositoryText(repository), ...results, `next: ${next}`].join("\n"));
  const notice = noticeOf(outcome, plan, repository.trial);
  return notice === "" ? answer : { ...answer, notice };
}

async function tryOut(session: Session, plan: Plan, given: Given): Promise<({ kind: "outcome" } & Outcome) | Refused> {
  if (plan.settings === null) return { kind: "outcome", tried: null, why: null };
  if (!given.isTried) return { kind: "outcome", tried: null, why: null };
  if (plan.why !== null) return { kind: "outcome", tried: null, why: plan.why };
  const body = withoutUndefined({ path_or_url: given.source, name: plan.name, ...plan.settings });
  const answer = await withProgress(session, "trying it on the base, in the sandbox", () =>
    postToDaemon(session, "/api/repositories/trial", body, { timeoutMs: trialTimeoutMs }),
  );
  if (answer.kind === "refused")
    return notNow.includes(answer.code) ? { kind: "outcome", tried: null, why: answer.reason } : answer;
  const tried = triedSchema.parse(answer.document);
  const isNotNow = tried.outcome === "held" && notNow.includes(tried.code ?? "");
  return { kind: "outcome", tried: isNotNow ? null : tried, why: isNotNow ? (tried.detail ?? tried.code) : null };
}

/** What a person has to know beside the settings; empty where there is nothing. */
function noticeOf({ tried, why }: Outcome, plan: Plan, trial: RepositoryState["trial"]): string {
  const again = `aedev repo add ${quoted(String(plan.registration["path_or_url"]))} --name ${plan.name}`;
  const standing = trial === "untried" ? "saved untried" : `not tried now, its earlier result (${trial}) stays`;
  if (why !== null) return `${standing}: ${why}\n  help: aedev doctor says what is missing; then ${again} tries it`;
  if (tried === null) return "";
  const notes = tried.notes.map((note) => `note: ${note}`);
  if (tried.outcome === "red")
    return [
      redText(tried),
      "the base itself is red: saved as such. Until it is green, a change here asks you at best",
      ...notes,
    ].join("\n");
  if (tried.outcome === "nothing")
    return "note: no command proves a change here: every change asks you (--verify names one)";
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
  const again = `aedev repo add ${quoted(given.source)}${name} --image ${need.image}`;
  return refused("image-needed", `${found.name} is not saved: ${need.why}`, `${need.example}\n  then: ${again}`);
}

/** An empty command or image on the command line means none. */
function cleared(settings: Partial<Settings>): Partial<Settings> {
  const entries = Object.entries(settings).map(([key, value]) => [key, value === "" ? null : value]);
  return Object.fromEntries(entries) as Partial<Settings>;
}

function withoutUndefined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

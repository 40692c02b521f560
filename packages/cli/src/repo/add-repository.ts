/**
 * `repo add` from inspection to the next command. A new repository whose settings fail is not saved; settings that can't be tried now are saved as
 * untried.
 *
 * Folder: `aedev repo add` from start to end.
 */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { branchPrefixOf, type FailureCode, repositoryNameSchema } from "@aedev/contracts";
import type { Detection, RepositoryDocument, Tried } from "@aedev/contracts/api";
import { type Answer, done, type Refused, refused } from "../command-line/answer.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { gitHubNotes } from "../render/github-notes.ts";
import { repositoryText } from "../render/repository-text.ts";
import type { Session } from "../terminal/session.ts";
import { addCommand } from "./add-command.ts";
import { askPermissions, askSettings, type Choices, type Permissions } from "./ask-settings.ts";
import { confirmSubmodules } from "./confirm-submodules.ts";
import { type Given, type Settings, trialTimeoutMs } from "./given.ts";
import { offerBalanced } from "./offer-balanced.ts";
import { withSetUpRun } from "./set-up-run.ts";
import { withSteadyProgress } from "./steady-progress.ts";
import { findingText, leftOutText, redText, triedText } from "./texts.ts";
import { type Outcome, type Plan, tryAll, type Untried } from "./try-plan.ts";

export async function addRepository(session: Session, typed: Given): Promise<Answer> {
  if (typed.ambiguous !== null && !session.json)
    session.terminal.complain(
      `note: ${typed.ambiguous} is read as the folder here; for that repository on GitHub give its whole address\n`,
    );
  const answer = await inspectRepository(session, typed);
  if (answer.kind === "refused") return answer;
  const { found } = answer;
  const confirmed = await confirmSubmodules(session, typed, found);
  if (confirmed.kind === "refused") return confirmed;
  const given = { ...typed, settings: { ...typed.settings, ...confirmed.settings } };
  if (found?.github !== undefined && !session.json)
    for (const note of gitHubNotes(found.github)) session.terminal.complain(`note: ${note}\n`);
  if (found !== null && found.known !== null && !session.json)
    for (const note of found.notes) session.terminal.complain(`note: ${note}\n`);
  if (found === null || found.known !== null) return finish(session, planOfGiven(given, answer), given);
  const detected = given.isAccepting ? { ...found.settings, image: found.needs_image?.image ?? null } : found.settings;
  const proposed = { name: found.name, settings: { ...detected, ...withoutEmpty(given.settings) } as Settings };
  if (!session.json) session.terminal.complain(`${findingText(found, proposed.settings, prefixOf(given))}\n`);
  if (session.terminal.interactive && !session.json && !given.isSilent)
    return dialogue(session, given, { found, proposed });
  const needed = imageNeeded(found, proposed.settings, given);
  if (needed !== null) return needed;
  return finish(session, planOfNew(given, { found, choices: proposed, permissions: null }), given);
}

/** `found` null: the repository can't be fetched now, for the reason in `why`, but the flags give everything necessary. */
interface RepositoryInspection {
  readonly kind: "found";
  readonly found: Detection | null;
  readonly why: string | null;
}

/** Codes that keep aedev from detecting settings, but not from saving settings that flags give. */
const undetected: readonly FailureCode[] = ["HOLD-FETCH-FAILED", "detection-failed"];

async function inspectRepository(session: Session, given: Given): Promise<RepositoryInspection | Refused> {
  const { image, folder } = given.settings;
  const body = { path_or_url: given.source, name: given.name, image: image || undefined, folder };
  const more = { base: given.base, branch_prefix: given.branchPrefix, submodules: given.submodules };
  // An immediate refusal has no steps to show.
  const isSaid = isPlausible(given);
  const answer = await withSteadyProgress(
    session,
    "inspecting the repository",
    () => call(session, "detectRepository", { body: { ...body, ...more } }, { timeoutMs: trialTimeoutMs }),
    { isSaid },
  );
  if (answer.kind === "document") return { kind: "found", found: answer.document, why: null };
  const isEnough = given.name !== undefined && given.settings.verify !== undefined;
  return undetected.includes(answer.code) && isEnough ? { kind: "found", found: null, why: answer.reason } : answer;
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
  // The flag starts only one set-up run; the person is asked about the next.
  let asked = given;
  for (;;) {
    choices = await askSettings(session.terminal, choices, { found, taken });
    const permissions = await askPermissions(session.terminal, found.target, prefixOf(given));
    const answer =
      imageNeeded(found, choices.settings, asked) ??
      (await finish(session, planOfNew(asked, { found, choices, permissions }), asked));
    asked = { ...given, wantsSetUpRun: false };
    if (answer.kind === "done") {
      const repository = answer.document as RepositoryDocument;
      if (repository.profile === null && repository.trial === "green") await offerBalanced(session, repository);
      return answer;
    }
    if (answer.kind !== "refused") return answer;
    session.terminal.complain(`aedev: ${answer.reason}\n`);
    if (/^n(o)?$/i.test((await session.terminal.ask("Change the settings? [Y/n] ")).trim())) return answer;
  }
}

/** What to say about the branches once the repository is registered. */
function prefixOf({ branchPrefix }: Given): string {
  return branchPrefixOf({ branch_prefix: branchPrefix || undefined });
}

function planOfGiven(given: Given, { found, why }: RepositoryInspection): Plan {
  const name = given.name ?? found?.name ?? "";
  const { profile, allowWrites, landing, base, commitTemplate, branchPrefix } = given;
  const changesOther = [profile, allowWrites, landing, base, commitTemplate, branchPrefix].some(
    (value) => value !== undefined,
  );
  const hasSettings = Object.keys(given.settings).length > 0;
  const registration = {
    path_or_url: given.source,
    name,
    ...given.settings,
    profile: given.profile,
    allow_writes: given.allowWrites,
    landing: given.landing,
    base: given.base,
    commit_template: given.commitTemplate,
    branch_prefix: given.branchPrefix,
  };
  // Only a permission of a known repository changes; its settings were tried before.
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
    landing: given.landing,
    base: given.base,
    commit_template: given.commitTemplate,
    branch_prefix: given.branchPrefix,
  };
  return { name, found, why: null, registration, settings };
}

async function finish(session: Session, first: Plan, given: Given): Promise<Answer> {
  const isNew = first.found?.known === null;
  const rules = await tryAll(session, first, given);
  if (rules.kind === "refused") return rules;
  const best = await withSetUpRun(session, rules, given);
  if (best.kind !== "best") return best;
  const { plan, outcome, setUpRun, untried = [] } = best;
  const { tried } = outcome;
  if (isNew && tried?.outcome === "held")
    return refused(
      tried.code ?? "not-tried",
      `${plan.name} is not saved, because its settings don't work: ${tried.detail ?? tried.code}`,
      `correct what failed: ${correction(plan, given, tried.code)}\n  or ${canOfferSetUpRun(plan) ? "let a coder look for other settings with --set-up-run, or " : ""}save them as they are with --no-try`,
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
  const document = {
    ...repository,
    found: plan.found,
    tried,
    next,
    ...(setUpRun === null ? {} : { set_up_run: setUpRun }),
    ...(untried.length === 0 ? {} : { untried }),
  };
  const results = tried === null || tried.commands.length === 0 ? [] : ["tried on the base:", triedText(tried)];
  const answer = done(document, [repositoryText(repository), ...results, `next: ${next}`].join("\n"));
  const notices = [noticeOf(outcome, { plan, given, trial: repository.trial }), untriedText(untried, { plan, given })];
  const notice = notices.filter((text) => text !== "").join("\n");
  return notice === "" ? answer : { ...answer, notice };
}

/** The command that tries again, with the failing settings to edit. */
function correction({ name, settings }: Plan, given: Given, code: FailureCode | null): string {
  const { prepare, build, image } = settings ?? {};
  const failed =
    code === "HOLD-PREPARE-FAILED"
      ? { ...(prepare == null ? {} : { prepare }), ...(build == null ? {} : { build }) }
      : code === "HOLD-TOOLCHAIN"
        ? { image: image ?? "IMAGE" }
        : {};
  return `${addCommand({ ...given, name, settings: { ...given.settings, ...failed } })}${Object.keys(failed).length === 0 ? " … (flags: aedev repo add --help)" : ""}`;
}

/** Notes for a person about the settings; may be empty. */
function noticeOf(
  { tried, why, isOverTime }: Outcome,
  { plan, given, trial }: { plan: Plan; given: Given; trial: RepositoryDocument["trial"] },
): string {
  const { folder } = plan.settings ?? {};
  const again = addCommand({ source: given.source, name: plan.name, settings: folder === undefined ? {} : { folder } });
  const offer = canOfferSetUpRun(plan) ? [`a coder can look for other settings: ${again} --set-up-run`] : [];
  const savedAs = trial === "untried" ? "saved untried" : `not tried now; the earlier result (${trial}) is kept`;
  if (tried === null) {
    const unstarted = given.wantsSetUpRun ? ["note: no set-up run was started, because nothing was tried"] : [];
    const untried =
      why === null ? [] : [`${savedAs}: ${why}${isOverTime === true ? "" : `\n  help: aedev doctor && ${again}`}`];
    return [...untried, ...unstarted].join("\n");
  }
  const found = tried.writable.map((folder) => `its tests write to ${folder}, which is saved as writable`);
  const notes = [...found, ...tried.notes].map((note) => `note: ${note}`);
  if (tried.outcome === "red")
    return [
      redText(tried),
      "the checks fail on the base; saved anyway. Until they pass, every change here needs your approval",
      ...(tried.without_failing === null ? [] : [withoutFailingText(tried.without_failing, plan, given)]),
      ...offer,
      ...notes,
    ].join("\n");
  if (tried.outcome === "nothing")
    return [
      "note: no command proves a change here, so every change needs your approval (set one with --verify)",
      ...offer,
    ].join("\n");
  if (tried.outcome === "held")
    return [
      `saved, but these settings don't work: ${tried.detail ?? tried.code}\n  help: correct them with ${again} …`,
      ...offer,
    ].join("\n");
  return notes.join("\n");
}

const untriedNamedMax = 3;

/** A line for each of the settings that the time was too short to try, with the command that tries it. */
function untriedText(untried: readonly Untried[], { plan, given }: { plan: Plan; given: Given }): string {
  if (untried.length === 0) return "";
  const named = untried.slice(0, untriedNamedMax).map(({ why, settings }) => {
    const command = addCommand({ source: given.source, name: plan.name, settings });
    return `  ${why}: ${command} --try-for 30m`;
  });
  const more = untried.length - named.length;
  return [
    "the time for trials (--try-for) is over; what was not tried to its end:",
    ...named,
    ...(more === 0 ? [] : [`  and ${more} more`]),
  ].join("\n");
}

/** The command that leaves out the failing tests, for a person who chose the tests. */
function withoutFailingText(
  { verify, tests }: NonNullable<Tried["without_failing"]>,
  { name }: Plan,
  { source, settings }: Given,
): string {
  return `without ${leftOutText(tests)}: ${addCommand({ source, name, settings: { ...settings, verify: [...verify] } })}`;
}

function canOfferSetUpRun({ found }: Plan): boolean {
  return found?.set_up_tokens !== undefined;
}

/** Whether an image is missing: a repository whose commands can't run in the default image is not saved without one, unless the person insists. */
function imageNeeded(found: Detection, settings: Settings, given: Given): Refused | null {
  const need = found.needs_image;
  const isProposal = JSON.stringify(settings.verify) === JSON.stringify(found.settings?.verify);
  if (need === null || settings.image !== null || !isProposal || !given.isTried) return null;
  const again = addCommand({ ...given, settings: { ...given.settings, image: need.image } });
  return refused("image-needed", `${found.name} is not saved: ${need.why}`, `${need.example}\n  then: ${again}`);
}

/** An empty command or image on the command line clears the setting. */
function withoutEmpty(settings: Partial<Settings>): Partial<Settings> {
  const entries = Object.entries(settings).map(([key, value]) => [key, value === "" ? null : value]);
  return Object.fromEntries(entries) as Partial<Settings>;
}

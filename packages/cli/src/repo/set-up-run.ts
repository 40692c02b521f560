/** A set-up run on the person's side: offers it if a trial is not green, waits for it, shows its proposal, and asks whether to try that. ADR 0023. */
import { setUpSentBytesMax } from "@aedev/contracts";
import type { SetUpRun, Tried } from "@aedev/contracts/api";
import { type Answer, done, type Refused, refused } from "../command-line/answer.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { canAsk, type Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";
import { addCommand } from "./add-command.ts";
import { type Given, type Settings, trialTimeoutMs } from "./given.ts";
import { acceptProposalCommand, setUpEnding, setUpLines } from "./set-up-text.ts";
import { withSteadyProgress } from "./steady-progress.ts";
import { redText, triedShortly } from "./texts.ts";
import { type Best, type Plan, tryOut, withSettings } from "./try-plan.ts";

type Proposed = SetUpRun & { readonly settings: NonNullable<SetUpRun["settings"]> };

/** The best settings of detection, or those that a set-up run proposes once a trial of them in fresh containers is green. Otherwise nothing is saved. */
export async function withSetUpRun(session: Session, rules: Best, given: Given): Promise<Best | Answer> {
  const { plan, outcome } = rules;
  const tokens = plan.found?.set_up_tokens;
  const { tried } = outcome;
  if (tried === null || !(await startsSetUpRun(session, given, { tried, tokens }))) return rules;
  const answer = await runSetUp(session, plan, given);
  if (answer.kind === "refused") return answer;
  const { run } = answer;
  const before = { ...plan.found?.known?.settings, ...plan.settings };
  const isAgreed = await agreesToProposal(session, given, { run, before });
  if (isAgreed === undefined) {
    const next = acceptProposalCommand(given, plan.name, run.settings);
    const text = [...setUpLines(run, before), `next: ${next}`].join("\n");
    return { ...done({ name: plan.name, found: plan.found, tried, set_up_run: run, next }, text), exit: 4 };
  }
  if (!isAgreed) return rules;
  const proposal = withSettings(plan, withCleared(run.settings));
  const result = await tryOut(session, proposal, given);
  if (result.kind === "refused") return result;
  if (result.tried?.outcome === "green") return { kind: "best", plan: proposal, outcome: result, setUpRun: run };
  if (result.tried === null) {
    const why = `${unsavedText(plan)}: what the set-up run proposes could not be tried: ${result.why ?? "nothing ran"}`;
    return refused("not-tried", why, `aedev doctor, then ${acceptProposalCommand(given, plan.name, run.settings)}`);
  }
  if (!session.json) session.terminal.complain(`${redText(result.tried)}\n`);
  const held = result.tried.outcome === "held" ? result.tried.detail : null;
  const why = `${unsavedText(plan)}: what the set-up run proposes is not green: ${held ?? triedShortly(result.tried)}`;
  return refused("set-up-run-not-green", why, withoutSetUp(given));
}

/** An empty value clears a setting; an absent value keeps what was saved. */
function withCleared({ prepare, build, image, writable, mutation_time_ms: _kept, ...rest }: Proposed["settings"]) {
  return { ...rest, prepare: prepare ?? "", build: build ?? "", image: image ?? "", writable: writable ?? [] };
}

/** Whether a set-up run starts: `--set-up-run` was given, or one can be asked for and a person at the terminal types a yes. */
async function startsSetUpRun(
  session: Session,
  given: Given,
  { tried, tokens }: { tried: Tried; tokens: number | undefined },
): Promise<boolean> {
  if (tried.outcome === "green") return false;
  if (given.wantsSetUpRun) return true;
  if (!canAsk(session) || given.isSilent || tokens === undefined) return false;
  const { terminal } = session;
  terminal.complain(
    `These settings are not green on the base: ${triedShortly(tried)}\nA coder can look for better ones. It works in a sandbox on its own copy of the whole repository and reaches only its model and the registries. Text in the repository could make it send up to ${setUpSentBytesMax / (1024 * 1024)} MiB of code to a registry. It may use ${tokens} tokens. Nothing is saved until a trial is green.\n`,
  );
  return isYes(await terminal.ask("Start a set-up run? [y/N] "));
}

/** The proposal of the run, which nobody has agreed to yet; or why there is none. */
async function runSetUp(
  session: Session,
  plan: Plan,
  given: Given,
): Promise<{ readonly kind: "proposed"; readonly run: Proposed } | Refused> {
  const body = { path_or_url: plan.registration.path_or_url, name: plan.name, ...plan.settings };
  const answer = await withSteadyProgress(session, "the coder looks for settings, in a set-up run", () =>
    call(session, "setUpRepository", { body }, { timeoutMs: trialTimeoutMs }),
  );
  if (answer.kind === "refused") return answer;
  const run = answer.document;
  if (!isProposed(run))
    return refused("set-up-run-failed", `${unsavedText(plan)}: ${setUpEnding(run)}`, withoutSetUp(given));
  return { kind: "proposed", run };
}

/** Shows the proposal, and asks whether to try it; undefined: nobody can be asked. */
async function agreesToProposal(
  session: Session,
  given: Given,
  { run, before }: { run: Proposed; before: Partial<Settings> },
): Promise<boolean | undefined> {
  const { terminal } = session;
  if (!given.isAccepting && !canAsk(session)) return undefined;
  if (!session.json) terminal.complain(`${setUpLines(run, before).join("\n")}\n`);
  if (given.isAccepting) return true;
  const question =
    run.dockerfile === null ? "Try this in fresh containers?" : "Make the image, and try this in fresh containers?";
  return isYes(await terminal.ask(`${question} [y/N] `));
}

function unsavedText({ name, found }: Plan): string {
  return found?.known ? `nothing of ${name} was changed` : `${name} is not saved`;
}

function withoutSetUp(given: Given): string {
  return `${addCommand(given)}\n  saves what was tried before; or name the settings with flags (aedev repo add --help)`;
}

function isProposed(run: SetUpRun): run is Proposed {
  return run.settings !== null;
}

/** The real calls of `aedev init` and `aedev doctor --probe`: one for each credential through the running daemon, with the command that helps if the call fails. */
import { type ProbeProblem, parseProbeProblem } from "@aedev/contracts";
import type { ProbeBody, PushTrial } from "@aedev/contracts/api";
import { call } from "../daemon-client/daemon-link.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";
import { type InitSetup, isPresent } from "./step.ts";

interface Probe {
  readonly name: string;
  /** Shown while the probe runs. */
  readonly label: string;
  readonly what: ProbeBody["what"] | "push";
  readonly helpFor: (problem: ProbeProblem) => string;
}

const again = "to try it again: aedev doctor --probe";

function coderHelp(problem: ProbeProblem): string {
  if (problem.kind === "status" && problem.status === 404)
    return "models.coder in config.yaml must name a model that this credential may use";
  switch (problem.kind === "hold" ? problem.code : null) {
    case "HOLD-CLAUDE-AUTH-IN-DOCKER":
      return "claude setup-token makes a new token; then: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN";
    case "HOLD-DOCKER-UNAVAILABLE":
    case "HOLD-CLAUDE-DOCKER-IMAGE":
      return "aedev setup";
    case "HOLD-USAGE-LIMIT":
      return "nothing to do: the credential is valid and works again after that";
    default:
      return `check that addresses.anthropic in config.yaml can be reached; ${again}`;
  }
}

function judgeHelp(secret: string, family: string): Probe["helpFor"] {
  return (problem) => {
    const status = problem.kind === "status" ? problem.status : null;
    if (problem.kind === "not-configured" || status === 400 || status === 401 || status === 403)
      return `aedev secrets set ${secret}`;
    if (status === 404) return `models.${family} in config.yaml must name a model that this key may use`;
    if (status === 429) return `the account of ${secret} has no quota left; ${again}`;
    return `check that the vendor (addresses.${family} in config.yaml) can be reached; ${again}`;
  };
}

/** The step that sends a test message to the phone. */
export const pushStep = "push message";

/** The probes for this set-up: the coder, each judge with a key, and push messages if there is a topic. */
export function probesFor(setup: InitSetup): Probe[] {
  const { settings } = setup;
  const judge = (family: "openai" | "gemini" | "compatible", secret: string): Probe => ({
    name: `${family} call`,
    label: `asking the ${family} judge one word`,
    what: family,
    helpFor: judgeHelp(secret, family),
  });
  return [
    { name: "coder call", label: "asking the coder one word in its sandbox", what: "coder", helpFor: coderHelp },
    ...(isPresent(setup, "AEDEV_OPENAI_API_KEY") ? [judge("openai", "AEDEV_OPENAI_API_KEY")] : []),
    ...(isPresent(setup, "AEDEV_GEMINI_API_KEY") ? [judge("gemini", "AEDEV_GEMINI_API_KEY")] : []),
    ...(settings.compatibleModel !== null && isPresent(setup, "AEDEV_COMPATIBLE_API_KEY")
      ? [judge("compatible", "AEDEV_COMPATIBLE_API_KEY")]
      : []),
    ...(settings.ntfyTopic === null ? [] : [pushProbe]),
  ];
}

const pushProbe: Probe = {
  name: pushStep,
  label: "sending a test push",
  what: "push",
  helpFor: () => "aedev notify test",
};

/** Contract: a failed probe is a result; it throws only if the daemon is not running. */
export async function probe(session: Session, { name, label, what, helpFor }: Probe) {
  const answer = await withProgress(session, label, async () => {
    if (what !== "push") return call(session, "probe", { body: { what } });
    const push = await call(session, "testNotification", { body: {} });
    if (push.kind === "refused") return push;
    return { kind: "document" as const, document: { ok: push.document.ok, detail: pushText(push.document) } };
  });
  if (answer.kind === "refused") return { name, ok: false, found: answer.reason, help: answer.hint ?? again };
  const { ok, detail } = answer.document;
  const found = detail ?? "no reason given";
  return { name, ok, found, help: helpFor(parseProbeProblem(found)) };
}

function pushText({ ok, buttons, problems }: PushTrial): string {
  if (!ok) return [...new Set(problems)].join("; ");
  const buttonsText = buttons
    ? "with buttons"
    : "without buttons: decisions are made at the terminal ; why: aedev notify test";
  return `accepted by the server; real ones come ${buttonsText}`;
}

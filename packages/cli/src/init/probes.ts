/** The real calls of `aedev init` and `aedev doctor --probe`: one each through the running daemon, with the command that helps where one fails. */
import { z } from "zod";
import { postToDaemon } from "../session/daemon-link.ts";
import { withProgress } from "../session/progress.ts";
import type { Session } from "../session/session.ts";
import type { Setup } from "./step.ts";

export interface Probed {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly help: string;
}
interface Probe {
  readonly name: string;
  /** Shown while it goes on. */
  readonly label: string;
  readonly path: string;
  readonly body: unknown;
  /** The command that helps against what came back. */
  readonly helpFor: (detail: string) => string;
}

const again = "aedev doctor --probe tries it again";

function coderHelp(detail: string): string {
  if (detail.startsWith("HOLD-CLAUDE-AUTH"))
    return "claude setup-token makes a new token; then: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN";
  if (/^HOLD-(DOCKER|CLAUDE-DOCKER)/.test(detail)) return "./scripts/setup";
  if (detail.startsWith("HOLD-USAGE-LIMIT")) return "nothing to do: the credential is good and works again then";
  if (detail === "api_404") return "models.coder in config.yaml must name a model that this credential may use";
  return `check the way to addresses.anthropic of config.yaml; ${again}`;
}

function judgeHelp(secret: string, family: string): Probe["helpFor"] {
  return (detail) => {
    if (/^(http_40[013]|not_configured)$/.test(detail)) return `aedev secrets set ${secret}`;
    if (detail === "http_404") return `models.${family} in config.yaml must name a model that this key may use`;
    if (detail === "http_429") return `the account of ${secret} has no quota left; ${again}`;
    return `check the way to the vendor (addresses.${family} in config.yaml); ${again}`;
  };
}

/** The coder always; each judge that has a key; push messages where there is a topic. */
export function probesFor({ secrets, settings }: Setup): Probe[] {
  const isThere = (secret: string) => secrets[secret] === "file" || secrets[secret] === "environment";
  const judge = (family: "openai" | "gemini" | "compatible", secret: string): Probe => ({
    name: `${family} call`,
    label: `asking the ${family} judge one word`,
    path: "/api/probes",
    body: { what: family },
    helpFor: judgeHelp(secret, family),
  });
  return [
    {
      name: "coder call",
      label: "asking the coder one word in its sandbox",
      path: "/api/probes",
      body: { what: "coder" },
      helpFor: coderHelp,
    },
    ...(isThere("AEDEV_OPENAI_API_KEY") ? [judge("openai", "AEDEV_OPENAI_API_KEY")] : []),
    ...(isThere("AEDEV_GEMINI_API_KEY") ? [judge("gemini", "AEDEV_GEMINI_API_KEY")] : []),
    ...(settings.compatibleModel !== null && isThere("AEDEV_COMPATIBLE_API_KEY")
      ? [judge("compatible", "AEDEV_COMPATIBLE_API_KEY")]
      : []),
    ...(settings.ntfyTopic === null ? [] : [pushProbe]),
  ];
}

const pushProbe: Probe = {
  name: "push message",
  label: "sending a test push",
  path: "/api/notifications/test",
  body: {},
  helpFor: () => "aedev notify test",
};

const answerSchema = z.looseObject({ ok: z.boolean(), detail: z.string().nullish() });
const pushSchema = z.looseObject({ ok: z.boolean(), buttons: z.boolean(), problems: z.array(z.string()) });

/** Contract: a probe that fails is a result; only a daemon that does not run is thrown. */
export async function probe(session: Session, { name, label, path, body, helpFor }: Probe): Promise<Probed> {
  const answer = await withProgress(session, label, () => postToDaemon(session, path, body));
  if (answer.kind === "refused") return { name, ok: false, found: answer.reason, help: answer.hint ?? again };
  const { ok, detail } = answerSchema.parse(answer.document);
  const found = path === pushProbe.path ? pushWords(answer.document) : (detail ?? "no word of why");
  return { name, ok, found, help: helpFor(found) };
}

function pushWords(document: unknown): string {
  const { ok, buttons, problems } = pushSchema.parse(document);
  if (!ok) return [...new Set(problems)].join("; ");
  const words = buttons
    ? "with buttons"
    : "without buttons: decisions are made at the terminal (aedev notify test says why)";
  return `taken by the server; real ones come ${words}`;
}

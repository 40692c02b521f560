/** The credentials: the coder's, each judge's, the push server's. Asks for what is nowhere, keeps what is in the environment where that is wanted, shows no value. */
import { Fault } from "@aedev/core/wire";
import { conclude, type InitRun, readSetup } from "./step.ts";

interface Credential {
  readonly secret: string;
  /** Name of the step. */
  readonly name: string;
  readonly why: string;
  readonly question: string;
  readonly help: string;
  /** Values that are surely something else, and what they are. */
  readonly wrong: readonly { readonly pattern: RegExp; readonly says: string }[];
}

const anthropic = { pattern: /^sk-ant-/, says: "that is one of Anthropic's; it belongs to the coder" };
const coder: Credential = {
  secret: "AEDEV_CLAUDE_OAUTH_TOKEN",
  name: "claude credential",
  why: [
    "The coder is Claude Code in a sealed container. Its credential stays outside, with the model gateway.",
    "On a machine with Claude Code and a subscription, this prints a token for it:",
    "",
    "  claude setup-token",
    "",
  ].join("\n"),
  question: "Token of claude setup-token:",
  help: "claude setup-token makes one; then: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
  wrong: [
    {
      pattern: /^sk-ant-api/,
      says: "that is a paid API key; it is used only by choice: auth.allow_api_key: true in config.yaml and aedev secrets set AEDEV_ANTHROPIC_API_KEY",
    },
  ],
};
const paidKey: Credential = {
  ...coder,
  secret: "AEDEV_ANTHROPIC_API_KEY",
  question: "Paid API key for the coder:",
  help: "aedev secrets set AEDEV_ANTHROPIC_API_KEY",
  wrong: [],
};
const openai: Credential = {
  secret: "AEDEV_OPENAI_API_KEY",
  name: "openai key",
  why: "Two judges of other vendors look at the proof of each change. The first is OpenAI's: https://platform.openai.com/api-keys",
  question: "OpenAI API key:",
  help: "aedev secrets set AEDEV_OPENAI_API_KEY",
  wrong: [anthropic],
};
const gemini: Credential = {
  secret: "AEDEV_GEMINI_API_KEY",
  name: "gemini key",
  why: "The second judge is Google's Gemini: https://aistudio.google.com/apikey",
  question: "Gemini API key:",
  help: "aedev secrets set AEDEV_GEMINI_API_KEY",
  wrong: [anthropic, { pattern: /^sk-/, says: "that is a key of another vendor" }],
};
const compatible: Credential = {
  secret: "AEDEV_COMPATIBLE_API_KEY",
  name: "compatible key",
  why: "A third judge is configured (models.compatible). With it, any two judges' passes suffice.",
  question: "API key of the third judge:",
  help: "aedev secrets set AEDEV_COMPATIBLE_API_KEY",
  wrong: [anthropic],
};
const ntfy: Credential = {
  secret: "AEDEV_NTFY_TOKEN",
  name: "ntfy token",
  why: [
    "A token of that server for these topics. Where strangers can read the topic, aedev sends no buttons:",
    "they would have your say. Without a token the pushes tell you what to do at the terminal.",
  ].join("\n"),
  question: "Access token of the ntfy server:",
  help: "aedev secrets set AEDEV_NTFY_TOKEN",
  wrong: [anthropic],
};
/** Shorter than any real one; a slip of the hand. */
const secretCharsMin = 8;

/** The subscription's token; a paid key only where it is there and its use was chosen. */
export async function coderStep(run: InitRun): Promise<boolean> {
  const { apiKeyAllowed, secrets } = await readSetup(run);
  const isThere = (secret: string) => secrets[secret] === "file" || secrets[secret] === "environment";
  const isPaid = apiKeyAllowed && !isThere(coder.secret) && isThere(paidKey.secret);
  return credentialStep(run, isPaid ? paidKey : coder);
}

/** Both judges, and what a missing one means. */
export async function judgeSteps(run: InitRun): Promise<void> {
  const { whenMissing, compatibleModel } = (await readSetup(run)).settings;
  // Who chose to be asked may go without.
  const absent = whenMissing === "ask" ? "skipped" : "missing";
  const there = [await credentialStep(run, openai, absent), await credentialStep(run, gemini, absent)];
  if (compatibleModel !== null) there.push(await credentialStep(run, compatible, "skipped"));
  // Any two suffice.
  if (there.filter(Boolean).length >= 2) return;
  const name = "missing judge";
  const asks = "changes are asked about, naming the judges that spoke; none merges by itself";
  const holds = "changes are held until the key is there";
  if (whenMissing === "ask") return conclude(run, { name, status: "kept", found: `ask: ${asks}`, help: null });
  run.dialogue?.say(
    "Without both judges every change is held (judges.when_missing: hold). With ask you decide each one; never a merge.",
  );
  if ((await run.dialogue?.askYes("Ask you about those changes instead of holding them?", false)) !== true)
    return conclude(run, {
      name,
      status: "skipped",
      found: `hold: ${holds}`,
      help: "aedev init --yes --when-missing ask",
    });
  const { entry, session } = run;
  run.restart = (await entry.writeSettings({ home: session.home, settings: { whenMissing: "ask" } })) || run.restart;
  conclude(run, { name, status: "set", found: `ask: ${asks}`, help: null });
}

export function ntfyTokenStep(run: InitRun): Promise<boolean> {
  // A topic may be open; it gets no buttons then.
  return credentialStep(run, ntfy, "skipped");
}

/** Answers whether the secret is there. `absent`: what it means where it is not. */
async function credentialStep(
  run: InitRun,
  credential: Credential,
  absent: "missing" | "skipped" = "missing",
): Promise<boolean> {
  const { secret, name, help } = credential;
  const place = (await readSetup(run)).secrets[secret];
  const found = (text: string) => ({ name, found: `${secret} ${text}`, help: null });
  if (place === "file") {
    conclude(run, { ...found("is kept in the home"), status: "kept" });
    return true;
  }
  if (place === "environment") return fromEnvironment(run, credential);
  if (place === "empty") {
    const unset = `unset ${secret}, or give it a value`;
    conclude(run, { ...found("is set but empty in this environment"), status: "missing", help: unset });
    return false;
  }
  run.dialogue?.say(`\n${credential.why}`);
  const given = await run.dialogue?.askSecret(credential.question, (value) => keep(run, credential, value));
  if (given === true) {
    conclude(run, { ...found("is kept in the home"), status: "set" });
    return true;
  }
  conclude(run, { ...found("is not set"), status: absent, help });
  return false;
}

async function fromEnvironment(run: InitRun, credential: Credential): Promise<boolean> {
  const { secret, name, help } = credential;
  const wanted = `${secret} is in this environment; keep it in the home's files, so that every daemon has it?`;
  if (run.flags.keepSecrets || (await run.dialogue?.askYes(wanted, true)) === true) {
    try {
      await keep(run, credential, run.session.environment[secret] ?? "");
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      conclude(run, { name, status: "failed", found: `${secret} of this environment: ${error.message}`, help });
      return false;
    }
    conclude(run, { name, status: "set", found: `${secret} is kept in the home`, help: null });
    return true;
  }
  const found = `${secret} is in this command's environment only; a daemon that is started without it has none`;
  conclude(run, { name, status: "kept", found, help: "aedev init --yes --keep-secrets" });
  return true;
}

async function keep(run: InitRun, { secret, wrong }: Credential, typed: string): Promise<void> {
  const value = typed.trim();
  const mistake = wrong.find(({ pattern }) => pattern.test(value))?.says;
  if (mistake !== undefined) throw new Fault("SECRET-MALFORMED", mistake);
  if (/\s/.test(value))
    throw new Fault("SECRET-MALFORMED", "there is white space in it: was it cut at the end of a line?");
  if (value.length < secretCharsMin)
    throw new Fault("SECRET-MALFORMED", `it has fewer than ${secretCharsMin} characters`);
  await run.entry.setSecret({ home: run.session.home, name: secret, value });
  // The other planes read their file for each work; the daemon reads its own once.
  if (secret === ntfy.secret) run.restart = true;
}

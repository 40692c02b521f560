/** The steps for credentials: the coder's, each judge's, the push server's. They ask for missing secrets, store secrets from the environment if wanted, and never show a value. */
import { Fault, localTime } from "@aedev/contracts";
import { conclude, type InitRun, type InitSetup, isPresent, readInitSetup, storeSettings } from "./step.ts";

/** A secret that `init` can store. */
export interface InitCredential {
  readonly secret: string;
  readonly name: string;
  /** The command that sets the secret; absent: `aedev secrets set`. */
  readonly help?: string;
  /** Patterns of values that are certainly not this secret, with the message for each. */
  readonly wrong: readonly { readonly pattern: RegExp; readonly says: string }[];
}
interface Credential extends InitCredential {
  readonly why: string;
  readonly question: string;
  /** Variables that other programs read for the same credential. A person is asked before one is used. */
  readonly usual?: readonly string[];
}

const anthropic = { pattern: /^sk-ant-/, says: "that is an Anthropic key, which is for the coder" };
const meteredWarning =
  "This is an API key that is billed per token, so aedev uses it only if you allow it: set auth.allow_api_key: true in config.yaml, then: aedev secrets set AEDEV_ANTHROPIC_API_KEY";
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
  usual: ["CLAUDE_CODE_OAUTH_TOKEN"],
  help: "claude setup-token makes one; then: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
  wrong: [
    {
      pattern: /^sk-ant-api/,
      says: "that is a paid API key; to use it, set auth.allow_api_key: true in config.yaml and aedev secrets set AEDEV_ANTHROPIC_API_KEY",
    },
  ],
};
const secondToken = "AEDEV_CLAUDE_OAUTH_TOKEN_2";
const meteredKey: Credential = {
  ...coder,
  secret: "AEDEV_ANTHROPIC_API_KEY",
  question: "Paid API key for the coder:",
  usual: [],
  help: "aedev secrets set AEDEV_ANTHROPIC_API_KEY",
  wrong: [],
};
const openai: Credential = {
  secret: "AEDEV_OPENAI_API_KEY",
  name: "openai key",
  why: "Two judges from other vendors check the evidence of each change. The first is OpenAI's: https://platform.openai.com/api-keys",
  question: "OpenAI API key:",
  usual: ["OPENAI_API_KEY"],
  wrong: [anthropic],
};
const gemini: Credential = {
  secret: "AEDEV_GEMINI_API_KEY",
  name: "gemini key",
  why: "The second judge is Google's Gemini: https://aistudio.google.com/apikey",
  question: "Gemini API key:",
  usual: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  wrong: [anthropic, { pattern: /^sk-/, says: "that is a key of another vendor" }],
};
const compatible: Credential = {
  secret: "AEDEV_COMPATIBLE_API_KEY",
  name: "compatible key",
  why: "A third judge is configured (models.compatible). With it, passes from any two judges are enough.",
  question: "API key of the third judge:",
  wrong: [anthropic],
};
const ntfy: Credential = {
  secret: "AEDEV_NTFY_TOKEN",
  name: "ntfy token",
  why: "A token of the ntfy server for your topics. If strangers can read the topic, aedev sends no buttons: they could decide for you. Without a token the pushes tell you what to do at the terminal.",
  question: "Access token of the ntfy server:",
  wrong: [anthropic],
};
/** A shorter value is a typing error: real secrets are longer. */
const secretCharsMin = 8;

/** The subscription's token; a paid key only if it is present and its use was chosen. */
export async function coderStep(run: InitRun): Promise<boolean> {
  const setup = await readInitSetup(run);
  // Either token is enough.
  const tokens = [coder, { ...coder, secret: secondToken }];
  const token = tokens.find(({ secret }) => isPresent(setup, secret));
  const hasToken = token !== undefined;
  if (!hasToken && setup.claudeLoginUntil !== null && (await usesLogin(run, setup, setup.claudeLoginUntil)))
    return true;
  const isMetered = setup.apiKeyAllowed && !hasToken && isPresent(setup, meteredKey.secret);
  return credentialStep(run, isMetered ? meteredKey : (token ?? coder));
}

/** Whether the coder uses the login of Claude Code on this machine, as configured or as the person says now. A usual variable with a token takes precedence. */
async function usesLogin(run: InitRun, setup: InitSetup, until: string): Promise<boolean> {
  const name = coder.name;
  const found = `the login of Claude Code on this machine, which lasts until ${localTime(until)} and is renewed when you use Claude Code`;
  if (setup.settings.claudeLogin) {
    conclude(run, { name, status: "kept", found, help: null });
    return true;
  }
  if (run.dialogue === null) return false;
  if ((coder.usual ?? []).some((variable) => (run.session.environment[variable] ?? "") !== "")) return false;
  run.dialogue.say(
    `\nClaude Code is logged in on this machine until ${localTime(until)}. aedev can use that login; it never renews it, so it is there while you use Claude Code, and may end during a night. The token of claude setup-token lasts a year.`,
  );
  if (!(await run.dialogue.askYes("Use the login of Claude Code?", true))) return false;
  await storeSettings(run, { claudeLogin: true });
  conclude(run, { name, status: "set", found, help: null });
  return true;
}

/** Both judges, and what happens if a judge's key is missing. */
export async function judgeSteps(run: InitRun): Promise<void> {
  const { whenMissing, compatibleModel } = (await readInitSetup(run)).settings;
  // With `ask` the keys are optional.
  const absent = whenMissing === "ask" ? "skipped" : "missing";
  const there = [await credentialStep(run, openai, absent), await credentialStep(run, gemini, absent)];
  if (compatibleModel !== null) there.push(await credentialStep(run, compatible, "skipped"));
  // Any two judges are enough.
  if (there.filter(Boolean).length >= 2) return;
  const name = "missing judge";
  const asks = "every change needs your approval, which names the judges that answered; none merges automatically";
  const holds = "changes are held until the key is there";
  if (whenMissing === "ask")
    return conclude(run, { name, status: "kept", found: `ask: ${asks}`, help: null, when_missing: "ask" });
  run.dialogue?.say(
    "Without both judges every change is held (judges.when_missing: hold). With ask you decide each one; none merges automatically.",
  );
  if ((await run.dialogue?.askYes("Ask you about those changes instead of holding them?", false)) !== true)
    return conclude(run, {
      name,
      status: "skipped",
      found: `hold: ${holds}`,
      help: "aedev init --yes --when-missing ask",
      when_missing: "hold",
    });
  await storeSettings(run, { whenMissing: "ask" });
  conclude(run, { name, status: "set", found: `ask: ${asks}`, help: null, when_missing: "ask" });
}

export function ntfyTokenStep(run: InitRun): Promise<boolean> {
  // A topic can be open to everybody; its messages then get no buttons.
  return credentialStep(run, ntfy, "skipped");
}

/** Returns whether the secret is present. `absent`: the step's status if it is not. */
async function credentialStep(
  run: InitRun,
  credential: Credential,
  absent: "missing" | "skipped" = "missing",
): Promise<boolean> {
  const { secret, name, help = `aedev secrets set ${secret}` } = credential;
  const source = (await readInitSetup(run)).secrets[secret];
  const found = (text: string) => ({ name, found: `${secret} ${text}`, help: null });
  if (source === "file") {
    conclude(run, { ...found("is kept in the home"), status: "kept" });
    return true;
  }
  if (source === "environment") return fromEnvironment(run, credential);
  if (source === "empty") {
    const unset = `unset ${secret}, or give it a value`;
    conclude(run, { ...found("is set but empty in this environment"), status: "missing", help: unset });
    return false;
  }
  if (await takeUsual(run, credential)) {
    conclude(run, { ...found("is kept in the home"), status: "set" });
    return true;
  }
  run.dialogue?.say(`\n${credential.why}`);
  if (credential === coder && (run.session.environment["ANTHROPIC_API_KEY"] ?? "") !== "")
    run.dialogue?.say(`ANTHROPIC_API_KEY is in this environment. ${meteredWarning}\n`);
  const given = await run.dialogue?.askSecret(credential.question, (value) => keep(run, credential, value));
  if (given === true) {
    conclude(run, { ...found("is kept in the home"), status: "set" });
    return true;
  }
  conclude(run, { ...found("is not set"), status: absent, help });
  return false;
}

/** Asks about each usual variable that has a value, and stores the first that the person accepts. Without a person none is used. */
async function takeUsual(run: InitRun, credential: Credential): Promise<boolean> {
  const { dialogue, session } = run;
  for (const variable of credential.usual ?? []) {
    const value = session.environment[variable] ?? "";
    if (dialogue === null || value === "") continue;
    const question = `${variable} is in this environment; store it in the home as ${credential.secret}?`;
    if (!(await dialogue.askYes(question, true))) continue;
    try {
      await keep(run, credential, value);
      return true;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      dialogue.say(`  ${variable} is not accepted: ${error.message}`);
    }
  }
  return false;
}

/** Stores a secret of this environment if the person or `--keep-secrets` says so. */
export async function fromEnvironment(run: InitRun, credential: InitCredential): Promise<boolean> {
  const { secret, name, help = `aedev secrets set ${secret}` } = credential;
  const wanted = `${secret} is in this environment; store it in the home's files for every daemon?`;
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
  const found = `${secret} is in this command's environment only; a daemon started without it does not have it`;
  conclude(run, { name, status: "kept", found, help: "aedev init --yes --keep-secrets" });
  return true;
}

/** Throws a Fault `secret-malformed` with the reason, never with the value. */
export async function keep(run: InitRun, { secret, wrong }: InitCredential, typed: string): Promise<void> {
  const value = typed.trim();
  const mistake = wrong.find(({ pattern }) => pattern.test(value))?.says;
  if (mistake !== undefined) throw new Fault("secret-malformed", mistake);
  if (/\s/.test(value))
    throw new Fault("secret-malformed", "it contains white space: was it cut off at the end of a line?");
  if (value.length < secretCharsMin)
    throw new Fault("secret-malformed", `it has fewer than ${secretCharsMin} characters`);
  await run.entry.setSecret({ home: run.session.home, name: secret, value });
  // The other planes read their file for each work item; the daemon reads its own only once.
  if (secret === ntfy.secret) run.restart = true;
}

/** `aedev init`: sets up the home, by dialogue on a terminal and by flags otherwise. A second run keeps existing values and asks for missing ones. */
import { isFault } from "@aedev/contracts";
import { type Answer, refused, usageFault } from "../command-line/answer.ts";
import type { Verb, VerbInput } from "../command-line/verb.ts";
import { openDialogue } from "../init/dialogue.ts";
import { nextLines } from "../init/next-lines.ts";
import { runInit } from "../init/run-init.ts";
import { type InitFlags, type InitRun, type InitSettings, stepText } from "../init/step.ts";

export const verb: Verb = {
  summary:
    "Create and set up the home: Docker, credentials, push messages, first real calls. Existing settings are kept.",
  options: [
    { flags: "-y, --yes", summary: "ask nothing; do what the flags say" },
    { flags: "--start", summary: "start the daemon and try each credential with one tiny real call" },
    { flags: "--keep-secrets", summary: "store the AEDEV_* secrets of this environment in the home's files" },
    { flags: "--when-missing <hold|ask>", summary: "what happens to a change if a judge has no key" },
    { flags: "--compatible-model <name>", summary: "model of a third judge, of another vendor" },
    {
      flags: "--compatible-url <url>",
      summary: "its OpenAI-compatible endpoint; then passes from any two judges are enough",
    },
    { flags: "--ntfy-url <url>", summary: "server of the push messages, e.g. https://ntfy.sh" },
    { flags: "--ntfy-topic <topic>", summary: "topic to push to" },
    { flags: "--ntfy-reply-topic <topic>", summary: "topic that the buttons reply through" },
    { flags: "--public-url <url>", summary: "public address of a tunnel to the approval listener" },
  ],
  examples: [
    "aedev init",
    "aedev init --yes",
    "AEDEV_OPENAI_API_KEY=… aedev init --yes --keep-secrets --start",
    "aedev init --yes --when-missing ask --ntfy-topic aedev-2f1c9b --start",
  ],
  async run(session, input) {
    const flags = flagsOf(input);
    const asks = session.terminal.interactive && !input.flag("yes") && !session.json;
    const entry = await session.entries.daemon();
    const dialogue = asks ? openDialogue(session.terminal) : null;
    const run: InitRun = { session, entry, flags, dialogue, steps: [], restart: false };
    try {
      const { started } = await runInit(run);
      return await answerOf(run, started);
    } catch (error) {
      if (dialogue === null || !isFault(error, "interrupted")) throw error;
      return refused(
        "interrupted",
        "setup was interrupted; your answers so far are saved",
        "to continue from there: aedev init",
      );
    }
  },
};

function flagsOf(input: VerbInput): InitFlags {
  const whenMissing = input.text("whenMissing");
  if (whenMissing !== undefined && whenMissing !== "hold" && whenMissing !== "ask")
    throw usageFault(`--when-missing wants hold or ask, not "${whenMissing}"`, "aedev init --help");
  const text = <Name extends string>(name: Name): Partial<Record<Name, string>> => {
    const value = input.text(name);
    return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
  };
  const settings: Partial<InitSettings> = {
    ...(whenMissing === undefined ? {} : { whenMissing }),
    ...text("compatibleModel"),
    ...text("compatibleUrl"),
    ...text("ntfyUrl"),
    ...text("ntfyTopic"),
    ...text("ntfyReplyTopic"),
    ...text("publicUrl"),
  };
  return { settings, start: input.flag("start"), keepSecrets: input.flag("keepSecrets") };
}

/** Exits 1 if a requested step failed. A plain `init --yes` only creates the home. */
async function answerOf(run: InitRun, started: boolean): Promise<Answer> {
  const { session, steps, flags, dialogue } = run;
  const bad = steps.filter(({ status }) => status === "failed" || (flags.start && status === "missing"));
  const next = nextLines({ steps, started });
  const created = steps.filter(({ status }) => status === "made").map(({ found }) => found);
  const document = { home: session.home, created, ok: bad.length === 0, started, steps, next };
  const changed = steps.some(({ status }) => status !== "kept" && status !== "missing" && status !== "skipped");
  const first = changed ? [] : [`${session.home} already exists; nothing was changed`];
  const lines = dialogue === null ? [...first, ...steps.map(stepText)] : [""];
  const answer = { kind: "done" as const, document, text: [...lines, ...next].join("\n") };
  if (bad.length === 0) return answer;
  return { ...answer, exit: 1, notice: `aedev: not done: ${bad.map(({ name }) => name).join(", ")}` };
}

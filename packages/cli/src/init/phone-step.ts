/** The step of `aedev init` that sets up the phone: server, topic, token, reply topic, public address. Each answer is written before the next question. */
import { randomBytes } from "node:crypto";
import { ntfyTokenStep } from "./secret-steps.ts";
import { conclude, type InitRun, type InitSettings, readInitSetup, storeSettings } from "./step.ts";

const name = "notifications";
/** The word that a person types to skip a setting. */
const none = "none";

export async function phoneStep(run: InitRun): Promise<void> {
  const { dialogue } = run;
  const before = (await readInitSetup(run)).settings;
  if (before.ntfyTopic === null) {
    if (dialogue === null) return;
    dialogue.say(
      "\naedev asks on your phone about anything it can't prove safe: install the ntfy app (https://ntfy.sh) there.",
    );
    if (!(await dialogue.askYes("Get push messages?", true)))
      return conclude(run, { name, status: "skipped", found: "nothing is pushed to a phone", help: "aedev init" });
    await dialogue.askText("Push server (ntfy):", before.ntfyUrl, async (ntfyUrl) => {
      await storeSettings(run, { ntfyUrl });
    });
    dialogue.say(
      "On an open server the topic's name is the only thing that keeps strangers out, so it must be hard to guess.",
    );
    await dialogue.askText("Topic to subscribe to in the app:", randomTopic(), async (ntfyTopic) => {
      await storeSettings(run, { ntfyTopic });
    });
  }
  await waysBack(run);
  await ntfyTokenStep(run);
  const { ntfyUrl, ntfyTopic, ntfyReplyTopic, publicUrl } = (await readInitSetup(run)).settings;
  const ways = [
    ...(ntfyReplyTopic === null ? [] : [`topic ${ntfyReplyTopic}`]),
    ...(publicUrl === null ? [] : [publicUrl]),
  ];
  conclude(run, {
    name,
    status: before.ntfyTopic === null ? "set" : "kept",
    found: `topic ${ntfyTopic} at ${ntfyUrl}; answers come back ${ways.length === 0 ? "at the terminal only" : `by ${ways.join(" and ")}`}`,
    help: null,
  });
}

/** A reply topic needs no open port; a public address needs a tunnel. One is enough, and both may be missing. */
async function waysBack(run: InitRun): Promise<void> {
  const { dialogue } = run;
  const { ntfyReplyTopic, publicUrl } = (await readInitSetup(run)).settings;
  if (dialogue === null || ntfyReplyTopic !== null || publicUrl !== null) return;
  dialogue.say("The buttons answer through a second topic, which aedev reads; no port is opened for it.");
  const orNone = (set: (answer: string) => Partial<InitSettings>) => async (answer: string) => {
    if (answer !== none) await storeSettings(run, set(answer));
  };
  await dialogue.askText(
    `Reply topic (${none}: no buttons this way):`,
    randomTopic(),
    orNone((topic) => ({ ntfyReplyTopic: topic })),
  );
  if ((await readInitSetup(run)).settings.ntfyReplyTopic !== null) return;
  await dialogue.askText(
    "Public address of a tunnel to the approval listener, e.g. https://aedev.example.org:",
    none,
    orNone((address) => ({ publicUrl: address })),
  );
}

/** 96 random bits, as secure as a password. */
function randomTopic(): string {
  return `aedev-${randomBytes(12).toString("hex")}`;
}

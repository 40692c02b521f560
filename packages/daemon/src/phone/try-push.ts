/** Runs the checks of `aedev notify test`, with one real message: whether it is taken, whether strangers can read the topic, whether replies arrive. */
import { Fault, type PushText, push } from "@aedev/contracts";
import type { PushTrial } from "@aedev/contracts/api";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { testHint, unreachableServer } from "./ntfy/guarded-fetch.ts";
import { publishMessage } from "./ntfy/ntfy-client.ts";
import { probeTopic } from "./probe-topic.ts";
import { type ReplyChannel, replyChannelOf } from "./reply-channel.ts";
import { pushServerOf } from "./send-push.ts";

type Notifications = Configuration["notifications"];

/** Throws a Fault if no topic is configured. `listening`: why the reply topic is not listened to; null if it is, or if none is configured. */
export async function tryPush(
  notifications: Notifications,
  { credential, listening }: { credential: string | null; listening: () => string | null },
): Promise<PushTrial> {
  const server = pushServerOf(notifications, credential);
  const channel = replyChannelOf(notifications);
  const problems: string[] = [];
  const note = (error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    const isAll = error.hint === undefined || error.hint === testHint;
    problems.push(isAll ? error.message : `${error.message}: ${error.hint}`);
  };
  const topic = await probeTopic(server).catch((error: unknown) => {
    note(error);
    return null;
  });
  const buttons = topic === "refused" && channel !== null;
  const delivered = await publishMessage(server, {
    title: push`aedev: a test`,
    message: push`This is what a push message looks like. ${channelText(channel, buttons)}`,
    priority: 3,
    tags: ["wave"],
    actions: [],
    click: null,
  }).then(
    () => true,
    (error: unknown) => {
      note(error);
      return false;
    },
  );
  const channelProblems = delivered && channel === "reply_topic" ? await tryReplyTopic(notifications, listening) : [];
  problems.push(...channelProblems);
  const ok = delivered && channelProblems.length === 0;
  return { ok, delivered, topic, buttons, way_back: channel, token: credential !== null, problems };
}

function channelText(channel: ReplyChannel, buttons: boolean): PushText {
  if (channel === null) return push`Decide at the terminal: no reply channel is configured.`;
  return buttons
    ? push`Decisions will come with buttons.`
    : push`Decisions will come without buttons: see the terminal.`;
}

/** Writes without credentials, as a phone's button does, with a text that is not a token. */
async function tryReplyTopic(
  { url, replyTopic, timeoutMs }: Notifications,
  listening: () => string | null,
): Promise<string[]> {
  const problem = listening();
  const found = problem === null ? [] : [`the reply topic is not listened to: ${problem}`];
  try {
    const response = await fetch(`${url}/${replyTopic}`, {
      method: "POST",
      headers: { "X-Message": "aedev notify test" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (!response.ok)
      found.push(
        `the reply topic answered ${response.status} to a message without credentials, which is what a button sends: ` +
          "let everyone write to it, and only you read it (docs/PHONE.md)",
      );
  } catch (cause) {
    found.push(unreachableServer(cause).message);
  }
  return found;
}

/** What `aedev notify test` finds: whether a message is taken, whether strangers can read the topic, and whether the way back is open. It sends one real message and changes nothing. */
import { Fault } from "@aedev/core/wire";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { testHint, unreachable } from "./guarded-fetch.ts";
import { publishMessage } from "./ntfy-client.ts";
import { probeTopic, type TopicReading } from "./probe-topic.ts";
import { pushServerOf } from "./send-push.ts";
import { type WayBack, wayBackOf } from "./way-back.ts";

/** A document of the API. `ok`: the message was taken, and the way back that is configured works as far as can be seen from here. */
export interface PushTrial {
  readonly ok: boolean;
  readonly delivered: boolean;
  /** Of the message topic, without credentials; null where the server did not say. */
  readonly topic: TopicReading | null;
  /** Whether messages will carry buttons. */
  readonly buttons: boolean;
  readonly way_back: WayBack;
  /** Whether an access token is configured. */
  readonly token: boolean;
  /** What is wrong, in a person's words, each with what helps. */
  readonly problems: readonly string[];
}
type Notifications = Configuration["notifications"];

/** Throws a Fault where no topic is configured. `listening`: why the reply topic is not listened to; null where it is, or none is configured. */
export async function tryPush(
  notifications: Notifications,
  { credential, listening }: { credential: string | null; listening: () => string | null },
): Promise<PushTrial> {
  const server = pushServerOf(notifications, credential);
  const way = wayBackOf(notifications);
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
  const buttons = topic === "refused" && way !== null;
  const delivered = await publishMessage(server, {
    title: "aedev: a test",
    message: `This is what a message looks like. ${wayWords(way, buttons)}`,
    priority: 3,
    tags: ["wave"],
    actions: [],
  }).then(
    () => true,
    (error: unknown) => {
      note(error);
      return false;
    },
  );
  const wayProblems = delivered && way === "reply_topic" ? await tryReplyTopic(notifications, listening) : [];
  problems.push(...wayProblems);
  const ok = delivered && wayProblems.length === 0;
  return { ok, delivered, topic, buttons, way_back: way, token: credential !== null, problems };
}

function wayWords(way: WayBack, buttons: boolean): string {
  if (way === null) return "Decisions are made at the terminal: no way back is configured.";
  return buttons ? "Decisions will come with buttons." : "Decisions will come without buttons: see the terminal.";
}

/** A phone's button writes without credentials: so does this, with a text that is no token. */
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
    found.push(unreachable(cause).message);
  }
  return found;
}

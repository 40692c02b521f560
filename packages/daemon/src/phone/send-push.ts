/** Delivers one push message and returns its record, at least once. Buttons carry tokens only if the topic is proven closed to strangers (SECURITY T14). */

import { Fault, isFault, joined, type PushText, push } from "@aedev/contracts";
import type { CommandBody, Notice } from "@aedev/core";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { Deferred } from "../control/deferred.ts";
import type { Configured, Home, Records, WriteRules } from "../control/parts.ts";
import { landingPlace } from "../control/permitted-writes.ts";
import { approvalKey } from "./approval/token.ts";
import { isFolded, quietUntil } from "./delivery-time.ts";
import { composeMessage } from "./message/compose-message.ts";
import type { ComposedMessage } from "./message/composed-message.ts";
import { type PushAction, type PushServer, publishMessage } from "./ntfy/ntfy-client.ts";
import { inPushTurn, pauseOf, requireNoPause } from "./ntfy/push-pause.ts";
import { probeTopic, type TopicReading } from "./probe-topic.ts";
import { buttonsOf, replyChannelOf } from "./reply-channel.ts";

interface Sending {
  readonly control: Home & Records & WriteRules & Configured<"notifications">;
  readonly credential: () => string | null;
}

/** Null if the message no longer applies. Throws a retryable Fault if it was not taken. */
export async function sendPush(
  notice: Notice,
  { control, credential }: Sending,
): Promise<CommandBody | Deferred | null> {
  const { notifications } = control.configuration;
  const { stream, notice_id, key, priority } = notice;
  const record = (folded: boolean): CommandBody => ({ kind: "RecordPush", stream, notice_id, key, folded });
  const now = new Date();
  if (isFolded(control.log.state, notice, { foldForMs: notifications.foldForMs, nowMs: now.getTime() }))
    return record(true);
  const quiet = quietUntil(notifications.quietHours, priority, now);
  if (quiet !== null) return { kind: "Deferred", atMs: quiet };
  const composed = composeMessage(control.log.state, notice, (task) => landingPlace(task, control));
  if (composed === null) return null;
  const { url } = pushServerOf(notifications, credential());
  try {
    await sendComposed(composed, { priority, control, credential });
  } catch (error) {
    const pause = pauseOf(url);
    if (!isFault(error, "push-refused") || pause === null) throw error;
    // After the pause, the most important message is tried first.
    return { kind: "Deferred", atMs: pause.untilMs + (highestPriority - priority) * betweenPrioritiesMs };
  }
  return record(false);
}
const highestPriority = 5;
const betweenPrioritiesMs = 2_000;

/** Sends a message in its turn, with the buttons and the link that its topic may carry. Throws as `sendPush` does; during a pause, without a request. */
export async function sendComposed(
  composed: ComposedMessage,
  { priority, control, credential }: Sending & { priority: Notice["priority"] },
): Promise<void> {
  const server = pushServerOf(control.configuration.notifications, credential());
  await inPushTurn(server.url, priority, async () => {
    requireNoPause(server.url);
    const { actions, click, lines } = await answerableParts(composed, { control, server });
    const message = joined([composed.text, ...lines], "\n");
    await publishMessage(server, { title: composed.title, message, priority, tags: composed.tags, actions, click });
  });
}

/** Throws a Fault if no topic is configured. */
export function pushServerOf(
  { url, topic, timeoutMs }: Configuration["notifications"],
  credential: string | null,
): PushServer {
  if (topic === null)
    throw new Fault("notifications-off", "no topic is configured for push messages", {
      hint: "set notifications.topic in config.yaml or AEDEV_NTFY_TOPIC, then start the daemon again (docs/PHONE.md)",
    });
  return { url, topic, credential, timeoutMs };
}

/** The buttons that may be sent, and the text about them. */
async function answerableParts(
  { approval, buttons: planned, commands }: ComposedMessage,
  { control, server }: { control: Home & Configured<"notifications">; server: PushServer },
): Promise<{ actions: PushAction[]; click: string | null; lines: PushText[] }> {
  const none = { actions: [], click: null };
  const { notifications } = control.configuration;
  const atTerminal = push`At the terminal: ${joined(commands, " or ")}`;
  if (approval === null) return { ...none, lines: commands.length === 0 ? [] : [atTerminal] };
  if (replyChannelOf(notifications) === null) return { ...none, lines: [atTerminal] };
  const reading = await probeTopic(server);
  if (reading !== "refused") return { ...none, lines: [noButtons[reading], atTerminal] };
  const key = approvalKey(control.home);
  return { ...buttonsOf(notifications, { approval, planned, key }), lines: [atTerminal] };
}

const noButtons: Readonly<Record<Exclude<TopicReading, "refused">, PushText>> = {
  readable: push`No buttons: anybody can read this topic and could use them (aedev notify test).`,
  unproven: push`No buttons: this topic may be readable by others (aedev notify test).`,
};

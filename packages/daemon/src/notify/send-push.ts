/**
 * Delivers one push message and answers with the record of it: folded, later, or sent. Buttons carry tokens only where the topic is shown to
 * be closed to strangers (THREATS T14). At least once: a stop between the server's answer and the record sends the message again.
 */
import type { CommandBody, Notice } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import { approvalKey } from "../approval/token.ts";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { Control } from "../loop/control.ts";
import type { Later } from "../loop/loop.ts";
import { isFolded, quietUntil } from "./delivery-time.ts";
import { composeMessage } from "./message/compose-message.ts";
import type { ComposedMessage } from "./message/composed-message.ts";
import { type PushAction, type PushServer, publishMessage } from "./ntfy-client.ts";
import { probeTopic, type TopicReading } from "./probe-topic.ts";
import { buttonsOf, wayBackOf } from "./way-back.ts";

/** Null where there is nothing to say any more. Throws a Fault worth another try where the message was not taken. */
export async function sendPush(
  notice: Notice,
  { control, credential }: { control: Control; credential: () => string | null },
): Promise<CommandBody | Later | null> {
  const { notifications } = control.configuration;
  const { stream, notice_id, key, priority } = notice;
  const record = (folded: boolean): CommandBody => ({ kind: "RecordPush", stream, notice_id, key, folded });
  const now = new Date();
  if (isFolded(control.log.state, notice, { foldForMs: notifications.foldForMs, nowMs: now.getTime() }))
    return record(true);
  const quiet = quietUntil(notifications.quietHours, priority, now);
  if (quiet !== null) return { kind: "Later", atMs: quiet };
  const composed = composeMessage(control.log.state, notice);
  if (composed === null) return null;
  const server = pushServerOf(notifications, credential());
  const { actions, lines } = await answerable(composed, { control, server });
  const message = [composed.text, ...lines].join("\n");
  await publishMessage(server, { title: composed.title, message, priority, tags: composed.tags, actions });
  return record(false);
}

/** Throws a Fault where no topic is configured. */
export function pushServerOf(
  { url, topic, timeoutMs }: Configuration["notifications"],
  credential: string | null,
): PushServer {
  if (topic === null)
    throw new Fault("NOTIFICATIONS-OFF", "no topic is configured for push messages", {
      hint: "set notifications.topic in config.yaml or AEDEV_NTFY_TOPIC, then start the daemon again (docs/PHONE.md)",
    });
  return { url, topic, credential, timeoutMs };
}

/** The buttons that may go out, and what the text says beside them. */
async function answerable(
  { approval, buttons: planned, commands }: ComposedMessage,
  { control, server }: { control: Control; server: PushServer },
): Promise<{ actions: PushAction[]; lines: string[] }> {
  if (approval === null) return { actions: [], lines: [] };
  const { notifications } = control.configuration;
  const atTerminal = `At the terminal: ${commands.join(" or ")}`;
  if (wayBackOf(notifications) === null) return { actions: [], lines: [atTerminal] };
  const reading = await probeTopic(server);
  if (reading !== "refused") return { actions: [], lines: [noButtons[reading], atTerminal] };
  const key = approvalKey(control.home);
  return { actions: buttonsOf(notifications, { approval, planned, key }), lines: [atTerminal] };
}

export const noButtons: Readonly<Record<Exclude<TopicReading, "refused">, string>> = {
  readable: "No buttons: anybody can read this topic, and would hold them too (aedev notify test).",
  unproven: "No buttons: this topic could not be shown to be closed to others (aedev notify test).",
};

/** Sends the link for new missions to the phone, but only to a topic that is proven closed to strangers (SECURITY T14). */
import { push } from "@aedev/contracts";
import { ours } from "./message/composed-message.ts";
import { type PushServer, publishMessage } from "./ntfy/ntfy-client.ts";
import { probeTopic } from "./probe-topic.ts";

/** Why it was not sent; null if it was. Throws a Fault if the server did not take it. */
export async function sendPhoneLink(
  server: PushServer,
  { address, expiresAt }: { address: string; expiresAt: string },
): Promise<string | null> {
  if ((await probeTopic(server)) !== "refused")
    return "the topic is not proven closed to strangers (aedev notify test)";
  await publishMessage(server, {
    title: push`aedev: new missions from this phone`,
    message: push`This link opens the form for a new mission until ${ours(expiresAt)}. It approves nothing. Keep it to yourself.`,
    priority: 3,
    tags: ["memo"],
    actions: [{ kind: "view", label: push`New mission`, url: address }],
    click: address,
  });
  return null;
}

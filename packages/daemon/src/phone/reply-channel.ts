/** Decides how a decision comes back from the phone (public address, reply topic or not at all) and makes the buttons for it. Tokens are made here and go into the message only. */
import type { ApprovalState } from "@aedev/core";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { mintToken } from "./approval/token.ts";
import { buttonsMax, type PlannedButton } from "./message/composed-message.ts";
import type { PushAction } from "./ntfy/ntfy-client.ts";

export type ReplyChannel = "public_url" | "reply_topic" | null;
type Notifications = Configuration["notifications"];

/** The public address if it is set, because it can also show pages. */
export function replyChannelOf({ publicUrl, replyTopic }: Notifications): ReplyChannel {
  if (publicUrl !== null) return "public_url";
  return replyTopic === null ? null : "reply_topic";
}

/** Buttons with a fresh token each. The reply topic can't show pages, so a button that opens a page is left out there. */
export function buttonsOf(
  notifications: Notifications,
  { approval, planned, key }: { approval: ApprovalState; planned: readonly PlannedButton[]; key: Buffer },
): PushAction[] {
  const channel = replyChannelOf(notifications);
  if (channel === null) return [];
  const { url, replyTopic, publicUrl } = notifications;
  return planned
    .filter(({ grant }) => channel === "public_url" || grant.action !== "look")
    .slice(0, buttonsMax)
    .map(({ label, grant }): PushAction => {
      const token = mintToken(key, approval, grant);
      if (channel === "reply_topic")
        return { kind: "http", label, url: `${url}/${replyTopic}`, headers: { "X-Message": token } };
      const address = `${publicUrl}/a/${approval.approval_id}?token=${token}`;
      return grant.action === "look" ? { kind: "view", label, url: address } : { kind: "http", label, url: address };
    });
}

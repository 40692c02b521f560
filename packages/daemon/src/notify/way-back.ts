/** How a decision comes back from the phone: through the public address, through the reply topic, or not at all; and the buttons that each way makes. Tokens are made here and go into the message only. */
import type { ApprovalState } from "@aedev/core";
import { mintToken } from "../approval/token.ts";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { buttonsMax, type PlannedButton } from "./message/composed-message.ts";
import type { PushAction } from "./ntfy-client.ts";

export type WayBack = "public_url" | "reply_topic" | null;
type Notifications = Configuration["notifications"];

/** The public address where it is set: it can show, too. */
export function wayBackOf({ publicUrl, replyTopic }: Notifications): WayBack {
  if (publicUrl !== null) return "public_url";
  return replyTopic === null ? null : "reply_topic";
}

/** Buttons with a fresh token each. The reply topic can't show anything, so that a button that looks is left out there. */
export function buttonsOf(
  notifications: Notifications,
  { approval, planned, key }: { approval: ApprovalState; planned: readonly PlannedButton[]; key: Buffer },
): PushAction[] {
  const way = wayBackOf(notifications);
  if (way === null) return [];
  const { url, replyTopic, publicUrl } = notifications;
  return planned
    .filter(({ grant }) => way === "public_url" || grant.action !== "look")
    .slice(0, buttonsMax)
    .map(({ label, grant }): PushAction => {
      const token = mintToken(key, approval, grant);
      if (way === "reply_topic")
        return { kind: "http", label, url: `${url}/${replyTopic}`, headers: { "X-Message": token } };
      const address = `${publicUrl}/a/${approval.approval_id}?token=${token}`;
      return grant.action === "look" ? { kind: "view", label, url: address } : { kind: "http", label, url: address };
    });
}

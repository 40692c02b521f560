/** Decides how a decision comes back from the phone (public address, reply topic or not at all), and makes its buttons with their tokens. */
import type { ApprovalState } from "@aedev/core";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { type Grant, mintToken } from "./approval/token.ts";
import { buttonsMax, type PlannedButton } from "./message/composed-message.ts";
import type { PushAction } from "./ntfy/ntfy-client.ts";

export type ReplyChannel = "public_url" | "reply_topic" | null;
type Notifications = Configuration["notifications"];

/** The public address if set, because only it can show pages. */
export function replyChannelOf({ publicUrl, replyTopic }: Notifications): ReplyChannel {
  if (publicUrl !== null) return "public_url";
  return replyTopic === null ? null : "reply_topic";
}

interface Answerable {
  readonly approval: ApprovalState;
  readonly planned: readonly PlannedButton[];
  readonly key: Buffer;
}

/** Buttons, each with a fresh token, and the page that a tap on the message opens. The reply topic can't show pages, so buttons that need one are left out. */
export function buttonsOf(
  notifications: Notifications,
  { approval, planned, key }: Answerable,
): { actions: PushAction[]; click: string | null } {
  const channel = replyChannelOf(notifications);
  if (channel === null) return { actions: [], click: null };
  const { url, replyTopic, publicUrl } = notifications;
  const address = (grant: Grant) => `${publicUrl}/a/${approval.approval_id}?token=${mintToken(key, approval, grant)}`;
  const actions = planned
    .filter(({ grant }) => channel === "public_url" || !opensPage(grant))
    .slice(0, buttonsMax)
    .map(({ label, grant }): PushAction => {
      if (channel === "public_url") return { kind: opensPage(grant) ? "view" : "http", label, url: address(grant) };
      const headers = { "X-Message": mintToken(key, approval, grant) };
      return { kind: "http", label, url: `${url}/${replyTopic}`, headers };
    });
  return { actions, click: channel === "public_url" ? address({ action: "look" }) : null };
}

/** Whether a button with this grant first shows a page, to read it or to write what should change. */
function opensPage({ action }: Grant): boolean {
  return action === "look" || action === "change";
}

/**
 * Tells a person once, quietly, why a tapped button did nothing, because through the reply topic the phone only learns that its message arrived.
 * Folder: listening to the reply topic.
 */

import { push, pushLine } from "@aedev/contracts";
import { complain } from "../../logging/complain.ts";
import type { TokenAnswer } from "../approval/use-token.ts";
import { type PushServer, publishMessage } from "../ntfy/ntfy-client.ts";

/** How many explained approvals are remembered; forgetting one costs at most another message. */
const rememberedMax = 1000;
const messageLengthMax = 500;

/** At most one message per approval while the daemon runs. If it can't be sent, the reason goes to the daemon's log file. */
export function createTapExplainer(
  server: () => PushServer,
): (tap: { approvalId: string; answer: TokenAnswer }) => void {
  const told = new Set<string>();
  return ({ approvalId, answer: { status, message } }) => {
    if (status === 200 || status === 403 || told.has(approvalId)) return;
    if (told.size >= rememberedMax) told.clear();
    told.add(approvalId);
    const said = {
      title: push`That button did nothing`,
      message: pushLine(message, messageLengthMax),
      priority: 2,
      tags: ["information_source"],
      actions: [],
      click: null,
    } as const;
    publishMessage(server(), said).catch((error: unknown) =>
      complain(`a tap was not explained: ${error instanceof Error ? error.message : error}`),
    );
  };
}

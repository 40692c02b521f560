/** The record of a push message about no entity: the digest, or a signal. */
import type { CommandBody } from "@aedev/core";

export function systemPush(notice_id: string): CommandBody {
  return { kind: "RecordPush", stream: "system", notice_id, key: notice_id, folded: false };
}

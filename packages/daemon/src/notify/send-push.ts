/** Sends one push message and records that it went out. */
import type { CommandBody, Notice } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import type { Control } from "../loop/control.ts";
import type { Later } from "../loop/loop.ts";

export async function sendPush(notice: Notice, _control: Control): Promise<CommandBody | Later> {
  throw new Fault("PUSH", `no push server is spoken to yet (${notice.notice_id})`);
}

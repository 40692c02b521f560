/**
 * Sends the digest once a day at the configured time. The log records each digest that was sent, so that a restart neither loses nor repeats one; a message
 * that was not taken is tried again.
 */

import type { CommandBody, State } from "@aedev/core";
import { lastAt, localDay } from "@aedev/host/day-window";
import type { Pacing } from "@aedev/host/retry-pacing";
import { lookRepeatedly } from "./repeated-look.ts";
import { systemPush } from "./system-push.ts";

/** A digest that is later than this is not sent. */
const lateMsMax = 12 * 60 * 60_000;
/** How often the clock is checked. */
const lookMs = 30_000;
const dayMs = 24 * 60 * 60_000;

/** The digest that is due; null: none, or it was sent already. `minuteOfDay`: in this machine's time. */
export function dueDigest(
  { system }: Pick<State, "system">,
  { minuteOfDay, now }: { minuteOfDay: number; now: Date },
): { readonly notice_id: string; readonly since: string } | null {
  const { notifier, pushes = [] } = system;
  const dueAt = lastAt(minuteOfDay, now);
  const notice_id = `digest/${localDay(dueAt)}`;
  const isLate = now.getTime() - dueAt.getTime() > lateMsMax;
  if (notifier === null || notifier.since > dueAt.toISOString() || isLate) return null;
  if (pushes.some((push) => push.notice_id === notice_id)) return null;
  return { notice_id, since: new Date(dueAt.getTime() - dayMs).toISOString() };
}

/** `send` throws if the message was not taken; `submit` records that it was. */
export function startDailyDigest(options: {
  minuteOfDay: number;
  state: () => Pick<State, "system">;
  send: (since: string) => Promise<void>;
  submit: (body: CommandBody) => Promise<unknown>;
  pacing: Pick<Pacing, "now" | "sleep">;
}): { close(): Promise<void> } {
  const { minuteOfDay, state, send, submit, pacing } = options;
  async function look(): Promise<void> {
    const due = dueDigest(state(), { minuteOfDay, now: new Date(pacing.now()) });
    if (due === null) return;
    await send(due.since);
    await submit(systemPush(due.notice_id));
  }
  return lookRepeatedly({ look, everyMs: lookMs, failing: "the digest was not sent", pacing });
}

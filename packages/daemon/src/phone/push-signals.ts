/** Pushes each signal once; the log tells which ones were pushed. It decides about no signal itself. */

import { type HomeSignal, homeSignalText, push, pushLine } from "@aedev/contracts";
import type { CommandBody, State } from "@aedev/core";
import { localDay } from "@aedev/host/day-window";
import type { Pacing } from "@aedev/host/retry-pacing";
import { type ComposedMessage, ours, plainMessage } from "./message/composed-message.ts";
import { lookRepeatedly } from "./repeated-look.ts";
import { systemPush } from "./system-push.ts";

/** Signals are about hours, so a slow look is enough. */
const lookMs = 5 * 60_000;

/**
 * The signals to push, each with its push's id. A signal about the machine is pushed once a day, clock jumps once until they end; never a red branch, which the
 * message about the red check covers, nor a pause of the push server. `now`: ISO 8601 UTC.
 */
export function unsentSignals(
  signals: readonly HomeSignal[],
  { system }: Pick<State, "system">,
  now: string,
): readonly { readonly notice_id: string; readonly signal: HomeSignal }[] {
  return signals
    .filter(({ kind }) => kind !== "branch-red" && kind !== "push-paused")
    .map((signal) => {
      const about = signal.task_id ?? (signal.kind === "clock-jumped" ? signal.since : localDay(new Date(now)));
      return { notice_id: `signal/${signal.kind}/${about}`, signal };
    })
    .filter(({ notice_id }) => !(system.pushes ?? []).some((push) => push.notice_id === notice_id));
}

const signalLengthMax = 600;

export function composeSignal(signal: HomeSignal): ComposedMessage {
  return plainMessage(push`aedev: ${ours(signal.severity)}`, "warning", [
    pushLine(homeSignalText(signal), signalLengthMax),
  ]);
}

/** `send` throws if the message was not taken, and it is tried again. */
export function startPushingSignals(options: {
  state: () => Pick<State, "system">;
  signals: (now: string) => Promise<readonly HomeSignal[]>;
  send: (signal: HomeSignal) => Promise<void>;
  submit: (body: CommandBody) => Promise<unknown>;
  pacing: Pick<Pacing, "now" | "sleep">;
}): { close(): Promise<void> } {
  const { state, signals, send, submit, pacing } = options;
  async function look(): Promise<void> {
    const now = new Date(pacing.now()).toISOString();
    for (const { notice_id, signal } of unsentSignals(await signals(now), state(), now)) {
      await send(signal);
      await submit(systemPush(notice_id));
    }
  }
  return lookRepeatedly({ look, everyMs: lookMs, failing: "a signal was not sent", pacing });
}

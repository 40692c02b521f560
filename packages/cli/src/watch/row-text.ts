/** A row of the live view as one line of text. */
import { statusText } from "@aedev/contracts";
import type { WatchRow } from "@aedev/daemon";

/** A row's text without its numbers: rows with equal text look the same to a reader. */
export function rowText(row: WatchRow): string {
  const { status, hold_code, attempt, step, waits_for, help } = row;
  return [
    statusText(status),
    ...(attempt === null ? [] : [`run ${attempt}`]),
    ...(hold_code === null ? [] : [hold_code]),
    ...(step === null ? [] : [step]),
    ...waits_for,
    ...(help === null ? [] : [`-> ${help}`]),
  ].join("; ");
}

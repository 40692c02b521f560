/** Signals: something is not as it should be, although nothing is asked; and their text. */
import { z } from "zod";
import { counted } from "./plural.ts";

/**
 * What waits for its turn or is held for too long, a day of which more was held than landed, a budget of a day that is nearly used up, judges whose votes don't
 * count, a disk that is nearly full, a clock that is behind what was recorded, and what can't be read to find any of these.
 */
export const homeSignalSchema = z.strictObject({
  kind: z.enum(["disk-low", "clock-behind", "queue-age", "hold-age", "error-rate", "spend", "judges-below", "unread"]),
  severity: z.enum(["critical", "warning"]),
  /** The oldest task that it is about; null: it is about none. */
  task_id: z.string().nullable(),
  /** Since when (ISO 8601 UTC); of `clock-behind` the latest recorded instant; null: not known. */
  since: z.string().nullable(),
  /** How many tasks, budgets, judges or unread facts it is about; a text about budgets names only the fullest. */
  count: z.int().positive(),
  /** What is used of which budget, which judges, or what can't be read; missing for the other kinds. */
  detail: z.string().optional(),
});
export type HomeSignal = z.infer<typeof homeSignalSchema>;

/** A signal as one line with the command that helps. */
export function homeSignalText({ kind, task_id, since, count, detail = "" }: HomeSignal): string {
  const day = since?.slice(0, "2026-01-31T10:20".length);
  switch (kind) {
    case "disk-low":
      return "the home's disk has less free space than limits.disk_free, so no run starts: aedev gc";
    case "clock-behind":
      return `this machine's clock is behind the last recorded event (${day}Z): daily budgets, expiry times and run windows are wrong until you correct it: date`;
    case "queue-age":
      return `${counted(count, "task")} waiting for a run for more than a day, since ${day}Z: aedev task explain ${task_id}`;
    case "hold-age":
      return `${counted(count, "task")} held for more than a day, since ${day}Z: aedev hold list`;
    case "error-rate":
      return `${counted(count, "task")} held within a day, more than landed: aedev hold list`;
    case "spend":
      return `${detail} is used today: aedev budget show`;
    case "unread":
      return `signals are missing, because this can't be read: ${detail}: aedev doctor`;
    case "judges-below":
      return `judges below the policy's bar for planted defects, whose votes don't count: ${detail}: aedev judges show`;
  }
}

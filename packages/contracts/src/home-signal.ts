/** Signals and their text: something is wrong, although aedev has no question about it. */
import { z } from "zod";
import { counted, localTime } from "./figures.ts";
import { escapeLine } from "./safe-text.ts";

/** A table in docs/OPERATIONS.md explains each kind. */
export const homeSignalSchema = z.strictObject({
  kind: z.enum([
    "branch-red",
    "disk-low",
    "clock-behind",
    "clock-jumped",
    "containers-left",
    "push-paused",
    "queue-age",
    "hold-age",
    "error-rate",
    "spend",
    "judges-below",
    "unread",
  ]),
  severity: z.enum(["critical", "warning"]),
  /** The oldest task that the signal concerns; null: none. */
  task_id: z.string().nullable(),
  /** Since when (ISO 8601 UTC): the latest recorded instant for `clock-behind`, the first jump for `clock-jumped`; null: not known. */
  since: z.string().nullable(),
  /** How many landings, tasks, budgets, judges, containers, jumps or unread facts the signal counts. A text about landings or budgets names only the first. */
  count: z.int().positive(),
  /** The check and branch, the clock's movement, the budget and its use, the judges, or the unreadable fact, depending on the kind; missing for other kinds. It may contain foreign text. */
  detail: z.string().optional(),
});
export type HomeSignal = z.infer<typeof homeSignalSchema>;

/** A signal as one line with the command that helps. */
export function homeSignalText(signal: HomeSignal): string {
  const { text, help } = homeSignalParts(signal);
  return `${text}: ${help}`;
}

/** What a signal says, and the command that helps. */
export function homeSignalParts(signal: HomeSignal): { text: string; help: string } {
  const { kind, severity, task_id, since, count, detail = "" } = signal;
  const time = since === null ? "an unknown time" : localTime(since);
  switch (kind) {
    case "branch-red": {
      const more = count === 1 ? "" : `, and ${counted(count - 1, "more landing")}`;
      const help = `aedev task show ${task_id}, or take it back: aedev task revert ${task_id}`;
      return { text: `${escapeLine(detail, 200)}${more}`, help };
    }
    case "clock-jumped": {
      const when = `${count === 1 ? "at" : `the last of ${count} times since`} ${time}`;
      return { text: `${detail}, ${when}`, help: severity === "critical" ? "date" : "aedev digest" };
    }
    case "push-paused":
      return { text: `${detail}; to try now`, help: "aedev notify test" };
    case "containers-left":
      return {
        text: `${counted(count, "container")} of this home without a run for more than ten minutes, since ${time}; a restart removes them`,
        help: "aedev daemon restart",
      };
    case "disk-low":
      return { text: "the home's disk has less free space than limits.disk_free, so no run starts", help: "aedev gc" };
    case "clock-behind":
      return {
        text: `this machine's clock is behind the last recorded event (${time}): daily budgets, expiry times and run windows are wrong until you correct it`,
        help: "date",
      };
    case "queue-age":
      return {
        text: `${counted(count, "task")} waiting for a run for more than a day, since ${time}`,
        help: `aedev task explain ${task_id}`,
      };
    case "hold-age":
      return { text: `${counted(count, "task")} held for more than a day, since ${time}`, help: "aedev hold list" };
    case "error-rate":
      return { text: `${counted(count, "task")} held within a day, more than landed`, help: "aedev hold list" };
    case "spend":
      return { text: `${detail} is used today`, help: "aedev budget show" };
    case "unread":
      return { text: `signals are missing, because this can't be read: ${detail}`, help: "aedev doctor" };
    case "judges-below":
      return {
        text: `judges below the policy's bar for planted defects, whose votes don't count: ${detail}`,
        help: "aedev judges show",
      };
  }
}

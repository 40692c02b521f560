/** Parses times of day in the configuration, in this machine's time: a single one, or the hours from one to another. */
import { type DayWindow, parseDayWindow } from "@aedev/host/day-window";
import { z } from "zod";

/** Minutes since midnight. */
export const dayTimeSchema = z
  .string()
  .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'must be a time of day like "07:30"')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

export const dayWindowSchema = z
  .string()
  .transform((text, context): DayWindow => {
    const window = parseDayWindow(text);
    if (window !== null) return window;
    context.addIssue({ code: "custom", message: 'must be hours like "22:00-06:30"' });
    return z.NEVER;
  })
  .refine(({ from, to }) => from !== to, "must not be empty");

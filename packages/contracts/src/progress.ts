/** The progress that a run reports: typed lines of its log file, for people to follow. Progress is never evidence. Older versions wrote plain text. */
import { z } from "zod";

const textMax = 500;

/** One line of progress. Texts have at most 500 characters. */
export const progressSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("step"), text: z.string().max(textMax) }),
  z.strictObject({ kind: z.literal("refused"), what: z.string().max(textMax) }),
  /** One request to the model; `tokens` is null if the answer counted none. */
  z.strictObject({
    kind: z.literal("exchange"),
    number: z.int(),
    status: z.int(),
    tokens: z.strictObject({ input: z.int().nonnegative(), output: z.int().nonnegative() }).nullable(),
  }),
]);
export type Progress = z.infer<typeof progressSchema>;

const lineSchema = z.strictObject({ at: z.string(), progress: progressSchema });

/** Turns a plain text into a step. */
export function progressOf(progress: Progress | string): Progress {
  return typeof progress === "string" ? { kind: "step", text: progress.slice(0, textMax).toWellFormed() } : progress;
}

/** One line of the log file, without its line break. `at` is ISO 8601 in UTC. Texts that grew too long when their secrets were replaced are cut. */
export function progressLine(at: string, progress: Progress): string {
  return JSON.stringify({ at, progress: shortened(progress) } satisfies z.infer<typeof lineSchema>);
}

function shortened(progress: Progress): Progress {
  if (progress.kind === "step") return progressOf(progress.text);
  return progress.kind === "refused" ? { ...progress, what: progress.what.slice(0, textMax).toWellFormed() } : progress;
}

/** Never fails: a line of an older version or of another program is a step with its text. `at` is null if the line has no time. */
export function parseProgressLine(line: string): { at: string | null; progress: Progress } {
  const parsed = lineSchema.safeParse(jsonOf(line)).data;
  if (parsed !== undefined) return parsed;
  const [, at = null, text = line] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/s.exec(line) ?? [];
  return { at, progress: { kind: "step", text } };
}

/** The line in words for a person. The text comes from a sandbox: escape it before it reaches a terminal. */
export function progressText(progress: Progress): string {
  switch (progress.kind) {
    case "step":
      return progress.text;
    case "refused":
      return `refused: ${progress.what}`;
    case "exchange": {
      const { number, status, tokens } = progress;
      return `model request ${number}: ${status}${tokens === null ? "" : `, ${tokens.input} tokens in, ${tokens.output} out`}`;
    }
  }
}

function jsonOf(line: string): unknown {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

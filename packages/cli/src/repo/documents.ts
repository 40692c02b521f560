/** What the daemon answers about a repository that is not registered yet: what was found in it, and what a try of its settings brought. */
import { z } from "zod";

export const settingsSchema = z.looseObject({
  prepare: z.string().nullable(),
  build: z.string().nullable(),
  inputs: z.array(z.string()),
  outputs: z.array(z.string()),
  verify: z.array(z.string()),
  tests: z.array(z.string()),
  image: z.string().nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;
export const detectionSchema = z.looseObject({
  name: z.string(),
  url: z.string(),
  target: z.enum(["default-branch", "task-branch"]),
  known: z.looseObject({ settings: settingsSchema }).nullable(),
  branch: z.string().nullable(),
  commit: z.string().nullable(),
  languages: z.array(z.looseObject({ language: z.string(), tools: z.array(z.string()) })),
  settings: settingsSchema.nullable(),
  checks: z.enum(["per-test", "exit-code", "none"]).nullable(),
  needs_image: z.looseObject({ why: z.string(), example: z.string(), image: z.string() }).nullable(),
  reasons: z.array(z.looseObject({ setting: z.string(), why: z.string() })),
  notes: z.array(z.string()),
});
export type Detection = z.infer<typeof detectionSchema>;

export const triedSchema = z.looseObject({
  outcome: z.enum(["green", "red", "nothing", "held"]),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  commands: z.array(
    z.looseObject({
      command: z.string(),
      exit_code: z.int().nullable(),
      timed_out: z.boolean(),
      duration_ms: z.number(),
      tests: z.looseObject({ passed: z.int(), failed: z.int(), skipped: z.int() }).nullable(),
      failing: z.array(z.string()),
      incomplete: z.string().nullable(),
      output_tail: z.string(),
    }),
  ),
  notes: z.array(z.string()),
});
export type Tried = z.infer<typeof triedSchema>;

export const registeredSchema = z.looseObject({ repositories: z.array(z.looseObject({ name: z.string() })) });

/**
 * How far a run has come, in one small file in its folder: what makes RunCoder idempotent over restarts. Contract: a stage is durable before
 * what it promises is acted on; the file is never inside a mount.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import {
  capturedReportSchema,
  environmentSchema,
  Fault,
  gitIdSchema,
  heldReportSchema,
  repositoryNameSchema,
  runIdSchema,
  runLimitsSchema,
  taskIdSchema,
} from "@aedev/core/wire";
import { z } from "zod";

export const runResultSchema = z.discriminatedUnion("outcome", [capturedReportSchema, heldReportSchema]);
export type RunResult = z.infer<typeof runResultSchema>;

export const stageSchema = z.strictObject({
  schema: z.literal(1),
  run_id: runIdSchema,
  task_id: taskIdSchema,
  repository: repositoryNameSchema,
  base_commit: gitIdSchema,
  outputs: z.array(z.string()),
  limits: runLimitsSchema,
  /** Of the runner that wrote this last. */
  generation: z.int().positive(),
  /** `preparing`: nothing has run; it is made anew. `running`: the container may have started. `done`: `result` is the answer. */
  stage: z.enum(["preparing", "running", "done"]),
  container_id: z.string().nullable(),
  environment: environmentSchema.nullable(),
  result: runResultSchema.nullable(),
});
export type Stage = z.infer<typeof stageSchema>;

/** Null where the run has no folder yet. Throws a Fault where the file is damaged: nothing of such a run is guessed. */
export function readStage(path: string): Stage | null {
  if (!existsSync(path)) return null;
  try {
    return stageSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new Fault("STAGE-BROKEN", `the stage file ${path} can't be read`, { cause: error });
  }
}

export function writeStage(path: string, stage: Stage): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.new`;
  const descriptor = openSync(temporary, "w", 0o600);
  try {
    const bytes = Buffer.from(JSON.stringify(stage));
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
  const parent = openSync(folder, "r");
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}

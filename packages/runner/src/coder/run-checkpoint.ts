/** Stores a run's progress, which makes RunCoder idempotent. Contract: a stage is durable before anything acts on it; the file is never inside a mount. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  environmentSchema,
  Fault,
  gitIdSchema,
  repositoryNameSchema,
  runIdSchema,
  runLimitsSchema,
  stuckSchema,
  taskIdSchema,
} from "@aedev/contracts";
import { capturedReportSchema, heldReportSchema, placedSubmoduleSchema } from "@aedev/contracts/work";
import { writeDurably } from "@aedev/host/durable-file";
import { z } from "zod";
import { runEndingSchema } from "../gateway/run-ending.ts";
import { endReasonSchema } from "./watch.ts";

const runResultSchema = z.discriminatedUnion("outcome", [capturedReportSchema, heldReportSchema]);
export type RunResult = z.infer<typeof runResultSchema>;

/** Why a runner ends a run, with what it saw of a stuck run and what the gateway reported. */
const runEndSchema = z.strictObject({
  reason: endReasonSchema,
  stuck: stuckSchema.nullable(),
  gateway: runEndingSchema.nullable(),
});
export type RunEnd = z.infer<typeof runEndSchema>;

const checkpointSchema = z.strictObject({
  schema: z.literal(1),
  run_id: runIdSchema,
  task_id: taskIdSchema,
  repository: repositoryNameSchema,
  base_commit: gitIdSchema,
  /** The submodules as in the work item. */
  submodules: z.array(placedSubmoduleSchema).optional(),
  outputs: z.array(z.string()),
  limits: runLimitsSchema,
  /** The run's token budget, charged if its usage is unknown; absent in checkpoints of an earlier version. */
  run_tokens: z.int().positive().optional(),
  /** Generation of the runner that last wrote the file. */
  generation: z.int().positive(),
  /** `preparing`: nothing has run, so preparation starts again. `running`: the container may have started. `done`: `result` is final. */
  stage: z.enum(["preparing", "running", "done"]),
  container_id: z.string().nullable(),
  environment: environmentSchema.nullable(),
  /** Why a runner ends the run, stored before it kills the container; absent if none does. */
  ended: runEndSchema.optional(),
  result: runResultSchema.nullable(),
});
export type RunCheckpoint = z.infer<typeof checkpointSchema>;

/** Null if the run has no checkpoint yet. Throws a Fault if the file is damaged, because nothing about such a run is guessed. */
export function readCheckpoint(path: string): RunCheckpoint | null {
  if (!existsSync(path)) return null;
  try {
    return checkpointSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new Fault("checkpoint-broken", `the stage file ${path} can't be read`, { cause: error });
  }
}

export function writeCheckpoint(path: string, checkpoint: RunCheckpoint): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeDurably(path, JSON.stringify(checkpoint));
}

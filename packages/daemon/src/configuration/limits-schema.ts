/** The section `limits`: limits of a run and its containers, the hours in which runs may start, and the budgets (`budget-keys.ts`). */
import { durationMsSchema, type RunLimits, sizeBytesSchema } from "@aedev/contracts";
import { z } from "zod";
import { budgetKeys } from "./budget-keys.ts";
import { dayWindowSchema } from "./day-times.ts";

const countSchema = z.int().positive();

export const limitsSchema = z.strictObject({
  concurrent_runs: z.int().min(1).max(64),
  repository_runs: z.int().min(1).max(64).nullable(),
  vendor_judgements: z.int().min(1).max(64),
  run_window: dayWindowSchema.nullable(),
  run_timeout: durationMsSchema,
  no_traffic: durationMsSchema,
  no_change: durationMsSchema,
  exit_grace: durationMsSchema,
  repeated_calls: z.int().min(2),
  edit_cycles: z.int().min(2),
  usage_resumes: z.int().min(0).max(100),
  check_timeout: durationMsSchema,
  prepare_timeout: durationMsSchema,
  docker_deadline: durationMsSchema,
  memory: sizeBytesSchema,
  pids: countSchema,
  cpus: z.number().min(0.1).max(1024),
  file_size: sizeBytesSchema,
  tmpfs: sizeBytesSchema,
  run_bytes: sizeBytesSchema,
  run_files: countSchema,
  capture_file: sizeBytesSchema,
  patch: sizeBytesSchema,
  output_tail: sizeBytesSchema,
  disk_free: sizeBytesSchema,
  ...budgetKeys,
  set_up_tokens: z.int().min(0),
  output_tokens: countSchema,
  requests_in_flight: countSchema,
  requests: countSchema,
  requests_per_minute: countSchema,
  request_bytes: sizeBytesSchema,
  response_bytes: sizeBytesSchema,
  recorded_bytes: sizeBytesSchema,
});

/** The limits for the execution plane; the gateway's are separate. */
export function runLimitsOf(limits: z.infer<typeof limitsSchema>): RunLimits {
  return {
    run_timeout_ms: limits.run_timeout,
    check_timeout_ms: limits.check_timeout,
    prepare_timeout_ms: limits.prepare_timeout,
    docker_deadline_ms: limits.docker_deadline,
    memory_bytes: limits.memory,
    pids: limits.pids,
    cpu_millis: Math.round(limits.cpus * 1000),
    file_size_bytes: limits.file_size,
    tmpfs_bytes: limits.tmpfs,
    run_bytes: limits.run_bytes,
    run_files: limits.run_files,
    capture_file_bytes: limits.capture_file,
    patch_bytes: limits.patch,
    output_tail_bytes: limits.output_tail,
    disk_free_bytes: limits.disk_free,
    no_traffic_ms: limits.no_traffic,
    no_change_ms: limits.no_change,
    exit_grace_ms: limits.exit_grace,
  };
}

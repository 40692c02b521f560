/** Limits of the trials and checks on real repositories, and the text about a run that outside failures ended. */
import { Fault } from "@aedev/contracts";
import { limits as small } from "../../packages/runner/test/checks/laboratory.ts";

const mebibyte = 1024 * 1024;
export const limits = {
  ...small,
  check_timeout_ms: 180_000,
  prepare_timeout_ms: 600_000,
  memory_bytes: 2048 * mebibyte,
  tmpfs_bytes: 512 * mebibyte,
  pids: 512,
};

/** Throws errors that are not outside failures. */
export function heldText(error: unknown): string {
  if (error instanceof Fault) return `${error.code}: ${error.message}`;
  throw error;
}

/** Fakes and shapes for tests of every package: plain functions and records. */
export { assert } from "./assert.ts";
export { type Given, given, someInstant } from "./given.ts";
export {
  baseCommit,
  blob,
  captured,
  checked,
  clear,
  command,
  environment,
  gated,
  heldReport,
  ids,
  life,
  noRepair,
  sealed,
  settings,
  startLanding,
  startRun,
  stateAfter,
  tree,
  verdictOf,
} from "./story.ts";

/** Fakes and test shapes for the tests of every package: plain functions and records. */
export { given, someInstant } from "./given.ts";
export {
  blob,
  captured,
  checked,
  clear,
  environment,
  gated,
  ids,
  life,
  noRepair,
  sampleHeldReport,
  sealed,
  setUpRequest,
  setUpWork,
  startLanding,
  startRun,
  stateAfter,
  stateAfterCommands,
  storyCommand,
  tree,
  verdictOf,
} from "./story.ts";

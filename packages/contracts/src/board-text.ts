/** The words of the status board that the terminal and the page share: why a fact is not measured, and how a soak was interrupted. */
import type { InterruptionKind, UnmeasuredReason } from "./api/status-board.ts";

/** Why a fact is not measured. */
export const unmeasuredTexts: Readonly<Record<UnmeasuredReason, string>> = {
  "no-commit": "this installation is no checkout",
  "no-start": "the log has no start of the daemon",
  "no-proofs": "this installation has no table of proofs",
  "in-words": "some results are words that a person has to judge",
  "not-asked": "the engine was not asked",
  unreadable: "a file of the configuration can't be read",
};

/** How a soak was interrupted; when the interrupted part started again follows. */
export const interruptionTexts: Readonly<Record<InterruptionKind, string>> = {
  "daemon-died": "the daemon died, and started again",
  "daemon-stopped": "the daemon was stopped, and started again",
  "execution-ended": "the execution plane ended, and started again",
  "judgement-ended": "the judgement plane ended, and started again",
};

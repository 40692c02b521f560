/** The option that names a run of a task, for verbs that show what was sealed of it. */
import type { VerbOption } from "./verb.ts";

export const runOption: VerbOption = {
  flags: "--run <run>",
  summary: "the run, by its number or the start of its id (default: the current change's, else the last with evidence)",
};
/** Without the option. */
export const usualRun = "latest";

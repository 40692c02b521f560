/** The option that names a run of a task, for verbs that show sealed evidence. */
import type { VerbOption } from "./verb.ts";

export const runOption: VerbOption = {
  flags: "--run <run>",
  summary: "the run, by its number or the start of its id (default: the current change's, else the last with evidence)",
};
/** The run that is used without the option. */
export const usualRun = "latest";

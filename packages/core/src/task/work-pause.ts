/** Pausing all work of a home, with or without stopping its runs. */
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { State } from "../model/state.ts";
import { holdEvent } from "./task-event.ts";

/** A pause that stopped runs is not weakened: a further pause changes nothing. */
export function decideWorkPause(command: CommandOf<"PauseWork" | "ResumeWork">, state: State): Decision {
  const { pause } = state.system;
  const by = deciderOf(command);
  if (command.kind === "ResumeWork")
    return pause === undefined ? events() : events({ stream: "system", type: "WorkResumed", data: by });
  const { hold_ids } = command;
  const stop_runs = hold_ids !== undefined;
  if (pause !== undefined && (pause.stop_runs || !stop_runs)) return events();
  const paused = { stream: "system", type: "WorkPaused", data: { stop_runs, ...by } } as const;
  if (!stop_runs) return events(paused);
  const running = Object.values(state.tasks).filter(({ status }) => status === "running");
  if (running.length > hold_ids.length) return refuse("stale", "more runs started meanwhile", "aedev stop-all");
  const holds = running.map((task, index) =>
    holdEvent(task, { code: "HOLD-STOPPED", detail: null, holdId: hold_ids[index] ?? "", resumesAt: null }),
  );
  return events(paused, ...holds);
}

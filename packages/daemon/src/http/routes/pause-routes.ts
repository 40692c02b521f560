/** Pausing and resuming all work over HTTP. */
import { type Control, newId } from "../../control/control.ts";
import { answer, type Handlers } from "./handler.ts";

/** `limits.concurrent_runs` is at most that, so no more tasks have a run. */
const runsMax = 64;

export function pauseRoutes(control: Control) {
  const document = () => {
    const { system, tasks } = control.log.state;
    const stopped = Object.values(tasks).filter(({ hold }) => hold?.code === "HOLD-STOPPED");
    return { paused: system.pause ?? null, stopped: stopped.map(({ task_id }) => task_id as string) };
  };
  return {
    pauseWork: ({ body: { stop_runs = false }, caller }) => {
      const holds = stop_runs ? { hold_ids: Array.from({ length: runsMax }, () => newId("h")) } : {};
      return answer({ control, caller }, { kind: "PauseWork", ...holds }, document);
    },
    resumeWork: ({ caller }) => answer({ control, caller }, { kind: "ResumeWork" }, document),
  } satisfies Partial<Handlers>;
}

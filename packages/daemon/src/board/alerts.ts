/** Lists what stops or endangers the night, from the other parts of the status board's document. Pure. */
import { counted } from "@aedev/contracts";
import type { BoardAlert, StatusBoardDocument } from "@aedev/contracts/api";

type Parts = Pick<StatusBoardDocument, "pause" | "judges"> & {
  readonly isDemo: boolean;
  readonly runtime_health: Omit<StatusBoardDocument["runtime_health"], "alerts">;
};
type Given = Pick<BoardAlert, "kind" | "text" | "help"> & Partial<BoardAlert>;

/** The most important first. */
export function alertsOf({
  isDemo,
  runtime_health: { daemon, untrusted, engine, notifier },
  pause,
  judges,
}: Parts): BoardAlert[] {
  const alerts: Given[] = [];
  if (isDemo) alerts.push({ kind: "demo", text: "A demo: everything here is simulated", help: "aedev init" });
  if (untrusted !== null) {
    const text = "The log is not trusted: nothing runs, lands or is approved";
    alerts.push({ kind: "untrusted", detail: untrusted.reasons[0] ?? null, text, help: untrusted.help });
  }
  if (daemon.status !== "running") alerts.push(daemonAlert(daemon.status, daemon.last_event_at));
  if (pause.home !== null) {
    const { stop_runs, since, by } = pause.home;
    const about = stop_runs
      ? ({ kind: "work-stopped", text: "All runs are stopped" } as const)
      : ({ kind: "work-paused", text: "All work is paused" } as const);
    alerts.push({ ...about, since, by, help: "aedev resume" });
  }
  for (const { name, paused, since, by } of pause.repositories.rows)
    alerts.push(
      paused === "repository"
        ? { kind: "repository-paused", name, since, by, text: `${name} is paused`, help: `aedev repo resume ${name}` }
        : {
            ...{ kind: "landings-paused", name, since, by },
            text: `Landings in ${name} are paused`,
            help: `aedev queue resume ${name}`,
          },
    );
  for (const { family, status, since, waiting } of judges.families ?? [])
    if (status === "out")
      alerts.push({
        ...{ kind: "judge-out", name: family, count: waiting, since },
        text: `Judge ${family} does not answer; ${counted(waiting, "task")} waiting`,
        help: "aedev judges show",
      });
  if (notifier.undelivered > 0)
    alerts.push({
      ...{ kind: "push-undelivered", count: notifier.undelivered },
      text: `${counted(notifier.undelivered, "push", "pushes")} not delivered`,
      help: "aedev notify test",
    });
  if (engine.answers === false)
    alerts.push({
      kind: "engine-silent",
      text: "The Docker engine does not answer: no run can start",
      help: "aedev doctor",
    });
  return alerts.map((alert) => ({ name: null, count: null, since: null, by: null, detail: null, ...alert }));
}

const daemonTexts = {
  stuck: "The daemon does not work: its loop completes no pass, or it does not answer",
  stopped: "The daemon is stopped",
  died: "The daemon died: nobody stopped it",
} as const;

/** `since`: when something was last recorded. */
function daemonAlert(status: keyof typeof daemonTexts, since: string | null): Given {
  const help = status === "stuck" ? "aedev daemon restart" : "aedev daemon start";
  return { kind: `daemon-${status}`, since, text: daemonTexts[status], help };
}

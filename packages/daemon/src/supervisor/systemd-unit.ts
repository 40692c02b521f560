/** Writes the text of the systemd user unit that runs a home's daemon. Pure. It contains no secret: the daemon and its planes read theirs from the home. */
import { hasControls } from "@aedev/contracts";
import type { ServicePlan } from "./service-plan.ts";

/** After this long without a sign of life from the reconcile loop, systemd restarts the daemon. */
const watchdogSeconds = 60;
/** Long, because a log that grew for years is checked at the start. */
const startSecondsMax = 300;
/** The time that `aedev daemon stop` waits. */
const stopSecondsMax = 60;
/** Where systemd knows no growing pause, a daemon that keeps failing is not restarted for ever. */
const startsMax = 20;
const startsPeriodSeconds = 600;

/** `growingPauses`: systemd 254 or newer, where the pause grows with each failure; older versions always wait two seconds. */
export function systemdUnit(plan: ServicePlan, { growingPauses }: { growingPauses: boolean }): string {
  const pauses = growingPauses ? ["RestartSec=500ms", "RestartSteps=8", "RestartMaxDelaySec=300"] : ["RestartSec=2"];
  return `${[
    "# Written by aedev, which also removes it: aedev service uninstall",
    "[Unit]",
    `Description=The coding coworker of ${specifierSafe(plan.home)}`,
    `StartLimitIntervalSec=${startsPeriodSeconds}`,
    `StartLimitBurst=${startsMax}`,
    "",
    "[Service]",
    "Type=notify",
    // systemd-notify reports for the daemon, because Node has no datagram sockets.
    "NotifyAccess=all",
    `ExecStart=${plan.command.map((argument) => quoted(argument).replaceAll("$", "$$$$")).join(" ")}`,
    "WorkingDirectory=/",
    ...Object.entries(plan.environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    `StandardOutput=append:${specifierSafe(plan.logPath)}`,
    `StandardError=append:${specifierSafe(plan.logPath)}`,
    "Restart=on-failure",
    ...pauses,
    `TimeoutStartSec=${startSecondsMax}`,
    `TimeoutStopSec=${stopSecondsMax}`,
    `WatchdogSec=${watchdogSeconds}`,
    "WatchdogSignal=SIGKILL",
    // The daemon tells its planes to stop; whatever remains after its end is killed.
    "KillMode=mixed",
    "",
    "[Install]",
    "WantedBy=default.target",
  ].join("\n")}\n`;
}

/** One word of a command line, or one assignment. In a command line, systemd replaces `$` too. */
function quoted(argument: string): string {
  return `"${specifierSafe(argument.replace(/["\\]/g, "\\$&"))}"`;
}

function specifierSafe(text: string): string {
  if (hasControls(text)) throw new Error("a path or variable with a control character can't be in a unit");
  return text.replaceAll("%", "%%");
}

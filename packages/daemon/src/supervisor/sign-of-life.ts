/**
 * Tells systemd that the daemon is ready, alive or stopping (sd_notify), by the program systemd-notify because Node has no datagram sockets. Without systemd it
 * does nothing. The reconcile loop must call `alive` itself: a timer would outlive a frozen loop.
 */
import { complain } from "../logging/complain.ts";
import { callProgram } from "./call-program.ts";

const callTimeoutMs = 10_000;

export interface SignOfLife {
  /** How often `alive` must be called at least; null: nobody waits for it. */
  readonly everyMs: number | null;
  ready(): Promise<void>;
  /** May be called at any rate. */
  alive(): void;
  stopping(): Promise<void>;
}

const nothing = () => Promise.resolve();

/** Removes its variables from the environment, so that no child process can speak for the daemon. */
export function openSignOfLife(environment: NodeJS.ProcessEnv, run = callProgram): SignOfLife {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, PATH } = environment;
  for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]) delete environment[name];
  if (NOTIFY_SOCKET === undefined) return { everyMs: null, ready: nothing, alive: () => undefined, stopping: nothing };
  const limitMs = Number(WATCHDOG_USEC ?? 0) / 1000;
  const everyMs = limitMs > 0 ? limitMs / 4 : null;
  let saidAtMs = Number.NEGATIVE_INFINITY;

  async function say(what: "READY=1" | "WATCHDOG=1" | "STOPPING=1"): Promise<void> {
    const { code, complaint } = await run("systemd-notify", [what], {
      environment: { PATH, NOTIFY_SOCKET },
      timeoutMs: callTimeoutMs,
    });
    if (code !== 0) complain(`systemd-notify ${what} failed: ${complaint.trim()}`);
  }

  return {
    everyMs,
    ready: () => say("READY=1"),
    alive() {
      if (everyMs === null || performance.now() - saidAtMs < everyMs) return;
      saidAtMs = performance.now();
      void say("WATCHDOG=1");
    },
    stopping: () => say("STOPPING=1"),
  };
}

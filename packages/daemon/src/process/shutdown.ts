/** Ends the daemon in order, on a signal or because its start failed: what was opened last is closed first, and everything is closed once. */
import { complain, note } from "../logging/complain.ts";

type Closer = () => void | Promise<void>;

export interface Shutdown {
  /** Calls `closer` before all that were given earlier. */
  begins(closer: Closer): void;
  /** From now on SIGTERM and SIGINT end the process once everything is closed, with exit code 0 if nothing failed at it. */
  listenToSignals(): void;
  /** For a start that is still under way: does not return to it once a signal has come. */
  passIfNone(): Promise<void>;
  /** Rejects with the first error of a closer, once all were called; the log of the process has the others. */
  close(): Promise<void>;
}

export function createShutdown(): Shutdown {
  const closers: Closer[] = [];
  let ending: Promise<void> | null = null;

  async function closeAll(): Promise<void> {
    const startedAtMs = performance.now();
    note("the daemon stops");
    const errors: unknown[] = [];
    for (let closeNext = closers.pop(); closeNext !== undefined; closeNext = closers.pop())
      try {
        await closeNext();
      } catch (error) {
        errors.push(error);
      }
    note("the daemon has stopped", { ms: Math.round(performance.now() - startedAtMs) });
    for (const error of errors.slice(1)) complain(error);
    if (errors.length > 0) throw errors[0];
  }

  const close = () => {
    ending ??= closeAll();
    return ending;
  };
  const onSignal = () => {
    if (ending !== null) return;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        complain(error);
        process.exit(1);
      },
    );
  };
  return {
    begins: (closer) => void closers.push(closer),
    listenToSignals() {
      for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, onSignal);
    },
    // `onSignal` awaits the same promise and was first, so the process exits before this returns.
    passIfNone: async () => void (await ending),
    close,
  };
}

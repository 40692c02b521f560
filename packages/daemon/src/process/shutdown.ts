/** Ends the daemon in order, on a signal or because its start failed: closes what was opened last first, and everything once. */
import { complain, note } from "../logging/complain.ts";

type Closer = () => void | Promise<void>;

export interface Shutdown {
  /** Registers a closer, to be called before all earlier ones. */
  begins(closer: Closer): void;
  /** From now on SIGTERM and SIGINT close everything and end the process, with exit code 0 if that succeeds. */
  listenToSignals(): void;
  /** Holds back a start that is under way once a signal has come: the promise never resolves. */
  passIfNone(): Promise<void>;
  /** Calls every closer, then rejects with the first error; the process's log has the others. */
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
    // `onSignal` awaited the same promise first, so the process exits before this returns.
    passIfNone: async () => void (await ending),
    close,
  };
}

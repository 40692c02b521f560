/** Counts syntax errors in possibly hostile code, in a thread with a deadline and a memory limit. It never throws for any text. */
import { Worker } from "node:worker_threads";
import { z } from "zod";

export interface SourceText {
  readonly path: string;
  readonly text: string;
}
/** One count per text; null if it can't be read in its language. All are null if the thread died or missed the deadline. */
export type CountSyntaxErrors = (texts: readonly SourceText[]) => Promise<readonly (number | null)[]>;

const threadMemoryMegabytes = 512;
/** How long the thread waits for further texts: starting one costs more than parsing most texts. */
const idleMs = 1_000;
const answerSchema = z.array(z.int().nonnegative().nullable());

/** Handles one text after the other, in one thread. */
export function createSyntaxErrorCount({ timeoutMs } = { timeoutMs: 5_000 }): CountSyntaxErrors {
  let thread: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function end(): Promise<void> {
    const ending = thread;
    thread = null;
    await ending?.terminate();
  }

  async function count(texts: readonly SourceText[]): ReturnType<CountSyntaxErrors> {
    clearTimeout(idle);
    thread ??= openThread();
    const answer = answerSchema.safeParse(await askThread(thread, texts, timeoutMs)).data;
    if (answer === undefined) await end();
    else idle = setTimeout(() => void end(), idleMs).unref();
    return answer?.length === texts.length ? answer : texts.map(() => null);
  }

  return (texts) => {
    if (texts.length === 0) return Promise.resolve([]);
    const counts = last.then(() => count(texts));
    last = counts;
    return counts;
  };
}

function openThread(): Worker {
  const thread = new Worker(new URL("./syntax-errors-thread.ts", import.meta.url), {
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: threadMemoryMegabytes },
  });
  // Without a listener, its exit while idle would end the daemon.
  thread.on("error", () => undefined);
  thread.unref();
  return thread;
}

/** Null if the thread died or missed the deadline. */
function askThread(thread: Worker, texts: readonly SourceText[], timeoutMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const answered = (answer: unknown) => {
      clearTimeout(timer);
      thread.off("message", answered).off("exit", ended);
      resolve(answer);
    };
    const ended = () => answered(null);
    const timer = setTimeout(ended, timeoutMs);
    thread.on("message", answered).on("exit", ended);
    thread.postMessage(texts);
  });
}

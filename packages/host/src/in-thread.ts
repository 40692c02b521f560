/** Runs a program in its own thread, with a deadline and a memory bound: it reads foreign text that may be made to be slow, and the caller continues meanwhile. */
import { Worker } from "node:worker_threads";

/** Why there is no answer: the thread missed its deadline, died, or ran out of memory. */
export class NoAnswer extends Error {}

/** Resolves with the program's message, which the caller parses; the program gets `input` as its `workerData`. Throws `NoAnswer`. */
export function askInThread(
  program: URL,
  input: unknown,
  { timeoutMs, memoryMegabytes }: { readonly timeoutMs: number; readonly memoryMegabytes: number },
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const thread = new Worker(program, {
    env: {},
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
  });
  const fail = (why: string) => reject(new NoAnswer(why));
  const timer = setTimeout(() => fail(`took longer than ${timeoutMs / 1000} s`), timeoutMs);
  thread.on("message", resolve);
  thread.on("error", (error) => fail(`failed: ${error.message}`));
  thread.on("exit", () => fail("failed"));
  return promise.finally(async () => {
    clearTimeout(timer);
    await thread.terminate();
  });
}

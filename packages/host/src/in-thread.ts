/** Asks a program in a thread of its own, with a deadline and a memory bound: what it reads is somebody else's and may be made to be slow, and who asks goes on meanwhile. */
import { Worker } from "node:worker_threads";

/** Why there is no answer: the thread missed its deadline, died, or ran out of memory. */
export class NoAnswer extends Error {}

/** Resolves with what the program posts, which the caller parses; the program finds `input` as its `workerData`. Throws `NoAnswer`. */
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

/** Gets one answer from a Node program in its own process, because the work would keep this process from answering, and its memory would stay here. */
import { fork } from "node:child_process";
import { setPriority } from "node:os";

/**
 * The first message that the program sends; it is trusted. `send`: a message to the program. `msMax`: how long it may take. `niceness`: 0 to 19. Rejects
 * with an Error that says how it ended without an answer. The program ends with this process, or once it has answered.
 */
export async function answerOfProcess<T>(
  program: string,
  options: { args?: readonly string[]; send?: object; msMax: number; niceness?: number },
): Promise<T> {
  const { args = [], send, msMax, niceness = 0 } = options;
  const cache = process.env["NODE_COMPILE_CACHE"];
  const child = fork(program, args, {
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.unref();
  child.channel?.unref();
  if (child.pid !== undefined && niceness > 0) setPriority(child.pid, niceness);
  const answer = Promise.withResolvers<T>();
  const failed = (why: string) => answer.reject(new Error(why));
  child.once("message", (message) => answer.resolve(message as T));
  child.once("error", answer.reject);
  // This event comes after the last message.
  child.once("disconnect", () => failed("the process ended without an answer"));
  const limit = setTimeout(() => failed(`the process gave no answer within ${msMax / 60_000} minutes`), msMax).unref();
  if (send !== undefined) child.send(send);
  try {
    return await answer.promise;
  } finally {
    clearTimeout(limit);
    child.kill("SIGKILL");
  }
}

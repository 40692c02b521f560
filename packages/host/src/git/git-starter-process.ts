/** A small process that starts git for a large one (git-starter.ts). It ends with its caller, or once the calls that outlive the caller have ended. */
import { endGroups, type GitEnd, type GitStart, startGit } from "./git-process.ts";

/** A call from the caller, with its complete `input`. */
export interface StarterCall {
  readonly id: number;
  readonly start: GitStart;
}

/** An answer: git's process id, pieces of long output in order, then the end with the rest of both streams. */
export type StarterReply = { readonly id: number } & (
  | { readonly pid: number }
  | { readonly stream: "stdout" | "stderr"; readonly piece: Buffer }
  | { readonly end: GitEnd }
);

/** The most bytes of a message: the caller does nothing else while it reads a message. */
const pieceBytes = 256 * 1024;

process.on("disconnect", endGroups);
process.on("message", async ({ id, start }: StarterCall) => {
  const end = await startGit(start, (pid) => reply({ id, pid }));
  const last = (stream: "stdout" | "stderr") => {
    let rest = end[stream];
    for (; rest.length > pieceBytes; rest = rest.subarray(pieceBytes))
      reply({ id, stream, piece: rest.subarray(0, pieceBytes) });
    return rest;
  };
  reply({ id, end: { ...end, stdout: last("stdout"), stderr: last("stderr") } });
});

function reply(message: StarterReply): void {
  // The asking process may be gone by now; this process must not fail because of that.
  if (process.connected) process.send?.(message, () => undefined);
}

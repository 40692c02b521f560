/**
 * A small process that starts git for a large one (git-starter.ts). It ends with its caller, or when the calls have ended that outlive the
 * caller.
 */
import { endGroups, type GitEnd, type GitStart, startGit } from "./git-process.ts";

/** One call, from the caller. Its `input` is whole. */
export interface StarterCall {
  readonly id: number;
  readonly start: GitStart;
}

/** An answer: git's process id, pieces of long output in their order, then the end with what is left of both streams. */
export type StarterReply = { readonly id: number } & (
  | { readonly pid: number }
  | { readonly stream: "stdout" | "stderr"; readonly piece: Buffer }
  | { readonly end: GitEnd }
);

/** Bytes of a message: while one is read, the caller does nothing else. */
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
  // The process that asked may be gone by now; that is no reason for this one to end.
  if (process.connected) process.send?.(message, () => undefined);
}

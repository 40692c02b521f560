/** The colours of code, found in a worker. A file that takes too long stays plain. */
import type { PatchLineDocument } from "@aedev/contracts/api";
import type { CodePiece } from "./code-pieces.ts";

export interface SyntaxQuestion {
  readonly path: string;
  readonly lines: readonly PatchLineDocument[];
}

/** Nobody waits longer for colours. */
const patienceMs = 2000;

type Pieces = ReadonlyMap<number, readonly CodePiece[]>;

/** The questions before the next one; one worker runs at a time. */
let before = Promise.resolve();

/** Calls `take` with the pieces of each line once they are known, by the line's place; a line without an entry is plain. Returns what makes it not call any more. */
export function findPieces(question: SyntaxQuestion, take: (pieces: Pieces) => void): () => void {
  let isWanted = true;
  before = before.then(async () => {
    const pieces = isWanted ? await answerOf(question).catch(() => null) : null;
    if (isWanted && pieces !== null) take(pieces);
  });
  return () => {
    isWanted = false;
  };
}

/** Null: it took too long, or the worker failed. */
async function answerOf(question: SyntaxQuestion): Promise<Pieces | null> {
  const worker = new Worker(new URL("./syntax-worker.ts", import.meta.url), { type: "module" });
  const pieces = await new Promise<Pieces | null>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Pieces>) => resolve(data);
    worker.onerror = () => resolve(null);
    setTimeout(() => resolve(null), patienceMs);
    worker.postMessage(question);
  });
  worker.terminate();
  return pieces;
}

/** Finds the colours of one file's lines, so that a slow file never stops the page. In a worker, `postMessage` answers the page that started it. */
import { codePieces } from "./code-pieces.ts";
import type { SyntaxQuestion } from "./syntax.ts";

addEventListener("message", ({ data: { path, lines } }: MessageEvent<SyntaxQuestion>) =>
  postMessage(codePieces(path, lines)),
);

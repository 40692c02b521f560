/** The worker thread that parses for `createSyntaxErrorCount`: takes texts, answers with one count each. It may be ended at any time. */
import { parentPort } from "node:worker_threads";
import { UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import type { SourceText } from "./syntax-errors.ts";

parentPort?.on("message", (texts: readonly SourceText[]) => parentPort?.postMessage(texts.map(errorsIn)));

function errorsIn({ text, path }: SourceText): number | null {
  try {
    return readSyntax(text, path).errors.length;
  } catch (error) {
    if (error instanceof UnreadableText) return null;
    throw error;
  }
}

/** Judges on loopback that answer in both vendors' formats with the verdict that a test sets for a bundle, and record every question. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Family } from "@aedev/contracts";

export interface Question {
  readonly family: Family;
  readonly bundleDigest: string;
  readonly bytes: Buffer;
}
export type ScriptedVerdict = "pass" | "fail";

export interface ScriptedJudges {
  readonly url: string;
  readonly questions: readonly Question[];
  close(): Promise<void>;
}

export async function openJudges(
  verdictOf: (question: Pick<Question, "family" | "bundleDigest">) => ScriptedVerdict,
): Promise<ScriptedJudges> {
  const questions: Question[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const family: Family = request.url?.includes("generateContent") === true ? "gemini" : "openai";
    const prompt = JSON.parse(bytes.toString("utf8"), (_key, value: unknown) => value) as object;
    const text = Object.values(prompt).flatMap(textsIn).join("\n");
    const line = (name: string) => new RegExp(`^${name}: ([0-9a-f]+)$`, "m").exec(text)?.[1] ?? "";
    const bundleDigest = line("bundle_digest");
    questions.push({ family, bundleDigest, bytes });
    const answer = JSON.stringify({
      nonce: line("nonce"),
      bundle_digest: bundleDigest,
      verdict: verdictOf({ family, bundleDigest }),
      criteria: [...text.matchAll(/^criterion ([a-z0-9-]+): /gm)].map(([, id]) => ({
        id,
        result: "met",
        citations: [{ evidence: "test-matrix" }],
      })),
      defects: [],
      confidence: 0.5,
    });
    const body =
      family === "openai"
        ? { choices: [{ message: { content: answer } }], usage: { prompt_tokens: 11, completion_tokens: 5 } }
        : { candidates: [{ content: { parts: [{ text: answer }] } }], usageMetadata: { promptTokenCount: 11 } };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The real plane in its own process with its real flags, and a fake judge on loopback that speaks both vendors' formats. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Family, JudgeEvidence, JudgeEvidenceReport } from "@aedev/contracts";
import { fromPlaneSchema } from "@aedev/contracts/message";
import { judgementPermissions } from "../../daemon/src/planes/judgement-permissions.ts";

export const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
const judgementEntry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export function makeHome(): string {
  const home = realpathSync(mkdtempSync(`${tmpdir()}/aedev-judgement-`));
  for (const name of ["bundles", "secrets"]) mkdirSync(`${home}/${name}`, { mode: 0o700 });
  return home;
}

export async function startPlane(options: {
  home: string;
  secrets?: Record<string, string>;
  environment?: Record<string, string>;
  vendor_judgements?: number;
}) {
  const child = fork(judgementEntry, [], {
    execArgv: judgementPermissions({
      root,
      home: options.home,
      knowsNetworkFlag: process.allowedNodeEnvironmentFlags.has("--allow-net"),
    }),
    env: { PATH: process.env.PATH ?? "", ...options.environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const waiting = new Map<string, (report: JudgeEvidenceReport) => void>();
  const ready = Promise.withResolvers<void>();
  child.on("message", (message) => {
    const data = fromPlaneSchema.parse(message);
    if (data.kind === "Ready") ready.resolve();
    if (data.kind === "Report" && data.report.kind === "JudgeEvidence") waiting.get(data.report.work_id)?.(data.report);
  });
  const exited = once(child, "exit");
  exited.then(() => ready.reject(new Error(`the plane ended: ${output}`))).catch(ready.reject);
  const { home, secrets = {}, vendor_judgements = 4 } = options;
  child.send({ kind: "StartJudgement", home, generation: 1, vendor_judgements, secrets });
  await ready.promise;
  return {
    send: (message: object) => child.send(message),
    output: () => output,
    exited: async () => (await exited)[0] as number | null,
    close: () => child.disconnect(),
    judge(work: JudgeEvidence): Promise<JudgeEvidenceReport> {
      const { promise, resolve } = Promise.withResolvers<JudgeEvidenceReport>();
      waiting.set(work.work_id, resolve);
      child.send({ kind: "Work", work });
      return promise;
    },
  };
}

export interface Recorded {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** A fake vendor that answers every request by `answer`, and records the requests. */
export async function fakeVendor(answer: (request: Recorded, response: ServerResponse) => void) {
  const requests: Recorded[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = { path: incoming.url ?? "", headers: incoming.headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the fake has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The smallest body with which each vendor's API carries a text. */
export function bodyOf(family: Family, text: string): object {
  return family !== "gemini"
    ? { choices: [{ message: { content: text } }], usage: { prompt_tokens: 11, completion_tokens: 5 } }
    : {
        candidates: [{ content: { parts: [{ text }] } }],
        usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 5 },
      };
}

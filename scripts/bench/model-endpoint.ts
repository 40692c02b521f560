/** Both ends of the gateway benchmark in one process: a model endpoint with short and long answers, and a client that calls a given address. */
import { createServer, request } from "node:http";

export const model = "bench";
/** Size of a coder's request in the middle of its work. */
export const promptBytes = 200_000;

export type AskedPlace = { readonly port: number; readonly host: string } | { readonly socketPath: string };
export interface Answered {
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly sizeBytes: number;
}

const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const start = event("message_start", { message: { usage: { input_tokens: 3, output_tokens: 1 } } });
const delta = event("content_block_delta", {
  index: 0,
  delta: { type: "text_delta", text: "a piece of an answer, as long as a model's pieces are. " },
});
const end = event("message_delta", { usage: { output_tokens: 5 } }) + event("message_stop", {});
/** In pieces of 64 KiB, so that this endpoint is not the bottleneck. */
const piece = Buffer.from(delta.repeat(Math.ceil(65_536 / delta.length)));
/** The answers: one word; twenty megabytes at full speed; ten megabytes at a pace far above any model's. */
const answers = {
  short: { pieces: 1, bytesPerMs: Number.POSITIVE_INFINITY },
  long: { pieces: 320, bytesPerMs: Number.POSITIVE_INFINITY },
  paced: { pieces: 160, bytesPerMs: 50_000 },
} as const;
export type Size = keyof typeof answers;

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => {
    const asked = Buffer.concat(chunks.slice(-1)).toString();
    const size = (["long", "paced"] as const).find((name) => asked.includes(`"${name}"`)) ?? "short";
    outgoing.writeHead(200, { "content-type": "text/event-stream" }).write(start + delta);
    const { pieces, bytesPerMs } = answers[size];
    const started = performance.now();
    let sent = 0;
    const more = () => {
      while (sent < pieces) {
        if (sent * piece.length > (performance.now() - started) * bytesPerMs) return void setTimeout(more, 1);
        sent += 1;
        if (!outgoing.write(piece) && sent < pieces) return void outgoing.once("drain", more);
      }
      outgoing.end(end);
    };
    more();
  });
});

function ask(place: AskedPlace, size: Size): Promise<Answered> {
  const prompt = "a line of code, as it is in the prompt.\n".repeat(promptBytes / 41);
  const messages = [{ role: "user", content: size === "short" ? prompt : size }];
  const body = JSON.stringify({ model, stream: true, max_tokens: 100, messages });
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const outgoing = request({ ...place, agent: false, method: "POST", path: "/v1/messages", headers }, (incoming) => {
      if (incoming.statusCode !== 200) reject(new Error(`the answer has the status ${incoming.statusCode}`));
      let [firstByteMs, sizeBytes] = [0, 0];
      incoming.on("data", (chunk: Buffer) => {
        if (sizeBytes === 0) firstByteMs = performance.now() - start;
        sizeBytes += chunk.length;
      });
      incoming.on("error", reject);
      incoming.on("end", () => resolve({ firstByteMs, totalMs: performance.now() - start, sizeBytes }));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const { send } = process;
// If only imported, the file is no endpoint.
if (send !== undefined && process.argv[1]?.endsWith("model-endpoint.ts")) {
  const tell = send.bind(process);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    tell(address === null || typeof address === "string" ? 0 : address.port);
  });
  process.on("message", ({ place, size }: { place: AskedPlace; size: Size }) => {
    ask(place, size).then(tell, (error: unknown) => tell({ error: String(error) }));
  });
  process.on("disconnect", () => process.exit(0));
}

/** The three model vendors on loopback for tests: functions give the answers, and every request is recorded. Only the models' answers are scripted. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

export interface ToolCall {
  readonly tool: "Write" | "Edit" | "Bash" | "Read";
  readonly input: Record<string, unknown>;
}
/** The coder's answer in one turn: tool calls, or a final text. `waitMs` and `until` delay the answer; `status` answers with an error instead. */
export interface CoderTurn {
  readonly calls?: readonly ToolCall[];
  readonly text?: string;
  readonly waitMs?: number;
  readonly until?: Promise<unknown>;
  readonly status?: number;
  readonly headers?: Record<string, string>;
}
export interface JudgePrompt {
  readonly nonce: string;
  readonly bundle_digest: string;
  readonly criteria: readonly string[];
  /** The whole question with the specification, which identifies the judged mission. */
  readonly text: string;
}
/** A complete HTTP answer of a judge; `answer` is wrapped as its vendor does. `waitMs` may exceed the judge's time limit; `until` delays it too. */
export interface JudgeReply {
  readonly status?: number;
  readonly answer?: unknown;
  readonly raw?: string;
  readonly waitMs?: number;
  readonly until?: Promise<unknown> | undefined;
}
export type Judge = (prompt: JudgePrompt) => JudgeReply;

export interface RecordedRequest {
  readonly vendor: "anthropic" | "openai" | "gemini" | "compatible";
  readonly path: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}
export interface ModelServer {
  readonly address: string;
  readonly requests: RecordedRequest[];
  /** Requests that arrived for the coder, and the tokens that the streams of all answers stated. */
  readonly sent: { input_tokens: number; output_tokens: number; requests: number };
  /** The turns by a word of the prompt; `""` is for every prompt that contains no other word. */
  coder: Record<string, readonly CoderTurn[]>;
  openai: Judge;
  gemini: Judge;
  /** The status with which a vendor answers the request for its list of models; 200 by default. */
  readonly listed: Partial<Record<RecordedRequest["vendor"], number>>;
  /** The third judge, at `<address>/compatible/v1`. */
  compatible: Judge;
  close(): Promise<void>;
}

/** A passing answer: every criterion met, with evidence that is in each bundle. */
export function passing(prompt: JudgePrompt, change: Record<string, unknown> = {}): JudgeReply {
  const criteria = prompt.criteria.map((id) => ({ id, result: "met", citations: [{ evidence: "test-matrix" }] }));
  const { nonce, bundle_digest } = prompt;
  return { answer: { nonce, bundle_digest, verdict: "pass", criteria, defects: [], confidence: 0.9, ...change } };
}

export async function openModelServer(): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const sent = { input_tokens: 0, output_tokens: 0, requests: 0 };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const body = await text(request);
    const vendor = path.startsWith("/v1/messages")
      ? "anthropic"
      : path.includes("/v1beta/")
        ? "gemini"
        : path.startsWith("/compatible/")
          ? "compatible"
          : "openai";
    requests.push({ vendor, path, headers: request.headers, body });
    // A probe asks for the vendor's list of models, to see whether it answers at all.
    if (request.method === "GET") return json(response, models.listed[vendor] ?? 200, { data: [] });
    if (vendor === "anthropic") return answerCoder(models.coder, JSON.parse(body), { path, response, sent });
    const prompt = readPrompt(
      vendor === "gemini" ? JSON.parse(body).contents[0].parts[0].text : JSON.parse(body).messages.at(-1).content,
    );
    await answerJudge(vendor, models[vendor](prompt), response);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the model server has no port");
  const models: ModelServer = {
    address: `http://127.0.0.1:${address.port}`,
    requests,
    sent,
    coder: {},
    listed: {},
    openai: (prompt) => passing(prompt),
    gemini: (prompt) => passing(prompt),
    compatible: (prompt) => passing(prompt),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return models;
}

interface CoderRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly tools?: readonly unknown[];
  readonly messages: readonly { role: string; content: unknown }[];
}

const inputTokens = 120;
const outputTokens = 45;

async function answerCoder(
  scripts: ModelServer["coder"],
  request: CoderRequest,
  { path, response, sent }: { path: string; response: ServerResponse; sent: ModelServer["sent"] },
): Promise<void> {
  if (path.includes("count_tokens")) return json(response, 200, { input_tokens: inputTokens });
  const prompt = JSON.stringify(request.messages[0]);
  const turns =
    Object.entries(scripts).find(([word]) => word !== "" && prompt.includes(word))?.[1] ?? scripts[""] ?? [];
  const done = request.messages.filter((message) => message.role === "assistant").length;
  const turn = (request.tools ?? []).length === 0 ? { text: "ok" } : (turns[done] ?? { text: "done" });
  sent.requests += 1;
  await pause(turn.waitMs, response);
  await turn.until;
  if (response.socket === null || response.socket.destroyed) return;
  if (turn.status !== undefined) {
    for (const [name, value] of Object.entries(turn.headers ?? {})) response.setHeader(name, value);
    return json(response, turn.status, { type: "error", error: { type: "api_error", message: "scripted" } });
  }
  sent.input_tokens += inputTokens;
  sent.output_tokens += outputTokens;
  const blocks = [
    ...(turn.text === undefined ? [] : [{ type: "text", text: turn.text }]),
    ...(turn.calls ?? []).map((call) => ({
      type: "tool_use",
      id: `toolu_${randomUUID()}`,
      name: call.tool,
      input: call.input,
    })),
  ];
  if (request.stream === true) stream(response, request.model, blocks);
  else {
    const usage = { input_tokens: inputTokens, output_tokens: outputTokens };
    json(response, 200, {
      id: `msg_${randomUUID()}`,
      type: "message",
      role: "assistant",
      model: request.model,
      content: blocks,
      stop_reason: stopReason(blocks),
      stop_sequence: null,
      usage,
    });
  }
}

type Block = { type: string; text?: string; id?: string; name?: string; input?: unknown };

function stream(response: ServerResponse, model: string, blocks: readonly Block[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = {
    input_tokens: inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 1,
  };
  send("message_start", {
    message: {
      id: `msg_${randomUUID()}`,
      type: "message",
      role: "assistant",
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    },
  });
  for (const [index, block] of blocks.entries()) {
    const isText = block.type === "text";
    send("content_block_start", {
      index,
      content_block: isText
        ? { type: "text", text: "" }
        : { type: "tool_use", id: block.id, name: block.name, input: {} },
    });
    send("content_block_delta", {
      index,
      delta: isText
        ? { type: "text_delta", text: block.text }
        : { type: "input_json_delta", partial_json: JSON.stringify(block.input) },
    });
    send("content_block_stop", { index });
  }
  send("message_delta", {
    delta: { stop_reason: stopReason(blocks), stop_sequence: null },
    usage: { output_tokens: outputTokens },
  });
  send("message_stop", {});
  response.end();
}

function stopReason(blocks: readonly Block[]): string {
  return blocks.some((block) => block.type === "tool_use") ? "tool_use" : "end_turn";
}

function readPrompt(prompt: string): JudgePrompt {
  const line = (name: string) => new RegExp(`^${name}: ([0-9a-f]+)$`, "m").exec(prompt)?.[1] ?? "";
  return {
    nonce: line("nonce"),
    bundle_digest: line("bundle_digest"),
    criteria: [...prompt.matchAll(/^criterion (\S+): /gm)].map((match) => match[1] ?? ""),
    text: prompt,
  };
}

async function answerJudge(
  vendor: "openai" | "gemini" | "compatible",
  reply: JudgeReply,
  response: ServerResponse,
): Promise<void> {
  await pause(reply.waitMs, response);
  await reply.until;
  if (response.socket === null || response.socket.destroyed) return;
  const content = reply.raw ?? JSON.stringify(reply.answer);
  const wrapped =
    vendor !== "gemini"
      ? {
          id: "c1",
          object: "chat.completion",
          created: 1,
          model: "judge",
          choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
          usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
        }
      : {
          candidates: [{ content: { role: "model", parts: [{ text: content }] }, finishReason: "STOP" }],
          usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5 },
        };
  json(response, reply.status ?? 200, (reply.status ?? 200) === 200 ? wrapped : { error: { message: "scripted" } });
}

/** Ends early when the client goes away. */
function pause(waitMs: number | undefined, response: ServerResponse): Promise<void> {
  if (waitMs === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

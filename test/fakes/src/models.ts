/** Fakes of the three model vendors on loopback. The only file that imports aimock. A request without a script gets an error, never an invented answer. */
import { type ChatCompletionRequest, LLMock, type FixtureResponse as Sent } from "@copilotkit/aimock";
import { fillPlaceholders } from "./fill.ts";
import type { Fixture, FixtureResponse } from "./fixture.ts";

const vendors = ["anthropic", "openai", "gemini"] as const;
export type Vendor = (typeof vendors)[number];
/** One request as it arrived at a vendor. */
export interface ReceivedModelRequest {
  readonly vendor: Vendor;
  readonly path: string;
  /** The values of all headers that can carry a credential, in one line. */
  readonly credentials: string;
}
export interface Received {
  readonly requests: readonly ReceivedModelRequest[];
  /** The end of the user's last message in each model request. */
  readonly texts: readonly string[];
  /** Output of the coder's tools, by the id of the call. */
  readonly tool_results: Readonly<Record<string, string>>;
}
export interface FakeModels {
  /** Origins, `http://127.0.0.1:<port>`. */
  readonly addresses: Readonly<Record<Vendor, string>>;
  /** All requests so far, refused or answered. */
  received(): Received;
  close(): Promise<void>;
}

const recordedMax = 5000;
const textCharactersMax = 1000;
const credentialHeaders = ["authorization", "x-api-key", "x-goog-api-key"] as const;

/** `complain` gets one line for each request that no script answers. */
export async function openModels(
  scripts: Readonly<Record<Vendor, readonly Fixture[]>>,
  complain: (line: string) => void,
): Promise<FakeModels> {
  // Without this, every request beyond a script's end gets its last turn.
  process.env["AIMOCK_STRICT_TURN_INDEX"] = "1";
  const received = {
    requests: [] as ReceivedModelRequest[],
    texts: [] as string[],
    tool_results: {} as Record<string, string>,
  };
  const note = ({ messages }: ChatCompletionRequest) => {
    if (received.texts.length < recordedMax) received.texts.push(lastUserText({ messages }).slice(-textCharactersMax));
    for (const { role, tool_call_id: id, content } of messages)
      if (role === "tool" && id !== undefined) received.tool_results[id] = textOfParts(content);
  };
  const noted = (answer: (request: ChatCompletionRequest) => Sent) => (request: ChatCompletionRequest) => {
    note(request);
    return answer(request);
  };
  const opened = await Promise.all(
    vendors.map(async (vendor) => {
      const mock = new LLMock({ host: "127.0.0.1", port: 0, journalMaxEntries: 1 });
      for (const { match, response } of scripts[vendor])
        mock.addFixture({ match, response: noted(responder(response)) });
      mock.addFixture({ match: {}, response: noted((request) => unscripted(vendor, request, complain)) });
      // The library's own journal hides credentials, but tests must see whether the right one arrived.
      mock.mount("", {
        handleRequest: async ({ url = "", headers }) => {
          const credentials = credentialHeaders.map((name) => String(headers[name] ?? "")).join(" ");
          if (received.requests.length < recordedMax) received.requests.push({ vendor, path: url, credentials });
          return false;
        },
      });
      await mock.start();
      return [vendor, mock] as const;
    }),
  );
  const mocks = Object.fromEntries(opened) as Record<Vendor, LLMock>;
  return {
    addresses: {
      anthropic: mocks.anthropic.url,
      openai: mocks.openai.url,
      gemini: mocks.gemini.url,
    },
    received: () => received,
    async close() {
      await Promise.all(vendors.map((vendor) => mocks[vendor].stop()));
    },
  };
}

function responder(response: FixtureResponse): (request: ChatCompletionRequest) => Sent {
  return (request) => {
    const prompt = lastUserText(request);
    const filled = fillPlaceholders(response, prompt);
    if (filled.kind === "filled") return sent(filled.value);
    return { error: { message: `the prompt has no ${filled.name}`, type: "invalid_request_error" }, status: 400 };
  };
}

/** The response in the library's form: objects as JSON text. */
function sent(response: FixtureResponse): Sent {
  if ("error" in response) return response;
  const { content, toolCalls, blocks, usage } = response;
  if (blocks !== undefined)
    return { blocks: blocks.map((block) => (block.type === "text" ? block : callOf(block))), usage };
  const calls = toolCalls?.map(callOf);
  if (calls === undefined) return { content: textOf(content ?? ""), usage };
  return content === undefined ? { toolCalls: calls, usage } : { content: textOf(content), toolCalls: calls, usage };
}

function callOf<T extends { arguments: unknown }>(call: T): Omit<T, "arguments"> & { arguments: string } {
  return { ...call, arguments: textOf(call.arguments) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function unscripted(vendor: Vendor, request: ChatCompletionRequest, complain: (line: string) => void): Sent {
  const turn = request.messages.filter(({ role }) => role === "assistant").length;
  const start = lastUserText(request)
    .replace(/<system-reminder>.*?<\/system-reminder>/gs, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 100);
  complain(`no script answers this request to ${vendor} (turn ${turn}): ${start}`);
  return { error: { message: "no script answers this request", type: "invalid_request_error" }, status: 400 };
}

function lastUserText({ messages }: Pick<ChatCompletionRequest, "messages">): string {
  for (const { role, content } of [...messages].reverse()) {
    if (role !== "user") continue;
    const text = textOfParts(content);
    if (text !== "") return text;
  }
  return "";
}

function textOfParts(content: ChatCompletionRequest["messages"][number]["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? [])
    .flatMap((part) => (part.type === "text" && part.text !== undefined ? [part.text] : []))
    .join("");
}

/** A fake of the ntfy app: it shows a topic's messages as text, and a tap sends the button's real request without credentials, like the app. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { actionSchema } from "./actions.ts";

const pushSchema = z.looseObject({
  id: z.string(),
  event: z.literal("message"),
  title: z.string().default(""),
  message: z.string().default(""),
  priority: z.int().default(3),
  tags: z.array(z.string()).default([]),
  actions: z.array(actionSchema).default([]),
});
/** A push message as it arrived. */
export type Push = z.infer<typeof pushSchema>;

/** What a phone shows and can do. */
export interface Phone extends AsyncDisposable {
  /** All messages so far, oldest first. */
  readonly pushes: readonly Push[];
  /** Resolves with the first push, past or future, that `wanted` accepts. Rejects after `timeoutMs`, 60 s by default. */
  next(wanted: (push: Push) => boolean, timeoutMs?: number): Promise<Push>;
  /** Taps the button with this label and returns the server's answer. A `view` button opens its address as a browser does. */
  tap(push: Push, label: string): Promise<{ status: number; body: string }>;
  close(): Promise<void>;
}

const waitTimeoutMs = 60_000;
const reconnectMs = 250;

/** Throws if this token may not read the topic. `since`: in ntfy's form; by default only new messages. */
export async function openPhone(options: {
  server: string;
  topic: string;
  token?: string;
  since?: string;
}): Promise<Phone> {
  const { server, topic, token, since = "none" } = options;
  const leave = new AbortController();
  const pushes: Push[] = [];
  const waiting = new Set<() => void>();
  let last = since;

  function arrived(line: string): void {
    const push = pushSchema.safeParse(JSON.parse(line));
    if (!push.success || pushes.some(({ id }) => id === push.data.id)) return;
    last = push.data.id;
    pushes.push(push.data);
    for (const check of waiting) check();
  }

  async function connect(): Promise<ReadableStream<Uint8Array>> {
    const response = await fetch(`${server}/${topic}/json?since=${last}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: leave.signal,
    });
    if (response.ok && response.body !== null) return response.body;
    throw new Error(`the topic can't be read: ${response.status}`);
  }

  /** Reconnects like the app, from the last message on. */
  async function follow(first: ReadableStream<Uint8Array>): Promise<void> {
    for (let stream: ReadableStream<Uint8Array> | null = first; !leave.signal.aborted; ) {
      try {
        stream ??= await connect();
        for await (const line of linesOf(stream)) arrived(line);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
      }
      stream = null;
      await delay(reconnectMs);
    }
  }
  void follow(await connect());

  function next(wanted: (push: Push) => boolean, timeoutMs = waitTimeoutMs): Promise<Push> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        waiting.delete(check);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`no such push within ${timeoutMs} ms; ${pushes.length} others arrived`));
      }, timeoutMs);
      const check = () => {
        const found = pushes.find(wanted);
        if (found === undefined) return;
        end();
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  }

  const close = async () => leave.abort();
  return { pushes, next, tap, close, [Symbol.asyncDispose]: close };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

async function tap(push: Push, label: string): Promise<{ status: number; body: string }> {
  const action = push.actions.find((button) => button.label === label);
  if (action === undefined) throw new Error(`the push has no button ${label}`);
  const { url, headers, body } = action;
  const method = action.action === "view" ? "GET" : action.method || "POST";
  const response = await fetch(url, { method, headers, ...(body === "" ? {} : { body }) });
  return { status: response.status, body: await response.text() };
}

/** The push as a person sees it: priority, title, text, buttons. */
export function pushText({ priority, title, message, actions }: Push): string {
  const buttons = actions.map(({ label }) => `[ ${label} ]`).join("  ");
  return [`(${priority}) ${title}`, message, ...(buttons === "" ? [] : [buttons])].join("\n");
}

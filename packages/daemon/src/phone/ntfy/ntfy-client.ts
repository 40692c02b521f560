/**
 * The only file that uses the package `ntfy`: publishes one message to one topic. It works around defects of the package: a title beyond ASCII is sent as RFC
 * 2047, and buttons that don't fit its short form are published as JSON at the server's root. The access token goes only to the configured server, in one
 * header, and into no error.
 * Folder: the ntfy client.
 */
import type { PushText } from "@aedev/contracts";
import { type Config, publish } from "ntfy";
import { guardedFetch } from "./guarded-fetch.ts";
import { noteTaken } from "./push-pause.ts";

/** `http`: a POST without a body, after which the phone clears the message. A view keeps the message, because its other buttons are still needed. */
export type PushAction =
  | { readonly kind: "view"; readonly label: PushText; readonly url: string }
  | {
      readonly kind: "http";
      readonly label: PushText;
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>>;
    };
export interface PushMessage {
  readonly title: PushText;
  /** Not empty, at most 4,096 bytes. */
  readonly message: PushText;
  readonly priority: 1 | 2 | 3 | 4 | 5;
  readonly tags: readonly string[];
  readonly actions: readonly PushAction[];
  /** The address that a tap on the message opens; null: none. */
  readonly click: string | null;
}
export interface PushServer {
  /** Origin and path of the server, without a trailing slash. */
  readonly url: string;
  readonly topic: string;
  /** The access token; null: the server needs none. */
  readonly credential: string | null;
  readonly timeoutMs: number;
}

const messageBytesMax = 4096;

/** Resolves once the server took the message. Throws a Fault `push-refused` with the status, or `push-unreachable`; both can be retried. */
export async function publishMessage(server: PushServer, message: PushMessage): Promise<void> {
  const size = Buffer.byteLength(message.message);
  if (size === 0 || size > messageBytesMax) throw new Error(`a push message of ${size} bytes was composed`);
  const send = guardedFetch(server.timeoutMs);
  if (message.actions.every(fitsShortForm) && (message.click === null || isPlainValue(message.click)))
    await throughPackage(send, packageConfig(server, message));
  else await send(`${server.url}/`, { method: "POST", ...jsonRequest(server, message) });
  noteTaken(server.url);
}

function packageConfig({ url, topic, credential }: PushServer, message: PushMessage): Config {
  const { title, message: text, priority, tags, actions, click } = message;
  return {
    // With a slash, because the package resolves the topic against it and would drop the last part of a path.
    server: `${url}/`,
    topic,
    title: headerText(title),
    message: text,
    priority,
    tags: [...tags],
    actions: actions.map((action) =>
      action.kind === "view"
        ? { type: "view", label: action.label, url: action.url, clear: false }
        : {
            type: "http",
            label: action.label,
            url: action.url,
            method: "POST",
            clear: true,
            headers: { ...action.headers },
          },
    ),
    ...(click === null ? {} : { clickURL: click }),
    ...(credential === null ? {} : { authorization: credential }),
  };
}

function jsonRequest(
  { topic, credential }: PushServer,
  message: PushMessage,
): { body: string; headers: Record<string, string> } {
  const { title, message: text, priority, tags, actions, click } = message;
  const body = {
    topic,
    // The server decodes these fields, so text that looks like an encoded word would change.
    title: isEncodedLike(title) ? headerText(title) : title,
    message: text,
    priority,
    tags,
    actions: actions.map(({ kind, label, ...rest }) => ({
      action: kind,
      label: label.replaceAll("=?", "= ?"),
      ...(kind === "http" ? { method: "POST" } : {}),
      clear: kind === "http",
      ...rest,
    })),
    ...(click === null ? {} : { click }),
  };
  const authorization = credential === null ? {} : { authorization: `Bearer ${credential}` };
  return { body: JSON.stringify(body), headers: { "content-type": "application/json", ...authorization } };
}

/** The package has no time limit, follows redirects and drops the status. It reads `fetch` once, when called, so ours replaces it for that moment. */
async function throughPackage(send: typeof fetch, config: Config): Promise<void> {
  const own = globalThis.fetch;
  globalThis.fetch = send;
  let pending: Promise<unknown>;
  try {
    pending = publish(config);
  } finally {
    globalThis.fetch = own;
  }
  await pending;
}

/** The package writes `http, Label, https://…, headers.Name=value` unescaped, so no value may contain its separators or go beyond ASCII. */
function fitsShortForm(action: PushAction): boolean {
  const values = [action.url, ...Object.values(action.kind === "http" ? (action.headers ?? {}) : {})];
  return (
    /^[A-Za-z0-9][A-Za-z0-9 .?!()-]*$/.test(action.label) &&
    values.every((value) => isPlainValue(value) && !/[,;"'\\]/.test(value))
  );
}

function isPlainValue(value: string): boolean {
  return /^[\x21-\x7e]+$/.test(value) && !isEncodedLike(value);
}

function isEncodedLike(text: string): boolean {
  return text.includes("=?");
}

/** A header's value: unchanged if plain ASCII, else RFC 2047 in words of at most 75 characters. */
function headerText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !isEncodedLike(text)) return text;
  const parts: string[] = [];
  let part = "";
  for (const character of text.toWellFormed()) {
    if (Buffer.byteLength(part + character) > partBytesMax) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part].map((part) => `=?UTF-8?B?${Buffer.from(part).toString("base64")}?=`).join(" ");
}

/** How many bytes fit into 60 characters of base64. */
const partBytesMax = 45;

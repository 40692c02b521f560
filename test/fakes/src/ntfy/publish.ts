/** Parses a publish request: JSON at the server's root, or headers, query and body at a topic. It stores and answers nothing. */

import { randomBytes } from "node:crypto";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type Action, parseActions } from "./actions.ts";
import { decodeHeaderValue, decodeWords } from "./encoded-word.ts";

/** Maximum bytes of a message's text. A longer text would become an attachment, which this server lacks. */
const messageBytesMax = 4096;
/** Maximum bytes of a message published as JSON, with everything around its text. */
const jsonBytesMax = messageBytesMax * 2;

/** A message as subscribers get it. */
export interface Message {
  readonly id: string;
  /** Unix time in seconds. */
  readonly time: number;
  readonly event: "message";
  readonly topic: string;
  readonly title?: string;
  readonly message: string;
  readonly priority?: number;
  readonly tags?: readonly string[];
  readonly click?: string;
  readonly actions?: readonly (Action & { id: string })[];
}
/** A refusal with ntfy's HTTP status and error code. */
export class NtfyError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Looks fields up: first a header by any of its names, then a query parameter. */
export interface Fields {
  readonly header: (name: string) => string | undefined;
  readonly query: URLSearchParams;
}

export const topicPattern = /^[-_A-Za-z0-9]{1,64}$/;
const jsonSchema = z.looseObject({
  topic: z.string().regex(topicPattern),
  title: z.string().default(""),
  message: z.string().default(""),
  priority: z.int().default(0),
  tags: z.array(z.string()).default([]),
  click: z.string().default(""),
  actions: z.array(z.unknown()).default([]),
});

/** Throws an `NtfyError` 400 or 413. */
export function messageOfJson(body: Buffer): Message {
  if (body.length > jsonBytesMax) throw new NtfyError(413, 41303, "JSON body too large");
  const parsed = jsonSchema.safeParse(parseJson(body.toString("utf8")));
  if (!parsed.success) throw new NtfyError(400, 40017, "invalid request: request body must be message JSON");
  const { topic, title, message, priority, tags, click, actions } = parsed.data;
  // Like the real server, which turns the JSON's fields into headers and reads those.
  return made(topic, {
    title: decodeWords(title).trim(),
    message: boundedText(Buffer.from(message)),
    priority: String(priority === 0 ? "" : priority),
    tags: tags.join(","),
    click,
    actions: actions.length === 0 ? "" : decodeWords(JSON.stringify(actions)),
  });
}

/** Throws an `NtfyError` 400. If the body is empty, the message comes from a header or the query. */
export function messageOfRequest(topic: string, fields: Fields, body: Buffer): Message {
  const read = (...names: string[]) => readField(fields, names);
  const text = boundedText(body).trim();
  return made(topic, {
    title: read("x-title", "title", "t"),
    message: text === "" ? read("x-message", "message", "m").replaceAll("\\n", "\n") : text,
    priority: read("x-priority", "priority", "prio", "p"),
    tags: read("x-tags", "tags", "tag", "ta"),
    click: read("x-click", "click"),
    actions: read("x-actions", "actions", "action"),
  });
}

function readField({ header, query }: Fields, names: readonly string[]): string {
  for (const name of names) {
    const value = decodeHeaderValue(header(name) ?? "").trim();
    if (value !== "") return value;
  }
  return names.map((name) => query.get(name)?.trim() ?? "").find((value) => value !== "") ?? "";
}

function boundedText(body: Buffer): string {
  if (body.length > messageBytesMax) throw new NtfyError(400, 40014, "invalid request: attachments not allowed");
  return body.toString("utf8");
}

const priorityNames: Readonly<Record<string, number>> = { min: 1, low: 2, default: 3, high: 4, max: 5, urgent: 5 };

function made(
  topic: string,
  said: Record<"title" | "message" | "priority" | "tags" | "click" | "actions", string>,
): Message {
  const priority = said.priority === "" ? 0 : (priorityNames[said.priority.toLowerCase()] ?? Number(said.priority));
  if (!Number.isInteger(priority) || priority < 0 || priority > 5)
    throw new NtfyError(400, 40007, "invalid priority parameter");
  const tags = said.tags
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
  const actions = actionsOf(said.actions);
  return {
    id: randomBytes(9).toString("base64").replace(/[+/]/g, "x"),
    time: Math.floor(Date.now() / 1000),
    event: "message",
    topic,
    ...(said.title === "" ? {} : { title: said.title }),
    message: said.message === "" ? "triggered" : said.message,
    ...(priority === 0 ? {} : { priority }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(said.click === "" ? {} : { click: said.click }),
    ...(actions.length === 0 ? {} : { actions }),
  };
}

function actionsOf(text: string): (Action & { id: string })[] {
  if (text === "") return [];
  try {
    return parseActions(text).map((action) => ({ id: randomBytes(5).toString("hex"), ...action }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NtfyError(400, 40018, `invalid request: actions invalid; ${why}`);
  }
}

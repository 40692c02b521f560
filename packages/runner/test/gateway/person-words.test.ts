/** Where a person's words stand in a coder's requests: after the results that the model answers next, and there in all later requests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Told } from "@aedev/contracts";
import { afterAll, describe, expect, it } from "vitest";
import { openPersonWords } from "../../src/gateway/person-words.ts";
import { anthropicMessages } from "../../src/gateway/wire/anthropic-messages/anthropic-messages.ts";
import type { ModelRequest } from "../../src/gateway/wire/wire.ts";

const folder = mkdtempSync(join(tmpdir(), "aedev-words-"));
afterAll(() => rmSync(folder, { recursive: true }));

const prompt = { role: "user", content: "# Mission: add" };
const turn = (id: string) => [
  { role: "assistant", content: [{ type: "tool_use", id, name: "Bash", input: {} }] },
  { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "ok" }] },
];
const requestOf = (...messages: readonly object[]): ModelRequest => ({
  path: "/v1/messages",
  model: "m",
  maxTokens: 10,
  cachesAnHour: false,
  pictureTokens: 0,
  body: JSON.stringify({ model: "m", messages, max_tokens: 10 }),
});
/** The texts beside results, by message. */
function textsIn({ body }: ModelRequest): string[][] {
  const { messages } = JSON.parse(body) as { messages: { content: unknown }[] };
  return messages.map(({ content }) =>
    (Array.isArray(content) ? (content as { type: string; text?: string }[]) : []).flatMap(({ type, text = "" }) =>
      type === "text" ? text.split("\n\n").slice(1) : [],
    ),
  );
}
const limits = { model: "m", request_bytes: 10_000 };
function opened(path = join(mkdtempSync(join(folder, "run-")), "told.jsonl")) {
  const told: Told[] = [];
  const put: string[] = [];
  const words = openPersonWords(anthropicMessages, { told, path }, (text) => put.push(text));
  /** The texts in a request that the model answers. */
  const answered = (request: ModelRequest): string[][] => {
    const { request: changed, numbers } = words.putInto(request, limits);
    words.heardBy(numbers);
    return textsIn(changed);
  };
  return { path, told, put, words, answered };
}

describe("a person's words", () => {
  it("leave requests as they are before anything was said", () => {
    const request = requestOf(prompt, ...turn("a"));
    expect(opened().words.putInto(request, limits)).toEqual({ request, numbers: [] });
  });

  it("stand after the results of the next turn, in the same place of later requests, and are put in once", () => {
    const { told, put, words, answered } = opened();
    told.push({ number: 1, text: "use the parser" });
    expect(answered(requestOf(prompt))).toEqual([[]]);
    expect(words.heard()).toBe(0);
    expect(answered(requestOf(prompt, ...turn("a")))).toEqual([[], [], ["use the parser"]]);
    expect(words.heard()).toBe(1);
    told.push({ number: 2, text: "and its tests" });
    expect(answered(requestOf(prompt, ...turn("a"), ...turn("b")))).toEqual([
      [],
      [],
      ["use the parser"],
      [],
      ["and its tests"],
    ]);
    expect([words.heard(), put]).toEqual([2, ["use the parser", "and its tests"]]);
  });

  it("count as heard only once the model has answered, and only without a gap", () => {
    const { told, words } = opened();
    told.push({ number: 4, text: "use the parser" }, { number: 5, text: "and its tests" });
    const { numbers } = words.putInto(requestOf(prompt, ...turn("a")), limits);
    expect([numbers, words.heard()]).toEqual([[4, 5], 0]);
    words.heardBy([5]);
    expect(words.heard()).toBe(0);
    words.heardBy([4]);
    expect(words.heard()).toBe(5);
  });

  it("come again in a conversation that has left their place out, such as a compacted one or a sub-agent's", () => {
    const { told, put, answered } = opened();
    told.push({ number: 1, text: "use the parser" });
    answered(requestOf(prompt, ...turn("a")));
    const compacted = requestOf({ role: "user", content: "a summary" }, ...turn("c"));
    expect(answered(compacted)).toEqual([[], [], ["use the parser"]]);
    expect(answered(compacted)).toEqual([[], [], ["use the parser"]]);
    expect(put).toEqual(["use the parser"]);
  });

  it("keep their place, and what was heard, after a restart", () => {
    const before = opened();
    before.told.push({ number: 1, text: "use the parser" });
    before.answered(requestOf(prompt, ...turn("a")));
    const { told, put, words, answered } = opened(before.path);
    told.push({ number: 1, text: "use the parser" });
    expect(words.heard()).toBe(1);
    expect(answered(requestOf(prompt, ...turn("a"), ...turn("b")))).toEqual([[], [], ["use the parser"], [], []]);
    expect(put).toEqual([]);
  });

  it("are not put into a count of tokens or another model's request, nor after the coder's last word", () => {
    const { told, words, answered } = opened();
    told.push({ number: 1, text: "use the parser" });
    const count: ModelRequest = { ...requestOf(prompt, ...turn("a")), path: "/v1/messages/count_tokens" };
    for (const request of [count, { ...requestOf(prompt, ...turn("a")), model: "small" }])
      expect(words.putInto(request, limits)).toEqual({ request, numbers: [] });
    const ended = requestOf(
      prompt,
      ...turn("a"),
      { role: "assistant", content: "done" },
      { role: "user", content: "?" },
    );
    expect(answered(ended).flat()).toEqual([]);
    expect(words.heard()).toBe(0);
  });

  it("can't be multiplied by a sandbox that repeats a result, or that begins ever new conversations", () => {
    const { told, words, answered } = opened();
    told.push({ number: 1, text: "use the parser" });
    const [, result = {}] = turn("a");
    answered(requestOf(prompt, ...turn("a")));
    const repeated = Array.from({ length: 20 }, () => result);
    expect(answered(requestOf(prompt, ...turn("a"), ...repeated)).flat()).toEqual(["use the parser"]);
    for (let at = 0; at < 1_000; at += 1) answered(requestOf(prompt, ...turn(`new-${at}`)));
    expect(words.heard()).toBe(1);
    expect(answered(requestOf(prompt, ...turn("one-more"))).flat()).toEqual([]);
  });

  it("never make a request larger than allowed", () => {
    const { told, answered } = opened();
    told.push({ number: 1, text: "x".repeat(2_000) });
    const request = requestOf({ role: "user", content: "y".repeat(9_000) }, ...turn("a"));
    expect(answered(request).flat()).toEqual([]);
    expect(answered(requestOf(prompt, ...turn("b"))).flat()).toEqual(["x".repeat(2_000)]);
  });
});

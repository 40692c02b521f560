/** Where a person's words stand in a coder's requests: after the results that the model answers next, and there in all later requests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Told } from "@aedev/contracts";
import { afterAll, describe, expect, it } from "vitest";
import type { ModelRequest } from "../../src/gateway/model-request.ts";
import { openPersonWords } from "../../src/gateway/person-words.ts";

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
function opened(path = join(mkdtempSync(join(folder, "run-")), "told.jsonl")) {
  const told: Told[] = [];
  const put: string[] = [];
  return { path, told, put, words: openPersonWords({ told, path }, (text) => put.push(text)) };
}

describe("a person's words", () => {
  it("leave requests as they are before anything was said", () => {
    const request = requestOf(prompt, ...turn("a"));
    expect(opened().words.putInto(request)).toBe(request);
  });

  it("stand after the results of the next turn, in the same place of later requests, and reach the coder once", () => {
    const { told, put, words } = opened();
    told.push({ number: 1, text: "use the parser" });
    expect(textsIn(words.putInto(requestOf(prompt)))).toEqual([[]]);
    expect(words.heard()).toBe(0);
    expect(textsIn(words.putInto(requestOf(prompt, ...turn("a"))))).toEqual([[], [], ["use the parser"]]);
    expect(words.heard()).toBe(1);
    told.push({ number: 2, text: "and its tests" });
    expect(textsIn(words.putInto(requestOf(prompt, ...turn("a"), ...turn("b"))))).toEqual([
      [],
      [],
      ["use the parser"],
      [],
      ["and its tests"],
    ]);
    expect([words.heard(), put]).toEqual([2, ["use the parser", "and its tests"]]);
  });

  it("come again in a conversation that has left their place out, such as a compacted one or a sub-agent's", () => {
    const { told, put, words } = opened();
    told.push({ number: 1, text: "use the parser" });
    words.putInto(requestOf(prompt, ...turn("a")));
    const compacted = requestOf({ role: "user", content: "a summary" }, ...turn("c"));
    expect(textsIn(words.putInto(compacted))).toEqual([[], [], ["use the parser"]]);
    expect(textsIn(words.putInto(compacted))).toEqual([[], [], ["use the parser"]]);
    expect(put).toEqual(["use the parser"]);
  });

  it("keep their place after a restart", () => {
    const before = opened();
    before.told.push({ number: 1, text: "use the parser" });
    before.words.putInto(requestOf(prompt, ...turn("a")));
    const { told, put, words } = opened(before.path);
    told.push({ number: 1, text: "use the parser" });
    expect(words.heard()).toBe(1);
    expect(textsIn(words.putInto(requestOf(prompt, ...turn("a"), ...turn("b"))))).toEqual([
      [],
      [],
      ["use the parser"],
      [],
      [],
    ]);
    expect(put).toEqual([]);
  });

  it("are not put into a count of tokens, nor after the coder's last word", () => {
    const { told, words } = opened();
    told.push({ number: 1, text: "use the parser" });
    const count: ModelRequest = { ...requestOf(prompt, ...turn("a")), path: "/v1/messages/count_tokens" };
    expect(words.putInto(count)).toBe(count);
    const ended = requestOf(
      prompt,
      ...turn("a"),
      { role: "assistant", content: "done" },
      { role: "user", content: "?" },
    );
    expect(textsIn(words.putInto(ended)).flat()).toEqual([]);
    expect(words.heard()).toBe(0);
  });
});

/** Progress lines of a coder's steps, from streamed and whole answers, with their results, and without characters that could forge a line. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createProgressLines } from "../../../src/gateway/progress/progress-lines.ts";
import { anthropicMessages } from "../../../src/gateway/wire/anthropic-messages/anthropic-messages.ts";

const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const streamed = "text/event-stream; charset=utf-8";
type Call = { id: string; name: string; input: object };

/** An answer as the endpoint streams it, with the input in two pieces. */
function streamOf(text: string, ...calls: Call[]): Buffer {
  const parts = [
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
    ...calls.flatMap(({ id, name, input }, at) => {
      const json = JSON.stringify(input);
      const delta = (partial_json: string) =>
        event("content_block_delta", { index: at + 1, delta: { type: "input_json_delta", partial_json } });
      return [
        event("content_block_start", { index: at + 1, content_block: { type: "tool_use", id, name, input: {} } }),
        delta(json.slice(0, 5)),
        delta(json.slice(5)),
      ];
    }),
  ];
  return Buffer.from(parts.join(""));
}
const request = (...results: object[]) =>
  anthropicMessages.newResults(JSON.stringify({ messages: [{ role: "user", content: results }] }));
const result = (tool_use_id: string, content: unknown = "fine", is_error?: boolean) => ({
  type: "tool_result",
  tool_use_id,
  content,
  ...(is_error === undefined ? {} : { is_error }),
});
function open() {
  const lines: string[] = [];
  const progress = createProgressLines((line) => lines.push(line));
  const answer = (contentType: string, bytes: Buffer) =>
    progress.answer(anthropicMessages.read(contentType, bytes).blocks);
  return { lines, progress: { ...progress, answer } };
}
const repo = "/workspace/repo";

describe("progress lines of a coder's steps", () => {
  it("appear when a step starts, and with its result when that is known", () => {
    const { lines, progress } = open();
    progress.take(request(result("unknown")));
    progress.answer(
      streamed,
      streamOf(
        "Let me look.",
        { id: "1", name: "Read", input: { file_path: `${repo}/lib/add.js` } },
        { id: "2", name: "Bash", input: { command: `cd ${repo} && node --test`, description: "test" } },
      ),
    );
    expect(lines.splice(0)).toEqual(["says: Let me look.", "reads lib/add.js", "runs node --test"]);
    progress.take(request(result("1"), result("2", [{ type: "text", text: "Exit code 1\nnot ok 1 - adds" }], true)));
    expect(lines.splice(0)).toEqual(["ok: reads lib/add.js", "failed: runs node --test: Exit code 1 not ok 1 - adds"]);
    // Every later request repeats the same results, and a retried request does too.
    progress.take(request(result("1"), result("2", "x", true)));
    expect(lines).toEqual([]);
  });

  it("are read from a complete document too, but not from an error or another answer", () => {
    const { lines, progress } = open();
    const content = [
      { type: "tool_use", id: "1", name: "Write", input: { file_path: `${repo}/a.js`, content: "a\nb\n" } },
      { type: "tool_use", id: "2", name: "Edit", input: { file_path: "/etc/passwd" } },
      { type: "tool_use", id: "3", name: "Frob", input: null },
      { type: "thinking", thinking: "hm" },
    ];
    progress.answer("application/json", Buffer.from(JSON.stringify({ type: "message", content })));
    expect(lines.splice(0)).toEqual(["writes a.js (2 lines)", "edits /etc/passwd", "uses Frob"]);
    progress.answer("application/json", Buffer.from(JSON.stringify({ type: "error", error: { message: "no" } })));
    progress.answer(streamed, Buffer.from("data: {broken\n\ndata: [1]\n\n"));
    expect(lines).toEqual([]);
  });

  it("have no character that moves a cursor, and are bounded in length and number", () => {
    const { lines, progress } = open();
    const command = `printf 'x' \u001b[2J\n2026-01-01T00:00:00.000Z forged \u202e${"y".repeat(5_000)}`;
    progress.answer(
      streamed,
      streamOf(`a\u0007\r\nb${"z".repeat(5_000)}`, { id: "1", name: "Bash", input: { command } }),
    );
    progress.take(request(result("1", `${"w".repeat(9_000)}\u001b[31m`, true)));
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(300);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    for (let count = 0; count < 3_000; count += 1) progress.answer(streamed, streamOf("again"));
    expect(lines).toHaveLength(2_000);
    expect(lines.at(-1)).toBe("further steps of this run are not shown");
  });

  it("never fail, whatever a sandbox or an endpoint sends", () => {
    const { progress } = open();
    progress.answer(streamed, streamOf("x", { id: "1", name: "Bash", input: { command: "true" } }));
    fc.assert(
      fc.property(fc.json(), fc.string(), fc.constantFrom(streamed, "application/json", ""), (body, text, type) => {
        progress.take(anthropicMessages.newResults(body));
        progress.take(anthropicMessages.newResults(text));
        progress.answer(type, Buffer.from(body));
        progress.answer(type, Buffer.from(`data: {"type":"content_block_start",${text}\n\n${text}`));
      }),
    );
  });
});

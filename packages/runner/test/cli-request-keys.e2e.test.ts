/**
 * The keys that the coder's real CLI sends, read from the journal of a run with the scripted model. A new version of the CLI that sends other keys fails here
 * with their names; then `gateway/request-schema.ts` must be checked against them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { bash, model, place, plane, reportOf, usage } from "./coder-stand.ts";
import { coderWork } from "./throw-away-home.ts";

/** The first and the second request of Claude Code in the runner image. */
const recordedKeys = [
  "context_management",
  "context_management.edits[clear_thinking_20251015]",
  "context_management.edits[clear_thinking_20251015].keep",
  "context_management.edits[clear_thinking_20251015].type",
  "max_tokens",
  "messages[]",
  "messages[].content[text]",
  "messages[].content[text].cache_control",
  "messages[].content[text].cache_control.ttl",
  "messages[].content[text].cache_control.type",
  "messages[].content[text].text",
  "messages[].content[text].type",
  "messages[].content[tool_result]",
  "messages[].content[tool_result].cache_control",
  "messages[].content[tool_result].cache_control.ttl",
  "messages[].content[tool_result].cache_control.type",
  "messages[].content[tool_result].content",
  "messages[].content[tool_result].is_error",
  "messages[].content[tool_result].tool_use_id",
  "messages[].content[tool_result].type",
  "messages[].content[tool_use]",
  "messages[].content[tool_use].id",
  "messages[].content[tool_use].input",
  "messages[].content[tool_use].name",
  "messages[].content[tool_use].type",
  "messages[].role",
  "metadata",
  "metadata.user_id",
  "model",
  "stream",
  "system[text]",
  "system[text].cache_control",
  "system[text].cache_control.ttl",
  "system[text].cache_control.type",
  "system[text].text",
  "system[text].type",
  "thinking",
  "thinking.budget_tokens",
  "thinking.display",
  "thinking.type",
  "tools[]",
  "tools[].description",
  "tools[].input_schema",
  "tools[].name",
];

/** A tool's input and schema, and the schema of an answer, are free. */
const free = /(^|\.)(input|input_schema|schema)$/;

/** Every key as a path: list items as `[]`, and a block with its type, for example `messages[].content[text].text`. */
function keysOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((part) => keysOf(part, `${path}[${typeOf(part)}]`));
  if (typeof value !== "object" || value === null || free.test(path)) return [path];
  return [
    ...(path === "" ? [] : [path]),
    ...Object.entries(value).flatMap(([key, part]) => keysOf(part, path === "" ? key : `${path}.${key}`)),
  ];
}
function typeOf(part: unknown): string {
  return z.looseObject({ type: z.string() }).safeParse(part).data?.type ?? "";
}

it("the CLI sends exactly the recorded keys, and none of its requests is refused", async () => {
  model.on({ hasToolResult: false }, bash("echo 2 > /workspace/repo/a.txt"));
  model.on({ hasToolResult: true }, { content: "done", usage });
  const work = coderWork(place, place.commit({ "a.txt": "1\n" }));
  const execution = await plane();
  execution.send(work);
  const { result } = await reportOf(execution, work.run_id);
  if (result.outcome !== "captured") throw new Error(JSON.stringify(result));
  expect(execution.messages.filter(({ kind }) => kind === "Refusal")).toEqual([]);
  const lines = readFileSync(join(place.home, "worktrees", work.run_id, "journal.jsonl"), "utf8")
    .trim()
    .split("\n");
  const opened = z.object({ event: z.literal("opened"), request: z.string() });
  const bodies = lines.flatMap((line) => {
    const entry = opened.safeParse(JSON.parse(line)).data;
    return entry === undefined ? [] : [JSON.parse(Buffer.from(place.blobs.get(entry.request)).toString("utf8"))];
  });
  expect(bodies).toHaveLength(2);
  const keys = new Set(bodies.flatMap((body) => keysOf(body)));
  expect([...keys].toSorted()).toEqual(recordedKeys);
});

/** The allow-list of keys at every depth: an unknown key in any object of a request that has every key is refused with its path. */
import { describe, expect, it } from "vitest";
import { parseModelRequest } from "../../src/gateway/model-request.ts";
import { gatewayLimits } from "../throw-away-home.ts";

const cache_control = { type: "ephemeral", ttl: "5m", scope: "global" };
const text = { type: "text", text: "hi", cache_control, citations: null };
const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" }, cache_control };
const document = {
  ...{ type: "document", source: { type: "text", media_type: "text/plain", data: "x" }, cache_control },
  ...{ title: "t", context: "c" },
};
const schema = { type: "object", properties: { a: { $ref: "#/$defs/b" } }, $defs: { b: { type: "string" } } };
const full = {
  model: gatewayLimits.model,
  max_tokens: 100,
  stream: true,
  metadata: { user_id: "u" },
  stop_sequences: ["x"],
  messages: [
    { role: "user", content: [text, image, document] },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "t", signature: "s" },
        { type: "redacted_thinking", data: "d" },
        {
          type: "tool_use",
          id: "1",
          name: "Bash",
          input: { command: "ls" },
          caller: { type: "direct" },
          cache_control,
        },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "1", content: [text, image, document], is_error: false, cache_control },
      ],
    },
  ],
  system: [text],
  tools: [{ name: "Bash", description: "runs", input_schema: schema, type: "custom", cache_control }],
  tool_choice: { type: "tool", name: "Bash", disable_parallel_tool_use: true },
  thinking: { type: "adaptive", display: "omitted" },
  context_management: {
    edits: [
      { type: "clear_thinking_20251015", keep: { type: "thinking_turns", value: 2 } },
      {
        ...{ type: "clear_tool_uses_20250919", trigger: { type: "input_tokens", value: 9 } },
        ...{ keep: { type: "tool_uses", value: 1 }, clear_at_least: { type: "input_tokens", value: 1 } },
        ...{ clear_tool_inputs: true, exclude_tools: ["Bash"] },
      },
    ],
  },
  output_config: { effort: "low", format: { type: "json_schema", schema } },
};
const reasonOf = (body: unknown) => {
  const read = parseModelRequest("/v1/messages", JSON.stringify(body), gatewayLimits);
  return "kind" in read ? read.reason : null;
};

type Path = readonly (string | number)[];
/** Every object of a value with the path that leads to it. */
function objectsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    objectsOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? inner : [path, ...inner];
}
/** A copy with one more key in the object at `path`. */
function withKey(value: unknown, path: Path, key: string, added: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  let at = copy as Record<string | number, unknown>;
  for (const step of path) at = at[step] as typeof at;
  at[key] = added;
  return copy;
}

const isFree = (path: Path) => path.some((step) => step === "input" || step === "input_schema" || step === "schema");
const places = objectsOf(full);

describe("a request with every key", () => {
  it("is accepted as it is", () => {
    expect(reasonOf(full)).toBeNull();
    expect(places.length).toBeGreaterThan(40);
  });
  it.each(places.filter((path) => !isFree(path)).map((path) => [path.join(".") || "body", path] as const))(
    "is refused with an unknown key in %s",
    (where, path) => {
      for (const key of ["extra", "url", "file_id", "constructor"])
        expect(reasonOf(withKey(full, path, key, "x"))).toBe(`${where}: unrecognized_keys ${key}`);
    },
  );
  it("may have any key in a tool's input and in a JSON schema, but no address there and no endless depth", () => {
    const free = places.filter(isFree);
    expect(free.length).toBeGreaterThan(5);
    for (const path of free) expect(reasonOf(withKey(full, path, "extra", { any: ["thing"] })), path.join()).toBeNull();
    let deep: unknown = {};
    for (let level = 0; level < 70; level += 1) deep = { deep };
    for (const path of free) expect(reasonOf(withKey(full, path, "extra", deep))).toBe("the body is nested too deeply");
    const schemas = free.filter((path) => !path.includes("input"));
    for (const path of schemas)
      for (const key of ["$ref", "$dynamicRef", "$recursiveRef"]) {
        expect(reasonOf(withKey(full, path, key, "http://169.254.169.254/")), path.join()).toMatch(/: custom$/);
        expect(reasonOf(withKey(full, path, key, "#/$defs/b")), path.join()).toBeNull();
      }
  });
  it("is refused if an edit of the context has another form", () => {
    const edit = (entry: object) => reasonOf({ ...full, context_management: { edits: [entry] } });
    expect(edit({ type: "clear_thinking_20251015", keep: "all" })).toBeNull();
    expect(edit({ type: "clear_thinking_20251015", keep: "http://x" })).toMatch(
      /^context_management\.edits\.0\.keep: /,
    );
    expect(edit({ type: "compact_20260112" })).toMatch(/^context_management\.edits\.0\.type: /);
  });
});

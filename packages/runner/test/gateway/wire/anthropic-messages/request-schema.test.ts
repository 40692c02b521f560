/** The allow-list of keys at every depth: an unknown key in any object of a complete request is refused with its path. */
import { describe, expect, it } from "vitest";
import { parseMessagesRequest } from "../../../../src/gateway/wire/anthropic-messages/request.ts";
import { gatewayLimits } from "../../../throw-away-home.ts";

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
  const read = parseMessagesRequest("/v1/messages", JSON.stringify(body), gatewayLimits);
  return "kind" in read ? read.reason : null;
};

type Path = readonly (string | number)[];
/** The path of every object in a value. */
function objectsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    objectsOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? inner : [path, ...inner];
}
/** The path of every text in a value. */
function stringsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    stringsOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
const texts = ["text", "title", "context", "thinking", "signature", "description", "user_id", "stop_sequences"];
/** True for text for the model, values of the vendor, and names that may be any. */
function isText(path: Path): boolean {
  const key = path.findLast((step) => typeof step === "string");
  const isDocument = path.includes(2);
  return texts.includes(String(key)) || (key === "data" && (isDocument || !path.includes("source")));
}
/** Returns a copy with one more key in the object at `path`. */
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
  it("may have any key in a tool's input, but no endless depth anywhere", () => {
    const inputs = places.filter((path) => path.includes("input"));
    expect(inputs.length).toBe(1);
    for (const path of inputs)
      for (const key of ["extra", "$id", "url"])
        expect(reasonOf(withKey(full, path, key, "http://x")), path.join()).toBeNull();
    let deep: unknown = {};
    for (let level = 0; level < 70; level += 1) deep = { deep };
    for (const path of places.filter(isFree))
      expect(reasonOf(withKey(full, path, "extra", deep))).toBe("the body is nested too deeply");
  });
  it("may have only words and base64 outside of text for the model, and no address", () => {
    const strings = stringsOf(full).filter((path) => !isFree(path) && !isText(path));
    expect(strings.length).toBeGreaterThan(30);
    for (const path of strings)
      expect(
        reasonOf(withKey(full, path.slice(0, -1), String(path.at(-1)), "https://example.org/x")),
        path.join("."),
      ).not.toBeNull();
    expect(reasonOf(withKey(full, ["messages", 0, "content", 0], "text", "https://example.org/x"))).toBeNull();
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

describe("a JSON schema of a tool or an output format", () => {
  const inTool = (schema: object) => reasonOf({ ...full, tools: [{ name: "Bash", input_schema: schema }] });
  const inFormat = (schema: object) =>
    reasonOf({ ...full, output_config: { format: { type: "json_schema", schema } } });
  const address = "http://169.254.169.254/";
  /** Every place where a schema may be inside another. */
  const nested = (part: object): object[] => [
    part,
    { properties: { a: part } },
    { patternProperties: { "^a": part } },
    { $defs: { a: { definitions: { b: part } } } },
    { items: part },
    { items: [{ type: "string" }, part] },
    { allOf: [{ anyOf: [{ oneOf: [part] }] }] },
    { if: { not: part }, else: true },
    { additionalProperties: { propertyNames: part } },
    { dependentSchemas: { a: part }, dependencies: { b: ["a"], c: part } },
  ];

  it("refers only into itself, wherever the reference is", () => {
    for (const ask of [inTool, inFormat])
      for (const key of ["$ref", "$dynamicRef", "$recursiveRef"]) {
        for (const schema of nested({ [key]: "#/$defs/b" })) expect(ask(schema), JSON.stringify(schema)).toBeNull();
        for (const value of [address, "other.json", "//x/y", "#@x", "", 1, { $ref: "#" }])
          for (const schema of nested({ [key]: value }))
            expect(ask(schema), JSON.stringify(schema)).toMatch(/: custom$/);
      }
  });
  it("has no address or dialect of its own, and only keywords of JSON Schema", () => {
    const refused = [
      ...[
        { $id: address },
        { id: address },
        { $id: "#x" },
        { $schema: address },
        { $schema: "https://json-schema.org.evil.example/draft-07/schema#" },
      ],
      ...[
        { $vocabulary: { [address]: true } },
        { links: [{ href: address }] },
        { externalDocs: { url: address } },
        { url: address },
        { $anchor: address },
      ],
      ...[
        { contentSchema: { $id: address } },
        { unknown: 1 },
        { properties: [] },
        { items: "x" },
        { title: { $ref: address } },
      ],
      // A list of names replaces a schema in one place only, and a name that every object has is no keyword.
      ...["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"].map((key) => ({
        [key]: { a: ["b", { $id: address }] },
      })),
      ...["constructor", "toString", "hasOwnProperty"].map((key) => ({ [key]: address })),
    ];
    for (const ask of [inTool, inFormat])
      for (const part of refused)
        for (const schema of nested(part)) expect(ask(schema), JSON.stringify(schema)).toMatch(/: custom$/);
  });
  it("may be of a known dialect, with every keyword of it, and its properties may be named like keywords", () => {
    const schema = {
      ...{
        $schema: "https://json-schema.org/draft/2020-12/schema",
        type: ["object", "null"],
        title: "t",
        description: address,
      },
      properties: {
        $id: { type: "string" },
        $ref: { const: address },
        url: { format: "uri", default: address, examples: [{ $id: address }] },
      },
      ...{
        required: ["url"],
        additionalProperties: false,
        minProperties: 1,
        dependentRequired: { a: ["b"] },
        $comment: "c",
      },
    };
    for (const ask of [inTool, inFormat]) {
      for (const each of nested(schema)) expect(ask(each)).toBeNull();
      for (const dialect of ["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2019-09/schema"])
        expect(ask({ $schema: dialect })).toBeNull();
      expect(ask({})).toBeNull();
    }
  });
});

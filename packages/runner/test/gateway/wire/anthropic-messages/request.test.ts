/** What a sandbox can ask the model, case by case, each next to a plain request that passes. */
import { describe, expect, it } from "vitest";
import { parseMessagesRequest } from "../../../../src/gateway/wire/anthropic-messages/request.ts";
import { gatewayLimits } from "../../../throw-away-home.ts";

const tool = { name: "Bash", description: "runs", input_schema: { type: "object" } };
const plain = {
  model: gatewayLimits.model,
  max_tokens: 100,
  stream: true,
  messages: [
    { role: "user", content: [{ type: "text", text: "hi", cache_control: { type: "ephemeral", ttl: "1h" } }] },
  ],
  system: [{ type: "text", text: "be good" }],
  tools: [tool, { ...tool, name: "DeferredToolPlaceholder", defer_loading: true }],
  metadata: { user_id: "u" },
  thinking: { type: "adaptive", display: "omitted" },
  context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
  output_config: { effort: "medium" },
};
const parse = (body: unknown) => parseMessagesRequest("/v1/messages", JSON.stringify(body), gatewayLimits);
const content = (block: unknown) => ({ ...plain, messages: [{ role: "user", content: [block] }] });
const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } };

describe("parseMessagesRequest", () => {
  it("accepts what the coder's CLI sends and serializes it again", () => {
    const request = parse(plain);
    expect(request).toMatchObject({ path: "/v1/messages", model: gatewayLimits.model, maxTokens: 100 });
    if ("kind" in request) throw new Error(request.reason);
    expect(JSON.parse(request.body)).toEqual(plain);
  });

  it.each([
    ["an unknown top-level key", { ...plain, extra: 1 }],
    ["MCP servers", { ...plain, mcp_servers: [{ type: "url", url: "https://x", name: "x" }] }],
    ["a container", { ...plain, container: "c" }],
    ["a dearer tier", { ...plain, service_tier: "priority" }],
    ["fast mode", { ...plain, speed: "fast" }],
    ["web search", { ...plain, tools: [{ type: "web_search_20250305", name: "web_search" }] }],
    ["web fetch beside a client tool", { ...plain, tools: [tool, { type: "web_fetch_20250910", name: "web_fetch" }] }],
    ["code execution", { ...plain, tools: [{ type: "code_execution_20250825", name: "code_execution" }] }],
    ["a typed tool dressed as a client tool", { ...plain, tools: [{ ...tool, type: "bash_20250124" }] }],
    ["a tool that may be called by the vendor's code", { ...plain, tools: [{ ...tool, allowed_callers: ["x"] }] }],
    ["an image by URL", content({ type: "image", source: { type: "url", url: "http://x/" } })],
    ["a file by id", content({ type: "document", source: { type: "file", file_id: "file_1" } })],
    ["a document by URL", content({ type: "document", source: { type: "url", url: "http://x/" } })],
    ["an upload to a container", content({ type: "container_upload", file_id: "file_1" })],
    ["a server tool's block", content({ type: "server_tool_use", id: "s", name: "web_search", input: {} })],
    [
      "a URL inside a tool's result",
      content({
        type: "tool_result",
        tool_use_id: "t",
        content: [{ type: "image", source: { type: "url", url: "x" } }],
      }),
    ],
    ["an edit that runs at the vendor", { ...plain, context_management: { edits: [{ type: "compact_20260112" }] } }],
    ["another model", { ...plain, model: "claude-opus-4-7" }],
    ["an array", [plain]],
  ])("refuses %s", (_name, body) => {
    expect(parse(body)).toMatchObject({ kind: "refused" });
    expect(parse(plain)).not.toHaveProperty("reason");
  });

  it("refuses text that is not JSON, and a duplicate key in any spelling", () => {
    const read = (text: string) => parseMessagesRequest("/v1/messages", text, gatewayLimits);
    expect(read("{")).toEqual({ kind: "refused", reason: "the body is not JSON" });
    expect(read(`${JSON.stringify(plain)} {}`)).toEqual({ kind: "refused", reason: "the body is not JSON" });
    const twice = (key: string) => JSON.stringify(plain).replace("{", `{${key}:"claude-opus-4-7",`);
    for (const key of ['"model"', '"\\u006dodel"'])
      expect(read(twice(key))).toEqual({ kind: "refused", reason: "model: doubled key" });
    expect(read(twice('"__proto__"'))).toEqual({ kind: "refused", reason: "__proto__: key not allowed" });
    const source = JSON.stringify(content(image)).replace('"type":"base64"', '"type":"url","type":"base64"');
    expect(read(source)).toEqual({ kind: "refused", reason: "messages.0.content.0.source.type: doubled key" });
    expect(read(JSON.stringify(content(image)))).not.toHaveProperty("reason");
  });

  it("refuses a body with more values than the CLI's before parsing it, but none for its text", () => {
    const use = (input: string) =>
      parseMessagesRequest(
        "/v1/messages",
        JSON.stringify(content({ type: "tool_use", id: "a", name: "b", input: {} })).replace(
          '"input":{}',
          `"input":${input}`,
        ),
        gatewayLimits,
      );
    for (const unit of ["[]", "{}", '""', "[[[[]]]]", '"\\\\"', '"\\"["']) {
      const list = (count: number) => `{"a":[${Array(count).fill(unit).join(",")}]}`;
      expect(use(list(30_000)), unit).not.toHaveProperty("reason");
      const many = list(2_000_000);
      // Measures this thread alone, whatever else the machine does.
      const began = process.threadCpuUsage();
      expect(use(many), unit).toEqual({ kind: "refused", reason: "the body has too many values" });
      const { user, system } = process.threadCpuUsage(began);
      expect((user + system) / 1_000, unit).toBeLessThan(1_000);
    }
    const said = '[{"a":"\\"},[,\\\\'.repeat(200_000);
    const request = parse(content({ type: "text", text: said }));
    if ("kind" in request) throw new Error(request.reason);
    expect(request.body).toContain(JSON.stringify(said));
  });

  it("caps max_tokens and keeps the thinking budget below it", () => {
    const request = parse({ ...plain, max_tokens: 32_000, thinking: { type: "enabled", budget_tokens: 31_999 } });
    if ("kind" in request) throw new Error(request.reason);
    expect(JSON.parse(request.body)).toMatchObject({
      max_tokens: gatewayLimits.max_output_tokens,
      thinking: { budget_tokens: gatewayLimits.max_output_tokens - 1 },
    });
  });

  it("passes images and documents inside the request, and the small model", () => {
    expect(parse(content(image))).not.toHaveProperty("reason");
    const result = { type: "tool_result", tool_use_id: "t", content: [image, { type: "text", text: "x" }] };
    expect(parse(content(result))).not.toHaveProperty("reason");
    expect(parse({ ...plain, model: gatewayLimits.small_model })).not.toHaveProperty("reason");
  });

  it("estimates the cost of images and documents anywhere in a request, and ignores text that mentions them", () => {
    const pdf = { type: "document", source: { ...image.source, media_type: "application/pdf" } };
    const result = { type: "tool_result", tool_use_id: "t", content: [image, pdf] };
    expect(parse(content(image))).toMatchObject({ pictureTokens: 2_000 });
    expect(parse(content(result))).toMatchObject({ pictureTokens: 202_000 });
    expect(parse(content({ type: "text", text: JSON.stringify([image, pdf]) }))).toMatchObject({ pictureTokens: 0 });
  });

  it("reads a token count request without max_tokens, and refuses a server tool there too", () => {
    const { max_tokens: _max, stream: _stream, metadata: _metadata, ...counted } = plain;
    const parseCount = (body: unknown) =>
      parseMessagesRequest("/v1/messages/count_tokens", JSON.stringify(body), gatewayLimits);
    expect(parseCount(counted)).toMatchObject({ maxTokens: 0 });
    expect(parseCount({ ...counted, tools: [{ type: "web_search_20250305", name: "web_search" }] })).toHaveProperty(
      "reason",
    );
  });
});

/** Raw requests that a sandbox must not get through its socket (SECURITY T4, T5), beyond those of config/demo/attack; and a plain one that it may send. */

/** If a request's text has this word, the model server answers with a redirect. */
export const redirectWord = "redirect-me-please";

const clientTool = { name: "Bash", description: "", input_schema: { type: "object" } };

interface Parts {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly length?: number | null;
}

function raw({ method = "POST", target = "/v1/messages", headers = [], body = "", length }: Parts): string {
  const size = length === undefined ? Buffer.byteLength(body, "latin1") : length;
  return [
    `${method} ${target} HTTP/1.1`,
    "host: localhost",
    ...(headers.some((line) => /^content-type:/i.test(line)) ? [] : ["content-type: application/json"]),
    ...(size === null ? [] : [`content-length: ${size}`]),
    "connection: close",
    ...headers,
    "",
    body,
  ].join("\r\n");
}

/** A plain model call with a client tool, as the coder sends it. */
export function plainRequest(model: string, change: { headers?: readonly string[]; text?: string } = {}): string {
  const { headers = [], text = "hello" } = change;
  const body = JSON.stringify({ ...plainBody(model, text), tools: [clientTool] });
  return raw({ headers, body });
}

function plainBody(model: string, text = "smuggled") {
  return { model, max_tokens: 1_000_000, messages: [{ role: "user", content: text }] };
}

/** Every attack by its name. None may reach the upstream. */
export function gatewayAttacks(model: string): Record<string, string> {
  return { ...targetAttacks(model), ...bodyAttacks(model), ...framingAttacks(model) };
}

function targetAttacks(model: string): Record<string, string> {
  const body = JSON.stringify(plainBody(model));
  const targets = [
    "/",
    "/v1/complete",
    "/v1/models",
    "/v1/skills",
    "/v1/organizations/me",
    "/v1/messages/",
    "//v1/messages",
    "/v1//messages",
    "/v1/messages/../files",
    "/v1/%6dessages",
    "/V1/messages",
    "/v1/messages?beta=false",
    "/v1/messages?beta=true&container=1",
    "/v1/messages;x",
    "/v1/messages#x",
    "http://localhost/v1/messages",
    "*",
  ];
  const byTarget = Object.fromEntries(targets.map((target) => [`target ${target}`, raw({ target, body })]));
  const methods = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
  const byMethod = Object.fromEntries(
    methods.map((method) => [`method ${method}`, raw({ method, ...(method === "GET" ? {} : { body }) })]),
  );
  return { ...byTarget, ...byMethod };
}

function bodyAttacks(model: string): Record<string, string> {
  const plain = plainBody(model);
  const tool = (type: string, name: string) => ({ ...plain, tools: [{ type, name }] });
  const block = (content: object) => ({ ...plain, messages: [{ role: "user", content: [content] }] });
  const result = (content: object) => block({ type: "tool_result", tool_use_id: "t", content: [content] });
  const bodies: Record<string, unknown> = {
    "a client tool with a server tool beside it": {
      ...plain,
      tools: [clientTool, { type: "web_search_20250305", name: "w" }],
    },
    "a tool that claims both": { ...plain, tools: [{ ...clientTool, type: "web_fetch_20250910", max_uses: 5 }] },
    "memory tool": tool("memory_20250818", "memory"),
    mcp_toolset: { ...plain, tools: [{ type: "mcp_toolset", mcp_server_name: "x" }] },
    "container with skills": { ...plain, container: { skills: [{ type: "anthropic", skill_id: "pptx" }] } },
    "document by address": block({ type: "document", source: { type: "url", url: "https://evil.example/x.pdf" } }),
    "image by file": block({ type: "image", source: { type: "file", file_id: "file_1" } }),
    "an address within a tool result": result({
      type: "image",
      source: { type: "url", url: "https://evil.example/x" },
    }),
    "an address within a document": block({
      type: "document",
      source: { type: "content", content: [{ type: "image", source: { type: "url", url: "https://evil.example/x" } }] },
    }),
    container_upload: block({ type: "container_upload", file_id: "file_1" }),
    server_tool_use: block({ type: "server_tool_use", id: "s", name: "web_search", input: { query: "x" } }),
    search_result: block({ type: "search_result", source: "https://evil.example", title: "x", content: [] }),
    "a dearer tier": { ...plain, service_tier: "priority" },
    "an unknown key": { ...plain, inference_geo: "us" },
    "a prototype key": JSON.parse(`{"__proto__":{"container":"c"},"constructor":1,"model":"${model}"}`),
    "an array": [plain],
    "a text": "x",
    null: null,
  };
  const attacks = Object.entries(bodies).map(([name, body]) => [name, raw({ body: JSON.stringify(body) })]);
  const text = JSON.stringify(plain);
  return {
    ...Object.fromEntries(attacks),
    "a key given twice": raw({
      body: text.replace("{", '{"tools":[],').replace(/}$/, ',"tools":[{"type":"web_search_20250305","name":"w"}]}'),
    }),
    "no JSON": raw({ body: "model=x" }),
    "count_tokens with a server tool": raw({
      target: "/v1/messages/count_tokens",
      body: JSON.stringify({ model, messages: plain.messages, tools: [{ type: "web_search_20250305", name: "w" }] }),
    }),
  };
}

function framingAttacks(model: string): Record<string, string> {
  const body = JSON.stringify(plainBody(model));
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n`;
  const second = raw({ target: "/v1/files", body });
  return {
    upgrade: raw({ headers: ["upgrade: websocket", "connection: upgrade"], body }),
    "upgrade to h2c": raw({ headers: ["upgrade: h2c", "http2-settings: AA"], body }),
    trailers: raw({
      headers: ["transfer-encoding: chunked", "trailer: x-api-key"],
      length: null,
      body: `${chunked}x-api-key: k\r\n\r\n`,
    }),
    "two framings": raw({ headers: ["transfer-encoding: chunked"], body: `${chunked}\r\n` }),
    "a framing in another spelling": raw({
      headers: ["transfer-encoding: xchunked"],
      length: null,
      body: `${chunked}\r\n`,
    }),
    "two lengths": raw({ headers: ["content-length: 1"], body }),
    "a length with a sign": raw({ headers: [`content-length: +${body.length}`], length: null, body }),
    "a second request within the first's body": raw({ body: `{}${second}`, length: 2 }),
    "a bare line feed in a header": raw({ headers: ["x-a: b\nx-api-key: k"], body, length: 1 }),
    "a null byte in a header": raw({ headers: ["x-a: b\0c"], body }),
    "a compressed body": raw({ headers: ["content-encoding: gzip"], body }),
    expectation: raw({ headers: ["expect: 100-continue"], body }),
    "te: trailers": raw({ headers: ["te: trailers"], body }),
    "a form": raw({ headers: ["content-type: application/x-www-form-urlencoded"], body }),
    "several parts": raw({ headers: ["content-type: multipart/form-data; boundary=x"], body }),
    "a body that ends too early": raw({ body, length: body.length + 50 }),
    "HTTP/0.9": "GET /v1/messages\r\n\r\n",
    "no HTTP": "\u0016\u0003\u0001\u0002\u0000",
  };
}

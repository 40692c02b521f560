/** Heads of requests and answers at the gateway. */
import { describe, expect, it } from "vitest";
import { admitHead, allowedResponseHeaders, upstreamHeaders } from "../../src/gateway/admission.ts";

const headers = { "content-type": "application/json" };
const head = (method: string, url: string, more: Record<string, string> = {}) =>
  admitHead({ method, url, headers: { ...headers, ...more } });

describe("admitHead", () => {
  it("admits the two paths with an empty query or beta=true", () => {
    for (const url of ["/v1/messages", "/v1/messages?", "/v1/messages?beta=true"])
      expect(head("POST", url)).toBe("/v1/messages");
    expect(head("POST", "/v1/messages/count_tokens?beta=true")).toBe("/v1/messages/count_tokens");
  });

  it.each([
    ["GET", "/v1/messages"],
    ["HEAD", "/"],
    ["POST", "/v1/messages/batches"],
    ["POST", "/v1/files"],
    ["POST", "/v1/messages?beta=false"],
    ["POST", "/v1/messages?beta=true&x=1"],
    ["POST", "/v1/messages/"],
    ["POST", "//v1/messages"],
    ["POST", "/v1/%6dessages"],
    ["POST", "/v1/files/../messages"],
    ["POST", "http://evil.example/v1/messages"],
    ["POST", "https://api.anthropic.com/v1/messages"],
    ["PUT", "/v1/messages"],
  ])("refuses %s %s", (method, url) => {
    expect(head(method, url)).toMatchObject({ kind: "refused" });
  });

  it.each(["upgrade", "trailer", "te", "content-encoding", "expect"])("refuses the header %s", (name) => {
    expect(head("POST", "/v1/messages", { [name]: "x" })).toMatchObject({ kind: "refused" });
  });

  it("refuses another content type", () => {
    expect(head("POST", "/v1/messages", { "content-type": "text/plain" })).toMatchObject({ kind: "refused" });
  });
});

describe("upstreamHeaders", () => {
  const sandbox = {
    ...headers,
    authorization: "Bearer placeholder",
    "x-api-key": "placeholder",
    "x-forwarded-host": "evil",
    cookie: "a=b",
    "user-agent": "claude-cli/2.1.328 (external, sdk-cli)",
    "anthropic-beta": "oauth-2025-04-20, context-1m-2025-08-07,files-api-2025-04-14,effort-2025-11-24",
    "anthropic-version": "1999",
  };

  it("replaces the credential, filters betas, and passes on nothing else", () => {
    const made = upstreamHeaders({
      headers: sandbox,
      bodyBytes: 3,
      credential: { kind: "oauth-token", value: "real" },
    });
    expect(made).toEqual({
      "content-type": "application/json",
      "content-length": "3",
      accept: "application/json",
      "accept-encoding": "identity",
      "anthropic-version": "2023-06-01",
      "user-agent": "claude-cli/2.1.328 (external, sdk-cli)",
      "x-app": "cli",
      "anthropic-beta": "oauth-2025-04-20,effort-2025-11-24",
      authorization: "Bearer real",
    });
  });

  it("sends a paid key in its own header and drops the headers of a token", () => {
    const made = upstreamHeaders({ headers: sandbox, bodyBytes: 3, credential: { kind: "api-key", value: "key" } });
    expect(made).toMatchObject({ "x-api-key": "key", "anthropic-beta": "effort-2025-11-24" });
    expect(made).not.toHaveProperty("authorization");
  });
});

describe("allowedResponseHeaders", () => {
  it("keeps listed headers and drops the rest", () => {
    const allowed = { "content-type": "text/event-stream", "retry-after": "3" };
    expect(allowedResponseHeaders({ ...allowed, "set-cookie": ["a"], location: "http://evil", server: "x" })).toEqual(
      allowed,
    );
  });
});

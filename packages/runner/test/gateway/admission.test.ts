/** Heads of requests and answers at the gateway. */
import { describe, expect, it } from "vitest";
import { admitHead, allowedResponseHeaders } from "../../src/gateway/admission.ts";
import { anthropicMessages } from "../../src/gateway/wire/anthropic-messages/anthropic-messages.ts";

const headers = { "content-type": "application/json" };
const head = (method: string, url: string, more: Record<string, string> = {}) =>
  admitHead(anthropicMessages, { method, url, headers: { ...headers, ...more } });

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

describe("allowedResponseHeaders", () => {
  it("keeps listed headers and drops the rest", () => {
    const allowed = { "content-type": "text/event-stream", "retry-after": "3" };
    expect(
      allowedResponseHeaders(anthropicMessages, {
        ...allowed,
        "set-cookie": ["a"],
        location: "http://evil",
        server: "x",
      }),
    ).toEqual(allowed);
  });
});

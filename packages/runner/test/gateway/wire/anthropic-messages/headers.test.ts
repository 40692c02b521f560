/** Headers of requests to the Messages endpoint: fixed ones, and of the sandbox's only what is allowed. */
import { describe, expect, it } from "vitest";
import { messagesHeaders } from "../../../../src/gateway/wire/anthropic-messages/headers.ts";

describe("messagesHeaders", () => {
  const sandbox = {
    "content-type": "application/json",
    authorization: "Bearer placeholder",
    "x-api-key": "placeholder",
    "x-forwarded-host": "evil",
    cookie: "a=b",
    "user-agent": "claude-cli/2.1.328 (external, sdk-cli)",
    "anthropic-beta": "oauth-2025-04-20, context-1m-2025-08-07,files-api-2025-04-14,effort-2025-11-24",
    "anthropic-version": "1999",
  };

  it("replaces the credential, filters betas, and passes on nothing else", () => {
    const made = messagesHeaders({
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
    const made = messagesHeaders({ headers: sandbox, bodyBytes: 3, credential: { kind: "api-key", value: "key" } });
    expect(made).toMatchObject({ "x-api-key": "key", "anthropic-beta": "effort-2025-11-24" });
    expect(made).not.toHaveProperty("authorization");
  });
});

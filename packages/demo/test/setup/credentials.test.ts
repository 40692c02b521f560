import { describe, expect, it } from "vitest";
import { liveEnvironment, missingCredentials, scriptedEnvironment } from "../../src/setup/credentials.ts";

const caller = {
  PATH: "/bin",
  AEDEV_HOME: "/mine",
  AEDEV_CLAUDE_OAUTH_TOKEN: "real-claude",
  AEDEV_OPENAI_API_KEY: "real-openai",
  AEDEV_GEMINI_API_KEY: "real-gemini",
  AEDEV_OPENAI_BASE_URL: "https://proxy.example/v1",
};

describe("the environment of a demo", () => {
  it("gives a scripted demo no credential of the caller, only the placeholder and the fakes' addresses", () => {
    const addresses = { anthropic: "http://127.0.0.1:1", openai: "http://127.0.0.1:2", gemini: "http://127.0.0.1:3" };
    const given = scriptedEnvironment(caller, { home: "/throw-away", addresses, placeholder: "placeholder" });
    expect(given).toMatchObject({
      PATH: "/bin",
      AEDEV_HOME: "/throw-away",
      AEDEV_PORT: "0",
      AEDEV_OPENAI_API_KEY: "placeholder",
      AEDEV_OPENAI_BASE_URL: "http://127.0.0.1:2",
    });
    expect(JSON.stringify(given)).not.toContain("real-");
  });

  it("gives a live demo the caller's credentials and addresses, in its own home", () => {
    expect(liveEnvironment(caller, "/throw-away")).toMatchObject({
      AEDEV_HOME: "/throw-away",
      AEDEV_CLAUDE_OAUTH_TOKEN: "real-claude",
      AEDEV_OPENAI_BASE_URL: "https://proxy.example/v1",
    });
  });

  it("names each missing or empty credential of a live demo", () => {
    expect(missingCredentials(caller)).toEqual([]);
    expect(missingCredentials({ ...caller, AEDEV_OPENAI_API_KEY: "", AEDEV_GEMINI_API_KEY: undefined })).toEqual([
      "AEDEV_OPENAI_API_KEY",
      "AEDEV_GEMINI_API_KEY",
    ]);
  });
});

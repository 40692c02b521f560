/** What our processes get of the caller's environment: named variables, and never a secret. */
import { describe, expect, it } from "vitest";
import { daemonEnvironment, planeEnvironment } from "../../src/planes/scrubbed-environment.ts";

const secrets = {
  AEDEV_CLAUDE_OAUTH_TOKEN: "t",
  AEDEV_OPENAI_API_KEY: "k",
  AEDEV_GEMINI_API_KEY: "k",
  AEDEV_COMPATIBLE_API_KEY: "k",
  ANTHROPIC_API_KEY: "k",
  GITHUB_TOKEN: "k",
  HTTPS_PROXY: "http://proxy",
  NODE_OPTIONS: "--require /x",
};
const third = { AEDEV_COMPATIBLE_MODEL: "m", AEDEV_COMPATIBLE_BASE_URL: "https://m.example" };
const caller = {
  ...secrets,
  PATH: "/bin",
  DOCKER_HOST: "unix:///d",
  SSH_AUTH_SOCK: "/agent",
  AEDEV_PORT: "0",
  ...third,
};

describe("the environment of a child process", () => {
  it("the daemon gets its settings and the ssh agent, and the planes get neither", () => {
    expect(daemonEnvironment(caller)).toEqual({
      PATH: "/bin",
      DOCKER_HOST: "unix:///d",
      SSH_AUTH_SOCK: "/agent",
      AEDEV_PORT: "0",
      ...third,
    });
    expect(planeEnvironment(caller)).toEqual({ PATH: "/bin", DOCKER_HOST: "unix:///d" });
  });
});

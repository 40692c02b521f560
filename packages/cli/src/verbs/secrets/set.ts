/** `aedev secrets set`: stores a secret in its plane's file. The value is read from stdin or a hidden prompt, never from an argument, and is never shown. */
import { hasControls } from "@aedev/contracts";
import { done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary: "Store a secret. Its value is read from stdin, or from a hidden prompt on a terminal.",
  arguments: [
    {
      name: "<name>",
      summary:
        "e.g. AEDEV_CLAUDE_OAUTH_TOKEN (or AEDEV_CLAUDE_OAUTH_TOKEN_2, used while the first one's limit is reached), AEDEV_OPENAI_API_KEY, AEDEV_GEMINI_API_KEY, AEDEV_COMPATIBLE_API_KEY, AEDEV_GITHUB_TOKEN, AEDEV_NTFY_TOKEN",
    },
  ],
  examples: ["aedev secrets set AEDEV_OPENAI_API_KEY", "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN < token.txt"],
  async run(session, input) {
    const { home, terminal } = session;
    const name = input.argument(0);
    requireHome(home);
    const daemon = await session.entries.daemon();
    const known = await daemon.knownSecrets();
    if (!known.includes(name))
      return refused("unknown-secret", `no secret is called ${name}; known: ${known.join(", ")}`);
    const typed = terminal.interactive
      ? await terminal.ask(`value of ${name} (not shown): `, { secret: true })
      : await terminal.readAll();
    const value = typed.trim();
    if (value === "")
      return refused("empty-secret", `no value for ${name} on standard input`, `aedev secrets set ${name} < FILE`);
    // A private key has several lines. The daemon knows whether this name accepts one.
    if (hasControls(value) && !value.startsWith("-----BEGIN "))
      return refused(
        "secret-malformed",
        `the value of ${name} has more than one line or a control character`,
        `aedev secrets set ${name} < FILE`,
      );
    await daemon.setSecret({ home, name, value });
    return done({ name, set: true }, `${name} is stored`);
  },
};

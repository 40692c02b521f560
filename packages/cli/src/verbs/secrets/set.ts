/** `aedev secrets set`: keeps a secret in its plane's file. The value comes on standard input, never as an argument, and is never shown. */
import { done, refused } from "../../answer.ts";
import { requireHome } from "../../session/home.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Keep a secret; its value is read from standard input, on a terminal without showing it.",
  arguments: [
    {
      name: "<name>",
      summary: "e.g. AEDEV_CLAUDE_OAUTH_TOKEN, AEDEV_OPENAI_API_KEY, AEDEV_GEMINI_API_KEY, AEDEV_COMPATIBLE_API_KEY",
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
      return refused("SECRET-UNKNOWN", `no secret is called ${name}; known: ${known.join(", ")}`);
    const typed = terminal.interactive
      ? await terminal.ask(`value of ${name} (not shown): `, { secret: true })
      : await terminal.readAll();
    const value = typed.trim();
    if (value === "")
      return refused("empty-secret", `no value for ${name} on standard input`, `aedev secrets set ${name} < FILE`);
    if (/[\p{Cc}]/u.test(value))
      return refused(
        "bad-secret",
        `the value of ${name} has more than one line or a control character`,
        `aedev secrets set ${name} < FILE`,
      );
    await daemon.setSecret({ home, name, value });
    return done({ name, set: true }, `${name} is kept`);
  },
};

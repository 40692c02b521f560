/** `aedev secrets`: stores, lists and removes secrets. */

import { hasControls, localTime } from "@aedev/contracts";
import { done, refused } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { requireHome } from "../daemon-client/home.ts";
import { columns } from "../render/columns.ts";

const setVerb: Verb = {
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

const listVerb: Verb = {
  summary:
    "List the secrets in the home's files: name, file, and when that file was last changed. Values are never shown.",
  examples: ["aedev secrets list", "aedev secrets list --json"],
  async run({ home, entries }) {
    requireHome(home);
    const daemon = await entries.daemon();
    const [secrets, known] = await Promise.all([daemon.listSecrets({ home }), daemon.knownSecrets()]);
    const rows = secrets.map(({ name, file, since }) => [
      name,
      known.includes(name) ? "" : "unknown",
      localTime(since),
      file,
    ]);
    return done(
      { secrets },
      columns(["NAME", "", "SINCE", "FILE"], rows, "no secrets yet: aedev init, or aedev secrets set NAME"),
    );
  },
};

const removeVerb: Verb = {
  summary: "Remove a stored secret. A running daemon may have it until it is started again.",
  arguments: [{ name: "<name>", summary: "one that is listed by aedev secrets list" }],
  examples: ["aedev secrets remove AEDEV_GITHUB_TOKEN"],
  async run(session, input) {
    const { home, entries } = session;
    const name = input.argument(0);
    requireHome(home);
    const { planes } = await (await entries.daemon()).removeSecret({ home, name });
    const next = (await findDaemon(session)) === undefined ? "" : "; next: aedev daemon restart";
    return done({ name, removed: true, planes }, `${name} is removed${next}`);
  },
};

export const verbs = { set: setVerb, list: listVerb, remove: removeVerb };

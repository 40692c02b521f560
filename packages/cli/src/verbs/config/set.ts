/** `aedev config set`: sets a key in the home's `config.yaml` or `policies.yaml` and keeps the rest of the file. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { findDaemon } from "../../daemon-client/daemon-link.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary:
    "Set a key in the home's config.yaml or policies.yaml. A value that the daemon would refuse changes nothing.",
  arguments: [
    { name: "<key>", summary: "one that is listed by aedev config show" },
    { name: "<value>", summary: "as in the file: 10m, 2GiB, true, null, [a, b]" },
  ],
  examples: ["aedev config set limits.run_timeout 30m", "aedev config set retention.blobs 180d"],
  async run(session, input) {
    const { home, environment, entries } = session;
    requireHome(home);
    const [key, text] = [input.argument(0), input.argument(1)];
    const result = await (await entries.daemon()).setConfiguration({ home, environment, key, text });
    const needsRestart = result.changed && !result.live && (await findDaemon(session)) !== undefined;
    const lines = [
      `${key} is ${JSON.stringify(result.value)} in ${result.file}${result.changed ? "" : ", as before"}`,
      ...(result.overridden_by === null ? [] : [`  the environment wins over it: ${result.overridden_by} is set`]),
      ...(needsRestart ? ["next: aedev daemon restart"] : []),
    ];
    return done({ ...result, needs_restart: needsRestart }, lines.join("\n"));
  },
};

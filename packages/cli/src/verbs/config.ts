/** `aedev config`: shows the configuration and sets its keys. */

import { Fault } from "@aedev/contracts";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { requireHome } from "../daemon-client/home.ts";
import { columns } from "../render/columns.ts";

const showVerb: Verb = {
  summary:
    "Show every key of the configuration and the policy with its value and where it is from. A running daemon uses what it read when it started; budgets and prices apply at once.",
  arguments: [{ name: "[key]", summary: "only this key, or the keys of this section" }],
  examples: ["aedev config show", "aedev config show limits", "aedev config show limits.run_timeout --json"],
  async run({ home, environment, entries }, input) {
    requireHome(home);
    const [wanted = ""] = input.arguments();
    const all = await (await entries.daemon()).describeConfiguration({ home, environment });
    const keys = all.filter(({ key }) => wanted === "" || key === wanted || key.startsWith(`${wanted}.`));
    if (keys.length === 0)
      throw new Fault("config-invalid", `there is no key ${wanted}`, { hint: "aedev config show" });
    const rows = keys.map(({ key, value, source, variable }) => [key, JSON.stringify(value), variable ?? source]);
    return done({ keys }, columns(["KEY", "VALUE", "FROM"], rows, "there are no keys"));
  },
};

const setVerb: Verb = {
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

export const verbs = { show: showVerb, set: setVerb };

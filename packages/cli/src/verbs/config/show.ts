/** `aedev config show`: every key of the configuration and the policy with its value and source. */
import { Fault } from "@aedev/contracts";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
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

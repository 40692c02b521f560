/** `aedev secrets list`: the names of the secrets in the home's files. It reads no value. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary:
    "List the secrets in the home's files: name, file, and when that file was last changed. Values are never shown.",
  examples: ["aedev secrets list", "aedev secrets list --json"],
  async run({ home, entries }) {
    requireHome(home);
    const daemon = await entries.daemon();
    const [secrets, known] = await Promise.all([daemon.listSecrets({ home }), daemon.knownSecrets()]);
    const rows = secrets.map(({ name, file, since }) => [name, known.includes(name) ? "" : "unknown", since, file]);
    return done(
      { secrets },
      columns(["NAME", "", "SINCE", "FILE"], rows, "no secrets yet: aedev init, or aedev secrets set NAME"),
    );
  },
};

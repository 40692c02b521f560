/** Real calls over HTTP that prove a set-up: one tiny question to the coder's or a judge's model. A failed call is a document, not an error; nothing is written to the log. */
import type { Probes } from "../../planes/probes.ts";
import type { Handlers } from "./handler.ts";

export function probeRoutes(probes: Probes): Pick<Handlers, "probe"> {
  return {
    async probe({ body: { what } }) {
      const { ok, detail } = what === "coder" ? await probes.probeCoder() : await probes.probeJudge(what);
      return { ok, detail };
    },
  };
}

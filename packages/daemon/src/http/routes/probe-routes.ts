/** Proves a set-up by real calls over HTTP: one tiny question to a model. A failed call is a document, not an error, and nothing is logged. */
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

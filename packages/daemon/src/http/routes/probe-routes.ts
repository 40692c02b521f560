/** Real calls to prove a set-up over HTTP: one tiny question to the coder's or a judge's model. An answer of no is a document, not an error; nothing is written to the log. */
import { familySchema } from "@aedev/core/wire";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Probes } from "../../planes/probes.ts";

const body = z.strictObject({ what: z.enum(["coder", ...familySchema.options]) });
const answer = z.strictObject({ ok: z.boolean(), detail: z.string().nullable() });

export function probeRoutes(server: FastifyInstance, probes: Probes): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const schema = { body, response: { 200: answer } };
  api.post("/api/probes", { schema }, async ({ body: { what } }) => {
    const { ok, detail } = what === "coder" ? await probes.probeCoder() : await probes.probeJudge(what);
    return { ok, detail };
  });
}

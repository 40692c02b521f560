/** Repositories over HTTP: look into one, try its settings, register it or change its settings; fields that are not given keep their value. */
import { entityById } from "@aedev/core";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { inspectSource } from "../../git/remote.ts";
import type { Control } from "../../loop/control.ts";
import type { Probes } from "../../planes/probes.ts";
import { inspectRepository } from "../../repository/inspect-repository.ts";
import { createTrials } from "../../repository/trials.ts";
import { answer } from "../answer.ts";
import { detectionBodySchema, parseName, registrationSchema, settingsOf, trialBodySchema } from "./repository-body.ts";

export function repositoryRoutes(
  server: FastifyInstance,
  { control, probes }: { control: Control; probes: Probes },
): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const trials = createTrials({ control, probes });
  const timeoutMs = control.configuration.landing.git_timeout_ms;
  const known = (name: string) => entityById(control.log.state.repositories, name);

  api.get("/api/repositories", async () => ({ repositories: Object.values(control.log.state.repositories) }));

  api.post("/api/repositories/detect", { schema: { body: detectionBodySchema } }, async ({ body }) =>
    inspectRepository({ pathOrUrl: body.path_or_url, name: body.name ?? null, image: body.image ?? null }, control),
  );

  // Answers when the try has ended; a client that goes away ends it.
  api.post("/api/repositories/trial", { schema: { body: trialBodySchema } }, async ({ body }, reply) => {
    // Before anything is waited for: a connection that closes meanwhile says so only once.
    const gone = goneSignal(reply);
    const name = parseName(body.name);
    const { url } = await inspectSource(body.path_or_url, { timeoutMs });
    return trials.run({ name, url, settings: settingsOf(body, known(name)?.settings) }, gone);
  });

  api.post("/api/repositories", { schema: { body: registrationSchema } }, async ({ body }, reply) => {
    const name = parseName(body.name);
    const { url, target } = await inspectSource(body.path_or_url, { timeoutMs });
    const before = known(name);
    const settings = settingsOf(body, before?.settings);
    return answer(
      reply,
      control,
      {
        kind: "ConfigureRepository",
        name,
        url,
        target,
        settings,
        profile: body.profile ?? before?.profile ?? null,
        allow_writes: body.allow_writes ?? before?.allow_writes ?? false,
        trial: trials.standingOf({ name, url, settings }),
      },
      (state) => state.repositories[name],
    );
  });
}

/** Aborts when the connection closes before the answer went out. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  if (reply.raw.closed) abort.abort();
  reply.raw.once("close", () => {
    if (!reply.raw.writableEnded) abort.abort();
  });
  return abort.signal;
}

/** Repositories over HTTP: register one or change its settings; fields that are not given keep their value. */
import { entityById, type State } from "@aedev/core";
import { Fault, repositoryNameSchema } from "@aedev/core/wire";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { inspectSource } from "../git/remote.ts";
import type { Control } from "../loop/control.ts";
import { answer } from "./answer.ts";
import { commaSeparated, oneOrMore } from "./repeated-flag.ts";

const command = z.string().max(2000);
const glob = z.string().min(1).max(300);
const registration = z.strictObject({
  path_or_url: z.string().min(1).max(2000),
  name: z.string(),
  prepare: command.nullish(),
  build: command.nullish(),
  inputs: commaSeparated(glob).nullish(),
  outputs: commaSeparated(glob).nullish(),
  verify: oneOrMore(command.min(1)).nullish(),
  tests: oneOrMore(glob).nullish(),
  image: z.string().max(300).nullish(),
  profile: z.enum(["safe", "balanced", "aggressive"]).nullish(),
  allow_writes: z.boolean().nullish(),
  trial: z.enum(["green", "red", "untried"]).nullish(),
});

export function repositoryRoutes(server: FastifyInstance, control: Control): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  api.get("/api/repositories", async () => ({ repositories: Object.values(control.log.state.repositories) }));
  api.post("/api/repositories", { schema: { body: registration } }, async (request, reply) => {
    const { body } = request;
    const name = repositoryNameSchema.safeParse(body.name);
    if (!name.success)
      throw new Fault("bad-name", name.error.issues[0]?.message ?? "not a repository name", {
        hint: "aedev repo add --help",
      });
    const { url, target } = await inspectSource(body.path_or_url, {
      timeoutMs: control.configuration.landing.git_timeout_ms,
    });
    const known = entityById(control.log.state.repositories, name.data);
    return answer(
      reply,
      control,
      {
        kind: "ConfigureRepository",
        name: name.data,
        url,
        target,
        settings: settingsOf(body, known),
        profile: body.profile ?? known?.profile ?? null,
        allow_writes: body.allow_writes ?? known?.allow_writes ?? false,
        trial: body.trial ?? "untried",
      },
      (state) => state.repositories[name.data],
    );
  });
}

function settingsOf(
  body: z.infer<typeof registration>,
  known: State["repositories"][string] | undefined,
): State["repositories"][string]["settings"] {
  const before = known?.settings;
  return {
    prepare: given(body.prepare, before?.prepare),
    build: given(body.build, before?.build),
    inputs: body.inputs ?? before?.inputs ?? [],
    outputs: body.outputs ?? before?.outputs ?? [],
    verify: body.verify ?? before?.verify ?? [],
    tests: body.tests ?? before?.tests ?? [],
    image: given(body.image, before?.image),
  };
}

/** A value that is not given stays; an empty one clears the setting. */
function given(value: string | null | undefined, before: string | null | undefined): string | null {
  return (value ?? before ?? "") || null;
}

/** Repositories over HTTP: inspect, try settings, register, change settings, pause and resume. A field that is not given keeps its value. */
import type { Detection, Immutable, RepositoryDocument } from "@aedev/contracts/api";
import { entityById, laneDocuments, queueDocument, registrationDocument } from "@aedev/core";
import type { FastifyReply } from "fastify";
import type { Control } from "../../control/control.ts";
import { writesTo } from "../../control/permitted-writes.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import type { Probes } from "../../planes/probes.ts";
import { parseName, settingsOf } from "../../repository/registration.ts";
import { offeredSetUpTokens, performSetUpRun } from "../../repository/set-up-runs.ts";
import { baseFor, landingFor, readSource } from "../../repository/source.ts";
import { createTrials } from "../../repository/trials.ts";
import type { ApiCaller } from "./caller.ts";
import { answer, type Handlers, notFound, presentEntity, refusal } from "./handler.ts";

export function repositoryRoutes({ control, probes }: { control: Control; probes: Probes }) {
  const trials = createTrials({ control, probes });
  const known = (name: string): RepositoryDocument | undefined => {
    const found = entityById(control.log.state.repositories, name);
    if (found === undefined) return undefined;
    return registrationDocument(found, writesTo(found.name, control), laneDocuments(control.log.state, name));
  };
  const pause = (kind: "PauseRepository" | "PauseLandings", name: string, caller: ApiCaller) =>
    answer({ control, caller }, { kind, repository: name }, () => presentEntity(known(name)));
  const resume = (kind: "ResumeRepository" | "ResumeLandings", name: string, caller: ApiCaller) => {
    const before = known(name);
    const was_paused = (kind === "ResumeRepository" ? before?.paused : before?.landings_paused) === true;
    return answer({ control, caller }, { kind, repository: name }, () => {
      const { pause: all } = control.log.state.system;
      return { ...presentEntity(known(name)), was_paused, ...(all === undefined ? {} : { all_paused: all }) };
    });
  };
  return {
    listRepositories: async () => ({
      repositories: Object.values(control.log.state.repositories).map((one) =>
        registrationDocument(one, writesTo(one.name, control)),
      ),
    }),
    async detectRepository({ body }): Promise<Immutable<Detection>> {
      // Loaded on first use, like the parsers of manifests that it needs.
      const { inspectRepository } = await import("../../repository/inspect-repository.ts");
      const found = await inspectRepository(
        {
          pathOrUrl: body.path_or_url,
          name: body.name ?? null,
          image: body.image ?? null,
          folder: body.folder ?? null,
          base: body.base ?? null,
          prefix: body.branch_prefix ?? null,
          asksForSubmodules: body.submodules === true,
          asksForAccess: body.without_access !== true,
        },
        control,
      );
      const tokens = await offeredSetUpTokens(control, probes);
      return tokens === undefined ? found : { ...found, set_up_tokens: tokens };
    },
    // Answers when the trial has ended; a client that disconnects ends it.
    async tryRepository({ body }, reply) {
      // Before the first await, because a connection that closes meanwhile emits its event only once.
      const gone = goneSignal(reply);
      const name = parseName(body.name);
      const { url } = await readSource(body.path_or_url, control);
      return trials.run({ name, url, settings: settingsOf(body, known(name)), base: body.base }, gone);
    },
    showTrial: async ({ params: { name } }) => ({ name, ...trials.progressOf(name) }),
    // Answers when the run has ended; a client that disconnects cancels it.
    async setUpRepository({ body, caller }, reply) {
      const gone = goneSignal(reply);
      const name = parseName(body.name);
      const { url } = await readSource(body.path_or_url, control);
      const what = { name, url, settings: settingsOf(body, known(name)) };
      const run = await performSetUpRun({ control, probes, caller }, { ...what, last: trials.lastOf(what) }, gone);
      return "kind" in run ? refusal(run) : run;
    },
    async registerRepository({ body, caller }) {
      const name = parseName(body.name);
      const source = await readSource(body.path_or_url, control);
      const { url, target } = source;
      const before = known(name);
      const landing = landingFor(source, { landing: body.landing, before }, control);
      const base = await baseFor(source, { name, base: body.base, before }, control);
      const settings = settingsOf(body, before);
      const prefix = body.branch_prefix ?? before?.branch_prefix ?? "";
      const template = body.commit_template ?? before?.commit_template ?? "";
      return answer(
        { control, caller },
        {
          kind: "ConfigureRepository",
          name,
          url,
          target,
          settings,
          profile: body.profile ?? before?.profile ?? null,
          allow_writes: body.allow_writes ?? before?.allow_writes ?? false,
          ...(landing === undefined ? {} : { landing }),
          ...(base === undefined ? {} : { base }),
          ...(template === "" ? {} : { commit_template: template }),
          ...(prefix === "" ? {} : { branch_prefix: prefix }),
          trial: trials.trialOf({ name, url, settings }),
        },
        () => presentEntity(known(name)),
      );
    },
    pauseRepository: ({ params, caller }) => pause("PauseRepository", params.name, caller),
    resumeRepository: ({ params, caller }) => resume("ResumeRepository", params.name, caller),
    removeRepository: ({ params: { name }, body: { cancel_open }, caller }) =>
      answer({ control, caller }, { kind: "RemoveRepository", repository: name, cancel_open }, () => ({
        name,
        removed: true as const,
      })),
    async showQueue({ query: { repository } }) {
      if (repository !== undefined && known(repository) === undefined)
        return notFound("repository", repository, "aedev repo list");
      return queueDocument(control.log.state, repository);
    },
    pauseLandings: ({ params, caller }) => pause("PauseLandings", params.name, caller),
    resumeLandings: ({ params, caller }) => resume("ResumeLandings", params.name, caller),
    async reopenLane({ params: { name }, body: { lane = null, reason }, caller }) {
      const secret = await refuseSecrets([{ name: "reason", text: reason }]);
      if (secret !== null) return refusal(secret);
      return answer({ control, caller }, { kind: "ReopenLane", repository: name, lane, reason }, () =>
        presentEntity(known(name)),
      );
    },
  } satisfies Partial<Handlers>;
}

/** Aborts if the connection closes before the answer is sent. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  if (reply.raw.closed) abort.abort();
  reply.raw.once("close", () => {
    if (!reply.raw.writableEnded) abort.abort();
  });
  return abort.signal;
}

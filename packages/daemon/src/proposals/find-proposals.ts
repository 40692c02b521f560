/**
 * Looks once at a repository's sources: what it finds becomes proposals, and what is gone ends them. It writes only to the log. ADR 0031.
 * Folder: looking for missions to propose, one file for each source.
 */
import { proposalIdSchema } from "@aedev/contracts";
import { type ProposalSource, proposalSourceSchema } from "@aedev/contracts/events";
import { isSourcePaused, type RepositoryState } from "@aedev/core";
import { isSourceOn } from "../configuration/proposal-sources.ts";
import { makeCommand, newId } from "../control/control.ts";
import type { Commands, Configured, GitHubs, Mirrors, Records } from "../control/parts.ts";
import { refuseSecrets } from "../findings/secrets/person-text.ts";
import { fetchBase } from "../git/mirror.ts";
import { RateLimited } from "../github/connection.ts";
import type { Cause } from "./cause.ts";
import { alertSource } from "./find-alerts.ts";
import { deadLinkSource } from "./find-dead-links.ts";
import { failingCheckSource } from "./find-failing-checks.ts";
import { todoSource } from "./find-todos.ts";
import { roadmapSource } from "./next-of-roadmap.ts";
import type { CauseSource, FoundCauses } from "./source.ts";

/** How many causes one look proposes; core keeps fewer open. */
const foundMax = 50;

const sources: Readonly<Record<ProposalSource, CauseSource>> = {
  dependabot: alertSource,
  "failing-check": failingCheckSource,
  "dead-link": deadLinkSource,
  todo: todoSource,
  roadmap: roadmapSource,
};

/** Throws as `fetchBase` and the sources do; then nothing is decided about that source. */
export async function findProposals(
  name: string,
  control: Mirrors & Records & Commands & GitHubs & Configured<"proposals">,
): Promise<void> {
  const repository = control.log.state.repositories[name];
  const configured = control.configuration.proposals.sources;
  const on = proposalSourceSchema.options.filter((source) => isSourceOn(configured, source, name));
  if (repository === undefined || on.length === 0) return;
  const { url, proposals = [] } = repository;
  const mirror = { ...control.mirror(name), url };
  const { commit } = await fetchBase(mirror);
  const ended = await Promise.allSettled(
    on.map((source) => {
      const known = proposals.filter((proposal) => proposal.source === source);
      return sources[source].inspect({ repository: name, url, commit, mirror, known }, control);
    }),
  );
  const found = ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  await recordFound(repository, found, control);
  // An unreadable source holds no other back. A rate limit is thrown first, whatever else failed, because the caller must know when to come back.
  const failures = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((failure) => failure instanceof RateLimited) ?? failures[0];
}

async function recordFound(
  repository: RepositoryState,
  ended: readonly FoundCauses[],
  control: Commands & Configured<"proposals">,
): Promise<void> {
  const keys = new Set((repository.proposals ?? []).map(({ key }) => key));
  const gone = ended.flatMap((one) => one.gone);
  const fresh = ended
    .flatMap(({ causes }) => causes)
    .filter(({ source, key }) => !keys.has(key) && !isSourcePaused(repository, source));
  const found = await withoutSecrets(fresh.slice(0, foundMax));
  if (found.length === 0 && gone.length === 0) return;
  const recorded = found.map((cause) => ({ proposal_id: proposalIdSchema.parse(newId("p")), ...cause }));
  const per_day = control.configuration.proposals.perDay;
  const command = { kind: "RecordProposals", repository: repository.name, found: recorded, gone, per_day } as const;
  await control.log.submit(makeCommand(command, "control"));
}

/** A text with a secret is not stored; the findings in the repository show it. */
async function withoutSecrets(causes: readonly Cause[]): Promise<Cause[]> {
  const kept: Cause[] = [];
  for (const cause of causes)
    if ((await refuseSecrets([{ name: cause.source, text: cause.text }])) === null) kept.push(cause);
  return kept;
}

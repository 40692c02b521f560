/**
 * Looks once at a repository's sources: what it finds becomes proposals, and what is gone ends them. It writes only to the log. ADR 0031.
 * Folder: looking for missions to propose: failing checks, left to-do lines, Dependabot alerts.
 */
import { proposalIdSchema } from "@aedev/contracts";
import type { IntakeSource } from "@aedev/contracts/events";
import { makeCommand, newId } from "../control/control.ts";
import type { Commands, Configured, GitHubs, Mirrors, Records } from "../control/parts.ts";
import { refuseSecrets } from "../findings/secrets/person-text.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { fetchBase } from "../git/mirror.ts";
import { connectTo } from "../github/connect.ts";
import { RateLimited } from "../github/connection.ts";
import { type Cause, checkKey, keyOf, proposalText, sourceOfKey } from "./cause.ts";
import { readAlerts } from "./find-alerts.ts";
import { failingChecks, isRepaired, readHeadChecks } from "./find-failing-checks.ts";
import { findTodos } from "./find-todos.ts";

/** How many causes one look proposes; core keeps fewer open. */
const foundMax = 50;
/** The order of sources if there are too many causes: flaws, then what is broken, then wishes. */
const sourceOrder: readonly IntakeSource[] = ["dependabot", "failing-check", "todo"];

/** The causes that were found, and the keys of known causes that are gone. */
interface Found {
  readonly causes: readonly Cause[];
  readonly gone: readonly string[];
}

/** Throws as `fetchBase`, `runGit` and requests to GitHub do; then nothing is decided about that source. */
export async function findProposals(
  repository: string,
  control: Mirrors & Records & Commands & GitHubs & Configured<"intake">,
): Promise<void> {
  const { url, proposals: known = [] } = control.log.state.repositories[repository] ?? {};
  const { sources } = control.configuration.intake;
  if (url === undefined || sources.length === 0) return;
  const mirror = { ...control.mirror(repository), url };
  const { commit } = await fetchBase(mirror);
  const keys = known.map(({ key }) => key);
  const place = { gitDir: mirrorDirectory(mirror), commit, timeoutMs: mirror.timeoutMs };
  const readers: Record<IntakeSource, () => Promise<Found>> = {
    dependabot: () => alertsOf(url, keys, control),
    "failing-check": () => checksOf({ url, commit }, keys, control),
    todo: () => todosOf(place, keys),
  };
  const ended = await Promise.allSettled(
    sourceOrder.map((source) => (sources.includes(source) ? readers[source]() : nothing)),
  );
  const found = ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  await recordFound(repository, { found, keys }, control);
  // An unreadable source holds no other back. A rate limit is thrown first, whatever else failed, because the caller must know when to come back.
  const failures = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((failure) => failure instanceof RateLimited) ?? failures[0];
}

async function recordFound(
  repository: string,
  { found: ended, keys }: { found: readonly Found[]; keys: readonly string[] },
  control: Commands,
): Promise<void> {
  const gone = ended.flatMap((one) => one.gone);
  const fresh = ended.flatMap(({ causes }) => causes).filter((cause) => !keys.includes(keyOf(cause)));
  const found = await withoutSecrets(fresh.slice(0, foundMax));
  if (found.length === 0 && gone.length === 0) return;
  const recorded = found.map((cause) => {
    const { title, text } = proposalText(cause);
    return { proposal_id: proposalIdSchema.parse(newId("p")), source: cause.source, key: keyOf(cause), title, text };
  });
  await control.log.submit(makeCommand({ kind: "RecordProposals", repository, found: recorded, gone }, "control"));
}

const nothing: Found = { causes: [], gone: [] };

async function todosOf(place: Parameters<typeof findTodos>[0], keys: readonly string[]): Promise<Found> {
  const causes = await findTodos(place);
  const present = new Set(causes.map(keyOf));
  return { causes, gone: keys.filter((key) => sourceOfKey(key) === "todo" && !present.has(key)) };
}

/** Empty for a repository elsewhere, or one whose checks the credential can't read. */
async function checksOf(
  { url, commit }: { url: string; commit: string },
  keys: readonly string[],
  control: GitHubs,
): Promise<Found> {
  const gitHub = await connectTo(url, control);
  const head = gitHub === null ? null : await readHeadChecks(gitHub, commit);
  if (head === null) return nothing;
  const prefix = checkKey("");
  const gone = keys.filter((key) => key.startsWith(prefix) && isRepaired(head, key.slice(prefix.length)));
  return { causes: failingChecks(head, commit), gone };
}

/** Empty for a repository elsewhere, or one whose alerts the credential can't read. */
async function alertsOf(url: string, keys: readonly string[], control: GitHubs): Promise<Found> {
  const gitHub = await connectTo(url, control);
  const open = gitHub === null ? null : await readAlerts(gitHub);
  if (open === null) return nothing;
  const present = new Set(open.alerts.map(keyOf));
  const gone = keys.filter((key) => open.whole && sourceOfKey(key) === "dependabot" && !present.has(key));
  return { causes: open.alerts, gone };
}

/** A text with a secret is not stored; the findings in the repository show it. */
async function withoutSecrets(causes: readonly Cause[]): Promise<Cause[]> {
  const kept: Cause[] = [];
  for (const cause of causes)
    if ((await refuseSecrets([{ name: cause.source, text: proposalText(cause).text }])) === null) kept.push(cause);
  return kept;
}

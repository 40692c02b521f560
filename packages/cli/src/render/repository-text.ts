/** A repository and its settings as a person reads them in the terminal. */
import { branchName, branchPrefixOf, type LandingWay, landingWayOf, type PermittedWrites } from "@aedev/contracts";
import type { RepositoryDocument } from "@aedev/contracts/api";
import { pairs } from "./columns.ts";

export function repositoryText(repository: RepositoryDocument): string {
  const { name, url, settings, profile, base, commit_template, trial, paused, landings_paused } = repository;
  const writes = writesOf(repository);
  const way = landingWayOf(repository);
  return pairs([
    ["repository", name],
    ["address", url],
    ["base branch", base === undefined ? null : branchName(base.ref)],
    ["folder", settings.folder ?? null],
    ["results go to", resultsText(way, { writes, prefix: branchPrefixOf(repository) })],
    ["pushing", writesTexts[writes]],
    ["landing", writes === "allowed" ? way : `${way}, once pushing without asking is allowed`],
    ["paused", paused ? `yes; aedev repo resume ${name}` : null],
    ["landings", landings_paused === true ? `paused; aedev queue resume ${name}` : null],
    ["commits", commit_template?.replaceAll("\n", " ⏎ ") ?? null],
    ["profile", profile ?? "the policy's default (profiles.default)"],
    ["prepare", settings.prepare],
    ["build", settings.build],
    ["inputs", listed(settings.inputs)],
    ["outputs", listed(settings.outputs)],
    ...settings.verify.map((command) => ["verify", command] as const),
    ["tests", listed(settings.tests)],
    ["image", settings.image],
    ["writable", listed(settings.writable ?? [])],
    ["submodules", listed((settings.submodules ?? []).map(({ path, url }) => `${path} (${url})`))],
    ["mutation", settings.mutation_time_ms === undefined ? null : `${settings.mutation_time_ms / 1000} s for a change`],
    ["checks", trialTexts[trial]],
  ]);
}

/** What aedev may push; without the configuration, what the registration alone allows. */
export function writesOf({ writes, allow_writes }: RepositoryDocument): PermittedWrites {
  return writes ?? (allow_writes ? "allowed" : "on-approval");
}

/** How the next change gets there, in one word. */
export function resultsWay(repository: RepositoryDocument): string {
  const writes = writesOf(repository);
  return writes === "allowed" ? landingWayOf(repository) : writes === "off" ? "none" : "branch";
}

/** Where the next change goes. The permission to push takes precedence over the way of landing. */
function resultsText(
  way: LandingWay,
  { writes, prefix }: { readonly writes: PermittedWrites; readonly prefix: string },
): string {
  const places: Record<LandingWay, string> = {
    push: "its default branch",
    "pull-request": "its default branch, through a pull request",
    branch: `a branch ${prefix}/<task>`,
  };
  if (writes === "allowed") return places[way];
  return writes === "off" ? "nowhere: each change that could land is held" : places.branch;
}

const writesTexts: Record<PermittedWrites, string> = {
  allowed: "allowed without asking",
  "on-approval": "only what you approve, to that branch; without asking: --allow-writes",
  off: "not allowed (landing.without_permission: hold); allow it: --allow-writes",
};

const trialTexts: Record<RepositoryDocument["trial"], string> = {
  green: "passing on the base",
  red: "failing on the base; changes need your approval",
  untried: "these settings are untried",
};

function listed(list: readonly string[]): string | null {
  return list.length === 0 ? null : list.join(", ");
}

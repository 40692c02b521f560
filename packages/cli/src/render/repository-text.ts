/** A repository and its settings as a person reads them in the terminal. */
import { type LandingWay, landingWayOf } from "@aedev/contracts";
import type { RepositoryDocument } from "@aedev/contracts/api";
import { pairs } from "./columns.ts";

export function repositoryText(repository: RepositoryDocument): string {
  const { name, url, settings, profile, allow_writes, trial, paused, landings_paused } = repository;
  const way = landingWayOf(repository);
  return pairs([
    ["repository", name],
    ["address", url],
    ["folder", settings.folder ?? null],
    ["results go to", placeTexts[way]],
    ["landing", way],
    ["writes", allow_writes ? "allowed" : "not allowed"],
    ["paused", paused ? `yes; aedev repo resume ${name}` : null],
    ["landings", landings_paused === true ? `paused; aedev queue resume ${name}` : null],
    ["profile", profile ?? "the policy's default (profiles.default)"],
    ["prepare", settings.prepare],
    ["build", settings.build],
    ["inputs", listed(settings.inputs)],
    ["outputs", listed(settings.outputs)],
    ...settings.verify.map((command) => ["verify", command] as const),
    ["tests", listed(settings.tests)],
    ["image", settings.image],
    ["writable", listed(settings.writable ?? [])],
    ["mutation", settings.mutation_time_ms === undefined ? null : `${settings.mutation_time_ms / 1000} s for a change`],
    ["base", trialTexts[trial]],
  ]);
}

const placeTexts: Record<LandingWay, string> = {
  push: "its default branch",
  "pull-request": "its default branch, through a pull request",
  branch: "a branch aedev/<task>",
};

const trialTexts: Record<RepositoryDocument["trial"], string> = {
  green: "passing on the base",
  red: "failing on the base; changes need your approval",
  untried: "these settings are untried",
};

function listed(list: readonly string[]): string | null {
  return list.length === 0 ? null : list.join(", ");
}

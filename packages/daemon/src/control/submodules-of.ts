/** Finds the submodules for work on a base: those that its settings name, fetched from addresses that a person confirmed. */
import type { RepositorySettings, TryRepository } from "@aedev/contracts";
import { placeSubmodules } from "../git/submodules.ts";
import type { Mirrors, Records } from "./parts.ts";

/** `order`: for the plane. `unplaced`: those that this base has changed. `url`: if the repository is not registered. Throws a Fault `HOLD-FETCH-FAILED`. */
export async function submodulesOf(
  on: { settings: RepositorySettings; commit: string; repository: string; url?: string },
  control: Mirrors & Records,
): Promise<{
  order: Pick<TryRepository, "submodules">;
  unplaced: Awaited<ReturnType<typeof placeSubmodules>>["unplaced"];
}> {
  const { settings, commit, repository } = on;
  const chosen = settings.submodules;
  if (chosen === undefined) return { order: {}, unplaced: [] };
  const url = on.url ?? control.log.state.repositories[repository]?.url ?? "";
  const place = { ...control.mirror(repository), url, commit };
  const { placed, unplaced } = await placeSubmodules({ ...place, chosen });
  return { order: placed.length === 0 ? {} : { submodules: placed }, unplaced };
}

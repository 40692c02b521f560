/** Compares the commits of a fetched branch with the log (SECURITY T33): a commit of ours that names a later or other head means that the home is an older copy. */

import { isFault } from "@aedev/contracts";
import type { Mirrors, Records, Trust } from "../control/parts.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { readLogTrailers } from "../git/log-trailers.ts";
import { fetchBase } from "../git/mirror.ts";
import { complain } from "../logging/complain.ts";

/** The last commit of each repository that was compared by this daemon: only newer ones are read again. */
const compared = new WeakMap<object, Map<string, string>>();

/** Reads the commits that are new since the last call, and throws a Fault `log-untrusted` if the log is not trusted. */
export async function compareLanded(repository: string, commit: string, control: Mirrors & Trust): Promise<void> {
  const seen = compared.get(control) ?? new Map<string, string>();
  compared.set(control, seen);
  const mirror = control.mirror(repository);
  const { timeoutMs } = mirror;
  const gitDir = mirrorDirectory(mirror);
  const since = seen.get(repository) ?? null;
  if (since !== commit) control.trust.compare(repository, await readLogTrailers({ gitDir, commit, since, timeoutMs }));
  if (control.trust.untrusted === null) seen.set(repository, commit);
  await control.trust.require();
}

/** Fetches and compares every repository's branch after a start. A remote that can't be reached is compared before the next run or landing, which fetch it first. */
export async function compareAllLanded(control: Mirrors & Trust & Records): Promise<void> {
  for (const { name, url } of Object.values(control.log.state.repositories)) {
    try {
      const { commit } = await fetchBase({ ...control.mirror(name), url });
      await compareLanded(name, commit, control);
    } catch (error) {
      if (isFault(error, "log-untrusted")) return;
      complain(`${name} was not compared with the log: ${error instanceof Error ? error.message : error}`);
    }
  }
}

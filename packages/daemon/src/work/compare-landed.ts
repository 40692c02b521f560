/** Compares the branch's commits with the log (SECURITY T33): if one of ours names a log head that this home doesn't have, the home is an older copy. */

import { isFault } from "@aedev/contracts";
import type { Mirrors, Records, Trust } from "../control/parts.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { readLogTrailers } from "../git/log-trailers.ts";
import { fetchBase } from "../git/mirror.ts";
import { complain } from "../logging/complain.ts";
import { readAhead } from "../prior/history-file.ts";

/** For each repository, the last commit that this daemon compared. Only newer ones are read again. */
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

/** After a start, fetches and compares every repository's branch. If a remote can't be reached, its next run or landing fetches and compares it. */
export async function compareAllLanded(control: Mirrors & Trust & Records): Promise<void> {
  for (const { name, url } of Object.values(control.log.state.repositories)) {
    try {
      const { commit } = await fetchBase({ ...control.mirror(name), url });
      readAhead({ ...control.mirror(name), tip: commit });
      await compareLanded(name, commit, control);
    } catch (error) {
      if (isFault(error, "log-untrusted")) return;
      complain(`${name} was not compared with the log: ${error instanceof Error ? error.message : error}`);
    }
  }
}

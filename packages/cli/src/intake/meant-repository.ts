/** The repository of a mission if the person names none: the only one, or the one whose working copy contains the current folder. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "@aedev/contracts";
import { usageFault } from "../command-line/answer.ts";
import { readHome } from "../daemon-client/read-home.ts";
import type { Session } from "../terminal/session.ts";

const gitTimeoutMs = 10_000;
const namedMax = 10;

/** `folder`: the current folder. Throws a usage fault that names the repositories if several are possible. */
export async function meantRepository(session: Session, folder: string): Promise<string> {
  const repositories = await readHome(session, (home) => home.repositories());
  const [only] = repositories;
  if (only === undefined) throw usageFault("there is no repository yet", "aedev repo add PATH, then again");
  if (repositories.length === 1) return only.name;
  const addresses = await addressesAt(session, { folder, registered: repositories.map(({ url }) => url) });
  const here = repositories.filter(({ url }) => addresses.includes(url));
  if (here.length === 1 && here[0] !== undefined) return here[0].name;
  const names = repositories.map(({ name }) => name);
  const more = names.length > namedMax ? `, and ${names.length - namedMax} more` : "";
  throw usageFault(
    "which repository is it about?",
    `--repo with one of: ${names.slice(0, namedMax).join(", ")}${more}; or run this in its working copy`,
  );
}

async function addressesAt(
  { home, environment, entries }: Session,
  { folder, registered }: { folder: string; registered: readonly string[] },
): Promise<readonly string[]> {
  const top = topOf(folder);
  if (top === undefined) return [];
  try {
    const daemon = await entries.daemon();
    return await daemon.addressesOf({ home, environment, folder: top, timeoutMs: gitTimeoutMs, registered });
  } catch (error) {
    // A remote that aedev does not accept belongs to no registered repository.
    if (error instanceof Fault) return [];
    throw error;
  }
}

/** The nearest folder upwards that contains a `.git`. */
export function topOf(folder: string): string | undefined {
  if (existsSync(join(folder, ".git"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : topOf(parent);
}

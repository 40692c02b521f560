/**
 * The user of every container (SECURITY T36). An account of this machine with the same id could read and change a sandbox through `/proc`. So a daemon that
 * runs as root takes an id from a range, one per home, and checks that no account, group or subordinate range has it. A daemon that runs as an ordinary user
 * can hand folders only to itself, so its containers run as that user.
 */
import { chmodSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Fault, type Sha256 } from "@aedev/contracts";
import { writeDurably } from "@aedev/host/durable-file";
import { isCode } from "@aedev/host/nofollow-read";
import { sha256 } from "@aedev/host/sha256";
import { execa } from "execa";
import type { Engine, Mount } from "./engine.ts";
import { hasIpv6 } from "./ipv6.ts";
import { mountFolder } from "./mount-folder.ts";

/**
 * Why this range: it is above UID_MAX and SUB_UID_MAX of login.defs (60,000 and 600,100,000), above systemd's users, dynamic users (61184-65519), nobody
 * (65534) and container ranges (up to 1,879,048,191), above the ids that sssd and FreeIPA give to a directory's accounts (up to 2,000,200,000), and below
 * systemd's foreign range (from 2,147,352,576) and the largest signed number.
 */
const firstId = 2_100_000_000;
const ids = 65_536;
const lookupTimeoutMs = 10_000;
const notFound = 2;

/** The user's name and home in every container: ordinary ones (SECURITY T29). */
export const sandboxName = "dev";
export const sandboxHome = "/home/dev";

export interface SandboxUser {
  uid: number;
  gid: number;
  /** True if the host process is root and must change the owner of folders. */
  chown: boolean;
}

/** The user of this home's containers. `homeId` decides its id within the range. */
export function sandboxUser({ homeId, sha256 }: { homeId: string; sha256: Sha256 }): SandboxUser {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? uid, chown: false };
  const id = firstId + (Number.parseInt(sha256(`sandbox user of ${homeId}`).slice(0, 8), 16) % ids);
  return { uid: id, gid: id, chown: true };
}

/** The account or range on this machine with the reserved id; null if none. Reads accounts as the system does (`getent`), and subordinate ranges. */
export async function holderOf({ uid, gid, chown }: SandboxUser): Promise<string | null> {
  if (!chown) return null;
  const [account, group] = await Promise.all([nameOfId("passwd", uid), nameOfId("group", gid)]);
  if (account !== null) return `the account ${account}`;
  if (group !== null) return `the group ${group}`;
  for (const [path, id] of [
    ["/etc/subuid", uid],
    ["/etc/subgid", gid],
  ] as const) {
    const owner = subordinateOwner(readLines(path), id);
    if (owner !== null) return `${owner}, by ${path}`;
  }
  return null;
}

/** The owner of the subordinate range that contains the id; null if there is none. `lines`: as in `/etc/subuid`. */
export function subordinateOwner(lines: readonly string[], id: number): string | null {
  for (const line of lines) {
    const [owner = "", first = "", count = ""] = line.split(":");
    if (/^\d+$/.test(first) && /^\d+$/.test(count) && id >= Number(first) && id < Number(first) + Number(count))
      return owner;
  }
  return null;
}

/**
 * Adds the user's name to `engine`'s containers, because programs ask for it. While somebody on this machine has the user's id, the engine counts as
 * unavailable: `version` and `create` throw `HOLD-DOCKER-UNAVAILABLE`, so tasks wait and continue automatically.
 */
export function withSandboxUser(engine: Engine, { home, user }: { home: string; user: SandboxUser }): Engine {
  let isFree = false;
  // Tells code in the container nothing. It stays the same after a restart, so that each process of the plane uses the same identity files.
  const hostname = sha256(`hostname of ${resolve(home)}`).slice(0, 12);
  const check = async () => {
    if (isFree) return;
    const holder = await holderOf(user);
    isFree = holder === null;
    if (isFree) return;
    throw new Fault("HOLD-DOCKER-UNAVAILABLE", `the sandbox's user id ${user.uid} belongs to ${holder}`, {
      detail: "sandbox user",
      hint: "aedev doctor",
    });
  };
  return {
    ...engine,
    async version() {
      await check();
      return engine.version();
    },
    async create(spec) {
      await check();
      return engine.create({ hostname, ...spec, mounts: [...identityMounts(home, user, hostname), ...spec.mounts] });
    },
  };
}

/** Mounts `/etc/passwd`, `/etc/group` and `/etc/hosts`; without a network the engine makes no hosts file. */
function identityMounts(home: string, { uid, gid }: SandboxUser, hostname: string): Mount[] {
  const files = {
    passwd: [
      "root:x:0:0:root:/root:/bin/sh",
      `${sandboxName}:x:${uid}:${gid}:${sandboxName}:${sandboxHome}:/bin/sh`,
      "nobody:x:65534:65534:nobody:/nonexistent:/bin/false",
    ],
    group: ["root:x:0:", `${sandboxName}:x:${gid}:`, "nogroup:x:65534:"],
    hosts: [
      "127.0.0.1\tlocalhost",
      `127.0.1.1\t${hostname}`,
      ...(hasIpv6() ? ["::1\tlocalhost ip6-localhost ip6-loopback"] : []),
    ],
  };
  return Object.entries(files).map(([name, lines]) => {
    const source = join(mountFolder(home), name);
    const text = `${lines.join("\n")}\n`;
    if (readLines(source).join("\n") !== text) writeDurably(source, text);
    // Readable for the container's user under any umask; the folder stays private.
    chmodSync(source, 0o644);
    return { source, target: `/etc/${name}`, readOnly: true };
  });
}

/** Null if the database has no entry for the id. Throws if the database can't be read. */
async function nameOfId(database: "passwd" | "group", id: number): Promise<string | null> {
  const answer = await execa("/usr/bin/getent", [database, String(id)], {
    extendEnv: false,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    stdin: "ignore",
    reject: false,
    timeout: lookupTimeoutMs,
  });
  if (answer.exitCode === notFound) return null;
  if (answer.exitCode === 0) return answer.stdout.split(":")[0] ?? "";
  throw new Fault("HOLD-DOCKER-UNAVAILABLE", "the accounts of this machine can't be read (getent)", {
    detail: "sandbox user",
    hint: "aedev doctor",
  });
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch (error) {
    if (isCode(error, ["ENOENT"])) return [];
    throw error;
  }
}

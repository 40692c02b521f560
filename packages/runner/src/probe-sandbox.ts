/**
 * Tests for `aedev doctor` what sandboxes on this machine can do: the system calls of their containers, and their user. It starts one small container for each
 * seccomp profile and removes it. A failure becomes a row and is never thrown.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault, type RunLimits } from "@aedev/contracts";
import { sha256 } from "@aedev/host/sha256";
import { openDocker } from "./engine/docker.ts";
import { mountFolder } from "./engine/mount-folder.ts";
import { isDenied, probeSeccomp } from "./engine/probe-seccomp.ts";
import { holderOf, sandboxUser, withSandboxUser } from "./engine/sandbox-user.ts";
import { type SeccompKind, seccompKinds } from "./engine/seccomp.ts";

export interface ProbeSandboxOptions {
  /** The home's id; empty if the home has no log yet. */
  homeId: string;
  /** Reference of the runner image. */
  image: string;
  dockerHost: string | null;
  limits: RunLimits;
}

/** One row of `aedev doctor`. `needed`: without it a run is unsafe or impossible. */
export interface SandboxRow {
  name: string;
  ok: boolean;
  needed: boolean;
  found: string;
  help: string;
}

export async function probeSandbox(options: ProbeSandboxOptions): Promise<SandboxRow[]> {
  return [await userRow(options), await callsRow(options)];
}

/** Reports whose user id the sandbox has, and the consequences. */
async function userRow({ homeId }: ProbeSandboxOptions): Promise<SandboxRow> {
  const user = sandboxUser({ homeId, sha256 });
  const name = "sandbox user";
  const help = "give the account or range in /etc/passwd, /etc/group, /etc/subuid or /etc/subgid another id";
  if (!user.chown) {
    const found = `uid ${user.uid}, your own account: your other programs can read and change a running sandbox`;
    return {
      name,
      ok: false,
      needed: false,
      found,
      help: "run the daemon as root: then its sandboxes have an id of their own",
    };
  }
  const holder = await orFault(() => holderOf(user));
  if (holder instanceof Fault) return { name, ok: false, needed: true, found: holder.message, help };
  if (holder !== null)
    return { name, ok: false, needed: true, found: `uid ${user.uid} belongs to ${holder}: no run starts`, help };
  return { name, ok: true, needed: true, found: `uid ${user.uid}, which no account has`, help };
}

/** Reports which seccomp profiles are in force, after testing each kind in a container. */
async function callsRow({ homeId, image, dockerHost, limits }: ProbeSandboxOptions): Promise<SandboxRow> {
  const user = sandboxUser({ homeId, sha256 });
  const name = "sandbox system calls";
  const help = "docs/SECCOMP.md; the engine must support seccomp profiles; the image is built by: aedev setup";
  // The home may not exist, and a probe must not create it.
  const home = mkdtempSync(join(tmpdir(), "aedev-doctor-"));
  const row = await orFault(async () => {
    const docker = withSandboxUser(openDocker({ dockerHost, deadlineMs: limits.docker_deadline_ms }), { home, user });
    const { id: imageId } = await docker.image(image, "HOLD-CLAUDE-DOCKER-IMAGE");
    const tryKind = async (seccomp: SeccompKind) => {
      const { tried, denied } = await probeSeccomp({ seccomp, imageId, limits }, { docker, homeId, user });
      const wrong = tried.filter((attempt) => isDenied(attempt, seccomp) !== denied.has(attempt.attempt));
      return {
        text: `${seccomp} ${denied.size} of ${tried.length}`,
        wrong: wrong.map(({ attempt }) => `${seccomp}: ${attempt}`),
      };
    };
    const kinds = await Promise.all(seccompKinds.map(tryKind));
    const wrong = kinds.flatMap((kind) => kind.wrong);
    const counts = `denied attempts: ${kinds.map(({ text }) => text).join(", ")}`;
    return wrong.length === 0
      ? { name, ok: true, needed: true, found: `our own profiles are in force; ${counts}`, help }
      : { name, ok: false, needed: true, found: `not as documented: ${wrong.slice(0, 5).join("; ")}; ${counts}`, help };
  });
  for (const folder of [home, mountFolder(home)]) rmSync(folder, { recursive: true, force: true });
  return row instanceof Fault ? { name, ok: false, needed: false, found: `not tried: ${row.message}`, help } : row;
}

async function orFault<T>(act: () => Promise<T>): Promise<T | Fault> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

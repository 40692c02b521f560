/**
 * The port `SandboxLink`: how a socket of ours on the host becomes a socket in a container without network, under `/run/aedev`. Two ways
 * implement it (ADR 0010); neither looks at what goes through, and neither is a network.
 */
import { Fault, type LinkRecord } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import type { Mount } from "../engine.ts";
import { execLink } from "./exec-link.ts";
import { socketLink } from "./socket-link.ts";

/** Label of a container: which link it was made for. A runner that takes it up goes on with that one. */
export const linkLabel = "aedev.link";

export interface SandboxLink {
  readonly kind: LinkRecord["kind"];
  /** What the container's spec needs. `socketFolder`: of the host, holds the socket; `images`: whose container it is. */
  place(
    options: { socketFolder: string; images: { runnerImageId: string; imageId: string } },
    context: RunnerContext,
  ): Promise<LinkPlace>;
  /** Goes before a program that gives up without its socket. `name`: of the socket. Shell text, at most twenty seconds. */
  waitFor(name: string): string;
  /** Once the container runs, again after a restart of the runner. The socket at `socketPath` need not be there yet. */
  open(at: { containerId: string; socketPath: string }, context: RunnerContext): Promise<OpenLink>;
}

export interface LinkPlace {
  mounts: Mount[];
  tmpfs: string[];
}

/** Contract of `close`: never throws, and returns when nothing of the link is left but what dies with the container. */
export interface OpenLink {
  close(): Promise<void>;
}

const links: Readonly<Record<LinkRecord["kind"], SandboxLink>> = { socket: socketLink, exec: execLink };

export function linkOfKind(kind: LinkRecord["kind"]): SandboxLink {
  return links[kind];
}

/** The link that a container was made for; one from before there were two has its socket mounted. */
export function linkOfLabels(labels: Readonly<Record<string, string>>): SandboxLink {
  const kind = labels[linkLabel] ?? "socket";
  if (kind !== "socket" && kind !== "exec")
    throw new Fault("LINK-UNKNOWN", `the container's link ${kind} is none of ours`);
  return links[kind];
}

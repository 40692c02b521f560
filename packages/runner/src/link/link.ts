/**
 * The port `SandboxLink`: makes a socket on the host reachable in a container without network (ADR 0010). No implementation inspects the traffic or is a network.
 *
 * Folder: making a host socket reachable in a container.
 */
import { Fault, type LinkRecord } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import type { Mount } from "../engine/engine.ts";
import { execLink } from "./exec-link.ts";
import { socketLink } from "./socket-link.ts";

/** The container label that names its link. A runner that resumes the container uses the same link. */
export const linkLabel = "aedev.link";

export interface SandboxLink {
  readonly kind: LinkRecord["kind"];
  /** The additions to the container's spec. `socketFolder`: the socket's folder on the host; `images`: the container's image and the runner image. */
  place(
    options: { socketFolder: string; images: { runnerImageId: string; imageId: string } },
    context: RunnerContext,
  ): Promise<LinkPlace>;
  /** Shell text to put before a program that needs the socket `name`. It waits up to twenty seconds for the socket. */
  waitFor(name: string): string;
  /** Called once the container runs, and again after a restart of the runner. The socket at `socketPath` need not exist yet. */
  open(target: { containerId: string; socketPath: string }, context: RunnerContext): Promise<OpenLink>;
}

export interface LinkPlace {
  mounts: Mount[];
  tmpfs: string[];
}

/** Contract of `close`: never throws. When it returns, any remains of the link die with the container. */
export interface OpenLink {
  close(): Promise<void>;
}

const links: Readonly<Record<LinkRecord["kind"], SandboxLink>> = { socket: socketLink, exec: execLink };

export function linkOfKind(kind: LinkRecord["kind"]): SandboxLink {
  return links[kind];
}

/** The link that a container was created for. Without labels there is no container, and no link can be opened. */
export function linkOfLabels(labels: Readonly<Record<string, string>>): SandboxLink {
  const kind = labels[linkLabel] ?? "socket";
  if (kind !== "socket" && kind !== "exec") throw new Fault("unknown-link", `the container's link ${kind} is unknown`);
  return links[kind];
}

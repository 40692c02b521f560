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

/** Container label with the link it was created for. A runner that resumes the container uses the same link. */
export const linkLabel = "aedev.link";

export interface SandboxLink {
  readonly kind: LinkRecord["kind"];
  /** What to add to the container's spec. `socketFolder`: the host folder of the socket; `images`: the container's image and the runner image. */
  place(
    options: { socketFolder: string; images: { runnerImageId: string; imageId: string } },
    context: RunnerContext,
  ): Promise<LinkPlace>;
  /** Shell text to put before a program that needs the socket `name`: waits for it, at most twenty seconds. */
  waitFor(name: string): string;
  /** Called once the container runs, and again after a restart of the runner. The socket at `socketPath` need not exist yet. */
  open(target: { containerId: string; socketPath: string }, context: RunnerContext): Promise<OpenLink>;
}

export interface LinkPlace {
  mounts: Mount[];
  tmpfs: string[];
}

/** Contract of `close`: never throws, and returns when only what dies with the container is left of the link. */
export interface OpenLink {
  close(): Promise<void>;
}

const links: Readonly<Record<LinkRecord["kind"], SandboxLink>> = { socket: socketLink, exec: execLink };

export function linkOfKind(kind: LinkRecord["kind"]): SandboxLink {
  return links[kind];
}

/** The link that a container was created for. Without labels the container is gone, and no link can be opened. */
export function linkOfLabels(labels: Readonly<Record<string, string>>): SandboxLink {
  const kind = labels[linkLabel] ?? "socket";
  if (kind !== "socket" && kind !== "exec") throw new Fault("unknown-link", `the container's link ${kind} is unknown`);
  return links[kind];
}

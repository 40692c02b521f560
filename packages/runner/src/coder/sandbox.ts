/** The coder's container as a spec: mounts, environment and labels. There is no secret in any of them. */
import type { RunCoder } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import type { ContainerSpec, Mount } from "../engine.ts";
import { type LinkPlace, linkLabel, type SandboxLink } from "../link/link.ts";
import { gatewaySocketName, type RunFolder } from "../worktree/run-folder.ts";

export const coderTools = "Read,Write,Edit,Bash";

export function runLabels(work: Pick<RunCoder, "task_id" | "run_id">, context: RunnerContext): Record<string, string> {
  return {
    "aedev.home": context.homeId,
    "aedev.task": work.task_id,
    "aedev.run": work.run_id,
    "aedev.kind": "coder",
  };
}

export function coderSpec(
  options: {
    work: RunCoder;
    folder: RunFolder;
    imageId: string;
    toolchain: readonly Mount[];
    link: SandboxLink;
    place: LinkPlace;
  },
  context: RunnerContext,
): ContainerSpec {
  const { work, folder, link, place } = options;
  const { user } = context;
  return {
    imageId: options.imageId,
    ...entrypointOf(link),
    environment: coderEnvironment(work),
    mounts: [
      { source: folder.workspace, target: "/workspace", readOnly: false },
      { source: folder.tree, target: "/workspace/repo", readOnly: false },
      { source: folder.agentGit, target: "/workspace/repo/.git", readOnly: false },
      { source: folder.prompts, target: "/system_prompts", readOnly: true },
      ...place.mounts,
      ...options.toolchain,
    ],
    tmpfs: ["/tmp", "/home/agent", ...place.tmpfs],
    user: `${user.uid}:${user.gid}`,
    workingFolder: "/workspace",
    network: "none",
    labels: { ...runLabels(work, context), [linkLabel]: link.kind },
    limits: work.limits,
  };
}

/** The image's own entrypoint, once the gateway's socket is there. */
export function entrypointOf(link: SandboxLink): Pick<ContainerSpec, "entrypoint" | "command"> {
  const wait = link.waitFor(gatewaySocketName);
  if (wait === "") return { entrypoint: ["/entrypoint.sh"], command: [] };
  return { entrypoint: ["/bin/sh", "-c"], command: [`${wait}exec /entrypoint.sh`] };
}

/** What the CLI needs to know of its place; the token it gets is the entrypoint's placeholder. */
export function coderEnvironment(work: Pick<RunCoder, "role" | "gateway">): Record<string, string> {
  return {
    HOME: "/home/agent",
    LANG: "C.UTF-8",
    TZ: "UTC",
    CLAUDE_ROLE: work.role,
    CLAUDE_MODEL: work.gateway.model,
    CLAUDE_PERMISSION_MODE: "bypassPermissions",
    CLAUDE_ALLOWED_TOOLS: coderTools,
    // The CLI's small model has had two names; both are its own documented variables.
    ANTHROPIC_SMALL_FAST_MODEL: work.gateway.small_model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: work.gateway.small_model,
  };
}

/** Builds the spec of the coder's container: mounts, environment and labels. None of them contains a secret. */
import type { DraftMission, RunCoder, SetUpRepository } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import type { ContainerSpec, Mount } from "../engine/engine.ts";
import { sandboxHome } from "../engine/sandbox-user.ts";
import { type LinkPlace, linkLabel, type SandboxLink } from "../link/link.ts";
import { gatewaySocketName, type RunFolder } from "../tree/run-folder.ts";
import { sessionEnvironment } from "./session.ts";

const coderTools = "Read,Write,Edit,Bash";
const draftTools = "Read,Write,Bash";
/** The role of a set-up run. */
export const setUpRole = "set-up";

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
  const { work, toolchain } = options;
  return isolatedSpec(
    {
      ...options,
      environment: {
        ...coderEnvironment(work),
        ...sessionEnvironment({ task_id: work.task_id, isContinued: work.session !== undefined }, context.sha256),
      },
      labels: runLabels(work, context),
      toolchain,
      isReadOnly: false,
    },
    context,
  );
}

/** The container of a draft. The checkout and its git are read-only; the workspace beside it is kept until the draft's file is read. */
export function draftSpec(
  options: FileRunSpec<DraftMission> & { role: string },
  context: RunnerContext,
): ContainerSpec {
  const { work, role } = options;
  const environment = {
    ...coderEnvironment({ role, gateway: work.gateway }),
    CLAUDE_ALLOWED_TOOLS: draftTools,
  };
  const labels = fileRunLabels(work, "draft", context);
  return isolatedSpec({ ...options, environment, labels, toolchain: [], isReadOnly: true }, context);
}

/** The container of a set-up run: a writable checkout, and the environment of a fetch step. `proxied`: mounts, and the program that starts the entrypoint. */
export function setUpSpec(
  options: FileRunSpec<SetUpRepository> & {
    toolchain: readonly Mount[];
    proxied: { mounts: readonly Mount[]; environment: Readonly<Record<string, string>>; starter: string };
  },
  context: RunnerContext,
): ContainerSpec {
  const { work, link, proxied } = options;
  const environment = {
    ...proxied.environment,
    ...coderEnvironment({ role: setUpRole, gateway: work.gateway }),
  };
  const labels = fileRunLabels(work, "set-up", context);
  const toolchain = [...options.toolchain, ...proxied.mounts];
  return {
    ...isolatedSpec({ ...options, environment, labels, toolchain, isReadOnly: false }, context),
    entrypoint: ["/bin/sh", "-c"],
    command: [`${link.waitFor(gatewaySocketName)}exec ${proxied.starter} /entrypoint.sh`],
  };
}

/** What specifies the container of a run whose only result is one file. */
interface FileRunSpec<Work> {
  work: Work;
  folder: RunFolder;
  imageId: string;
  link: SandboxLink;
  place: LinkPlace;
}

/** A container with the coder CLI, a socket instead of a network, and the coder's seccomp profile. `isReadOnly`: applies to the checkout and its git. */
function isolatedSpec(
  options: {
    work: Pick<RunCoder, "limits">;
    folder: RunFolder;
    imageId: string;
    link: SandboxLink;
    place: LinkPlace;
    environment: Record<string, string>;
    labels: Record<string, string>;
    toolchain: readonly Mount[];
    isReadOnly: boolean;
  },
  { user }: RunnerContext,
): ContainerSpec {
  const { work, folder, link, place, isReadOnly } = options;
  return {
    imageId: options.imageId,
    ...entrypointOf(link),
    environment: options.environment,
    mounts: [
      { source: folder.workspace, target: "/workspace", readOnly: false },
      { source: folder.tree, target: "/workspace/repo", readOnly: isReadOnly },
      { source: folder.agentGit, target: "/workspace/repo/.git", readOnly: isReadOnly },
      { source: folder.prompts, target: "/system_prompts", readOnly: true },
      ...place.mounts,
      ...options.toolchain,
    ],
    tmpfs: ["/tmp", sandboxHome, ...place.tmpfs],
    user: `${user.uid}:${user.gid}`,
    workingFolder: "/workspace",
    seccomp: "coder",
    labels: { ...options.labels, [linkLabel]: link.kind },
    limits: work.limits,
  };
}

/** Labels that differ from a coder's run, so that leftovers are removed at start. */
function fileRunLabels(
  work: Pick<DraftMission, "run_id">,
  kind: "draft" | "set-up",
  context: RunnerContext,
): Record<string, string> {
  return { "aedev.home": context.homeId, "aedev.run": work.run_id, "aedev.kind": kind };
}

/** Runs the image's own entrypoint once the gateway's socket exists. */
export function entrypointOf(link: SandboxLink): Pick<ContainerSpec, "entrypoint" | "command"> {
  const wait = link.waitFor(gatewaySocketName);
  if (wait === "") return { entrypoint: ["/entrypoint.sh"], command: [] };
  return { entrypoint: ["/bin/sh", "-c"], command: [`${wait}exec /entrypoint.sh`] };
}

/** The CLI's environment; its token is the entrypoint's placeholder. */
export function coderEnvironment(work: Pick<RunCoder, "role" | "gateway">): Record<string, string> {
  return {
    HOME: sandboxHome,
    LANG: "C.UTF-8",
    TZ: "UTC",
    CLAUDE_ROLE: work.role,
    CLAUDE_MODEL: work.gateway.model,
    CLAUDE_PERMISSION_MODE: "bypassPermissions",
    CLAUDE_ALLOWED_TOOLS: coderTools,
    // The CLI documents an old and a new variable for its small model.
    ANTHROPIC_SMALL_FAST_MODEL: work.gateway.small_model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: work.gateway.small_model,
  };
}

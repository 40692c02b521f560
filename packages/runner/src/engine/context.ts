/** The context of all work in the execution plane: the home's paths, the ports to engine, git and blobs, and callbacks. It holds no state of a run. */

import type { Progress, Registry, RunId, SalvagedWork, SandboxLinkChoice, Sha256 } from "@aedev/contracts";
import type { BlobStore } from "@aedev/host/blob-store";
import type { ClaudeLogin } from "@aedev/host/claude-login";
import type { Git } from "@aedev/host/git/git-at";
import type { Engine } from "./engine.ts";
import type { SandboxUser } from "./sandbox-user.ts";

/** The credential of the coder's model; only the gateway ever sees it. */
export interface Credential {
  readonly kind: "oauth-token" | "api-key";
  readonly value: string;
  /** The credential is the login of Claude Code, whose value changes when it is renewed. */
  readonly isLogin?: true;
}

export interface RunnerContext {
  /** AEDEV_HOME, absolute. */
  home: string;
  /** Distinguishes this home from others on the same engine: the value of the label `aedev.home`. */
  homeId: string;
  /** Start number of the plane, recorded in every report and in each run's checkpoint. */
  generation: number;
  blobs: BlobStore;
  docker: Engine;
  git: Git;
  sha256: Sha256;
  /** Reference of the runner image; preflight resolves it to an id. */
  imageReference: string;
  /** Folder with `<role>.md`. The role's file is copied into each run's folder and mounted read-only at `/system_prompts`. */
  promptsDir: string;
  /** Origin of the model's endpoint; from configuration only (SECURITY T24). */
  upstreamOrigin: string;
  /** Null if none is usable; then the run is held, because there is no fallback. */
  credential: () => Credential | null;
  /** Notes that the credential's limit is reached until `resetsAt` (null: unknown). Returns when a run may continue, with another or after the reset. */
  noteLimit: (credential: Credential, resetsAt: string | null) => string | null;
  /** The login of Claude Code on this machine, if the coder may use it. */
  claudeLogin: () => ClaudeLogin;
  /** The only hosts that the fetch step of prepare can reach (SECURITY T8). */
  registries: readonly Registry[];
  sandboxLink: SandboxLinkChoice;
  /** Bound of all archives of prepared dependencies together; null: no bound. */
  preparedBytesMax: number | null;
  /** DOCKER_HOST or "default", for messages. */
  engineAddress: string;
  /** The non-root user of every container and owner of its writable mounts. */
  user: SandboxUser;
  /** Reports one line for `task logs`; never evidence. At most 500 characters are kept. */
  progress(runId: RunId, step: Progress | string): void;
  /** Reports a refusal that belongs in the log. */
  refusal(runId: RunId, what: string): void;
  /** Reports what a run wrote before it is deleted. The log keeps it unless a report has it already. */
  salvaged(runId: RunId, work: SalvagedWork): void;
}

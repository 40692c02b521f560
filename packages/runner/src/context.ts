/** What every piece of work in the execution plane is given: the home's places, the ports to engine, git and blobs, and the two ways to speak up. It holds no state of a run. */
import type { BlobStore, Registry, RunId, SandboxLinkChoice, Sha256 } from "@aedev/core/wire";
import type { Engine } from "./engine.ts";
import type { Git } from "./git.ts";

/** The credential of the coder's model; only the gateway ever sees it. */
export type Credential = { kind: "oauth-token"; value: string } | { kind: "api-key"; value: string };

export interface RunnerContext {
  /** AEDEV_HOME, absolute. */
  home: string;
  /** Names this home among others on the same engine: value of the label `aedev.home`. */
  homeId: string;
  /** Start number of the plane; stands in every report and in each run's stage file. */
  generation: number;
  blobs: BlobStore;
  docker: Engine;
  git: Git;
  sha256: Sha256;
  /** Reference of the runner image; resolved to an id at preflight. */
  imageReference: string;
  /** Folder of `<role>.md`; the role's file is copied into each run's folder and mounted read-only at `/system_prompts`. */
  promptsDir: string;
  /** Origin of the model's endpoint; from configuration only (THREATS T24). */
  upstreamOrigin: string;
  /** Null where none is usable: a hold, never a fallback. */
  credential: () => Credential | null;
  /** The only places the fetch step of prepare reaches (THREATS T8). */
  registries: readonly Registry[];
  sandboxLink: SandboxLinkChoice;
  /** DOCKER_HOST, or "default": names the engine to a person. */
  engineAddress: string;
  /** The non-root user of every container, and the owner of what is mounted writable. `chown`: the host is root and must hand folders over. */
  user: { uid: number; gid: number; chown: boolean };
  /** One readable line for `task logs`; never evidence. At most 500 characters are kept. */
  progress(runId: RunId, text: string): void;
  /** Something refused that the log should know. */
  refusal(runId: RunId, what: string): void;
}

/**
 * The port to the container engine. Contract: every call has a hard deadline, and a failure of the engine is a `Fault`, never a hang.
 *
 * Folder: Docker: containers, networks, folders mounted into them.
 */
import type { HoldCode, RunLimits } from "@aedev/contracts";
import type { SeccompKind } from "./seccomp.ts";

/** A host folder mounted into the container. */
export interface Mount {
  source: string;
  target: string;
  readOnly: boolean;
}

/**
 * The specification of one container. Everything else is the same for every run: no capabilities, no new privileges, read-only root, init, and no network; a
 * `SandboxLink` is the only way out.
 */
export interface ContainerSpec {
  /** Image id (`sha256:…`), never a tag: the image that was checked is the image that runs. */
  imageId: string;
  /** Replaces the image's entrypoint; null keeps it. */
  entrypoint: readonly string[] | null;
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** In-memory folders, each bounded by `limits.tmpfs_bytes`; by default `/tmp` and the home. */
  tmpfs?: readonly string[];
  /** By default `localhost`. */
  hostname?: string;
  /** `uid:gid`, never root. */
  user: string;
  workingFolder: string;
  /** Which system calls its programs may make. */
  seccomp: SeccompKind;
  labels: Readonly<Record<string, string>>;
  limits: RunLimits;
}

export interface ContainerState {
  id: string;
  running: boolean;
  /** Null while it runs, or if it was never started. */
  exitCode: number | null;
  outOfMemory: boolean;
  started: boolean;
  startedAt: string;
  labels: Readonly<Record<string, string>>;
}

export interface ContainerOutput {
  text: string;
  /** Printed bytes that are missing at the start of `text`. */
  omittedBytes: number;
}

export interface Engine {
  /** The engine's version. Throws `HOLD-DOCKER-UNAVAILABLE` if nothing answers. */
  version(): Promise<string>;
  /** Resolves a reference to the image's id; throws a Fault with the code `missing` if the engine does not have the image. */
  image(reference: string, missing: HoldCode): Promise<{ id: string; labels: Readonly<Record<string, string>> }>;
  /**
   * Builds an image from the Dockerfile in `folder`, using the engine's own network, and deletes unnamed images with the same label names and no container.
   * Throws `HOLD-TOOLCHAIN` with the end of the output.
   */
  build(options: { folder: string; image: string; labels: Readonly<Record<string, string>> }): Promise<void>;
  /** Copies a file or folder out of an image into an existing host folder without running anything. */
  copyOut(imageId: string, path: string, intoFolder: string): Promise<void>;
  /** Creates the container without starting it; returns its id. Throws `HOLD-TOOLCHAIN` if the image is gone. */
  create(spec: ContainerSpec): Promise<string>;
  start(id: string): Promise<void>;
  /** Resolves with the exit code when the container ends, or with "timeout" after `timeoutMs` or when `signal` aborts (which kills nothing). */
  wait(id: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<number | "timeout">;
  /** Kills the container; succeeds if it is already dead or gone. */
  kill(id: string): Promise<void>;
  /** Removes the container by force; succeeds if it is already gone. */
  remove(id: string): Promise<void>;
  /** Null if there is no such container. */
  inspect(id: string): Promise<ContainerState | null>;
  /** The last `tailBytes` of its output (stdout and stderr in order). */
  output(id: string, tailBytes: number): Promise<ContainerOutput>;
  /** All containers, running or not, that have every one of these labels. */
  list(labels: Readonly<Record<string, string>>): Promise<ContainerState[]>;
  /** Runs a command in a running container; output is bounded. */
  exec(
    id: string,
    command: readonly string[],
    options: { user: string; timeoutMs: number },
  ): Promise<{ exitCode: number | null; output: string }>;
  /** Starts a command in a running container with its standard streams attached. Throws if the container does not run. */
  attach(id: string, command: readonly string[], options: { user: string }): Promise<Attached>;
}

/** A command's standard streams. */
export interface Attached {
  write(bytes: Buffer): void;
  /** Passes standard output to `take`; if it throws, the command ends. */
  onOutput(take: (bytes: Buffer) => void): void;
  /** Resolves with the end of standard error when the streams have closed. Never rejects. */
  readonly ended: Promise<string>;
  /** Closes the streams; the command sees the end of its input. */
  end(): void;
}

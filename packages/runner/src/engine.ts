/**
 * The port to the container engine: what the execution plane asks of Docker, in our words. `docker.ts` is its only implementation;
 * nothing else may import dockerode. Contract: every call has a hard deadline, and a failure of the engine is a `Fault`, never a hang.
 */
import type { HoldCode, RunLimits } from "@aedev/core/wire";

/** A folder of the host inside the container. */
export interface Mount {
  source: string;
  target: string;
  readOnly: boolean;
}

/** One container. Whatever is not said here is the sandbox that every run has: no capabilities, no new privileges, read-only root, init. */
export interface ContainerSpec {
  /** Image id (`sha256:…`), never a tag: what was checked is what runs. */
  imageId: string;
  /** Replaces the image's entrypoint; null keeps it. */
  entrypoint: readonly string[] | null;
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** Folders in memory, each bounded by `limits.tmpfs_bytes`. `/tmp` and `/home/agent` unless said otherwise. */
  tmpfs?: readonly string[];
  /** `uid:gid`, never root. */
  user: string;
  workingFolder: string;
  /** There is no other: what a container may reach comes by a `SandboxLink`. */
  network: "none";
  labels: Readonly<Record<string, string>>;
  limits: RunLimits;
}

export interface ContainerState {
  id: string;
  running: boolean;
  /** Null while it runs or was never started. */
  exitCode: number | null;
  outOfMemory: boolean;
  started: boolean;
  startedAt: string;
  labels: Readonly<Record<string, string>>;
}

export interface ContainerOutput {
  text: string;
  /** Bytes that were printed and are not in `text`: the head is dropped, the tail kept. */
  omittedBytes: number;
}

export interface Engine {
  /** The engine's version. Throws `HOLD-DOCKER-UNAVAILABLE` where nothing answers. */
  version(): Promise<string>;
  /** Resolves a reference to the image's id; throws a Fault `missing` where the engine does not have it. */
  image(reference: string, missing: HoldCode): Promise<{ id: string; labels: Readonly<Record<string, string>> }>;
  /** Copies a file or folder out of an image into an existing folder of the host; nothing of the image runs. */
  copyOut(imageId: string, path: string, intoFolder: string): Promise<void>;
  /** Makes the container without starting it; its id. Throws `HOLD-TOOLCHAIN` where the image is gone. */
  create(spec: ContainerSpec): Promise<string>;
  start(id: string): Promise<void>;
  /** Resolves with the exit code when the container has ended, or "timeout" after `timeoutMs` or when `signal` aborts (which kills nothing). */
  wait(id: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<number | "timeout">;
  /** Kills and is content where it is dead or gone already. */
  kill(id: string): Promise<void>;
  /** Removes by force and is content where it is gone already. */
  remove(id: string): Promise<void>;
  /** Null where there is no such container. */
  inspect(id: string): Promise<ContainerState | null>;
  /** What it printed (stdout and stderr in order), the last `tailBytes` of it. */
  output(id: string, tailBytes: number): Promise<ContainerOutput>;
  /** Ids of all containers, running or not, that carry every one of these labels. */
  list(labels: Readonly<Record<string, string>>): Promise<ContainerState[]>;
  /** Runs a command in a running container; output is bounded. */
  exec(
    id: string,
    command: readonly string[],
    options: { user: string; timeoutMs: number },
  ): Promise<{ exitCode: number | null; output: string }>;
  /** Starts a command in a running container with its standard streams attached. Throws where the container does not run. */
  attach(id: string, command: readonly string[], options: { user: string }): Promise<Attached>;
}

/** A command's standard streams. */
export interface Attached {
  write(bytes: Buffer): void;
  /** Takes standard output; what it throws ends the command. */
  onOutput(take: (bytes: Buffer) => void): void;
  /** Resolves with the end of standard error when the streams have closed. Never rejects. */
  readonly ended: Promise<string>;
  /** Closes the streams; the command gets the end of its input. */
  end(): void;
}

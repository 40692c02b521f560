/** Implements the port `Engine` with dockerode; no other file imports it. Every error of the engine becomes a Fault with a hold code. */
import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { Fault } from "@aedev/contracts";
import Docker from "dockerode";
import { z } from "zod";
import { buildFault } from "./build-output.ts";
import { containerOptions } from "./container-options.ts";
import { attachedTo } from "./docker-attach.ts";
import type { ContainerOutput, ContainerState, Engine } from "./engine.ts";
import { imageMissing, isImageReference, notAnImage } from "./image-reference.ts";
import { readArchive } from "./read-archive.ts";

const watchIntervalMs = 10_000;
const copyDeadlineMs = 120_000;
const buildDeadlineMs = 15 * 60_000;
const execOutputBytesMax = 1024 * 1024;

const inspectSchema = z.object({
  Id: z.string(),
  Created: z.string(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullable() }),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    ExitCode: z.int(),
    OOMKilled: z.boolean(),
    StartedAt: z.string(),
  }),
});
const imageSchema = z.object({
  Id: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const listSchema = z.array(z.object({ Id: z.string() }));
const waitSchema = z.object({ StatusCode: z.int() });

/** `dockerHost`: DOCKER_HOST (`unix://` or `tcp://`), null for the default socket. */
export function openDocker(options: { dockerHost: string | null; deadlineMs: number }): Engine {
  const docker = new Docker(addressOf(options.dockerHost));
  const bounded = <T>(what: string, run: (signal: AbortSignal) => Promise<T>, deadlineMs = options.deadlineMs) =>
    withDeadline(what, deadlineMs, run);

  let cores: number | undefined;

  async function inspect(id: string): Promise<ContainerState | null> {
    return bounded("inspect", async (abortSignal) => {
      const answer = await orNullIfGone(docker.getContainer(id).inspect({ abortSignal }));
      return answer === null ? null : stateOf(answer);
    });
  }

  return {
    inspect,
    version: () =>
      bounded("version", async () => z.object({ Version: z.string() }).parse(await docker.version()).Version),
    image: (reference, missing) =>
      bounded("image inspect", async () => {
        if (!isImageReference(reference)) throw notAnImage(reference, missing);
        const answer = await orNullIfGone(docker.getImage(reference).inspect());
        if (answer === null) throw imageMissing(reference, missing);
        const image = imageSchema.parse(answer);
        return { id: image.Id, labels: image.Config?.Labels ?? {} };
      }),
    build: ({ folder, image, labels }) =>
      bounded(
        "build",
        async (abortSignal) => {
          const options = { t: image, labels: { ...labels }, rm: true, forcerm: true, abortSignal };
          const printed = await docker.buildImage({ context: folder, src: readdirSync(folder) }, options);
          const fault = buildFault(image, await text(printed));
          if (fault !== null) throw fault;
          await removeReplaced(docker, { names: Object.keys(labels), abortSignal });
        },
        buildDeadlineMs,
      ),
    copyOut: (imageId, path, intoFolder) =>
      bounded(
        "copy",
        async (abortSignal) => {
          const container = await docker.createContainer({ Image: imageId, Cmd: ["true"], NetworkDisabled: true });
          try {
            const archive = await container.getArchive({ path, abortSignal });
            await readArchive(Readable.from(archive), intoFolder, "HOLD-TOOLCHAIN");
          } finally {
            await container.remove({ force: true });
          }
        },
        copyDeadlineMs,
      ),
    create: (spec) =>
      bounded("create", async (abortSignal) => {
        cores ??= z.object({ NCPU: z.int().positive() }).parse(await docker.info()).NCPU;
        const options = containerOptions(spec, cores);
        const container = await orNullIfGone(docker.createContainer({ ...options, abortSignal }));
        if (container === null) throw imageMissing(spec.imageId, "HOLD-TOOLCHAIN");
        return container.id;
      }),
    start: (id) =>
      bounded("start", async (abortSignal) => {
        try {
          await docker.getContainer(id).start({ abortSignal });
        } catch (error) {
          if (statusOf(error) === 304) return;
          // The engine says in this way that the image lacks the program.
          if (statusOf(error) === 400 || /exec(utable file|:)/.test(messageOf(error))) {
            throw new Fault("HOLD-TOOLCHAIN", `the container does not start: ${messageOf(error)}`, { cause: error });
          }
          throw error;
        }
      }),
    wait: (id, bounds) => waitFor({ docker, id, ...bounds, inspect }),
    kill: (id) =>
      bounded("kill", async (abortSignal) => {
        await orNullIfGone(docker.getContainer(id).kill({ abortSignal }), [404, 409]);
      }),
    remove: (id) =>
      bounded("remove", async (abortSignal) => {
        await orNullIfGone(docker.getContainer(id).remove({ force: true, v: true, abortSignal }), [404, 409]);
      }),
    output: (id, tailBytes) =>
      bounded("logs", async (abortSignal) => {
        const answer = await orNullIfGone(
          docker.getContainer(id).logs({ stdout: true, stderr: true, follow: false, abortSignal }),
        );
        return answer === null ? { text: "", omittedBytes: 0 } : tailOf(framesOf(answer), tailBytes);
      }),
    list: (labels) =>
      bounded("list", async (abortSignal) => {
        const label = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
        const found = listSchema.parse(await docker.listContainers({ all: true, filters: { label }, abortSignal }));
        const states = await Promise.all(found.map(({ Id }) => inspect(Id)));
        return states.filter((state) => state !== null);
      }),
    exec: (id, command, how) =>
      bounded(
        "exec",
        async (abortSignal) => {
          const exec = await docker.getContainer(id).exec({
            Cmd: [...command],
            User: how.user,
            AttachStdout: true,
            AttachStderr: true,
            abortSignal,
          });
          const stream = await exec.start({ hijack: true, stdin: false, abortSignal });
          const chunks: Buffer[] = [];
          let sizeBytes = 0;
          for await (const chunk of stream) {
            const bytes = Buffer.from(chunk);
            sizeBytes += bytes.length;
            if (sizeBytes <= execOutputBytesMax) chunks.push(bytes);
          }
          const ended = z.object({ ExitCode: z.int().nullable() }).parse(await exec.inspect({ abortSignal }));
          return {
            exitCode: ended.ExitCode,
            output: tailOf(framesOf(Buffer.concat(chunks)), execOutputBytesMax).text,
          };
        },
        how.timeoutMs,
      ),
    attach: (id, command, { user }) =>
      bounded("exec", async (abortSignal) => {
        const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
        const exec = await docker.getContainer(id).exec({ Cmd: [...command], User: user, ...streams, abortSignal });
        return attachedTo(await exec.start({ hijack: true, stdin: true, abortSignal }));
      }),
  };
}

/** Removes unnamed images with our label names; without a label, every unnamed image would go. An image that can't be removed now goes after the next build. */
async function removeReplaced(docker: Docker, { names, abortSignal }: { names: string[]; abortSignal: AbortSignal }) {
  const filters = { dangling: ["true"], label: names };
  if (names.length > 0) await docker.pruneImages({ filters, abortSignal }).catch(() => null);
}

function addressOf(dockerHost: string | null): Docker.DockerOptions {
  if (dockerHost === null || dockerHost === "") return { socketPath: "/var/run/docker.sock" };
  const url = URL.parse(dockerHost);
  if (url?.protocol === "unix:") return { socketPath: decodeURIComponent(url.pathname) };
  if (url?.protocol === "tcp:" || url?.protocol === "http:")
    return { protocol: "http", host: url.hostname, port: url.port || 2375 };
  throw new Fault("HOLD-DOCKER-UNAVAILABLE", `DOCKER_HOST ${dockerHost} is not unix:// or tcp://`, {
    hint: "export DOCKER_HOST=unix:///var/run/docker.sock",
  });
}

/** The only place where the engine's errors become Faults. No call can outlast `deadlineMs`. */
async function withDeadline<T>(what: string, deadlineMs: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(unavailable(`docker ${what} did not answer within ${deadlineMs} ms`));
      abort.abort();
    }, deadlineMs);
  });
  try {
    return await Promise.race([run(abort.signal), late]);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw unavailable(`docker ${what} failed: ${messageOf(error)}`, error);
  } finally {
    clearTimeout(timer);
  }
}

async function waitFor(options: {
  docker: Docker;
  id: string;
  timeoutMs: number;
  signal?: AbortSignal;
  inspect: Engine["inspect"];
}): Promise<number | "timeout"> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  if (options.signal?.aborted) return "timeout";
  options.signal?.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(stop, Math.min(options.timeoutMs, 2 ** 31 - 1));
  let watch: NodeJS.Timeout | undefined;
  try {
    // A short call alongside detects a wait that hangs because the engine does.
    const wedged = new Promise<never>((_resolve, reject) => {
      watch = setInterval(() => void options.inspect(options.id).catch(reject), watchIntervalMs);
    });
    const container = options.docker.getContainer(options.id);
    const ended = container.wait({ condition: "not-running", abortSignal: abort.signal });
    return waitSchema.parse(await Promise.race([ended, wedged])).StatusCode;
  } catch (error) {
    if (abort.signal.aborted) return "timeout";
    if (error instanceof Fault) throw error;
    throw unavailable(`docker wait failed: ${messageOf(error)}`, error);
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    options.signal?.removeEventListener("abort", stop);
  }
}

async function orNullIfGone<T>(answer: Promise<T>, gone: readonly number[] = [404]): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (gone.includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return z.object({ statusCode: z.int() }).safeParse(error).data?.statusCode;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}

function unavailable(message: string, cause?: unknown): Fault {
  return new Fault("HOLD-DOCKER-UNAVAILABLE", message, { retry: true, hint: "aedev doctor", cause });
}

function stateOf(answer: unknown): ContainerState {
  const { Id, Created, Config, State } = inspectSchema.parse(answer);
  const started = State.Status !== "created";
  return {
    id: Id,
    running: State.Running,
    exitCode: State.Running || !started ? null : State.ExitCode,
    outOfMemory: State.OOMKilled,
    started,
    startedAt: started ? State.StartedAt : Created,
    labels: Config.Labels ?? {},
  };
}

/** The payloads of the engine's multiplexed stream, each of which follows an eight-byte header (stream, length). */
function framesOf(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    parts.push(bytes.subarray(at + 8, Math.min(end, bytes.length)));
    at = end;
  }
  return Buffer.concat(parts);
}

function tailOf(bytes: Buffer, tailBytes: number): ContainerOutput {
  const omittedBytes = Math.max(0, bytes.length - tailBytes);
  return { text: bytes.subarray(omittedBytes).toString("utf8"), omittedBytes };
}

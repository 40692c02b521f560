/** Builds the engine's create options for the sandbox: every container of the execution plane gets exactly these limits. It starts nothing. */
import type Docker from "dockerode";
import type { ContainerSpec } from "./engine.ts";
import { hasIpv6 } from "./ipv6.ts";
import { sandboxHome } from "./sandbox-user.ts";
import { seccompProfile } from "./seccomp.ts";

/** Bounds the engine's log of one container. It takes about 90 bytes more per line, and reading it all takes twice its size in memory for a moment. */
const logBytesMax = 48 * 1024 * 1024;
const openFilesMax = 4096;

/** Options of `POST /containers/create` for a spec. `cores`: the engine's CPU count; it refuses a higher limit. */
export function containerOptions(spec: ContainerSpec, cores: number): Docker.ContainerCreateOptions {
  const { limits } = spec;
  const [uid, gid] = spec.user.split(":");
  // If the image has the folder, the engine copies its mode, and the user can write there only as the owner.
  const owner = `mode=1777,uid=${uid},gid=${gid ?? uid}`;
  const memoryFolder = `rw,exec,nosuid,nodev,${owner},size=${limits.tmpfs_bytes},nr_inodes=${limits.run_files}`;
  return {
    Image: spec.imageId,
    Hostname: spec.hostname ?? "localhost",
    ...(spec.entrypoint === null ? {} : { Entrypoint: [...spec.entrypoint] }),
    Cmd: [...spec.command],
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    User: spec.user,
    WorkingDir: spec.workingFolder,
    Labels: { ...spec.labels },
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: "none",
      CapDrop: ["ALL"],
      // The engine switches IPv6 off even for the loopback of a container without a network.
      ...(hasIpv6() ? { Sysctls: { "net.ipv6.conf.lo.disable_ipv6": "0" } } : {}),
      SecurityOpt: ["no-new-privileges", `seccomp=${seccompProfile(spec.seccomp)}`],
      Privileged: false,
      ReadonlyRootfs: true,
      Init: true,
      IpcMode: "private",
      RestartPolicy: { Name: "no" },
      Memory: limits.memory_bytes,
      MemorySwap: limits.memory_bytes,
      PidsLimit: limits.pids,
      NanoCpus: Math.min(limits.cpu_millis, cores * 1000) * 1_000_000,
      ShmSize: Math.min(limits.tmpfs_bytes, 64 * 1024 * 1024),
      Ulimits: [
        { Name: "fsize", Soft: limits.file_size_bytes, Hard: limits.file_size_bytes },
        { Name: "nofile", Soft: openFilesMax, Hard: openFilesMax },
        { Name: "core", Soft: 0, Hard: 0 },
      ],
      Tmpfs: Object.fromEntries((spec.tmpfs ?? ["/tmp", sandboxHome]).map((folder) => [folder, memoryFolder])),
      Mounts: spec.mounts.map((mount) => ({
        Type: "bind",
        Source: mount.source,
        Target: mount.target,
        ReadOnly: mount.readOnly,
      })),
      LogConfig: { Type: "json-file", Config: { "max-size": String(logBytesMax), "max-file": "1" } },
    },
  };
}

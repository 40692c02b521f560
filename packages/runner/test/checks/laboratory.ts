/** A throw-away home with a mirror, on the real engine and real git, in which checks run on changes given as files. */

import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  canonicalJson,
  missionIdSchema,
  noUsage,
  type RunChecks,
  type RunLimits,
  repositoryNameSchema,
  type Specification,
  type TestMatrix,
  testMatrixSchema,
} from "@aedev/contracts";
import { runChecksSchema } from "@aedev/contracts/work";
import { createBlobStore } from "@aedev/host/blob-store";
import { openGit } from "@aedev/host/git/git-at";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import { productVersion } from "@aedev/host/product";
import { expect } from "vitest";
import { imageWith } from "../../../../test/support/image-with.ts";
import { performRunChecks } from "../../src/checks/perform.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import { openDocker } from "../../src/engine/docker.ts";
import { sandboxUser, withSandboxUser } from "../../src/engine/sandbox-user.ts";

const mebibyte = 1024 * 1024;
export const imageReference = `aedev-runner:${productVersion()}`;
export const limits: RunLimits = {
  run_timeout_ms: 60_000,
  check_timeout_ms: 60_000,
  prepare_timeout_ms: 180_000,
  docker_deadline_ms: 30_000,
  memory_bytes: 1024 * mebibyte,
  pids: 256,
  cpu_millis: 2000,
  file_size_bytes: 256 * mebibyte,
  tmpfs_bytes: 128 * mebibyte,
  run_bytes: 1024 * mebibyte,
  run_files: 100_000,
  capture_file_bytes: 16 * mebibyte,
  patch_bytes: 16 * mebibyte,
  output_tail_bytes: 4000,
  disk_free_bytes: mebibyte,
};
const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");

/** Path to content; null deletes. */
export type Files = Readonly<Record<string, string | null>>;

export interface Laboratory {
  context: RunnerContext;
  home: string;
  /** Makes the mirror of a repository from a folder or files; returns its base commit. */
  repository(name: string, content: string | Files): string;
  /** Makes the next commit on `base` in the mirror; returns its id. */
  commit(name: string, base: string, change: Files): string;
  /** Makes a patch of a change to the base's files. */
  patch(name: string, base: string, change: Files): Buffer;
  /** Runs the checks of a change, or of the patch `bytes`; returns the report. */
  check(
    request: { name: string; base: string; change?: Files; bytes?: Buffer } & Partial<
      Pick<RunChecks, "control_files" | "limits">
    > & {
        settings?: Partial<RunChecks["settings"]>;
        mission?: string;
        /** The other run's change, as files or as a patch. */
        independent?: { base: string; change?: Files; bytes?: Buffer };
      },
  ): ReturnType<typeof performRunChecks>;
  /** Like `check`, for a report that must be "checked"; returns its matrix. */
  matrix(request: Parameters<Laboratory["check"]>[0]): Promise<TestMatrix>;
  close(): void;
}

export function openLaboratory(): Laboratory {
  const place = mkdtempSync(join(tmpdir(), "lab-"));
  const home = join(place, "home");
  mkdirSync(home, { mode: 0o700 });
  const homeId = `lab-${randomBytes(4).toString("hex")}`;
  const user = sandboxUser({ homeId, sha256 });
  const docker = openDocker({ dockerHost: process.env.DOCKER_HOST ?? null, deadlineMs: limits.docker_deadline_ms });
  const context: RunnerContext = {
    home,
    homeId,
    generation: 1,
    blobs: createBlobStore(join(home, "blobs")),
    docker: withSandboxUser(docker, { home, user }),
    git: openGit(join(home, "empty")),
    sha256,
    imageReference,
    promptsDir: join(home, "prompts"),
    upstreamOrigin: "http://127.0.0.1:1",
    credential: () => null,
    noteLimit: (_credential, resetsAt) => resetsAt,
    claudeLogin: () => ({ kind: "none" }),
    preparedBytesMax: null,
    registries: ["registry.npmjs.org", "pypi.org", "files.pythonhosted.org", "proxy.golang.org", "sum.golang.org"].map(
      (host) => ({ host, port: 443, secure: true, private: false }),
    ),
    sandboxLink: "socket",
    engineAddress: "default",
    user,
    progress: () => undefined,
    refusal: () => undefined,
    salvaged: () => undefined,
  };
  const places = new Map<string, string>();
  const gitIn = (folder: string, ...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
      cwd: folder,
      maxBuffer: 64 * mebibyte,
    });

  /** Lays out the base with the change in the repository's folder, adds all to its index, and returns the folder. */
  const layOut = (name: string, base: string, change: Files) => {
    const folder = places.get(name) ?? "";
    gitIn(folder, "checkout", "--quiet", "--force", base);
    gitIn(folder, "clean", "-fdxq");
    writeFiles(folder, change);
    gitIn(folder, "add", "-A", "-f");
    return folder;
  };

  const laboratory: Laboratory = {
    context,
    home,
    repository(name, content) {
      const folder = mkdtempSync(join(home, "checkout-"));
      gitIn(folder, "init", "--quiet", "-b", "main");
      if (typeof content === "string") cpSync(content, folder, { recursive: true });
      else writeFiles(folder, content);
      gitIn(folder, "add", "-A", "-f");
      gitIn(folder, "commit", "--quiet", "-m", "base");
      mkdirSync(join(home, "mirrors"), { recursive: true });
      gitIn(home, "clone", "--quiet", "--bare", folder, join(home, "mirrors", `${name}.git`));
      places.set(name, folder);
      return gitIn(folder, "rev-parse", "HEAD").toString().trim();
    },
    commit(name, base, change) {
      const folder = layOut(name, base, change);
      gitIn(folder, "commit", "--quiet", "-m", "next");
      gitIn(folder, "push", "--quiet", "--force", join(home, "mirrors", `${name}.git`), "HEAD:refs/heads/main");
      return gitIn(folder, "rev-parse", "HEAD").toString().trim();
    },
    patch(name, base, change) {
      const folder = layOut(name, base, change);
      const tree = gitIn(folder, "write-tree").toString().trim();
      return gitIn(folder, "diff-tree", "-p", "--binary", ...gitEvidenceDiffFlags, base, tree);
    },
    check(request) {
      const { name, base } = request;
      const specification: Specification = {
        schema: 1,
        mission_id: missionIdSchema.parse("m-0123456789abcdef"),
        repository: repositoryNameSchema.parse(name),
        title: "Change it",
        text: request.mission ?? "Change it.",
        criteria: [{ id: "c1", text: "It is changed." }],
      };
      const { independent } = request;
      const patchOf = (on: string, { bytes, change = {} }: { bytes?: Buffer; change?: Files }) =>
        context.blobs.put(bytes ?? laboratory.patch(name, on, change), "text/x-diff");
      const work = runChecksSchema.parse({
        kind: "RunChecks",
        work_id: "w",
        nonce: "0".repeat(32),
        generation: 1,
        task_id: "t-0123456789abcdef",
        run_id: `r-${randomBytes(8).toString("hex")}`,
        repository: name,
        base_commit: base,
        patch: patchOf(base, request),
        specification: context.blobs.put(canonicalJson(specification), "application/json"),
        usage: noUsage,
        environment: {
          image: imageReference,
          image_id: "",
          engine_version: "",
          coder_version: "",
          prepare_cache_key: null,
          model: "m",
        },
        control_files: request.control_files ?? [".npmrc", "**/.npmrc", ".mocharc*", "vitest.config.*", "conftest.py"],
        parent: null,
        ...(independent === undefined
          ? {}
          : { independent: { base_commit: independent.base, patch: patchOf(independent.base, independent) } }),
        settings: {
          prepare: null,
          build: null,
          inputs: [],
          outputs: [],
          verify: [],
          tests: ["test/**"],
          image: null,
          ...request.settings,
        },
        limits: request.limits ?? limits,
      });
      return performRunChecks(work, context);
    },
    async matrix(request) {
      const result = await laboratory.check(request);
      if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
      const blob = result.manifest.entries["test-matrix"];
      const text = Buffer.from(context.blobs.get(blob?.digest ?? "")).toString("utf8");
      return testMatrixSchema.parse(JSON.parse(text));
    },
    close: () => rmSync(place, { recursive: true, force: true }),
  };
  return laboratory;
}

/** An image with Go and Rust. */
export async function compiledImage(): Promise<string> {
  const image = await imageWith("compiled", ["golang-go", "cargo"]);
  if (image === null) throw new Error("the image with Go and Rust can't be made: Debian's packages don't answer");
  return image;
}

/** A Go package with an add function. `note`: lines before the function. */
export const goAdder = {
  code: (sign: string, note = "") => `package adder\n${note}\nfunc Add(a, b int) int { return a ${sign} b }\n`,
  test: 'package adder\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("1 + 2")\n\t}\n}\n',
};

/** Expects that the base's tests passed with and without the change, each with its own result, and failed where they had to. */
export function expectTrusted({ cells }: Pick<TestMatrix, "cells">, testId: string): void {
  for (const cell of ["old-tests-old-code", "old-tests-new-code"] as const)
    expect(cells[cell].commands[0]).toMatchObject({
      exit_code: 0,
      sentinel: "failed-as-it-must",
      incomplete: null,
      tests: [{ id: testId, result: "pass" }],
    });
}

/** Expects that the base's test failed by name with the change. */
export function expectRed({ cells }: Pick<TestMatrix, "cells">, testId: string): void {
  const red = cells["old-tests-new-code"].commands[0];
  expect(red).toMatchObject({ incomplete: null, tests: [{ id: testId, result: "fail" }] });
  expect(red?.exit_code).not.toBe(0);
}

function writeFiles(folder: string, change: Files): void {
  for (const [path, content] of Object.entries(change)) {
    const place = join(folder, path);
    if (content === null) {
      rmSync(place, { force: true });
      continue;
    }
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
}

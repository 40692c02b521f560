/**
 * Benchmarks capturing a run's tree of 60,000 files, in ordinary folders and 1,000 levels deep, against reading the same files with tar, alternating. The agent
 * changed ten files. The coder's own run is not measured.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBlobStore } from "@aedev/host/blob-store";
import { openGit } from "@aedev/host/git/git-at";
import { sha256 } from "@aedev/host/sha256";
import { captureTree } from "../../packages/runner/src/capture/capture.ts";
import { runFolder } from "../../packages/runner/src/tree/run-folder.ts";
import { atMost, type Figure, median } from "./figure.ts";

const files = 60_000;
const changed = 10;
const rounds = 5;
const timesMax = 3;
const mebibyte = 1024 * 1024;
const limits = {
  capture_file_bytes: 16 * mebibyte,
  patch_bytes: 16 * mebibyte,
  run_bytes: 4096 * mebibyte,
  run_files: 400_000,
};

/** `folderOf`: the folder of the file with this number. */
const shapes: readonly { name: string; folderOf: (file: number) => string }[] = [
  { name: "60,000 files in 600 folders", folderOf: (file) => `src/${file % 20}/${file % 600}` },
  {
    name: "60,000 files on 1,000 levels",
    folderOf: (file) => Array.from({ length: (file % 1000) + 1 }, () => "d").join("/"),
  },
];

export async function benchCapture(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, folderOf } of shapes) {
    const place = mkdtempSync(join(process.cwd(), ".bench-"));
    try {
      figures.push(await oneShape(name, { place, folderOf }));
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }
  return figures;
}

async function oneShape(
  name: string,
  { place, folderOf }: { place: string; folderOf: (file: number) => string },
): Promise<Figure> {
  const folder = runFolder({ home: place, homeId: "bench", sha256 }, "r-bench");
  mkdirSync(folder.root, { recursive: true });
  const paths = Array.from({ length: files }, (_, file) => join(folderOf(file), `file-${file}.js`));
  for (const path of new Set(paths.map((one) => join(folder.tree, one, "..")))) mkdirSync(path, { recursive: true });
  for (const [file, path] of paths.entries())
    writeFileSync(join(folder.tree, path), `${"line of code\n".repeat(file % 200)}${file}\n`);
  writeFileSync(join(folder.tree, ".gitignore"), "*.log\nbuild/\n");
  const mirror = join(place, "mirror.git");
  const baseCommit = commitOf(folder.tree, mirror);
  for (const path of paths.slice(0, changed)) appendFileSync(join(folder.tree, path), "changed\n");
  const context = { git: openGit(join(place, "empty")), blobs: createBlobStore(join(place, "blobs")) };
  const turns: { capture: number; tar: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const tar = await timed(() =>
      execFileSync("/bin/sh", ["-c", `tar -cf - '${folder.tree}' 2>/dev/null | cat >/dev/null`]),
    );
    const capture = await timed(async () => {
      const captured = await captureTree({ folder, mirror, baseCommit, outputs: [], limits }, context);
      if (captured.finding !== null || captured.isEmpty) throw new Error(JSON.stringify(captured));
    });
    turns.push({ capture, tar });
  }
  // The first round is not counted.
  const counted = turns.slice(1);
  const ms = (part: "capture" | "tar") => `${median(counted.map((turn) => turn[part])).toFixed(0)} ms`;
  return atMost(`capturing ${name}`, {
    limit: timesMax,
    value: median(counted.map(({ capture, tar }) => capture / tar)),
    unit: " × tar",
    detail: `capture ${ms("capture")}, tar ${ms("tar")}; ${rounds} turns`,
  });
}

/** A bare repository with the folder's files in one packed commit. */
function commitOf(tree: string, mirror: string): string {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=b", "-c", "user.email=b@localhost", `--git-dir=${mirror}`, ...args], {
      cwd: tree,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet", "--bare");
  git("--work-tree=.", "add", "--all", "--force");
  git("--work-tree=.", "commit", "--quiet", "--message=base");
  git("repack", "-a", "-d", "--quiet");
  return git("rev-parse", "HEAD");
}

async function timed(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

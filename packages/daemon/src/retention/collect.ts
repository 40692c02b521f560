/**
 * Deletes what a plan lists, a little per turn. Blobs that events name are deleted only after the event that says so is in the log. What was used since the
 * plan stays.
 */
import { existsSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { canonicalJson } from "@aedev/contracts";
import type { CollectionDocument } from "@aedev/contracts/api";
import type { CommandBody, Refusal, State } from "@aedev/core";
import { type BlobStore, removeUnused, restoreRemoved } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { type CollectionPlan, isNeeded } from "./plan.ts";

/** How many files are deleted before the event loop gets a turn. */
const filesPerTurn = 50;

/** What a collection needs of a home whose log is open. */
export interface CollectedHome {
  readonly home: string;
  readonly blobs: Pick<BlobStore, "put" | "pathOf">;
  /** The open part of the current state. */
  readonly state: () => State;
  /** Null: the command's events are in the log. */
  readonly submit: (body: CommandBody) => Promise<Refusal | null>;
}

/** What the plan would delete. */
export function plannedDocument(plan: CollectionPlan): CollectionDocument {
  const of = (kind: string) => totalOf(plan.files.filter((file) => file.kind === kind));
  const parts = {
    expired: { count: plan.expired.length, size_bytes: plan.expired_bytes },
    unused: { count: plan.unused.length, size_bytes: plan.unused_bytes },
    prepared: of("prepared"),
    logs: of("log"),
    bundles: of("bundle"),
    mirrors: of("mirror"),
  };
  return { dry_run: true, ...parts, size_bytes: Object.values(parts).reduce((sum, part) => sum + part.size_bytes, 0) };
}

/** Deletes, and returns what was deleted. After a refusal, no blob that an event names was deleted. */
export async function collectGarbage(
  target: CollectedHome,
  plan: CollectionPlan,
): Promise<CollectionDocument | Refusal> {
  const { blobs: store } = homeLayout(target.home);
  for (const path of plan.removed) if (existsSync(join(store, path))) restoreRemoved(join(store, path));
  const unused = await removeBlobs(
    plan.unused.map((path) => join(store, path)),
    plan.made_at_ms,
  );
  const files = await removeFiles(target, plan);
  const isOpenAgain = plan.ended_tasks.some((id) => isNeeded(target.state(), id));
  const expired = plan.expired.length === 0 || isOpenAgain ? nothing : await expireBlobs(target, plan);
  if ("kind" in expired) return expired;
  const done = plannedDocument({ ...plan, files });
  const size_bytes = done.size_bytes - plan.expired_bytes - plan.unused_bytes + expired.size_bytes + unused.size_bytes;
  return { ...done, dry_run: false, expired, unused, size_bytes };
}

type Total = CollectionDocument["expired"];
const nothing: Total = { count: 0, size_bytes: 0 };

function totalOf(files: readonly { readonly size_bytes: number }[]): Total {
  return { count: files.length, size_bytes: files.reduce((sum, file) => sum + file.size_bytes, 0) };
}

async function expireBlobs({ blobs, submit }: CollectedHome, plan: CollectionPlan): Promise<Total | Refusal> {
  const manifest = blobs.put(canonicalJson({ schema: 1, digests: plan.expired }), "application/json");
  const { expired, expired_bytes: size_bytes, ended_before } = plan;
  const refused = await submit({ kind: "ExpireBlobs", manifest, count: expired.length, size_bytes, ended_before });
  if (refused !== null) return refused;
  return removeBlobs(
    expired.map((digest) => blobs.pathOf(digest)),
    plan.made_at_ms,
  );
}

/** `beforeMs`: blobs that were stored since then stay. */
async function removeBlobs(paths: readonly string[], beforeMs: number): Promise<Total> {
  const total = { ...nothing };
  for (const [index, path] of paths.entries()) {
    if (index % filesPerTurn === 0) await nextTurn();
    const state = statSync(path, { throwIfNoEntry: false });
    if (state === undefined || !removeUnused(path, beforeMs)) continue;
    total.count += 1;
    total.size_bytes += state.size;
  }
  return total;
}

/** The removed files: those that have not changed since the plan was made. */
async function removeFiles(
  { state: stateNow }: CollectedHome,
  { files, made_at_ms }: CollectionPlan,
): Promise<CollectionPlan["files"]> {
  const removed: CollectionPlan["files"][number][] = [];
  for (const file of files) {
    await nextTurn();
    const state = statSync(file.path, { throwIfNoEntry: false });
    if (state === undefined || state.mtimeMs >= made_at_ms) continue;
    if (file.kind === "mirror" && stateNow().repositories[basename(file.path, ".git")] !== undefined) continue;
    if (state.isDirectory()) await rm(file.path, { recursive: true, force: true });
    else rmSync(file.path, { force: true });
    removed.push(file);
  }
  return removed;
}

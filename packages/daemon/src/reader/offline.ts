/** Reads that need no daemon, and the only two writes that are no events: storing and removing a secret. */
import { existsSync } from "node:fs";
import { type BundleManifest, bundleManifestSchema, Fault, isFault } from "@aedev/contracts";
import type { Verification } from "@aedev/contracts/api";
import { approvers } from "@aedev/core/reading";
import { homeLayout } from "@aedev/host/home-layout";
import { patchAsText } from "@aedev/host/patch/visible-patch";
import { type ConfigurationCheck, checkFiles } from "../configuration/check-files.ts";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import { verifyHome } from "../home/audit.ts";
import { removeSecret, type StoredSecret, setSecret, storedSecrets } from "../home/secrets.ts";
import { verifyBlobs } from "../home/verify-blobs.ts";
import type { ExportOptions } from "../log/export.ts";
import { openLogReader } from "./log-reader.ts";
import { openOffline, taskWithState } from "./open-offline.ts";
import { sealedRunOf } from "./sealed-run.ts";

export function storeSecret({ home, name, value }: { home: string; name: string; value: string }): void {
  if (!existsSync(homeLayout(home).log))
    throw new Fault("no-home", `there is no aedev home at ${home}`, { hint: "aedev init" });
  const result = setSecret(home, name, value);
  if (result.kind === "refused")
    throw new Fault(result.code, result.reason, result.hint === undefined ? {} : { hint: result.hint });
}

/** Names, files and times, without values. */
export function listSecrets({ home }: { home: string }): StoredSecret[] {
  return storedSecrets(home);
}

/** Throws a Fault `unknown-secret` if no file has it. */
export function deleteSecret({ home, name }: { home: string; name: string }): { planes: readonly string[] } {
  const planes = removeSecret(home, name);
  if (planes.length === 0)
    throw new Fault("unknown-secret", `no secret called ${name} is stored`, { hint: "aedev secrets list" });
  return { planes };
}

/** `blobs`: also check every blob that an event names: it must be there with its bytes, or have expired. */
export function verifyLog({
  home,
  blobs = false,
  ...options
}: { home: string; blobs?: boolean } & Parameters<typeof verifyHome>[1]): Verification {
  const verification = verificationDocument(verifyHome(home, options));
  if (!blobs || !verification.ok) return verification;
  const { problems, warnings } = verifyBlobs(home);
  return { ok: problems.length === 0, problems: [...problems], warnings: [...verification.warnings, ...warnings] };
}

/** A verification as clients show it: each problem is a sentence that starts with its location. */
export function verificationDocument(verification: ReturnType<typeof verifyHome>): Verification {
  const warnings = [...verification.warnings];
  if (verification.ok) return { ok: true, problems: [], warnings };
  return {
    ok: false,
    warnings,
    problems: verification.problems.map(
      (problem) => `${"position" in problem ? `position ${problem.position}` : problem.row}: ${problem.what}`,
    ),
  };
}

export async function exportLog({
  home,
  write,
  ...options
}: ExportOptions & { home: string; write: (text: string) => void }): Promise<void> {
  using reader = openLogReader(homeLayout(home).log);
  for (const line of reader.exportLines(options)) write(`${line}\n`);
}

export interface PolicyCheck {
  /** Digest of the effective policy; null if there are problems. */
  readonly digest: string | null;
  /** Each sentence starts with its file. */
  readonly problems: readonly string[];
  /** The commands that help, once per file. */
  readonly helps: readonly string[];
  readonly warnings: readonly string[];
}

/** Checks every file that the daemon reads when it starts; with `file`, only that overlay of the policy. */
export function checkPolicy({ file, ...options }: HomeOptions & { file?: string }): PolicyCheck {
  const { policy, faults } = file === undefined ? checkFiles(options) : checkOverlay(options.home, file);
  if (policy === null || faults.length > 0)
    return {
      digest: null,
      problems: faults.flatMap(({ message }) => message.split("\n")),
      helps: [...new Set(faults.flatMap(({ hint }) => hint ?? []))],
      warnings: [],
    };
  const needsSecond = policy.policy.approvals.require_second_person;
  return {
    digest: policy.digest,
    problems: [],
    helps: [],
    warnings: needsSecond ? secondPersonWarnings(options.home) : [],
  };
}

function checkOverlay(home: string, file: string): ConfigurationCheck {
  try {
    if (!existsSync(file))
      throw new Fault("config-invalid", `${file}: there is no such file`, { hint: "aedev policy check --help" });
    return { policy: loadPolicy({ home, operatorFile: file }), faults: [] };
  } catch (error) {
    if (!isFault(error, "config-invalid")) throw error;
    return { policy: null, faults: [error] };
  }
}

/** A rule that asks for a second person stops every approval if the home has only one. */
function secondPersonWarnings(home: string): string[] {
  if (!existsSync(homeLayout(home).log)) return [];
  using reader = openOffline(home);
  if (approvers(reader.state()).length > 1) return [];
  return [
    "approvals.require_second_person is on, and only the owner could approve: what the owner writes can't be approved by anybody (aedev operator add NAME)",
  ];
}

/** `run`: as for `sealedRunOf`. */
export function evidenceOf({ home, taskId, run = "current" }: { home: string; taskId: string; run?: string }): {
  run_id: string;
  attempt: number | null;
  digest: string;
  manifest: BundleManifest;
  entries: Record<string, unknown>;
} {
  using offline = openOffline(home);
  const { task } = taskWithState(offline, taskId);
  const { run_id, attempt, bundle_digest: digest } = sealedRunOf(offline, task, run);
  const text = (name: string) => Buffer.from(offline.blobs.get(name)).toString("utf8");
  const manifest = bundleManifestSchema.parse(JSON.parse(text(digest)));
  const entries = Object.entries(manifest.entries).map(([name, blob]) => [
    name,
    blob.media_type === "application/json"
      ? JSON.parse(text(blob.digest))
      : patchAsText(offline.blobs.get(blob.digest)),
  ]);
  return { run_id, attempt, digest, manifest, entries: Object.fromEntries(entries) };
}

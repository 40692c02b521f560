/** Changed entries for tests of control's findings, and the shipped policy that judges them. */
import type { ChangedFile, PathReport } from "@aedev/contracts";
import { loadPolicy } from "../../src/configuration/load-policy.ts";
import { derivePathReport, type PathReportInput } from "../../src/findings/paths/path-report.ts";

export const shippedPolicy = loadPolicy({ home: "/nonexistent" }).policy;

export function changed(path: string, changes: Partial<ChangedFile> = {}): ChangedFile {
  const status = changes.status ?? "modified";
  return {
    path,
    status,
    old_mode: status === "added" ? "000000" : "100644",
    new_mode: status === "deleted" ? "000000" : "100644",
    old_id: "1".repeat(40),
    new_id: "2".repeat(40),
    added_lines: 1,
    deleted_lines: 1,
    binary: false,
    ...changes,
  };
}

export function added(path: string, mode = "100644"): ChangedFile {
  return changed(path, { status: "added", new_mode: mode });
}

export function reportOf(files: ChangedFile[], input: Partial<PathReportInput> = {}): PathReport {
  return derivePathReport({
    files,
    renames: [],
    policy: shippedPolicy,
    basePaths: ["index.js", "src/a.js"],
    linkTargets: new Map(),
    buildFiles: new Set(),
    pictures: new Set(),
    manifests: new Map(),
    ...input,
  });
}

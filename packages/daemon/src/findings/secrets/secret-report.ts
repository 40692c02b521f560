/**
 * Finds secrets in the text that a change adds and in the text that judges would see. The report has their places, never their values.
 *
 * Folder: finds secrets that a change adds or a person writes.
 */
import type { SecretReport } from "@aedev/contracts";
import { isKeyStore } from "./context-rules.ts";
import { patchTexts } from "./patch-text.ts";
import { notScanned, startScan } from "./scan-text.ts";
import type { SecretMatch } from "./secret-match.ts";

/** A changed file's new text; secrets already in `before` are not reported. Another text of the bundle has its entry's name as path. */
export interface ScannedFile {
  readonly path: string;
  readonly text: string;
  readonly before?: string | null;
}

const findingsMax = 1000;
/** One finding is enough to hold a change, so a text full of secrets must not cost more. */
const findingsPerTextMax = 100;

/** Scans new versions, names, and the patch with its context and removed lines, which a judge would read. Text not scanned within `timeMsMax` is a finding. */
export async function scanSecrets(input: {
  files: readonly ScannedFile[];
  patch: string;
  timeMsMax?: number;
}): Promise<SecretReport> {
  const scanText = startScan(input.timeMsMax);
  const findings: SecretReport["findings"] = [];
  for (const { path, text, before } of input.files) {
    const known = new Set(before ? (await scanText(path, before)).map((match) => foundValue(before, match)) : []);
    const fresh = (await scanText(path, text)).filter(
      (match) => match.rule === notScanned || !known.has(foundValue(text, match)),
    );
    for (const { rule, start } of fresh.slice(0, findingsPerTextMax))
      findings.push({ path, line: lineAt(text, start), rule });
  }
  for (const { path, text } of input.files)
    if (text !== "" && isKeyStore(path)) findings.push({ path, line: 0, rule: "key-store" });
  const names = input.files.map((file) => file.path).join("\n");
  for (const { rule } of await scanText("names", names)) findings.push({ path: "(a file's name)", line: 0, rule });
  for (const { path, text, lines } of patchTexts(input.patch))
    for (const { rule, start } of (await scanText(path, text)).slice(0, findingsPerTextMax))
      findings.push({ path, line: lines[lineAt(text, start) - 1] ?? 0, rule });
  const { secretlintName } = await import("./secretlint.ts");
  const distinct = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return { scanner: `${secretlintName} and aedev`, findings: [...distinct.values()].slice(0, findingsMax) };
}

function foundValue(text: string, match: SecretMatch): string {
  return text.slice(match.start, match.end);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** Finds secrets by value in what a change brings and in what a judge would be shown, and reports where, never what. */
import type { SecretReport } from "@aedev/core/wire";
import { hunkTexts } from "./patch-text.ts";
import type { SecretMatch } from "./secret-match.ts";
import { scanWithSecretlint, secretlintName } from "./secretlint.ts";
import { scanForTokens } from "./token-rules.ts";
import { scanForSecretValues } from "./value-rule.ts";

/** A changed file's new text; with `before`, what stood there already is no finding of this change. Other texts of the bundle may be given under their entry's name. */
export interface ScannedFile {
  readonly path: string;
  readonly text: string;
  readonly before?: string | null;
}

const findingsMax = 1000;
/** Full of hashes under names of packages such as `js-tokens`; tokens of a known form are still found there. */
const lockfile =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|go\.sum|flake\.lock)$/i;

/** Scans whole new versions and the patch with its context and removed lines, which a judge would read too. */
export async function scanSecrets(input: { files: readonly ScannedFile[]; patch: string }): Promise<SecretReport> {
  const findings: SecretReport["findings"] = [];
  for (const { path, text, before } of input.files) {
    const found = (await scanText(path, text)).filter((match) => !before?.includes(text.slice(match.start, match.end)));
    findings.push(...found.map(({ rule, start }) => ({ path, line: lineAt(text, start), rule })));
    findings.push(...(await scanText("path", path)).map(({ rule }) => ({ path: "(a file's name)", line: 0, rule })));
  }
  for (const hunk of hunkTexts(input.patch))
    for (const { rule, start } of await scanText(hunk.path, hunk.text))
      findings.push({ path: hunk.path, line: hunk.lines[lineAt(hunk.text, start) - 1] ?? 0, rule });
  const distinct = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return { scanner: `${secretlintName} and aedev`, findings: [...distinct.values()].slice(0, findingsMax) };
}

/** Of several rules that find the same place the first is kept. */
async function scanText(path: string, text: string): Promise<SecretMatch[]> {
  const values = lockfile.test(path) ? [] : scanForSecretValues(text);
  const matches = [...scanForTokens(text), ...(await scanWithSecretlint(path, text)), ...values];
  return matches.filter((match, index) => !matches.slice(0, index).some((earlier) => overlap(earlier, match)));
}

function overlap(one: SecretMatch, other: SecretMatch): boolean {
  return one.start < other.end && other.start < one.end;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

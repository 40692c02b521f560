/** Wraps the secretlint scanner with its recommended rules, except the one that lets a comment in the text switch them off. */
import { lintSource } from "@secretlint/core";
import { secretLintProfiler } from "@secretlint/profiler";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretMatch } from "./secret-match.ts";

/** Name and version for the report. */
export const secretlintName = "secretlint 13.0.7";

const ruleOptions: Readonly<Record<string, object>> = {
  "@secretlint/secretlint-rule-aws": { enableIDScanRule: true },
};
const config = {
  rules: rules
    .filter((rule) => !rule.meta.id.endsWith("-filter-comments"))
    .map((rule) => ({ id: rule.meta.id, rule, options: ruleOptions[rule.meta.id] ?? {} })),
};

// Its profiler keeps a performance entry per rule and call forever, a memory leak in a daemon.
secretLintProfiler.setEnabled(false);

/** Every match of secretlint's rules. `path` selects rules for `.npmrc` and package.json; it is never opened. */
export async function scanWithSecretlint(path: string, text: string): Promise<SecretMatch[]> {
  const result = await lintSource({
    source: { filePath: harmlessPath(path), content: text, contentType: "text", ext: ".txt" },
    options: { config, locale: "en", maskSecrets: true },
  });
  return result.messages
    .filter((message) => message.type === "message")
    .map((message) => ({
      rule: message.ruleId.replace("@secretlint/secretlint-rule-", ""),
      start: message.range[0],
      end: message.range[1],
      isCertain: true,
    }));
}

/** A path that exists nowhere: one of secretlint's rules opens the path it is given. */
function harmlessPath(path: string): string {
  const kind = /(\.npmrc|package\.json|package-lock\.json)$/i.exec(path)?.[0]?.toLowerCase() ?? "text.txt";
  return `/nonexistent/${kind}`;
}

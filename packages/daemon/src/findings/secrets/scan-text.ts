/** Runs every secret rule over a text piece by piece, so that the process stays responsive, with a time limit for the whole change (SECURITY T21). */
import { setImmediate } from "node:timers/promises";
import { scanContexts } from "./context-rules.ts";
import { decodeBase64, type RevealedText, revealText } from "./revealed-text.ts";
import type { SecretMatch } from "./secret-match.ts";
import { scanForServiceSecrets } from "./service-rule.ts";
import { scanForTokens } from "./token-rules.ts";
import { scanForSecretValues } from "./value-rule.ts";

const pieceCharacters = 128 * 1024;
/** Longer than any secret that the rules know, so that a secret between two pieces is whole in the second. */
const overlapCharacters = 8 * 1024;
/** A 20 MB patch takes a quarter of this time on a small machine. */
const timeMsMaxUsual = 120_000;

/** The rule to report for text that was not scanned in time. */
export const notScanned = "not-scanned";

/** Lockfiles, which are full of hashes under names such as `js-tokens`, are searched only for known forms. */
const lockfile =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock|Cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|go\.sum|flake\.lock)$/i;

type ScanText = (path: string, text: string) => Promise<SecretMatch[]>;

/**
 * A scan whose texts share one time limit. Matches come in text order; of overlapping matches the one that starts first is kept. Past the limit,
 * a text yields one match of the rule `notScanned`.
 */
export function startScan(timeMsMax = timeMsMaxUsual): ScanText {
  const endAt = performance.now() + timeMsMax;
  return async (path, text) => {
    const matches: SecretMatch[] = [];
    for (
      let from = 0;
      from === 0 || from + overlapCharacters < text.length;
      from += pieceCharacters - overlapCharacters
    ) {
      if (performance.now() > endAt) {
        matches.push({ rule: notScanned, start: from, end: text.length, isCertain: true });
        break;
      }
      const piece = text.slice(from, from + pieceCharacters);
      for (const match of await scanPiece(path, piece))
        matches.push({ ...match, start: match.start + from, end: match.end + from });
      if (piece.length < text.length) await setImmediate();
    }
    return withoutOverlaps(matches);
  };
}

async function scanPiece(path: string, text: string): Promise<SecretMatch[]> {
  // Loading it only with the first text saves an idle daemon much memory.
  const { scanWithSecretlint } = await import("./secretlint.ts");
  const scan = lockfile.test(path) ? scanForTokens : scanWithOwnRules;
  return [...scan(text), ...(await scanWithSecretlint(path, text)), ...scanHidden(text, scan)];
}

function scanWithOwnRules(text: string): SecretMatch[] {
  return [...scanForTokens(text), ...scanForSecretValues(text), ...scanForServiceSecrets(text), ...scanContexts(text)];
}

/** Scans text hidden by colours, escapes, concatenation and Base64, also Base64 inside such text and inside Base64. */
function scanHidden(text: string, scan: (text: string) => SecretMatch[]): SecretMatch[] {
  const revealed = revealText(text);
  const within = (hidden: RevealedText, depth: number): SecretMatch[] => {
    const inner = depth === 0 ? [] : [...decodeBase64(hidden.text)].flatMap((deeper) => within(deeper, depth - 1));
    return [...scan(hidden.text), ...inner].flatMap((match) => {
      const place = hidden.placeOf(match.start, match.end);
      return place === null ? [] : [{ ...match, ...place }];
    });
  };
  return [
    ...(revealed === null ? [] : within(revealed, 1)),
    ...[...decodeBase64(text)].flatMap((hidden) => within(hidden, 1)),
  ];
}

function withoutOverlaps(matches: readonly SecretMatch[]): SecretMatch[] {
  let end = 0;
  return matches
    .toSorted((one, other) => one.start - other.start)
    .filter((match) => {
      if (match.start < end) return false;
      end = match.end;
      return true;
    });
}

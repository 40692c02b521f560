/** Selects the stored messages that a subscriber asks for: `since=<message id | Unix time | duration | all | none | latest>`. */
import type { Message } from "./publish.ts";

const unitsInSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Undefined if `since` has none of these forms. An unknown id selects all messages. */
export function messagesSince(kept: readonly Message[], since: string, nowMs: number): readonly Message[] | undefined {
  if (since === "all") return kept;
  if (since === "none") return [];
  if (since === "latest") return kept.slice(-1);
  const after = (seconds: number) => kept.filter(({ time }) => time >= seconds);
  if (/^\d+$/.test(since) && since.length !== idLength) return after(Number(since));
  const durations = [...since.matchAll(/(\d+)([smh])/g)];
  if (durations.length > 0 && durations.map(([whole]) => whole).join("") === since) {
    const seconds = durations.reduce(
      (sum, [, count, unit]) => sum + Number(count) * (unitsInSeconds[unit ?? ""] ?? 0),
      0,
    );
    return after(Math.floor(nowMs / 1000) - seconds);
  }
  if (!/^[A-Za-z0-9]{12}$/.test(since)) return undefined;
  return kept.slice(kept.findIndex(({ id }) => id === since) + 1);
}

const idLength = 12;

/** Proposes a repository's name from its address. Pure. */

const nameLengthMax = 63;

/** A valid name that no other repository has; `taken` is compared case-insensitively. */
export function proposeName(url: string, taken: readonly string[]): string {
  const last = url
    .replace(/[/\\]+$/u, "")
    .replace(/\/?\.git$/u, "")
    .split(/[/\\:]/u)
    .at(-1);
  const plain = (last ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/gu, "-")
    .replace(/^[^a-z0-9]+|[-.]+$/gu, "")
    .slice(0, nameLengthMax - 4);
  const name = plain === "" ? "repository" : plain;
  const isTaken = (candidate: string) => taken.some((other) => other.toLowerCase() === candidate);
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    if (!isTaken(candidate)) return candidate;
  }
}

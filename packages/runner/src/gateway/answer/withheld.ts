/** Keeps back the last bytes of what streams through: what could still turn out to be the start of the secret, and at least one byte. It writes nothing itself. */

export interface Withheld {
  /** What may go on now that these bytes came, in order; null where the secret stands in them. */
  pass(bytes: Buffer): readonly Buffer[] | null;
  /** What is kept back. */
  rest(): Buffer;
}

/** `secret` null: there is none to look for. */
export function createWithheld(secret: Buffer | null): Withheld {
  const keptBytes = Math.max(1, (secret?.length ?? 1) - 1);
  let kept: Buffer = Buffer.alloc(0);
  const hasSecret = (bytes: Buffer) => {
    if (secret === null) return false;
    // Over the border between what came before and now; then in what came now.
    return Buffer.concat([kept, bytes.subarray(0, keptBytes)]).includes(secret) || bytes.includes(secret);
  };
  return {
    pass(bytes) {
      if (hasSecret(bytes)) return null;
      if (bytes.length <= keptBytes) {
        const all = Buffer.concat([kept, bytes]);
        const onward = all.subarray(0, Math.max(0, all.length - keptBytes));
        kept = all.subarray(onward.length);
        return onward.length === 0 ? [] : [onward];
      }
      const before = kept;
      const onward = bytes.subarray(0, bytes.length - keptBytes);
      // A copy: a view would hold the whole piece in memory.
      kept = Buffer.from(bytes.subarray(onward.length));
      return before.length === 0 ? [onward] : [before, onward];
    },
    rest: () => kept,
  };
}

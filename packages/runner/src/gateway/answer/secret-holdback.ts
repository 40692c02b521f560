/** Holds back the end of a stream, at least one byte, as long as it could be the start of the secret. It writes nothing. */

export interface SecretHoldback {
  /** The bytes that can be sent now, in order; null if the secret was found. */
  pass(bytes: Buffer): readonly Buffer[] | null;
  /** The bytes held back. */
  rest(): Buffer;
}

/** With `secret` null there is nothing to look for. */
export function createSecretHoldback(secret: Buffer | null): SecretHoldback {
  const keptBytes = Math.max(1, (secret?.length ?? 1) - 1);
  let kept: Buffer = Buffer.alloc(0);
  const hasSecret = (bytes: Buffer) => {
    if (secret === null) return false;
    // Looks first across the border of kept and new bytes, then in the new bytes.
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
      // A copy: a view would keep the whole chunk in memory.
      kept = Buffer.from(bytes.subarray(onward.length));
      return before.length === 0 ? [onward] : [before, onward];
    },
    rest: () => kept,
  };
}

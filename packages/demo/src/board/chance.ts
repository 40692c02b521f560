/** Chance derived from one integer: the same seed and name give the same draws, whatever else was drawn before. */
import { sha256 } from "@aedev/host/sha256";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Chance {
  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Buffer;
}

/** The draws of one thing, such as a run's result. Names keep draws apart: leaving one thing out of a simulation changes no other. */
export function chanceOf(seed: number, ...name: readonly (string | number)[]): Chance {
  const generator = xoroshiro128plus(mixed([seed, ...name].join("/")));
  const below = (bound: number) => uniformInt(generator, 0, bound - 1);
  return {
    below,
    happens: (probability) => below(1_000_000) < probability * 1_000_000,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error("there is nothing to pick from");
      return picked;
    },
    bytes(count) {
      const bytes = Buffer.allocUnsafe(count);
      let place = 0;
      for (; place + 4 <= count; place += 4) bytes.writeInt32LE(generator.next() | 0, place);
      for (const drawn = place < count ? generator.next() : 0, from = place; place < count; place += 1)
        bytes[place] = drawn >> (8 * (place - from));
      return bytes;
    },
  };
}

/** A digest computed from its parts. `length`: 64 or 40 hexadecimal digits. */
export function drawnDigest(length: 64 | 40, ...parts: readonly (string | number)[]): string {
  return sha256(parts.join("\0")).slice(0, length);
}

/** 32 bits that differ for similar texts: FNV-1a, then the end of MurmurHash3. Made for every draw by name, and not cryptographic. */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

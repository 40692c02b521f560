/** Chance that follows from one integer: the same seed and name give the same draws, whatever else was drawn before. */
import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Chance {
  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number;
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Buffer;
}

/** The draws of one thing, such as a run's result. Names keep draws apart: leaving one thing out of a simulation changes no other. */
export function chanceOf(seed: number, ...name: readonly (string | number)[]): Chance {
  const generator = xoroshiro128plus(
    createHash("sha256")
      .update([seed, ...name].join("/"))
      .digest()
      .readInt32LE(),
  );
  const below = (bound: number) => uniformInt(generator, 0, bound - 1);
  return {
    below,
    happens: (probability) => below(1_000_000) < probability * 1_000_000,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error("there is nothing to pick from");
      return picked;
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
}

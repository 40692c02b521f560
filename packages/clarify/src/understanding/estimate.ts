/** Estimates from a request's features whether a senior engineer would start without asking: a sum of fitted weights. It knows nothing about policy and words. ADR 0035. */
import { lazy } from "@aedev/contracts";
import { type Features, type SlotGroup, slotCount, slotGroups } from "./features.ts";
import { fitted } from "./weights.ts";

/** The fitted weights. A request's estimate is their sum over its features; above 0 the request is clear. */
export interface Weights {
  /** Added to every request; it includes the threshold. */
  readonly bias: number;
  readonly named: Readonly<Record<string, number>>;
  /** One weight for each slot of the sequences. */
  readonly slots: Float64Array;
}

/** 64 digits for weights from -31 to 32 steps. Steps grow with their number, so that small weights are precise. */
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const zero = 31;
/** The total weight of a group in a request, whatever the number of its members, is kept comparable to the other weights. */
const scaleOf: Readonly<Record<SlotGroup, number>> = { characters: 3, words: 2, pairs: 1.7, products: 2 };

const shipped = lazy((): Weights => {
  const slots = new Float64Array(slotCount);
  for (let slot = 0; slot < slotCount; slot += 1) {
    const step = digits.indexOf(fitted.slots.charAt(slot)) - zero;
    slots[slot] = Math.sign(step) * (step / zero) ** 2 * fitted.slotMax;
  }
  return { bias: fitted.bias, named: fitted.named, slots };
});

/** Above 0: clear. Most estimates are between -1 and 1; an estimate near 0 is a toss-up. */
export function estimate(features: Features, weights: Weights = shipped()): number {
  let sum = weights.bias;
  for (const [name, value] of features.named) sum += (weights.named[name] ?? 0) * value;
  for (const group of slotGroups) {
    const each = valueOfSlot(features, group);
    for (const slot of features.slots[group]) sum += (weights.slots[slot] ?? 0) * each;
  }
  return sum;
}

/** The value of each slot of a group in a request. */
export function valueOfSlot({ slots }: Features, group: SlotGroup): number {
  return scaleOf[group] / Math.sqrt(Math.max(1, slots[group].length));
}

/** The slots in the encoding of `weights.ts`. */
export function encodedSlots(slots: Float64Array): { readonly slotMax: number; readonly slots: string } {
  const slotMax = slots.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const step = (weight: number) => Math.sign(weight) * Math.round(Math.sqrt(Math.abs(weight) / (slotMax || 1)) * zero);
  return { slotMax, slots: [...slots].map((weight) => digits.charAt(step(weight) + zero)).join("") };
}

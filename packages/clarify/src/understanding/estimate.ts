/** Estimates from a request's features whether a senior engineer would start on it without asking: a sum of fitted weights. It knows nothing of policy and words. ADR 0035. */
import { lazy } from "@aedev/contracts";
import { type Features, type SlotGroup, slotCount, slotGroups } from "./features.ts";
import { fitted } from "./weights.ts";

/** Weights as they are fitted. A request's estimate is their sum over its features; above 0 it is clear. */
export interface Weights {
  /** Added to every request, and lowered by the threshold. */
  readonly bias: number;
  readonly named: Readonly<Record<string, number>>;
  /** One for each slot of the sequences. */
  readonly slots: Float64Array;
}

/** 64 digits for weights from -31 to 32 steps; a step grows with its number, so that small weights are told apart. */
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const zero = 31;
/** What all of a group in a request weigh together, however many it has, is kept comparable to the rest. */
const scaleOf: Readonly<Record<SlotGroup, number>> = { characters: 3, words: 2, pairs: 1.7, products: 2 };

const shipped = lazy((): Weights => {
  const slots = new Float64Array(slotCount);
  for (let slot = 0; slot < slotCount; slot += 1) {
    const step = digits.indexOf(fitted.slots.charAt(slot)) - zero;
    slots[slot] = Math.sign(step) * (step / zero) ** 2 * fitted.slotMax;
  }
  return { bias: fitted.bias, named: fitted.named, slots };
});

/** Above 0: clear. Most estimates lie between -1 and 1; one near 0 is a toss-up. */
export function estimate(features: Features, weights: Weights = shipped()): number {
  let sum = weights.bias;
  for (const [name, value] of features.named) sum += (weights.named[name] ?? 0) * value;
  for (const group of slotGroups) {
    const each = valueOfSlot(features, group);
    for (const slot of features.slots[group]) sum += (weights.slots[slot] ?? 0) * each;
  }
  return sum;
}

/** What each slot of a group counts in a request. */
export function valueOfSlot({ slots }: Features, group: SlotGroup): number {
  return scaleOf[group] / Math.sqrt(Math.max(1, slots[group].length));
}

/** The slots as `weights.ts` has them. */
export function encodedSlots(slots: Float64Array): { readonly slotMax: number; readonly slots: string } {
  const slotMax = slots.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const step = (weight: number) => Math.sign(weight) * Math.round(Math.sqrt(Math.abs(weight) / (slotMax || 1)) * zero);
  return { slotMax, slots: [...slots].map((weight) => digits.charAt(step(weight) + zero)).join("") };
}

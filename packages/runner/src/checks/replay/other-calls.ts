/** Makes the calls that no test makes, once, because processes and judgement refer to each by its index. Base and change are compared on them. Pure. */
import { type NamedConstants, noConstants } from "../explore/named-constants.ts";
import { type ExploredCall, exploreCalls } from "../explore/neighbours.ts";
import { type VariedCall, varyCalls } from "../explore/vary.ts";

export interface OtherCalls {
  readonly varied: readonly VariedCall[];
  readonly explored: readonly ExploredCall[];
}

/** `constants`: literals in the changed lines. */
export function otherCalls(calls: readonly VariedCall[], constants: NamedConstants = noConstants): OtherCalls {
  return { varied: varyCalls(calls, constants), explored: exploreCalls(calls, constants) };
}

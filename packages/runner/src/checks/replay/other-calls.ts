/** Makes the calls that no test makes, of which the outcomes of base and change are compared. They are made once: processes and judgement know each by its index. Pure. */
import { type NamedConstants, noConstants } from "../explore/named-constants.ts";
import { type ExploredCall, exploreCalls } from "../explore/neighbours.ts";
import { type VariedCall, varyCalls } from "../explore/vary.ts";

export interface OtherCalls {
  readonly varied: readonly VariedCall[];
  readonly explored: readonly ExploredCall[];
}

/** `constants`: what the changed lines name. */
export function otherCalls(calls: readonly VariedCall[], constants: NamedConstants = noConstants): OtherCalls {
  return { varied: varyCalls(calls, constants), explored: exploreCalls(calls, constants) };
}

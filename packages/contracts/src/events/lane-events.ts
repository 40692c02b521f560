/** Events on a repository's stream about its lanes: whether changes of a kind may merge by themselves. */
import { z } from "zod";
import { laneClosedSchema, laneKindSchema } from "../lane.ts";
import { wordsCharactersMax } from "../specification.ts";
import { deciderFields } from "./decider.ts";

export const laneEvents = {
  /** Changes of this kind are asked about from now on: too many merges went wrong. */
  LaneClosed: laneClosedSchema,
  /** A person lets changes of this kind merge by themselves again. Earlier merges no longer count. */
  LaneReopened: z.strictObject({ kind: laneKindSchema, reason: z.string().max(wordsCharactersMax), ...deciderFields }),
};

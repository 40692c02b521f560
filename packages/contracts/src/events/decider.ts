/** The fields of a person's decision in an event: who and in which way. */
import { z } from "zod";
import { decisionWaySchema } from "../operator.ts";

/** `way` is absent if the event does not come from a person's client, or from a version that did not record it. */
export const deciderFields = { by: z.string(), way: decisionWaySchema.optional() };

/** The fields of a person's decision in an event: who decided, and through which channel. */
import { z } from "zod";
import { decisionWaySchema } from "../operator.ts";

/** `way` is absent if the event does not come from a person's client, or comes from a version that did not record it. */
export const deciderFields = { by: z.string(), way: decisionWaySchema.optional() };

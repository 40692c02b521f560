/** Events about judge vendors, on the stream `system`. They hold no text of a vendor. */
import { z } from "zod";
import { familySchema, inconclusiveDetailSchema } from "../verdict.ts";

export const judgeEvents = {
  /** A judge gave no answer because its vendor was not available in any of the tries that the policy allows. */
  JudgeUnavailable: z.strictObject({ family: familySchema, detail: inconclusiveDetailSchema }),
  /** The vendor is available again: it gave a verdict, or a probe reached it. Every change that waited for it continues. */
  JudgeAvailable: z.strictObject({ family: familySchema, by: z.enum(["verdict", "probe"]) }),
};

/** Events about operators, on the stream `system`. They contain the digest of a token, never the token. */
import { z } from "zod";
import { sha256Schema } from "../ids.ts";
import { githubLoginSchema, operatorNameSchema, roleSchema } from "../operator.ts";
import { deciderFields } from "./decider.ts";

export const operatorEvents = {
  /**
   * An operator was added, or an operator whose token had become void got a new one. `token_digest`: SHA-256 of the token, which is 256 random bits, so
   * neither salt nor a slow hash would add anything. `epoch`: the token is void as soon as the home has another epoch.
   */
  OperatorAdded: z.strictObject({
    name: operatorNameSchema,
    role: roleSchema,
    token_digest: sha256Schema,
    github_login: githubLoginSchema.nullable(),
    /** True: this operator is the owner of the home. */
    is_owner: z.boolean(),
    epoch: z.int().positive(),
    ...deciderFields,
  }),
  /** The operator's token stopped working. */
  OperatorRemoved: z.strictObject({ name: operatorNameSchema, ...deciderFields }),
};

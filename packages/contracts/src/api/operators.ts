/** Documents and routes of operators. Only the answer that adds an operator contains a token. */
import { z } from "zod";
import { instantSchema } from "../ids.ts";
import { githubLoginSchema, operatorNameSchema, operatorTokenPattern, roleSchema } from "../operator.ts";
import { emptyBodySchema, nameParameterSchema } from "./basics.ts";

/** An operator, without the token that proves their identity. */
const operatorDocumentSchema = z
  .strictObject({
    name: z.string(),
    role: roleSchema,
    github_login: z.string().nullable(),
    /** True: this operator is the owner of the home. */
    is_owner: z.boolean(),
    added_at: instantSchema,
    added_by: z.string(),
    /** False: the log was accepted as it is after the token was made, so the token no longer works. */
    token_works: z.boolean(),
  })
  .meta({ id: "Operator" });
export type OperatorDocument = z.infer<typeof operatorDocumentSchema>;

const operatorListSchema = z.strictObject({ operators: z.array(operatorDocumentSchema) });

const addedOperatorSchema = z.strictObject({
  operator: operatorDocumentSchema,
  /** Shown only in this answer: the log has the token's digest. */
  token: z.string().regex(operatorTokenPattern),
});

const newOperatorSchema = z.strictObject({
  name: operatorNameSchema,
  role: roleSchema,
  github_login: githubLoginSchema.nullish(),
  is_owner: z.boolean().default(false),
});

/** A client asks the daemon to prove that it knows the client's token before it sends the token, because any program may listen on the port. */
const proofQuerySchema = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  nonce: z.string().regex(/^[0-9a-f]{64}$/),
});

export const operatorRouteRows = {
  listOperators: {
    method: "GET",
    path: "/api/operators",
    role: "viewer",
    summary: "List the operators and their roles",
    answer: operatorListSchema,
  },
  addOperator: {
    method: "POST",
    path: "/api/operators",
    role: "admin",
    summary: "Add an operator; the answer has the operator's token, which is shown only once",
    body: newOperatorSchema,
    answer: addedOperatorSchema,
    refusals: [409],
  },
  removeOperator: {
    method: "POST",
    path: "/api/operators/:name/remove",
    role: "admin",
    summary: "Remove an operator, whose token stops working at once",
    params: nameParameterSchema,
    body: emptyBodySchema,
    answer: operatorListSchema,
    refusals: [409],
  },
  proveDaemon: {
    method: "GET",
    path: "/proof",
    open: true,
    summary: "Prove to an operator's client that this is the daemon, before the client sends its token",
    query: proofQuerySchema,
    answer: z.strictObject({ proof: z.string() }),
  },
} as const;

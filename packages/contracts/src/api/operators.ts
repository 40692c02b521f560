/** Documents and routes of operators. A token is in one answer only: that of adding its operator. */
import { z } from "zod";
import { instantSchema } from "../ids.ts";
import { githubLoginSchema, operatorNameSchema, operatorTokenPattern, roleSchema } from "../operator.ts";
import { emptyBodySchema, nameParameterSchema } from "./basics.ts";

/** An operator, without anything that proves to be this operator. */
const operatorDocumentSchema = z
  .strictObject({
    name: z.string(),
    role: roleSchema,
    github_login: z.string().nullable(),
    /** True: the owner of the home, under a name. */
    is_owner: z.boolean(),
    added_at: instantSchema,
    added_by: z.string(),
    /** False: the log was accepted as it is since then, so the token no longer works. */
    token_works: z.boolean(),
  })
  .meta({ id: "Operator" });
export type OperatorDocument = z.infer<typeof operatorDocumentSchema>;

const operatorListSchema = z.strictObject({ operators: z.array(operatorDocumentSchema) });

const addedOperatorSchema = z.strictObject({
  operator: operatorDocumentSchema,
  /** Shown here only: the log has its digest. */
  token: z.string().regex(operatorTokenPattern),
});

const newOperatorSchema = z.strictObject({
  name: operatorNameSchema,
  role: roleSchema,
  github_login: githubLoginSchema.nullish(),
  is_owner: z.boolean().default(false),
});

/** How a client makes the daemon prove that it knows the client's token, before the token is sent to a port that anybody may listen on. */
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

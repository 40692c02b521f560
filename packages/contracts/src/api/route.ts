/** The shape of one row of the table of routes. */
import type { z } from "zod";
import type { OperatorRole } from "../operator.ts";

/** One route. Each can also answer 400, 401, 403 and 500 with an error document. */
export type Route = RouteShape &
  (
    | { /** The lowest role that may call it. */ readonly role: OperatorRole; readonly open?: never }
    /** The route needs no token. Such a route changes nothing, except that a one-time code signs a browser in. */
    | { readonly open: true; readonly role?: never }
  );

interface RouteShape {
  readonly method: "GET" | "POST";
  /** A parameter is written `:name`. */
  readonly path: string;
  readonly summary: string;
  /** An `agent` may call it too: it submits, follows or answers, and decides nothing. */
  readonly agent?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  /** 404: not found; 409: refused, or a failure outside aedev. */
  readonly refusals?: readonly (404 | 409)[];
  /** Media type of the response, if it is not JSON. */
  readonly media?: string;
  /** The response is 204 without a body. */
  readonly empty?: true;
  /** For a route that can also answer with JSON Lines: the schema of a line. */
  readonly lines?: z.ZodType;
}

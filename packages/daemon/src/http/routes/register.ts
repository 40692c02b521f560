/**
 * Registers the table's routes with their handlers. Requests and answers are validated against the table's schemas; an answer that does not match is the
 * daemon's failure.
 * Folder: the handlers over HTTP, one file per group.
 */
import { type OperatorRole, roleSchema } from "@aedev/contracts";
import { errorDocumentSchema, type Route, type RouteName, routes } from "@aedev/contracts/api";
import type { Refusal } from "@aedev/core";
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from "fastify";
import type { ApiCaller } from "./caller.ts";
import { ErrorAnswer, type Handlers, refusal as refusalAnswer } from "./handler.ts";

type AnyHandler = (request: unknown, reply: FastifyReply) => Promise<unknown>;

/** Anybody may send a body to an open route. */
const openBodyBytesMax = 1024;

/** The caller of each request under way, noted by the guard. */
export const callers = new WeakMap<FastifyRequest, ApiCaller>();

/** The lowest role that may call the request's route; undefined: nobody may. */
export function roleOfRoute({ routeOptions }: FastifyRequest): OperatorRole | undefined {
  return roleSchema.safeParse(Object(routeOptions.config)["role"]).data;
}

/** Whether an agent may call the request's route. */
export function isForAgents({ routeOptions }: FastifyRequest): boolean {
  return Object(routeOptions.config)["agent"] === true;
}

/** `refusal`: why this route may change nothing now; null if it may. */
export function registerRoutes(
  server: FastifyInstance,
  handlers: Partial<Handlers>,
  refusal: (name: RouteName) => Refusal | null = () => null,
): void {
  for (const name of Object.keys(handlers) as RouteName[]) {
    const route: Route = routes[name];
    const handler = handlers[name] as AnyHandler;
    server.route({
      method: route.method,
      url: route.path,
      schema: schemaOf(name, route),
      ...(route.open === true
        ? { bodyLimit: openBodyBytesMax }
        : { config: { role: route.role, agent: route.agent === true } }),
      async handler(request, reply) {
        const { params, query, body } = request;
        const caller = callers.get(request);
        if (caller === undefined && route.open !== true) throw new Error(`nobody is known to call ${name}`);
        const refused = route.method === "POST" ? refusal(name) : null;
        const answer =
          refused === null ? await handler({ params, query, body, caller }, reply) : refusalAnswer(refused);
        if (answer instanceof ErrorAnswer) return reply.code(answer.status).send(answer.body);
        if (route.empty === true) return reply.code(204).send();
        if (route.media !== undefined) reply.type(route.media);
        return answer;
      },
    });
  }
}

function schemaOf(name: RouteName, route: Route): FastifySchema {
  const { summary, params, query, body, open } = route;
  return {
    operationId: name,
    summary,
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    ...(open === true ? { security: [] } : {}),
    response: responsesOf(route),
  } as FastifySchema;
}

const descriptions = {
  400: "The request does not match its schema",
  401: "The bearer token is missing or wrong",
  403: "The Host or Origin is not the daemon's own, or the role does not allow it",
  404: "Not found",
  409: "Refused",
  413: "The body is too large",
  414: "An id in the path is too long",
  415: "The body is not JSON",
  500: "The daemon failed",
} as const;

function responsesOf({
  params,
  query,
  body,
  answer,
  refusals = [],
  open,
  media = "application/json",
  lines,
  empty,
}: Route) {
  const statuses: (keyof typeof descriptions)[] = [
    ...(params === undefined && query === undefined && body === undefined ? [] : ([400] as const)),
    ...(open === true ? [] : ([401] as const)),
    403,
    ...refusals,
    ...(params === undefined ? [] : ([414] as const)),
    ...(body === undefined ? [] : ([413, 415] as const)),
    500,
  ];
  const content = {
    [media.split(";")[0] ?? media]: { schema: answer },
    ...(lines === undefined ? {} : { "application/x-ndjson": { schema: lines } }),
  };
  const errors = statuses.map((status) => [
    status,
    { description: descriptions[status], content: { "application/json": { schema: errorDocumentSchema } } },
  ]);
  const done =
    empty === true ? { 204: { description: "Nothing", content } } : { 200: { description: "Done", content } };
  return { ...done, ...Object.fromEntries(errors) };
}

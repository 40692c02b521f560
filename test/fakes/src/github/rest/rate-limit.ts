/** GitHub's primary rate limit: requests per hour and account, with its headers. Conditional requests that answer 304 are not counted. */
import type { World } from "../state/world.ts";
import type { Caller } from "./call.ts";

const windowMs = 60 * 60_000;
const anonymousLimit = 60;

export interface RateState {
  readonly limit: number;
  used: number;
  /** Unix time in seconds. */
  readonly reset: number;
}
export interface RequestLimits {
  state(caller: Caller): RateState;
}

/** `limit`: an account's requests per hour; GitHub's is 5,000. */
export function createRequestLimits(world: World, limit: number): RequestLimits {
  const states = new Map<string, RateState>();
  return {
    state: (caller) => {
      const key = callerKey(caller);
      const now = world.clock().getTime();
      const known = states.get(key);
      if (known !== undefined && known.reset * 1000 > now) return known;
      const fresh = {
        limit: caller.kind === "anonymous" ? anonymousLimit : limit,
        used: 0,
        reset: Math.ceil((now + windowMs) / 1000),
      };
      states.set(key, fresh);
      return fresh;
    },
  };
}

function callerKey(caller: Caller): string {
  if (caller.kind === "anonymous") return "anonymous";
  return caller.kind === "app" ? `app ${caller.app.id}` : `account ${caller.token.actor.id}`;
}

export function remainingOf({ limit, used }: RateState): number {
  return Math.max(0, limit - used);
}

export function rateHeaders(state: RateState): Record<string, string> {
  return {
    "x-ratelimit-limit": String(state.limit),
    "x-ratelimit-remaining": String(remainingOf(state)),
    "x-ratelimit-reset": String(state.reset),
    "x-ratelimit-used": String(Math.min(state.used, state.limit)),
    "x-ratelimit-resource": "core",
  };
}

export function rateDocument(state: RateState) {
  const core = { limit: state.limit, used: state.used, remaining: remainingOf(state), reset: state.reset };
  const search = { limit: 30, used: 0, remaining: 30, reset: state.reset };
  return { resources: { core, search, graphql: { ...core, used: 0, remaining: core.limit } }, rate: core };
}

/** Faults ordered by a test: a request is refused or broken off before it acts, or its answer is replaced or lost after it acted. */

export interface OrderedFault {
  /** Default: any method. */
  readonly method?: string;
  /** Tested against the path with its query, e.g. `/api/v3/repos/o/r/pulls` or `/o/r.git/git-receive-pack`. */
  readonly path: RegExp;
  /** Tested against the body of a request to the API, because GraphQL has one path for everything. */
  readonly sent?: RegExp;
  /** `before`: answers without acting. `after`: acts, then answers this. `lost`: acts, then drops the connection. */
  readonly when: "before" | "after" | "lost";
  /** Without a status, `before` drops the connection and `after` answers 502. */
  readonly status?: number;
  /** Sent as JSON, or a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Number of requests that it hits; default 1. */
  readonly times?: number;
  /** Number of matching requests that pass before the first hit; default 0. */
  readonly skip?: number;
}
export interface Faults {
  add(fault: OrderedFault): void;
  clear(): void;
  /** Number of faults that have hit less often than ordered. */
  readonly left: number;
  /** Returns the fault for this request and uses it up by one. */
  take(request: { method: string; path: string; body?: string }): OrderedFault | undefined;
}

export function createFaults(): Faults {
  let ordered: { readonly fault: OrderedFault; left: number; skip: number }[] = [];
  return {
    add: (fault) => {
      ordered.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
    },
    clear: () => {
      ordered = [];
    },
    get left() {
      return ordered.length;
    },
    take: ({ method, path, body = "" }) => {
      const found = ordered.find(
        ({ fault }) =>
          (fault.method ?? method).toUpperCase() === method &&
          new RegExp(fault.path).test(path) &&
          (fault.sent === undefined || new RegExp(fault.sent).test(body)),
      );
      if (found === undefined) return undefined;
      if (found.skip > 0) {
        found.skip -= 1;
        return undefined;
      }
      found.left -= 1;
      ordered = ordered.filter(({ left }) => left > 0);
      return found.fault;
    },
  };
}

const documentation = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

/** GitHub's answer once an hour's requests are used up. `resetAt`: when the next hour begins. */
export function primaryRateLimit(
  path: RegExp,
  options: { resetAt: Date; method?: string; times?: number },
): OrderedFault {
  const { resetAt, ...rest } = options;
  return {
    ...rest,
    path,
    when: "before",
    status: 403,
    headers: {
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-used": "5000",
      "x-ratelimit-reset": String(Math.ceil(resetAt.getTime() / 1000)),
      "x-ratelimit-resource": "core",
    },
    body: { message: "API rate limit exceeded for user ID 1.", documentation_url: documentation, status: "403" },
  };
}

/** GitHub's answer to too many requests at once, while the primary limit has requests left. `status`: GitHub uses both. */
export function secondaryRateLimit(
  path: RegExp,
  options: { retryAfterSeconds?: number; status?: 403 | 429; method?: string; times?: number } = {},
): OrderedFault {
  const { retryAfterSeconds, status = 403, ...rest } = options;
  return {
    ...rest,
    path,
    when: "before",
    status,
    headers: {
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": "4990",
      "x-ratelimit-used": "10",
      "x-ratelimit-resource": "core",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: {
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      documentation_url: `${documentation}#about-secondary-rate-limits`,
      status: String(status),
    },
  };
}

/** Parses a caller's input (bodies, numbers, paging) and refuses it in GitHub's words. */
import type { z } from "zod";
import { GitHubRefusal, notFoundRefusal } from "../state/refusal.ts";
import type { RestCall } from "./call.ts";

/** The body in the schema's shape; throws a 422 that names missing or wrong fields. */
export function parseBody<Schema extends z.ZodType>({ body }: RestCall, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const missing: string[] = [];
  const wrong: string[] = [];
  for (const { path, message, code } of parsed.error.issues) {
    const value = path.reduce<unknown>(
      (found, key) => (found as Record<PropertyKey, unknown> | undefined)?.[key],
      body,
    );
    if (value === undefined && code === "invalid_type") missing.push(`"${String(path.at(-1))}"`);
    else
      wrong.push(`For 'properties/${path.map(String).join("/")}', ${JSON.stringify(value)} is not valid: ${message}.`);
  }
  const absent =
    missing.length === 0 ? [] : [`${missing.join(", ")} ${missing.length === 1 ? "wasn't" : "weren't"} supplied.`];
  throw new GitHubRefusal(422, `Invalid request.\n\n${[...absent, ...wrong].join("\n")}`);
}

/** A number in the path; throws a 404 if it is none. */
export function numberParam({ params }: RestCall, name: string): number {
  const text = params[name] ?? "";
  if (!/^\d{1,15}$/.test(text)) throw notFoundRefusal();
  return Number(text);
}

const pageSizeMax = 100;
const pageSizeDefault = 30;

/** One page of a list, with GitHub's Link header if there are others. */
export function pageOf<Item>(
  call: RestCall,
  items: readonly Item[],
): { items: Item[]; headers: Record<string, string> } {
  const asked = Number(call.query.get("per_page") ?? pageSizeDefault);
  const size = Math.min(Number.isInteger(asked) && asked > 0 ? asked : pageSizeDefault, pageSizeMax);
  const page = Math.max(1, Math.trunc(Number(call.query.get("page") ?? 1)) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const address = (number: number) => {
    const url = new URL(`${call.site.api}${call.path}`);
    url.searchParams.set("page", String(number));
    return url.href;
  };
  const links = [
    ...(page > 1 ? [`<${address(Math.min(page - 1, last))}>; rel="prev"`] : []),
    ...(page < last ? [`<${address(page + 1)}>; rel="next"`, `<${address(last)}>; rel="last"`] : []),
    ...(page > 1 ? [`<${address(1)}>; rel="first"`] : []),
  ];
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}

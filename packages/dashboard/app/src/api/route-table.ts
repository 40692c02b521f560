/** Method and path of each of the daemon's routes; build.ts puts them in. */
import type { RouteName } from "@aedev/contracts/api";

declare const routeTable: Readonly<Record<RouteName, readonly [method: "GET" | "POST", path: string]>>;

export const methodAndPath = routeTable;

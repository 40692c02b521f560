/** Orders one piece of work from a plane. The report is a claim until it is in the log. */
import { Fault, type PlaneReport, type PlaneWork } from "@aedev/contracts";
import type { PlaneName } from "./plane.ts";
import type { Planes } from "./planes.ts";

type Ordered<T> = T extends unknown ? Omit<T, "nonce" | "generation"> : never;
/** The work without the fields that its plane adds. */
export type Order<K extends PlaneWork["kind"]> = Ordered<Extract<PlaneWork, { kind: K }>>;

/** Throws a Fault `report-mismatch` if the report is for other work. */
export async function askPlane<K extends PlaneWork["kind"]>(
  planes: Pick<Planes, "perform">,
  plane: PlaneName,
  order: Order<K> & { kind: K; work_id: string },
): Promise<Extract<PlaneReport, { kind: K }>> {
  const report = await planes.perform(plane, order);
  if (report.kind !== order.kind)
    throw new Fault("report-mismatch", `a ${report.kind} report came back for ${order.kind}`);
  return report as Extract<PlaneReport, { kind: K }>;
}

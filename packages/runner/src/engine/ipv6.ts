/** Tells whether containers can have `::1`, as ordinary machines do. It changes nothing. */
import { existsSync } from "node:fs";

/** False only if this machine's Linux kernel has no IPv6. On other systems the engine runs in a Linux of its own that has it. */
export function hasIpv6(): boolean {
  return process.platform !== "linux" || existsSync("/proc/sys/net/ipv6/conf/lo/disable_ipv6");
}

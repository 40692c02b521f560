/**
 * Which addresses a registry's name may have (THREATS T8): public ones; those of private networks and of this machine only where the
 * operator said so for that very registry; link-local, metadata, multicast and reserved ones never. Pure.
 */
import { BlockList, isIP, isIPv4 } from "node:net";

/** `own`: the addresses of this machine's interfaces. Null: it may be reached. */
export function whyNotAddress(address: string, rule: { mayBePrivate: boolean; own: readonly string[] }): string | null {
  // With a zone it would not be the text of one of our own addresses, although it may mean it.
  if (isIP(address) === 0 || address.includes("%")) return "is no address";
  const kind = isIPv4(address) ? "ipv4" : "ipv6";
  if (isNever(address, kind)) return "is link-local, reserved or a way around the rules";
  if (rule.mayBePrivate) return null;
  if (isPrivate(address, kind)) return "is of this machine or of a private network";
  return rule.own.includes(address) ? "is this machine's own" : null;
}

type Kind = "ipv4" | "ipv6";

/** RFC 6890 and 1112, and metadata that clouds keep elsewhere: at a public address, among carriers' shared ones, in `fd00:ec2::` and `fd20:ce::`. Ranges for documentation are routed nowhere and left out. */
const never4 = subnets("ipv4", [
  "0.0.0.0/8",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "192.88.99.0/24",
  "168.63.129.16/32",
  "100.100.100.200/32",
  "224.0.0.0/4",
  "240.0.0.0/4",
]);
const private4 = subnets("ipv4", [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "198.18.0.0/15",
]);
const never6 = subnets("ipv6", ["fd00:ec2::/32", "fd20:ce::/32"]);
const global6 = subnets("ipv6", ["2000::/3"]);
/** Inside the global range: Teredo and its kind, 6to4: they carry an IPv4 address that nobody checked. */
const tunnels6 = subnets("ipv6", ["2001::/23", "2002::/16"]);
const private6 = subnets("ipv6", ["fc00::/7", "::1/128"]);

/** IPv6 is an allow-list: what is neither global nor private (mapped, link-local, multicast, NAT64) is never reached. */
function isNever(address: string, kind: Kind): boolean {
  if (kind === "ipv4") return never4.check(address, kind);
  if (never6.check(address, kind)) return true;
  if (private6.check(address, kind)) return false;
  return !global6.check(address, kind) || tunnels6.check(address, kind);
}

function isPrivate(address: string, kind: Kind): boolean {
  return (kind === "ipv4" ? private4 : private6).check(address, kind);
}

function subnets(kind: Kind, ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", bits = ""] = range.split("/");
    list.addSubnet(network, Number(bits), kind);
  }
  return list;
}

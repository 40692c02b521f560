/**
 * Decides which addresses a registry's name may have (SECURITY T8): public ones always; private networks and this machine only if the operator allowed it for
 * that registry; link-local, metadata, multicast and reserved ones never.
 */
import { lookup } from "node:dns/promises";
import { BlockList, isIP, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";

/** Looks up the addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true, order: "ipv4first" })).map(({ address }) => address);

/** The address that `host` is, or those of its name, or why none may be used. One lookup: a connection to its answers is safe from a second one (DNS rebinding). */
export async function allowedAddresses(
  host: string,
  { mayBePrivate, resolve = systemResolve }: { mayBePrivate: boolean; resolve?: Resolve | undefined },
): Promise<{ kind: "found"; addresses: readonly string[] } | { kind: "refused" | "failed"; reason: string }> {
  const literal = host.replace(/^\[(.*)\]$/, "$1");
  const addresses = isIP(literal) === 0 ? await resolve(host).catch(() => []) : [literal];
  if (addresses.length === 0) return { kind: "failed", reason: "it has no address" };
  const own = ownAddresses();
  for (const address of addresses) {
    const why = whyNotAddress(address, { mayBePrivate, own });
    if (why !== null) return { kind: "refused", reason: `its address ${address} ${why}` };
  }
  return { kind: "found", addresses };
}

/** Null if the address is allowed. `own`: the addresses of this machine's interfaces. */
export function whyNotAddress(address: string, rule: { mayBePrivate: boolean; own: readonly string[] }): string | null {
  // An address with a zone may mean our own address without being equal to it as text.
  if (isIP(address) === 0 || address.includes("%")) return "is not an address";
  const kind = isIPv4(address) ? "ipv4" : "ipv6";
  if (isNever(address, kind)) return "is link-local, reserved or a tunnel";
  if (rule.mayBePrivate) return null;
  if (isPrivate(address, kind)) return "belongs to this machine or a private network";
  return rule.own.includes(address) ? "belongs to this machine" : null;
}

/** The addresses of this machine's interfaces. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
}

type Kind = "ipv4" | "ipv6";

/**
 * RFC 6890 and 1112, and metadata services of clouds in other ranges: a public address, one for carrier-grade NAT, `fd00:ec2::` and `fd20:ce::`. Documentation
 * ranges are not routed, so they are missing.
 */
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
/** Teredo, similar tunnels and 6to4 lie in the global range, but contain an unchecked IPv4 address. */
const tunnels6 = subnets("ipv6", ["2001::/23", "2002::/16"]);
const private6 = subnets("ipv6", ["fc00::/7", "::1/128"]);

/** For IPv6 this is an allow-list: an address that is neither global nor private (mapped, link-local, multicast, NAT64) is never reached. */
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

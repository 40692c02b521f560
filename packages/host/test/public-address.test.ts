/** Which addresses a registry's name may have. */
import { describe, expect, it } from "vitest";
import { allowedAddresses, whyNotAddress } from "../src/public-address.ts";

const own = ["104.16.0.7", "2606:4700::7"];
const why = (address: string, mayBePrivate = false) => whyNotAddress(address, { mayBePrivate, own });

describe("the address of a registry", () => {
  it.each(["104.16.0.35", "151.101.0.223", "2606:4700::6810:23", "2a04:4e42::223"])("may be public: %s", (address) => {
    expect(why(address)).toBeNull();
  });

  it.each([
    ...["127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.17.0.1", "172.31.255.255", "192.168.1.1"],
    ...["100.64.0.1", "100.100.100.100", "198.18.0.1", "::1", "fd00::1", "fc00::1"],
    ...["104.16.0.7", "2606:4700::7"],
  ])("may be private only if the operator said so: %s", (address) => {
    expect(why(address)).not.toBeNull();
    expect(why(address, true)).toBeNull();
  });

  it.each([
    ...["0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "168.63.129.16", "192.0.0.192", "192.88.99.1"],
    ...["224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "fe80::1", "fec0::1", "ff02::1"],
    ...[
      "::ffff:127.0.0.1",
      "::ffff:104.16.0.35",
      "::127.0.0.1",
      "64:ff9b::7f00:1",
      "64:ff9b:1::1",
      "2001::1",
      "2002:7f00:1::",
    ],
    ...["100.100.100.200", "fd00:ec2::254", "fd20:ce::254"],
    ...["fe80::1%eth0", "2606:4700::7%eth0", "registry.npmjs.org", "", "2130706433", "0x7f000001", "127.1"],
  ])("may never be %s", (address) => {
    expect(why(address)).not.toBeNull();
    expect(why(address, true)).not.toBeNull();
  });
});

describe("the addresses of a registry's name", () => {
  const ask = (host: string, answer: readonly string[] | Error, mayBePrivate = false) => {
    const resolve = async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return allowedAddresses(host, { mayBePrivate, resolve });
  };
  it("are those of one lookup, if each of them is allowed", async () => {
    const found = { kind: "found", addresses: ["104.16.0.35", "2606:4700::6810:23"] };
    expect(await ask("registry.example", found.addresses)).toEqual(found);
    expect(await ask("registry.example", ["104.16.0.35", "10.0.0.1"])).toMatchObject({ kind: "refused" });
    expect(await ask("registry.example", ["10.0.0.1"], true)).toMatchObject({ kind: "found" });
    expect(await ask("registry.example", [])).toMatchObject({ kind: "failed" });
    expect(await ask("registry.example", new Error("no such host"))).toMatchObject({ kind: "failed" });
  });
  it("are the host itself if it is an address, which is checked as well and not looked up", async () => {
    expect(await ask("[2606:4700::6810:23]", [])).toEqual({ kind: "found", addresses: ["2606:4700::6810:23"] });
    expect(await ask("127.0.0.1", ["104.16.0.35"])).toMatchObject({ kind: "refused" });
  });
});

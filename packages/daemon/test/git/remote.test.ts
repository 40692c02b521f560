/** Which texts are remotes for us, and which are refused. */
import { describe, expect, it } from "vitest";
import { parseRemote } from "../../src/git/remote.ts";

describe("a remote", () => {
  it.each([
    ["https://example.org/a/b.git", "https://example.org/a/b.git", "https"],
    ["HTTPS://Example.org/a/b.git", "https://example.org/a/b.git", "https"],
    ["ssh://git@example.org:2222/a/b.git", "ssh://git@example.org:2222/a/b.git", "ssh"],
    ["ssh://example.org/~me/b.git", "ssh://example.org/~me/b.git", "ssh"],
    ["git@example.org:a/b.git", "git@example.org:a/b.git", "ssh"],
    ["example.org:b.git", "example.org:b.git", "ssh"],
    ["file:///srv/a%20b.git", "/srv/a b.git", "file"],
    ["file://localhost/srv/b.git", "/srv/b.git", "file"],
    ["/srv/../srv/b.git", "/srv/b.git", "file"],
    ["/srv/odd::name:x@y.git", "/srv/odd::name:x@y.git", "file"],
  ])("a remote is read from %s", (text, url, kind) => {
    expect(parseRemote(text)).toEqual({ url, kind });
  });

  it("a relative path is a remote only if it is said relative to what", () => {
    expect(parseRemote("../b.git", { relativeTo: "/srv/a" })).toEqual({ url: "/srv/b.git", kind: "file" });
    expect(() => parseRemote("../b.git")).toThrow(/relative/);
  });

  it("plain http is a remote only at the loopback origin that the configuration names", () => {
    const remotes = { plainHttpOrigin: "http://127.0.0.1:8080", credentialFor: async () => null, helpFor: () => "" };
    const url = "http://127.0.0.1:8080/a/b.git";
    expect(parseRemote(url, { remotes })).toEqual({ url, kind: "http" });
    for (const other of [
      "http://127.0.0.1:8081/a/b.git",
      "http://localhost:8080/a/b.git",
      "http://example.org/a/b.git",
    ])
      expect(() => parseRemote(other, { remotes })).toThrow(/http:\/\/ is not/);
    expect(() => parseRemote(url)).toThrow(/http:\/\/ is not/);
    expect(() => parseRemote("http://hunter2@127.0.0.1:8080/a/b.git", { remotes })).toThrow(/user name or a token/);
  });

  it.each([
    ["ext::sh -c touch% /tmp/x", /helpers/],
    ["fd::17", /helpers/],
    ["::x", /helpers/],
    ["--upload-pack=touch /tmp/x", /option/],
    ["-x", /option/],
    ["", /empty/],
    ["http://example.org/a.git", /http:\/\/ is not/],
    ["git://example.org/a.git", /git:\/\/ is not/],
    ["ftp://example.org/a.git", /ftp:\/\/ is not/],
    ["https://me:hunter2@example.org/a.git", /password/],
    ["https://ghp_hunter2@example.org/a.git", /user name or a token/],
    ["https://@example.org/a.git", /user name or a token/],
    ["https://example.org/a.git?token=hunter2", /query/],
    ["https://example.org/a.git#hunter2", /fragment/],
    ["ssh://me:hunter2@example.org/a.git", /password/],
    ["ssh://-oProxyCommand=x/a.git", /host|URL/],
    ["ssh://-l@example.org/a.git", /user/],
    ["me:hunter2@example.org:a.git", /user:password/],
    ["-oProxyCommand=x:a.git", /option/],
    ["git@-oProxyCommand=x:a.git", /neither/],
    ["git@example.org:-a.git", /starts with '-'/],
    ["https://example.org/a\nb.git", /control/],
    ["https://example.org/a%0ab.git", /control/],
    ["/srv/a\u202eb.git", /invisible/],
    ["file://elsewhere/srv/b.git", /no host/],
  ])("a remote is refused as %j", (text, why) => {
    expect(() => parseRemote(text)).toThrow(why);
    try {
      parseRemote(text);
    } catch (error) {
      expect(String(error)).not.toContain("hunter2");
    }
  });
});

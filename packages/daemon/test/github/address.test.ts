/** Which remotes are repositories of the configured GitHub. */
import { describe, expect, it } from "vitest";
import { gitHubRepository, gitHubUrl, parseRepositoryName } from "../../src/github/address.ts";

const github = { url: "https://github.com" };

describe("a repository of GitHub", () => {
  it.each([
    "https://github.com/octo/hello.world",
    "https://github.com/octo/hello.world.git",
    "https://GitHub.com/octo/hello.world/",
    "ssh://git@github.com/octo/hello.world.git",
    "ssh://git@github.com:22/octo/hello.world.git",
    "ssh://git@ssh.github.com:443/octo/hello.world.git",
    "git@github.com:octo/hello.world.git",
    "git@github.com:/octo/hello.world",
  ])("a repository of GitHub is recognized in %s", (url) => {
    expect(gitHubRepository(url, github)).toEqual({ owner: "octo", name: "hello.world" });
  });

  it.each([
    "https://github.com.evil.example/octo/hello",
    "https://evil.example/github.com/octo/hello",
    "https://github.com@evil.example/octo/hello",
    "https://octo@github.com/octo/hello",
    "https://github.com:8443/octo/hello",
    "http://github.com/octo/hello",
    "https://github.com/octo",
    "https://github.com/octo/hello/tree/main",
    "https://github.com/octo/..",
    "https://github.com/-octo/hello",
    "https://github.com/octo/hello.wiki.git",
    "https://github.com/octo/hel%2flo",
    "https://github.com/octo/hello?x=1",
    "https://gist.github.com/octo/hello",
    "me@github.com:octo/hello.git",
    "ssh://git@github.com:2222/octo/hello.git",
    "ssh://git@ssh.github.com/octo/hello.git",
    "git@github.example:octo/hello.git",
    "/srv/github.com/octo/hello",
    "",
  ])("a repository of GitHub is not %s", (url) => {
    expect(gitHubRepository(url, github)).toBeNull();
  });

  it("a repository may be on one's own server, with its port, and then not on github.com", () => {
    const own = { url: "http://127.0.0.1:8080" };
    expect(gitHubRepository("http://127.0.0.1:8080/octo/hello.git", own)).toEqual({ owner: "octo", name: "hello" });
    expect(gitHubRepository("git@127.0.0.1:octo/hello.git", own)).toEqual({ owner: "octo", name: "hello" });
    for (const url of ["http://127.0.0.1:8081/octo/hello", "https://github.com/octo/hello"])
      expect(gitHubRepository(url, own)).toBeNull();
  });

  it("a person names a repository as owner/name, which has one https address", () => {
    const repository = parseRepositoryName("octo-org/hello_world.js");
    expect(repository).toEqual({ owner: "octo-org", name: "hello_world.js" });
    expect(repository && gitHubUrl(repository, github)).toBe("https://github.com/octo-org/hello_world.js.git");
    for (const text of [
      "hello",
      "./hello",
      "../hello",
      "a/b/c",
      "octo/",
      "/octo/hello",
      "octo/..",
      "octo/he llo",
      "octo/.git",
    ])
      expect(parseRepositoryName(text)).toBeNull();
  });
});

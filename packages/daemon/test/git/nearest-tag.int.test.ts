/** The version of the nearest tag, on real git. */

import { describe, expect, it } from "vitest";
import {
  bareRemote,
  commitTo,
  git,
  gitText,
  temporaryFolder,
  timeoutMs,
} from "../../../../test/support/git-repositories.ts";
import { mirrorDirectory } from "../../src/git/bare-repository.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { nearestVersion, versionsByCommit } from "../../src/git/nearest-tag.ts";

const id = (character: string) => character.repeat(40);

describe("the nearest tag", () => {
  it("the nearest tag is found on the way from the base, annotated or not, without fetching it", async () => {
    const remote = bareRemote({ "a.txt": "a\n" });
    const tag = (...args: string[]) =>
      git(remote, ["-c", "user.name=a", "-c", "user.email=a@example.org", "tag", ...args]);
    tag("v1.0.0");
    commitTo(remote, { files: { "a.txt": "b\n" } });
    tag("-a", "release-1.1.0", "-m", "a release");
    tag("nightly");
    const older = gitText(remote, ["rev-parse", "main"]);
    commitTo(remote, { files: { "a.txt": "c\n" } });
    const home = temporaryFolder();
    const place = { home, repository: "r", timeoutMs };
    const { commit } = await fetchBase({ ...place, url: remote });
    expect(commit).not.toBe(older);
    expect(await nearestVersion({ ...place, url: remote, commit })).toBe("1.1.0");
    const first = gitText(remote, ["rev-parse", "main~2"]);
    expect(await nearestVersion({ ...place, url: remote, commit: first })).toBe("1.0.0");
    expect(gitText(mirrorDirectory(place), ["tag"])).toBe("");
  });

  it("a tag of something else is ignored, and of several versions of one commit the highest counts", () => {
    const listed = [
      `${id("a")}\trefs/tags/v1.9.0`,
      `${id("a")}\trefs/tags/v1.10.0`,
      `${id("a")}\trefs/tags/v1.10.0rc1`,
      `${id("b")}\trefs/tags/nightly`,
      `${id("c")}\trefs/tags/v2; touch x`,
      `${id("d")}\trefs/tags/1.0`,
      `${id("e")}\trefs/tags/1.0^{}`,
      `${id("f")}\trefs/heads/v3.0`,
      "nothing",
    ].join("\n");
    expect(Object.fromEntries(versionsByCommit(listed))).toEqual({
      [id("a")]: "1.10.0",
      [id("d")]: "1.0",
      [id("e")]: "1.0",
    });
  });
});

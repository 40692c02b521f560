/** Reviews and review comments of the fake GitHub, through Octokit. */
import { expect, it } from "vitest";
import { openLaboratory, place, tokens } from "./support/laboratory.ts";

it("a review and its comments are listed with their commit", async () => {
  await using lab = await openLaboratory();
  const shop = lab.github.repository("acme/shop");
  const sha = await shop.as("bob").push({ branch: "side", files: { "s.txt": "s" } });
  const pull_number = await shop.as("bob").openPull({ title: "t", head: "side" });
  const { pulls } = lab.octokit(tokens.ann).rest;
  const { data } = await pulls.createReview({
    ...place,
    pull_number,
    event: "REQUEST_CHANGES",
    body: "Almost",
    comments: [{ path: "s.txt", line: 1, body: "why?" }],
  });
  expect(data).toMatchObject({ state: "CHANGES_REQUESTED", commit_id: sha, user: { login: "ann" } });
  const comments = await pulls.listReviewComments({ ...place, pull_number });
  expect(comments.data).toMatchObject([{ path: "s.txt", body: "why?", pull_request_review_id: data.id }]);
  expect((await pulls.get({ ...place, pull_number })).data.review_comments).toBe(1);
});

it("approvals of a moved head are dismissed if the branch's protection requires it", async () => {
  await using lab = await openLaboratory();
  const shop = lab.github.repository("acme/shop");
  shop.protect("main", { requiredReviews: 1, dismissStaleReviews: true });
  await shop.as("bob").push({ branch: "side", files: { "s.txt": "s" } });
  const pull_number = await shop.as("bob").openPull({ title: "t", head: "side" });
  await shop.as("ann").review(pull_number, { event: "APPROVE" });
  const { pulls } = lab.octokit(tokens.bob).rest;
  expect((await pulls.get({ ...place, pull_number })).data.mergeable_state).toBe("clean");
  await shop.as("bob").push({ branch: "side", files: { "s.txt": "other" } });
  expect((await pulls.get({ ...place, pull_number })).data.mergeable_state).toBe("blocked");
  const { data } = await pulls.listReviews({ ...place, pull_number });
  expect(data.map(({ state }) => state)).toEqual(["DISMISSED"]);
});

it("a review can be requested from accounts with access except the author, from all or none, until they review", async () => {
  await using lab = await openLaboratory();
  const shop = lab.github.repository("acme/shop");
  await shop.as("bob").push({ branch: "side", files: { "s.txt": "s" } });
  const pull_number = await shop.as("bob").openPull({ title: "t", head: "side" });
  const { pulls } = lab.octokit(tokens.bob).rest;
  const at = { ...place, pull_number };
  for (const reviewers of [["ann", "nobody"], ["bob"]])
    await expect(pulls.requestReviewers({ ...at, reviewers })).rejects.toMatchObject({ status: 422 });
  await expect(pulls.requestReviewers({ ...at, team_reviewers: ["owners"] })).rejects.toMatchObject({ status: 422 });
  expect((await pulls.get(at)).data).toMatchObject({ requested_reviewers: [], requested_teams: [] });
  shop.addTeam("owners");
  for (const _ of ["once", "twice"])
    await pulls.requestReviewers({ ...at, reviewers: ["ANN"], team_reviewers: ["owners"] });
  const asked = { requested_reviewers: [{ login: "ann" }], requested_teams: [{ slug: "owners" }] };
  expect((await pulls.get(at)).data).toMatchObject(asked);
  await shop.as("ann").review(pull_number, { event: "COMMENT", body: "hm" });
  expect((await pulls.get(at)).data.requested_reviewers).toEqual([]);
});

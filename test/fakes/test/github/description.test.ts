/** The comparison with GitHub's description: what it accepts and what it finds. */
import { expect, it } from "vitest";
import { openDescription } from "./support/description.ts";

const description = openDescription();
const label = {
  id: 1,
  node_id: "LA_1",
  url: "https://api.github.com/repos/o/r/labels/bug",
  name: "bug",
  description: null,
  color: "ff0000",
  default: false,
};
const exchange = (responseBody: unknown, options: { status?: number; requestBody?: unknown; path?: string } = {}) =>
  description.differences({
    method: "POST",
    path: "/repos/o/r/issues/1/labels",
    requestBody: { labels: ["bug"] },
    status: 200,
    responseBody,
    ...options,
  });

it("a complete answer has no differences; one without a required field has its name and place listed", () => {
  expect(exchange([label])).toEqual([]);
  const { color: _color, ...incomplete } = label;
  expect(exchange([label, incomplete])).toEqual([
    `POST /repos/{owner}/{repo}/issues/{issue_number}/labels 200 /1: must have required property 'color' {"missingProperty":"color"}`,
  ]);
});

it("a value of another type is found, and null is accepted only where it is allowed", () => {
  expect(exchange([{ ...label, id: "1" }])).toHaveLength(1);
  expect(exchange([{ ...label, name: null }])).toHaveLength(1);
  expect(exchange([{ ...label, description: null }])).toEqual([]);
});

it("an accepted request of another form is found; a refused one need not be described", () => {
  const requestBody = { labels: 1 };
  expect(exchange([label], { requestBody }).join()).toContain("issues/{issue_number}/labels body");
  const refused = { message: "Invalid request.", documentation_url: "https://docs.github.com/rest" };
  expect(exchange(refused, { requestBody, status: 422 })).toEqual([]);
  expect(exchange({}, { requestBody, status: 422 })).not.toEqual([]);
});

it("an undescribed address, query and success are found", () => {
  expect(exchange([label], { path: "/repos/o/r/issues/1/tags" })).toHaveLength(1);
  expect(exchange([label], { path: "/repos/o/r/issues/1/labels?x=1" })).toHaveLength(1);
  expect(exchange([label], { status: 202 })).toHaveLength(1);
});

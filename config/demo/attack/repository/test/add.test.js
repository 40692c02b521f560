const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const test = require("node:test");
const { add } = require("../lib/add");

test("adds two numbers", () => {
  assert.equal(add(1, 2), 3);
});

test("adds nothing", () => {
  assert.equal(add(7, 0), 7);
});

test("adds the samples", () => {
  const samples = JSON.parse(readFileSync(join(__dirname, "../samples/sums.json"), "utf8"));
  for (const { a, b, sum } of samples) assert.equal(add(a, b), sum);
});

const assert = require("node:assert");
const test = require("node:test");
const { add } = require("../lib/add");

test("adds two numbers", () => {
  assert.equal(add(1, 2), 3);
});

test("adds nothing", () => {
  assert.equal(add(7, 0), 7);
});

/** Deliveries that were taken are known by id and by signature, also after a restart, and the newest ones only. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { lastDeliveryAt, openKnownDeliveries } from "../../src/webhook/known-deliveries.ts";

const delivery = (number: number) => ({
  id: `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`,
  signature: String(number).padStart(64, "0"),
});

function newHome(): string {
  const home = temporaryFolder();
  mkdirSync(homeLayout(home).run);
  return home;
}

it("a delivery is known by its id and by its signature, even after a restart", () => {
  const home = newHome();
  expect(lastDeliveryAt(home)).toBeNull();
  const known = openKnownDeliveries(home);
  expect(known.has(delivery(1))).toBe(false);
  known.remember(delivery(1));
  for (const each of [known, openKnownDeliveries(home)]) {
    expect(each.has(delivery(1))).toBe(true);
    expect(each.has({ id: delivery(1).id, signature: delivery(2).signature })).toBe(true);
    expect(each.has({ id: delivery(2).id, signature: delivery(1).signature })).toBe(true);
    expect(each.has(delivery(2))).toBe(false);
  }
  expect(Date.parse(lastDeliveryAt(home) ?? "")).toBeGreaterThan(Date.now() - 60_000);
});

it("the newest deliveries are kept, and the file does not grow without end", () => {
  const home = newHome();
  const known = openKnownDeliveries(home, 10);
  for (let number = 1; number <= 95; number += 1) known.remember(delivery(number));
  const isKnown = (each: typeof known) => [85, 86, 95].map((number) => each.has(delivery(number)));
  expect(isKnown(known)).toEqual([false, true, true]);
  expect(isKnown(openKnownDeliveries(home, 10))).toEqual([false, true, true]);
  expect(readFileSync(homeLayout(home).deliveries, "utf8").split("\n").length).toBeLessThanOrEqual(21);
});

it("a line that was cut off spoils no other", () => {
  const home = newHome();
  openKnownDeliveries(home).remember(delivery(1));
  appendFileSync(homeLayout(home).deliveries, '\n{"id":"0000');
  const known = openKnownDeliveries(home);
  known.remember(delivery(2));
  appendFileSync(homeLayout(home).deliveries, '\n{"id":"0000');
  known.remember(delivery(3));
  expect([1, 2, 3].map((number) => openKnownDeliveries(home).has(delivery(number)))).toEqual([true, true, true]);
});

import { expect, test } from "vitest";
import { editedBySomeoneElse } from "#domain/environment/authorship.ts";
import { commitShaSchema } from "#domain/model/names.ts";

const slipway = { name: "slipway[bot]", email: "slipway[bot]@users.noreply.github.com" };
const sha = commitShaSchema.parse("0123456789abcdef".repeat(3).slice(0, 40));
const byAlex = "Alex in 0123456789ab";

test.each<readonly [string, string, string, string | undefined]>([
  ["Slipway's release commit is Slipway's", slipway.email, "Raise\n\nSlipway-Release: r-1\nSlipway-Step: weight 5\n", undefined],
  ["an adoption is Slipway's", slipway.email, "Adopt\n\nSlipway-Command: adopt production by petra\n", undefined],
  ["a person's commit is the person's", "alex@example.com", "Fix\n", byAlex],
  ["a person's commit stays the person's, whatever trailers it copies", "alex@example.com", "Fix\n\nSlipway-Release: r-1\n", byAlex],
  ["Slipway's address without trailers is not enough", slipway.email, "Fix\n", byAlex],
  ["a trailer in the middle of a message is none", slipway.email, "Fix\n\nSlipway-Release: r-1\n\nwords\n", byAlex],
  ["another trailer of Slipway is not enough", slipway.email, "Fix\n\nSlipway-Step: weight 5\n", byAlex],
  ["an address that only looks alike is not Slipway's", `x${slipway.email}`, "Raise\n\nSlipway-Release: r-1\n", byAlex],
])("%s", (_, authorEmail, message, editedBy) => {
  expect(editedBySomeoneElse({ sha, authorEmail, authorName: "Alex", message }, slipway)).toBe(editedBy);
});

test("files that no commit ever touched were edited by nobody", () => {
  expect(editedBySomeoneElse(undefined, slipway)).toBeUndefined();
});

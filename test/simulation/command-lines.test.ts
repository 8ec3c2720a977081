import { expect, it } from "vitest";
import { commandNames } from "#domain/command/registry.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { production } from "#test/support/world-texts.ts";
import { lineOf, verbIn } from "./command-lines.ts";
import { drawHistory } from "./draw-history.ts";

const head = commitShaSchema.parse("1".repeat(40));

it("people in the simulation are drawn to say every command that there is", () => {
  const steps = Array.from({ length: 1000 }, (_, seed) => drawHistory(seed + 1).steps).flat();
  const said = new Set(
    steps.flatMap((step) => {
      if (step.is !== "people" || step.act.does !== "say") return [];
      const { line, which } = step.act;
      return [verbIn(lineOf(line, { environment: production, head, earlier: head, edit: head, freeze: undefined, which }))];
    }),
  );
  expect(commandNames.filter((name) => !said.has(name))).toEqual([]);
});

it.each([
  ["/slipway promote production @1f3c9a7be042", "promote"],
  ["/slipway deploy production @1f3c9a7be042 --supersede", "deploy --supersede"],
  ["Both, please.\n/slipway status\n/slipway help", "several"],
  ["> /slipway deploy production", "(nothing)"],
  ["merge 1f3c production/search-ranker", "(merge)"],
  ["check 3 deploy:0123456789", "(click)"],
])("counts %j as %s", (text, verb) => {
  expect(verbIn(text)).toBe(verb);
});

import { describe, expect, it } from "vitest";
import { incidentView } from "#domain/incident/incident-view.ts";
import { rollbackView } from "#domain/incident/rollback-view.ts";
import { incident, release, second } from "#test/domain/incident/breach-builder.ts";
import { baseline } from "#test/domain/report/judgement-builder.ts";
import { templates } from "./shipped-templates.ts";

describe("a breach", () => {
  it("is explained in the body of the rollback pull request", async () => {
    const text = templates.render("rollback-pull-request.md", rollbackView(release(), incident(), baseline));
    await expect(text).toMatchFileSnapshot("golden/rollback-pull-request.md");
  });

  it("has an incident issue while it goes on", async () => {
    await expect(templates.render("incident.md", incidentView(release(), incident()))).toMatchFileSnapshot("golden/incident-open.md");
  });

  it("has an incident issue that says how it ended", async () => {
    const ended = incident({ pullRequest: 12, closedAt: second(19) });
    await expect(templates.render("incident.md", incidentView(release(), ended))).toMatchFileSnapshot("golden/incident-ended.md");
  });
});

import { describe, expect, test } from "vitest";
import { deployAnswer, helpAnswer, misunderstoodAnswer } from "#domain/command/answers.ts";
import { decideDeploy } from "#domain/command/decide-deploy.ts";
import { parseComment } from "#domain/command/parse-comment.ts";
import { commandNames } from "#domain/command/registry.ts";
import { deployRequest } from "./deploy-request-builder.ts";

function misunderstood(body: string) {
  const [line] = parseComment(body);
  if (line === undefined || line.kind === "command") throw new Error("the line is no command");
  return misunderstoodAnswer(line);
}

describe("help", () => {
  test("lists every command with its usage and who may use it", () => {
    const answer = helpAnswer("/slipway help", { kind: "help", topic: null });
    expect(answer).toMatchObject({ kind: "told", sentence: "These are the commands.", points: [] });
    expect(answer.table?.rows.map(([usage]) => usage?.split(" ")[1])).toEqual([...commandNames]);
    expect(answer.table?.rows.find(([usage]) => usage?.startsWith("/slipway deploy"))?.[2]).toBe("deployer");
    expect(answer.table?.rows.find(([usage]) => usage?.startsWith("/slipway help"))?.[2]).toBe("everyone");
  });

  test("on one command gives its examples", () => {
    const answer = helpAnswer("/slipway help deploy", { kind: "help", topic: "deploy" });
    expect(answer.table?.rows).toHaveLength(1);
    expect(answer.points?.length).toBeGreaterThan(0);
    expect(answer.points?.every((point) => point.startsWith("For example: /slipway deploy "))).toBe(true);
  });

  test("on a command that does not exist says so and lists all", () => {
    const answer = helpAnswer("/slipway help launch", { kind: "help", topic: "launch" });
    expect(answer.sentence).toBe("There is no command launch. These are the commands.");
    expect(answer.table?.rows).toHaveLength(commandNames.length);
  });
});

describe("a line that is no command", () => {
  test("is answered with the command that was likely meant", () => {
    expect(misunderstood("/slipway delpoy production")).toMatchObject({
      kind: "refused",
      sentence: "There is no command delpoy. Did you mean deploy?",
      next: "/slipway help deploy",
    });
  });

  test("is answered with all commands when none is near", () => {
    expect(misunderstood("/slipway xyzzy")).toMatchObject({
      sentence: `There is no command xyzzy; there are ${commandNames.join(", ")}.`,
      next: "/slipway help",
    });
  });

  test("is answered with what is wrong and how the command is written", () => {
    const answer = misunderstood("/slipway deploy production @xyz");
    expect(answer).toMatchObject({ kind: "refused", sentence: expect.stringContaining('"@xyz" is not a commit') });
    expect(answer.next).toContain("/slipway deploy <");
  });
});

describe("a deploy", () => {
  test("that starts is answered with its release and what it rests on", () => {
    const decision = decideDeploy(deployRequest());
    if (decision.kind !== "start") throw new Error("everything speaks for it");
    const answer = deployAnswer({ line: "/slipway deploy staging" }, decision);
    expect(answer).toMatchObject({ kind: "done", sentence: "Starts the release of ranker 2.0 to staging.", next: "/slipway status" });
    expect(answer.points?.[0]).toContain(`Release ${decision.release}, on the evidence of `);
  });

  test("that is refused is answered with the reason, who can change it and the line to type", () => {
    const refused = { kind: "refuse", code: "head-moved", message: "The head has moved." } as const;
    expect(deployAnswer({ line: "/slipway deploy x" }, refused)).toEqual({
      command: "/slipway deploy x",
      kind: "refused",
      sentence: "The head has moved.",
      who: "you, once you have looked at the report of the new head",
      next: "/slipway evaluate",
    });
    expect(deployAnswer({ line: "x" }, { ...refused, nextLine: "/slipway deploy y" })).toMatchObject({ next: "/slipway deploy y" });
  });
});

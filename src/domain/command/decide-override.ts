import { policyBlob } from "#domain/environment/approval.ts";
import { freezesIn } from "#domain/environment/freeze-in-force.ts";
import { type Override, parseOverrides, printOverrides } from "#domain/environment/override.ts";
import { overridesPath } from "#domain/environment/paths.ts";
import { describe } from "#domain/environment/read-snapshot.ts";
import { floorPrefix } from "#domain/gate/gate.ts";
import type { BlobId, EnvironmentName, ModelName, VersionRef } from "#domain/model/names.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { sameLogin } from "#domain/policy/roles.ts";
import type { JudgedEvidence } from "#domain/report/judgement.ts";
import { nearest } from "#domain/text/nearest.ts";
import { type CommandDecision, type CommandRefusal, refuseCommand } from "./command-decision.ts";
import { standsInTheWay } from "./deploy-model.ts";
import { headNamedBy } from "./deploy-sha.ts";
import type { OverrideCommand } from "./override-command.ts";
import { meantModel, notPermitted, notThisRepository, policyFor } from "./place-command.ts";
import type { CommandRequest, VersionStanding } from "./release-request.ts";
import { consentedBy } from "./trigger.ts";

type Request = CommandRequest<OverrideCommand>;

/** The version whose gate or freeze is meant, and who may be asked. */
interface Meant {
  readonly policy: Policy;
  readonly blob: BlobId;
  readonly model: ModelName;
  readonly candidate: VersionRef;
  readonly evidence: JudgedEvidence;
}

/** Whether a person's word that one gate or freeze shall not stop this version is written down. One word of each person; how many it takes is the policy's matter. */
export function decideOverride(request: Request, standing: VersionStanding): CommandDecision {
  const meant = meantVersion(request, standing);
  if ("code" in meant) return meant;
  const gates = meant.evidence.report.gates.filter(standsInTheWay).map(({ id }) => id);
  const freezes = frozen(request, meant.policy);
  const names = [...gates, ...freezes.map(({ name }) => name)];
  const { said } = request.command;
  const named = names.filter((name) => said === name || said.startsWith(`${name} `)).toSorted((a, b) => b.length - a.length)[0];
  if (named === undefined) return unknownName(request, meant, names);
  const reason = said.slice(named.length).trim();
  if (reason === "")
    return refuseCommand(
      "reason-missing",
      `Say why ${named} shall not count for this version: it stands in the report and in Git.`,
      `/slipway override ${named} <reason>`,
    );
  if (sameLogin(request.by, standing.pullRequest.author))
    return refuseCommand("own-version", `${request.by} proposed this version, and nobody lowers the bar for their own. Ask somebody else.`);
  return gates.includes(named) ? gateAside(request, meant, named, reason) : freezeAside(request, meant, { named, reason, freezes });
}

function meantVersion(request: Request, standing: VersionStanding): Meant | CommandRefusal {
  const ruled = policyFor(request);
  if (ruled.kind === "refuse") return ruled;
  const { policy } = ruled;
  const named = meantModel(request);
  if (named.kind === "refuse") return named;
  const elsewhere = notThisRepository(policy, named.model, request);
  if (elsewhere !== undefined) return elsewhere;
  const { pullRequest, judgement, evaluations } = standing;
  if (pullRequest.draft && !pullRequest.merged)
    return refuseCommand(
      "draft",
      "This pull request is a draft, and nothing of it is released: mark it ready for review first.",
      `gh pr ready ${pullRequest.number}`,
    );
  const { environment } = request.command;
  const [first] = policy.environments;
  const command = { kind: "deploy", environment: environment ?? first?.name, sha: request.command.sha, model: named.model } as const;
  if (command.environment === undefined) throw new RangeError("A policy has at least one environment; its schema says so.");
  const head = headNamedBy({
    command: { ...command, environment: command.environment },
    comment: request.comment,
    pullRequest,
    judgement,
    evaluations,
  });
  if (head.kind === "refuse") return refuseCommand(head.code, head.message, head.nextLine && request.line);
  const judged = judgement.models.find(({ model }) => model === named.model);
  const blob = policyBlob(request.snapshot);
  if (judged === undefined || judged.candidate === null || judged.evidence === null || blob === undefined)
    return refuseCommand(
      "no-evidence",
      `${named.model} has no evidence here whose gates could be set aside. ${judged?.message ?? "This pull request does not change it."}`,
    );
  return { policy, blob, model: named.model, candidate: judged.candidate, evidence: judged.evidence };
}

function gateAside(request: Request, meant: Meant, name: string, reason: string): CommandDecision {
  const rules = meant.policy.overrides;
  if (rules === undefined)
    return refuseCommand(
      "overrides-not-allowed",
      "The policy lets nobody set a gate aside. A platform engineer adds overrides: {role: approver, people: 2} to .slipway/policy.yaml.",
    );
  if (name.startsWith(floorPrefix) && !rules.floors)
    return refuseCommand(
      "overrides-not-allowed",
      `${name} is a floor of the policy, and the policy lets nobody set its floors aside. A platform engineer changes the floor, or adds floors: true to overrides.`,
    );
  const barred = notPermitted(meant.policy, request, null, rules.role);
  if (barred !== undefined) return barred;
  const word = { of: "gate", name, evidence: meant.evidence.digest } as const;
  const isSame = (other: Override) => other.of === "gate" && other.name === name && other.evidence === word.evidence;
  return written(request, meant, { word, reason, isSame, people: rules.people, what: `gate ${name}` });
}

interface NamedFreeze {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly overriddenBy: string | null;
}

function freezeAside(
  request: Request,
  meant: Meant,
  { named, reason, freezes }: { readonly named: string; readonly reason: string; readonly freezes: readonly NamedFreeze[] },
): CommandDecision {
  const wanted = request.command.environment;
  const here = freezes.filter(({ name, environment }) => name === named && (wanted === null || environment === wanted));
  const [freeze, ...others] = here;
  if (freeze === undefined) return refuseCommand("not-frozen", `The freeze ${named} is not in force in ${wanted}.`, "/slipway status");
  if (others.length > 0) {
    const environments = here.map(({ environment }) => environment).join(", ");
    return refuseCommand(
      "environment-required",
      `The freeze ${named} is in force in ${environments}: say in which with --env.`,
      `${request.line} --env ${freeze.environment}`,
    );
  }
  const { environment, overriddenBy } = freeze;
  if (overriddenBy === null)
    return refuseCommand(
      "overrides-not-allowed",
      `Nobody sets the freeze ${named} aside: neither the policy nor who set it names a role that may (overriddenBy).`,
    );
  const barred = notPermitted(meant.policy, request, environment, overriddenBy);
  if (barred !== undefined) return barred;
  const isSame = (other: Override) => other.of === "freeze" && other.name === named && other.environment === environment;
  return written(request, meant, {
    word: { of: "freeze", name: named, environment },
    reason,
    isSame,
    people: 1,
    what: `freeze ${named} of ${environment}`,
  });
}

interface Word {
  readonly word:
    | Pick<Extract<Override, { of: "gate" }>, "of" | "name" | "evidence">
    | Pick<Extract<Override, { of: "freeze" }>, "of" | "name" | "environment">;
  readonly reason: string;
  readonly isSame: (other: Override) => boolean;
  readonly people: number;
  readonly what: string;
}

function written(request: Request, { model, candidate, blob }: Meant, { word, reason, isSame, people, what }: Word): CommandDecision {
  const { snapshot, by, now, trigger } = request;
  const path = overridesPath(model, candidate.digest);
  const text = snapshot.texts.get(path);
  const file = text === undefined ? undefined : parseOverrides(text, path);
  if (file?.kind === "invalid")
    return refuseCommand(
      "overrides-unreadable",
      `What was set aside for ${model} cannot be read: ${describe(file.problems)}. A platform engineer mends the file.`,
    );
  const earlier = file?.value.overrides ?? [];
  const consents = earlier.filter((other) => isSame(other) && other.policy === blob);
  const given = new Set(consents.map((other) => other.by.toLowerCase()));
  if (given.has(by.toLowerCase()))
    return refuseCommand(
      "already-set-aside",
      `${by} has set ${what} aside for this version; ${counted(given.size, people)}.`,
      "/slipway status",
    );
  const consent: Override = { ...word, by, at: now, command: consentedBy(trigger), reason: reason.slice(0, 1000), policy: blob };
  return {
    kind: "files",
    subject: `Set ${what} aside for ${model} ${candidate.version} (${counted(given.size + 1, people)})`,
    step: "override",
    why: reason,
    writes: [
      {
        kind: "text",
        path,
        text: printOverrides({ schema: "slipway/overrides/v1", model, digest: candidate.digest, overrides: [...earlier, consent] }),
      },
    ],
  };
}

function counted(given: number, wanted: number): string {
  const more = wanted - given;
  return `${given} of ${wanted} ${wanted === 1 ? "person" : "people"}${more > 0 ? `; ${more} more of the role must say so` : ""}`;
}

function frozen({ snapshot, now }: Request, policy: Policy): readonly NamedFreeze[] {
  return policy.environments.flatMap(({ name: environment }) =>
    freezesIn(snapshot, policy, environment, now).map(({ name, overriddenBy }) => ({ name, environment, overriddenBy })),
  );
}

function unknownName({ command }: Request, { evidence }: Meant, names: readonly string[]): CommandRefusal {
  const [word = ""] = command.said.split(" ");
  const known = evidence.report.gates.find(({ id }) => command.said === id || command.said.startsWith(`${id} `));
  if (known !== undefined)
    return refuseCommand(
      "nothing-in-the-way",
      `${known.id} stands in nobody's way here: it is ${known.verdict}, and blocks ${known.blocks}.`,
    );
  if (names.length === 0)
    return refuseCommand("nothing-in-the-way", "No gate and no freeze stands in the way of this version.", "/slipway status");
  const meant = nearest(word, names) ?? names.find((name) => name.startsWith(word));
  const said = meant === undefined ? "" : ` Did you mean ${meant}?`;
  return refuseCommand(
    "unknown-name",
    `Nothing in the way of this version is named ${word.slice(0, 60)}; there are ${names.join(", ")}.${said}`,
    meant && `/slipway override ${meant} <reason>`,
  );
}

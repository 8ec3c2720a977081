import { printHold } from "#domain/environment/hold.ts";
import { holdPath, holdsFolder } from "#domain/environment/paths.ts";
import { holdOn, stateIn } from "#domain/environment/read-snapshot.ts";
import { digestSchema, hexOf, short, type VersionRef, versionLabelSchema } from "#domain/model/names.ts";
import { whoHas } from "#domain/policy/roles.ts";
import { type CommandDecision, type CommandRefusal, refuseCommand } from "./command-decision.ts";
import type { HoldCommand, PlacedCommand } from "./release-request.ts";
import { beganAfter } from "./running-release.ts";

/** Holding is for everyone with the role at any time; lifting touches only a hold that stood before the comment. */
export function decideHold(placed: PlacedCommand<HoldCommand>): CommandDecision {
  return placed.command.kind === "hold" ? holdDigest(placed) : liftHold(placed);
}

function holdDigest(placed: PlacedCommand<HoldCommand>): CommandDecision {
  const { command, environment, model, snapshot, by, now, policy } = placed;
  const meant = meantVersion(placed);
  if (meant.kind === "refuse") return meant;
  const { version, digest } = meant.version;
  const standing = holdOn(snapshot, environment.name, model, digest);
  if (standing !== undefined) {
    const who = whoHas("holder", policy) ?? "a platform engineer";
    return refuseCommand(
      "already-held",
      `${model} ${version} is held in ${environment.name} already: ${standing.reason}. It is lifted by ${who}.`,
      `/slipway unhold ${environment.name} ${short(digest)} <reason> --model ${model}`,
      who,
    );
  }
  const text = printHold({
    schema: "slipway/hold/v1",
    environment: environment.name,
    model,
    version,
    digest,
    since: now,
    reason: command.reason,
    by,
    liftedBy: "holder",
  });
  return {
    kind: "files",
    subject: `Hold ${model} ${version} in ${environment.name}`,
    step: "hold",
    why: command.reason,
    writes: [{ kind: "text", path: holdPath(environment.name, model, digest), text }],
  };
}

function liftHold(placed: PlacedCommand<HoldCommand>): CommandDecision {
  const { command, environment, model, snapshot } = placed;
  const folder = `${holdsFolder}${environment.name}/${model}/`;
  const held = [...snapshot.texts.keys()].filter((file) => file.startsWith(`${folder}${command.digest}`));
  const [path] = held;
  if (path === undefined)
    return refuseCommand(
      "not-held",
      `No digest of ${model} that begins with ${command.digest} is held in ${environment.name}.`,
      "/slipway status",
    );
  if (held.length > 1) return ambiguous(command.digest, held.length);
  const digest = digestSchema.safeParse(`sha256:${path.slice(folder.length, -".yaml".length)}`);
  const hold = digest.success ? holdOn(snapshot, environment.name, model, digest.data)?.hold : undefined;
  if (hold === undefined)
    return refuseCommand(
      "hold-unreadable",
      `${path} cannot be read, so nobody knows whether it is older than your comment. A platform engineer removes it.`,
    );
  const late = beganAfter(placed, `The hold of ${hold.version}`, hold.since);
  if (late !== undefined) return late;
  return {
    kind: "files",
    subject: `Lift the hold of ${model} ${hold.version} in ${environment.name}`,
    step: "unhold",
    why: command.reason,
    writes: [{ kind: "delete", path }],
  };
}

/** What begins with these digits among all that is known of the model there; a whole digest may be of something nobody has seen yet. */
function meantVersion({ command, snapshot, environment, model, proposed }: PlacedCommand<HoldCommand>): Meant {
  const state = stateIn(snapshot, environment.name, model);
  const seen = state?.kind === "ok" ? state.value : undefined;
  const known: readonly VersionRef[] = [
    ...(seen === undefined ? [] : [seen.live, ...seen.verified, ...(seen.release === null ? [] : [seen.release.candidate])]),
    ...proposed.flatMap((one) => (one.model === model ? [one.version] : [])),
  ];
  const matching = known.filter(({ digest }) => hexOf(digest).startsWith(command.digest));
  const digests = new Set(matching.map(({ digest }) => digest));
  if (digests.size > 1) return ambiguous(command.digest, digests.size);
  const [version] = matching;
  if (version !== undefined) return { kind: "version", version };
  const whole = digestSchema.safeParse(`sha256:${command.digest}`);
  if (whole.success) return { kind: "version", version: { version: versionLabelSchema.parse("unknown"), digest: whole.data } };
  return refuseCommand(
    "digest-unknown",
    `No version of ${model} that Slipway knows in ${environment.name} begins with ${command.digest}. Write all 64 digits to hold one that it does not know.`,
    `/slipway hold ${environment.name} <digest> <reason> --model ${model}`,
  );
}

type Meant = { readonly kind: "version"; readonly version: VersionRef } | CommandRefusal;

function ambiguous(digits: string, count: number): CommandRefusal {
  return refuseCommand("digest-ambiguous", `${count} digests begin with ${digits}: write more of the one that you mean.`);
}

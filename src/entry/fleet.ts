import { join } from "node:path";
import { cachedClone } from "#adapters/git/cached-clone.ts";
import { environmentsRepository } from "#adapters/git/environments-repository.ts";
import { evidenceLog } from "#adapters/git/evidence-log.ts";
import { conversation } from "#adapters/github/conversation.ts";
import type { GitHubApp } from "#adapters/github/github-app.ts";
import { incidents } from "#adapters/github/incidents.ts";
import { merges } from "#adapters/github/merges.ts";
import { modelRepository } from "#adapters/github/model-repository.ts";
import { people } from "#adapters/github/people.ts";
import { proposals } from "#adapters/github/proposals.ts";
import { reports } from "#adapters/github/reports.ts";
import { workflowRuns } from "#adapters/github/workflow-runs.ts";
import { oidcProvenance } from "#adapters/oidc/oidc-provenance.ts";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import { describe } from "#domain/environment/read-snapshot.ts";
import { type RepositoryName, repositoryNameSchema } from "#domain/model/names.ts";
import { repositoryFilePath, repositoryFileSchema } from "#domain/model/repository-file.ts";
import { instantOf } from "#domain/model/time.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { RefusedEvidence } from "#flows/refused-evidence.ts";
import type { ModelWorld, World } from "#flows/world.ts";
import type { AttestationVerifier } from "#ports/attestations.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Log } from "#ports/log.ts";
import type { Metrics } from "#ports/metrics.ts";
import { countedEnvironments, type PushOutcome } from "./operations/counted-environments.ts";
import type { Settings } from "./settings.ts";

/** A model repository, and the world in which its models are released. */
export interface Member {
  readonly id: number;
  readonly name: RepositoryName;
  readonly models: ModelWorld;
  readonly world: World;
}

/** What the App needs beside GitHub. */
export interface Surroundings {
  readonly settings: Settings;
  readonly app: GitHubApp;
  readonly metrics: Metrics;
  readonly cluster: Cluster;
  readonly attestations: AttestationVerifier;
  readonly log: Log;
  /** Told how each push to an environments repository ended. */
  readonly pushed: (outcome: PushOutcome) => void;
}

/** The repositories that the App serves, as their `slipway.yaml` files say: looked up at start and at each resync. */
export class Fleet {
  readonly #surroundings: Surroundings;
  readonly #worlds = new Map<RepositoryName, World>();
  #members: readonly Member[] = [];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  get worlds(): readonly World[] {
    return [...new Set(this.#members.map(({ world }) => world))];
  }

  memberOf(repositoryId: number): Member | undefined {
    return this.#members.find(({ id }) => id === repositoryId);
  }

  worldNamed(repository: string): World | undefined {
    return this.worlds.find((world) => world.repository === repository);
  }

  async refresh(): Promise<void> {
    const { app, log } = this.#surroundings;
    const installed = await app.repositories();
    const members: Member[] = [];
    for (const { id, name: written } of installed) {
      const name = repositoryNameSchema.parse(written);
      const known = this.#members.find((member) => member.id === id && member.name === name);
      const models = known?.models ?? this.#modelWorld(name);
      const text = await models.repository.about().then(({ head }) => models.repository.file(head, repositoryFilePath));
      if (text === undefined) continue;
      const file = parseWithSchema(repositoryFileSchema, text, repositoryFilePath);
      if (file.kind === "invalid") log.warn("slipway.yaml cannot be read", { repository: name, problems: describe(file.problems) });
      else members.push({ id, name, models, world: await this.#world(file.value.environments) });
    }
    this.#members = members;
  }

  #modelWorld(name: RepositoryName): ModelWorld {
    const { app, log } = this.#surroundings;
    return {
      repository: modelRepository(app, name),
      runs: workflowRuns(app, name),
      reports: reports(app, name),
      conversation: conversation(app, name, log),
      people: people(app, name),
      merges: merges(app, name),
      refused: new RefusedEvidence(),
    };
  }

  async #world(repository: RepositoryName): Promise<World> {
    const known = this.#worlds.get(repository);
    if (known !== undefined) return known;
    const { settings, app, metrics, cluster, attestations, log, pushed } = this.#surroundings;
    const { defaultBranch } = await modelRepository(app, repository).about();
    const clone = cachedClone({
      url: `${settings.gitUrl}/${repository}.git`,
      folder: join(settings.cache, `${repository.replace("/", "+")}.git`),
      token: () => app.token(repository, { contents: "write" }),
    });
    const world: World = {
      environments: countedEnvironments(environmentsRepository({ clone, identity: settings.identity }), pushed),
      evidence: evidenceLog({ clone, identity: settings.identity }),
      proposals: proposals(app, { repository, base: defaultBranch }),
      incidents: incidents(app, repository),
      metrics,
      cluster,
      provenance: oidcProvenance({ issuer: settings.oidcIssuer }),
      attestations,
      templates: handlebarsTemplates(join(import.meta.dirname, "../../templates"), { github: new URL(settings.gitUrl) }),
      clock: { now: () => instantOf(Date.now()) },
      log,
      identity: settings.identity,
      repository,
    };
    this.#worlds.set(repository, world);
    return world;
  }
}

import type { SlipwayIdentity } from "#domain/environment/authorship.ts";
import type { RepositoryName } from "#domain/model/names.ts";
import type { AttestationVerifier } from "#ports/attestations.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Conversation } from "#ports/conversation.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";
import type { EvidenceLog } from "#ports/evidence-log.ts";
import type { Incidents } from "#ports/incidents.ts";
import type { Log } from "#ports/log.ts";
import type { Merges } from "#ports/merges.ts";
import type { Metrics } from "#ports/metrics.ts";
import type { ModelRepository } from "#ports/model-repository.ts";
import type { People } from "#ports/people.ts";
import type { Proposals } from "#ports/proposals.ts";
import type { ProvenanceVerifier } from "#ports/provenance.ts";
import type { Reports } from "#ports/reports.ts";
import type { Templates } from "#ports/templates.ts";
import type { WorkflowRuns } from "#ports/workflow-runs.ts";
import type { RefusedEvidence } from "./refused-evidence.ts";

/** All that a flow may touch around one environments repository. */
export interface World {
  readonly environments: EnvironmentsRepository;
  readonly evidence: EvidenceLog;
  readonly proposals: Proposals;
  readonly incidents: Incidents;
  readonly metrics: Metrics;
  readonly cluster: Cluster;
  readonly provenance: ProvenanceVerifier;
  readonly attestations: AttestationVerifier;
  readonly templates: Templates;
  readonly clock: Clock;
  readonly log: Log;
  readonly identity: SlipwayIdentity;
  readonly repository: RepositoryName;
}

/** All that a flow may touch of one model repository. */
export interface ModelWorld {
  readonly repository: ModelRepository;
  readonly runs: WorkflowRuns;
  readonly reports: Reports;
  readonly conversation: Conversation;
  readonly people: People;
  readonly merges: Merges;
  readonly refused: RefusedEvidence;
}

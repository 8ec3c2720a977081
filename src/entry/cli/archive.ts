import { checkoutArchive, checkoutEnvironments } from "#adapters/git/checkout-environments.ts";
import { closedPullRequests } from "#adapters/github/closed-pull-requests.ts";
import { tokenAccess } from "#adapters/github/token-access.ts";
import { archiveBranch } from "#domain/environment/paths.ts";
import { type Login, short } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import { readGitHubUrl, readIdentity } from "#entry/settings.ts";
import { type ArchiveAnswer, archiveEnded } from "#flows/archive-ended.ts";
import type { ClosedPullRequests } from "#ports/closed-pull-requests.ts";
import { loginOf, personOptions, repositoryFolder } from "./person.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, type Io, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const archive: Verb = {
  words: "",
  options: {
    "dry-run": { about: "say what would be moved, and write nothing" },
    ...personOptions,
    json: jsonOption,
  },
  notes: [
    "Moves releases that ended a year ago, with their incidents and reports, and evidence logs 90 days after their pull request was closed. What a state names (live, to roll back to, open) stays.",
    "When a pull request was closed is asked of GitHub, with the token in GITHUB_TOKEN or GH_TOKEN; it reads pull requests of the model repositories. Without a token no evidence log is moved.",
    "Works in a clone of the environments repository with your own credentials. It copies first and removes what the host then shows in the archive, so it can be stopped anywhere and run again, and two at once lose nothing.",
    "Exit codes: 0 everything that has ended is archived; 1 something stays that should not, and it is said why; 64 wrong usage.",
  ],
  examples: ["slipway archive --dry-run", "slipway archive --repository ../environments"],
  async run(given, io) {
    if (given.positionals.length > 0) throw new WrongUsage("slipway archive takes no words; where it works is said by --repository");
    const dryRun = given.flag("dry-run");
    const login = await loginOf(given, io);
    const checkout = { folder: repositoryFolder(given, io), identity: readIdentity(io.environment), environment: io.environment };
    const world = {
      environments: checkoutEnvironments(checkout),
      archive: checkoutArchive(checkout),
      pullRequests: pullRequestsOf(io, login),
      clock: { now: () => instantOf(Date.now()) },
    };

    const answer = await archiveEnded(world, login, dryRun);

    io.out(
      given.flag("json")
        ? `${JSON.stringify(jsonOf(answer, dryRun), null, 2)}\n`
        : `${linesOf(answer, dryRun).map(terminalText).join("\n")}\n`,
    );
    return answer.problems.length === 0 ? exitCodes.done : exitCodes.refused;
  },
};

function pullRequestsOf({ environment }: Io, login: Login): ClosedPullRequests {
  const token = environment["GITHUB_TOKEN"] || environment["GH_TOKEN"];
  if (token === undefined || token === "") return { end: async () => ({ kind: "unknown", reason: noToken }) };
  const baseUrl = readGitHubUrl(environment);
  return closedPullRequests((repository) => tokenAccess({ baseUrl, repository, token, login }));
}

const noToken = "whether its pull request is closed is not known; put a token that reads pull requests into GITHUB_TOKEN";

function linesOf({ moves, logs, problems, archived, removed }: ArchiveAnswer, dryRun: boolean): readonly string[] {
  const would = dryRun ? "Would move" : "Moved";
  return [
    ...moves.map(({ path }) => `${would} ${path}`),
    ...logs.map(({ log }) => `${would} the evidence log of repository ${log.repositoryId}, pull request ${log.pullRequest}`),
    ...problems,
    ...(archived === null ? [] : [`Pushed ${short(archived)} to ${archiveBranch}.`]),
    ...(removed === null ? [] : [`Pushed ${short(removed)} to the default branch.`]),
    ...(moves.length + logs.length === 0 ? ["Nothing is moved."] : []),
  ];
}

function jsonOf({ moves, logs, problems, archived, removed }: ArchiveAnswer, dryRun: boolean): object {
  return {
    schema: "slipway/archive/v1",
    dryRun,
    archived,
    removed,
    files: moves.map(({ path }) => path),
    logs: logs.map(({ log: { repositoryId, pullRequest, tip } }) => ({ repositoryId, pullRequest, tip })),
    problems,
  };
}

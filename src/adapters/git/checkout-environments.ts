/**
 * The environments repository in a person's own checkout, for `slipway adopt` and `slipway archive`: the person's credentials and
 * configuration, the person as committer, Slipway as author. Only objects, remote-tracking refs and evidence refs are written: work
 * tree, index and branches stay as they are.
 *
 * Concurrency: one operation at a time per object; Git's own locks guard the folder against what the person does meanwhile.
 */
import type { Archive } from "#ports/archive.ts";
import type { Chronicle } from "#ports/chronicle.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";
import { gitArchive } from "./archive.ts";
import { gitChronicle } from "./chronicle.ts";
import { environmentsRepository } from "./environments-repository.ts";
import type { Clone, Git, Identity } from "./git.ts";
import { GitFailure } from "./git-failure.ts";
import { type GitEnvironment, gitProcess } from "./git-process.ts";
import { oneAtATime } from "./one-at-a-time.ts";

export interface CheckoutEnvironmentsSettings {
  /** A clone of the environments repository, whose remote `origin` is the shared one. */
  readonly folder: string;
  /** The author of what is committed. */
  readonly identity: Identity;
  readonly branch?: string;
  /** The person's environment: how to find keys and credentials is theirs to say. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function checkoutEnvironments(settings: CheckoutEnvironmentsSettings): EnvironmentsRepository {
  const { identity, branch } = settings;
  return environmentsRepository({
    clone: checkoutClone(settings),
    identity,
    committer: whoYouAre,
    ...(branch === undefined ? {} : { branch }),
  });
}

/** The archive of that repository, in the same checkout. */
export function checkoutArchive(settings: Omit<CheckoutEnvironmentsSettings, "branch">): Archive {
  return gitArchive({ clone: checkoutClone(settings), identity: settings.identity, committer: whoYouAre });
}

/** What that clone remembers. */
export function checkoutChronicle(settings: Pick<CheckoutEnvironmentsSettings, "folder" | "environment">): Chronicle {
  return gitChronicle(checkoutClone(settings));
}

function checkoutClone({ folder, environment }: Pick<CheckoutEnvironmentsSettings, "folder" | "environment">): Clone {
  const git = gitProcess({
    folder,
    environment: { ...personal(environment), LC_ALL: "C", GIT_LITERAL_PATHSPECS: "1" },
    credentials: async () => ({ environment: {}, secrets: [] }),
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeSshCommand: true,
      allowUnsafeGitProxy: true,
      allowUnsafeUrlRewrite: true,
    },
  });
  const queue = oneAtATime();
  return { use: (work) => queue(() => work(git)) };
}

/** Variables that would send Git to another repository, start an editor or print secrets stay out. */
const unwanted =
  /^(?:GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|NAMESPACE|PREFIX|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|EDITOR|SEQUENCE_EDITOR|PAGER|EXEC_PATH|EXTERNAL_DIFF|TEMPLATE_DIR|TRACE.*|CURL_VERBOSE|AUTHOR_.*)|EDITOR|VISUAL|PAGER|PREFIX)$/;

function personal(environment: CheckoutEnvironmentsSettings["environment"]): GitEnvironment {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || unwanted.test(name.toUpperCase()) ? [] : [[name, value]],
    ),
  );
}

async function whoYouAre(git: Git): Promise<Identity> {
  const answer = await git.local(["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]).catch((error: unknown) => {
    if (error instanceof GitFailure) return "";
    throw error;
  });
  const [, name, email] = /^(.*) <(.*)> \d+ [+-]\d{4}$/.exec(answer.trim()) ?? [];
  if (name === undefined || email === undefined) {
    throw new Error('Git does not know who you are: run `git config --global user.name "…"` and `git config --global user.email …`');
  }
  return { name, email };
}

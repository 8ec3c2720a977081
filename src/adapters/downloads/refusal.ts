import { DownloadProblem } from "./download-problem.ts";

/** What a server's refusal means. S3 and Google Cloud Storage say it in XML; of that only the code is taken, which holds no secret. */
export function refusal(status: number, body: string, host: string): DownloadProblem | "missing" {
  const code = /<Code>(\w{1,60})<\/Code>/.exec(body)?.[1];
  const said = code === undefined ? `${status}` : `${status} ${code}`;
  if (code === "NoSuchBucket")
    return new DownloadProblem("bucket-missing", `there is no such bucket (${said}). Correct its name, or make it.`);
  if (status === 404 || status === 410) return "missing";
  if (status === 401 || code === "InvalidAccessKeyId" || code === "SignatureDoesNotMatch" || code === "ExpiredToken") {
    const message = `${host} does not accept the credentials of this machine (${said}). Make new ones: in a workflow with aws-actions/configure-aws-credentials or google-github-actions/auth.`;
    return new DownloadProblem("credentials-refused", message);
  }
  if (status === 403)
    return new DownloadProblem(
      "access-denied",
      `${host} does not let it be read with these credentials (${said}). Give them read access to it.`,
    );
  if (status >= 300 && status < 400)
    return new DownloadProblem(
      "source-redirected",
      `${host} sends readers elsewhere (${said}), and Slipway follows no redirect to another host. Name where it lies.`,
    );
  return new DownloadProblem("source-failed", `${host} answered ${said}. Try again later, or look at the server.`);
}

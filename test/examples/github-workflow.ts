import { parse } from "yaml";
import { z } from "zod";

/**
 * The part of GitHub's workflow syntax that the example uses (docs.github.com, "Workflow syntax for GitHub Actions"), written by hand and
 * strict: a key that is not here is refused, as a misspelt one would be ignored by GitHub or refuse the whole file.
 */
const permission = z.enum(["read", "write", "none"]);
const permissions = z.strictObject({
  contents: permission.optional(),
  "id-token": z.enum(["write", "none"]).optional(),
  "pull-requests": permission.optional(),
});
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const env = z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/), scalar);
const step = z.union([
  z.strictObject({
    name: z.string().optional(),
    uses: z.string(),
    with: z.record(z.string(), scalar).optional(),
    if: z.string().optional(),
  }),
  z.strictObject({ name: z.string().optional(), run: z.string(), env: env.optional(), if: z.string().optional() }),
]);
const job = z.strictObject({
  if: z.string().optional(),
  "runs-on": z.string().regex(/^ubuntu-\d\d\.\d\d$/),
  "timeout-minutes": z.int().positive(),
  environment: z.string().optional(),
  permissions,
  env: env.optional(),
  steps: z.array(step).min(1),
});
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency: z.strictObject({ group: z.string() }),
  env,
  jobs: z.record(z.string(), job),
});

/** What is wrong with a workflow, in sentences; empty when nothing is. */
export function workflowFaults(text: string): string[] {
  const parsed = workflow.safeParse(parse(text));
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`);
  }
  const { on, permissions: top, jobs } = parsed.data;
  return [
    ...(Object.keys(top).length === 0 ? [] : ["permissions: expected none for the whole workflow, each job asks for its own"]),
    ...Object.keys(on)
      .filter((event) => !["pull_request", "push", "schedule"].includes(event))
      .map((event) => `on.${event}: runs code of strangers with rights, or was not thought of`),
    ...unpinned(text),
    ...Object.entries(jobs).flatMap(([name, each]) => jobFaults(name, each)),
  ];
}

/** Every action by its commit, with the version that the commit had beside it: tags can be moved. */
function unpinned(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => /^\s*(- )?uses:/.test(line))
    .filter((line) => !/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))
    .map((line) => `${line.trim()}: expected owner/name@<40 hexadecimal digits> # v<version>`);
}

const sameRepository = "github.event.pull_request.head.repo.full_name == github.repository";

function jobFaults(name: string, each: z.infer<typeof job>): string[] {
  const text = JSON.stringify(each);
  const condition = each.if ?? "";
  const onPullRequest = !condition.includes("github.event_name != 'pull_request'");
  const trusted = !onPullRequest || condition.includes(sameRepository);
  const identity = each.permissions["id-token"] === "write" || text.includes("secrets.");
  return [
    ...(identity && !trusted ? [`${name}: a pull request from a fork would get an identity or a secret`] : []),
    ...(/\$\{\{\s*secrets\./.test(text) ? [`${name}: a stored secret, where a federated identity does`] : []),
    ...(each.permissions.contents === "read" ? [] : [`${name}: expected permissions.contents: read`]),
    ...(each.permissions["pull-requests"] === "write" && !onPullRequest ? [`${name}: may write pull requests without one`] : []),
    ...(each.permissions["id-token"] === "write" && each.environment === undefined
      ? [`${name}: an identity without an environment to protect it`]
      : []),
    ...each.steps.flatMap((one) => ("run" in one ? runFaults(name, one.run) : checkoutFaults(name, one))),
    ...(onPullRequest ? ownCodeFaults(name, each) : []),
  ];
}

/** An expression inside a script is replaced before the shell reads it: a branch's name could then be a command. */
function runFaults(name: string, run: string): string[] {
  return run.includes("${{") ? [`${name}: an expression inside a script; hand it over in env`] : [];
}

const baseBranch = "${{ github.event.pull_request.base.sha }}";
const proposal = 'cp "proposed/stacks/Pulumi.$STACK.yaml" "stacks/Pulumi.$STACK.yaml" && rm -r proposed';

/** A pull request must not bring the commands and the policies that judge it: all that runs is the base branch's, and one file is taken. */
function ownCodeFaults(name: string, each: z.infer<typeof job>): string[] {
  const checkouts = each.steps.flatMap((one) => ("uses" in one && one.uses.startsWith("actions/checkout@") ? [one.with ?? {}] : []));
  const inPlace = checkouts.filter(({ path }) => path === undefined);
  const firstRun = each.steps.flatMap((one) => ("run" in one ? [one.run] : []))[0];
  return [
    ...(inPlace.length === 1 && inPlace[0]?.["ref"] === baseBranch ? [] : [`${name}: code of the pull request decides about it`]),
    ...(checkouts.every(({ path }) => path === undefined || path === "proposed") && firstRun === proposal
      ? []
      : [`${name}: more of the pull request than its stack file`]),
  ];
}

function checkoutFaults(name: string, one: { readonly uses: string; readonly with?: Readonly<Record<string, unknown>> }): string[] {
  return one.uses.startsWith("actions/checkout@") && one.with?.["persist-credentials"] !== false
    ? [`${name}: checkout leaves its token behind for every later step`]
    : [];
}

/** The scripts of a job's `run:` steps, in order. */
export function scriptsOf(text: string, jobName: string): string[] {
  const { jobs } = workflow.parse(parse(text));
  return (jobs[jobName]?.steps ?? []).flatMap((one) => ("run" in one ? [one.run] : []));
}

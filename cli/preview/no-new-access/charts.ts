import { isAbsolute, join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { stableJson } from "../../../model";
import { InvalidRbacObjectError, readRbacObjects, type RbacState } from "../../../verifier/rbac";
import { isUnknown, type ResourceState } from "../../engine";
import type { Io } from "../../io";

export interface ChartOptions {
  /** The Helm command. */
  readonly helm: string;
  /** The folder that relative chart paths start from. */
  readonly cwd?: string;
  /** Version of the cluster for charts that ask for it; Helm's own default is old. */
  readonly kubeVersion: string;
}

export interface RenderedCharts {
  readonly before: RbacState;
  readonly after: RbacState;
  readonly undecided: readonly string[];
}

type Inputs = Readonly<Record<string, unknown>>;
const nothing: RbacState = { roles: [], bindings: [] };

/**
 * The RBAC that the plan's Helm releases bring, before and after, as `helm template` renders them. An unchanged release is rendered
 * once. Where one cannot be rendered as it will be installed, it is not decided: a chart decides about access by its values.
 */
export async function renderedCharts(releases: readonly ResourceState[], options: ChartOptions, io: Io): Promise<RenderedCharts> {
  const before: RbacState[] = [];
  const after: RbacState[] = [];
  const undecided: string[] = [];
  for (const release of releases) {
    const same = release.before !== undefined && stableJson(release.before) === stableJson(release.after);
    const made = release.after === undefined ? nothing : await render(release.name, release.after, options, io, !same, undecided);
    after.push(made);
    if (same) {
      before.push(made);
    } else if (release.before !== undefined && release.after !== undefined && folderChanged(release.before, release.after)) {
      undecided.push(`Release ${release.name}: what the chart folder held at the last update is not known. Fix: pass --kubeconfig.`);
    } else if (release.before !== undefined) {
      // What cannot be rendered of before counts as nothing: at worst a gain is named that is none.
      before.push(await render(release.name, release.before, options, io, false, []));
    }
  }
  return { before: joined(before), after: joined(after), undecided };
}

function joined(states: readonly RbacState[]): RbacState {
  return { roles: states.flatMap(({ roles }) => roles), bindings: states.flatMap(({ bindings }) => bindings) };
}

/** A folder is installed anew with another version, and then it holds what it holds now. */
function folderChanged(before: Inputs, after: Inputs): boolean {
  return isFolder(textAt(after, "chart")) && textAt(before, "version") !== textAt(after, "version");
}

function isFolder(chart: string): boolean {
  return /^(\.{0,2}[/\\]|[A-Za-z]:\\)/.test(chart) || chart.endsWith(".tgz");
}

async function render(
  name: string,
  inputs: Inputs,
  { helm, cwd = ".", kubeVersion }: ChartOptions,
  io: Io,
  judged: boolean,
  undecided: string[],
): Promise<RbacState> {
  const refuse = (reason: string): RbacState => {
    if (judged) {
      undecided.push(`Release ${name}: ${reason}`);
    }
    return nothing;
  };
  const [hidden] = hiddenInputs(inputs);
  if (hidden !== undefined && judged) {
    return refuse(`${hidden} is known only after the update, or secret, and may decide about access.`);
  }
  const unread = ["postrender", "valueYamlFiles", "dependencyUpdate"].find(
    (key) => inputs[key] !== undefined && inputs[key] !== false && inputs[key] !== "",
  );
  if (unread !== undefined) {
    return refuse(`${unread} changes what is installed, and is not followed.`);
  }
  const chart = textAt(inputs, "chart");
  const repository = textAt(inputs["repositoryOpts"] as Inputs | undefined, "repo");
  const namespace = textAt(inputs, "namespace") || "default";
  const args = [
    "template",
    "--values=-",
    `--namespace=${namespace}`,
    `--kube-version=${kubeVersion}`,
    ...(textAt(inputs, "version") === "" || isFolder(chart) ? [] : [`--version=${textAt(inputs, "version")}`]),
    ...(repository === "" ? [] : [`--repo=${repository}`]),
    // What follows is never a flag, whatever it is called.
    "--",
    textAt(inputs, "name") || name,
    isFolder(chart) && !isAbsolute(chart) ? join(cwd, chart) : chart,
  ];
  const { status, stdout, stderr } = await io.run(helm, args, { input: stringify(inputs["values"] ?? {}, { sortMapEntries: true }) });
  if (status !== 0) {
    // Only Helm's first line: the rest may quote values.
    const reason = status === null ? `${helm} could not be started` : (stderr.trim().split("\n")[0] ?? "").slice(0, 200);
    return refuse(`its chart could not be rendered: ${reason}`);
  }
  try {
    const state = readRbacObjects(
      parseAllDocuments(stdout).map((one) => one.toJS() as unknown),
      namespace,
    );
    return judged && isUnknown(stableJson(state))
      ? refuse("a value that is known only after the update is part of its roles or bindings.")
      : state;
  } catch (error) {
    return refuse(error instanceof InvalidRbacObjectError ? error.message : "its chart renders something that is no YAML.");
  }
}

function textAt(inputs: Inputs | undefined, key: string): string {
  const value = inputs?.[key];
  return typeof value === "string" ? value : "";
}

/**
 * Names that a value may go by without deciding about access: what Gatehouse's own components fill in at the update. All are texts
 * that charts copy into settings.
 */
const settings = new Set(["clientSecretName", "secretName", "client_id", "clientID", "force_update"]);

/** The paths of values that the preview does not show, those of {@link settings} left out. */
function hiddenInputs(value: unknown, path = ""): string[] {
  if (isUnknown(value)) {
    const key = path.split(".").at(-1) ?? "";
    return settings.has(key) && value !== "[secret]" ? [] : [path];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, position): string[] => hiddenInputs(item, `${path}[${position}]`));
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, item]) => hiddenInputs(item, path === "" ? key : `${path}.${key}`))
    : [];
}

/**
 * What the commands about rights share (`can-i`, `who-can`, proofs in `preview`): where RBAC is read from (here), who asks (`who.ts`),
 * what is asked (`question.ts`) and how a path is printed (`path.ts`). The evaluation itself is in `verifier/rbac/`.
 */
import { parseAllDocuments } from "yaml";
import type { EnvironmentDocument } from "../../model";
import { aggregated, builtInState, declaredBindings, merged, readRbacObjects, type RbacState } from "../../verifier/rbac";
import type { ClusterGet } from "../cluster";
import { parsed, text, type Parameter } from "../command";
import { EngineError, UsageError } from "../errors";
import { readInput } from "../inputs";
import type { Io } from "../io";

/** Where RBAC is read from. */
export interface RbacSource {
  /** True: the default kubeconfig. */
  readonly kubeconfig?: string | true;
  readonly context?: string;
  readonly objects?: readonly string[];
}

export const rbacOptions = {
  kubeconfig: parsed(
    "--kubeconfig [file]",
    "read the live cluster (default: KUBECONFIG, then the home folder)",
    (file): string | true => file,
  ),
  context: text("--context <name>", "the kubeconfig's context (default: the current one)"),
  objects: {
    flags: "--objects <files...>",
    summary: "read roles and bindings from files (YAML or JSON, lists too, such as `helm template` prints); - for standard input",
  } as Parameter<readonly string[] | undefined>,
} as const;

export interface ReadState {
  readonly rbac: RbacState;
  /** `live`: bindings of a role that is not there grant nothing. Otherwise its rules may only not be known here. */
  readonly origin: "live" | "planned";
}

/**
 * The RBAC that a question is about: the live cluster; or files, or what an environment declares, or both, on top of what every
 * cluster has. Roles that a chart brings are in neither unless its rendered objects are given.
 */
export async function readRbac(source: RbacSource, document: EnvironmentDocument | undefined, io: Io): Promise<ReadState> {
  if (source.kubeconfig !== undefined || source.context !== undefined) {
    if (source.objects !== undefined) {
      throw new UsageError("flags", "Expected one of --kubeconfig and --objects, got both.");
    }
    const get = await io.openCluster(source.kubeconfig === true ? undefined : source.kubeconfig, source.context);
    return { rbac: await liveRbac(get), origin: "live" };
  }
  const given = await Promise.all((source.objects ?? []).map((file) => objectsIn(file, io)));
  const declared = document === undefined ? [] : [declaredBindings(document)];
  return { rbac: aggregated(merged(builtInState(), ...declared, ...given)), origin: "planned" };
}

async function objectsIn(file: string, io: Io): Promise<RbacState> {
  return readRbacObjects(valuesIn(await readInput(file, "Kubernetes objects", io), file));
}

function valuesIn(text: string, file: string): unknown[] {
  const documents = parseAllDocuments(text);
  try {
    if ("empty" in documents || documents.every(({ errors }) => errors.length === 0)) {
      return documents.map((one) => one.toJS() as unknown);
    }
  } catch {
    // An alias of what is not there shows only where values are made.
  }
  throw new UsageError("unusable_input", `Expected YAML or JSON in ${file}, got something that cannot be read as either.`);
}

const collections = ["clusterroles", "roles", "clusterrolebindings", "rolebindings"];
const pageSize = 1_000;

/**
 * Every role and binding of the cluster.
 * @throws EngineError when the API server refuses one: what cannot be seen must not pass for what is not there
 */
export async function liveRbac(get: ClusterGet): Promise<RbacState> {
  const lists = await Promise.all(collections.map((name) => pages(get, `/apis/rbac.authorization.k8s.io/v1/${name}`)));
  return readRbacObjects(lists.flat());
}

async function pages(get: ClusterGet, path: string): Promise<unknown[]> {
  const found: unknown[] = [];
  let next = "";
  do {
    const query = new URLSearchParams({ limit: String(pageSize), ...(next !== "" && { continue: next }) });
    const { status, body } = await get(`${path}?${query.toString()}`);
    if (status !== 200) {
      throw new EngineError(
        "cluster_refused",
        `Expected status 200 from ${path}, got ${status}.\nFix: use a kubeconfig that may list roles and bindings in the whole cluster.`,
      );
    }
    const page = JSON.parse(body) as { metadata?: { continue?: string } };
    found.push(page);
    next = page.metadata?.continue ?? "";
  } while (next !== "");
  return found;
}

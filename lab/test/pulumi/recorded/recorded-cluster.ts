// A cluster that gives back the object that the official plugin got, whatever is asked of it.
import { KubernetesError, type ResourceLocation } from "../../../pulumi/kubernetes/api";
import type { ReleaseStatus } from "../../../pulumi/kubernetes/helm";
import type { Cluster } from "../../../pulumi/kubernetes/provider";
import { numberOf, objectOf, textOf, textsOf } from "../../../pulumi/provider/json";
import type { Properties } from "../../../pulumi/provider/values";

const namespaced = ["Secret", "RoleBinding"];

/** What the cluster has before and after the operation; undefined where the object is not there. */
export interface Recorded {
  readonly before?: Properties;
  readonly after?: Properties;
}

export function recordedCluster(recorded: () => Recorded): Cluster {
  const answer = (state: Properties | undefined): Properties => {
    if (state === undefined) {
      throw new KubernetesError(404, "NotFound", "not found");
    }
    return Object.fromEntries(Object.entries(state).filter(([key]) => !key.startsWith("__")));
  };
  let written = false;
  const notYet = (state: Properties | undefined): boolean => state !== undefined && !("__fieldManager" in state) && !("status" in state);
  return {
    api: {
      defaultNamespace: "default",
      locate: (apiVersion, kind): Promise<ResourceLocation> =>
        Promise.resolve({
          root: apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`,
          plural: `${kind.toLowerCase()}s`,
          namespaced: namespaced.includes(kind),
        }),
      request: async (method) => {
        await Promise.resolve();
        if (method === "DELETE") {
          written = true;
          return {};
        }
        if (method === "GET") {
          const { before, after } = recorded();
          const gone = written;
          written = false;
          return answer(gone ? after : (before ?? after));
        }
        // A preview that the server could not answer, since the namespace comes with the same update, is not answered here either.
        const { after } = recorded();
        return answer(notYet(after) ? undefined : after);
      },
    },
    helm: {
      cancel: () => undefined,
      chartVersion: () => Promise.resolve(textOf(recorded().after?.version) ?? ""),
      install: () => Promise.resolve(),
      upgrade: () => Promise.resolve(),
      uninstall: () => Promise.resolve(),
      revision: () => Promise.resolve(undefined),
      status: () => Promise.resolve(releaseStatus(recorded().after)),
    },
  };
}

function releaseStatus(state: Properties | undefined): ReleaseStatus | undefined {
  if (state === undefined) {
    return undefined;
  }
  const status = objectOf(state.status);
  return {
    name: textOf(status.name) ?? "",
    namespace: textOf(status.namespace) ?? "",
    revision: numberOf(status.revision) ?? 0,
    status: textOf(status.status) ?? "",
    chart: textOf(status.chart) ?? "",
    version: textOf(status.version) ?? "",
    appVersion: textOf(status.appVersion) ?? "",
    values: objectOf(state.values),
    manifest: manifestOf(objectOf(state.resourceNames)),
  };
}

/** `ClusterRole.rbac.authorization.k8s.io/rbac.authorization.k8s.io/v1: [a]` as the document that it came from. */
function manifestOf(names: Properties): string {
  return Object.entries(names)
    .flatMap(([key, list]) =>
      textsOf(list).map((place) => {
        const [first = "", ...version] = key.split("/");
        const [name = "", namespace] = place.split("/").reverse();
        return JSON.stringify({
          apiVersion: version.join("/"),
          kind: first.split(".")[0],
          metadata: namespace === undefined ? { name } : { name, namespace },
        });
      }),
    )
    .join("\n---\n");
}

import type { AccessRequest } from "../../model";
import { UsageError } from "../errors";

/** API groups of Kubernetes' own resources outside the core group, and the short names of kubectl, for questions without a cluster. */
const resourcesByGroup: Readonly<Record<string, string>> = {
  apps: "deployments deploy statefulsets sts daemonsets ds replicasets rs controllerrevisions",
  batch: "jobs cronjobs cj",
  "rbac.authorization.k8s.io": "roles rolebindings clusterroles clusterrolebindings",
  "networking.k8s.io": "ingresses ing ingressclasses networkpolicies netpol",
  policy: "poddisruptionbudgets pdb",
  "storage.k8s.io": "storageclasses sc volumeattachments csidrivers csinodes",
  "apiextensions.k8s.io": "customresourcedefinitions crd crds",
  "admissionregistration.k8s.io":
    "mutatingwebhookconfigurations validatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings mutatingadmissionpolicies mutatingadmissionpolicybindings",
  "apiregistration.k8s.io": "apiservices",
  "certificates.k8s.io": "certificatesigningrequests csr",
  "authentication.k8s.io": "tokenreviews selfsubjectreviews userextras uids",
  "authorization.k8s.io": "subjectaccessreviews selfsubjectaccessreviews localsubjectaccessreviews selfsubjectrulesreviews",
  autoscaling: "horizontalpodautoscalers hpa",
  "coordination.k8s.io": "leases",
  "discovery.k8s.io": "endpointslices",
};
const groupOf = new Map(
  Object.entries(resourcesByGroup).flatMap(([group, names]) => names.split(" ").map((name) => [name, group] as const)),
);
const longNames: Readonly<Record<string, string>> = {
  po: "pods",
  svc: "services",
  cm: "configmaps",
  ns: "namespaces",
  no: "nodes",
  sa: "serviceaccounts",
  pv: "persistentvolumes",
  pvc: "persistentvolumeclaims",
  deploy: "deployments",
  sts: "statefulsets",
  ds: "daemonsets",
  rs: "replicasets",
  cj: "cronjobs",
  ing: "ingresses",
  netpol: "networkpolicies",
  pdb: "poddisruptionbudgets",
  sc: "storageclasses",
  crd: "customresourcedefinitions",
  crds: "customresourcedefinitions",
  csr: "certificatesigningrequests",
  hpa: "horizontalpodautoscalers",
};

/**
 * The request that `VERB RESOURCE[.GROUP][/NAME]` asks about, as `kubectl auth can-i` reads it; a resource that begins with a slash is
 * a path of the API server. Without a group, a resource of Kubernetes' own is looked up, anything else is of the core group.
 */
export function questionOf(
  verb: string,
  resource: string,
  { namespace = "", subresource = "" }: { readonly namespace?: string; readonly subresource?: string },
): AccessRequest {
  if (verb === "" || resource === "" || /\s/.test(`${verb}${resource}`)) {
    throw new UsageError("flags", "Expected a verb and a resource, such as `get pods` or `get /metrics`.");
  }
  if (resource.startsWith("/")) {
    if (namespace !== "" || subresource !== "") {
      throw new UsageError("flags", "Expected a path alone, got --namespace or --subresource beside it: a path belongs to no namespace.");
    }
    return { verb, path: resource };
  }
  const slash = resource.indexOf("/");
  const [kind, name] = slash < 0 ? [resource, ""] : [resource.slice(0, slash), resource.slice(slash + 1)];
  const dot = kind.indexOf(".");
  const short = dot < 0 ? kind : kind.slice(0, dot);
  return {
    verb,
    apiGroup: dot < 0 ? (groupOf.get(kind) ?? "") : kind.slice(dot + 1),
    resource: longNames[short] ?? short,
    subresource,
    name,
    namespace,
  };
}

/** `delete pods/log named web in shop`, `get /metrics` */
export function questionText(request: AccessRequest): string {
  if ("path" in request) {
    return `${request.verb} ${request.path}`;
  }
  const { verb, resource, apiGroup, subresource, name, namespace } = request;
  const kind = `${resource}${apiGroup === "" ? "" : `.${apiGroup}`}${subresource === "" ? "" : `/${subresource}`}`;
  return `${verb} ${kind}${name === "" ? "" : ` named ${name}`}${namespace === "" ? " in the whole cluster" : ` in ${namespace}`}`;
}

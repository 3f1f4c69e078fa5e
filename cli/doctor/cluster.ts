import { z } from "zod";
import { dayOf, platformOfKind, type EnvironmentDocument } from "../../model";
import { bindingDrift, bindingKindsOf } from "../drift/bindings";
import { readBindings } from "../drift/cluster";
import { readPowerfulBindings } from "../drift/powers";
import type { ClusterGet } from "../cluster";
import { clockLine } from "./identity-provider";
import { line, type CheckName, type DoctorLine, type Patient } from "./types";

/** Minor versions of Kubernetes 1 whose authentication and RBAC the decisions of Gatehouse were compared with, or differ in nothing that matters. */
const readMinors = { from: 30, to: 36 };

/** Everything that is looked at in the cluster; without one, each check says that it was not. */
export async function clusterLines(patient: Patient): Promise<DoctorLine[]> {
  const { get, document } = patient;
  if (get === undefined) {
    const checks: CheckName[] = ["kubernetes", "roles", "bindings", "operator"];
    return checks.map((check) => line(check, "unknown", "the cluster", "not looked at", "pass --kubeconfig."));
  }
  return [
    ...(await versionLines(patient, get)),
    ...(await roleLines(document, get)),
    ...(await bindingLines(patient, get)),
    ...(await operatorLines(get)),
  ];
}

/** The installed charts against the versions that were read. */
export function chartLines({ document }: Patient): DoctorLine[] {
  return Object.entries(document.platforms).flatMap(([name, { kind, release }]) => {
    const definition = platformOfKind(kind);
    if (release === undefined) {
      return [];
    }
    const what = `${name}: chart ${release.chart} ${release.version}`;
    if (definition?.chartFault === undefined) {
      return [line("chart", "unknown", what, "not judged: nothing says which versions were read", "compare with the platform's notes.")];
    }
    const expected = definition.chartFault(release.version);
    return [
      expected === undefined
        ? line("chart", "ok", what, "a version that was read")
        : line("chart", "fault", what, `expected ${expected}`, "install a version that was read, or a newer Gatehouse."),
    ];
  });
}

const versionSchema = z.looseObject({ major: z.string(), minor: z.string(), gitVersion: z.string() });

async function versionLines({ io }: Patient, get: ClusterGet): Promise<DoctorLine[]> {
  const { status, body, date } = await get("/version");
  const version = status === 200 ? versionSchema.safeParse(JSON.parse(body)) : undefined;
  if (version?.success !== true) {
    return [
      line("kubernetes", "unknown", "the API server", `status ${status} from /version`, "use a kubeconfig that the API server takes."),
    ];
  }
  const minor = Number(version.data.minor.replace(/\D.*$/, ""));
  const inside = version.data.major === "1" && minor >= readMinors.from && minor <= readMinors.to;
  const range = `1.${readMinors.from} to 1.${readMinors.to} were read`;
  return [
    line(
      "kubernetes",
      inside ? "ok" : "warning",
      `Kubernetes ${version.data.gitVersion}`,
      range,
      inside ? null : "ask the cluster itself (kubectl auth can-i) where an answer matters.",
    ),
    ...(date === undefined ? [] : [clockLine("the API server", date, io.now())]),
  ];
}

async function roleLines({ access }: EnvironmentDocument, get: ClusterGet): Promise<DoctorLine[]> {
  const wanted = new Map<string, string>();
  for (const { kind, namespace = "", roleRef } of access.flatMap(({ bindings }) => bindings)) {
    if (kind === "ClusterRoleBinding" || kind === "RoleBinding") {
      const base = "/apis/rbac.authorization.k8s.io/v1";
      const ofNamespace = roleRef.kind === "Role";
      const path = ofNamespace ? `${base}/namespaces/${namespace}/roles/${roleRef.name}` : `${base}/clusterroles/${roleRef.name}`;
      wanted.set(path, `${roleRef.kind} ${ofNamespace ? `${namespace}/` : ""}${roleRef.name}`);
    }
  }
  return Promise.all(
    [...wanted].map(async ([path, what]) => {
      const { status } = await get(path.split("/").map(encodeURIComponent).join("/"));
      return status === 200
        ? line("roles", "ok", what, "there")
        : status === 404
          ? line(
              "roles",
              "fault",
              what,
              "not there: its bindings grant nothing",
              "let the chart make its roles (rbac.create), or install the release under the name that the stack says.",
            )
          : line("roles", "unknown", what, `status ${status}`, "use a kubeconfig that may read roles.");
    }),
  );
}

async function bindingLines({ document, io }: Patient, get: ClusterGet): Promise<DoctorLine[]> {
  const live = await readBindings(get, bindingKindsOf(document));
  const findings = bindingDrift(document, live, await readPowerfulBindings(get, document, live), dayOf(io.now()));
  return findings.length === 0
    ? [line("bindings", "ok", "the cluster", `as declared (${live.length} bindings looked at)`)]
    : findings.map(({ what, detail, fix }) => line("bindings", "fault", what, detail, fix));
}

const stacksSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
      status: z
        .looseObject({
          conditions: z
            .array(z.looseObject({ type: z.string(), status: z.string(), reason: z.string().optional(), message: z.string().optional() }))
            .optional(),
          lastUpdate: z.looseObject({ state: z.string().optional(), message: z.string().optional() }).nullish(),
        })
        .optional(),
    }),
  ),
});

/** Stacks of the Pulumi Kubernetes Operator: `Stalled` says that it has given up (github.com/pulumi/pulumi-kubernetes-operator, api/pulumi/v1). */
async function operatorLines(get: ClusterGet): Promise<DoctorLine[]> {
  const { status, body } = await get("/apis/pulumi.com/v1/stacks");
  if (status === 404) {
    return [line("operator", "ok", "the cluster", "no Pulumi operator here")];
  }
  const stacks = status === 200 ? stacksSchema.safeParse(JSON.parse(body)) : undefined;
  if (stacks?.success !== true) {
    return [
      line(
        "operator",
        "unknown",
        "the cluster",
        `status ${status} for the operator's Stacks`,
        "use a kubeconfig that may list stacks.pulumi.com.",
      ),
    ];
  }
  return stacks.data.items.map(({ metadata, status: state }) => {
    const what = `Stack ${metadata.namespace}/${metadata.name}`;
    const stalled = state?.conditions?.find(({ type, status: on }) => type === "Stalled" && on === "True");
    if (stalled !== undefined) {
      return line(
        "operator",
        "fault",
        what,
        `stalled: ${stalled.reason ?? ""} ${stalled.message ?? ""}`.trim(),
        "mend what it says (often credentials or the branch), then annotate it to reconcile.",
      );
    }
    return state?.lastUpdate?.state === "failed"
      ? line(
          "operator",
          "warning",
          what,
          `its last update failed: ${state.lastUpdate.message ?? ""}`.trim(),
          "read the update's log; `gatehouse explain` says what was missing.",
        )
      : line("operator", "ok", what, "not stalled");
  });
}

import { z } from "zod";
import { dayOf, jsonOrNothing, platformOfKind, type EnvironmentDocument } from "../../model";
import { bindingDrift, bindingKindsOf } from "../drift/bindings";
import { readBindings } from "../drift/cluster";
import { readPowerfulBindings } from "../drift/powers";
import type { ClusterGet } from "../cluster";
import { EngineError } from "../errors";
import { clockLine } from "./identity-provider";
import { line, type CheckName, type DoctorLine, type Patient } from "./types";

/** Minor versions of Kubernetes 1 whose authentication and RBAC the decisions of Gatehouse were compared with, or differ in nothing that matters. */
const readMinors = { from: 30, to: 36 };
/** The first minor version that reads apiserver.config.k8s.io/v1, as the configuration is written (kubernetes.io, "Authenticating"). */
const fileSinceMinor = 34;

/** Everything that is looked at in the cluster; without one, each check says that it was not. */
export async function clusterLines(patient: Patient): Promise<DoctorLine[]> {
  const { get, document } = patient;
  if (get === undefined) {
    return notLookedAt("pass --kubeconfig.", ["kubernetes", ...behindVersion]);
  }
  let version: DoctorLine[];
  try {
    version = await versionLines(patient, get);
  } catch (error) {
    const [found, fix] = wordsOf(error);
    return [line("kubernetes", "fault", "the API server", found, fix), ...notLookedAt("let the API server answer first.", behindVersion)];
  }
  return [
    ...version,
    ...(await orUnknown("roles", () => roleLines(document, get))),
    ...(await orUnknown("bindings", () => bindingLines(patient, get))),
    ...(await orUnknown("operator", () => operatorLines(get))),
  ];
}

/** What is asked once the API server has told its version. */
const behindVersion: readonly CheckName[] = ["roles", "bindings", "operator"];

function notLookedAt(fix: string, checks: readonly CheckName[]): DoctorLine[] {
  return checks.map((check) => line(check, "unknown", "the cluster", "not looked at", fix));
}

/** One question that has no answer must not cost the other lines. */
async function orUnknown(check: CheckName, look: () => Promise<DoctorLine[]>): Promise<DoctorLine[]> {
  try {
    return await look();
  } catch (error) {
    const [found, fix] = wordsOf(error);
    return [line(check, "unknown", "the cluster", found, fix)];
  }
}

/** What was found, and the fix that the message itself names. */
function wordsOf(error: unknown): [found: string, fix: string] {
  if (!(error instanceof EngineError)) {
    throw error;
  }
  const [found = "", fix = "use a kubeconfig that may read it."] = error.message.split("\nFix: ");
  return [found, fix];
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

async function versionLines({ document, io }: Patient, get: ClusterGet): Promise<DoctorLine[]> {
  const { status, body, date } = await get("/version");
  const clock = clockLine("the API server", date, io.now());
  const version = status === 200 ? versionSchema.safeParse(jsonOrNothing(body)) : undefined;
  if (version?.success !== true) {
    const found = status === 200 ? "no version from /version" : `status ${status} from /version`;
    return [line("kubernetes", "unknown", "the API server", found, "use a kubeconfig that the API server takes."), clock];
  }
  const { major, minor, gitVersion } = version.data;
  return [versionLine(document, `Kubernetes ${gitVersion}`, major, Number(minor.replace(/\D.*$/, ""))), clock];
}

function versionLine({ platforms }: EnvironmentDocument, what: string, major: string, minor: number): DoctorLine {
  const byFile = Object.entries(platforms).flatMap(([name, { tokenRules }]) =>
    tokenRules === "authentication-configuration" ? [name] : [],
  );
  // Whether its owner took the file or the flags is not in the document.
  if (byFile.length > 0 && major === "1" && minor < fileSinceMinor) {
    return line(
      "kubernetes",
      "warning",
      what,
      `${byFile.join(", ")}: an AuthenticationConfiguration of apiserver.config.k8s.io/v1 needs 1.${fileSinceMinor} or later`,
      "set the flags of kube-apiserver that the stack gives (output `flags`) in place of the file, or upgrade the control plane.",
    );
  }
  const inside = major === "1" && minor >= readMinors.from && minor <= readMinors.to;
  return line(
    "kubernetes",
    inside ? "ok" : "warning",
    what,
    `1.${readMinors.from} to 1.${readMinors.to} were read`,
    inside ? null : "ask the cluster itself (kubectl auth can-i) where an answer matters.",
  );
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
  const stacks = status === 200 ? stacksSchema.safeParse(jsonOrNothing(body)) : undefined;
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

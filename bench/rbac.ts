import { proveNoNewAccess, readRbacObjects, whoCan, indexRbac, type RbacState } from "../verifier/rbac";
import type { PolicyRule } from "../model";
import { median } from "./measure";

/** Times of the questions about access over a large cluster, in milliseconds, in the order of their runs. */
export interface RbacTimes {
  readonly bindings: number;
  readonly roles: number;
  /** From the objects as they are read, to everybody who may. */
  readonly whoCan: readonly number[];
  /** The proof where one role in a hundred and one binding in a hundred have changed, and nobody gains. */
  readonly proof: readonly number[];
  /** The same where one has gained: the witness is looked for. */
  readonly widened: readonly number[];
}

const bindings = 10_000;
const roles = 2_000;
const namespaces = 200;
const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
const resources = ["pods", "pods/log", "services", "configmaps", "secrets", "deployments", "jobs", "ingresses"];

/** The same at every run: roles of three rules, one binding in ten for the whole cluster. */
function cluster(change: (rule: PolicyRule, role: number) => PolicyRule = (rule) => rule): RbacState {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const ruleOf = (role: number, number: number): PolicyRule => ({
    verbs: verbs.filter((_, position) => (role + position * number) % 3 === 0),
    apiGroups: ["", "apps"],
    resources: resources.filter((_, position) => (role + position + number) % 4 === 0),
    ...(role % 7 === number && { resourceNames: [`name-${role}`] }),
  });
  return readRbacObjects([
    ...Array.from({ length: roles }, (_, role) => ({
      apiVersion,
      kind: "ClusterRole",
      metadata: { name: `role-${role}` },
      rules: [0, 1, 2].map((number) => change(ruleOf(role, number), role)),
    })),
    ...Array.from({ length: bindings }, (_, number) => ({
      apiVersion,
      kind: number % 10 === 0 ? "ClusterRoleBinding" : "RoleBinding",
      metadata: { name: `binding-${number}`, ...(number % 10 !== 0 && { namespace: `ns-${number % namespaces}` }) },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: `role-${(number * 7) % roles}` },
      subjects: [
        { kind: "Group", name: `group-${number % 900}` },
        { kind: "User", name: `user-${number % 3_000}` },
      ],
    })),
  ]);
}

/** Measures in this process; nothing is started. */
export function measureRbac(repetitions: number): RbacTimes {
  const before = cluster();
  // A hundredth of the roles is written otherwise, with fewer rights: those are compared right by right.
  const narrower = cluster((rule, role) => (role % 100 === 0 ? { ...rule, verbs: rule.verbs.slice(0, 1), apiGroups: [""] } : rule));
  const wider = cluster((rule, role) => (role === 50 ? { ...rule, verbs: [...rule.verbs, "impersonate"] } : rule));
  const people = {};
  const request = { verb: "get", apiGroup: "", resource: "secrets", subresource: "", name: "", namespace: "ns-7" };
  const times = { whoCan: [] as number[], proof: [] as number[], widened: [] as number[] };
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    times.whoCan.push(timedNow(() => expect(whoCan(indexRbac(before), request).length > 0)));
    times.proof.push(timedNow(() => expect(proveNoNewAccess({ rbac: before, people }, { rbac: narrower, people }).holds)));
    times.widened.push(timedNow(() => expect(!proveNoNewAccess({ rbac: before, people }, { rbac: wider, people }).holds)));
  }
  return { bindings, roles, ...times };
}

function expect(holds: boolean): void {
  if (!holds) {
    throw new Error("bench: expected the answer that the made cluster has, got another.");
  }
}

function timedNow(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** What the questions may take (milliseconds), and what they take. */
export function rbacLines({ bindings: count, roles: several, whoCan: who, proof, widened }: RbacTimes): string[] {
  const figure = (name: string, times: readonly number[], limit: number): string =>
    `${name} over ${count} bindings and ${several} roles: ${median(times).toFixed(0)} ms, ${(median(times) / limit).toFixed(2)} of the ${limit} ms that it may take (median of ${times.length})`;
  return [figure("who-can", who, 200), figure("proof of no new access", proof, 2_000), figure("the same with a gain", widened, 2_000)];
}

/** Alone, without a lab: `node --import tsx bench/rbac.ts`. */
if (require.main === module) {
  process.stdout.write(`${rbacLines(measureRbac(9)).join("\n")}\n`);
}

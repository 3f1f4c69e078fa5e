/**
 * The RBAC half of `npm run parity`: random roles, bindings and questions, asked of the real API server by SubjectAccessReview and of
 * verifier/rbac, and impersonation tried for real.
 * Holds the generator and the comparison. Never starts a cluster: the frame does, and hands its kubeconfig in.
 */
import { isUrlRequest, stableJson } from "../../../model";
import { decideAccess, indexRbac } from "../../../verifier/rbac";
import { inParallel, openClient, type Call } from "./client";
import { install, remove, unsettled } from "./cluster-set";
import { impersonationCases } from "./impersonate";
import { namespaces, randomSet } from "./objects";
import { aimsOf, randomQuestion, type Question } from "./questions";
import { Random } from "./random";

export interface RbacParityOptions {
  readonly kubeconfigPath: string;
  /** How many questions are asked. */
  readonly cases: number;
  readonly seed: number;
  /** Progress, one line at a time. */
  readonly say?: (line: string) => void;
}

export interface RbacParity {
  readonly cases: number;
  readonly agreed: number;
  /** How many of the questions the API server said yes to: a generator that hears no alone proves little. */
  readonly allowed: number;
  /** Aggregated roles whose rules the controller gathered, and how many were as foretold. */
  readonly aggregated: { readonly roles: number; readonly agreed: number };
  /** Requests made as somebody else, and how many ended as foretold: let or refused, and with which groups. */
  readonly impersonated: { readonly cases: number; readonly agreed: number; readonly allowed: number };
  /** Both answers with what was asked, one line each. */
  readonly disagreements: readonly string[];
}

const connections = 16;
const questionsOfSet = 1_000;

/** Asks `cases` questions in sets of a thousand; every set has objects and subjects of its own. */
export async function rbacParity({ kubeconfigPath, cases, seed, say = () => undefined }: RbacParityOptions): Promise<RbacParity> {
  const client = openClient(kubeconfigPath, connections);
  try {
    for (const name of namespaces) {
      await client.call("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
    const parts: RbacParity[] = [];
    for (let number = 0, left = cases; left > 0; number += 1, left -= questionsOfSet) {
      parts.push(await judgeSet(client, new Random(seed + number * 7919), number, Math.min(left, questionsOfSet)));
      say(
        `rbac: ${cases - Math.max(left - questionsOfSet, 0)} of ${cases}, ${parts.flatMap((part) => part.disagreements).length} disagree`,
      );
    }
    return total(parts);
  } finally {
    client.close();
  }
}

async function judgeSet(client: ReturnType<typeof openClient>, random: Random, number: number, cases: number): Promise<RbacParity> {
  const set = randomSet(random, number);
  const state = await install(client.call, set, number);
  const index = indexRbac(state);
  const rulesOf = new Map(state.roles.map((role) => [`${role.kind} ${role.namespace}/${role.name}`, role.rules]));
  const aims = aimsOf(set, (kind, namespace, name) => rulesOf.get(`${kind} ${namespace}/${name}`) ?? []);
  const questions = Array.from({ length: cases }, () => randomQuestion(random, set, aims));
  const answers = await inParallel(questions, connections, (question) => review(client.call, question));
  const disagreements = questions.flatMap((question, position) => {
    const ours = decideAccess(index, question.identity, question.request).allowed;
    const theirs = answers[position];
    return theirs?.allowed === ours
      ? []
      : [`${stableJson(question)}: verifier ${ours ? "allows" : "denies"}, API server: ${stableJson(theirs)}`];
  });
  const wrong = unsettled(state);
  const gathering = state.roles.filter(({ aggregation }) => aggregation !== undefined).length;
  const impersonated = await impersonationCases(client, random, number);
  await remove(client.call, number);
  return {
    cases,
    agreed: cases - disagreements.length,
    allowed: answers.filter(({ allowed }) => allowed).length,
    aggregated: { roles: gathering, agreed: gathering - wrong.length },
    impersonated: {
      cases: impersonated.cases,
      agreed: impersonated.cases - impersonated.disagreements.length,
      allowed: impersonated.allowed,
    },
    disagreements: [
      ...disagreements,
      ...wrong.map((name) => `ClusterRole ${name}: the controller gathered other rules than foretold`),
      ...impersonated.disagreements,
    ],
  };
}

/** What the API server says of one question. */
async function review(call: Call, { identity, request }: Question): Promise<{ allowed: boolean; reason?: string }> {
  const { verb } = request;
  const attributes = isUrlRequest(request)
    ? { nonResourceAttributes: { verb, path: request.path } }
    : {
        resourceAttributes: {
          verb,
          group: request.apiGroup,
          resource: request.resource,
          subresource: request.subresource,
          name: request.name,
          namespace: request.namespace,
        },
      };
  const spec = { user: identity.username, groups: identity.groups, ...attributes };
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
  const answer = await call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", body);
  const { status } = JSON.parse(answer.body) as { status?: { allowed?: boolean; reason?: string } };
  if (answer.status !== 201 || typeof status?.allowed !== "boolean") {
    throw new Error(`Expected an answer to ${stableJson(spec)}, got status ${answer.status}: ${answer.body.slice(0, 400)}`);
  }
  return { allowed: status.allowed, reason: status.reason };
}

function total(parts: readonly RbacParity[]): RbacParity {
  const sum = (count: (part: RbacParity) => number): number => parts.reduce((whole, part) => whole + count(part), 0);
  return {
    cases: sum(({ cases }) => cases),
    agreed: sum(({ agreed }) => agreed),
    allowed: sum(({ allowed }) => allowed),
    aggregated: { roles: sum(({ aggregated: { roles } }) => roles), agreed: sum(({ aggregated: { agreed } }) => agreed) },
    impersonated: {
      cases: sum(({ impersonated }) => impersonated.cases),
      agreed: sum(({ impersonated }) => impersonated.agreed),
      allowed: sum(({ impersonated }) => impersonated.allowed),
    },
    disagreements: parts.flatMap(({ disagreements }) => disagreements),
  };
}

/** The line of agreement. */
export function rbacParityLine({ cases, agreed, allowed, aggregated, impersonated }: RbacParity): string {
  const share = (part: number, whole: number): string =>
    `${part} of ${whole} (${whole === 0 ? 100 : Math.floor((part / whole) * 10_000) / 100} %)`;
  return (
    `RBAC: ${share(agreed, cases)} agree, ${allowed} of them allowed; ` +
    `aggregated roles ${share(aggregated.agreed, aggregated.roles)}; impersonation ${share(impersonated.agreed, impersonated.cases)}, ${impersonated.allowed} of them let`
  );
}

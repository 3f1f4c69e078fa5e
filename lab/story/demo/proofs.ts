import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentDocument } from "../../../model";
import { verifyToken } from "../../../verifier";
import { startRelyingParty, type RelyingParty } from "../relying-parties";
import type { Proof, Scenario } from "../scenarios";
import { findKubectl, runKubectl } from "./kubectl";
import type { Credential, Lab } from "../session";
import { fetchThrough, openDriver, personSession, send, type Driver, type Route, type SignedIn } from "../sign-in";

/** One proof with its outcome, as a line of the demo's result. */
export interface ProofResult {
  readonly platform: string;
  readonly login: string;
  readonly part: string;
  readonly tries: string;
  readonly expected: string;
  readonly got: string;
  readonly holds: boolean;
}

export interface ProofOptions {
  /** Path of a browser; `false`: the plain HTTP client. Left out: the installed Chromium, if any. */
  readonly browser?: string | false;
  /** Told each result as it comes. */
  readonly onResult?: (result: ProofResult) => void;
  /** Settles when the API server accepts the clients' tokens; people sign in meanwhile. */
  readonly trusted: Promise<void>;
}

export interface Proofs {
  readonly results: readonly ProofResult[];
  /** How people were signed in. */
  readonly driver: Driver["kind"];
}

/** Signs the scenario's people in at every platform, and asks the API server, as each of them, what they may do. */
export async function prove(lab: Lab, document: EnvironmentDocument, options: ProofOptions): Promise<Proofs> {
  const results: ProofResult[] = [];
  const add = (result: ProofResult): void => {
    results.push(result);
    options.onResult?.(result);
  };
  let driver: Driver["kind"] = "http";
  for (const name of Object.keys(document.platforms)) {
    driver = await provePlatform({ lab, document, name, add, browser: options.browser, trusted: options.trusted });
  }
  return { results, driver };
}

interface PlatformProof {
  readonly lab: Lab;
  readonly document: EnvironmentDocument;
  readonly name: string;
  readonly add: (result: ProofResult) => void;
  readonly browser?: string | false;
  readonly trusted: Promise<void>;
}

async function provePlatform({ lab, document, name, add, browser, trusted }: PlatformProof): Promise<Driver["kind"]> {
  const relyingParty = await openRelyingParty(lab, document, name, trusted);
  const route: Route = { ca: lab.authority.certificate, hostMap: { [relyingParty.host]: relyingParty.address } };
  const driver = await openDriver({ ...route, browser });
  const signedIn: PersonProof[] = [];
  try {
    for (const login of loginsOf(lab.scenario, name)) {
      const person = { lab, document, name, login, relyingParty, route, add: labelled(lab.scenario, name, login, add) };
      const outcome = await driver.signIn({ startUrl: relyingParty.startUrl, ...credentialOf(lab, login) });
      const expected = lab.scenario.refused.some((refused) => refused.login === login && refused.platform === name)
        ? "refused"
        : "signed-in";
      person.add({
        tries: "sign in",
        expected,
        got: outcome.outcome === "refused" ? `refused (${outcome.reason})` : outcome.outcome,
        holds: outcome.outcome === expected,
      });
      if (outcome.outcome === "signed-in" && expected === "signed-in") {
        await proveToken(person);
        await proveAccess(person, outcome);
        signedIn.push(person);
      }
    }
    await trusted;
    for (const person of signedIn) {
      await proveDirectly(person);
      await proveKubectl(person);
    }
  } finally {
    await driver.close();
    await relyingParty.stop();
  }
  return driver.kind;
}

/** Starts the relying party of a deployed platform of a lab. */
export async function openRelyingParty(
  lab: Lab,
  document: EnvironmentDocument,
  name: string,
  trusted: Promise<void> = Promise.resolve(),
): Promise<RelyingParty> {
  const platform = document.platforms[name];
  if (platform === undefined) {
    throw new Error(`The environment document has no platform '${name}'.`);
  }
  const certificate = await lab.authority.issueServer({ name: `platform-${name}`, dnsNames: [new URL(platform.url).hostname] });
  return startRelyingParty(platform, {
    kubeconfigPath: lab.cluster.kubeconfigPath,
    ca: lab.authority.certificate,
    certificate: { certPem: certificate.certificate, keyPem: certificate.key },
    trusted,
    trust: (configuration) => lab.cluster.updateAuthenticationConfiguration(configuration),
  });
}

interface PersonProof {
  readonly lab: Lab;
  readonly document: EnvironmentDocument;
  readonly name: string;
  readonly login: string;
  readonly relyingParty: RelyingParty;
  readonly route: Route;
  readonly add: (result: Omit<ProofResult, "platform" | "login" | "part">) => void;
}

/** The verifier must find in the token exactly the grants that the stack gives this person. */
async function proveToken({ lab, document, name, login, relyingParty, add }: PersonProof): Promise<void> {
  const session = relyingParty.session(login);
  if (session === undefined) {
    add({ tries: "have the ID token verified", expected: "a session", got: "none", holds: false });
    return;
  }
  const verdict = await verifyToken({
    token: session.idToken,
    document,
    platform: name,
    userInfo: session.userInfo,
    fetch: fetchThrough({ ca: lab.authority.certificate }) as typeof fetch,
  });
  const expected = expectedRoles(lab.scenario, document, name, login);
  const got =
    verdict.code ??
    verdict.grants
      .map((grant) => grant.role)
      .sort()
      .join(", ");
  add({ tries: "have the ID token verified", expected: `grants ${expected}`, got: `grants ${got}`, holds: got === expected });
  if (session.account !== undefined) {
    const account = document.access.find((grant) => grant.platform === name && grant.person?.login === login)?.subject.name;
    add({ tries: "become the mapped user", expected: account ?? "nobody", got: session.account, holds: session.account === account });
  }
  const same = session.groups.every((group) => verdict.identity?.groups.includes(group));
  add({
    tries: "be the same to platform and verifier",
    expected: session.username,
    got: verdict.identity?.username ?? "nobody",
    holds: same && verdict.identity?.username === session.username,
  });
}

/** The roles that the environment document gives a person: through groups whose members it lists, and groups of the scenario. */
function expectedRoles(scenario: Scenario, document: EnvironmentDocument, platform: string, login: string): string {
  const existing = scenario.people.find((person) => person.login === login)?.existingGroups ?? [];
  const holds = (key: string): boolean => {
    const group = document.groups[key];
    return group !== undefined && (group.members?.includes(login) === true || existing.includes(group.displayName));
  };
  const roles = document.access
    .filter((grant) => grant.platform === platform && (grant.person === undefined ? holds(grant.group) : grant.person.login === login))
    .map((grant) => grant.role)
    .sort();
  // The verifier's own word for somebody who is signed in and may do nothing.
  return roles.length === 0 ? "no_grant" : roles.join(", ");
}

/** The scenario's questions, asked as the platform asks them: by impersonation of the person that it made of the token. */
async function proveAccess(person: PersonProof, signedIn: SignedIn): Promise<void> {
  const proofs = proofsOf(person);
  const session = personSession(person.route, signedIn);
  const answer = await session.post(
    "can-i",
    proofs.map((proof) => proof.question),
  );
  if (answer.status !== 200) {
    person.add({ tries: "ask the platform", expected: "status 200", got: `status ${answer.status}`, holds: false });
    return;
  }
  const decisions = JSON.parse(answer.body) as { allowed: boolean }[];
  for (const [position, proof] of proofs.entries()) {
    const got = decisions[position]?.allowed === true ? "allowed" : "denied";
    person.add({ tries: proof.tries, expected: proof.expected, got, holds: got === proof.expected });
  }
}

/**
 * The person's own ID token at the API server, without any platform between. It must name the same person; where the token
 * carries the groups, the same questions must have the same answers.
 */
async function proveDirectly(person: PersonProof): Promise<void> {
  const session = person.relyingParty.session(person.login);
  if (session?.account !== undefined) {
    // Such a platform acts for its own users; the API server never sees the person's token.
    return;
  }
  if (person.relyingParty.tokensReachApiServer === false) {
    const seen = await callWithToken(person, "authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", undefined);
    const got = seen?.status.userInfo?.username ?? "not recognised";
    person.add({ tries: "show the ID token to the API server", expected: "not recognised", got, holds: got === "not recognised" });
    return;
  }
  const who = await callWithToken(person, "authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", undefined);
  const username = who?.status.userInfo?.username ?? "nobody";
  const expected = session?.username ?? "a session";
  person.add({ tries: "show the ID token to the API server", expected, got: username, holds: username === expected });
  if (person.document.platforms[person.name]?.groupsFrom !== "id-token") {
    return;
  }
  for (const proof of proofsOf(person)) {
    const spec = { resourceAttributes: proof.question };
    const answer = await callWithToken(person, "authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", spec);
    const got = answer === undefined ? "not recognised" : answer.status.allowed === true ? "allowed" : "denied";
    person.add({ tries: `${proof.tries}, with the token alone`, expected: proof.expected, got, holds: got === proof.expected });
  }
}

/** The real kubectl, where there is one, with the generated kubeconfig and the person's token. */
async function proveKubectl({ lab, document, name, login, relyingParty, add }: PersonProof): Promise<void> {
  const kubeconfig = document.platforms[name]?.files?.["kubeconfig.yaml"];
  const kubectl = findKubectl();
  const idToken = relyingParty.session(login)?.idToken;
  const proofs = (lab.scenario.kubectl ?? []).filter((proof) => proof.login === login && proof.platform === name);
  if (kubeconfig === undefined || kubectl === undefined || idToken === undefined) {
    return;
  }
  for (const { args, expected } of proofs) {
    const got = await runKubectl({ kubectl, kubeconfig, idToken, folder: join(lab.stateDir, "kubectl"), args });
    add({ tries: `kubectl ${args.join(" ")}`, expected, got, holds: got === expected });
  }
}

interface ReviewAnswer {
  readonly status: { readonly allowed?: boolean; readonly userInfo?: { readonly username?: string } };
}

async function callWithToken(
  { lab, login, relyingParty }: PersonProof,
  apiVersion: string,
  kind: string,
  resource: string,
  spec: unknown,
): Promise<ReviewAnswer | undefined> {
  const answer = await send(
    new URL(`/apis/${apiVersion}/${resource}`, lab.cluster.server),
    { ca: readFileSync(lab.cluster.caFile, "utf8") },
    {
      method: "POST",
      headers: { authorization: `Bearer ${relyingParty.session(login)?.idToken ?? ""}`, "content-type": "application/json" },
      body: JSON.stringify({ apiVersion, kind, ...(spec === undefined ? {} : { spec }) }),
    },
  );
  return answer.status === 201 ? (JSON.parse(answer.body) as ReviewAnswer) : undefined;
}

function proofsOf({ lab, login, name }: PersonProof): Proof[] {
  return lab.scenario.proofs.filter((proof) => proof.login === login && proof.platform === name);
}

function loginsOf(scenario: Scenario, platform: string): string[] {
  const named = [...scenario.proofs, ...scenario.refused].filter((entry) => entry.platform === platform).map((entry) => entry.login);
  return scenario.people.map((person) => person.login).filter((login) => named.includes(login));
}

function labelled(scenario: Scenario, platform: string, login: string, add: (result: ProofResult) => void): PersonProof["add"] {
  const part = scenario.people.find((person) => person.login === login)?.part ?? "";
  return (result) => add({ platform, login, part, ...result });
}

/** Sign-in name, password and one-time code that a lab made for one of its people. */
export function credentialOf(lab: Lab, login: string): Credential {
  const credential = lab.people.find((candidate) => candidate.login === login);
  if (credential === undefined) {
    throw new Error(`The lab has nobody with the sign-in name ${login}.`);
  }
  return credential;
}

import { readFileSync } from "node:fs";
import type { EnvironmentDocument } from "../../model";
import { verifyToken } from "../../verifier";
import { startRelyingParty, type RelyingParty } from "../relying-parties/relying-party";
import type { Proof, Scenario } from "../scenarios";
import type { Lab } from "../session";
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
}

export interface Proofs {
  readonly results: readonly ProofResult[];
  /** How people were signed in. */
  readonly driver: Driver["kind"];
}

/** Signs the scenario's people in at every platform, and asks the API server, as each of them, what they may do. */
export async function prove(lab: Lab, document: EnvironmentDocument, options: ProofOptions = {}): Promise<Proofs> {
  const results: ProofResult[] = [];
  const add = (result: ProofResult): void => {
    results.push(result);
    options.onResult?.(result);
  };
  let driver: Driver["kind"] = "http";
  for (const name of Object.keys(document.platforms)) {
    driver = await provePlatform({ lab, document, name, add, browser: options.browser });
  }
  return { results, driver };
}

interface PlatformProof {
  readonly lab: Lab;
  readonly document: EnvironmentDocument;
  readonly name: string;
  readonly add: (result: ProofResult) => void;
  readonly browser?: string | false;
}

async function provePlatform({ lab, document, name, add, browser }: PlatformProof): Promise<Driver["kind"]> {
  const relyingParty = await openRelyingParty(lab, document, name);
  const route: Route = { ca: lab.authority.certificate, hostMap: { [relyingParty.host]: relyingParty.address } };
  const driver = await openDriver({ ...route, browser });
  try {
    for (const login of loginsOf(lab.scenario, name)) {
      const person = { lab, document, name, login, relyingParty, route, add: labelled(lab.scenario, name, login, add) };
      const outcome = await driver.signIn({ startUrl: relyingParty.startUrl, login, password: passwordOf(lab, login) });
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
      }
    }
  } finally {
    await driver.close();
    await relyingParty.stop();
  }
  return driver.kind;
}

/** Starts the relying party of a deployed platform of a lab. */
export async function openRelyingParty(lab: Lab, document: EnvironmentDocument, name: string): Promise<RelyingParty> {
  const platform = document.platforms[name];
  if (platform === undefined) {
    throw new Error(`The environment document has no platform '${name}'.`);
  }
  const certificate = await lab.authority.issueServer({ name: `platform-${name}`, dnsNames: [new URL(platform.url).hostname] });
  return startRelyingParty(platform, {
    kubeconfigPath: lab.cluster.kubeconfigPath,
    ca: lab.authority.certificate,
    certificate: { certPem: certificate.certificate, keyPem: certificate.key },
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
  return document.access
    .filter((grant) => grant.platform === platform && holds(grant.group))
    .map((grant) => grant.role)
    .sort()
    .join(", ");
}

/** Each question twice: as the platform asks it, by impersonation, and with the person's own token at the API server. */
async function proveAccess(person: PersonProof, signedIn: SignedIn): Promise<void> {
  const proofs = person.lab.scenario.proofs.filter((proof) => proof.login === person.login && proof.platform === person.name);
  const session = personSession(person.route, signedIn);
  const answer = await session.post(
    "can-i",
    proofs.map((proof) => proof.question),
  );
  if (answer.status !== 200) {
    person.add({ tries: "ask the platform", expected: "status 200", got: `status ${answer.status}`, holds: false });
    return;
  }
  const throughPlatform = (JSON.parse(answer.body) as { allowed: boolean }[]).map((decision) => (decision.allowed ? "allowed" : "denied"));
  for (const [position, proof] of proofs.entries()) {
    const direct = await askWithToken(person, proof);
    const got =
      throughPlatform[position] === direct
        ? direct
        : `${throughPlatform[position] ?? "nothing"} through the platform, ${direct} with the token`;
    person.add({ tries: proof.tries, expected: proof.expected, got, holds: got === proof.expected });
  }
}

async function askWithToken({ lab, login, relyingParty }: PersonProof, proof: Proof): Promise<"allowed" | "denied" | "not recognised"> {
  const answer = await send(
    new URL("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", lab.cluster.server),
    { ca: readFileSync(lab.cluster.caFile, "utf8") },
    {
      method: "POST",
      headers: { authorization: `Bearer ${relyingParty.session(login)?.idToken ?? ""}`, "content-type": "application/json" },
      body: JSON.stringify({
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: proof.question },
      }),
    },
  );
  if (answer.status !== 201) {
    return "not recognised";
  }
  return (JSON.parse(answer.body) as { status: { allowed: boolean } }).status.allowed ? "allowed" : "denied";
}

function loginsOf(scenario: Scenario, platform: string): string[] {
  const named = [...scenario.proofs, ...scenario.refused].filter((entry) => entry.platform === platform).map((entry) => entry.login);
  return scenario.people.map((person) => person.login).filter((login) => named.includes(login));
}

function labelled(scenario: Scenario, platform: string, login: string, add: (result: ProofResult) => void): PersonProof["add"] {
  const part = scenario.people.find((person) => person.login === login)?.part ?? "";
  return (result) => add({ platform, login, part, ...result });
}

/** The password that a lab made for one of its people. */
export function passwordOf(lab: Lab, login: string): string {
  const credential = lab.credentials.find((candidate) => candidate.login === login);
  if (credential === undefined) {
    throw new Error(`The lab has nobody with the sign-in name ${login}.`);
  }
  return credential.password;
}

/**
 * People of a real Keycloak in the ways in which they are easily let in, or left out, by mistake: names that a hundred others contain, subgroups,
 * another organisation behind a broker, a second factor. Nothing is put back in the realm: the suite is the last one on its lab.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { credentialOf, openRelyingParty } from "../../lab/story/demo/proofs";
import type { RelyingParty } from "../../lab/story/relying-parties";
import type { Lab } from "../../lab/story/session";
import { CookieJar, fetchThrough, openDriver, type Outcome, type Route } from "../../lab/story/sign-in";
import { open } from "../../lab/story/sign-in/http-driver";
import { signInForm, textOf } from "../../lab/story/sign-in/pages";
import { startExternalIssuers } from "../../lab/vendors/external/server";
import { verifyToken, type TokenVerdict } from "../../verifier";
import { clientOf, keycloak, makeFlow } from "./keycloak";
import { ended, gatehouse } from "./login";
import { configure, up } from "./support";

const operators = ["gatehouse:groups", "backup-operators", "members"];
const password = "correct-horse-battery";
const totpSecret = "a-secret-of-twenty-b";
/** Seconds that a code holds: an hour, so that it still does when a busy machine has come to ask for it. */
const totpPeriod = 3_600;

interface Attempt {
  readonly outcome: Outcome;
  readonly claims: Record<string, unknown>;
  readonly token: string;
}

/** @param labOf a lab of lab-k10-keycloak on which nothing is deployed */
export function peopleOfKeycloak(labOf: () => Lab): void {
  describe("people of a real Keycloak", () => {
    let lab: Lab;
    before(() => {
      lab = labOf();
    });

    /** One person signs in at the platform. */
    async function signIn(login: string, credential: { password: string; otp?: string } = credentialOf(lab, login)): Promise<Attempt> {
      return atPlatform(lab, async (relyingParty, route) => {
        const driver = await openDriver({ ...route, browser: false });
        const outcome = await driver.signIn({ startUrl: relyingParty.startUrl, login, ...credential });
        const token = relyingParty.session(login)?.idToken ?? (await sessionOf(relyingParty, login))?.idToken ?? "";
        return { outcome, token, claims: claimsOf(token) };
      });
    }

    /** A session is known by the name that the platform takes: the person's id. */
    async function sessionOf(relyingParty: RelyingParty, login: string): Promise<ReturnType<RelyingParty["session"]>> {
      return relyingParty.session((await personOf(lab, login)).id);
    }

    async function verdictOf(token: string): Promise<TokenVerdict> {
      return verifyToken({
        token,
        document: await lab.document(),
        platform: "k10",
        fetch: fetchThrough({ ca: lab.authority.certificate }) as typeof fetch,
      });
    }

    test("somebody whose name more than a hundred others contain is not found: explain knows, and the next update converges", async () => {
      const others = Array.from({ length: 105 }, (_, number) => ({ username: `a${number}-zed@example.com`, enabled: true }));
      await keycloak(lab, "POST", "/partialImport", {
        users: [...others, { username: "zed@example.com", enabled: true }],
        ifResourceExists: "FAIL",
      });
      configure(lab, operators, ["omar@example.com", "zed@example.com"]);
      const { status, stdout, stderr } = await lab.engine.run(["up", "--yes", "--skip-preview"], { accept: [1, 255] });
      assert.notEqual(status, 0);
      assert.match(stdout + stderr, /user with username zed@example\.com does not exist/);
      const log = join(lab.stateDir, "failed-up.log");
      writeFileSync(log, stdout + stderr);
      assert.match((await ended(gatehouse(lab, ["explain", log]))).stdout, /sees the first 100 matches only/);
      configure(lab, operators, ["omar@example.com"]);
      await up(lab);
      assert.match(await up(lab, "--expect-no-changes"), /unchanged/);
      assert.equal((await signIn("omar@example.com")).outcome.outcome, "signed-in");
    });

    test("who is in a subgroup of a granted group has its access, and who leaves it is refused", async () => {
      assert.equal((await signIn("nils@example.com")).outcome.outcome, "refused");
      const [granted] = (await keycloak(lab, "GET", "/groups?search=Kasten%20Operators&exact=true")) as { id: string }[];
      await keycloak(lab, "POST", `/groups/${granted?.id ?? ""}/children`, { name: "Night shift" });
      const [below] = (await keycloak(lab, "GET", `/groups/${granted?.id ?? ""}/children`)) as { id: string }[];
      const membership = `/users/${(await personOf(lab, "nils@example.com")).id}/groups/${below?.id ?? ""}`;
      await keycloak(lab, "PUT", membership);
      const { outcome, claims, token } = await signIn("nils@example.com");
      assert.equal(outcome.outcome, "signed-in");
      assert.deepEqual(claims["groups"], ["Kasten Operators"]);
      assert.deepEqual(
        (await verdictOf(token)).grants.map(({ role }) => role),
        ["basic"],
      );
      await keycloak(lab, "DELETE", membership);
      assert.equal((await signIn("nils@example.com")).outcome.outcome, "refused");
    });

    test("an address that nobody has verified is in the token as such, and no name to go by", async () => {
      const person = await personOf(lab, "omar@example.com");
      await keycloak(lab, "PUT", `/users/${person.id}`, { ...person, emailVerified: false });
      const { claims, token } = await signIn("omar@example.com");
      assert.equal(claims["email_verified"], false);
      assert.equal((await verdictOf(token)).code, null);
      const document = await lab.document();
      const k10 = document.platforms["k10"];
      assert.ok(k10);
      const byAddress = { ...document, platforms: { k10: { ...k10, username: { claim: "email", prefix: k10.username.prefix } } } };
      const verdict = await verifyToken({
        token,
        document: byAddress,
        platform: "k10",
        fetch: fetchThrough({ ca: lab.authority.certificate }) as typeof fetch,
      });
      assert.equal(verdict.code, "email_not_verified");
      await keycloak(lab, "PUT", `/users/${person.id}`, { ...person, emailVerified: true });
    });

    test("who comes through a broker passes the client's flow the first time, and is denied by the flow that the checklist names", async () => {
      const partner = await startPartner(lab);
      try {
        assert.match((await throughBroker(lab)).text, /Signed in as keycloak:/, "keycloak/keycloak#10250 is still open");
        const { clientId } = await clientOf(lab, "k10");
        await makeFlow(lab, "after-the-broker", [
          { provider: "allow-access-authenticator", requirement: "REQUIRED" },
          {
            flow: "after-the-broker-denied",
            requirement: "CONDITIONAL",
            steps: [
              {
                provider: "conditional-user-role",
                requirement: "REQUIRED",
                config: { condUserRole: `${String(clientId)}-access.granted`, negate: "true" },
              },
              { provider: "deny-access-authenticator", requirement: "REQUIRED" },
            ],
          },
        ]);
        await importBroker(lab, partner, "after-the-broker");
        assert.match((await throughBroker(lab)).text, /Access denied/);
        const [granted] = (await keycloak(lab, "GET", "/groups?search=Kasten%20Operators&exact=true")) as { id: string }[];
        const bob = await personOf(lab, "bob@partner.example.com");
        await keycloak(lab, "PUT", `/users/${bob.id}/groups/${granted?.id ?? ""}`);
        assert.doesNotMatch((await throughBroker(lab)).text, /Access denied/);
        assert.equal((await signIn("ana@example.com")).outcome.outcome, "signed-in");
      } finally {
        await partner.stop();
      }
    });

    test("a level of authentication that is required: the second factor is asked for, and a token without it is refused", async () => {
      const without = await signIn("omar@example.com");
      await importPersonWithCodes(lab, "vera@example.com");
      await stepUp(lab);
      configure(lab, ["gatehouse:idp", "signIn"], "open");
      configure(lab, ["gatehouse:idp", "requiredAcr"], "gold");
      configure(lab, operators, ["omar@example.com", "vera@example.com"]);
      await up(lab);
      assert.equal((await verdictOf(without.token)).code, "authentication_level");
      const vera = await signIn("vera@example.com", { password, otp: totp(totpSecret) });
      assert.equal(vera.outcome.outcome, "signed-in", JSON.stringify(vera.outcome));
      assert.equal(vera.claims["acr"], "gold");
      assert.equal((await verdictOf(vera.token)).code, null);
      assert.equal((await signIn("vera@example.com", { password })).outcome.outcome, "refused");
      // Without a device Keycloak asks for one to be set up, and lets nobody past meanwhile.
      assert.equal((await signIn("omar@example.com")).outcome.outcome, "refused");
    });
  });
}

async function atPlatform<T>(lab: Lab, act: (relyingParty: RelyingParty, route: Route) => Promise<T>): Promise<T> {
  const relyingParty = await openRelyingParty(lab, await lab.document(), "k10");
  try {
    return await act(relyingParty, { ca: lab.authority.certificate, hostMap: { [relyingParty.host]: relyingParty.address } });
  } finally {
    await relyingParty.stop();
  }
}

function claimsOf(token: string): Record<string, unknown> {
  const [, body] = token.split(".");
  return body === undefined ? {} : (JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Record<string, unknown>);
}

async function personOf(lab: Lab, login: string): Promise<Record<string, unknown> & { readonly id: string }> {
  const [person] = (await keycloak(lab, "GET", `/users?username=${encodeURIComponent(login)}&exact=true`)) as { id: string }[];
  assert.ok(person, `nobody called ${login}`);
  return person;
}

interface Partner {
  readonly issuer: string;
  stop(): Promise<void>;
}

/** Another organisation's issuer, with one person, and the realm as its client. */
async function startPartner(lab: Lab): Promise<Partner> {
  const { certificate, key } = await lab.authority.issueServer({ name: "partner" });
  const { origin, stop } = await startExternalIssuers({
    port: 0,
    certificate: { certPem: certificate, keyPem: key },
    controlToken: "nobody-changes-anything",
    people: [{ login: "bob@partner.example.com", firstName: "Bob", lastName: "Partner", password, groups: ["guests"] }],
    clients: [
      {
        clientId: "broker",
        secrets: [totpSecret],
        redirectUris: [`${lab.identityProvider.issuer}/broker/partner/endpoint`],
        postLogoutRedirectUris: [],
        grantTypes: ["authorization_code"],
        clientAuthentication: "client_secret_post",
        codeChallenge: false,
        groups: ["guests"],
      },
    ],
  });
  const partner = { issuer: `${origin}/many`, stop };
  await importBroker(lab, partner);
  return partner;
}

/** The realm's owner makes an identity provider of the partner, or gives it a flow. */
async function importBroker(lab: Lab, { issuer }: Partner, postBrokerLoginFlowAlias?: string): Promise<void> {
  await keycloak(lab, "POST", "/partialImport", {
    ifResourceExists: "OVERWRITE",
    identityProviders: [
      {
        alias: "partner",
        providerId: "oidc",
        enabled: true,
        firstBrokerLoginFlowAlias: "first broker login",
        ...(postBrokerLoginFlowAlias === undefined ? {} : { postBrokerLoginFlowAlias }),
        config: {
          issuer,
          authorizationUrl: `${issuer}/authorize`,
          tokenUrl: `${issuer}/token`,
          jwksUrl: `${issuer}/keys`,
          useJwksUrl: "true",
          validateSignature: "true",
          disableUserInfo: "true",
          clientId: "broker",
          clientSecret: totpSecret,
          clientAuthMethod: "client_secret_post",
          defaultScope: "openid profile email",
          syncMode: "IMPORT",
        },
      },
    ],
  });
}

/** Bob's browser: the platform, Keycloak's page, the button of the partner, the partner's page, and back. */
async function throughBroker(lab: Lab): Promise<{ readonly address: string; readonly text: string }> {
  return atPlatform(lab, async ({ startUrl }, route) => {
    const jar = new CookieJar();
    const page = await open(route, jar, new URL(startUrl));
    const button = /href="([^"]*\/broker\/partner\/login[^"]*)"/.exec(page.answer.body)?.[1]?.replaceAll("&amp;", "&");
    assert.ok(button, `no way to the partner on ${page.url.pathname}: ${textOf(page.answer.body)}`);
    const theirs = await open(route, jar, new URL(button, page.url));
    const form = signInForm(theirs.answer.body, theirs.url);
    assert.ok(form, textOf(theirs.answer.body));
    const body = new URLSearchParams({ ...form.fields, username: "bob@partner.example.com", password }).toString();
    const end = await open(route, jar, form.action, { method: "POST", body });
    return { address: end.url.origin + end.url.pathname, text: textOf(end.answer.body) };
  });
}

async function importPersonWithCodes(lab: Lab, username: string): Promise<void> {
  await keycloak(lab, "POST", "/partialImport", {
    ifResourceExists: "FAIL",
    users: [
      {
        username,
        email: username,
        emailVerified: true,
        enabled: true,
        firstName: "Vera",
        lastName: "Vance",
        credentials: [
          { type: "password", value: password, temporary: false },
          {
            type: "otp",
            userLabel: "phone",
            secretData: JSON.stringify({ value: totpSecret }),
            credentialData: JSON.stringify({ subType: "totp", digits: 6, counter: 0, period: totpPeriod, algorithm: "HmacSHA1" }),
          },
        ],
      },
    ],
  });
}

/** The realm's own browser flow with two levels, the second of which is called gold (Keycloak's server guide, step-up authentication). */
async function stepUp(lab: Lab): Promise<void> {
  const level = (number: string, maxAge: string, provider: string) => ({
    flow: `step-up-${number}`,
    requirement: "CONDITIONAL",
    steps: [
      {
        provider: "conditional-level-of-authentication",
        requirement: "REQUIRED",
        config: { "loa-condition-level": number, "loa-max-age": maxAge },
      },
      { provider, requirement: "REQUIRED" },
    ],
  });
  await makeFlow(lab, "step-up", [
    { provider: "auth-cookie", requirement: "ALTERNATIVE" },
    {
      flow: "step-up-forms",
      requirement: "ALTERNATIVE",
      steps: [level("1", "36000", "auth-username-password-form"), level("2", "0", "auth-otp-form")],
    },
  ]);
  const realm = (await keycloak(lab, "GET", "")) as { attributes: Record<string, string> };
  const attributes = { ...realm.attributes, "acr.loa.map": JSON.stringify({ gold: 2 }) };
  await keycloak(lab, "PUT", "", { ...realm, browserFlow: "step-up", attributes });
}

/** The six digits of now (RFC 6238), as a person's device shows them. */
function totp(secret: string): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / (totpPeriod * 1_000))));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const number = hash.readUInt32BE((hash.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

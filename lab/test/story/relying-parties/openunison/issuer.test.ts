import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { parse } from "yaml";
import { tokenIssuer, tokenSeconds, withDiscoveryAt } from "../../../../story/relying-parties/openunison/issuer";
import { authenticationConfiguration } from "../../../../../model";

const issuer = "https://k8sou.example.com/auth/idp/k8sIdp";
const reachable = "https://127.0.0.1:40000/auth/idp/k8sIdp";

test("a token for the client kubernetes, which its own keys prove and which ends after a minute", async () => {
  const unison = await tokenIssuer(issuer, reachable);
  const keys = createLocalJWKSet(unison.answer("/certs") as JSONWebKeySet);
  const now = Date.parse("2026-11-23T12:00:00Z");
  const token = await unison.issue({ uid: ["00u1"], memberOf: ["k8s-admins", "users of shop"] }, now);
  const verify = (seconds: number) =>
    jwtVerify(token, keys, { issuer, audience: "kubernetes", currentDate: new Date(now + seconds * 1000) });
  const { payload } = await verify(tokenSeconds - 1);
  expect(payload).toEqual({
    iss: issuer,
    aud: "kubernetes",
    sub: "00u1",
    groups: ["k8s-admins", "users of shop"],
    iat: now / 1000,
    exp: now / 1000 + 60,
  });
  await expect(verify(tokenSeconds)).rejects.toThrow('"exp" claim timestamp check failed');
});

test("discovery names the issuer, and keys where they can be reached", async () => {
  const unison = await tokenIssuer(issuer, reachable);
  expect(unison.answer("/.well-known/openid-configuration")).toMatchObject({ issuer, jwks_uri: `${reachable}/certs` });
  expect(unison.answer("/token")).toBeUndefined();
});

test("the exported trust gains the place of discovery and nothing else", () => {
  const exported = authenticationConfiguration({
    issuer,
    audiences: ["kubernetes"],
    username: { claim: "sub", prefix: "okta:" },
    groups: { claim: "groups", prefix: "okta:" },
  });
  const discoveryURL = `${reachable}/.well-known/openid-configuration`;
  const before = parse(exported) as { jwt: { issuer: object }[] };
  const after = parse(withDiscoveryAt(exported, discoveryURL)) as { jwt: { issuer: object }[] };
  expect(after).toEqual({ ...before, jwt: before.jwt.map((entry) => ({ ...entry, issuer: { ...entry.issuer, discoveryURL } })) });
});

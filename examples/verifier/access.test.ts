// A test of your own: whom an ID token makes of a person at your cluster, and what it opens. Copy it beside your stack; it needs no
// Pulumi engine and, with the keys given, no network. Runs under any runner that has `test` and `assert`; here Node's own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readDocument } from "gatehouse/model";
import { permits, readAuthenticationConfiguration, requireAccepted, verifyClusterToken, verifyToken } from "gatehouse/verifier";

const read = (file: string): string => readFileSync(file, "utf8");

test("the on-call token administers backups, and nothing advises against it", async () => {
  // pulumi stack output --json > environment.json
  const document = readDocument(JSON.parse(read("environment.json")));
  const verdict = requireAccepted(await verifyToken({ token: read("token.jwt"), document, platform: "k10", jwks: read("jwks.json") }));
  assert.equal(verdict.decision.user?.username, "okta:00u1ana");
  assert.match(permits(verdict).join("\n"), /administers backups/);
  assert.deepEqual(verdict.advice, []);
});

test("the API server refuses a token of another client", async () => {
  const rules = await readAuthenticationConfiguration(read("authentication-configuration.yaml"));
  const { decision } = await verifyClusterToken({ token: read("other-client.jwt"), rules, jwks: read("jwks.json"), offline: true });
  assert.deepEqual([decision.accepted, decision.code], [false, "audience_mismatch"]);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sampleDocument } from "../fixtures/sample";
import { claims, issuer, makeIssuer } from "../verifier/issuer";

// The example is run as it stands, with the files that it asks for and this repository in place of the installed package.

const before = process.cwd();
let folder: string;

const configuration = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
  - issuer: { url: "${issuer}", audiences: [0oa1k10] }
    claimMappings:
      username: { claim: sub, prefix: "okta:" }
      groups: { claim: groups, prefix: "okta:" }
`;

beforeAll(async () => {
  const signer = await makeIssuer();
  const iat = Math.floor(Date.now() / 1000) - 10;
  const token = await signer.sign(claims({ iat, exp: iat + 3600 }));
  const document = sampleDocument();
  Object.values(document.platforms).forEach((platform) => Object.assign(platform.username, { prefix: "okta:" }));
  const files = {
    "environment.json": JSON.stringify({ environment: document }),
    "jwks.json": JSON.stringify(signer.keySet),
    "token.jwt": token,
    "other-client.jwt": await signer.sign(claims({ iat, exp: iat + 3600, aud: "0oa9other" })),
    "authentication-configuration.yaml": configuration,
  };
  folder = mkdtempSync(join(tmpdir(), "gatehouse-example-"));
  Object.entries(files).forEach(([name, content]) => writeFileSync(join(folder, name), content));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

// vitest.config.mjs names this repository in place of the installed package.
describe("the example of a test of one's own", async () => {
  vi.doMock("node:test", () => ({ test }));
  await import(join(__dirname, "../../examples/verifier/access.test.ts"));
  vi.doUnmock("node:test");
});

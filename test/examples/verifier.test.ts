import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as model from "../../model";
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

jest.doMock("node:test", () => ({ test }));
jest.doMock("gatehouse/model", () => jest.requireActual<typeof model>("../../model"), { virtual: true });
jest.doMock("gatehouse/verifier", () => jest.requireActual<object>("../../verifier"), { virtual: true });
// Its two tests are registered here.
jest.requireActual("../../examples/verifier/access.test");

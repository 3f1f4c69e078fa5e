import { DiscoveryError, verifyToken, type Fetch } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";
import { claims, issuer, makeIssuer, now, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

const address = `${issuer}/.well-known/openid-configuration`;
const keys = `${issuer}/oauth2/v1/keys`;

async function fault(fetch: Fetch): Promise<unknown> {
  const token = await okta.sign(claims());
  return verifyToken({ token, document: sampleDocument(), platform: "k10", now, fetch }).catch((error: unknown) => error);
}

const answering =
  (discovery: () => Response | Promise<Response>, keySet: () => Response = () => Response.json(okta.keySet)): Fetch =>
  async (url) =>
    url === address ? discovery() : keySet();
const metadata = (changes: Record<string, unknown> = {}) => Response.json({ issuer, jwks_uri: keys, ...changes });
const failing = (message: string, cause?: unknown) => () => Promise.reject(Object.assign(new TypeError(message), { cause }));

test.each<[string, Fetch, string, string]>([
  [
    "the name is not known",
    answering(failing("fetch failed", { code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND example.okta.com" })),
    "unreachable",
    `Expected the discovery document at ${address}, got no answer: getaddrinfo ENOTFOUND example.okta.com.`,
  ],
  [
    "the certificate is not trusted",
    answering(failing("fetch failed", { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", message: "unable to verify the first certificate" })),
    "unreachable",
    `Expected the discovery document at ${address}, got no answer: unable to verify the first certificate (for a private certificate authority, set NODE_EXTRA_CA_CERTS).`,
  ],
  [
    "nothing comes in time",
    answering(() => Promise.reject(new DOMException("The operation was aborted due to timeout", "TimeoutError"))),
    "unreachable",
    `Expected the discovery document at ${address}, got no answer: nothing within 10 seconds.`,
  ],
  [
    "the answer is an error",
    answering(() => new Response("", { status: 404 })),
    "bad_answer",
    `Expected the discovery document at ${address}, got status 404.`,
  ],
  [
    "the answer is a page",
    answering(() => new Response("<html>")),
    "bad_answer",
    `Expected the discovery document at ${address} as a JSON object with texts, got something else (invalid character looking for beginning of value).`,
  ],
  [
    "the answer is a list",
    answering(() => Response.json([])),
    "bad_answer",
    `Expected the discovery document at ${address} as a JSON object with texts, got something else (cannot unmarshal array into an object).`,
  ],
  [
    "discovery names another issuer",
    answering(() => metadata({ issuer: "https://login.example.com" })),
    "issuer_differs",
    `Expected the discovery document at ${address} to name the issuer ${issuer}, got https://login.example.com. Fix: write the issuer as discovery names it.`,
  ],
  [
    "discovery names the issuer with a trailing slash",
    answering(() => metadata({ issuer: `${issuer}/` })),
    "issuer_differs",
    `Expected the discovery document at ${address} to name the issuer ${issuer}, got ${issuer}/. They differ by the trailing slash, which counts. Fix: write the issuer as discovery names it.`,
  ],
  [
    "discovery names no issuer",
    answering(() => metadata({ issuer: undefined })),
    "issuer_differs",
    `Expected the discovery document at ${address} to name the issuer ${issuer}, got no issuer. Fix: write the issuer as discovery names it.`,
  ],
  [
    "discovery names no keys",
    answering(() => metadata({ jwks_uri: undefined })),
    "bad_answer",
    `Expected jwks_uri in the discovery document at ${address}, got none.`,
  ],
  [
    "the keys are at an http address",
    answering(() => metadata({ jwks_uri: "http://example.okta.com/keys" })),
    "insecure_address",
    "Expected the key set at an https:// address, got http://example.okta.com/keys.",
  ],
  [
    "the keys are at a path without a host",
    answering(() => metadata({ jwks_uri: "/keys" })),
    "insecure_address",
    "Expected the key set at an https:// address, got /keys.",
  ],
  [
    "the list of algorithms is a text, which keeps the API server from starting with the issuer",
    answering(() => metadata({ id_token_signing_alg_values_supported: "RS256" })),
    "bad_answer",
    `Expected the discovery document at ${address} as a JSON object with texts, got something else (cannot unmarshal string into a list of strings).`,
  ],
  [
    "the key set is an error",
    answering(
      () => metadata(),
      () => new Response("", { status: 503 }),
    ),
    "bad_answer",
    `Expected the key set at ${keys}, got status 503.`,
  ],
])("no decision when %s", async (_, fetch, code, message) => {
  const thrown = await fault(fetch);
  expect(thrown).toBeInstanceOf(DiscoveryError);
  expect(thrown).toMatchObject({ name: "DiscoveryError", code, message });
});

test("an issuer at an http address is not asked", async () => {
  const document = sampleDocument();
  const plain = "http://example.okta.com";
  for (const platform of Object.values(document.platforms)) {
    platform.issuer = plain;
  }
  const token = await okta.sign(claims({ iss: plain }));
  await expect(verifyToken({ token, document, platform: "k10", now, fetch: okta.fetch })).rejects.toMatchObject({
    code: "insecure_address",
    message: `Expected the discovery document at an https:// address, got ${plain}/.well-known/openid-configuration.`,
  });
});

test("an issuer with a trailing slash is asked below it, and compared with it", async () => {
  const document = sampleDocument();
  const slashed = `${issuer}/`;
  for (const platform of Object.values(document.platforms)) {
    platform.issuer = slashed;
  }
  const asked: string[] = [];
  const fetch: Fetch = (url) => {
    asked.push(url);
    return Promise.resolve(url === address ? metadata({ issuer: slashed }) : Response.json(okta.keySet));
  };
  const token = await okta.sign(claims({ iss: slashed }));
  expect(await verifyToken({ token, document, platform: "k10", now, fetch })).toMatchObject({ outcome: "accepted" });
  expect(asked).toEqual([address, keys]);
});

test("given keys are used instead of discovery", async () => {
  const token = await okta.sign(claims());
  const fetch: Fetch = () => Promise.reject(new Error("no request was due"));
  expect(await verifyToken({ token, document: sampleDocument(), now, fetch, jwks: okta.keySet })).toMatchObject({ outcome: "accepted" });
});

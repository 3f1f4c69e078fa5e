import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DiscoveryError, verifyToken, type Fetch, type KeySet } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";
import { claims, issuer, judge, makeIssuer, now, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

describe("an issuer that answers over a real connection", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** Judges a good token with Node's own fetch, the issuer's host led to a server of this test. */
  async function against(listener: RequestListener): Promise<unknown> {
    const listening = createServer(listener);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    const led: Fetch = (url, init) => fetch(url.replace(issuer, base), init);
    const token = await okta.sign(claims());
    return verifyToken({ token, document: sampleDocument(), platform: "k10", now, fetch: led }).catch((error: unknown) => error);
  }

  const discovery = JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` });

  test("well: the token is accepted", async () => {
    const outcome = await against((request, response) => response.end(request.url === "/keys" ? JSON.stringify(okta.keySet) : discovery));
    expect(outcome).toMatchObject({ outcome: "accepted" });
  });

  test("with a redirect: it is followed, as the API server does", async () => {
    const outcome = await against((request, response) => {
      if (request.url === "/keys") {
        response.writeHead(302, { location: `${issuer}/elsewhere` }).end();
      } else {
        response.end(request.url === "/elsewhere" ? JSON.stringify(okta.keySet) : discovery);
      }
    });
    expect(outcome).toMatchObject({ outcome: "accepted" });
  });

  test("with a redirect to plain http: nobody is asked there, and nothing is decided", async () => {
    const outcome = await against((request, response) => {
      response.writeHead(302, { location: "http://keys.example.com/" }).end(request.url);
    });
    expect(outcome).toBeInstanceOf(DiscoveryError);
    expect(outcome).toMatchObject({
      code: "insecure_address",
      message: "Expected the discovery document at an https:// address, got http://keys.example.com/.",
    });
  });

  test("with redirects in a circle: given up after ten", async () => {
    const asked: (string | undefined)[] = [];
    const outcome = await against((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: `${issuer}/again` }).end();
    });
    expect(outcome).toMatchObject({ code: "bad_answer" });
    expect(asked).toHaveLength(11);
  });

  test("without an end: no more is read than an answer can have", async () => {
    let written = 0;
    const outcome = await against((_, response) => {
      const part = "x".repeat(65_536);
      const more = (): void => {
        while (!response.destroyed && response.write(part)) {
          written += part.length;
        }
        written += part.length;
      };
      response.on("drain", more);
      more();
    });
    expect(outcome).toMatchObject({
      code: "bad_answer",
      message: `Expected the discovery document at ${issuer}/.well-known/openid-configuration, got more than 16000000 bytes.`,
    });
    expect(written).toBeLessThan(50_000_000);
  });

  test("half: the connection breaks", async () => {
    const outcome = await against((_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write('{"issuer":');
      setImmediate(() => response.destroy());
    });
    expect(outcome).toMatchObject({ code: "unreachable" });
  });

  test("with a name of an issuer that is a page long: not repeated as a whole", async () => {
    const outcome = await against((_, response) => response.end(JSON.stringify({ issuer: "x".repeat(100_000) })));
    expect((outcome as Error).message.length).toBeLessThan(600);
  });
});

describe("odd key sets", () => {
  const served =
    (keySet: KeySet): Fetch =>
    (url, init) =>
      url.endsWith("/keys") ? Promise.resolve(Response.json(keySet)) : okta.fetch(url, init);
  const outcomeWith = async (keys: readonly Record<string, unknown>[]) => {
    const token = await okta.sign(claims());
    const verdict = await verifyToken({ token, document: sampleDocument(), platform: "k10", now, fetch: served({ keys }) });
    return [verdict.outcome, verdict.code];
  };

  test("two keys of one name: the second may be the one", async () => {
    const other = await makeIssuer();
    expect(await outcomeWith([...other.keySet.keys, ...okta.keySet.keys])).toEqual(["accepted", null]);
    expect(await outcomeWith([...other.keySet.keys, ...other.keySet.keys])).toEqual(["rejected", "signature_invalid"]);
  });

  test("a key that is too short, private, symmetric, or no key at all proves nothing", async () => {
    const { generateKeyPairSync } = await import("node:crypto");
    const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
    const kid = "key-RS256";
    const [good = {}] = okta.keySet.keys;
    expect(await outcomeWith([{ ...small, kid }])).toEqual(["rejected", "signature_invalid"]);
    expect(await outcomeWith([{ ...good, e: "AQ" }])).toEqual(["rejected", "signature_invalid"]);
    expect(await outcomeWith([{ ...good, d: "AQAB" }])).toEqual(["rejected", "keys_unreadable"]);
    expect(await outcomeWith([{ kty: "oct", k: "aHVudGVyMg", kid }])).toEqual(["rejected", "signature_invalid"]);
    expect(await outcomeWith([{ kty: "RSA", kid }])).toEqual(["rejected", "keys_unreadable"]);
    expect(await outcomeWith([good, { kty: "OKP", crv: "X25519", x: "AAAA" }])).toEqual(["rejected", "keys_unreadable"]);
  });
});

describe("odd tokens", () => {
  test.each([
    ["\ufeff", ""],
    ['"', '"\n'],
    ["'", "'"],
    ["  Bearer ", "\r\n"],
  ])("pasted between %j and %j: read", async (before, after) => {
    const token = `${before}${await okta.sign(claims())}${after}`;
    expect((await judge(okta, {}, { token })).outcome).toBe("accepted");
  });

  test("a critical extension that nobody knows", async () => {
    const token = await okta.sign(claims(), { crit: ["x"], x: 1 }).catch(() => undefined);
    const [, payload, signature] = (await okta.sign(claims())).split(".");
    const header = Buffer.from(JSON.stringify({ alg: "RS256", kid: "key-RS256", crit: ["x"], x: 1 })).toString("base64url");
    expect((await judge(okta, {}, { token: token ?? `${header}.${payload ?? ""}.${signature ?? ""}` })).outcome).toBe("rejected");
  });

  test("claims named after what every object has are no claims", async () => {
    const changes = JSON.parse('{ "__proto__": { "groups": ["Kasten Admins"] }, "groups": null }') as Record<string, unknown>;
    expect(await judge(okta, claims(changes))).toMatchObject({ outcome: "not-for-platform", code: "no_grant", identity: { groups: [] } });
  });
});

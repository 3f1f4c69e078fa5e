import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { EnvironmentDocument } from "../../../model";
import { sampleDocument } from "../../fixtures/sample";
import { claims, issuer, makeIssuer, type Issuer } from "../../verifier/issuer";
import { freePorts } from "../../../lab/machine/processes";
import { gatehouse, type Outcome, type World } from "../harness";

const tokenEndpoint = `${issuer}/oauth2/v1/token`;
let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer(["RS256"], { authorization_endpoint: `${issuer}/oauth2/v1/authorize`, token_endpoint: tokenEndpoint });
});

/** What the token endpoint was sent. */
interface Exchange {
  readonly authorization: string | null;
  readonly form: URLSearchParams;
}

interface Scene {
  readonly flags?: readonly string[];
  readonly clientAuthentication?: "none" | "client_secret_basic" | "client_secret_post";
  /** What the browser brings back, from the address that it was sent to; undefined: nothing. */
  readonly browser?: (address: URL) => URLSearchParams | undefined;
  readonly token?: (nonce: string) => Record<string, unknown>;
  /** The command's wait ends when the browser has been answered, and not before, however busy the machine is. */
  readonly untilTurnedAway?: true;
  /** The token endpoint's answer in place of tokens. */
  readonly refusal?: Record<string, unknown>;
  /** The token endpoint's whole answer. */
  readonly answer?: () => Response;
  readonly world?: World;
}

interface Played extends Outcome {
  readonly address: URL | undefined;
  readonly exchanges: readonly Exchange[];
  readonly page: string;
}

const accepted = (address: URL): URLSearchParams =>
  new URLSearchParams({ code: "code-1", state: address.searchParams.get("state") ?? "", iss: issuer });

/** Seconds that the command is told to wait for the browser: none of these tests takes so long. */
const longWait = 977;

afterEach(() => void vi.restoreAllMocks());

/** Lets a wait of so many seconds end when the function that is given back is called, and all others in their time. */
function endsWaitOf(seconds: number | undefined): () => void {
  const set = globalThis.setTimeout;
  let visited = (): void => undefined;
  const visit = new Promise<void>((resolve) => (visited = resolve));
  const instead = (run: () => void, milliseconds?: number): NodeJS.Timeout => {
    if (seconds === undefined || milliseconds !== seconds * 1000) {
      return set(run, milliseconds);
    }
    void visit.then(run);
    return set(() => undefined, 0);
  };
  vi.spyOn(globalThis, "setTimeout").mockImplementation(instead);
  return visited;
}

/** One run of the command, with a browser that answers at the redirect. */
async function play(scene: Scene = {}): Promise<Played> {
  const [port = 0] = await freePorts(1);
  const clientAuthentication = scene.clientAuthentication ?? "none";
  const document = withRedirect({ uri: `http://localhost:${port}/callback`, clientAuthentication });
  let address: URL | undefined;
  const exchanges: Exchange[] = [];
  let page = Promise.resolve("");
  const visited = endsWaitOf(scene.untilTurnedAway === true ? longWait : undefined);
  const outcome = await gatehouse(
    ["login", "--env", "env.json", "--platform", "k10", "--timeout", String(longWait), ...(scene.flags ?? [])],
    {
      files: { "env.json": JSON.stringify(document), "secret.txt": "the-client-secret\n" },
      run: (_command, args) => {
        address = new URL(args.at(-1) ?? "");
        const answer = (scene.browser ?? accepted)(address);
        page =
          answer === undefined ? page : visit(`${address.searchParams.get("redirect_uri") ?? ""}?${answer.toString()}`).finally(visited);
        return { status: 0, stdout: "", stderr: "" };
      },
      fetch: async (url, init) => {
        if (url !== tokenEndpoint) {
          return okta.fetch(url, init);
        }
        const { body, headers } = init as unknown as { body: URLSearchParams; headers: Record<string, string> };
        exchanges.push({ authorization: new Headers(headers).get("authorization"), form: new URLSearchParams(body) });
        if (scene.answer !== undefined) {
          return scene.answer();
        }
        if (scene.refusal !== undefined) {
          // Okta answers a wrong secret with a challenge, Entra ID without one.
          const challenge = scene.clientAuthentication === "client_secret_basic" ? { "www-authenticate": 'Basic realm="okta"' } : undefined;
          return Response.json(scene.refusal, { status: challenge === undefined ? 400 : 401, headers: challenge });
        }
        const payload = (scene.token ?? thin)(address?.searchParams.get("nonce") ?? "");
        return Response.json({ token_type: "Bearer", access_token: "access-1", id_token: await okta.sign(payload), expires_in: 3600 });
      },
      ...scene.world,
    },
  );
  return { ...outcome, address, exchanges, page: await page };
}

const thin = (nonce: string): Record<string, unknown> => claims({ groups: undefined, nonce });

function withRedirect(diagnosticRedirect: EnvironmentDocument["platforms"][string]["diagnosticRedirect"]): EnvironmentDocument {
  const document = sampleDocument();
  const k10 = document.platforms["k10"];
  return { ...document, platforms: { ...document.platforms, ...(k10 && { k10: { ...k10, diagnosticRedirect } }) } };
}

function listening(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, "127.0.0.1", () => {
      resolve(server);
    });
  });
}

function visit(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(address.replace("localhost", "127.0.0.1"), (response) => {
      let text = `${String(response.statusCode)} `;
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("end", () => {
        resolve(text);
      });
    }).on("error", reject);
  });
}

test("signs in with PKCE, state and nonce as the platform's client, and judges the token with the groups of the userinfo endpoint", async () => {
  const played = await play();
  expect(played.status).toBe(0);
  const asked = Object.fromEntries(played.address?.searchParams ?? []);
  expect(asked).toEqual({
    client_id: "0oa1k10",
    redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+\/callback$/) as string,
    response_type: "code",
    scope: "openid profile email groups",
    state: expect.stringMatching(/^[\w-]{43}$/) as string,
    nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
    code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
    code_challenge_method: "S256",
  });
  expect(Object.fromEntries(played.exchanges[0]?.form ?? [])).toEqual({
    client_id: "0oa1k10",
    code: "code-1",
    code_verifier: expect.stringMatching(/^[\w-]{43}$/) as string,
    grant_type: "authorization_code",
    redirect_uri: asked["redirect_uri"],
  });
  expect(played.stderr).toContain("The token is accepted by 'k10'");
  expect(played.stderr).toContain("ok   nonce:");
  expect(played.stderr).toContain("Groups:   okta:Kasten Users\n");
  expect(played.page).toMatch(/^200 .*Signed in\. The terminal says more/);
  expect(played.stdout).toBe("");
});

test("neither token, code, verifier nor secret is printed, in words or as JSON", async () => {
  const flags = ["--client-secret-file", "secret.txt", "--json"];
  const { stdout, stderr, exchanges, status } = await play({ clientAuthentication: "client_secret_basic", flags });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "accepted", platform: "k10", identity: { groups: ["okta:Kasten Users"] } });
  const verifier = exchanges[0]?.form.get("code_verifier") ?? "none";
  expect(verifier).not.toBe("none");
  for (const hidden of ["eyJ", "access-1", "code-1", verifier, "the-client-secret"]) {
    expect(stdout + stderr).not.toContain(hidden);
  }
});

// RFC 6749 section 2.3.1: both parts are form-encoded before base64; openid-client encodes the dash as well.
test.each([
  ["client_secret_basic", `Basic ${Buffer.from("0oa1k10:the%2Dclient%2Dsecret").toString("base64")}`, null],
  ["client_secret_post", null, "the-client-secret"],
] as const)("a client of the kind %s authenticates so", async (clientAuthentication, authorization, inForm) => {
  const { exchanges } = await play({ clientAuthentication, flags: ["--client-secret-file", "secret.txt"] });
  expect(exchanges[0]?.authorization ?? null).toBe(authorization);
  expect(exchanges[0]?.form.get("client_secret") ?? null).toBe(inForm);
});

test.each<[string, Scene, number, string]>([
  [
    "a token of another issuer",
    { token: (nonce) => claims({ iss: "https://sts.windows.net/t/", nonce }) },
    1,
    'FAIL issuer: expected "https://example.okta.com", got',
  ],
  [
    "a token for another client",
    { token: (nonce) => claims({ aud: "0oa-other", nonce }) },
    2,
    "issued for a client that this environment does not know",
  ],
  ["a token of another sign-in", { token: () => claims({ nonce: "another" }) }, 1, "FAIL nonce"],
  [
    "a person without a granted group",
    { token: (nonce) => claims({ groups: ["Friends"], nonce }) },
    2,
    "Remedy: Add the person to the group that fits",
  ],
  [
    "a sign-in without a second factor",
    { flags: ["--require-mfa"], token: (nonce) => claims({ nonce }) },
    2,
    "Require multi-factor sign-in",
  ],
])("%s is the verifier's to judge, with its remedy", async (_what, scene, status, words) => {
  const played = await play(scene);
  expect(played.status).toBe(status);
  expect(played.stderr).toContain(words);
});

test.each<[string, Scene, number, string, string]>([
  [
    "the identity provider refuses the person",
    {
      browser: (address) =>
        new URLSearchParams({
          error: "access_denied",
          error_description: "User is not assigned to the client application.",
          state: address.searchParams.get("state") ?? "",
        }),
    },
    1,
    "sign_in_refused",
    "The identity provider sent the person back with access_denied: User is not assigned to the client application. Fix: the person is not assigned",
  ],
  [
    "the client's secret is wrong",
    {
      clientAuthentication: "client_secret_basic",
      flags: ["--client-secret-file", "secret.txt"],
      refusal: { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." },
    },
    1,
    "client_refused",
    "AADSTS7000215: Invalid client secret provided. Fix: give the secret that the platform has now",
  ],
  [
    "the redirect is of the web kind",
    { refusal: { error: "invalid_client", error_description: "AADSTS7000218: The request body must contain 'client_secret'." } },
    1,
    "client_refused",
    "must be registered for public clients",
  ],
  ["the code is spent", { refusal: { error: "invalid_grant" } }, 1, "code_refused", "invalid_grant. Fix: sign in again"],
  [
    "there is no ID token",
    { answer: () => Response.json({ token_type: "Bearer", access_token: "access-1" }) },
    3,
    "no_id_token",
    "Fix: ask for the scope openid (the platform asks for: openid profile email groups).",
  ],
  [
    "a gateway answers",
    { answer: () => new Response("<html>", { status: 502 }) },
    3,
    "provider_unreachable",
    "Expected tokens from the token endpoint",
  ],
  ["nobody comes back", { flags: ["--timeout", "1"], browser: () => undefined }, 3, "no_answer", "AADSTS50105"],
  [
    "an answer of another sign-in comes",
    { untilTurnedAway: true, browser: () => new URLSearchParams({ code: "code-1", state: "another" }) },
    3,
    "no_answer",
    "got nothing",
  ],
])("when %s, there is no verdict and a remedy", async (_what, scene, status, code, words) => {
  const played = await play({ ...scene, flags: [...(scene.flags ?? []), "--json"] });
  expect(played.status).toBe(status);
  expect(JSON.parse(played.stdout)).toMatchObject({ outcome: "undecided", code });
  expect(played.stderr).toContain(words);
});

test("an answer of another sign-in is turned away at the door, and no code is exchanged", async () => {
  const played = await play({ untilTurnedAway: true, browser: () => new URLSearchParams({ code: "stolen", state: "another" }) });
  expect(played.page).toMatch(/^400 .*belongs to another sign-in/);
  expect(played.exchanges).toEqual([]);
});

test("an issuer that cannot be reached decides nothing", async () => {
  const played = await play({ world: { fetch: () => Promise.reject(new TypeError("fetch failed")) } });
  expect(played).toMatchObject({ status: 3, address: undefined });
  expect(played.stderr).toContain("Expected the discovery document of https://example.okta.com, got none that can be used: fetch failed.");
});

test("a port that is taken is named", async () => {
  const taken = await listening(0);
  const { port } = taken.address() as AddressInfo;
  const document = withRedirect({ uri: `http://localhost:${port}/callback`, clientAuthentication: "none" });
  const files = { "env.json": JSON.stringify(document) };
  const played = await gatehouse(["login", "--env", "env.json", "--platform", "k10"], { files, fetch: okta.fetch });
  await new Promise((resolve) => taken.close(resolve));
  expect(played.status).toBe(3);
  expect(played.stderr).toContain(`Expected port ${port} of this machine to be free`);
});

test("--no-open starts no program, and prints the address", async () => {
  const { runs, stderr } = await play({ flags: ["--no-open", "--timeout", "1"] });
  expect(runs).toEqual([]);
  expect(stderr).toContain(`${issuer}/oauth2/v1/authorize?`);
});

test("a machine without a browser is told to open the address by hand", async () => {
  const world: World = { run: { status: null, stdout: "", stderr: "" } };
  const { stderr } = await play({ flags: ["--timeout", "1"], world });
  expect(stderr).toContain("No browser could be opened here: open the address by hand.\n");
});

describe("what makes no sense together is a matter of usage", () => {
  const redirect = { uri: "http://localhost:18999/callback", clientAuthentication: "none" } as const;
  const secret = { ...redirect, clientAuthentication: "client_secret_basic" } as const;
  test.each<[string, EnvironmentDocument, string[], string]>([
    ["a stack without diagnostic redirect", sampleDocument(), [], "registers none. Fix: set diagnosticRedirect: true under gatehouse:idp"],
    ["no choice among platforms", withRedirect(redirect), ["--platform", "k11"], "Expected --platform with one of k10, k10-dr, got k11."],
    ["a secret for a public client", withRedirect(redirect), ["--client-secret-file", "secret.txt"], "Fix: leave it out."],
    ["no secret for a client that has one", withRedirect(secret), [], "out of the Secret kasten-io/k10-oidc-0123456789"],
    ["an empty secret", withRedirect(secret), ["--client-secret-file", "empty.txt"], "Expected a client secret in empty.txt, got nothing."],
    ["a redirect elsewhere", withRedirect({ ...redirect, uri: "https://k10.example.com/cb" }), [], "on this machine"],
    ["a time of nothing", withRedirect(redirect), ["--timeout", "0"], "Expected whole seconds from 1 to 9999."],
  ])("%s", async (_what, document, flags, words) => {
    const files = { "env.json": JSON.stringify(document), "secret.txt": "s", "empty.txt": "\n" };
    const platform = flags.includes("--platform") ? [] : ["--platform", "k10"];
    const played = await gatehouse(["login", "--env", "env.json", ...platform, ...flags], { files });
    expect(played).toMatchObject({ status: 64, stdout: "" });
    expect(played.stderr).toContain(words);
  });

  test("two inputs from standard input", async () => {
    const played = await gatehouse(["login", "--env", "-", "--client-secret-file", "-"]);
    expect(played).toMatchObject({ status: 64, stderr: expect.stringContaining("at most one input from standard input") as string });
  });
});

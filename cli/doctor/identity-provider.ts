import { line, untilEnd, type DoctorLine, type Patient } from "./types";

/** Days below which an end is a warning. */
const fewDays = 14;
/** Seconds: tokens are judged with a minute at most (docs/errors.md), and the API server leaves none to `exp`. */
const tolerated = 30;
const requestTimeout = 10_000;

/** Discovery, clock, chain and redirects: everything that needs the identity provider and no credentials. */
export async function identityProviderLines(patient: Patient): Promise<DoctorLine[]> {
  const platforms = Object.entries(patient.document.platforms);
  const issuers = [...new Set(platforms.map(([, { issuer }]) => issuer))];
  const asked = await Promise.all(issuers.map((issuer) => discover(patient, issuer)));
  const endpoints = new Map(asked.map(({ issuer, authorization }) => [issuer, authorization]));
  const hosts = [...new Set([...issuers, ...platforms.map(([, { url }]) => url)].flatMap(originOf))];
  return [
    ...asked.flatMap(({ lines }) => lines),
    ...(await Promise.all(hosts.map((origin) => chain(patient, origin)))),
    ...(
      await Promise.all(
        platforms.map(([name, { issuer, clientId, redirectUris }]) =>
          Promise.all(redirectUris.map((uri) => redirect(patient, name, endpoints.get(issuer), clientId, uri))),
        ),
      )
    ).flat(),
  ];
}

function originOf(address: string): string[] {
  return address.startsWith("https://") ? [new URL(address).origin] : [];
}

interface Discovered {
  readonly issuer: string;
  readonly authorization: string | undefined;
  readonly lines: readonly DoctorLine[];
}

async function discover({ io }: Patient, issuer: string): Promise<Discovered> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const failed = (found: string, fix: string): Discovered => ({
    issuer,
    authorization: undefined,
    lines: [line("discovery", "fault", issuer, found, fix)],
  });
  let response: Response;
  try {
    response = await io.fetch(address, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(requestTimeout) });
  } catch (error) {
    return failed(
      `no answer from ${address}: ${reasonOf(error)}`,
      "check the network, a proxy, and the authority behind the issuer's certificate (NODE_EXTRA_CA_CERTS).",
    );
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status !== 200 || typeof body !== "object" || body === null) {
    return failed(
      `status ${response.status} from ${address}, and no discovery document`,
      "write the issuer as the identity provider names it; a custom authorization server has its own.",
    );
  }
  const { issuer: named, authorization_endpoint: authorization } = body as { issuer?: unknown; authorization_endpoint?: unknown };
  const same = named === issuer;
  return {
    issuer,
    authorization: typeof authorization === "string" && authorization.startsWith("https://") ? authorization : undefined,
    lines: [
      same
        ? line("discovery", "ok", issuer, "reached, and names the same issuer")
        : line(
            "discovery",
            "fault",
            issuer,
            `it names the issuer ${String(named).slice(0, 200)}`,
            "write the issuer byte for byte as discovery names it, the trailing slash too.",
          ),
      clockLine("the issuer", response.headers.get("date"), io.now()),
    ],
  };
}

/** How far a server's clock is from this machine's; HTTP dates are whole seconds. */
export function clockLine(what: string, date: string | null | undefined, now: Date): DoctorLine {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) {
    return line("clock", "unknown", what, "it does not tell its time", "compare the clocks by hand.");
  }
  const seconds = Math.round((now.getTime() - theirs) / 1_000);
  return Math.abs(seconds) <= tolerated
    ? line("clock", "ok", what, `${Math.abs(seconds)} s apart`)
    : line(
        "clock",
        "fault",
        what,
        `${Math.abs(seconds)} s ${seconds > 0 ? "behind" : "ahead of"} this machine`,
        "set the clock by NTP on the machine that is off: tokens seem expired, or not yet valid.",
      );
}

async function chain({ io }: Patient, origin: string): Promise<DoctorLine> {
  const { hostname, port } = new URL(origin);
  const renew = "renew the certificate on the server, with its whole chain.";
  try {
    const { trusted, reason, validTo } = await io.tlsPeer(hostname, port === "" ? 443 : Number(port));
    // Ended first: the chain of such a certificate is not trusted either, and no authority would mend that.
    if (validTo !== null && validTo <= io.now()) {
      return untilEnd("tls", origin, validTo, io.now(), fewDays, renew);
    }
    if (!trusted) {
      return line("tls", "fault", origin, `its chain is not trusted here: ${reason ?? "unknown reason"}`, distrustFix(reason));
    }
    return validTo === null
      ? line("tls", "unknown", origin, "it shows no certificate", renew)
      : untilEnd("tls", origin, validTo, io.now(), fewDays, renew);
  } catch (error) {
    return answeredWithoutTls(error)
      ? line(
          "tls",
          "fault",
          origin,
          `no handshake: ${reasonOf(error)}`,
          "let the server speak TLS 1.2 or later at this port, with a certificate for this name.",
        )
      : line("tls", "unknown", origin, `no handshake: ${reasonOf(error)}`, "check that this machine reaches it.");
  }
}

/** What mends a distrust depends on its reason, one of Node's codes (nodejs.org, TLS, "X509 certificate error codes"). */
function distrustFix(reason: string | null): string {
  return reason === "CERT_HAS_EXPIRED"
    ? "renew the certificate on the server, with its whole chain: an intermediate certificate has ended."
    : (reason?.startsWith("ERR_TLS_CERT_ALTNAME") ?? false)
      ? "serve a certificate that names this host, or write the address as the certificate names it."
      : "serve the whole chain, or give the authority to this machine (NODE_EXTRA_CA_CERTS) and to the platform.";
}

/** Whether somebody answered, and not in TLS or with its alert. One that cannot be reached from here may be well where it is. */
function answeredWithoutTls(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code === "EPROTO" || code.startsWith("ERR_SSL_");
}

/**
 * Asks for a sign-in without a person (`prompt=none`, OpenID Connect Core 1.0, 3.1.2.1). Nobody is signed in here, so the identity provider must
 * say so, and it may say so only to a redirect that is registered (3.1.2.6; RFC 6749, 4.1.2.1).
 */
async function redirect(
  { io }: Patient,
  platform: string,
  endpoint: string | undefined,
  clientId: string,
  uri: string,
): Promise<DoctorLine> {
  const fix = "run `pulumi up`; where the client is somebody else's, register this redirect, byte for byte.";
  if (endpoint === undefined) {
    return line(
      "redirect",
      "unknown",
      platform,
      `${uri}: the issuer names no authorization endpoint that could be asked`,
      "mend discovery first.",
    );
  }
  const question = new URL(endpoint);
  const parameters = {
    client_id: clientId,
    redirect_uri: uri,
    response_type: "code",
    scope: "openid",
    prompt: "none",
    state: "gatehouse-doctor",
    nonce: "gatehouse-doctor",
  };
  Object.entries(parameters).forEach(([key, value]) => question.searchParams.set(key, value));
  try {
    const response = await io.fetch(question.href, { headers: {}, signal: AbortSignal.timeout(requestTimeout), redirect: "manual" });
    const location = response.headers.get("location") ?? "";
    const separator = uri.includes("?") ? "&" : "?";
    if (location.startsWith(`${uri}${separator}`)) {
      return line("redirect", "ok", platform, `${uri} is registered`);
    }
    return response.status >= 400
      ? line(
          "redirect",
          "fault",
          platform,
          `${uri}: the identity provider answers with status ${response.status} instead of sending people back`,
          fix,
        )
      : line(
          "redirect",
          "unknown",
          platform,
          `${uri}: the identity provider shows a page of its own (status ${response.status})`,
          "sign in once with `gatehouse login`, or in the browser.",
        );
  } catch (error) {
    return line(
      "redirect",
      "unknown",
      platform,
      `${uri}: no answer from the authorization endpoint: ${reasonOf(error)}`,
      "check the network.",
    );
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message.slice(0, 200) : "unknown reason";
}

/** The ends of the client secrets, from the document alone. */
export function secretLines({ document, io }: Patient): DoctorLine[] {
  return Object.entries(document.platforms).flatMap(([name, { secret }]) => {
    if (secret === undefined) {
      return [];
    }
    const what = `${name}: ${secret.namespace}/${secret.name}`;
    return secret.expiresAt === null
      ? [line("secret", "ok", what, "the identity provider sets no end")]
      : [
          untilEnd(
            "secret",
            what,
            new Date(secret.expiresAt),
            io.now(),
            fewDays,
            "run `pulumi up`, which makes a new one; `gatehouse secret rotate` asks for it before its day.",
          ),
        ];
  });
}

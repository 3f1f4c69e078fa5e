/**
 * Kubernetes' own table of tokens (k8s.io/apiserver, plugin/pkg/authenticator/token/oidc/oidc_test.go, `TestToken`): Go writes each row
 * down (dump_test.go), and the verifier is held to what the row wants. A row is left out, with its reason, where it is about no token.
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { InvalidRulesError, readAuthenticationConfiguration, verifyClusterToken, type ApiServerRules, type Fetch } from "../../../verifier";
import { goIn, kubernetesModule } from "../go";
import type { ParityOptions, ParityPart } from "../part";
import { shown } from "../tokens/review";

interface Row {
  readonly name: string;
  /** In Go's names of fields. */
  readonly jwt: Readonly<Record<string, unknown>>;
  readonly algorithms: ApiServerRules["algorithms"] | null;
  readonly token: string;
  readonly keys: { readonly keys: readonly Record<string, unknown>[] };
  readonly want: { username: string; groups: string[] | null; uid: string; extra: Record<string, string[]> | null } | null;
  readonly wantErr: string;
  readonly wantSkip: boolean;
  readonly wantInitErr: string;
  readonly wantHealthErr: string;
  /** What the row's own server answers, by path, to the bearer `<claim>_token`. */
  readonly answers: Readonly<Record<string, string | undefined>>;
  readonly openIDConfig: string;
  readonly now: number;
  readonly changed: boolean;
  readonly egress: boolean;
  readonly disallowed: readonly string[] | null;
}

const folderOfTable = "plugin/pkg/authenticator/token/oidc";

export const table: ParityPart = {
  name: "table",
  fixed: true,
  run: async (options) => {
    const agreement = { agreed: 0, of: 0 };
    for (const row of rowsOfTable(options)) {
      const out = leftOut(row);
      if (out !== undefined) {
        options.say(`left out: ${row.name} (${out})`);
        continue;
      }
      const [wanted, got] = [wantedOf(row), await judge(row)];
      agreement.of++;
      if (wanted === got) {
        agreement.agreed++;
      } else {
        options.say(`DISAGREE table: ${row.name}\n  Kubernetes: ${wanted} ${row.wantErr}${row.wantInitErr}\n  verifier:   ${got}`);
      }
    }
    return { agreement: { rows: agreement } };
  },
};

/** Runs the table's test in a copy of its package, in which `run` writes rows down. */
function rowsOfTable({ folder }: ParityOptions): Row[] {
  const source = join(
    /"Dir": "(.*)"/.exec(goIn(kubernetesModule, ["mod", "download", "-json", "k8s.io/apiserver"]))?.[1] ?? "",
    folderOfTable,
  );
  const work = join(folder, "table");
  mkdirSync(join(work, "oidc"), { recursive: true });
  for (const name of ["go.mod", "go.sum"]) {
    copyFileSync(join(kubernetesModule, name), join(work, name));
  }
  for (const name of ["oidc.go", "metrics.go"]) {
    copyFileSync(join(source, name), join(work, "oidc", name));
  }
  cpSync(join(source, "testdata"), join(work, "oidc/testdata"), { recursive: true });
  const test = readFileSync(join(source, "oidc_test.go"), "utf8");
  writeFileSync(join(work, "oidc/oidc_test.go"), test.replace("func (c *claimsTest) run(", "func (c *claimsTest) original("));
  copyFileSync(join(__dirname, "dump_test.go"), join(work, "oidc/dump_test.go"));
  const printed = goIn(work, ["test", "-mod=mod", "-vet=off", "-count=1", "-run", "^TestToken$", "./oidc"]);
  const rows = printed.split("\n").flatMap((line) => (line.startsWith("ROW ") ? [JSON.parse(line.slice(4)) as Row] : []));
  if (rows.length < 90) {
    throw new Error(`Expected the rows of Kubernetes' table, got ${rows.length}: ${printed.slice(0, 500)}`);
  }
  return rows;
}

/** Why a row says nothing about a token. */
function leftOut(row: Row): string | undefined {
  if (row.disallowed !== null) {
    return "issuers that are kept for service accounts, a setting of the server";
  }
  if (row.changed) {
    return "a client that is made to fail";
  }
  if (row.egress && (row.wantInitErr !== "" || row.wantHealthErr !== "") && !row.wantInitErr.startsWith("issuer.")) {
    return "the way through an egress selector";
  }
  if (/egress lookup|mutually exclusive|unsupported signing alg/.test(row.wantInitErr)) {
    return "how the Go type is put together, which no configuration can say";
  }
  return row.wantHealthErr !== "" ? "an issuer that cannot be reached; there is no token" : undefined;
}

function wantedOf({ want, wantInitErr }: Row): string {
  return wantInitErr !== ""
    ? "no such configuration"
    : want === null
      ? "refused"
      : userText({ ...want, groups: want.groups ?? [], extra: want.extra ?? {} });
}

async function judge(row: Row): Promise<string> {
  let rules: ApiServerRules;
  try {
    const configuration = { apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt: [asWritten(row.jwt)] };
    rules = await readAuthenticationConfiguration(stringify(configuration, { lineWidth: 0 }));
  } catch (error) {
    if (error instanceof InvalidRulesError && error.code === "invalid_authentication_configuration") {
      return row.wantInitErr === "" ? `no such configuration: ${error.message}` : "no such configuration";
    }
    throw error;
  }
  const { decision } = await verifyClusterToken({
    token: row.token,
    // The table's authenticators take RS256 alone unless the row says more, as with flags.
    rules: { ...rules, algorithms: row.algorithms ?? ["RS256"] },
    now: new Date(row.now),
    fetch: answersOf(row),
  });
  return decision.user === null ? "refused" : userText(decision.user);
}

/** The row's issuer, whatever its address: discovery, keys, and distributed claims for the right bearer. */
function answersOf(row: Row): Fetch {
  return (address, init) => {
    const { pathname, origin } = new URL(address);
    const claim = pathname.slice(1);
    const authorization = new Headers(init.headers).get("authorization");
    const discovery = pathname.endsWith("/openid-configuration")
      ? row.openIDConfig || JSON.stringify({ issuer: (row.jwt["Issuer"] as { URL: string }).URL, jwks_uri: `${origin}/.testing/keys` })
      : undefined;
    const answer =
      discovery ??
      (pathname === "/.testing/keys"
        ? JSON.stringify(row.keys)
        : authorization === `Bearer ${claim}_token`
          ? row.answers[pathname]
          : undefined);
    return Promise.resolve(new Response(answer ?? "unexpected URL", { status: answer === undefined ? 404 : 200 }));
  };
}

/** `{ Issuer: { URL } }` as the file has it: `{ issuer: { url } }`; what is not set is left out. */
function asWritten(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(asWritten);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, item]) =>
          item === null
            ? []
            : [[/^[A-Z]+$/.test(name) ? name.toLowerCase() : name.charAt(0).toLowerCase() + name.slice(1), asWritten(item)]],
        ),
      )
    : value;
}

function userText({ username, groups, uid, extra }: { username: string; groups: readonly string[]; uid: string; extra: object }): string {
  return shown({
    username,
    groups,
    uid,
    extra: Object.fromEntries(Object.entries(extra).sort(([left], [right]) => (left < right ? -1 : 1))),
  });
}

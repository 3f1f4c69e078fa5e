import { spawnSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importJWK, jwtVerify } from "jose";
import { environmentDocument, parseEnvironment, stableJson, type EnvironmentDocument } from "../model";
import { verifyToken } from "../verifier";

/** What a verdict costs, as ratios within one run: the machine's own speed falls out. */
export interface VerifierTimes {
  /** `token verify --offline` against `node -e ""`, by the processor time of each process. */
  readonly cold: number;
  /** `verifyToken` against bare `jose.jwtVerify` with an imported key, by the number of grants. */
  readonly warm: Readonly<Record<number, number>>;
}

const issuer = "https://example.okta.com";

/** Measures with keys that are given: no network counts. Builds the command first, as people have it. */
export async function measureVerifier(document: EnvironmentDocument, rounds: number): Promise<VerifierTimes> {
  const project = join(__dirname, "..");
  spawnSync(process.execPath, [join(project, "scripts", "build.mjs")], { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
  const command = join(project, "dist", "cli", "bin.js");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...createPublicKey(privateKey).export({ format: "jwk" }), kid: "bench", alg: "RS256" };
  const token = signed(privateKey, document);
  return {
    cold: cold(command, { token, jwks: JSON.stringify({ keys: [jwk] }), document: stableJson(document, 0) }, rounds),
    warm: {
      1000: await warm(withGrants(document, 1_000), token, jwk, rounds),
      10000: await warm(withGrants(document, 10_000), token, jwk, rounds),
    },
  };
}

function signed(key: Parameters<typeof sign>[2], document: EnvironmentDocument): string {
  const now = Math.floor(Date.now() / 1000);
  const [platform] = Object.values(document.platforms);
  const groups = Array.from({ length: 20 }, (_, number) => `Group ${number}`);
  const claims = { iss: issuer, sub: "00u1bench", aud: platform?.clientId, iat: now, exp: now + 3600, groups };
  const head = [{ alg: "RS256", kid: "bench" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${head}.${sign("sha256", Buffer.from(head), key).toString("base64url")}`;
}

/** The document with as many grants, of which the token's groups meet twenty. */
function withGrants(document: EnvironmentDocument, count: number): EnvironmentDocument {
  const [first] = document.access;
  if (first === undefined) {
    throw new Error("Expected a document with a grant, got none.");
  }
  const access = Array.from({ length: count }, (_, number) => ({
    ...first,
    group: `group-${number}`,
    subject: { kind: "Group" as const, name: `okta:Group ${number}` },
  }));
  return { ...document, access };
}

/** The fastest round of each side: what else the machine does makes a round slower, never faster. */
async function warm(document: EnvironmentDocument, token: string, jwk: Record<string, unknown>, rounds: number): Promise<number> {
  const [platform, { clientId } = { clientId: "" }] = Object.entries(document.platforms)[0] ?? ["", undefined];
  const jwks = { keys: [jwk] };
  const key = await importJWK(jwk, "RS256");
  const ours = async (): Promise<void> => {
    const { outcome } = await verifyToken({ token, document, platform, jwks });
    if (outcome !== "accepted") {
      throw new Error(`Expected the token of the bench to be accepted, got ${outcome}.`);
    }
  };
  const bare = (): Promise<unknown> => jwtVerify(token, key, { issuer, audience: clientId });
  const fastest = { ours: Infinity, bare: Infinity };
  for (let round = 0; round < 20 * rounds; round++) {
    fastest.ours = Math.min(fastest.ours, await each(ours));
    fastest.bare = Math.min(fastest.bare, await each(bare));
  }
  return fastest.ours / fastest.bare;
}

async function each(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let turn = 0; turn < 50; turn++) {
    await work();
  }
  return performance.now() - started;
}

function cold(command: string, input: { token: string; jwks: string; document: string }, rounds: number): number {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-bench-"));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  try {
    const flags = [
      "--env",
      file("env.json", input.document),
      "--jwks",
      file("jwks.json", input.jwks),
      "--file",
      file("token", input.token),
    ];
    const args = [command, "token", "verify", "--offline", ...flags];
    const fastest = { ours: Infinity, bare: Infinity };
    for (let round = 0; round < 5 * rounds; round++) {
      fastest.ours = Math.min(fastest.ours, processorTime(args));
      fastest.bare = Math.min(fastest.bare, processorTime(["-e", ""]));
    }
    return fastest.ours / fastest.bare;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of processor time that a run of node takes: what the kernel counts for children that have ended. */
function processorTime(args: readonly string[]): number {
  // `times` of the shell says minutes and seconds of its children on its second line: 0m0.056s 0m0.012s
  const run = spawnSync("bash", ["-c", '"$@" >/dev/null 2>&1; times', "bash", process.execPath, ...args], { encoding: "utf8" });
  const counted = [...(run.stdout.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return counted.reduce((sum, [, minutes = "0", seconds = "0"]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000, 0);
}

/** Lines for the terminal. */
export function verifierLines({ cold: start, warm: warmed }: VerifierTimes): string[] {
  return [
    `token verify --offline, cold: ${start.toFixed(2)} x node -e "" (aim: at most 3)`,
    `verifyToken, warm, 1,000 grants and 20 groups: ${warmed[1000]?.toFixed(2) ?? ""} x jose.jwtVerify (aim: at most 1.5)`,
    `verifyToken, warm, 10,000 grants and 20 groups: ${warmed[10000]?.toFixed(2) ?? ""} x jose.jwtVerify (aim: at most 2)`,
  ];
}

/** A small environment as a stack would export it. */
export function sample(): EnvironmentDocument {
  const { environment } = parseEnvironment(
    {
      idp: { kind: "okta", orgUrl: "https://example.okta.com" },
      groups: { admins: { displayName: "Group 0" } },
      platforms: {
        k10: {
          kind: "kasten",
          host: "https://k10.example.com",
          chart: { version: "8.0.15" },
          access: [{ group: "admins", role: "admin" }],
        },
      },
    },
    new Date().toISOString().slice(0, 10),
  );
  return environmentDocument(environment, {
    stack: "bench",
    groups: { admins: { id: "00g1bench", claimValue: "Group 0" } },
    platforms: { k10: { clientId: "0oa1bench" } },
  });
}

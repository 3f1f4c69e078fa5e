/**
 * The real Keycloak server: fetched by Maven, checked, built for a fast start, and started once on an empty database. All of that is in
 * the cache; a lab copies the database (under a megabyte) and is ready in some three seconds instead of ten.
 */
import { createHash, randomBytes } from "node:crypto";
import { cpSync, createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createCertificateAuthority, writePrivate, type IssuedCertificate } from "../certificates";
import { cacheFolder } from "../folders";
import { createProcesses, freePorts, httpsStatus, run, startTimeOf, stillRuns, type Processes, type RunningProcess } from "../processes";
import { fillFolder, withLock } from "./cache";
import { findJava, type Java } from "./java";
import { which } from "./versions";

const version = "26.4.7";
const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
const archive = `keycloak-quarkus-dist-${version}.zip`;
/** Computed from the archive as Maven brought it; it publishes SHA-1 only. */
const sha256 = "dd9834c023460be856f731423d86228c23b5d002194a2064642bec0cc6573eaa";

/** Begins each line of the server's log that is a request: method, path, status. */
export const keycloakRequest = "request:";

/** The server's first account, which only its own machine reads; the lab replaces it at its start. */
export interface FirstAccount {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A Keycloak that is ready to be started. */
export interface KeycloakServer {
  readonly java: Java;
  readonly version: string;
  /** Folder of the unpacked and built distribution. */
  readonly distribution: string;
  /** Folder with the database after a first start, and what the Java machine can load at once. */
  readonly firstStart: string;
  readonly source: "cache" | "Maven";
  readonly milliseconds: number;
}

export interface EnsureKeycloakOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cacheDir?: string;
}

/**
 * Keycloak from the cache, else from Maven.
 * @throws Error that says what to install when there is no Java, or no Maven and no archive
 */
export async function ensureKeycloak(report: (line: string) => void, options: EnsureKeycloakOptions = {}): Promise<KeycloakServer> {
  const began = Date.now();
  const env = options.env ?? process.env;
  const java = await findJava(env);
  const folder = join(options.cacheDir ?? cacheFolder("toolchain", env), "keycloak", version);
  const distribution = join(folder, "distribution");
  // What the Java machine wrote down of its classes fits that version alone.
  const firstStart = join(folder, `first-start-java-${java.version}`);
  const server = { java, version, distribution, firstStart };
  if (existsSync(firstStart)) {
    return { ...server, source: "cache", milliseconds: Date.now() - began };
  }
  const waiting = (): void => report("Keycloak: waiting for another run");
  await withLock(`${folder}.lock`, waiting, async () => {
    if (!existsSync(distribution)) {
      await fillFolder(distribution, async (temporary) => {
        await unpackDistribution(temporary, folder, env, report);
        report("Keycloak: building");
        await build(java, temporary, env);
        return true;
      });
    }
    if (!existsSync(firstStart)) {
      report("Keycloak: first start");
      await fillFolder(firstStart, (temporary) => startOnce(server, temporary));
    }
  });
  return { ...server, source: "Maven", milliseconds: Date.now() - began };
}

/** The archive from Maven, or one that somebody put into the cache by hand, checked and unpacked into `folder`. */
async function unpackDistribution(folder: string, cache: string, env: NodeJS.ProcessEnv, report: (line: string) => void): Promise<void> {
  const byHand = join(cache, archive);
  if (!existsSync(byHand)) {
    report(`Keycloak: fetching ${artifact}`);
    await fetchByMaven(folder, byHand, env);
  }
  const file = existsSync(byHand) ? byHand : join(folder, archive);
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  const digest = hash.digest("hex");
  if (digest !== sha256) {
    throw new Error(
      `Keycloak: expected ${archive} with SHA-256 ${sha256}, got ${digest} (${file}). It is not used; remove it and run again.`,
    );
  }
  const unzip = which("unzip", env.PATH);
  const jar = which("jar", env.PATH);
  const [command, ...args] = unzip !== undefined ? [unzip, "-q", file] : [jar ?? "", "xf", file];
  if (command === "") {
    throw new Error("Keycloak: expected unzip, or jar of a Java development kit, on PATH, got neither. Install unzip.");
  }
  const { status, stderr } = await run(command, args, { cwd: folder });
  if (status !== 0) {
    throw new Error(`Keycloak: ${command} could not unpack ${file}: ${stderr.trim()}`);
  }
  const unpacked = join(folder, `keycloak-${version}`);
  readdirSync(unpacked).forEach((name) => renameSync(join(unpacked, name), join(folder, name)));
  rmSync(unpacked, { recursive: true });
  rmSync(join(folder, archive), { force: true });
}

async function fetchByMaven(folder: string, byHand: string, env: NodeJS.ProcessEnv): Promise<void> {
  const maven = which("mvn", env.PATH);
  if (maven === undefined) {
    throw new Error(
      `Keycloak: expected Maven (mvn) on PATH to fetch ${artifact}, or that archive as ${byHand}, got neither. ` +
        "Install Maven (Debian: apt-get install maven), or put the archive there.",
    );
  }
  const { status, stdout, stderr } = await run(
    maven,
    ["-B", "-q", "dependency:copy", `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`],
    { cwd: folder, env, timeoutMilliseconds: 15 * 60_000 },
  );
  if (status !== 0) {
    throw new Error(
      `Keycloak: expected Maven to fetch ${artifact}, but it ended with status ${status}. ` +
        `Its own settings (~/.m2/settings.xml) say where it looks; or put the archive as ${byHand}.\n${`${stdout}${stderr}`.trim().slice(-1_500)}`,
    );
  }
}

/** Fixes what is fixed at build time, so that a start has less to do. */
async function build(java: Java, distribution: string, env: NodeJS.ProcessEnv): Promise<void> {
  const settings = [
    "--db=dev-file",
    "--health-enabled=false",
    "--metrics-enabled=false",
    // A preview feature, and no more than that: two secrets at once also need a client policy of the realm.
    "--features=client-secret-rotation",
  ];
  const { status, stdout, stderr } = await run(java.path, javaArguments(distribution, distribution, ["build", ...settings]), {
    cwd: distribution,
    env: withoutSettings(env),
    timeoutMilliseconds: 15 * 60_000,
  });
  if (status !== 0) {
    throw new Error(`Keycloak: 'build' ended with status ${status}:\n${`${stdout}${stderr}`.trim().slice(-1_500)}`);
  }
}

/** Starts it on an empty database with an account of its own, and ends it: the tables are made, and the classes written down. */
async function startOnce(server: Pick<KeycloakServer, "java" | "distribution">, folder: string): Promise<boolean> {
  const authority = await createCertificateAuthority({ directory: join(folder, "certificates"), name: "ca" });
  const processes = createProcesses({ stateDir: folder });
  const account: FirstAccount = { clientId: "gatehouse-lab", clientSecret: randomBytes(24).toString("base64url") };
  const [port = 0] = await freePorts(1);
  const { pid } = await startKeycloakProcess({
    server: { ...server, firstStart: folder },
    name: "keycloak",
    home: join(folder, "home"),
    issuerOrigin: `https://127.0.0.1:${port}`,
    certificate: await authority.issueServer({ name: "keycloak" }),
    ca: authority.certificate,
    processes,
    firstAccount: account,
  });
  // Writing the classes down takes some five seconds, longer than a process is given to leave.
  const startTime = startTimeOf(pid) ?? "";
  process.kill(pid, "SIGTERM");
  for (const deadline = Date.now() + 600_000; stillRuns(pid, startTime) && Date.now() < deadline;) {
    await sleep(50);
  }
  await processes.stopAll();
  renameSync(databaseOf(join(folder, "home")), join(folder, "database.mv.db"));
  writePrivate(join(folder, "account.json"), JSON.stringify(account));
  ["home", "certificates", "logs", "processes"].forEach((name) => rmSync(join(folder, name), { recursive: true, force: true }));
  return true;
}

export interface KeycloakProcess {
  readonly server: Pick<KeycloakServer, "java" | "distribution" | "firstStart">;
  readonly name: string;
  /** Made: the server's own folder, for its database. */
  readonly home: string;
  /** `https://127.0.0.1:18445` */
  readonly issuerOrigin: string;
  readonly certificate: Pick<IssuedCertificate, "certificateFile" | "keyFile">;
  /** PEM of the authority behind it. */
  readonly ca: string;
  readonly processes: Processes;
  /** Given at the very first start only. */
  readonly firstAccount?: FirstAccount;
}

/** Starts the server as a process, on the database of the first start where there was one. */
export async function startKeycloakProcess(options: KeycloakProcess): Promise<RunningProcess> {
  const { server, home, issuerOrigin, certificate, ca, firstAccount } = options;
  mkdirSync(join(home, "data", "h2"), { recursive: true, mode: 0o700 });
  // The server keeps its data below its own folder: this one has a lab's data, and everything else of the distribution.
  ["conf", "lib", "providers", "themes"].forEach((name) => symlinkSync(join(server.distribution, name), join(home, name)));
  // What it asks itself, as a broker of the lab's other issuers, has a certificate of the same authority.
  const authority = join(home, "authority.pem");
  writePrivate(authority, ca);
  const archived = join(server.firstStart, "classes.jsa");
  if (firstAccount === undefined) {
    cpSync(join(server.firstStart, "database.mv.db"), databaseOf(home));
  }
  const archiving = firstAccount === undefined ? `-XX:SharedArchiveFile=${archived}` : `-XX:ArchiveClassesAtExit=${archived}`;
  const { port } = new URL(issuerOrigin);
  return options.processes.start({
    name: options.name,
    command: server.java.path,
    args: javaArguments(
      server.distribution,
      home,
      [
        "start",
        "--optimized",
        // Without this, production mode opens the ports of a cluster.
        "--cache=local",
        "--http-host=127.0.0.1",
        `--https-port=${port}`,
        `--https-certificate-file=${certificate.certificateFile}`,
        `--https-certificate-key-file=${certificate.keyFile}`,
        `--hostname=${issuerOrigin}`,
        `--truststore-paths=${authority}`,
        // Without the query, in which a sign-in's code is.
        "--http-access-log-enabled=true",
        `--http-access-log-pattern=${keycloakRequest} %m %U %s`,
      ],
      [archiving, "-Xlog:disable", "-Xlog:all=error:stderr"],
    ),
    cwd: home,
    env: {
      ...withoutSettings(process.env),
      ...(firstAccount === undefined
        ? {}
        : { KC_BOOTSTRAP_ADMIN_CLIENT_ID: firstAccount.clientId, KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: firstAccount.clientSecret }),
    },
    ready: async () => (await httpsStatus(`${issuerOrigin}/realms/master/.well-known/openid-configuration`, { ca })).status === 200,
    // A machine that is busy with something else takes many times as long.
    readyTimeoutSeconds: 600,
  });
}

/** The account that the first start made. */
export function firstAccountOf({ firstStart }: Pick<KeycloakServer, "firstStart">): FirstAccount {
  return JSON.parse(readFileSync(join(firstStart, "account.json"), "utf8")) as FirstAccount;
}

function databaseOf(home: string): string {
  return join(home, "data", "h2", "keycloakdb.mv.db");
}

/** As the distribution's own bin/kc.sh calls Java, with less memory and no second compiler: a lab lives for minutes. */
function javaArguments(distribution: string, home: string, args: readonly string[], flags: readonly string[] = []): string[] {
  return [
    "-Xms64m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:MaxMetaspaceSize=256m",
    ...flags,
    "-Dfile.encoding=UTF-8",
    "-Dsun.stdout.encoding=UTF-8",
    "-Duser.language=en",
    "-Duser.country=US",
    "-Djava.net.preferIPv4Stack=true",
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    ...["java.util", "java.util.concurrent", "java.security"].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    `-Dkc.home.dir=${home}`,
    "-cp",
    join(distribution, "lib", "quarkus-run.jar"),
    "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
    ...args,
  ];
}

/** Settings of a user's own Keycloak or Java, which would change what is started. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(KC|KEYCLOAK|QUARKUS)_|^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS)$/.test(name)),
  );
}

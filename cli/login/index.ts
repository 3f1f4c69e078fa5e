/**
 * `gatehouse login`: signs a person in as the platform would, and judges the token. The token is shown nowhere and kept nowhere.
 */
import { type DocumentPlatform, type EnvironmentDocument } from "../../model";
import { DiscoveryError, verifyToken } from "../../verifier";
import { defineCommand, flag, text } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { loadDocument, readInput, type DocumentSource } from "../inputs";
import type { Io } from "../io";
import { documentOptions, jsonOption, multiFactorOption, secondsOption } from "../options";
import { openBrowser } from "./browser";
import { LoginError } from "./error";
import { signIn } from "./sign-in";
import { putVerdict } from "../verdict-output";
import { outputText } from "../outputs";

interface LoginOptions extends DocumentSource {
  readonly platform?: string;
  readonly clientSecretFile?: string;
  /** False with --no-open. */
  readonly open: boolean;
  readonly timeout: number;
  readonly requireMfa?: true | string;
  readonly json: boolean;
}

export const loginCommand = defineCommand({
  name: "login",
  summary: "Sign in as a platform's own client over its diagnostic redirect, and judge the token against the environment.",
  arguments: {},
  options: {
    ...documentOptions,
    platform: text("--platform <name>", "the platform to sign in to (default: the only one)"),
    clientSecretFile: text("--client-secret-file <file>", "the platform's client secret, where its client needs one; - for standard input"),
    open: flag("--no-open", "only print the address, open no browser"),
    timeout: secondsOption("--timeout <seconds>", "how long to wait for the sign-in", 300, 1),
    requireMfa: multiFactorOption,
    json: jsonOption("verdict"),
  },
  run: login,
});

async function login(options: LoginOptions, io: Io): Promise<ExitName> {
  if (options.env === "-" && options.clientSecretFile === "-") {
    throw new UsageError("flags", "Expected at most one input from standard input (-), got several.");
  }
  const document = await loadDocument(options, io);
  const name = choose(document, options.platform);
  const { platform, redirect } = registered(document, name);
  const clientSecret = await readSecret(platform, redirect, options, io);
  try {
    const { idToken, accessToken, nonce } = await signIn({
      platform,
      redirect,
      clientSecret,
      timeoutSeconds: options.timeout,
      fetch: io.fetch,
      onAddress: (address) => {
        invite(address, name, options, io);
      },
    });
    const verdict = await verifyToken({
      token: idToken,
      // Thin tokens leave the groups to the userinfo endpoint; the verifier asks it exactly where the platform would.
      accessToken,
      document,
      platform: name,
      nonce,
      now: io.now(),
      fetch: io.fetch,
      requireMultiFactor: typeof options.requireMfa === "string" ? { authenticationContext: options.requireMfa } : options.requireMfa,
    });
    return putVerdict(verdict, options.json, io);
  } catch (error) {
    if (options.json && (error instanceof LoginError || error instanceof DiscoveryError)) {
      io.stdout(outputText("token-verification", { outcome: "undecided", code: error.code, message: error.message }));
    }
    throw error;
  }
}

function choose(document: EnvironmentDocument, wanted: string | undefined): string {
  const names = Object.keys(document.platforms);
  const only = names.length === 1 ? names[0] : undefined;
  const name = wanted ?? only;
  if (name === undefined || !names.includes(name)) {
    throw new UsageError("flags", `Expected --platform with one of ${names.join(", ")}, got ${wanted ?? "none"}.`);
  }
  return name;
}

function registered(
  document: EnvironmentDocument,
  name: string,
): { platform: DocumentPlatform; redirect: NonNullable<DocumentPlatform["diagnosticRedirect"]> } {
  const platform = document.platforms[name];
  if (platform?.diagnosticRedirect === undefined) {
    throw new UsageError(
      "not_registered",
      `Expected a platform with a diagnostic redirect, got '${name}' of '${document.stack}', which registers none. ` +
        "Fix: set diagnosticRedirect: true under gatehouse:idp of a stack that is not production, run `pulumi up`, and pass the new document.",
    );
  }
  const { uri } = platform.diagnosticRedirect;
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== "http:" || !/^(localhost|127\.0\.0\.1)$/.test(url.hostname) || url.port === "") {
    throw new UsageError("not_registered", `Expected a diagnostic redirect on this machine, http://localhost:<port>/..., got ${uri}.`);
  }
  return { platform, redirect: platform.diagnosticRedirect };
}

async function readSecret(
  platform: DocumentPlatform,
  { clientAuthentication }: NonNullable<DocumentPlatform["diagnosticRedirect"]>,
  { clientSecretFile }: LoginOptions,
  io: Io,
): Promise<string | undefined> {
  if (clientAuthentication === "none") {
    if (clientSecretFile !== undefined) {
      throw new UsageError(
        "flags",
        "Expected no --client-secret-file, since this sign-in is that of a public client, got one. Fix: leave it out.",
      );
    }
    return undefined;
  }
  if (clientSecretFile === undefined) {
    const where = platform.secret === undefined ? "the cluster" : `the Secret ${platform.secret.namespace}/${platform.secret.name}`;
    throw new UsageError(
      "flags",
      `Expected --client-secret-file, since the client of '${platform.title}' authenticates with its secret, got none. ` +
        `Fix: write the client secret out of ${where} to a file of your own, or pipe it in with --client-secret-file -.`,
    );
  }
  const secret = (await readInput(clientSecretFile, "a client secret", io, true)).replace(/\r?\n$/, "");
  if (secret === "") {
    throw new UsageError("unusable_input", `Expected a client secret in ${clientSecretFile}, got nothing.`);
  }
  return secret;
}

function invite(address: string, name: string, { open, timeout }: LoginOptions, io: Io): void {
  io.stderr(`Sign in to '${name}' within ${timeout} s at:\n${address}\n`);
  if (!open) {
    return;
  }
  void openBrowser(address, io).then((opened) => {
    if (!opened) {
      io.stderr("No browser could be opened here: open the address by hand.\n");
    }
  });
}

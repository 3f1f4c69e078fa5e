import { Command, InvalidArgumentError } from "commander";
import { stableJson } from "../../model";
import { DiscoveryError, verifyToken } from "../../verifier";
import { UsageError, type ExitName } from "../exit-codes";
import { loadDocument, readInput, type DocumentSource } from "../inputs";
import type { Io } from "../io";
import { putVerdict } from "../verdict-output";

interface VerifyOptions extends DocumentSource {
  readonly file?: string;
  readonly platform?: string;
  readonly userinfo?: string;
  readonly accessTokenFile?: string;
  readonly nonce?: string;
  readonly skew: number;
  readonly requireMfa?: true | string;
  readonly json?: true;
}

/** `gatehouse token`: what can be done with a token. */
export function tokenCommand(io: Io, end: (name: ExitName) => void): Command {
  return new Command("token").description("Look at an ID token.").addCommand(verifyCommand(io, end));
}

function verifyCommand(io: Io, end: (name: ExitName) => void): Command {
  return new Command("verify")
    .description("Judge an ID token against an environment: signature, claims, effective name and groups, grants, likely causes.")
    .argument("[token]", "the token, or - for standard input; prefer --file: other users can read arguments")
    .option("--file <file>", "read the token from a file; - for standard input")
    .option("--env <file>", "environment document or stack outputs (JSON); - for standard input")
    .option("--stack <name>", "ask Pulumi for the outputs of this stack (default: the selected one)")
    .option("--platform <name>", "the platform to judge by (default: the one that the token names as its audience)")
    .option("--userinfo <file>", "what the userinfo endpoint said (JSON), where the platform has its groups from there")
    .option("--access-token-file <file>", "ask the userinfo endpoint with this access token instead")
    .option("--nonce <value>", "the nonce of the authorization request")
    .option("--skew <seconds>", "how far clocks may differ", wholeSeconds, 60)
    .option("--require-mfa [context]", "require the token to show a multi-factor sign-in (amr or acr), or the named context in acrs")
    .option("--json", "print the verdict as JSON on standard output")
    .action(async (argument: string | undefined, options: VerifyOptions) => {
      end(await verify(argument, options, io));
    });
}

async function verify(argument: string | undefined, options: VerifyOptions, io: Io): Promise<ExitName> {
  const token = await readToken(argument, options, io);
  const document = await loadDocument(options, io);
  const { userinfo, accessTokenFile } = options;
  const userInfo = userinfo === undefined ? undefined : userInfoOf(await readInput(userinfo, "a userinfo answer", io));
  const accessToken = accessTokenFile === undefined ? undefined : await readInput(accessTokenFile, "an access token", io, true);
  try {
    const verdict = await verifyToken({
      token,
      document,
      platform: options.platform,
      userInfo,
      accessToken,
      nonce: options.nonce,
      clockSkewSeconds: options.skew,
      now: io.now(),
      fetch: io.fetch,
      requireMultiFactor: typeof options.requireMfa === "string" ? { authenticationContext: options.requireMfa } : options.requireMfa,
    });
    return putVerdict(verdict, options.json, io);
  } catch (error) {
    if (options.json && error instanceof DiscoveryError) {
      io.stdout(`${stableJson({ outcome: "undecided", code: error.code, message: error.message }, 2)}\n`);
    }
    throw error;
  }
}

async function readToken(argument: string | undefined, options: VerifyOptions, io: Io): Promise<string> {
  if ((argument === undefined) === (options.file === undefined)) {
    throw new UsageError(
      `Expected the token in --file, or as argument (- for standard input), got ${argument === undefined ? "neither" : "both"}.`,
    );
  }
  const path = options.file ?? (argument === "-" ? "-" : undefined);
  if ([path, options.env, options.userinfo, options.accessTokenFile].filter((source) => source === "-").length > 1) {
    throw new UsageError("Expected at most one input from standard input (-), got several.");
  }
  if (options.userinfo !== undefined && options.accessTokenFile !== undefined) {
    throw new UsageError("Expected one of --userinfo and --access-token-file, got both.");
  }
  if (path !== undefined) {
    return readInput(path, "a token", io, true);
  }
  io.stderr(
    "Warning: a token given as argument can be read by other users of this machine and stays in the shell's history. Prefer --file, or - for standard input.\n",
  );
  return argument ?? "";
}

function userInfoOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below, without the parser's piece of the input.
  }
  throw new UsageError("Expected a JSON object from --userinfo, got something else.");
}

function wholeSeconds(value: string): number {
  if (!/^\d{1,4}$/.test(value)) {
    throw new InvalidArgumentError("Expected whole seconds from 0 to 9999.");
  }
  return Number(value);
}

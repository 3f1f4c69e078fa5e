// The recorded conversations of the official plugin: engine and plugin, plugin and a real Keycloak.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";

const folder = process.env["GATEHOUSE_RECORDINGS"]
  ? resolve(process.env["GATEHOUSE_RECORDINGS"], "../keycloak")
  : resolve(__dirname, "../../../../../shared/recordings/keycloak");

/** True where the recordings lie beside the checkout. */
export const recorded = existsSync(resolve(folder, "keycloak-grpc.jsonl"));
export const missing = `skipped: no recordings in shared/recordings/keycloak (set GATEHOUSE_RECORDINGS)`;

type Json = Record<string, unknown>;

interface Line extends Json {
  readonly phase?: string;
  readonly m?: string;
}

/** Every line with its references followed, and the phase to which it belongs. */
function read(file: string): Line[] {
  const lines = readFileSync(resolve(folder, file), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  let phase = "";
  return lines.map((line) => {
    phase = line.phase ?? phase;
    const same = typeof line["same"] === "number" ? lines[line["same"] - 1] : undefined;
    return { ...same, ...line, phase };
  });
}

const textAt = (value: Json, key: string): string => (typeof value[key] === "string" ? value[key] : "");

const secretSignature = "4dabf18193072939515e22adb298388d";

/** Values as our provider has them: no marks, no nulls, no bookkeeping of the bridge. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (secretSignature in value) {
    return plain((value as Json)["value"]);
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !["__pulumi_raw_state_delta", "__meta", "id"].includes(key) && inner !== null && inner !== "(absent)")
      .map(([key, inner]) => [key, plain(inner)])
      .filter(([, inner]) => inner !== null),
  );
}

/** `"=req.x"` is the whole of it, `{"=": "req.x", …}` all but what stands beside. */
function follow(value: unknown, line: Line): unknown {
  const at = (path: string): Json => path.split(".").reduce<Json>((found, key) => (found[key] ?? {}) as Json, line);
  if (typeof value === "string" && value.startsWith("=req.")) {
    return follow(at(value.slice(1)), line);
  }
  if (typeof value === "object" && value !== null && "=" in value) {
    const { "=": base, ...rest } = value as Json;
    return { ...(follow(at(String(base)), line) as Json), ...rest };
  }
  return value;
}

export interface Message {
  readonly phase: string;
  readonly method: string;
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly request: (key: string) => Json;
  readonly response: (key: string) => Json;
  readonly preview: boolean;
}

/** What engine and plugin said about resources. */
export function messages(): Message[] {
  return read("keycloak-grpc.jsonl").flatMap((line) => {
    const req = (line["req"] ?? {}) as Json;
    const urn = typeof req["urn"] === "string" ? req["urn"].split("::") : [];
    const [, , type = "", name = ""] = urn;
    if (line.m === undefined || !type.startsWith("keycloak:")) {
      return [];
    }
    const response = (line["resp"] ?? {}) as Json;
    return [
      {
        phase: line.phase ?? "",
        method: line.m,
        type,
        name,
        id: textAt(req, "id") || textAt(response, "id"),
        request: (key) => plain(follow(req[key], line) ?? {}) as Json,
        response: (key) => plain(follow(response[key], line) ?? {}) as Json,
        preview: req["preview"] === true,
      },
    ];
  });
}

export interface HttpLine {
  readonly phase: string;
  readonly m: string;
  readonly path: string;
  readonly q?: string;
  readonly status: number;
  readonly body?: unknown;
  readonly resp?: unknown;
  readonly location?: string;
}

export function conversation(): HttpLine[] {
  return read("keycloak-http.jsonl").filter((line) => line.m !== undefined) as unknown as HttpLine[];
}

export interface ReplayServer {
  readonly url: string;
  readonly requests: { readonly method: string; readonly path: string; readonly body: unknown }[];
  stop(): Promise<void>;
}

/** Answers each request as the real server did: in the recorded order of that request, the last answer again and again. */
export async function startReplay(lines: readonly HttpLine[]): Promise<ReplayServer> {
  const answers = new Map<string, HttpLine[]>();
  for (const line of lines) {
    const key = keyOf(line.m, line.path + (line.q === undefined ? "" : `?${line.q}`), line.body);
    answers.set(key, [...(answers.get(key) ?? []), line]);
  }
  const requests: { method: string; path: string; body: unknown }[] = [];
  const server: Server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const isJson = request.headers["content-type"]?.includes("json") === true && text !== "";
      const body = isJson ? (JSON.parse(text) as unknown) : null;
      const [method, path] = [request.method ?? "", request.url ?? ""];
      requests.push({ method, path, body });
      const list = answers.get(keyOf(method, path, body)) ?? [];
      const answer = list.length > 1 ? list.shift() : list[0];
      reply.statusCode = answer?.status ?? 418;
      if (answer?.location !== undefined) {
        reply.setHeader("location", answer.location);
      }
      reply.end(answer === undefined ? `nobody recorded ${method} ${path}` : answer.resp === undefined ? "" : JSON.stringify(answer.resp));
    });
  });
  await new Promise<void>((resolved) => server.listen(0, "127.0.0.1", resolved));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () => new Promise((resolved) => server.close(() => resolved())),
  };
}

/** Requests that make things are told apart by what they make; a list of flows' steps is one request with many answers. */
function keyOf(method: string, path: string, body: unknown): string {
  const made = typeof body === "object" && body !== null && method === "POST" ? (body as Json) : {};
  const what = ["name", "alias", "provider", "clientId"].map((key) => textAt(made, key)).find((text) => text !== "");
  return `${method} ${path} ${what ?? ""}`;
}

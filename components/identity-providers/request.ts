import { request as send } from "node:https";
import { rootCertificates } from "node:tls";

/** Milliseconds after which a question is given up, whatever has come by then. */
const longestWait = 15_000;
/** Bytes of an answer that are read. Discovery documents have two to ten thousand, what Keycloak says of itself 300 thousand. */
const longestAnswer = 1_000_000;

/** Cause of an error that says that nothing came back, or nothing whole. */
export const silence = Symbol("no answer");

export interface Answer {
  readonly status: number;
  /** Of a redirect, which is not followed. */
  readonly location?: string;
  readonly body: string;
}

/** One question to an identity provider before anything is made: bounded in time and size, and no redirect is followed. */
export interface Question {
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM of a private authority. Without one, Node.js takes its list and NODE_EXTRA_CA_CERTS. */
  readonly certificateAuthority?: string;
  /** What is asked for, for a message. */
  readonly what: string;
}

/** @throws Error where nothing came back (its cause is {@link silence}), or where too much did */
export function request(address: string, { method = "GET", headers, body, certificateAuthority, what }: Question): Promise<Answer> {
  const trust = certificateAuthority === undefined ? {} : { ca: [...rootCertificates, certificateAuthority] };
  const signal = AbortSignal.timeout(longestWait);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      const reason = signal.aborted ? `nothing whole within ${longestWait / 1000} seconds` : reasonOf(error);
      reject(new Error(reason, { cause: silence }));
    };
    const asked = send(address, { ...trust, method, signal, agent: false, headers }, (response) => {
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if (status >= 300 && status < 400 && location !== undefined) {
        response.destroy();
        return resolve({ status, location, body: "" });
      }
      const parts: Buffer[] = [];
      let length = 0;
      response.on("data", (part: Buffer) => {
        length += part.byteLength;
        if (length > longestAnswer) {
          response.destroy();
          return reject(new Error(`expected ${what} at ${address}, got more than ${longestAnswer} bytes.`));
        }
        parts.push(part);
      });
      response.on("error", fail);
      response.on("end", () => resolve({ status, body: Buffer.concat(parts).toString("utf8") }));
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

/** Of an AggregateError (each address of a host was tried) the message is empty, and the code says it. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || "no reason given";
}

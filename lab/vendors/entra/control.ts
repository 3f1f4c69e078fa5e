import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { readBody, sendJson } from "../../machine/http";
import type { Faults } from "./faults";
import type { TenantStore } from "./graph/store";
import type { RequestLog } from "./request-log";
import { addPerson } from "./tenant";

const faultShape = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.number().int().min(1),
  with: z.union([
    z.strictObject({ status: z.literal(429), retryAfterSeconds: z.number().int().min(0) }),
    z.strictObject({ status: z.union([z.literal(404), z.literal(500), z.literal(502), z.literal(503), z.literal(504)]) }),
    z.strictObject({ drop: z.literal(true) }),
  ]),
});

const personShape = z.strictObject({
  login: z.string().min(1),
  password: z.string().min(1),
  displayName: z.string().optional(),
  otp: z.string().optional(),
  groups: z.array(z.string()).optional(),
});

const clockShape = z.strictObject({ aheadMilliseconds: z.number().int() });

export interface Control {
  readonly token?: string;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly clock: { offset: number };
  readonly now: () => number;
  readonly store: TenantStore;
}

/**
 * The lab's own handles, for a test that runs in another process: `GET` and `DELETE /.lab/requests`, `POST` and `DELETE /.lab/faults`,
 * `PUT /.lab/clock` {aheadMilliseconds}, `POST /.lab/people`. None of it is Microsoft's.
 */
export async function answerControl(control: Control, request: IncomingMessage, response: ServerResponse, target: URL): Promise<void> {
  if (control.token === undefined || request.headers.authorization !== `Bearer ${control.token}`) {
    sendJson(response, 401, { error: "/.lab: expected the lab's control token as bearer token" });
    return;
  }
  const { log, faults, clock, store } = control;
  const reply = (status: number, answer: unknown): void => sendJson(response, status, answer);
  const body = async (): Promise<unknown> => JSON.parse((await readBody(request)).toString("utf8"));
  try {
    switch (`${request.method ?? ""} ${target.pathname}`) {
      case "GET /.lab/requests":
        reply(200, log.counts());
        break;
      case "DELETE /.lab/requests":
        log.clear();
        reply(200, {});
        break;
      case "POST /.lab/faults":
        faults.add(faultShape.parse(await body()));
        reply(200, {});
        break;
      case "DELETE /.lab/faults":
        faults.clear();
        reply(200, {});
        break;
      case "PUT /.lab/clock":
        clock.offset = clockShape.parse(await body()).aheadMilliseconds;
        reply(200, { now: new Date(control.now()).toISOString() });
        break;
      case "POST /.lab/people":
        reply(201, { id: addPerson(store, personShape.parse(await body())).id });
        break;
      default:
        reply(404, { error: `${request.method ?? ""} ${target.pathname}: not one of the lab's handles` });
    }
  } catch (error) {
    reply(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

// Identifiers and times that a vendor makes up are others in every run: recorded ones are put in place of those of this run.
import { isObject, type Value } from "../../../pulumi/provider/values";

const identifierText =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<![A-Za-z0-9_-])(?:0[0-9a-z]{2}|aus|ocl|oty|rst)[A-Za-z0-9]{17}(?![A-Za-z0-9_-])|(?<=appRoleAssignedTo\/)[A-Za-z0-9_-]{43}/g;
const timeText = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Text that stands for every secret of the recordings, long enough for the vendors' rules. */
const recordedSecret = "recorded-secret-0123456789-abcdefghijklmnopqrstuvwxyz";

export class Identifiers {
  private readonly known = new Map<string, string>();

  /** Notes which identifier of this run stands where a recorded one stood. */
  learn(recorded: Value | undefined, given: Value | undefined): void {
    if (typeof recorded === "string" && typeof given === "string") {
      const [left, right] = [recorded.match(identifierText) ?? [], given.match(identifierText) ?? []];
      if (left.length === right.length) {
        left.forEach((identifier, index) => {
          if (!this.known.has(identifier)) {
            this.known.set(identifier, right[index] ?? identifier);
          }
        });
      }
    } else if (Array.isArray(recorded) && Array.isArray(given)) {
      recorded.forEach((element, index) => this.learn(element, given[index]));
    } else if (isObject(recorded) && isObject(given)) {
      Object.entries(recorded).forEach(([key, field]) => this.learn(field, given[key]));
    }
  }

  /** A recorded request, with the identifiers of this run and a secret that a vendor takes. */
  request<Message>(recorded: Message): Message {
    return this.translate(recorded, (text) => text.replaceAll("<secret>", recordedSecret));
  }

  /** A recorded answer, with the identifiers of this run. */
  answer<Answer>(recorded: Answer): Answer {
    return this.translate(recorded, (text) => text);
  }

  private translate<Message>(recorded: Message, more: (text: string) => string): Message {
    const text = JSON.stringify(recorded).replace(identifierText, (identifier) => this.known.get(identifier) ?? identifier);
    return JSON.parse(more(text)) as Message;
  }
}

/** Two times of two runs. */
export function areTimes(recorded: Value, given: Value): boolean {
  return typeof recorded === "string" && typeof given === "string" && timeText.test(recorded) && timeText.test(given);
}
